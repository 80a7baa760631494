use std::path::{Path, PathBuf};
use std::time::Duration;

use proptest::prelude::*;

use super::render;
use crate::config::{
    Config, ConfigError, DeliveredBy, Delivery, Ilert, Integration, Netdata, Notification, Notify, Pattern,
    Priority, Room, SecretSource, Severities, Severity, TEMPLATE, Templates, parse, schema,
};
use crate::regressions::properties;
use crate::secret::Secret;

fn at() -> &'static Path {
    Path::new("/etc/netdata-ilert/config.toml")
}

fn read(text: &str) -> Config {
    parse(text, at()).unwrap_or_else(|error| panic!("{error}\n{text}"))
}

/// The template with every key set that is commented out, but for `bearer_token`, which excludes others.
fn filled() -> String {
    let set = |line: &str| match line.strip_prefix('#') {
        Some(rest) if rest.starts_with(|c: char| c == '[' || c.is_ascii_lowercase()) => rest.to_owned(),
        _ => line.to_owned(),
    };
    let lines = TEMPLATE.lines().filter(|line| !line.starts_with("#bearer_token"));
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

fn existing() -> Vec<String> {
    let mut texts = vec![TEMPLATE.to_owned(), filled()];
    texts.extend(BY_HAND.map(str::to_owned));
    texts
}

#[test]
fn the_template_is_a_configuration_with_a_line_for_every_key() {
    read(TEMPLATE);
    read(&filled());
    assert!(TEMPLATE.lines().all(|line| line.chars().count() <= 100));
    let filled = filled();
    let document = super::document(&filled, at()).unwrap();
    for (table, keys) in schema::all().filter(|(table, _)| !matches!(*table, "" | "room")) {
        for key in keys.iter().filter(|key| **key != "bearer_token") {
            let found = table.split('.').try_fold(document.as_item(), |item, name| item.get(name));
            assert!(found.and_then(|item| item.get(key)).is_some(), "{table}.{key}");
        }
    }
    assert!(TEMPLATE.contains("\n#bearer_token = "));
}

#[test]
fn the_templates_defaults_are_the_defaults() {
    let (bare, filled) = (read(TEMPLATE), read(&filled()));
    assert_eq!(bare.delivery, filled.delivery);
    assert_eq!(bare.severity, filled.severity);
    assert_eq!(bare.notification, filled.notification);
    assert_eq!((&bare.netdata.url, &bare.ilert.endpoint), (&filled.netdata.url, &filled.ilert.endpoint));
}

#[test]
fn nothing_to_change_changes_nothing() {
    for text in existing() {
        assert_eq!(render(&read(&text), Some(&text), at()).unwrap(), text);
    }
    assert_eq!(render(&read(TEMPLATE), None, at()).unwrap(), TEMPLATE);
    assert_eq!(render(&read(TEMPLATE), Some(" \n"), at()).unwrap(), TEMPLATE);
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
    let mut config = read(TEMPLATE);
    config.ilert.proxy = Some("http://proxy:3128".into());
    config.netdata.url = "https://parent:19999".into();
    config.delivery.resolve_after = Duration::from_secs(90);
    config.rooms = vec![Room { name: "Web".into(), nodes: Pattern::new("web-*") }];
    let expected = TEMPLATE
        .replace("#proxy = \"http://proxy.example.org:3128\"", "proxy = \"http://proxy:3128\"")
        .replace("#url = \"http://127.0.0.1:19999\"", "url = \"https://parent:19999\"")
        .replace("#resolve_after = \"0s\"", "resolve_after = \"1m 30s\"")
        .replace(
            "#[[room]]\n#name = \"Databases\"\n#nodes = \"!db-test* db-*\"",
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
    let room = |name: &str| Room { name: name.into(), nodes: Pattern::new("*") };
    config.rooms.insert(0, room("zero"));
    config.rooms.remove(1);
    config.rooms.push(room("last"));
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
    let mut config = read(TEMPLATE);
    config.ilert.ca_file = Some(PathBuf::from("relative.pem"));
    let error = render(&config, None, at()).unwrap_err();
    assert!(matches!(&error, ConfigError::Unfaithful { key, .. } if key == "ilert.ca_file"), "{error}");
    let mut config = read(TEMPLATE);
    config.delivery.removed_after = Duration::from_millis(1500);
    assert!(matches!(render(&config, None, at()), Err(ConfigError::Unfaithful { .. })));
    let mut config = read(TEMPLATE);
    config.notification.name = String::new();
    assert!(matches!(render(&config, None, at()), Err(ConfigError::Invalid { .. })));
}

#[test]
fn an_invalid_file_is_not_built_upon() {
    let error = render(&read(TEMPLATE), Some("version = 2"), at()).unwrap_err();
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

fn notification() -> impl Strategy<Value = Notification> {
    (name(), 1..32_usize, any::<bool>()).prop_map(|(name, ticked, cloud)| Notification {
        name,
        rooms: Vec::new(),
        notify: Notify::of(|word| {
            Notify::WORDS.iter().position(|found| *found == word).is_some_and(|at| ticked >> at & 1 == 1)
        }),
        delivered_by: if cloud { DeliveredBy::NetdataCloud } else { DeliveredBy::NetdataIlert },
    })
}

fn netdata() -> impl Strategy<Value = Netdata> {
    let credentials = proptest::option::of((name(), secret()));
    let files = (proptest::option::of(name()), proptest::option::of("https://[a-z]{1,9}(/[a-z]{1,3})?"));
    ("https?://[a-z]{1,9}(:[1-9][0-9]{1,3})?", credentials, proptest::option::of(secret()), files).prop_map(
        |(url, credentials, token, (ca_file, link_base))| {
            let (username, password) = credentials.unzip();
            let bearer_token = token.filter(|_| username.is_none());
            let ca_file = ca_file.map(|name| PathBuf::from("/etc").join(name));
            Netdata { url, username, password, bearer_token, ca_file, link_base }
        },
    )
}

fn severity() -> impl Strategy<Value = Severity> {
    (any::<bool>(), 1..=5_u8).prop_map(|(high, severity)| Severity {
        priority: if high { Priority::High } else { Priority::Low },
        severity,
    })
}

fn delivery() -> impl Strategy<Value = Delivery> {
    let delay = || (0..200_000_u64).prop_map(Duration::from_secs);
    (1..=u32::MAX, delay(), delay(), delay(), delay()).prop_map(
        |(events_per_minute, resolve_after, unreachable_after, removed_after, forget_after)| Delivery {
            events_per_minute,
            resolve_after,
            unreachable_after,
            removed_after,
            forget_after,
        },
    )
}

fn rooms() -> impl Strategy<Value = Vec<Room>> {
    proptest::collection::vec(("[ab]|Databases|[c-f]{1,2}", "[a-z*]{1,6}( ![a-z*]{1,4})?"), 0..5).prop_map(
        |rooms| {
            let mut unique: Vec<Room> = Vec::new();
            for (name, nodes) in rooms {
                if unique.iter().all(|room| room.name != name) {
                    unique.push(Room { name, nodes: Pattern::new(&nodes) });
                }
            }
            unique
        },
    )
}

prop_compose! {
    fn config()(
        notification in notification(),
        api_key in secret(),
        (rooms, choose) in (rooms(), any::<bool>()),
        netdata in netdata(),
        ilert in (proptest::option::of("http://[a-z]{1,9}:[1-9][0-9]"), any::<bool>()),
        severities in (severity(), severity(), severity()),
        delivery in delivery(),
        templates in (proptest::option::of(any::<String>()), proptest::option::of("(?s).{0,40}")),
        labels in proptest::collection::btree_map("[a-z.]{1,5}|env", any::<String>(), 0..4),
        heartbeat in proptest::option::of(secret().prop_filter("a URL", |s| !matches!(s, SecretSource::Literal(_)))),
    ) -> Config {
        let mut notification = notification;
        if choose {
            notification.rooms = rooms.iter().rev().map(|room| room.name.clone()).collect();
        }
        let (proxy, local) = ilert;
        let endpoint = if local { "http://127.0.0.1:8080" } else { "https://api.ilert.com" };
        let (critical, warning, unreachable) = severities;
        let (summary, details) = templates;
        Config {
            notification,
            integration: Integration { api_key },
            rooms,
            netdata,
            ilert: Ilert { endpoint: endpoint.into(), proxy, ca_file: None },
            severity: Severities { critical, warning, unreachable },
            delivery,
            templates: Templates { summary, details },
            labels,
            heartbeat,
        }
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
