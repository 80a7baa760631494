//! Configurations and key files that cannot be used: exit code 3, with the place and what to do.

use std::fs;
use std::os::unix::fs::{PermissionsExt, chown, lchown, symlink};
use std::path::Path;
use std::process::Command;

use netdata_ilert::alert::Status;
use rustix::process::geteuid;
use toml::{Table, Value};

use crate::command_line::picture;
use crate::stage::{KEY, Stage, bare, end};

/// Modes that need a configuration.
const MODES: [&[&str]; 6] = [
    &["--send"],
    &["--send", "--dry-run"],
    &["--preview"],
    &["--test"],
    &["--retry"],
    &["--forget", "web-1"],
];

#[test]
fn everything_wrong_is_said_with_line_and_key() {
    let stage = Stage::new();
    stage.write_private(
        "config.toml",
        "version = 1\n[notification]\nname = \"x\"\nnotify = [\"critical\", \"loud\"]\n[integration]\n\
         api_key = { file = \"key\" }\n[delivery]\nevents_per_minute = 0\nresolve_afer = \"1s\"\n",
    );
    insta::assert_snapshot!(picture(&stage, &stage.send()));
    for mode in MODES {
        let ended = stage.run(mode);
        ended.is(3).says("config.toml:4: `notification.notify`").says(":8: `delivery.events_per_minute`");
        assert_eq!(ended.stdout, "", "{mode:?}");
    }
    assert!(!stage.state().exists(), "nothing is made by a run that cannot start");
}

#[test]
fn no_configuration_says_how_to_get_one() {
    let stage = Stage::new();
    fs::remove_file(stage.path("config.toml")).unwrap();
    for mode in MODES {
        stage.run(mode).is(3).says("there is no configuration at").says("--print-config");
    }
    fs::create_dir(stage.path("config.toml")).unwrap();
    stage.send().is(3).says("it is a folder");
    stage.run(&["--status"]).is(3).says("it is a folder");
    // What needs none works.
    fs::remove_dir(stage.path("config.toml")).unwrap();
    end(bare(&["--print-config"])).is(0);
}

#[test]
fn a_mistyped_path_is_refused_by_each_mode_and_the_near_one_is_named() {
    let stage = Stage::new();
    let typo = stage.path("confg.toml");
    let call = |arguments: &[&str]| {
        let mut command = bare(arguments);
        command.arg("-c").arg(&typo).arg("--state-dir").arg(stage.state()).env("HOME", stage.folder.path());
        end(command)
    };
    for mode in [
        &["--send"][..],
        &["--silence", "web-*", "--for", "1h"],
        &["--unsilence", "1"],
        &["--remove-schedule"],
        &["--status"],
        &["--discard", "all"],
        &["--discard", "1"],
    ] {
        let ended = call(mode);
        ended.is(3).says(&format!("there is no configuration at `{}`", typo.display()));
        ended.says(&format!("did you mean `{}`?", stage.path("config.toml").display()));
        assert_eq!(ended.stdout, "", "{mode:?}");
    }
    assert!(!stage.state().exists());
    // What a state alone can answer.
    stage.set("cpu", Status::Critical);
    stage.send().is(0);
    call(&["--status"]).is(3);
    fs::remove_file(stage.path("config.toml")).unwrap();
    assert!(stage.run(&["--status"]).is(3).stdout.contains("open in ilert: 1"));
    stage.run(&["--discard", "1"]).is(2);
    stage.run(&["--silence", "web-*", "--for", "1h"]).is(3);
}

#[test]
fn a_key_that_others_can_read_is_refused_with_the_remedy() {
    let stage = Stage::new();
    stage.set("cpu", Status::Critical);
    for mode in [0o640, 0o604, 0o620, 0o601, 0o644] {
        fs::set_permissions(stage.path("key"), fs::Permissions::from_mode(mode)).unwrap();
        for arguments in MODES {
            let ended = stage.run(arguments);
            let remedy = format!("run `chmod 600 {}`", stage.path("key").display());
            ended.is(3).says("`integration.api_key`").says(&format!("{mode:04o}")).says(&remedy);
        }
    }
    assert_eq!(stage.endpoint.connections() + stage.netdata.connections(), 0);
    fs::set_permissions(stage.path("key"), fs::Permissions::from_mode(0o400)).unwrap();
    stage.send().is(0);
}

