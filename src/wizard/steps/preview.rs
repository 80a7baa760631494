//! Step 6, *Preview*: exactly what ilert will get, and the templates that make it.

use ratatui::text::{Line, Span};

use super::configuration::config;
use super::{agent, key};
use crate::alert::{AlertDetails, Status};
use crate::payload::{Action, Notice, Renderer, ResolveReason, Subject, TemplateError, Which, samples};
use crate::preview::{MaskedEvent, MaskedKey};
use crate::wizard::answers::{Answers, TemplateChoice};
use crate::wizard::context::{Context, Purpose};
use crate::wizard::form::{Access, Control, Row, StepProblem, field, one_of};
use crate::wizard::page::wrap::hanging;
use crate::wizard::page::{Page, PageLine, highlight};

impl Control {
    /// The payloads. Which of them is shown, and copied, is no answer: the model knows it.
    pub const PAYLOAD: Self = Self { row: &Row::new("payload", "Payload", Access::Look), at: 0 };
    /// Built-in templates or one's own.
    pub const TEMPLATES: Self =
        Self { row: &Row::new("templates", "Templates", one_of!(preview.words)).check(do_render), at: 0 };
    /// Template of the summary.
    pub const SUMMARY: Self =
        Self { row: &Row::new("summary", "Summary", field!(Area: preview.summary)), at: 0 };
    /// Template of the details.
    pub const DETAILS: Self =
        Self { row: &Row::new("details", "Details", field!(Area: preview.details)), at: 0 };
}

/// At most so many alerts are shown; the rest look the same.
pub const MOST: usize = 50;

/// One payload.
#[derive(Clone, Debug)]
pub struct Payload {
    /// Which of how many, and what it does: "2 of 5: RESOLVE".
    pub title: String,
    /// The event as JSON, the key masked.
    pub json: String,
    /// What is wrong with the templates, where the event is the built-in minimal one.
    pub problem: Option<TemplateError>,
}

