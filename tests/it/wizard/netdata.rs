//! Netdata that refuses: each way in its own words, and the way on once it answers.

use std::sync::{Arc, Mutex};

use netdata_ilert::simulator::{Barrier, Fault, World};
use netdata_ilert::wizard::Step;
use tokio::task::LocalSet;

use super::harness::{Harness, KEY, Services, words, world};

/// What goes wrong, what the screen says about it, and how it is put right.
struct Refusal {
    wrong: fn(&mut Services),
    says: &'static [&'static str],
    right: fn(&mut Services),
}

fn change(services: &Services, change: impl FnOnce(&mut World)) {
    change(&mut services.world());
}

const REFUSALS: [Refusal; 7] = [
    Refusal {
        wrong: |services| change(services, |world| world.refuse(Some(451))),
        says: &["451", "allow dashboard from"],
        right: |services| change(services, |world| world.refuse(None)),
    },
    Refusal {
        wrong: |services| change(services, |world| world.refuse(Some(412))),
        says: &["412", "bearer token"],
        right: |services| change(services, |world| world.refuse(None)),
    },
    Refusal {
        wrong: |services| change(services, |world| world.refuse(Some(403))),
        says: &["403", "may not read"],
        right: |services| change(services, |world| world.refuse(None)),
    },
    Refusal {
        wrong: |services| change(services, |world| world.refuse(Some(503))),
        says: &["503", "starting or stopping"],
        right: |services| change(services, |world| world.refuse(None)),
    },
    Refusal {
        wrong: |services| {
            change(services, |world| world.require_authorization(Some(("Basic bWU6cHc=", 401))));
        },
        says: &["401", "reverse proxy"],
        right: |services| change(services, |world| world.require_authorization(None)),
    },
    Refusal {
        wrong: |services| change(services, |world| world.not_netdata(true)),
        says: &["not Netdata"],
        right: |services| change(services, |world| world.not_netdata(false)),
    },
    Refusal {
        wrong: |services| services.netdata.fail(Some(Fault::Reset)),
        says: &["closed the connection", "allow connections"],
        right: |services| services.netdata.fail(None),
    },
];

#[tokio::test]
async fn each_refusal_has_its_own_words_and_enter_asks_again() {
    for refusal in REFUSALS {
        LocalSet::new()
            .run_until(async {
                let mut services = Services::with(world());
                (refusal.wrong)(&mut services);
                let folder = tempfile::tempdir().unwrap();
                let mut wizard = Harness::start_in(folder, services, (80, 24), |_| {});
                wizard.to_netdata().await;
                wizard.until(|screen| refusal.says.iter().all(|said| words(screen).contains(said))).await;
                wizard.press("enter");
                wizard.until_shows("correct this").await;
                (refusal.right)(&mut wizard.services);
                wizard.press("enter");
                wizard.until_at(Step::Notification).await;
            })
            .await;
    }
}

#[tokio::test]
async fn an_agent_that_is_started_meanwhile_is_found() {
    LocalSet::new()
        .run_until(async {
            let mut services = Services::with(world());
            services.netdata.stop().await;
            let mut wizard = Harness::start_in(tempfile::tempdir().unwrap(), services, (80, 24), |_| {});
            wizard.until_says("no Netdata agent at").await;
            // Why, too: it may be a variable of this very environment.
            wizard.until_says("(connection refused)").await;
            wizard.to_netdata().await;
            wizard.until_says("nothing listens at").await;
            wizard.press("enter");
            wizard.until_shows("correct this").await;
            wizard.services.netdata.start().unwrap();
            wizard.press("enter");
            wizard.until_at(Step::Notification).await;
        })
        .await;
}

#[tokio::test]
async fn one_goes_on_without_an_agent_and_the_preview_shows_samples() {
    LocalSet::new()
        .run_until(async {
            let mut services = Services::with(world());
            services.netdata.stop().await;
            let wizard = Harness::start_in(tempfile::tempdir().unwrap(), services, (80, 24), |_| {});
            wizard.to_netdata().await;
            wizard.until_shows("go on without an answer").await;
            // Over the fields and what is folded up, to the last box.
            for _ in 0..5 {
                wizard.press("tab");
            }
            wizard.press("space");
            wizard.press("enter");
            wizard.until_at(Step::Notification).await;
            wizard.press("enter");
            wizard.until_at(Step::Preview).await;
            let screen = wizard.until_shows("[CRITICAL] disk_space_usage").await;
            assert!(screen.contains("  example"), "{screen}");
            wizard.press("j");
            wizard.until_shows("eventType").await;
        })
        .await;
}

