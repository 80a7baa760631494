//! `--status`: the last run, what is open in ilert, what waits, what failed and why.

use std::fmt::Write as _;
use std::path::Path;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::Serialize;

use crate::delivery::dispatch::{in_order, name};
use crate::delivery::run::Exit;
use crate::delivery::store::{Failed, RunRecord, Store, StoreError};
use crate::payload::{Subject, Tier, alert_key};
use crate::text::one_line;

/// Longest cell of a table, in characters.
const LONGEST_CELL: usize = 300;

/// All that `--status` shows; serialized, it is what `--status --json` prints.
#[derive(Debug, Default, Serialize)]
pub struct Status {
    /// The last run; absent when there was none.
    pub last_run: Option<RunRecord>,
    /// What ilert was told and not yet untold.
    pub open: Vec<Open>,
    /// The outbox, in the order in which it will be sent.
    pub waiting: Vec<Waiting>,
    /// What ilert refused for good.
    pub failed: Vec<Refused>,
    /// What stays open under keys that are no longer configured.
    pub set_aside: Vec<Open>,
}

/// An alert that is open in ilert, or may be.
#[derive(Debug, Serialize)]
pub struct Open {
    /// `critical`, `warning` or `unreachable`.
    pub tier: Tier,
    /// Host name.
    pub host: String,
    /// Alert name; absent for a node.
    pub alert: Option<String>,
    /// Chart id; absent for a node.
    pub chart: Option<String>,
    /// Since when, as Netdata says: seconds since the epoch.
    pub since: i64,
    /// Its key in ilert.
    pub alert_key: String,
}

/// An event that is recorded and not yet accepted.
#[derive(Debug, Serialize)]
pub struct Waiting {
    /// What it does, and to which key.
    pub event: String,
    /// Since when: milliseconds since the epoch.
    pub since: i64,
    /// It was on the wire without an answer.
    pub tried: bool,
}

/// An event that ilert refused for good.
#[derive(Debug, Serialize)]
pub struct Refused {
    /// What `--retry` and `--discard` call it.
    pub id: i64,
    /// What it does, and to which key.
    pub event: String,
    /// When: milliseconds since the epoch.
    pub at: i64,
    /// HTTP status.
    pub status: u16,
    /// What ilert said.
    pub reason: String,
}

/// Reads the state folder. One that does not exist yet is an empty status.
pub fn read(folder: &Path) -> Result<Status, StoreError> {
    let Some(store) = Store::open_existing(folder)? else { return Ok(Status::default()) };
    let Some(key) = store.last_key()? else { return Ok(Status::default()) };
    let loaded = store.load(&key)?;
    let open = loaded.ledger.entries.iter().flat_map(|(subject, entry)| {
        [Tier::Critical, Tier::Warning, Tier::Unreachable]
            .into_iter()
            .filter(|tier| entry.keys.get(*tier).is_open())
            .map(|tier| open(subject, tier, entry.facts.when))
    });
    let set_aside = store.set_aside(&key)?.into_iter().flat_map(|aside| aside.open);
    Ok(Status {
        open: open.collect(),
        waiting: in_order(&loaded.ledger)
            .map(|waiting| Waiting {
                event: name(&waiting.notice),
                since: waiting.since,
                tried: waiting.tried,
            })
            .collect(),
        failed: store.failed()?.into_iter().map(Refused::from).collect(),
        set_aside: set_aside.map(|(subject, tier, since)| self::open(&subject, tier, since)).collect(),
        last_run: store.last_run()?,
    })
}

impl Status {
    /// The exit code: 4 where something failed, 75 where something waits.
    #[must_use]
    pub fn exit(&self) -> Exit {
        match (self.failed.is_empty(), self.waiting.is_empty()) {
            (false, _) => Exit::Refused,
            (true, false) => Exit::Later,
            (true, true) => Exit::Done,
        }
    }

