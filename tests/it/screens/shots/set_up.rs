//! *Before you start*, *ilert alert source* and *API key*.

use netdata_ilert::doctor::KeyUse;
use netdata_ilert::secret::Secret;
use netdata_ilert::wizard::Step;
use netdata_ilert::wizard::answers::Answers;
use netdata_ilert::wizard::context::{Found, OnDisk};
use netdata_ilert::wizard::form::Control;
use netdata_ilert::wizard::message::Reply;
use netdata_ilert::wizard::theme::Theme;

use super::{Shot, Wizard, at, begun, world};

pub const SHOTS: &[Shot] = &[
    ("start-looking", |theme| Wizard::new(theme).tick(3)),
    ("start-found", begun),
    ("start-demo", |theme| {
        Wizard::on(world::demo(), theme).answer(world::nothing_there()).answer(world::probed())
    }),
    ("start-no-agent", |theme| {
        Wizard::new(theme).answer(world::nothing_there()).answer(world::nobody_there())
    }),
    ("start-resume", |theme| {
        let draft = Some(Box::<Answers>::default());
        Wizard::new(theme).answer(world::found(Found { draft, ..Found::default() })).answer(world::probed())
    }),
    ("start-configured", |theme| {
        Wizard::new(theme).answer(world::found(configured())).answer(world::probed())
    }),
    ("start-unusable", |theme| {
        let config =
            OnDisk::Unusable("`/etc/netdata-ilert/config.toml`, line 4: `nmae` is no key here".into());
        Wizard::new(theme).answer(world::found(Found { config, ..Found::default() })).answer(world::probed())
    }),
    ("start-state-lost", state_lost),
    ("start-cloud", |theme| begun(theme).press("down")),
    ("source-empty", |theme| at(Step::Source, theme)),
    ("source-configure", source),
    ("source-by-hand", |theme| at(Step::Source, theme).press("down enter")),
    ("source-copied", |theme| at(Step::Source, theme).press("down enter y")),
    ("source-pasted", |theme| at(Step::Source, theme).paste(world::TOKEN)),
    ("source-not-pasted", |theme| at(Step::Source, theme).paste(world::KEY)),
    ("source-no-browser", |theme| {
        let reason = "there is no browser here (no display): open https://app.ilert.com/alert-source/list on another \
                      machine";
        at(Step::Source, theme).press("down enter o").answer(Reply::Opened(Err(reason.into())))
    }),
    ("source-more", |theme| {
        at(Step::Source, theme).press("down enter a").to(Control::ILERT_MORE).press("space tab")
    }),
    ("key-url", |theme| {
        let url = format!("https://api.ilert.com/api/v1/events/netdata/{}", world::KEY);
        at(Step::Key, theme).paste("the wrong one").paste(&url)
    }),
    ("key-mending", |theme| at(Step::Test, theme).press("enter").answer(world::key_wrong()).press("ctrl-g")),
    ("key-empty", |theme| at(Step::Key, theme)),
    ("key-missing", |theme| at(Step::Key, theme).press("enter")),
    ("key-blanks", |theme| at(Step::Key, theme).paste("two words").press("enter")),
    ("key-pasted", key),
    ("key-variable", |theme| {
        let found = Found { variable: Some(Secret::new(world::KEY.into())), ..Found::default() };
        Wizard::new(theme).answer(world::found(found)).answer(world::probed()).onward(Step::Key)
    }),
    ("key-shared", |theme| shared(theme).onward(Step::Key).paste(world::KEY)),
    ("key-configured", |theme| {
        Wizard::new(theme).answer(world::found(configured())).answer(world::probed()).edit(Step::Key)
    }),
];

/// A configuration is there, and the state that went with it is lost.
pub fn state_lost(theme: Theme) -> Wizard {
    let why = "the state is lost, as found on 2026-11-26 09:12:03 UTC: what was open in ilert before is not known here";
    let found = Found { unknown: Some(why.into()), warnings: Vec::new(), notes: Vec::new(), ..configured() };
    Wizard::new(theme).answer(world::found(found)).answer(world::probed())
}

/// Another configuration has the key that will be pasted.
pub fn shared(theme: Theme) -> Wizard {
    let used = KeyUse {
        key: Secret::new(world::KEY.into()),
        endpoint: world::place().defaults.ilert.endpoint,
        events_per_minute: 45,
    };
    let found = Found { neighbours: vec![("web".into(), used)], ..Found::default() };
    Wizard::new(theme).answer(world::found(found)).answer(world::probed())
}

/// *Before you start*, all found.
pub fn start(theme: Theme) -> Wizard {
    begun(theme)
}

/// *ilert alert source*, halfway.
pub fn source(theme: Theme) -> Wizard {
    at(Step::Source, theme).press("down enter enter enter")
}

/// *API key*, the key pasted.
pub fn key(theme: Theme) -> Wizard {
    at(Step::Key, theme).paste(&format!("  {}\n", world::KEY))
}

/// A configuration is there, another sender is on, and the sender has run.
fn configured() -> Found {
    Found {
        config: OnDisk::Usable(Box::new(world::configured())),
        key: Some(Secret::new(world::KEY.into())),
        notes: vec!["the sender has run here: 2 open in ilert, 0 waiting, 1 failed".into()],
        warnings: vec![
            "Netdata's own ilert sender is on: each alert would page twice. Set SEND_ILERT=\"NO\" in \
             `/etc/netdata/health_alarm_notify.conf`"
                .into(),
        ],
        ..Found::default()
    }
}
