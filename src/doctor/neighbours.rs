//! Other configurations on this machine that get in the way of this one: those with the same key, and one that uses the
//! same state.

use std::path::{Path, PathBuf};

use super::configuration::ILERT_TAKES;
use super::{DoctorInput, Line};
use crate::config::{self, Config};
use crate::delivery::user_of;
use crate::secret::Secret;
use crate::text::ShownPath as _;

pub(super) fn lines(input: &DoctorInput<'_>, config: &Config) -> Vec<Line> {
    shared_key(input, config).into_iter().chain(shared_state(input)).collect()
}

fn shared_key(input: &DoctorInput<'_>, config: &Config) -> Option<Line> {
    let own = absolute(input.config);
    let others =
        input.others.iter().filter(|other| absolute(&other.path) != own && other.state != input.state);
    let uses: Vec<(&str, KeyUse)> =
        others.filter_map(|other| Some((other.name.as_str(), KeyUse::at(&other.path)?))).collect();
    sharing(&KeyUse::of(config)?, uses.iter().map(|(name, used)| (*name, used)))
}

/// A key, where it is used, and how fast.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyUse {
    /// The key.
    pub key: Secret,
    /// Where ilert is.
    pub endpoint: String,
    /// The most that is sent with it in a minute.
    pub events_per_minute: u32,
}

impl KeyUse {
    /// A configuration's; `None` where it is switched off, or its key cannot be had.
    #[must_use]
    pub fn of(config: &Config) -> Option<Self> {
        let key = config.notification.enabled.then(|| config.api_key().ok()).flatten()?;
        Some(Self {
            key,
            endpoint: config.ilert.endpoint.clone(),
            events_per_minute: config.delivery.events_per_minute,
        })
    }

    /// The same of the configuration in a file.
    #[must_use]
    pub fn at(path: &Path) -> Option<Self> {
        Self::of(&config::load(path).ok()?)
    }
}

/// That others use the same key at the same endpoint, if they do.
pub(super) fn sharing<'c>(own: &KeyUse, others: impl Iterator<Item = (&'c str, &'c KeyUse)>) -> Option<Line> {
    let alike = others.filter(|(_, other)| other.endpoint == own.endpoint && other.key == own.key);
    let (names, paces): (Vec<String>, Vec<u32>) =
        alike.map(|(name, other)| (format!("`{name}`"), other.events_per_minute)).unzip();
    if names.is_empty() {
        return None;
    }
    let sum = paces.iter().fold(own.events_per_minute, |sum, pace| sum.saturating_add(*pace));
    let (most, lower) = if sum > ILERT_TAKES {
        (
            format!(", and would send {sum}: beyond that ilert refuses for a while, and nothing is lost"),
            format!(
                "; or lower `events_per_minute` under `[delivery]`, so that all together come to {ILERT_TAKES}"
            ),
        )
    } else {
        Default::default()
    };
    Some(Line::warning(
        "shared key",
        format!(
            "{} {} the same API key: they share the {ILERT_TAKES} events a minute that ilert takes for it{most}; where \
             they watch the same node, each can resolve the other's alerts",
            names.join(", "),
            if names.len() == 1 { "has" } else { "have" }
        ),
        format!("create an alert source in ilert for each, and give each configuration its own key{lower}"),
    ))
}

/// The last run of another configuration noted that it uses this state.
fn shared_state(input: &DoctorInput<'_>) -> Option<Line> {
    let user = user_of(input.state)?;
    if user == absolute(input.config) || !user.exists() || is_same(&user, input.config) {
        return None;
    }
    Some(Line::warning(
        "shared state",
        format!(
            "`{}` was last used by the configuration `{}`: two that share a state lose track of each other's open alerts",
            input.state.shown(),
            user.shown()
        ),
        "give that one a folder of its own with `--state-dir`, in its schedule, too",
    ))
}

fn absolute(path: &Path) -> PathBuf {
    std::path::absolute(path).unwrap_or_else(|_| path.to_owned())
}

fn is_same(one: &Path, other: &Path) -> bool {
    let real = |path: &Path| std::fs::canonicalize(path).ok();
    real(one).is_some() && real(one) == real(other)
}
