//! Looking the test's alert up in ilert: the only proof that it opened, and was resolved.

use std::time::Duration;

use crate::ilert::account::{Alert, AlertSource, AlertStatus};

/// How often the test's alert is looked up before ilert is said not to show it, and the pause between: ilert queues
/// events, and takes 120 requests a minute from a token, of which a look takes two.
pub const LOOKS: u32 = 15;
/// As above.
pub const LOOK_AGAIN: Duration = Duration::from_secs(1);

/// What ilert shows of a test.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sighting {
    /// The alert source of the key; `None` where the token sees none.
    pub source: Option<AlertSource>,
    /// The test's alert.
    pub alert: Option<Alert>,
}

/// The look-ups of a test's alert.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LookUp {
    /// How many were answered.
    pub count: u32,
    /// What the last one came to; the error in words.
    pub last: Option<Result<Sighting, String>>,
}

impl LookUp {
    /// The alert, as it was last seen.
    #[must_use]
    pub fn alert(&self) -> Option<&Alert> {
        self.last.as_ref()?.as_ref().ok()?.alert.as_ref()
    }

    /// It is worth another look: the alert is not resolved yet, and nothing said why it would not be.
    #[must_use]
    pub fn goes_on(&self) -> bool {
        match &self.last {
            None => true,
            Some(Err(_)) => false,
            Some(Ok(Sighting { source, alert })) => {
                let resolved = alert.as_ref().is_some_and(|alert| alert.status == AlertStatus::Resolved);
                source.is_some() && !resolved && self.count < LOOKS
            }
        }
    }
}
