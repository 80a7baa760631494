//! What each message does to the model, as tables: no terminal, no network, no time.

mod account;
mod addresses;
mod authorities;
mod begun;
mod configuration;
mod evidence;
mod home;
mod keys;
mod live_test;
mod navigation;
mod pasted;
mod properties;
mod refused;
mod rooms;
mod schedules;
mod silences;
mod words;
mod work;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::update;
use crate::alert::{Agent, Api, Health, Labels, Node, NodeId};
use crate::config::{self, Invocation, Moment, TEMPLATE};
use crate::exit::{Exit, Stopped};
use crate::netdata::Probe;
use crate::setup::Composed;
use crate::wizard::answers::{Answers, Way};
use crate::wizard::context::Found;
use crate::wizard::context::Preparation;
use crate::wizard::context::TaskId;
use crate::wizard::effect::{Effect, Work};
use crate::wizard::form::{Control, Given};
use crate::wizard::message::{Message, Reply};
use crate::wizard::place::Place;
use crate::wizard::steps::source::{self, for_me};
use crate::wizard::theme::Theme;
use crate::wizard::{Model, Step};

pub(super) const KEY: &str = "il1api0123456789abcdef0123456789abcd3f9a";

fn place() -> Place {
    let config = PathBuf::from("/nowhere/netdata-ilert/config.toml");
    Place {
        defaults: config::parse(&TEMPLATE, Path::new(&config)).unwrap(),
        config,
        state: "/nowhere/state".into(),
        invocation: Invocation::default(),
        home: None,
        binary: "/usr/bin/netdata-ilert".into(),
        root: false,
        host: "here".into(),
        unique: "u".into(),
        now: 1_795_348_800,
        wall: Moment::parse("2026-11-22T12:00").unwrap(),
        cloud: "http://127.0.0.1:1".into(),
        demo: None,
        isolated: true,
        health_alarm_notify: Vec::new(),
        folders: None,
    }
}

/// What is looked up before anything is written, a quarter of an hour after the start.
fn preparation(on_disk: Result<Option<String>, String>) -> Preparation {
    let wall = Moment::parse("2026-11-22T12:15").unwrap();
    Preparation {
        on_disk,
        secrets: Vec::new(),
        unused: Vec::new(),
        unwritable: None,
        plans: Vec::new(),
        scheduled: Vec::new(),
        serves: String::new(),
        by_hand: None,
        others: Vec::new(),
        by_itself: None,
        ran_lately: false,
        removal: None,
        left_open: 0,
        wall,
    }
}

/// As it is when the first key can be pressed.
fn model() -> Model {
    let mut model = Model::new(place(), Theme::of(false, true));
    let effects = super::begin(&mut model);
    answer(&mut model, &effects, Reply::Surveyed(Box::default()));
    model
}

fn found(found: Found) -> Model {
    let mut model = Model::new(place(), Theme::of(false, true));
    let effects = super::begin(&mut model);
    answer(&mut model, &effects, Reply::Surveyed(Box::new(found)));
    model
}

/// The page that is shown, a line each, so wide that hardly one is broken.
fn shown(model: &Model) -> String {
    model.page(200, 200).rows.iter().map(|row| row.line.to_string() + "\n").collect()
}

/// The id of the first work that these effects begin.
fn id(effects: &[Effect]) -> TaskId {
    effects
        .iter()
        .find_map(|effect| if let Effect::Start(id, _) = effect { Some(*id) } else { None })
        .unwrap()
}

fn work(effects: &[Effect]) -> Option<&Work> {
    effects.iter().find_map(|effect| if let Effect::Start(_, work) = effect { Some(work) } else { None })
}

/// Answers the first work that these effects begin.
fn answer(model: &mut Model, effects: &[Effect], answer: Reply) -> Vec<Effect> {
    update(model, Message::Replied(id(effects), answer))
}

/// A file that it names can be used.
fn text(model: &mut Model, control: Control, text: &str) {
    for effect in update(model, Message::Give(control, Given::Text(text.into()))) {
        if let Effect::Start(id, Work::Authorities(_)) = effect {
            update(model, Message::Replied(id, Reply::Authorities(BTreeMap::new())));
        }
    }
}

/// An agent with these nodes.
fn probe(hosts: &[&str]) -> Probe {
    let id = |host: &str| Arc::new(NodeId { guid: "g".into(), host: host.into() });
    let node = |host: &&str| Node {
        id: id(host),
        reachable: true,
        health: Health::Online,
        ephemeral: false,
        labels: Labels::default(),
    };
    let own = hosts.first().copied().unwrap_or("db-1");
    Probe {
        agent: Agent { node: id(own), version: "v2.11.0".into(), api: Api::V3 },
        nodes: hosts.iter().map(node).collect(),
        raised: (0, 0),
        doubled: Vec::new(),
    }
}

/// At a step, with everything before it answered.
fn at(step: Step) -> Model {
    let mut model = model();
    advance(&mut model, step);
    model
}

fn advance(model: &mut Model, step: Step) {
    while model.step < step {
        match model.step {
            Step::Source
                if source::way(&model.answers, &model.context) == Way::ForMe
                    && for_me::made(&model.answers, &model.context).is_none() =>
            {
                update(model, Message::Give(Control::WAY, Given::Option(1)));
                model.focus = Control::TODO;
                update(model, Message::TickAll);
            }
            Step::Key => text(model, Control::API_KEY, KEY),
            Step::Test => {
                update(model, Message::Give(Control::TEST, Given::Option(2)));
            }
            _ => {}
        }
        let before = model.step;
        let effects = update(model, Message::Next);
        if model.step == Step::Netdata && before != Step::Netdata {
            let effects = super::agent::ask(model, super::agent::Soon::Now);
            answer(model, &effects, Reply::Probed(Ok(probe(&["db-1", "web-1"]))));
        }
        if model.step == Step::Review {
            answer(model, &effects, Reply::Prepared(Box::new(preparation(Ok(None)))));
        }
        assert!(model.step > before, "{before:?}: {:?}", model.problem);
    }
}

/// What could not be done, and may go well later.
fn stopped(words: &str) -> Stopped {
    Stopped { words: words.into(), exit: Exit::Later }
}

/// Presses Enter, and says at which control it stays, if it does.
fn held(model: &mut Model) -> Option<Control> {
    let step = model.step;
    update(model, Message::Next);
    (model.step == step).then(|| model.problem.as_ref().map(|problem| problem.control)).flatten()
}

/// The draft of an interrupted run.
fn draft(model: &Model) -> String {
    serde_json::to_string(&model.answers).unwrap()
}

/// The draft, read in another run.
fn resumed(draft: &str) -> Box<Answers> {
    serde_json::from_str(draft).unwrap()
}

fn composed(model: &Model) -> &Composed {
    model.context.writing.composed.as_ref().unwrap().as_ref().unwrap()
}
