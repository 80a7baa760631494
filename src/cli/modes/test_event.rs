//! `--test`: the live test event. An ALERT, then its RESOLVE, through the same code as everything that is sent.

use std::time::{Duration, Instant};

use color_eyre::eyre;

use super::{Setting, print};
use crate::cli::{Arguments, say};
use crate::config::Priority;
use crate::delivery::run::Exit;
use crate::ilert::client::Verdict;
use crate::ilert::{Client, Event};
use crate::payload::{self, Renderer};

/// Pauses before further tries of the RESOLVE: an ALERT that was opened is not left open for one lost packet.
const AGAIN: [u64; 2] = [1, 3];

/// Sends the test event and says what ilert answered.
pub async fn test(arguments: &Arguments) -> eyre::Result<Exit> {
    let setting = Setting::read(arguments)?;
    let priority = arguments.priority.map_or(Priority::Low, Priority::from);
    let unique = format!("{:08x}", fastrand::u32(..));
    let (alert, resolve) = payload::test_notices(&unique, &host(), priority);
    let renderer = Renderer::new(&setting.config, "");
    let client = Client::new(&setting.config.ilert, setting.key.clone())?;
    say(format_args!(
        "testing {} with the key {}: {}",
        setting.config.ilert.endpoint,
        setting.key,
        match priority {
            Priority::Low => "priority LOW, nobody is paged",
            Priority::High => "priority HIGH, this escalates",
        }
    ));
    let opened = once(&client, "ALERT", &renderer.event(&alert).event).await?;
    if !matches!(opened, Verdict::Accepted { .. }) && !opened.maybe_processed() {
        return Ok(exit(&opened));
    }
    let event = renderer.event(&resolve).event;
    let mut resolved = once(&client, "RESOLVE", &event).await?;
    for pause in AGAIN {
        if !matches!(resolved, Verdict::Later(_)) {
            break;
        }
        tokio::time::sleep(Duration::from_secs(pause)).await;
        resolved = once(&client, "RESOLVE", &event).await?;
    }
    if matches!(resolved, Verdict::Accepted { .. }) {
        say(format_args!(
            "accepted means queued: look for the alert `{}` in ilert, opened and resolved",
            event.alert_key
        ));
    } else {
        say(format_args!("the test alert `{}` may stay open: resolve it in ilert", event.alert_key));
    }
    Ok(exit(&opened).max(exit(&resolved)))
}

async fn once(client: &Client, kind: &str, event: &Event) -> eyre::Result<Verdict> {
    let started = Instant::now();
    let verdict = client.send(event).await;
    print(&format!("{kind}: {verdict} ({} ms)\n", started.elapsed().as_millis()))?;
    Ok(verdict)
}

fn exit(verdict: &Verdict) -> Exit {
    match verdict {
        Verdict::Accepted { .. } => Exit::Done,
        Verdict::Refused { .. } | Verdict::KeyWrong { .. } => Exit::Refused,
        Verdict::Later(_) => Exit::Later,
    }
}

pub(super) fn host() -> String {
    std::fs::read_to_string("/proc/sys/kernel/hostname")
        .map(|name| name.trim().to_owned())
        .ok()
        .filter(|name| !name.is_empty())
        .unwrap_or_else(|| "this-host".to_owned())
}
