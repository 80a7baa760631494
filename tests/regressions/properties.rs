//! How cases are looked for that break a property. One that was found is kept in `cases.txt` beside this file, and
//! tried first from then on.

use proptest::test_runner::{Config, FileFailurePersistence};

const CASES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/regressions/cases.txt");

/// As many cases as this; `PROPTEST_CASES` asks for more.
pub fn properties(cases: u32) -> Config {
    let asked = std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok());
    Config {
        cases: asked.unwrap_or(cases),
        failure_persistence: Some(Box::new(FileFailurePersistence::Direct(CASES))),
        ..Config::default()
    }
}
