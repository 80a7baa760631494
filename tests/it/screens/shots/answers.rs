//! *Netdata*, *Notification* and *Preview*.

use netdata_ilert::wizard::Step;
use netdata_ilert::wizard::form::Control;
use netdata_ilert::wizard::theme::Theme;

use super::{Shot, Wizard, at, begun, world};

pub const SHOTS: &[Shot] = &[
    ("netdata-answers", netdata),
    ("netdata-asking", |theme| at(Step::Netdata, theme).press("backspace 8").tick(4)),
    ("netdata-refused", netdata_refused),
    ("netdata-held-back", |theme| netdata_refused(theme).press("enter")),
    ("netdata-no-url", |theme| {
        at(Step::Netdata, theme)
            .press("ctrl-u")
            .type_text("no address")
            .press("enter")
            .answer(world::no_url())
    }),
    ("netdata-taken-as", |theme| at(Step::Netdata, theme).press("ctrl-u").type_text("localhost")),
    ("netdata-more", |theme| at(Step::Netdata, theme).to(Control::AGENT_MORE).press("space tab")),
    ("netdata-credentials", |theme| {
        at(Step::Netdata, theme).press("tab").type_text("ilert").press("tab").paste(world::PASSWORD)
    }),
    ("netdata-many-nodes", |theme| of_many_nodes(theme, Step::Netdata)),
    ("netdata-cloud", |theme| cloud(theme, Step::Netdata)),
    ("notification-all", notification),
    ("notification-picked", |theme| picked(theme).press("space")),
    ("notification-found", |theme| many_nodes(theme, Step::Notification).type_text("b-1")),
    ("notification-not-found", |theme| many_nodes(theme, Step::Notification).type_text("zz")),
    ("notification-none-picked", |theme| picked(theme).press("enter")),
    ("notification-wide-names", |theme| {
        let nodes = [("データベース-1", true), ("größe-2", true)];
        let wizard = Wizard::new(theme).answer(world::nothing_there()).answer(world::probe(&nodes, (0, 0)));
        wizard.onward(Step::Notification).to(Control::ROOMS).press("down").to(Control::NODE).press("space")
    }),
    ("notification-pattern", |theme| {
        notification(theme).to(Control::ROOMS).press("down down").to(Control::PATTERN).type_text("db-* !db-2")
    }),
    ("notification-no-name", |theme| notification(theme).press("ctrl-u enter")),
    ("notification-unresolved", |theme| notification(theme).to(Control::PRESET).press("down down")),
    ("notification-silences", |theme| {
        notification(theme).press("ctrl-s").type_text("Friday batch").to(Control::SILENCE_TIME)
    }),
    ("notification-silence-without-time", |theme| {
        notification(theme).press("ctrl-s").type_text("Friday batch").press("enter")
    }),
    ("notification-cloud", |theme| cloud(theme, Step::Notification).to(Control::CLOUD_TODO)),
    ("notification-cloud-values", |theme| cloud(theme, Step::Notification).to(Control::CLOUD_VALUE.at(3))),
    ("preview-fetching", |theme| at(Step::Preview, theme).tick(3)),
    ("preview-alert", preview),
    ("preview-resolve", |theme| preview(theme).press("right")),
    ("preview-json", |theme| preview(theme).press("j")),
    ("preview-unreachable", |theme| preview(theme).press("right right right right")),
    ("preview-storm", |theme| preview(theme).press("left")),
    ("preview-cloud", |theme| cloud(theme, Step::Preview).answer(world::raised())),
    ("preview-scrolled", |theme| preview(theme).press("pagedown")),
    ("preview-samples", |theme| {
        let wizard = Wizard::new(theme).answer(world::nothing_there()).answer(world::nobody_there());
        let wizard = wizard.onward(Step::Netdata).to(Control::ANYWAY).press("space");
        wizard.onward(Step::Preview)
    }),
    ("preview-own", own_templates),
    ("preview-template-error", |theme| own_templates(theme).press("home").type_text("{{ nod }} ")),
];

/// *Netdata*, answered.
pub fn netdata(theme: Theme) -> Wizard {
    at(Step::Netdata, theme)
}

/// *Notification*, as it begins.
pub fn notification(theme: Theme) -> Wizard {
    at(Step::Notification, theme)
}

/// *Preview*, with what is raised.
pub fn preview(theme: Theme) -> Wizard {
    at(Step::Preview, theme).answer(world::raised())
}

fn netdata_refused(theme: Theme) -> Wizard {
    Wizard::new(theme).answer(world::nothing_there()).answer(world::access_list()).onward(Step::Netdata)
}

/// A parent of forty nodes.
fn of_many_nodes(theme: Theme, step: Step) -> Wizard {
    let hosts: Vec<String> = (1..=40).map(|number| format!("web-{number:02}")).collect();
    let nodes: Vec<(&str, bool)> = hosts.iter().map(|host| (host.as_str(), true)).collect();
    Wizard::new(theme).answer(world::nothing_there()).answer(world::probe(&nodes, (0, 0))).onward(step)
}

/// On a box of a long list.
fn many_nodes(theme: Theme, step: Step) -> Wizard {
    of_many_nodes(theme, step).to(Control::ROOMS).press("down").to(Control::NODE.at(1))
}

fn picked(theme: Theme) -> Wizard {
    notification(theme).to(Control::ROOMS).press("down").to(Control::NODE.at(1))
}

fn own_templates(theme: Theme) -> Wizard {
    preview(theme).to(Control::TEMPLATES).press("down").to(Control::SUMMARY)
}

/// Where Netdata Cloud delivers.
pub fn cloud(theme: Theme, step: Step) -> Wizard {
    begun(theme).press("down").onward(step)
}
