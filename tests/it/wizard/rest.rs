//! At rest: nothing wakes the loop up while nobody types and nothing is under way.

use std::time::Duration;

use netdata_ilert::wizard::terminal::Input;
use tokio::task::{LocalSet, yield_now};
use tokio::time::{advance, pause};

use super::harness::{Harness, world};

/// Lets all that is ready run.
async fn settle() {
    for _ in 0..50 {
        yield_now().await;
    }
}

#[tokio::test]
async fn draws_nothing_for_hours_when_nothing_happens() {
    LocalSet::new()
        .run_until(async {
            let mut wizard = Harness::start(world());
            wizard.to_notification().await;
            // From here on time is the test's: the spinner is shown for its second and goes.
            pause();
            for _ in 0..20 {
                advance(Duration::from_millis(100)).await;
                settle().await;
            }
            wizard.drawn();
            for _ in 0..5 {
                advance(Duration::from_secs(3600)).await;
                settle().await;
                assert!(!wizard.drawn(), "{}", wizard.screen());
            }
            wizard.send(Input::Resize(80, 24));
            settle().await;
            assert!(wizard.drawn(), "but on a change it is");
            assert!(!wizard.has_ended());
        })
        .await;
}