#[tokio::test]
async fn credentials_that_are_typed_open_a_protected_agent() {
    LocalSet::new()
        .run_until(async {
            let mut guarded = world();
            guarded.require_authorization(Some(("Bearer il-token-of-netdata-77aa", 412)));
            let services = Services::with(guarded);
            let wizard = Harness::start_in(tempfile::tempdir().unwrap(), services, (80, 24), |_| {});
            wizard.to_netdata().await;
            wizard.until_shows("412").await;
            for _ in 0..3 {
                wizard.press("tab");
            }
            wizard.paste("il-token-of-netdata-77aa\n");
            let screen = wizard.until_shows("1 critical now").await;
            assert!(!screen.contains("il-token-of-netdata") && screen.contains("77aa"), "{screen}");
            wizard.press("enter");
            wizard.until_at(Step::Notification).await;
            let requests = wizard.services.netdata.requests();
            assert!(requests.iter().all(|request| !request.contains("il-token")), "{requests:?}");
        })
        .await;
}

#[tokio::test]
async fn esc_gives_up_the_question_and_a_late_answer_is_dropped() {
    LocalSet::new()
        .run_until(async {
            let services = Services::with(world());
            let barrier = Barrier::new();
            services.netdata.fail(Some(Fault::Stall(barrier.clone())));
            let wizard = Harness::start_in(tempfile::tempdir().unwrap(), services, (80, 24), |_| {});
            wizard.to_netdata().await;
            wizard.press("enter");
            wizard.until_shows("esc cancel").await;
            wizard.press("esc");
            wizard.until_shows("not asked yet: press enter").await;
            // The stalled agent answers now, to nobody.
            barrier.open();
            wizard.services.netdata.fail(None);
            wizard.press("f1");
            let screen = wizard.until_shows("close").await;
            assert!(screen.contains(&Step::Netdata.counted().unwrap()), "{screen}");
            wizard.press("esc");
            let screen = wizard.until_shows("not asked yet: press enter").await;
            assert!(!screen.contains("critical now"), "{screen}");
            wizard.press("enter");
            wizard.until_at(Step::Notification).await;
        })
        .await;
}

#[tokio::test]
async fn what_is_typed_while_it_is_asked_replaces_the_question() {
    LocalSet::new()
        .run_until(async {
            let services = Services::with(world());
            let other = Arc::new(Mutex::new(World::new(netdata_ilert::alert::Api::V1, "other-host")));
            let other = netdata_ilert::simulator::serve_netdata(other).unwrap();
            let barrier = Barrier::new();
            services.netdata.fail(Some(Fault::Stall(barrier.clone())));
            let wizard = Harness::start_in(tempfile::tempdir().unwrap(), services, (80, 24), |_| {});
            wizard.to_netdata().await;
            barrier.arrived(1).await;
            wizard.press("ctrl-u");
            wizard.paste(&other.url());
            barrier.open();
            let screen = wizard.until_shows("other-host").await;
            assert!(!screen.contains("db-1") && !screen.contains(KEY), "{screen}");
        })
        .await;
}

#[tokio::test]
async fn two_urls_of_one_agent_are_said() {
    LocalSet::new()
        .run_until(async {
            let wizard = Harness::start(world());
            wizard.to_netdata().await;
            wizard.until_shows("1 critical now").await;
            let same = wizard.services.netdata.url().replace("127.0.0.1", "localhost");
            for key in ["tab", "tab", "tab", "tab", "space", "tab"] {
                wizard.press(key);
            }
            wizard.until_shows("▶ Other parents").await;
            wizard.paste(&same);
            wizard.until_says("lead to the same agent, `db-1`: it counts once").await;
        })
        .await;
}