#[test]
fn a_configuration_that_holds_the_key_is_the_owners_alone() {
    let mut stage = Stage::new();
    stage.configure("integration.api_key", KEY);
    fs::set_permissions(stage.path("config.toml"), fs::Permissions::from_mode(0o644)).unwrap();
    for arguments in MODES {
        let ended = stage.run(arguments);
        ended.is(3).says("holds a secret and others can read it").says("chmod 600");
        assert!(!ended.stderr.contains(KEY));
    }
}

#[test]
fn a_key_file_that_holds_no_key_is_said_to() {
    let stage = Stage::new();
    for (contents, words) in [("", "is empty"), (" \n\n", "is empty"), ("one\ntwo\n", "line breaks")] {
        stage.write_private("key", contents);
        let ended = stage.send();
        ended.is(3).says("`integration.api_key`").says(words);
        assert!(!ended.stderr.contains("two"));
    }
    fs::remove_file(stage.path("key")).unwrap();
    stage.send().is(3).says("there is no file").says("chmod 600");
    stage.write_private("key", &format!("  {KEY}\r\n"));
    stage.set("cpu", Status::Critical);
    stage.send().is(0);
    assert_eq!(stage.open(), ["cpu critical"]);
}

#[test]
fn what_cloud_delivers_is_not_sent_from_here() {
    let mut stage = Stage::new();
    stage.configure("notification.delivered_by", "netdata-cloud");
    stage.set("cpu", Status::Critical);
    for mode in [&["--send"][..], &["--send", "--dry-run"], &["--send", "--dry-run", "--json"]] {
        let ended = stage.run(mode);
        ended
            .is(3)
            .says("Netdata Cloud delivers this configuration")
            .says("`delivered_by = \"netdata-cloud\"`");
        assert_eq!((ended.stderr.lines().count(), ended.stdout.as_str()), (1, ""), "{mode:?}: {ended:?}");
    }
    assert!(!stage.state().exists());
    assert_eq!(stage.endpoint.connections() + stage.netdata.connections(), 0);
    // What it would look like can be seen all the same.
    assert!(stage.run(&["--preview"]).is(0).stdout.contains("ALERT"));
}

#[test]
fn a_url_of_netdata_that_cannot_be_used_is_a_matter_of_configuration() {
    let mut stage = Stage::new();
    stage.configure("netdata.ca_file", stage.path("none.pem").to_str().unwrap());
    stage.send().is(3).says("none.pem");
    assert!(!stage.state().exists());
}

