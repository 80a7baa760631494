//! Silences in force, and when the others are next.

use std::cmp::Reverse;

use serde::Serialize;

use crate::config::{Config, Silence, Window};
use crate::delivery::silences::ByHand;
use crate::text::ago::moment;
use crate::text::table::Noted;

/// A silence that is in force, or will be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ShownSilence {
    /// Its name in the configuration, or its id.
    pub name: String,
    /// Where it comes from.
    pub source: SilenceSource,
    /// Whether it is in force.
    pub in_force: bool,
    /// When it began or begins: milliseconds since the epoch; absent where it has always been.
    pub from: Option<i64>,
    /// When it ends: milliseconds since the epoch; absent where no end is to be seen.
    pub until: Option<i64>,
    /// What it covers, in words.
    pub covers: String,
    /// Why, in a person's words.
    pub reason: Option<String>,
}

/// Where a silence comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum SilenceSource {
    /// `[[silence]]`.
    Configuration,
    /// `--silence`.
    ByHand,
}

/// The silences made by hand, and those of the configuration where that is known, as they are at this time
/// (milliseconds). What is over and does not come again is left out.
pub(super) fn listed(by_hand: &[ByHand], config: Option<&Config>, now: i64) -> Vec<ShownSilence> {
    let by_hand = by_hand.iter().filter(|made| made.until > now).map(|made| ShownSilence {
        name: made.id.to_string(),
        reason: made.reason.clone(),
        ..ShownSilence::of(&made.scope(), SilenceSource::ByHand, made.window(), now)
    });
    let configured = config.into_iter().flat_map(|config| &config.silences).filter_map(|silence| {
        let window = silence.window(now).or_else(|| silence.next(now))?;
        Some(ShownSilence::of(silence, SilenceSource::Configuration, window, now))
    });
    let mut silences: Vec<ShownSilence> = by_hand.chain(configured).collect();
    silences.sort_by_key(|shown| (Reverse(shown.in_force), shown.from));
    silences
}

impl ShownSilence {
    fn of(silence: &Silence, source: SilenceSource, window: Window, now: i64) -> Self {
        Self {
            name: silence.name.clone(),
            source,
            in_force: window.holds(now),
            from: window.from,
            until: window.until,
            covers: silence.words(),
            reason: None,
        }
    }

    /// Its row in a table: name, where it comes from, when it is, what it covers.
    pub(super) fn row(&self, now: i64) -> Noted<4> {
        let time = |at: i64| moment(now, at / 1000);
        let until = self.until.map_or("without an end".to_owned(), |until| format!("until {}", time(until)));
        let when = match self.from.filter(|_| !self.in_force) {
            Some(from) => format!("from {} {until}", time(from)),
            None => format!("now, {until}"),
        };
        let made = match self.source {
            SilenceSource::Configuration => "in the configuration",
            SilenceSource::ByHand => "by hand",
        };
        let cells = [self.name.clone(), made.to_owned(), when, self.covers.clone()];
        (cells, self.reason.clone().unwrap_or_default())
    }
}
