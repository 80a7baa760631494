//! Step 6 on the screen: the payload as JSON, and the templates that make it.

use ratatui::text::{Line, Span};

use super::page::{Page, Row};
use super::wrap::hanging;
use crate::wizard::control::Control;
use crate::wizard::highlight;
use crate::wizard::message::Purpose;
use crate::wizard::model::{Model, Step};
use crate::wizard::steps::check;
use crate::wizard::steps::preview::{MOST, Shown, Words, is_sample, shown};

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
    let style = if page.focused(Control::Payload) { theme.focus() } else { theme.label() };
    let whose = if is_sample(model) { made_up(model).to_owned() } else { of_more(model) };
    let line = Line::from(vec![
        page.mark(Control::Payload),
        Span::styled(shown.title.clone(), style),
        Span::styled(whose, theme.dim()),
    ]);
    page.rows.push(Row { line, control: Some(Control::Payload), cursor: None });
    if let Some(Err(reason)) = &model.preview.live {
        page.warning(reason);
    }
}

/// Of how many raised alerts only some are shown.
fn of_more(model: &Model) -> String {
    match &model.preview.live {
        Some(Ok(raised)) if raised.len() > MOST => {
            format!("  {MOST} of the {} alerts raised now", raised.len())
        }
        _ => String::new(),
    }
}

/// Why it is.
fn made_up(model: &Model) -> &'static str {
    match &model.preview.live {
        _ if model.is_busy(Purpose::Notices) => "  made up, until Netdata has answered",
        Some(Ok(_)) => "  made up: nothing to tell now",
        Some(Err(_)) | None => "  made up: Netdata has not answered",
    }
}

/// A window on the JSON.
fn json(page: &mut Page<'_>, json: &str) {
    let model = page.model;
    let room = usize::from(page.height.saturating_sub(REST).max(LEAST));
    let coloured = highlight::json(json, page.theme());
    let lines: Vec<Line<'static>> =
        coloured.into_iter().flat_map(|line| hanging(line, page.width.saturating_sub(2))).collect();
    let top = usize::from(model.preview.scroll).min(lines.len().saturating_sub(room));
    let more = lines.len().saturating_sub(top + room);
    for mut line in lines.into_iter().skip(top).take(room) {
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
