//! What its own page refuses is not written, whichever way leads past that page.

use std::path::Path;

use super::{answer, found, preparation, shown, text, update};
use crate::config::{self, TEMPLATE};
use crate::secret::Secret;
use crate::wizard::Step;
use crate::wizard::context::{Found, OnDisk};
use crate::wizard::form::{Control, Given};
use crate::wizard::keymap::bindings;
use crate::wizard::message::{Message, Reply};
use crate::wizard::model::{Model, Progress};

/// At the steps of a configuration that is edited; its key can be read, or not.
fn menu(key: Option<&str>) -> Model {
    let config = config::parse(&TEMPLATE, Path::new("/nowhere/c.toml")).unwrap();
    let key = key.map(|key| Secret::new(key.to_owned()));
    let mut model = found(Found { config: OnDisk::Usable(Box::new(config)), key, ..Found::default() });
    update(&mut model, Message::GoTo(Step::Menu));
    model
}

/// Goes on to what would be written, and what is there is known.
fn review(model: &mut Model, step: Step) {
    let effects = update(model, Message::GoTo(step));
    answer(model, &effects, Reply::Prepared(Box::new(preparation(Ok(Some(TEMPLATE.to_string()))))));
}

/// What Enter is called here.
fn enter(model: &Model) -> String {
    let bindings = bindings(model);
    bindings.iter().find(|one| matches!(one.message, Message::Next)).map_or("", |one| one.label).to_owned()
}

#[test]
fn what_a_page_refuses_is_not_written_though_esc_passes_it_by() {
    for (row, step, control, given, said) in [
        (6, Step::Preview, Control::SUMMARY, "X {{ node }} {{ nosuch( }}", "Summary"),
        (5, Step::Notification, Control::NAME, "", "Name: write a name"),
        (4, Step::Netdata, Control::URL, "no address", "URL: "),
        (3, Step::Key, Control::API_KEY, "two words", "API key: "),
        (2, Step::Source, Control::ILERT_CA, "ca.pem", "CA file: give the whole path"),
    ] {
        let mut model = menu(Some(super::KEY));
        update(&mut model, Message::GoTo(step));
        update(&mut model, Message::Give(Control::TEMPLATES, Given::Option(1)));
        model.tick(Control::ILERT_MORE, true);
        text(&mut model, control, given);
        update(&mut model, Message::Back);
        assert_eq!(model.step, Step::Menu);
        assert_eq!(model.progress(step), Progress::Doubtful, "{step:?}");
        let page = shown(&model);
        let line =
            page.lines().position(|line| line.trim_start_matches(['▶', ' ']).starts_with(&format!("{row} ")));
        let under = page.lines().nth(line.unwrap() + 1).unwrap().trim_start();
        assert!(under.starts_with(&format!("! {said}")), "{page}");

        review(&mut model, Step::Express);
        assert!(shown(&model).contains(said), "{}", shown(&model));
        update(&mut model, Message::Next);
        assert!(model.context.writing.written.is_none(), "{step:?}");
        assert!(model.problem.is_some());

        review(&mut model, Step::Review);
        let title = crate::wizard::steps::title(step);
        let said = said.strip_prefix(&format!("{title}: ")).unwrap_or(said);
        let named = format!("! The step \"{title}\": {said}");
        assert!(shown(&model).contains(&named), "{named}: {}", shown(&model));
        model.trail.pop();
        assert_eq!(enter(&model), "change it");
        update(&mut model, Message::Next);
        assert_eq!((model.step, model.focus), (step, control));
        assert!(model.problem.is_some() && model.context.writing.written.is_none());
    }
}

#[test]
fn a_key_that_cannot_be_read_stays_where_it_is() {
    let mut model = menu(None);
    update(&mut model, Message::GoTo(Step::Notification));
    text(&mut model, Control::NAME, "Other");
    update(&mut model, Message::Back);
    review(&mut model, Step::Review);
    assert!(matches!(model.context.writing.composed, Some(Ok(_))), "{}", shown(&model));
    assert_eq!(enter(&model), "write");
}
