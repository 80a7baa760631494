//! A barrier that holds requests until a test opens it: slowness without sleeping.

use std::sync::Arc;

use tokio::sync::watch;

/// Closed when made; once open it stays open. Clones are the same barrier.
#[derive(Clone, Debug)]
pub struct Barrier(Arc<State>);

#[derive(Debug)]
struct State {
    open: watch::Sender<bool>,
    arrived: watch::Sender<usize>,
}

impl Barrier {
    /// A closed barrier.
    #[must_use]
    pub fn new() -> Self {
        Self(Arc::new(State { open: watch::Sender::new(false), arrived: watch::Sender::new(0) }))
    }

    /// Opens it for good.
    pub fn open(&self) {
        self.0.open.send_replace(true);
    }

    /// Waits until `count` requests in all have reached the barrier.
    pub async fn arrived(&self, count: usize) {
        // The sender lives as long as `self`: it cannot be gone.
        let _ = self.0.arrived.subscribe().wait_for(|arrived| *arrived >= count).await;
    }

    /// Counts a request, and waits until the barrier is open.
    pub(crate) async fn pass(&self) {
        self.0.arrived.send_modify(|arrived| *arrived += 1);
        let _ = self.0.open.subscribe().wait_for(|open| *open).await;
    }
}

impl Default for Barrier {
    fn default() -> Self {
        Self::new()
    }
}
