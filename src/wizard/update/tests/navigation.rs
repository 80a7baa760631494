//! From step to step: what holds one back, where the focus goes, what a draft and a configuration bring.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use super::{KEY, advance, at, composed, draft, found, model, probe, resumed, text};
use crate::config::{self, DeliveredBy, SecretSource, TEMPLATE};
use crate::exit::Exit;
use crate::secret::Secret;
use crate::wizard::context::{Found, OnDisk};
use crate::wizard::effect::Work;
use crate::wizard::form::{Control, Given};
use crate::wizard::keymap::{bindings, explained, keymap};
use crate::wizard::message::{Direction, Message, Reply};
use crate::wizard::model::Progress;
use crate::wizard::page::Drawn;
use crate::wizard::steps::{agent, key};
use crate::wizard::update::update;
use crate::wizard::{
    Step,
    model::{Model, Overlay},
};

/// Presses Enter, and says at which control it stays, if it does.
fn held(model: &mut Model) -> Option<Control> {
    let step = model.step;
    update(model, Message::Next);
    (model.step == step).then(|| model.problem.as_ref().map(|problem| problem.control)).flatten()
}

#[test]
fn stays_until_the_answers_will_do() {
    let mut key = at(Step::Key);
    assert_eq!(held(&mut key), Some(Control::API_KEY));
    text(&mut key, Control::API_KEY, "two words");
    assert_eq!(held(&mut key), Some(Control::API_KEY));

    for (control, given, at_fault) in [
        (Control::URL, "no address", Control::URL),
        (Control::URL, "", Control::URL),
        (Control::URL, "https://app.netdata.cloud/spaces/x", Control::URL),
        (Control::URL, "ftp://x", Control::URL),
        (Control::URL, "http://user:word@host", Control::URL),
        (Control::USERNAME, "a:b", Control::USERNAME),
        (Control::CA_FILE, "relative.pem", Control::CA_FILE),
        (Control::PASSWORD, "word", Control::USERNAME),
        (Control::USERNAME, "me", Control::PASSWORD),
    ] {
        let mut agent = at(Step::Netdata);
        agent.tick(Control::AGENT_MORE, true);
        text(&mut agent, control, given);
        agent.context.tasks.clear();
        assert_eq!(held(&mut agent), Some(at_fault), "{given}");
        assert_eq!(agent.focus, at_fault);
    }

    for (control, given, at_fault) in [
        (Control::NAME, " ", Control::NAME),
        (Control::ROOM_NAME, "", Control::ROOM_NAME),
        (Control::PATTERN, "!db-*", Control::PATTERN),
        (Control::PATTERN, "", Control::PATTERN),
    ] {
        let mut notification = at(Step::Notification);
        update(&mut notification, Message::Give(Control::ROOMS, Given::Option(2)));
        text(&mut notification, Control::PATTERN, "db-*");
        text(&mut notification, control, given);
        assert_eq!(held(&mut notification), Some(at_fault), "{control:?} {given}");
    }

    let mut nobody = at(Step::Notification);
    for box_ in 0..5 {
        update(&mut nobody, Message::Give(Control::NOTIFY.at(box_), Given::Tick(false)));
    }
    assert_eq!(held(&mut nobody), Some(Control::PRESET));

    let mut preview = at(Step::Preview);
    update(&mut preview, Message::Give(Control::TEMPLATES, Given::Option(1)));
    text(&mut preview, Control::SUMMARY, "{{ nod }}");
    assert_eq!(held(&mut preview), Some(Control::SUMMARY));
    assert!(preview.problem.unwrap().message.contains("line 1, column 4"));
}

#[test]
fn enter_ticks_what_is_done_one_by_one() {
    let enter = |model: &mut Model| {
        let message = keymap(model, KeyEvent::from(KeyCode::Enter)).unwrap();
        update(model, message);
    };
    let mut model = at(Step::Source);
    update(&mut model, Message::Give(Control::WAY, Given::Option(1)));
    enter(&mut model);
    assert_eq!((model.focus, model.problem.clone()), (Control::TODO, None));
    for done in 1..=4 {
        assert_eq!(model.step, Step::Source);
        enter(&mut model);
        assert_eq!(model.answers.source.done.iter().filter(|done| **done).count(), done);
    }
    assert_eq!(model.step, Step::Key, "the last one leads to what it asks for");
}

