//! Does what somebody chose after a look at the account. The account may have changed meanwhile, so it is read again:
//! nothing is created that exists by now, and nothing is used that is gone.

use super::{
    API, Account, AutoResolution, EscalationPolicy, Grouping, HeartbeatMonitor, NewAlertSource, ProvideError,
    Provided, sources_named,
};

/// What is wanted of an account.
#[derive(Clone, Debug, PartialEq)]
pub struct Order {
    /// The alert source's name.
    pub name: String,
    /// Who is called, where the alert source is created.
    pub policy: EscalationPolicy,
    /// Which events share an alert, where the alert source is created.
    pub grouping: Grouping,
    /// After how long ilert resolves alerts by itself, where the alert source is created.
    pub auto_resolution: Option<AutoResolution>,
    /// Which alert source.
    pub source: Wanted,
    /// Name of the heartbeat monitor, where one is wanted.
    pub heartbeat: Option<String>,
}

/// Which alert source is wanted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// One that is created now.
    New {
        /// Ids of those that have the name and are not meant.
        known: Vec<i64>,
    },
    /// The one with this id.
    This(i64),
}

/// What an order came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fulfilled {
    /// The alert source, with its key.
    pub provided: Provided,
    /// The heartbeat monitor, or in words why there is none, which leaves the alert source as good as it is. `None`
    /// where none was wanted.
    pub heartbeat: Option<Result<HeartbeatMonitor, String>>,
}

/// Does what was ordered. Fails with [`ProvideError::Appeared`] if an alert source is to be created, but an unknown one
/// of that name and of type API exists by now; with [`ProvideError::Gone`] if the chosen one no longer exists. In both
/// cases nothing was created.
pub async fn fulfil(account: &Account, order: &Order) -> Result<Fulfilled, ProvideError> {
    let sources = account.alert_sources().await?;
    let (source, created) = match &order.source {
        Wanted::New { known } => {
            let appeared: Vec<_> = sources_named(&sources, &order.name)
                .into_iter()
                .filter(|source| !known.contains(&source.id))
                .cloned()
                .collect();
            if !appeared.is_empty() {
                return Err(ProvideError::Appeared { sources: appeared });
            }
            (account.create_alert_source(&order.new_source()).await?, true)
        }
        Wanted::This(id) => {
            let chosen =
                sources.into_iter().find(|source| source.id == *id && source.integration_type == API);
            let gone = || ProvideError::Gone { name: order.name.clone(), id: *id };
            (chosen.ok_or_else(gone)?, false)
        }
    };
    let provided = Provided::of(source, created, order.policy.clone())?;
    let heartbeat = match &order.heartbeat {
        Some(name) => {
            let made = account.provide_heartbeat_monitor(name.trim(), provided.source.id).await;
            Some(made.map_err(|error| error.to_string()))
        }
        None => None,
    };
    Ok(Fulfilled { provided, heartbeat })
}

impl Order {
    fn new_source(&self) -> NewAlertSource<'_> {
        NewAlertSource {
            name: self.name.trim(),
            escalation_policy: self.policy.id,
            grouping: self.grouping,
            auto_resolution: self.auto_resolution,
        }
    }
}
