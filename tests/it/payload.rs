//! What ilert shows: the built-in rendering of every kind of notice, as pictures to read, and every event
//! against the schema of ilert's events API, whatever Netdata, a configuration or a template holds.

mod any;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;
use std::sync::LazyLock;

use jsonschema::Validator;
use netdata_ilert::alert::{AlertDetails, Status};
use netdata_ilert::config::{self, Config, Priority, Templates};
use netdata_ilert::ilert::Event;
use netdata_ilert::payload::{
    Action, KeyKind, LONGEST_DETAILS, LONGEST_KEY, LONGEST_SUMMARY, Member, Notice, Raise, Renderer,
    ResolveReason, Which, samples, test_notices,
};
use netdata_ilert::text::is_control;
use proptest::prelude::*;
use serde_json::{Value, json};

use any::{notice, template, text};

const NOW: i64 = 1_795_410_720; // 2026-11-23T05:12:00Z

static SCHEMA: LazyLock<Validator> = LazyLock::new(|| {
    let schema: Value = serde_json::from_str(include_str!("../fixtures/event.schema.json")).unwrap();
    jsonschema::validator_for(&schema).unwrap()
});

fn config() -> Config {
    let text = "version = 1\n[notification]\nname = 'Test'\n\
        notify = ['critical', 'warning', 'clear', 'reachable', 'unreachable']\n\
        [integration]\napi_key = { file = '/nowhere' }\n\
        [netdata]\nlink_base = 'https://netdata.example.org'\n[labels]\nenv = 'prod'\n";
    config::parse(text, Path::new("test.toml")).unwrap()
}

fn with_summary(template: &str) -> Config {
    Config { templates: Templates { summary: Some(template.into()), details: None }, ..config() }
}

fn wire(event: &Event) -> Value {
    let mut wire = serde_json::to_value(event).unwrap();
    wire["integrationKey"] = json!("il1api0123456789abcdef3f9a");
    wire
}

/// An event as a person would look at it: the line, the text, then the rest.
fn picture(notice: &Notice) -> String {
    let rendered = Renderer::new(&config(), "v2.11.0").event(notice);
    assert_eq!(rendered.problem, None);
    check(&rendered.event);
    assert!(!rendered.event.details.contains("none") && !rendered.event.details.contains("\n\n\n"));
    let mut event = serde_json::to_value(&rendered.event).unwrap();
    let object = event.as_object_mut().unwrap();
    object.remove("summary");
    object.remove("details");
    object["customDetails"]["netdata_ilert_version"] = json!("(version)");
    let rest = serde_json::to_string_pretty(&event).unwrap();
    let mut picture = String::new();
    writeln!(picture, "{}\n", rendered.event.summary).unwrap();
    if !rendered.event.details.is_empty() {
        writeln!(picture, "{}\n", rendered.event.details).unwrap();
    }
    write!(picture, "{rest}\n\nminimal: {}", Renderer::new(&config(), "").minimal(notice).summary).unwrap();
    picture
}

/// What holds for every event.
fn check(event: &Event) {
    let wire = wire(event);
    let errors: Vec<String> = SCHEMA.iter_errors(&wire).map(|error| error.to_string()).collect();
    assert!(errors.is_empty(), "{errors:?} in {wire}");
    assert!(event.summary.chars().count() <= LONGEST_SUMMARY && !event.summary.contains('\n'));
    assert!(!event.summary.trim().is_empty());
    assert!(event.details.chars().count() <= LONGEST_DETAILS);
    assert!(event.alert_key.len() <= LONGEST_KEY);
    walk(&wire, &mut |text| {
        assert!(!text.chars().any(|c| c != '\n' && is_control(c)), "a control character in {text:?}");
    });
    for link in &event.links {
        assert!(reqwest::Url::parse(&link.href).is_ok(), "{}", link.href);
        assert!(link.href.is_ascii() && !link.href.contains(' '), "{}", link.href);
    }
    let opens = wire["eventType"] == "ALERT";
    assert_eq!((event.priority.is_some(), event.severity.is_some()), (opens, opens));
}

