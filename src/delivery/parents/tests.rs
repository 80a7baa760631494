//! Links to parents, and what is remembered without them.

use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;

use super::*;
use crate::alert::{AlertDetails, Api, Status};
use crate::config;
use crate::delivery::entry::Waiting;
use crate::payload::{Action, KeyKind, Notice, Raise, Renderer, Scheme};

fn node(host: &str) -> Arc<NodeId> {
    Arc::new(NodeId { guid: format!("guid-{host}"), host: host.to_owned() })
}

fn parent(host: &str, away: bool) -> ParentRecord {
    let agent = Agent { node: node(host), version: "v2".into(), api: Api::V3 };
    let url = format!("http://{host}.example.org:19999");
    ParentRecord { url, agent, answered_at: 0, away, back_for: None, cursor: None }
}

fn notice(subject: &Subject) -> Notice {
    Notice {
        subject: subject.clone(),
        kind: KeyKind::Critical,
        scheme: Scheme::default(),
        action: Action::Alert(Raise::PLAIN),
        facts: AlertDetails::default(),
        priority: None,
        storm: None,
    }
}

fn link(parents: [ParentRecord; 2], statuses: [Status; 2], link_base: Option<&str>) -> String {
    let alert = AlertId { node: node("db"), chart: "c".to_owned(), name: "a".to_owned() };
    let subject = Subject::Alert(alert);
    let view = |(parent, status): (&ParentRecord, Status)| {
        (parent.agent.node.guid.clone(), ParentView { status, ..ParentView::default() })
    };
    let views = parents.iter().zip(statuses).map(view).collect();
    let waiting = vec![Waiting::new(notice(&subject), 0)];
    let entry = Entry { parents: views, waiting, ..Entry::default() };
    let ledger =
        Ledger { parents: parents.into(), entries: [(subject.clone(), entry)].into(), ..Ledger::default() };
    let mut config = config::parse(&config::TEMPLATE, Path::new("c.toml")).unwrap();
    config.netdata.link_base = link_base.map(str::to_owned);
    let renderer = Renderer::new(&config, "v2").with_dashboards(&config.netdata, ledger.urls());
    renderer.event(&notice(&subject)).event.links[0].href.clone()
}

#[test]
fn links_lead_to_a_parent_that_shows_the_highest_status_and_answers() {
    use Status::{Clear, Critical, Warning};
    let pair = |first, second| [parent("p1", first), parent("p2", second)];
    for (parents, statuses, expected) in [
        (pair(false, false), [Critical, Warning], "http://p1."),
        (pair(false, false), [Warning, Critical], "http://p2."),
        (pair(false, false), [Critical, Critical], "http://p1."),
        (pair(false, false), [Clear, Warning], "http://p2."),
        (pair(true, false), [Critical, Warning], "http://p2."),
    ] {
        let link = link(parents, statuses, None);
        assert!(link.starts_with(expected), "{link}");
    }
    let link = link(pair(false, false), [Critical, Critical], Some("https://nd.example.org"));
    assert_eq!(link, "https://nd.example.org/host/guid-db/");
}

#[test]
fn without_views_an_entry_belongs_to_the_last_agent_or_to_the_one_that_is_alone() {
    let entry = Entry { transition: "t".to_owned(), last: Status::Critical, ..Entry::default() };
    assert_eq!(entry.followed_at("x", true).transition, "t");
    assert_eq!(entry.followed_at("x", false), Followed::default());
    let known: HashMap<_, _> = entry.known(Some("x")).views.into_iter().collect();
    assert_eq!((known["x"].status, known["x"].transition.as_str()), (Status::Critical, "t"));
    assert!(entry.known(None).views.is_empty());
}
