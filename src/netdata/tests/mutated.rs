//! Recorded answers with something changed in them: a value, a type, a member twice, a list within a list, an odd
//! number, an odd text, an answer cut short. What is changed in one alert costs that alert alone, and nothing panics.

use proptest::prelude::*;
use proptest::sample::{Index, select};
use serde_json::Value;

use super::odd::block_on;
use super::server::{CannedReply, Server};
use super::*;
use crate::text::is_control;

/// Longest word about an answer, characters: a URL and what the parser says.
const LONGEST_ERROR: usize = 1000;

/// Stands where something is changed; no answer has it.
const HERE: &str = "@@here@@";

/// Words that stand in a value's place.
const ODD: [&str; 36] = [
    "1e999",
    "-1e999",
    "0x10",
    "-",
    "+5",
    "1.",
    ".5",
    "01",
    "nan",
    "-nan",
    "inf",
    "1.#INF",
    "NaN",
    "undefined",
    "True",
    "9223372036854775808",
    "-9223372036854775809",
    "18446744073709551616",
    "1e-999",
    "-0",
    "null",
    "true",
    "[]",
    "{}",
    "[[[[[[]]]]]]",
    "\"\"",
    "\" \"",
    "\"\\ud800\"",
    "\"\\u0000\"",
    "\"\u{202e}\u{1b}[31m\"",
    "\"a\nb\"",
    "\"say \"hi\"\"",
    "\"C:\\\"",
    "\"9999-99-99T99:99:99Z\"",
    "\"-9223372036854775808\"",
    "'single'",
];

