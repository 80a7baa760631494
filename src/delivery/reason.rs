//! Why an alert or node is told, held or left alone. Noted where it is decided; `-v` prints it.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use super::entry::Waiting;
use super::silences::Muted;
use crate::alert::{Level, Status};
use crate::payload::Subject;
use crate::text::ago::moment;

/// Why an alert or node is told, held or left alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reason {
    /// An event is due.
    Due(String),
    /// An event waits out a rest after it was at fault (this machine's clock, milliseconds).
    Rests(String, i64),
    /// Netdata's own delay has not passed: it counts at this time (agent's clock, seconds).
    Delayed(Status, i64),
    /// Clear since then (agent's clock, seconds). This sender has seen less of it (milliseconds) than `resolve_after`.
    Clearing(i64, i64),
    /// Clear since then (agent's clock, seconds), and flapping; for how long that has been seen (milliseconds).
    Flapping(i64, i64),
    /// Gone from its node for so long (milliseconds), which is less than `removed_after`.
    Gone(i64),
    /// The agent's log does not have its last transition yet: its delay and silence are not known.
    NotInTheLog,
    /// Nothing is known of it.
    Unknown(Unknown),
    /// Netdata silences it.
    Silent,
    /// A storm tells it, or was to.
    InStorm(StormIs),
    /// A silence of this program's holds it back.
    Silenced(Muted),
    /// ilert has it.
    Told,
    /// ilert refused it for good.
    Refused,
    /// The notification types leave this level out.
    NotAmongTypes(Level),
    /// The notification types leave unreachable nodes out.
    UnreachableNotAmongTypes,
    /// It came and went, too long ago to be told.
    TooOld,
    /// A node is away for so long (milliseconds), which is less than `unreachable_after`.
    AwayForLess(i64),
    /// The agent answers again since so long (milliseconds): its nodes have time to come back.
    Grace(i64),
}

/// What became of the storm that an alert or node is a part of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StormIs {
    /// ilert has accepted it.
    Told,
    /// It waits to be sent.
    Waiting,
    /// ilert refused it for good.
    Refused,
}

/// Why nothing is known of an alert or node. Unknown is not clear: it changes nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unknown {
    /// The agent or parent does not answer.
    AgentAway,
    /// The parents that show its node (a host name) do not answer; others do.
    ParentsAway(String),
    /// Its node (a host name) is not listed.
    NotListed(String),
    /// Its node (a host name) is not reachable.
    NotReachable(String),
    /// No alerts are evaluated on its node (a host name).
    HealthDisabled(String),
    /// Netdata shows a status that is neither raised nor clear.
    Shown(Status),
    /// This agent or parent (a host name) has never shown the node reachable.
    NeverReachable(String),
}

impl Reason {
    /// The reason of a waiting event: it is due, or rests at this time (this machine's clock, milliseconds).
    #[must_use]
    pub fn of(event: &Waiting, now: i64) -> Self {
        let name = event.notice.name();
        if event.rests(now) { Self::Rests(name, event.rests_until) } else { Self::Due(name) }
    }

