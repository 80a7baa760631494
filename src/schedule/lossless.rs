//! Turns a crontab's bytes into text and back without loss: a comment in Latin-1 is not UTF-8, and not ours to change.
//!
//! A byte that is no UTF-8 becomes a character for private use, as do the bytes of these very characters.

const FIRST: u32 = 0x0010_f700;

/// The text that stands for these bytes.
pub(super) fn text(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        for c in chunk.valid().chars() {
            match byte(c) {
                None => text.push(c),
                Some(_) => text.extend(c.encode_utf8(&mut [0; 4]).bytes().filter_map(stand_in)),
            }
        }
        text.extend(chunk.invalid().iter().copied().filter_map(stand_in));
    }
    text
}

/// The bytes that a text stands for.
pub(super) fn bytes(text: &str) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(text.len());
    for c in text.chars() {
        match byte(c) {
            Some(byte) => bytes.push(byte),
            None => bytes.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes()),
        }
    }
    bytes
}

fn stand_in(byte: u8) -> Option<char> {
    char::from_u32(FIRST + u32::from(byte))
}

fn byte(c: char) -> Option<u8> {
    u32::from(c).checked_sub(FIRST).and_then(|byte| u8::try_from(byte).ok())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{bytes, text};

    #[test]
    fn keeps_each_byte() {
        for given in
            [&b"# gr\xfc\xdfe\n* * * * * x\n"[..], "grüße".as_bytes(), "\u{10f7fc}".as_bytes(), b"\xf4\x8f"]
        {
            assert_eq!(bytes(&text(given)), given);
        }
        assert_eq!(text("grüße\n".as_bytes()), "grüße\n");
    }

    proptest! {
        #[test]
        fn whatever_they_are(given: Vec<u8>) {
            prop_assert_eq!(bytes(&text(&given)), given);
        }
    }
}
