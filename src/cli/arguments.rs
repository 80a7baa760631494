//! The command line: its flags with their help, and which flags go together.

mod check;
mod setup;

use std::path::PathBuf;
use std::str::FromStr;

use clap::{ArgGroup, Parser, ValueEnum};
use clap_complete::Shell;
use tracing::Level;

pub use setup::{KeyPlace, ScheduleAnswer, SetupAnswers};

use super::silencing::{NamePattern, SilenceLength, read_id};
use crate::config::Priority;
use crate::schedule;

/// Headings of the help, one for each task.
const SETTING_UP: &str = "Set up";
const SENDING: &str = "Send";
const LOOKING: &str = "Look at it";
const MENDING: &str = "Mend";
const SILENCING: &str = "Silence";
const COMMON: &str = "For all of them";
const PACKAGING: &str = "For packagers";

/// What to begin with.
pub const EXAMPLES: &str =
    "  netdata-ilert                          the wizard: from nothing to a tested alert in ilert
  netdata-ilert --demo                   try the wizard: no account, nothing kept
  netdata-ilert --demo --send            see the sender work: no account, nothing kept
  netdata-ilert --create-alert-source Netdata --escalation-policy Operations
                                         set up ilert without a browser
  netdata-ilert --setup --name Production --api-key-file /run/key --schedule systemd
                                         set everything up without a question
  netdata-ilert --print-config           a configuration file to start from
  netdata-ilert --preview --sample       exactly what ilert would get
  netdata-ilert --test                   prove the API key: a LOW alert, resolved at once
  netdata-ilert --send                   one run, as cron or systemd calls it
  netdata-ilert --send --dry-run -v      what a run would send, and why
  netdata-ilert --doctor                 what is wrong, and what to do about it
  netdata-ilert --install-schedule cron  run it every minute (systemd: every 15 s)
  netdata-ilert --status                 what is open, what waits, what failed and why
  netdata-ilert -c databases --status    one of several configurations
  netdata-ilert --silence 'db-*' --for 2h
                                         tell nothing of these nodes while they are worked on
";

/// How several configurations are run, and with which exit code.
pub const SEVERAL: &str =
    "  Each file is one configuration: config.toml, and config.d/NAME.toml beside it for each
  further one. Without --config, these modes do all that are enabled, all at once, each with
  a state of its own: --send, --watch, --preview, --doctor, --status, --retry, --discard all,
  --silence (one in each), --forget (in each that knows the node). --test, --adopt,
  --unsilence ID, --retry ID and --discard ID need --config NAME. Lines begin with the name;
  --json prints a list, of which each item has `name` and what one alone prints, or `error`.
  A configuration elsewhere (--config PATH) has its state in the folder that its schedule
  names, else in the usual one, else, if that is in use, in @NAME-HASH below it, and a
  schedule of that name (--config PATH --install-schedule). It is one however it is spelt.
  Of several exit codes the worst wins: 0, 75, 4, 3, 2, 1.
";

const EXIT_CODES: &str = "  0 done   1 unexpected failure   2 usage   3 configuration invalid
  4 ilert refused for good, a person must look   75 kept for the next run   130 Ctrl-C
  --doctor, of the worst that is wrong: 1 a state that cannot be written, 3 the configuration,
  4 something that a person must look at, 75 Netdata or ilert, which cannot be asked now;
  warnings alone: 0
";

