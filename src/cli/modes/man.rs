//! `--man`: the flags as clap knows them, and what a man page has besides.

use std::io::{self, Write};

use clap::CommandFactory;
use clap_mangen::Man;
use color_eyre::eyre::{self, WrapErr};

use super::print;
use crate::cli::arguments::{Arguments, EXAMPLES, SEVERAL};
use crate::exit::Exit;

/// What an entry is called, and what it says.
type Entries = &'static [(&'static str, &'static str)];

/// The modes; what goes with each stands under OPTIONS.
const SYNOPSIS: &str = "\
netdata-ilert [--plain] [-c FILE|NAME]
netdata-ilert --setup [--dry-run] [--json] [--name NAME]
              [--schedule KIND] [ANSWER...]
netdata-ilert --send [--dry-run] [--json] [-v] [-c FILE|NAME]
netdata-ilert --watch SECONDS
netdata-ilert --preview [--sample] [--json]
netdata-ilert --test [--priority low|high]
netdata-ilert --status [--json] | --doctor [--json]
netdata-ilert --silence NODES [--alerts PATTERN] --for DURATION
              [--reason TEXT]
netdata-ilert --unsilence ID
netdata-ilert --retry [ID...] | --discard ID...|all | --forget NODE
netdata-ilert --create-alert-source NAME [--escalation-policy NAME]
netdata-ilert --adopt
netdata-ilert --install-schedule systemd|cron | --remove-schedule
netdata-ilert --print-config | --demo [--send] | --man
netdata-ilert --completions SHELL
";

const EXIT_STATUS: Entries = &[
    ("0", "Done."),
    ("1", "Unexpected failure, such as a full disk."),
    ("2", "The command line was not understood."),
    ("3", "The configuration, a key file or a variable that names a proxy cannot be used."),
    (
        "4",
        "ilert refused for good, or does not know the key: a person must look. --doctor: something else is wrong.",
    ),
    (
        "75",
        "Something is kept for the next run: network, HTTP 429, 5xx, somebody else's page in ilert's place, Netdata away. \
         --doctor: one of them cannot be asked now.",
    ),
    ("130", "Ctrl-C. SIGTERM is 143, or 0 for --watch; SIGHUP is 129, SIGQUIT 131."),
];

const ENVIRONMENT: Entries = &[
    (
        "ILERT_API_TOKEN",
        "An ilert API token, for --create-alert-source, --adopt and --setup, which also looks its live test up with it.",
    ),
    ("ILERT_API_KEY", "The API key of the alert source, for --setup."),
    ("HTTPS_PROXY, HTTP_PROXY, ALL_PROXY, NO_PROXY", "The proxy to ilert and Netdata."),
    ("SSL_CERT_FILE", "Certificate authorities to trust instead of the built-in ones."),
    ("NO_COLOR", "If set: no colour."),
    ("VISUAL, EDITOR", "The editor for templates in the wizard."),
    (
        "CONFIGURATION_DIRECTORY, STATE_DIRECTORY",
        "Where configurations and state are instead, as systemd sets them for a service.",
    ),
    ("XDG_CONFIG_HOME, XDG_STATE_HOME", "Where a user's configuration and state are."),
];

const FILES: Entries = &[
    (
        "/etc/netdata-ilert/config.toml, ~/.config/netdata-ilert/config.toml",
        "The configuration, for root and for others. `url` under [netdata] is an agent or parent, or a list of parents \
         that watch the same nodes.",
    ),
    ("config.d/NAME.toml", "A further configuration, beside it."),
    (
        "/usr/share/netdata-ilert/config.schema.json",
        "The JSON Schema of a configuration, for editors; where the Debian package puts it.",
    ),
    ("api-key, config.d/NAME.api-key", "The API key, beside the configuration."),
    (
        "/var/lib/netdata-ilert/, ~/.local/state/netdata-ilert/",
        "The state, state.db: what ilert was told, and what waits. In NAME/ that of config.d/NAME.toml, in @NAME-HASH/ \
         that of a configuration elsewhere.",
    ),
    (
        "netdata-ilert-HASH in /dev/shm, /tmp, /var/tmp",
        "Lists the pages that left while the state could not be written, for this user alone; with .lock at its end, the \
         lock where none can be made in the state folder. Removed once the state can be written.",
    ),
    (
        "/etc/netdata-ilert/environment, ~/.config/netdata-ilert/environment",
        "Variables for the systemd service, NAME=VALUE a line: it does not have those of a shell.",
    ),
    (
        "/etc/systemd/system/netdata-ilert.service, .timer",
        "What --install-schedule systemd writes, where no package brought them; ~/.config/systemd/user/ for others.",
    ),
];

