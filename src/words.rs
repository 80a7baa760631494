//! Names in messages: the list of allowed ones, and the one that was probably meant. And what follows a reason.

/// `` `a`, `b` or `c` ``.
#[must_use]
pub fn either<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    let mut names: Vec<String> = names.into_iter().map(|name| format!("`{name}`")).collect();
    match (names.pop(), names.is_empty()) {
        (None, _) => String::new(),
        (Some(only), true) => only,
        (Some(last), false) => format!("{} or {last}", names.join(", ")),
    }
}

/// A reason, and what follows from it: after a semicolon, or as a sentence of its own where the reason ends one.
#[must_use]
pub fn followed(reason: &str, by: &str) -> String {
    if !reason.ends_with(['?', '!', '.']) {
        return format!("{reason}; {by}");
    }
    format!("{reason} {}", capitalized(by))
}

/// What to do, as a sentence: with a capital letter at its beginning and a full stop.
#[must_use]
pub fn sentence(words: &str) -> String {
    capitalized(words) + "."
}

fn capitalized(words: &str) -> String {
    let mut words = words.chars();
    let first = words.next().map(|c| c.to_uppercase().to_string()).unwrap_or_default();
    first + words.as_str()
}

/// The known name that was probably meant, if one is near.
#[must_use]
pub fn nearest<'a>(found: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let found = found.to_ascii_lowercase().replace('-', "_");
    let near = |name: &str| (name.chars().count() / 3).clamp(1, 3);
    known
        .into_iter()
        .map(|name| (strsim::damerau_levenshtein(&found, name), name))
        .filter(|(distance, name)| *distance <= near(name))
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, name)| name)
}

#[cfg(test)]
mod tests {
    use super::{either, followed, nearest};

    #[test]
    fn what_follows_a_question_is_a_sentence() {
        assert_eq!(followed("no answer", "nothing is sent"), "no answer; nothing is sent");
        assert_eq!(
            followed("no answer: is it up?", "nothing is sent"),
            "no answer: is it up? Nothing is sent"
        );
    }

    #[test]
    fn finds_what_was_meant() {
        let known = ["api_key", "url", "priority", "resolve_after"];
        for (found, meant) in [
            ("apikey", Some("api_key")),
            ("API-KEY", Some("api_key")),
            ("ulr", Some("url")),
            ("prioritty", Some("priority")),
            ("resolve_afer", Some("resolve_after")),
            ("timeout", None),
            ("x", None),
        ] {
            assert_eq!(nearest(found, known), meant, "{found}");
        }
    }

    #[test]
    fn names_every_choice() {
        assert_eq!(either(["a"]), "`a`");
        assert_eq!(either(["a", "b", "c"]), "`a`, `b` or `c`");
    }
}