/// Netdata alerts, delivered to ilert: what Netdata shows is what ilert shows.
///
/// Without a mode, it starts the wizard, which sets everything up.
#[allow(clippy::struct_excessive_bools)] // each is a flag of the command line
#[derive(Clone, Debug, Parser)]
#[command(name = "netdata-ilert", bin_name = "netdata-ilert", version, after_help = format!("Examples:\n{EXAMPLES}\nSeveral configurations:\n{SEVERAL}\nExit codes:\n{EXIT_CODES}"))]
#[command(group = ArgGroup::new("mode").multiple(false).args([
    "send", "preview", "test", "doctor", "status", "retry", "discard", "forget", "adopt", "silence", "unsilence",
    "print_config", "completions", "man", "watch", "install_schedule", "remove_schedule", "create_alert_source", "setup",
]))]
pub struct Arguments {
    /// Set up without a question, as Ansible and cloud-init need it: check, send a live test, write the key's file and the
    /// configuration, install the schedule, try it out. The same call again changes nothing. Its answers are below
    #[arg(help_heading = SETTING_UP, long)]
    pub setup: bool,
    /// Create the alert source in ilert, or use the one with that name, and save its API key; reads an ilert API token
    /// from `ILERT_API_TOKEN` or standard input
    #[arg(help_heading = SETTING_UP, long, value_name = "NAME")]
    pub create_alert_source: Option<String>,
    /// With --create-alert-source and --alert-source: the escalation policy, which says who is called
    #[arg(help_heading = SETTING_UP, long, value_name = "ID|NAME")]
    pub escalation_policy: Option<String>,
    /// Print the annotated default configuration file
    #[arg(help_heading = SETTING_UP, long)]
    pub print_config: bool,
    /// Send a live test: an ALERT, then its RESOLVE
    #[arg(help_heading = SETTING_UP, long)]
    pub test: bool,
    /// With --test and --setup: whether the test pages
    #[arg(help_heading = SETTING_UP, long, value_enum, value_name = "PRIORITY")]
    pub priority: Option<TestPriority>,
    /// Run --send on a schedule: by a systemd timer or a crontab line
    #[arg(help_heading = SETTING_UP, long, value_enum, value_name = "KIND")]
    pub install_schedule: Option<schedule::Scheduler>,
    /// Remove the schedule
    #[arg(help_heading = SETTING_UP, long)]
    pub remove_schedule: bool,
    /// Run the wizard as plain questions, line by line: for screen readers, odd terminals and pipes
    #[arg(help_heading = SETTING_UP, long)]
    pub plain: bool,
    /// Run the wizard, or --send, with a simulated Netdata, Netdata Cloud and ilert: nothing leaves the machine
    #[arg(help_heading = SETTING_UP, long)]
    pub demo: bool,
    /// Run the sender once: make ilert show what Netdata shows
    #[arg(help_heading = SENDING, long)]
    pub send: bool,
    /// With --send: print what would be sent; with --setup: what would be done. Change nothing
    #[arg(help_heading = SENDING, long)]
    pub dry_run: bool,
    /// Run --send every so many seconds, in this process
    #[arg(help_heading = SENDING, long, value_name = "SECONDS", value_parser = read_period)]
    pub watch: Option<u64>,
    /// Check everything that alerts need to get through; run it as the user that runs --send
    #[arg(help_heading = LOOKING, long)]
    pub doctor: bool,
    /// Show the last run, what is open in ilert, what waits, what failed and why
    #[arg(help_heading = LOOKING, long)]
    pub status: bool,
    /// Print exactly what ilert would get for what is raised now
    #[arg(help_heading = LOOKING, long)]
    pub preview: bool,
    /// With --preview: show an alert that is given as JSON (`-` for standard input)
    #[arg(help_heading = LOOKING, long, value_name = "FILE", conflicts_with = "sample")]
    pub event: Option<PathBuf>,
    /// With --preview: show made-up alerts; needs no agent
    #[arg(help_heading = LOOKING, long)]
    pub sample: bool,
    /// Try failed events again (all, or these): the next --send delivers them
    #[arg(help_heading = MENDING, long, value_name = "ID", num_args = 0.., value_parser = read_id)]
    pub retry: Option<Vec<i64>>,
    /// Drop failed events (these, or `all`)
    #[arg(help_heading = MENDING, long, value_name = "ID|all", num_args = 1..)]
    pub discard: Option<Vec<Chosen>>,
    /// Resolve what is open for a node that is gone for good (host name or machine GUID)
    #[arg(help_heading = MENDING, long, value_name = "NODE")]
    pub forget: Option<String>,
    /// After the state was lost: take over what is open in ilert under this program's keys; reads an ilert API token
    /// from `ILERT_API_TOKEN` or standard input
    #[arg(help_heading = MENDING, long)]
    pub adopt: bool,
    /// Tell nothing of these nodes for a while: a pattern for host names, such as `db-*`
    #[arg(help_heading = SILENCING, long, value_name = "NODES")]
    pub silence: Option<NamePattern>,
    /// With --silence: only alerts whose names match
    #[arg(help_heading = SILENCING, long, value_name = "PATTERN")]
    pub alerts: Option<NamePattern>,
    /// With --silence: for how long, such as `2h` or `1d 12h`
    #[arg(help_heading = SILENCING, long = "for", value_name = "DURATION", allow_hyphen_values = true)]
    pub length: Option<SilenceLength>,
    /// With --silence: why, for those who look at --status
    #[arg(help_heading = SILENCING, long, value_name = "TEXT")]
    pub reason: Option<String>,
    /// End a silence that was made with --silence
    #[arg(help_heading = SILENCING, long, value_name = "ID", allow_hyphen_values = true, value_parser = read_id)]
    pub unsilence: Option<i64>,
    /// One configuration: a file, or the name of an installed one: `config` is config.toml, NAME is config.d/NAME.toml
    /// beside it [default: all that are installed in /etc/netdata-ilert for root, else in ~/.config/netdata-ilert]
    #[arg(help_heading = COMMON, short, long, value_name = "FILE|NAME")]
    pub config: Option<PathBuf>,
    /// State folder; that of config.d/NAME.toml is NAME in it [default: /var/lib/netdata-ilert for root, else
    /// ~/.local/state/netdata-ilert]
    #[arg(help_heading = COMMON, long, value_name = "DIR")]
    pub state_dir: Option<PathBuf>,
    /// Say what is decided, and why (-vv: also each request, without keys)
    #[arg(help_heading = COMMON, short, long, action = clap::ArgAction::Count)]
    pub verbose: u8,
    /// Say nothing but errors
    #[arg(help_heading = COMMON, short, long, conflicts_with = "verbose")]
    pub quiet: bool,
    /// When to use colour
    #[arg(help_heading = COMMON, long, value_enum, default_value_t = ColorWhen::Auto, value_name = "WHEN")]
    pub color: ColorWhen,
    /// Print JSON (with --status, --doctor, --preview, --setup, --send --dry-run)
    #[arg(help_heading = COMMON, long)]
    pub json: bool,
    /// Print a completion script
    #[arg(help_heading = PACKAGING, long, value_enum, value_name = "SHELL")]
    pub completions: Option<Shell>,
    /// Print the man page
    #[arg(help_heading = PACKAGING, long)]
    pub man: bool,
    /// The answers for --setup: last, as what stands after them comes under their heading in the help.
    #[command(flatten)]
    pub answers: SetupAnswers,
}

