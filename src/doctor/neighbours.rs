//! Other configurations on this machine that get in the way of this one: those with the same key, and one that uses the
//! same state.

use std::path::{Path, PathBuf};

use super::{DoctorInput, Line};
use crate::config::{self, Config};
use crate::delivery::user_of;
use crate::text::ShownPath as _;

pub(super) fn lines(input: &DoctorInput<'_>, config: &Config) -> Vec<Line> {
    shared_key(input, config).into_iter().chain(shared_state(input)).collect()
}

fn shared_key(input: &DoctorInput<'_>, config: &Config) -> Option<Line> {
    let key = config.api_key().ok()?;
    let own = absolute(input.config);
    let others =
        input.others.iter().filter(|other| absolute(&other.path) != own && other.state != input.state);
    let alike = others.filter(|other| {
        let Ok(theirs) = config::load(&other.path) else { return false };
        theirs.notification.enabled
            && theirs.ilert.endpoint == config.ilert.endpoint
            && theirs.api_key().is_ok_and(|other| other == key)
    });
    let names: Vec<String> = alike.map(|other| format!("`{}`", other.name)).collect();
    (!names.is_empty()).then(|| {
        Line::warning(
            "shared key",
            format!(
                "{} {} the same API key: they share the 50 events a minute that ilert takes for it, and where they \
                 watch the same node, each can resolve the other's alerts",
                names.join(", "),
                if names.len() == 1 { "has" } else { "have" }
            ),
            "create an alert source in ilert for each, and give each configuration its own key",
        )
    })
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
