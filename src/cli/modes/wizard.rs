//! The wizard, on the screen or line by line; with `--demo` between a simulated Netdata and ilert.

use std::io::{self, ErrorKind, IsTerminal, Write as _};
use std::path::{Path, PathBuf};

use color_eyre::eyre::{self, WrapErr};

use super::test_event::host;
use super::{Misuse, print, selection};
use crate::cli::{Arguments, say};
use crate::clock::now;
use crate::cloud::CLOUD;
use crate::config::{self, Config, ConfigError, FoundConfigurations, Invocation, Moment};
use crate::exit::{Ended, Exit};
use crate::interrupt::Interrupts;
use crate::netdata;
use crate::other_senders::health_alarm_notify;
use crate::output::{shows_unicode, stdout};
use crate::prompt::Stdin;
use crate::wizard::context::Folders;
use crate::wizard::effect::EffectRunner;
use crate::wizard::plain::PlainError;
use crate::wizard::run::RunError;
use crate::wizard::terminal::{Inputs, Screen};
use crate::wizard::theme::Theme;
use crate::wizard::{Model, Place, plain, run};

/// Asks on this machine.
pub async fn wizard(arguments: &Arguments, mut interrupts: Interrupts) -> eyre::Result<Ended> {
    let manner = Manner::of(arguments)?;
    let place = place(arguments)?;
    let home = home(arguments);
    let begun = |theme| match home {
        Some(folders) => Model::at_home(place, theme, folders),
        None => Model::new(place, theme),
    };
    Box::pin(converse(begun, manner, &mut interrupts)).await
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
        let term = std::env::var("TERM").unwrap_or_default();
        let terminal = io::stdin().is_terminal() && stdout().is_terminal();
        if arguments.plain || (terminal && term == "dumb") {
            return Ok(Self::Plain);
        }
        if !terminal {
            let given = arguments.state_dir.as_deref().map(Invocation::of_all).unwrap_or_default();
            let given = arguments.config.as_deref().map_or(given.clone(), |file| given.for_file(file));
            return Err(Misuse(format!(
                "the wizard needs a terminal: {} asks line by line, {} delivers, {} lists the rest",
                given.command("--plain"),
                given.command("--send"),
                Invocation::PLAIN.command("--help")
            )));
        }
        let unicode = shows_unicode(|name| std::env::var(name).ok());
        Ok(Self::Screen(Theme::for_terminal(&term, arguments.color.wanted(true), unicode)))
    }
}

/// Asks, and says how it ended; and, however that was, whether the alert of a live test may be open.
pub(super) async fn converse(
    begun: impl FnOnce(Theme) -> Model,
    manner: Manner,
    interrupts: &mut Interrupts,
) -> eyre::Result<Ended> {
    let (model, ended) = match manner {
        Manner::Plain => line_by_line(begun, interrupts).await?,
        Manner::Screen(theme) => Box::pin(on_the_screen(begun(theme), interrupts)).await?,
    };
    if manner != Manner::Plain && ended.is_ok() {
        let words = run::last_words(&model);
        if !words.is_empty() {
            print(&(words.join("\n") + "\n"))?;
        }
    }
    let ended = match ended {
        Ok(exit) => Ok(Ended::With(exit)),
        Err(error) => match error.downcast_ref() {
            Some(RunError::Ended { end, .. }) => match end.interrupt() {
                Some(interrupt) => {
                    say(&error);
                    Ok(Ended::By(interrupt))
                }
                None => Err(error),
            },
            _ if is_unread(&error) => Ok(Ended::With(Exit::Failure)),
            _ => Err(error),
        },
    };
    run::left_open(&model).iter().for_each(say);
    ended
}

/// Whether who read the questions has gone away (`| head`). There is nobody to tell.
fn is_unread(error: &eyre::Report) -> bool {
    matches!(error.downcast_ref(), Some(PlainError::Output(error)) if error.kind() == ErrorKind::BrokenPipe)
}

