use std::fs::{self, Permissions};
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use super::{FoundConfigurations, Installed, RESERVED, is_path, secret_file};
use crate::config::default_state_dir;

struct Place(TempDir);

impl Place {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn first(&self) -> PathBuf {
        self.0.path().join("config.toml")
    }

    fn with(self, files: &[&str]) -> Self {
        fs::create_dir_all(self.0.path().join("config.d")).unwrap();
        for file in files {
            fs::write(self.0.path().join(file), "").unwrap();
        }
        self
    }

    fn find(&self) -> FoundConfigurations {
        FoundConfigurations::find(&self.first(), Path::new("/state"))
    }

    fn names(&self) -> Vec<String> {
        self.find().installed.into_iter().map(|one| one.name).collect()
    }

    fn refused(&self) -> Vec<String> {
        let root = self.0.path().to_str().unwrap();
        let words = |error: String| error.replace(root, "");
        self.find()
            .refused
            .into_iter()
            .map(|one| format!("{}: {}", one.name, words(one.error.to_string())))
            .collect()
    }
}

#[test]
fn tells_a_path_from_a_name() {
    for (given, is) in [("a", false), ("a.b", false), ("./a", true), ("a.toml", true), ("/a", true)] {
        assert_eq!(is_path(Path::new(given)), is, "{given}");
    }
}

#[test]
fn finds_each_with_its_name_and_state() {
    let place = Place::new().with(&["config.toml", "config.d/web.toml", "config.d/db.2_x-y.toml"]);
    let found = place.find().installed;
    let state = |name: &str| found.iter().find(|one| one.name == name).unwrap().state.clone();
    assert_eq!(place.names(), ["config", "db.2_x-y", "web"]);
    assert_eq!(state("config"), Path::new("/state"));
    assert_eq!(state("web"), Path::new("/state/web"));
    assert!(place.refused().is_empty());
}

#[test]
fn the_first_or_the_further_ones_may_be_missing() {
    assert!(Place::new().names().is_empty());
    assert_eq!(Place::new().with(&["config.toml"]).names(), ["config"]);
    let alone = Place::new().with(&["config.d/web.toml"]);
    assert_eq!(alone.names(), ["web"]);
    assert!(!alone.find().is_several());
}

#[test]
fn skips_what_is_nobodys_configuration() {
    let files = ["a.toml~", "a.toml.bak", ".a.toml.swp", ".a.toml", "README", "a.conf", "#a.toml#", "a.TOML"];
    let paths: Vec<String> = files.iter().map(|file| format!("config.d/{file}")).collect();
    let place = Place::new().with(&paths.iter().map(String::as_str).collect::<Vec<_>>());
    assert!(place.names().is_empty() && place.refused().is_empty(), "{:?}", place.find());
}

#[test]
fn says_which_names_cannot_be() {
    let place =
        Place::new().with(&["config.d/a b.toml", "config.d/-c.toml", "config.d/é.toml", "config.d/ok.toml"]);
    assert_eq!(place.names(), ["ok"]);
    let said = place.refused();
    assert_eq!(said.len(), 3);
    assert!(said.iter().all(|words| words.contains("its name may have letters")), "{said:?}");
    let long = format!("config.d/{}.toml", "a".repeat(65));
    assert!(Place::new().with(&[&long]).refused()[0].contains("longer than 64"));
    for name in RESERVED {
        let file = format!("config.d/{name}.toml");
        let place = Place::new().with(&[&file]);
        let said = place.refused();
        assert!(
            place.names().is_empty() && said[0].contains(&format!("`{name}` is the name of")),
            "{said:?}"
        );
    }
}

#[test]
fn says_that_a_link_leads_nowhere_and_follows_others() {
    let place = Place::new().with(&["web.toml"]);
    symlink("../web.toml", place.0.path().join("config.d/linked.toml")).unwrap();
    symlink("nothing", place.0.path().join("config.d/gone.toml")).unwrap();
    assert_eq!(place.names(), ["linked"]);
    assert!(place.refused()[0].contains("gone: ") && place.refused()[0].contains("leads to nothing"));
}

