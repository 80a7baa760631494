//! Notices and templates of any kind.

use std::sync::Arc;

use netdata_ilert::alert::{AlertConfig, AlertDetails, AlertId, NodeId, Others, Status};
use netdata_ilert::payload::{Action, KeyKind, Notice, Raise, ResolveReason, Scheme, Subject};
use proptest::prelude::*;

pub fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        3 => "\\PC{0,20}",
        2 => any::<String>(),
        1 => "[\\n\\r\\t \\x00\\x1b\\x7f\\u{2028}\\u{202e}]{0,6}",
        1 => "[a-z`*_<>{}%#|\"'\\\\]{0,12}",
        1 => "[Aж👩]{200,6000}",
    ]
}

fn facts() -> impl Strategy<Value = AlertDetails> {
    let statuses = prop_oneof![
        Just(Status::Clear),
        Just(Status::Warning),
        Just(Status::Critical),
        Just(Status::Undefined),
        Just(Status::Removed),
        Just(Status::Other)
    ];
    let numbers = (any::<Option<f64>>(), any::<Option<f64>>(), any::<i64>(), any::<Option<u64>>());
    let texts = proptest::collection::vec(text(), 16);
    (statuses.clone(), proptest::option::of(statuses), numbers, texts).prop_map(
        |(status, old_status, (value, old_value, when, duration), texts)| {
            let mut texts = texts.into_iter();
            let mut next = || texts.next().unwrap_or_default();
            AlertDetails {
                status,
                old_status,
                value,
                old_value,
                when,
                duration,
                value_text: next().into(),
                units: next().into(),
                summary: next().into(),
                info: next().into(),
                context: next(),
                role: next(),
                class: next().into(),
                component: next().into(),
                kind: next().into(),
                source: next().into(),
                transition: next(),
                config: Some(Arc::new(AlertConfig {
                    warn_when: next().into(),
                    crit_when: next().into(),
                    calculation: next().into(),
                    lookup: next().into(),
                })),
                others: Some(Others { warnings: 2, criticals: usize::MAX }),
            }
        },
    )
}

fn action() -> impl Strategy<Value = Action> {
    prop_oneof![
        (any::<u32>(), any::<Option<i64>>(), any::<bool>(), any::<Option<(i64, i64)>>()).prop_map(
            |(times, cleared, over, was_critical)| Action::Alert(Raise {
                times,
                cleared,
                over,
                was_critical
            })
        ),
        Just(Action::Comment),
        text().prop_map(|name| Action::Resolve(ResolveReason::Renamed(name))),
        proptest::sample::select(vec![
            ResolveReason::Cleared,
            ResolveReason::Grown,
            ResolveReason::Removed,
            ResolveReason::Filtered,
            ResolveReason::Reachable,
            ResolveReason::NodeGone,
            ResolveReason::Forgotten,
            ResolveReason::HandedOver,
            ResolveReason::Replaced,
            ResolveReason::NotWatched,
            ResolveReason::Unlisted,
            ResolveReason::Ephemeral,
            ResolveReason::Tested,
        ])
        .prop_map(Action::Resolve),
    ]
}

pub fn notice() -> impl Strategy<Value = Notice> {
    let kind = proptest::sample::select(vec![KeyKind::Warning, KeyKind::Critical, KeyKind::Unreachable]);
    (text(), text(), proptest::option::of((text(), text())), kind, action(), facts()).prop_map(
        |(host, guid, alert, kind, action, facts)| {
            let node = NodeId { guid, host };
            let subject = match alert {
                Some((chart, name)) => Subject::Alert(AlertId { node: Arc::new(node), chart, name }),
                None => Subject::Node(node),
            };
            Notice { subject, kind, scheme: Scheme::default(), action, facts, priority: None, storm: None }
        },
    )
}

pub fn template() -> impl Strategy<Value = Option<String>> {
    proptest::option::of(prop_oneof![
        2 => proptest::sample::select(vec![
            "{{ info }}", "{{ info * 50 }}", "{{ value }}", "{{ nope }}", "{{", "", "\n\u{1}\n",
            "{{ node }}\r\n{{ summary }}", "{{ info | markdown }}{{ chart | code }}", "{{ when | local }}",
            "{{ value | quantity(units) }}", "{{ duration | duration }}", "{% for c in info %}{{ c }}\n{% endfor %}",
        ]).prop_map(String::from),
        1 => text(),
    ])
}
