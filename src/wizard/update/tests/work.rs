//! Work and its answers: late ones are dropped.

use std::time::Duration;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use super::{answer, at, id, model, preparation, probe, shown, stopped, text, work};
use crate::exit::Exit;
use crate::ilert::client::Verdict;
use crate::setup::Deed;
use crate::wizard::context::Purpose;
use crate::wizard::effect::{Effect, Work};
use crate::wizard::form::{Control, Given};
use crate::wizard::keymap::keymap;
use crate::wizard::message::{Message, Reply};
use crate::wizard::model::Progress;
use crate::wizard::steps::agent::{self, ANYWAY};
use crate::wizard::steps::preview;
use crate::wizard::update::update;
use crate::wizard::{Model, Step};

#[test]
fn drops_late_answers() {
    let mut model = at(Step::Netdata);
    let old = update(&mut model, Message::Give(Control::URL, Given::Text("http://old:1".into())));
    let new = update(&mut model, Message::Give(Control::URL, Given::Text("http://new:1".into())));
    assert!(new.contains(&Effect::Cancel(id(&old))));
    answer(&mut model, &old, Reply::Probed(Ok(probe(&["old"]))));
    assert_eq!(agent::reply(&model.answers, &model.context), None);
    answer(&mut model, &new, Reply::Probed(Ok(probe(&["new"]))));
    assert_eq!(agent::probe(&model.answers, &model.context).unwrap().nodes.len(), 1);
    answer(&mut model, &new, Reply::Probed(Err("again".into())));
    assert!(agent::probe(&model.answers, &model.context).is_some(), "an answer counts once");
}

#[test]
fn asks_when_typing_has_paused_and_at_once_on_enter() {
    let mut model = at(Step::Netdata);
    let typed = update(&mut model, Message::Give(Control::URL, Given::Text("http://new:1".into())));
    assert!(matches!(work(&typed), Some(Work::Probe { after, .. }) if *after > Duration::ZERO));
    let entered = update(&mut model, Message::Next);
    assert!(matches!(work(&entered), Some(Work::Probe { after, .. }) if after.is_zero()));
    assert_eq!(model.step, Step::Netdata);
    answer(&mut model, &entered, Reply::Probed(Ok(probe(&["db-1"]))));
    assert_eq!(Some(model.step), Step::Netdata.next());
}

#[test]
fn the_menu_says_once_that_netdata_is_away_and_counts_no_nodes() {
    let mut model = at(Step::Netdata);
    let asked = update(&mut model, Message::Give(Control::URL, Given::Text("http://new:1".into())));
    answer(&mut model, &asked, Reply::Probed(Err("nothing listens".into())));
    model.step = Step::Menu;
    let page = shown(&model);
    let about: Vec<&str> = page.lines().map(str::trim).filter(|line| line.contains("new:1")).collect();
    assert_eq!(about, ["4 Netdata      http://new:1", "! Netdata has not answered at http://new:1"]);
    assert!(page.contains("all nodes that Netdata shows; critical"), "{page}");
}

#[test]
fn goes_on_without_an_answer_only_when_told_to() {
    let mut model = at(Step::Netdata);
    let asked = update(&mut model, Message::Give(Control::URL, Given::Text("http://new:1".into())));
    answer(&mut model, &asked, Reply::Probed(Err("nothing listens".into())));
    // It may listen by now: Enter asks once more.
    let again = update(&mut model, Message::Next);
    assert!(matches!(work(&again), Some(Work::Probe { after, .. }) if after.is_zero()));
    answer(&mut model, &again, Reply::Probed(Err("nothing listens".into())));
    assert_eq!((model.step, model.focus), (Step::Netdata, Control::URL));
    assert!(model.controls().contains(&Control::ANYWAY), "{ANYWAY}");
    update(&mut model, Message::Give(Control::ANYWAY, Given::Tick(true)));
    update(&mut model, Message::Next);
    assert_eq!(Some(model.step), Step::Netdata.next());
}