#[test]
fn a_configuration_that_others_can_change_is_refused_with_the_remedy() {
    let stage = Stage::new();
    stage.set("cpu", Status::Critical);
    let (config, folder) = (stage.path("config.toml"), stage.folder.path().to_owned());
    let refused = |what: &str, fix: &str| {
        for mode in MODES {
            stage.run(mode).is(3).says(what).says(fix);
        }
        let ended = stage.run(&["--doctor"]);
        // Root's state is below the same folder, and is refused with it.
        ended.is(if what.contains("folder") && geteuid().is_root() { 1 } else { 3 });
        assert!(ended.stdout.contains(what) && ended.stdout.contains(fix), "{ended:?}");
    };
    for mode in [0o660, 0o602] {
        fs::set_permissions(&config, fs::Permissions::from_mode(mode)).unwrap();
        let fix = format!("run `chmod go-w {}`", config.display());
        refused("others can change it, as it belongs to", &fix);
    }
    fs::set_permissions(&config, fs::Permissions::from_mode(0o644)).unwrap();
    stage.run(&["--send", "--dry-run"]).is(0);
    for mode in [0o770, 0o707] {
        fs::set_permissions(&folder, fs::Permissions::from_mode(mode)).unwrap();
        let fix = format!("run `chmod go-w {}`", folder.display());
        refused(&format!("others can change its folder `{}`, as it belongs to", folder.display()), &fix);
    }
    fs::set_permissions(&folder, fs::Permissions::from_mode(0o755)).unwrap();
    let (above, inner) = (stage.path("above"), stage.path("above/inner"));
    fs::create_dir_all(&inner).unwrap();
    let (moved, link) = (inner.join("config.toml"), above.join("link.toml"));
    fs::copy(&config, &moved).unwrap();
    symlink("inner/config.toml", &link).unwrap();
    fs::set_permissions(&above, fs::Permissions::from_mode(0o777)).unwrap();
    for (path, what) in [(&moved, "the folder"), (&link, "its folder")] {
        let ended = end(bare(&["--send", "--config", path.to_str().unwrap()]));
        ended.is(3).says(&format!("others can change {what} `{}`", above.display()));
    }
    fs::set_permissions(&above, fs::Permissions::from_mode(0o1777)).unwrap();
    if geteuid().is_root() {
        lchown(&link, Some(65534), None).unwrap();
        let ended = end(bare(&["--send", "--config", link.to_str().unwrap()]));
        ended.is(3).says(&format!("others can change the link `{}`", link.display()));
        ended.says(&format!("run `sudo chown -h root {}`", link.display()));
        chown(&config, Some(65534), None).unwrap();
        let fix = format!("run `sudo chown root {0} && chmod go-w {0}`", config.display());
        refused("others can change it, as it belongs to `nobody` (mode 0644)", &fix);
    } else {
        eprintln!("skipped: only root can make another user's files");
    }
    assert_eq!(stage.told(), [""; 0]);
}

/// How a setting names a file.
type Naming = fn(&Path) -> Value;

#[test]
fn what_others_can_put_another_in_the_place_of_is_not_used() {
    let certificate = rcgen::generate_simple_self_signed(["x".to_owned()]).unwrap().cert.pem();
    let secret: Naming = |path| Table::from_iter([("file".to_owned(), path.to_str().unwrap().into())]).into();
    let plain: Naming = |path| path.to_str().unwrap().into();
    let settings: [(&str, &str, Naming); 5] = [
        ("integration.api_key", KEY, secret),
        ("netdata.bearer_token", "a-token-of-netdatas", secret),
        ("heartbeat.url", "https://127.0.0.1:1/beat", secret),
        ("ilert.ca_file", &certificate, plain),
        ("netdata.ca_file", &certificate, plain),
    ];
    for (setting, text, value) in settings {
        let mut stage = Stage::new();
        stage.set("cpu", Status::Critical);
        let (above, folder) = (stage.path("above"), stage.path("above/folder"));
        fs::create_dir_all(&folder).unwrap();
        let used = stage.write_private("above/folder/file", text);
        stage.configure(setting, value(&used));
        let refused = |what: &str, fix: &str| {
            // What was said once is said again with `-v`.
            let ended = stage.run(&["--send", "-v"]);
            // Pages do not wait for a heartbeat.
            ended.is(if setting == "heartbeat.url" { 0 } else { 3 });
            ended.says(&format!("`{}`", used.display())).says(what).says(fix);
            let ended = stage.run(&["--doctor"]);
            assert!(ended.stdout.contains(what) && ended.stdout.contains(fix), "{setting}: {ended:?}");
        };
        let go = |path: &Path| format!("run `chmod go-w {}`", path.display());
        for (open, what) in [
            (&folder, format!("others can change its folder `{}`, as", folder.display())),
            (&above, format!("others can change the folder `{}` above it, as", above.display())),
        ] {
            for mode in [0o777, 0o770] {
                fs::set_permissions(open, fs::Permissions::from_mode(mode)).unwrap();
                refused(&what, &go(open));
            }
            fs::set_permissions(open, fs::Permissions::from_mode(0o755)).unwrap();
        }
        if geteuid().is_root() {
            chown(&used, Some(65534), None).unwrap();
            let fix = format!("run `sudo chown root {}", used.display());
            refused("others can change it, as it belongs to `nobody` (mode 0600)", &fix);
            chown(&used, Some(0), None).unwrap();
            fs::rename(&used, stage.path("elsewhere")).unwrap();
            symlink("../../elsewhere", &used).unwrap();
            lchown(&used, Some(65534), None).unwrap();
            let fix = format!("run `sudo chown -h root {}`", used.display());
            refused(&format!("others can change the link `{}` on the way to it, as", used.display()), &fix);
        } else {
            eprintln!("skipped: only root can make another user's files");
        }
        let told: &[&str] = if setting == "heartbeat.url" { &["ALERT cpu critical"] } else { &[] };
        assert_eq!(stage.told(), told, "{setting}");
    }
}

