//! Any ledger, for the tests of rows.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::{Arc, LazyLock};

use proptest::prelude::*;

use crate::alert::{AlertConfig, AlertDetails, AlertId, Labels, Level, NodeId, Status};
use crate::config::{self, Priority};
use crate::delivery::entry::{
    CountingRules, Entry, Flapping, Gone, Held, Membership, Standing, StormState, UntoldEnd, Waiting,
};
use crate::delivery::key::{KeyState, Keys, RefusedKinds, Since, Told};
use crate::delivery::ledger::{Ledger, NodeRecord, RefusedEvent};
use crate::delivery::silences::Muted;
use crate::netdata::merge::{ParentView, Views};
use crate::payload::{Action, KeyKind, Notice, Raise, ResolveReason, Scheme, Storm, StormId, Subject};

fn text() -> impl Strategy<Value = String> + Clone {
    prop_oneof![Just(String::new()), "[/~%Aa'\" \u{0}\n\u{1b}é\u{feff}]{0,4}", any::<String>()]
}

pub(super) fn one_of<T: Clone + std::fmt::Debug + 'static>(
    values: &[T],
) -> impl Strategy<Value = T> + use<T> {
    prop::sample::select(values.to_vec())
}

fn status() -> impl Strategy<Value = Status> {
    use Status::{Clear, Critical, Other, Removed, Undefined, Uninitialized, Warning};
    one_of(&[Clear, Warning, Critical, Undefined, Uninitialized, Removed, Other])
}

fn level() -> impl Strategy<Value = Level> {
    one_of(&[Level::Warning, Level::Critical])
}

fn kind() -> impl Strategy<Value = KeyKind> {
    one_of(&[KeyKind::Warning, KeyKind::Critical, KeyKind::Unreachable])
}

fn scheme() -> impl Strategy<Value = Scheme> {
    one_of(&[Scheme::V1, Scheme::V2])
}

/// Values whose digits JSON gives back exactly.
fn value() -> impl Strategy<Value = Option<f64>> {
    prop::option::of(any::<i32>().prop_map(|value| f64::from(value) / 8.0))
}

prop_compose! {
    fn facts()(
        (status, old_status) in (status(), prop::option::of(status())),
        (value, old_value) in (value(), value()),
        texts in prop::collection::vec(text(), 15),
        when in any::<i64>(),
        duration in any::<Option<u64>>(),
    ) -> AlertDetails {
        let mut texts = texts.into_iter();
        let mut text = || texts.next().unwrap();
        AlertDetails {
            status, old_status, value, old_value, when, duration,
            value_text: text().into(), units: text().into(), summary: text().into(), info: text().into(), context: text(), role: text(),
            class: text().into(), component: text().into(), kind: text().into(), source: text().into(), transition: text(),
            config: Some(Arc::new(AlertConfig {
                warn_when: text().into(), crit_when: text().into(), calculation: text().into(), lookup: text().into(),
            })),
            others: None,
        }
    }
}

fn why() -> impl Strategy<Value = ResolveReason> {
    use ResolveReason::{
        Cleared, Ephemeral, Filtered, Forgotten, Grown, HandedOver, NodeGone, NotWatched, Reachable, Removed,
        Replaced, Tested, Unlisted,
    };
    let plain = [
        Cleared, Ephemeral, Filtered, Forgotten, Grown, HandedOver, NodeGone, NotWatched, Reachable, Removed,
        Replaced, Tested, Unlisted,
    ];
    prop_oneof![8 => one_of(&plain), 1 => text().prop_map(ResolveReason::Renamed)]
}

fn action() -> impl Strategy<Value = Action> {
    let raise = (any::<u32>(), any::<Option<i64>>(), any::<bool>(), any::<Option<(i64, i64)>>())
        .prop_map(|(times, cleared, over, was_critical)| Raise { times, cleared, over, was_critical });
    prop_oneof![raise.prop_map(Action::Alert), why().prop_map(Action::Resolve), Just(Action::Comment)]
}

prop_compose! {
    fn notice()(
        subject in subject(), kind in kind(), scheme in scheme(), action in action(), facts in facts().boxed(),
        priority in prop::option::of(one_of(&[Priority::High, Priority::Low])),
    ) -> Notice {
        Notice { subject, kind, scheme, action, facts, priority, storm: None }
    }
}

prop_compose! {
    fn waiting()(
        notice in notice(), (tried, minimal, suspect) in any::<(bool, bool, bool)>(),
        (since, rests_until) in any::<(i64, i64)>(), faults in any::<u32>(),
    ) -> Waiting {
        Waiting { notice, tried, minimal, since, suspect, faults, rests_until }
    }
}

prop_compose! {
    fn a_key()(
        told in one_of(&[Told::Never, Told::Maybe, Told::Accepted]),
        since in one_of(&[Since::Same, Since::Lowered, Since::Commented, Since::Again, Since::Over]),
        (alert, resolve, comment) in any::<(bool, bool, bool)>(), scheme in scheme(),
    ) -> KeyState {
        KeyState { told, since, refused: RefusedKinds { alert, resolve, comment }, scheme }
    }
}

