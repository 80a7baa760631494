//! Whatever comes: nothing panics at any size, the key is never seen unless it is asked for, and going back
//! and on again changes no answer.

use std::time::Duration;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use proptest::prelude::*;
use ratatui::Terminal;
use ratatui::backend::TestBackend;

use super::account::{TOKEN, fulfilled, overview, source};
use super::rooms::{rooms, spaces};
use super::{KEY, at, draft, preparation, probe, stopped};
use crate::ilert::client::{RetryReason, Verdict};
use crate::payload::samples;
use crate::regressions::properties;
use crate::wizard::context::CloudReply;
use crate::wizard::context::TaskId;
use crate::wizard::context::Unfulfilled;
use crate::wizard::form::{Control, Given, StepProblem};
use crate::wizard::keymap::keymap;
use crate::wizard::message::{Direction, Message, Reply};
use crate::wizard::steps::{self, agent, key};
use crate::wizard::update::update;
use crate::wizard::view::view;
use crate::wizard::{Model, Step};

/// Something that happens.
#[derive(Clone, Debug)]
enum Happening {
    Key(KeyEvent),
    Message(Message),
    /// An answer to the oldest work that is under way, if any.
    Answer(Reply),
}

fn keys() -> impl Strategy<Value = Happening> {
    let code = prop_oneof![
        4 => Just(KeyCode::Enter),
        2 => Just(KeyCode::Tab),
        2 => Just(KeyCode::BackTab),
        1 => Just(KeyCode::Esc),
        3 => Just(KeyCode::Down),
        2 => Just(KeyCode::Up),
        1 => Just(KeyCode::Left),
        2 => Just(KeyCode::Right),
        1 => Just(KeyCode::PageDown),
        1 => Just(KeyCode::F(1)),
        2 => Just(KeyCode::Backspace),
        2 => Just(KeyCode::Char(' ')),
        4 => any::<char>().prop_map(KeyCode::Char),
        3 => prop::sample::select(vec!['a', 'c', 'g', 'l', 'n', 'o', 'p', 'q', 'u', 'w', 'y', 'z', '日'])
            .prop_map(KeyCode::Char),
    ];
    let modifiers = prop_oneof![4 => Just(KeyModifiers::NONE), 1 => Just(KeyModifiers::CONTROL)];
    (code, modifiers).prop_map(|(code, modifiers)| Happening::Key(KeyEvent::new(code, modifiers)))
}

fn answers() -> impl Strategy<Value = Happening> {
    let verdict = prop_oneof![
        Just(Verdict::Accepted { status: 202, correlation: None }),
        Just(Verdict::KeyWrong { status: 404, message: "no".into() }),
        Just(Verdict::Later(RetryReason::Limited { retry_after: None })),
    ];
    prop_oneof![
        Just(Reply::Probed(Ok(probe(&["db-1", "web-1", "日本-1"])))),
        Just(Reply::Probed(Err("nothing listens there".into()))),
        Just(Reply::Noticed(Ok(samples(1_795_348_800)))),
        Just(Reply::Noticed(Err("away".into()))),
        verdict.prop_map(|verdict| Reply::Tested(verdict, Duration::from_millis(7))),
        Just(Reply::Prepared(Box::new(preparation(Ok(None))))),
        Just(Reply::Prepared(Box::new(preparation(Err("no".into()))))),
        Just(Reply::Written(Ok(vec!["wrote a file".into()]))),
        Just(Reply::Written(Err(stopped("full")))),
        Just(Reply::Opened(Err("no display".into()))),
        Just(Reply::Overview(Ok(Box::new(overview(12))))),
        Just(Reply::Overview(Err(StepProblem::new(Control::ACCOUNT_TOKEN, "no")))),
        Just(Reply::Overview(Err(StepProblem::new(Control::ILERT_CA, "no")))),
        Just(Reply::Fulfilled(Ok(Box::new(fulfilled())))),
        Just(Reply::Fulfilled(Err(Unfulfilled { words: "no".into(), appeared: vec![source(1, "Netdata")] }))),
        Just(Reply::LookedUp(Ok(Box::default()))),
        Just(Reply::Cloud(Ok(spaces(&["Production", "Lab"])))),
        Just(Reply::Cloud(Ok(rooms(&["All nodes", "Databases"])))),
        Just(Reply::Cloud(Ok(CloudReply::Nodes(vec!["db-1".into()])))),
        Just(Reply::Cloud(Err("no".into()))),
    ]
    .prop_map(Happening::Answer)
}

