//! An alert given as JSON, or what claims to be one: an event that ilert takes comes of it, or a few words.

use std::path::Path;
use std::sync::LazyLock;

use jsonschema::Validator;
use netdata_ilert::config::{self, Config};
use netdata_ilert::payload::{LONGEST_DETAILS, LONGEST_KEY, LONGEST_SUMMARY, Renderer};
use netdata_ilert::preview::parse_event;
use netdata_ilert::text::is_control;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use serde_json::{Value, json};

use crate::hostile::KEY;

/// Longest word about what is no alert, in characters.
const LONGEST: usize = 600;

static SCHEMA: LazyLock<Validator> = LazyLock::new(|| {
    let schema: Value = serde_json::from_str(include_str!("../../fixtures/event.schema.json")).unwrap();
    jsonschema::validator_for(&schema).unwrap()
});

const GIVEN: [&str; 4] = [
    include_str!("../../fixtures/preview/v1-alarm-log-entry.json"),
    include_str!("../../fixtures/preview/v1-alarm.json"),
    include_str!("../../fixtures/preview/v3-instance.json"),
    include_str!("../../fixtures/preview/v3-transition.json"),
];

pub fn config(summary: &str, details: &str) -> Config {
    let quoted = |text: &str| toml::Value::from(text).to_string();
    let text = format!(
        "version = 1\n[notification]\nname = \"x\"\nnotify = [\"critical\"]\n[integration]\napi_key = \"{KEY}\"\n\
         [templates]\nsummary = {}\ndetails = {}\n",
        quoted(summary),
        quoted(details)
    );
    config::parse(&text, Path::new("/config.toml")).unwrap()
}

/// What holds for every event.
pub fn check(event: &netdata_ilert::ilert::Event) -> Result<(), TestCaseError> {
    let mut wire = serde_json::to_value(event).unwrap();
    wire["integrationKey"] = json!(KEY);
    let errors: Vec<_> = SCHEMA.iter_errors(&wire).map(|error| error.to_string()).collect();
    prop_assert!(errors.is_empty(), "{errors:?} in {wire}");
    prop_assert!(event.summary.chars().count() <= LONGEST_SUMMARY);
    prop_assert!(event.details.chars().count() <= LONGEST_DETAILS);
    prop_assert!(event.alert_key.len() <= LONGEST_KEY);
    let steers = |text: &str| text.chars().any(|c| c != '\n' && is_control(c));
    prop_assert!(!steers(&event.summary) && !steers(&event.details) && !steers(&event.alert_key));
    Ok(())
}

fn odd() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        any::<String>().prop_map(Value::from),
        select(vec!["CRITICAL", "clear", "UNREACHABLE", "nan", "-1e999", " ", "\u{1b}[31m\u{202e}\u{9b}"])
            .prop_map(Value::from),
        (1_usize..100_000).prop_map(|length| Value::from("ж/".repeat(length))),
        Just(json!([])),
        Just(json!({"status": "WARNING"})),
        Just(json!([[[[{}]]]])),
    ]
}

proptest! {
    #[test]
    fn are_told_or_refused_in_few_words(
        given in select(&GIVEN[..]),
        host in proptest::option::weighted(0.8, odd()),
        changes in proptest::collection::vec((any::<Index>(), proptest::option::weighted(0.8, odd())), 0..4),
        cut in proptest::option::weighted(0.1, any::<Index>()),
    ) {
        let Value::Object(mut object) = serde_json::from_str(given).unwrap() else { panic!() };
        object.extend(host.map(|host| ("host".to_owned(), host)));
        for (index, value) in changes {
            let names: Vec<_> = object.keys().cloned().collect();
            let Some(name) = names.get(index.index(names.len().max(1))) else { continue };
            match value {
                Some(value) => drop(object.insert(name.clone(), value)),
                None => drop(object.remove(name)),
            }
        }
        let mut text = Value::Object(object).to_string();
        if let Some(cut) = cut {
            text = text.chars().take(cut.index(text.len() + 1)).collect();
        }
        match parse_event(&text) {
            Ok(notice) => check(&Renderer::new(&config("{{ summary }}", "{{ info }}"), "v1").event(&notice).event)?,
            Err(error) => {
                let said = error.to_string();
                prop_assert!(said.chars().count() <= LONGEST, "{} characters: {said:.600}", said.len());
                prop_assert!(!said.contains(is_control), "{said:?}");
            }
        }
    }

    #[test]
    fn any_text_is_told_or_refused_in_few_words(text in any::<String>()) {
        if let Err(error) = parse_event(&text) {
            prop_assert!(error.to_string().chars().count() <= LONGEST);
        }
    }
}

#[test]
fn nothing_that_is_deep_overflows_the_stack() {
    for times in [100, 1_000_000] {
        for text in
            ["[".repeat(times), "{\"host\":".repeat(times), format!("{{\"host\":{}", "[".repeat(times))]
        {
            assert!(parse_event(&text).is_err());
        }
    }
}
