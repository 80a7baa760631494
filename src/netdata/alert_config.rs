//! What both APIs say of how an alert is configured.

use std::sync::Arc;

use crate::alert::AlertConfig;
use crate::duration;
use crate::text::Shown;

/// Longest expression that is kept, characters.
const LONGEST: usize = 500;

/// An expression, such as `$this > 80`.
pub(super) fn expression(text: &str) -> Shown {
    Shown::line(text, LONGEST)
}

/// A look-up in the database, piece by piece, as the APIs give it. Times are seconds, those of the past negative.
pub(super) struct DatabaseLookup<'a> {
    pub(super) method: &'a str,
    pub(super) after: i64,
    pub(super) before: i64,
    pub(super) options: String,
    pub(super) dimensions: &'a str,
}

impl DatabaseLookup<'_> {
    /// In one line, as `health.d` has it: `average -10m unaligned of user,system`. Empty where there is none.
    pub(super) fn line(&self) -> Shown {
        if self.method.trim().is_empty() || self.after == 0 {
            return Shown::default();
        }
        let ago = |seconds: i64| {
            format!("{}{}", if seconds < 0 { "-" } else { "" }, duration::about(seconds.unsigned_abs()))
        };
        let mut words = vec![self.method.to_owned(), ago(self.after)];
        if self.before != 0 {
            words.push(format!("at {}", ago(self.before)));
        }
        words.push(self.options.clone());
        if !self.dimensions.trim().is_empty() {
            words.push(format!("of {}", self.dimensions));
        }
        expression(&words.join(" "))
    }
}

/// A configuration, if the agent said anything of it.
pub(super) fn known(config: AlertConfig) -> Option<Arc<AlertConfig>> {
    (!config.is_empty()).then(|| Arc::new(config))
}

/// Text without the six HTML entities that v1 writes.
pub(crate) fn without_entities(text: &str) -> String {
    if !text.contains('&') {
        return text.to_owned();
    }
    // `&amp;` last, so that nothing is decoded twice.
    [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#x27;", "'"), ("&#x2F;", "/"), ("&amp;", "&")]
        .iter()
        .fold(text.to_owned(), |text, (entity, character)| text.replace(entity, character))
}

#[cfg(test)]
mod tests {
    use super::{DatabaseLookup, LONGEST, expression, without_entities};

    fn look_up<'a>(
        method: &'a str,
        after: i64,
        before: i64,
        options: &str,
        of: &'a str,
    ) -> DatabaseLookup<'a> {
        DatabaseLookup { method, after, before, options: options.to_owned(), dimensions: of }
    }

    #[test]
    fn writes_a_look_up_as_netdata_does() {
        for (look_up, expected) in [
            (look_up("max", -60, 0, "unaligned", "load15"), "max -1m unaligned of load15"),
            (look_up("average", -600, -60, "", ""), "average -10m at -1m"),
            (
                look_up("sum", -600, 0, "absolute unaligned", " outbound "),
                "sum -10m absolute unaligned of outbound",
            ),
            (look_up("sum", i64::MIN, i64::MAX, "", ""), "sum -106751991167300d 15h at 106751991167300d 15h"),
            (look_up("", -60, 0, "unaligned", "user"), ""),
            (look_up("average", 0, 0, "unaligned", "user"), ""),
        ] {
            assert_eq!(look_up.line(), expected);
        }
    }

    #[test]
    fn keeps_no_expression_of_any_length_or_look() {
        let long = expression(&"x".repeat(1 << 20));
        assert_eq!(long.chars().count(), LONGEST);
        assert_eq!(expression("$this\u{1b}[31m\n >  5\u{202e}"), "$this [31m > 5");
    }

    #[test]
    fn decodes_entities_once() {
        assert_eq!(without_entities("$a &gt; 5 &amp;&amp; $b &lt; 1 &#x2F; 2"), "$a > 5 && $b < 1 / 2");
        assert_eq!(without_entities("&amp;gt; & &x;"), "&gt; & &x;");
    }
}