/// Prints the man page.
pub fn man() -> eyre::Result<Exit> {
    let mut page = Vec::new();
    render(&mut page).wrap_err("cannot render the man page")?;
    print(&String::from_utf8_lossy(&page))
}

fn render(page: &mut Vec<u8>) -> io::Result<()> {
    let man = Man::new(Arguments::command());
    man.render_title(page)?;
    // A word that is cut, such as the name of a variable, cannot be searched for or copied.
    writeln!(page, ".nh\n.ad l")?;
    man.render_name_section(page)?;
    section(page, "SYNOPSIS", SYNOPSIS)?;
    man.render_description_section(page)?;
    man.render_options_section(page)?;
    paragraph(page, "SEVERAL CONFIGURATIONS", SEVERAL)?;
    list(page, "EXIT STATUS", EXIT_STATUS)?;
    list(page, "ENVIRONMENT", ENVIRONMENT)?;
    list(page, "FILES", FILES)?;
    examples(page)?;
    man.render_version_section(page)
}

/// A section of entries, each with its text below it.
fn list(page: &mut Vec<u8>, title: &str, entries: Entries) -> io::Result<()> {
    writeln!(page, ".SH \"{title}\"")?;
    for (name, text) in entries {
        writeln!(page, ".TP\n\\fB{}\\fR\n{}", escaped(name), escaped(text))?;
    }
    Ok(())
}

/// A section whose lines stay as they are.
fn section(page: &mut Vec<u8>, title: &str, lines: &str) -> io::Result<()> {
    writeln!(page, ".SH \"{title}\"\n.nf\n{}.fi", escaped(lines))
}

/// A section whose lines are broken anew.
fn paragraph(page: &mut Vec<u8>, title: &str, lines: &str) -> io::Result<()> {
    let words: Vec<&str> = lines.split_whitespace().collect();
    writeln!(page, ".SH \"{title}\"\n{}", escaped(&words.join(" ")))
}

/// The examples, each with what it does below it. In the help that stands beside it, or in a line of its own.
fn examples(page: &mut Vec<u8>) -> io::Result<()> {
    writeln!(page, ".SH \"EXAMPLES\"")?;
    for line in EXAMPLES.lines() {
        let line = line.trim();
        match line.split_once("  ") {
            Some((command, does)) => {
                writeln!(page, ".TP\n\\fB{}\\fR\n{}", escaped(command), escaped(does.trim()))?;
            }
            None if line.starts_with("netdata-ilert") => writeln!(page, ".TP\n\\fB{}\\fR", escaped(line))?,
            None => writeln!(page, "{}", escaped(line))?,
        }
    }
    Ok(())
}

/// Text of which roff takes nothing for its own.
fn escaped(text: &str) -> String {
    text.replace('\\', r"\e").replace('-', r"\-").replace('\'', r"\(aq").replace('`', r"\(ga")
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::{SYNOPSIS, render};
    use crate::cli::Arguments;

    #[test]
    fn fits_into_80_columns_and_cuts_no_word() {
        // Lines that stay as they are begin in the eighth column.
        assert_eq!(SYNOPSIS.lines().find(|line| line.len() > 80 - 7), None);
        let mut page = Vec::new();
        render(&mut page).unwrap();
        let page = String::from_utf8(page).unwrap();
        assert_eq!(page.matches(".nf").count(), 1, "all else is broken by the formatter: {page}");
        assert!(page.contains("\n.nh\n"), "{page}");
        for line in [
            "\\fBnetdata\\-ilert \\-\\-demo\\fR\ntry the wizard",
            "\\-\\-schedule systemd\\fR\nset everything up",
        ] {
            assert!(page.contains(line), "{line}: {page}");
        }
        assert!(page.contains("config.schema.json"), "{page}");
    }

    #[test]
    fn the_synopsis_names_flags_that_are_there_and_every_mode() {
        let named: Vec<&str> = SYNOPSIS
            .split(|c: char| c.is_whitespace() || "[]|".contains(c))
            .filter_map(|word| word.strip_prefix("--"))
            .collect();
        let command = Arguments::command();
        let known: Vec<&str> = command.get_arguments().filter_map(clap::Arg::get_long).collect();
        for name in &named {
            assert!(known.contains(name), "--{name}");
        }
        let modes = command.get_groups().find(|group| group.get_id() == "mode").unwrap().get_args();
        for mode in modes {
            assert!(named.contains(&mode.as_str().replace('_', "-").as_str()), "{mode}");
        }
    }
}
