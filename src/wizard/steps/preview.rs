//! Step 6, *Preview*: exactly what ilert will get, and the templates that make it.

use super::Problem;
use crate::alert::{Facts, Status};
use crate::config::{Config, Templates};
use crate::payload::{Action, Notice, Renderer, Subject, TemplateError, Which, Why, samples};
use crate::preview::Masked;
use crate::wizard::control::Control;
use crate::wizard::field::TextArea;
use crate::wizard::model::Model;
use crate::wizard::steps::key;

/// The built-in templates, to begin one's own with.
pub const SUMMARY: &str = include_str!("../../../assets/templates/summary.txt.j2");
/// As above, for the details.
pub const DETAILS: &str = include_str!("../../../assets/templates/details.md.j2");

/// No more alerts than these can be leafed through; the rest look the same.
pub const MOST: usize = 50;

/// Whose templates.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Words {
    /// The built-in ones.
    #[default]
    BuiltIn,
    /// One's own.
    Own,
}

impl Words {
    /// In the order in which they are offered.
    pub const ALL: [Self; 2] = [Self::BuiltIn, Self::Own];

    /// As it is offered.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::BuiltIn => "built in",
            Self::Own => "my own",
        }
    }
}

/// State of the step.
#[derive(Clone, Debug)]
pub struct Preview {
    /// Whose templates.
    pub words: Words,
    /// Template of the summary.
    pub summary: TextArea,
    /// Template of the details.
    pub details: TextArea,
    /// What a first run would send; the error says why there is nothing.
    pub live: Option<Result<Vec<Notice>, String>>,
    /// Which payload is shown.
    pub at: usize,
    /// How many of its lines are above the window.
    pub scroll: u16,
}

/// One payload.
#[derive(Clone, Debug)]
pub struct Shown {
    /// Which of how many, and what it does: "2 of 5: RESOLVE".
    pub title: String,
    /// The event as JSON, the key masked.
    pub json: String,
    /// What is wrong with the templates, where the event is the built-in minimal one.
    pub problem: Option<TemplateError>,
}

impl Preview {
    /// With what a configuration says.
    #[must_use]
    pub fn of(config: &Config) -> Self {
        let own = config.templates.summary.is_some() || config.templates.details.is_some();
        Self {
            words: if own { Words::Own } else { Words::BuiltIn },
            summary: TextArea::new(config.templates.summary.as_deref().unwrap_or(SUMMARY)),
            details: TextArea::new(config.templates.details.as_deref().unwrap_or(DETAILS)),
            live: None,
            at: 0,
            scroll: 0,
        }
    }

    /// The templates that replace the built-in ones.
    #[must_use]
    pub fn templates(&self) -> Templates {
        let own = |area: &TextArea, built_in: &str| {
            let text = area.value();
            (self.words == Words::Own && text != built_in).then_some(text)
        };
        Templates { summary: own(&self.summary, SUMMARY), details: own(&self.details, DETAILS) }
    }

    /// What is shown in turn: each raised alert and how it is resolved, then a node that goes and comes back.
    #[must_use]
    pub fn notices(&self, now: i64) -> Vec<Notice> {
        let samples = samples(now);
        let raised = match &self.live {
            Some(Ok(notices)) if !notices.is_empty() => notices,
            _ => return samples,
        };
        let mut notices = Vec::new();
        for notice in raised.iter().take(MOST) {
            notices.push(notice.clone());
            if matches!(notice.action, Action::Alert(_)) && matches!(notice.subject, Subject::Alert(_)) {
                notices.push(cleared(notice));
            }
        }
        let node = notices.first().map(|notice| notice.subject.node().clone());
        let about_nodes = samples.into_iter().filter(|notice| matches!(notice.subject, Subject::Node(_)));
        notices.extend(about_nodes.map(|notice| match &node {
            Some(node) => Notice { subject: Subject::Node(node.clone()), ..notice },
            None => notice,
        }));
        notices
    }
}

/// How a raised alert would be resolved: cleared from what it is now, to a value that nobody knows yet.
fn cleared(raised: &Notice) -> Notice {
    let facts = Facts {
        status: Status::Clear,
        old_status: Some(raised.facts.status),
        value: None,
        value_text: crate::text::Shown::default(),
        old_value: raised.facts.value,
        duration: None,
        ..raised.facts.clone()
    };
    Notice { action: Action::Resolve(Why::Cleared), facts, ..raised.clone() }
}

/// Whether what is shown is made up.
#[must_use]
pub fn is_sample(model: &Model) -> bool {
    !matches!(&model.preview.live, Some(Ok(notices)) if !notices.is_empty())
}

/// The payload that is to be shown.
#[must_use]
pub fn shown(model: &Model) -> Option<Shown> {
    let notices = model.preview.notices(model.place.now);
    let at = model.preview.at.min(notices.len().saturating_sub(1));
    let version = model.agent.probe().map_or("", |probe| probe.agent.version.as_str());
    let rendered = Renderer::new(&model.config(), version).event(notices.get(at)?);
    let key = key::secret(model).map_or_else(|| "****".to_owned(), |key| key.masked());
    let wire = Masked { event: &rendered.event, key: &key };
    let what = match serde_json::to_value(rendered.event.event_type) {
        Ok(serde_json::Value::String(word)) => word,
        _ => String::new(),
    };
    Some(Shown {
        title: format!("{} of {}: {what}", at + 1, notices.len()),
        json: serde_json::to_string_pretty(&wire).unwrap_or_default(),
        problem: rendered.problem,
    })
}

/// The payloads, and the templates where they are one's own.
#[must_use]
pub fn controls(model: &Model) -> Vec<Control> {
    let mut controls = vec![Control::Payload, Control::Templates];
    if model.preview.words == Words::Own {
        controls.extend([Control::Summary, Control::Details]);
    }
    controls
}

/// Templates must render every kind of alert.
pub fn check(model: &Model) -> Result<(), Problem> {
    Renderer::check(&model.preview.templates()).map_err(|problem| {
        let control = match problem.which {
            Which::Summary => Control::Summary,
            Which::Details => Control::Details,
        };
        Problem::new(control, problem.to_string())
    })
}