#[test]
fn back_is_never_out() {
    let mut model = model();
    for message in [Message::Back, Message::FocusPrevious, Message::Move(Direction::Up)] {
        update(&mut model, message);
        assert_eq!((model.step, model.exit), (Step::Start, None));
    }
    let mut model = at(Step::Key);
    update(&mut model, Message::FocusNext);
    update(&mut model, Message::FocusPrevious);
    assert_eq!((model.step, model.focus), (Step::Key, Control::API_KEY));
    update(&mut model, Message::FocusPrevious);
    assert_eq!(model.step, Step::Source);
}

#[test]
fn ctrl_c_asks_once_when_there_is_something_to_lose() {
    let mut fresh = model();
    update(&mut fresh, Message::Quit);
    assert_eq!(fresh.exit, Some(Exit::Interrupted));
    let mut model = at(Step::Key);
    update(&mut model, Message::Quit);
    assert_eq!((model.overlay, model.exit), (Some(Overlay::Leave), None));
    update(&mut model, Message::Close);
    update(&mut model, Message::Quit);
    assert_eq!(model.exit, None);
    update(&mut model, Message::Quit);
    assert_eq!(model.exit, Some(Exit::Interrupted));
}

#[test]
fn a_step_stands_as_its_answers_do() {
    let mut model = at(Step::Notification);
    assert_eq!(model.progress(Step::Key), Progress::Done);
    assert_eq!(model.progress(Step::Preview), Progress::Pending);
    update(&mut model, Message::GoTo(Step::Key));
    text(&mut model, Control::API_KEY, "");
    update(&mut model, Message::Back);
    assert_eq!(model.progress(Step::Key), Progress::Pending);
}

#[test]
fn the_answers_become_the_configuration() {
    let mut model = at(Step::Notification);
    text(&mut model, Control::NAME, "Production");
    update(&mut model, Message::Give(Control::ROOMS, Given::Option(1)));
    text(&mut model, Control::ROOM_NAME, "Web");
    update(&mut model, Message::Give(Control::NODE.at(1), Given::Tick(true)));
    update(&mut model, Message::Give(Control::PRESET, Given::Option(1)));
    advance(&mut model, Step::Review);
    let text = composed(&model).text.clone();
    let config = config::parse(text.expose(), &model.context.place.config).unwrap();
    assert_eq!(config.notification.name, "Production");
    assert_eq!(config.notification.rooms, ["Web"]);
    assert_eq!(config.rooms[0].nodes.as_str(), "web-1");
    assert_eq!(config.notification.notify.words().collect::<Vec<_>>(), ["critical", "warning", "clear"]);
    assert_eq!(config.integration.api_key, SecretSource::File("/nowhere/netdata-ilert/api-key".into()));
    assert!(!text.expose().contains(KEY));
}

#[test]
fn a_key_in_the_file_is_masked_in_the_diff() {
    let mut model = at(Step::Key);
    text(&mut model, Control::API_KEY, KEY);
    update(&mut model, Message::Give(Control::KEEP, Given::Option(2)));
    advance(&mut model, Step::Review);
    let composed = composed(&model);
    assert!(composed.text.expose().contains(KEY));
    let shown: String = composed.diff.iter().map(|(_, line)| line.as_str()).collect();
    assert!(!shown.contains(KEY) && shown.contains("****3f9a"));
}

#[test]
fn netdata_cloud_needs_no_agent_and_gets_no_schedule() {
    let mut model = model();
    update(&mut model, Message::Give(Control::DELIVERY, Given::Option(1)));
    advance(&mut model, Step::Review);
    assert_eq!(model.controls(), [Control::FILES]);
    assert!(composed(&model).text.expose().contains("delivered_by = \"netdata-cloud\""));
}