/// What is shown in turn: each raised alert and how it is resolved, then a node that goes and comes back.
#[must_use]
pub fn notices(context: &Context) -> Vec<Notice> {
    let samples = samples(context.place.now);
    let raised = match &context.agent.notices {
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
    // What real alerts do not show: nodes that come and go, and a storm.
    let others = samples.into_iter().filter(|notice| !matches!(notice.subject, Subject::Alert(_)));
    notices.extend(others.map(|notice| match &node {
        Some(node) if !notice.subject.is_storm() => Notice { subject: Subject::Node(node.clone()), ..notice },
        _ => notice,
    }));
    notices
}

/// How a raised alert would be resolved: cleared from what it is now, to a value that nobody knows yet.
fn cleared(raised: &Notice) -> Notice {
    let facts = AlertDetails {
        status: Status::Clear,
        old_status: Some(raised.facts.status),
        value: None,
        value_text: crate::text::Shown::default(),
        old_value: raised.facts.value,
        duration: None,
        ..raised.facts.clone()
    };
    Notice { action: Action::Resolve(ResolveReason::Cleared), facts, ..raised.clone() }
}

/// Whether the samples are shown, for want of real alerts.
#[must_use]
pub fn is_sample(context: &Context) -> bool {
    !matches!(&context.agent.notices, Some(Ok(notices)) if !notices.is_empty())
}

/// The payload at a place among the [`notices`], or the last one.
#[must_use]
pub fn payload(answers: &Answers, context: &Context, at: usize) -> Option<Payload> {
    let notices = notices(context);
    let at = at.min(notices.len().saturating_sub(1));
    let version = agent::probe(answers, context).map_or("", |probe| probe.agent.version.as_str());
    let rendered = Renderer::new(&config(answers, context), version).event(notices.get(at)?);
    let key = MaskedKey::of(key::secret(answers, context).as_ref());
    let wire = MaskedEvent { event: &rendered.event, key: &key };
    let what = match serde_json::to_value(rendered.event.event_type) {
        Ok(serde_json::Value::String(kind)) => kind,
        _ => String::new(),
    };
    Some(Payload {
        title: format!("{} of {}: {what}", at + 1, notices.len()),
        json: serde_json::to_string_pretty(&wire).unwrap_or_default(),
        problem: rendered.problem,
    })
}

/// The payloads, and the templates where they are one's own.
#[must_use]
pub fn controls(answers: &Answers, _: &Context) -> Vec<Control> {
    let mut controls = vec![Control::PAYLOAD, Control::TEMPLATES];
    if answers.preview.words == TemplateChoice::Own {
        controls.extend([Control::SUMMARY, Control::DETAILS]);
    }
    controls
}

/// Templates must render every kind of alert.
fn do_render(answers: &Answers, _: &Context) -> Result<(), StepProblem> {
    Renderer::check(&answers.preview.templates()).map_err(|problem| {
        let control = match problem.which {
            Which::Summary => Control::SUMMARY,
            Which::Details => Control::DETAILS,
        };
        StepProblem::new(control, problem.to_string())
    })
}

/// Rows that everything but the JSON takes, without templates of one's own.
const REST: u16 = 8;
/// Rows of JSON at least.
const LEAST: u16 = 6;

/// Puts the step on a page.
pub fn page(page: &mut Page<'_>) {
    let (answers, context) = page.known();
    if answers.is_cloud() {
        page.title("What Netdata Cloud will send is not known here");
        page.text("Cloud writes its events itself. This program sends the live test alone; its events look like this:");
        page.gap();
    } else {
        page.title("Exactly what ilert will get");
    }
    let Some(payload) = payload(answers, context, page.view.look.at) else { return };
    heading(page, &payload);
    json(page, &payload.json);
    page.problem(Control::PAYLOAD);
    page.gap();
    page.control(Control::TEMPLATES);
    if answers.preview.words == TemplateChoice::Own {
        template(page, Control::SUMMARY);
        template(page, Control::DETAILS);
    }
}

/// Which payload it is, and whether it is made up.
fn heading(page: &mut Page<'_>, payload: &Payload) {
    let (context, theme) = (page.view.context, page.theme());
    let style = if page.focused(Control::PAYLOAD) { theme.focus() } else { theme.label() };
    let whose = if is_sample(context) { made_up(context).to_owned() } else { of_more(context) };
    let line = Line::from(vec![
        page.mark(Control::PAYLOAD),
        Span::styled(payload.title.clone(), style),
        Span::styled(whose, theme.dim()),
    ]);
    page.rows.push(PageLine { line, control: Some(Control::PAYLOAD), cursor: None });
    if let Some(Err(reason)) = &context.agent.notices {
        page.warning(reason);
    }
}

/// Of how many raised alerts only some are shown.
fn of_more(context: &Context) -> String {
    match &context.agent.notices {
        Some(Ok(raised)) if raised.len() > MOST => {
            format!("  {MOST} of the {} alerts raised now", raised.len())
        }
        _ => String::new(),
    }
}

/// Why it is.
fn made_up(context: &Context) -> &'static str {
    match &context.agent.notices {
        _ if context.is_busy(Purpose::Notices) => "  example, until Netdata answers",
        Some(Ok(_)) => "  example: nothing to send now",
        Some(Err(_)) | None => "  example: Netdata has not answered",
    }
}

/// A window on the JSON.
fn json(page: &mut Page<'_>, json: &str) {
    let room = usize::from(page.height.saturating_sub(REST).max(LEAST));
    let coloured = highlight::json(json, page.theme());
    let lines: Vec<Line<'static>> =
        coloured.into_iter().flat_map(|line| hanging(line, page.width.saturating_sub(2))).collect();
    let top = usize::from(page.view.look.scroll).min(lines.len().saturating_sub(room));
    let more = lines.len().saturating_sub(top + room);
    for mut line in lines.into_iter().skip(top).take(room) {
        line.spans.insert(0, Span::raw("  "));
        page.rows.push(PageLine { line, control: Some(Control::PAYLOAD), cursor: None });
    }
    if more > 0 {
        page.dim(&format!("  {} {more} more lines: page down", page.theme().ellipsis()));
    }
}

/// A template, and what is wrong with it as it is typed.
fn template(page: &mut Page<'_>, control: Control) {
    page.control(control);
    let told = page.view.problem.is_some();
    let (answers, context) = page.known();
    let problem = Control::TEMPLATES.check(answers, context).err();
    if let Some(problem) = problem.filter(|problem| !told && problem.control == control) {
        page.explain(control, &format!("! {}", problem.message), page.theme().bad());
    }
}
