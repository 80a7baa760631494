//! The variables of a notice, for this program's templates and, as `event.customDetails.…`, for ilert's own. One
//! vocabulary for both.

mod words;

use serde::Serialize;

use super::defined_at::DefinedAt;
use super::storm::{Count, Member, Storm};
use super::{Action, MOST_MEMBERS, Notice, Raise, Subject, quantity};
use crate::alert::Others;
use crate::text::{block, one_line};

use words::{level, reason, statuses};

/// Longest name, role, path or the like, in characters.
const LONGEST_WORD: usize = 255;
/// Longest expression or path of a file, in characters.
const LONGEST_EXPRESSION: usize = 500;
/// Longest description, in characters.
const LONGEST_INFO: usize = 4_000;

/// A template's variables. Unknown text is empty, an unknown number is none; no name is ever undefined.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Variables {
    /// `alert`, `resolve` or `comment`; `storm` for the ALERT of a storm.
    pub action: &'static str,
    /// `CRITICAL`, `WARNING`, `UNREACHABLE`, or `TEST` for the test event.
    pub level: &'static str,
    /// Host name; of a storm, the agent's.
    pub node: String,
    /// Machine GUID.
    pub guid: String,
    /// Alert name; empty where the event is about the node as a whole.
    pub alert: String,
    /// Chart id.
    pub chart: String,
    /// Chart context.
    pub context: String,
    /// Netdata's word for the status; `UNREACHABLE` or `REACHABLE` for a node.
    pub status: &'static str,
    /// The status before.
    pub old_status: &'static str,
    /// Value, as a number.
    pub value: Option<f64>,
    /// Value before, as a number.
    pub old_value: Option<f64>,
    /// Value with its unit.
    pub value_text: String,
    /// Value before with its unit.
    pub old_value_text: String,
    /// Unit of the value.
    pub units: String,
    /// The alert's one-line summary.
    pub summary: String,
    /// The alert's description; for an unreachable node, why it counts as one. May have several lines.
    pub info: String,
    /// Recipient roles.
    pub role: String,
    /// Classification.
    pub class: String,
    /// Component.
    pub component: String,
    /// Type.
    pub r#type: String,
    /// Where the alert is configured, as the agent says it.
    pub source: String,
    /// The file of that.
    pub source_file: String,
    /// The line of that.
    pub source_line: Option<u64>,
    /// How to edit that file, where it is one of Netdata's own: `edit-config health.d/disks.conf`.
    pub edit_command: String,
    /// What makes the alert a warning: Netdata's expression.
    pub warn_when: String,
    /// What makes it critical.
    pub crit_when: String,
    /// How its value is calculated.
    pub calculation: String,
    /// What is looked up in Netdata's database for it.
    pub lookup: String,
    /// How many other alerts of the node are warnings now, silent ones among them.
    pub other_warnings: Option<usize>,
    /// How many others are critical now.
    pub other_criticals: Option<usize>,
    /// The transition's id.
    pub transition: String,
    /// When the status was reached: ISO 8601, UTC.
    pub when: String,
    /// Seconds spent in the status before.
    pub duration: Option<u64>,
    /// How often it was raised since ilert was last told, if more than once.
    pub times: Option<u32>,
    /// When it cleared again before it could be told: ISO 8601, UTC.
    pub cleared: String,
    /// `from … to …`: when it was critical without anybody being told; it is a warning now.
    pub was_critical: String,
    /// Why it is resolved, or what changed, in words; empty for a plain ALERT.
    pub reason: String,
    /// What a storm is of: `312 critical alerts on 47 nodes`; empty where it is none.
    pub storm: String,
    /// How many raises a storm has gathered.
    pub total: Option<usize>,
    /// How many of them are still raised.
    pub standing: Option<usize>,
    /// How many more were told singly before the storm.
    pub told_singly: Option<usize>,
    /// A storm's raises by alert name, most first: `name`, `count`.
    pub by_alert: Vec<Count>,
    /// A storm's raises by node, most first: `name`, `count`.
    pub by_node: Vec<Count>,
    /// The first members of a storm that are still raised: `node`, `alert`, `chart`, `status`, `value`.
    pub members: Vec<Member>,
    /// Version of the agent.
    pub agent_version: String,
    /// Version of this program.
    pub netdata_ilert_version: &'static str,
}

