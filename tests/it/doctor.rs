//! Each fault, the line that it gets, and the fix under it: against a simulated Netdata and ilert.

mod cannot_tell;
mod local;
mod machine;
mod silences;

use std::fs;
use std::os::unix::fs::PermissionsExt;

use machine::{BEAT, PLAIN, assert_line, healthy};
use netdata_ilert::alert::{Health, Status};
use netdata_ilert::config::Priority;
use netdata_ilert::delivery::proof;
use netdata_ilert::doctor::{Mark, Style};
use netdata_ilert::exit::Exit;
use netdata_ilert::secret::Secret;
use netdata_ilert::simulator::{Fault, World};
use netdata_ilert::text::ago::stamp;

use crate::stage::KEY;

#[tokio::test]
async fn all_is_well() {
    let machine = healthy().await;
    machine.stage.endpoint.forget_requests();
    let diagnosis = machine.examine().await;
    assert_eq!(diagnosis.exit(), Exit::Done);
    let text = diagnosis
        .text(PLAIN)
        .replace(&machine.stage.endpoint.url(), "http://ilert")
        .replace(machine.stage.folder.path().to_str().unwrap(), "/folder")
        .lines()
        // Where this is run decides about these.
        .filter(|line| {
            !["certificates", "state folder", "live test"].iter().any(|check| line.contains(check))
        })
        .filter(|line| !line.starts_with(' '))
        .map(|line| line.split(" (").next().unwrap().to_owned() + "\n")
        .collect::<String>();
    insta::assert_snapshot!(text, @r#"
    ✓ configuration  `/folder/config.toml` is valid: "test" tells of the rooms all
    ✓ API key        ****3f9a, in `/folder/api-key`, which only its owner can read
    ✓ heartbeat URL  ****77aa, in `/folder/heartbeat-url`, which only its owner can read
    ✓ Netdata        v2.11.0 on `db-1`: 2 nodes; raised in the chosen rooms: 1 critical, 0 warning
    ✓ clock          Netdata's and this machine's agree
    ✓ proxy          none: straight to ilert
    ✓ ilert          `http://ilert` is reached
    ✓ heartbeat      ilert's heartbeat monitor took a ping
    ✓ schedule       a crontab line; the last run was 0 s ago
    ✓ other senders  none on this machine
    "#);
    let none = "no live test that passed with this key is recorded";
    assert_line(&diagnosis, "live test", Mark::Warning, none, "`netdata-ilert --test` sends one");
    let proven = machine.stage.now();
    let key = Secret::new(KEY.to_owned());
    proof::keep(&machine.stage.state(), &key, &machine.stage.endpoint.url(), Priority::Low, proven)
        .await
        .unwrap();
    let when = format!("the key was proven on {} by a live test with priority LOW", stamp(proven));
    assert_line(&machine.examine().await, "live test", Mark::Good, &when, "");
    // No event, no key: a look, and the ping that was asked for.
    let mut requests = machine.stage.endpoint.requests();
    requests.sort();
    requests.dedup();
    assert_eq!(requests, ["GET /api/events".to_owned(), format!("GET /api/pings/{BEAT}")]);
}

#[tokio::test]
async fn the_configuration() {
    let mut machine = healthy().await;
    fs::set_permissions(machine.stage.path("api-key"), fs::Permissions::from_mode(0o644)).unwrap();
    let found = machine.examine().await;
    assert_eq!(found.exit(), Exit::Configuration);
    assert_line(&found, "API key", Mark::Wrong, "others can read it (its mode is 0644)", "run `chmod 600");

    fs::remove_file(machine.stage.path("heartbeat-url")).unwrap();
    assert_line(
        &machine.examine().await,
        "heartbeat URL",
        Mark::Wrong,
        "there is no file",
        "write the secret to it",
    );

    machine.edit("version = 1", "version = 1\nlabel.a = 1\nintegration.key = \"hunter2\"");
    let found = machine.examine().await;
    assert_eq!(found.exit(), Exit::Configuration);
    assert_line(&found, "configuration", Mark::Wrong, "2 mistakes in", "did you mean `labels`");
    // What needs no configuration is looked at all the same.
    assert_line(&found, "schedule", Mark::Good, "a crontab line", "");

    machine.edits = vec![("version = 1".to_owned(), "version = 1\nx = ".to_owned())];
    assert_line(&machine.examine().await, "configuration", Mark::Wrong, "1 mistake", "not TOML");
}

#[tokio::test]
async fn what_can_hardly_be_meant() {
    let mut machine = healthy().await;
    machine.edit("\"clear\", \"reachable\", ", "");
    machine.edit(
        "integration.api_key",
        "delivery.events_per_minute = 80\ntemplates.summary = \"{{ nod }}\"\nintegration.api_key",
    );
    machine.edit("nodes = \"db-* web-*\"", "nodes = \"database-*\"");
    let found = machine.examine().await;
    assert_eq!(found.exit(), Exit::Refused);
    assert_line(&found, "notification", Mark::Warning, "no alert that clears is resolved", "`\"clear\"`");
    assert_line(&found, "notification", Mark::Warning, "no node that comes back", "`\"reachable\"`");
    assert_line(&found, "templates", Mark::Wrong, "`nod` is undefined", "`[templates]`");
    assert_line(&found, "pace", Mark::Warning, "`events_per_minute` is 80", "50 or less");
    assert_line(
        &found,
        "rooms",
        Mark::Wrong,
        "no node is in the room `all`, nor",
        "there are `db-1`, `web-1`",
    );

    machine.edits = vec![
        ("[\"all\"]".to_owned(), "[\"all\", \"slip\"]".to_owned()),
        ("[[room]]".to_owned(), "[[room]]\nname = \"slip\"\nnodes = \"bd-*\"\n[[room]]".to_owned()),
    ];
    let found = machine.examine().await;
    assert_eq!(found.exit(), Exit::Done);
    assert_line(&found, "rooms", Mark::Warning, "no node is in the room `slip`", "`[[room]]`");

    machine.edits =
        vec![("name = \"test\"".to_owned(), "name = \"test\", delivered_by = \"netdata-cloud\"".to_owned())];
    let found = machine.examine().await;
    assert_line(&found, "configuration", Mark::Warning, "Netdata Cloud", "delivered_by = \"netdata-ilert\"");
    assert_line(&found, "Netdata Cloud", Mark::Warning, "cannot be seen from here", "look in Netdata Cloud");
    assert_line(&found, "schedule", Mark::Warning, "sends nothing", "`netdata-ilert --remove-schedule`");
    assert!(!found.checks.iter().any(|line| line.check == "Netdata"));
}

#[tokio::test]
async fn netdata() {
    let mut machine = healthy().await;
    for (refusal, mark, says, fix) in [
        (451, Mark::Wrong, "(451)", "`allow dashboard from`"),
        (412, Mark::Wrong, "without a bearer token (412)", "`bearer_token`"),
        (403, Mark::Wrong, "(403)", "may read alerts"),
        (503, Mark::Warning, "is starting or stopping (503)", "asked again"),
        (500, Mark::Wrong, "HTTP status 500", "log"),
    ] {
        machine.stage.world().refuse(Some(refusal));
        assert_line(&machine.examine().await, "Netdata", mark, says, fix);
    }
    machine.stage.world().refuse(None);
    machine.stage.netdata.fail(Some(Fault::Reset));
    assert_line(
        &machine.examine().await,
        "Netdata",
        Mark::Wrong,
        "closed the connection",
        "`allow connections from`",
    );
    machine.stage.netdata.fail(None);
    machine.stage.stop_netdata();
    let found = machine.examine().await;
    assert_eq!(found.exit(), Exit::Later);
    assert_line(&found, "Netdata", Mark::Wrong, "nothing listens", "start Netdata");
}

#[tokio::test]
async fn netdatas_health_and_clock() {
    let mut machine = healthy().await;
    machine.stage.ahead.set(-42_000);
    assert_line(&machine.examine().await, "clock", Mark::Warning, "42 s ahead of", "NTP");
    machine.stage.ahead.set(42_000);
    assert_line(&machine.examine().await, "clock", Mark::Warning, "42 s behind", "NTP");
    machine.stage.ahead.set(0);
    machine.stage.world().set_health(World::OWN, Health::Disabled);
    let found = machine.examine().await;
    assert_eq!(found.exit(), Exit::Done);
    assert_line(&found, "health", Mark::Warning, "`db-1`", "`enabled = yes`");
    machine.edit("db-* web-*", "db-*");
    let found = machine.examine().await;
    assert_eq!(found.exit(), Exit::Refused);
    assert_line(&found, "health", Mark::Wrong, "`db-1`", "`[health]`");
}

#[tokio::test]
async fn what_is_dated_in_the_future() {
    let machine = healthy().await;
    machine.stage.world().set_late(World::OWN, "net.eth0", "drops", Status::Critical, 7.0, -8 * 3600);
    machine.stage.world().advance(3);
    let found = machine.examine().await;
    assert_line(&found, "Netdata", Mark::Warning, " h ahead of the agent's clock", "is sent all the same");
}

#[tokio::test]
async fn ilert_and_the_way_there() {
    let mut machine = healthy().await;
    machine.stage.endpoint.fail(Some(Fault::Reset));
    let found = machine.examine().await;
    assert_eq!(found.exit(), Exit::Later);
    assert_line(&found, "ilert", Mark::Wrong, "cannot be reached: the connection was closed", "proxy");
    assert_line(&found, "heartbeat", Mark::Wrong, "took no ping", "heartbeat.url");
    machine.stage.endpoint.fail(None);
    machine.stage.write_private(
        "heartbeat-url",
        &format!("{}/api/pings/il1hbt-hunter2", machine.stage.endpoint.url()),
    );
    let found = machine.examine().await;
    assert_eq!(found.exit(), Exit::Refused);
    assert_line(
        &found,
        "heartbeat",
        Mark::Wrong,
        "404, which is what a wrong key gets",
        "copy the heartbeat monitor's URL from ilert again",
    );

    let endpoint = format!("ilert.endpoint = \"{}\"", machine.stage.endpoint.url());
    machine.edit(&endpoint, &format!("{endpoint}\nilert.ca_file = \"api-key\""));
    let found = machine.examine().await;
    assert_eq!(found.exit(), Exit::Configuration);
    assert_line(&found, "certificates", Mark::Wrong, "no certificate in it", "`ca_file`");

    // A proxy that answers itself, with a password that is not shown.
    let proxy = machine.stage.endpoint.url().replace("http://", "http://me:hunter2@");
    machine.edits =
        vec![(endpoint, format!("ilert.endpoint = \"http://localhost:9\"\nilert.proxy = \"{proxy}\""))];
    fs::set_permissions(machine.write_config(), fs::Permissions::from_mode(0o600)).unwrap();
    let found = machine.examine().await;
    assert_line(&found, "proxy", Mark::Good, "http://****@127.0.0.1", "");
    assert_line(&found, "ilert", Mark::Good, "is reached", "");
    machine.stage.stop_ilert();
    assert_line(&machine.examine().await, "ilert", Mark::Wrong, "connection refused", "");
}

#[tokio::test]
async fn who_else_tells_ilert() {
    let machine = healthy().await;
    let file = machine.stage.path("health_alarm_notify.conf");
    fs::write(&file, "SEND_ILERT=\"YES\"\nILERT_ALERT_SOURCE_URL=\"https://api.ilert.com/hunter2\"\n")
        .unwrap();
    assert_line(
        &machine.examine().await,
        "other senders",
        Mark::Warning,
        "pages twice",
        "`SEND_ILERT=\"NO\"`",
    );
    fs::write(&file, "SEND_ILERT=\"YES\"\nILERT_INTEGRATION_KEY=\"hunter2\"\n").unwrap();
    assert_line(
        &machine.examine().await,
        "other senders",
        Mark::Warning,
        "pages twice",
        "health_alarm_notify.conf",
    );
    fs::write(&file, "SEND_ILERT=\"NO\"\nILERT_INTEGRATION_KEY=\"hunter2\"\n").unwrap();
    assert_line(&machine.examine().await, "other senders", Mark::Good, "none", "");
    fs::remove_file(&file).unwrap();
    fs::create_dir(&file).unwrap();
    assert_line(&machine.examine().await, "other senders", Mark::Warning, "cannot tell", "look whether");
}

#[tokio::test]
async fn shows_itself_in_every_terminal_and_to_programs() {
    let mut machine = healthy().await;
    machine.edit("\"clear\", ", "");
    let found = machine.examine().await;
    let colored = found.text(Style { color: true, unicode: true });
    assert!(colored.contains("\u{1b}[32m✓\u{1b}[0m API key") && colored.contains("\u{1b}[33m!\u{1b}[0m"));
    let ascii = found.text(Style { color: false, unicode: false });
    assert!(ascii.is_ascii() && ascii.starts_with("ok configuration"), "{ascii}");
    let json = serde_json::to_value(&found).unwrap();
    assert_eq!(json["checks"][0]["check"], "configuration");
    assert_eq!(
        (&json["checks"][0]["mark"], &json["checks"][0]["fix"]),
        (&"good".into(), &serde_json::Value::Null)
    );
}

#[tokio::test]
async fn what_answers_in_the_place_of_ilert() {
    let machine = healthy().await;
    for status in [200, 404, 502] {
        machine.stage.ilert.stand_in(Some((status, "<html>Log in</html>")));
        let found = machine.examine().await;
        assert_eq!(found.exit(), Exit::Later);
        let says = format!(
            "something else answers in ilert's place at `{}` ({status}: an HTML page)",
            machine.stage.endpoint.url()
        );
        assert_line(&found, "ilert", Mark::Wrong, &says, "wants a login");
        assert_line(
            &found,
            "heartbeat",
            Mark::Wrong,
            "took no ping: something answered in ilert's place",
            "login",
        );
    }
}