#[test]
fn a_pipe_or_a_device_is_never_waited_for() {
    let mut stage = Stage::new();
    let pipe = stage.path("pipe");
    assert!(Command::new("mkfifo").arg("-m").arg("600").arg(&pipe).status().unwrap().success());
    let files = [pipe.to_str().unwrap(), "/dev/zero"];
    for (path, what) in files.into_iter().zip(["it is a FIFO", "it is a device"]) {
        end(bare(&["--send", "--config", path])).is(3).says(what);
        stage.run(&["--preview", "--event", path]).is(2).says(what).says("`--event -` reads a pipe");
        stage.configure("ilert.ca_file", path);
        stage.run(&["--test"]).says(what);
        let ended = stage.run(&["--doctor"]);
        assert!(ended.stdout.contains(what), "{ended:?}");
    }
    stage.configure("integration.api_key", Table::from_iter([("file".to_owned(), files[0].into())]));
    stage.run(&["--send"]).is(3).says("it is a FIFO");
}

#[test]
fn what_stands_around_a_key_is_left_out_and_said_where_a_person_is() {
    let stage = Stage::new();
    for (text, note) in [
        (format!("\u{feff}{KEY}\n"), "invisible characters in it"),
        (format!("export ILERT_API_KEY=\"{KEY}\"\n"), "the name before it and the quotes around it"),
        (format!("Bearer {KEY}"), "`Bearer` before it"),
    ] {
        stage.write_private("key", &text);
        stage.send_well();
        stage.run(&["--test"]).is(0).says(&format!("the API key is used without {note}"));
        let ended = stage.run(&["--doctor"]);
        assert!(ended.stdout.contains(&format!("used without {note}")), "{ended:?}");
    }
    let url = format!("https://api.ilert.com/api/v1/events/netdata/{KEY}");
    for (text, says) in [
        (url, "is the URL of an alert source of type Netdata, not the key of one of type API"),
        (format!("{KEY} {KEY}"), "has spaces in it"),
    ] {
        stage.write_private("key", &text);
        for mode in MODES {
            let ended = stage.run(mode);
            ended.is(3).says(says);
            assert!(!ended.stderr.contains(KEY), "{ended:?}");
        }
    }
}

#[test]
fn a_configuration_that_is_gone_is_said_with_what_makes_it() {
    let stage = Stage::new();
    stage.send().is(0);
    let config = stage.path("config.toml");
    fs::remove_file(&config).unwrap();
    let makes = format!("run {} to set it up", stage.called(""));
    stage.send().is(3).says(&makes);
    // What its state has is shown all the same.
    let status = stage.run(&["--status"]);
    status.is(3).says(&makes);
    assert!(status.stdout.contains("the configuration cannot be used: nothing is sent"), "{status:?}");
}

#[test]
fn a_variable_that_names_no_authorities_is_named_with_its_file() {
    let stage = Stage::new();
    let mut command = stage.command(&["--doctor"]);
    command.env("SSL_CERT_FILE", "/nowhere/roots.pem");
    let ended = end(command);
    ended.is(3);
    let said = |check: &str| {
        let mut lines = ended.stdout.lines().skip_while(|line| !line.contains(check));
        [lines.next(), lines.next()].into_iter().flatten().collect::<String>()
    };
    for check in ["Netdata", "certificates"] {
        let said = said(check);
        assert!(
            said.contains("/nowhere/roots.pem") && said.contains("correct the variable SSL_CERT_FILE"),
            "{said}"
        );
    }
    assert!(!ended.stdout.contains("correct `[netdata]`"), "{ended:?}");
}
