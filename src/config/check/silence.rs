//! The times of a silence against each other.

use super::super::reader::Item;
use crate::config::calendar::Moment;

/// What says when a silence is.
const TIMES: &str = "`every` with `for`, or `from`, `until` or both";

/// Either days with a length, or a begin with an end; what may be left out is.
pub(super) fn times(silence: &Item<'_>) {
    let [every, length, from, until] = ["every", "for", "from", "until"].map(|key| silence.child(key));
    if every.is_there() {
        for once in [&from, &until].into_iter().filter(|once| once.is_there()) {
            once.refuse_as::<()>("it beside `every`", "either `every` with `for`, or `from` and `until`");
        }
        if !length.is_there() {
            length.missing::<()>("how long it lasts, such as `\"15h\"`");
        }
        return;
    }
    if !(length.is_there() || from.is_there() || until.is_there()) {
        every.missing::<()>(TIMES);
    }
    if length.is_there() && until.is_there() {
        until.refuse_as::<()>("it beside `for`", "one of the two");
    } else if length.is_there() && !from.is_there() {
        from.missing::<()>("when it begins, such as `\"2026-12-24T18:00\"`, or `every`");
    }
    let read =
        |item: &Item<'_>| Moment::parse(&item.text().map(str::to_owned).or_else(|| item.date_or_time())?);
    if let (Some(begin), Some(end)) = (read(&from), read(&until))
        && end <= begin
    {
        until.refuse::<()>(format!("a time after `from`, which is {begin}"));
    }
}
