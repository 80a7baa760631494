//! How the reader takes an answer, in whatever pieces it comes, and what it leaves to others.

use std::collections::HashMap;
use std::sync::Arc;

use super::AlertStream;
use crate::alert::{AlertId, NodeId, Status};
use crate::netdata::node_index::NodeIndex;
use crate::netdata::{Followed, Resting};

const ANSWER: &str = r#"{"api": 2, "nodes": [{"mg": "G", "nm": "a \"b\" {", "ni": 7}], "alerts": [{"ni": [1]}],
    "alert_instances": [{"ni": 7, "nm": "x]}", "ch": "c", "st": "WARNING", "sum": "\\"}, {"ni": 7, "nm": "y",
    "ch": "c", "st": "CRITICAL", "list": [{}]}], "timings": {"total_ms": 0.1}}"#;

/// The names of what is raised, from an answer that comes in pieces of so many bytes.
fn read(answer: &str, length: usize) -> Option<Vec<String>> {
    let mut stream = AlertStream::new(NodeIndex::everywhere(), Arc::new(HashMap::new()));
    for piece in answer.as_bytes().chunks(length) {
        stream.take(piece);
    }
    let (listing, _) = stream.end()?;
    Some(listing.sightings.into_iter().map(|seen| seen.alert.name).collect())
}

#[test]
fn reads_the_same_however_it_comes() {
    for length in 1..=ANSWER.len() {
        assert_eq!(read(ANSWER, length).unwrap(), ["x]}", "y"], "in pieces of {length}");
    }
    let empty = r#"{"nodes": [], "alert_instances": []}"#;
    assert_eq!(read(empty, 1).unwrap(), [""; 0]);
}

const RAISED: &str = r#"{"nodes": [{"mg": "g", "nm": "db", "ni": 0}], "alert_instances": [{"ni": 0, "nm": "cpu",
    "ch": "c", "st": "WARNING", "tr_i": "u", "tr_t": 5, "to": "sysadmin", "info": "x"}]}"#;

/// Whether the alert of an answer is passed over; `None` if the answer is odd.
fn passes_over(answer: &str, mentioned: bool) -> Option<bool> {
    let node = NodeId { guid: "g".into(), host: "db".into() };
    let alert = AlertId { node: Arc::new(node), chart: "c".into(), name: "cpu".into() };
    let resting = Some(Resting { status: Status::Warning, silent: false, place: 0 });
    let known = Followed { transition: "u".into(), resting, ..Followed::default() };
    let followed = Arc::new(HashMap::from([(alert.clone(), known)]));
    let mut stream = AlertStream::new(NodeIndex::everywhere(), followed);
    stream.settled = 10;
    stream.mentioned.extend(mentioned.then_some(alert));
    stream.take(answer.as_bytes());
    let (listing, _) = stream.end()?;
    let shown: Vec<&str> = listing.sightings.iter().map(|seen| seen.alert.name.as_str()).collect();
    assert_eq!(shown, if listing.at_rest.has(0) { &[][..] } else { &["cpu"] }, "{answer}");
    Some(listing.at_rest.has(0))
}

#[test]
fn passes_over_what_is_as_it_was_and_nothing_else() {
    assert_eq!(passes_over(RAISED, false), Some(true));
    assert_eq!(passes_over(RAISED, true), Some(false), "the log mentions it");
    for (was, is) in [
        ("WARNING", "CRITICAL"),
        ("WARNING", "CLEAR"),
        (r#""tr_i": "u""#, r#""tr_i": "v""#),
        (r#""tr_t": 5"#, r#""tr_t": 10"#),
        ("sysadmin", "silent"),
    ] {
        assert_eq!(passes_over(&RAISED.replace(was, is), false), Some(false), "{is}");
    }
    let (head, alert) = RAISED.split_once("[{\"ni\": 0, \"nm\": \"cpu\"").unwrap();
    let alert = format!("{{\"ni\": 0, \"nm\": \"cpu\"{}", alert.trim_end_matches("]}"));
    for other in [alert.clone(), alert.replace("WARNING", "CRITICAL")] {
        for both in [[&alert, &other], [&other, &alert]] {
            let answer = format!("{head}[{}, {}]}}", both[0], both[1]);
            assert_eq!(passes_over(&answer, false), None, "{answer}");
        }
    }
}

#[test]
fn leaves_what_is_odd_to_others() {
    let long = ANSWER.replace("}}", "");
    for odd in [
        "",
        "[]",
        "<html>",
        "{}",
        r#"{"nodes": []}"#,
        r#"{"alert_instances": [], "nodes": []}"#,
        r#"{"nodes": [], "nodes": [], "alert_instances": []}"#,
        r#"{"nodes": [], "alert_instances": null}"#,
        r#"{"nodes": [], "alert_instances": [null]}"#,
        r#"{"nodes": [], "alert_instances": ["x"]}"#,
        r#"{"nodes": [], "alert_instances": [[]]}"#,
        r#"{"nodes": [], "alert_instances": [{"nm": "a", "nm": "b"}]}"#,
        r#"{"nodes": [], "alert_instances": [{"v": nan}]}"#,
        r#"{"nodes": [], "alert_instances": []}}"#,
        &long,
    ] {
        for length in [1, 7, 1000] {
            assert_eq!(read(odd, length), None, "{odd}");
        }
    }
}
