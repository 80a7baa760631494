//! What a test plays on: simulated services ([`Services`]), and a folder with a configuration, a key and a state. Upon
//! it run the built binary (`binary`), the library with the test's own clock (`library`), the wizard
//! (`crate::wizard::harness`), and programs in a terminal (`crate::pty::session`), which find their way to
//! `api.ilert.com` (`internet`). `told` says what ilert heard.

mod binary;
mod folder;
pub mod internet;
pub mod key;
pub mod library;
mod services;
mod told;
pub mod wire;

use std::cell::Cell;
use std::ops::{Deref, DerefMut};
use std::sync::atomic::AtomicUsize;

use netdata_ilert::alert::Api;
use netdata_ilert::simulator::World;
use tempfile::TempDir;
use toml::{Table, Value};

pub use binary::{BINARY, Ended, Running, bare, end, end_with_input};
pub use folder::{has, holds};
pub use services::{KEY, Services, accepted, arrived, chart, parent, tls};
pub use told::short;

pub const MASKED: &str = "****3f9a";
/// An API token of ilert's, where a test adds it.
pub const TOKEN: &str = "il1tkn9876543210fedcba9876543210fedc77e1";

/// Told of everything, and soon.
const SETTINGS: &str = r#"
version = 1
[notification]
name = "Stage"
notify = ["critical", "warning", "clear", "reachable", "unreachable"]
[integration]
api_key = { file = "key" }
[delivery]
events_per_minute = 1000
unreachable_after = "1s"
removed_after = "1s"
"#;

pub struct Stage {
    pub folder: TempDir,
    services: Services,
    config: Table,
    /// This machine's clock against Netdata's, milliseconds.
    pub ahead: Cell<i64>,
    /// How many requests [`Self::told`] has told of.
    told: AtomicUsize,
}

impl Stage {
    /// A v2.11 agent `web-1` with nothing raised, and the sender configured.
    pub fn new() -> Self {
        Self::of(World::new(Api::V3, "web-1"))
    }

    /// The same with this world.
    pub fn of(world: World) -> Self {
        Self::on(Services::with(world))
    }

    /// Configured like this, but for the addresses; the key is in the file `key`.
    pub fn with(world: World, settings: &str) -> Self {
        Self::set_up(Services::with(world), settings)
    }

    /// The sender configured for these services.
    pub fn on(services: Services) -> Self {
        Self::set_up(services, SETTINGS)
    }

    fn set_up(services: Services, settings: &str) -> Self {
        let mut stage = Self::empty(services);
        stage.config = settings.parse().unwrap();
        stage.write_private("key", KEY);
        let (netdata, ilert) = (stage.netdata.url(), stage.endpoint.url());
        stage.configure("netdata.url", netdata);
        stage.configure("ilert.endpoint", ilert);
        stage
    }

    /// With an empty folder.
    pub fn empty(services: Services) -> Self {
        Self {
            folder: tempfile::tempdir().unwrap(),
            services,
            config: Table::new(),
            ahead: Cell::new(0),
            told: AtomicUsize::new(0),
        }
    }

    /// Sets a key of the configuration, such as `delivery.resolve_after`.
    pub fn configure(&mut self, key: &str, value: impl Into<Value>) {
        let (section, key) = key.split_once('.').unwrap();
        let section = self.config.entry(section).or_insert_with(|| Table::new().into());
        section.as_table_mut().unwrap().insert(key.to_owned(), value.into());
        self.write_private("config.toml", &self.config.to_string());
    }
}

// What a test asks of the services, it asks of its stage.
impl Deref for Stage {
    type Target = Services;

    fn deref(&self) -> &Services {
        &self.services
    }
}

impl DerefMut for Stage {
    fn deref_mut(&mut self) -> &mut Services {
        &mut self.services
    }
}
