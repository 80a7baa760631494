//! Reports a lasting problem once, then every hour, and once when it is over: cron mails every line that a run prints.
//! `-v` reports it at every run.

use std::collections::BTreeMap;
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::store::{Store, StoreError};
use crate::duration;
use crate::secret::Secret;

/// The name under which the state keeps them.
pub(super) const NOTE: &str = "outages";

/// How often the same problem is repeated, milliseconds.
const EVERY: i64 = 3_600_000;

/// What a line of a report is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Topic {
    /// The agent does not answer, or refuses.
    Netdata,
    /// One of several parents does not answer, or refuses.
    Parent,
    /// A part of what the agent shows could not be had.
    Gap,
    /// ilert, or what stands before it, does not take events.
    Ilert,
    /// ilert does not know the key.
    Key,
    /// Single events are not taken.
    Resting,
    /// A template fails.
    Template,
    /// Another run holds the lock.
    Lock,
    /// The state cannot be written.
    State,
    /// Nor can the list of what leaves without a record.
    Unnoted,
}

impl Topic {
    /// The message when it is over.
    fn over(self) -> Option<&'static str> {
        match self {
            Self::Netdata => Some("Netdata answers again"),
            Self::Ilert => Some("ilert takes events again"),
            Self::Key => Some("ilert accepts the key again"),
            Self::State => Some("the state can be written again"),
            // Each parent that answers again is named by itself.
            Self::Parent | Self::Resting | Self::Gap | Self::Template | Self::Lock | Self::Unnoted => None,
        }
    }
}

/// A line of a run: about something that may go on, or about something that happened once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReportLine {
    /// The lasting problem; `None` for a single event.
    pub topic: Option<Topic>,
    /// What a person should read.
    pub words: String,
}

/// The last message about a problem that goes on: kept between runs.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outages(BTreeMap<Topic, Outage>);

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Outage {
    /// Since when (this machine's clock, milliseconds).
    since: i64,
    /// That message without its numbers, and when it was last printed.
    said: BTreeMap<String, i64>,
}

impl Outages {
    /// Those that go on, by the state's last run.
    pub(super) fn of(store: &Store) -> Result<Self, StoreError> {
        Ok(store.note(NOTE)?.unwrap_or_default())
    }

    /// Ends these problems silently: nothing is left that they could concern.
    pub fn forget(&mut self, topics: &[Topic]) {
        self.0.retain(|topic, _| !topics.contains(topic));
    }

    /// Returns the lines that are news now (this machine's clock, milliseconds). Topics in `unsure` go on: this run has
    /// learnt nothing of them.
    pub fn news(&mut self, lines: &[ReportLine], unsure: &[Topic], now: i64) -> Vec<String> {
        let mut news = Vec::new();
        let mut going_on: BTreeMap<Topic, Outage> = BTreeMap::new();
        for line in lines {
            let Some(topic) = line.topic else {
                news.push(line.words.clone());
                continue;
            };
            let before = self.0.get(&topic);
            let since = before.map_or(now, |before| before.since.min(now));
            let words = without_numbers(&line.words);
            let said = before.and_then(|before| before.said.get(&words)).copied();
            let due = said.is_none_or(|said| now - said >= EVERY || now < said);
            match said {
                Some(_) if due => news.push(format!("{} (for {} now)", line.words, lasted(since, now))),
                Some(_) => tracing::info!("{}", line.words),
                None => news.push(line.words.clone()),
            }
            let outage = going_on
                .entry(topic)
                .or_insert_with(|| Outage { since, ..before.cloned().unwrap_or_default() });
            outage.said.retain(|_, said| now - *said < EVERY);
            outage.said.insert(words, if due { now } else { said.unwrap_or(now) });
        }
        for (topic, outage) in &self.0 {
            if going_on.contains_key(topic) {
                continue;
            }
            if unsure.contains(topic) {
                going_on.insert(*topic, outage.clone());
            } else if let Some(over) = topic.over() {
                news.push(format!("{over}, after {}", lasted(outage.since, now)));
            }
        }
        self.0 = going_on;
        news
    }
}

/// Since when ilert does not accept this key at this endpoint, by the last run (milliseconds); `None` where it does, or
/// where no run has tried it.
pub fn key_refused_since(state: &Path, key: &Secret, endpoint: &str) -> Result<Option<i64>, StoreError> {
    let Some(store) = Store::open_existing(state)? else { return Ok(None) };
    let key = store.known_fingerprint(key, endpoint)?;
    if key.is_none() || key != store.last_key()? {
        return Ok(None);
    }
    Ok(Outages::of(&store)?.0.get(&Topic::Key).map(|outage| outage.since))
}

/// The words without their numbers: `in 13 s` and `in 12 s` say the same.
fn without_numbers(words: &str) -> String {
    words.chars().filter(|character| !character.is_ascii_digit()).collect()
}

/// How long it lasted, in words (milliseconds).
pub(super) fn lasted(since: i64, now: i64) -> String {
    duration::about(u64::try_from((now - since) / 1000).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::{Outages, ReportLine, Topic};

    const MINUTE: i64 = 60_000;

    fn away() -> ReportLine {
        ReportLine { topic: Some(Topic::Netdata), words: "away".to_owned() }
    }

    #[test]
    fn says_it_once_then_each_hour_then_when_it_is_over() {
        let mut outages = Outages::default();
        let said: Vec<String> =
            (0..=130).flat_map(|minute| outages.news(&[away()], &[], minute * MINUTE)).collect();
        assert_eq!(said, ["away", "away (for 1h now)", "away (for 2h now)"]);
        assert_eq!(outages.news(&[], &[], 131 * MINUTE), ["Netdata answers again, after 2h 11m"]);
        assert!(outages.news(&[], &[], 132 * MINUTE).is_empty());
        assert_eq!(outages, Outages::default());
    }

    #[test]
    fn another_fault_is_said_and_another_number_is_not() {
        let mut outages = Outages::default();
        let words = ["refused", "stopped for 13 s", "stopped for 9 s", "refused", "no certificate"];
        let said: Vec<String> = words
            .iter()
            .zip(0..)
            .flat_map(|(words, minute)| {
                let line = ReportLine { topic: Some(Topic::Ilert), words: (*words).to_owned() };
                outages.news(&[line], &[], minute * MINUTE)
            })
            .collect();
        assert_eq!(said, ["refused", "stopped for 13 s", "no certificate"]);
    }

    #[test]
    fn what_happened_is_said_each_time_and_what_is_not_known_goes_on() {
        let mut outages = Outages::default();
        let refused = ReportLine { topic: None, words: "refused".to_owned() };
        for minute in 0..3 {
            assert!(
                outages
                    .news(std::slice::from_ref(&refused), &[], minute * MINUTE)
                    .contains(&"refused".to_owned())
            );
        }
        let ilert = ReportLine { topic: Some(Topic::Ilert), words: "ilert is away".to_owned() };
        assert_eq!(outages.news(std::slice::from_ref(&ilert), &[], 0), ["ilert is away"]);
        assert!(outages.news(&[], &[Topic::Ilert], MINUTE).is_empty(), "nothing was sent");
        assert!(outages.news(&[ilert], &[], 2 * MINUTE).is_empty());
        assert_eq!(outages.news(&[], &[], 3 * MINUTE), ["ilert takes events again, after 3m"]);
    }
}
