//! One agent, or several parents that watch the same nodes: each is asked by a client of its own, all at once.

use std::collections::HashMap;
use std::time::Duration;

use futures_util::future::join_all;
use tokio::time::timeout;

use super::merge::merge;
use super::{AgentClient, Credentials, Cursor, Error, Fingerprint, Interest, ListedAlert, SetUpError, Visit};
use crate::alert::{NodeId, Observation};
use crate::config::{self, Config};
use crate::http::Proxy;
use crate::url::Url;

/// The clients of the configured URLs.
pub struct Parents {
    clients: Vec<(String, AgentClient)>,
}

/// How long several are waited for to say whether anything has changed: one that is slow must not use up the others'
/// time.
const PATIENCE: Duration = Duration::from_secs(2);

/// Who was asked who it is, and whether anything has changed.
pub enum Visits<'a> {
    /// All of them, in the configuration's order.
    All(Vec<Visit<'a>>),
    /// One did not answer in time.
    Late,
}

/// What came from one URL.
pub struct ParentAnswer {
    /// The URL, without what may be secret in it.
    pub url: String,
    /// What was seen, and where to go on.
    pub seen: Result<(Observation, Cursor), Error>,
}

/// That two URLs lead to the same agent, which counts once, in words.
#[must_use]
pub fn doubled(first: &str, url: &str, node: &NodeId) -> String {
    format!("{first} and {url} lead to the same agent, `{node}`: it counts once")
}

impl Parents {
    /// The agent or the parents of a configuration, with its credentials. Sends nothing yet.
    pub fn of(config: &Config) -> Result<Self, SetUpError> {
        Self::with(&config.netdata, &Credentials::of(config)?)
    }

    /// The same with credentials at hand.
    pub fn with(netdata: &config::Netdata, credentials: &Credentials) -> Result<Self, SetUpError> {
        let ca_file = netdata.ca_file.as_deref();
        let client = |url: &str| {
            let client = AgentClient::new(url, ca_file, credentials.clone())?;
            Ok((client.url().to_owned(), client))
        };
        Ok(Self { clients: netdata.url.iter().map(client).collect::<Result<_, SetUpError>>()? })
    }

    /// The URLs in the configuration's order, without what may be secret in them.
    pub fn urls(&self) -> impl Iterator<Item = &str> {
        self.clients.iter().map(|(url, _)| url.as_str())
    }

    /// Whether there are several.
    #[must_use]
    pub fn are_several(&self) -> bool {
        self.clients.len() > 1
    }

    /// The proxies that stand between.
    pub fn proxies(&self) -> impl Iterator<Item = &Proxy> {
        self.clients.iter().filter_map(|(_, client)| client.proxy())
    }