#[test]
fn an_existing_configuration_is_edited_or_replaced() {
    let text_there = TEMPLATE.replace("name = \"Netdata\"", "name = \"Mine\" # by hand");
    let config = config::parse(&text_there, &super::place().config).unwrap();
    let mut model = found(Found {
        config: OnDisk::Usable(Box::new(config)),
        key: Some(Secret::new(KEY.into())),
        ..Found::default()
    });
    assert_eq!(model.answers.notification.name.value(), "Mine");
    update(&mut model, Message::Give(Control::EXISTING, Given::Option(1)));
    assert_eq!(model.answers.notification.name.value(), "Netdata");
    assert_eq!(key::secret(&model.answers, &model.context), None);
    update(&mut model, Message::Give(Control::EXISTING, Given::Option(0)));
    advance_without_key(&mut model);
    assert_eq!(model.step, Step::Netdata, "the key that is there will do");
}

fn advance_without_key(model: &mut Model) {
    update(model, Message::Next);
    update(model, Message::Next);
}

#[test]
fn an_interrupted_run_goes_on() {
    let mut before = at(Step::Notification);
    update(&mut before, Message::Give(Control::ROOMS, Given::Option(1)));
    update(&mut before, Message::Give(Control::NODE, Given::Tick(true)));
    text(&mut before, Control::NAME, "Resumed");
    let kept = draft(&before);
    assert!(!kept.contains(KEY));
    let mut after = found(Found { draft: Some(resumed(&kept)), ..Found::default() });
    update(&mut after, Message::Next);
    assert_eq!(draft(&after), kept);
    assert!(after.answers.key.field.is_empty());

    let mut dropped = found(Found { draft: Some(resumed(&kept)), ..Found::default() });
    update(&mut dropped, Message::Give(Control::RESUME, Given::Option(1)));
    update(&mut dropped, Message::Next);
    assert_eq!(dropped.answers.notification.name.value(), "Netdata");
    assert_eq!(dropped.answers.start.delivery, DeliveredBy::NetdataIlert);
}

#[test]
fn answers_that_are_taken_up_late_replace_no_secret() {
    let mut model =
        found(Found { draft: Some(resumed(&draft(&at(Step::Notification)))), ..Found::default() });
    update(&mut model, Message::Give(Control::RESUME, Given::Option(1)));
    advance(&mut model, Step::Netdata);
    text(&mut model, Control::PASSWORD, "word");
    update(&mut model, Message::GoTo(Step::Start));
    update(&mut model, Message::Give(Control::RESUME, Given::Option(0)));
    update(&mut model, Message::Next);
    assert_eq!(model.context.found.as_ref().unwrap().draft, None, "they are taken up");
    assert_eq!((model.answers.key.field.count(), model.answers.agent.password.count()), (KEY.len(), 4));
}

#[test]
fn nodes_are_picked_from_the_list() {
    let mut model = at(Step::Notification);
    update(&mut model, Message::Give(Control::ROOMS, Given::Option(1)));
    assert!(model.controls().contains(&Control::NODE.at(1)));
    assert!(!model.controls().contains(&Control::NODE.at(2)));
    assert_eq!(agent::hosts(&model.answers, &model.context).len(), probe(&["db-1", "web-1"]).nodes.len());
    assert_eq!(held(&mut model), Some(Control::NODE));
}

#[test]
fn the_way_to_ilert_is_asked_for_on_request_and_counts_from_then_on() {
    let mut model = at(Step::Source);
    assert!(!model.controls().contains(&Control::ILERT_PROXY));
    update(&mut model, Message::Give(Control::ILERT_MORE, Given::Tick(true)));
    for (control, given) in [(Control::ILERT_PROXY, "no proxy"), (Control::ILERT_CA, "relative.pem")] {
        text(&mut model, control, given);
        model.focus = Control::TODO;
        if model.answers.source.done.is_empty() {
            update(&mut model, Message::TickAll);
        }
        assert_eq!(model.check(Step::Source).unwrap_err().control, control, "{given}");
        text(&mut model, control, "");
    }
    text(&mut model, Control::ILERT_PROXY, "http://me:word@proxy.example:3128");
    text(&mut model, Control::ILERT_CA, "/etc/proxy.pem");
    model.answers.source.done.clear();
    advance(&mut model, Step::Test);
    let effects = update(&mut model, Message::Next);
    let Some(Work::Post { ilert, .. }) = super::work(&effects) else { panic!("{effects:?}") };
    assert_eq!(ilert.proxy.as_deref(), Some("http://me:word@proxy.example:3128"));
    assert_eq!(model.config().ilert, *ilert);
    assert!(!draft(&model).contains("me:word"));
    // A configuration that has them shows them.
    let text_there = TEMPLATE.replace("\n[ilert]\n", "\n[ilert]\nproxy = \"http://p:1\"\n");
    let config = config::parse(&text_there, &super::place().config).unwrap();
    let mut model = found(Found { config: OnDisk::Usable(Box::new(config)), ..Found::default() });
    update(&mut model, Message::Next);
    assert!(model.controls().contains(&Control::ILERT_PROXY));
    assert_eq!(model.config().ilert.proxy.as_deref(), Some("http://p:1"));
}

