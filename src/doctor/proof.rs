//! Whether a live test proved the key.

use super::{DoctorInput, Line};
use crate::config::Config;
use crate::delivery::Proof;

const CHECK: &str = "live test";

/// When the key was proven, and by which test; or that there is no record of one. A state that cannot be read is said
/// elsewhere.
pub(super) fn line(input: &DoctorInput<'_>, config: &Config) -> Option<Line> {
    let key = config.api_key().ok()?;
    let proof = Proof::of(input.state, &key, &config.ilert.endpoint).ok()?;
    Some(match proof {
        Some(proof) => Line::good(CHECK, format!("the key was {}", proof.words())),
        None => Line::warning(
            CHECK,
            "no live test that passed with this key is recorded".to_owned(),
            format!(
                "{} sends one (priority LOW, nobody is paged), and records it once the sender has run",
                input.invocation.command("--test")
            ),
        ),
    })
}
