//! What the marks beside the steps say: a tick stands for what is proven, and for nothing else.

use std::path::PathBuf;
use std::time::Duration;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use super::account::{TOKEN, made, source};
use super::{KEY, advance, answer, at, found, place, shown, stopped, text, update};
use crate::doctor::KeyUse;
use crate::ilert::account::{Alert, AlertStatus};
use crate::ilert::client::Verdict;
use crate::secret::Secret;
use crate::wizard::Step;
use crate::wizard::context::{AlertSnapshot, Found};
use crate::wizard::effect::Effect;
use crate::wizard::form::{Control, Given};
use crate::wizard::keymap::keymap;
use crate::wizard::message::{Message, Reply};
use crate::wizard::model::{Model, Progress};
use crate::wizard::run::last_words;
use crate::wizard::steps::{agent, caveats, source as way};

fn accepted() -> Reply {
    Reply::Tested(Verdict::Accepted { status: 202, correlation: None }, Duration::from_millis(52))
}

/// The test is sent, and ilert takes both of its events.
fn tested(model: &mut Model) -> Vec<Effect> {
    update(model, Message::Give(Control::TEST, Given::Option(0)));
    let effects = update(model, Message::Next);
    let effects = answer(model, &effects, accepted());
    answer(model, &effects, accepted())
}

/// Written; the dry run comes last.
fn written(model: &mut Model, dry_run: Reply) {
    let effects = update(model, Message::Next);
    answer(model, &effects, Reply::Prepared(Box::new(super::preparation(Ok(None)))));
    let mut effects = update(model, Message::Next);
    let deeds = model.context.writing.written.as_ref().unwrap().left.len();
    for _ in 1..deeds {
        effects = answer(model, &effects, Reply::Written(Ok(Vec::new())));
    }
    answer(model, &effects, dry_run);
}

#[test]
fn a_key_is_ticked_once_ilert_has_taken_it() {
    let mut model = at(Step::Test);
    let marks = |model: &Model| [Step::Source, Step::Key].map(|step| model.progress(step));
    assert_eq!(marks(&model), [Progress::Untried; 2]);
    update(&mut model, Message::Give(Control::TEST, Given::Option(0)));
    let effects = update(&mut model, Message::Next);
    let refused = Verdict::KeyWrong { status: 404, message: "API key could not be found".into() };
    answer(&mut model, &effects, Reply::Tested(refused, Duration::ZERO));
    assert_eq!(marks(&model), [Progress::Doubtful; 2]);
    let mut model = at(Step::Test);
    tested(&mut model);
    assert_eq!(marks(&model), [Progress::Done; 2]);
}

#[test]
fn what_looks_like_no_key_is_said_and_not_refused() {
    let mut model = at(Step::Key);
    for (key, said) in [(&KEY[1..], "39 characters"), ("-", "1 character;"), (TOKEN, "API token")] {
        text(&mut model, Control::API_KEY, key);
        assert!(model.check(Step::Key).is_ok(), "{key}");
        let found: Vec<String> = caveats(&model.answers, &model.context).map(|caveat| caveat.what).collect();
        assert!(found.iter().any(|what| what.contains(said)), "{key}: {found:?}");
        let page = model.page(80, 40);
        assert!(page.rows.iter().any(|row| row.line.to_string().trim_start().starts_with("! ")), "{key}");
    }
    text(&mut model, Control::API_KEY, KEY);
    assert_eq!(caveats(&model.answers, &model.context).collect::<Vec<_>>(), []);
}

#[test]
fn the_last_screen_has_the_proof_and_each_doubt() {
    let mut model = made();
    advance(&mut model, Step::Test);
    let mut effects = tested(&mut model);
    let mut switched_off = source(12, "Netdata");
    switched_off.active = Some(false);
    switched_off.alert_priority_rule = Some("LOW".into());
    let alert = Alert {
        id: 4711,
        alert_key: "k".into(),
        opened: "2026-11-23T05:12:01Z".into(),
        resolved: Some("2026-11-23T05:12:02Z".into()),
        status: AlertStatus::Resolved,
    };
    // As found, and not as it was created.
    if let Some(made) = &mut model.context.account.made {
        made.fulfilled.provided.created = false;
    }
    let seen = AlertSnapshot { source: Some(switched_off), alert: Some(alert) };
    effects = answer(&mut model, &effects, Reply::LookedUp(Ok(Box::new(seen))));
    assert_eq!(effects, []);
    written(&mut model, Reply::Written(Ok(vec!["a dry run".into()])));
    assert_eq!(model.progress(Step::Source), Progress::Doubtful);
    let words = last_words(&model).join("\n");
    for said in [
        "Done, but something needs a look",
        "ALERT: accepted by ilert, HTTP 202, 52 ms",
        "RESOLVE: accepted by ilert",
        "opened in ilert 2026-11-23T05:12:01Z, alert 4711",
        "resolved in ilert 2026-11-23T05:12:02Z",
        "! Check the alert source: it is switched off",
        "! Check the alert source: its alert priority rule is LOW",
    ] {
        assert!(words.contains(said), "{said}: {words}");
    }
    // A narrow terminal tears no word of it.
    model.drawn.columns = 60;
    let widest = |model: &Model| last_words(model).iter().map(|line| line.chars().count()).max();
    assert!(widest(&model) <= Some(60), "{:?}", last_words(&model));
    model.drawn.columns = 0;
    assert!(widest(&model) > Some(60), "{:?}", last_words(&model));
}

