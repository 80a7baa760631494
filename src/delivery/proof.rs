//! What a live test proved: that ilert takes this key at this endpoint. It is kept in the state, for it says what was, and
//! not what is wanted.

use std::path::Path;

use serde::{Deserialize, Serialize};

use super::by_hand;
use super::store::{Store, StoreError};
use crate::config::Priority;
use crate::secret::Secret;
use crate::text::ago::stamp;

/// The name under which the state keeps it.
const NOTE: &str = "proof";

/// The last live test that passed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proof {
    /// The fingerprint of the key and the endpoint.
    key: String,
    /// Its priority.
    pub priority: Priority,
    /// When it passed (this machine's clock, milliseconds).
    pub at: i64,
}

impl Proof {
    /// The proof of this key at this endpoint, if there is one.
    pub fn of(state: &Path, key: &Secret, endpoint: &str) -> Result<Option<Self>, StoreError> {
        let Some(store) = Store::open_existing(state)? else { return Ok(None) };
        let (known, proof) = (store.known_fingerprint(key, endpoint)?, store.note::<Self>(NOTE)?);
        Ok(proof.filter(|proof| known.is_some_and(|known| known == proof.key)))
    }

    /// Whether a test with this priority would prove nothing more: one that escalated proves the other, too.
    #[must_use]
    pub fn covers(&self, priority: Priority) -> bool {
        self.priority == priority || self.priority == Priority::High
    }

    /// When, and by which test.
    #[must_use]
    pub fn words(&self) -> String {
        format!("proven on {} by a live test with priority {}", stamp(self.at), self.priority.word())
    }
}

/// Keeps that a live test with this key passed at this endpoint, also beside a run that is under way. Makes the state where
/// there is none.
pub async fn keep(
    state: &Path,
    key: &Secret,
    endpoint: &str,
    priority: Priority,
    now: i64,
) -> Result<(), StoreError> {
    let mut store = by_hand::open(state, now).await?;
    let key = store.fingerprint(key, endpoint)?;
    store.keep_note(NOTE, &Proof { key, priority, at: now })?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{Proof, keep};
    use crate::config::Priority::{High, Low};
    use crate::delivery::store::Store;
    use crate::secret::Secret;

    #[tokio::test]
    async fn a_proof_is_of_one_key_at_one_endpoint() {
        let folder = tempfile::tempdir().unwrap();
        let state = folder.path().join("state");
        let secret = |text: &str| Secret::new(text.to_owned());
        let (key, other) = (secret("il1api-one"), secret("il1api-another"));
        let of = |key: &Secret, endpoint: &str| Proof::of(&state, key, endpoint).unwrap();
        assert_eq!(of(&key, "https://ilert"), None);
        assert!(!state.exists(), "who looks makes nothing");
        keep(&state, &key, "https://ilert", Low, 1_000).await.unwrap();
        let proof = of(&key, "https://ilert/").unwrap();
        assert_eq!((proof.at, proof.covers(Low), proof.covers(High)), (1_000, true, false));
        assert_eq!((of(&other, "https://ilert"), of(&key, "https://elsewhere")), (None, None));
        keep(&state, &key, "https://ilert", High, 2_000).await.unwrap();
        assert!(of(&key, "https://ilert").unwrap().covers(Low));
        keep(&state, &other, "https://ilert", Low, 3_000).await.unwrap();
        assert_eq!(of(&key, "https://ilert"), None);
        // It is no run: the first one is still to come.
        assert!(Store::open_existing(&state).unwrap().unwrap().is_unused().unwrap());
        assert!(!holds(&state, "il1api"));
    }

    fn holds(folder: &std::path::Path, text: &str) -> bool {
        let files =
            std::fs::read_dir(folder).unwrap().map(|file| std::fs::read(file.unwrap().path()).unwrap());
        files.into_iter().any(|bytes| bytes.windows(text.len()).any(|found| found == text.as_bytes()))
    }
}
