//! The alert source set up by ilert's API, from the token to the alert that ilert shows.

use netdata_ilert::config;
use netdata_ilert::exit::Exit;
use netdata_ilert::simulator::ilert::{Source, TokenRights};
use netdata_ilert::simulator::{Answer, Barrier};
use netdata_ilert::wizard::Step;
use tokio::task::LocalSet;

use super::harness::{Harness, KEY, Services, TOKEN, words, world};

/// An account with escalation policies, and a token of this access to it.
fn services(access: TokenRights) -> Services {
    let services = Services::with(world());
    services.ilert.add_token(TOKEN, access);
    services.ilert.add_policy(7, "Operations");
    services.ilert.add_policy(8, "Databases on call");
    services
}

async fn at_step_2(services: Services) -> Harness {
    let wizard = Harness::start_in(tempfile::tempdir().unwrap(), services, (80, 24), |_| {});
    wizard.until_shows("no configuration yet").await;
    wizard.press("enter");
    wizard.until_at(Step::Source).await;
    wizard.press("tab");
    wizard
}

/// The token is pasted, and ilert has said whose it is.
async fn known(services: Services) -> Harness {
    let wizard = at_step_2(services).await;
    wizard.paste(&format!("{TOKEN}\n"));
    wizard.press("enter");
    wizard.until_shows("Jane Doe, ADMIN").await;
    wizard
}

async fn confirm(wizard: &Harness) {
    wizard.press("enter");
    wizard.until_shows("Do this in ilert?").await;
    wizard.press("enter");
}

#[tokio::test]
async fn leads_from_a_token_to_an_alert_that_ilert_shows() {
    LocalSet::new()
        .run_until(async {
            let wizard = known(services(TokenRights::Full)).await;
            // The second escalation policy, by a part of its name, and a heartbeat monitor.
            wizard.press("tab");
            wizard.type_text("on call");
            let screen = wizard.until_shows("● Databases on call (id 8)").await;
            assert!(!screen.contains("Operations"), "{screen}");
            for _ in 0..3 {
                wizard.press("tab");
            }
            wizard.press("space");
            assert!(wizard.services.ilert.sources().is_empty(), "nothing is created before it is confirmed");
            confirm(&wizard).await;
            let screen = wizard.until_shows("created the alert source").await;
            let [made] = wizard.services.ilert.sources().try_into().unwrap();
            assert_eq!((made.name.as_str(), made.policy), ("Netdata", 8));
            assert_eq!((made.priority_rule.as_str(), made.auto_resolution), ("HIGH", None));
            assert!(screen.contains("created the heartbeat monitor"), "{screen}");
            assert!(!screen.contains(made.key.expose()), "{screen}");
            // The key came along: its step is not shown.
            for step in [Step::Netdata, Step::Notification, Step::Preview, Step::Test] {
                wizard.press("enter");
                wizard.until_at(step).await;
                if step == Step::Netdata {
                    wizard.until_shows("1 critical now").await;
                }
            }
            // ilert has the events in its queue at first.
            wizard.services.ilert.hold_alerts(1);
            wizard.press("enter");
            wizard.until_shows("opened in ilert").await;
            let screen = wizard.until_shows("resolved in ilert").await;
            assert!(!screen.contains("Seen?"), "{screen}");
            wizard.press("enter");
            wizard.until_shows("+ ").await;
            wizard.press("enter");
            wizard.until_shows("Done").await;
            wizard.press("enter");
            let monitors = wizard.services.ilert.heartbeat_monitors();
            let requests = wizard.services.endpoint.requests();
            assert!(requests.iter().all(|request| !request.contains(TOKEN)), "{requests:?}");
            let (exit, folder) = wizard.end().await;
            assert_eq!(exit.unwrap(), Exit::Done);
            let config = config::load(&folder.path().join("config.toml")).unwrap();
            assert_eq!(config.api_key().unwrap(), made.key);
            let url = config.heartbeat_url().unwrap().unwrap();
            assert!(url.expose().contains("/api/pings/"), "{url}");
            assert_eq!(monitors.len(), 1);
            assert_nowhere(folder.path(), TOKEN);
        })
        .await;
}

/// A secret is in no file below a folder.
fn assert_nowhere(folder: &std::path::Path, secret: &str) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            assert_nowhere(&path, secret);
        } else {
            let bytes = std::fs::read(&path).unwrap();
            let found = bytes.windows(secret.len()).any(|window| window == secret.as_bytes());
            assert!(!found, "{} holds it", path.display());
        }
    }
}

