use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use proptest::prelude::*;

use super::render;
use crate::config::fields::{Config, Room};
use crate::config::samples::{Sample, is_of_many, samples};
use crate::config::{ConfigError, Pattern, SecretSource, TEMPLATE, parse};
use crate::regressions::properties;
use crate::secret::Secret;

fn at() -> &'static Path {
    Path::new("/etc/netdata-ilert/config.toml")
}

fn read(text: &str) -> Config {
    parse(text, at()).unwrap_or_else(|error| panic!("{error}\n{text}"))
}

/// The template with every key set that is commented out, but for those that exclude others.
fn filled() -> String {
    let set = |line: &str| match line.strip_prefix('#') {
        Some(rest) if rest.starts_with(|c: char| c == '[' || c.is_ascii_lowercase()) => rest.to_owned(),
        _ => line.to_owned(),
    };
    let excludes = |line: &str| ["#bearer_token", "#from", "#until"].iter().any(|key| line.starts_with(key));
    let lines = TEMPLATE.lines().filter(|line| !excludes(line));
    lines.map(|line| set(line) + "\n").collect()
}

/// Files as people write them: terse, dotted, inline, with texts that look like keys.
const BY_HAND: [&str; 4] = [
    "version = 1\nnotification.name = 'x'\nnotification.notify = ['clear', 'critical']\n\
     integration.api_key.file = 'key' # mine\nroom = [{ name = 'a', nodes = '*' }]",
    "# top\nversion=1 # v\n\n[integration.api_key]\nenv = 'K'\n\n[notification]\nname = 'x' # the name\n\
     notify = [ # types\n  'critical', # c\n]\nrooms = ['b']\n\n[[room]] # first\nname = 'a'\nnodes = 'a*'\n\n\
     # the second\n[[room]]\nnodes = 'b*'\nname = 'b'\n# end of b\n[severity]\nwarning = { priority = 'low' }\n\
     # the end\n",
    "version = 1\r\n[integration]\r\napi_key = 'il1apikey'\r\n[notification]\r\nname = 'x'\r\nnotify = ['warning']\r\n",
    "version = 1\n[templates]\nsummary = '''\n[netdata]\n#url = 'not a key'\n#[[room]]\n'''\n[netdata]\nusername = 'u'\n\
     password = 'p'\n[integration]\napi_key = { credential = 'c' }\n[notification]\nname = 'x'\nnotify = ['reachable']\n\
     [labels]\n\"a.b\" = 'c'\nenv = 'prod'\n",
];

fn room(name: &str, nodes: &str) -> Room {
    Room { name: name.into(), nodes: Pattern::new(nodes), labels: BTreeMap::new() }
}

fn existing() -> Vec<String> {
    let mut texts = vec![TEMPLATE.clone(), filled()];
    texts.extend(BY_HAND.map(str::to_owned));
    texts
}

#[test]
fn the_template_is_a_configuration_with_a_line_for_every_key() {
    let (bare, filled) = (read(&TEMPLATE), read(&filled()));
    assert!(TEMPLATE.lines().all(|line| line.chars().count() <= 100));
    assert!(TEMPLATE.contains("\n#bearer_token = "));
    for Sample { path, default, .. } in samples() {
        let (_, key) = path.rsplit_once('.').unwrap();
        assert!(
            TEMPLATE.lines().any(|line| line.trim_start_matches('#').starts_with(&format!("{key} = "))),
            "{path}"
        );
        if let Some(default) = default.filter(|_| !is_of_many(&path)) {
            assert!(TEMPLATE.contains(&format!("\n#{key} = {default}\n")), "{path}");
        }
    }
    assert_eq!((bare.delivery, bare.severity), (filled.delivery, filled.severity));
}

#[test]
fn nothing_to_change_changes_nothing() {
    for text in existing() {
        assert_eq!(render(&read(&text), Some(&text), at()).unwrap(), text);
    }
    assert_eq!(render(&read(&TEMPLATE), None, at()).unwrap(), *TEMPLATE);
    assert_eq!(render(&read(&TEMPLATE), Some(" \n"), at()).unwrap(), *TEMPLATE);
}

