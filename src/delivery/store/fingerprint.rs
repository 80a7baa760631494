//! Fingerprints: they tell apart the ledgers of several keys and endpoints.

use reqwest::Url;
use rusqlite::params;
use sha2::{Digest, Sha256};

use super::{Store, StoreError};
use crate::secret::Secret;

impl Store {
    /// The salted fingerprint of a key at an endpoint (another endpoint is another ilert).
    ///
    /// Version 0.1.0 knew the key alone: what it recorded is taken over by the first endpoint that asks.
    pub fn fingerprint(&mut self, key: &Secret, endpoint: &str) -> Result<String, StoreError> {
        let salt = self.meta("salt")?.unwrap_or_default();
        let present = fingerprint(&salt, key, Some(endpoint));
        if let Some(former) = self.former(&salt, key, &present)? {
            self.take_over(&former, &present)?;
        }
        Ok(present)
    }

    /// The same for a reader, who writes nothing: the fingerprint of this key's rows, if anything was ever stored.
    pub fn known_fingerprint(&self, key: &Secret, endpoint: &str) -> Result<Option<String>, StoreError> {
        let Some(salt) = self.meta("salt")? else { return Ok(None) };
        let present = fingerprint(&salt, key, Some(endpoint));
        Ok(Some(self.former(&salt, key, &present)?.unwrap_or(present)))
    }

    /// The fingerprint of the key alone, where there are rows of it and none of the present one.
    fn former(&self, salt: &str, key: &Secret, present: &str) -> Result<Option<String>, StoreError> {
        if self.last_key()?.as_deref() == Some(present) || self.knows(present)? {
            return Ok(None);
        }
        let former = fingerprint(salt, key, None);
        Ok(self.knows(&former)?.then_some(former))
    }

    fn knows(&self, key: &str) -> Result<bool, StoreError> {
        let known = self.connection.query_row(
            "SELECT EXISTS (SELECT 1 FROM ledger WHERE key = ?1) OR EXISTS (SELECT 1 FROM outbox WHERE key = ?1) \
             OR EXISTS (SELECT 1 FROM failed WHERE key = ?1) OR EXISTS (SELECT 1 FROM pace WHERE key = ?1) \
             OR EXISTS (SELECT 1 FROM hold WHERE key = ?1) \
             OR EXISTS (SELECT 1 FROM meta WHERE name = 'key' AND value = json_quote(?1))",
            params![key],
            |row| row.get(0),
        );
        self.on(known)
    }

    fn take_over(&mut self, former: &str, present: &str) -> Result<(), StoreError> {
        self.durably(|transaction| {
            for table in ["ledger", "outbox", "failed", "pace", "hold"] {
                transaction.execute(
                    &format!("UPDATE {table} SET key = ?2 WHERE key = ?1"),
                    params![former, present],
                )?;
            }
            transaction.execute(
                "UPDATE meta SET value = json_quote(?2) WHERE name = 'key' AND value = json_quote(?1)",
                params![former, present],
            )?;
            Ok(())
        })
    }
}

fn fingerprint(salt: &str, key: &Secret, endpoint: Option<&str>) -> String {
    let mut digest = Sha256::new().chain_update(salt).chain_update(key.expose());
    if let Some(endpoint) = endpoint {
        // No key has this byte in it.
        digest.update([0]);
        digest.update(normalized(endpoint));
    }
    format!("{:x}", digest.finalize()).chars().take(16).collect()
}

/// One spelling: scheme and host in lower case, without the scheme's own port and without slashes at the end.
fn normalized(endpoint: &str) -> String {
    let spelt = Url::parse(endpoint).map_or_else(|_| endpoint.to_owned(), String::from);
    spelt.trim_end_matches('/').to_owned()
}

#[cfg(test)]
mod tests {
    use super::fingerprint;
    use crate::secret::Secret;

    #[test]
    fn knows_an_endpoint_however_it_is_spelt() {
        let of = |endpoint| fingerprint("salt", &Secret::new("il1api-1".into()), endpoint);
        let own = of(Some("https://api.ilert.com"));
        for same in ["https://api.ilert.com/", "HTTPS://API.ilert.com//", "https://api.ilert.com:443"] {
            assert_eq!(of(Some(same)), own, "{same}");
        }
        for other in [
            "http://api.ilert.com",
            "https://api.ilert.com:444",
            "https://api.ilert.com/x",
            "https://eu.ilert.com",
            "",
        ] {
            assert_ne!(of(Some(other)), own, "{other}");
        }
        assert_ne!(of(None), own);
        assert_eq!(of(Some("https://x/a/")), of(Some("https://X/a")));
    }
}
