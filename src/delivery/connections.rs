//! HTTP clients for ilert: built when first needed (a quiet run needs none), and kept for the next run in the same
//! process.

use std::cell::{OnceCell, RefCell};

use super::outage::Outages;
use crate::config;
use crate::http::{self, ClientError};
use crate::ilert::{EventClient, HeartbeatClient};
use crate::secret::Secret;

/// Connections to ilert, for one configuration with its secrets.
#[derive(Debug, Default)]
pub struct Connections {
    events: OnceCell<EventClient>,
    heartbeat: OnceCell<HeartbeatClient>,
    /// Problems that were reported while the state cannot be written.
    outages: RefCell<Outages>,
}

impl Connections {
    pub(super) fn outages_without_state(&self) -> Outages {
        self.outages.take()
    }

    pub(super) fn set_outages_without_state(&self, outages: Outages) {
        self.outages.replace(outages);
    }

    pub(super) fn events(&self, ilert: &config::Ilert, key: &Secret) -> Result<&EventClient, ClientError> {
        kept(&self.events, || EventClient::new(ilert, key.clone()))
    }

    /// Why nothing could be sent, for want of the file of authorities: for a run that sends nothing. Costs a look at the
    /// disk.
    pub(super) fn missing_authorities(&self, ilert: &config::Ilert) -> Option<ClientError> {
        let ca_file = ilert.ca_file.as_deref().filter(|_| self.events.get().is_none())?;
        if ca_file.exists() { None } else { http::check_ca_file(ca_file).err() }
    }

    pub(super) fn heartbeat(
        &self,
        ilert: &config::Ilert,
        url: Secret,
    ) -> Result<&HeartbeatClient, ClientError> {
        kept(&self.heartbeat, || HeartbeatClient::new(ilert, url))
    }
}

fn kept<T>(cell: &OnceCell<T>, new: impl FnOnce() -> Result<T, ClientError>) -> Result<&T, ClientError> {
    if let Some(client) = cell.get() {
        return Ok(client);
    }
    let client = new()?;
    Ok(cell.get_or_init(|| client))
}