#[test]
fn an_address_is_understood_as_people_write_it_and_the_file_gets_a_url() {
    let mut model = at(Step::Netdata);
    text(&mut model, Control::URL, "db-1.example.org");
    assert_eq!(agent::target(&model.answers, &model.context).url, "http://db-1.example.org:19999");
    assert_eq!(&*model.config().netdata.url, "http://db-1.example.org:19999");
    let page: Vec<String> = model.page(80, 24).rows.iter().map(|row| row.line.to_string()).collect();
    let is_told = |line: &String| line.contains("taken as http://db-1.example.org:19999");
    assert!(page.iter().any(is_told), "{page:#?}");
}

#[test]
fn other_parents_are_kept_shown_and_understood_as_the_first_is() {
    let list = "\n[netdata]\nurl = [\"http://p1:19999\", \"http://p2:19999\"]\n";
    let text_there = TEMPLATE.replace("\n[netdata]\n", list);
    let config = config::parse(&text_there, &super::place().config).unwrap();
    let mut model = found(Found { config: OnDisk::Usable(Box::new(config)), ..Found::default() });
    let urls = |model: &Model| model.config().netdata.url.iter().map(str::to_owned).collect::<Vec<_>>();
    update(&mut model, Message::Next);
    update(&mut model, Message::GoTo(Step::Netdata));
    assert!(model.controls().contains(&Control::OTHER_PARENTS));
    assert_eq!(urls(&model), ["http://p1:19999", "http://p2:19999"]);
    text(&mut model, Control::OTHER_PARENTS, "p2, http://p3:19999/v3/alerts  p4:1");
    assert_eq!(urls(&model), ["http://p1:19999", "http://p2:19999", "http://p3:19999", "http://p4:1"]);
    let many = (2..=9).map(|number| format!("p{number}")).collect::<Vec<_>>().join(" ");
    for (written, says) in [
        ("two\\words", "http://"),
        ("p2 p1", "twice"),
        ("http://me:word@p2", "fields of their own"),
        (&many, "9 URLs"),
    ] {
        text(&mut model, Control::OTHER_PARENTS, written);
        assert_eq!(Control::URL.check(&model.answers, &model.context), Ok(()), "{written}");
        let problem = model.check(Step::Netdata).unwrap_err();
        assert_eq!(problem.control, Control::OTHER_PARENTS);
        assert!(problem.message.contains(says), "{}", problem.message);
        assert!(!draft(&model).contains("me:word"));
    }
    text(&mut model, Control::OTHER_PARENTS, "");
    assert_eq!(urls(&model), ["http://p1:19999"]);
}

/// As after a drawing of a page that goes on below.
fn drawn(model: &mut Model, top: u16) {
    model.drawn = Drawn { top, last: 30, height: 12 };
}

#[test]
fn page_keys_scroll_and_leave_the_focus_where_it_is() {
    for step in [Step::Start, Step::Source, Step::Notification, Step::Test] {
        let mut model = at(step);
        let focus = model.focus;
        for (top, direction, expected) in [
            (0, Direction::PageDown, 11),
            (25, Direction::PageDown, 30),
            (30, Direction::PageUp, 19),
            (4, Direction::PageUp, 0),
        ] {
            drawn(&mut model, top);
            update(&mut model, Message::Move(direction));
            assert_eq!((model.focus, model.scroll), (focus, Some(expected)), "{step:?} {top} {direction:?}");
        }
        // Where the focus goes, the page goes along.
        if model.controls().len() > 1 {
            update(&mut model, Message::FocusNext);
            assert_eq!(model.scroll, None);
        }
    }
    let mut help = at(Step::Key);
    update(&mut help, Message::Help);
    drawn(&mut help, 25);
    update(&mut help, Message::Move(Direction::PageDown));
    assert_eq!(help.overlay, Some(Overlay::Help(30)), "no further than there is something to see");
}

