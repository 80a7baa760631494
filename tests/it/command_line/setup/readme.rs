//! The README's examples, called as they stand there.

use std::fs;
use std::path::Path;

use serde_json::Value;

use super::schedules::{UsersHost, as_user, give};
use crate::stage::{BINARY, Ended, KEY, end};

/// The block of this kind in the README that has these words in it.
fn block(words: &str) -> String {
    let readme = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md")).unwrap();
    let blocks = readme.split("```yaml\n").skip(1).map(|rest| rest.split("```").next().unwrap());
    blocks.into_iter().find(|block| block.contains(words)).unwrap().to_owned()
}

/// A line as the shell of a fresh machine runs it, with this agent and no pause.
fn shell(host: &UsersHost, line: &str) -> Ended {
    let stage = &host.0.0.stage;
    let url = stage.netdata.url();
    stage.write_program("netdata-ilert", &format!("exec {BINARY} \"$@\" --netdata-url {url}"));
    stage.write_program("sleep", "true");
    let mut command = std::process::Command::new("/bin/sh");
    let inner = host.0.program(&[]);
    command.env_clear().envs(inner.get_envs().filter_map(|(name, value)| Some((name, value?))));
    command.args(["-c", line]).env("ILERT_API_KEY", KEY);
    end(as_user(command))
}

#[test]
fn the_task_for_ansible_tells_what_changed() {
    let Some(host) = UsersHost::new() else { return };
    let task = block("ansible.builtin.command");
    for words in [
        "\n    ILERT_API_KEY: ",
        "\n  check_mode: false\n",
        "\n  changed_when: setup.rc == 0 and (setup.stdout | from_json).changed is true\n",
        "\n  until: setup.rc != 75\n",
    ] {
        assert!(task.contains(words), "{words} is not in {task}");
    }
    let (_, command) = task.split_once("ansible.builtin.command: >-\n").unwrap();
    let mut lines = command.lines().take_while(|line| line.starts_with("    ")).map(str::trim);
    let call = lines.next().unwrap().to_owned();
    assert_eq!(lines.collect::<Vec<_>>(), ["{{ '--dry-run' if ansible_check_mode else '' }}"]);
    let checked = format!("{call} --dry-run");
    for (line, changed) in [(&checked, true), (&call, true), (&call, false), (&checked, false)] {
        let ended = shell(&host, line);
        let json: Value = serde_json::from_str(&ended.is(0).stdout).unwrap();
        assert_eq!(json["changed"], changed, "{line}: {json:#}");
    }
    assert_eq!(host.0.tests(), 1);
}

#[test]
fn cloud_init_sets_up_a_fresh_machine() {
    let Some(mut host) = UsersHost::new() else { return };
    let text = block("#cloud-config");
    let given = "/run/netdata-ilert.key";
    assert!(text.contains(&format!("path: {given}\n    permissions: \"0600\"\n")), "{text}");
    let (_, commands) = text.split_once("\nruncmd:\n").unwrap();
    let file = host.0.0.stage.path("given");
    let lines: Vec<String> = commands
        .lines()
        .map(|line| line.strip_prefix("  - ").unwrap().replace(given, file.to_str().unwrap()))
        .collect();
    let write = |host: &UsersHost| {
        host.0.0.stage.write_private("given", KEY);
        give(host.0.0.stage.folder.path());
    };
    // ilert is away: tried again, and then given up.
    write(&host);
    host.0.0.stage.stop_ilert();
    let away = shell(&host, &lines[0]);
    assert!(away.stderr.matches("the same call again").count() > 1, "{away:?}");
    host.0.is_untouched();
    host.0.0.stage.start_ilert();
    for line in &lines {
        shell(&host, line).is(0);
    }
    assert!(!file.exists());
    assert!(host.0.text().contains("\nname = \"Production\"\n"), "{}", host.0.text());
    assert_eq!(host.0.tests(), 1);
}