prop_compose! {
    fn entry()(
        standing in prop::option::of(prop_oneof![Just(Standing::Clear), level().prop_map(Standing::Raised)]),
        held in prop::option::of((any::<(i64, bool, bool)>(), facts().boxed())),
        (clearing, cleared_for, taken_at, raised_at, sighted) in any::<(Option<i64>, i64, i64, i64, bool)>(),
        (gone, peak_ended) in any::<(Option<(i64, bool)>, Option<(i64, bool)>)>(),
        (ended, ended_before) in (prop::option::of(why()), prop::option::of(why())), (last, transition) in (status(), text()),
        (silent, times, peak) in (any::<bool>(), any::<u32>(), prop::option::of(level())),
        (facts, peak_facts) in (facts().boxed(), facts().boxed()), muted in prop::option::of((text(), any::<Option<i64>>())),
        (warning, critical, unreachable) in (a_key(), a_key(), a_key()),
        waiting in prop::collection::vec(waiting().boxed(), 0..3),
        raises in prop::collection::vec(0..10_000_i64, 0..5),
        member in prop::option::of((storm_id(), any::<bool>())), left in prop::option::of(storm_id()),
        (storm, parents) in (prop::option::of(storm_state().boxed()), views().boxed()),
    ) -> Entry {
        Entry {
            parents,
            standing, clearing, cleared_for, taken_at, raised_at, sighted, ended, ended_before, last, transition, silent, times, peak, facts,
            peak_facts, waiting,
            held: held.map(|((due, silent, muted), facts)| Held { due, silent, muted, facts }),
            muted: muted.map(|(by, until)| Muted { by, until }),
            gone: gone.map(|(seen, online)| Gone { seen, online }),
            peak_ended: peak_ended.map(|(at, cleared)| UntoldEnd { at, cleared }),
            keys: Keys { warning, critical, unreachable },
            flapping: flapping(&raises),
            member: member.map(|(storm, told)| Membership { storm: Arc::new(storm), told }),
            storm: storm.map(Box::new),
            left: left.map(Arc::new),
        }
    }
}

prop_compose! {
    fn view()(
        transition in text(), status in status(), (raised, silent, due) in any::<(bool, bool, i64)>(),
    ) -> ParentView {
        let raise = raised.then(|| serde_json::from_value(serde_json::json!({ "at": due, "told": "critical" })).unwrap());
        ParentView { transition, status, raised, due, silent, raise, quiet_since: raised.then_some(due) }
    }
}

fn views() -> impl Strategy<Value = Views> {
    prop::collection::btree_map(text(), view(), 0..3)
}

fn node_id() -> impl Strategy<Value = NodeId> {
    (text(), text()).prop_map(|(guid, host)| NodeId { guid, host })
}

fn subject() -> impl Strategy<Value = Subject> {
    let alert = (node_id(), text(), text())
        .prop_map(|(node, chart, name)| Subject::Alert(AlertId { node: Arc::new(node), chart, name }));
    prop_oneof![node_id().prop_map(Subject::Node), alert, storm_id().prop_map(Subject::Storm)]
}

fn storm_id() -> impl Strategy<Value = StormId> {
    (node_id(), kind(), any::<i64>()).prop_map(|(agent, kind, at)| StormId { agent, kind, at })
}

prop_compose! {
    fn storm_state()(
        (opened, said_at, said, adopted) in any::<(i64, i64, usize, bool)>(),
        members in prop::collection::vec((node_id(), prop::option::of(text())), 0..4),
    ) -> StormState {
        let mut storm = Storm::default();
        for (node, alert) in members {
            storm.take(&node, alert.as_deref());
        }
        StormState { storm, opened, adopted, said, said_at }
    }
}

static RULES: LazyLock<CountingRules> = LazyLock::new(|| {
    let config = config::parse(&config::TEMPLATE, Path::new("test.toml")).unwrap();
    CountingRules { flap_after: 3, ..CountingRules::of(&config, 0, 0) }
});

fn flapping(raises: &[i64]) -> Flapping {
    let mut rules = *RULES;
    let mut entry = Entry::default();
    for (at, level) in raises.iter().zip([Level::Warning, Level::Critical].into_iter().cycle()) {
        rules.now = *at;
        let facts = AlertDetails { when: *at, ..AlertDetails::default() };
        entry.stand(Standing::Raised(level), facts.clone(), &rules);
        entry.stand(Standing::Clear, facts, &rules);
    }
    entry.flapping
}

prop_compose! {
    fn record()(
        (shown_by, (unseen, ephemeral)) in (text(), any::<(bool, bool)>()),
        (unreachable_since, away_for, unlisted_for) in any::<(Option<i64>, Option<i64>, Option<i64>)>(),
        label in prop::option::of((text(), prop::option::of(text()))),
        also_shown_by in prop::collection::btree_set(text(), 0..3),
    ) -> NodeRecord {
        let labels = label.map_or(Labels::NONE, |(name, value)| {
            Labels::pick(&BTreeSet::from([name]), |_| value.as_deref())
        });
        NodeRecord {
            shown_by,
            also_shown_by,
            unseen,
            unreachable_since,
            away_for,
            unlisted_for,
            ephemeral,
            labels,
        }
    }
}

prop_compose! {
    fn refused_event()(at in any::<i64>(), status in any::<u16>(), reason in text(), notice in notice()) -> RefusedEvent {
        RefusedEvent { at, status, reason, notice }
    }
}

prop_compose! {
    pub(super) fn ledger()(
        entries in prop::collection::btree_map(subject(), entry().boxed(), 0..4),
        nodes in prop::collection::btree_map(node_id(), record(), 0..3),
        failed in prop::collection::vec(refused_event(), 0..2),
    ) -> Ledger {
        let mut ledger = Ledger { entries, nodes, failed, ..Ledger::default() };
        ledger.changes.entries = ledger.entries.keys().cloned().collect();
        ledger.changes.nodes = ledger.nodes.keys().cloned().collect();
        ledger
    }
}
