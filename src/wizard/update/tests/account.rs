//! The alert source set up by ilert's API, and the look-up of the test's alert.

use std::time::Duration;

use super::{KEY, advance, answer, at, id, text, update, work};
use crate::config::DeliveredBy;
use crate::config::SecretSource;
use crate::ilert::account::{
    self, Alert, AlertSource, AlertStatus, AutoResolution, EscalationPolicy, Fulfilled, GroupingWindow,
    HeartbeatMonitor, Order, Overview, Provided, User, Wanted,
};
use crate::ilert::client::Verdict;
use crate::secret::Secret;
use crate::wizard::context::{AlertSnapshot, LOOK_AGAIN, LOOKS, Unfulfilled};
use crate::wizard::effect::{Effect, Work};
use crate::wizard::form::{Choice, Control, Given, Widget};
use crate::wizard::message::{Direction, Message, Reply};
use crate::wizard::steps::configuration::secrets;
use crate::wizard::steps::key;
use crate::wizard::steps::source::for_me;
use crate::wizard::steps::test::proven;
use crate::wizard::{
    Step,
    model::{Model, Overlay},
};

pub const TOKEN: &str = "il1tkn9876543210fedcba9876543210fedc77e1";
const URL: &str = "https://beat.ilert.com/api/pings/hb5f2a90c4e1";

fn policy(id: i64) -> EscalationPolicy {
    let name = if id == 7 { "Operations".to_owned() } else { format!("Team {id}") };
    EscalationPolicy { id, name }
}

pub fn source(id: i64, name: &str) -> AlertSource {
    AlertSource {
        id,
        name: name.into(),
        integration_type: "API".into(),
        integration_key: Some(Secret::new(KEY.into())),
        active: Some(true),
        alert_priority_rule: Some("HIGH".into()),
        alert_creation: None,
        auto_resolution_timeout: None,
        escalation_policy: Some(policy(7)),
    }
}

pub fn overview(policies: i64) -> Overview {
    let user = User { first_name: "Jane".into(), last_name: "Doe".into(), role: "ADMIN".into() };
    Overview { user, policies: (7..7 + policies).map(policy).collect(), sources: Vec::new() }
}

pub fn fulfilled() -> Fulfilled {
    let provided = Provided {
        source: source(12, "Netdata"),
        key: Secret::new(KEY.into()),
        created: true,
        policy: policy(7),
    };
    let monitor =
        HeartbeatMonitor { id: 3, name: "beat".into(), url: Secret::new(URL.into()), created: true };
    Fulfilled { provided, heartbeat: Some(Ok(monitor)) }
}

/// At step 2, with a token, and ilert asked.
fn asked() -> (Model, Vec<Effect>) {
    let mut model = at(Step::Source);
    update(&mut model, Message::Give(Control::WAY, Given::Option(1)));
    text(&mut model, Control::ACCOUNT_TOKEN, TOKEN);
    let effects = update(&mut model, Message::Next);
    (model, effects)
}

/// ilert has answered.
fn known(overview: Overview) -> Model {
    let (mut model, effects) = asked();
    answer(&mut model, &effects, Reply::Overview(Ok(Box::new(overview))));
    model
}

/// Enter, and again: what is ordered.
fn ordered(model: &mut Model) -> Order {
    assert!(work(&update(model, Message::Next)).is_none(), "nothing is ordered without a confirm");
    assert_eq!(model.overlay, Some(Overlay::Order), "{:?}", model.problem);
    match work(&update(model, Message::Confirm)) {
        Some(Work::Fulfil { order, .. }) => (**order).clone(),
        other => panic!("{other:?}"),
    }
}

fn choose(model: &mut Model, control: Control, at: usize) {
    assert!(model.controls().contains(&control), "{control:?}: {:?}", model.controls());
    update(model, Message::Give(control, Given::Option(at)));
}

#[test]
fn asks_with_the_token_that_is_given_and_only_on_enter() {
    let mut model = at(Step::Source);
    update(&mut model, Message::Give(Control::WAY, Given::Option(1)));
    assert!(work(&update(&mut model, Message::Next)).is_none());
    assert_eq!((model.focus, model.step), (Control::ACCOUNT_TOKEN, Step::Source));
    assert!(work(&update(&mut model, Message::Next)).is_none());
    assert_eq!(model.problem.as_ref().map(|problem| problem.control), Some(Control::ACCOUNT_TOKEN));
    assert!(work(&update(&mut model, Message::Pasted(TOKEN.into()))).is_none(), "half a token goes nowhere");
    let effects = update(&mut model, Message::Next);
    assert!(matches!(work(&effects), Some(Work::Overview { token, .. }) if token.expose() == TOKEN));
    assert!(update(&mut model, Message::Next).is_empty(), "it is asked once");
    answer(&mut model, &effects, Reply::Overview(Ok(Box::new(overview(2)))));
    assert_eq!(model.focus, Control::SOURCE_NAME);
    assert_eq!(
        for_me::overview(&model.answers, &model.context).map(|overview| overview.policies.len()),
        Some(2)
    );
    // Another token is another account.
    text(&mut model, Control::ACCOUNT_TOKEN, "another");
    assert_eq!((for_me::overview(&model.answers, &model.context), model.controls().len()), (None, 2));
}

