//! How 2.11's log cuts long texts: by bytes, even in the middle of a character.

/// Bytes of a name that the log keeps.
const NAME: usize = 47;

/// Whether a name in the log may be the beginning of a longer one; a shorter name is itself.
pub(super) fn may_be_cut(name: &str) -> bool {
    // A character that was cut was replaced by one of three bytes: that makes no name shorter.
    name.len() >= NAME
}

/// The part of a cut text that is intact: half a character at its end was replaced when the answer was read.
pub(super) fn left_of(text: &str) -> &str {
    text.trim_end_matches(char::REPLACEMENT_CHARACTER)
}
