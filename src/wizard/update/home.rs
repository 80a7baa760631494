//! The home screen: what is done there to the configurations.

mod way;

use std::path::Path;

use way::open;
pub(super) use way::{edits, show};

use super::work;
use crate::config::{self, ConfigError, FIRST, Installed};
use crate::exit::Exit;
use crate::wizard::answers::Step;
use crate::wizard::context::{Awaited, Card, HomeDeed, HomeReply, Purpose, Resolving};
use crate::wizard::effect::{Effect, Work};
use crate::wizard::form::{Control, Given, StepProblem, Typing};
use crate::wizard::message::{HomeMessage, Message};
use crate::wizard::model::{Model, Overlay};
use crate::wizard::steps::home;

/// Looks at the configurations, after something is done to one.
pub(super) fn look(model: &mut Model, deed: Option<HomeDeed>) -> Vec<Effect> {
    let Some(home) = &mut model.context.home else { return Vec::new() };
    if deed.is_some() {
        home.told.clear();
    }
    home.resolving = deed.as_ref().and_then(HomeDeed::resolving);
    let purpose = if home.resolving.is_some() { Purpose::Resolve } else { Purpose::Home };
    let work = Work::Home { folders: home.folders.clone(), deed: deed.map(Box::new) };
    work::start(model, purpose, work)
}

/// Takes what is a matter of the home screen; `None` leaves it to the others.
pub(super) fn take(model: &mut Model, message: &Message) -> Option<Vec<Effect>> {
    if model.step != Step::Home {
        return None;
    }
    let waits = home::is_busy(&model.context);
    Some(match message {
        Message::Next | Message::Home(_) if waits => Vec::new(),
        Message::Home(HomeMessage::Leave) => {
            model.exit = Some(Exit::Done);
            Vec::new()
        }
        Message::Next if model.overlay.is_some() => Vec::new(),
        Message::Next => next(model),
        Message::Home(message) => act(model, *message),
        Message::Typed(key) => name(model, |typing| match typing {
            Typing::Text(field) => drop(field.key(key)),
            Typing::Secret(_) | Typing::Area(_) => {}
        }),
        Message::Cancel => stop(model),
        Message::Back => {
            if let Some(home) = &mut model.context.home {
                home.awaited = None;
            }
            model.answers.home.adds = false;
            model.problem = None;
            if !model.controls().contains(&model.focus) {
                model.focus_first();
            }
            Vec::new()
        }
        Message::Give(control, Given::Text(text)) if *control == Control::NEW_NAME => {
            model.answers.home.name.set(text);
            model.problem = None;
            Vec::new()
        }
        Message::FocusPrevious if model.controls().first() == Some(&model.focus) => {
            model.focus_last();
            Vec::new()
        }
        // Much may have happened when it is shown again.
        Message::Suspend if !waits => {
            let mut effects = vec![Effect::Suspend];
            effects.extend(look(model, None));
            effects
        }
        Message::Help
        | Message::Close
        | Message::Quit
        | Message::Suspend
        | Message::Redraw
        | Message::Tick
        | Message::Replied(..)
        | Message::FocusNext
        | Message::FocusPrevious
        | Message::FocusOn(_)
        | Message::Pasted(_)
        | Message::Move(_) => return None,
        // Of the steps alone.
        _ => Vec::new(),
    })
}

/// Waits no longer for ilert, and looks what there is now. What ilert has taken by then is resolved.
fn stop(model: &mut Model) -> Vec<Effect> {
    let Some(home) = &mut model.context.home else { return Vec::new() };
    let Some(Resolving { name, deletes }) = home.resolving.take() else { return Vec::new() };
    let stopped = if deletes {
        format!("stopped waiting for ilert: `{name}` is switched off, but not deleted")
    } else {
        format!("stopped waiting for ilert: `r` resolves what is still open under `{name}`")
    };
    home.done.push(Err(stopped.clone()));
    home.told = vec![Err(stopped)];
    let mut effects = work::stop(model, Purpose::Resolve);
    effects.extend(look(model, None));
    effects
}