fn walk(value: &Value, visit: &mut impl FnMut(&str)) {
    match value {
        Value::String(text) => visit(text),
        Value::Array(list) => list.iter().for_each(|value| walk(value, visit)),
        Value::Object(object) => object.iter().for_each(|(name, value)| {
            visit(name);
            walk(value, visit);
        }),
        _ => {}
    }
}

fn snapshot(name: &str, notice: &Notice) {
    insta::with_settings!({ omit_expression => true, prepend_module_to_snapshot => false }, {
        insta::assert_snapshot!(name, picture(notice));
    });
}

#[test]
fn shows_alerts() {
    let [critical, warning, _, unreachable, _, _, _] = <[Notice; 7]>::try_from(samples(NOW)).unwrap();
    snapshot("alert-critical", &critical);
    snapshot("alert-warning-without-summary", &warning);
    snapshot("alert-unreachable", &unreachable);
    snapshot(
        "alert-repeated-and-late",
        &Notice {
            action: Action::Alert(Raise { times: 3, cleared: Some(NOW + 240), ..Raise::default() }),
            priority: Some(Priority::Low),
            ..critical.clone()
        },
    );
    let bare = AlertDetails { status: Status::Critical, ..AlertDetails::default() };
    snapshot("alert-with-hardly-a-fact", &Notice { facts: bare, ..critical });
}

#[test]
fn shows_storms() {
    let alert = samples(NOW).remove(6);
    snapshot("storm", &alert);
    let over = AlertDetails { duration: Some(1_440), ..alert.facts.clone() };
    let resolve = Action::Resolve(ResolveReason::Cleared);
    snapshot("storm-resolved", &Notice { action: resolve, facts: over, ..alert.clone() });
    snapshot("storm-goes-on", &Notice { action: Action::Comment, ..alert.clone() });
    let mut storm = *alert.storm.clone().unwrap();
    storm.by_alert.clear();
    let node = |member: &Member| Member { node: member.node.clone(), ..Member::default() };
    storm.members = storm.members.iter().map(node).collect();
    let nodes = Notice { kind: KeyKind::Unreachable, storm: Some(Box::new(storm)), ..alert };
    snapshot("storm-of-nodes", &nodes);
}

#[test]
fn a_template_that_knows_nothing_of_storms_leaves_them_to_the_built_in_one() {
    let own = |summary: &str| {
        let mut config = config();
        config.templates.summary = Some(summary.to_owned());
        Renderer::new(&config, "").event(&samples(NOW).remove(6)).event.summary
    };
    assert!(own("{{ alert }} of mine").starts_with("[STORM] 16 critical alerts on 12 nodes: "));
    assert_eq!(own("{{ storm or alert }} of mine"), "16 critical alerts on 12 nodes of mine");
}

