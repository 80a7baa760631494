//! Netdata's simple patterns, against the plainest matcher that there is, and against patterns that would keep such a
//! matcher busy for ages.

use netdata_ilert::config::Pattern;
use proptest::prelude::*;

/// As Netdata's documentation has it: words, the first that matches decides.
fn matches(pattern: &str, host: &str) -> bool {
    for word in pattern.split(' ').filter(|word| !word.is_empty()) {
        let (glob, yes) = word.strip_prefix('!').map_or((word, true), |glob| (glob, false));
        if !glob.is_empty() && fits(glob.as_bytes(), host.as_bytes()) {
            return yes;
        }
    }
    false
}

/// Tries everything.
fn fits(glob: &[u8], text: &[u8]) -> bool {
    match (glob.split_first(), text.split_first()) {
        (None, None) => true,
        (Some((b'*', rest)), _) if fits(rest, text) => true,
        (Some((b'*', _)), Some((_, text))) => fits(glob, text),
        (Some((one, glob)), Some((other, text))) => one == other && fits(glob, text),
        _ => false,
    }
}

proptest! {
    #![proptest_config(crate::regressions::properties(1000))]

    #[test]
    fn match_what_netdata_matches(pattern in "[!* ab]{0,14}", host in "[!ab]{0,8}") {
        prop_assert_eq!(Pattern::new(&pattern).matches(&host), matches(&pattern, &host), "`{}` on `{}`", pattern, host);
    }

    #[test]
    fn any_text_is_one(pattern in any::<String>(), host in any::<String>()) {
        let _ = Pattern::new(&pattern).matches(&host);
    }
}

/// The matcher above would need more steps for one of these than there are atoms.
#[test]
fn none_keeps_it_busy() {
    let host = "a".repeat(5_000);
    for (pattern, expected) in [
        (format!("{}b", "*a".repeat(2_000)), false),
        (format!("{}b", "a*".repeat(2_000)), false),
        (format!("*{}*", "a*".repeat(5_000)), true),
        (format!("*{}*", "a*".repeat(5_001)), false),
        ("*".repeat(100_000), true),
        (format!("{}*", "*aab ".repeat(5_000)), true),
    ] {
        assert_eq!(Pattern::new(&pattern).matches(&host), expected, "{pattern:.20}");
    }
}
