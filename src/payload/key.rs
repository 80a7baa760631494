//! Alert keys: what ilert recognises an alert by.
//!
//! `netdata/{host}/{guid}/{chart}/{alert}/{warning|critical}` and `netdata/{host}/{guid}/unreachable`.
//! ilert trims keys and compares them without case, so a part is folded here, and a chart id or name that
//! folding (or making it printable) changed gets `~` and six hex digits of a hash of the original: two
//! charts that differ in case alone stay two alerts. Host names are without case anyway. The key says the
//! same on a child and on each of its parents.

use std::fmt::Write as _;

use sha2::{Digest, Sha256};

use super::{Subject, Tier};
use crate::text::is_control;

/// Longest key that is sent, in bytes; ilert publishes no limit.
pub const LONGEST_KEY: usize = 250;

/// Between a part and its hash.
const MARK: char = '~';

/// The key of one of a subject's alerts in ilert: printable, one line, at most [`LONGEST_KEY`] bytes,
/// and different for different subjects and tiers even where case is ignored.
#[must_use]
pub fn alert_key(subject: &Subject, tier: Tier) -> String {
    let (node, alert) = match subject {
        Subject::Alert(alert) => (&*alert.node, Some(alert)),
        Subject::Node(node) => (node, None),
    };
    let mut key = String::from("netdata");
    for part in [&node.host, &node.guid] {
        key.push('/');
        key.push_str(&fold(part));
    }
    for part in alert.into_iter().flat_map(|alert| [&alert.chart, &alert.name]) {
        let folded = fold(part);
        key.push('/');
        key.push_str(&folded);
        if folded != *part {
            key.push(MARK);
            push_hash(&mut key, part, 3);
        }
    }
    let level = match tier {
        Tier::Warning => "/warning",
        Tier::Critical => "/critical",
        Tier::Unreachable => "/unreachable",
    };
    shorten(&mut key, LONGEST_KEY - level.len());
    key.push_str(level);
    key
}

fn fold(part: &str) -> String {
    // There and back, so that characters which only upper case makes equal (`ſ` and `s`) are folded, too.
    let folded = part.to_lowercase().to_uppercase().to_lowercase();
    let trimmed = folded.trim_matches(|c: char| c.is_whitespace() || is_control(c));
    trimmed.chars().map(|c| if is_control(c) { '_' } else { c }).collect()
}

/// Replaces the tail of what is longer than `limit` bytes by 16 hex digits of a hash of the whole.
fn shorten(key: &mut String, limit: usize) {
    const HASH: usize = 8;
    if key.len() <= limit {
        return;
    }
    let whole = key.clone();
    let mut keep = limit.saturating_sub(2 * HASH + MARK.len_utf8());
    while !key.is_char_boundary(keep) {
        keep -= 1;
    }
    key.truncate(keep);
    key.push(MARK);
    push_hash(key, &whole, HASH);
}

fn push_hash(key: &mut String, of: &str, bytes: usize) {
    for byte in Sha256::digest(of.as_bytes()).iter().take(bytes) {
        // Writing into a `String` cannot fail.
        let _ = write!(key, "{byte:02x}");
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use proptest::prelude::*;

    use super::{LONGEST_KEY, alert_key};
    use crate::alert::{AlertId, NodeId};
    use crate::payload::{Subject, Tier};
    use crate::regressions::properties;

    const GUID: &str = "5c6fb82f-092b-4509-83f1-ab7e4de141ad";

    fn alert(host: &str, guid: &str, chart: &str, name: &str) -> Subject {
        let node = Arc::new(NodeId { guid: guid.into(), host: host.into() });
        Subject::Alert(AlertId { node, chart: chart.into(), name: name.into() })
    }

    #[test]
    fn reads_as_documented() {
        let subject = alert("db-1", GUID, "disk_space._var", "disk_space_usage");
        assert_eq!(
            alert_key(&subject, Tier::Critical),
            format!("netdata/db-1/{GUID}/disk_space._var/disk_space_usage/critical")
        );
        let node = Subject::Node(NodeId { guid: GUID.into(), host: "db-1".into() });
        assert_eq!(alert_key(&node, Tier::Unreachable), format!("netdata/db-1/{GUID}/unreachable"));
    }

    #[test]
    fn marks_what_it_changed() {
        // printf 'disk_util.sdA' | sha256sum
        let key = alert_key(&alert("db-1", GUID, "disk_util.sdA", "Busy disk"), Tier::Warning);
        assert_eq!(key, format!("netdata/db-1/{GUID}/disk_util.sda~27b253/busy disk~42c5d0/warning"));
    }

    #[test]
    fn keeps_the_level_of_a_long_one_readable() {
        let chart = "ж".repeat(300);
        let warning = alert_key(&alert("db-1", GUID, &chart, "a"), Tier::Warning);
        let other = alert_key(&alert("db-1", GUID, &chart, "b"), Tier::Warning);
        assert!(warning.len() <= LONGEST_KEY && warning.len() > LONGEST_KEY - 4, "{}", warning.len());
        assert!(warning.starts_with(&format!("netdata/db-1/{GUID}/жж")) && warning.ends_with("/warning"));
        assert_ne!(warning, other);
    }

    fn part() -> impl Strategy<Value = String> + Clone {
        prop_oneof!["[aA \n]{0,3}", "[sSſßẞKKkıİiIσςΣé]{1,2}", "[^/~]{0,4}", "[a-zA-Z0-9_.]{0,200}"]
    }

    fn subject() -> impl Strategy<Value = Subject> {
        let node = ("[a-z0-9.-]{1,60}", "[a-f0-9-]{1,36}").prop_map(|(host, guid)| NodeId { guid, host });
        let alert = (node.clone(), part(), part())
            .prop_map(|(node, chart, name)| Subject::Alert(AlertId { node: Arc::new(node), chart, name }));
        prop_oneof![1 => node.prop_map(Subject::Node), 4 => alert]
    }

    fn tier() -> impl Strategy<Value = Tier> {
        prop_oneof![Just(Tier::Warning), Just(Tier::Critical), Just(Tier::Unreachable)]
    }

    proptest! {
        #![proptest_config(properties(2048))]

        #[test]
        fn tells_apart_whatever_differs(a in subject(), b in subject(), s in tier(), t in tier()) {
            let (left, right) = (alert_key(&a, s), alert_key(&b, t));
            prop_assert!(left.len() <= LONGEST_KEY);
            prop_assert!(left.starts_with("netdata/") && !left.contains(crate::text::is_control));
            let same = (&a, s) == (&b, t);
            prop_assert_eq!(left == right, same);
            prop_assert_eq!(left.to_lowercase() == right.to_lowercase(), same);
            prop_assert_eq!(left.to_uppercase() == right.to_uppercase(), same);
        }
    }
}
