//! Silences: those of the configuration, and a new one.

use ratatui::Terminal;
use ratatui::backend::TestBackend;

use super::{at, found, text, update};
use crate::config::{self, Config, TEMPLATE};
use crate::wizard::answers::Step;
use crate::wizard::context::{Found, OnDisk};
use crate::wizard::form::{Control, Given};
use crate::wizard::message::Message;
use crate::wizard::model::Model;
use crate::wizard::view::view;

/// At *Notification*, of a configuration with two silences.
fn with_two() -> Model {
    let silences = "[[silence]]\nname = 'one'\nnodes = 'db-*'\nevery = 'Fri 18:00'\nfor = '15h'\n\
                    [[silence]]\nname = 'two'\nuntil = '2030-01-01T00:00'\n";
    let config: Config =
        config::parse(&format!("{}\n{silences}", *TEMPLATE), std::path::Path::new("/c.toml")).unwrap();
    let mut model = found(Found { config: OnDisk::Usable(Box::new(config)), ..Found::default() });
    super::advance(&mut model, Step::Notification);
    model
}

fn names(model: &Model) -> Vec<String> {
    model.config().silences.into_iter().map(|silence| silence.name).collect()
}

/// Presses Enter; the control that holds the step up, and why.
fn held(model: &mut Model) -> Option<(Control, String)> {
    update(model, Message::Next);
    let problem = || model.problem.as_ref().map(|problem| (problem.control, problem.message.clone()));
    (model.step == Step::Notification).then(problem).flatten()
}

#[test]
fn one_key_leads_to_a_new_one() {
    let mut model = at(Step::Notification);
    assert!(!model.controls().contains(&Control::SILENCE_NAME), "they are folded up");
    update(&mut model, Message::Silences);
    assert_eq!(model.focus, Control::SILENCE_NAME);
    text(&mut model, Control::SILENCE_NODES, "db-*");
    assert_eq!(held(&mut model).unwrap().0, Control::SILENCE_NAME, "it needs a name");
    text(&mut model, Control::SILENCE_NAME, "New disks");
    for wrong in
        ["", "Friday", "Fri 18:00", "Fri 18:00 for 0s", "Fri 18:00 until 2026-12-25T09:00", "until dawn"]
    {
        text(&mut model, Control::SILENCE_TIME, wrong);
        assert_eq!(held(&mut model).unwrap().0, Control::SILENCE_TIME, "`{wrong}`");
    }
    text(&mut model, Control::SILENCE_NODES, "!db-*");
    text(&mut model, Control::SILENCE_TIME, "2026-12-24T18:00 until 2026-12-25T09:00");
    assert_eq!(held(&mut model).unwrap().0, Control::SILENCE_NODES);
    text(&mut model, Control::SILENCE_NODES, "");
    text(&mut model, Control::SILENCE_ALERTS, "disk_*");
    assert_eq!(held(&mut model), None);
    assert_eq!(model.step, Step::Preview);
    let config = model.config();
    let [silence] = config.silences.as_slice() else { panic!("{:?}", config.silences) };
    assert_eq!(silence.words(), "alerts disk_*");
    assert_eq!(silence.times(), "from 2026-12-24T18:00 until 2026-12-25T09:00");
}

#[test]
fn it_may_be_from_now_on_again_and_again_or_once() {
    for (text, times) in [
        ("2h", "from 2026-11-22T12:00 for 2h"),
        ("2h from now", "from 2026-11-22T12:00 for 2h"),
        ("2h from now on", "from 2026-11-22T12:00 for 2h"),
        (" from now for 1h 30m ", "from 2026-11-22T12:00 for 1h 30m"),
        ("for 2d", "from 2026-11-22T12:00 for 2d"),
        ("Fri 18:00 for 15h", "Fri 18:00 for 15h"),
        ("2026-12-24T18:00 for 3h", "from 2026-12-24T18:00 for 3h"),
        ("2026-12-24T18:00 to 2026-12-27", "from 2026-12-24T18:00 until 2026-12-27T00:00"),
        ("2026-12-24 until 2026-12-27T09:00", "from 2026-12-24T00:00 until 2026-12-27T09:00"),
        ("until 2026-12-27", "until 2026-12-27T00:00"),
    ] {
        let mut model = at(Step::Notification);
        update(&mut model, Message::Silences);
        text_into_form(&mut model, text);
        assert_eq!(held(&mut model), None, "`{text}`");
        assert_eq!(model.config().silences[0].times(), times, "`{text}`");
    }
}

