//! What becomes of an order.

use super::{TOKEN, URL, fulfilled, known, made, ordered, overview, source};
use crate::config::{DeliveredBy, SecretSource};
use crate::ilert::account::{Overview, Wanted};
use crate::secret::Secret;
use crate::wizard::Step;
use crate::wizard::context::{Found, Unfulfilled};
use crate::wizard::effect::{Effect, Work};
use crate::wizard::form::Control;
use crate::wizard::message::{Message, Reply};
use crate::wizard::steps::configuration::secrets;
use crate::wizard::steps::key;
use crate::wizard::update::tests::{KEY, answer, found, resumed, text, update, work};

#[test]
fn the_key_and_the_heartbeat_are_carried_on() {
    let mut model = made();
    assert_eq!(model.check(Step::Source), Ok(()));
    assert_eq!(key::secret(&model.answers, &model.context), Some(Secret::new(KEY.into())));
    update(&mut model, Message::Next);
    assert_eq!((model.step, model.answers.key.field.count()), (Step::Netdata, KEY.len()));
    let path = model.context.place.beside("heartbeat-url");
    assert_eq!(model.config().heartbeat.url, Some(SecretSource::File(path.clone())));
    assert!(secrets(&model.answers, &model.context).contains(&(path, Secret::new(URL.into()))));
    assert!(!format!("{model:?}").contains(TOKEN) && !format!("{model:?}").contains("hb5f2a90c4e1"));
    // Another name is another order, which was not carried out.
    update(&mut model, Message::Back);
    text(&mut model, Control::SOURCE_NAME, "Other");
    assert!(model.check(Step::Source).is_err());
    assert_eq!(model.config().heartbeat.url, None);
    text(&mut model, Control::SOURCE_NAME, "Netdata");
    assert_eq!(model.check(Step::Source), Ok(()));
}

#[test]
fn an_interrupted_run_finds_the_alert_source_again() {
    let mut model = known(overview(2));
    update(&mut model, Message::Next);
    let effects = update(&mut model, Message::Confirm);
    let effects = answer(&mut model, &effects, Reply::Fulfilled(Ok(Box::new(fulfilled()))));
    let [Effect::Save(kept)] = effects.as_slice() else { panic!("it is kept at once: {effects:?}") };
    let draft = serde_json::to_string(kept).unwrap();
    assert!(!draft.contains(KEY) && !draft.contains(TOKEN), "{draft}");

    let mut after = found(Found { draft: Some(resumed(&draft)), ..Found::default() });
    update(&mut after, Message::Next);
    assert_eq!((after.step, after.notice.is_some()), (Step::Source, true), "its key is not kept");
    text(&mut after, Control::ACCOUNT_TOKEN, TOKEN);
    let effects = update(&mut after, Message::Next);
    let sources = vec![source(9, "Netdata"), source(12, "Netdata")];
    answer(&mut after, &effects, Reply::Overview(Ok(Box::new(Overview { sources, ..overview(2) }))));
    assert_eq!(ordered(&mut after).source, Wanted::This(12), "not another of the same name");
}

#[test]
fn nothing_pings_where_netdata_cloud_delivers() {
    let mut model = made();
    model.answers.start.delivery = DeliveredBy::NetdataCloud;
    assert!(!model.controls().contains(&Control::HEARTBEAT));
    assert_eq!(model.config().heartbeat.url, None);
    assert_eq!(secrets(&model.answers, &model.context).len(), 1, "the key alone");
}

#[test]
fn what_appeared_meanwhile_is_offered_and_what_failed_can_be_tried_again() {
    let mut model = known(overview(2));
    update(&mut model, Message::Next);
    let effects = update(&mut model, Message::Confirm);
    assert!(update(&mut model, Message::Next).is_empty(), "it is ordered once");
    let unfulfilled = Unfulfilled { words: "appeared".into(), appeared: vec![source(12, "Netdata")] };
    answer(&mut model, &effects, Reply::Fulfilled(Err(unfulfilled)));
    assert_eq!((model.focus, model.step), (Control::EXISTING_SOURCE, Step::Source));
    assert!(model.answers.key.field.is_empty());
    assert_eq!(ordered(&mut model).source, Wanted::This(12));

    let mut model = known(overview(2));
    update(&mut model, Message::Next);
    let effects = update(&mut model, Message::Confirm);
    let unfulfilled = Unfulfilled { words: "the plan".into(), appeared: Vec::new() };
    answer(&mut model, &effects, Reply::Fulfilled(Err(unfulfilled)));
    assert_eq!(model.problem.as_ref().map(|problem| problem.message.as_str()), Some("the plan"));
    assert_eq!(ordered(&mut model).source, Wanted::New { known: Vec::new() });
}

#[test]
fn an_order_that_is_given_up_is_looked_for_the_next_time() {
    let mut model = known(overview(2));
    update(&mut model, Message::Next);
    let effects = update(&mut model, Message::Confirm);
    update(&mut model, Message::Cancel);
    answer(&mut model, &effects, Reply::Fulfilled(Ok(Box::new(fulfilled()))));
    assert!(model.answers.key.field.is_empty(), "a late answer is dropped");
    assert!(matches!(work(&update(&mut model, Message::Next)), Some(Work::Overview { .. })));
}
