//! *Live test*, and *Review and write*.

use netdata_ilert::ilert::account::{AlertSource, AlertStatus};
use netdata_ilert::secret::Secret;
use netdata_ilert::wizard::Step;
use netdata_ilert::wizard::context::LOOKS;
use netdata_ilert::wizard::context::{Found, OnDisk};
use netdata_ilert::wizard::form::Control;
use netdata_ilert::wizard::theme::Theme;

use super::{Shot, Wizard, at, begun, world};

pub const SHOTS: &[Shot] = &[
    ("test-ready", |theme| at(Step::Test, theme)),
    ("test-high", |theme| at(Step::Test, theme).press("down")),
    ("test-skip", |theme| at(Step::Test, theme).press("down down")),
    ("test-sending", sending),
    ("test-resolving", |theme| sending(theme).answer(world::accepted(41))),
    ("test-accepted", test),
    ("test-seen", |theme| test(theme).press("down")),
    ("test-not-seen", |theme| test(theme).press("down down")),
    ("test-key-wrong", |theme| sending(theme).answer(world::key_wrong())),
    ("test-refused", |theme| sending(theme).answer(world::refused())),
    ("test-no-way", |theme| sending(theme).answer(world::no_way())),
    ("test-left-open", |theme| {
        let wizard = sending(theme).answer(world::accepted(41));
        wizard.answer(world::no_answer()).answer(world::no_answer()).answer(world::no_answer())
    }),
    ("test-looking", |theme| looking(theme).tick(3)),
    ("test-opened", |theme| {
        looking(theme).answer(world::looked_up(Some(AlertStatus::Open), world::source(12, "Netdata"))).tick(3)
    }),
    ("test-proven", proven),
    ("test-proven-but", |theme| {
        let low = AlertSource { alert_priority_rule: Some("LOW".into()), ..world::source(12, "Netdata") };
        looking(theme).answer(world::looked_up(Some(AlertStatus::Resolved), low))
    }),
    ("test-not-shown", |theme| {
        let off = AlertSource { active: Some(false), ..world::source(12, "Netdata") };
        let mut wizard = looking(theme);
        for _ in 0..LOOKS {
            wizard = wizard.answer(world::looked_up(None, off.clone()));
        }
        wizard
    }),
    ("test-not-looked-up", |theme| looking(theme).answer(world::not_looked_up())),
    ("test-given-up", |theme| sending(theme).press("esc")),
    ("review-looking", |theme| at(Step::Review, theme).tick(3)),
    ("review-ready", review),
    ("review-diff", |theme| review(theme).to(Control::FILES).press("pagedown")),
    ("review-edited", |theme| edited(theme).answer(world::ground(Ok(Some(world::CONFIGURED))))),
    ("review-edited-diff", |theme| {
        edited(theme).answer(world::ground(Ok(Some(world::CONFIGURED)))).to(Control::FILES)
    }),
    ("review-every-line", |theme| review(theme).press("d")),
    ("review-scheduled", |theme| edited(theme).answer(world::ground_scheduled())),
    ("review-scheduled-replace", |theme| edited(theme).answer(world::ground_scheduled()).press("down")),
    ("review-scheduled-remove", |theme| edited(theme).answer(world::ground_scheduled()).press("down down")),
    ("review-scheduled-other", |theme| edited(theme).answer(world::ground_scheduled_for_another())),
    ("review-cloud-scheduled", |theme| {
        begun(theme).press("down").onward(Step::Review).answer(world::ground_scheduled())
    }),
    ("review-left-open", left_open),
    ("review-handed-over", |theme| left_open(theme).press("enter").written(world::done)),
    ("review-not-handed-over", |theme| left_open(theme).press("enter").written(world::not_handed_over)),
    ("review-unreadable", |theme| {
        let reason = "cannot read `/etc/netdata-ilert/config.toml`: Permission denied (os error 13)";
        at(Step::Review, theme).answer(world::ground(Err(reason)))
    }),
    ("review-writing", |theme| review(theme).press("enter").tick(3)),
    ("review-done", done),
    ("review-state-lost", |theme| {
        let wizard = super::set_up::state_lost(theme).edit(Step::Review).answer(world::ground(Ok(None)));
        wizard.press("enter").written(world::done)
    }),
    ("review-proven", |theme| {
        let wizard = proven(theme).press("enter").answer(world::ground(Ok(None)));
        wizard.press("enter").written(world::done)
    }),
    ("review-failed", |theme| review(theme).press("enter").written(world::disk_full)),
    ("review-unproven", |theme| {
        let wizard = at(Step::Test, theme).press("down down enter").answer(world::ground(Ok(None)));
        wizard.press("enter").written(world::done)
    }),
    ("review-cloud", |theme| begun(theme).press("down").onward(Step::Review).answer(world::ground(Ok(None)))),
];

/// *Live test*, passed.
pub fn test(theme: Theme) -> Wizard {
    at(Step::Test, theme).press("enter").answer(world::accepted(41)).answer(world::accepted(38))
}

/// *Review and write*, to be confirmed.
pub fn review(theme: Theme) -> Wizard {
    at(Step::Review, theme).answer(world::ground(Ok(None)))
}

/// All written.
pub fn done(theme: Theme) -> Wizard {
    review(theme).press("enter").written(world::done)
}

/// *Live test*, passed, and a token given to look it up with.
fn looking(theme: Theme) -> Wizard {
    test(theme).to(Control::ACCOUNT_TOKEN).paste(world::TOKEN).press("enter")
}

/// *Live test*, passed, and shown by ilert.
pub fn proven(theme: Theme) -> Wizard {
    looking(theme).answer(world::looked_up(Some(AlertStatus::Resolved), world::source(12, "Netdata")))
}

fn sending(theme: Theme) -> Wizard {
    at(Step::Test, theme).press("enter").tick(3)
}

/// Another key than the sender was run with.
fn left_open(theme: Theme) -> Wizard {
    let key = Some(Secret::new("il1api-another-key-0123456789abcdef".into()));
    let config = OnDisk::Usable(Box::new(world::configured()));
    let found = Found { config, key, ..Found::default() };
    let wizard = Wizard::new(theme).answer(world::found(found)).answer(world::probed());
    let wizard = wizard.edit(Step::Key).paste(world::KEY).press("enter").press_digit(Step::Review);
    wizard.answer(world::ground_left_open(3)).to(Control::HAND_OVER)
}

/// A configuration that was there, with another name.
fn edited(theme: Theme) -> Wizard {
    let config = OnDisk::Usable(Box::new(world::configured()));
    let found = Found { config, key: Some(Secret::new(world::KEY.into())), ..Found::default() };
    let wizard = Wizard::new(theme).answer(world::found(found)).answer(world::probed());
    wizard
        .edit(Step::Notification)
        .type_text(" EU")
        .to(Control::NOTIFY.at(1))
        .press("space enter")
        .press_digit(Step::Review)
}
