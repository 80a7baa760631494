//! Keys as 0.1.0 wrote them, for alerts that are open under one.

use super::{MARK, fold as fold_case, is_control, push_hash};

pub(super) fn push_part(key: &mut String, part: &str) {
    let folded = fold(part);
    key.push_str(&folded);
    if folded != *part {
        key.push(MARK);
        push_hash(key, part, 3);
    }
}

pub(super) fn fold(part: &str) -> String {
    let folded = fold_case(part);
    let trimmed = folded.trim_matches(|c: char| c.is_whitespace() || is_control(c));
    trimmed.chars().map(|c| if is_control(c) { '_' } else { c }).collect()
}
