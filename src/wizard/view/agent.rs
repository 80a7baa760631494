//! Step 4 on the screen: where the agent is, and what it shows.

use super::page::Page;
use crate::netdata::Probe;
use crate::wizard::control::Control;
use crate::wizard::message::Purpose;

pub(super) fn page(page: &mut Page<'_>) {
    let model = page.model;
    page.title("The Netdata agent or parent to watch");
    if model.is_cloud() {
        page.dim(
            "Netdata Cloud delivers: an agent is only asked for the preview. Enter goes on without one.",
        );
        page.gap();
    }
    page.control(Control::Url);
    answer(page);
    page.gap();
    page.control(Control::Username);
    secret(page, Control::Password, model.agent.password.is_empty() && model.agent.known_password.is_some());
    secret(page, Control::Token, model.agent.token.is_empty() && model.agent.known_token.is_some());
    page.control(Control::CaFile);
    if model.controls().contains(&Control::Anyway) {
        page.gap();
        page.control(Control::Anyway);
    }
}

fn secret(page: &mut Page<'_>, control: Control, known: bool) {
    page.control(control);
    if known {
        page.hint("empty: the configured one is kept");
    }
}

fn answer(page: &mut Page<'_>) {
    let (model, theme) = (page.model, page.theme());
    match model.agent.answer() {
        None if model.is_busy(Purpose::Probe) => page.hint("asking"),
        None => page.hint("not asked yet: enter asks"),
        Some(Ok(probe)) => {
            page.under(&format!("{} {}", theme.tick(), summary(probe)), theme.good());
            page.hint(&hosts(probe));
        }
        Some(Err(reason)) => page.item("!", theme.bad(), reason),
    }
}

/// Who answers, and what it shows: "Netdata v2.11.0 on db-1: 3 nodes, 1 warning, 2 critical".
pub(super) fn summary(probe: &Probe) -> String {
    let (warnings, criticals) = probe.raised;
    let nodes = match probe.nodes.len() {
        1 => "1 node".to_owned(),
        count => format!("{count} nodes"),
    };
    let raised = match (warnings, criticals) {
        (0, 0) => "nothing raised now".to_owned(),
        _ => format!("{warnings} warning and {criticals} critical now"),
    };
    format!("Netdata {} on {}: {nodes}, {raised}", probe.agent.version, probe.agent.node.host)
}

/// The nodes by name, those that are away marked, as many as a few lines take.
fn hosts(probe: &Probe) -> String {
    const MOST: usize = 12;
    let names =
        probe.nodes.iter().take(MOST).map(|node| {
            if node.reachable { node.id.host.clone() } else { format!("{} (away)", node.id.host) }
        });
    let names = names.collect::<Vec<_>>().join(", ");
    match probe.nodes.len().checked_sub(MOST) {
        None | Some(0) => names,
        Some(more) => format!("{names}, and {more} more"),
    }
}
