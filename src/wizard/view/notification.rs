//! Step 5 on the screen: Netdata's modal, or the values for it.

use super::page::Page;
use ratatui::text::{Line, Span};

use crate::config::Pattern;
use crate::wizard::control::Control;
use crate::wizard::guide::Guide;
use crate::wizard::steps::notification::{Rooms, cloud_values};

pub(super) fn page(page: &mut Page<'_>) {
    let model = page.model;
    page.title("Notification settings");
    for control in model.controls() {
        match control {
            Control::Rooms | Control::Preset | Control::CloudTodo(0) => page.gap(),
            _ => {}
        }
        if control == Control::CloudTodo(0) {
            let style = page.theme().label();
            page.styled("In Netdata Cloud", style);
        }
        match control {
            Control::CloudValue(at) => value(page, at),
            _ => page.control(control),
        }
        after(page, control);
    }
}

/// What stands under some of them.
fn after(page: &mut Page<'_>, control: Control) {
    let model = page.model;
    match control {
        Control::Rooms if model.notification.mode == Rooms::Pick && model.agent.hosts().is_empty() => {
            page.warning(
                "Netdata has not answered, so there is no list: go back to step 4, or use a pattern.",
            );
        }
        Control::Pattern => page.hint(&matches(page)),
        Control::Preset => {
            if let Some(warning) = model.notification.warning() {
                page.warning(warning);
            }
        }
        Control::CloudTodo(at) if model.focus == control => {
            if let Some(step) = Guide::cloud().steps.get(at) {
                super::source::explain(page, control, step);
            }
        }
        _ => {}
    }
}

/// The nodes that a pattern matches, as it is typed.
fn matches(page: &Page<'_>) -> String {
    const MOST: usize = 8;
    let pattern = Pattern::new(page.model.notification.pattern.value());
    let hosts = page.model.agent.hosts();
    let found: Vec<&str> = hosts.iter().copied().filter(|host| pattern.matches(host)).collect();
    match (hosts.len(), found.len()) {
        (0, _) => "no list of nodes to try it on".to_owned(),
        (all, 0) => format!("matches none of {all} nodes"),
        (all, count) => {
            let more = if count > MOST { ", …" } else { "" };
            let names = found.into_iter().take(MOST).collect::<Vec<_>>().join(", ");
            format!("matches {count} of {all}: {names}{more}")
        }
    }
}

/// A value to be copied.
fn value(page: &mut Page<'_>, at: usize) {
    let (model, theme) = (page.model, page.theme());
    let Some(value) = cloud_values(model).into_iter().nth(at) else { return };
    let focused = model.focus == Control::CloudValue(at) && model.overlay.is_none();
    let mark = if focused { theme.current() } else { " " };
    let style = if focused { theme.focus() } else { theme.label() };
    page.rows.push(super::page::Row {
        line: Line::from(vec![
            Span::styled(format!("{mark} "), theme.focus()),
            Span::styled(format!("    {}: ", value.field), style),
            Span::raw(value.shown),
        ]),
        control: Some(Control::CloudValue(at)),
        cursor: None,
    });
}
