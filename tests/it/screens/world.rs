//! What the wizard meets: the machine that it runs on, what Netdata shows and what ilert answers. The same
//! each time.

mod accounts;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use netdata_ilert::advice::Advised as _;
use netdata_ilert::alert::{Agent, Api, Health, Labels, Node, NodeId};
use netdata_ilert::config::{self, Config, Invocation, Moment, TEMPLATE};
use netdata_ilert::http::Failure;
use netdata_ilert::ilert::client::{RetryReason, Verdict};
use netdata_ilert::netdata::{Error, Probe, SetUpError};
use netdata_ilert::payload::{Action, Notice, Subject, samples};
use netdata_ilert::schedule::{
    Crontab, Installation, Present, Scheduler, Serves, UnsuffixedUnits, plan, removal,
};
use netdata_ilert::secret::Secret;
use netdata_ilert::setup::Deed;
use netdata_ilert::wizard::context::Found;
use netdata_ilert::wizard::context::Preparation;
use netdata_ilert::wizard::message::Reply;
use netdata_ilert::wizard::steps::agent::ON_SCREEN;
use netdata_ilert::wizard::{Demo, Place};

pub use accounts::*;

/// The alert source's key.
pub const KEY: &str = "il1api0123456789abcdef0123456789abcd3f9a";
/// Of a reverse proxy before Netdata.
pub const PASSWORD: &str = "opensesame-hunter2";
/// An API token of ilert's.
pub const TOKEN: &str = "il1tkn9876543210fedcba9876543210fedc77e1";
/// An API token of Netdata Cloud's.
pub const CLOUD_TOKEN: &str = "ndc-44c1d0a7b35e4c0f9d2e-61aa";
/// A heartbeat monitor's URL.
pub const HEARTBEAT: &str = "https://beat.ilert.com/api/pings/hb5f2a90c4e1";
/// No screen may show any of these, but for their last four characters.
pub const SECRETS: [&str; 5] = [KEY, PASSWORD, TOKEN, CLOUD_TOKEN, "pings/hb5f2a90c4e1"];

/// 2026-11-23T05:12:00Z
const NOW: i64 = 1_795_410_720;

/// A server where root installs it.
pub fn place() -> Place {
    let config = PathBuf::from("/etc/netdata-ilert/config.toml");
    Place {
        defaults: config::parse(&TEMPLATE, &config).unwrap(),
        config,
        state: "/var/lib/netdata-ilert".into(),
        invocation: Invocation::default(),
        home: None,
        binary: "/usr/bin/netdata-ilert".into(),
        root: true,
        host: "db-1".into(),
        unique: "5c0ffee5".into(),
        now: NOW,
        wall: Moment::parse("2026-11-22T12:00").unwrap(),
        cloud: "https://app.netdata.cloud".into(),
        demo: None,
        isolated: true,
        health_alarm_notify: Vec::new(),
        folders: None,
    }
}

/// The demo's, where nothing is real.
pub fn demo() -> Place {
    let secret = |text: &str| Secret::new(text.to_owned());
    let demo = Demo { key: secret(KEY), ilert_token: secret(TOKEN), cloud_token: secret(CLOUD_TOKEN) };
    Place { demo: Some(demo), ..place() }
}

/// A configuration that somebody made before.
pub const CONFIGURED: &str = r#"# Databases only: the others have pagers of their own.
version = 1

[notification]
name = "Netdata production"
rooms = ["Databases"]
notify = ["critical", "clear"]

[integration]
api_key = { file = "/etc/netdata-ilert/api-key" }

[[room]]
name = "Databases"
nodes = "db-* !db-test*"
"#;

/// The same, read.
pub fn configured() -> Config {
    config::parse(CONFIGURED, &place().config).unwrap()
}

/// Nothing of this program's was found.
pub fn nothing_there() -> Reply {
    found(Found::default())
}

/// This was found.
pub fn found(found: Found) -> Reply {
    Reply::Surveyed(Box::new(found))
}

