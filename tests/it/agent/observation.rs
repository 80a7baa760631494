//! The client's own view of a real agent, the traps of v1 included.

use netdata_ilert::alert::{Api, Health, Observation, Status};
use netdata_ilert::netdata::{AgentClient, Credentials, Cursor, Interest};
use serde_json::Value;

use super::process::{Agent, CHART, HOST, INFO, LONG, Watches, until};

async fn observe(agent: &Agent, cursor: Option<&Cursor>) -> (Observation, Cursor) {
    let client = AgentClient::new(&agent.url(), None, Credentials::default()).unwrap();
    let interest = Interest { cursor, ..Interest::everything() };
    client.observe(&interest).await.unwrap()
}

#[tokio::test]
async fn reads_what_a_stock_agent_shows() {
    let Some(agent) = Agent::start_new(Watches::Machine).await else { return };
    until("the stock alerts are there", async || {
        let alarms = agent.get("/api/v1/alarms?all").await?;
        (alarms.matches("\"last_status_change\"").count() > 20).then_some(())
    })
    .await;
    agent.raise(60, &["flip_gauge"], "WARNING").await;
    if agent.get("/api/v3/info").await.is_none() {
        let raw = agent.get("/api/v1/alarms?all").await.unwrap();
        assert!(serde_json::from_str::<Value>(&raw).is_err(), "v1 does not escape what it prints");
    }

    let (first, cursor) = observe(&agent, None).await;
    assert_eq!(first.agent.node.host, HOST);
    assert!(first.agent.version.starts_with('v') && first.notes.is_empty(), "{first:?}");
    assert!(
        first.nodes.len() == 1 && first.nodes[0].reachable && first.nodes[0].health == Health::Online,
        "{:?}",
        first.nodes
    );
    assert!(first.transitions.is_empty(), "history before the first look is not told");
    let seen = sighting(&first, "flip_gauge");
    assert_eq!(
        (seen.facts.status, seen.facts.value, seen.silent),
        (Status::Warning, Some(60.0), Some(false))
    );
    assert_eq!((seen.facts.units.as_str(), seen.facts.role.as_str()), ("C", "sysadmin"));
    assert_eq!(seen.facts.info, printed(first.agent.api));
    assert!((0..120).contains(&(first.now - seen.facts.when)), "{} and {}", first.now, seen.facts.when);
    assert_eq!(sighting(&first, "flip_silent").silent, Some(true));
    let slow = sighting(&first, "flip_slow");
    assert_eq!(slow.due, Some(slow.facts.when + 10));

    agent.raise(90, &["flip_gauge"], "CRITICAL").await;
    let (second, _) = observe(&agent, Some(&cursor)).await;
    let mut changes = second.transitions.iter().filter(|one| one.alert.name == "flip_gauge");
    let change = changes.next().unwrap();
    assert_eq!((&*change.alert.chart, &change.alert.node), (CHART, &first.agent.node));
    assert_eq!((change.facts.status, change.facts.old_status), (Status::Critical, Some(Status::Warning)));
    assert_eq!((change.facts.value, change.facts.old_value), (Some(90.0), Some(60.0)));
    assert_eq!(change.facts.info, printed(first.agent.api), "the log says it with HTML entities");
    assert!(changes.next().is_none(), "one change, one transition: {:?}", second.transitions);
    assert_eq!(sighting(&second, "flip_gauge").facts.transition, change.facts.transition);
}

#[tokio::test]
async fn an_alert_with_a_long_name_is_one_alert() {
    let Some(agent) = Agent::start_new(Watches::Gauge).await else { return };
    agent.raise(60, &[LONG], "WARNING").await;
    let (_, cursor) = observe(&agent, None).await;
    agent.raise(90, &[LONG], "CRITICAL").await;
    // A newer agent's log is a second or two behind what it shows.
    let (seen, change) = until("the log has it", async || {
        let (seen, _) = observe(&agent, Some(&cursor)).await;
        let change = seen.transitions.iter().find(|one| one.alert.name.starts_with("flip_gauge_by"))?.clone();
        Some((seen, change))
    })
    .await;
    let shown = sighting(&seen, LONG);
    assert_eq!((&change.alert, change.facts.status), (&shown.alert, Status::Critical));
    assert_eq!((&change.facts.transition, shown.pending), (&shown.facts.transition, false));
    assert!(seen.gaps.is_empty() && seen.notes.is_empty(), "{seen:?}");
}

#[tokio::test]
async fn tls_to_an_agent_without_has_words_of_its_own() {
    let Some(agent) = Agent::start_new(Watches::Gauge).await else { return };
    let url = agent.url().replace("http:", "https:");
    let error = AgentClient::new(&url, None, Credentials::default()).unwrap().probe().await.unwrap_err();
    assert!(error.to_string().contains("write `http://`"), "{error:?}");
}

fn sighting<'a>(seen: &'a Observation, name: &str) -> &'a netdata_ilert::alert::Sighting {
    seen.sightings.iter().find(|one| one.alert.name == name).unwrap()
}

/// 1.37 takes quotes out of what is configured.
fn printed(api: Api) -> String {
    if api == Api::V1 { INFO.replace('\'', " ") } else { INFO.to_owned() }
}