#[test]
fn enter_does_what_the_footer_says_wherever_the_focus_is() {
    let mut model = known(overview(2));
    model.focus = Control::WAY;
    update(&mut model, Message::Next);
    assert_eq!(model.overlay, Some(Overlay::Order));
    let (mut model, _) = asked();
    update(&mut model, Message::Cancel);
    model.focus = Control::WAY;
    assert!(matches!(work(&update(&mut model, Message::Next)), Some(Work::Overview { .. })));
}

#[test]
fn a_refusal_stands_under_the_token_and_a_late_answer_is_dropped() {
    let (mut model, effects) = asked();
    answer(&mut model, &effects, Reply::Overview(Err("no such token".into())));
    let problem = model.problem.clone().unwrap();
    assert_eq!((problem.control, problem.message.as_str()), (Control::ACCOUNT_TOKEN, "no such token"));

    let (mut model, effects) = asked();
    let cancelled = update(&mut model, Message::Cancel);
    assert_eq!(cancelled, [Effect::Cancel(id(&effects))]);
    answer(&mut model, &effects, Reply::Overview(Ok(Box::new(overview(2)))));
    assert_eq!(for_me::overview(&model.answers, &model.context), None);
}

#[test]
fn orders_what_was_chosen() {
    let mut model = known(overview(180));
    let defaults = ordered(&mut model);
    assert_eq!(
        defaults,
        Order {
            name: "Netdata".into(),
            policy: policy(7),
            grouping: account::Grouping::None,
            auto_resolution: None,
            source: Wanted::New { known: Vec::new() },
            heartbeat: None,
        }
    );

    let mut model = known(overview(180));
    text(&mut model, Control::SOURCE_NAME, "  Other ");
    text(&mut model, Control::POLICY, "TEAM 10");
    // 10, 100 to 109.
    let Widget::Pick(_, Choice { options, selected }) = model.widget(Control::POLICY) else { panic!() };
    assert_eq!((options.len(), selected, options[0].as_str()), (11, 0, "Team 10 (id 10)"));
    update(&mut model, Message::Move(Direction::Down));
    choose(&mut model, Control::GROUPING, 4);
    choose(&mut model, Control::WINDOW, 4);
    text(&mut model, Control::THRESHOLD, "0,75");
    choose(&mut model, Control::AUTO_RESOLUTION, 2);
    update(&mut model, Message::Give(Control::HEARTBEAT, Given::Tick(true)));
    let order = ordered(&mut model);
    assert_eq!(order.policy, policy(100));
    let grouping = account::Grouping::Intelligent { window: GroupingWindow::ALL[4], threshold: 0.75 };
    assert_eq!((order.name.as_str(), order.grouping), ("Other", grouping));
    assert_eq!(order.auto_resolution, Some(AutoResolution::ALL[1]));
    assert_eq!(order.heartbeat.as_deref(), Some("Other (sender on here)"));
}

#[test]
fn every_grouping_is_ordered_as_what_it_is() {
    use account::Grouping;
    let window = GroupingWindow::ALL[2];
    for (at, grouping) in [
        Grouping::None,
        Grouping::OneOpen,
        Grouping::OnePending,
        Grouping::PerWindow(window),
        Grouping::Intelligent { window, threshold: 0.9 },
        Grouping::PerSummary,
        Grouping::OnExtraction,
    ]
    .into_iter()
    .enumerate()
    {
        let mut model = known(overview(1));
        choose(&mut model, Control::GROUPING, at);
        assert_eq!(ordered(&mut model).grouping, grouping);
    }
}

#[test]
fn orders_nothing_that_cannot_be() {
    let held = |change: &dyn Fn(&mut Model)| {
        let mut model = known(overview(2));
        change(&mut model);
        assert!(work(&update(&mut model, Message::Next)).is_none());
        assert_eq!((model.step, model.overlay), (Step::Source, None));
        model.problem.map(|problem| problem.control)
    };
    assert_eq!(held(&|model| text(model, Control::SOURCE_NAME, "  ")), Some(Control::SOURCE_NAME));
    assert_eq!(held(&|model| text(model, Control::POLICY, "nobody")), Some(Control::POLICY));
    for threshold in ["", "2", "-0.1", "much", "NaN"] {
        let change = |model: &mut Model| {
            choose(model, Control::GROUPING, 4);
            text(model, Control::THRESHOLD, threshold);
        };
        assert_eq!(held(&change), Some(Control::THRESHOLD), "{threshold}");
    }
    let mut nobody = known(overview(0));
    update(&mut nobody, Message::Next);
    assert!(nobody.problem.unwrap().message.contains("create one in ilert"));
}