#[tokio::test]
async fn each_refusal_of_the_token_has_its_own_words() {
    let body =
        |status: u16, code: &str| format!(r#"{{"status":{status},"code":"{code}","message":"no {TOKEN}"}}"#);
    for (status, code, says) in [
        (401, "UNAUTHORIZED", "does not accept the API token"),
        (403, "KEY_ERROR", "does not accept the API token"),
        (403, "OAUTH2_SCOPE_ERROR", "scope is too narrow"),
        (403, "NOT_PERMITTED", "may not do this"),
        (402, "PLAN_LIMIT", "plan allows no more"),
        (404, "NOT_FOUND", "no such API"),
        (429, "TOO_MANY_REQUESTS", "takes 120 a minute"),
        (503, "ERROR", "could not do it this time"),
    ] {
        LocalSet::new()
            .run_until(async {
                let wizard = at_step_2(services(TokenRights::Full)).await;
                wizard.services.ilert.answer_next(Answer::StatusBody(status, body(status, code)));
                wizard.paste(TOKEN);
                wizard.press("enter");
                let screen = wizard.until_says(says).await;
                assert!(words(&screen).contains(&format!("{status} {code}")), "{screen}");
                assert!(!words(&screen).replace(' ', "").contains(TOKEN), "{screen}");
                // It may go well the next time.
                wizard.press("enter");
                wizard.until_shows("Jane Doe").await;
            })
            .await;
    }
}

#[tokio::test]
async fn each_refusal_to_create_has_its_own_words_and_loses_nothing() {
    let refused: [(TokenRights, Option<usize>, Option<Answer>, &str); 5] = [
        (TokenRights::ReadScope, None, None, "read and write alert sources"),
        (TokenRights::Full, Some(0), None, "plan allows no more alert sources"),
        (TokenRights::Full, None, Some(Answer::Status(429)), "wait a minute"),
        (TokenRights::Full, None, Some(Answer::Html(502)), "502"),
        (TokenRights::Weak, None, None, "does not show its API key"),
    ];
    for (access, limit, answer, says) in refused {
        LocalSet::new()
            .run_until(async {
                let wizard = known(services(access)).await;
                wizard.services.ilert.limit_sources(limit);
                if let Some(answer) = answer {
                    wizard.services.ilert.answer_next(answer);
                }
                confirm(&wizard).await;
                let screen = wizard.until_says(says).await;
                assert!(
                    screen.contains(&Step::Source.counted().unwrap()) && !screen.contains("created"),
                    "{screen}"
                );
            })
            .await;
    }
}

#[tokio::test]
async fn one_of_that_name_is_found_and_used_on_request() {
    LocalSet::new()
        .run_until(async {
            let services = services(TokenRights::Full);
            let there = Source {
                priority_rule: "LOW".into(),
                ..Source::api("Netdata", "il1api-of-the-one-that-is-there", 7)
            };
            services.ilert.add_source(there);
            // A rule that did not exist when this was written is shown, and breaks nothing.
            let new = Source { creation: "GROUPED_BY_MOON_PHASE".into(), ..Source::api("Netdata", KEY, 8) };
            services.ilert.add_source(new);
            let wizard = known(services).await;
            wizard.until_shows("Name is taken").await;
            wizard.press("tab");
            wizard.press("down");
            wizard.press("enter");
            wizard.until_shows("(id 1001) is used as").await;
            wizard.press("enter");
            let screen = wizard.until_shows("found the alert source").await;
            assert!(words(&screen).contains("grouping is GROUPED_BY_MOON_PHASE"), "{screen}");
            assert_eq!(wizard.services.ilert.sources().len(), 2);
            wizard.press("enter");
            wizard.until_at(Step::Netdata).await;
        })
        .await;
}

#[tokio::test]
async fn the_key_of_one_that_is_there_may_be_withheld() {
    LocalSet::new()
        .run_until(async {
            let services = services(TokenRights::Weak);
            services.ilert.add_source(Source::api("Netdata", KEY, 7));
            let wizard = known(services).await;
            confirm(&wizard).await;
            wizard.until_says("does not show its API key").await;
            assert_eq!(wizard.services.ilert.sources().len(), 1);
        })
        .await;
}

#[tokio::test]
async fn one_that_was_created_without_an_answer_is_found_the_next_time() {
    LocalSet::new()
        .run_until(async {
            let wizard = known(services(TokenRights::Full)).await;
            wizard.press("enter");
            wizard.until_shows("Do this in ilert?").await;
            // The list is answered, the creation is not.
            wizard.services.ilert.answer_next(Answer::StatusBody(200, "[]".into()));
            wizard.services.ilert.answer_next(Answer::AcceptThenReset);
            wizard.press("enter");
            wizard.until_says("no answer from ilert").await;
            assert_eq!(wizard.services.ilert.sources().len(), 1);
            confirm(&wizard).await;
            wizard.until_says("meanwhile").await;
            confirm(&wizard).await;
            wizard.until_shows("found the alert source").await;
            assert_eq!(wizard.services.ilert.sources().len(), 1, "not a second one");
        })
        .await;
}

#[tokio::test]
async fn esc_gives_up_the_question_and_nothing_is_lost() {
    LocalSet::new()
        .run_until(async {
            let wizard = at_step_2(services(TokenRights::Full)).await;
            let barrier = Barrier::new();
            wizard.services.ilert.answer_next(Answer::Stall(barrier.clone()));
            wizard.paste(TOKEN);
            wizard.press("enter");
            barrier.arrived(1).await;
            wizard.until_shows("esc cancel").await;
            wizard.press("esc");
            wizard.until_shows("enter ask ilert").await;
            barrier.open();
            wizard.press("f1");
            let screen = wizard.until_shows("never saved, logged or shown").await;
            assert!(!screen.contains("Jane"), "{screen}");
            wizard.press("esc");
            wizard.press("enter");
            wizard.until_shows("Jane Doe").await;
        })
        .await;
}

/// Ticks the box of the heartbeat monitor, so many controls after the name.
async fn with_heartbeat(wizard: &Harness, controls: usize) {
    for _ in 0..controls {
        wizard.press("tab");
    }
    wizard.press("space");
    wizard.until_shows("[✓] add a heartbeat monitor").await;
}

#[tokio::test]
async fn a_second_run_finds_what_the_first_one_made() {
    LocalSet::new()
        .run_until(async {
            let first = known(services(TokenRights::Full)).await;
            with_heartbeat(&first, 4).await;
            confirm(&first).await;
            first.until_shows("created the heartbeat monitor").await;
            let again = Services::of(world(), first.services.ilert.clone(), None);
            let second = known(again).await;
            with_heartbeat(&second, 2).await;
            confirm(&second).await;
            let screen = second.until_shows("found the heartbeat monitor").await;
            assert!(screen.contains("found the alert source"), "{screen}");
            let ilert = &second.services.ilert;
            assert_eq!((ilert.sources().len(), ilert.heartbeat_monitors().len()), (1, 1));
        })
        .await;
}

#[tokio::test]
async fn a_heartbeat_monitor_that_cannot_be_made_costs_no_key() {
    LocalSet::new()
        .run_until(async {
            let wizard = known(services(TokenRights::Full)).await;
            with_heartbeat(&wizard, 4).await;
            // The alert sources, the new one, and then the monitor.
            let made =
                format!(r#"{{"id":77,"name":"Netdata","integrationType":"API","integrationKey":"{KEY}"}}"#);
            for answer in
                [Answer::StatusBody(200, "[]".into()), Answer::StatusBody(201, made), Answer::Status(500)]
            {
                wizard.services.ilert.answer_next(answer);
            }
            confirm(&wizard).await;
            let screen = wizard.until_shows("no heartbeat monitor").await;
            assert!(screen.contains("created the alert source"), "{screen}");
            wizard.press("enter");
            wizard.until_at(Step::Netdata).await;
        })
        .await;
}

#[tokio::test]
async fn who_did_it_by_hand_can_have_the_test_looked_up_too() {
    LocalSet::new()
        .run_until(async {
            let services = services(TokenRights::Full);
            services.ilert.add_source(Source::api("By hand", KEY, 7));
            let wizard = Harness::start_in(tempfile::tempdir().unwrap(), services, (80, 24), |_| {});
            wizard.to_test().await;
            wizard.press("enter");
            wizard.until_shows("Seen?").await;
            wizard.press("shift-tab");
            wizard.paste(TOKEN);
            wizard.until_shows("enter look it up").await;
            wizard.press("enter");
            wizard.until_shows("resolved in ilert").await;
        })
        .await;
}

#[tokio::test]
async fn a_test_that_ilert_does_not_show_is_said_to_be_missing_and_why() {
    LocalSet::new()
        .run_until(async {
            let services = services(TokenRights::Full);
            services.ilert.add_source(Source { active: false, ..Source::api("Off", KEY, 7) });
            let wizard = Harness::start_in(tempfile::tempdir().unwrap(), services, (80, 24), |_| {});
            wizard.to_test().await;
            wizard.press("enter");
            wizard.until_shows("Seen?").await;
            wizard.press("shift-tab");
            wizard.paste(TOKEN);
            wizard.services.ilert.hold_alerts(usize::MAX);
            wizard.press("enter");
            // It would go on for a while; whoever has seen enough ends it.
            wizard.until_shows("(2 of 15)").await;
            wizard.press("esc");
            let screen = wizard.until_says("shows no such alert").await;
            assert!(words(&screen).contains("switched off in ilert"), "{screen}");
        })
        .await;
}
