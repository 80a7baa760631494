//! ilert: the event as it goes over the wire, and the client that posts it.

pub mod client;
pub mod event;
mod heartbeat;

pub use client::Client;
pub use event::Event;
pub use heartbeat::{Heartbeat, PingError};
