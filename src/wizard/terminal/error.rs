//! Why the terminal cannot be used.

use std::io;

/// Why the terminal cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum TerminalError {
    /// It could not be taken over; it is as it was.
    #[error("cannot take over the terminal: {0}; `--plain` asks the same questions line by line")]
    Enter(io::Error),
    /// It could not be written to.
    #[error("cannot write to the terminal: {0}")]
    Write(io::Error),
    /// It cannot be listened to.
    #[error("cannot listen to the terminal: {0}; `--plain` asks the same questions line by line")]
    Listen(io::Error),
}
