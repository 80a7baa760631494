//! The scenario that `--demo --send` shows: half a minute of three nodes, as data. The demo keeps the time, applies
//! each [`ScenarioStep`] and prints its words.

use super::{Answer, Definition, Ilert, NodeHandle, World};
use crate::alert::{Api, Status};

/// The parent itself.
pub const OWN: NodeHandle = World::OWN;
/// A child, the database server.
pub const DB: NodeHandle = NodeHandle(1);
/// A child, the web server.
pub const WEB: NodeHandle = NodeHandle(2);

const DISK: (&str, &str) = ("disk_space./var", "disk_space_usage");
/// The children's other disks, which fill all at once.
const DISKS: [(NodeHandle, u32); 2] = [(DB, 13), (WEB, 12)];
const CPU: (&str, &str) = ("system.cpu", "10min_cpu_usage");
const RAM: (&str, &str) = ("system.ram", "ram_in_use");
const REPLICATION: (&str, &str) = ("mysql_local.slave_status", "mysql_replication");

/// Something that happens.
#[derive(Clone, Debug, PartialEq)]
pub enum Happening {
    /// An alert (its chart and name) is evaluated to a status, with a value.
    Alert(NodeHandle, (&'static str, &'static str), Status, f64),
    /// All other disks of the children are evaluated to a status, with a value.
    Disks(Status, f64),
    /// A child stops streaming.
    Disconnect(NodeHandle),
    /// A child streams again.
    Reconnect(NodeHandle),
    /// ilert answers 503 to everything.
    IlertAway,
    /// ilert is back.
    IlertBack,
}

/// A step with its time and its words.
#[derive(Clone, Debug, PartialEq)]
pub struct ScenarioStep {
    /// Seconds since the scenario began.
    pub at: u32,
    /// What happens.
    pub happening: Happening,
    /// What to say about it, in one line.
    pub words: &'static str,
}

/// The world before the first step: a parent and two children, all clear, on this machine's clock.
///
/// Netdata's stock delays are minutes, and its log lags by two seconds; here there are none, so that the scenario
/// fits into half a minute.
#[must_use]
pub fn world() -> World {
    let mut world = World::new(Api::V3, "parent-1").in_real_time();
    world.set_log_lag(0);
    for host in ["db-1", "web-1"] {
        world.add_node(host);
    }
    for node in [OWN, DB, WEB] {
        for definition in stock() {
            if node == DB || definition.name != REPLICATION.1 {
                world.define(node, definition);
            }
        }
    }
    for (node, mount) in disks() {
        let [disk, ..] = stock();
        world.define(node, Definition { chart: format!("disk_space.{mount}"), family: mount, ..disk });
    }
    world
}

/// Every step in order.
#[must_use]
pub fn steps() -> Vec<ScenarioStep> {
    use Happening::{Alert, Disconnect, Disks, IlertAway, IlertBack, Reconnect};
    use Status::{Clear, Critical, Warning};
    [
        (1, Alert(DB, DISK, Warning, 86.4), "db-1: /var fills up, 86 %"),
        (3, Alert(WEB, CPU, Critical, 97.1), "web-1: the CPU is at 97 %"),
        (5, Alert(DB, DISK, Critical, 98.6), "db-1: /var is nearly full, 98.6 %"),
        (7, Alert(OWN, RAM, Warning, 91.0), "parent-1: memory is at 91 %"),
        (8, Alert(OWN, RAM, Clear, 78.2), "parent-1: memory is fine again"),
        (9, Alert(OWN, RAM, Warning, 90.7), "parent-1: and is high again"),
        (10, IlertAway, "has trouble: it answers 503 to everything"),
        (11, Alert(WEB, CPU, Clear, 41.3), "web-1: the CPU calms down, and ilert cannot be told"),
        (12, Alert(DB, REPLICATION, Critical, 0.0), "db-1: replication stops, and ilert cannot be told"),
        (15, IlertBack, "is back: what was kept is delivered"),
        (17, Disconnect(WEB), "web-1: stops streaming"),
        (22, Reconnect(WEB), "web-1: streams again"),
        (23, Alert(DB, DISK, Clear, 62.0), "db-1: somebody made room on /var"),
        (25, Alert(DB, REPLICATION, Clear, 1.0), "db-1: replication works again"),
        (26, Disks(Critical, 98.9), "db-1 and web-1: 25 × disk_space_usage critical, a storm"),
        (29, Disks(Clear, 48.0), "db-1 and web-1: 25 × disk_space_usage clear, the storm is over"),
    ]
    .into_iter()
    .map(|(at, happening, words)| ScenarioStep { at, happening, words })
    .collect()
}

/// The last steps: a storm, and its end.
#[must_use]
pub fn storm() -> Vec<ScenarioStep> {
    let mut steps = steps();
    steps.retain(|step| matches!(step.happening, Happening::Disks(..)));
    steps
}

