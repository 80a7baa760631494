//! Netdata's simple patterns: space separated words, the first that matches decides, `!` negates, `*` is
//! a wildcard. As in Netdata, a backslash takes the next character as it is, so `\ ` is a space in a name
//! and `\!` a leading exclamation mark; an asterisk is a wildcard all the same.

use std::fmt;

/// A simple pattern on host names, such as `!db-test* db-*`. Letters match in their own case only.
#[derive(Clone, PartialEq, Eq)]
pub struct Pattern {
    text: String,
    words: Vec<Word>,
}

#[derive(Clone, PartialEq, Eq)]
struct Word {
    negative: bool,
    glob: String,
}

impl Pattern {
    /// Takes a pattern as it is written. Every text is a pattern; an empty one matches nothing.
    #[must_use]
    pub fn new(text: &str) -> Self {
        Self { text: text.to_owned(), words: words(text) }
    }

    /// As it was written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Whether a host name matches.
    #[must_use]
    pub fn matches(&self, host: &str) -> bool {
        self.words.iter().find(|word| glob(&word.glob, host)).is_some_and(|word| !word.negative)
    }

    /// Whether every host name matches: a word is `*`, and none before it has a `!`.
    #[must_use]
    pub fn matches_all(&self) -> bool {
        let is_star = |word: &&Word| !word.glob.is_empty() && word.glob.bytes().all(|byte| byte == b'*');
        let before = self.words.iter().take_while(|word| !is_star(word)).all(|word| !word.negative);
        before && self.words.iter().find(is_star).is_some_and(|star| !star.negative)
    }

    /// Whether there is a word without `!`: without one, no host name matches.
    #[must_use]
    pub fn can_match(&self) -> bool {
        self.words.iter().any(|word| !word.negative)
    }
}

impl fmt::Debug for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Pattern").field(&self.text).finish()
    }
}

impl fmt::Display for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// Splits as `simple_pattern_create` of Netdata does.
fn words(text: &str) -> Vec<Word> {
    let mut words = Vec::new();
    let mut characters = text.chars().peekable();
    loop {
        while characters.next_if(|c| separates(*c)).is_some() {}
        if characters.peek().is_none() {
            return words;
        }
        let negative = characters.next_if_eq(&'!').is_some();
        let mut glob = String::new();
        while let Some(character) = characters.next() {
            match character {
                '\\' => glob.extend(characters.next()),
                character if separates(character) => break,
                character => glob.push(character),
            }
        }
        if !glob.is_empty() {
            words.push(Word { negative, glob });
        }
    }
}

/// C's `isspace`, which is what Netdata separates words by.
fn separates(character: char) -> bool {
    matches!(character, ' ' | '\t' | '\r' | '\n' | '\x0b' | '\x0c')
}

/// The leftmost fit of each part is enough: what is left for the next parts is never shorter.
fn glob(pattern: &str, text: &str) -> bool {
    let Some((head, rest)) = pattern.split_once('*') else { return pattern == text };
    let Some(mut text) = text.strip_prefix(head) else { return false };
    let (middle, tail) = rest.rsplit_once('*').unwrap_or(("", rest));
    for part in middle.split('*') {
        let Some((_, after)) = text.split_once(part) else { return false };
        text = after;
    }
    text.ends_with(tail)
}

#[cfg(test)]
mod tests {
    use super::Pattern;

    #[test]
    fn matches_as_netdata_does() {
        for (pattern, host, expected) in [
            ("db-1", "db-1", true),
            ("db-1", "db-10", false),
            ("db-*", "db-1", true),
            ("db-*", "db-", true),
            ("db-*", "xdb-1", false),
            ("*-db", "prod-db", true),
            ("*-db", "prod-db2", false),
            ("*db*", "prod-db2", true),
            ("*", "anything", true),
            ("*", "", true),
            ("**", "x", true),
            ("a*b*c", "a-b-c", true),
            ("a*b*c", "abc", true),
            ("a*b*c", "acb", false),
            ("a*bc*bc", "a-bc", false),
            ("a*bc*bc", "abcbc", true),
            ("ab*ba", "aba", false),
            ("*a*a*", "a", false),
            ("*a*a*", "banana", true),
            ("db-* !db-test*", "db-test1", true),
            ("!db-test* db-*", "db-test1", false),
            ("!db-test* db-*", "db-1", true),
            ("!db-test*", "db-1", false),
            ("!*", "db-1", false),
            ("! db-1", "db-1", true),
            ("web db", "db", true),
            ("  web\t db  ", "db", true),
            ("DB", "db", false),
            ("", "db", false),
            ("", "", false),
            ("   ", "", false),
            ("!", "db", false),
            (r"my\ host", "my host", true),
            (r"my\ host", "my", false),
            (r"\!db", "!db", true),
            (r"a\*", "abc", true),
            (r"a\\b", r"a\b", true),
            ("дб-*", "дб-1", true),
        ] {
            assert_eq!(Pattern::new(pattern).matches(host), expected, "`{pattern}` on `{host}`");
        }
    }

    #[test]
    fn knows_when_nothing_can_match() {
        for (pattern, expected) in
            [("db-*", true), ("!a *", true), ("!a !b", false), ("", false), ("!", false)]
        {
            assert_eq!(Pattern::new(pattern).can_match(), expected, "`{pattern}`");
        }
    }

    #[test]
    fn knows_when_everything_matches() {
        for (pattern, expected) in [
            ("*", true),
            ("**", true),
            ("db-* *", true),
            ("* !db-*", true),
            ("!db-* *", false),
            ("!*", false),
            ("db-*", false),
            ("", false),
        ] {
            assert_eq!(Pattern::new(pattern).matches_all(), expected, "`{pattern}`");
        }
    }

    #[test]
    fn keeps_what_was_written() {
        assert_eq!(Pattern::new(" a  !b ").as_str(), " a  !b ");
        assert_eq!(format!("{:?}", Pattern::new("a*")), r#"Pattern("a*")"#);
    }
}
