//! The sender as the library runs it, with the time that the test gives it.

use netdata_ilert::config::{self, Config};
use netdata_ilert::delivery::Job;
use netdata_ilert::delivery::run::{self, Report};
use netdata_ilert::netdata::{self, Credentials};

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
        let (key, state, netdata) = (config.api_key().unwrap(), self.state(), client(&config));
        let job = Job { clock: &|| self.now(), ..Job::new(&config, &key, &state, &netdata) };
        run::send(&job).await.unwrap()
    }
}

/// The way to the configured agent or parents.
pub fn client(config: &Config) -> netdata::Parents {
    netdata::Parents::with(&config.netdata, &Credentials::default()).unwrap()
}
