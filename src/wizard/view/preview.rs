//! Step 6 on the screen: the payload as JSON, and the templates that make it.

use ratatui::text::{Line, Span};

use super::page::{Page, Row};
use super::wrap::wrap;
use crate::wizard::control::Control;
use crate::wizard::highlight;
use crate::wizard::model::Step;
use crate::wizard::steps::check;
use crate::wizard::steps::preview::{Shown, Words, is_sample, shown};

/// Rows that everything but the JSON takes, without templates of one's own.
const REST: u16 = 8;
/// Rows of JSON at least.
const LEAST: u16 = 6;

pub(super) fn page(page: &mut Page<'_>) {
    let model = page.model;
    page.title("Exactly what ilert will get");
    let Some(shown) = shown(model) else { return };
    heading(page, &shown);
    json(page, &shown.json);
    page.problem(Control::Payload);
    page.gap();
    page.control(Control::Templates);
    if model.preview.words == Words::Own {
        template(page, Control::Summary);
        template(page, Control::Details);
    }
}

/// Which payload it is, and whether it is made up.
fn heading(page: &mut Page<'_>, shown: &Shown) {
    let (model, theme) = (page.model, page.theme());
    let focused = model.focus == Control::Payload && model.overlay.is_none();
    let mark = if focused { theme.current() } else { " " };
    let style = if focused { theme.focus() } else { theme.label() };
    let made_up = if is_sample(model) { "  made up: nothing to tell now" } else { "" };
    let line = Line::from(vec![
        Span::styled(format!("{mark} "), theme.focus()),
        Span::styled(shown.title.clone(), style),
        Span::styled(made_up, theme.dim()),
    ]);
    page.rows.push(Row { line, control: Some(Control::Payload), cursor: None });
    if let Some(Err(reason)) = &model.preview.live {
        page.warning(reason);
    }
}

/// A window on the JSON.
fn json(page: &mut Page<'_>, json: &str) {
    let model = page.model;
    let room = usize::from(page.height.saturating_sub(REST).max(LEAST));
    let mut lines = Vec::new();
    for line in json.lines() {
        // Broken before it is coloured: what is too wide goes on in the next line.
        lines.extend(wrap(line, page.width.saturating_sub(2)));
    }
    let top = usize::from(model.preview.scroll).min(lines.len().saturating_sub(room));
    let more = lines.len().saturating_sub(top + room);
    let window: Vec<String> = lines.into_iter().skip(top).take(room).collect();
    for mut line in highlight::json(&window.join("\n"), page.theme()) {
        line.spans.insert(0, Span::raw("  "));
        page.rows.push(Row { line, control: Some(Control::Payload), cursor: None });
    }
    if more > 0 {
        page.dim(&format!("  {} {more} more lines: page down", page.theme().ellipsis()));
    }
}

/// A template, and what is wrong with it as it is typed.
fn template(page: &mut Page<'_>, control: Control) {
    page.control(control);
    let told = page.model.problem.is_some();
    let problem = check(page.model, Step::Preview).err();
    if let Some(problem) = problem.filter(|problem| !told && problem.control == control) {
        page.explain(control, &format!("! {}", problem.message), page.theme().bad());
    }
}