#[test]
fn a_value_changes_where_it_stands() {
    let text = BY_HAND[1];
    let mut config = read(text);
    config.notification.name = "y".into();
    config.rooms[1].nodes = Pattern::new("b2*");
    let expected = text.replace("'x' # the name", "\"y\" # the name").replace("'b*'", "\"b2*\"");
    assert_eq!(render(&config, Some(text), at()).unwrap(), expected);
}

#[test]
fn a_key_is_set_at_its_comment_and_unset_again() {
    let mut config = read(&TEMPLATE);
    config.ilert.proxy = Some("http://proxy:3128".into());
    config.netdata.url = "https://parent:19999".into();
    config.delivery.resolve_after = Duration::from_secs(90);
    config.rooms = vec![room("Web", "web-*")];
    let expected = TEMPLATE
        .replace("#proxy = \"http://proxy.example.org:3128\"", "proxy = \"http://proxy:3128\"")
        .replace("#url = \"http://127.0.0.1:19999\"", "url = \"https://parent:19999\"")
        .replace("#resolve_after = \"0s\"", "resolve_after = \"1m 30s\"")
        .replace(
            "#[[room]]\n#name = \"Databases\"\n#nodes = \"!db-test* db-*\"\n#labels = { env = \"prod*\" }",
            "[[room]]\nname = \"Web\"\nnodes = \"web-*\"",
        );
    let text = render(&config, None, at()).unwrap();
    assert_eq!(text, expected);

    config.ilert.proxy = None;
    config.rooms.clear();
    let text = render(&config, Some(&text), at()).unwrap();
    assert!(text.contains("\n#proxy = \"http://proxy.example.org:3128\"\n"), "{text}");
    assert!(text.contains("\n#[[room]]\n#name = \"Databases\"\n#nodes"), "{text}");
}

#[test]
fn a_secret_that_is_unset_is_gone_from_the_text() {
    let text = BY_HAND[3];
    let mut config = read(text);
    config.netdata.username = None;
    config.netdata.password = None;
    let written = render(&config, Some(text), at()).unwrap();
    assert!(!written.contains("'p'"), "{written}");
}

#[test]
fn rooms_keep_their_comments_when_others_come_and_go() {
    let text = BY_HAND[1];
    let mut config = read(text);
    config.rooms.insert(0, room("zero", "*"));
    config.rooms.remove(1);
    config.rooms.push(room("last", "*"));
    let written = render(&config, Some(text), at()).unwrap();
    assert!(
        written.contains("[[room]]\nname = \"zero\"\nnodes = \"*\"\n\n# the second\n[[room]]\n"),
        "{written}"
    );
    assert!(
        written.contains("name = 'b'\n\n[[room]]\nname = \"last\"\nnodes = \"*\"\n# end of b\n"),
        "{written}"
    );
}

#[test]
fn what_would_not_read_back_is_refused() {
    let mut config = read(&TEMPLATE);
    config.ilert.ca_file = Some(PathBuf::from("relative.pem"));
    let error = render(&config, None, at()).unwrap_err();
    assert!(matches!(&error, ConfigError::Unfaithful { key, .. } if key == "ilert.ca_file"), "{error}");
    let mut config = read(&TEMPLATE);
    config.delivery.removed_after = Duration::from_millis(1500);
    assert!(matches!(render(&config, None, at()), Err(ConfigError::Unfaithful { .. })));
    let mut config = read(&TEMPLATE);
    config.notification.name = String::new();
    assert!(matches!(render(&config, None, at()), Err(ConfigError::Invalid { .. })));
}

#[test]
fn an_invalid_file_is_not_built_upon() {
    let error = render(&read(&TEMPLATE), Some("version = 2"), at()).unwrap_err();
    assert!(matches!(error, ConfigError::Invalid { .. }), "{error}");
}

fn name() -> impl Strategy<Value = String> {
    r#"[a-zäß"'#\[\]=.\\]{1,8}( [a-z]{1,4})?"#
}

