//! The delivery, against a small model world: the whole table of what is due when, and the invariants.

// Helpers of tests, where a panic is a failure told.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

mod account;
mod former;
mod ilert;
mod properties;
mod scene;
mod table;
mod world;
