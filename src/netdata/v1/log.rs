//! Reads one host's log, then its state, while both may go on changing.

use std::collections::HashSet;

use super::host::Host;
use super::state::HostState;
use super::wire::Entry;
use crate::alert::{AlertDetails, AlertId, Status, Transition};
use crate::netdata::Interest;
use crate::netdata::answer::Json;
use crate::netdata::connection::{Connection, LARGE};
use crate::netdata::error::Error;
use crate::netdata::gap;
use crate::netdata::odd::Odd;
use crate::netdata::time::Share;
use crate::netdata::wire::List;

/// `in memory max health log entries`: what a log answer holds at most, and does not say when it was more.
const LONGEST_LOG: usize = 1000;

/// What came into a host's log.
#[derive(Default)]
pub(super) struct NewEntries {
    pub(super) transitions: Vec<Transition>,
    /// The last entry that was read.
    pub(super) mark: Option<i64>,
    pub(super) notes: Vec<String>,
    pub(super) gaps: Vec<String>,
    /// What could not be read.
    pub(super) odd: Odd,
}

impl NewEntries {
    /// Takes in a part of the log that ends with this entry.
    pub(super) fn take(&mut self, log: LogPart, newest: i64) {
        self.mark = Some(newest);
        self.odd.merge(log.odd);
        self.transitions.extend(log.entries.into_iter().map(|(_, transition)| transition));
    }
}

/// Reads a growing log, and the state after it.
pub(super) struct Reader<'a> {
    pub(super) connection: &'a Connection,
    pub(super) host: &'a Host,
    pub(super) interest: &'a Interest<'a>,
    pub(super) share: Share,
    /// The last entry known.
    pub(super) id: i64,
    /// When the last observation was.
    pub(super) last: i64,
}

impl Reader<'_> {
    /// Fills in what the log holds, and gives the state.
    pub(super) async fn read(&self, news: &mut NewEntries) -> Result<HostState, Error> {
        let log = self.log_or_gap(Some(self.id), news).await?;
        let (state, latest) = HostState::ask(self.connection, self.host, self.interest).await?;
        if latest > 0 && latest < self.id {
            return self.read_anew(latest, news).await;
        }
        match log {
            // Go on from now: a request that grew from run to run would never come.
            None => news.mark = Some(latest.max(self.id)),
            Some(log) => {
                if log.length >= LONGEST_LOG
                    && log.oldest.is_some_and(|oldest| oldest > self.id.saturating_add(1))
                {
                    news.gaps.push(gap::log_cut(&self.whose(), log.length, self.last));
                }
                let newest = log.newest.unwrap_or(self.id);
                news.take(log, newest);
                if latest > newest {
                    self.catch_up(newest, latest, news).await?;
                }
            }
        }
        Ok(state)
    }

    /// Reads what was logged between the log's answer and the state's. The state shows it already, so it belongs to
    /// this observation; what came after the state does not.
    async fn catch_up(&self, newest: i64, latest: i64, news: &mut NewEntries) -> Result<(), Error> {
        match self.log(Some(newest)).await {
            Ok(mut log) => {
                log.entries.retain(|(id, _)| *id <= latest);
                // Only as far as it was read: newer agents write it through a queue.
                let newest = log.entries.last().map_or(newest, |(id, _)| *id);
                news.take(log, newest);
                Ok(())
            }
            // The next observation goes on there.
            Err(error) if error.leaves_a_gap() => Ok(()),
            Err(error) => Err(error),
        }
    }

    /// The agent's database was wiped: its ids start low again.
    async fn read_anew(&self, latest: i64, news: &mut NewEntries) -> Result<HostState, Error> {
        news.notes.push(format!(
            "{}: the database of its log was wiped (last entry {latest}, {} was known); entries since then are told",
            self.host.id.host, self.id
        ));
        news.mark = Some(latest);
        if let Some(mut log) = self.log_or_gap(None, news).await? {
            let newest = log.newest.unwrap_or(latest);
            log.entries.retain(|(_, transition)| transition.facts.when >= self.last);
            news.take(log, newest);
        }
        // Not older than the log.
        Ok(HostState::ask(self.connection, self.host, self.interest).await?.0)
    }

    async fn log_or_gap(&self, after: Option<i64>, news: &mut NewEntries) -> Result<Option<LogPart>, Error> {
        match self.log(after).await {
            Err(error) if error.leaves_a_gap() => {
                let gap = gap::log_missing(&self.whose(), &error, self.share.length, self.last);
                news.gaps.push(gap);
                Ok(None)
            }
            log => log.map(Some),
        }
    }

    async fn log(&self, after: Option<i64>) -> Result<LogPart, Error> {
        self.share.run(self.connection, LogPart::ask(self.connection, self.host, after)).await
    }

    fn whose(&self) -> String {
        format!("{}'s", self.host.id)
    }
}

