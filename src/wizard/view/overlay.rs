//! What is drawn over a step: its help, and questions in a box.

use ratatui::Frame;
use ratatui::layout::{Constraint, Flex, Layout, Rect};
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use ratatui::widgets::{Block, Clear, Padding, Paragraph};
use unicode_width::UnicodeWidthStr as _;

use crate::wizard::answers::Step;
use crate::wizard::form::Evidence;
use crate::wizard::guide::{self, Guide};
use crate::wizard::keymap::explained;
use crate::wizard::model::{Model, Overlay, Progress};
use crate::wizard::page::wrap::wrap;
use crate::wizard::page::{Drawn, Page};
use crate::wizard::steps::source::for_me;
use crate::wizard::steps::{self, home};

/// Draws the step's page, or its help.
pub(super) fn panel(model: &Model, frame: &mut Frame<'_>, area: Rect) -> Drawn {
    let page = match model.overlay {
        Some(Overlay::Help(scroll)) => help(model, area, scroll),
        _ => model.page(area.width, area.height),
    };
    let drawn = page.draw(frame, area);
    if drawn.last > drawn.top {
        more(model, frame, area, drawn.last - drawn.top);
    }
    drawn
}

/// Says on the lower border that there is more, and how to get there.
fn more(model: &Model, frame: &mut Frame<'_>, area: Rect, below: u16) {
    let text = format!(" {below} more: page down ");
    let width = u16::try_from(text.len()).unwrap_or(u16::MAX).min(area.width);
    let row = Rect { x: area.right().saturating_sub(width), y: area.bottom(), width, height: 1 };
    let row = row.intersection(frame.area());
    frame.render_widget(Paragraph::new(Line::styled(text, model.theme.dim())), row);
}

fn help(model: &Model, area: Rect, scroll: u16) -> Page<'_> {
    let mut page = model.empty_page(area.width, area.height);
    if let Some(help) = guide::help(steps::help(&model.answers, model.context.writing.is_done(), model.step))
    {
        page.title(&help.title);
        page.paragraphs(&help.text, Style::default());
    }
    keys(&mut page, model);
    marks(&mut page, model);
    if model.step == Step::Notification && !model.answers.is_cloud() {
        in_netdata_cloud(&mut page);
    }
    page.scroll = Some(scroll);
    page
}

/// All that the keys do at this step, where the focus is.
fn keys(page: &mut Page<'_>, model: &Model) {
    const WIDTH: u16 = 16;
    let theme = page.theme();
    page.gap();
    page.styled("Keys", theme.label());
    for (keys, does) in explained(model) {
        for (at, line) in wrap(&does, page.width.saturating_sub(WIDTH)).into_iter().enumerate() {
            let keys = if at == 0 { keys.as_str() } else { "" };
            let blanks = " ".repeat(usize::from(WIDTH).saturating_sub(keys.width()).max(1));
            let keys = Span::styled(keys.to_owned(), theme.key());
            page.line(Line::from(vec![keys, Span::raw(blanks), Span::raw(line)]));
        }
    }
}

/// What the marks beside the steps say, and why those are not ticked that were passed.
fn marks(page: &mut Page<'_>, model: &Model) {
    if model.step.number().is_none() && model.step != Step::Express {
        return;
    }
    let theme = page.theme();
    page.gap();
    page.styled("Marks", theme.label());
    page.item(theme.tick(), theme.good(), "proven");
    page.item(theme.untried(), Style::default(), "not tried, or not looked at");
    page.item("!", theme.warn(), "needs a look");
    page.item(theme.pending(), theme.dim(), "still to come");
    for step in Step::ALL {
        let evidence = || steps::evidence(&model.answers, &model.context, step);
        match (model.progress(step), evidence()) {
            (Progress::Untried, Evidence::Untried(why)) => {
                page.item(theme.untried(), Style::default(), &format!("{}: {why}", steps::title(step)));
            }
            (Progress::Doubtful, Evidence::Doubtful(caveats)) => {
                for caveat in caveats {
                    page.item("!", theme.warn(), &format!("{}: {}", steps::title(step), caveat.what));
                }
            }
            _ => {}
        }
    }
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

/// Draws the question that is asked, if one is, over the step. The rows behind it are blank: a part of a word says nothing.
pub(super) fn question(model: &Model, frame: &mut Frame<'_>, area: Rect) {
    let (title, text) = match model.overlay {
        Some(Overlay::Leave) => (" Leave? ", leaving(model)),
        Some(Overlay::Order) => (
            " Do this in ilert? ",
            format!("{}\n\nenter does it, esc goes back", for_me::ordering(&model.answers, &model.context)),
        ),
        Some(Overlay::Delete) => (" Delete? ", home::deleting(model.focus, &model.context)),
        _ => return,
    };
    let theme = model.theme;
    let width = area.width.min(64);
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
    frame.render_widget(Clear, row);
    frame.render_widget(Paragraph::new(lines).block(block), place);
}

fn leaving(model: &Model) -> String {
    if model.leaving {
        return "The test alert may be open in ilert: it is resolved first.\n\n\
                Ctrl-C once more leaves at once; any other key stays."
            .to_owned();
    }
    let open = model.context.test.open();
    let open = open.map(|run| format!("\nThe test alert `{}` may still be open in ilert.", run.alert_key));
    let test: String = open.collect();
    let written = if model.context.writing.written.is_some() {
        "Not everything is written yet."
    } else {
        "Nothing is written yet."
    };
    let kept = match model.context.place.demo {
        Some(_) => "The demo keeps nothing.",
        None => "The answers are kept for the next time, keys and passwords are not.",
    };
    format!(
        "{written} {kept}{test}\n\n\
         Ctrl-C once more leaves; any other key stays."
    )
}
