//! What an alert source's key looks like. ilert alone knows whether it is one.

use crate::secret::Secret;

/// A key of ilert's has no fewer characters; those of today have 52.
const SHORTEST: usize = 40;
/// What an alert source's key begins with.
const KEY: &str = "il1api";
/// What an API token begins with.
const TOKEN: &str = "il1tkn";

/// What a secret of ilert's is, as far as its beginning tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Looks {
    /// The key of an alert source.
    Key,
    /// An API token.
    Token,
    /// It may be either.
    Unknown,
}

/// What a text looks like.
#[must_use]
pub fn looks(secret: &Secret) -> Looks {
    match secret.expose() {
        text if text.starts_with(KEY) => Looks::Key,
        text if text.starts_with(TOKEN) => Looks::Token,
        _ => Looks::Unknown,
    }
}

/// Why a text looks like no key of an alert source, as the rest of a sentence; it may be one all the same.
#[must_use]
pub fn oddity(key: &Secret) -> Option<String> {
    let count = key.expose().chars().count();
    if looks(key) == Looks::Token {
        return Some(
            "begins like an API token of your account; an alert source has a key of its own".to_owned(),
        );
    }
    (count < SHORTEST).then(|| match count {
        1 => "has 1 character; ilert's have more: a part may be missing".to_owned(),
        count => format!("has {count} characters; ilert's have more: a part may be missing"),
    })
}

#[cfg(test)]
mod tests {
    use super::oddity;
    use crate::secret::Secret;

    #[test]
    fn tells_what_looks_like_no_key() {
        for (key, expected) in [
            ("-".to_owned(), Some("has 1 character;")),
            ("il1ap".to_owned(), Some("has 5 characters;")),
            (format!("il1api{:0>33}", 1), Some("has 39 characters;")),
            (format!("il1api{:0>34}", 1), None),
            (format!("il1api{:0>46}", 1), None),
            (format!("il1tkn{:0>34}", 1), Some("begins like an API token")),
        ] {
            let odd = oddity(&Secret::new(key.clone()));
            match expected {
                Some(words) => {
                    assert!(odd.as_ref().is_some_and(|odd| odd.starts_with(words)), "{key}: {odd:?}");
                }
                None => assert_eq!(odd, None, "{key}"),
            }
        }
    }
}
