//! The sender against a real Netdata agent (Debian's 1.37, or whichever is installed), which each test starts for
//! itself on loopback. Skipped where Netdata is not installed, unless `NETDATA_ILERT_REQUIRE_AGENT=1`.

mod observation;
mod parents;
mod process;
mod sender;
mod wizard;

use std::fs;

use serde_json::Value;

use process::{Agent, LONG, Watches, until};
use sender::Sender;

use crate::stage::MASKED;

const ALL: [&str; 3] = ["flip_gauge", "flip_silent", "flip_slow"];
const GAUGE: [&str; 1] = ["flip_gauge"];

/// What is about the alert that is neither silent nor delayed.
fn prompt(mut news: Vec<String>) -> Vec<String> {
    news.retain(|event| !event.contains("flip_slow"));
    news
}

#[tokio::test]
async fn follows_an_alert_from_warning_through_critical_to_clear() {
    let Some(agent) = Agent::start_new(Watches::Gauge).await else { return };
    let mut sender = Sender::new(&agent);
    sender.send_quietly();

    agent.raise(60, &ALL, "WARNING").await;
    sender.send_quietly();
    assert_eq!(prompt(sender.news()), ["ALERT flip_gauge/warning LOW"], "and nobody hears of the silent one");

    agent.raise(90, &ALL, "CRITICAL").await;
    sender.send_quietly();
    assert_eq!(prompt(sender.news()), ["ALERT flip_gauge/critical HIGH", "RESOLVE flip_gauge/warning"]);

    let requests = sender.requests();
    agent.raise(91, &ALL, "CRITICAL").await;
    sender.send_quietly();
    assert_eq!(prompt(sender.news()), [""; 0], "another value is no news");
    assert!(sender.requests() <= requests + 2, "nor is it a request, but for the delayed alert's");

    agent.raise(10, &ALL, "CLEAR").await;
    sender.send_quietly();
    assert_eq!(prompt(sender.news()), ["RESOLVE flip_gauge/critical"]);
    assert_eq!(sender.open(), [""; 0]);
    assert_eq!(sender.run(&["--status"]).code, Some(0));
}

#[tokio::test]
async fn tells_a_delayed_alert_when_netdata_would() {
    let Some(agent) = Agent::start_new(Watches::Gauge).await else { return };
    let mut sender = Sender::new(&agent);
    sender.send_quietly();
    agent.raise(60, &ALL, "WARNING").await;
    let due = agent.due("flip_slow").await;
    until("the delayed alert is told", async || {
        sender.send_quietly();
        (sender.open().len() > 1).then_some(())
    })
    .await;
    assert_eq!(sender.news(), ["ALERT flip_gauge/warning LOW", "ALERT flip_slow/warning LOW"]);
    let opened: Vec<i64> = sender.stage.ilert.open().iter().map(|alert| alert.opened).collect();
    assert!(opened[1] >= due, "told at {}, due at {due}", opened[1]);
}

#[tokio::test]
async fn shows_what_it_would_send_and_sends_nothing() {
    let Some(agent) = Agent::start_new(Watches::Gauge).await else { return };
    let mut sender = Sender::new(&agent);
    agent.raise(60, &ALL, "WARNING").await;
    let mut shown = Vec::new();
    for arguments in [["--preview", "--json"].as_slice(), &["--send", "--dry-run", "--json"]] {
        let run = sender.run(arguments);
        assert_eq!((run.code, run.stderr.as_str()), (Some(0), ""), "{arguments:?}");
        let Value::Array(mut events) = serde_json::from_str::<Value>(&run.stdout).unwrap()["events"].take()
        else {
            panic!("{}", run.stdout)
        };
        events.retain(|event| event["alertKey"].as_str().is_some_and(|key| key.contains("/flip_gauge/")));
        shown.push(events.pop().unwrap());
        assert_eq!(events, [Value::Null; 0], "one alert, one event");
    }
    assert_eq!(shown[0], shown[1], "the preview is what would be sent");
    assert_eq!((&shown[0]["eventType"], &shown[0]["priority"]), (&"ALERT".into(), &"LOW".into()));
    assert_eq!(shown[0]["integrationKey"], MASKED);
    assert!(!sender.stage.path("state").exists() && sender.requests() == 0, "nothing was changed");

    sender.send_quietly();
    assert_eq!(prompt(sender.news()), ["ALERT flip_gauge/warning LOW"]);
    let sent = &sender.stage.ilert.open()[0];
    assert_eq!(shown[0]["summary"], sent.summary.as_str(), "and what was sent");
    assert_eq!(shown[0]["details"], sent.details.as_str());
    for file in fs::read_dir(sender.stage.path("state")).unwrap() {
        let bytes = fs::read(file.unwrap().path()).unwrap();
        assert!(!bytes.windows(4).any(|window| window == b"3f9a"), "the key is in no file of the state");
    }
}

