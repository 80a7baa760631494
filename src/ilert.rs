//! ilert: the event as it goes over the wire, and the client that posts it.

pub mod client;
pub mod event;

pub use client::Client;
pub use event::Event;
