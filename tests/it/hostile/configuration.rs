//! A valid configuration with anything changed in it: it is read, or refused with the line, and no message has a piece
//! of a secret in it.

use std::path::Path;

use netdata_ilert::config::{self, TEMPLATE};
use proptest::prelude::*;
use proptest::sample::{Index, select};

const AT: &str = "/etc/netdata-ilert/config.toml";

/// No piece of a secret as long as this is shown.
const PIECE: usize = 8;

const SECRETS: [&str; 5] = [
    "il1api0123456789abcdef3f9a",
    "hunter2-4f1e9b7c0d5a",
    "e2b7c1d4-77aa-4c53-5f6a",
    "il1hbt-fedcba9876543210",
    "w0rd-8c6b4a2f4711",
];

/// Basic authentication, or a token: one of the two.
const CREDENTIALS: [&str; 2] =
    ["username = \"me\"\npassword = \"hunter2-4f1e9b7c0d5a\"", "bearer_token = \"e2b7c1d4-77aa-4c53-5f6a\""];

const CONFIG: &str = r#"version = 1
[notification]
name = "Production"
rooms = ["Databases"]
notify = ["critical", "warning", "clear"]
[integration]
api_key = "il1api0123456789abcdef3f9a"
[[room]]
name = "Databases"
nodes = "db-* !db-test*"
[netdata]
url = "http://127.0.0.1:19999"
CREDENTIALS
[labels]
env = "prod"
[delivery]
events_per_minute = 45
resolve_after = "1h 30m"
[templates]
summary = "{{ node }}"
[ilert]
endpoint = "https://api.ilert.com"
proxy = "http://me:w0rd-8c6b4a2f4711@proxy:3128/"
[severity.critical]
priority = "HIGH"
severity = 1
[heartbeat]
url = "https://beat.ilert.com/api/pings/il1hbt-fedcba9876543210"
"#;

