//! Each answer of the wizard has a flag; what is secret is read from files.

use std::fs;

use netdata_ilert::config::{DeliveredBy, SecretSource};
use netdata_ilert::simulator::Answer;

use super::{Host, mode};
use crate::stage::{KEY, end};

/// A file with a secret in it, outside the configuration's folder.
fn given(host: &Host, name: &str, secret: &str) -> String {
    host.0.stage.write_private(name, &format!("{secret}\n")).to_str().unwrap().to_owned()
}

#[test]
fn netdata_behind_a_password_or_a_token() {
    let host = Host::new();
    // `me:hunter2hunter2`.
    host.0.stage.world().require_authorization(Some(("Basic bWU6aHVudGVyMmh1bnRlcjI=", 401)));
    host.by_key(&["--name", "a"]).is(75).says("set `--netdata-user` and `--netdata-password-file`");
    let password = given(&host, "password", "hunter2hunter2");
    let login = ["--name", "a", "--netdata-user", "me", "--netdata-password-file", &password];
    let made = host.by_key(&login);
    made.is(0).says("etc/netdata-password` (mode 0600)").says("a dry run of the sender: one event");
    let config = host.config();
    assert_eq!(config.netdata.username.as_deref(), Some("me"));
    assert_eq!(config.netdata_password().unwrap().unwrap().expose(), "hunter2hunter2");
    assert_eq!(mode(&host.etc("netdata-password")), 0o600);
    for arguments in [&login[..], &[]] {
        host.by_key(arguments).is(0).says("nothing has changed");
    }

    host.0.stage.world().require_authorization(Some(("Bearer tokentoken", 412)));
    let token = given(&host, "token", "tokentoken");
    let both = ["--netdata-token-file", token.as_str()];
    host.by_key(&both).is(2).says("not with both").says("`--netdata-user=`");
    let other = host.by_key(&[&both[..], &["--netdata-user="]].concat());
    other.is(0).says("etc/netdata-token` (mode 0600)");
    other.says("etc/netdata-password`: it is not used any more");
    assert!(!host.etc("netdata-password").exists());
    let config = host.config();
    assert_eq!((config.netdata.username, config.netdata.password), (None, None));
    host.by_key(&[]).is(0).says("nothing has changed");
    host.0.stage.world().require_authorization(None);
    let plan = host.by_key(&["--netdata-token-file=", "--dry-run", "--json"]);
    let plan: serde_json::Value = serde_json::from_str(&plan.is(0).stdout).unwrap();
    let unused = plan["parts"].as_array().unwrap().iter().find(|part| part["part"] == "unused-secret");
    assert_eq!(unused.unwrap()["state"], "planned");
    assert!(host.etc("netdata-token").exists());
    host.by_key(&["--netdata-token-file="]).is(0).says("wrote `").says("etc/netdata-token`: it is not used");
    assert!(!host.etc("netdata-token").exists());
    host.by_key(&[]).is(0).says("nothing has changed");
    assert_eq!(host.config().netdata.bearer_token, None);
}

