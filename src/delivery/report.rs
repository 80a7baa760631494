//! How a run went: its exit code, what a person should read of it, and what is recorded.

mod observed;

use super::dispatch::{Sent, Stop};
use super::lock::Lock;
use super::note_outside;
use super::outage::{Outages, ReportLine, Topic};
use super::recorder::Recorder;
use super::silences::UNREAD;
use super::store::{Continuity, RunRecord, Store, StoreError};
use super::unrecorded::{Page, Pages};
use crate::config::{Config, DeliveredBy, Invocation};
use crate::exit::Exit;
use crate::http::ClientError;
use crate::words::followed;

/// A run that takes longer than this (milliseconds) is reported.
const LONG: i64 = 60_000;
/// Why nothing is sent from here where Netdata Cloud delivers.
pub const CLOUD_DELIVERS: &str = "Netdata Cloud delivers this configuration (`delivered_by = \"netdata-cloud\"`): \
                                  nothing is sent from here, or everyone would be paged twice";

/// What is not known where Netdata Cloud delivers, and where to look.
pub const CLOUD_UNPROVEN: &str = "whether Netdata Cloud delivers cannot be seen from here: look in Netdata Cloud (Space \
                                  settings, Alerts & Notifications) whether the configuration is there and enabled, \
                                  and in ilert whether its alerts arrive";

/// How a run went.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// The exit code.
    pub exit: Exit,
    /// What a person should read, one line each. Empty if all is well or nothing is new.
    pub words: Vec<String>,
    /// This is a first run: no run has left a state, and nothing says that one was lost.
    pub first: bool,
    /// What was recorded of it.
    pub record: RunRecord,
    lines: Vec<ReportLine>,
    /// What is recorded without being said aloud.
    quiet: Vec<String>,
    after: After,
}

/// What sends later what is not sent now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum After {
    /// The next run.
    Run,
    /// Nothing: no run has this key.
    Nothing,
}

impl Report {
    /// Of what no run comes after: nothing is said to be kept for one.
    pub(super) fn of_the_last(started: i64) -> Self {
        Self { after: After::Nothing, ..Self::new(started) }
    }

    pub(super) fn new(started: i64) -> Self {
        let record = RunRecord { started, ..RunRecord::default() };
        Self {
            exit: Exit::Done,
            words: Vec::new(),
            first: false,
            record,
            lines: Vec::new(),
            quiet: Vec::new(),
            after: After::Run,
        }
    }

    /// Why something is not sent; and what becomes of it, where a run comes after this one.
    fn unsent(&self, reason: &str, becomes: &str) -> String {
        match self.after {
            After::Run => followed(reason, becomes),
            After::Nothing => reason.to_owned(),
        }
    }

    /// Returns the whole report if nothing is sent from here: the configuration is switched off, or Netdata Cloud
    /// delivers.
    #[must_use]
    pub fn declined(config: &Config) -> Option<Self> {
        if !config.notification.enabled {
            tracing::info!("switched off (`enabled = false`): nothing is sent, and what is open stays open");
            return Some(Self::new(0));
        }
        if config.notification.delivered_by != DeliveredBy::NetdataCloud {
            return None;
        }
        let words = vec![CLOUD_DELIVERS.to_owned()];
        Some(Self { exit: Exit::Configuration, words, ..Self::new(0) })
    }

    /// Leaves the work to another run that is under way.
    pub(super) fn busy(since: Option<i64>, now: i64) -> Self {
        let mut report = Self::new(now);
        if let Some(since) = since.filter(|since| now - since > LONG) {
            let seconds = (now - since) / 1000;
            let words =
                format!("another run has been under way for {seconds} s; this one leaves the work to it");
            report.later(Topic::Lock, words);
            report.finish(&mut Outages::default(), false, now);
        }
        report
    }

    /// The key has changed, where `old` is the one before.
    pub(super) fn key_changed(&mut self, store: &Store, old: Option<&str>) -> Result<(), StoreError> {
        if let Some(words) = key_changed(store, old)? {
            self.happened(words);
        }
        Ok(())
    }

