//! What v1 prints without escaping, read back.

use std::cell::Cell;

use proptest::prelude::*;
use serde_json::Value;

use crate::netdata::lenient_json::{self, LOOKS, Repaired, is_escaped};
use crate::regressions::properties;

fn repaired(text: &str) -> Repaired {
    lenient_json::repaired(text, &|| true)
}

fn without_odd_words(text: &str) -> Repaired {
    lenient_json::without_odd_words(text, &|| true).unwrap()
}

/// As 1.37 prints an alarm: one key per line, strings as they are.
fn printed(info: &str) -> String {
    format!(
        "{{\n\t\"hostname\": \"deb137\",\n\t\"now\": 1795404801,\n\t\"alarms\": {{\n\t\t\"system.load.a\": {{\n\t\t\t\
         \"id\": 1,\n\t\t\t\"info\": \"{info}\",\n\t\t\t\"status\": \"WARNING\",\n\t\t\t\"green\":nan,\n\t\t\t\
         \"source\": \"{info}\"\n\t\t}}\n\t}}\n}}"
    )
}

fn read(text: &str) -> Value {
    let repaired = repaired(text).text;
    serde_json::from_str(&repaired).unwrap_or_else(|error| panic!("{error}: {repaired}"))
}

#[test]
fn quotes_backslashes_and_breaks_belong_to_the_text() {
    for info in [
        "say \"hi\"",
        "\"",
        "\"\"",
        "C:\\data \"x\"",
        "ends with \\",
        "a\tb",
        "a\nb",
        "first\n\"second\" line",
        "\"a\", \"b\": c",
        "\"quoted\", then more",
        "a { \"b\" } [ \"c\" ]",
        "nan",
        "bell\u{7}",
    ] {
        let alarm = &read(&printed(info))["alarms"]["system.load.a"];
        assert_eq!(alarm["info"], info);
        assert_eq!(alarm["source"], info);
        assert_eq!((&alarm["status"], &alarm["green"]), (&Value::from("WARNING"), &Value::Null));
    }
}

#[test]
fn values_that_share_a_line_end_at_the_next_key() {
    let hosts = "{\n\"mirrored_hosts\": [\n\t\t\"a\"b\",\n\t\t\"c\"\n\t],\n\"status\": [\n\t\t\
                 { \"guid\": \"1\", \"hostname\": \"my \"db\" host\", \"reachable\": true, \"hops\": -nan }\n\t]\n}";
    let hosts = read(hosts);
    assert_eq!(hosts["mirrored_hosts"], serde_json::json!(["a\"b", "c"]));
    assert_eq!(hosts["status"][0]["hostname"], "my \"db\" host");
    assert_eq!(hosts["status"][0]["hops"], Value::Null);
}

#[test]
fn keys_are_printed_as_they_are_too() {
    assert_eq!(
        read("{\n\t\"a.\"b\"\": {\n\t\t\"x\": inf\n\t}\n}"),
        serde_json::json!({"a.\"b\"": {"x": null}})
    );
}

#[test]
fn what_is_json_stays_as_it_is() {
    for text in [
        super::fixture!("netdata-1.37/alarms-all.json"),
        super::fixture!("netdata-1.37/info.json"),
        super::fixture!("netdata-2.11/api_v3_alert_transitions_last5.json"),
        super::fixture!("netdata-2.11/parent/api_v3_alerts_raised.json"),
    ] {
        assert_eq!(read(text), serde_json::from_str::<Value>(text).unwrap());
    }
}

#[test]
fn a_word_that_is_no_value_costs_that_value() {
    for word in ["1e999", &"9".repeat(400), "0x10", "-", "+5", "1.#INF", "undefined", "\u{1}"] {
        let text = format!("{{\"a\":{word},\"b\":[1,{word}]}}");
        for repaired in [repaired(&text), without_odd_words(&text)] {
            assert_eq!(repaired.text, "{\"a\":null,\"b\":[1,null]}", "{word}");
            assert_eq!(repaired.odd_values, 2, "{word}");
        }
    }
    let none = repaired("{\"a\":nan,\"b\":-inf,\"c\":-1.5e3,\"d\":true}");
    assert_eq!((none.text.as_str(), none.odd_values), ("{\"a\":null,\"b\":null,\"c\":-1.5e3,\"d\":true}", 0));
}

#[test]
fn half_a_pair_costs_that_character_alone() {
    for (printed, meant) in [
        (r"a \ud800 \u001b]52;c \r\n", "a \u{fffd} \u{1b}]52;c \r\n"),
        (r"\udc00\ud800\u0041\ud800", "\u{fffd}\u{fffd}A\u{fffd}"),
        (r"\ud800\ud83d\ude00\uD83D", "\u{fffd}\u{1f600}\u{fffd}"),
        (r"\\ud800 \ud800\\", "\\ud800 \u{fffd}\\"),
        (r"\ud800é\n", "\u{fffd}é\n"),
    ] {
        let text = format!("{{\"a\":\"{printed}\",\"b\":1}}");
        for repaired in [repaired(&text), without_odd_words(&text)] {
            let read: Value = serde_json::from_str(&repaired.text).unwrap();
            assert_eq!((read["a"].as_str(), repaired.odd_values), (Some(meant), 0), "{printed}");
        }
        assert_eq!(lenient_json::read_back(printed), meant);
    }
    // No escape at all: taken as it is.
    for printed in [r"C:\users \ud800", r"\ud80", r"\ud800\x"] {
        assert_eq!(lenient_json::read_back(printed), printed);
    }
}

