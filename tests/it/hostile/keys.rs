//! A key, with any rubbish around it: it is found, and what was left out is said; or it is refused. Never is anything
//! taken that no key has in it, and never shown.

use netdata_ilert::secret::{SecretKind, clean};
use proptest::prelude::*;
use proptest::sample::select;

/// What people and programs put around a key.
const RUBBISH: [&str; 38] = [
    "\u{feff}",
    "\u{200b}",
    "\u{ad}",
    "\u{202e}",
    "\u{2066}",
    "\u{a0}",
    "\u{3000}",
    "\u{3164}",
    " ",
    "\t",
    "\n",
    "\r\n",
    "\"",
    "'",
    "`",
    "“",
    "”",
    "‘",
    "’",
    "«",
    "»",
    "<",
    ">",
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    ",",
    ";",
    ":",
    "\\",
    "=",
    "KEY=",
    "export KEY=",
    "Bearer ",
    "https://api.ilert.com/api/events/",
];

fn key() -> impl Strategy<Value = String> {
    "il1api[0-9a-f]{20,60}|[0-9a-f]{24}|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
}

fn rubbish() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => proptest::collection::vec(select(&RUBBISH[..]), 0..4).prop_map(|parts| parts.concat()),
        1 => "\\PC{0,6}",
        1 => any::<String>(),
    ]
}

/// Whether a text is one word of what keys and tokens are made of.
fn could_be_a_key(text: &str) -> bool {
    !text.is_empty()
        && text.chars().all(|c| c.is_ascii_graphic() && !"\"'`\\<>(){}[],;".contains(c))
        && !text.contains("://")
}

proptest! {
    #[test]
    fn is_found_clean_or_refused(key in key(), before in rubbish(), after in rubbish()) {
        let text = format!("{before}{key}{after}");
        match clean(&text, SecretKind::Key) {
            Ok(cleaned) => {
                let found = cleaned.secret.expose();
                prop_assert!(could_be_a_key(found), "{found:?} of {text:?}");
                prop_assert!(found.contains(&key));
                if found != text.trim_matches(|c: char| c.is_ascii() && c.is_whitespace()) {
                    prop_assert!(cleaned.note().is_some(), "{text:?} was changed without a word");
                }
                let note = cleaned.note().unwrap_or_default();
                let shown = format!("{cleaned:?} {note}");
                prop_assert!(!shown.contains(&key));
            }
            Err(flaw) => {
                let shown = format!("{flaw} {flaw:?}");
                prop_assert!(!shown.contains(&key));
                prop_assert!(!(before.trim().is_empty() && after.trim().is_empty()), "{text:?}");
            }
        }
    }

    #[test]
    fn what_is_clean_stays_as_it_is(key in key(), kind in select(vec![SecretKind::Key, SecretKind::Password])) {
        let cleaned = clean(&key, kind).unwrap();
        prop_assert_eq!((cleaned.secret.expose(), cleaned.note()), (&*key, None));
    }

    #[test]
    fn any_text_is_one_or_none(text in any::<String>(), kind in select(vec![SecretKind::Key, SecretKind::Password, SecretKind::Url])) {
        if let Ok(cleaned) = clean(&text, kind) {
            let found = cleaned.secret.expose();
            prop_assert!(!found.is_empty() && found == found.trim() && !found.contains(char::is_control));
        }
    }
}