#[test]
fn the_way_to_ilert_and_the_heartbeat() {
    let host = Host::new();
    let proxy = host.0.environment().into_iter().find(|(name, _)| name == "HTTPS_PROXY").unwrap().1;
    let roots = host.0.stage.path("roots.pem");
    let beat = given(&host, "beat", "https://api.ilert.com/api/heartbeats/il1hbt77aa");
    let arguments = [
        "--name",
        "a",
        "--ilert-proxy",
        &proxy,
        "--ilert-ca",
        roots.to_str().unwrap(),
        "--heartbeat-file",
        &beat,
    ];
    let call = |arguments: &[&str]| {
        let mut command = host.command(arguments);
        command.env_remove("HTTPS_PROXY").env_remove("SSL_CERT_FILE").env("ILERT_API_KEY", KEY);
        host.seen_by_nobody(end(command))
    };
    call(&arguments).is(0).says("etc/heartbeat-url` (mode 0600)");
    let config = host.config();
    assert_eq!(
        (config.ilert.proxy.as_deref(), config.ilert.ca_file.as_ref()),
        (Some(proxy.as_str()), Some(&roots))
    );
    assert!(config.heartbeat_url().unwrap().unwrap().expose().ends_with("il1hbt77aa"));
    call(&arguments).is(0).says("nothing has changed");
    let plan = call(&["--dry-run", "--heartbeat-file=", "--ilert-proxy=", "--ilert-ca="]);
    for line in ["- proxy = ", "- ca_file = ", "- url = { file = "] {
        assert!(plan.is(0).stdout.contains(line), "{line} is not in {}", plan.stdout);
    }
    let wrong = given(&host, "wrong", "http://example.org/beat");
    call(&["--heartbeat-file", &wrong]).is(3).says("`--heartbeat-file`").says("`https://`");
}

#[test]
fn a_room_has_a_name_patterns_and_labels() {
    let host = Host::new();
    let room =
        ["--room", "Databases", "--nodes", "!db-test* db-*", "--nodes", "web-*", "--label", "env=prod*"];
    host.by_key(&[&["--name", "a"], &room[..]].concat()).is(0);
    let config = host.config();
    assert_eq!(config.notification.rooms, ["Databases"]);
    let [only] = config.rooms.as_slice() else { panic!("{:?}", config.rooms) };
    assert_eq!((only.nodes.as_str(), only.labels["env"].as_str()), ("!db-test* db-* web-*", "prod*"));
    host.by_key(&room).is(0).says("nothing has changed");
    host.by_key(&["--nodes", "db-*"]).is(0);
    let config = host.config();
    assert_eq!((config.rooms[0].nodes.as_str(), config.rooms[0].labels.len()), ("db-*", 1));
    host.by_key(&["--nodes", "*"]).is(0);
    assert_eq!(host.config().notification.rooms, [""; 0]);
    host.by_key(&["--room", "Databases"]).is(0);
    assert_eq!(host.config().notification.rooms, ["Databases"]);
}

#[test]
fn nodes_that_match_nothing_and_types_that_never_resolve_are_said() {
    let host = Host::new();
    for mode in [&["--dry-run"][..], &[]] {
        let ended =
            host.by_key(&[&["--name", "a", "--nodes", "nomatch*", "--notify", "critical"], mode].concat());
        let said = format!("{}{}", ended.is(0).stdout, ended.stderr);
        for words in [
            "warning: None of the 2 nodes is in Chosen nodes: nothing is sent\n",
            "warning: Without \"clear\", an alert stays open in ilert after it has cleared.\n",
        ] {
            assert!(said.contains(words), "{words} is not in {said}");
        }
        if mode.is_empty() {
            ended.says("nothing would be sent now: what is raised is outside the rooms (raised inside the rooms: 0 critical, \
                        0 warning; outside: 1)");
        }
    }
    let some = host.by_key(&["--nodes", "db-*", "--notify", "critical,clear"]);
    some.is(0)
        .says("one event would be sent now (raised inside the rooms: 1 critical, 0 warning; outside: 0)");
    assert!(!some.stderr.contains("warning:"), "{some:?}");
}