/// `--color`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ColorWhen {
    /// On a terminal, unless `NO_COLOR` is set.
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// What `--discard` drops.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Chosen {
    /// All that failed.
    All,
    /// The event with this id.
    One(i64),
}

impl Chosen {
    /// The id of one.
    #[must_use]
    pub fn id(&self) -> Option<i64> {
        match self {
            Self::All => None,
            Self::One(id) => Some(*id),
        }
    }
}

impl FromStr for Chosen {
    type Err = &'static str;

    fn from_str(word: &str) -> Result<Self, Self::Err> {
        match word {
            "all" => Ok(Self::All),
            id => {
                id.parse().map(Self::One).map_err(|_| "it is neither an id that `--status` lists nor `all`")
            }
        }
    }
}

/// `--priority`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum TestPriority {
    /// Pages nobody.
    Low,
    /// Pages whoever is on call.
    High,
}

impl From<TestPriority> for Priority {
    fn from(priority: TestPriority) -> Self {
        match priority {
            TestPriority::Low => Self::Low,
            TestPriority::High => Self::High,
        }
    }
}

impl ColorWhen {
    /// Whether to use colour on a stream.
    #[must_use]
    pub fn wanted(self, terminal: bool) -> bool {
        match self {
            Self::Auto => terminal && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty()),
            Self::Always => true,
            Self::Never => false,
        }
    }
}

/// Reads how often to run: seconds.
fn read_period(text: &str) -> Result<u64, &'static str> {
    let seconds = text.parse().ok().filter(|seconds| (1..=3600).contains(seconds));
    seconds.ok_or("it is no number of seconds from 1 to 3600, such as `15`")
}

impl Arguments {
    /// Whether no mode is named: then it is the wizard.
    #[must_use]
    pub fn is_wizard(&self) -> bool {
        let schedule = self.install_schedule.is_some() || self.remove_schedule;
        let by_hand = self.retry.is_some() || self.discard.is_some() || self.forget.is_some();
        let by_hand = by_hand || self.silence.is_some() || self.unsilence.is_some();
        let printed = self.print_config || self.completions.is_some() || self.man;
        let looked_at = self.preview || self.test || self.doctor || self.status;
        let set_up = self.create_alert_source.is_some() || self.adopt || self.setup;
        !(self.send || self.watch.is_some() || looked_at || schedule || by_hand || set_up || printed)
    }

    /// Whether the mode has something to put in order when it is told to end, such as an alert that it has opened. Any
    /// other may end wherever it is.
    #[must_use]
    pub fn has_last_words(&self) -> bool {
        self.test || self.setup || self.watch.is_some() || self.is_wizard()
    }

    /// What to log, if anything. The wizard has the screen for itself.
    #[must_use]
    pub fn level(&self) -> Option<Level> {
        if self.is_wizard() && !self.plain {
            return None;
        }
        match (self.quiet, self.verbose) {
            (true, _) => None,
            (false, 0) => Some(Level::WARN),
            (false, 1) => Some(Level::INFO),
            (false, _) => Some(Level::DEBUG),
        }
    }
}