    /// Asks each who answers, and whether anything has changed, all at once.
    pub async fn visit(&self) -> Visits<'_> {
        let all = join_all(self.clients.iter().map(|(_, client)| client.visit()));
        if !self.are_several() {
            return Visits::All(all.await);
        }
        timeout(PATIENCE, all).await.map_or(Visits::Late, Visits::All)
    }

    /// As [`Parents::ask`], of those that were visited.
    pub async fn ask_on<'i>(
        &self,
        visits: Visits<'_>,
        interest: &dyn Fn(&str) -> Interest<'i>,
    ) -> Vec<ParentAnswer> {
        match visits {
            Visits::All(visits) => join_all(visits.into_iter().map(|visit| visit.answer(interest))).await,
            Visits::Late => self.ask_after(PATIENCE, interest).await,
        }
    }

    /// Asks all of them at once, each for what is of interest at the agent with this machine GUID. Each has its own time:
    /// one that is slow or away costs the others no more than that.
    pub async fn ask<'i>(&self, interest: &dyn Fn(&str) -> Interest<'i>) -> Vec<ParentAnswer> {
        self.ask_after(Duration::ZERO, interest).await
    }

    async fn ask_after<'i>(
        &self,
        spent: Duration,
        interest: &dyn Fn(&str) -> Interest<'i>,
    ) -> Vec<ParentAnswer> {
        let asked = self.clients.iter().map(|(_, client)| async move {
            let visit = client.meet(spent).await;
            visit.answer(interest).await
        });
        join_all(asked).await
    }

    /// All alerts that any of them lists; `None` where one does not say.
    pub async fn list_alerts(&self) -> Option<Vec<ListedAlert>> {
        let asked = self.clients.iter().map(|(_, client)| client.list_alerts());
        let listed: Option<Vec<_>> =
            join_all(asked).await.into_iter().map(|answer| answer.ok().flatten()).collect();
        Some(listed?.into_iter().flatten().collect())
    }

    /// What those that answer show together; nothing is remembered of them. Fails with the first one's error if none does.
    pub async fn observe(&self, interest: &dyn Fn(&str) -> Interest<'static>) -> Result<Observation, Error> {
        let mut shown = Vec::new();
        let mut failed = None;
        for answer in self.ask(interest).await {
            match answer.seen {
                Ok((seen, _)) => shown.push(seen),
                Err(error) => failed = failed.or(Some(error)),
            }
        }
        if !self.are_several()
            && let Some(seen) = shown.pop()
        {
            return Ok(seen);
        }
        match (merge(shown, &HashMap::new()), failed) {
            (Some(merged), _) => Ok(merged.seen),
            (None, Some(error)) => Err(error),
            (None, None) => {
                Err(Error::NotNetdata { url: String::new(), detail: "no URL is configured".into() })
            }
        }
    }
}

impl Visits<'_> {
    /// What each told of itself; `None` where one did not, or too little.
    #[must_use]
    pub fn fingerprints(&self) -> Option<Vec<Fingerprint>> {
        match self {
            Self::All(visits) => visits.iter().map(|visit| visit.fingerprint().cloned()).collect(),
            Self::Late => None,
        }
    }
}

impl Visit<'_> {
    async fn answer<'i>(self, interest: &dyn Fn(&str) -> Interest<'i>) -> ParentAnswer {
        ParentAnswer { url: self.url().to_owned(), seen: self.observe(interest).await }
    }
}

impl From<AgentClient> for Parents {
    fn from(client: AgentClient) -> Self {
        Self { clients: vec![(client.url().to_owned(), client)] }
    }
}

/// A URL as it is shown, remembered and compared.
#[must_use]
pub fn plain(url: &str) -> String {
    Url::parse(url).map_or_else(|_| crate::url::shown(url), |url| url.plain().to_string())
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};
    use std::time::Duration;

    use super::*;
    use crate::alert::Api;
    use crate::netdata::time::Shares;
    use crate::simulator::{Barrier, Fault, World, serve_netdata};

    #[tokio::test]
    async fn one_that_hangs_has_its_own_time_and_costs_the_others_nothing() {
        let serve = |number| {
            let world = World::another(Api::V3, &format!("p{number}"), number);
            serve_netdata(Arc::new(Mutex::new(world))).unwrap()
        };
        let (slow, quick) = (serve(1), serve(2));
        slow.fail(Some(Fault::Stall(Barrier::new())));
        let client = |url: &str| AgentClient::new(url, None, Credentials::default()).unwrap();
        let mut parents =
            Parents { clients: [&slow, &quick].map(|one| (one.url(), client(&one.url()))).into() };
        parents.clients[0].1.shares = Shares { whole: Duration::from_millis(50), ..Shares::default() };
        let answers = parents.ask(&|_| Interest::everything()).await;
        assert!(matches!(answers[0].seen, Err(Error::Timeout { .. })));
        assert!(answers[1].seen.is_ok());
        let seen = parents.observe(&|_| Interest::everything()).await.unwrap();
        assert_eq!(seen.agent.node.host, "p2");
    }
}
