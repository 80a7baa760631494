//! What packagers take: the default configuration, completions, the man page.

use crate::stage::{Stage, bare, end};

#[test]
fn the_printed_configuration_can_be_used_as_it_is() {
    let stage = Stage::new();
    let printed = end(bare(&["--print-config"]));
    printed.is(0);
    stage.write_private("config.toml", &printed.stdout);
    stage.run(&["--preview", "--sample"]).is(0);
    stage.write_private("config.toml", &printed.stdout.replace("/etc/netdata-ilert/api-key", "key"));
    stage.run(&["--send", "--dry-run"]).says("127.0.0.1:19999");
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
    let syntax = crate::stage::end_with_input(
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
