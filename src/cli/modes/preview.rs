//! `--preview` and `--send --dry-run`: exactly what ilert would get, before it gets it.

use std::io::ErrorKind;
use std::path::Path;

use color_eyre::eyre::{self, WrapErr};
use serde::Serialize;

use super::{Misuse, SenderSetup, print, read_config, say_ajar};
use crate::cli::{Arguments, say, stdin};
use crate::clock::now;
use crate::config::{self, Config};
use crate::delivery::run::Report;
use crate::delivery::{self, DryRun, first_dry_run};
use crate::exit::Exit;
use crate::files;
use crate::netdata;
use crate::output;
use crate::payload::{self, Notice, Renderer};
use crate::preview::{MaskedEvent, MaskedKey, parse_event};
use crate::secret::Secret;
use crate::text::ShownPath as _;

/// An alert given as JSON is no larger (bytes).
const LARGEST_EVENT: u64 = 1 << 20;

#[derive(Serialize)]
struct Events<'a> {
    events: Vec<MaskedEvent<'a>>,
}

/// `--preview`.
pub async fn preview(arguments: &Arguments) -> eyre::Result<Exit> {
    if arguments.sample || arguments.event.is_some() {
        let config = config_or_default(arguments)?;
        let notices = match &arguments.event {
            Some(path) => {
                vec![parse_event(&read_event(path).await?).map_err(|error| Misuse(error.to_string()))?]
            }
            None => payload::samples(now() / 1000),
        };
        let key = config.api_key().ok();
        return show(arguments, &Renderer::new(&config, ""), &notices, key.as_ref());
    }
    let config = read_config(arguments)?;
    let key = config.api_key()?;
    let netdata = netdata::AgentClient::of(&config)?;
    let DryRun { report, notices, renderer } = first_dry_run(&config, &netdata).await;
    if notices.is_empty() && report.exit == Exit::Done {
        say("nothing that the configuration covers is raised now: `--preview --sample` shows made-up alerts");
    }
    say_words(&report);
    show(arguments, &renderer, &notices, Some(&key))?;
    Ok(report.exit)
}

/// `--send --dry-run`.
pub async fn dry_run(arguments: &Arguments) -> eyre::Result<Exit> {
    let setup = SenderSetup::read(arguments)?;
    if let Some(declined) = Report::declined(&setup.config) {
        say_words(&declined);
        return Ok(declined.exit);
    }
    let netdata = setup.netdata()?;
    let DryRun { report, notices, renderer } = delivery::dry_run(&setup.job(&netdata)).await?;
    say_ajar(&setup.state);
    if notices.is_empty() && report.exit == Exit::Done {
        say("nothing to send now");
    }
    say_words(&report);
    show(arguments, &renderer, &notices, Some(&setup.key))?;
    Ok(report.exit)
}

fn say_words(report: &Report) {
    for line in &report.words {
        say(line);
    }
}

fn show(
    arguments: &Arguments,
    renderer: &Renderer,
    notices: &[Notice],
    key: Option<&Secret>,
) -> eyre::Result<Exit> {
    let key = &MaskedKey::of(key);
    let mut events = Vec::with_capacity(notices.len());
    for notice in notices {
        let made = renderer.event(notice);
        if let Some(problem) = made.problem {
            say(format_args!("the built-in payload is sent instead: {problem}"));
        }
        events.push(made.event);
    }
    let events: Vec<MaskedEvent<'_>> = events.iter().map(|event| MaskedEvent { event, key }).collect();
    let text = if arguments.json {
        pretty(&Events { events })?
    } else {
        events.iter().map(pretty).collect::<eyre::Result<Vec<_>>>()?.join("")
    };
    print(&text)
}

fn pretty<T: Serialize>(value: &T) -> eyre::Result<String> {
    output::json(value).wrap_err("cannot write an event as JSON")
}

/// Samples need no configuration; one that is there, or is named, is used.
fn config_or_default(arguments: &Arguments) -> eyre::Result<Config> {
    let default = config::default_path()?;
    if arguments.config.is_none() && !default.exists() {
        return Ok(config::parse(&config::TEMPLATE, Path::new("the default configuration"))?);
    }
    Ok(read_config(arguments)?)
}

async fn read_event(path: &Path) -> eyre::Result<String> {
    if path == Path::new("-") {
        let text = stdin::read(|stdin| files::text_from(stdin, LARGEST_EVENT)).await;
        return text
            .map_err(|error| Misuse(format!("cannot read the alert from standard input: {error}")).into());
    }
    files::text(path, LARGEST_EVENT).map_err(|error| {
        let pipe = if error.kind() == ErrorKind::InvalidInput { "; `--event -` reads a pipe" } else { "" };
        Misuse(format!("cannot read the alert in `{}`: {error}{pipe}", path.shown())).into()
    })
}