async fn line_by_line(
    begun: impl FnOnce(Theme) -> Model,
    interrupts: &mut Interrupts,
) -> eyre::Result<(Model, eyre::Result<Exit>)> {
    let mut lines = Stdin::open().wrap_err("cannot read the answers")?;
    // No colours and no glyphs: what reads this may know neither.
    let mut model = begun(Theme::of(false, false));
    let mut runner = EffectRunner::default();
    // Given up, it leaves a terminal that shows what is typed, also where it asked for a secret.
    let mut out = stdout();
    let ended = tokio::select! {
        ended = plain::run(&mut model, &mut runner, &mut out, &mut lines) => ended.map_err(Into::into),
        Some(interrupt) = interrupts.next() => {
            let again = interrupts.next();
            Err(run::told_to_end(&mut model, &mut runner, interrupt.into(), again).await.into())
        }
    };
    let is_asked = |error: &eyre::Report| {
        !matches!(error.downcast_ref(), Some(PlainError::Answers(_) | PlainError::Output(_)))
    };
    if ended.as_ref().is_err_and(is_asked) && out.is_terminal() {
        // The question stands in a line that nobody has ended.
        let _ = writeln!(out);
    }
    Ok((model, ended))
}

async fn on_the_screen(
    mut model: Model,
    interrupts: &mut Interrupts,
) -> eyre::Result<(Model, eyre::Result<Exit>)> {
    // Dropped before anything is printed: that belongs on the restored terminal.
    let mut screen = Screen::enter()?;
    let inputs = Inputs::listen(interrupts)?.into_stream();
    let ended = run::run(&mut model, &mut screen, inputs).await.map_err(Into::into);
    drop(screen);
    Ok((model, ended))
}

/// Where the home screen looks; nothing where one configuration is named, or none is there.
fn home(arguments: &Arguments) -> Option<Folders> {
    if arguments.config.is_some() {
        return None;
    }
    let folders = folders(arguments)?;
    let found = FoundConfigurations::find(&folders.first, &folders.states);
    let is_any = !found.installed.is_empty() || !found.refused.is_empty();
    is_any.then_some(folders)
}

/// Where configurations are installed.
fn folders(arguments: &Arguments) -> Option<Folders> {
    let absolute = |path: PathBuf| std::path::absolute(&path).unwrap_or(path);
    let first = absolute(config::default_path().ok()?);
    let states = absolute(selection::states(arguments).ok()?);
    Some(Folders { first, states })
}

fn place(arguments: &Arguments) -> eyre::Result<Place> {
    let absolute = |path: PathBuf| std::path::absolute(&path).unwrap_or(path);
    let one = selection::to_make(arguments)?;
    let invocation = one.invocation.clone();
    let path = absolute(one.path);
    Ok(Place {
        invocation,
        state: absolute(one.state),
        defaults: defaults(&path)?,
        health_alarm_notify: health_alarm_notify(Path::new("/")),
        folders: folders(arguments),
        ..here(path)?
    })
}

/// What a configuration begins as where there is none: with this machine's agent.
pub(super) fn defaults(path: &Path) -> Result<Config, ConfigError> {
    let mut defaults = config::parse(&config::TEMPLATE, path)?;
    if let Some(url) = netdata::local::url(Path::new("/")) {
        defaults.netdata.url = url.into();
    }
    Ok(defaults)
}

/// An empty place on this machine: the demo begins with it.
pub(super) fn here(config: PathBuf) -> eyre::Result<Place> {
    Ok(Place {
        state: config.with_file_name("state"),
        invocation: Invocation::default(),
        defaults: config::parse(&config::TEMPLATE, &config)?,
        config,
        home: std::env::home_dir(),
        binary: std::env::current_exe().wrap_err("cannot tell where this program is")?,
        root: config::is_root(),
        host: host(),
        unique: format!("{:08x}", fastrand::u32(..)),
        now: now() / 1000,
        wall: Moment::at(now()),
        cloud: CLOUD.to_owned(),
        demo: None,
        isolated: false,
        health_alarm_notify: Vec::new(),
        folders: None,
    })
}
