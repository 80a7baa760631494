//! The wizard's states, by name: each is a way there, key by key, so that none is one that cannot be reached.

mod answers;
mod end;
mod express;
mod for_me;
mod home;
mod overlays;
mod rooms;
mod set_up;

use netdata_ilert::wizard::Step;
use netdata_ilert::wizard::theme::Theme;

use super::wizard::Wizard;
use super::world;

/// A name, and the way there.
pub type Shot = (&'static str, fn(Theme) -> Wizard);

/// Every step in its most usual state.
pub const USUAL: [Shot; 8] = [
    ("start", set_up::start),
    ("source", set_up::source),
    ("key", set_up::key),
    ("netdata", answers::netdata),
    ("notification", answers::notification),
    ("preview", answers::preview),
    ("test", end::test),
    ("review", end::review),
];

/// Every state worth a look.
pub fn all() -> Vec<Shot> {
    [
        set_up::SHOTS,
        for_me::SHOTS,
        answers::SHOTS,
        rooms::SHOTS,
        end::SHOTS,
        express::SHOTS,
        home::SHOTS,
        overlays::SHOTS,
    ]
    .concat()
}

/// One of them, by its name.
pub fn named(name: &str, theme: Theme) -> Wizard {
    let shot = all().into_iter().find(|(one, _)| *one == name);
    let (_, play) = shot.unwrap_or_else(|| panic!("there is no shot `{name}`"));
    play(theme)
}

/// Right after the wizard has looked round.
fn begun(theme: Theme) -> Wizard {
    Wizard::new(theme).answer(world::nothing_there()).answer(world::probed())
}

/// On a step, all before it answered.
fn at(step: Step, theme: Theme) -> Wizard {
    Wizard::at(step, theme)
}