#[test]
fn shows_the_spinner_for_its_second() {
    let mut model = at(Step::Netdata);
    let asked = update(&mut model, Message::Give(Control::URL, Given::Text("http://new:1".into())));
    update(&mut model, Message::Tick);
    answer(&mut model, &asked, Reply::Probed(Ok(probe(&["db-1"]))));
    assert!(model.wants_ticks());
    update(&mut model, Message::Tick);
    assert!(!model.wants_ticks(), "what took less than a tick or two was never shown");

    let asked = update(&mut model, Message::Give(Control::URL, Given::Text("http://newer:1".into())));
    for _ in 0..3 {
        update(&mut model, Message::Tick);
    }
    answer(&mut model, &asked, Reply::Probed(Ok(probe(&["db-1"]))));
    let mut shown = 0;
    while model.wants_ticks() {
        update(&mut model, Message::Tick);
        shown += 1;
        assert!(shown < 20);
    }
    assert!(shown >= 8, "{shown}");
}

/// Writes what these effects begin with, and what follows it, to the end.
fn written(model: &mut Model, mut effects: Vec<Effect>) -> Vec<Deed> {
    let mut deeds = Vec::new();
    while let Some(Work::Write(deed)) = work(&effects) {
        deeds.push((**deed).clone());
        effects = answer(model, &effects, Reply::Written(Ok(vec!["done".into()])));
    }
    assert_eq!(effects, [Effect::Forget]);
    deeds
}

#[test]
fn writes_one_thing_after_the_other_and_stops_at_what_is_needed() {
    let mut model = at(Step::Review);
    assert_eq!(update(&mut model, Message::Confirm), [], "only enter writes");
    let effects = update(&mut model, Message::Next);
    assert!(matches!(work(&effects), Some(Work::Write(deed)) if matches!(**deed, Deed::Ground(_))));
    let effects = answer(&mut model, &effects, Reply::Written(Ok(Vec::new())));
    assert!(matches!(work(&effects), Some(Work::Write(deed)) if matches!(**deed, Deed::Secret { .. })));
    assert_eq!(update(&mut model, Message::Next), [], "it is written once");
    assert_eq!(answer(&mut model, &effects, Reply::Written(Err(stopped("full")))), []);
    assert_eq!((model.exit, model.context.writing.has_failed()), (None, true));
    let effects = update(&mut model, Message::Next);
    let deeds = written(&mut model, effects);
    let [Deed::Ground(ground), Deed::Secret { .. }, Deed::Configuration { .. }, Deed::DryRun { .. }] =
        deeds.as_slice()
    else {
        panic!("{deeds:?}")
    };
    assert_eq!(ground.files.len(), 2, "all that is written");
    update(&mut model, Message::Back);
    assert_eq!(model.step, Step::Review, "what is written is written");
    update(&mut model, Message::Next);
    assert_eq!(model.exit, Some(Exit::Done));
}

#[test]
fn what_has_changed_on_the_disk_meanwhile_is_shown_before_anything_is_written() {
    let mut model = at(Step::Review);
    let effects = update(&mut model, Message::Next);
    let effects = answer(&mut model, &effects, Reply::Written(Err(stopped("`config.toml` has changed"))));
    let Some(Work::Prepare { secrets, .. }) = work(&effects) else { panic!("{effects:?}") };
    assert_eq!(secrets.len(), 1);
    assert!(model.context.writing.written.is_none() && model.exit.is_none());
    let theirs = crate::config::TEMPLATE.replace("name = \"Netdata\"", "name = \"Theirs\"");
    answer(&mut model, &effects, Reply::Prepared(Box::new(preparation(Ok(Some(theirs.clone()))))));
    let page = shown(&model);
    assert!(page.contains("! `config.toml` has changed"), "{page}");
    assert!(page.contains("- name = \"Theirs\""), "{page}");
    // Enter does it, on what is there now.
    let effects = update(&mut model, Message::Next);
    let Some(Work::Write(deed)) = work(&effects) else { panic!("{effects:?}") };
    let Deed::Ground(ground) = &**deed else { panic!("{deed:?}") };
    assert_eq!(ground.files[0].seen, Some(crate::secret::Secret::new(theirs)));
    assert_eq!(model.context.writing.changed, None);
}