/// A parent with three nodes, one of them away.
pub fn probed() -> Reply {
    probe(&[("db-1", true), ("db-2", false), ("web-3", true)], (1, 1))
}

/// The first of these nodes answers; with it, whether each is reachable, warnings and criticals.
pub fn probe(nodes: &[(&str, bool)], raised: (usize, usize)) -> Reply {
    let id = |host: &str| Arc::new(NodeId { guid: format!("guid-of-{host}"), host: host.into() });
    let node = |(host, reachable): &(&str, bool)| Node {
        id: id(host),
        reachable: *reachable,
        health: if *reachable { Health::Online } else { Health::Disabled },
        ephemeral: false,
        labels: Labels::default(),
    };
    Reply::Probed(Ok(Probe {
        agent: Agent { node: id(nodes[0].0), version: "v2.11.0".into(), api: Api::V3 },
        nodes: nodes.iter().map(node).collect(),
        raised,
        doubled: Vec::new(),
    }))
}

/// The agent's access list stands in the way, in the client's own words.
pub fn access_list() -> Reply {
    let url = "http://127.0.0.1:19999".to_owned();
    Reply::Probed(Err(told(&Error::AccessList { url })))
}

/// As the wizard tells it.
fn told(error: &Error) -> String {
    format!("{}: {}", error.what(), error.hint_with(ON_SCREEN).unwrap())
}

/// Nothing listens there.
pub fn nobody_there() -> Reply {
    let url = "http://127.0.0.1:19999".to_owned();
    Reply::Probed(Err(told(&Error::Refused { url })))
}

/// That is no URL.
pub fn no_url() -> Reply {
    let error = SetUpError::Url { reason: "it does not begin with `http://` or `https://`".to_owned() };
    Reply::Probed(Err(format!("{}: {}", error.what(), error.hint_with(ON_SCREEN).unwrap())))
}

/// A critical and a warning.
pub fn raised() -> Reply {
    let is_raised = |notice: &Notice| {
        matches!(notice.action, Action::Alert(_)) && matches!(notice.subject, Subject::Alert(_))
    };
    Reply::Noticed(Ok(samples(NOW).into_iter().filter(is_raised).collect()))
}

/// ilert took the event.
pub fn accepted(milliseconds: u64) -> Reply {
    tested(Verdict::Accepted { status: 202, correlation: None }, milliseconds)
}

/// ilert does not know the key.
pub fn key_wrong() -> Reply {
    tested(Verdict::KeyWrong { status: 404, message: "alert source not found".into() }, 52)
}

/// ilert refused the event.
pub fn refused() -> Reply {
    tested(Verdict::Refused { status: 400, message: "summary must not be empty".into() }, 47)
}

/// There is no way to ilert.
pub fn no_way() -> Reply {
    tested(Verdict::Later(RetryReason::Unsent(Failure::Dns)), 5)
}

/// ilert may have it, or not.
pub fn no_answer() -> Reply {
    tested(Verdict::Later(RetryReason::NoAnswer(Failure::Timeout)), 10_000)
}

fn tested(verdict: Verdict, milliseconds: u64) -> Reply {
    Reply::Tested(verdict, Duration::from_millis(milliseconds))
}

/// A disk with this configuration file, systemd and cron.
pub fn ground(on_disk: Result<Option<&str>, &str>) -> Reply {
    prepared(on_disk, String::new())
}

/// The same configuration, and a line in the crontab that runs it.
pub fn ground_scheduled() -> Reply {
    prepared(Ok(Some(CONFIGURED)), crontab(&installation()))
}

/// The same, and the line runs a configuration elsewhere.
pub fn ground_scheduled_for_another() -> Reply {
    let elsewhere = Installation { serves: Serves::One { name: "two".to_owned() }, ..installation() };
    prepared(Ok(Some(CONFIGURED)), crontab(&elsewhere))
}

/// What a schedule of this program's leaves in a crontab.
fn crontab(of: &Installation) -> String {
    plan(Scheduler::Cron, of, &present("MAILTO=ops\n".to_owned())).unwrap().crontab.unwrap().1
}

