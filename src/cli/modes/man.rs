//! `--man`: the flags as clap knows them, and what a man page has besides.

use std::io::{self, Write};

use clap::CommandFactory;
use clap_mangen::Man;
use color_eyre::eyre::{self, WrapErr};

use super::print;
use crate::cli::arguments::{Arguments, EXAMPLES, SEVERAL};
use crate::exit::Exit;

const EXIT_STATUS: &str = "  0    done
  1    unexpected failure, such as a full disk
  2    the command line was not understood
  3    the configuration or a key file cannot be used
  4    ilert refused for good, or does not know the key: a person must look
  75   something is kept for the next run: network, HTTP 429, 5xx, Netdata away
  130  Ctrl-C (SIGTERM: 143, or 0 for --watch; SIGHUP: 129)
";

const ENVIRONMENT: &str = "  ILERT_API_TOKEN  an ilert API token, for --create-alert-source and --adopt
  HTTPS_PROXY, HTTP_PROXY, ALL_PROXY, NO_PROXY
                   the proxy to ilert and Netdata
  SSL_CERT_FILE    certificate authorities to trust instead of the built-in ones
  NO_COLOR         if set: no colour
  CONFIGURATION_DIRECTORY, STATE_DIRECTORY
                   where they are instead, as systemd sets them for a service
  XDG_CONFIG_HOME, XDG_STATE_HOME
                   where a user's configuration and state are
";

const FILES: &str = "  /etc/netdata-ilert/config.toml, ~/.config/netdata-ilert/config.toml
                   the configuration, for root and for others; `url` under [netdata] is
                   an agent or parent, or a list of parents that watch the same nodes
  config.d/NAME.toml
                   a further configuration, beside it
  api-key          the API key, beside the configuration
  /var/lib/netdata-ilert/, ~/.local/state/netdata-ilert/
                   the state: what ilert was told, and what waits; in NAME/ that of config.d/NAME.toml
";

/// Prints the man page.
pub fn man() -> eyre::Result<Exit> {
    let mut page = Vec::new();
    render(&mut page).wrap_err("cannot render the man page")?;
    print(&String::from_utf8_lossy(&page))
}

fn render(page: &mut Vec<u8>) -> io::Result<()> {
    let man = Man::new(Arguments::command());
    man.render_title(page)?;
    man.render_name_section(page)?;
    man.render_synopsis_section(page)?;
    man.render_description_section(page)?;
    man.render_options_section(page)?;
    section(page, "SEVERAL CONFIGURATIONS", SEVERAL)?;
    section(page, "EXIT STATUS", EXIT_STATUS)?;
    section(page, "ENVIRONMENT", ENVIRONMENT)?;
    section(page, "FILES", FILES)?;
    section(page, "EXAMPLES", EXAMPLES)?;
    man.render_version_section(page)
}

/// A section whose lines stay as they are.
fn section(page: &mut Vec<u8>, title: &str, lines: &str) -> io::Result<()> {
    let lines = lines.replace('\\', r"\e").replace('-', r"\-").replace('\'', r"\(aq");
    writeln!(page, ".SH \"{title}\"\n.nf\n{lines}.fi")
}
