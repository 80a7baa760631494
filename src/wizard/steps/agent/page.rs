//! The page of *Netdata*: the address and what answers there.

use super::{controls, reply};
use crate::netdata::Probe;
use crate::text::one_line;
use crate::wizard::context::Purpose;
use crate::wizard::form::Control;
use crate::wizard::page::Page;

/// Longest host name that is shown, in characters.
const LONGEST_NAME: usize = 60;

/// Puts the step on a page.
pub fn page(page: &mut Page<'_>) {
    let (answers, context) = page.known();
    page.title("The Netdata agent or parent to watch");
    if answers.is_cloud() {
        page.dim(
            "Netdata Cloud delivers: an agent is only needed for the preview. Enter goes on without one.",
        );
        page.gap();
    }
    for control in controls(answers, context) {
        if [Control::USERNAME, Control::AGENT_MORE, Control::ANYWAY].contains(&control) {
            page.gap();
        }
        page.control(control);
        if control == Control::URL {
            answer(page);
        } else if control == Control::OTHER_PARENTS
            && let Some(Ok(probe)) = reply(answers, context)
        {
            probe.doubled.iter().for_each(|words| page.warning(words));
        }
    }
}

fn answer(page: &mut Page<'_>) {
    let ((answers, context), theme) = (page.known(), page.theme());
    if let Err(problem) = Control::URL.check(answers, context) {
        // Said once: after Enter it stands under the field.
        if page.view.problem.is_none() {
            page.item("!", theme.bad(), &problem.message);
        }
        return;
    }
    match reply(answers, context) {
        None if context.is_busy(Purpose::Probe) => page.hint("asking"),
        None => page.hint("not asked yet: press enter"),
        Some(Ok(probe)) => {
            page.under(&format!("{} {}", theme.tick(), summary(probe)), theme.good());
            page.hint(&names(probe));
        }
        Some(Err(reason)) => page.item("!", theme.bad(), reason),
    }
}

/// Who answers, and what it shows: "Netdata v2.11.0 on db-1: 3 nodes, 1 warning, 2 critical".
#[must_use]
pub fn summary(probe: &Probe) -> String {
    let (warnings, criticals) = probe.raised;
    let nodes = match probe.nodes.len() {
        1 => "1 node".to_owned(),
        count => format!("{count} nodes"),
    };
    let raised = match (warnings, criticals) {
        (0, 0) => "nothing raised now".to_owned(),
        (0, criticals) => format!("{criticals} critical now"),
        (warnings, 0) => format!("{warnings} warning now"),
        (warnings, criticals) => format!("{warnings} warning and {criticals} critical now"),
    };
    let host = one_line(&probe.agent.node.host, LONGEST_NAME);
    format!("Netdata {} on {host}: {nodes}, {raised}", probe.agent.version)
}

/// The nodes by name, those that are away marked, as many as a few lines take.
fn names(probe: &Probe) -> String {
    const MOST: usize = 12;
    let names = probe.nodes.iter().take(MOST).map(|node| {
        let host = one_line(&node.id.host, LONGEST_NAME);
        if node.reachable { host } else { format!("{host} (away)") }
    });
    let names = names.collect::<Vec<_>>().join(", ");
    match probe.nodes.len().checked_sub(MOST) {
        None | Some(0) => names,
        Some(more) => format!("{names}, and {more} more"),
    }
}

#[cfg(test)]
mod tests {
    use crate::http::TlsFault;
    use crate::netdata::Error;
    use crate::wizard::steps::agent::ON_SCREEN;

    #[test]
    fn what_to_do_names_the_fields_of_this_screen() {
        let url = || "http://h:19999".to_owned();
        for (error, field) in [
            (Error::Refused { url: url() }, "the URL"),
            (Error::Dns { url: url() }, "the URL"),
            (Error::NotTls { url: url() }, "the URL"),
            (Error::WantsTls { url: url() }, "the URL"),
            (Error::Closed { url: url() }, "the URL"),
            (Error::NotNetdata { url: url(), detail: "an HTML page".into() }, "the URL"),
            (Error::Redirect { url: url(), status: 302, to: None }, "the URL"),
            (Error::Unauthorized { url: url() }, "User name and Password"),
            (Error::PasswordRefused { url: url() }, "User name and Password"),
            (Error::BearerProtection { url: url() }, "Bearer token"),
            (Error::TokenRefused { url: url(), status: 412 }, "Bearer token"),
            (Error::Tls { url: url(), fault: TlsFault::UnknownAuthority }, "CA file, under More"),
        ] {
            let hint = error.hint_with(ON_SCREEN).unwrap();
            assert!(hint.contains(field) && !hint.contains("[netdata]"), "{hint}");
        }
    }
}