#[tokio::test]
async fn holds_what_it_told_while_the_agent_is_away() {
    let Some(mut agent) = Agent::start_new(Watches::Gauge).await else { return };
    let mut sender = Sender::new(&agent);
    agent.raise(90, &GAUGE, "CRITICAL").await;
    sender.send_quietly();
    assert_eq!(prompt(sender.news()), ["ALERT flip_gauge/critical HIGH"]);

    agent.stop().await;
    let away = sender.send();
    assert_eq!((away.code, away.stdout.as_str()), (Some(75), ""));
    assert!(away.stderr.contains(&agent.url()), "it says who does not answer: {}", away.stderr);
    until("the agent is told unreachable", async || {
        assert_eq!(sender.send().code, Some(75));
        sender.open().contains(&"unreachable".to_owned()).then_some(())
    })
    .await;
    assert_eq!(sender.news(), ["ALERT unreachable HIGH"], "and nothing is resolved");

    // While it starts: refused, then no chart, then REMOVED, UNINITIALIZED and CRITICAL again.
    agent.start();
    until("the alert is raised again", async || {
        agent.set_gauge(90);
        let raised = agent.shows(&GAUGE, "status", "CRITICAL").await;
        let run = sender.send();
        assert!(matches!(run.code, Some(0 | 75)), "{}", run.stderr);
        (raised && run.code == Some(0)).then_some(())
    })
    .await;
    assert_eq!(prompt(sender.news()), ["RESOLVE unreachable"], "the alert stayed open, and is told once");

    agent.raise(10, &ALL, "CLEAR").await;
    sender.send_quietly();
    assert_eq!(prompt(sender.news()), ["RESOLVE flip_gauge/critical"]);
    assert_eq!(sender.open(), [""; 0]);
}

#[tokio::test]
async fn resolves_what_cleared_while_the_agent_was_down() {
    let Some(mut agent) = Agent::start_new(Watches::Gauge).await else { return };
    let mut sender = Sender::new(&agent);
    agent.raise(60, &GAUGE, "WARNING").await;
    sender.send_quietly();
    assert_eq!(prompt(sender.news()), ["ALERT flip_gauge/warning LOW"]);

    agent.stop().await;
    agent.start();
    let news = until("the alert is resolved", async || {
        agent.set_gauge(10);
        sender.send();
        let news = prompt(sender.news()).into_iter().filter(|event| !event.contains("unreachable"));
        Some(news.collect::<Vec<_>>()).filter(|news| !news.is_empty())
    })
    .await;
    assert_eq!(news, ["RESOLVE flip_gauge/warning"]);
    assert!(
        agent.shows(&GAUGE, "status", "CLEAR").await,
        "resolved because it was seen clear, not because unknown"
    );
}

#[tokio::test]
async fn the_doctor_finds_it_well_and_then_gone() {
    let Some(mut agent) = Agent::start_new(Watches::Gauge).await else { return };
    let sender = Sender::new(&agent);
    sender.send_quietly();
    let well = sender.run(&["--doctor", "--color", "never"]);
    let line =
        |text: &str| text.lines().find(|line| line.contains("Netdata ")).unwrap_or_default().to_owned();
    assert!(line(&well.stdout).contains("v1.37"), "{}", well.stdout);

    agent.stop().await;
    let gone = sender.run(&["--doctor", "--color", "never"]);
    assert_eq!(gone.code, Some(75), "it cannot be asked now: {}", gone.stdout);
    assert!(line(&gone.stdout).contains("nothing listens at"), "{}", gone.stdout);
    assert!(gone.stdout.contains("start Netdata"), "the fix: {}", gone.stdout);
}

#[tokio::test]
async fn tells_an_alert_once_its_silence_ends() {
    let Some(agent) = Agent::start_new(Watches::Gauge).await else { return };
    let mut sender = Sender::new(&agent);
    agent.manage_health("cmd=SILENCE&alarm=flip_gauge").await;
    agent.raise(90, &GAUGE, "CRITICAL").await;
    sender.send_quietly();
    assert_eq!(prompt(sender.news()), [""; 0], "silenced");

    agent.manage_health("cmd=RESET").await;
    until("the silence is over", async || {
        sender.send_quietly();
        Some(prompt(sender.news())).filter(|news| !news.is_empty())
    })
    .await;
    assert_eq!(sender.open()[0], "flip_gauge/critical", "told without a new transition");
}

#[tokio::test]
async fn says_thresholds_the_file_and_what_else_is_raised() {
    let Some(agent) = Agent::start_new(Watches::Gauge).await else { return };
    let sender = Sender::new(&agent);
    agent.raise(90, &["flip_gauge", "flip_silent", "flip_slow", LONG], "CRITICAL").await;
    sender.send_quietly();
    let open = sender.stage.ilert.open();
    let gauge = open.iter().find(|alert| alert.key.contains("/flip_gauge/")).unwrap();
    for part in [
        "- **Critical when:** `$this > 80`\n",
        "- **Warning when:** `$this > 50`\n",
        "- **Calculation:** `$gauge`\n",
        "/config/health.d/flip.conf`, line 1\n",
        "- **Also raised on this node:** 3 criticals",
    ] {
        assert!(gauge.details.contains(part), "{part}: {}", gauge.details);
    }
}
