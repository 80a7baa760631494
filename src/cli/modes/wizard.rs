//! The wizard, on the screen or line by line; with `--demo` between a simulated Netdata and ilert.

use std::io::{self, IsTerminal};
use std::path::{Path, PathBuf};

use color_eyre::eyre::{self, WrapErr};
use tokio::signal::unix::{SignalKind, signal};

use super::test_event::host;
use super::{Misuse, now, state_dir};
use crate::cli::Arguments;
use crate::config;
use crate::delivery::run::Exit;
use crate::netdata::cloud::CLOUD;
use crate::other_senders::health_alarm_notify;
use crate::wizard::plain::input::Stdin;
use crate::wizard::terminal::{Inputs, Screen};
use crate::wizard::theme::{Theme, unicode_from_locale};
use crate::wizard::{Model, Place, plain, run};

/// Asks on this machine.
pub async fn wizard(arguments: &Arguments) -> eyre::Result<Exit> {
    let manner = Manner::of(arguments)?;
    let place = place(arguments)?;
    converse(place, manner).await
}

/// How to ask.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Manner {
    /// Line by line.
    Plain,
    /// On the whole screen.
    Screen(Theme),
}

impl Manner {
    /// As the arguments and the terminal have it. Neither a terminal nor `--plain`: one line says what to call.
    pub(super) fn of(arguments: &Arguments) -> Result<Self, Misuse> {
        let dumb = std::env::var_os("TERM").is_some_and(|term| term == "dumb");
        let terminal = io::stdin().is_terminal() && io::stdout().is_terminal();
        if arguments.plain || (terminal && dumb) {
            return Ok(Self::Plain);
        }
        if !terminal {
            return Err(Misuse(
                "the wizard needs a terminal: `netdata-ilert --plain` asks line by line, `--send` delivers, \
                 `--help` lists the rest"
                    .to_owned(),
            ));
        }
        let variable = |name: &str| std::env::var(name).ok();
        let (all, ctype, lang) = (variable("LC_ALL"), variable("LC_CTYPE"), variable("LANG"));
        let unicode = unicode_from_locale(all.as_deref(), ctype.as_deref(), lang.as_deref());
        Ok(Self::Screen(Theme::of(arguments.color.wanted(true), unicode)))
    }
}

/// Asks, and says how it ended.
pub(super) async fn converse(place: Place, manner: Manner) -> eyre::Result<Exit> {
    match manner {
        Manner::Plain => {
            let mut lines = Stdin::open().wrap_err("cannot read the answers")?;
            // No colours and no glyphs: what reads this may know neither.
            let mut model = Model::new(place, Theme::of(false, false));
            let mut told = signal(SignalKind::terminate()).wrap_err("cannot listen for SIGTERM")?;
            let mut out = io::stdout();
            // Given up, it leaves a terminal that shows what is typed, also where it asked for a secret.
            let ended = tokio::select! {
                ended = plain::run(&mut model, &mut out, &mut lines) => Some(ended),
                _ = told.recv() => None,
            };
            match ended {
                Some(ended) => Ok(ended?),
                None => Err(run::told_to_end(&mut model).await.into()),
            }
        }
        Manner::Screen(theme) => {
            let mut model = Model::new(place, theme);
            // Dropped before anything else is said: the words belong to the terminal as it was.
            let mut screen = Screen::enter()?;
            let inputs = Inputs::listen()?.into_stream();
            let ended = run::run(&mut model, &mut screen, inputs).await;
            drop(screen);
            Ok(ended?)
        }
    }
}

fn place(arguments: &Arguments) -> eyre::Result<Place> {
    let absolute = |path: PathBuf| std::path::absolute(&path).unwrap_or(path);
    let path = match &arguments.config {
        Some(path) => path.clone(),
        None => config::default_path()?,
    };
    let path = absolute(path);
    Ok(Place {
        state: absolute(state_dir(arguments)?),
        defaults: config::parse(config::TEMPLATE, &path)?,
        health_alarm_notify: health_alarm_notify(Path::new("/")),
        ..here(path)?
    })
}

/// A place on this machine with nothing else said of it: what the demo begins with.
pub(super) fn here(config: PathBuf) -> eyre::Result<Place> {
    Ok(Place {
        state: config.with_file_name("state"),
        defaults: config::parse(config::TEMPLATE, &config)?,
        config,
        binary: std::env::current_exe().wrap_err("cannot tell where this program is")?,
        root: config::is_root(),
        host: host(),
        unique: format!("{:08x}", fastrand::u32(..)),
        now: now() / 1000,
        cloud: CLOUD.to_owned(),
        demo: None,
        isolated: false,
        health_alarm_notify: Vec::new(),
    })
}
