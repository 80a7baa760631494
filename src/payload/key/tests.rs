use std::sync::Arc;

use proptest::prelude::*;

use super::{LONGEST_KEY, Scheme, alert_key};
use crate::alert::{AlertId, NodeId};
use crate::payload::{KeyKind, Subject};

const GUID: &str = "5c6fb82f-092b-4509-83f1-ab7e4de141ad";

fn node(host: &str, guid: &str) -> NodeId {
    NodeId { guid: guid.into(), host: host.into() }
}

fn alert(host: &str, guid: &str, chart: &str, name: &str) -> Subject {
    Subject::Alert(AlertId { node: Arc::new(node(host, guid)), chart: chart.into(), name: name.into() })
}

#[test]
fn ordinary_names_are_in_the_key_as_they_are() {
    let reads = |chart: &str, name: &str| {
        let subject = alert("db-1", GUID, chart, name);
        let key = format!("netdata/db-1/{GUID}/{chart}/{name}/critical");
        for scheme in [Scheme::V1, Scheme::V2] {
            assert_eq!(scheme.key(&subject, KeyKind::Critical), key);
        }
    };
    reads("disk_space._var", "disk_space_usage");
    // Charts as agents name them.
    reads("disk_space./", "disk_space_usage");
    reads("disk_space./var/lib", "disk_space_usage");
    reads("systemd_unit.foo@bar:1, x", "höhe [5] (a) $this");
    let node = Subject::Node(node("db-1", GUID));
    assert_eq!(alert_key(&node, KeyKind::Unreachable), format!("netdata/db-1/{GUID}/unreachable"));
}

#[test]
fn marks_what_it_changed() {
    // printf 'disk_util.sdA' | sha256sum
    let key = alert_key(&alert("db-1", GUID, "disk_util.sdA", "Busy disk"), KeyKind::Warning);
    assert_eq!(key, format!("netdata/db-1/{GUID}/disk_util.sda~27b253/busy disk~42c5d0/warning"));
    assert_eq!(
        alert_key(&Subject::Node(node("DB-1", "g")), KeyKind::Unreachable),
        "netdata/db-1~fe6b89/g/unreachable"
    );
}

#[test]
fn writes_what_would_be_misread_as_bytes() {
    let key = alert_key(&alert("a/b", "g/h", "c/d%~\u{1b}", "e/f\u{2028}"), KeyKind::Warning);
    assert_eq!(key, "netdata/a%2fb/g%2fh/c/d%25%7e%1b/e%2ff%e2%80%a8/warning");
}

#[test]
fn what_nobody_sees_is_written_as_bytes() {
    for unseen in
        "\u{200b}\u{ad}\u{61c}\u{180e}\u{fe0f}\u{3164}\u{e0041}\u{200d}\u{2060}\u{fff9}\u{e000}\u{10ffff}"
            .chars()
    {
        let part = format!("a{unseen}b");
        let bytes = unseen.to_string().bytes().fold(String::new(), |all, byte| format!("{all}%{byte:02x}"));
        let written = format!("a{bytes}b");
        let key = alert_key(&alert(&part, &part, &part, &part), KeyKind::Critical);
        assert_eq!(key, format!("netdata/{written}/{written}/{written}/{written}/critical"), "{unseen:?}");
        assert_eq!(Scheme::V2.name(&written), part);
        // What 0.1.0 opened is resolved under the key that it had.
        let before = Scheme::V1.key(&alert("h", "g", "c", &part), KeyKind::Critical);
        assert_eq!(before, format!("netdata/h/g/c/{part}/critical"));
    }
}

#[test]
fn what_shared_a_key_under_the_first_scheme_has_its_own() {
    let tail = "0123456789abcdef";
    for (a, b) in [
        (alert("h", "g", "c/d", "e"), alert("h", "g", "c", "d/e")),
        (alert("a/b", "g", "c", "d"), alert("a", "b/g", "c", "d")),
        (alert("H", "g", "c", "d"), alert("h", "g", "c", "d")),
        // What the hash of a changed name looks like, written by hand.
        (alert("h", "g", "disk_util.sdA", "d"), alert("h", "g", "disk_util.sda~27b253", "d")),
        (Subject::Node(node("h", "g/c")), Subject::Node(node("h/g", "c"))),
        (Subject::Node(node("h\n", "g")), Subject::Node(node("h", "g"))),
        (Subject::Node(node("h\tx", "g")), Subject::Node(node("h_x", "g"))),
    ] {
        assert_eq!(Scheme::V1.key(&a, KeyKind::Warning), Scheme::V1.key(&b, KeyKind::Warning));
        assert_ne!(alert_key(&a, KeyKind::Warning), alert_key(&b, KeyKind::Warning));
    }
    for (a, b) in [
        (alert("h", "g", "c", "%2f"), alert("h", "g", "c", "/")),
        (alert("h", "g", "", "unreachable"), alert("h", "g", "unreachable", "")),
        (alert("h", "g", "", ""), Subject::Node(node("h", "g"))),
        (
            alert("h", "g", "c", &"x".repeat(300)),
            alert("h", "g", "c", &format!("{}~{tail}", "x".repeat(211))),
        ),
    ] {
        assert_ne!(alert_key(&a, KeyKind::Warning), alert_key(&b, KeyKind::Warning));
    }
}