    /// The same in words and tables.
    #[must_use]
    pub fn text(&self, now: i64) -> String {
        let mut text = self.run_text(now);
        let count = |count: usize, what: &str| {
            if count == 0 { format!("{what}: none") } else { format!("{what}: {count}") }
        };
        let rows = |list: &[Open]| -> Vec<[String; 5]> {
            list.iter()
                .map(|open| {
                    let word = |word: &Option<String>| word.clone().unwrap_or_else(|| "–".to_owned());
                    [
                        tier(open.tier).to_owned(),
                        open.host.clone(),
                        word(&open.alert),
                        word(&open.chart),
                        ago(now, open.since * 1000),
                    ]
                })
                .collect()
        };
        let _ = writeln!(text, "\n{}", count(self.open.len(), "open in ilert"));
        table(&mut text, ["level", "node", "alert", "chart", "since"], &rows(&self.open));
        let _ = writeln!(text, "\n{}", count(self.waiting.len(), "waiting"));
        let waiting: Vec<_> =
            self.waiting.iter().map(|waiting| [ago(now, waiting.since), waiting.event.clone()]).collect();
        table(&mut text, ["recorded", "event"], &waiting);
        let _ = writeln!(text, "\n{}", count(self.failed.len(), "failed"));
        let failed: Vec<_> = self
            .failed
            .iter()
            .map(|failed| {
                [
                    failed.id.to_string(),
                    ago(now, failed.at),
                    failed.event.clone(),
                    format!("HTTP {}: {}", failed.status, failed.reason),
                ]
            })
            .collect();
        table(&mut text, ["id", "refused", "event", "reason"], &failed);
        if !self.failed.is_empty() {
            text.push_str("  `--retry ID…` tries again, `--discard ID…` drops\n");
        }
        if !self.set_aside.is_empty() {
            let _ = writeln!(
                text,
                "\n{}",
                count(self.set_aside.len(), "open under an API key that is no longer configured")
            );
            table(&mut text, ["level", "node", "alert", "chart", "since"], &rows(&self.set_aside));
        }
        text
    }

    fn run_text(&self, now: i64) -> String {
        let Some(run) = &self.last_run else { return "last run: never\n".to_owned() };
        let mut text = format!(
            "last run: {} ({}), took {} ms, exit {}\n",
            stamp(run.started),
            ago(now, run.started),
            run.took,
            run.exit
        );
        if let Some(agent) = &run.agent {
            let _ = writeln!(
                text,
                "netdata:  {} on {}; nodes {}; raised: {} critical, {} warning",
                shown(Some(&agent.version)),
                shown(Some(&agent.node.host)),
                run.nodes,
                run.criticals,
                run.warnings
            );
        }
        let _ = writeln!(text, "ilert:    accepted {}, refused {}", run.accepted, run.refused);
        for problem in &run.problems {
            let _ = writeln!(text, "problem:  {}", one_line(problem, usize::MAX));
        }
        text
    }
}

impl From<Failed> for Refused {
    fn from(failed: Failed) -> Self {
        Self {
            id: failed.id,
            event: name(&failed.notice),
            at: failed.at,
            status: failed.status,
            reason: failed.reason,
        }
    }
}

fn open(subject: &Subject, tier: Tier, since: i64) -> Open {
    let (alert, chart) = match subject {
        Subject::Alert(alert) => (Some(alert.name.clone()), Some(alert.chart.clone())),
        Subject::Node(_) => (None, None),
    };
    Open { tier, host: subject.node().host.clone(), alert, chart, since, alert_key: alert_key(subject, tier) }
}

fn tier(tier: Tier) -> &'static str {
    match tier {
        Tier::Warning => "warning",
        Tier::Critical => "critical",
        Tier::Unreachable => "unreachable",
    }
}

fn stamp(milliseconds: i64) -> String {
    let shown = |time: Timestamp| time.to_zoned(TimeZone::system()).strftime("%Y-%m-%d %H:%M:%S").to_string();
    Timestamp::from_millisecond(milliseconds).map_or_else(|_| milliseconds.to_string(), shown)
}

/// How long ago, in its one or two largest units.
#[must_use]
pub fn ago(now: i64, then: i64) -> String {
    let seconds = ((now - then) / 1000).max(0);
    match seconds {
        0..60 => format!("{seconds} s ago"),
        60..3600 => format!("{} min ago", seconds / 60),
        3600..86_400 => format!("{} h {} min ago", seconds / 3600, seconds % 3600 / 60),
        _ => format!("{} d {} h ago", seconds / 86_400, seconds % 86_400 / 3600),
    }
}

/// Appends a table with aligned columns; nothing where there are no rows.
pub fn table<const N: usize>(text: &mut String, heads: [&str; N], rows: &[[String; N]]) {
    if rows.is_empty() {
        return;
    }
    let heads = heads.map(str::to_owned);
    // Names are Netdata's and reasons ilert's: what is in them must not steer the terminal.
    let rows: Vec<[String; N]> =
        rows.iter().map(|row| std::array::from_fn(|column| shown(row.get(column)))).collect();
    let lines = || std::iter::once(&heads).chain(&rows);
    let widths: [usize; N] = std::array::from_fn(|column| {
        lines().filter_map(|row| row.get(column)).map(|cell| width(cell)).max().unwrap_or_default()
    });
    for row in lines() {
        let mut line = String::new();
        for (cell, wide) in row.iter().zip(widths) {
            let padding = wide.saturating_sub(width(cell)) + 2;
            let _ = write!(line, "{cell}{:padding$}", "");
        }
        let _ = writeln!(text, "  {}", line.trim_end());
    }
}

fn shown(cell: Option<&String>) -> String {
    one_line(cell.map_or("", String::as_str), LONGEST_CELL)
}

fn width(cell: &str) -> usize {
    unicode_width::UnicodeWidthStr::width(cell)
}
