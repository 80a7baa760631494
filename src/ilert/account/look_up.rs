//! What ilert shows of a live test: the only proof that its events opened an alert and resolved it.

use std::time::Duration;

use super::{Account, AccountError, Alert, AlertSource, AlertStatus};
use crate::secret::Secret;

/// How often the test's alert is looked up before ilert is said not to show it: ilert queues events, and takes 120
/// requests a minute from a token, of which a look takes two.
pub const LOOKS: u32 = 15;
/// The pause between two looks.
pub const LOOK_AGAIN: Duration = Duration::from_secs(1);

/// What ilert showed of a test at one look.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AlertSnapshot {
    /// The alert source of the key; `None` where the token sees none.
    pub source: Option<AlertSource>,
    /// The test's alert.
    pub alert: Option<Alert>,
}

impl AlertSnapshot {
    /// Whether another look may show more.
    #[must_use]
    pub fn may_change(&self) -> bool {
        let resolved = self.alert.as_ref().is_some_and(|alert| alert.status == AlertStatus::Resolved);
        self.source.is_some() && !resolved
    }
}

impl Account {
    /// The alert source of a key, and the newest alert of it with this alert key.
    pub async fn look_up(&self, key: &Secret, alert_key: &str) -> Result<AlertSnapshot, AccountError> {
        let Some(source) = self.alert_source_of(key).await? else { return Ok(AlertSnapshot::default()) };
        let alert = self.find_alert(source.id, alert_key).await?;
        Ok(AlertSnapshot { source: Some(source), alert })
    }
}