fn messages() -> impl Strategy<Value = Happening> {
    prop_oneof![
        3 => "\\PC{0,30}|[a-z\n\t]{0,20}".prop_map(Message::Pasted),
        2 => Just(Message::Tick),
        1 => (0u64..60).prop_map(|id| Message::Replied(TaskId(id), Reply::Opened(Ok(())))),
        2 => prop::sample::select(Step::ALL.to_vec()).prop_map(Message::GoTo),
        1 => (0usize..9).prop_map(|at| Message::Give(Control::NODE.at(at), Given::Tick(true))),
        2 => (0usize..9).prop_map(|at| Message::Give(Control::ROOMS, Given::Option(at))),
        1 => prop::sample::select(vec![Step::Express, Step::Menu]).prop_map(Message::GoTo),
        1 => prop::sample::select(vec![Message::Done, Message::Later]),
        2 => (0usize..2).prop_map(|at| Message::Give(Control::WAY, Given::Option(at))),
        2 => Just(Message::Give(Control::ACCOUNT_TOKEN, Given::Text(TOKEN.into()))),
        2 => Just(Message::Give(Control::CLOUD_TOKEN, Given::Text(TOKEN.into()))),
        1 => (0usize..4).prop_map(|at| Message::Give(Control::CLOUD_ROOM.at(at), Given::Tick(true))),
        1 => Just(Message::Confirm),
        1 => Just(Message::Move(Direction::PageUp)),
    ]
    .prop_map(Happening::Message)
}

fn happenings() -> impl Strategy<Value = Vec<Happening>> {
    prop::collection::vec(prop_oneof![6 => keys(), 2 => answers(), 2 => messages()], 0..60)
}

fn happen(model: &mut Model, happening: Happening) {
    let message = match happening {
        Happening::Key(key) => keymap(model, key),
        Happening::Message(message) => Some(message),
        Happening::Answer(answer) => {
            model.context.tasks.first().map(|task| Message::Replied(task.id, answer))
        }
    };
    if let Some(message) = message {
        update(model, message);
    }
}

fn draw(model: &Model, (columns, rows): (u16, u16)) -> String {
    let mut terminal = Terminal::new(TestBackend::new(columns, rows)).unwrap();
    terminal
        .draw(|frame| {
            view(model, frame);
        })
        .unwrap();
    terminal.backend().buffer().content.iter().map(ratatui::buffer::Cell::symbol).collect()
}

/// The steps that a key leads to.
fn behind_the_key() -> Vec<Step> {
    Step::ALL.into_iter().filter(|step| *step > Step::Key).collect()
}

/// All that was answered.
fn answers_of(model: &Model) -> impl PartialEq + std::fmt::Debug + use<> {
    let (answers, context) = (&model.answers, &model.context);
    let key = key::secret(answers, context).map(|key| key.expose().to_owned());
    (draft(model), model.config(), key, agent::target(answers, context))
}

proptest! {
    #![proptest_config(properties(24))]

    #[test]
    fn no_sequence_of_messages_panics(
        from in prop::sample::select(Step::ALL.to_vec()),
        happenings in happenings(),
        sizes in prop::collection::vec((1u16..130, 1u16..50), 1..4),
    ) {
        let mut model = at(from);
        for (turn, happening) in happenings.into_iter().enumerate() {
            happen(&mut model, happening);
            let size = sizes[turn % sizes.len()];
            draw(&model, size);
        }
    }

    #[test]
    fn back_then_next_changes_no_answer(
        from in prop::sample::select(Step::ALL[1..].to_vec()),
        happenings in happenings(),
    ) {
        let mut model = at(from);
        for happening in happenings {
            happen(&mut model, happening);
        }
        model.overlay = None;
        model.context.tasks.clear();
        model.trail.clear();
        let carried = |step: &Step| *step == Step::Key && key::is_carried(&model.answers, &model.context);
        let before = model.step.previous().filter(|step| !carried(step));
        let Some(previous) = before else { return Ok(()) };
        let doubt = steps::doubt(&model.answers, &model.context, previous);
        if model.check(previous).is_err() || doubt.is_some() || model.context.writing.is_done() {
            return Ok(());
        }
        let (step, before) = (model.step, answers_of(&model));
        update(&mut model, Message::Back);
        prop_assert_eq!(model.step, previous);
        model.context.tasks.clear();
        update(&mut model, Message::Next);
        prop_assert_eq!(model.step, step);
        prop_assert_eq!(answers_of(&model), before);
    }

    #[test]
    fn the_key_is_seen_only_where_it_is_revealed(
        from in prop::sample::select(behind_the_key()),
        happenings in happenings(),
        keep in 0usize..3,
    ) {
        let mut model = at(from);
        model.choose(Control::KEEP, keep);
        for happening in happenings {
            happen(&mut model, happening);
            let screen = draw(&model, (200, 60));
            prop_assert!(model.answers.key.field.revealed() || !screen.contains(&KEY[..30]), "{}", screen);
            prop_assert!(!screen.contains(&TOKEN[TOKEN.len() - 6..]), "{}", screen);
        }
    }
}
