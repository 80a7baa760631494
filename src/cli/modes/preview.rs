//! `--preview` and `--send --dry-run`: exactly what ilert would get, before it gets it.

use std::io::ErrorKind;
use std::path::Path;

use color_eyre::eyre::{self, WrapErr};
use serde::{Serialize, Serializer};

use super::each::{ConfigurationOutcome, Limit, each, print_json};
use super::selection::{self, Selection};
use super::send::{SendResult, exit_of_several, say_elsewhere};
use super::status::say_ajar;
use super::{Misuse, SenderSetup, print};
use crate::cli::{Arguments, say, stdin};
use crate::clock::now;
use crate::config::{self, Config, Installed};
use crate::delivery::run::Report;
use crate::delivery::{self, DryRun, Job};
use crate::exit::Exit;
use crate::files;
use crate::ilert::Event;
use crate::netdata;
use crate::output;
use crate::payload::{self, Notice, Renderer};
use crate::preview::{MaskedEvent, MaskedKey, parse_event};
use crate::speaker;
use crate::text::ShownPath as _;

/// An alert given as JSON is no larger (bytes).
const LARGEST_EVENT: u64 = 1 << 20;

/// The events of one configuration.
struct Previewed {
    events: Vec<Event>,
    /// Its key, masked.
    key: MaskedKey,
    sent: SendResult,
}

/// What `--json` prints of them.
#[derive(Serialize)]
struct Events<'a> {
    events: Vec<MaskedEvent<'a>>,
}

impl Previewed {
    fn masked(&self) -> Vec<MaskedEvent<'_>> {
        self.events.iter().map(|event| MaskedEvent { event, key: &self.key }).collect()
    }

    fn text(&self) -> eyre::Result<String> {
        self.masked().iter().map(pretty).collect::<eyre::Result<Vec<_>>>().map(|events| events.join(""))
    }

    /// Nothing, for nothing is sent from here.
    fn of(sent: SendResult) -> Self {
        Self { events: Vec::new(), key: MaskedKey::of(None), sent }
    }
}

impl Serialize for Previewed {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Events { events: self.masked() }.serialize(serializer)
    }
}

/// `--preview`.
pub async fn preview(arguments: &Arguments) -> eyre::Result<Exit> {
    if !arguments.sample && arguments.event.is_none() {
        return show(arguments, |one| async move { preview_one(&one).await }).await;
    }
    let notices = match &arguments.event {
        Some(path) => {
            vec![parse_event(&read_event(path).await?).map_err(|error| Misuse(error.to_string()))?]
        }
        None => payload::samples(now() / 1000),
    };
    let is_named = arguments.config.is_some();
    show(arguments, move |one| {
        let notices = notices.clone();
        async move { preview_given(&one, is_named, &notices) }
    })
    .await
}

/// `--send --dry-run`.
pub async fn dry_run(arguments: &Arguments) -> eyre::Result<Exit> {
    show(arguments, |one| async move { dry_run_one(&one).await }).await
}

async fn preview_one(one: &Installed) -> eyre::Result<Previewed> {
    let config = selection::load(one)?;
    if !config.notification.enabled && speaker::name().is_some() {
        return Ok(Previewed::of(SendResult::Off));
    }
    say_whose(&config);
    let key = config.api_key()?;
    let netdata = netdata::Parents::of(&config)?;
    let job = Job::new(&config, &key, &one.state, &netdata);
    let DryRun { report, notices, renderer, .. } = delivery::raised(&job).await;
    if notices.is_empty() && report.exit == Exit::Done {
        let sample = one.invocation.command("--preview --sample");
        say(match report.record.criticals + report.record.warnings {
            0 => {
                format!("nothing that the configuration covers is raised now: {sample} shows made-up alerts")
            }
            raised => format!(
                "alerts raised now: {raised}, and ilert is told of none of them: {} says why; {sample} shows made-up \
                 alerts",
                one.invocation.command("--send --dry-run -v")
            ),
        });
    }
    say_words(&report);
    Ok(Previewed {
        events: events(&renderer, &notices),
        key: MaskedKey::of(Some(&key)),
        sent: SendResult::Here(report.exit),
    })
}

