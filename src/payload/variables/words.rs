//! What a notice tells, in words: the level, the status, and why.

use super::word;
use crate::alert::Status;
use crate::duration;
use crate::payload::{Action, KeyKind, Notice, ResolveReason, Subject, TEST_ALERT};

/// The level, or what stands in its place.
pub(super) fn level(notice: &Notice) -> &'static str {
    match (&notice.subject, notice.kind) {
        (Subject::Alert(alert), _) if alert.name == TEST_ALERT => "TEST",
        (_, KeyKind::Warning) => Status::Warning.word(),
        (_, KeyKind::Critical) => Status::Critical.word(),
        (_, KeyKind::Unreachable) => "UNREACHABLE",
    }
}

/// The status in words. A node has a word of its own; an alert with an unknown status has none.
pub(super) fn statuses(notice: &Notice) -> (&'static str, &'static str) {
    if let (Subject::Storm(_), KeyKind::Critical | KeyKind::Warning) = (&notice.subject, notice.kind) {
        return match &notice.action {
            Action::Resolve(ResolveReason::Cleared) => (Status::Clear.word(), level(notice)),
            _ => (level(notice), ""),
        };
    }
    if let Subject::Node(_) | Subject::Storm(_) = notice.subject {
        return match &notice.action {
            Action::Resolve(ResolveReason::Reachable | ResolveReason::Cleared) => {
                ("REACHABLE", "UNREACHABLE")
            }
            _ => ("UNREACHABLE", ""),
        };
    }
    let shown = |status: Status| match status {
        Status::Other | Status::Uninitialized => "",
        status => status.word(),
    };
    (shown(notice.facts.status), notice.facts.old_status.map_or("", shown))
}

/// Why a key is resolved, or what a comment says.
pub(super) fn reason(notice: &Notice, value: &str) -> String {
    let with_value = |words: &str, join: &str| {
        if value.is_empty() { words.to_owned() } else { format!("{words}{join}{value}") }
    };
    let why = match &notice.action {
        Action::Alert(_) => return String::new(),
        Action::Comment if notice.storm.is_some() => {
            return notice.storm.as_ref().map(|storm| storm.progress()).unwrap_or_default();
        }
        Action::Comment if notice.facts.status == Status::Clear => {
            let now = if matches!(notice.subject, Subject::Node(_)) { "reachable" } else { "clear" };
            return format!("{now} now, and flapping: resolved once it has been {now} for 15 min");
        }
        Action::Comment => {
            let status = notice.facts.status.word().to_lowercase();
            return with_value(&format!("now {status}"), ", ");
        }
        Action::Resolve(why) => why,
    };
    match why {
        ResolveReason::Cleared if notice.storm.is_some() => match notice.facts.duration {
            Some(seconds) if seconds > 0 => format!("all over after {}", duration::about(seconds)),
            _ => "all over".to_owned(),
        },
        ResolveReason::Cleared => with_value("cleared", ", now "),
        ResolveReason::Grown => with_value("became critical", ", now "),
        ResolveReason::Removed => "removed from Netdata".to_owned(),
        ResolveReason::Filtered => "no longer covered by the configuration".to_owned(),
        ResolveReason::Reachable => match notice.facts.duration {
            Some(seconds) if seconds > 0 => format!("reachable again after {}", duration::about(seconds)),
            _ => "reachable again".to_owned(),
        },
        ResolveReason::NodeGone => "the node is gone".to_owned(),
        ResolveReason::Renamed(name) => format!("the node is called {} now", word(name)),
        ResolveReason::Replaced => "replaced: another machine answers under this name".to_owned(),
        ResolveReason::NotWatched => {
            "no longer watched: another agent is asked, and it does not know the node".to_owned()
        }
        ResolveReason::Unlisted => "the node is no longer listed by its parent".to_owned(),
        ResolveReason::Ephemeral => "the node counts as ephemeral now: it may come and go".to_owned(),
        ResolveReason::Forgotten => "forgotten by hand".to_owned(),
        ResolveReason::HandedOver => "handed over: this alert source is not told any more".to_owned(),
        ResolveReason::Tested => "the test is over".to_owned(),
    }
}
