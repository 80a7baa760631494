//! The page of *Preview*: an alert as ilert shows it, or the exact JSON, and the templates.

use ratatui::text::{Line, Span};

use super::{MOST, Payload, controls, is_sample, payload};
use crate::ilert::Event;
use crate::ilert::event::EventType;
use crate::wizard::answers::TemplateChoice;
use crate::wizard::context::Purpose;
use crate::wizard::form::Control;
use crate::wizard::page::wrap::hanging;
use crate::wizard::page::{Drawn, Page, PageLine, highlight, markdown};
use crate::wizard::steps::agent;
use crate::wizard::steps::source::for_me;

/// Columns before what is previewed.
const INDENT: u16 = 2;
/// Rows of the choice of templates, and of one's own.
const TEMPLATES: u16 = 3;
const OWN: u16 = 12;
/// Rows of what is previewed, at least.
const LEAST: usize = 6;

/// Puts the step on a page.
pub fn page(page: &mut Page<'_>) {
    let (answers, context) = page.known();
    if answers.is_cloud() {
        page.title("What Netdata Cloud will send is not known here");
        page.text("Cloud writes its events itself. This program sends the live test alone; its events look like this:");
        page.gap();
    } else {
        page.title(if page.view.look.json { "Exactly what ilert will get" } else { "What ilert will show" });
    }
    let Some(payload) = payload(answers, context, page.view.look.at) else { return };
    heading(page, &payload);
    if payload.problem.is_some() {
        page.warning("The template cannot be used, so the sender would send this plain event in its place.");
        page.gap();
    }
    let lines = if page.view.look.json {
        indented(page, highlight::json(&payload.json, page.theme()), 2)
    } else {
        shown(page, &payload.event)
    };
    window(page, lines);
    page.problem(Control::PAYLOAD);
    page.gap();
    for control in controls(answers, context).into_iter().filter(|control| *control != Control::PAYLOAD) {
        page.control(control);
        objection(page, control);
    }
}

/// Which payload it is, and whether it is made up.
fn heading(page: &mut Page<'_>, payload: &Payload) {
    let (context, theme) = (page.view.context, page.theme());
    let style = if page.focused(Control::PAYLOAD) { theme.focus() } else { theme.label() };
    let whose = if is_sample(context) { made_up(page).to_owned() } else { of_more(page) };
    let line = Line::from(vec![
        page.mark(Control::PAYLOAD),
        Span::styled(payload.title.clone(), style),
        Span::styled(whose, theme.dim()),
    ]);
    page.rows.push(PageLine { line, control: Some(Control::PAYLOAD), cursor: None });
    match &context.agent.notices {
        Some(Err(reason)) => page.warning(reason),
        Some(Ok(_)) if is_sample(context) && is_raised(page) => {
            page.text("These are examples: of what is raised now, nothing would be sent.");
        }
        _ => {}
    }
    page.gap();
}

/// Of how many raised alerts only some are shown.
fn of_more(page: &Page<'_>) -> String {
    match &page.view.context.agent.notices {
        Some(Ok(raised)) if raised.len() > MOST => {
            format!("  {MOST} of the {} alerts raised now", raised.len())
        }
        _ => String::new(),
    }
}

/// Why it is.
fn made_up(page: &Page<'_>) -> &'static str {
    let context = page.view.context;
    match &context.agent.notices {
        _ if context.is_busy(Purpose::Notices) => "  example, until Netdata answers",
        Some(Ok(_)) if is_raised(page) => "  example",
        Some(Ok(_)) => "  example: nothing is raised now",
        Some(Err(_)) | None => "  example: Netdata has not answered",
    }
}

/// Whether anything is raised, be it sent or not.
fn is_raised(page: &Page<'_>) -> bool {
    let (answers, context) = page.known();
    agent::probe(answers, context).is_some_and(|probe| probe.raised != (0, 0))
}

/// As many of the lines as there is room for beside the templates.
fn window(page: &mut Page<'_>, lines: Vec<Line<'static>>) {
    let own = page.view.answers.preview.words == TemplateChoice::Own;
    let others = page.rows.len() + usize::from(if own { TEMPLATES + OWN } else { TEMPLATES });
    let room = usize::from(page.height).saturating_sub(others).max(LEAST);
    let last = lines.len().saturating_sub(room);
    let top = usize::from(page.view.look.scroll).min(last);
    for line in lines.into_iter().skip(top).take(room) {
        page.line(line);
    }
    let [top, last, height] = [top, last, room].map(|rows| u16::try_from(rows).unwrap_or(u16::MAX));
    page.window = Some(Drawn { top, last, height, ..Drawn::default() });
}

/// An event as ilert shows it: its title, whom it calls, its details, its links.
fn shown(page: &Page<'_>, event: &Event) -> Vec<Line<'static>> {
    let theme = page.theme();
    let mut lines = indented(page, vec![Line::from(Span::styled(event.summary.clone(), theme.label()))], 0);
    lines.extend(indented(page, vec![Line::from(Span::styled(calls(page, event), theme.dim()))], 0));
    let comments = event.comments.iter().map(|comment| comment.content.as_str());
    for text in comments.chain([event.details.as_str()]).filter(|text| !text.is_empty()) {
        lines.push(Line::default());
        lines.extend(indented(page, markdown::lines(text, page.width.saturating_sub(INDENT), theme), 2));
    }
    if !event.links.is_empty() {
        lines.push(Line::default());
    }
    for link in &event.links {
        let spans = vec![Span::raw(format!("{}: ", link.text)), Span::styled(link.href.clone(), theme.key())];
        lines.extend(indented(page, vec![Line::from(spans)], 2));
    }
    lines
}

/// What the event does, and who is called.
fn calls(page: &Page<'_>, event: &Event) -> String {
    let (answers, context) = page.known();
    let severity = event.severity.map_or_else(String::new, |severity| format!(", severity {severity}"));
    match (event.event_type, event.priority) {
        (EventType::Resolve, _) => "Resolves the alert. Nobody is called.".to_owned(),
        (EventType::Comment, _) => "A comment on the open alert. Nobody is called.".to_owned(),
        (EventType::Alert, Some("HIGH")) => match for_me::made(answers, context) {
            Some(made) if !made.order.policy.name.is_empty() => {
                format!("Priority HIGH{severity}: calls `{}`.", made.order.policy.name)
            }
            _ => format!("Priority HIGH{severity}: calls whom the alert source's escalation policy names."),
        },
        (EventType::Alert, priority) => {
            format!("Priority {}{severity}: nobody is paged.", priority.unwrap_or("LOW"))
        }
    }
}

/// Lines that stand a little further in.
fn indented(page: &Page<'_>, lines: Vec<Line<'static>>, further: u16) -> Vec<Line<'static>> {
    let width = page.width.saturating_sub(INDENT);
    let lines = lines.into_iter().flat_map(|line| hanging(line, width, further));
    let indent = |mut line: Line<'static>| {
        line.spans.insert(0, Span::raw(" ".repeat(usize::from(INDENT))));
        line
    };
    lines.map(indent).collect()
}

/// What is wrong with a template, as it is typed.
fn objection(page: &mut Page<'_>, control: Control) {
    let told = page.view.problem.is_some();
    let (answers, context) = page.known();
    let problem = Control::TEMPLATES.check(answers, context).err();
    if let Some(problem) = problem.filter(|problem| !told && problem.control == control) {
        page.explain(control, &format!("! {}", problem.message), page.theme().bad());
    }
}
