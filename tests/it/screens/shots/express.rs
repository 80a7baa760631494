//! Pages over all steps: everything at once, and the menu of a configuration that is there.

use netdata_ilert::ilert::account::AlertStatus;
use netdata_ilert::secret::Secret;
use netdata_ilert::wizard::Step;
use netdata_ilert::wizard::context::{Found, OnDisk};
use netdata_ilert::wizard::form::Control;
use netdata_ilert::wizard::theme::Theme;

use super::{Shot, Wizard, answers, for_me, set_up, world};

pub const SHOTS: &[Shot] = &[
    ("express", express),
    ("express-looking", |theme| set_up::key(theme).press("ctrl-x")),
    ("express-for-me", with_token),
    ("express-row", |theme| express(theme).to(Control::EXPRESS.at(1))),
    ("express-matches-none", |theme| {
        let wizard = answers::notification(theme).to(Control::ROOMS).press("down down");
        let wizard = wizard.to(Control::PATTERN).type_text("zz*").press("enter enter");
        wizard.press("ctrl-x").answer(world::ground(Ok(None)))
    }),
    ("express-unreadable", |theme| {
        let reason = "cannot read `/etc/netdata-ilert/config.toml`: Permission denied (os error 13)";
        set_up::key(theme).press("ctrl-x").answer(world::ground(Err(reason))).press("enter")
    }),
    ("express-testing", |theme| express(theme).press("enter").answer(world::accepted(41)).tick(3)),
    ("express-key-wrong", |theme| express(theme).press("enter").answer(world::key_wrong())),
    ("express-writing", |theme| tested(express(theme)).tick(3)),
    ("express-failed", |theme| tested(express(theme)).written(world::disk_full)),
    ("express-unseen", |theme| tested(express(theme)).written(world::done)),
    ("express-not-seen", |theme| tested(express(theme)).written(world::done).press("down down")),
    ("express-variable", |theme| {
        let found = Found { variable: Some(Secret::new(world::KEY.into())), ..Found::default() };
        let wizard = Wizard::new(theme).answer(world::found(found)).answer(world::probed());
        wizard.press("ctrl-x").answer(world::ground(Ok(None)))
    }),
    ("express-shared", |theme| {
        let wizard = set_up::shared(theme).onward(Step::Key).paste(world::KEY).press("ctrl-x");
        tested(wizard.answer(world::ground(Ok(None)))).written(world::done)
    }),
    ("express-done", |theme| {
        let shown = world::looked_up(Some(AlertStatus::Resolved), world::source(12, "Netdata"));
        tested(with_token(theme)).answer(shown).written(world::done)
    }),
    ("menu", menu),
    ("menu-trying", |theme| edited(theme).tick(3)),
    ("menu-key-wrong", |theme| edited(theme).answer(world::key_wrong())),
    ("menu-no-way", |theme| edited(theme).answer(world::no_way())),
    ("menu-step", |theme| menu(theme).press_digit(Step::Notification)),
    ("menu-back", |theme| menu(theme).press_digit(Step::Notification).type_text(" EU").press("enter")),
];

/// What would be done with the key alone.
pub fn express(theme: Theme) -> Wizard {
    set_up::key(theme).press("ctrl-x").answer(world::ground(Ok(None)))
}

fn with_token(theme: Theme) -> Wizard {
    for_me::created(theme).press("ctrl-x").answer(world::ground(Ok(None)))
}

/// All of it is begun, and ilert took both events.
fn tested(wizard: Wizard) -> Wizard {
    wizard.press("enter").answer(world::accepted(41)).answer(world::accepted(38))
}

/// A configuration is there, and edited.
fn edited(theme: Theme) -> Wizard {
    let found = Found {
        config: OnDisk::Usable(Box::new(world::configured())),
        key: Some(Secret::new(world::KEY.into())),
        ..Found::default()
    };
    let wizard = Wizard::new(theme).answer(world::found(found)).answer(world::probed()).press("enter");
    assert_eq!(wizard.model.step, Step::Menu);
    wizard
}

/// Its key works.
pub fn menu(theme: Theme) -> Wizard {
    edited(theme).answer(world::accepted(52))
}
