//! How controls look: a mark where the focus is, a label, and what they hold.

use ratatui::style::Style;
use ratatui::text::{Line, Span};
use unicode_width::UnicodeWidthStr;

use super::wrap::wrap;
use super::{LABEL, MARK, Page, PageLine};
use crate::wizard::form::{Access, Boxes, Choice, Control, Widget};

/// Rows of a text of several lines.
const AREA: u16 = 5;
/// A choice of more than so many is shown whole only where it has the focus.
const FEW: usize = 5;
/// Options that are shown at once.
const MOST: usize = 8;

impl Page<'_> {
    /// A control, with what is wrong with it, and its help.
    pub fn control(&mut self, control: Control) {
        let (answers, context) = self.known();
        let mut indent = MARK + LABEL;
        match control.widget(answers, context) {
            Widget::Text(field) => {
                let (text, cursor) = field.view(self.value_width());
                self.value(control, text, cursor);
            }
            Widget::Secret(field) => {
                let (text, cursor) = field.view(self.value_width(), self.theme().mask());
                self.value(control, text, cursor);
            }
            Widget::Area(area) => {
                // The mark of what goes on stands in a column of its own.
                let more = self.theme().more();
                let room = self.width.saturating_sub(5);
                let view = area.view(room, AREA);
                self.labelled(control, Vec::new(), None);
                for (at, (line, is_cut)) in view.lines.into_iter().zip(view.cut).enumerate() {
                    let here = self.focused(control) && usize::from(view.cursor.0) == at;
                    let blanks = " ".repeat(usize::from(room).saturating_sub(line.width()));
                    let mut spans = vec![Span::raw("    "), Span::raw(line)];
                    if is_cut {
                        spans.extend([Span::raw(blanks), Span::styled(more, self.theme().dim())]);
                    }
                    let line = Line::from(spans);
                    self.rows.push(PageLine {
                        line,
                        control: Some(control),
                        cursor: here.then_some(view.cursor.1.saturating_add(4)),
                    });
                }
            }
            Widget::Choice(Choice { options, selected }) => {
                indent = self.choice(control, &options, selected);
            }
            Widget::Pick(filter, Choice { options, selected }) => {
                if self.focused(control) || options.is_empty() {
                    let (text, cursor) = filter.view(self.value_width());
                    self.value(control, text, cursor);
                    self.pick(control, &options, selected);
                } else {
                    let chosen: Vec<String> = options.into_iter().skip(selected).take(1).collect();
                    indent = self.choice(control, &chosen, 0);
                }
            }
            Widget::Tick { label, on } => self.tick(control, &label, on),
            Widget::Look => {}
        }
        self.problem(control);
        if let Some(help) = (control.row.help)(answers, context) {
            self.indented(indent, &help, self.theme().dim());
        }
    }

    /// A row to go into: a label, and text in lines beside it.
    pub fn entry(&mut self, control: Control, label: &str, text: &str) {
        let style = if self.focused(control) { self.theme().focus() } else { self.theme().label() };
        let column = if label.is_empty() { 0 } else { LABEL };
        let lines = wrap(text, self.width.saturating_sub(MARK + column));
        for (at, line) in lines.into_iter().enumerate() {
            let label = if at == 0 { label } else { "" };
            let mark = if at == 0 { self.mark(control) } else { Span::raw(" ".repeat(usize::from(MARK))) };
            let blanks = usize::from(column).saturating_sub(label.width());
            // The blanks are bare: without colour the focus is underlined.
            let mut spans = vec![mark, Span::styled(label.to_owned(), style), Span::raw(" ".repeat(blanks))];
            let beside = if label.is_empty() && column == 0 { style } else { Style::default() };
            spans.push(Span::styled(line, beside));
            self.rows.push(PageLine { line: Line::from(spans), control: Some(control), cursor: None });
        }
    }

    /// A label, and text in lines beside it, as [`entry`](Self::entry) has it: nothing to go into.
    pub fn labelled_text(&mut self, label: &str, text: &str) {
        let style = self.theme().label();
        for (at, line) in wrap(text, self.width.saturating_sub(MARK + LABEL)).into_iter().enumerate() {
            let label = if at == 0 { label } else { "" };
            let blanks = usize::from(LABEL).saturating_sub(label.width());
            self.line(Line::from(vec![
                Span::raw(" ".repeat(usize::from(MARK))),
                Span::styled(label.to_owned(), style),
                Span::raw(" ".repeat(blanks)),
                Span::raw(line),
            ]));
        }
    }

    /// Why Enter did not go on, under what is to be changed.
    pub fn problem(&mut self, control: Control) {
        let Some(problem) = self.view.problem.filter(|problem| problem.control == control) else {
            return;
        };
        let style = self.theme().bad();
        let indent = " ".repeat(usize::from(MARK));
        let lines = wrap(&problem.message, self.width.saturating_sub(MARK + 2));
        for (at, line) in lines.into_iter().enumerate() {
            let mark = if at == 0 { "! " } else { "  " };
            let line =
                Line::from(vec![Span::raw(indent.clone()), Span::styled(format!("{mark}{line}"), style)]);
            self.rows.push(PageLine { line, control: Some(control), cursor: None });
        }
    }

    /// Whether the keys act on it.
    #[must_use]
    pub fn focused(&self, control: Control) -> bool {
        self.view.focus == control && self.view.is_active
    }

    fn value_width(&self) -> u16 {
        self.width.saturating_sub(MARK + LABEL)
    }

    fn value(&mut self, control: Control, text: String, cursor: u16) {
        let style = if self.focused(control) { self.theme().focus() } else { Style::default() };
        let cursor = self.focused(control).then_some(MARK + LABEL + cursor);
        // A line under the whole field shows where it is, empty or not.
        let room = usize::from(self.value_width());
        let rest = room.saturating_sub(text.width());
        let rest =
            if self.focused(control) { self.theme().blank().repeat(rest.min(24)) } else { String::new() };
        let spans = vec![Span::styled(text, style), Span::styled(rest, self.theme().dim())];
        self.labelled(control, spans, cursor);
    }

    /// The mark, the label, and the value beside it.
    fn labelled(&mut self, control: Control, value: Vec<Span<'static>>, cursor: Option<u16>) {
        let (label, width) = (control.label(), usize::from(LABEL));
        let style = if self.focused(control) { self.theme().focus() } else { self.theme().label() };
        // The blanks after it are bare: without colour the focus is underlined.
        let blanks = Span::raw(" ".repeat(width.saturating_sub(label.width())));
        let mut spans = vec![self.mark(control), Span::styled(label, style), blanks];
        spans.extend(value);
        self.rows.push(PageLine { line: Line::from(spans), control: Some(control), cursor });
    }

    /// The mark before a control: it shows the focus.
    #[must_use]
    pub fn mark(&self, control: Control) -> Span<'static> {
        if self.focused(control) {
            Span::styled(format!("{} ", self.theme().current()), self.theme().title())
        } else {
            Span::raw(" ".repeat(usize::from(MARK)))
        }
    }

    /// A choice: with the focus all options that fit, else the chosen one. Says how far its options are indented.
    fn choice(&mut self, control: Control, options: &[String], selected: usize) -> u16 {
        let room = usize::from(self.value_width()).saturating_sub(self.theme().on().width() + 1);
        let beside = options.iter().all(|option| option.width() <= room);
        if !beside {
            self.labelled(control, Vec::new(), None);
        }
        let indent = if beside { MARK + LABEL } else { 4 };
        let label = if beside { Some(control) } else { None };
        self.options(control, options, selected, indent, label);
        indent
    }

    /// A text that narrows a list down, and what is left of the list.
    fn pick(&mut self, control: Control, options: &[String], selected: usize) {
        if options.is_empty() {
            self.under("no match", self.theme().dim());
            return;
        }
        self.options(control, options, selected, MARK + LABEL, None);
    }

    /// The options of a control, one under the other; beside the label of one, if it is not there yet.
    fn options(
        &mut self,
        control: Control,
        options: &[String],
        selected: usize,
        indent: u16,
        mut label: Option<Control>,
    ) {
        let theme = self.theme();
        let (first, count) = window(options.len(), selected, self.focused(control));
        let wide = u16::try_from(theme.on().width() + 1).unwrap_or(2);
        let blanks = " ".repeat(usize::from(indent));
        for (at, option) in options.iter().enumerate().skip(first).take(count) {
            let glyph = if at == selected { theme.on() } else { theme.off() };
            // Only what the keys act on stands out from afar.
            let style = match (at == selected, self.focused(control)) {
                (true, true) => theme.selected(),
                (true, false) => theme.label(),
                (false, _) => Style::default(),
            };
            let lines = wrap(option, self.width.saturating_sub(indent + wide));
            for (row, line) in lines.into_iter().enumerate() {
                let mark = if row == 0 { format!("{glyph} ") } else { " ".repeat(usize::from(wide)) };
                let spans = vec![Span::raw(mark), Span::styled(line, style)];
                if let Some(control) = label.take() {
                    self.labelled(control, spans, None);
                } else {
                    let mut line = vec![Span::raw(blanks.clone())];
                    line.extend(spans);
                    self.rows.push(PageLine { line: Line::from(line), control: Some(control), cursor: None });
                }
            }
        }
        if self.focused(control) && count < options.len() {
            let typed = matches!(control.row.access, Access::Pick { .. });
            let how = if typed { ": type a part of the name" } else { "" };
            let text = format!("{} {} of {}{how}", theme.ellipsis(), selected + 1, options.len());
            for line in wrap(&text, self.width.saturating_sub(indent)) {
                let line = Line::styled(format!("{blanks}{line}"), theme.dim());
                self.rows.push(PageLine { line, control: Some(control), cursor: None });
            }
        }
    }

    /// A box with its label.
    pub fn tick(&mut self, control: Control, label: &str, on: bool) {
        let glyph = match control.row.boxes {
            Boxes::Fold => self.theme().fold(on),
            _ => self.theme().check(on),
        };
        let style = if self.focused(control) { self.theme().focus() } else { Style::default() };
        let indent = u16::try_from(glyph.width()).unwrap_or(3) + 1 + MARK;
        for (at, line) in wrap(label, self.width.saturating_sub(indent)).into_iter().enumerate() {
            let spans = if at == 0 {
                vec![self.mark(control), Span::styled(format!("{glyph} "), style), Span::styled(line, style)]
            } else {
                vec![Span::raw(" ".repeat(usize::from(indent))), Span::styled(line, style)]
            };
            self.rows.push(PageLine { line: Line::from(spans), control: Some(control), cursor: None });
        }
    }
}

/// Which of the options are shown: the first, and how many.
fn window(count: usize, selected: usize, focused: bool) -> (usize, usize) {
    match (count <= FEW, focused) {
        (true, _) => (0, count),
        (false, true) => (selected.saturating_sub(MOST / 2).min(count.saturating_sub(MOST)), MOST.min(count)),
        (false, false) => (selected, 1),
    }
}

#[cfg(test)]
mod tests {
    use super::window;

    #[test]
    fn shows_what_is_chosen_and_what_is_round_it() {
        for (count, selected, focused, expected) in [
            (3, 0, true, (0, 3)),
            (5, 4, false, (0, 5)),
            (7, 6, true, (0, 7)),
            (7, 6, false, (6, 1)),
            (100, 0, true, (0, 8)),
            (100, 50, true, (46, 8)),
            (100, 99, true, (92, 8)),
            (0, 0, true, (0, 0)),
        ] {
            assert_eq!(window(count, selected, focused), expected, "{count} {selected} {focused}");
        }
    }
}
