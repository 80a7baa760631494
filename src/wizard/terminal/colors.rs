//! Colours as every terminal with colours knows them.
//!
//! crossterm writes each of the sixteen as one of 256 (`38;5;6`), which older terminals and some consoles do not read:
//! they take the numbers for underlined and blinking. Here they become `36`.

/// A frame with its colours in their oldest form.
pub(super) fn sixteen(frame: &[u8]) -> Vec<u8> {
    let mut written = Vec::with_capacity(frame.len());
    let mut rest = frame;
    while let Some(at) = rest.windows(2).position(|two| two == b"\x1b[") {
        let (before, after) = rest.split_at(at + 2);
        written.extend_from_slice(before);
        let length = after.iter().take_while(|byte| matches!(byte, b'0'..=b'9' | b';')).count();
        let (parameters, after) = after.split_at(length);
        match after.first() {
            Some(b'm') => written.extend_from_slice(style(parameters).as_bytes()),
            _ => written.extend_from_slice(parameters),
        }
        rest = after;
    }
    written.extend_from_slice(rest);
    written
}

/// The parameters of a style.
fn style(parameters: &[u8]) -> String {
    let text = String::from_utf8_lossy(parameters);
    let mut numbers = text.split(';').map(str::to_owned).peekable();
    let mut styles: Vec<String> = Vec::new();
    while let Some(number) = numbers.next() {
        let base = match number.as_str() {
            "38" => 30,
            "48" => 40,
            _ => {
                styles.push(number);
                continue;
            }
        };
        let (kind, color) = (numbers.next().unwrap_or_default(), numbers.next().unwrap_or_default());
        match color.parse::<u16>() {
            Ok(color) if kind == "5" && color < 8 => styles.push((base + color).to_string()),
            Ok(color) if kind == "5" && color < 16 => styles.push((base + 60 + color - 8).to_string()),
            _ => styles.extend([number, kind, color]),
        }
    }
    styles.join(";")
}

#[cfg(test)]
mod tests {
    use super::sixteen;

    #[test]
    fn writes_the_sixteen_in_their_oldest_form() {
        for (given, written) in [
            ("\x1b[38;5;6m", "\x1b[36m"),
            ("\x1b[38;5;14;49m\x1b[1mx", "\x1b[96;49m\x1b[1mx"),
            ("\x1b[39;48;5;1my", "\x1b[39;41my"),
            ("\x1b[38;5;200m", "\x1b[38;5;200m"),
            ("\x1b[2;5H38;5;6m", "\x1b[2;5H38;5;6m"),
            ("\x1b[m\x1b[0m", "\x1b[m\x1b[0m"),
            ("ü\x1b[", "ü\x1b["),
        ] {
            assert_eq!(String::from_utf8(sixteen(given.as_bytes())).unwrap(), written);
        }
    }
}
