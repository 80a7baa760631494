//! What happens to alerts and nodes, told from the log.

use super::*;
use crate::alert::Health;
use Status::{Clear, Critical, Removed, Uninitialized, Warning};

const CHART: &str = "system.cpu";
const ALERT: &str = "10min_cpu_usage";

fn world() -> World {
    World::new(Api::V3, "agent")
}

/// Old and new statuses of a node's log, oldest first.
fn told(world: &World, node: NodeHandle) -> Vec<(Status, Status)> {
    let mut told: Vec<_> = world.log.of_node(node.0).map(|entry| (entry.old, entry.new)).collect();
    told.reverse();
    told
}

fn newest(world: &World, node: NodeHandle) -> &LogEntry {
    world.log.of_node(node.0).next().unwrap()
}

fn set(world: &mut World, status: Status, value: f64) {
    world.set(World::OWN, CHART, ALERT, status, value);
}

#[test]
fn logs_each_change_with_what_was_before() {
    let mut world = world();
    set(&mut world, Warning, 60.0);
    world.advance(9);
    set(&mut world, Critical, 90.0);
    set(&mut world, Critical, 95.0);
    world.advance(7);
    set(&mut world, Clear, 10.0);
    let statuses = [
        (Removed, Uninitialized),
        (Uninitialized, Clear),
        (Clear, Warning),
        (Warning, Critical),
        (Critical, Clear),
    ];
    assert_eq!(told(&world, World::OWN), statuses);
    let last = newest(&world, World::OWN);
    assert_eq!((last.duration, last.raised_duration), (7, 16));
    assert_eq!((last.old_value, last.value), (Some(95.0), Some(10.0)));
    assert_eq!((last.updates, last.event_id), (last.unique_id - 1, 5));
    assert!(world.log.of_node(0).skip(1).all(|entry| entry.updated_by.is_some()));
}

#[test]
fn ids_rise_and_never_repeat() {
    let mut world = world();
    for round in 0..50 {
        set(&mut world, if round % 2 == 0 { Warning } else { Clear }, f64::from(round));
    }
    let entries: Vec<_> = world.log.of_node(0).collect();
    assert!(entries.windows(2).all(|pair| pair[0].gi > pair[1].gi && pair[0].unique_id > pair[1].unique_id));
    assert!(entries.iter().all(|entry| world.log.find(entry.uuid).unwrap().gi == entry.gi));
    assert_eq!(entries[0].gi / 1_000_000, u64::try_from(world.now()).unwrap());
}

#[test]
fn a_late_transition_has_a_lower_global_id_and_a_higher_unique_id() {
    let mut world = world();
    set(&mut world, Warning, 60.0);
    let first = newest(&world, World::OWN).clone();
    world.set_late(World::OWN, CHART, "other", Critical, 1.0, 30);
    let late = newest(&world, World::OWN);
    assert!(late.gi < first.gi && late.unique_id > first.unique_id);
}

#[test]
fn delays_as_defined_and_multiplied_within_a_delay() {
    let mut world = world();
    world.define(
        World::OWN,
        Definition {
            delay_up: 10,
            delay_down: 100,
            delay_multiplier: 1.5,
            delay_max: 200,
            ..Definition::new(CHART, ALERT)
        },
    );
    world.advance(1000);
    let mut delay = |status, after| {
        set(&mut world, status, 1.0);
        let delay = newest(&world, World::OWN).delay;
        world.advance(after);
        delay
    };
    assert_eq!(delay(Warning, 1000), 10);
    assert_eq!(delay(Clear, 50), 100);
    assert_eq!(delay(Warning, 1), 15);
    assert_eq!(delay(Clear, 1), 200, "225 is over the maximum");
}

#[test]
fn a_restart_takes_every_alert_through_removed_and_uninitialized() {
    let mut world = world();
    set(&mut world, Critical, 90.0);
    let before = told(&world, World::OWN).len();
    world.restart_agent(20);
    assert_eq!(told(&world, World::OWN)[before..], [(Critical, Removed), (Removed, Uninitialized)]);
    assert_eq!(world.raised().count(), 0);
    world.advance(19);
    assert_eq!(world.raised().count(), 0);
    world.advance(1);
    assert_eq!(told(&world, World::OWN)[before + 2..], [(Uninitialized, Critical)]);
    assert_eq!(newest(&world, World::OWN).when, world.now());
}

#[test]
fn what_clears_while_the_agent_is_down_is_never_searchable() {
    let mut world = world();
    set(&mut world, Critical, 90.0);
    world.restart_agent(20);
    set(&mut world, Clear, 1.0);
    world.advance(60);
    let last = newest(&world, World::OWN);
    assert_eq!((last.old, last.new, last.when), (Uninitialized, Clear, world.now() - 40));
    assert!(!last.is_searchable());
}