#[test]
fn an_agent_that_does_not_answer_the_dry_run_is_not_ticked() {
    let mut model = at(Step::Test);
    assert_eq!(model.progress(Step::Netdata), Progress::Done);
    tested(&mut model);
    written(&mut model, Reply::Written(Err(stopped("a dry run of the sender: no answer in time"))));
    assert_eq!(model.progress(Step::Netdata), Progress::Doubtful);
    assert!(last_words(&model).join("\n").contains("! Netdata did not answer the sender"));
}

#[test]
fn a_preview_that_nobody_looked_at_is_not_ticked() {
    let mut model = at(Step::Notification);
    let effects = update(&mut model, Message::GoTo(Step::Express));
    answer(&mut model, &effects, Reply::Prepared(Box::new(super::preparation(Ok(None)))));
    update(&mut model, Message::Next);
    assert_eq!(model.progress(Step::Preview), Progress::Untried);
    assert_eq!(at(Step::Test).progress(Step::Preview), Progress::Done);
}

#[test]
fn an_editor_that_leaves_nothing_takes_nothing_away() {
    let mut model = at(Step::Preview);
    update(&mut model, Message::Give(Control::TEMPLATES, Given::Option(1)));
    let before = model.answers.preview.summary.value();
    update(&mut model, Message::Edited(Control::SUMMARY, Ok("\n".into())));
    assert_eq!(model.answers.preview.summary.value(), before);
    assert!(
        model.notice.as_ref().is_some_and(|notice| notice.contains("stays as it was")),
        "{:?}",
        model.notice
    );
    text(&mut model, Control::SUMMARY, "{{ nod }}");
    let problem = model.check(Step::Preview).unwrap_err();
    assert!(problem.message.starts_with("Summary, line 1"), "{}", problem.message);
}

#[test]
fn esc_empties_what_narrows_a_list_down_before_it_leaves() {
    let mut model = at(Step::Notification);
    update(&mut model, Message::Give(Control::ROOMS, Given::Option(1)));
    let hosts: Vec<String> = (0..12).map(|at| format!("db-{at}")).collect();
    let hosts: Vec<&str> = hosts.iter().map(String::as_str).collect();
    let effects = super::super::agent::ask(&mut model, super::super::agent::Soon::Again);
    answer(&mut model, &effects, Reply::Probed(Ok(super::probe(&hosts))));
    text(&mut model, Control::FIND, "db-1");
    let esc = KeyEvent::new(KeyCode::Esc, KeyModifiers::NONE);
    for left in [Step::Notification, Step::Netdata] {
        let message = keymap(&model, esc).unwrap();
        update(&mut model, message);
        assert_eq!((model.step, model.answers.notification.find.value()), (left, ""));
    }
}

#[test]
fn a_path_may_begin_at_home_and_a_wrong_one_is_said_at_its_field() {
    let mut model = at(Step::Source);
    model.context.place.home = Some("/home/me".into());
    update(&mut model, Message::Give(Control::WAY, Given::Option(0)));
    update(&mut model, Message::Give(Control::ILERT_MORE, Given::Tick(true)));
    text(&mut model, Control::ILERT_CA, "~/ca.pem");
    assert_eq!(way::ilert(&model.answers, &model.context).ca_file, Some(PathBuf::from("/home/me/ca.pem")));
    text(&mut model, Control::ILERT_CA, "ca.pem");
    text(&mut model, Control::ACCOUNT_TOKEN, TOKEN);
    assert_eq!(update(&mut model, Message::Next), [], "ilert is not asked");
    assert_eq!((model.focus, model.problem.unwrap().control), (Control::ILERT_CA, Control::ILERT_CA));
    let mut model = at(Step::Netdata);
    model.context.place.home = Some("/home/me".into());
    update(&mut model, Message::Give(Control::AGENT_MORE, Given::Tick(true)));
    text(&mut model, Control::CA_FILE, "~/ca.pem");
    assert_eq!(agent::target(&model.answers, &model.context).ca_file, Some(PathBuf::from("/home/me/ca.pem")));
    assert_eq!(place().expanded("~me/x"), PathBuf::from("~me/x"));
}

