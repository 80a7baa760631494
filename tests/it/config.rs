//! Golden files: each `tests/config/case.toml` is read, and what comes of it is `case.txt`: the
//! settings that are not the default, or the exact message. `UPDATE_GOLDEN=1 cargo test config::` writes them anew.

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use netdata_ilert::config::{self, Config};

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

#[test]
fn every_case_comes_out_as_it_should() {
    let update = std::env::var_os("UPDATE_GOLDEN").is_some();
    let mut wrong = String::new();
    for case in cases() {
        let (found, golden) = (outcome(&case), case.with_extension("txt"));
        if update {
            fs::write(&golden, &found).unwrap();
        }
        let expected = fs::read_to_string(&golden).unwrap_or_default();
        if found != expected {
            writeln!(wrong, "{}\nexpected:\n{expected}\nfound:\n{found}", case.display()).unwrap();
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
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