fn present(crontab: String) -> Present {
    let crontab = Crontab::Text(crontab);
    Present {
        service: None,
        timer: None,
        unsuffixed: UnsuffixedUnits::None,
        packaged: None,
        other_units: Vec::new(),
        crontab,
    }
}

fn installation() -> Installation {
    let place = place();
    Installation {
        root: true,
        serves: Serves::All { folder: None },
        invocation: Invocation::default(),
        binary: place.binary,
        config: place.config,
        state_dir: place.state,
        credentials: Vec::new(),
        way: netdata_ilert::schedule::Way::default(),
        variables: Vec::new(),
        units: "/etc/systemd/system".into(),
        vendor: Vec::new(),
        systemd: "/run/systemd/system".into(),
        path: "/usr/bin".into(),
        limit: std::time::Duration::from_secs(10),
    }
}

fn prepared(on_disk: Result<Option<&str>, &str>, crontab: String) -> Reply {
    let installation = installation();
    let present = present(crontab);
    let plan = |kind| (kind, Ok(plan(kind, &installation, &present).unwrap()));
    Reply::Prepared(Box::new(Preparation {
        on_disk: on_disk.map(|text| text.map(str::to_owned)).map_err(str::to_owned),
        plans: vec![plan(Scheduler::Systemd), plan(Scheduler::Cron)],
        removal: Some(removal(&installation, &present).unwrap()).filter(|plan| !plan.is_empty()),
        secrets: Vec::new(),
        unused: Vec::new(),
        unwritable: None,
        scheduled: present.scheduled(&installation),
        serves: format!("that of `root`, for {}", installation.served()),
        by_hand: present.foreign(&installation),
        others: present.others(&installation),
        by_itself: Some("`netdata-ilert --install-schedule systemd` has it run by itself.".into()),
        ran_lately: false,
        left_open: 0,
        wall: Moment::parse("2026-11-22T12:15").unwrap(),
    }))
}

/// The same, and so much is open in ilert under the former key.
pub fn ground_left_open(left_open: usize) -> Reply {
    let Reply::Prepared(ground) = ground(Ok(Some(CONFIGURED))) else { unreachable!() };
    Reply::Prepared(Box::new(Preparation { left_open, ..*ground }))
}

/// What is said where one thing is done.
#[allow(clippy::unnecessary_wraps)] // as `disk_full`, which stands in its place
pub fn done(deed: &Deed) -> Result<Vec<String>, String> {
    let wrote = |path: &Path, more: &str| vec![format!("wrote `{}`{more}", path.display())];
    Ok(match deed {
        Deed::Secret { path, .. } => wrote(path, " (mode 0600)"),
        Deed::Configuration { path, .. } => wrote(path, ""),
        Deed::Schedule(_) => vec![
            "wrote `/etc/systemd/system/netdata-ilert.service`".into(),
            "wrote `/etc/systemd/system/netdata-ilert.timer`".into(),
            "ran `systemctl enable --now netdata-ilert.timer`".into(),
        ],
        Deed::Ground(_) | Deed::Proof { .. } | Deed::Remove { .. } => Vec::new(),
        Deed::HandOver { .. } => vec!["resolved what was open under the old key (alerts: 3)".into()],
        Deed::DryRun { .. } => vec!["a dry run of the sender: 2 events would be sent now".into()],
    })
}

/// The disk is full once the configuration is to be written.
pub fn disk_full(deed: &Deed) -> Result<Vec<String>, String> {
    match deed {
        Deed::Configuration { path, .. } => {
            Err(format!("cannot write `{}`: No space left on device (os error 28)", path.display()))
        }
        deed => done(deed),
    }
}

/// ilert is away once what is open is to be resolved.
pub fn not_handed_over(deed: &Deed) -> Result<Vec<String>, String> {
    match deed {
        Deed::HandOver { .. } => {
            let reason = "2 of 3 alerts stay open under the old key (ilert could not be reached: connection refused). \
                          No run resolves them: resolve them in ilert";
            Err(reason.into())
        }
        deed => done(deed),
    }
}
