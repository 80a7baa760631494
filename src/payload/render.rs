//! Renders a notice as an event. Pure: the same notice and configuration give the same event.

use std::collections::{BTreeMap, HashMap};

use super::link::Dashboard;
use super::template::{Compiled, TemplateError, Which};
use super::variables::Variables;
use super::{Action, KeyKind, Notice, Subject, TEST_ALERT, samples};
use crate::alert::Others;
use crate::config::{Config, Netdata, Severities, Severity, Templates};
use crate::ilert::Event;
use crate::ilert::event::{Comment, EventType};
use crate::text::{block, one_line};

/// Longest summary, in characters. ilert publishes no limits: these are chosen.
pub const LONGEST_SUMMARY: usize = 255;
/// Longest details, in characters.
pub const LONGEST_DETAILS: usize = 16_000;
/// Longest name or value of a label, in characters.
const LONGEST_LABEL: usize = 255;

/// Renders events with one configuration.
#[derive(Debug)]
pub struct Renderer {
    templates: Compiled,
    severity: Severities,
    labels: BTreeMap<String, String>,
    dashboard: Dashboard,
    /// The dashboards of other parents, by the subjects that they show.
    dashboards: HashMap<Subject, Dashboard>,
    agent_version: String,
    others: HashMap<Subject, Others>,
}

/// An event, and what went wrong with its templates, if anything.
#[derive(Clone, Debug, PartialEq)]
pub struct Rendered {
    /// What is sent.
    pub event: Event,
    /// Why it is the minimal event, if it is.
    pub problem: Option<TemplateError>,
}

impl Renderer {
    /// Takes what it needs from a configuration. Never fails: a template that does not compile is reported with each
    /// event that it should have rendered.
    #[must_use]
    pub fn new(config: &Config, agent_version: &str) -> Self {
        let labels = config
            .labels
            .iter()
            .map(|(name, value)| (one_line(name, LONGEST_LABEL), one_line(value, LONGEST_LABEL)))
            .filter(|(name, _)| !name.is_empty())
            .collect();
        Self {
            templates: Compiled::new(&config.templates),
            severity: config.severity,
            labels,
            dashboard: Dashboard::new(&config.netdata),
            dashboards: HashMap::new(),
            agent_version: agent_version.to_owned(),
            others: HashMap::new(),
        }
    }

    /// The same, for events that say what else is raised on the node of each subject now.
    #[must_use]
    pub fn with_others(self, others: HashMap<Subject, Others>) -> Self {
        Self { others, ..self }
    }

    /// The same, with links that lead to these URLs of parents, unless the configuration says where they lead.
    #[must_use]
    pub fn with_dashboards(self, netdata: &Netdata, urls: HashMap<Subject, String>) -> Self {
        let at = |(subject, url): (_, String)| (subject, Dashboard::at(netdata, &url));
        Self { dashboards: urls.into_iter().map(at).collect(), ..self }
    }

    /// Checks that templates compile, and render each of the [`samples`] to something.
    pub fn check(templates: &Templates) -> Result<(), TemplateError> {
        let compiled = Compiled::new(templates);
        if let Some(problem) = compiled.problem() {
            return Err(problem.clone());
        }
        for notice in samples(1_800_000_000) {
            texts(&compiled, &Variables::new(&notice, "", notice.facts.others), "the example ")?;
        }
        Ok(())
    }

    /// Renders a notice. Gives the minimal event if a template fails or renders to nothing.
    #[must_use]
    pub fn event(&self, notice: &Notice) -> Rendered {
        let variables = self.variables(notice);
        let (summary, details) = match texts(&self.templates, &variables, "") {
            Ok(texts) => texts,
            Err(problem) => return Rendered { event: self.minimal(notice), problem: Some(problem) },
        };
        let node = notice.subject.node();
        let test = variables.alert == TEST_ALERT;
        let event = Event {
            summary,
            details,
            links: self
                .dashboards
                .get(&notice.subject)
                .unwrap_or(&self.dashboard)
                .of(node, test)
                .into_iter()
                .collect(),
            labels: self.labels(&variables),
            custom_details: variables.details(),
            ..self.bare(notice, &variables)
        };
        Rendered { event, problem: None }
    }

