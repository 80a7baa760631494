//! A page: lines and controls, one under the other, for a width. The screen draws the part that fits; `--plain`
//! prints the lines and asks for the controls.

mod controls;
pub mod highlight;
pub mod markdown;
pub mod wrap;

use std::ops::Range;

use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use ratatui::widgets::Paragraph;
use unicode_width::UnicodeWidthStr;

use super::answers::Answers;
use super::context::Context;
use super::form::{Boxes, Control, StepProblem, Widget};
use super::theme::Theme;
use wrap::wrap;

/// Columns of the mark before a control.
const MARK: u16 = 2;
/// Columns of a control's label.
const LABEL: u16 = 15;

/// One line of a page.
#[derive(Clone, Debug)]
pub struct PageLine {
    /// The line.
    pub line: Line<'static>,
    /// The control that it belongs to.
    pub control: Option<Control>,
    /// The column of the cursor in it.
    pub cursor: Option<u16>,
}

/// How far something is looked through by pages.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Look {
    /// Which of several things is shown.
    pub at: usize,
    /// How many of its lines are above the window.
    pub scroll: u16,
    /// Payloads are shown as JSON, rather than as ilert shows them.
    pub json: bool,
    /// A value to be copied is shown whole, rather than masked.
    pub revealed: bool,
}

/// Which part of a page was drawn, in rows, and how wide the screen was.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Drawn {
    /// The first row that is seen.
    pub top: u16,
    /// The first row that is seen where nothing is left below.
    pub last: u16,
    /// How many are seen at once.
    pub height: u16,
    /// Columns of the whole screen; 0 before anything was drawn.
    pub columns: u16,
}

/// What a page shows, and where the person is on it.
#[derive(Clone, Copy)]
pub struct View<'a> {
    /// What was answered.
    pub answers: &'a Answers,
    /// What is known.
    pub context: &'a Context,
    /// Colours and glyphs.
    pub theme: Theme,
    /// What has the focus.
    pub focus: Control,
    /// Whether the keys act on the focus: no overlay is open.
    pub is_active: bool,
    /// Why Enter did not go on.
    pub problem: Option<&'a StepProblem>,
    /// The first row to be seen, where the page was scrolled by hand; else the focus is seen.
    pub scroll: Option<u16>,
    /// How far what is looked at is looked through.
    pub look: Look,
}

/// A page while it is made.
pub struct Page<'a> {
    /// What it shows.
    pub view: View<'a>,
    /// Columns that there are.
    pub width: u16,
    /// Rows that there are at once.
    pub height: u16,
    /// The rows so far.
    pub rows: Vec<PageLine>,
    /// It is said line by line: hints stand at the margin, as nothing is beside them.
    pub is_said: bool,
    /// Which of them are warnings, one after the other.
    pub warnings: Vec<Range<usize>>,
    /// The first row to be drawn, where the page is scrolled by hand.
    pub scroll: Option<u16>,
    /// The part that is seen of what is looked at through a window of its own.
    pub window: Option<Drawn>,
}

impl<'a> Page<'a> {
    /// An empty one.
    #[must_use]
    pub fn new(view: View<'a>, width: u16, height: u16) -> Self {
        Self {
            view,
            width,
            height,
            rows: Vec::new(),
            is_said: false,
            warnings: Vec::new(),
            scroll: None,
            window: None,
        }
    }

    /// What was answered, and what is known.
    #[must_use]
    pub fn known(&self) -> (&'a Answers, &'a Context) {
        (self.view.answers, self.view.context)
    }

    /// Colours and glyphs.
    #[must_use]
    pub fn theme(&self) -> Theme {
        self.view.theme
    }

    /// An empty row, unless there is one already or nothing above it.
    pub fn gap(&mut self) {
        if self.rows.last().is_some_and(|row| row.line.width() > 0) {
            self.line(Line::default());
        }
    }

    /// A row as it is; what is too wide is cut when it is drawn.
    pub fn line(&mut self, line: Line<'static>) {
        self.rows.push(PageLine { line, control: None, cursor: None });
    }

    /// The step's heading.
    pub fn title(&mut self, text: &str) {
        let style = self.theme().title();
        self.styled(text, style);
        self.gap();
    }

    /// Text in lines.
    pub fn text(&mut self, text: &str) {
        self.styled(text, Style::default());
    }

    /// Text in lines, less important.
    pub fn dim(&mut self, text: &str) {
        let style = self.theme().dim();
        self.styled(text, style);
    }

    /// Text in lines, in a style.
    pub fn styled(&mut self, text: &str, style: Style) {
        for line in wrap(text, self.width) {
            self.line(Line::styled(line, style));
        }
    }