/// How often a quote was looked at.
fn looks(text: &str) -> usize {
    LOOKS.set(0);
    let _ = repaired(text);
    LOOKS.get()
}

#[test]
fn looks_at_no_quote_twice_whatever_the_text() {
    for (head, part, tail) in [
        ("{\"nodes\":[x\n", "{\n\"k\":\"v\"},\n", "]}"),
        ("", "\"", ""),
        ("", "\"a", ""),
        ("{", "\"a\":\"b\",", "x}"),
        ("[", "\"a\",\n", "]"),
        ("\"", "\"\n", ""),
    ] {
        for times in [1_000, 20_000] {
            let text = format!("{head}{}{tail}", part.repeat(times));
            // Four kinds of ends are looked for.
            assert!(looks(&text) <= 4 * text.matches('"').count(), "{part:?} × {times}");
        }
    }
}

#[test]
fn a_string_with_quotes_in_it_ends_the_repair_of_the_values() {
    for text in ["\"a\"b", "\"a\" \"b\"", "{\"a\": 1 2}", "\"a"] {
        let asked = Cell::new(0);
        let is_wanted = || asked.replace(asked.get() + 1) < 1000;
        let text = format!("[{text},{}", "1,".repeat(1000));
        assert!(lenient_json::without_odd_words(&text, &is_wanted).is_none(), "{text}");
        assert!(asked.get() < 20, "{text}");
    }
}

#[test]
fn ends_when_nobody_waits_any_more() {
    let text = "{\"a\":x,\n".repeat(1_000);
    for values_alone in [false, true] {
        let asked = Cell::new(0);
        let is_wanted = || asked.replace(asked.get() + 1) < 20;
        LOOKS.set(0);
        let repaired = if values_alone {
            lenient_json::without_odd_words(&text, &is_wanted).unwrap()
        } else {
            lenient_json::repaired(&text, &is_wanted)
        };
        assert!(LOOKS.get() <= 20 && repaired.odd_values <= 3);
        assert!((21..30).contains(&asked.get()), "asked before each step: {asked:?}");
    }
}

proptest! {
    #![proptest_config(properties(256))]

    #[test]
    fn leaves_json_as_it_is(value in json()) {
        for text in [serde_json::to_string(&value).unwrap(), serde_json::to_string_pretty(&value).unwrap()] {
            let repaired = without_odd_words(&text);
            prop_assert_eq!((&repaired.text, repaired.odd_values), (&text, 0));
        }
    }

    #[test]
    fn looks_at_no_quote_twice(text in "[\\[\\]{}\":,\n a]{0,200}") {
        prop_assert!(looks(&text) <= 4 * text.matches('"').count());
    }

    #[test]
    fn never_panics(text in ".*") {
        let values = lenient_json::without_odd_words(&text, &|| true);
        for repaired in values.into_iter().chain([repaired(&text)]) {
            let _ = serde_json::from_str::<Value>(&repaired.text);
        }
    }

    #[test]
    fn never_panics_on_what_looks_like_json(text in "[\\[\\]{}\":,\n\\\\ a-e\u{e9}0-9+-]*") {
        let values = lenient_json::without_odd_words(&text, &|| true);
        for repaired in values.into_iter().chain([repaired(&text)]) {
            let _ = serde_json::from_str::<Value>(&repaired.text);
        }
    }

    #[test]
    fn any_text_survives_being_printed(info in "[\"\\\\\t\n,:{}\\[\\] a-e\u{e9}\u{0}-\u{1f}]*|\\PC*") {
        // What cannot be told from the end of a string: a line that ends in a quote.
        prop_assume!(!ends_a_line_in_a_quote(&info));
        let meant = if is_escaped(&info) {
            serde_json::from_str(&format!("\"{info}\"")).unwrap()
        } else {
            info.clone()
        };
        let alarm = &read(&printed(&info))["alarms"]["system.load.a"];
        prop_assert_eq!(alarm["info"].as_str(), Some(meant.as_str()));
        prop_assert_eq!(alarm["source"].as_str(), Some(meant.as_str()));
        prop_assert_eq!(alarm["status"].as_str(), Some("WARNING"));
    }
}

fn ends_a_line_in_a_quote(text: &str) -> bool {
    text.split('\n').rev().skip(1).any(|line| {
        let line = line.trim_end();
        line.strip_suffix(',').unwrap_or(line).trim_end().ends_with('"')
    })
}

/// Any JSON, with texts that look like JSON.
fn json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        (-1e9..1e9).prop_map(Value::from),
        "[\"\\\\\n,:{}\\[\\] a-z\u{e9}0-9.-]{0,9}".prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 40, 6, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            proptest::collection::btree_map("[a-z_\"\\\\ ]{0,9}", inner, 0..6)
                .prop_map(|members| members.into_iter().collect::<serde_json::Map<_, _>>().into()),
        ]
    })
}
