//! What others wrote reaches a terminal, a pipe and JSON without what steers a terminal or hides from the reader:
//! nothing but text and line breaks, and this program's own colours where they are wanted.

use std::ffi::OsString;
use std::os::unix::ffi::OsStringExt;
use std::os::unix::process::CommandExt as _;
use std::sync::Arc;

use netdata_ilert::alert::{Api, Status};
use netdata_ilert::simulator::{Answer, Ilert, World};
use netdata_ilert::text::is_clean;
use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair, SanType};
use rustls::pki_types::PrivateKeyDer;

use crate::stage::{Ended, KEY, Services, Stage, bare, end, end_with_input};

/// Every control character but NUL, which no argument can hold, and one or more of each kind of what cannot be seen.
fn hostile() -> String {
    let controls = ('\u{1}'..='\u{1f}').chain('\u{7f}'..='\u{9f}');
    let hidden = "\u{ad}\u{34f}\u{61c}\u{180e}\u{200b}\u{200c}\u{200d}\u{200e}\u{200f}\u{2028}\u{2029}\u{202a}\u{202b}\
                  \u{202c}\u{202d}\u{202e}\u{2060}\u{2066}\u{2067}\u{2068}\u{2069}\u{3164}\u{fe0f}\u{feff}\u{fff9}\
                  \u{fffb}\u{e0001}\u{e0041}";
    format!("a\u{1b}]0;title\u{7}b\u{1b}[2J{}c{hidden}d", controls.collect::<String>())
}

#[track_caller]
fn assert_clean(ended: &Ended) {
    assert!(is_clean(&ended.stdout) && is_clean(&ended.stderr), "{ended:#?}");
}

/// An agent and its child that bear such names, with such alerts, and an ilert that answers like that.
fn stage() -> Stage {
    let name = hostile();
    let mut world = World::new(Api::V3, &format!("web{name}"));
    world.call_version(&format!("v2.11{name}"));
    let child = world.add_node(&format!("db{name}"));
    let stage = Stage::of(world);
    stage.set(&format!("cpu{name}"), Status::Critical);
    stage.set_on(child, &format!("ram{name}"), Status::Warning);
    let body = serde_json::json!({"message": format!("no{name}"), "code": name}).to_string();
    stage.ilert.answer_all(Some(Answer::StatusBody(400, body)));
    stage
}

#[test]
fn every_mode_shows_what_netdata_and_ilert_say_clean() {
    let stage = stage();
    let name = hostile();
    for arguments in [
        &["--preview"][..],
        &["--preview", "--json"],
        &["--send", "--dry-run", "-v"],
        &["--send", "-vv"],
        &["--test"],
        &["--status"],
        &["--status", "--json"],
        &["--doctor"],
        &["--doctor", "--json"],
        &["--retry"],
        &["--forget", &name],
        &["--forget", &format!("db{name}")],
    ] {
        let ended = stage.run(arguments);
        assert_clean(&ended);
        assert!(!(ended.stdout + &ended.stderr).is_empty(), "{arguments:?} says nothing");
    }
}

#[test]
fn json_loses_nothing() {
    let stage = stage();
    stage.ilert.recover();
    stage.send().is(0);
    let ended = stage.run(&["--status", "--json"]);
    assert_clean(&ended);
    let status: serde_json::Value = serde_json::from_str(&ended.stdout).unwrap();
    let hosts: Vec<&str> =
        status["open"].as_array().unwrap().iter().map(|open| open["host"].as_str().unwrap()).collect();
    let name = hostile();
    assert_eq!(hosts, [format!("db{name}"), format!("web{name}")]);
}

#[test]
fn hosts_that_look_alike_stay_two() {
    let mut world = World::new(Api::V3, "web");
    let other = world.add_node("we\u{200b}b");
    let stage = Stage::of(world);
    stage.set("cpu", Status::Critical);
    stage.set_on(other, "cpu", Status::Critical);
    assert_eq!(stage.send_well().len(), 2);
    stage.set_on(other, "cpu", Status::Clear);
    assert_eq!(stage.send_well().len(), 1);
    assert_eq!(stage.ilert.open().len(), 1);
}

#[test]
fn colours_are_the_programs_own() {
    let stage = stage();
    let ended = stage.run(&["--doctor", "--color", "always"]);
    assert!(ended.stdout.contains("\u{1b}[32m"), "{ended:?}");
    let logged = stage.run(&["--send", "-vv", "--color", "always"]);
    assert!(logged.stderr.contains("\u{1b}[32m INFO\u{1b}[0m "), "{logged:?}");
    for text in [ended.stdout, logged.stderr] {
        let plain = ["[31m", "[32m", "[33m", "[34m", "[0m"]
            .into_iter()
            .fold(text, |text, color| text.replace(&format!("\u{1b}{color}"), ""));
        assert!(is_clean(&plain), "{plain:?}");
    }
}