    /// In words. `now` is this machine's clock, milliseconds.
    #[must_use]
    pub fn words(&self, now: i64) -> String {
        match self {
            Self::Due(event) => format!("due: {event}"),
            Self::Rests(event, until) => format!(
                "rests until {}: {event}; ilert took others, not this one",
                moment(now, until / 1000)
            ),
            Self::Delayed(status, due) => {
                format!("held: {status} counts once Netdata's delay is over, at {}", moment(now, *due))
            }
            Self::Clearing(since, seen) => format!(
                "held: clear since {}, and seen so for {} s, less than `resolve_after`",
                moment(now, *since),
                seen / 1000
            ),
            Self::Flapping(since, seen) => format!(
                "held: clear since {}, and flapping: seen clear for {} s, less than 15 min",
                moment(now, *since),
                seen / 1000
            ),
            Self::Gone(seen) => {
                format!("held: gone for {} s, less than `removed_after`", seen / 1000)
            }
            Self::NotInTheLog => {
                "held: Netdata's log does not have its last transition yet, so its delay and silence are not known"
                    .to_owned()
            }
            Self::Unknown(why) => format!("unknown: {why}"),
            Self::Silent => {
                "silent: its recipients, or a silence in Netdata, say to notify nobody".to_owned()
            }
            Self::InStorm(StormIs::Told) => "told as one of a storm".to_owned(),
            Self::InStorm(StormIs::Waiting) => "waits to be told as one of a storm".to_owned(),
            Self::InStorm(StormIs::Refused) => {
                "not told: ilert refused the storm that it is one of".to_owned()
            }
            Self::Silenced(muted) => muted.in_words(now),
            Self::Told => "told already".to_owned(),
            Self::Refused => "failed: ilert refused it for good".to_owned(),
            Self::NotAmongTypes(level) => format!("not told: {level} is not among the notification types"),
            Self::UnreachableNotAmongTypes => {
                "not told: UNREACHABLE is not among the notification types".to_owned()
            }
            Self::TooOld => "came and went: over for more than 15 min, too late to send".to_owned(),
            Self::AwayForLess(seen) => {
                format!("held: away for {} s, less than `unreachable_after`", seen / 1000)
            }
            Self::Grace(seen) => format!(
                "held: away, but the agent answers again only since {} s, and its nodes come back one by one",
                seen / 1000
            ),
        }
    }

    /// Its weight among several reasons. "Told already" and "unknown" yield to any other.
    fn weight(&self) -> u8 {
        match self {
            Self::Told | Self::InStorm(StormIs::Told) => 0,
            Self::Unknown(_) => 1,
            _ => 2,
        }
    }
}

impl fmt::Display for Unknown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::AgentAway => f.write_str("the agent does not answer"),
            Self::ParentsAway(host) => write!(f, "the parents that show {host} do not answer"),
            Self::NotListed(host) => write!(f, "{host} is not listed"),
            Self::NotReachable(host) => write!(f, "{host} is not reachable"),
            Self::HealthDisabled(host) => write!(f, "no alerts are evaluated on {host}"),
            Self::Shown(status) => write!(f, "Netdata shows it as {status}"),
            Self::NeverReachable(own) => write!(f, "{own} has never shown it reachable"),
        }
    }
}

/// Why each alert and node is told, held or left alone in a run. Keeps only the reasons that decided.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reasons(BTreeMap<Subject, Vec<Reason>>);

impl Reasons {
    /// Notes a reason, and drops those of less weight; ignored if one of more weight is noted.
    pub fn note(&mut self, subject: &Subject, reason: Reason) {
        let noted = self.0.entry(subject.clone()).or_default();
        noted.retain(|known| known.weight() >= reason.weight());
        if noted.iter().all(|known| known.weight() <= reason.weight()) {
            noted.push(reason);
        }
    }

    /// Forgets what was noted of these: they are planned anew.
    pub fn forget(&mut self, subjects: &BTreeSet<Subject>) {
        self.0.retain(|subject, _| !subjects.contains(subject));
    }

    /// Each reason with what it is about, sorted by that.
    pub fn iter(&self) -> impl Iterator<Item = (&Subject, &Reason)> {
        self.0.iter().flat_map(|(subject, reasons)| reasons.iter().map(move |reason| (subject, reason)))
    }
}

#[cfg(test)]
mod tests {
    use super::{Reason, Reasons, Unknown};
    use crate::alert::NodeId;
    use crate::payload::Subject;

    #[test]
    fn keeps_what_decided() {
        let subject = Subject::Node(NodeId { guid: "g".into(), host: "h".into() });
        let kept = |reasons: &[Reason]| -> Vec<Reason> {
            let mut noted = Reasons::default();
            for reason in reasons {
                noted.note(&subject, reason.clone());
            }
            noted.iter().map(|(_, reason)| reason.clone()).collect()
        };
        let unknown = || Reason::Unknown(Unknown::AgentAway);
        let due = || Reason::Due("ALERT".into());
        assert_eq!(kept(&[Reason::Told]), [Reason::Told]);
        assert_eq!(kept(&[unknown(), Reason::Told]), [unknown()]);
        assert_eq!(kept(&[Reason::Told, unknown(), due()]), [due()]);
        assert_eq!(kept(&[due(), unknown(), Reason::Clearing(0, 0)]), [due(), Reason::Clearing(0, 0)]);
    }
}
