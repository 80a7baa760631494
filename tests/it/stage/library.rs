//! The sender as the library runs it, with the time that the test gives it.

use netdata_ilert::config::{self, Config};
use netdata_ilert::delivery::run::{self, Job, Report};
use netdata_ilert::netdata::{self, Credentials};
use tokio::time::Instant;

use super::Stage;

impl Stage {
    /// What the configuration file says.
    pub fn config(&self) -> Config {
        config::load(&self.path("config.toml")).unwrap()
    }

    /// This machine's time, milliseconds: Netdata's, and [`Self::ahead`] of it.
    pub fn now(&self) -> i64 {
        self.world().now() * 1000 + self.ahead.get()
    }

    /// Passes time on this machine's clock alone.
    pub fn pass(&self, milliseconds: i64) {
        self.ahead.set(self.ahead.get() + milliseconds);
    }

    /// One run of the sender within this process.
    pub async fn deliver(&self) -> Report {
        let config = self.config();
        let job = Job {
            config: &config,
            key: &config.api_key().unwrap(),
            state: &self.state(),
            netdata: &client(&config),
            clock: &|| self.now(),
            deadline: Instant::now() + run::DEADLINE,
        };
        run::send(&job).await.unwrap()
    }
}

/// The way to the configured agent.
pub fn client(config: &Config) -> netdata::Client {
    netdata::Client::new(&config.netdata.url, None, Credentials::default()).unwrap()
}
