//! Netdata's `health_alarm_notify.conf`, as far as it says whether Netdata's own sender tells ilert.
//!
//! It is a shell script that the sender sources: assignments, comments, functions. Only assignments of plain
//! values are understood here; one that the shell would have to compute counts as set, for a warning too
//! many is better than a page too many.
//!
//! The sender is on when `SEND_ILERT` is exactly `YES`, which is what Netdata's stock file and the script's
//! own defaults say, and `ILERT_ALERT_SOURCE_URL` (a Netdata source's URL) or, in newer agents,
//! `ILERT_INTEGRATION_KEY` is not empty. It has no recipients: `DEFAULT_RECIPIENT_ILERT` does nothing.

/// Whether a file with this text makes Netdata's own sender tell ilert.
#[must_use]
pub fn sends_to_ilert(text: &str) -> bool {
    let (mut on, mut url, mut key) = (true, false, false);
    for word in words(text) {
        let Some((name, value)) = word.split_once('=') else { continue };
        let computed = value.contains(['$', '`']);
        match name {
            "SEND_ILERT" => on = value == "YES" || computed,
            "ILERT_ALERT_SOURCE_URL" => url = !value.is_empty(),
            "ILERT_INTEGRATION_KEY" => key = !value.is_empty(),
            _ => {}
        }
    }
    on && (url || key)
}

/// The shell's words, without quotation marks and comments.
fn words(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut characters = text.chars().peekable();
    while let Some(c) = characters.next() {
        match c {
            '#' if word.is_none() => while characters.next_if(|c| *c != '\n').is_some() {},
            c if c.is_whitespace() || matches!(c, ';' | '&' | '|' | '(' | ')') => words.extend(word.take()),
            '\'' => {
                let word = word.get_or_insert_default();
                word.extend(characters.by_ref().take_while(|c| *c != '\''));
            }
            '"' => quoted(&mut characters, word.get_or_insert_default()),
            '\\' => match characters.next() {
                // A line that goes on.
                Some('\n') | None => {}
                Some(c) => word.get_or_insert_default().push(c),
            },
            c => word.get_or_insert_default().push(c),
        }
    }
    words.extend(word);
    words
}

/// What stands up to the closing double quotation mark.
fn quoted(characters: &mut impl Iterator<Item = char>, word: &mut String) {
    while let Some(c) = characters.next() {
        match c {
            '"' => return,
            '\\' => match characters.next() {
                Some('\n') | None => {}
                Some(c @ ('"' | '\\' | '$' | '`')) => word.push(c),
                Some(c) => word.extend(['\\', c]),
            },
            c => word.push(c),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::sends_to_ilert;

    #[test]
    fn tells_whether_the_sender_is_on() {
        for (text, on) in [
            // As Netdata ships it: on, but with nowhere to send to.
            ("# ilert\nSEND_ILERT=\"YES\"\nILERT_ALERT_SOURCE_URL=\"\"\n", false),
            (
                "SEND_ILERT=\"YES\"\nILERT_ALERT_SOURCE_URL=\"https://api.ilert.com/api/v1/events/netdata/x\"\n",
                true,
            ),
            ("SEND_ILERT='YES'\r\nILERT_INTEGRATION_KEY='x'\r\n", true),
            // Who sets a URL alone has the stock file's YES.
            ("ILERT_ALERT_SOURCE_URL=https://x", true),
            ("SEND_ILERT=\"NO\"\nILERT_ALERT_SOURCE_URL=x", false),
            ("SEND_ILERT=yes; ILERT_ALERT_SOURCE_URL=x", false),
            // The last one counts.
            ("SEND_ILERT=NO\nILERT_ALERT_SOURCE_URL=x\nSEND_ILERT=YES", true),
            ("ILERT_ALERT_SOURCE_URL=x\nILERT_ALERT_SOURCE_URL=''", false),
            ("#ILERT_ALERT_SOURCE_URL=x\n  # ILERT_INTEGRATION_KEY=x", false),
            ("ILERT_ALERT_SOURCE_URL= # none\n", false),
            ("ILERT_ALERT_SOURCE_URL=a#b", true),
            ("export ILERT_INTEGRATION_KEY=x", true),
            ("ILERT_INTEGRATION_KEY=\\\nx", true),
            // What the shell would compute.
            ("SEND_ILERT=\"${ON}\"\nILERT_INTEGRATION_KEY=\"$(cat /etc/key)\"", true),
            ("EMAIL_SENDER=\"me # SEND_ILERT=NO\nILERT_ALERT_SOURCE_URL=x\"", false),
            ("OTHER_ILERT_ALERT_SOURCE_URL=x\nDEFAULT_RECIPIENT_ILERT=sysadmin", false),
            ("custom_sender() { ILERT_INTEGRATION_KEY=\"not \\\" closed\n", true),
            ("", false),
        ] {
            assert_eq!(sends_to_ilert(text), on, "{text}");
        }
    }
}
