//! Every setting with values that its kind accepts and refuses, so that tests cover a new row at once.

use std::fmt::Write as _;
use std::path::Path;

use super::change::dotted;
use super::error::ConfigError;
use super::fields::Config;
use super::kind::SecretSource;
use super::load::parse;
use super::render;
use super::row::{SettingRow, Shape};
use super::schema;
use super::table::Table;

/// A setting and values for it, in TOML.
pub(super) struct Sample {
    /// The dotted key.
    pub(super) path: String,
    pub(super) is_required: bool,
    pub(super) default: Option<String>,
    pub(super) good: &'static [&'static str],
    pub(super) bad: &'static [&'static str],
}

/// Those of every table.
pub(super) fn samples() -> Vec<Sample> {
    let mut samples = Vec::new();
    gather("", Config::rows(None), &mut samples);
    samples
}

fn gather(table: &str, rows: Vec<SettingRow>, samples: &mut Vec<Sample>) {
    for SettingRow { key, is_required, default, shape, samples: [good, bad], .. } in rows {
        let path = dotted(table, key);
        match shape {
            Shape::Table(rows) | Shape::Tables(rows) => gather(&path, rows, samples),
            shape if shape.is_value() && !table.is_empty() => {
                samples.push(Sample { path, is_required, default, good, bad });
            }
            _ => {}
        }
    }
}

/// A file that says nothing but this, and what has to be there.
fn file(path: &str, value: &str) -> String {
    let mut text = "version = 1\n".to_owned();
    let (table, key) = path.rsplit_once('.').unwrap();
    let companion = match path {
        "netdata.username" => "netdata.password = 'hunter2-of-netdata'\n",
        "netdata.password" => "netdata.username = 'x'\n",
        _ => "",
    };
    let table_of_many = match path {
        "room.name" => "nodes = '*'",
        "silence.name" => "from = '2026-12-24T18:00'",
        "silence.every" => "name = 'x'\nfor = '1h'",
        "silence.for" => "name = 'x'\nevery = 'daily 02:00'",
        "silence.from" | "silence.until" | "room.nodes" => "name = 'x'",
        _ => "name = 'x'\nfrom = '2026-12-24T18:00'",
    };
    for required in samples().into_iter().filter(|sample| sample.is_required && sample.path != path) {
        if !is_of_many(&required.path) {
            let _ = writeln!(text, "{} = {}", required.path, required.good[0]);
        }
    }
    text.push_str(companion);
    if is_of_many(path) {
        let _ = writeln!(text, "[[{table}]]\n{table_of_many}\n{key} = {value}");
    } else {
        let _ = writeln!(text, "{path} = {value}");
    }
    text
}

/// What comes of it.
fn with(path: &str, value: &str) -> Result<Config, ConfigError> {
    parse(&file(path, value), Path::new("/etc/netdata-ilert/config.toml"))
}

/// Whether a setting is one of a table of which there are any number.
pub(super) fn is_of_many(path: &str) -> bool {
    path.starts_with("room.") || path.starts_with("silence.")
}

#[test]
fn every_setting_takes_what_is_good() {
    for Sample { path, good, .. } in samples() {
        assert!(!good.is_empty(), "no value for {path}");
        for value in good {
            with(&path, value).unwrap_or_else(|error| panic!("{path} = {value}: {error}"));
        }
    }
}

#[test]
fn every_setting_refuses_what_is_not_and_names_itself() {
    for Sample { path, bad, .. } in samples() {
        assert!(!bad.is_empty(), "no wrong value for {path}");
        for value in bad {
            match with(&path, value) {
                Err(ConfigError::Invalid { problems, .. }) => {
                    assert!(problems.iter().all(|problem| problem.key.starts_with(&path)), "{problems:?}");
                }
                other => panic!("{path} = {value}: {other:?}"),
            }
        }
    }
}

#[test]
fn defaults_are_what_the_rows_say() {
    for Sample { path, default, .. } in samples() {
        if let Some(default) = default.filter(|_| !is_of_many(&path)) {
            let said = with(&path, &default).unwrap();
            assert_eq!(said, with("delivery.resolve_after", "\"0s\"").unwrap(), "{path} = {default}");
        }
    }
}

#[test]
fn what_is_masked_can_be_written_and_masks_every_secret() {
    for Sample { path, good, .. } in samples() {
        for value in good {
            let config = with(&path, value).unwrap();
            let masked = config.masked();
            assert_eq!(masked.holds_secret(), config.holds_secret(), "{path} = {value}");
            let shown = render(&masked, None, Path::new("/etc/netdata-ilert/config.toml"));
            let shown = shown.unwrap_or_else(|error| panic!("{path} = {value}: {error}"));
            for secret in config.secrets() {
                if let SecretSource::Literal(secret) = secret {
                    assert!(!shown.contains(secret.expose()), "{path} = {value}");
                }
            }
        }
    }
}

/// What a schema cannot tell: 1.0 is whole in JSON, 31 days are written as 30 are, rooms are defined elsewhere, and a
/// calendar and a list of time zones are more than a pattern.
const LEFT_TO_THE_READER: [&str; 10] = [
    "1.0",
    "2.0",
    r#""31d""#,
    r#"["nobody defined it"]"#,
    r#""0s""#,
    r#""59s""#,
    r#""367d""#,
    r#""2026-02-30T18:00""#,
    r#""Mars/Olympus""#,
    r#""CEST-2""#,
];

/// A date and time without quotes: JSON has none.
const IN_TOML_ALONE: &str = "2026-12-24T18:00:00";

#[test]
fn the_schema_takes_what_is_good_and_refuses_what_is_not() {
    let schema = jsonschema::validator_for(&schema()).unwrap();
    let accepts = |path: &str, value: &str| {
        schema.is_valid(&toml::from_str::<serde_json::Value>(&file(path, value)).unwrap())
    };
    for Sample { path, good, bad, .. } in samples() {
        for value in good.iter().filter(|value| **value != IN_TOML_ALONE) {
            assert!(accepts(&path, value), "{path} = {value}");
        }
        for value in bad {
            assert_eq!(accepts(&path, value), LEFT_TO_THE_READER.contains(value), "{path} = {value}");
        }
    }
}
