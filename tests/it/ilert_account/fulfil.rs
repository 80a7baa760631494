//! What was chosen, done, on an account that may have changed since.

use netdata_ilert::ilert::account::{
    AccountError, AutoResolution, EscalationPolicy, Fulfilled, Grouping, GroupingWindow, Order, ProvideError,
    Wanted, fulfil,
};
use netdata_ilert::simulator::ilert::{Source, TokenRights};

use crate::ilert_account::{KEY, ServedAccount, TOKEN};

/// An order for `Netdata`, as plain as can be.
pub fn order(source: Wanted) -> Order {
    Order {
        name: "Netdata".to_owned(),
        policy: EscalationPolicy { id: 7, name: "Operations".to_owned() },
        grouping: Grouping::None,
        auto_resolution: None,
        source,
        heartbeat: None,
    }
}

fn new(known: &[i64]) -> Wanted {
    Wanted::New { known: known.to_vec() }
}

impl ServedAccount {
    async fn fulfil(&self, order: &Order) -> Result<Fulfilled, ProvideError> {
        fulfil(&self.account(), order).await
    }
}

#[tokio::test]
async fn creates_what_was_ordered() {
    let scene = ServedAccount::new();
    let window = GroupingWindow::ALL[1];
    let grouped = Order {
        grouping: Grouping::PerWindow(window),
        auto_resolution: Some(AutoResolution::ALL[3]),
        ..order(new(&[]))
    };
    let Fulfilled { provided, heartbeat } = scene.fulfil(&grouped).await.unwrap();
    assert_eq!((provided.created, heartbeat), (true, None));
    let [made] = scene.ilert.sources().try_into().unwrap();
    assert_eq!((provided.source.id, &provided.key, made.policy), (made.id, &made.key, 7));
    assert_eq!((made.name.as_str(), made.priority_rule.as_str()), ("Netdata", "HIGH"));
    assert_eq!(made.creation, "ONE_ALERT_GROUPED_PER_WINDOW");
    assert_eq!(made.auto_resolution.as_deref(), Some("PT1H"));
}

#[tokio::test]
async fn makes_the_heartbeat_monitor_as_well() {
    let scene = ServedAccount::new();
    let order = Order { heartbeat: Some("Netdata sender".to_owned()), ..order(new(&[])) };
    let monitor = scene.fulfil(&order).await.unwrap().heartbeat.unwrap().unwrap();
    assert!(monitor.created);
    assert_eq!(scene.ilert.heartbeat_monitors(), [(monitor.id, "Netdata sender".to_owned())]);
}

#[tokio::test]
async fn uses_the_one_that_was_chosen_among_several() {
    let (scene, _) = ServedAccount::with_source();
    let chosen = scene.ilert.add_source(Source::api("Netdata", "the-second-key", 7));
    let provided = scene.fulfil(&order(Wanted::This(chosen))).await.unwrap().provided;
    assert_eq!(
        (provided.source.id, provided.key.expose(), provided.created),
        (chosen, "the-second-key", false)
    );
    assert_eq!(scene.ilert.sources().len(), 2);
}

#[tokio::test]
async fn one_that_appeared_meanwhile_is_told_of_and_none_is_created() {
    let (scene, known) = ServedAccount::with_source();
    let created = scene.fulfil(&order(new(&[known]))).await.unwrap().provided;
    let error = scene.fulfil(&order(new(&[known]))).await.unwrap_err();
    let ProvideError::Appeared { sources } = &error else { panic!("{error}") };
    assert_eq!(sources.iter().map(|source| source.id).collect::<Vec<_>>(), [created.source.id]);
    assert_eq!(
        error.to_string(),
        "an alert source called `Netdata` (id 1001) appeared in ilert meanwhile, so nothing was created: choose it, \
         or another name"
    );
    let error = scene.fulfil(&order(new(&[]))).await.unwrap_err();
    assert!(
        error.to_string().starts_with("alert sources called `Netdata` (ids 1000, 1001) appeared"),
        "{error}"
    );
    assert_eq!(scene.ilert.sources().len(), 2);
    scene.fulfil(&order(new(&[known, created.source.id]))).await.unwrap();
    assert_eq!(scene.ilert.sources().len(), 3);
}

#[tokio::test]
async fn sources_of_other_types_and_names_do_not_appear() {
    let scene = ServedAccount::new();
    scene.ilert.add_source(Source { integration_type: "EMAIL".to_owned(), ..Source::api("Netdata", "1", 7) });
    scene.ilert.add_source(Source::api("netdata", "2", 7));
    assert!(scene.fulfil(&order(new(&[]))).await.unwrap().provided.created);
}

#[tokio::test]
async fn one_that_is_gone_is_not_replaced() {
    let (scene, id) = ServedAccount::with_source();
    scene.fulfil(&order(Wanted::This(id))).await.unwrap();
    scene.ilert.remove_source(id);
    let error = scene.fulfil(&order(Wanted::This(id))).await.unwrap_err();
    assert!(matches!(error, ProvideError::Gone { id: 1000, .. }), "{error}");
    assert_eq!(
        error.to_string(),
        "the alert source `Netdata` (id 1000) is no longer in ilert, or not of type API: go back, and choose \
         another or create one"
    );
    let email = Source { integration_type: "EMAIL".to_owned(), ..Source::api("Netdata", KEY, 7) };
    let email = scene.ilert.add_source(email);
    let error = scene.fulfil(&order(Wanted::This(email))).await.unwrap_err();
    assert!(matches!(error, ProvideError::Gone { .. }), "it takes no events: {error}");
}

#[tokio::test]
async fn a_key_that_is_withheld_is_said_so_before_a_heartbeat_monitor_is_made() {
    let (scene, id) = ServedAccount::with_source();
    scene.ilert.add_token("weak", TokenRights::Weak);
    for wanted in [Wanted::This(id), new(&[id])] {
        let order = Order { heartbeat: Some("Netdata sender".to_owned()), ..order(wanted) };
        let error = fulfil(&scene.account_with("weak"), &order).await.unwrap_err();
        assert!(matches!(error, ProvideError::Account(AccountError::KeyWithheld { .. })), "{error}");
    }
    assert_eq!(scene.ilert.heartbeat_monitors(), []);
}

#[tokio::test]
async fn a_heartbeat_monitor_that_fails_leaves_the_key() {
    let (scene, id) = ServedAccount::with_source();
    // The list of alert sources is the first request, the monitor the second.
    scene.ilert.limit_requests(Some(1));
    let order = Order { heartbeat: Some("Netdata sender".to_owned()), ..order(Wanted::This(id)) };
    let Fulfilled { provided, heartbeat } = scene.fulfil(&order).await.unwrap();
    assert_eq!(provided.key.expose(), KEY);
    let words = heartbeat.unwrap().unwrap_err();
    assert!(words.contains("429") && !words.contains(KEY) && !words.contains(TOKEN), "{words}");
    assert_eq!(scene.ilert.heartbeat_monitors(), []);
}
