//! An agent that was asked who it is, and whether anything has changed: all that a run asks for where nothing has.

use std::time::Duration;

use super::cursor::Cursor;
use super::error::Error;
use super::fingerprint::{self, Fingerprint};
use super::time::Time;
use super::{AgentClient, Dialect, Interest, v1, v3};
use crate::alert::Observation;

/// An agent that was asked who it is. Its time runs.
pub struct Visit<'a> {
    client: &'a AgentClient,
    time: Time,
    dialect: Result<Dialect, Error>,
    fingerprint: Option<Fingerprint>,
}

impl AgentClient {
    /// Asks who answers, and whether anything has changed. What goes wrong is an error of [`Visit::observe`].
    pub async fn visit(&self) -> Visit<'_> {
        let mut visit = self.meet(Duration::ZERO).await;
        if let Ok(Dialect::V3(info)) = &visit.dialect {
            let hashes = fingerprint::hashes(&self.connection, visit.time.fingerprint()).await;
            visit.fingerprint = hashes.and_then(|hashes| info.fingerprint(hashes));
        }
        visit
    }

    /// Asks who answers, and no more. So much of its time was spent before.
    pub(super) async fn meet(&self, spent: Duration) -> Visit<'_> {
        let time = Time::begin(self.shares.after(spent));
        let dialect = time.whole().run(&self.connection, self.dialect()).await;
        Visit { client: self, time, dialect, fingerprint: None }
    }
}

impl Visit<'_> {
    /// What the agent told of itself; `None` where it did not answer, or told too little.
    #[must_use]
    pub fn fingerprint(&self) -> Option<&Fingerprint> {
        self.fingerprint.as_ref()
    }

    /// The base URL of who was asked, without credentials.
    pub(super) fn url(&self) -> &str {
        self.client.url()
    }

    /// As [`AgentClient::observe`], where what is of interest depends on the machine GUID of the agent that answers.
    pub async fn observe<'i>(
        self,
        interest: &dyn Fn(&str) -> Interest<'i>,
    ) -> Result<(Observation, Cursor), Error> {
        let Self { client, time, dialect, .. } = self;
        let work = async {
            let dialect = dialect?;
            let interest = interest(dialect.guid());
            let observed = match dialect {
                // Boxed, as is the other: a run's future holds neither.
                Dialect::V3(info) => Box::pin(v3::observe(&client.connection, info, &interest, time)).await,
                Dialect::V1(info) => Box::pin(v1::observe(&client.connection, info, &interest, time)).await,
            };
            let (mut seen, cursor) = observed?;
            interest.keep_covered(&mut seen);
            Ok((seen, cursor))
        };
        let done = time.whole().run(&client.connection, work).await;
        done.map_err(|error| client.behind_proxy(error))
    }
}