/// What is done to a value.
#[derive(Clone, Debug)]
enum Change {
    Odd(&'static str),
    /// Within lists, so many deep.
    Nested(usize),
    /// So many bytes of text.
    Long(usize),
    /// Followed by the same again, and in an object by a member of a known name, too.
    Again(&'static str),
    /// Not there, and neither is what stands around it repaired.
    Gone,
}

impl Change {
    fn of(&self, value: &Value) -> String {
        match self {
            Self::Odd(word) => (*word).to_owned(),
            Self::Nested(depth) => format!("{}{value}{}", "[".repeat(*depth), "]".repeat(*depth)),
            Self::Long(length) => format!("\"{}\"", "ж".repeat(*length)),
            Self::Again(member) => format!("{value},\"{member}\":{value}"),
            Self::Gone => String::new(),
        }
    }

    /// Whether it made of an answer what is no JSON, and no repair can mend.
    fn breaks_the_grammar(&self, answer: &str) -> bool {
        let mended = match self {
            Self::Odd(word) => !word.contains(['\n', '\'']) && word.matches('"').count() <= 2,
            Self::Nested(_) | Self::Long(_) => true,
            Self::Again(_) | Self::Gone => false,
        };
        !mended && serde_json::from_str::<Value>(answer).is_err()
    }
}

fn change() -> impl Strategy<Value = Change> {
    prop_oneof![
        6 => select(&ODD[..]).prop_map(Change::Odd),
        1 => select(vec![1, 2, 100, 200, 2000]).prop_map(Change::Nested),
        1 => select(vec![50, 600, 9000, 70_000]).prop_map(Change::Long),
        4 => select(vec!["nm", "ch", "st", "ni", "name", "chart", "status"]).prop_map(Change::Again),
        1 => Just(Change::Gone),
    ]
}

/// The paths to every value in a value, itself first.
fn pointers(value: &Value, base: &str) -> Vec<String> {
    let mut all = vec![base.to_owned()];
    match value {
        Value::Array(list) => {
            for (index, element) in list.iter().enumerate() {
                all.extend(pointers(element, &format!("{base}/{index}")));
            }
        }
        Value::Object(members) => {
            for (name, member) in members {
                let name = name.replace('~', "~0").replace('/', "~1");
                all.extend(pointers(member, &format!("{base}/{name}")));
            }
        }
        _ => {}
    }
    all
}

/// The answer with these changes, each somewhere at or below a place.
fn changed(answer: &Value, below: &str, changes: &[(Index, Change)]) -> String {
    let mut text = String::new();
    let mut answer = answer.clone();
    for (index, change) in changes {
        let places = pointers(answer.pointer(below).unwrap_or(&Value::Null), below);
        let Some(place) = answer.pointer_mut(&places[index.index(places.len())]) else { continue };
        let new = change.of(&place.take());
        // What is changed already is a text that says so; it is changed once more or goes with what is around it.
        *place = Value::from(format!("{HERE}{}", text.len()));
        text.push_str(&new);
        text.push('\u{0}');
    }
    let mut printed = answer.to_string();
    let mut start = 0;
    while let Some(length) = text[start..].find('\u{0}') {
        let mark = format!("\"{HERE}{start}\"");
        printed = printed.replace(&mark, &text[start..start + length]);
        start += length + 1;
    }
    printed
}

fn recorded(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

struct Recorded {
    info: Value,
    nodes: Value,
    alerts: Value,
    log: Value,
}

impl Recorded {
    fn parent() -> Self {
        Self {
            info: recorded(fixture!("netdata-2.11/api_v3_info.json")),
            nodes: recorded(fixture!("netdata-2.11/parent/api_v3_nodes.json")),
            alerts: recorded(fixture!("netdata-2.11/parent/api_v3_alerts_raised.json")),
            log: recorded(fixture!("netdata-2.11/parent/api_v3_alert_transitions.json")),
        }
    }

    fn agent_1_37() -> Self {
        Self {
            info: recorded(fixture!("netdata-1.37/info.json")),
            nodes: Value::Null,
            alerts: recorded(fixture!("netdata-1.37/alarms-all.json")),
            log: recorded(fixture!("netdata-1.37/alarm_log.json")),
        }
    }
}

type Answers = [(&'static str, Vec<u8>)];

/// What is seen where these paths are answered so, and every other with 404.
fn observed(answers: &Answers, ask: Ask) -> Result<(Observation, Cursor), Error> {
    block_on(async {
        let server = Server::start().await;
        for (path, body) in answers {
            server.now(path, CannedReply::Bytes(body.clone()));
        }
        ask.of(&server).await
    })
}

fn v3(alerts: &str) -> Result<(Observation, Cursor), Error> {
    let recorded = Recorded::parent();
    let answers = [
        ("/api/v3/info", recorded.info.to_string().into_bytes()),
        ("/api/v3/nodes?options=minify", recorded.nodes.to_string().into_bytes()),
        (RAISED, alerts.into()),
    ];
    observed(&answers, Ask::default())
}

fn v1(alerts: &str) -> Result<(Observation, Cursor), Error> {
    let info = Recorded::agent_1_37().info.to_string().into_bytes();
    observed(&[("/api/v1/info", info), ("/api/v1/alarms?all", alerts.into())], Ask::default())
}

/// What is seen of every alert but those of this name and chart.
fn without(observation: &Observation, chart: &str, name: &str) -> Vec<(AlertId, crate::alert::AlertDetails)> {
    let others =
        observation.sightings.iter().filter(|seen| (&*seen.alert.chart, &*seen.alert.name) != (chart, name));
    others.map(|seen| (seen.alert.clone(), seen.facts.clone())).collect()
}

fn check(result: Result<(Observation, Cursor), Error>) -> Result<(), TestCaseError> {
    let said = match result {
        Ok((seen, _)) => [seen.notes, seen.gaps].concat(),
        Err(error) => vec![error.to_string()],
    };
    for said in said {
        prop_assert!(said.chars().count() <= LONGEST_ERROR, "{} characters: {said}", said.len());
        prop_assert!(!said.contains(is_control), "{said:?}");
    }
    Ok(())
}

proptest! {
    #![proptest_config(crate::regressions::properties(32))]

    #[test]
    fn what_is_changed_in_an_alert_of_v3_costs_that_alert(which: Index, place: Index, change in change()) {
        let mut answer = Recorded::parent().alerts;
        // Two of the many that are listed and clear: the fewer, the faster.
        answer["alert_instances"].as_array_mut().unwrap().retain(|one| one["st"] != "CLEAR");
        let count = answer["alert_instances"].as_array().unwrap().len();
        let index = which.index(count);
        let below = format!("/alert_instances/{index}");
        let of = |member: &str| answer.pointer(&below).unwrap()[member].as_str().unwrap().to_owned();
        let (chart, name) = (of("ch"), of("nm"));
        let whole = v3(&answer.to_string()).unwrap().0;
        prop_assert!(!without(&whole, "", "").is_empty());
        let text = changed(&answer, &below, &[(place, change.clone())]);
        match v3(&text) {
            Ok((seen, _)) => {
                let others = without(&seen, &chart, &name);
                let expected = without(&whole, &chart, &name);
                for other in &expected {
                    prop_assert!(others.contains(other), "{other:?} is not seen: {change:?}");
                }
            }
            Err(error) => prop_assert!(change.breaks_the_grammar(&text), "{error}: {change:?}"),
        }
    }

    #[test]
    fn what_is_changed_in_an_alarm_of_v1_costs_that_alarm(which: Index, place: Index, change in change()) {
        let answer = Recorded::agent_1_37().alerts;
        let names: Vec<_> = answer["alarms"].as_object().unwrap().keys().cloned().collect();
        let alarm = &answer["alarms"][which.get(&names)];
        let of = |member: &str| alarm[member].as_str().unwrap().to_owned();
        let (chart, name) = (of("chart"), of("name"));
        let whole = v1(&answer.to_string()).unwrap().0;
        let text = changed(&answer, &format!("/alarms/{}", which.get(&names)), &[(place, change.clone())]);
        match v1(&text) {
            Ok((seen, _)) => {
                let others = without(&seen, &chart, &name);
                for other in &without(&whole, &chart, &name) {
                    prop_assert!(others.contains(other), "{other:?} is not seen: {change:?}");
                }
            }
            Err(error) => prop_assert!(change.breaks_the_grammar(&text), "{error}: {change:?}"),
        }
    }

    #[test]
    fn whatever_is_changed_anywhere_in_v3_is_read_or_refused_in_few_words(
        changes in proptest::collection::vec((any::<Index>(), change()), 1..4),
        which in 0_usize..5,
        cut in proptest::option::weighted(0.3, any::<Index>()),
        bytes in proptest::option::weighted(0.3, (any::<Index>(), any::<u8>())),
    ) {
        let recorded = Recorded::parent();
        let mut answers = [
            ("/api/v3/info", recorded.info),
            ("/api/v3/nodes?options=minify", recorded.nodes),
            (RAISED, recorded.alerts.clone()),
            (ALL, recorded.alerts),
            ("/api/v3/alert_transitions?after=-120&last=200", recorded.log),
        ]
        .map(|(path, answer)| (path, answer.to_string().into_bytes()));
        let first = observed(&answers, Ask::default()).unwrap().1;
        let (_, answer) = &mut answers[which];
        let value = serde_json::from_slice(answer).unwrap();
        *answer = spoilt(changed(&value, "", &changes), cut, bytes);
        check(observed(&answers, Ask::default()))?;
        // The next run asks for the log.
        check(observed(&answers, Ask::since(first)))?;
    }

    #[test]
    fn whatever_is_changed_anywhere_in_v1_is_read_or_refused_in_few_words(
        changes in proptest::collection::vec((any::<Index>(), change()), 1..4),
        which in 0_usize..3,
        cut in proptest::option::weighted(0.3, any::<Index>()),
        bytes in proptest::option::weighted(0.3, (any::<Index>(), any::<u8>())),
    ) {
        let recorded = Recorded::agent_1_37();
        let mut answers = [
            ("/api/v1/info", recorded.info),
            ("/api/v1/alarms?all", recorded.alerts),
            ("/api/v1/alarm_log?after=1795404790", recorded.log),
        ]
        .map(|(path, answer)| (path, answer.to_string().into_bytes()));
        let first = observed(&answers, Ask::default()).unwrap().1;
        let (_, answer) = &mut answers[which];
        let value = serde_json::from_slice(answer).unwrap();
        *answer = spoilt(changed(&value, "", &changes), cut, bytes);
        check(observed(&answers, Ask::default()))?;
        let stored = serde_json::to_string(&first).unwrap().replace("1795404800", "1795404790");
        check(observed(&answers, Ask::since(serde_json::from_str(&stored).unwrap())))?;
    }
}

/// Cut short, and with a byte in it that is another.
fn spoilt(text: String, cut: Option<Index>, other: Option<(Index, u8)>) -> Vec<u8> {
    let mut bytes = text.into_bytes();
    if let Some((at, byte)) = other.filter(|_| !bytes.is_empty()) {
        let at = at.index(bytes.len());
        bytes[at] = byte;
    }
    if let Some(at) = cut {
        bytes.truncate(at.index(bytes.len() + 1));
    }
    bytes
}