#[test]
fn a_dry_run_that_fails_is_said_and_nothing_is_done_again() {
    let mut model = at(Step::Review);
    let mut effects = update(&mut model, Message::Next);
    for _ in 0..3 {
        assert_eq!(model.progress(Step::Review), Progress::Current);
        effects = answer(&mut model, &effects, Reply::Written(Ok(Vec::new())));
    }
    assert_eq!(answer(&mut model, &effects, Reply::Written(Err(stopped("away")))), [Effect::Forget]);
    let written = model.context.writing.written.as_ref().unwrap();
    assert_eq!(
        (written.lines.as_slice(), model.context.writing.is_done()),
        (&[Err("away".into())][..], true)
    );
    assert_eq!(model.progress(Step::Review), Progress::Doubtful, "nothing is under way any more");
}

#[test]
fn there_is_one_piece_of_work_for_each_purpose() {
    let mut model = model();
    for url in ["http://a:1", "http://b:1", "http://c:1"] {
        update(&mut model, Message::GoTo(Step::Netdata));
        text(&mut model, Control::URL, url);
    }
    assert_eq!(model.context.tasks.iter().filter(|task| task.purpose == Purpose::Probe).count(), 1);
}

#[test]
fn after_a_wrong_key_enter_leads_straight_back_to_the_test() {
    let mut model = at(Step::Test);
    let effects = update(&mut model, Message::Next);
    let wrong = Verdict::KeyWrong { status: 404, message: "no source".into() };
    answer(&mut model, &effects, Reply::Tested(wrong, Duration::ZERO));
    let press = |model: &mut Model, key| {
        let message = keymap(model, key).unwrap();
        update(model, message)
    };
    press(&mut model, KeyEvent::new(KeyCode::Char('g'), KeyModifiers::CONTROL));
    assert_eq!((model.step, model.focus), (Step::Key, Control::API_KEY));
    // A key that will not do holds one here.
    update(&mut model, Message::Pasted("two words".into()));
    update(&mut model, Message::Next);
    assert_eq!(model.step, Step::Key);
    update(&mut model, Message::Pasted("https://api.ilert.com/api/events/il1api-the-right-key".into()));
    update(&mut model, Message::Next);
    assert_eq!(model.step, Step::Test);
    let effects = update(&mut model, Message::Next);
    let Some(Work::Post { key, .. }) = work(&effects) else { panic!("{effects:?}") };
    assert_eq!(key.expose(), "il1api-the-right-key");
    // So does esc, which mends nothing.
    let mut model = at(Step::Test);
    update(&mut model, Message::GoTo(Step::Key));
    update(&mut model, Message::Back);
    assert_eq!((model.step, model.trail.is_empty()), (Step::Test, true));
}

#[test]
fn the_preview_follows_the_chosen_types_of_notification() {
    let kinds = |model: &Model| {
        let count = preview::notices(&model.answers, &model.context).len();
        let payloads = (0..count).filter_map(|at| preview::payload(&model.answers, &model.context, at));
        payloads.map(|payload| payload.event.summary).collect::<Vec<_>>().join("\n")
    };
    let mut model = at(Step::Notification);
    let all = kinds(&model);
    for part in ["[CRITICAL] disk", "[WARNING] load", "[RESOLVED] disk", "node db-2", "[STORM]"] {
        assert!(all.contains(part), "{part} is not in\n{all}");
    }
    update(&mut model, Message::Give(Control::NOTIFY, Given::Tick(false)));
    let without_critical = kinds(&model);
    assert!(
        !without_critical.contains("CRITICAL]") && !without_critical.contains("[STORM]"),
        "{without_critical}"
    );
    assert!(without_critical.contains("[WARNING] load") && without_critical.contains("node db-2"));
    for at in 1..5 {
        update(&mut model, Message::Give(Control::NOTIFY.at(at), Given::Tick(false)));
    }
    assert!(!kinds(&model).is_empty());
}
