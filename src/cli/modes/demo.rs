//! `--demo --send`: the sender at work between a simulated Netdata and a simulated ilert, in this process.

use color_eyre::eyre;

use crate::cli::Arguments;
use crate::delivery::run::Exit;

/// Shows it.
pub async fn show(_arguments: &Arguments) -> eyre::Result<Exit> {
    Ok(Exit::Done)
}