/// Alerts that are made up, or given.
fn preview_given(one: &Installed, is_named: bool, notices: &[Notice]) -> eyre::Result<Previewed> {
    let config = config_or_default(one, is_named)?;
    say_whose(&config);
    let key = MaskedKey::of(config.api_key().ok().as_ref());
    let events = events(&Renderer::new(&config, ""), notices);
    Ok(Previewed { events, key, sent: SendResult::Here(Exit::Done) })
}

/// Says that ilert gets something else where Netdata Cloud delivers.
fn say_whose(config: &Config) {
    if SendResult::elsewhere(config) == Some(SendResult::Cloud) {
        say(
            "Netdata Cloud delivers this configuration: ilert gets what Netdata Cloud makes of an alert, which is not known \
             here; this is what `--send` would make of it",
        );
    }
}

async fn dry_run_one(one: &Installed) -> eyre::Result<Previewed> {
    let setup = match SenderSetup::or_elsewhere(one)? {
        Ok(setup) => setup,
        Err(elsewhere) => {
            say_elsewhere(elsewhere);
            return Ok(Previewed::of(elsewhere));
        }
    };
    let netdata = setup.netdata()?;
    let DryRun { report, notices, renderer, no_heartbeat } = delivery::dry_run(&setup.job(&netdata)).await?;
    say_ajar(&setup.state);
    if notices.is_empty() && report.exit == Exit::Done {
        say("nothing to send now");
    }
    say_words(&report);
    no_heartbeat.iter().for_each(say);
    let events = events(&renderer, &notices);
    Ok(Previewed { events, key: MaskedKey::of(Some(&setup.key)), sent: SendResult::Here(report.exit) })
}

fn say_words(report: &Report) {
    for line in &report.words {
        say(line);
    }
}

fn events(renderer: &Renderer, notices: &[Notice]) -> Vec<Event> {
    let events = notices.iter().map(|notice| {
        let made = renderer.event(notice);
        if let Some(problem) = made.problem {
            say(format_args!("the built-in payload is sent instead: {problem}"));
        }
        made.event
    });
    events.collect()
}

/// Shows the events of one configuration, or of each.
async fn show<F>(
    arguments: &Arguments,
    preview: impl Fn(Installed) -> F + Clone + Send + 'static,
) -> eyre::Result<Exit>
where
    F: Future<Output = eyre::Result<Previewed>>,
{
    let named = match Selection::by(arguments)? {
        Selection::One(one) => {
            let previewed = preview(one).await?;
            if matches!(previewed.sent, SendResult::Here(_)) {
                print(&if arguments.json { pretty(&previewed)? } else { previewed.text()? })?;
            }
            return Ok(previewed.sent.alone());
        }
        Selection::Several(named) => named,
    };
    let outcomes = each(named, Limit::None, preview).await;
    if arguments.json {
        print_json(&outcomes)?;
    } else {
        for ConfigurationOutcome { name, gave } in &outcomes {
            if let Ok(previewed) = gave
                && matches!(previewed.sent, SendResult::Here(_))
            {
                print(&format!("[{name}]\n{}", previewed.text()?))?;
            }
        }
    }
    Ok(exit_of_several(&outcomes, |previewed| previewed.sent))
}

fn pretty<T: Serialize>(value: &T) -> eyre::Result<String> {
    output::json(value).wrap_err("cannot write an event as JSON")
}

/// Uses the configuration if it exists or is named, else the defaults.
fn config_or_default(one: &Installed, is_named: bool) -> eyre::Result<Config> {
    if !is_named && !one.path.exists() {
        return Ok(config::parse(&config::TEMPLATE, Path::new("the default configuration"))?);
    }
    Ok(selection::load(one)?)
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
