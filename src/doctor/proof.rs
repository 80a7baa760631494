//! Whether a live test proved the key.

use super::{DoctorInput, Line};
use crate::config::Config;
use crate::delivery::{Proof, key_refused_since};
use crate::text::ago::stamp;

const CHECK: &str = "live test";

/// When the key was proven, and by which test; or that there is no record of one, or that ilert has not accepted it since.
/// A state that cannot be read is said elsewhere.
pub(super) fn line(input: &DoctorInput<'_>, config: &Config) -> Option<Line> {
    let key = config.api_key().ok()?;
    let proof = Proof::of(input.state, &key, &config.ilert.endpoint).ok()?;
    if let Some(since) = key_refused_since(input.state, &key, &config.ilert.endpoint).ok()? {
        let proven = proof.map(|proof| format!("; it was {}", proof.words())).unwrap_or_default();
        return Some(Line::wrong(
            CHECK,
            format!("ilert has not accepted the key since {}{proven}", stamp(since)),
            "put in the key of an alert source of type API that is there in ilert",
        ));
    }
    Some(match proof {
        Some(proof) => Line::good(CHECK, format!("the key was {}", proof.words())),
        None => Line::warning(
            CHECK,
            "no live test that passed with this key is recorded".to_owned(),
            format!(
                "once the sender has run, {} sends one (priority LOW, nobody is paged) and records it",
                input.invocation.command("--test")
            ),
        ),
    })
}
