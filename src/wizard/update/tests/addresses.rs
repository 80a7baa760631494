//! The addresses of Netdata and the way to ilert, as people write them.

use super::{advance, at, draft, found, shown, text};
use crate::config::{self, TEMPLATE};
use crate::wizard::context::{Found, OnDisk};
use crate::wizard::effect::Work;
use crate::wizard::form::{Control, Given};
use crate::wizard::message::Message;
use crate::wizard::steps::agent;
use crate::wizard::update::update;
use crate::wizard::{Model, Step};

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
        let problem = model.check(Step::Source).unwrap_err();
        assert_eq!(problem.control, control, "{given}");
        assert!(control != Control::ILERT_CA || problem.message.contains("whole path"), "{problem:?}");
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
    let page = shown(&model);
    assert!(page.contains("taken as http://db-1.example.org:19999"), "{page}");
}

#[test]
fn what_can_be_no_address_is_not_asked_and_not_repeated() {
    let mut model = at(Step::Netdata);
    text(&mut model, Control::URL, "\"il1api0123456789\"");
    update(&mut model, Message::Next);
    let page = shown(&model);
    assert!(page.contains("this is no address of a machine: write one such as localhost"), "{page}");
    assert_eq!(page.matches("il1api").count(), 1, "in the field alone: {page}");
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
