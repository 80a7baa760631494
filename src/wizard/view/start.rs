//! Step 1 on the screen: what must be there, what was found, who delivers.

use super::page::Page;
use crate::wizard::control::Control;
use crate::wizard::guide;
use crate::wizard::steps::start::{Found, OnDisk};

pub(super) fn page(page: &mut Page<'_>) {
    let model = page.model;
    page.title("From here to a proven alert in ilert: eight steps");
    for control in model.controls() {
        page.control(control);
    }
    page.gap();
    let style = page.theme().label();
    page.styled("What you need", style);
    let (bullet, dim) = (page.theme().bullet(), page.theme().dim());
    for line in guide::prerequisites(model.is_cloud()) {
        page.item(bullet, dim, line);
    }
    page.gap();
    page.styled("Found on this machine", style);
    match &model.start.found {
        None => page.dim("looking round"),
        Some(found) => here(page, found),
    }
    agent(page);
}

fn here(page: &mut Page<'_>, found: &Found) {
    let (theme, path) = (page.theme(), page.model.place.config.display());
    match &found.config {
        OnDisk::Nothing => {
            page.item(theme.bullet(), theme.dim(), &format!("no configuration yet: it will be {path}"));
        }
        OnDisk::Usable(config) => {
            page.item(
                theme.tick(),
                theme.good(),
                &format!("the configuration \"{}\" ({path})", config.notification.name),
            );
        }
        OnDisk::Unusable(why) => {
            page.warning(&format!("a configuration that cannot be used, and is replaced at the end: {why}"));
        }
    }
    if found.variable.is_some() {
        page.item(theme.tick(), theme.good(), "a key in ILERT_API_KEY");
    }
    for note in &found.notes {
        page.item(theme.bullet(), theme.dim(), note);
    }
    for warning in &found.warnings {
        page.warning(warning);
    }
    if let Some(why) = &found.unknown {
        page.warning(&format!(
            "{why}. `netdata-ilert --adopt` takes it over, with an API token of ilert's; the last step says so again"
        ));
    }
    if page.model.controls().contains(&Control::Resume) {
        page.item(theme.tick(), theme.good(), "the answers of an interrupted run");
    }
}

fn agent(page: &mut Page<'_>) {
    let (theme, agent) = (page.theme(), &page.model.agent);
    match agent.answer() {
        None => page.dim("asking Netdata"),
        Some(Ok(probe)) => {
            let text = super::agent::summary(probe);
            page.item(theme.tick(), theme.good(), &text);
        }
        Some(Err(_)) => {
            let url = agent.question().url;
            page.item(
                theme.bullet(),
                theme.dim(),
                &format!("no Netdata agent at {url}: step 4 asks where one is"),
            );
        }
    }
}
