//! What lies over a step: its help in its place, questions in a box.

use ratatui::Frame;
use ratatui::layout::{Constraint, Flex, Layout, Rect};
use ratatui::style::Style;
use ratatui::text::Line;
use ratatui::widgets::{Block, Clear, Padding, Paragraph};

use super::page::Page;
use super::wrap::wrap;
use crate::ilert::account::{Grouping, Wanted};
use crate::wizard::guide::{self, Guide, Topic};
use crate::wizard::model::{Model, Overlay, Step};
use crate::wizard::steps::source::for_me;
use crate::wizard::steps::{review, test};

/// Draws the step's page, or its help.
pub(super) fn panel(model: &Model, frame: &mut Frame<'_>, area: Rect) {
    let page = match model.overlay {
        Some(Overlay::Help(scroll)) => help(model, area, scroll),
        _ => super::page(model, area.width, area.height),
    };
    let below = page.draw(frame, area);
    if below > 0 {
        more(model, frame, area, below);
    }
}

/// Says on the lower border that there is more, and how to get there.
fn more(model: &Model, frame: &mut Frame<'_>, area: Rect, below: usize) {
    let text = format!(" {below} more: page down ");
    let width = u16::try_from(text.len()).unwrap_or(u16::MAX).min(area.width);
    let row = Rect { x: area.right().saturating_sub(width), y: area.bottom(), width, height: 1 };
    let row = row.intersection(frame.area());
    frame.render_widget(Paragraph::new(Line::styled(text, model.theme.dim())), row);
}

fn help(model: &Model, area: Rect, scroll: u16) -> Page<'_> {
    let mut page = Page::new(model, area.width, area.height);
    let topic = Topic::ALL.get(model.step as usize).copied().unwrap_or(Topic::Start);
    let help = guide::help(topic);
    page.title(&help.title);
    page.paragraphs(&help.text, Style::default());
    if model.step == Step::Notification && !model.is_cloud() {
        in_netdata_cloud(&mut page);
    }
    page.scroll = Some(scroll);
    page
}

/// The steps in Netdata Cloud, to be looked at by those who deliver from here.
fn in_netdata_cloud(page: &mut Page<'_>) {
    page.gap();
    let style = page.theme().label();
    page.styled("Delivered by Netdata Cloud instead", style);
    page.dim(&Guide::cloud().intro.join(" "));
    for (at, step) in Guide::cloud().steps.iter().enumerate() {
        page.text(&format!("{}. {}", at + 1, step.title));
        page.dim(&step.text.join(" "));
    }
}

/// Draws the question that is asked, if one is.
pub(super) fn question(model: &Model, frame: &mut Frame<'_>) {
    let (title, text) = match model.overlay {
        Some(Overlay::Leave) => (" Leave? ", leaving(model)),
        Some(Overlay::Confirm) => (" Write? ", writing(model)),
        Some(Overlay::Order) => {
            (" Set it up? ", format!("{}\n\nenter does it, esc goes back", ordering(model)))
        }
        _ => return,
    };
    let theme = model.theme;
    let area = frame.area();
    let width = area.width.saturating_sub(4).min(64);
    let lines = wrap(&text, width.saturating_sub(4));
    let height = u16::try_from(lines.len()).unwrap_or(u16::MAX).saturating_add(2).min(area.height);
    let [row] = Layout::vertical([Constraint::Length(height)]).flex(Flex::Center).areas(area);
    let [place] = Layout::horizontal([Constraint::Length(width)]).flex(Flex::Center).areas(row);
    let block = Block::bordered()
        .border_set(theme.border_set())
        .border_style(theme.warn())
        .title(Line::styled(title, theme.title()))
        .padding(Padding::horizontal(1));
    let lines: Vec<Line<'static>> = lines.into_iter().map(Line::from).collect();
    frame.render_widget(Clear, place);
    frame.render_widget(Paragraph::new(lines).block(block), place);
}

fn leaving(model: &Model) -> String {
    if model.test.leaving {
        return "The test alert may be open in ilert: it is resolved first.\n\n\
                Ctrl-C once more leaves at once; any other key stays."
            .to_owned();
    }
    let open = model.test.run.as_ref().filter(|run| run.may_be_open());
    let test = open.map_or_else(String::new, |run| {
        format!("\nThe test alert `{}` may still be open in ilert.", run.alert_key)
    });
    format!(
        "Nothing is written yet. The answers are kept for the next time, keys and passwords are not.{test}\n\n\
         Ctrl-C once more leaves; any other key stays."
    )
}

/// What will be set up in ilert.
pub(in crate::wizard) fn ordering(model: &Model) -> String {
    let Ok(order) = for_me::order(model) else { return String::new() };
    let source = match &order.source {
        Wanted::This(id) => format!(
            "The alert source `{}` (id {id}) is used as it is. Only its API key is taken from ilert.",
            order.name
        ),
        Wanted::New { .. } => {
            let resolved = match order.auto_resolution {
                None => "nothing resolved by ilert itself".to_owned(),
                Some(after) => format!("resolved by ilert itself after {}", after.label()),
            };
            format!(
                "The alert source `{}` is created in ilert: type API, priority rule HIGH, escalation policy `{}` (id \
                 {}), alert grouping: {}, {resolved}.",
                order.name,
                order.policy.name,
                order.policy.id,
                grouped(model, &order.grouping)
            )
        }
    };
    match &order.heartbeat {
        None => source,
        Some(name) => {
            format!("{source}\n\nAnd the heartbeat monitor `{name}`, where there is none of that name.")
        }
    }
}

/// Which events share an alert: "by time window, within 15 minutes".
fn grouped(model: &Model, grouping: &Grouping) -> String {
    let rule = model.source.grouping.short();
    match grouping {
        Grouping::PerWindow(window) => format!("{rule}, within {}", window.label()),
        Grouping::Intelligent { window, threshold } => {
            format!("{rule}, within {}, how alike: {threshold}", window.label())
        }
        _ => rule.to_owned(),
    }
}

fn writing(model: &Model) -> String {
    let mut lines = Vec::new();
    for (path, _) in review::secrets(model) {
        lines.push(format!("{} (mode 0600)", path.display()));
    }
    lines.push(model.place.config.display().to_string());
    if review::plan(model).is_some() {
        lines.push("and the schedule, as shown".to_owned());
    }
    if review::left_open(model) > 0 && !model.review.leave_open {
        lines.push("and what is open under the former key is resolved in ilert".to_owned());
    }
    if test::passed(model).is_none() {
        lines.push("\nThe live test was skipped: that alerts arrive is not proven.".to_owned());
    }
    lines.push("\nenter writes, esc goes back".to_owned());
    lines.join("\n")
}
