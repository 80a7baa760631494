//! The text that narrows a list of nodes or rooms down.

use crate::wizard::answers::Answers;
use crate::wizard::form::{Control, Row, field};

/// A list of no more is seen at once, and needs no text to find something in it.
const FEW: usize = 8;

impl Control {
    /// What is looked for in the list below.
    pub const FIND: Self = Self { row: &Row::new("find", "Find", field!(Text: notification.find)), at: 0 };
}

/// The text, where the list is long enough for one.
pub(super) fn control(count: usize) -> Option<Control> {
    (count > FEW).then_some(Control::FIND)
}

/// Whether a name has what is looked for in it, in whatever case.
pub(super) fn is_wanted(answers: &Answers, name: &str) -> bool {
    let wanted = answers.notification.find.value().trim();
    if wanted.is_empty() {
        return true;
    }
    if !name.is_ascii() || !wanted.is_ascii() {
        return name.to_lowercase().contains(&wanted.to_lowercase());
    }
    // There may be thousands of names, and they are looked through at each key.
    name.as_bytes().windows(wanted.len()).any(|part| part.eq_ignore_ascii_case(wanted.as_bytes()))
}