#[derive(Clone, Debug)]
enum Change {
    /// A line goes.
    Without(Index),
    /// A line comes twice.
    Twice(Index),
    /// Two lines are one.
    Joined(Index),
    /// A character is another, or none.
    Character(Index, String),
    /// A text is put between two characters.
    Between(Index, &'static str),
    /// The value of a line is another.
    Value(Index, &'static str),
    /// It ends here.
    End(Index),
}

const ODD: [&str; 27] = [
    "\"",
    "'",
    "\"\"\"",
    "'''",
    "[",
    "]",
    "[[",
    "{",
    "}",
    "=",
    ".",
    "#",
    "\n",
    "\r",
    "\u{0}",
    "\u{feff}",
    "\u{202e}",
    "\\",
    "\\u0000",
    "1979-05-27T07:32:00Z",
    "0x",
    "1e999",
    "inf",
    "99999999999999999999",
    "a.b.c = 1\n",
    "é",
    "\t",
];

const VALUES: [&str; 18] = [
    "\"\"",
    "0",
    "-1",
    "1.5",
    "nan",
    "true",
    "[]",
    "{}",
    "[[]]",
    "[1, \"a\"]",
    "{ file = \"\" }",
    "{ file = 1, env = \"X\" }",
    "\"\\u0000\"",
    "\"ж\"",
    "9223372036854775807",
    "1979-05-27",
    "'''\n'''",
    "",
];

fn change() -> impl Strategy<Value = Change> {
    let at = any::<Index>;
    prop_oneof![
        at().prop_map(Change::Without),
        at().prop_map(Change::Twice),
        at().prop_map(Change::Joined),
        (at(), "\\PC?|[\"'=\\[\\]\\n]").prop_map(|(at, by)| Change::Character(at, by)),
        (at(), select(&ODD[..])).prop_map(|(at, what)| Change::Between(at, what)),
        (at(), select(&VALUES[..])).prop_map(|(at, value)| Change::Value(at, value)),
        at().prop_map(Change::End),
    ]
}

fn changed(text: &str, change: &Change) -> String {
    let mut lines: Vec<_> = text.split_inclusive('\n').map(str::to_owned).collect();
    let mut characters: Vec<_> = text.chars().collect();
    if lines.is_empty() {
        return String::new();
    }
    match change {
        Change::Without(at) => drop(lines.remove(at.index(lines.len()))),
        Change::Twice(at) => {
            let at = at.index(lines.len());
            lines.insert(at, lines[at].clone());
        }
        Change::Joined(at) => {
            let at = at.index(lines.len());
            let length = lines[at].trim_end().len();
            lines[at].truncate(length);
        }
        Change::Value(at, value) => {
            let at = at.index(lines.len());
            if let Some((key, _)) = lines[at].split_once('=') {
                lines[at] = format!("{key}= {value}\n");
            }
        }
        Change::Character(at, by) => {
            let at = at.index(characters.len());
            characters.splice(at..=at, by.chars());
            return characters.into_iter().collect();
        }
        Change::Between(at, what) => {
            let at = at.index(characters.len());
            characters.splice(at..at, what.chars());
            return characters.into_iter().collect();
        }
        Change::End(at) => {
            characters.truncate(at.index(characters.len()));
            return characters.into_iter().collect();
        }
    }
    lines.concat()
}

/// What is said of a text, which must have no secret in it.
fn said(text: &str) -> Result<String, TestCaseError> {
    let said = match config::parse(text, Path::new(AT)) {
        Ok(config) => format!("{config:?}"),
        Err(error) => {
            for line in error.to_string().lines() {
                let number = line.strip_prefix(AT).and_then(|rest| rest.strip_prefix(':')?.split(':').next());
                let number = number.and_then(|number| number.parse::<usize>().ok());
                let lines = text.split('\n').count();
                prop_assert!(number.is_some_and(|number| (1..=lines).contains(&number)), "no line: {line}");
                prop_assert!(!line.contains(netdata_ilert::text::is_control), "{line:?}");
            }
            format!("{error} {error:?}")
        }
    };
    Ok(said)
}

proptest! {
    #![proptest_config(crate::regressions::properties(300))]

    #[test]
    fn is_read_or_refused_with_its_line_and_without_the_secret(changes in proptest::collection::vec(change(), 1..4)) {
        let text = changes.iter().fold(CONFIG.to_owned(), |text, change| changed(&text, change));
        let said = said(&text)?;
        for secret in SECRETS {
            for piece in secret.as_bytes().windows(PIECE) {
                let piece = str::from_utf8(piece).unwrap();
                prop_assert!(!said.contains(piece), "`{piece}` in: {said}");
            }
        }
    }

    #[test]
    fn the_annotated_one_is_read_or_refused_with_its_line(changes in proptest::collection::vec(change(), 1..4)) {
        said(&changes.iter().fold(TEMPLATE.to_owned(), |text, change| changed(&text, change)))?;
    }

    #[test]
    fn any_text_is_read_or_refused_with_its_line(text in any::<String>()) {
        said(&text)?;
    }
}

#[test]
fn is_valid_before_anything_is_changed() {
    for credentials in CREDENTIALS {
        config::parse(&CONFIG.replace("CREDENTIALS", credentials), Path::new(AT)).unwrap();
    }
}

/// A parser that goes as deep as its text would end the process.
#[test]
fn nothing_that_is_deep_overflows_the_stack() {
    for times in [100, 10_000, 100_000] {
        let many = |part: &str| part.repeat(times);
        for text in [
            format!("a = {}", many("[")),
            format!("a = {}{}", many("["), many("]")),
            format!("a = {}1{}", many("{a="), many("}")),
            format!("{}a = 1", many("a.")),
            format!("[{}a]", many("a.")),
            format!("[[{}a]]", many("a.")),
        ] {
            assert!(config::parse(&text, Path::new(AT)).is_err());
        }
    }
}