impl Happening {
    /// Makes it happen.
    pub fn apply(&self, world: &mut World, ilert: &Ilert) {
        match self {
            Self::Alert(node, (chart, alert), status, value) => {
                world.set(*node, chart, alert, *status, *value);
            }
            Self::Disks(status, value) => {
                for (node, mount) in disks() {
                    world.set(node, &format!("disk_space.{mount}"), DISK.1, *status, *value);
                }
            }
            Self::Disconnect(node) => world.disconnect(*node),
            Self::Reconnect(node) => world.reconnect(*node, 0),
            Self::IlertAway => ilert.answer_all(Some(Answer::Status(503))),
            Self::IlertBack => ilert.recover(),
        }
    }
}

/// Each of the children's other disks, by its mount point.
fn disks() -> impl Iterator<Item = (NodeHandle, String)> {
    DISKS
        .into_iter()
        .flat_map(|(node, count)| (1..=count).map(move |number| (node, format!("/srv/{number:02}"))))
}

/// Four of Netdata's stock alerts, in its own words.
fn stock() -> [Definition; 4] {
    let file = |name: &str, line| (format!("/usr/lib/netdata/conf.d/health.d/{name}.conf"), line);
    [
        Definition {
            context: "disk.space".to_owned(),
            family: "/var".to_owned(),
            summary: "Disk /var space usage".to_owned(),
            info: "Total space utilization of disk /var".to_owned(),
            component: "Disk".to_owned(),
            source: file("disks", 10),
            calc: "$used * 100 / ($avail + $used)".to_owned(),
            warn: "$this > (($status >= $WARNING ) ? (80) : (90))".to_owned(),
            crit: "$this > (($status == $CRITICAL) ? (90) : (98))".to_owned(),
            ..Definition::new(DISK.0, DISK.1)
        },
        Definition {
            summary: "System CPU utilization".to_owned(),
            info: "Average CPU utilization over the last 10 minutes (excluding iowait, nice and steal)"
                .to_owned(),
            component: "CPU".to_owned(),
            source: file("cpu", 4),
            lookup: Some(("average".to_owned(), -600, "user,system,softirq,irq,guest".to_owned())),
            warn: "$this > (($status >= $WARNING) ? (75) : (85))".to_owned(),
            crit: "$this > (($status == $CRITICAL) ? (85) : (95))".to_owned(),
            ..Definition::new(CPU.0, CPU.1)
        },
        Definition {
            summary: "System memory utilization".to_owned(),
            info: "System memory utilization".to_owned(),
            component: "Memory".to_owned(),
            source: file("ram", 3),
            calc: "$used * 100 / ($used + $cached + $free + $buffers)".to_owned(),
            warn: "$this > (($status >= $WARNING) ? (80) : (90))".to_owned(),
            crit: "$this > (($status == $CRITICAL) ? (90) : (98))".to_owned(),
            ..Definition::new(RAM.0, RAM.1)
        },
        Definition {
            context: "mysql.slave_status".to_owned(),
            units: "ok/failed".to_owned(),
            summary: "MySQL replication status".to_owned(),
            info: "Checks if replication has stopped working".to_owned(),
            class: "Errors".to_owned(),
            component: "MySQL".to_owned(),
            kind: "Database".to_owned(),
            to: "dba".to_owned(),
            source: file("mysql", 96),
            calc: "($sql_running <= 0 OR $io_running <= 0)?0:1".to_owned(),
            warn: String::new(),
            crit: "$this == 0".to_owned(),
            ..Definition::new(REPLICATION.0, REPLICATION.1)
        },
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn leaves_one_warning_raised() {
        let mut world = world();
        let ilert = Ilert::new("il1api-scenario");
        let steps = steps();
        for step in &steps {
            step.happening.apply(&mut world, &ilert);
        }
        assert_eq!(world.raised().count(), 1);
        assert!(steps.is_sorted_by_key(|step| step.at));
        assert!((25..=30).contains(&steps.last().unwrap().at));
    }

    #[test]
    fn a_storm_is_more_than_is_told_singly() {
        let mut world = world();
        let ilert = Ilert::new("il1api-scenario");
        Happening::Disks(Status::Critical, 98.9).apply(&mut world, &ilert);
        let storm_after = usize::try_from(crate::config::Delivery::default().storm_after).unwrap();
        assert!(world.raised().count() > storm_after);
        Happening::Disks(Status::Clear, 48.0).apply(&mut world, &ilert);
        assert_eq!(world.raised().count(), 0);
    }

    #[test]
    fn every_step_names_an_alert_that_is_defined() {
        let world = world();
        for step in steps() {
            if let Happening::Alert(node, (chart, alert), ..) = step.happening {
                assert!(world.nodes[node.0].find(chart, alert).is_some(), "{chart}.{alert}");
            }
        }
    }
}