    /// The built-in minimal event, for when ilert refuses the full one: type, key, one line, priority and severity. A
    /// COMMENT keeps its comment.
    #[must_use]
    pub fn minimal(&self, notice: &Notice) -> Event {
        self.bare(notice, &self.variables(notice))
    }

    fn variables(&self, notice: &Notice) -> Variables {
        let others = self.others.get(&notice.subject).copied().or(notice.facts.others);
        Variables::new(notice, &self.agent_version, others)
    }

    fn bare(&self, notice: &Notice, variables: &Variables) -> Event {
        let weight = match notice.action {
            Action::Alert(_) => Some(self.weight(notice)),
            Action::Resolve(_) | Action::Comment => None,
        };
        let comment = || Comment { creator: "Netdata".to_owned(), content: variables.reason.clone() };
        Event {
            event_type: match notice.action {
                Action::Alert(_) => EventType::Alert,
                Action::Resolve(_) => EventType::Resolve,
                Action::Comment => EventType::Comment,
            },
            summary: plain_summary(notice, variables),
            details: String::new(),
            alert_key: notice.alert_key(),
            priority: weight.map(|weight| weight.priority.word()),
            severity: weight.map(|weight| weight.severity.clamp(1, 5)),
            links: Vec::new(),
            comments: matches!(notice.action, Action::Comment).then(comment).into_iter().collect(),
            labels: BTreeMap::new(),
            custom_details: serde_json::Map::new(),
        }
    }

    fn weight(&self, notice: &Notice) -> Severity {
        let configured = match notice.kind {
            KeyKind::Warning => self.severity.warning,
            KeyKind::Critical => self.severity.critical,
            KeyKind::Unreachable => self.severity.unreachable,
        };
        Severity { priority: notice.priority.unwrap_or(configured.priority), ..configured }
    }

    /// The configured labels, and those that describe the alert; a configured one wins.
    fn labels(&self, variables: &Variables) -> BTreeMap<String, String> {
        let mut labels: BTreeMap<String, String> = [
            ("host", &variables.node),
            ("alert", &variables.alert),
            ("chart", &variables.chart),
            ("class", &variables.class),
            ("component", &variables.component),
            ("type", &variables.r#type),
            ("role", &variables.role),
        ]
        .into_iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(name, value)| (name.to_owned(), value.clone()))
        .collect();
        labels.extend(self.labels.iter().map(|(name, value)| (name.clone(), value.clone())));
        labels
    }
}

/// Renders summary and details, cleaned and cut. A COMMENT has no details: its text is its comment. An error names what
/// the summary is of, with `prefix` before it.
fn texts(
    templates: &Compiled,
    variables: &Variables,
    prefix: &str,
) -> Result<(String, String), TemplateError> {
    let summary = one_line(&templates.render(Which::Summary, variables)?, LONGEST_SUMMARY);
    if summary.is_empty() {
        return Err(TemplateError {
            which: Which::Summary,
            line: None,
            column: None,
            message: format!(
                "nothing is left to show for {prefix}{}: a summary needs at least one character",
                variables.what()
            ),
        });
    }
    let details = match variables.action {
        "comment" => String::new(),
        _ => block(&templates.render(Which::Details, variables)?, LONGEST_DETAILS),
    };
    Ok((summary, details))
}

/// A summary without templates. Never empty: the level is always there.
fn plain_summary(notice: &Notice, variables: &Variables) -> String {
    let what = variables.what();
    let line = match notice.action {
        Action::Alert(_) if notice.storm.is_some() => format!("[STORM] {}", variables.summary),
        Action::Alert(_) if variables.value_text.is_empty() => format!("[{}] {what}", variables.level),
        Action::Alert(_) => format!("[{}] {what} = {}", variables.level, variables.value_text),
        Action::Resolve(_) => format!("[RESOLVED] {what}: {}", variables.reason),
        Action::Comment => format!("[{}] {what}: {}", variables.level, variables.reason),
    };
    one_line(&line, LONGEST_SUMMARY)
}
