//! `--setup --dry-run`: what there is, and what would be done.

use std::fs;

use super::Host;
use crate::command_line::picture;
use crate::stage::{Ended, KEY, end};

fn dry(host: &Host, arguments: &[&str]) -> Ended {
    host.by_key(&[&["--dry-run"], arguments].concat())
}

/// As a picture, without where this program is.
fn shown(host: &Host, ended: &Ended) -> String {
    picture(&host.0.stage, ended).replace(crate::stage::BINARY, "[binary]")
}

#[test]
fn changes_nothing_and_needs_no_token() {
    let host = Host::new();
    let mut command = host.token_command(&["--dry-run", "--name", "Production", "--schedule", "cron"]);
    command.env_remove("ILERT_API_TOKEN");
    let plan = end(command);
    plan.is(0);
    for words in [
        "Netdata v",
        "alert source: `Netdata` in ilert, which is created if there is none",
        "API key: that of the alert source\n",
        "config.toml`: new, mode 0600\n  + ",
        "  + name = \"Production\"\n",
        "live test, before anything is written: an ALERT with priority LOW",
        "change the crontab:\n    + * * * * * ",
        "nothing was changed\n",
    ] {
        assert!(plan.stdout.contains(words), "not said: {words} in {}", plan.stdout);
    }
    assert_eq!(host.0.stage.endpoint.requests(), [""; 0]);
    host.is_untouched();
    end(host.command(&["--dry-run"])).is(2).says("`--name`");
}

#[test]
fn shows_what_changes_and_what_does_not() {
    let host = Host::new();
    host.by_key(&["--name", "Production", "--schedule", "cron"]).is(0);
    let (text, received) = (host.text(), host.0.stage.ilert.received().len());
    let same = dry(&host, &["--schedule", "cron"]);
    let other = dry(&host, &["--notify", "critical,clear", "--schedule", "none", "--priority", "high"]);
    let filters = [(r"    - \* \* \* \* \* .*", "    - [line]"), (r"on \d{4}-\S+ \S+ UTC", "on [time]")];
    insta::with_settings!({filters => filters}, {
        insta::assert_snapshot!("same", shown(&host, same.is(0)));
        insta::assert_snapshot!("other", shown(&host, other.is(0)));
    });
    assert_eq!(
        (host.text(), host.0.stage.ilert.received().len(), host.crontab().lines().count()),
        (text, received, 1)
    );
}

#[test]
fn masks_a_key_that_is_in_the_file() {
    let host = Host::new();
    fs::create_dir(host.etc("")).unwrap();
    let settings = format!(
        "version = 1\n[notification]\nname = \"a\"\nnotify = [\"critical\"]\n[integration]\napi_key = \"{KEY}\"\n"
    );
    host.0.stage.write_private("etc/config.toml", &settings);
    let plan = dry(&host, &["--name", "b"]);
    for line in ["  - name = \"a\"\n", "  + name = \"b\"\n", "    api_key = \"****3f9a\"\n"] {
        assert!(plan.is(0).stdout.contains(line), "{plan:?}");
    }
}

/// `--dry-run` and the real call, in an environment with the key.
fn both(host: &Host, arguments: &[&str]) -> [Ended; 2] {
    [dry(host, arguments), host.by_key(arguments)]
}

#[test]
fn ends_as_the_real_call_would() {
    let mut host = Host::new();
    host.0.stage.world().require_authorization(Some(("Bearer token", 412)));
    for ended in both(&host, &["--name", "a"]) {
        ended.is(75).says("without a bearer token (412)").says("set `--netdata-token-file`");
        assert_eq!(ended.stdout, "", "a plan as if all were well");
    }
    host.0.stage.world().require_authorization(None);
    let no_file = host.0.stage.path("none.pem");
    let ca = ["--name", "a", "--ilert-ca", no_file.to_str().unwrap()];
    for ended in both(&host, &ca) {
        ended.is(3).says("none.pem");
        assert_eq!(ended.stdout, "");
    }
    let url = host.0.stage.netdata.url();
    host.0.stage.stop_netdata();
    for mode in [&["--dry-run"][..], &["--dry-run", "--json"], &[]] {
        let arguments = ["--setup", "--netdata-url", &url, "--name", "a"];
        let mut command = host.program(&[&arguments[..], mode].concat());
        command.env("ILERT_API_KEY", KEY);
        let ended = end(command);
        ended.is(75).says("nothing listens").says("`--netdata-url` says where Netdata is");
        assert_eq!(ended.stdout, "");
    }
    host.is_untouched();
}

#[test]
fn folds_the_comments_of_a_new_file() {
    let host = Host::new();
    let plan = dry(&host, &["--name", "a", "--no-test"]);
    assert!(plan.is(0).stdout.contains("none, as `--no-test` says"), "{plan:?}");
    assert!(plan.stdout.contains("  + notify = [") && plan.stdout.contains("comments that are not shown: "));
    assert!(!plan.stdout.lines().any(|line| line.trim_start().starts_with("+ #")), "{}", plan.stdout);
}
