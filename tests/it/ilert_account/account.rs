//! What is asked of an account one by one, and each refusal.

use std::collections::HashSet;
use std::fmt::Write as _;

use netdata_ilert::http::Failure;
use netdata_ilert::ilert::account::{AccountError, AutoResolution, Grouping, GroupingWindow, NewAlertSource};
use netdata_ilert::secret::Secret;
use netdata_ilert::simulator::ilert::{Source, TokenRights};
use netdata_ilert::simulator::{Answer, Fault};

use crate::ilert_account::{KEY, ServedAccount, TOKEN, account, new};

#[tokio::test]
async fn knows_whose_token_it_is() {
    let user = ServedAccount::new().account().whoami().await.unwrap();
    assert_eq!(
        (user.first_name.as_str(), user.last_name.as_str(), user.role.as_str()),
        ("Jane", "Doe", "ADMIN")
    );
}

#[tokio::test]
async fn reads_lists_to_their_end() {
    for count in [0, 1, 49, 50, 51, 100, 123] {
        let scene = ServedAccount::new();
        for number in 0..count {
            scene.ilert.add_policy(1000 + number, "p");
            scene.ilert.add_source(Source::api("s", &format!("key-{number}"), 7));
        }
        let policies = scene.account().escalation_policies().await.unwrap();
        let sources = scene.account().alert_sources().await.unwrap();
        let (count, ids) =
            (usize::try_from(count).unwrap(), |ids: Vec<i64>| ids.into_iter().collect::<HashSet<_>>());
        assert_eq!(ids(policies.iter().map(|policy| policy.id).collect()).len(), count + 1);
        assert_eq!(ids(sources.iter().map(|source| source.id).collect()).len(), count);
        let asked = scene.served.requests();
        assert!(asked.iter().all(|request| request.contains("max-results=50")), "{asked:?}");
    }
}

#[tokio::test]
async fn a_list_without_an_end_is_given_up() {
    let scene = ServedAccount::new();
    let page: Vec<_> = (0..50).map(|id| serde_json::json!({"id": id, "name": "again and again"})).collect();
    scene.ilert.answer_all(Some(Answer::StatusBody(200, serde_json::Value::from(page).to_string())));
    let error = scene.account().escalation_policies().await.unwrap_err();
    assert!(matches!(error, AccountError::Endless { most: 5000, .. }), "{error}");
}

#[tokio::test]
async fn creates_a_source_that_heeds_priorities_and_resolves_nothing() {
    let scene = ServedAccount::new();
    let created = scene.create().await.unwrap();
    let [made] = scene.ilert.sources().try_into().unwrap();
    assert_eq!((created.id, created.key().unwrap()), (made.id, &made.key));
    assert_eq!((made.priority_rule.as_str(), made.creation.as_str()), ("HIGH", "ONE_ALERT_PER_EMAIL"));
    assert_eq!((made.integration_type.as_str(), made.auto_resolution), ("API", None));
    assert!(!format!("{created:?}").contains(made.key.expose()));
}

#[tokio::test]
async fn asks_for_each_grouping_as_ilert_takes_it() {
    let mut groupings = vec![
        (Grouping::None, "ONE_ALERT_PER_EMAIL"),
        (Grouping::PerSummary, "ONE_ALERT_PER_EMAIL_SUBJECT"),
        (Grouping::OnePending, "ONE_PENDING_ALERT_ALLOWED"),
        (Grouping::OneOpen, "ONE_OPEN_ALERT_ALLOWED"),
        (Grouping::OnExtraction, "OPEN_RESOLVE_ON_EXTRACTION"),
    ];
    for window in GroupingWindow::ALL {
        groupings.push((Grouping::PerWindow(window), "ONE_ALERT_GROUPED_PER_WINDOW"));
        groupings.push((Grouping::Intelligent { window, threshold: 0.5 }, "INTELLIGENT_GROUPING"));
    }
    groupings.push((
        Grouping::Intelligent { window: GroupingWindow::ALL[0], threshold: 7.0 },
        "INTELLIGENT_GROUPING",
    ));
    let scene = ServedAccount::new();
    for (grouping, rule) in groupings {
        scene.account().create_alert_source(&new(grouping)).await.unwrap();
        assert_eq!(scene.ilert.sources().last().unwrap().creation, rule);
    }
}

