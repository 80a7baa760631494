//! The page of *Notification*: Netdata's modal, or the values for it.

use ratatui::text::{Line, Span};

use super::{cloud_rooms, cloud_values, controls, rooms};
use crate::config::Pattern;
use crate::text::one_line;
use crate::wizard::answers::{Rooms, Step};
use crate::wizard::context::Purpose;
use crate::wizard::form::Control;
use crate::wizard::guide::Guide;
use crate::wizard::page::wrap::wrap;
use crate::wizard::page::{Page, PageLine};
use crate::wizard::steps::source::page::explain;
use crate::wizard::steps::{agent, named};

/// Longest host name that is shown, in characters.
const LONGEST_NAME: usize = 60;

/// Puts the step on a page.
pub fn page(page: &mut Page<'_>) {
    let (answers, context) = page.known();
    page.title("Notification settings");
    let controls = controls(answers, context);
    let boxes = boxes(page, &controls);
    for control in controls {
        if [Control::ROOMS, Control::PRESET, Control::CLOUD_TODO, Control::SILENCES, Control::SILENCE_NAME]
            .contains(&control)
        {
            page.gap();
        }
        if control == Control::CLOUD_TODO {
            let style = page.theme().label();
            page.styled("In Netdata Cloud", style);
        }
        if let Some((label, is_ticked)) = boxes.get(control.at).filter(|_| is_box(control)) {
            page.tick(control, label, *is_ticked);
            page.problem(control);
            if *is_ticked && control.is_of(Control::CLOUD_ROOM) {
                nodes_of(page, control);
            }
            continue;
        }
        if control.is_of(Control::CLOUD_VALUE) {
            if control == Control::CLOUD_VALUE {
                let line = Line::styled("      For the form", page.theme().label());
                page.rows.push(PageLine { line, control: Some(control), cursor: None });
            }
            value(page, control);
        } else {
            page.control(control);
        }
        after(page, control);
    }
}

/// A node or a room to pick.
fn is_box(control: Control) -> bool {
    control.is_of(Control::NODE) || control.is_of(Control::CLOUD_ROOM)
}

/// The labels of all boxes at once, and whether they are ticked: there may be thousands.
fn boxes(page: &Page<'_>, controls: &[Control]) -> Vec<(String, bool)> {
    let (answers, context) = page.known();
    match controls.iter().find(|control| is_box(**control)) {
        Some(first) if first.is_of(Control::NODE) => rooms::boxes(answers, context),
        Some(_) => cloud_rooms::boxes(answers, context),
        None => Vec::new(),
    }
}

/// Says more under some of them.
fn after(page: &mut Page<'_>, control: Control) {
    let (answers, context) = page.known();
    let notification = &answers.notification;
    if control == Control::ROOMS {
        if notification.mode == Rooms::Pick && agent::hosts(answers, context).is_empty() {
            page.warning(&format!(
                "Netdata has not answered, so there is no list: go back to {}, or use a pattern.",
                named(Step::Netdata)
            ));
        }
    } else if control == Control::FIND {
        found(page);
    } else if control == Control::PATTERN {
        let style = if matching(page).1.is_empty() { page.theme().warn() } else { page.theme().dim() };
        page.under(&matches(page), style);
    } else if control == Control::CLOUD_TOKEN {
        whose(page);
    } else if control == Control::PRESET {
        if let Some(warning) = notification.warning() {
            page.warning(warning);
        }
    } else if control.is_of(Control::CLOUD_TODO)
        && page.view.focus == control
        && let Some(step) = Guide::cloud().steps.get(control.at)
    {
        explain(page, control, step);
    }
}

/// Where a token comes from, or whose this one is and what its rooms become.
fn whose(page: &mut Page<'_>) {
    let ((answers, context), theme) = (page.known(), page.theme());
    let Some(known) = cloud_rooms::known(answers, context) else {
        page.hint(if context.is_busy(Purpose::Cloud) {
            "asking Netdata Cloud"
        } else {
            "In Netdata Cloud: your picture, User Settings, API Tokens. It is used now and saved nowhere."
        });
        return;
    };
    let name = if known.user.name.is_empty() { &known.user.email } else { &known.user.name };
    let space = match known.spaces.as_slice() {
        [only] => format!(", space {}", only.name),
        _ => String::new(),
    };
    page.under(&format!("{} {name}{space}", theme.tick()), theme.good());
    if !answers.is_cloud() && context.cloud.listed.is_some() {
        page.hint("Saves the nodes that a room has now: run this again when they change.");
    }
}

/// How much of the list is left, where something is looked for.
fn found(page: &mut Page<'_>) {
    let (answers, context) = page.known();
    if answers.notification.find.is_empty() {
        page.hint("type a part of a name, here or in the list");
        return;
    }
    match controls(answers, context).into_iter().filter(|control| is_box(*control)).count() {
        0 => page.hint("no name has this in it"),
        1 => page.hint("1 name has this in it"),
        count => page.hint(&format!("{count} names have this in them")),
    }
}

/// The nodes of a room that is picked.
fn nodes_of(page: &mut Page<'_>, control: Control) {
    let (answers, context) = page.known();
    let room = cloud_rooms::offered(answers, context, control.at);
    let Some(picked) = room.and_then(|room| room.picked) else { return };
    let text = match &picked.nodes {
        _ if picked.everything => "all nodes, also those added later".to_owned(),
        None => "its nodes are not listed yet".to_owned(),
        Some(nodes) => some(page, nodes.iter().map(String::as_str)),
    };
    let style = page.theme().dim();
    page.explain(control, &text, style);
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
    let (hosts, found) = matching(page);
    match (hosts, found.len()) {
        (0, _) => "no list of nodes to try it on".to_owned(),
        (1, 0) => "does not match the only node".to_owned(),
        (all, 0) => format!("matches none of {all} nodes"),
        (all, count) => format!("matches {count} of {all}: {}", some(page, found.into_iter())),
    }
}

/// How many nodes there are, and those that the pattern matches.
fn matching<'a>(page: &Page<'a>) -> (usize, Vec<&'a str>) {
    let (answers, context) = page.known();
    let pattern = Pattern::new(answers.notification.pattern.given());
    let hosts = agent::hosts(answers, context);
    (hosts.len(), hosts.iter().map(String::as_str).filter(|host| pattern.matches(host)).collect())
}

/// A value to be copied.
fn value(page: &mut Page<'_>, control: Control) {
    let ((answers, context), theme) = (page.known(), page.theme());
    let Some(value) = cloud_values(answers, context).into_iter().nth(control.at) else { return };
    let style = if page.focused(control) { theme.focus() } else { theme.label() };
    let revealed = page.focused(control) && page.view.look.revealed;
    let text = if revealed { value.value.expose() } else { &value.shown };
    let whole = format!("{}: {text}", value.field);
    let label = value.field.len() + 1;
    for (row, text) in wrap(&whole, page.width.saturating_sub(6)).into_iter().enumerate() {
        let mark = if row == 0 { page.mark(control) } else { Span::raw("  ") };
        let (label, rest) =
            if row == 0 { text.split_at_checked(label).unwrap_or(("", &text)) } else { ("", text.as_str()) };
        let spans =
            vec![mark, Span::raw("    "), Span::styled(label.to_owned(), style), Span::raw(rest.to_owned())];
        page.rows.push(PageLine { line: Line::from(spans), control: Some(control), cursor: None });
    }
}