fn name(model: &mut Model, edit: impl FnOnce(Typing<'_>)) -> Vec<Effect> {
    if let Some(typing) = model.typing(model.focus) {
        edit(typing);
        model.problem = None;
    }
    Vec::new()
}

/// Pastes into the name.
pub(super) fn paste(model: &mut Model, text: &str) -> Vec<Effect> {
    name(model, |typing| match typing {
        Typing::Text(field) => field.paste(text.trim()),
        Typing::Secret(_) | Typing::Area(_) => {}
    })
}

/// Enter: opens what has the focus, or begins what has a name now.
fn next(model: &mut Model) -> Vec<Effect> {
    if model.answers.home.adds {
        return match named(model) {
            Ok(installed) => open(model, &installed, false),
            Err(why) => {
                model.problem = Some(StepProblem::new(Control::NEW_NAME, why));
                Vec::new()
            }
        };
    }
    match card(model) {
        Some(Card { installed: Some(installed), .. }) => open(model, &installed, true),
        Some(_) => Vec::new(),
        None => act(model, HomeMessage::Add),
    }
}

fn card(model: &Model) -> Option<Card> {
    home::card(model.focus, &model.context).cloned()
}

/// The new configuration of the name that was typed, or why there cannot be one.
fn named(model: &Model) -> Result<Installed, String> {
    let Some(home) = &model.context.home else { return Err(String::new()) };
    let name = model.answers.home.name.value().trim();
    let cards = home.cards.as_deref().unwrap_or_default();
    if cards.iter().any(|card| card.name == name) {
        return Err(format!("there is `{name}` already: esc, and enter on it edits it"));
    }
    if config::is_path(Path::new(name)) {
        return Err(format!(
            "`--config {name}` would be read as a path: leave out `/`, and `.toml` at the end"
        ));
    }
    Installed::called(name, &home.folders.first, &home.folders.states).map_err(|error| match error {
        ConfigError::Name { why, .. } => why,
        error => error.to_string(),
    })
}

fn act(model: &mut Model, message: HomeMessage) -> Vec<Effect> {
    match message {
        HomeMessage::Add => {
            add(model);
            return Vec::new();
        }
        HomeMessage::Look => return look(model, None),
        _ => {}
    }
    let Some(card) = card(model) else { return Vec::new() };
    let (Some(installed), resolvable) = (card.installed.clone(), card.resolvable().map(Box::new)) else {
        return Vec::new();
    };
    let seen = card.seen.clone();
    let deed = match message {
        HomeMessage::Switch => card.is_on().map(|on| HomeDeed::Switch { installed, on: !on, seen }),
        HomeMessage::Resolve if card.is_on() == Some(false) => {
            return look_before(model, Awaited::Resolve(installed));
        }
        HomeMessage::Delete => return look_before(model, Awaited::Delete(installed)),
        HomeMessage::Confirm { resolves } if model.overlay == Some(Overlay::Delete) => {
            model.overlay = None;
            let former = resolvable.filter(|_| resolves);
            Some(HomeDeed::Delete { installed, former, open: card.named, files: card.files.go, seen })
        }
        HomeMessage::Resolve
        | HomeMessage::Confirm { .. }
        | HomeMessage::Add
        | HomeMessage::Look
        | HomeMessage::Leave => None,
    };
    deed.map_or_else(Vec::new, |deed| look(model, Some(deed)))
}

/// Looks at the configurations again, then does it: a run may have told ilert something since they were shown.
fn look_before(model: &mut Model, awaited: Awaited) -> Vec<Effect> {
    if let Some(home) = &mut model.context.home {
        home.told.clear();
        home.awaited = Some(awaited);
    }
    look(model, None)
}

/// Does what was asked of a configuration, as it is now.
fn go_on(model: &mut Model, awaited: &Awaited) -> Vec<Effect> {
    let installed = awaited.installed();
    let name = &installed.name;
    let found = place_of(model, installed);
    let outcome = match (found.map(|(_, card)| card), awaited) {
        (None, _) => Err(format!("`{name}` is gone")),
        (Some(_), Awaited::Delete(_)) => {
            model.overlay = model.overlay.or(Some(Overlay::Delete));
            return Vec::new();
        }
        (Some(card), Awaited::Resolve(_)) => match (card.is_on(), card.resolvable()) {
            (Some(false), Some(former)) => {
                let deed = HomeDeed::Resolve { former: Box::new(former), installed: installed.clone() };
                return look(model, Some(deed));
            }
            (Some(false), None) => Ok(format!("`{name}`: nothing is open in ilert any more")),
            _ => Err(format!("`{name}` is switched on now: its next run resolves what has cleared")),
        },
    };
    if let Some(home) = &mut model.context.home {
        home.told = vec![outcome];
    }
    Vec::new()
}

/// Where a configuration is in the list.
fn place_of(model: &Model, installed: &Installed) -> Option<(usize, Card)> {
    let cards = model.context.home.as_ref()?.cards.as_deref()?;
    let found = cards.iter().enumerate().find(|(_, card)| card.installed.as_ref() == Some(installed));
    found.map(|(at, card)| (at, card.clone()))
}

/// Asks for the name of one that is added. The first one is `config.toml`.
fn add(model: &mut Model) {
    let cards = model.context.home.as_ref().and_then(|home| home.cards.as_deref()).unwrap_or_default();
    let has_first = cards.iter().any(|card| card.name == FIRST);
    model.answers.home.adds = true;
    model.answers.home.name.set(if has_first { "" } else { FIRST });
    model.focus_first();
}

/// Takes what was found, and what was done.
pub(super) fn replied(model: &mut Model, reply: HomeReply) -> Vec<Effect> {
    let focused = card(model).and_then(|card| card.installed);
    let Some(home) = &mut model.context.home else { return Vec::new() };
    let awaited = home.awaited.take();
    home.resolving = None;
    home.done.extend(reply.done.iter().cloned());
    if reply.done.iter().any(Result::is_err) {
        // What failed is told at the top, which a small terminal may have left.
        model.scroll = Some(0);
    }
    if !reply.done.is_empty() {
        home.told = reply.done;
    }
    let first = home.cards.is_none();
    home.cards = Some(reply.cards);
    let at = home.cards.iter().flatten().position(|card| {
        card.installed.as_ref().is_some_and(|installed| installed.path == model.context.place.config)
    });
    if let Some(at) = at.filter(|_| first) {
        model.focus = Control::CONFIGURATION.at(at);
    } else if !model.controls().contains(&model.focus) {
        // The last one of the list is gone.
        model.focus_last();
    }
    let focused = awaited.as_ref().map(|awaited| awaited.installed().clone()).or(focused);
    if let Some((at, _)) = focused.and_then(|installed| place_of(model, &installed)) {
        model.focus = Control::CONFIGURATION.at(at);
    }
    if reply.asks_anew {
        model.overlay = model.overlay.or(Some(Overlay::Delete));
    }
    awaited.map_or_else(Vec::new, |awaited| go_on(model, &awaited))
}
