//! Several configurations on one machine: `config.toml` and `config.d/NAME.toml`, each with an ilert of its own, all on
//! one parent.

mod alike;
mod at_once;
mod broken;
mod by_hand;
mod named;
mod scheduled;
mod teams;
mod watch;

use std::fs;
use std::process::Command;

use netdata_ilert::alert::{Api, Status};
use netdata_ilert::simulator::{Ilert, NodeHandle, World};

use crate::stage::{Ended, KEY, Running, Services, Stage, bare, end, short};

/// A machine with a parent of `web-1` and `db-1`, and the ilert of two teams.
pub struct Teams {
    /// The parent, and the web team's ilert.
    pub web: Stage,
    /// The database team's ilert.
    pub db: Services,
    child: NodeHandle,
}

impl Teams {
    /// Nothing is configured yet.
    pub fn none() -> Self {
        let web = Stage::empty(Services::with(World::new(Api::V3, "web-1")));
        let child = web.world().add_node("db-1");
        fs::create_dir_all(web.path("etc/config.d")).unwrap();
        Self { web, db: Services::with(World::new(Api::V3, "nobody")), child }
    }

    /// `config.toml` is the web team's, `config.d/databases.toml` the database team's.
    pub fn both() -> Self {
        let teams = Self::none();
        teams.write("config.toml", &teams.web_team());
        teams.write("config.d/databases.toml", &teams.database_team());
        teams
    }

    pub fn web_team(&self) -> String {
        self.settings("web-*", &self.web.endpoint.url())
    }

    pub fn database_team(&self) -> String {
        self.settings("db-*", &self.db.endpoint.url())
    }

    /// Alerts of these nodes go to this ilert.
    pub fn settings(&self, nodes: &str, ilert: &str) -> String {
        format!(
            "version = 1\n\
             [notification]\nname = \"Team\"\nrooms = [\"Nodes\"]\n\
             notify = [\"critical\", \"warning\", \"clear\", \"reachable\", \"unreachable\"]\n\
             [[room]]\nname = \"Nodes\"\nnodes = \"{nodes}\"\n\
             [integration]\napi_key = \"{KEY}\"\n\
             [netdata]\nurl = \"{}\"\n\
             [ilert]\nendpoint = \"{ilert}\"\n\
             [delivery]\nevents_per_minute = 1000\n",
            self.web.netdata.url()
        )
    }

    /// Writes a file of the folder of configurations.
    pub fn write(&self, name: &str, text: &str) {
        self.web.write_private(&format!("etc/{name}"), text);
    }

    /// An alert on both nodes.
    pub fn set(&self, alert: &str, status: Status) {
        self.web.set(alert, status);
        self.web.set_on(self.child, alert, status);
    }

    /// What is open in each team's ilert.
    pub fn open(&self) -> [Vec<String>; 2] {
        [&self.web.ilert, &self.db.ilert].map(open)
    }

    /// How many alerts were ever opened in each.
    pub fn history(&self) -> [usize; 2] {
        [&self.web.ilert, &self.db.ilert].map(|ilert| ilert.history().len())
    }

    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = bare(arguments);
        command.env("HOME", self.web.folder.path());
        command.env("CONFIGURATION_DIRECTORY", self.web.path("etc"));
        command.env("STATE_DIRECTORY", self.web.state());
        command
    }

    pub fn run(&self, arguments: &[&str]) -> Ended {
        end(self.command(arguments))
    }

    pub fn start(&self, arguments: &[&str]) -> Running {
        Running::start(self.command(arguments))
    }

    pub fn json(&self, arguments: &[&str]) -> serde_json::Value {
        let ended = self.run(arguments);
        serde_json::from_str(&ended.stdout).unwrap_or_else(|error| panic!("{error}: {ended:#?}"))
    }
}

/// What is open, such as `db-1 cpu critical`.
fn open(ilert: &Ilert) -> Vec<String> {
    let host = |key: &str| key.split('/').nth(1).unwrap().to_owned();
    ilert.open().iter().map(|alert| format!("{} {}", host(&alert.key), short(&alert.key))).collect()
}

/// The names of a list of JSON.
fn names(list: &serde_json::Value) -> Vec<&str> {
    list.as_array().unwrap().iter().map(|one| one["name"].as_str().unwrap()).collect()
}
