//! *Notification* with the rooms of Netdata Cloud's.

use netdata_ilert::wizard::Step;
use netdata_ilert::wizard::form::Control;
use netdata_ilert::wizard::theme::Theme;

use super::{Shot, Wizard, answers, world};

pub const SHOTS: &[Shot] = &[
    ("rooms-empty", |theme| chosen(theme).to(Control::CLOUD_TOKEN)),
    ("rooms-asking", |theme| asked(theme).tick(3)),
    ("rooms-refused", |theme| asked(theme).answer(world::cloud_token_wrong())),
    ("rooms-no-space", |theme| asked(theme).answer(world::spaces(&[])).press("enter")),
    ("rooms-listed", listed),
    ("rooms-spaces", |theme| {
        asked(theme).answer(world::spaces(&["Production", "Lab"])).answer(world::rooms())
    }),
    ("rooms-none-picked", |theme| listed(theme).press("enter")),
    ("rooms-picked", picked),
    ("rooms-all-nodes", |theme| listed(theme).press("space")),
    ("rooms-no-nodes", |theme| {
        let wizard = listed(theme).to(Control::CLOUD_ROOM.at(2)).press("space");
        wizard.answer(world::nodes(&[])).press("enter")
    }),
    ("rooms-cloud", |theme| {
        let wizard = answers::cloud(theme, Step::Notification).to(Control::ROOMS).press("down");
        let wizard = wizard.to(Control::CLOUD_TOKEN).paste(world::CLOUD_TOKEN).press("enter");
        let wizard = wizard.answer(world::spaces(&["Production"])).answer(world::rooms());
        let wizard = wizard.to(Control::CLOUD_ROOM.at(1)).press("space");
        wizard.answer(world::nodes(&["db-1", "db-2"])).to(Control::CLOUD_VALUE.at(1))
    }),
];

/// The rooms are to be Netdata Cloud's.
fn chosen(theme: Theme) -> Wizard {
    answers::notification(theme).to(Control::ROOMS).press("down down down")
}

fn asked(theme: Theme) -> Wizard {
    chosen(theme).to(Control::CLOUD_TOKEN).paste(world::CLOUD_TOKEN).press("enter")
}

fn listed(theme: Theme) -> Wizard {
    asked(theme).answer(world::spaces(&["Production"])).answer(world::rooms())
}

/// A room is picked, and its nodes are known.
pub fn picked(theme: Theme) -> Wizard {
    listed(theme).to(Control::CLOUD_ROOM.at(1)).press("space").answer(world::nodes(&["db-1", "db-2"]))
}
