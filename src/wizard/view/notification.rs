//! Step 5 on the screen: Netdata's modal, or the values for it.

use super::page::{Page, Row};
use super::wrap::wrap;
use ratatui::text::{Line, Span};

use crate::config::Pattern;
use crate::text::one_line;
use crate::wizard::control::Control;
use crate::wizard::guide::Guide;
use crate::wizard::message::Purpose;
use crate::wizard::steps::notification::{Rooms, cloud_values};

/// Longest host name that is shown, in characters.
const LONGEST_NAME: usize = 60;

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
        Control::CloudToken => whose(page),
        Control::CloudRoom(at) => nodes_of(page, at),
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

/// Where a token comes from, or whose this one is and what its rooms become.
fn whose(page: &mut Page<'_>) {
    let (model, theme) = (page.model, page.theme());
    let cloud = &model.notification.cloud;
    let Some(known) = cloud.known() else {
        page.hint(if model.is_busy(Purpose::Cloud) {
            "asking Netdata Cloud"
        } else {
            "In Netdata Cloud: your picture, User Settings, API Tokens. It is used while this runs, and kept nowhere."
        });
        return;
    };
    let name = if known.user.name.is_empty() { &known.user.email } else { &known.user.name };
    let space = match known.spaces.as_slice() {
        [only] => format!(", space {}", only.name),
        _ => String::new(),
    };
    page.under(&format!("{} {name}{space}", theme.tick()), theme.good());
    if !model.is_cloud() && cloud.listed.is_some() {
        page.hint("A room is kept as its nodes of now: run this again when they change.");
    }
}

/// The nodes of a room that is picked.
fn nodes_of(page: &mut Page<'_>, at: usize) {
    let room = page.model.notification.cloud.offered(at);
    let Some(picked) = room.and_then(|room| room.picked) else { return };
    let text = match &picked.nodes {
        _ if picked.everything => "all nodes, whatever they are".to_owned(),
        None => "its nodes are not known yet".to_owned(),
        Some(nodes) => some(page, nodes.iter().map(String::as_str)),
    };
    let style = page.theme().dim();
    page.explain(Control::CloudRoom(at), &text, style);
}

/// Names of nodes, as many as a line or two take.
fn some<'a>(page: &Page<'_>, names: impl ExactSizeIterator<Item = &'a str>) -> String {
    const MOST: usize = 8;
    let more = if names.len() > MOST { format!(", {}", page.theme().ellipsis()) } else { String::new() };
    let names: Vec<String> = names.take(MOST).map(|name| one_line(name, LONGEST_NAME)).collect();
    names.join(", ") + &more
}

/// The nodes that a pattern matches, as it is typed.
fn matches(page: &Page<'_>) -> String {
    let pattern = Pattern::new(page.model.notification.pattern.value());
    let hosts = page.model.agent.hosts();
    let found: Vec<&str> = hosts.iter().map(String::as_str).filter(|host| pattern.matches(host)).collect();
    match (hosts.len(), found.len()) {
        (0, _) => "no list of nodes to try it on".to_owned(),
        (all, 0) => format!("matches none of {all} nodes"),
        (all, count) => format!("matches {count} of {all}: {}", some(page, found.into_iter())),
    }
}

/// A value to be copied.
fn value(page: &mut Page<'_>, at: usize) {
    let (model, theme) = (page.model, page.theme());
    let Some(value) = cloud_values(model).into_iter().nth(at) else { return };
    let control = Control::CloudValue(at);
    let style = if page.focused(control) { theme.focus() } else { theme.label() };
    let whole = format!("{}: {}", value.field, value.shown);
    let label = value.field.len() + 1;
    for (row, text) in wrap(&whole, page.width.saturating_sub(6)).into_iter().enumerate() {
        let mark = if row == 0 { page.mark(control) } else { Span::raw("  ") };
        let (label, rest) =
            if row == 0 { text.split_at_checked(label).unwrap_or(("", &text)) } else { ("", text.as_str()) };
        let spans =
            vec![mark, Span::raw("    "), Span::styled(label.to_owned(), style), Span::raw(rest.to_owned())];
        page.rows.push(Row { line: Line::from(spans), control: Some(control), cursor: None });
    }
}