#[test]
fn shows_resolves_and_comments() {
    let [critical, warning, clear, unreachable, back, comment, _] =
        <[Notice; 7]>::try_from(samples(NOW)).unwrap();
    snapshot("resolve-cleared", &clear);
    snapshot("resolve-reachable", &back);
    snapshot("comment", &comment);
    snapshot(
        "resolve-grown",
        &Notice { kind: KeyKind::Warning, action: Action::Resolve(ResolveReason::Grown), ..critical.clone() },
    );
    snapshot(
        "resolve-removed",
        &Notice { action: Action::Resolve(ResolveReason::Removed), ..warning.clone() },
    );
    let (test, over) = test_notices("t-4711", "db-1", Priority::Low);
    snapshot("test-alert", &test);
    snapshot("test-resolve", &over);
    let renderer = Renderer::new(&config(), "v2.11.0");
    let lines: Vec<String> = [
        (&warning, ResolveReason::Filtered),
        (&unreachable, ResolveReason::Filtered),
        (&unreachable, ResolveReason::NodeGone),
        (&warning, ResolveReason::Renamed("db-9".into())),
        (&warning, ResolveReason::Forgotten),
        (&warning, ResolveReason::HandedOver),
    ]
    .map(|(notice, why)| {
        renderer.event(&Notice { action: Action::Resolve(why), ..notice.clone() }).event.summary
    })
    .into();
    insta::assert_snapshot!(lines.join("\n"), @r#"
    [RESOLVED] load_average_15 on web-3: no longer covered by the configuration
    [RESOLVED] node db-2: no longer covered by the configuration
    [RESOLVED] node db-2: the node is gone
    [RESOLVED] load_average_15 on web-3: the node is called db-9 now
    [RESOLVED] load_average_15 on web-3: forgotten by hand
    [RESOLVED] load_average_15 on web-3: handed over: this alert source is not told any more
    "#);
}

#[test]
fn weighs_by_tier_unless_told_otherwise() {
    let renderer = Renderer::new(&config(), "");
    let weights: Vec<_> = samples(NOW)
        .iter()
        .map(|notice| renderer.event(notice).event)
        .map(|event| (event.priority, event.severity))
        .collect();
    let none = (None, None);
    assert_eq!(
        weights,
        [
            (Some("HIGH"), Some(1)),
            (Some("LOW"), Some(3)),
            none,
            (Some("HIGH"), Some(2)),
            none,
            none,
            (Some("HIGH"), Some(1))
        ]
    );
    let (test, over) = test_notices("t", "h", Priority::High);
    let event = renderer.event(&test).event;
    assert_eq!((event.priority, event.severity), (Some("HIGH"), Some(1)));
    assert_eq!(renderer.event(&over).event.alert_key, event.alert_key);
    assert_ne!(renderer.event(&test_notices("u", "h", Priority::High).0).event.alert_key, event.alert_key);
}

#[test]
fn configured_labels_win() {
    let labels = BTreeMap::from([("host".into(), "mine".into()), ("\n".into(), "x".into())]);
    let event = Renderer::new(&Config { labels, ..config() }, "").event(&samples(NOW)[0]).event;
    assert_eq!(event.labels["host"], "mine");
    assert_eq!(event.labels["alert"], "disk_space_usage");
    assert!(event.labels.keys().all(|name| !name.trim().is_empty()));
}

#[test]
fn falls_back_to_the_minimal_event() {
    let notice = &samples(NOW)[0];
    for template in
        ["{{ nope }}", "{{", "  \n\u{1}", "{% for i in range(10000) %}{{ info * 999 }}{% endfor %}"]
    {
        let renderer = Renderer::new(&with_summary(template), "");
        let outcome = renderer.event(notice);
        assert_eq!(outcome.event, renderer.minimal(notice), "{template}");
        assert_eq!(outcome.problem.unwrap().which, Which::Summary, "{template}");
    }
    let minimal = wire(&Renderer::new(&config(), "").minimal(notice));
    let fields: Vec<_> = minimal.as_object().unwrap().keys().collect();
    assert_eq!(fields, ["alertKey", "eventType", "integrationKey", "priority", "severity", "summary"]);
}

#[test]
fn checks_templates_before_an_alert_does() {
    let check = |summary: Option<&str>, details: Option<&str>| {
        Renderer::check(&Templates { summary: summary.map(Into::into), details: details.map(Into::into) })
    };
    assert_eq!(check(None, None), Ok(()));
    assert_eq!(check(Some("{{ level }} {{ alert or node }}"), Some("")), Ok(()));
    let error = check(None, Some("fine\n  {{ hots }}")).unwrap_err();
    assert_eq!((error.which, error.line, error.column), (Which::Details, Some(2), Some(6)));
    // Fine for an alert, nothing for a node: found without waiting for a node to go.
    assert_eq!(check(Some("{{ alert }}"), None).unwrap_err().which, Which::Summary);
}

proptest! {
    #![proptest_config(crate::regressions::properties(256))]

    /// Whatever comes, ilert can take it.
    #[test]
    fn makes_events_that_ilert_takes(
        notice in notice(),
        summary in template(),
        details in template(),
        label in (text(), text()),
        link_base in proptest::option::of(text()),
        version in text(),
    ) {
        let mut config = config();
        config.templates = Templates { summary, details };
        config.labels = BTreeMap::from([label]);
        config.netdata.link_base = link_base.or(config.netdata.link_base);
        let renderer = Renderer::new(&config, &version);
        check(&renderer.event(&notice).event);
        check(&renderer.minimal(&notice));
    }

    /// The built-in templates are never what fails.
    #[test]
    fn built_in_templates_render_anything(notice in notice()) {
        let rendered = Renderer::new(&config(), "v2.11.0").event(&notice);
        prop_assert_eq!(rendered.problem, None);
    }
}
