//! `--watch`: one `--send` after the other in one process, with connections that are kept. For containers,
//! where there is neither cron nor systemd.
//!
//! It goes on however a run ends: Netdata and ilert may go away and come back, the disk may be full for a while. It
//! reads the configuration and its secrets before each run. If they cannot be used, it says so once and keeps the last
//! good ones. Where the state alone is gone, it makes it anew. Where both are away, as with a mount, it waits for them:
//! a state that was made anew meanwhile would have everything paged again. If they stay away (a package that was
//! purged), it ends.

use std::fs;
use std::io::ErrorKind;
use std::path::Path;
use std::pin::Pin;
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

/// How long the configuration and the state may both be away, and how often to look meanwhile.
pub const PATIENCE: Duration = Duration::from_secs(20);
const LOOK_AGAIN: Duration = Duration::from_millis(250);

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
    /// The configuration and the state are both away: no run is made until one is back.
    Away,
    /// Both are back.
    Back,
    /// They stayed away: the loop ends, and makes neither anew.
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
    /// How long the configuration and the state may both be away.
    pub patience: Duration,
    /// This machine's clock, milliseconds since the epoch.
    pub clock: &'a dyn Fn() -> i64,
}

/// How the wait for what is away ended.
enum Waited {
    Back,
    Gone,
    Stopped,
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
                // Of what else is there now, the run says what it is.
                if self.state.is_dir() || is_gone(self.state) {
                    said(WatchEvent::StateRemoved);
                }
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
            let found = loop {
                break match (self.read)() {
                    Ok(None) => return Ok(Exit::Done),
                    Ok(Some(found)) if found == in_use.equipment => Ok(None),
                    Ok(Some(found)) => self.equip(found).map(Some),
                    Err(_) if self.is_away(has_state) => {
                        said(WatchEvent::Away);
                        match self.wait(has_state, stop.as_mut()).await {
                            Waited::Stopped => return Ok(Exit::Done),
                            Waited::Back => {}
                            Waited::Gone => {
                                said(WatchEvent::Gone);
                                return Ok(Exit::Configuration);
                            }
                        }
                        // What is still away is said in its place.
                        if store::holds_state(self.state) && self.file.is_some_and(Path::exists) {
                            said(WatchEvent::Back);
                        }
                        continue;
                    }
                    Err(error) => Err(error),
                };
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

    /// Whether the configuration's file and the state are both away. A file that is only being replaced leaves the
    /// folder; a mount leaves an empty one.
    fn is_away(&self, had_state: bool) -> bool {
        let has_lost = || had_state && !store::holds_state(self.state);
        self.file.is_some_and(is_gone) && (is_gone(self.state) || has_lost())
    }

    /// Waits until one of them is back.
    async fn wait(&self, had_state: bool, mut stop: Pin<&mut impl Future<Output = ()>>) -> Waited {
        let end = Instant::now() + self.patience;
        while Instant::now() < end {
            tokio::select! {
                biased;
                () = &mut stop => return Waited::Stopped,
                () = sleep_until(end.min(Instant::now() + LOOK_AGAIN)) => {}
            }
            if !self.is_away(had_state) {
                return Waited::Back;
            }
        }
        Waited::Gone
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

fn is_gone(path: &Path) -> bool {
    matches!(fs::symlink_metadata(path), Err(error) if error.kind() == ErrorKind::NotFound)
}
