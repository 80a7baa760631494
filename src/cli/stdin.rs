//! Reads standard input on a thread of its own, where waiting blocks nothing else.

use std::io::{self, StdinLock};

use tokio::task::spawn_blocking;

/// Reads from standard input on a thread of its own, which the end of the program does not wait for.
pub async fn read<T: Send + 'static>(
    read: impl FnOnce(StdinLock<'static>) -> io::Result<T> + Send + 'static,
) -> io::Result<T> {
    spawn_blocking(move || read(io::stdin().lock()))
        .await
        .unwrap_or_else(|error| Err(io::Error::other(error)))
}
