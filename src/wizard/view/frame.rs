//! The frame around every step: the title, the list of steps, the footer.

use std::collections::BTreeSet;

use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use ratatui::widgets::{Block, Padding, Paragraph};
use unicode_width::UnicodeWidthStr;

use super::SMALLEST;
use crate::wizard::answers::Step;
use crate::wizard::keymap::{Binding, bindings};
use crate::wizard::message::{Direction, Message};
use crate::wizard::model::{Model, Progress};
use crate::wizard::page::wrap::wrap;
use crate::wizard::steps;

/// Columns of the list of steps.
const LIST: u16 = 24;
/// From so many columns on, the list stands beside the step; else it is one line above.
const BESIDE: u16 = 78;

/// Draws it, and says what is left for the step.
pub(super) fn draw(model: &Model, frame: &mut Frame<'_>) -> Rect {
    let area = frame.area();
    let notice = notice(model, area.width);
    let said = u16::try_from(notice.len()).unwrap_or(0);
    let [head, body, told, foot] = Layout::vertical([
        Constraint::Length(1),
        Constraint::Min(1),
        Constraint::Length(said),
        Constraint::Length(1),
    ])
    .areas(area);
    frame.render_widget(Paragraph::new(notice), told);
    title(model, frame, head);
    footer(model, frame, foot);
    let step = if model.step == Step::Home {
        body
    } else if area.width >= BESIDE {
        let [left, right] = Layout::horizontal([Constraint::Length(LIST), Constraint::Min(1)]).areas(body);
        list(model, frame, left);
        right
    } else {
        let [top, below] = Layout::vertical([Constraint::Length(1), Constraint::Min(1)]).areas(body);
        frame.render_widget(Paragraph::new(short_list(model)), top);
        below
    };
    let theme = model.theme;
    let block = Block::bordered()
        .border_set(theme.border_set())
        .border_style(theme.border(true))
        .padding(Padding::horizontal(1));
    let inner = block.inner(step);
    frame.render_widget(block, step);
    inner
}

/// What is said of the last key, above the footer, whole.
fn notice(model: &Model, width: u16) -> Vec<Line<'static>> {
    const MOST: usize = 4;
    let lines = model.notice.iter().flat_map(|notice| wrap(notice, width.saturating_sub(2))).take(MOST);
    lines.map(|line| Line::styled(format!(" {line}"), model.theme.good())).collect()
}

fn title(model: &Model, frame: &mut Frame<'_>, area: Rect) {
    let theme = model.theme;
    let dot = theme.between();
    let mut left = vec![Span::styled(" netdata-ilert", theme.title())];
    let number = model.step.counted().unwrap_or_else(|| steps::title(model.step).to_lowercase()) + " ";
    let mut right = vec![Span::raw("  ")];
    if let Some(purpose) = model.spinner.purpose.filter(|_| model.spinner.ticks > 1) {
        let turn = usize::try_from(model.spinner.ticks).unwrap_or_default();
        right.push(Span::styled(format!("{} {}  ", theme.spinner(turn), purpose.words()), theme.focus()));
    }
    right.push(Span::styled(number, theme.dim()));
    let right = Line::from(right).right_aligned();
    let room = area.width.saturating_sub(u16::try_from(right.width()).unwrap_or(u16::MAX));
    // The longest that fits: half a word says less than none.
    let (said, style) = if model.context.place.demo.is_some() {
        (["demo, nothing leaves this machine", "demo"], theme.warn())
    } else {
        (["Netdata alerts, delivered to ilert", "Netdata to ilert"], theme.dim())
    };
    let words = said.into_iter().map(|words| Span::styled(format!(" {dot} {words}"), style));
    let taken = Line::from(left.clone()).width();
    left.extend(words.into_iter().find(|words| taken + words.width() <= usize::from(room)));
    frame.render_widget(Paragraph::new(Line::from(left)), Rect { width: room.min(area.width), ..area });
    frame.render_widget(Paragraph::new(right), Rect { x: area.x + room, width: area.width - room, ..area });
}