#[test]
fn refuses_a_folder_that_others_can_write() {
    let place = Place::new().with(&["config.toml", "config.d/web.toml"]);
    fs::set_permissions(place.0.path().join("config.d"), Permissions::from_mode(0o777)).unwrap();
    assert_eq!(place.names(), ["config"]);
    assert!(place.refused()[0].contains("others can change"), "{:?}", place.refused());
    let file = Place::new().with(&["config.toml"]);
    fs::remove_dir(file.0.path().join("config.d")).unwrap();
    fs::write(file.0.path().join("config.d"), "").unwrap();
    assert_eq!((file.names().len(), file.refused().len()), (1, 1));
}

#[test]
fn knows_an_installed_one_by_its_path() {
    let place = Place::new().with(&["config.toml", "config.d/web.toml", "elsewhere.toml"]);
    let at = |path: &Path| {
        Installed::at(path, &place.first(), Path::new("/state")).map(|one| (one.name, one.state))
    };
    let below = |name: &str| place.0.path().join(name);
    assert_eq!(at(&below("config.toml")), Some(("config".into(), "/state".into())));
    assert_eq!(at(&below("config.d/../config.d/web.toml")), Some(("web".into(), "/state/web".into())));
    // Not there yet.
    assert_eq!(at(&below("config.d/new.toml")), Some(("new".into(), "/state/new".into())));
    assert_eq!(at(&below("elsewhere.toml")), None);
    assert_eq!(at(&below("config.d/lock.toml")), None);
    symlink(below("config.d/web.toml"), below("link.toml")).unwrap();
    assert_eq!(at(&below("link.toml")), Some(("web".into(), "/state/web".into())));
}

#[test]
fn an_unknown_name_is_said_with_those_that_there_are() {
    let place = Place::new().with(&["config.toml", "config.d/databases.toml"]);
    let said = |name: &str| place.find().called(name).unwrap_err().advice();
    assert_eq!(said("database"), "did you mean `databases`? there are `config` and `databases`");
    assert_eq!(said("x"), "there are `config` and `databases`; a path has a `/` in it or ends in `.toml`");
    assert!(Place::new().find().called("x").unwrap_err().advice().contains("there is none yet"));
    assert_eq!(place.find().called("config").unwrap().path, place.first());
}

#[test]
fn each_further_one_has_its_own_files_with_secrets() {
    for (config, file) in [
        ("/etc/x/config.toml", "/etc/x/api-key"),
        ("/etc/x/config.d/web.toml", "/etc/x/config.d/web.api-key"),
        ("/srv/other.toml", "/srv/api-key"),
        ("config.toml", "api-key"),
    ] {
        assert_eq!(secret_file(Path::new(config), "api-key"), Path::new(file));
    }
}

#[test]
fn a_command_means_the_configuration_that_it_is_about() {
    let usual = default_state_dir().unwrap();
    let find = |files: &[&str]| {
        let place = Place::new().with(files);
        FoundConfigurations::find(&place.first(), &usual).installed
    };
    let command = |one: &Installed| one.invocation.command("--retry 3");
    let first = find(&["config.toml"]);
    assert_eq!(command(&first[0]), "`netdata-ilert --retry 3`");
    assert_eq!(first[0].invocation.command(""), "`netdata-ilert`");
    // A call that names none means both.
    let both = find(&["config.toml", "config.d/web.toml"]);
    assert_eq!(command(&both[0]), "`netdata-ilert -c config --retry 3`");
    assert_eq!(command(&both[1]), "`netdata-ilert -c web --retry 3`");
    let elsewhere = Installed::elsewhere(Path::new("/srv/a b.toml"), "/state".into());
    assert_eq!(command(&elsewhere), "`netdata-ilert -c '/srv/a b.toml' --retry 3`");
}

#[test]
fn a_command_names_a_state_folder_that_it_would_not_find() {
    let place = Place::new().with(&["config.toml", "config.d/web.toml"]);
    let states = Path::new("/srv/my state");
    let both = FoundConfigurations::find(&place.first(), states).installed;
    let command = |one: &Installed| one.invocation.command("--adopt");
    assert_eq!(command(&both[0]), "`netdata-ilert -c config --state-dir '/srv/my state' --adopt`");
    assert_eq!(command(&both[1]), "`netdata-ilert -c web --state-dir '/srv/my state' --adopt`");
    let alone = Installed::called("config", &place.first(), states).unwrap();
    assert_eq!(command(&alone), "`netdata-ilert --state-dir '/srv/my state' --adopt`");
}
