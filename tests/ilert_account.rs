//! The account's client against the simulated ilert: each answer in its own words, lists to their end, and a token
//! that stays where it belongs.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use std::collections::HashSet;
use std::fmt::Write as _;

use netdata_ilert::config;
use netdata_ilert::http::Failure;
use netdata_ilert::ilert::Account;
use netdata_ilert::ilert::account::{AccountError, AlertSource, Grouping, NewAlertSource, Window, provide};
use netdata_ilert::secret::Secret;
use netdata_ilert::simulator::ilert::{Access, Source};
use netdata_ilert::simulator::{Answer, Fault, Ilert, Served};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

const TOKEN: &str = "il1tkn0123456789abcdef77e1";
const KEY: &str = "il1api0123456789abcdef3f9a";

struct Scene {
    ilert: Ilert,
    served: Served,
}

impl Scene {
    fn new() -> Self {
        let ilert = Ilert::new("il1api-of-nobody-5e11");
        ilert.add_token(TOKEN, Access::Full);
        ilert.add_policy(7, "Operations");
        let served = ilert.serve().unwrap();
        Self { ilert, served }
    }

    fn account(&self) -> Account {
        self.account_with(TOKEN)
    }

    fn account_with(&self, token: &str) -> Account {
        account(&self.served.url(), token).unwrap()
    }

    async fn create(&self) -> Result<AlertSource, AccountError> {
        self.account().create_alert_source(&new(Grouping::None)).await
    }
}

fn account(endpoint: &str, token: &str) -> Result<Account, AccountError> {
    let ilert = config::Ilert { endpoint: endpoint.to_owned(), ..config::Ilert::default() };
    Account::new(&ilert, Secret::new(token.to_owned()))
}

fn new(grouping: Grouping) -> NewAlertSource<'static> {
    NewAlertSource { name: "Netdata", escalation_policy: 7, grouping }
}

#[tokio::test]
async fn knows_whose_token_it_is() {
    let user = Scene::new().account().whoami().await.unwrap();
    assert_eq!(
        (user.first_name.as_str(), user.last_name.as_str(), user.role.as_str()),
        ("Jane", "Doe", "ADMIN")
    );
}

#[tokio::test]
async fn reads_lists_to_their_end() {
    for count in [0, 1, 49, 50, 51, 100, 123] {
        let scene = Scene::new();
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
    let scene = Scene::new();
    let page: Vec<_> = (0..50).map(|id| serde_json::json!({"id": id, "name": "again and again"})).collect();
    scene.ilert.answer_all(Some(Answer::StatusBody(200, serde_json::Value::from(page).to_string())));
    let error = scene.account().escalation_policies().await.unwrap_err();
    assert!(matches!(error, AccountError::Endless { most: 5000, .. }), "{error}");
}

#[tokio::test]
async fn creates_a_source_that_heeds_priorities_and_resolves_nothing() {
    let scene = Scene::new();
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
        (Grouping::OnePending, "ONE_PENDING_ALERT_ALLOWED"),
        (Grouping::OneOpen, "ONE_OPEN_ALERT_ALLOWED"),
    ];
    for window in Window::ALL {
        groupings.push((Grouping::PerWindow(window), "ONE_ALERT_GROUPED_PER_WINDOW"));
        groupings.push((Grouping::Intelligent { window, threshold: 0.5 }, "INTELLIGENT_GROUPING"));
    }
    groupings
        .push((Grouping::Intelligent { window: Window::ALL[0], threshold: 7.0 }, "INTELLIGENT_GROUPING"));
    let scene = Scene::new();
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
        (403, "<html>no</html>"),
        (404, ""),
        (407, "<html>Login</html>"),
        (408, ""),
        (409, r#"{"message":"il1tkn0123456789abcdef77e1 again","code":"IL1TKN0123456789ABCDEF77E1"}"#),
        (429, r#"{"status":429,"message":"Too many requests","code":"TOO_MANY_REQUESTS"}"#),
        (500, ""),
        (503, "<html>Away</html>"),
    ] {
        let scene = Scene::new();
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
    let (scene, elsewhere) = (Scene::new(), Scene::new());
    scene.ilert.answer_all(Some(Answer::Redirect(format!("{}/api/users/current", elsewhere.served.url()))));
    let error = scene.account().whoami().await.unwrap_err();
    assert!(matches!(error, AccountError::Redirected(_)) && error.may_pass(), "{error}");
    assert!(elsewhere.served.requests().is_empty());
}

#[tokio::test]
async fn tokens_that_may_less_are_told_what_they_lack() {
    let scene = Scene::new();
    scene.ilert.add_token("weak", Access::Weak);
    scene.ilert.add_token("reader", Access::ReadScope);
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
    for body in ["", "<html>Welcome to the hotel</html>", "{}", "[{}]", r#"[{"id":"seven"}]"#] {
        let scene = Scene::new();
        scene.ilert.answer_all(Some(Answer::StatusBody(200, body.to_owned())));
        let error = scene.account().alert_sources().await.unwrap_err();
        assert!(matches!(error, AccountError::Unreadable { .. }) && error.may_pass(), "{body}: {error}");
    }
    let scene = Scene::new();
    scene.ilert.answer_all(Some(Answer::StatusBody(200, " ".repeat(5 * 1024 * 1024))));
    let error = scene.account().alert_sources().await.unwrap_err();
    assert!(matches!(error, AccountError::Failed(Failure::TooLarge(_))), "{error}");
}

#[tokio::test]
async fn words_that_ilert_adds_keep_nothing_from_working() {
    let scene = Scene::new();
    let sources = r#"[{"id":1,"name":"n","integrationType":"TELEPATHY","integrationKey":null,"active":null,
        "alertPriorityRule":"BY_MOON","autoResolutionTimeout":"PT99H","escalationPolicy":{"id":7,"name":null},
        "new":{"things":[1]}},{"id":2}]"#;
    scene.ilert.answer_all(Some(Answer::StatusBody(200, sources.to_owned())));
    let sources = scene.account().alert_sources().await.unwrap();
    assert_eq!((sources[0].integration_type.as_str(), sources[1].name.as_str()), ("TELEPATHY", ""));
}

