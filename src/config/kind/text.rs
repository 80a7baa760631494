//! Texts: any text, one line, patterns.

use super::Kind;
use crate::config::pattern::Pattern;
use crate::config::reader::Item;
use crate::config::row::Shape;

/// Any text.
pub(in crate::config) struct Text;

/// The value of a label.
pub(in crate::config) struct Label;

/// What a person reads: one line, not empty, trimmed.
pub(in crate::config) struct OneLine;

/// A user name for basic authentication, where a colon ends it (RFC 7617).
pub(in crate::config) struct Username;

/// A simple pattern of Netdata on host names.
pub(in crate::config) struct HostPattern;

/// A simple pattern on the value of a host label.
pub(in crate::config) struct LabelPattern;

/// A simple pattern on what an alert has: its name, its chart, its recipients.
pub(in crate::config) struct WordPattern;

impl OneLine {
    /// The line in a text, if it is one.
    pub(in crate::config) fn parse(text: &str) -> Option<String> {
        let line = text.trim();
        (!line.is_empty() && !line.chars().any(char::is_control)).then(|| line.to_owned())
    }
}

impl Kind for Text {
    type Value = String;
    const ALLOWED: &'static str = "a text in quotes";

    #[cfg(test)]
    const SAMPLES: [&'static [&'static str]; 2] =
        [&[r#""""#, r##"'a "#[x]='"##, r#""a\nb""#], &["1", r#"["a"]"#, r#"{ a = "b" }"#]];

    fn read(item: &Item<'_>) -> Option<String> {
        item.text().map(str::to_owned).or_else(|| item.refuse(Self::ALLOWED))
    }

    fn shape(_: Option<&String>) -> Shape {
        Shape::Text
    }
}

impl Kind for Label {
    type Value = String;
    const ALLOWED: &'static str = "a text in quotes (ilert takes no other labels)";

    #[cfg(test)]
    const SAMPLES: [&'static [&'static str]; 2] = [&[r#""""#, r#""prod""#], &["1", "true"]];

    fn read(item: &Item<'_>) -> Option<String> {
        item.text().map(str::to_owned).or_else(|| item.refuse(Self::ALLOWED))
    }

    fn shape(_: Option<&String>) -> Shape {
        Shape::Text
    }
}

impl Kind for OneLine {
    type Value = String;
    const ALLOWED: &'static str = "one line of text, not empty";

    #[cfg(test)]
    const SAMPLES: [&'static [&'static str]; 2] =
        [&[r#""x""#, r##"'a "#[x]='"##], &[r#"" ""#, r#""a\nb""#, "5"]];

    fn read(item: &Item<'_>) -> Option<String> {
        item.text().and_then(Self::parse).or_else(|| item.refuse(Self::ALLOWED))
    }

    fn shape(_: Option<&String>) -> Shape {
        Shape::Matching(r"^\s*[^\s\x00-\x1f\x7f-\x9f]([^\x00-\x1f\x7f-\x9f]*[^\s\x00-\x1f\x7f-\x9f])?\s*$")
    }
}

impl Kind for Username {
    type Value = String;
    const ALLOWED: &'static str = OneLine::ALLOWED;

    #[cfg(test)]
    const SAMPLES: [&'static [&'static str]; 2] = [&[r#""me""#], &[r#""a:b""#, r#""""#, "false"]];

    fn read(item: &Item<'_>) -> Option<String> {
        let name = OneLine::read(item)?;
        if name.contains(':') { item.refuse("a user name without a colon") } else { Some(name) }
    }

    fn shape(_: Option<&String>) -> Shape {
        Shape::Matching(r"^\s*[^\s:\x00-\x1f\x7f-\x9f]([^:\x00-\x1f\x7f-\x9f]*[^\s:\x00-\x1f\x7f-\x9f])?\s*$")
    }
}

impl Kind for HostPattern {
    type Value = Pattern;
    const ALLOWED: &'static str =
        "a simple pattern with a word that is not negated, such as `\"!db-test* db-*\"`,";

    #[cfg(test)]
    const SAMPLES: [&'static [&'static str]; 2] =
        [&[r#""*""#, r#""!db-test* db-*""#], &[r#""""#, r#""!a""#, "1"]];

    fn read(item: &Item<'_>) -> Option<Pattern> {
        pattern(item, Self::ALLOWED)
    }

    fn shape(_: Option<&Pattern>) -> Shape {
        Shape::Matching(r"(^|\s)[^\s!]")
    }
}

impl Kind for LabelPattern {
    type Value = Pattern;
    const ALLOWED: &'static str = "a simple pattern for the label's value, such as `\"prod*\"`,";

    #[cfg(test)]
    const SAMPLES: [&'static [&'static str]; 2] = HostPattern::SAMPLES;

    fn read(item: &Item<'_>) -> Option<Pattern> {
        pattern(item, Self::ALLOWED)
    }

    fn shape(_: Option<&Pattern>) -> Shape {
        Shape::Matching(r"(^|\s)[^\s!]")
    }
}

impl Kind for WordPattern {
    type Value = Pattern;
    const ALLOWED: &'static str =
        "a simple pattern with a word that is not negated, such as `\"!disk_space* disk_*\"`,";

    #[cfg(test)]
    const SAMPLES: [&'static [&'static str]; 2] = HostPattern::SAMPLES;

    fn read(item: &Item<'_>) -> Option<Pattern> {
        pattern(item, Self::ALLOWED)
    }

    fn shape(_: Option<&Pattern>) -> Shape {
        Shape::Matching(r"(^|\s)[^\s!]")
    }
}

/// A pattern that something can match.
fn pattern(item: &Item<'_>, allowed: &str) -> Option<Pattern> {
    let pattern = item.text().map(Pattern::new).filter(Pattern::can_match);
    pattern.or_else(|| item.refuse(allowed))
}