impl Variables {
    /// Makes the variables of a notice. Everything in them is printable and of bounded length. `others` is what else
    /// is raised on its node.
    pub fn new(notice: &Notice, agent_version: &str, others: Option<Others>) -> Self {
        let facts = &notice.facts;
        let config = facts.config.as_deref().cloned().unwrap_or_default();
        let source = DefinedAt::parse(&facts.source);
        let (node, alert, chart) = match &notice.subject {
            Subject::Alert(alert) => (&*alert.node, word(&alert.name), word(&alert.chart)),
            Subject::Node(node) => (node, String::new(), String::new()),
            Subject::Storm(storm) => (&storm.agent, String::new(), String::new()),
        };
        let storm = notice.storm.as_deref();
        let (status, old_status) = statuses(notice);
        let value_text = word(&quantity::shown(facts));
        let raise = match notice.action {
            Action::Alert(raise) => raise,
            Action::Resolve(_) | Action::Comment => Raise::default(),
        };
        Self {
            action: match notice.action {
                Action::Alert(_) if storm.is_some() => "storm",
                Action::Alert(_) => "alert",
                Action::Resolve(_) => "resolve",
                Action::Comment => "comment",
            },
            level: level(notice),
            node: word(&node.host),
            guid: word(&node.guid),
            context: word(&facts.context),
            status,
            old_status,
            value: facts.value.filter(|value| value.is_finite()),
            old_value: facts.old_value.filter(|value| value.is_finite()),
            old_value_text: facts
                .old_value
                .and_then(|value| quantity::value(value, &word(&facts.units)))
                .unwrap_or_default(),
            units: word(&facts.units),
            summary: storm.map_or_else(|| word(&facts.summary), |storm| word(&storm.line(notice.kind))),
            info: block(&facts.info, LONGEST_INFO),
            role: word(&facts.role),
            class: category(&facts.class),
            component: category(&facts.component),
            r#type: category(&facts.kind),
            source: word(&facts.source),
            source_file: source.as_ref().map(|source| expression(source.file)).unwrap_or_default(),
            source_line: source.as_ref().map(|source| source.line),
            edit_command: source.as_ref().and_then(DefinedAt::edit_command).unwrap_or_default(),
            warn_when: expression(&config.warn_when),
            crit_when: expression(&config.crit_when),
            calculation: expression(&config.calculation),
            lookup: expression(&config.lookup),
            other_warnings: others.map(|others| others.warnings),
            other_criticals: others.map(|others| others.criticals),
            transition: word(&facts.transition),
            when: quantity::utc(facts.when),
            duration: facts.duration.filter(|duration| *duration > 0),
            times: Some(raise.times).filter(|times| *times > 1),
            cleared: match raise.cleared {
                Some(cleared) => quantity::utc(cleared),
                None if raise.over => "an unknown time".to_owned(),
                None => String::new(),
            },
            was_critical: raise.was_critical.map_or_else(String::new, |(from, to)| {
                format!("from {} to {}", quantity::utc(from), quantity::utc(to))
            }),
            reason: reason(notice, &value_text),
            storm: storm.map_or_else(String::new, |storm| storm.size(notice.kind)),
            total: storm.map(|storm| storm.total),
            standing: storm.map(|storm| storm.standing),
            told_singly: storm.map(|storm| storm.singly),
            by_alert: storm.map(|storm| first(storm.alerts())).unwrap_or_default(),
            by_node: storm.map(|storm| first(storm.nodes())).unwrap_or_default(),
            members: storm.map(members).unwrap_or_default(),
            agent_version: word(agent_version),
            netdata_ilert_version: env!("CARGO_PKG_VERSION"),
            alert,
            chart,
            value_text,
        }
    }

    /// The event's `customDetails`: all variables that are known.
    pub fn details(&self) -> serde_json::Map<String, serde_json::Value> {
        let Ok(serde_json::Value::Object(mut details)) = serde_json::to_value(self) else {
            return serde_json::Map::new();
        };
        details.retain(|_, value| is_known(value));
        details
    }

    /// `disk_space_usage on db-1`, or `node db-1`.
    pub fn what(&self) -> String {
        if !self.storm.is_empty() {
            format!("storm of {}", self.storm)
        } else if self.alert.is_empty() {
            format!("node {}", self.node)
        } else {
            format!("{} on {}", self.alert, self.node)
        }
    }
}

/// Whether a detail says anything. Takes from what is in a list what says nothing.
fn is_known(value: &mut serde_json::Value) -> bool {
    match value {
        serde_json::Value::Null => false,
        serde_json::Value::String(text) => !text.is_empty(),
        serde_json::Value::Array(list) => {
            for one in list.iter_mut().filter_map(serde_json::Value::as_object_mut) {
                one.retain(|_, value| is_known(value));
            }
            !list.is_empty()
        }
        _ => true,
    }
}

/// The first of the counts, their names fit to be shown.
fn first(counts: Vec<Count>) -> Vec<Count> {
    let shown = |count: Count| Count { name: word(&count.name), ..count };
    counts.into_iter().take(MOST_MEMBERS).map(shown).collect()
}

fn members(storm: &Storm) -> Vec<Member> {
    let shown = |member: &Member| Member {
        node: word(&member.node),
        alert: word(&member.alert),
        chart: word(&member.chart),
        ..member.clone()
    };
    storm.members.iter().map(shown).collect()
}

fn word(text: &str) -> String {
    one_line(text, LONGEST_WORD)
}

fn expression(text: &str) -> String {
    one_line(text, LONGEST_EXPRESSION)
}

/// The agent says `Unknown` if an alert's configuration gives none.
fn category(text: &str) -> String {
    Some(word(text)).filter(|word| word != "Unknown").unwrap_or_default()
}