    /// Pages left without a record under another key, or at another endpoint.
    pub(super) fn left_for_others(&mut self, pages: &Pages, sender: &str, invocation: &Invocation) {
        let others = pages.iter().filter(|page| page.stamp.sender != sender);
        let keys: Vec<String> = others.map(Page::key).collect();
        if !keys.is_empty() {
            self.happened(format!(
                "opened under another API key or endpoint while the state could not be written, and not followed any more: \
                 `{}`; resolve it by hand in ilert once it has cleared, or put that key back: {} lists it",
                keys.join("`, `"),
                invocation.command("--status")
            ));
        }
    }

    /// Pages left without a record, and the list of them is lost.
    pub(super) fn lost_list(&mut self, invocation: &Invocation) {
        self.happened(format!(
            "the state could not be written, and the list of the pages that were sent meanwhile is lost: what Netdata's log \
             tells of is told or resolved once more; {} finds what else may be open",
            invocation.command("--adopt")
        ));
    }

    /// The state is not what the last run left; `is_unrecorded`: pages left without a record.
    pub(super) fn continuity(
        &mut self,
        continuity: Continuity,
        is_unrecorded: bool,
        invocation: &Invocation,
    ) {
        let what = match continuity {
            Continuity::First if is_unrecorded => "pages left before there could be a state".to_owned(),
            Continuity::First | Continuity::Whole => return,
            Continuity::Lost => "the state was lost".to_owned(),
            Continuity::RolledBack { had, now } => {
                format!("the state is an older one (record {now} of {had})")
            }
        };
        self.happened(format!(
            "{what}: what was open in ilert is no longer known: take it over with {}, or resolve by hand what has cleared; \
             what is raised now is sent again",
            invocation.command("--adopt")
        ));
    }

    /// Whether all could be read, and nothing is to be said of it.
    pub(super) fn is_whole(&self) -> bool {
        self.exit == Exit::Done && self.lines.is_empty() && self.quiet.is_empty()
    }

    /// How the run went is recorded, or cannot be. Returns whether it is.
    pub(super) fn recorded(
        &mut self,
        store: Store,
        recorded: Result<(), StoreError>,
    ) -> Result<bool, StoreError> {
        match recorded {
            Err(error) if error.is_unwritable() => {
                self.exit = Exit::Failure;
                self.words.push(Self::unwritable(&error));
                return Ok(false);
            }
            recorded => recorded?,
        }
        // If this fails nothing is lost, but the next records may find no room.
        self.words.extend(store.close().err().map(|error| {
            format!("everything is recorded, but no room could be reserved for the next records: {error}")
        }));
        Ok(true)
    }

    /// The state cannot be written.
    pub(super) fn not_recorded(&mut self, error: &StoreError) {
        self.exit = Exit::Failure;
        self.goes_on(Topic::State, Self::unwritable(error));
    }

    /// The same where not even what is in the state is known.
    pub(super) fn not_read(&mut self, error: &StoreError) {
        self.exit = Exit::Failure;
        self.goes_on(Topic::State, format!("{}; {UNREAD}", Self::unwritable(error)));
    }

    /// Pages that left without a record are noted beside the lock, or nowhere.
    pub(super) fn noted(&mut self, lock: &Lock) {
        if lock.is_unnoted() {
            self.goes_on(
                Topic::Unnoted,
                format!(
                    "no list of what is sent without a record can be written, not even in {}: resolve by hand in ilert what                      clears before the state can be written",
                    note_outside::FOLDERS.join(", ")
                ),
            );
        }
    }

    fn unwritable(error: &StoreError) -> String {
        format!(
            "error: {error}; critical alerts and unreachable nodes are sent all the same, perhaps more than once; \
             everything else waits until the state can be written"
        )
    }

    /// The configuration, or a variable that names a proxy, makes no client: a person must look.
    pub(super) fn cannot_send(&mut self, error: &ClientError) {
        if matches!(self.exit, Exit::Done | Exit::Later) {
            self.exit = Exit::Configuration;
        }
        let kept = if self.after == After::Run { ", all is kept" } else { "" };
        self.goes_on(Topic::Ilert, format!("nothing can be sent{kept}: {error}"));
    }

