//! The wizard: its first frame, and what a key costs until the screen shows it.

use std::io::Read;
use std::num::NonZero;
use std::sync::Arc;
use std::time::{Duration, Instant};

use crossterm::event::{KeyCode, KeyEvent};
use netdata_ilert::alert::{Agent, Api, Health, Labels, Node, NodeId};
use netdata_ilert::cloud::{CloudRoom, CloudUser, Space};
use netdata_ilert::config::{self, Invocation, Moment, TEMPLATE};
use netdata_ilert::ilert::account::{EscalationPolicy, Overview, User};
use netdata_ilert::netdata::Probe;
use netdata_ilert::wizard::context::CloudReply;
use netdata_ilert::wizard::effect::Effect;
use netdata_ilert::wizard::form::{Control, Given};
use netdata_ilert::wizard::keymap::keymap;
use netdata_ilert::wizard::message::{Message, Reply};
use netdata_ilert::wizard::steps::title;
use netdata_ilert::wizard::theme::Theme;
use netdata_ilert::wizard::update::{begin, update};
use netdata_ilert::wizard::view::view;
use netdata_ilert::wizard::{Model, Place, Step};
use portable_pty::{CommandBuilder, PtySize, native_pty_system};
use ratatui::Terminal;
use ratatui::backend::TestBackend;

use super::bench::BINARY;
use super::measure::{cpu_here, line, ms};

const SIZE: (u16, u16) = (200, 60);
const MANY: usize = 1000;

pub fn measure() {
    let mut starts: Vec<Duration> = (0..21).map(|_| first_frame()).collect();
    starts.sort_unstable();
    line("first frame, wall, median of 21", ms(starts[10]), "≤ 50 ms");
    let mut slowest = Duration::ZERO;
    for step in Step::ALL {
        let mut model = at(step);
        let spent = key(&mut model);
        line(&format!("{}, a key and the screen, CPU", title(step)), ms(spent), "");
        slowest = slowest.max(spent);
    }
    line("the slowest of them", ms(slowest), "≤ 1 ms");
    line(&format!("{MANY} nodes to pick from"), ms(key(&mut many_nodes())), "≤ 1 ms");
    line(&format!("{MANY} rooms in Netdata Cloud"), ms(key(&mut many_rooms())), "≤ 1 ms");
    line(&format!("{MANY} escalation policies"), ms(key(&mut many_policies())), "≤ 1 ms");
}

/// From the start of the program to the first whole screen on its terminal.
fn first_frame() -> Duration {
    let size = PtySize { rows: 24, cols: 80, pixel_width: 0, pixel_height: 0 };
    let pair = native_pty_system().openpty(size).unwrap();
    let home = tempfile::tempdir().unwrap();
    let mut command = CommandBuilder::new(BINARY);
    command.env_clear();
    command.env("HOME", home.path());
    command.env("TERM", "xterm-256color");
    command.args(["--config", home.path().join("config.toml").to_str().unwrap()]);
    command.args(["--state-dir", home.path().join("state").to_str().unwrap()]);
    let mut reader = pair.master.try_clone_reader().unwrap();
    let start = Instant::now();
    let mut child = pair.slave.spawn_command(command).unwrap();
    let mut terminal = vt100::Parser::new(NonZero::new(24).unwrap(), NonZero::new(80).unwrap(), 0);
    let mut bytes = [0; 8192];
    // The footer is drawn last.
    while !terminal.screen().contents().contains("ctrl-c") {
        let count = reader.read(&mut bytes).unwrap();
        terminal.process(&bytes[..count]);
    }
    let taken = start.elapsed();
    child.kill().unwrap();
    child.wait().unwrap();
    taken
}

/// What it costs to go on to the next control and to draw that.
fn key(model: &mut Model) -> Duration {
    let mut terminal = Terminal::new(TestBackend::new(SIZE.0, SIZE.1)).unwrap();
    cpu_here(50, || {
        if let Some(message) = keymap(model, KeyEvent::from(KeyCode::Tab)) {
            update(model, message);
        }
        terminal
            .draw(|frame| {
                view(model, frame);
            })
            .unwrap();
    })
}