#[tokio::test]
async fn no_answer_is_for_later() {
    let mut scene = Scene::new();
    scene.served.fail(Some(Fault::Reset));
    let error = scene.create().await.unwrap_err();
    assert!(matches!(error, AccountError::Failed(Failure::Closed)) && error.may_pass(), "{error}");
    scene.served.stop().await;
    let error = scene.create().await.unwrap_err();
    assert!(matches!(error, AccountError::Failed(Failure::Refused)), "{error}");
}

#[tokio::test]
async fn the_token_is_in_one_header_alone() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let account = account(&format!("http://{}/", listener.local_addr().unwrap()), TOKEN).unwrap();
    assert!(!format!("{account:?}").contains(TOKEN));
    let server = async {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut bytes = vec![0; 8192];
        let count = stream.read(&mut bytes).await.unwrap();
        stream.write_all(b"HTTP/1.1 500 No\r\ncontent-length: 0\r\n\r\n").await.unwrap();
        String::from_utf8(bytes[..count].to_vec()).unwrap()
    };
    let (_, request) = tokio::join!(account.whoami(), server);
    assert!(request.starts_with("GET /api/users/current HTTP/1.1\r\n"), "{request}");
    assert!(request.contains(&format!("\r\nauthorization: Bearer {TOKEN}\r\n")), "{request}");
    assert_eq!(request.matches(TOKEN).count(), 1);
}

#[tokio::test]
async fn provides_one_source_however_often() {
    let scene = Scene::new();
    let first = provide(&scene.account(), "Netdata", "operations", None).await.unwrap();
    let again = provide(&scene.account(), "Netdata", "7", None).await.unwrap();
    let held = provide(&scene.account(), "Netdata", "7", Some(&first.key)).await.unwrap();
    assert_eq!((first.created, again.created, held.created), (true, false, false));
    assert_eq!((&first.key, &first.key), (&again.key, &held.key));
    assert_eq!(scene.ilert.sources().len(), 1);
    assert_eq!(again.reservations(), [""; 0]);
}

#[tokio::test]
async fn a_source_that_an_unanswered_request_made_is_found() {
    let scene = Scene::new();
    scene.ilert.answer_next(Answer::AcceptThenReset);
    assert!(scene.create().await.unwrap_err().may_pass());
    let provided = provide(&scene.account(), "Netdata", "7", None).await.unwrap();
    assert!(!provided.created);
    assert_eq!(scene.ilert.sources().len(), 1);
}

#[tokio::test]
async fn only_sources_of_type_api_with_the_very_name_are_used() {
    let scene = Scene::new();
    let source = |name: &str, kind: &str, key: &str| Source {
        integration_type: kind.to_owned(),
        ..Source::api(name, key, 7)
    };
    scene.ilert.add_source(source("Netdata", "NETDATA", "another type's"));
    scene.ilert.add_source(source("netdata", "API", "another name's"));
    let provided = provide(&scene.account(), "Netdata", "7", None).await.unwrap();
    assert!(provided.created);
    assert_eq!(scene.ilert.sources().len(), 3);
}

#[tokio::test]
async fn says_what_a_found_source_does_differently() {
    let scene = Scene::new();
    scene.ilert.add_policy(8, "Others");
    scene.ilert.add_source(Source {
        active: false,
        priority_rule: "LOW".to_owned(),
        auto_resolution: Some("PT1H".to_owned()),
        ..Source::api("Netdata", KEY, 8)
    });
    let provided = provide(&scene.account(), "Netdata", "7", None).await.unwrap();
    insta::assert_snapshot!(provided.reservations().join("\n"));
}

#[tokio::test]
async fn what_cannot_be_told_apart_or_kept_creates_nothing() {
    let scene = Scene::new();
    scene.ilert.add_policy(8, "OPERATIONS");
    scene.ilert.add_policy(9, "8");
    let held = Secret::new(KEY.to_owned());
    let mut words = String::new();
    for (policy, held) in [("Nights", None), ("12", None), ("Operations", None), ("8", Some(&held))] {
        let error = provide(&scene.account(), "Netdata", policy, held).await.unwrap_err();
        writeln!(words, "{error}").unwrap();
        assert_eq!(scene.ilert.sources(), []);
    }
    for key in ["one", "two"] {
        scene.ilert.add_source(Source::api("Netdata", key, 7));
    }
    let error = provide(&scene.account(), "Netdata", "8", None).await.unwrap_err();
    writeln!(words, "{error}").unwrap();
    scene.ilert.add_source(Source::api("Another", "three", 7));
    let error = provide(&scene.account(), "Another", "8", Some(&held)).await.unwrap_err();
    writeln!(words, "{error}").unwrap();
    assert_eq!(scene.ilert.sources().len(), 3);
    insta::assert_snapshot!(words);
}

#[tokio::test]
async fn long_lists_are_cut_in_words() {
    let scene = Scene::new();
    for id in 100..130 {
        scene.ilert.add_policy(id, &"x".repeat(100));
    }
    let words = provide(&scene.account(), "Netdata", "none", None).await.unwrap_err().to_string();
    assert!(words.ends_with("and 11 more") && words.len() < 2_000, "{words}");
}