    /// What was sent, and what was not. `is_durable`: what was refused is in the state.
    pub(super) fn sent(&mut self, sent: Sent, is_durable: bool, invocation: &Invocation) {
        self.record.accepted = sent.accepted;
        self.record.refused = sent.refused.len();
        for problem in sent.templates {
            self.goes_on(Topic::Template, format!("the built-in payload was sent instead: {problem}"));
        }
        for resting in sent.resting {
            self.later(Topic::Resting, resting);
        }
        for line in sent.refused {
            let [status, retry] = ["--status", "--retry"].map(|mode| invocation.command(mode));
            let next = match self.after {
                After::Nothing => String::new(),
                After::Run if is_durable => format!("; {status} shows it, {retry} tries it again"),
                After::Run => "; each run tries it again until the state can be written".to_owned(),
            };
            self.refuse(None, format!("{line}{next}"));
        }
        match sent.stop {
            None => {}
            Some(Stop::Pace) => tracing::info!("the pace is used up; the next run sends the rest"),
            Some(Stop::KeyWrong(words)) => {
                self.refuse(Some(Topic::Key), self.unsent(&words, "all is kept"));
            }
            Some(Stop::Limited(left)) => {
                let goes_on =
                    format!("all is kept, and sending goes on in {} s", left.as_millis().div_ceil(1000));
                let words = self.unsent("ilert takes no more events for now (HTTP 429)", &goes_on);
                self.later(Topic::Ilert, words);
            }
            Some(Stop::Endpoint(reason)) => {
                self.later(Topic::Ilert, self.unsent(&reason, "all is kept for the next run"));
            }
            Some(Stop::Deadline) => {
                let words = self.unsent("the run's time is over", "the next run sends the rest");
                self.later(Topic::Ilert, words);
            }
        }
    }

    /// Finishes the report of a command given by hand: reports everything, new or not.
    pub(super) fn close(&mut self, recorder: &mut Recorder<'_>, waits: bool, now: i64) {
        if let Some(error) = recorder.broken() {
            self.not_recorded(&error);
        }
        self.finish(&mut Outages::default(), waits, now);
    }

    /// Reports what is news, and fills in what is recorded.
    pub(super) fn finish(&mut self, outages: &mut Outages, waits: bool, now: i64) {
        const SENDING: &[Topic] = &[Topic::Ilert, Topic::Key, Topic::Resting];
        let is_taken = self.record.accepted > 0 || self.record.refused > 0;
        if !is_taken && !waits {
            outages.forget(SENDING);
        }
        self.words.extend(outages.news(&self.lines, if is_taken { &[] } else { SENDING }, now));
        self.record.took = u64::try_from(now - self.record.started).unwrap_or_default();
        self.record.exit = self.exit as u8;
        self.record.problems =
            self.lines.iter().map(|line| &line.words).chain(&self.quiet).cloned().collect();
    }

    fn happened(&mut self, words: String) {
        self.lines.push(ReportLine { topic: None, words });
    }

    fn goes_on(&mut self, topic: Topic, words: String) {
        self.lines.push(ReportLine { topic: Some(topic), words });
    }

    /// Something stays for the next run. A refusal, which a person must look at, beats it; so does a failure.
    fn later(&mut self, topic: Topic, words: String) {
        if self.exit == Exit::Done {
            self.exit = Exit::Later;
        }
        self.goes_on(topic, words);
    }

    fn refuse(&mut self, topic: Option<Topic>, words: String) {
        if self.exit != Exit::Failure {
            self.exit = Exit::Refused;
        }
        self.lines.push(ReportLine { topic, words });
    }
}

/// What is said, once, where the key is another than `old`, under which something stays open.
pub(super) fn key_changed(store: &Store, old: Option<&str>) -> Result<Option<String>, StoreError> {
    let open = old.map_or(Ok(0), |old| store.open_under(old))?;
    let words = || {
        format!(
            "the API key has changed (or the endpoint): what was opened before (alerts: {open}) stays open until resolved in \
             ilert by hand; what is raised now is sent under the new one"
        )
    };
    Ok((open > 0).then(words))
}

#[cfg(test)]
mod tests {
    use super::Report;
    use crate::config::Invocation;
    use crate::delivery::store::Continuity;

    #[test]
    fn a_first_state_after_pages_that_nobody_lists_says_how_to_take_them_over() {
        let said = |is_unrecorded| {
            let mut report = Report::new(0);
            report.continuity(Continuity::First, is_unrecorded, &Invocation::default());
            report.lines.into_iter().map(|line| line.words).collect::<Vec<_>>()
        };
        assert_eq!(said(false), [""; 0]);
        let words = said(true).join("\n");
        assert!(words.contains("before there could be a state") && words.contains("--adopt"), "{words}");
    }
}