#[test]
fn a_child_that_leaves_takes_its_alerts_with_it_and_brings_them_back() {
    let mut world = world();
    let child = world.add_node("child");
    world.set(child, CHART, ALERT, Warning, 60.0);
    world.disconnect(child);
    assert_eq!(world.raised().count(), 0);
    assert_eq!(*told(&world, child).last().unwrap(), (Warning, Removed));
    world.set(child, CHART, ALERT, Critical, 90.0);
    assert_eq!(*told(&world, child).last().unwrap(), (Warning, Removed), "nobody evaluates it");
    world.advance(100);
    world.reconnect(child, 10);
    world.advance(10);
    assert_eq!(
        told(&world, child)[3..],
        [(Warning, Removed), (Removed, Uninitialized), (Uninitialized, Critical)]
    );
    assert_eq!(world.raised().collect::<Vec<_>>(), [("child", CHART, ALERT, Critical)]);
}

#[test]
fn a_removed_chart_is_gone_from_a_healthy_node_until_it_is_set_again() {
    let mut world = world();
    set(&mut world, Warning, 60.0);
    world.remove_chart(World::OWN, CHART, ALERT);
    assert_eq!(world.nodes[0].sightings().count(), 0);
    world.restart_agent(0);
    assert_eq!(*told(&world, World::OWN).last().unwrap(), (Warning, Removed));
    set(&mut world, Warning, 60.0);
    assert_eq!(world.raised().count(), 1);
}

#[test]
fn repeats_repeat_the_first_raise() {
    let mut world = world();
    world.define(World::OWN, Definition { repeat_every: 3, ..Definition::new(CHART, ALERT) });
    set(&mut world, Critical, 90.0);
    let first = newest(&world, World::OWN).clone();
    world.advance(3);
    world.repeat(World::OWN, CHART, ALERT);
    let again = newest(&world, World::OWN).clone();
    assert_eq!((again.old, again.new, again.duration), (Clear, Critical, 3));
    assert!(first.recurring && again.recurring && again.repeat && again.uuid != first.uuid);
    assert_eq!(world.nodes[0].alerts[0].last, Some(first.gi), "the instance still names the first");
    set(&mut world, Clear, 1.0);
    assert!(newest(&world, World::OWN).recurring);
}

#[test]
fn a_wiped_database_starts_its_ids_low() {
    let mut world = world();
    set(&mut world, Warning, 60.0);
    let before = newest(&world, World::OWN).unique_id;
    world.wipe_database();
    assert_eq!(told(&world, World::OWN), [(Removed, Uninitialized), (Uninitialized, Warning)]);
    assert!(newest(&world, World::OWN).unique_id < before);
}

#[test]
fn health_that_is_disabled_lists_nothing_and_catches_up() {
    let mut world = world();
    set(&mut world, Warning, 60.0);
    world.set_health(World::OWN, Health::Disabled);
    set(&mut world, Critical, 90.0);
    assert_eq!(world.raised().count(), 0);
    world.set_health(World::OWN, Health::Online);
    assert_eq!(world.raised().map(|raised| raised.3).collect::<Vec<_>>(), [Critical]);
}

#[test]
fn health_that_is_initializing_goes_on() {
    let mut world = world();
    set(&mut world, Warning, 60.0);
    world.set_health(World::OWN, Health::Initializing);
    set(&mut world, Critical, 90.0);
    assert_eq!(world.raised().map(|raised| raised.3).collect::<Vec<_>>(), [Critical]);
}

#[test]
fn an_obsolete_chart_stays_listed_until_the_agent_restarts() {
    let mut world = world();
    set(&mut world, Warning, 60.0);
    world.obsolete_chart(World::OWN, CHART, ALERT);
    world.advance(3600);
    let listed = |world: &World| world.nodes[0].sightings().map(|alert| alert.status).collect::<Vec<_>>();
    assert_eq!(
        (listed(&world), *told(&world, World::OWN).last().unwrap()),
        (vec![Removed], (Warning, Removed))
    );
    set(&mut world, Critical, 90.0);
    assert_eq!(listed(&world), [Critical], "the container has started again");
    world.obsolete_chart(World::OWN, CHART, ALERT);
    world.restart_agent(0);
    assert_eq!(listed(&world), []);
}

#[test]
fn uuids_are_of_version_4_and_differ() {
    let uuids: std::collections::HashSet<u128> = (0..10_000).map(uuid).collect();
    assert_eq!(uuids.len(), 10_000);
    for uuid in uuids {
        let text = format_uuid(uuid);
        assert_eq!((&text[14..15], text.len()), ("4", 36));
        assert!(matches!(&text[19..20], "8" | "9" | "a" | "b"));
        assert_eq!(parse_uuid(&text), Some(uuid));
    }
}
