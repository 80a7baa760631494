//! ilert that refuses, or is away, when the live test comes.

use netdata_ilert::exit::Exit;
use netdata_ilert::simulator::ilert::EventType;
use netdata_ilert::simulator::{Answer, Barrier};
use netdata_ilert::wizard::Step;
use netdata_ilert::wizard::terminal::{End, Input};
use tokio::task::LocalSet;

use super::harness::{Harness, KEY, world};

#[tokio::test]
async fn every_way_of_refusing_the_key_leads_to_the_key() {
    for status in [401, 403, 404] {
        LocalSet::new()
            .run_until(async {
                let wizard = Harness::start(world());
                wizard.to_test().await;
                wizard
                    .services
                    .ilert
                    .answer_next(Answer::StatusBody(status, format!(r#"{{"message":"no such key {KEY}"}}"#)));
                wizard.press("enter");
                let screen = wizard.until_shows("ctrl-g to the key").await;
                assert!(screen.contains(&status.to_string()) && !screen.contains("RESOLVE:"), "{screen}");
                assert!(!screen.contains(KEY), "an answer that repeats the key is masked: {screen}");
                wizard.press("ctrl-g");
                wizard.until_at(Step::Key).await;
                assert_eq!(wizard.services.ilert.history().len(), 0);
            })
            .await;
    }
}

#[tokio::test]
async fn an_ilert_that_is_away_is_tried_again_on_enter() {
    LocalSet::new()
        .run_until(async {
            let mut wizard = Harness::start(world());
            wizard.to_test().await;
            wizard.services.endpoint.stop().await;
            wizard.press("enter");
            let screen = wizard.until_shows("enter try again").await;
            assert!(screen.contains("reach the internet") && !screen.contains("Seen?"), "{screen}");
            wizard.services.endpoint.start().unwrap();
            wizard.press("enter");
            wizard.until_shows("Seen?").await;
            let history = wizard.services.ilert.history();
            assert!(history.len() == 1 && history[0].resolved.is_some(), "{history:?}");
        })
        .await;
}

#[tokio::test]
async fn an_alert_whose_answer_was_lost_is_resolved_all_the_same() {
    LocalSet::new()
        .run_until(async {
            let wizard = Harness::start(world());
            wizard.to_test().await;
            wizard.services.ilert.answer_next(Answer::AcceptThenReset);
            wizard.services.ilert.answer_next(Answer::Html(502));
            wizard.press("enter");
            // The RESOLVE is refused once, and sent again by itself.
            let screen = wizard.until_shows("RESOLVE: accepted").await;
            assert!(!screen.contains("may be open") && !screen.contains("Seen?"), "{screen}");
            let history = wizard.services.ilert.history();
            assert!(history.len() == 1 && history[0].resolved.is_some(), "{history:?}");
        })
        .await;
}

#[tokio::test]
async fn who_leaves_while_the_test_is_on_its_way_leaves_no_alert_open() {
    LocalSet::new()
        .run_until(async {
            let wizard = Harness::start(world());
            wizard.to_test().await;
            let (alert, resolve) = (Barrier::new(), Barrier::new());
            wizard.services.ilert.answer_next(Answer::Stall(alert.clone()));
            wizard.services.ilert.answer_next(Answer::Stall(resolve.clone()));
            wizard.press("enter");
            alert.arrived(1).await;
            wizard.leave().await;
            wizard.until_shows("The test alert may be open in ilert").await;
            resolve.arrived(1).await;
            assert!(!wizard.has_ended());
            resolve.open();
            let ilert = wizard.services.ilert.clone();
            assert_eq!(wizard.end().await.0.unwrap(), Exit::Interrupted);
            let events = ilert.received();
            let last = events.last().and_then(|received| received.event.as_ref()).unwrap();
            assert_eq!(last.event_type, EventType::Resolve);
        })
        .await;
}

/// The test alert has left, and ilert answers nothing from here on.
async fn waiting_for_ilert() -> Harness {
    let wizard = Harness::start(world());
    wizard.to_test().await;
    let barrier = Barrier::new();
    wizard.services.ilert.answer_all(Some(Answer::Stall(barrier.clone())));
    wizard.press("enter");
    barrier.arrived(1).await;
    wizard
}

#[tokio::test]
async fn a_third_ctrl_c_waits_for_nothing() {
    LocalSet::new()
        .run_until(async {
            let wizard = waiting_for_ilert().await;
            wizard.leave().await;
            wizard.until_shows("The test alert may be open in ilert").await;
            wizard.press("ctrl-c");
            assert_eq!(wizard.end().await.0.unwrap(), Exit::Interrupted);
        })
        .await;
}

#[tokio::test]
async fn a_terminal_that_is_gone_leaves_no_alert_open() {
    for end in [End::Terminated, End::HungUp] {
        LocalSet::new()
            .run_until(async {
                let wizard = Harness::start(world());
                wizard.to_test().await;
                let resolve = Barrier::new();
                wizard.services.ilert.answer_next(Answer::Status(202));
                wizard.services.ilert.answer_next(Answer::Stall(resolve.clone()));
                wizard.press("enter");
                // The RESOLVE is on its way, and not answered.
                resolve.arrived(1).await;
                assert_eq!(wizard.services.ilert.open().len(), 1);
                wizard.send(Input::End(end));
                let ilert = wizard.services.ilert.clone();
                assert!(wizard.end().await.0.is_err());
                assert!(ilert.open().is_empty(), "{:?}", ilert.open());
            })
            .await;
    }
}

#[tokio::test]
async fn an_alert_on_its_way_is_resolved_when_the_terminal_is_gone() {
    LocalSet::new()
        .run_until(async {
            let wizard = Harness::start(world());
            wizard.to_test().await;
            let alert = Barrier::new();
            wizard.services.ilert.answer_next(Answer::Stall(alert.clone()));
            wizard.press("enter");
            alert.arrived(1).await;
            wizard.send(Input::End(End::HungUp));
            let ilert = wizard.services.ilert.clone();
            assert!(wizard.end().await.0.is_err());
            let last = ilert.received().last().and_then(|received| received.event.clone()).unwrap();
            assert_eq!(last.event_type, EventType::Resolve);
        })
        .await;
}

#[tokio::test]
async fn an_ilert_that_is_away_holds_nobody_up() {
    LocalSet::new()
        .run_until(async {
            let wizard = waiting_for_ilert().await;
            // Nobody answers from here on: time is the test's.
            tokio::time::pause();
            wizard.send(Input::End(End::Terminated));
            assert!(wizard.end().await.0.is_err());
        })
        .await;
}

#[tokio::test]
async fn what_answers_in_the_place_of_ilert_proves_nothing() {
    LocalSet::new()
        .run_until(async {
            let wizard = Harness::start(world());
            wizard.to_test().await;
            wizard.services.ilert.stand_in(Some((200, "<html>Log in</html>")));
            wizard.press("enter");
            let screen = wizard.until_says("something answered in ilert's place").await;
            assert!(screen.contains("log in first"), "{screen}");
            assert!(!screen.contains("RESOLVE") && !screen.contains("Seen?"), "{screen}");
        })
        .await;
}
