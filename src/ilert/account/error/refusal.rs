//! A refusal by the account, and what it was about; its words depend on that.

use serde_json::Value;

use crate::http::{self, ErrorAnswer, Failure};
use crate::ilert::words;
use crate::secret::Secret;
use crate::text::Shown;

/// Longest code of ilert's that is repeated, in characters.
const LONGEST_CODE: usize = 60;

/// An answer other than 2xx, and what was asked about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// The answer, made fit to be shown.
    pub answer: ErrorAnswer,
    /// What was asked about.
    pub resource: Resource,
}

impl Refusal {
    pub(in crate::ilert::account) fn read(
        status: u16,
        body: Result<&[u8], &Failure>,
        resource: Resource,
        secrets: &[&Secret],
    ) -> Self {
        let code = body
            .ok()
            .and_then(|body| serde_json::from_slice::<Value>(http::bare(body)).ok())
            .and_then(|error| Some(Shown::line(error.get("code")?.as_str()?, LONGEST_CODE)))
            // A code is a word of ilert's own; a secret is not one.
            .filter(|code| {
                code.bytes().all(|byte| byte.is_ascii_uppercase() || b"_0123456789".contains(&byte))
            })
            .filter(|code| secrets.iter().all(|secret| !code.eq_ignore_ascii_case(secret.expose())))
            .unwrap_or_default();
        Self { answer: ErrorAnswer { status, code, message: words::of_body(body, secrets) }, resource }
    }
}

/// What a request is about, as far as a refusal's words depend on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Resource {
    /// The set-up of alert sources: who it is, escalation policies, alert sources.
    AlertSources,
    /// Alerts.
    Alerts,
    /// Heartbeat monitors.
    HeartbeatMonitors,
}

impl Resource {
    pub(in crate::ilert::account) fn of(path: &str) -> Self {
        match path {
            "alerts" => Self::Alerts,
            "heartbeat-monitors" => Self::HeartbeatMonitors,
            _ => Self::AlertSources,
        }
    }

    pub(super) fn scope(self) -> &'static str {
        match self {
            Self::AlertSources => "read escalation policies, and read and write alert sources",
            Self::Alerts => "read alerts",
            Self::HeartbeatMonitors => "read and write heartbeat monitors",
        }
    }

    pub(super) fn right(self) -> &'static str {
        match self {
            Self::AlertSources => "manage alert sources",
            Self::Alerts => "see the alert source's alerts",
            Self::HeartbeatMonitors => "manage heartbeat monitors",
        }
    }

    pub(super) fn too_many(self) -> &'static str {
        match self {
            Self::AlertSources => "more alert sources",
            Self::Alerts => "look at alerts",
            Self::HeartbeatMonitors => "more heartbeat monitors",
        }
    }

    pub(super) fn instead(self) -> &'static str {
        match self {
            Self::AlertSources => "remove one, extend the plan, or give the name of an existing one",
            Self::Alerts => "extend the plan, or look in ilert itself",
            Self::HeartbeatMonitors => "remove one, extend the plan, or go without one",
        }
    }
}
