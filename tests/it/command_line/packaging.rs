//! What packagers take: the default configuration, completions, the man page.

use std::fs;

use crate::stage::{Stage, bare, end, end_with_input};

#[test]
fn the_printed_configuration_can_be_used_as_it_is() {
    let stage = Stage::new();
    let printed = end(bare(&["--print-config"]));
    printed.is(0);
    stage.write_private("config.toml", &printed.stdout);
    stage.run(&["--preview", "--sample"]).is(0);
    // An agent may answer there on the machine that tests this.
    let other = printed.stdout.replace("#url = \"http://127.0.0.1:19999\"", "url = \"http://127.0.0.1:1\"");
    stage.write_private("config.toml", &other.replace("/etc/netdata-ilert/api-key", "key"));
    stage.run(&["--send", "--dry-run"]).says("127.0.0.1:1/");
}

#[test]
fn completions_know_the_flags() {
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let script = end(bare(&["--completions", shell]));
        script.is(0);
        for flag in ["dry-run", "print-config", "state-dir"] {
            assert!(script.stdout.contains(flag), "{shell}: {flag}");
        }
    }
    let syntax = end_with_input(
        {
            let mut shell = std::process::Command::new("/bin/sh");
            shell.arg("-c").arg("command -v bash >/dev/null || exit 0; exec bash -n");
            shell
        },
        &end(bare(&["--completions", "bash"])).stdout,
    );
    syntax.is(0);
}

#[test]
fn the_removal_of_the_package_says_what_stays_open_and_never_fails() {
    let stage = Stage::new();
    stage.write_program("netdata-ilert", "echo \"$@\" >&2; echo stays open >&2; cat; exit 1");
    stage.write_program("systemctl", "exit 1");
    for (task, says) in [("remove", "--remove-schedule\nstays open\n"), ("upgrade", "")] {
        let mut shell = std::process::Command::new("/bin/sh");
        shell.args(["assets/debian/prerm", task]);
        shell.env("PATH", format!("{}:/usr/bin:/bin", stage.path("bin").display()));
        let ended = end_with_input(shell, "y\n");
        assert_eq!((ended.code, ended.stderr.as_str(), ended.stdout.as_str()), (Some(0), says, ""), "{task}");
    }
}

#[test]
fn each_command_that_the_package_names_is_one() {
    for script in ["preinst", "postinst", "prerm", "postrm"] {
        let text = fs::read_to_string(format!("assets/debian/{script}")).unwrap().replace('\\', "");
        for said in text.split('`').filter(|said| said.contains("--install-schedule")) {
            assert!(said.ends_with(" systemd") || said.ends_with(" cron"), "{script}: {said}");
        }
    }
}

/// In the machine-readable form (DEP-5): paragraphs of fields, whose further lines are indented.
#[test]
fn the_copyright_file_of_debian_is_machine_readable_and_says_what_the_licence_says() {
    let [copyright, licence, package] =
        ["assets/debian/copyright", "LICENSE", "Cargo.toml"].map(|file| fs::read_to_string(file).unwrap());
    assert!(package.contains("license-file = [\"assets/debian/copyright\", \"0\"]"));
    let paragraphs: Vec<Vec<&str>> = copyright
        .split("\n\n")
        .map(|paragraph| {
            let fields = paragraph.lines().filter(|line| !line.starts_with(' '));
            fields.map(|line| line.split_once(": ").unwrap().0).collect()
        })
        .collect();
    assert_eq!(
        paragraphs,
        [&["Format", "Upstream-Name"][..], &["Files", "Copyright", "License"], &["License"]]
    );
    let words = |text: &str| {
        text.split_whitespace().filter(|word| *word != ".").map(str::to_owned).collect::<Vec<_>>()
    };
    let (_, text) = copyright.split_once("\n\nLicense: Expat\n").unwrap();
    let (_, granted) = licence.split_once("authors\n").unwrap();
    assert_eq!(words(text), words(granted));
    let holder = |text: &str| {
        text.lines().find(|line| line.contains("2026")).unwrap().split_once("2026").unwrap().1.to_owned()
    };
    assert_eq!(holder(&copyright), holder(&licence));
}

#[test]
fn the_man_page_has_every_flag() {
    let page = end(bare(&["--man"]));
    page.is(0);
    assert!(page.stdout.contains(".TH netdata-ilert 1"), "{}", page.stdout);
    let help = end(bare(&["--help"])).stdout;
    for flag in help.split_whitespace().filter(|word| word.starts_with("--")) {
        let flag = flag.trim_matches(|c: char| !c.is_alphanumeric()).replace('-', "\\-");
        assert!(page.stdout.contains(&flag), "{flag}");
    }
}
