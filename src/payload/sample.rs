//! Notices that are not from Netdata: samples for the preview, and the live test event.

use std::sync::Arc;

use super::{
    Action, KeyKind, Member, Notice, Raise, ResolveReason, Scheme, Storm, StormId, Subject, TEST_ALERT,
};
use crate::alert::{AlertConfig, AlertDetails, AlertId, NodeId, Others, Status};
use crate::config::Priority;

const GUID: &str = "00000000-0000-4000-8000-000000000001";

/// One notice of each kind that ilert gets to see, as of `now` (seconds): a critical and a warning that
/// open alerts, a clear that resolves one, an unreachable node, its return, a comment, and a storm.
#[must_use]
pub fn samples(now: i64) -> Vec<Notice> {
    let opened = Action::Alert(Raise::PLAIN);
    let disk = |action, facts| Notice {
        subject: alert("db-1", "disk_space._var", "disk_space_usage"),
        kind: KeyKind::Critical,
        scheme: Scheme::default(),
        action,
        facts: AlertDetails { when: now, ..facts },
        priority: None,
        storm: None,
    };
    let node = NodeId { guid: GUID.to_owned(), host: "db-2".to_owned() };
    let away = Notice {
        subject: Subject::Node(node),
        kind: KeyKind::Unreachable,
        scheme: Scheme::default(),
        action: opened.clone(),
        facts: AlertDetails {
            info: "the parent no longer receives its data".into(),
            when: now,
            ..AlertDetails::default()
        },
        priority: None,
        storm: None,
    };
    let back = Notice {
        action: Action::Resolve(ResolveReason::Reachable),
        facts: AlertDetails { duration: Some(754), when: now, ..AlertDetails::default() },
        ..away.clone()
    };
    let load = Notice {
        subject: alert("web-3", "system.load", "load_average_15"),
        kind: KeyKind::Warning,
        scheme: Scheme::default(),
        action: opened.clone(),
        facts: load_facts(now),
        priority: None,
        storm: None,
    };
    vec![
        disk(opened, disk_facts(Status::Critical, 96.2, Status::Warning, 84.1, 7_500)),
        load,
        disk(
            Action::Resolve(ResolveReason::Cleared),
            disk_facts(Status::Clear, 41.0, Status::Critical, 96.2, 1_980),
        ),
        away,
        back,
        disk(Action::Comment, disk_facts(Status::Warning, 82.0, Status::Critical, 96.2, 1_980)),
        storm(now),
    ]
}

/// A storm of two kinds of alert on twelve nodes.
fn storm(now: i64) -> Notice {
    let agent = NodeId { guid: GUID.to_owned(), host: "parent-1".to_owned() };
    let mut storm = Storm { singly: 20, ..Storm::default() };
    for number in 1..=12 {
        let node = NodeId {
            guid: format!("00000000-0000-4000-8000-0000000001{number:02}"),
            host: format!("web-{number}"),
        };
        for (alert, chart, value) in
            [("disk_space_usage", "disk_space._var", "97.4 %"), ("ram_in_use", "system.ram", "98 %")]
        {
            if alert == "ram_in_use" && number % 3 > 0 {
                continue;
            }
            storm.take(&node, Some(alert));
            storm.standing += 1;
            storm.members.push(Member {
                node: node.host.clone(),
                alert: alert.to_owned(),
                chart: chart.to_owned(),
                status: Status::Critical.word().to_owned(),
                value: value.into(),
            });
        }
    }
    Notice {
        subject: Subject::Storm(StormId { agent, kind: KeyKind::Critical, at: now }),
        kind: KeyKind::Critical,
        scheme: Scheme::default(),
        action: Action::Alert(Raise::PLAIN),
        facts: AlertDetails { status: Status::Critical, when: now, ..AlertDetails::default() },
        priority: None,
        storm: Some(Box::new(storm)),
    }
}

/// The live test: an ALERT under a key of its own, and the RESOLVE that ends it. `unique` tells this test
/// from any other; `host` is where it was started. [`Priority::High`] pages for real.
#[must_use]
pub fn test_notices(unique: &str, host: &str, priority: Priority) -> (Notice, Notice) {
    let node = Arc::new(NodeId { guid: String::from("test"), host: host.to_owned() });
    let alert = Notice {
        subject: Subject::Alert(AlertId { node, chart: unique.to_owned(), name: TEST_ALERT.to_owned() }),
        kind: match priority {
            Priority::High => KeyKind::Critical,
            Priority::Low => KeyKind::Warning,
        },
        scheme: Scheme::default(),
        action: Action::Alert(Raise::PLAIN),
        facts: AlertDetails {
            summary: "a test of netdata-ilert, nothing is wrong".into(),
            info: "Someone asked netdata-ilert to prove that alerts arrive. Nothing is wrong; the test \
                   resolves this alert itself."
                .into(),
            ..AlertDetails::default()
        },
        priority: Some(priority),
        storm: None,
    };
    let resolve = Notice { action: Action::Resolve(ResolveReason::Tested), ..alert.clone() };
    (alert, resolve)
}

fn alert(host: &str, chart: &str, name: &str) -> Subject {
    let node = Arc::new(NodeId { guid: GUID.to_owned(), host: host.to_owned() });
    Subject::Alert(AlertId { node, chart: chart.to_owned(), name: name.to_owned() })
}

fn disk_facts(status: Status, value: f64, old_status: Status, old_value: f64, duration: u64) -> AlertDetails {
    AlertDetails {
        status,
        old_status: Some(old_status),
        value: Some(value),
        old_value: Some(old_value),
        units: "%".into(),
        summary: "Disk /var space usage".into(),
        info: "Total space utilization of disk /var".into(),
        context: "disk.space".to_owned(),
        role: "sysadmin".to_owned(),
        class: "Utilization".into(),
        component: "Disk".into(),
        kind: "System".into(),
        source: "line=11,file=/usr/lib/netdata/conf.d/health.d/disks.conf".into(),
        // What has cleared is not asked for.
        config: status.level().map(|_| Arc::new(disk_config())),
        others: Some(Others { warnings: 3, criticals: 1 }),
        duration: Some(duration),
        transition: "42ef357f-ba2c-4597-bac6-2d85fb126e3d".to_owned(),
        ..AlertDetails::default()
    }
}

fn disk_config() -> AlertConfig {
    AlertConfig {
        warn_when: "$this > (($status >= $WARNING) ? (80) : (90))".into(),
        crit_when: "$this > (($status == $CRITICAL) ? (90) : (98))".into(),
        calculation: "$used * 100 / ($avail + $used)".into(),
        ..AlertConfig::default()
    }
}

fn load_facts(now: i64) -> AlertDetails {
    AlertDetails {
        status: Status::Warning,
        old_status: Some(Status::Clear),
        value: Some(9.25),
        units: "load".into(),
        info: "system fifteen-minute load average".into(),
        context: "system.load".to_owned(),
        role: "sysadmin".to_owned(),
        class: "Utilization".into(),
        component: "Load".into(),
        kind: "System".into(),
        when: now,
        ..AlertDetails::default()
    }
}
