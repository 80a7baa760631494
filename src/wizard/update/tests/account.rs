//! The alert source set up by ilert's API: what is asked, and what is ordered.

mod fulfilled;
mod looked_up;

use super::{KEY, answer, at, id, text, update, work};
use crate::ilert::account::{
    self, AlertSource, AutoResolution, EscalationPolicy, Fulfilled, GroupingWindow, HeartbeatMonitor, Order,
    Overview, Provided, User, Wanted,
};
use crate::secret::Secret;
use crate::wizard::effect::{Effect, Work};
use crate::wizard::form::{Choice, Control, Given, StepProblem, Widget};
use crate::wizard::message::{Direction, Message, Reply};
use crate::wizard::steps::source::for_me;
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

/// At *ilert alert source*, with a token, and ilert asked.
fn asked() -> (Model, Vec<Effect>) {
    let mut model = at(Step::Source);
    update(&mut model, Message::Give(Control::WAY, Given::Option(0)));
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
    update(&mut model, Message::Give(Control::WAY, Given::Option(0)));
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
    assert_eq!((for_me::overview(&model.answers, &model.context), model.controls().len()), (None, 3));
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
    answer(
        &mut model,
        &effects,
        Reply::Overview(Err(StepProblem::new(Control::ACCOUNT_TOKEN, "no such token"))),
    );
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
pub fn made() -> Model {
    let mut model = known(overview(2));
    update(&mut model, Message::Give(Control::HEARTBEAT, Given::Tick(true)));
    update(&mut model, Message::Next);
    let effects = update(&mut model, Message::Confirm);
    answer(&mut model, &effects, Reply::Fulfilled(Ok(Box::new(fulfilled()))));
    model
}
