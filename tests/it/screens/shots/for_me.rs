//! *ilert alert source*, for me: the alert source set up by ilert's API.

use netdata_ilert::ilert::account::AlertSource;
use netdata_ilert::wizard::Step;
use netdata_ilert::wizard::answers::{Answers, SetUp};
use netdata_ilert::wizard::context::Found;
use netdata_ilert::wizard::form::Control;
use netdata_ilert::wizard::theme::Theme;

use super::{Shot, Wizard, at, world};

pub const SHOTS: &[Shot] = &[
    ("for-me-empty", for_me),
    ("for-me-token", |theme| for_me(theme).to(Control::ACCOUNT_TOKEN).paste(world::TOKEN)),
    ("for-me-missing", |theme| for_me(theme).to(Control::ACCOUNT_TOKEN).press("enter")),
    ("for-me-asking", |theme| asked(theme).tick(3)),
    ("for-me-refused", |theme| asked(theme).answer(world::token_wrong())),
    ("for-me-known", known),
    ("for-me-policies", |theme| {
        asked(theme).answer(world::overview(180, Vec::new())).to(Control::POLICY).press("down down down")
    }),
    ("for-me-filter", |theme| {
        asked(theme).answer(world::overview(180, Vec::new())).to(Control::POLICY).type_text("on call")
    }),
    ("for-me-no-policy", |theme| known(theme).to(Control::POLICY).type_text("nobody").press("enter")),
    ("for-me-grouping", |theme| {
        let wizard = known(theme).to(Control::GROUPING).press("down down down down");
        wizard.to(Control::THRESHOLD).press("ctrl-u").type_text("7").press("enter")
    }),
    ("for-me-auto-resolution", |theme| known(theme).to(Control::AUTO_RESOLUTION).press("down down")),
    ("for-me-existing", |theme| {
        let sources = vec![world::source(12, "Netdata"), world::source(15, "Netdata")];
        asked(theme).answer(world::overview(2, sources)).to(Control::EXISTING_SOURCE)
    }),
    ("for-me-confirm", |theme| known(theme).to(Control::HEARTBEAT).press("space enter")),
    ("for-me-confirm-grouped", |theme| {
        let wizard = known(theme).to(Control::GROUPING).press("down down down down");
        wizard.to(Control::AUTO_RESOLUTION).press("down down enter")
    }),
    ("for-me-confirm-found", |theme| {
        asked(theme).answer(world::overview(2, vec![world::source(12, "Netdata")])).press("enter")
    }),
    ("for-me-setting-up", |theme| known(theme).press("enter enter").tick(3)),
    ("for-me-appeared", |theme| known(theme).press("enter enter").answer(world::appeared())),
    ("for-me-plan", |theme| known(theme).press("enter enter").answer(world::plan_limit())),
    ("for-me-created", created),
    ("for-me-found", |theme| {
        let source = AlertSource {
            alert_priority_rule: Some("LOW".into()),
            auto_resolution_timeout: Some("PT1H".into()),
            ..world::source(12, "Netdata")
        };
        let wizard = asked(theme).answer(world::overview(2, vec![source.clone()]));
        wizard.press("enter enter").answer(world::fulfilled(false, source, false))
    }),
    ("key-carried", |theme| created(theme).press("enter")),
    ("for-me-set-up-before", |theme| {
        let mut draft = Box::<Answers>::default();
        draft.source.for_me.set_up = Some(SetUp { id: 12, name: "Netdata".into() });
        let found = Found { draft: Some(draft), ..Found::default() };
        Wizard::new(theme).answer(world::found(found)).answer(world::probed()).press("enter")
    }),
];

/// The way is chosen.
fn for_me(theme: Theme) -> Wizard {
    at(Step::Source, theme)
}

/// ilert is asked what there is.
fn asked(theme: Theme) -> Wizard {
    for_me(theme).to(Control::ACCOUNT_TOKEN).paste(world::TOKEN).press("enter")
}

/// Two escalation policies, and no alert source yet.
fn known(theme: Theme) -> Wizard {
    asked(theme).answer(world::overview(2, Vec::new()))
}

/// The alert source and a heartbeat monitor are made.
pub fn created(theme: Theme) -> Wizard {
    let wizard = known(theme).to(Control::HEARTBEAT).press("space enter enter");
    wizard.answer(world::fulfilled(true, world::source(12, "Netdata"), true))
}