fn secret() -> impl Strategy<Value = SecretSource> {
    prop_oneof![
        name().prop_map(|name| SecretSource::File(PathBuf::from("/run").join(name))),
        "[A-Z_]{1,9}".prop_map(SecretSource::Env),
        "[a-z.]{3,9}".prop_map(SecretSource::Credential),
        name().prop_map(|text| SecretSource::Literal(Secret::new(text))),
    ]
}

fn rooms() -> impl Strategy<Value = Vec<Room>> {
    let labels = proptest::collection::btree_map("[a-z.]{1,5}", "[a-z*]{1,6}", 0..3);
    proptest::collection::vec(("[ab]|Databases|[c-f]{1,2}", "[a-z*]{1,6}( ![a-z*]{1,4})?", labels), 0..5)
        .prop_map(|rooms| {
            let mut unique: Vec<Room> = Vec::new();
            for (name, nodes, labels) in rooms {
                if unique.iter().all(|room| room.name != name) {
                    let labels = labels.into_iter().map(|(name, value)| (name, Pattern::new(&value)));
                    unique.push(Room { name, nodes: Pattern::new(&nodes), labels: labels.collect() });
                }
            }
            unique
        })
}

/// Each setting as it is by default, or with one of its kind's good values.
fn picked() -> impl Strategy<Value = Config> {
    let samples: Vec<Sample> = samples().into_iter().filter(|sample| !is_of_many(&sample.path)).collect();
    proptest::collection::vec(any::<Option<prop::sample::Index>>(), samples.len()).prop_map(move |picks| {
        let mut text = "version = 1\n".to_owned();
        for (sample, pick) in samples.iter().zip(picks) {
            let value = match pick {
                Some(pick) => *pick.get(sample.good),
                None if sample.is_required => sample.good[0],
                None => continue,
            };
            let _ = writeln!(text, "{} = {value}", sample.path);
        }
        // A user name and a password go together, and with no token.
        let without = |text: &str, key: &str| -> String {
            text.split_inclusive('\n').filter(|line| !line.starts_with(key)).collect()
        };
        if text.contains("netdata.username") && text.contains("netdata.password") {
            text = without(&text, "netdata.bearer_token");
        } else {
            text = without(&without(&text, "netdata.username"), "netdata.password");
        }
        read(&text)
    })
}

prop_compose! {
    fn config()(
        mut config in picked(),
        name in name(),
        api_key in secret(),
        (rooms, choose) in (rooms(), any::<bool>()),
        credentials in proptest::option::of((name(), secret())),
        ca_file in proptest::option::of(name()),
        templates in (proptest::option::of(any::<String>()), proptest::option::of("(?s).{0,40}")),
        labels in proptest::collection::btree_map("[a-z.]{1,5}|env", any::<String>(), 0..4),
    ) -> Config {
        config.notification.name = name;
        config.integration.api_key = api_key;
        if choose {
            config.notification.rooms = rooms.iter().rev().map(|room| room.name.clone()).collect();
        }
        config.rooms = rooms;
        if let Some((name, secret)) = credentials {
            (config.netdata.username, config.netdata.password) = (Some(name), Some(secret));
            config.netdata.bearer_token = None;
        }
        config.netdata.ca_file = ca_file.map(|name| PathBuf::from("/etc").join(name));
        (config.templates.summary, config.templates.details) = templates;
        config.labels = labels;
        config
    }
}

proptest! {
    #![proptest_config(properties(96))]

    #[test]
    fn what_is_written_reads_back(first in config(), second in config()) {
        for text in existing() {
            let written = render(&first, Some(&text), at())?;
            prop_assert_eq!(read(&written), first.clone(), "{}", written);
            let again = render(&second, Some(&written), at())?;
            prop_assert_eq!(read(&again), second.clone(), "{}", again);
        }
    }

    #[test]
    fn comments_by_hand_survive(config in config()) {
        let text = BY_HAND[1];
        let written = render(&config, Some(text), at())?;
        for comment in ["# top", "version=1 # v", "# the second", "# end of b", "# the end"] {
            prop_assert!(written.contains(comment), "{}\n{}", comment, written);
        }
    }

    #[test]
    fn no_text_is_too_odd(text in "(?s).{0,200}") {
        let _ = parse(&text, at());
    }
}
