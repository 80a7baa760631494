//! The home screen: the configurations that are installed, each as it stands.

use std::path::PathBuf;

use netdata_ilert::config::{self, Installed};
use netdata_ilert::secret::Secret;
use netdata_ilert::wizard::context::{Card, Files, HomeReply, Usable};
use netdata_ilert::wizard::message::Reply;
use netdata_ilert::wizard::theme::Theme;

use super::{Shot, Wizard, world};

pub const SHOTS: &[Shot] = &[
    ("home-looking", Wizard::at_home),
    ("home-one", |theme| home(theme, vec![production()])),
    ("home-fine", |theme| home(theme, vec![production(), databases(), web()])),
    ("home-never-run", |theme| {
        let run = "never run; 0 open in ilert".into();
        home(theme, vec![Card { has_run: false, run, ..databases() }])
    }),
    ("home-several", several),
    ("home-broken", |theme| several(theme).press("down")),
    ("home-off", |theme| several(theme).press("down down")),
    ("home-switched", |theme| {
        several(theme).press("space").answer(found(
            vec![Ok("`config` is switched off: nothing is sent, what is open in ilert stays open".into())],
            vec![off(production()), broken(), off(web())],
        ))
    }),
    ("home-name", |theme| several(theme).press("n").type_text("mail")),
    ("home-name-taken", |theme| several(theme).press("n").type_text("web").press("enter")),
    ("home-first-name", |theme| home(theme, vec![web()]).press("n")),
    ("home-delete", |theme| deleting(theme, "down down d")),
    ("home-delete-broken", |theme| deleting(theme, "down d")),
    ("home-deleting", |theme| deleting(theme, "down down d").press("r").tick(3)),
    ("home-not-deleted", |theme| {
        deleting(theme, "down down d").press("r").answer(found(
            vec![Err("`web` is not deleted, but switched off: 2 of 2 alerts stay open under its key (ilert could not be \
                      reached: connection refused). No run resolves them: do this again, or resolve them in ilert"
                .into())],
            vec![production(), broken(), off(web())],
        ))
    }),
    ("home-deleted", |theme| {
        deleting(theme, "down down d").press("r").answer(found(
            vec![
                Ok("`web`: resolved what was open under its key (alerts: 2)".into()),
                Ok("removed `/etc/netdata-ilert/config.d/web.toml`".into()),
                Ok("removed `/etc/netdata-ilert/config.d/web.api-key`".into()),
                Ok("its state stays in `/var/lib/netdata-ilert/web`".into()),
            ],
            vec![production(), broken()],
        ))
    }),
    ("home-empty", |theme| {
        home(theme, vec![production()])
            .press("d")
            .answer(found(Vec::new(), vec![production()]))
            .press("r")
            .answer(found(vec![Ok("removed `/etc/netdata-ilert/config.toml`".into())], Vec::new()))
    }),
    ("help-home", |theme| several(theme).press("?")),
];

/// Three, of which one is broken and one is off.
pub fn several(theme: Theme) -> Wizard {
    home(theme, vec![production(), broken(), off(web())])
}

/// Looked at again, and asked about.
fn deleting(theme: Theme, keys: &str) -> Wizard {
    several(theme).press(keys).answer(found(Vec::new(), vec![production(), broken(), off(web())]))
}

fn home(theme: Theme, cards: Vec<Card>) -> Wizard {
    Wizard::at_home(theme).answer(found(Vec::new(), cards))
}

fn found(done: Vec<Result<String, String>>, cards: Vec<Card>) -> Reply {
    Reply::Home(Box::new(HomeReply { done, asks_anew: false, cards }))
}

/// One that is as it should be.
fn card(name: &str, called: &str, room: &str) -> Card {
    let place = world::place();
    let installed = Installed::called(name, &place.config, &place.state).unwrap();
    let mut config = config::parse(world::CONFIGURED, &installed.path).unwrap();
    config.notification.name = called.into();
    config.notification.rooms = vec![room.into()];
    Card {
        name: name.into(),
        files: Files { go: vec![config::secret_file(&installed.path, "api-key")], stay: Vec::new() },
        installed: Some(installed),
        usable: Some(Usable { config: Box::new(config), key: Some(Secret::new(world::KEY.into())) }),
        seen: None,
        has_run: true,
        run: "last run 12 s ago; 0 open in ilert".into(),
        open: 0,
        named: Vec::new(),
        wrong: Vec::new(),
        silences: Vec::new(),
    }
}

fn production() -> Card {
    let mut card = card("config", "Netdata production", "Production");
    card.run = "last run 12 s ago; 4 open in ilert".into();
    card.open = 4;
    card.named =
        ["disk_space_usage on db-1", "ram_in_use on web-1", "unreachable on web-2"].map(Into::into).into();
    card.silences = vec!["silence \"Friday batch\" until 09:00 CET: disk_* on Databases".into()];
    card
}

fn databases() -> Card {
    card("databases", "Database team", "Databases")
}

fn web() -> Card {
    let mut card = card("web", "Web team", "Web");
    card.run = "last run 9 s ago; 2 open in ilert".into();
    card.open = 2;
    card.named = vec!["web_log_5xx on web-1".into(), "unreachable on web-3".into()];
    card.files.stay = vec![(PathBuf::from("/etc/netdata-ilert/beat"), "another configuration uses it")];
    card
}

fn off(mut card: Card) -> Card {
    if let Some(usable) = &mut card.usable {
        usable.config.notification.enabled = false;
    }
    card
}

fn broken() -> Card {
    Card {
        usable: None,
        files: Files::default(),
        run: "last run 3 d 2 h ago; 1 open in ilert".into(),
        open: 1,
        named: vec!["10min_cpu_usage on db-2".into()],
        wrong: vec![
            "/etc/netdata-ilert/config.d/databases.toml:5: `notification.notify`: found `critcal`, allowed are \
             `critical`, `warning`, `clear`, `reachable`, `unreachable`"
                .into(),
        ],
        ..databases()
    }
}
