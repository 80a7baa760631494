//! The part of a line that fits, cut between whole characters as the terminal shows them (graphemes).

use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

/// The part of a line around the cursor that fits into `width` columns, and the cursor's column in it. The
/// line moves only as far left as the cursor needs.
pub(super) fn around(before: &str, after: &str, width: u16) -> (String, u16) {
    let room = usize::from(width);
    // The cursor covers the character that it stands on, or one column at the end.
    let under = after.graphemes(true).next().map_or(1, |grapheme| grapheme.width().max(1));
    let Some(room_before) = room.checked_sub(under) else { return (String::new(), 0) };
    let shown = suffix(before, room_before);
    let cursor = shown.width();
    let rest = prefix(after, room - cursor);
    (format!("{shown}{rest}"), u16::try_from(cursor).unwrap_or(u16::MAX))
}

/// As much of the beginning as fits.
pub(super) fn prefix(text: &str, room: usize) -> &str {
    let mut used = 0;
    for (at, grapheme) in text.grapheme_indices(true) {
        used += grapheme.width();
        if used > room {
            return text.get(..at).unwrap_or_default();
        }
    }
    text
}

/// As much of the end as fits.
pub(super) fn suffix(text: &str, room: usize) -> &str {
    let mut used = 0;
    for (at, grapheme) in text.grapheme_indices(true).rev() {
        used += grapheme.width();
        if used > room {
            return text.get(at + grapheme.len()..).unwrap_or_default();
        }
    }
    text
}

/// What is left of a line when its first `columns` are cut off; half a wide character becomes a space.
pub(super) fn skip(text: &str, columns: usize) -> String {
    let start = prefix(text, columns);
    let rest = text.get(start.len()..).unwrap_or_default();
    let mut graphemes = rest.graphemes(true);
    match graphemes.next() {
        Some(halved) if start.width() < columns => {
            format!(" {}", rest.get(halved.len()..).unwrap_or_default())
        }
        _ => rest.to_owned(),
    }
}