fn answer(model: &mut Model, effects: &[Effect], answer: Reply) -> Vec<Effect> {
    let id = effects.iter().find_map(|effect| match effect {
        Effect::Start(id, _) => Some(*id),
        _ => None,
    });
    update(model, Message::Replied(id.unwrap(), answer))
}

/// At a step, on a machine with an agent of a few nodes.
fn at(step: Step) -> Model {
    begun(step, 3)
}

fn begun(step: Step, nodes: usize) -> Model {
    let config = std::path::PathBuf::from("/nowhere/config.toml");
    let place = Place {
        invocation: Invocation::default(),
        defaults: config::parse(&TEMPLATE, &config).unwrap(),
        config,
        state: "/nowhere/state".into(),
        home: None,
        binary: BINARY.into(),
        root: false,
        host: "here".into(),
        unique: "bench".into(),
        now: 1_900_000_000,
        wall: Moment::parse("2030-03-17T18:40").unwrap(),
        cloud: "http://127.0.0.1:1".into(),
        demo: None,
        isolated: true,
        health_alarm_notify: Vec::new(),
        folders: None,
    };
    let mut model = Model::new(place, Theme::of(true, true));
    let effects = begin(&mut model);
    let effects = answer(&mut model, &effects, Reply::Surveyed(Box::default()));
    answer(&mut model, &effects, Reply::Probed(Ok(probe(nodes))));
    update(&mut model, Message::Give(Control::DELIVERY, Given::Option(0)));
    model.answers.key.field.paste("il1api-of-the-benchmark-0000");
    update(&mut model, Message::GoTo(step));
    model
}

fn probe(nodes: usize) -> Probe {
    let id = |number| Arc::new(NodeId { guid: format!("g{number}"), host: format!("node-{number:04}") });
    let node = |number| Node {
        id: id(number),
        reachable: true,
        health: Health::Online,
        ephemeral: false,
        labels: Labels::default(),
    };
    Probe {
        agent: Agent { node: id(0), version: "v2.11.0".into(), api: Api::V3 },
        nodes: (0..nodes).map(node).collect(),
        raised: (1, 1),
        doubled: Vec::new(),
    }
}

/// At the notification, picking from the nodes of a large parent.
fn many_nodes() -> Model {
    let mut model = begun(Step::Notification, MANY);
    update(&mut model, Message::Give(Control::ROOMS, Given::Option(1)));
    model
}

/// At the notification, picking from the rooms of a large space.
fn many_rooms() -> Model {
    let mut model = at(Step::Notification);
    update(&mut model, Message::Give(Control::ROOMS, Given::Option(3)));
    update(&mut model, Message::Give(Control::CLOUD_TOKEN, Given::Text("token-of-the-benchmark".into())));
    let effects = update(&mut model, Message::Next);
    let user = CloudUser { name: "Jane Doe".into(), email: "".into() };
    let spaces = vec![Space { id: "space".into(), name: "Production".into() }];
    let effects = answer(&mut model, &effects, Reply::Cloud(Ok(CloudReply::Spaces(user, spaces))));
    let room = |number| CloudRoom {
        id: format!("room-{number}"),
        name: format!("Room {number}").into(),
        node_count: Some(3),
        everything: false,
    };
    let rooms = (0..MANY).map(room).collect();
    answer(&mut model, &effects, Reply::Cloud(Ok(CloudReply::Rooms(rooms))));
    model
}

/// At the alert source, in a large account.
fn many_policies() -> Model {
    let mut model = at(Step::Source);
    update(&mut model, Message::Give(Control::WAY, Given::Option(0)));
    update(&mut model, Message::Give(Control::ACCOUNT_TOKEN, Given::Text("il1tkn-of-the-benchmark".into())));
    let effects = update(&mut model, Message::Next);
    let user = User { first_name: "Jane".into(), last_name: "Doe".into(), role: "ADMIN".into() };
    let policies = (0..i64::try_from(MANY).unwrap())
        .map(|id| EscalationPolicy { id, name: format!("Team {id}") })
        .collect();
    let overview = Overview { user, policies, sources: Vec::new() };
    answer(&mut model, &effects, Reply::Overview(Ok(Box::new(overview))));
    model
}
