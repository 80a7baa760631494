//! `--demo --send`: the sender at work between a simulated Netdata and a simulated ilert, in this process.
//! Everything goes over loopback, and what is written is in a temporary folder.

use std::fmt::Write as _;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use color_eyre::eyre::{self, WrapErr};
use tokio::time::{Instant, sleep, sleep_until};

use super::{SenderSetup, print, width_of};
use crate::clock::now;
use crate::config::Invocation;
use crate::delivery::run;
use crate::exit::Exit;
use crate::simulator::ilert::{Alert, EventOutcome, EventType, Received, Resolution};
use crate::simulator::scenario::{self, Happening, ScenarioStep};
use crate::simulator::{Clock, Ilert, World, serve_netdata};
use crate::text::table::{cut_to, table};
use crate::url::is_loopback;
use crate::{config, duration, output};

const KEY: &str = "il1api-demo-key-of-nobody-5e11";
/// How often the sender runs, and how long it goes on after the last step.
const BEAT: Duration = Duration::from_secs(1);
const EPILOGUE: Duration = Duration::from_secs(2);
/// How often it is looked what ilert got.
const GLANCE: Duration = Duration::from_millis(50);

const INTRODUCTION: &str = "\
A parent with two children, and an ilert, are simulated in this process:
nothing leaves this machine. Every second the sender runs as cron would run it.
Half a minute of it, with a storm at the end:

";

/// Shows the scenario while the sender runs.
pub async fn show() -> eyre::Result<Exit> {
    let folder = tempfile::tempdir().wrap_err("cannot make a temporary folder")?;
    let ilert = Ilert::new(KEY);
    ilert.set_clock(Clock::Real);
    let world = Arc::new(Mutex::new(scenario::world()));
    let netdata = serve_netdata(world.clone()).wrap_err("cannot serve the simulated Netdata")?;
    let service = ilert.serve().wrap_err("cannot serve the simulated ilert")?;
    let setup = setup(&netdata.url(), &service.url(), folder.path())?;
    print(INTRODUCTION)?;
    let start = Instant::now();
    let end =
        start + Duration::from_secs(scenario::steps().last().map_or(0, |step| u64::from(step.at))) + EPILOGUE;
    tokio::try_join!(
        tell(start, &world, &ilert),
        deliver(start, end, &setup),
        listen(start, end + BEAT, &ilert)
    )?;
    summarise(&world, &ilert)
}

fn setup(netdata: &str, ilert: &str, folder: &Path) -> eyre::Result<SenderSetup> {
    debug_assert!(is_loopback(netdata) && is_loopback(ilert));
    let text = format!(
        "version = 1\n\
         [notification]\nname = \"Demo\"\n\
         notify = [\"critical\", \"warning\", \"clear\", \"reachable\", \"unreachable\"]\n\
         [integration]\napi_key = \"{KEY}\"\n\
         [netdata]\nurl = \"{netdata}\"\n\
         [ilert]\nendpoint = \"{ilert}\"\n\
         [delivery]\nunreachable_after = \"2s\"\n"
    );
    let path = folder.join("config.toml");
    let config = config::parse(&text, &path)?;
    let key = config.api_key()?;
    let state = folder.join("state");
    Ok(SenderSetup { path, config, key, state, invocation: Invocation::default() })
}

/// Lets the scenario happen, step by step.
async fn tell(start: Instant, world: &Mutex<World>, ilert: &Ilert) -> eyre::Result<()> {
    for ScenarioStep { at, happening, words } in scenario::steps() {
        sleep_until(start + Duration::from_secs(at.into())).await;
        let who = if matches!(happening, Happening::IlertAway | Happening::IlertBack) {
            "ilert"
        } else {
            "netdata"
        };
        line(start, who, words)?;
        happening.apply(&mut world.lock().unwrap_or_else(PoisonError::into_inner), ilert);
    }
    Ok(())
}

/// Runs the sender again and again.
async fn deliver(start: Instant, end: Instant, setup: &SenderSetup) -> eyre::Result<()> {
    let netdata = setup.netdata()?;
    let mut beat = start + BEAT / 2;
    while beat < end {
        sleep_until(beat).await;
        let report = run::send(&setup.job(&netdata)).await?;
        for problem in report.words {
            line(start, "sender", &problem)?;
        }
        beat = (beat + BEAT).max(Instant::now());
    }
    Ok(())
}

/// Tells what ilert gets.
async fn listen(start: Instant, end: Instant, ilert: &Ilert) -> eyre::Result<()> {
    let mut shown = 0;
    while Instant::now() < end {
        for received in ilert.received().iter().skip(shown) {
            line(start, "ilert", &words(received))?;
            shown += 1;
        }
        sleep(GLANCE).await;
    }
    Ok(())
}

pub(super) fn words(received: &Received) -> String {
    let Some(event) = &received.event else { return "refused what is no event".to_owned() };
    let (kind, priority) = match event.event_type {
        EventType::Alert => ("ALERT", event.priority.word()),
        EventType::Resolve => ("RESOLVE", ""),
        _ => ("COMMENT", ""),
    };
    match received.outcome {
        EventOutcome::Refused(status) => format!("answers {status} to {kind} {}", event.summary),
        _ => format!("{kind:<8} {priority:<5} {}", event.summary),
    }
}

fn line(start: Instant, who: &str, words: &str) -> eyre::Result<()> {
    let seconds = start.elapsed().as_secs();
    let line = format!("{seconds:>3} s  {who:<8} {words}");
    print(&format!("{}\n", cut_to(&line, width_of(&output::stdout()))))?;
    Ok(())
}

fn summarise(world: &Mutex<World>, ilert: &Ilert) -> eyre::Result<Exit> {
    let history = ilert.history();
    let (open, resolved): (Vec<&Alert>, Vec<&Alert>) =
        history.iter().partition(|alert| alert.resolved.is_none());
    let mut text = format!("\nopened and resolved in ilert: {}\n", resolved.len());
    let rows = |alerts: &[&Alert]| -> Vec<[String; 3]> {
        let row = |alert: &&Alert| {
            [alert.priority.word().to_owned(), open_for(alert, now() / 1000), alert.summary.clone()]
        };
        alerts.iter().map(row).collect()
    };
    let room = width_of(&output::stdout());
    table(&mut text, room, ["priority", "open for", "alert"], &rows(&resolved));
    let _ = writeln!(text, "\nopen in ilert: {}", open.len());
    table(&mut text, room, ["priority", "open for", "alert"], &rows(&open));
    let raised = world.lock().unwrap_or_else(PoisonError::into_inner).raised().count();
    let _ = writeln!(text, "\nraised in Netdata: {raised}");
    print(&text)?;
    Ok(if raised == open.len() { Exit::Done } else { Exit::Failure })
}

fn open_for(alert: &Alert, now: i64) -> String {
    let until = match alert.resolved {
        Some(Resolution::Event(at) | Resolution::Person(at)) => at,
        None => now,
    };
    duration::about(u64::try_from(until - alert.opened).unwrap_or_default())
}