    /// Lines that belong together up to an empty one, broken anew for this width. One that begins with `- ` begins an item
    /// of a list.
    pub fn paragraphs(&mut self, lines: &[String], style: Style) {
        for paragraph in lines.split(String::is_empty) {
            self.gap();
            for part in paragraph.chunk_by(|_, next| !next.starts_with("- ")) {
                let text = part.join(" ");
                match text.strip_prefix("- ") {
                    Some(item) => self.item(self.theme().bullet(), style, item),
                    None => self.styled(&text, style),
                }
            }
        }
    }

    /// A glyph, and text in lines beside it.
    pub fn item(&mut self, glyph: &'static str, style: Style, text: &str) {
        let indent = u16::try_from(glyph.width() + 1).unwrap_or(2);
        for (at, line) in wrap(text, self.width.saturating_sub(indent)).into_iter().enumerate() {
            let mark = if at == 0 { format!("{glyph} ") } else { " ".repeat(usize::from(indent)) };
            self.line(Line::from(vec![Span::styled(mark, style), Span::raw(line)]));
        }
    }

    /// A warning.
    pub fn warning(&mut self, text: &str) {
        let style = self.theme().warn();
        let first = self.rows.len();
        self.item("!", style, text);
        self.warnings.push(first..self.rows.len());
    }

    /// A hint under a control, from its value's column on.
    pub fn hint(&mut self, text: &str) {
        let style = self.theme().dim();
        self.under(text, style);
    }

    /// The same in a style.
    pub fn under(&mut self, text: &str, style: Style) {
        self.indented(MARK + LABEL, text, style);
    }

    /// Text in lines, so many columns to the right.
    fn indented(&mut self, indent: u16, text: &str, style: Style) {
        let indent = if self.is_said { 0 } else { indent };
        for line in wrap(text, self.width.saturating_sub(indent)) {
            self.line(Line::from(vec![
                Span::raw(" ".repeat(usize::from(indent))),
                Span::styled(line, style),
            ]));
        }
    }

    /// Text in lines that belongs to a control: it is seen where that has the focus.
    pub fn explain(&mut self, control: Control, text: &str, style: Style) {
        let indent = MARK + 4;
        for line in wrap(text, self.width.saturating_sub(indent)) {
            let line =
                Line::from(vec![Span::raw(" ".repeat(usize::from(indent))), Span::styled(line, style)]);
            self.rows.push(PageLine { line, control: Some(control), cursor: None });
        }
    }

    /// Draws as much of it as there is room for, what has the focus unless it was scrolled away.
    pub fn draw(self, frame: &mut Frame<'_>, area: Rect) -> Drawn {
        let height = usize::from(area.height);
        let last = self.rows.len().saturating_sub(height);
        let top = match self.scroll.or(self.view.scroll) {
            Some(scroll) => usize::from(scroll),
            None => self.around_focus(height),
        };
        let top = top.min(last);
        let rows: Vec<PageLine> = self.rows.into_iter().skip(top).take(height).collect();
        for (at, row) in (0u16..).zip(&rows) {
            if let Some(column) = row.cursor.filter(|column| *column < area.width) {
                frame.set_cursor_position(Position::new(area.x + column, area.y + at));
            }
        }
        let lines: Vec<Line<'static>> = rows.into_iter().map(|row| row.line).collect();
        frame.render_widget(Paragraph::new(lines), area);
        let [top, last] = [top, last].map(|row| u16::try_from(row).unwrap_or(u16::MAX));
        self.window.unwrap_or(Drawn { top, last, height: area.height, ..Drawn::default() })
    }

    /// The last row of what is unfolded below the focus; 0 where it unfolds nothing.
    fn unfolded(&self) -> usize {
        let (focus, (answers, context)) = (self.view.focus, self.known());
        let is_fold = focus.row.boxes == Boxes::Fold;
        if !is_fold || !matches!(focus.widget(answers, context), Widget::Tick { on: true, .. }) {
            return 0;
        }
        // What can be unfolded stands at the end of its page.
        self.rows.iter().rposition(|row| row.control.is_some()).unwrap_or(0)
    }

    /// The first row to draw so that the rows of the focus are seen, with what it unfolds, and some before them.
    fn around_focus(&self, height: usize) -> usize {
        let focus = |row: &PageLine| row.control == Some(self.view.focus);
        let Some(first) = self.rows.iter().position(focus) else { return 0 };
        let last = self.rows.iter().rposition(focus).unwrap_or(first).max(self.unfolded());
        if last < height { 0 } else { (last + 3).saturating_sub(height).min(first) }
    }
}
