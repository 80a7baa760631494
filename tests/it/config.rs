//! Golden files: each `tests/config/case.toml` is read, and what comes of it is `case.txt`: the
//! settings that are not the default, or the exact message. The JSON Schema of the file is golden, too.
//! `UPDATE_GOLDEN=1 cargo test config::` writes them anew.

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use netdata_ilert::config::{self, Config};
use serde_json::Value;

/// Where the cases pretend to be, so that messages and relative paths are the same everywhere.
const AT: &str = "/etc/netdata-ilert/config.toml";

fn cases() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/config");
    let mut cases: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "toml"))
        .collect();
    cases.sort();
    assert!(cases.len() > 20, "the cases are gone");
    cases
}

fn outcome(case: &Path) -> String {
    match config::parse(&fs::read_to_string(case).unwrap(), Path::new(AT)) {
        Ok(config) => settings(&config),
        Err(error) => format!("{error}\n"),
    }
}

/// What a new file says that has only these settings, without its comments.
fn settings(config: &Config) -> String {
    let text = config::render(&config.masked(), None, Path::new(AT)).unwrap();
    let mut settings = String::new();
    let mut header = "";
    for line in text.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
        if line.starts_with('[') {
            header = line;
            continue;
        }
        if !header.is_empty() {
            writeln!(settings, "{header}").unwrap();
            header = "";
        }
        writeln!(settings, "{line}").unwrap();
    }
    settings
}

/// What is wrong with a golden file; it is written anew first where `UPDATE_GOLDEN` is set.
fn stale(golden: &Path, found: &str) -> Option<String> {
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        fs::write(golden, found).unwrap();
    }
    let expected = fs::read_to_string(golden).unwrap_or_default();
    (found != expected).then(|| format!("{}\nexpected:\n{expected}\nfound:\n{found}\n", golden.display()))
}

#[test]
fn every_case_comes_out_as_it_should() {
    let wrong: String =
        cases().iter().filter_map(|case| stale(&case.with_extension("txt"), &outcome(case))).collect();
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn the_schema_is_what_the_rows_say() {
    let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/config.schema.json");
    let schema = serde_json::to_string_pretty(&config::schema()).unwrap();
    assert_eq!(stale(&golden, &format!("{schema}\n")), None, "UPDATE_GOLDEN=1 writes it anew");
}

/// A file as an editor holds it against the schema: a date and time without quotes is its text.
fn as_json(text: &str) -> Option<Value> {
    fn plain(value: &mut Value) {
        match value {
            Value::Object(table) => match table.get_mut("$__toml_private_datetime").map(Value::take) {
                Some(time) => *value = time,
                None => table.values_mut().for_each(plain),
            },
            Value::Array(list) => list.iter_mut().for_each(plain),
            _ => {}
        }
    }
    let mut file = toml::from_str(text).ok()?;
    plain(&mut file);
    Some(file)
}

/// What two settings say of each other, which no schema tells.
const BETWEEN_SETTINGS: [&str; 2] = ["invalid-credentials", "invalid-password-alone"];

#[test]
fn the_schema_takes_and_refuses_the_cases_as_they_end() {
    assert!(jsonschema::meta::is_valid(&config::schema()));
    let schema = jsonschema::validator_for(&config::schema()).unwrap();
    let mut taken = Vec::new();
    for case in cases() {
        let name = case.file_stem().unwrap().to_str().unwrap().to_owned();
        // What is no TOML, no schema sees.
        let Some(file) = as_json(&fs::read_to_string(&case).unwrap()) else { continue };
        match schema.validate(&file) {
            Err(error) => {
                assert!(!name.starts_with("valid-"), "{name}: {error} at {}", error.instance_path());
            }
            Ok(()) if name.starts_with("valid-") => {}
            Ok(()) => taken.push(name),
        }
    }
    assert_eq!(taken, BETWEEN_SETTINGS);
}

/// The annotated file as it is, and with every line in it that shows a key.
#[test]
fn the_schema_takes_the_annotated_file() {
    let schema = jsonschema::validator_for(&config::schema()).unwrap();
    let shown = |line: &str| match line.strip_prefix('#') {
        Some(rest) if rest.starts_with(|c: char| c == '[' || c.is_ascii_lowercase()) => format!("{rest}\n"),
        _ => format!("{line}\n"),
    };
    let all: String = config::TEMPLATE.lines().map(shown).collect();
    assert!(all.contains("\n[[room]]\n") && all.contains("\nforget_after = "), "{all}");
    for text in [config::TEMPLATE.as_str(), &all] {
        let file = as_json(text).unwrap();
        let errors: Vec<_> = schema.iter_errors(&file).map(|error| error.to_string()).collect();
        assert!(errors.is_empty(), "{errors:?}\n{text}");
    }
}

#[test]
fn names_of_cases_say_how_they_end() {
    for case in cases() {
        let valid = case.file_name().unwrap().to_str().unwrap().starts_with("valid-");
        let text = fs::read_to_string(&case).unwrap();
        assert_eq!(config::parse(&text, Path::new(AT)).is_ok(), valid, "{}", case.display());
    }
}

#[test]
fn no_message_holds_a_secret() {
    for case in cases() {
        let mut outcome = outcome(&case).to_lowercase();
        if let Ok(config) = config::parse(&fs::read_to_string(&case).unwrap(), Path::new(AT)) {
            write!(outcome, "{config:?}").unwrap();
        }
        assert!(!outcome.contains("topsecret") && !outcome.contains("12345678"), "{outcome}");
    }
}

#[test]
fn every_message_has_its_line() {
    for case in cases() {
        for line in outcome(&case).lines().filter(|line| line.contains(AT)) {
            let number = line.strip_prefix(AT).and_then(|rest| rest.strip_prefix(':'));
            let number = number.and_then(|rest| rest.split(':').next()?.parse::<usize>().ok());
            assert!(number.is_some_and(|number| number > 0), "{line}");
        }
    }
}