#[test]
fn from_now_on_is_from_the_last_look_at_the_clock() {
    let mut model = at(Step::Notification);
    update(&mut model, Message::Silences);
    text_into_form(&mut model, "2h");
    super::advance(&mut model, Step::Review);
    assert_eq!(model.config().silences[0].times(), "from 2026-11-22T12:15 for 2h");
    let Some(Ok(composed)) = &model.context.writing.composed else { panic!("nothing is composed") };
    assert!(composed.text.expose().contains("from = \"2026-11-22T12:15\""));
}

/// A new silence, as far as to its time.
fn text_into_form(model: &mut Model, time: &str) {
    text(model, Control::SILENCE_NAME, "New disks");
    text(model, Control::SILENCE_TIME, time);
}

#[test]
fn an_empty_form_adds_none_and_one_that_is_folded_up_neither() {
    let mut model = at(Step::Notification);
    update(&mut model, Message::Silences);
    assert_eq!((held(&mut model), names(&model)), (None, Vec::new()));
    let mut model = at(Step::Notification);
    update(&mut model, Message::Silences);
    text(&mut model, Control::SILENCE_NAME, "half");
    update(&mut model, Message::Give(Control::SILENCES, Given::Tick(false)));
    assert_eq!((held(&mut model), names(&model)), (None, Vec::new()));
}

#[test]
fn a_room_that_gets_another_name_stays_in_a_silence() {
    let tables = "[[room]]\nname = 'Old'\nnodes = 'db-*'\n[[silence]]\nname = 's'\nrooms = ['Old']\n\
                until = '2030-01-01T00:00'\n";
    let template = TEMPLATE.replace("#rooms = []", "rooms = ['Old']");
    let config = config::parse(&format!("{template}\n{tables}"), std::path::Path::new("/c.toml")).unwrap();
    let mut model = found(Found { config: OnDisk::Usable(Box::new(config)), ..Found::default() });
    super::advance(&mut model, Step::Notification);
    text(&mut model, Control::ROOM_NAME, "New");
    let config = model.config();
    assert_eq!(
        (config.rooms[0].name.as_str(), config.notification.rooms.as_slice()),
        ("New", &["New".to_owned()][..])
    );
    assert_eq!(config.silences[0].rooms.as_deref(), Some(&["New".to_owned()][..]));
}

#[test]
fn those_of_the_configuration_stay_until_their_tick_is_taken_away() {
    let mut model = with_two();
    assert_eq!(names(&model), ["one", "two"], "folded up");
    update(&mut model, Message::Silences);
    assert_eq!(names(&model), ["one", "two"]);
    update(&mut model, Message::Give(Control::SILENCE.at(0), Given::Tick(false)));
    assert_eq!(names(&model), ["two"]);
    text(&mut model, Control::SILENCE_NAME, "two");
    text(&mut model, Control::SILENCE_TIME, "daily 02:00 for 1h");
    let (control, why) = held(&mut model).unwrap();
    assert_eq!((control, why.as_str()), (Control::SILENCE_NAME, "another silence has this name"));
    text(&mut model, Control::SILENCE_NAME, "one");
    assert_eq!((held(&mut model), names(&model)), (None, vec!["two".to_owned(), "one".to_owned()]));
}

/// What a terminal of 80x24 shows.
fn screen(model: &Model) -> String {
    let mut terminal = Terminal::new(TestBackend::new(80, 24)).unwrap();
    terminal.draw(|frame| _ = view(model, frame)).unwrap();
    terminal.backend().to_string()
}

#[test]
fn what_is_unfolded_is_seen() {
    let cases = [
        (Step::Notification, Control::SILENCES, "Fri 18:00 for 15h"),
        (Step::Netdata, Control::AGENT_MORE, "certificates to trust besides"),
        (Step::Source, Control::ILERT_MORE, "certificates to trust besides"),
    ];
    for (step, fold, last) in cases {
        let mut model = at(step);
        model.focus = fold;
        update(&mut model, Message::Toggle);
        let screen = screen(&model);
        assert!(screen.contains(last) && screen.contains("[-]"), "{screen}");
    }
}