#[test]
fn a_question_mark_helps_and_is_typed_where_text_is() {
    let question = KeyEvent::new(KeyCode::Char('?'), KeyModifiers::NONE);
    for (step, focus, helps) in [
        (Step::Start, Control::DELIVERY, true),
        (Step::Source, Control::TODO, true),
        (Step::Key, Control::API_KEY, false),
        (Step::Key, Control::KEEP, true),
        (Step::Notification, Control::NAME, false),
        (Step::Preview, Control::PAYLOAD, true),
    ] {
        let mut model = at(step);
        model.focus = focus;
        let message = keymap(&model, question).unwrap();
        assert_eq!(matches!(message, Message::Help), helps, "{step:?} {focus:?}");
        let lines = explained(&model);
        let is_there = |key: &str| lines.iter().any(|(keys, does)| keys.contains(key) && !does.is_empty());
        for key in ["enter", "tab", "shift-tab", "esc", "page up/down", "f1", "ctrl-c", "ctrl-z", "ctrl-l"] {
            assert!(is_there(key), "{key} is not in {lines:?}");
        }
        assert_eq!(is_there("any character"), !helps);
    }
    // Nothing is before the first step.
    let first = model();
    let says_back = |model: &Model| bindings(model).iter().any(|binding| binding.label == "back");
    assert!(!says_back(&first) && says_back(&at(Step::Source)));
}

#[test]
fn letters_find_something_in_a_long_list_and_a_ticks_all_only_where_they_do_not() {
    let hosts: Vec<String> = (0..30).map(|number| format!("api-{number}")).collect();
    let mut hosts: Vec<&str> = hosts.iter().map(String::as_str).collect();
    hosts.push("Data-1");
    let mut model = at(Step::Netdata);
    text(&mut model, Control::URL, "http://parent:1");
    let effects = update(&mut model, Message::Next);
    super::answer(&mut model, &effects, Reply::Probed(Ok(probe(&hosts))));
    update(&mut model, Message::Give(Control::ROOMS, Given::Option(1)));
    model.focus = Control::NODE.at(3);
    let press = |model: &mut Model, code, modifiers| {
        let message = keymap(model, KeyEvent::new(code, modifiers)).unwrap();
        update(model, message);
    };
    for c in "ata".chars() {
        press(&mut model, KeyCode::Char(c), KeyModifiers::NONE);
    }
    assert_eq!((model.focus, model.answers.notification.picked.len()), (Control::FIND, 0));
    let boxes =
        |model: &Model| model.controls().iter().filter(|control| control.is_of(Control::NODE)).count();
    assert_eq!(boxes(&model), 1);
    press(&mut model, KeyCode::Down, KeyModifiers::NONE);
    press(&mut model, KeyCode::Char(' '), KeyModifiers::NONE);
    assert_eq!(model.answers.notification.picked.iter().collect::<Vec<_>>(), ["Data-1"]);
    // Ctrl-a ticks what is found, and no more.
    press(&mut model, KeyCode::Backspace, KeyModifiers::NONE);
    press(&mut model, KeyCode::Char('u'), KeyModifiers::CONTROL);
    for c in "api-1".chars() {
        press(&mut model, KeyCode::Char(c), KeyModifiers::NONE);
    }
    press(&mut model, KeyCode::Down, KeyModifiers::NONE);
    press(&mut model, KeyCode::Char('a'), KeyModifiers::CONTROL);
    assert_eq!(model.answers.notification.picked.len(), 12);
    // Nothing is left: what was picked stays picked.
    text(&mut model, Control::FIND, "nobody");
    assert_eq!((boxes(&model), held(&mut model)), (0, None));
    // A short list has nothing to be found in.
    let mut short = at(Step::Source);
    short.focus = Control::TODO;
    press(&mut short, KeyCode::Char('a'), KeyModifiers::NONE);
    assert!(short.answers.source.done.iter().all(|done| *done));
}