#[tokio::test]
async fn each_refusal_has_its_own_words() {
    let mut words = String::new();
    for (status, body) in [
        (400, r#"{"status":400,"message":"max-results must be at most 50","code":"VALIDATION_ERROR"}"#),
        (401, r#"{"status":401,"message":"Authorization is required"}"#),
        (402, r#"{"status":402,"message":"Plan limit reached","code":"PLAN_LIMIT"}"#),
        (403, r#"{"status":403,"code":"KEY_ERROR"}"#),
        (403, r#"{"status":403,"message":"Missing scope","code":"OAUTH2_SCOPE_ERROR"}"#),
        (403, ""),
        (404, ""),
        (407, "<html>Login</html>"),
        (408, ""),
        (409, r#"{"message":"il1tkn0123456789abcdef77e1 again","code":"IL1TKN0123456789ABCDEF77E1"}"#),
        (429, r#"{"status":429,"message":"Too many requests","code":"TOO_MANY_REQUESTS"}"#),
        (500, ""),
        (503, "<html>Away</html>"),
    ] {
        let scene = ServedAccount::new();
        scene.ilert.answer_next(Answer::StatusBody(status, body.to_owned()));
        let error = scene.create().await.unwrap_err();
        assert_eq!(error.may_pass(), matches!(status, 407 | 408 | 429 | 500 | 503), "{status}");
        assert!(!error.is_configuration());
        writeln!(words, "{error}").unwrap();
    }
    assert!(!words.to_lowercase().contains(TOKEN), "{words}");
    insta::assert_snapshot!(words);
}

#[tokio::test]
async fn redirects_are_not_followed() {
    let (scene, elsewhere) = (ServedAccount::new(), ServedAccount::new());
    scene.ilert.answer_all(Some(Answer::Redirect(format!("{}/api/users/current", elsewhere.served.url()))));
    let error = scene.account().whoami().await.unwrap_err();
    assert!(matches!(error, AccountError::Redirected(_)) && error.may_pass(), "{error}");
    assert!(elsewhere.served.requests().is_empty());
}

#[tokio::test]
async fn tokens_that_may_less_are_told_what_they_lack() {
    let scene = ServedAccount::new();
    scene.ilert.add_token("weak", TokenRights::Weak);
    scene.ilert.add_token("reader", TokenRights::ReadScope);
    let error = scene.account_with("unknown").alert_sources().await.unwrap_err();
    assert!(matches!(error, AccountError::TokenWrong(_)), "{error}");
    let error = scene.account_with("reader").create_alert_source(&new(Grouping::None)).await.unwrap_err();
    assert!(matches!(error, AccountError::Scope(_)), "{error}");
    let error = scene.account_with("weak").create_alert_source(&new(Grouping::None)).await.unwrap_err();
    assert!(matches!(&error, AccountError::KeyWithheld { name, .. } if name == "Netdata"), "{error}");
    assert!(!error.may_pass());
    let listed = scene.account_with("weak").alert_sources().await.unwrap();
    assert!(matches!(listed[0].key(), Err(AccountError::KeyWithheld { .. })));
    scene.ilert.limit_sources(Some(1));
    assert!(matches!(scene.create().await.unwrap_err(), AccountError::Plan(_)));
}

#[tokio::test]
async fn what_is_no_token_never_goes_out() {
    for token in ["", "two words", "line\nbreak", "ключ", "Bearer il1tkn"] {
        let error = account("http://127.0.0.1:1", token).unwrap_err();
        assert!(matches!(error, AccountError::NoToken), "{token:?}: {error}");
    }
    let error = account("api.ilert.com", TOKEN).unwrap_err();
    assert!(matches!(error, AccountError::Endpoint(_)) && error.is_configuration());
}

#[tokio::test]
async fn an_answer_that_is_not_ilerts_is_none() {
    for body in ["", "{}", "[{}]", r#"[{"id":"seven"}]"#] {
        let scene = ServedAccount::new();
        scene.ilert.answer_all(Some(Answer::StatusBody(200, body.to_owned())));
        let error = scene.account().alert_sources().await.unwrap_err();
        assert!(matches!(error, AccountError::Unreadable { .. }) && error.may_pass(), "{body}: {error}");
    }
    for (status, body) in [
        (200, "<html>Welcome to the hotel</html>".to_owned()),
        (200, "x".repeat(5 * 1024 * 1024)),
        (401, "<html>no</html>".to_owned()),
        (403, "no".to_owned()),
        (404, "<html>no</html>".to_owned()),
        (409, "\"no\"".to_owned()),
        (429, "<html>no</html>".to_owned()),
        (500, "<html>no</html>".to_owned()),
    ] {
        let scene = ServedAccount::new();
        scene.ilert.stand_in(Some((status, &body)));
        let error = scene.account().alert_source_of(&Secret::new(KEY.to_owned())).await.unwrap_err();
        assert!(matches!(error, AccountError::Stranger { .. }) && error.may_pass(), "{status}: {error}");
    }
}

#[tokio::test]
async fn an_error_in_a_success_is_that_error() {
    let scene = ServedAccount::new();
    scene.script(200, r#"{"status":403,"message":"no","code":"KEY_ERROR"}"#);
    let error = scene.account().alert_sources().await.unwrap_err();
    assert!(matches!(error, AccountError::TokenWrong(_)), "{error}");
}

#[tokio::test]
async fn words_that_ilert_adds_keep_nothing_from_working() {
    let scene = ServedAccount::new();
    let sources = r#"[{"id":1,"name":"n","integrationType":"TELEPATHY","integrationKey":null,"active":null,
        "alertPriorityRule":"BY_MOON","autoResolutionTimeout":"PT99H","escalationPolicy":{"id":7,"name":null},
        "new":{"things":[1]}},{"id":2}]"#;
    scene.ilert.answer_all(Some(Answer::StatusBody(200, sources.to_owned())));
    let sources = scene.account().alert_sources().await.unwrap();
    assert_eq!((sources[0].integration_type.as_str(), sources[1].name.as_str()), ("TELEPATHY", ""));
}

#[tokio::test]
async fn no_answer_is_for_later() {
    let mut scene = ServedAccount::new();
    scene.served.fail(Some(Fault::Reset));
    let error = scene.create().await.unwrap_err();
    assert!(matches!(error, AccountError::Failed(Failure::Closed)) && error.may_pass(), "{error}");
    scene.served.stop().await;
    let error = scene.create().await.unwrap_err();
    assert!(matches!(error, AccountError::Failed(Failure::Refused)), "{error}");
}

#[tokio::test]
async fn an_overview_is_who_it_is_and_both_lists() {
    let (scene, id) = ServedAccount::with_source();
    scene.ilert.add_source(Source { integration_type: "NETDATA".to_owned(), ..Source::api("Other", "k", 7) });
    let overview = scene.account().overview().await.unwrap();
    assert_eq!((overview.user.first_name.as_str(), overview.policies[0].id), ("Jane", 7));
    assert_eq!((overview.sources.len(), overview.sources[0].id), (2, id));
    assert_eq!(overview.sources[0].alert_creation.as_deref(), Some("ONE_ALERT_PER_EMAIL"));
    assert!(!format!("{overview:?}").contains(KEY));
}

#[tokio::test]
async fn a_wrong_token_costs_one_request() {
    let scene = ServedAccount::new();
    let error = scene.account_with("unknown").overview().await.unwrap_err();
    assert!(matches!(error, AccountError::TokenWrong(_)), "{error}");
    assert_eq!(scene.served.requests(), ["GET /api/users/current"]);
}

#[tokio::test]
async fn too_many_requests_are_told_apart() {
    let scene = ServedAccount::new();
    scene.ilert.limit_requests(Some(2));
    let error = scene.account().overview().await.unwrap_err();
    assert!(matches!(error, AccountError::Limited(_)) && error.may_pass(), "{error}");
    assert_eq!(scene.served.requests().len(), 3);
}

#[tokio::test]
async fn finds_the_source_that_a_key_belongs_to() {
    let (scene, id) = ServedAccount::with_source();
    let odd = scene.ilert.add_source(Source::api("Odd", "a/b?c=d #%2e ж", 7));
    let asked =
        async |key: &str| scene.account().alert_source_of(&Secret::new(key.to_owned())).await.unwrap();
    assert_eq!(asked(&format!(" {KEY}\n")).await.map(|source| source.id), Some(id));
    assert_eq!(asked("a/b?c=d #%2e ж").await.map(|source| source.id), Some(odd));
    assert_eq!(asked("unknown").await, None);
    let count = scene.served.requests().len();
    for nothing in ["", " ", ".", ".."] {
        assert_eq!(asked(nothing).await, None);
    }
    assert_eq!(scene.served.requests().len(), count, "nothing to ask for");
    scene.ilert.add_token("weak", TokenRights::Weak);
    let key = Secret::new(KEY.to_owned());
    let found = scene.account_with("weak").alert_source_of(&key).await.unwrap().unwrap();
    assert_eq!((found.id, found.integration_key), (id, None));
    let error = scene.account_with("unknown").alert_source_of(&key).await.unwrap_err();
    assert!(matches!(error, AccountError::TokenWrong(_)), "{error}");
}

#[tokio::test]
async fn resolves_by_itself_only_what_was_asked_for() {
    let scene = ServedAccount::new();
    for time in AutoResolution::ALL {
        let new = NewAlertSource { auto_resolution: Some(time), ..new(Grouping::None) };
        let created = scene.account().create_alert_source(&new).await.unwrap();
        assert_eq!(created.auto_resolution_timeout.as_deref(), Some(time.word()));
    }
}

#[tokio::test]
async fn words_that_are_new_are_shown_as_they_are() {
    let scene = ServedAccount::new();
    scene.script(200, r#"{"firstName":null,"role":"STARGAZER"}"#);
    assert_eq!(scene.account().whoami().await.unwrap().role, "STARGAZER");
    scene
        .script(200, r#"{"id":1,"alertCreation":"BY_TIDE","alertPriorityRule":"BY_MOON","status":"ASLEEP"}"#);
    let key = Secret::new(KEY.to_owned());
    scene.ilert.add_source(Source::api("Netdata", KEY, 7));
    let source = scene.account().alert_source_of(&key).await.unwrap().unwrap();
    let words = (source.alert_creation.as_deref(), source.alert_priority_rule.as_deref());
    assert_eq!(words, (Some("BY_TIDE"), Some("BY_MOON")));
}

#[tokio::test]
async fn what_an_account_is_called_is_bounded() {
    let scene = ServedAccount::new();
    let long = "x".repeat(100_000);
    let source = serde_json::json!({
        "id": 1, "name": long, "firstName": long, "lastName": "a\u{202e}b\u{1b}", "role": long, "integrationType": long,
        "alertPriorityRule": long, "alertCreation": long, "autoResolutionTimeout": long,
        "escalationPolicy": {"id": 7, "name": long},
    });
    scene.ilert.answer_all(Some(Answer::StatusBody(200, source.to_string())));
    let user = scene.account().whoami().await.unwrap();
    assert!(user.first_name.len() <= 1000 && user.role.len() <= 1000);
    assert_eq!(user.last_name.as_str(), "ab");
    scene.ilert.answer_all(Some(Answer::StatusBody(200, format!("[{source}]"))));
    let sources = scene.account().alert_sources().await.unwrap();
    assert!(format!("{sources:?}").len() < 10_000);
    let error = sources[0].key().unwrap_err();
    assert!(matches!(&error, AccountError::KeyWithheld { name, .. } if name.len() <= 1000), "{error}");
}

#[tokio::test]
async fn a_page_that_is_longer_than_was_asked_for_is_not_kept_for_ever() {
    let scene = ServedAccount::new();
    let page: Vec<_> = (0..6_000).map(|id| serde_json::json!({"id": id, "name": "n"})).collect();
    let page = serde_json::Value::from(page).to_string();
    scene.ilert.answer_all(Some(Answer::StatusBody(200, page)));
    let error = scene.account().escalation_policies().await.unwrap_err();
    assert!(matches!(error, AccountError::Endless { most: 5000, .. }), "{error}");
    assert_eq!(scene.served.requests().len(), 1);
    let error = scene.account().open_alerts(1).await.unwrap_err();
    assert!(matches!(error, AccountError::TooManyOpen { .. }), "{error}");
    assert_eq!(scene.served.requests().len(), 2);
}