#[test]
fn the_key_is_kept_where_it_is_said() {
    let host = Host::new();
    let elsewhere = host.0.stage.path("etc/keys/ilert");
    let place = format!("file:{}", elsewhere.display());
    host.by_key(&["--name", "a", "--keep-key", &place]).is(0);
    assert_eq!(host.config().integration.api_key, SecretSource::File(elsewhere.clone()));
    assert_eq!((mode(&elsewhere), host.etc("api-key").exists()), (0o600, false));

    // systemd's service loads it from the file beside the configuration.
    let made = host.by_key(&["--keep-key", "credential:ilert-key"]);
    made.is(0).says("etc/ilert-key` (mode 0600)").says("no dry run of `--send` here");
    assert_eq!(host.config().integration.api_key, SecretSource::Credential("ilert-key".into()));
    let again = end(host.command(&[]));
    again.is(0).says("nothing has changed").says("so there is no live test");
    end(host.token_command(&[])).is(0).says("etc/ilert-key` (mode 0600)");

    host.by_key(&["--keep-key", "env:ILERT_API_KEY"]).is(0).says("a dry run of the sender: ");
    assert_eq!(host.config().integration.api_key, SecretSource::Env("ILERT_API_KEY".into()));
    end(host.token_command(&[])).is(3).says("`--keep-key file` keeps it in a file");
    host.by_key(&["--keep-key", "file"]).is(0);
    assert_eq!(fs::read_to_string(host.etc("api-key")).unwrap(), format!("{KEY}\n"));
}

#[test]
fn left_to_netdata_cloud_nothing_is_asked_and_what_is_open_is_resolved() {
    let mut host = Host::new();
    host.by_key(&["--name", "a", "--schedule", "cron"]).is(0);
    end(host.program(&["--send"])).is(0);
    assert_eq!(host.0.stage.ilert.open().len(), 1);
    host.0.stage.stop_netdata();
    let mut command = host.program(&["--setup", "--delivered-by", "netdata-cloud", "--schedule", "none"]);
    command.env("ILERT_API_KEY", KEY);
    let left = end(command);
    left.is(0).says("resolved what was open").says("took the line out").says("cannot be seen from here");
    assert_eq!(host.config().notification.delivered_by, DeliveredBy::NetdataCloud);
    assert_eq!((host.0.stage.ilert.open().len(), host.crontab().as_str()), (0, ""));
}

#[test]
fn an_address_is_taken_as_the_wizard_takes_it() {
    let host = Host::new();
    let url = host.0.stage.netdata.url();
    let bare = url.strip_prefix("http://").unwrap();
    let mut command =
        host.program(&["--setup", "--name", "a", "--netdata-url", &format!("{bare}/v3/spaces/x#y")]);
    command.env("ILERT_API_KEY", KEY);
    end(command).is(0);
    assert_eq!(host.config().netdata.url.to_string(), url);
}

#[test]
fn what_the_token_cannot_show_is_said() {
    let host = Host::new();
    host.by_token(&["--name", "a", "--no-test"]).is(0);
    let mut command = host.command(&[]);
    command.env("ILERT_API_TOKEN", "il1tkn-of-nobody");
    let ended = end(command);
    ended.is(0).says("note: cannot look the alert `netdata/").says("accepted means queued");
    host.0.stage.ilert.answer_by(|_| Some(Answer::Status(503)));
    let failed = host.by_key(&["--priority", "high"]);
    assert_eq!(failed.is(75).stdout.matches("RESOLVE: ").count(), 1, "{failed:?}");
    assert!(failed.stdout.contains("(3 tries, "), "{failed:?}");
}

#[test]
fn a_secret_that_is_not_used_any_more_stays_where_it_may_be_somebody_elses() {
    let host = Host::new();
    let elsewhere = host.0.stage.path("etc/keys/ilert");
    let place = format!("file:{}", elsewhere.display());
    host.by_key(&["--name", "a", "--keep-key", &place]).is(0);
    let left = host.by_key(&["--keep-key", "env:ILERT_API_KEY"]);
    left.is(0).says(
        "keys/ilert` stays, though this configuration does not use it any more: it is in another folder",
    );
    assert!(elsewhere.exists());
    // The file that the secret is taken from.
    host.by_key(&["--keep-key", "file"]).is(0);
    let own = host.etc("api-key").to_str().unwrap().to_owned();
    let command = host.command(&["--api-key-file", &own, "--keep-key", &place]);
    host.seen_by_nobody(end(command)).is(0).says("api-key` stays").says("this call reads it");
}