#[test]
fn one_of_the_name_is_used_unless_another_is_wanted() {
    let sources = vec![
        source(12, "Netdata"),
        source(15, "Netdata"),
        AlertSource { integration_type: "NETDATA".into(), ..source(9, "Netdata") },
    ];
    let there = Overview { sources, ..overview(2) };
    let mut model = known(there.clone());
    assert!(!model.controls().contains(&Control::POLICY), "it keeps whom it calls");
    assert_eq!(ordered(&mut model).source, Wanted::This(12));
    let mut model = known(there.clone());
    choose(&mut model, Control::EXISTING_SOURCE, 1);
    assert_eq!(ordered(&mut model).source, Wanted::This(15));
    let mut model = known(there.clone());
    choose(&mut model, Control::EXISTING_SOURCE, 2);
    assert_eq!(ordered(&mut model).source, Wanted::New { known: vec![12, 15] });
    let mut model = known(there);
    choose(&mut model, Control::EXISTING_SOURCE, 1);
    text(&mut model, Control::SOURCE_NAME, "Other");
    assert_eq!(ordered(&mut model).source, Wanted::New { known: Vec::new() });
}

/// Made, with a heartbeat monitor.
fn made() -> Model {
    let mut model = known(overview(2));
    update(&mut model, Message::Give(Control::HEARTBEAT, Given::Tick(true)));
    update(&mut model, Message::Next);
    let effects = update(&mut model, Message::Confirm);
    answer(&mut model, &effects, Reply::Fulfilled(Ok(Box::new(fulfilled()))));
    model
}

#[test]
fn the_key_and_the_heartbeat_are_carried_on() {
    let mut model = made();
    assert_eq!(model.check(Step::Source), Ok(()));
    assert_eq!(key::secret(&model.answers, &model.context), Some(Secret::new(KEY.into())));
    update(&mut model, Message::Next);
    assert_eq!((model.step, model.answers.key.field.count()), (Step::Key, KEY.len()));
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

/// Tested, with a token, and the events accepted.
fn tested(model: &mut Model) -> Vec<Effect> {
    advance(model, Step::Test);
    let accepted = || Verdict::Accepted { status: 202, correlation: None };
    let effects = update(model, Message::Next);
    let effects = answer(model, &effects, Reply::Tested(accepted(), Duration::ZERO));
    answer(model, &effects, Reply::Tested(accepted(), Duration::ZERO))
}

fn sighting(status: Option<AlertStatus>) -> Reply {
    let alert = status.map(|status| Alert {
        id: 4711,
        alert_key: "k".into(),
        opened: "2026-11-23T05:12:01Z".into(),
        resolved: None,
        status,
    });
    Reply::LookedUp(Ok(Box::new(AlertSnapshot { source: Some(source(12, "Netdata")), alert })))
}

fn pause(effects: &[Effect]) -> Option<Duration> {
    match work(effects) {
        Some(Work::LookUp { after, key, token, .. }) => {
            assert_eq!((key.expose(), token.expose()), (KEY, TOKEN));
            Some(*after)
        }
        _ => None,
    }
}

#[test]
fn the_alert_is_looked_up_until_ilert_shows_it_resolved() {
    let mut model = made();
    let mut effects = tested(&mut model);
    assert_eq!(pause(&effects), Some(Duration::ZERO));
    for status in [None, Some(AlertStatus::Open), Some(AlertStatus::Open)] {
        assert_eq!(proven(&model.answers, &model.context), None);
        effects = answer(&mut model, &effects, sighting(status));
        assert_eq!(pause(&effects), Some(LOOK_AGAIN));
    }
    effects = answer(&mut model, &effects, sighting(Some(AlertStatus::Resolved)));
    assert!(effects.is_empty() && proven(&model.answers, &model.context).is_some());
    assert_eq!(model.controls(), [Control::TEST], "there is nothing to ask a person");
    update(&mut model, Message::Next);
    assert_eq!(model.step, Step::Review);
}

#[test]
fn looking_ends_and_can_be_begun_again() {
    let mut model = made();
    let mut effects = tested(&mut model);
    for look in 1..=LOOKS {
        assert!(pause(&effects).is_some(), "{look}");
        effects = answer(&mut model, &effects, sighting(None));
    }
    assert!(effects.is_empty() && model.controls().contains(&Control::SEEN));
    model.focus = Control::ACCOUNT_TOKEN;
    let effects = update(&mut model, Message::Next);
    assert_eq!(pause(&effects), Some(Duration::ZERO));
    let effects = answer(&mut model, &effects, Reply::LookedUp(Err("its scope".into())));
    assert!(effects.is_empty(), "what is refused is not asked over and over");
    let effects = update(&mut model, Message::Next);
    assert_eq!(update(&mut model, Message::Cancel), [Effect::Cancel(id(&effects))]);
}

#[test]
fn without_a_token_nothing_is_looked_up() {
    let mut model = at(Step::Test);
    assert!(tested(&mut model).is_empty());
    assert_eq!(model.focus, Control::SEEN);
    text(&mut model, Control::ACCOUNT_TOKEN, TOKEN);
    let effects = update(&mut model, Message::Next);
    assert_eq!(pause(&effects), Some(Duration::ZERO));
}