/// A part of a host's log.
pub(super) struct LogPart {
    /// By their ids, oldest first, none twice.
    pub(super) entries: Vec<(i64, Transition)>,
    /// How many entries the answer had.
    length: usize,
    oldest: Option<i64>,
    newest: Option<i64>,
    /// What could not be read.
    pub(super) odd: Odd,
}

impl LogPart {
    /// What came after the entry with this id; without one, all that there is.
    async fn ask(connection: &Connection, host: &Host, after: Option<i64>) -> Result<Self, Error> {
        let query = after.map_or_else(String::new, |id| format!("?after={id}"));
        let answer = connection.get(&format!("{}/api/v1/alarm_log{query}", host.path), LARGE).await?;
        let host = host.clone();
        answer.read(move |answer| Self::of(answer, &host, after)).await
    }

    fn of(answer: &Json, host: &Host, after: Option<i64>) -> Result<Self, Error> {
        let List { items: entries, odd: unread } = answer.parse::<List<Entry<'_>>>()?;
        let unread = unread.len();
        let mut odd = Odd { values: answer.odd_values(), transitions: unread, ..Odd::default() };
        let length = entries.len() + unread;
        let mut seen = HashSet::with_capacity(length);
        let mut entries: Vec<(i64, Transition)> = entries
            .into_iter()
            .filter_map(|entry| {
                if !is_whole(&entry) {
                    odd.transitions += 1;
                    return None;
                }
                let id = entry.unique_id.0.filter(|id| after.is_none_or(|after| *id > after))?;
                seen.insert(id).then(|| (id, transition(entry, id, host)))
            })
            .collect();
        // By id, not by time: a clock that is corrected goes back.
        entries.sort_by_key(|(id, _)| *id);
        let (oldest, newest) = (entries.first().map(|(id, _)| *id), entries.last().map(|(id, _)| *id));
        Ok(Self { entries, length, oldest, newest, odd })
    }
}

/// Whether an entry has an id, an alert, a time and a status.
fn is_whole(entry: &Entry<'_>) -> bool {
    let texts = [&entry.name, &entry.chart, &entry.status];
    let has_numbers = entry.unique_id.0.is_some() && entry.when.0.is_some();
    has_numbers && texts.iter().all(|text| !text.as_str().trim().is_empty())
}

fn transition(entry: Entry<'_>, id: i64, host: &Host) -> Transition {
    let when = entry.when.or_zero();
    let old = entry.old_status.as_str();
    let facts = AlertDetails {
        status: Status::parse(entry.status.as_str()),
        old_status: (!old.is_empty()).then(|| Status::parse(old)),
        value: entry.value.0,
        old_value: entry.old_value.0,
        value_text: entry.value_string.shown(),
        units: entry.units.shown(),
        summary: entry.summary.shown(),
        info: entry.shown_info(),
        context: entry.context.into_string(),
        role: entry.recipient.into_string(),
        class: entry.class.shown(),
        component: entry.component.shown(),
        kind: entry.kind.shown(),
        source: entry.source.shown(),
        when,
        duration: entry.duration.0.and_then(|seconds| u64::try_from(seconds).ok()),
        transition: id.to_string(),
        ..AlertDetails::default()
    };
    Transition {
        alert: AlertId {
            node: host.id.clone(),
            chart: entry.chart.into_string(),
            name: entry.name.into_string(),
        },
        due: entry.delay_up_to_timestamp.0.unwrap_or(when),
        silent: entry.silenced.0.unwrap_or(false) || facts.silent_role(),
        facts,
    }
}