fn list(model: &Model, frame: &mut Frame<'_>, area: Rect) {
    let theme = model.theme;
    let lines: Vec<Line<'static>> = Step::ALL
        .into_iter()
        .map(|step| {
            let (glyph, style) = mark(model, step);
            Line::from(vec![Span::raw(" "), Span::styled(format!("{glyph} {}", steps::title(step)), style)])
        })
        .collect();
    let block = Block::bordered().border_set(theme.border_set()).border_style(theme.border(false));
    frame.render_widget(Paragraph::new(lines).block(block), area);
}

/// The list in one line: `✓ ✓ ▶ API key · · · · ·`.
fn short_list(model: &Model) -> Line<'static> {
    let mut spans = vec![Span::raw(" ")];
    for step in Step::ALL {
        let (glyph, style) = mark(model, step);
        spans.push(Span::styled(format!("{glyph} "), style));
        if step == model.step {
            spans.push(Span::styled(format!("{} ", steps::title(step)), style));
        }
    }
    Line::from(spans)
}

fn mark(model: &Model, step: Step) -> (&'static str, Style) {
    let theme = model.theme;
    match model.progress(step) {
        Progress::Done => (theme.tick(), theme.good()),
        Progress::Untried => (theme.untried(), Style::default()),
        Progress::Doubtful => ("!", theme.warn()),
        Progress::Current => (theme.current(), theme.focus()),
        Progress::Pending => (theme.pending(), theme.dim()),
    }
}

/// The keys that do something, as many as there is room for: help and quit always, for they come first where
/// it gets narrow.
fn footer(model: &Model, frame: &mut Frame<'_>, area: Rect) {
    let theme = model.theme;
    let named: Vec<Binding> =
        bindings(model).into_iter().filter(|binding| !binding.label.is_empty()).collect();
    let name = |binding: &Binding| binding.keys.first().map_or_else(String::new, |press| press.name());
    let width = |binding: &Binding| name(binding).width() + binding.label.width() + 4;
    let (order, last) = by_want(&named);
    // The blanks after the last one need no room.
    let mut room = usize::from(area.width) + 2;
    let fits = |at: &usize| {
        let wide = named.get(*at).map_or(0, width);
        let fits = wide <= room || *at >= last;
        room = room.saturating_sub(if fits { wide } else { 0 });
        fits
    };
    let shown: BTreeSet<usize> = order.into_iter().filter(fits).collect();
    let mut spans = Vec::new();
    for binding in shown.into_iter().filter_map(|at| named.get(at)) {
        spans.push(Span::styled(format!(" {}", name(binding)), theme.key()));
        spans.push(Span::styled(format!(" {}  ", binding.label), theme.dim()));
    }
    frame.render_widget(Paragraph::new(Line::from(spans)), area);
}

/// The order in which keys get room, by their places, and the place of the first that always does. Help and quit come
/// first; the ways to another screen, and what gives up, before the arrows, which anybody would try.
fn by_want(named: &[Binding]) -> (Vec<usize>, usize) {
    let last = named.len().saturating_sub(2);
    let is = |at: &usize, wanted: fn(&Message) -> bool| {
        named.get(*at).is_some_and(|binding| wanted(&binding.message))
    };
    let arrows = |at: &usize| is(at, |message| matches!(message, Message::Move(Direction::Down)));
    let first = (0..last).find(arrows).unwrap_or(last);
    let (ways, others): (Vec<usize>, Vec<usize>) =
        (first..last).partition(|at| is(at, |message| matches!(message, Message::GoTo(_) | Message::Cancel)));
    ((last..named.len()).chain(0..first).chain(ways).chain(others).collect(), last)
}

/// The terminal is too small.
pub(super) fn more_room(model: &Model, frame: &mut Frame<'_>) {
    let area = frame.area();
    let (columns, rows) = SMALLEST;
    let text = format!(
        "This needs {columns} columns and {rows} rows: the terminal has {} and {}. Make it larger, or leave \
         with ctrl-c and use {}.",
        area.width,
        area.height,
        model.context.place.command("--plain")
    );
    let lines: Vec<Line<'static>> =
        wrap(&text, area.width).into_iter().map(|line| Line::styled(line, model.theme.warn())).collect();
    frame.render_widget(Paragraph::new(lines), area);
}
