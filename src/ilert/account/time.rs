//! Times that an alert source can be set to, in ISO 8601 and in words.

/// A time of grouping: one of those that ilert knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GroupingWindow(&'static str);

impl GroupingWindow {
    /// All, from 2 minutes to 24 hours.
    pub const ALL: [Self; 10] = [
        Self("PT2M"),
        Self("PT5M"),
        Self("PT15M"),
        Self("PT30M"),
        Self("PT1H"),
        Self("PT2H"),
        Self("PT4H"),
        Self("PT8H"),
        Self("PT12H"),
        Self("PT24H"),
    ];

    /// ilert's word, such as `PT15M`.
    #[must_use]
    pub fn word(self) -> &'static str {
        self.0
    }

    /// For people, such as `15 minutes`.
    #[must_use]
    pub fn label(self) -> String {
        label(self.0)
    }
}

/// After how long ilert resolves an alert by itself, also one that Netdata still shows. Nothing opens it again
/// before Netdata's next transition, so nobody gets this without having asked for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AutoResolution(&'static str);

impl AutoResolution {
    /// Those that are offered, from 10 minutes to 24 hours: the shortest and the longest that ilert takes.
    pub const ALL: [Self; 9] = [
        Self("PT10M"),
        Self("PT20M"),
        Self("PT30M"),
        Self("PT1H"),
        Self("PT2H"),
        Self("PT4H"),
        Self("PT8H"),
        Self("PT12H"),
        Self("PT24H"),
    ];

    /// ilert's word, such as `PT30M`.
    #[must_use]
    pub fn word(self) -> &'static str {
        self.0
    }

    /// For people, such as `30 minutes`.
    #[must_use]
    pub fn label(self) -> String {
        label(self.0)
    }
}

/// `PT2M` as `2 minutes`, `PT1H` as `1 hour`; a word of another form as it is.
fn label(word: &str) -> String {
    let unit = |word: &str, letter, one: &str, more: &str| {
        let number = word.strip_prefix("PT")?.strip_suffix(letter)?.parse::<u32>().ok()?;
        Some(format!("{number} {}", if number == 1 { one } else { more }))
    };
    unit(word, 'M', "minute", "minutes")
        .or_else(|| unit(word, 'H', "hour", "hours"))
        .unwrap_or_else(|| word.to_owned())
}

#[cfg(test)]
mod tests {
    use super::{AutoResolution, GroupingWindow, label};

    #[test]
    fn says_times_in_words() {
        for (word, words) in [
            ("PT1M", "1 minute"),
            ("PT2M", "2 minutes"),
            ("PT1H", "1 hour"),
            ("PT24H", "24 hours"),
            ("P1D", "P1D"),
        ] {
            assert_eq!(label(word), words);
        }
        let words = GroupingWindow::ALL
            .map(GroupingWindow::label)
            .into_iter()
            .chain(AutoResolution::ALL.map(AutoResolution::label));
        for words in words {
            assert!(
                words.ends_with("minutes") || words.ends_with("hour") || words.ends_with("hours"),
                "{words}"
            );
        }
    }
}
