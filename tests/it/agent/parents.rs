//! Two real parents of one child, which streams to whichever is there; the first streams on to the second.

use super::process::{Agent, HOST, Watches, until};
use super::sender::Sender;
use super::{GAUGE, prompt};

#[tokio::test]
async fn one_alert_throughout_though_a_parent_dies_and_the_child_moves() {
    let Some(second) = Agent::start_as("parent-2", Watches::Gauge, &[]).await else { return };
    let Some(mut first) = Agent::start_as("parent-1", Watches::Gauge, &[&second]).await else { return };
    let Some(child) = Agent::start_as(HOST, Watches::Gauge, &[&first, &second]).await else { return };
    let mut sender = Sender::new(&child);
    sender.stage.configure("netdata.url", vec![first.url(), second.url()]);
    // Longer than the child takes to come to the other parent.
    sender.stage.configure("delivery.unreachable_after", "40s");
    until("both parents show the alert", async || {
        child.set_gauge(90);
        let both =
            first.shows_of(HOST, &GAUGE, "CRITICAL").await && second.shows_of(HOST, &GAUGE, "CRITICAL").await;
        both.then_some(())
    })
    .await;
    sender.send_quietly();
    assert_eq!(prompt(sender.news()), ["ALERT flip_gauge/critical HIGH"], "by both, told once");

    first.stop().await;
    let mut news = Vec::new();
    until("the first parent is told, and the child has come to the second", async || {
        child.set_gauge(90);
        assert!(matches!(sender.send().code, Some(0 | 75)), "75 until the second shows the child");
        news.extend(prompt(sender.news()));
        (!news.is_empty() && second.shows_of(HOST, &GAUGE, "CRITICAL").await).then_some(())
    })
    .await;
    assert!(news.len() == 1 && news[0].starts_with("ALERT parent-1/"), "{news:?}");

    first.start();
    until("the first parent answers, and shows the child again", async || {
        child.set_gauge(90);
        let code = sender.send().code;
        news.extend(prompt(sender.news()));
        (code == Some(0) && news.len() > 1).then_some(())
    })
    .await;
    assert!(news.len() == 2 && news[1].starts_with("RESOLVE parent-1/"), "{news:?}");

    let news = until("the alert is clear", async || {
        child.set_gauge(10);
        sender.send();
        Some(prompt(sender.news())).filter(|news| !news.is_empty())
    })
    .await;
    assert_eq!(news, ["RESOLVE flip_gauge/critical"]);
}