#[test]
fn a_name_has_an_end() {
    let mut model = at(Step::Notification);
    text(&mut model, Control::NAME, &"x".repeat(200));
    assert!(model.check(Step::Notification).is_ok());
    text(&mut model, Control::NAME, &"x".repeat(201));
    assert!(model.check(Step::Notification).unwrap_err().message.contains("201 characters"));
}

#[test]
fn the_key_that_was_there_is_no_answer_to_who_creates_another_alert_source() {
    let variable = Some(Secret::new("il1api-of-the-environment-0123456789abcdef".into()));
    let mut model = found(Found { variable, ..Found::default() });
    let effects = super::super::agent::ask(&mut model, super::super::agent::Soon::Now);
    answer(&mut model, &effects, Reply::Probed(Ok(super::probe(&["db-1"]))));
    update(&mut model, Message::GoTo(Step::Source));
    let ctrl_x = KeyEvent::new(KeyCode::Char('x'), KeyModifiers::CONTROL);
    for (way, offered) in [(0, true), (1, false), (2, false)] {
        update(&mut model, Message::Give(Control::WAY, Given::Option(way)));
        let leads = matches!(keymap(&model, ctrl_x), Some(Message::GoTo(Step::Express)));
        assert_eq!(leads, offered, "{way}");
        let doubted = caveats(&model.answers, &model.context).any(|caveat| {
            caveat.what.contains("Another alert source was chosen")
                && caveat.what.contains("****cdef, from the variable ILERT_API_KEY")
        });
        assert_eq!(doubted, !offered, "{way}");
    }
    update(&mut model, Message::Give(Control::WAY, Given::Option(0)));
    update(&mut model, Message::GoTo(Step::Express));
    let page = shown(&model);
    assert!(page.contains("of the key ****cdef, from the variable ILERT_API_KEY"), "{page}");
}

#[test]
fn all_at_once_ticks_the_steps_that_it_stands_for() {
    let mut model = made();
    let effects = super::super::agent::ask(&mut model, super::super::agent::Soon::Now);
    answer(&mut model, &effects, Reply::Probed(Ok(super::probe(&["db-1"]))));
    update(&mut model, Message::GoTo(Step::Express));
    let marks = Step::ALL.map(|step| model.progress(step));
    assert_eq!(marks[1..4], [Progress::Done; 3]);
    assert!(!marks[..6].contains(&Progress::Pending), "{marks:?}");
    assert_eq!(marks[6..], [Progress::Pending; 2], "nothing is tested and written yet");
}

#[test]
fn a_key_that_another_configuration_has_is_doubted_to_the_end() {
    let used = |key: &str, endpoint: &str| KeyUse {
        key: Secret::new(key.into()),
        endpoint: endpoint.into(),
        events_per_minute: 45,
    };
    let endpoint = place().defaults.ilert.endpoint;
    let neighbours = vec![
        ("config".to_owned(), used(KEY, &endpoint)),
        ("other".to_owned(), used("il1api-another-one-0123456789abcdef01234", &endpoint)),
        ("lab".to_owned(), used(KEY, "http://127.0.0.1:1")),
    ];
    let mut model = found(Found { neighbours, ..Found::default() });
    advance(&mut model, Step::Test);
    assert_eq!(model.progress(Step::Key), Progress::Doubtful);
    tested(&mut model);
    assert_eq!(model.progress(Step::Key), Progress::Doubtful, "ilert takes it for both");
    update(&mut model, Message::Give(Control::SEEN, Given::Option(1)));
    written(&mut model, Reply::Written(Ok(vec!["a dry run".into()])));
    let words = last_words(&model).join(" ");
    for said in [
        "Done, but something needs a look",
        "! `config` has the same API key:",
        "Create an alert source in ilert for each, and give each configuration its own key",
    ] {
        assert!(words.split_whitespace().collect::<Vec<_>>().join(" ").contains(said), "{said}: {words}");
    }
}

#[test]
fn a_key_is_counted_without_the_spaces_around_it() {
    let mut model = at(Step::Key);
    text(&mut model, Control::API_KEY, "il1api0123456789abcdef");
    model.focus = Control::API_KEY;
    update(&mut model, Message::Typed(KeyEvent::from(KeyCode::Char(' '))));
    let page = shown(&model);
    assert!(page.contains("22 characters, used without the spaces around it"), "{page}");
    assert!(page.contains("has 22 characters") && !page.contains("23 characters"), "{page}");
}