#[test]
fn keeps_the_level_of_a_long_one_readable() {
    let chart = "ж".repeat(300);
    let warning = alert_key(&alert("db-1", GUID, &chart, "a"), KeyKind::Warning);
    let other = alert_key(&alert("db-1", GUID, &chart, "b"), KeyKind::Warning);
    assert!(warning.len() <= LONGEST_KEY && warning.len() > LONGEST_KEY - 4, "{}", warning.len());
    assert!(warning.starts_with(&format!("netdata/db-1/{GUID}/жж")) && warning.ends_with("/warning"));
    assert_ne!(warning, other);
}

/// Names that provoke: what has a meaning in a key, what folding changes, what looks like a hash, long ones.
fn part() -> impl Strategy<Value = String> + Clone {
    prop_oneof![
        4 => "[/~%Aa0f. ]{0,4}",
        2 => "[sSſßẞKKkıİiIσςΣéŉǅΐ]{1,3}",
        1 => "[aA](~[0a]{6}|%2f|%7e|/warning|/critical|/unreachable)?",
        1 => "[/~%a]{0,2}[\n\t\u{1b}\u{85}\u{2028}\u{202e}\u{feff}_]{0,2}",
        1 => "[a\u{200b}\u{ad}\u{3164}\u{fe0f}\u{e0041}\u{e000}]{0,3}",
        1 => "[aAж/~]{100,160}",
        1 => any::<String>(),
    ]
}

fn subject() -> impl Strategy<Value = Subject> {
    let node = (part(), part()).prop_map(|(host, guid)| NodeId { guid, host });
    let alert = (node.clone(), part(), part())
        .prop_map(|(node, chart, name)| Subject::Alert(AlertId { node: Arc::new(node), chart, name }));
    prop_oneof![1 => node.prop_map(Subject::Node), 4 => alert]
}

fn kind() -> impl Strategy<Value = KeyKind> {
    prop_oneof![Just(KeyKind::Warning), Just(KeyKind::Critical), Just(KeyKind::Unreachable)]
}

/// The same text cut into host, GUID, chart and name in two ways, which is where keys would meet.
fn pair() -> impl Strategy<Value = (Subject, Subject)> {
    let cut = |text: &str, mut at: Vec<usize>| {
        let letters: Vec<char> = text.chars().collect();
        for at in &mut at {
            *at %= letters.len() + 1;
        }
        at.sort_unstable();
        let part = |from: usize, to: usize| letters[from..to].iter().collect::<String>();
        alert(&part(0, at[0]), &part(at[0], at[1]), &part(at[1], at[2]), &part(at[2], letters.len()))
    };
    let at = || prop::collection::vec(0_usize..64, 3);
    let cuts = ("[/~%Aa0f.]{0,9}", at(), at())
        .prop_map(move |(text, one, other)| (cut(&text, one), cut(&text, other)));
    prop_oneof![(subject(), subject()), cuts]
}

proptest! {
    #![proptest_config(crate::regressions::properties(4096))]

    #[test]
    fn tells_apart_whatever_differs((a, b) in pair(), s in kind(), t in kind()) {
        let (left, right) = (alert_key(&a, s), alert_key(&b, t));
        prop_assert!(left.len() <= LONGEST_KEY);
        prop_assert!(left.starts_with("netdata/") && crate::text::is_clean(&left));
        prop_assert_eq!(&left.to_lowercase(), &left);
        prop_assert_eq!(left.trim(), &left);
        let same = (&a, s) == (&b, t);
        prop_assert_eq!(left == right, same);
        prop_assert_eq!(left.to_uppercase() == right.to_uppercase(), same);
    }
}