#[test]
fn what_is_typed_and_set_is_shown_clean() {
    let stage = Stage::new();
    let name = hostile();
    let odd = format!("/nowhere/{name}");
    let latin = OsString::from_vec(b"/nowhere/Jos\xe9\x9b31m".to_vec());
    for arguments in [
        &[&*format!("--{name}")][..],
        &["--priority", &name],
        &["--watch", &name],
        &["--send", &name],
        &["--completions", &name],
        &["--discard", &name],
    ] {
        let ended = end(bare(arguments));
        ended.is(2);
        assert_clean(&ended);
    }
    for argument in ["--help", "--version", "--nonsense"] {
        let mut command = bare(&[argument]);
        command.arg0(&odd);
        assert_clean(&end(command));
    }
    for mode in ["--send", "--doctor", "--test", "--install-schedule=systemd"] {
        let mut command = bare(&[mode, "--config", &odd, "--state-dir", &odd]);
        assert_clean(&end(command));
        command = bare(&[mode, "--config"]);
        assert_clean(&end({
            command.arg(&latin);
            command
        }));
    }
    assert_clean(&end(bare(&["--preview", "--event", &odd])));
    assert_clean(&end_with_input(bare(&["--preview", "--event", "-"]), format!("[\"{name}\"]")));
    for variable in ["XDG_CONFIG_HOME", "XDG_STATE_HOME", "HOME", "SSL_CERT_FILE", "ILERT_API_TOKEN", "LANG"]
    {
        for mode in ["--send", "--doctor", "--adopt"] {
            let mut command = stage.command(&[mode]);
            command.env(variable, &odd);
            assert_clean(&end(command));
            let mut command = bare(&[mode]);
            command.env(variable, &odd);
            assert_clean(&end(command));
        }
    }
}

#[test]
fn the_name_of_a_file_is_shown_on_one_line() {
    let stage = Stage::new();
    let odd = stage.path("a\nerror: b\tc");
    let shown = r"a\nerror: b\x09c";
    let given = odd.to_str().unwrap();
    for arguments in [
        &["--send", "--config", given][..],
        &["--preview", "--event", given],
        &["--doctor", "--config", given],
        &["--test", "--config", given],
    ] {
        let ended = end(bare(arguments));
        let said = ended.stdout.clone() + &ended.stderr;
        assert!(said.contains(shown) && !said.contains("a\nerror"), "{ended:?}");
    }
    // The command that mends it works as it is shown.
    std::fs::create_dir(&odd).unwrap();
    let mut command = bare(&["--send", "--config"]);
    command.arg(stage.path("config.toml")).arg("--state-dir").arg(&odd);
    let ended = end(command);
    ended.is(1);
    let (_, rest) = ended.stderr.split_once("run `").unwrap();
    let mend = rest.split('`').next().unwrap();
    assert!(std::process::Command::new("bash").args(["-c", mend]).status().unwrap().success(), "{mend}");
    let mode = std::os::unix::fs::PermissionsExt::mode(&std::fs::metadata(&odd).unwrap().permissions());
    assert_eq!(mode & 0o777, 0o700, "{mend}");
}

#[test]
fn a_configuration_is_shown_clean() {
    let mut stage = Stage::new();
    stage.configure("notification.name", "prod\u{202e}\u{200b}\u{e0041}");
    for arguments in [&["--doctor"][..], &["--doctor", "--json"], &["--preview", "--sample"]] {
        assert_clean(&stage.run(arguments));
    }
    let asked = end_with_input(stage.command(&["--plain"]), "\n\n?\n\n\n");
    assert!(asked.stdout.contains("prod"), "{asked:?}");
    assert_clean(&asked);
    stage.write_private(
        "config.toml",
        &format!("version = 1\n[notification]\n\"{}\" = 1\n", "x\u{9b}\u{202e}"),
    );
    assert_clean(&stage.run(&["--send"]));
}

#[test]
fn a_certificate_is_shown_clean() {
    // No higher than ASCII: such a name in a certificate holds nothing else.
    let name = "x\u{1b}[2J\u{7}\u{7f}.example";
    let authority_key = KeyPair::generate().unwrap();
    let mut authority = CertificateParams::default();
    authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let trusted = authority.self_signed(&authority_key).unwrap().pem();
    let mut params = CertificateParams::default();
    params.subject_alt_names = vec![SanType::DnsName(name.try_into().unwrap())];
    let key = KeyPair::generate().unwrap();
    let certificate = params.signed_by(&key, &Issuer::from_params(&authority, &authority_key)).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let tls = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(
            vec![certificate.der().clone()],
            PrivateKeyDer::try_from(key.serialize_der()).unwrap(),
        )
        .unwrap();
    let mut stage = Stage::new();
    let ilert = Ilert::new(KEY);
    let served = Services::serve_tls(&ilert, tls);
    let url = served.url().replace("127.0.0.1", "localhost");
    stage.write_private("ca.pem", &trusted);
    stage.configure("ilert.endpoint", url.as_str());
    stage.configure("netdata.url", url.as_str());
    let trusted = stage.path("ca.pem").to_str().unwrap().to_owned();
    stage.configure("ilert.ca_file", &*trusted);
    stage.configure("netdata.ca_file", &*trusted);
    for arguments in [&["--doctor"][..], &["--test"], &["--send", "-v"]] {
        let ended = stage.run(arguments);
        assert!(
            (ended.stdout.clone() + &ended.stderr).contains("certificate is not for `localhost`, but for "),
            "{ended:#?}"
        );
        assert_clean(&ended);
    }
}
