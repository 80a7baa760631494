//! Divides the time of one observation. The state is the truth and must come; the log and every other bonus get a share
//! and no more.

use std::time::Duration;

use tokio::time::{Instant, timeout_at};

use super::answer::AnswerBody;
use super::connection::Connection;
use super::error::Error;

/// How long each share is, from the beginning of the observation.
#[derive(Clone, Copy, Debug)]
pub(super) struct Shares {
    /// For the question whether anything has changed.
    pub(super) fingerprint: Duration,
    /// For the log, and for transitions that are looked up in bulk.
    pub(super) log: Duration,
    /// For all that the observation can do without.
    pub(super) extras: Duration,
    /// For the whole.
    pub(super) whole: Duration,
}

impl Default for Shares {
    fn default() -> Self {
        Self {
            fingerprint: Duration::from_secs(3),
            log: Duration::from_secs(10),
            extras: Duration::from_secs(14),
            whole: super::DEADLINE,
        }
    }
}

impl Shares {
    /// The same for an observation before which so much of its time was spent.
    pub(super) fn after(self, spent: Duration) -> Self {
        let left = |share: Duration| share.saturating_sub(spent);
        Self { extras: left(self.extras), whole: left(self.whole), ..self }
    }
}

/// The shares of an observation that has begun.
#[derive(Clone, Copy, Debug)]
pub(super) struct Time {
    began: Instant,
    shares: Shares,
}

impl Time {
    /// An observation that begins now.
    pub(super) fn begin(shares: Shares) -> Self {
        Self { began: Instant::now(), shares }
    }

    /// The share of the question whether anything has changed.
    pub(super) fn fingerprint(&self) -> Share {
        self.share(self.shares.fingerprint)
    }

    /// The log's share.
    pub(super) fn log(&self) -> Share {
        self.share(self.shares.log)
    }

    /// The share of what the observation can do without.
    pub(super) fn extras(&self) -> Share {
        self.share(self.shares.extras)
    }

    /// All of it.
    pub(super) fn whole(&self) -> Share {
        self.share(self.shares.whole)
    }

    /// Whole seconds that have passed.
    pub(super) fn passed(&self) -> i64 {
        i64::try_from(self.began.elapsed().as_secs()).unwrap_or(i64::MAX)
    }

    fn share(&self, length: Duration) -> Share {
        Share { until: self.began + length, length }
    }
}

/// A share of the time. What takes longer fails with a time-out.
#[derive(Clone, Copy, Debug)]
pub(super) struct Share {
    until: Instant,
    /// How long it was.
    pub(super) length: Duration,
}

impl Share {
    /// Asks for `path` within this share, reading at most `limit` bytes.
    pub(super) async fn get(
        self,
        connection: &Connection,
        path: &str,
        limit: usize,
    ) -> Result<AnswerBody, Error> {
        self.run(connection, connection.get(path, limit)).await
    }

    /// Runs `work` within the share; fails at once if it is used up.
    pub(super) async fn run<T>(
        self,
        connection: &Connection,
        work: impl Future<Output = Result<T, Error>>,
    ) -> Result<T, Error> {
        let late = || Error::Timeout { url: connection.base().to_owned() };
        if self.is_over() {
            return Err(late());
        }
        timeout_at(self.until, work)
            .await
            .unwrap_or_else(|_| Err(connection.reading().cut_short().unwrap_or_else(late)))
    }

    /// Whether nothing is left of it.
    pub(super) fn is_over(self) -> bool {
        Instant::now() >= self.until
    }

    /// When it ends.
    pub(super) fn until(self) -> Instant {
        self.until
    }
}
