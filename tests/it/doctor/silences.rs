//! Silences that can hardly be meant: each gets a line.

use netdata_ilert::alert::{Api, Health, Status};
use netdata_ilert::delivery::silences::ByHand;
use netdata_ilert::delivery::store::Store;
use netdata_ilert::doctor::{Diagnosis, Mark};
use netdata_ilert::simulator::World;

use super::machine::{Machine, assert_line, healthy, healthy_of};

const DAY: i64 = 86_400_000;

/// Adds these silences to the configuration.
fn configure(machine: &mut Machine, silences: &[&str]) {
    let tables = silences.iter().map(|one| format!("[[silence]]\n{one}\ntimezone = \"UTC\"\n"));
    let tables = tables.collect::<Vec<_>>().concat();
    machine.edits = vec![("[[room]]".to_owned(), format!("{tables}[[room]]"))];
}

fn count(found: &Diagnosis) -> usize {
    found.checks.iter().filter(|line| line.check == "silences").count()
}

#[tokio::test]
async fn of_the_configuration() {
    let mut machine = healthy().await;
    configure(
        &mut machine,
        &[
            "name = \"over\"\nuntil = \"2020-01-01T00:00\"",
            "name = \"endless\"\nnodes = \"db-*\"\nfrom = \"2020-01-01T00:00\"",
            "name = \"longer than a day\"\nnodes = \"db-*\"\nevery = \"daily 02:00\"\nfor = \"25h\"",
            "name = \"of nobody\"\nnodes = \"bd-*\"\nevery = \"daily 02:00\"\nfor = \"1h\"",
            "name = \"of all\"\nfrom = \"2020-01-01T00:00\"",
            "name = \"of all each day\"\nnodes = \"*\"\nevery = \"daily 00:00\"\nfor = \"1d\"",
            "name = \"of every node\"\nnodes = \"db-* *\"\nfrom = \"2020-01-01T00:00\"",
            "name = \"for years\"\nnodes = \"db-*\"\nuntil = \"2999-06-15T12:00\"",
            "name = \"of all for years\"\nuntil = \"2999-06-15T12:00\"",
            "name = \"as it should be\"\nnodes = \"db-*\"\nevery = \"daily 02:00\"\nfor = \"1h\"",
        ],
    );
    let found = machine.examine().await;
    for (mark, says, fix) in [
        (Mark::Warning, "the silence `over` is over", "remove its `[[silence]]`"),
        (Mark::Warning, "the silence `endless` has no end", "`until` or a `for`"),
        (Mark::Warning, "the silence `longer than a day` has no end", "make its `for` shorter"),
        (Mark::Warning, "the silence `of nobody` covers no node", "correct its `rooms`, `nodes` or `labels`"),
        (Mark::Wrong, "the silence `of all` covers everything and has no end", "`until` or a `for`"),
        (
            Mark::Wrong,
            "the silence `of all each day` covers everything and has no end",
            "make its `for` shorter",
        ),
        (Mark::Wrong, "the silence `of every node` covers everything and has no end", "`until` or a `for`"),
        (Mark::Warning, "the silence `for years` ends only on 2999-06-", "give it an earlier end"),
        (
            Mark::Wrong,
            "the silence `of all for years` covers everything and ends only on 2999-06-",
            "earlier end",
        ),
    ] {
        assert_line(&found, "silences", mark, says, fix);
    }
    assert_eq!(count(&found), 9);
}

#[tokio::test]
async fn made_by_hand() {
    let machine = healthy().await;
    let now = machine.stage.now();
    for (nodes, alerts, length) in [
        ("*", None, DAY),
        ("zzz", None, DAY),
        ("db-*", None, 8 * DAY),
        ("*", Some("disk_*"), DAY),
        ("web-*", None, DAY),
        ("yyy", None, -DAY),
    ] {
        let wanted = ByHand {
            id: 0,
            nodes: nodes.to_owned(),
            alerts: alerts.map(str::to_owned),
            from: now - 2 * DAY,
            until: now - 2 * DAY + length.max(0) + 2 * DAY * i64::from(length > 0),
            reason: None,
            made_at: now - 2 * DAY - 1,
        };
        Store::open(&machine.stage.state()).unwrap().make_silence(&wanted).unwrap();
    }
    let found = machine.examine().await;
    for (says, fix) in [
        ("`--silence` 1 covers everything until ", "`netdata-ilert --unsilence 1` ends it"),
        ("`--silence` 2 covers no node that Netdata lists", "`netdata-ilert --unsilence 2` ends it"),
        ("`--silence` 3 lasts for 10d, until ", "`netdata-ilert --unsilence 3` ends it"),
    ] {
        assert_line(&found, "silences", Mark::Warning, says, fix);
    }
    assert_eq!(count(&found), 3);
}

#[tokio::test]
async fn whose_patterns_fit_no_alert() {
    let mut machine = healthy().await;
    let every = "every = \"daily 02:00\"\nfor = \"1h\"";
    let silences = [
        "name = \"fits\"\nalerts = \"disk_*\"\ncharts = \"disk_space.*\"",
        "name = \"alert\"\nalerts = \"dsk_*\"",
        "name = \"chart\"\nalerts = \"disk_*\"\ncharts = \"dsk.*\"",
        "name = \"context\"\ncontexts = \"zzz\"",
        "name = \"role\"\nroles = \"nobody\"",
        "name = \"elsewhere\"\nnodes = \"web-1\"\nalerts = \"disk_*\"",
    ]
    .map(|one| format!("{one}\n{every}"));
    configure(&mut machine, &silences.each_ref().map(String::as_str));
    let found = machine.examine().await;
    for (says, fix) in [
        (
            "the silence `alert` covers no alert that Netdata lists: none fits its `alerts`",
            "correct its `alerts`",
        ),
        (
            "the silence `chart` covers no alert that Netdata lists: none fits its `charts`",
            "correct its `charts`",
        ),
        ("the silence `context` covers no alert that Netdata lists", "correct its `contexts`"),
        ("the silence `role` covers no alert that Netdata lists", "correct its `roles`"),
    ] {
        assert_line(&found, "silences", Mark::Warning, says, fix);
    }
    assert_eq!(count(&found), 4, "of a node without any alert it cannot be told");
    // What is not evaluated is not listed.
    machine.stage.world().set_health(World::OWN, Health::Disabled);
    assert_eq!(count(&machine.examine().await), 0);
}

#[tokio::test]
async fn an_agent_that_speaks_v1_says_no_contexts_and_a_parent_nothing_of_all_nodes() {
    let world = || {
        let mut world = World::new(Api::V1, "db-1");
        world.set(World::OWN, "disk_space._var", "disk_space_usage", Status::Clear, 1.0);
        world.advance(5);
        world
    };
    let silences = [
        "name = \"alert\"\nalerts = \"dsk_*\"\nevery = \"daily 02:00\"\nfor = \"1h\"",
        "name = \"context\"\ncontexts = \"zzz\"\nevery = \"daily 02:00\"\nfor = \"1h\"",
    ];
    let mut machine = healthy_of(world()).await;
    configure(&mut machine, &silences);
    let found = machine.examine().await;
    assert_line(
        &found,
        "silences",
        Mark::Warning,
        "the silence `alert` covers no alert",
        "correct its `alerts`",
    );
    assert_eq!(count(&found), 1);
    let mut parent = world();
    parent.add_node("web-1");
    let mut machine = healthy_of(parent).await;
    configure(&mut machine, &silences);
    assert_eq!(count(&machine.examine().await), 0);
}
