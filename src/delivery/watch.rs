//! `--watch`: one `--send` after the other in one process, with connections that are kept. For containers,
//! where there is neither cron nor systemd.
//!
//! It goes on however a run ends: Netdata and ilert may go away and come back, the disk may be full for a while. It
//! reads the configuration and its secrets before each run. If they cannot be used, it says so once and keeps the last
//! good ones. Where the file and the state folder are both gone (a package that was purged), it ends.

use std::fs;
use std::io::ErrorKind;
use std::path::Path;
use std::time::Duration;

use tokio::time::{Instant, sleep_until, timeout};

use super::connections::Connections;
use super::job::Job;
use super::run::{self, Report};
use super::store::{self, StoreError};
use crate::config::{Config, Invocation};
use crate::exit::Exit;
use crate::netdata;
use crate::secret::Secret;

/// How long to wait for a running run when told to end. Containers are killed after 10 s; a run that is cut off loses
/// nothing.
const GRACE: Duration = Duration::from_secs(8);

/// What a run is made with: read anew before each.
#[derive(Clone, PartialEq)]
pub struct Equipment {
    /// The configuration.
    pub config: Config,
    /// The alert source's API key.
    pub key: Secret,
    /// Netdata's password and token.
    pub credentials: netdata::Credentials,
    /// The heartbeat's URL.
    pub heartbeat: Option<Secret>,
}

/// What happened, for the caller to print.
#[derive(Debug)]
pub enum WatchEvent<'a, E> {
    /// A run ended.
    Ran(&'a Report),
    /// A run could not use the state folder.
    Failed(&'a StoreError),
    /// Another configuration is in use from now on.
    Changed,
    /// The configuration has become unusable; the last one stays in use.
    Unusable(&'a E),
    /// It can be used again, and is as it was.
    Usable,
    /// The state folder was removed, or emptied, since the last run: the next one makes it anew.
    StateRemoved,
    /// The configuration and the state folder are both gone: the loop ends, and makes neither anew.
    Gone,
}

/// Where and how often.
pub struct Watch<'a, E> {
    /// Reads the configuration; `None` where it was taken away, which ends the loop.
    pub read: &'a dyn Fn() -> Result<Option<Equipment>, E>,
    /// Builds the clients that ask Netdata.
    pub connect: &'a dyn Fn(&Equipment) -> Result<netdata::Parents, E>,
    /// The state folder.
    pub state: &'a Path,
    /// The configuration's file, absolute.
    pub file: Option<&'a Path>,
    /// What suggested commands are to call this program by.
    pub invocation: &'a Invocation,
    /// From the start of one run to the start of the next; one that takes longer delays the next.
    pub every: Duration,
    /// This machine's clock, milliseconds since the epoch.
    pub clock: &'a dyn Fn() -> i64,
}

struct InUse {
    equipment: Equipment,
    netdata: netdata::Parents,
    connections: Connections,
}

impl<E> Watch<'_, E> {
    /// Runs until `stop`, until the configuration is taken away (with its state: exit 3), or until Netdata Cloud delivers
    /// instead. Fails only if the configuration cannot be read at the start.
    pub async fn run(
        &self,
        stop: impl Future<Output = ()>,
        mut said: impl FnMut(WatchEvent<'_, E>),
    ) -> Result<Exit, E> {
        let mut stop = std::pin::pin!(stop);
        let Some(equipment) = (self.read)()? else { return Ok(Exit::Done) };
        let mut in_use = self.equip(equipment)?;
        let (mut is_usable, mut has_state) = (true, false);
        loop {
            let next = Instant::now() + self.every;
            if has_state && !store::holds_state(self.state) {
                has_state = false;
                said(WatchEvent::StateRemoved);
            }
            let (ended, last) = {
                let mut going = std::pin::pin!(self.once(&in_use));
                tokio::select! {
                    ended = &mut going => (Some(ended), false),
                    () = &mut stop => (timeout(GRACE, going).await.ok(), true),
                }
            };
            has_state |= store::holds_state(self.state);
            match &ended {
                Some(Ok(report)) => said(WatchEvent::Ran(report)),
                Some(Err(error)) => said(WatchEvent::Failed(error)),
                None => {}
            }
            if last {
                return Ok(Exit::Done);
            }
            if Report::declined(&in_use.equipment.config).is_some_and(|one| one.exit == Exit::Configuration) {
                return Ok(Exit::Configuration);
            }
            tokio::select! {
                biased;
                () = &mut stop => return Ok(Exit::Done),
                () = sleep_until(next) => {}
            }
            let found = match (self.read)() {
                Ok(None) => return Ok(Exit::Done),
                Ok(Some(found)) if found == in_use.equipment => Ok(None),
                Ok(Some(found)) => self.equip(found).map(Some),
                Err(_) if self.is_gone() => {
                    said(WatchEvent::Gone);
                    return Ok(Exit::Configuration);
                }
                Err(error) => Err(error),
            };
            let was_usable = std::mem::replace(&mut is_usable, found.is_ok());
            match found {
                Ok(Some(new)) => {
                    in_use = new;
                    said(WatchEvent::Changed);
                }
                Ok(None) if !was_usable => said(WatchEvent::Usable),
                Ok(None) => {}
                Err(error) => said(WatchEvent::Unusable(&error)),
            }
        }
    }

    /// Whether the configuration's file and the state folder are both gone. A file that is only being replaced leaves
    /// the folder.
    fn is_gone(&self) -> bool {
        let is_gone = |path: &Path| matches!(fs::symlink_metadata(path), Err(error) if error.kind() == ErrorKind::NotFound);
        self.file.is_some_and(is_gone) && is_gone(self.state)
    }

    async fn once(&self, in_use: &InUse) -> Result<Report, StoreError> {
        let Equipment { config, key, .. } = &in_use.equipment;
        let job = Job {
            clock: self.clock,
            file: self.file,
            invocation: self.invocation,
            ..Job::new(config, key, self.state, &in_use.netdata)
        };
        run::send_through(&job, &in_use.connections).await
    }

    fn equip(&self, equipment: Equipment) -> Result<InUse, E> {
        let netdata = (self.connect)(&equipment)?;
        Ok(InUse { equipment, netdata, connections: Connections::default() })
    }
}
