//! What v1's API alone does.

use super::*;

#[test]
fn children_are_asked_by_name_or_guid() {
    let (mut world, child) = parent(Api::V1);
    let guid = world.guid(child).to_owned();
    for name in ["child", &guid] {
        assert_eq!(json(&mut world, &format!("/host/{name}/api/v1/alarms"))["hostname"], "child");
    }
    assert_eq!(json(&mut world, "/api/v1/alarms")["alarms"].as_object().unwrap().len(), 1);
    world.add_node("a b/ü");
    assert_eq!(json(&mut world, "/host/a%20b%2F%C3%BC/api/v1/alarms")["hostname"], "a b/ü");
}

#[test]
fn v1_prints_strings_as_they_are() {
    for api in [Api::V1, Api::V3] {
        let mut world = world(api);
        let info = "it \"is\" 5/7";
        world.define(World::OWN, Definition { info: info.to_owned(), ..Definition::new(CHART, "flip") });
        world.set(World::OWN, CHART, "flip", Warning, 60.0);
        assert!(text(&mut world, "/api/v1/alarms").contains("\"info\": \"it \"is\" 5/7\""));
        let log = json(&mut world, "/api/v1/alarm_log");
        let expected = if api == Api::V1 { "it &quot;is&quot; 5&#x2F;7" } else { info };
        assert_eq!(log[0]["info"], expected);
    }
}

#[test]
fn v1_37_gives_flags_as_strings_and_odd_values_bare() {
    let mut world = world(Api::V1);
    world.silence(World::OWN, CHART, "flip", true);
    world.set(World::OWN, CHART, "flip", Warning, f64::NAN);
    let log = text(&mut world, "/api/v1/alarm_log");
    assert!(log.contains("\"silenced\": \"true\"") && log.contains("\"last_repeat\": \"0\""), "{log}");
    assert!(log.contains("\"value\": nan"));
    assert!(text(&mut world, "/api/v1/alarms").contains("\"silenced\": true"));
}

#[test]
fn the_log_is_asked_by_unique_id_and_cut_at_a_thousand() {
    let mut world = world(Api::V1);
    for value in 0..1200 {
        world.set(World::OWN, CHART, "flip", if value % 2 == 0 { Warning } else { Clear }, f64::from(value));
    }
    let latest = json(&mut world, "/api/v1/alarms")["latest_alarm_log_unique_id"].as_u64().unwrap();
    let ids = |found: Value| -> Vec<u64> {
        found.as_array().unwrap().iter().map(|line| line["unique_id"].as_u64().unwrap()).collect()
    };
    let all = ids(json(&mut world, "/api/v1/alarm_log?after=1"));
    assert_eq!((all.len(), all[0], all[999]), (1000, latest, latest - 999));
    assert_eq!(
        ids(json(&mut world, &format!("/api/v1/alarm_log?after={}", latest - 2))),
        [latest, latest - 1]
    );
    assert!(ids(json(&mut world, &format!("/api/v1/alarm_log?after={latest}"))).is_empty());
    world.wipe_database();
    assert!(json(&mut world, "/api/v1/alarms")["latest_alarm_log_unique_id"].as_u64().unwrap() < latest);
}

#[test]
fn silenced_and_recurring_transitions_carry_their_flags() {
    let mut world = world(Api::V3);
    world.define(
        World::OWN,
        Definition { repeat_every: 3, to: "silent".into(), ..Definition::new(CHART, "flip") },
    );
    world.set(World::OWN, CHART, "flip", Critical, 90.0);
    world.advance(3);
    world.repeat(World::OWN, CHART, "flip");
    world.silence(World::OWN, CHART, "flip", true);
    world.set(World::OWN, CHART, "flip", Clear, 1.0);
    world.advance(2);
    let found = json(&mut world, "/api/v3/alert_transitions?after=-60&last=9");
    let flags: Vec<_> =
        found["transitions"].as_array().unwrap().iter().map(|t| &t["notification"]["flags"]).collect();
    assert_eq!(*flags[0], serde_json::json!(["PROCESSED", "SILENCED", "RECURRING", "SAVED"]));
    assert_eq!(*flags[1], serde_json::json!(["PROCESSED", "EXEC_RUN", "RECURRING"]));
    assert_eq!(*flags[2], serde_json::json!(["PROCESSED", "UPDATED", "EXEC_RUN", "RECURRING", "SAVED"]));
    assert_eq!(found["transitions"][1]["old"]["status"], "CLEAR");
    assert_eq!(found["transitions"][1]["notification"]["to"], "silent");
}

#[test]
fn a_delayed_transition_is_notified_only_if_nothing_supersedes_it() {
    let mut world = world(Api::V3);
    world.define(World::OWN, Definition { delay_up: 5, ..Definition::new(CHART, "flip") });
    world.set(World::OWN, CHART, "flip", Warning, 60.0);
    world.advance(2);
    world.set(World::OWN, CHART, "flip", Clear, 1.0);
    world.advance(60);
    let found = json(&mut world, "/api/v3/alert_transitions?after=-90&last=9");
    let raise = &found["transitions"][1];
    assert_eq!(raise["notification"]["delay_up_to_time"], raise["when"].as_i64().unwrap() + 5);
    assert_eq!((&raise["notification"]["when"], &raise["notification"]["delay"]), (&0.into(), &5.into()));
    assert_eq!(raise["notification"]["flags"], serde_json::json!(["PROCESSED", "UPDATED", "SAVED"]));
}
