//! Everything that is tested from outside the crate, in one program: it links once, so that the loop from an edit to
//! its test stays short. `cargo test --test it sending::` runs one part.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)] // to panic is to fail
#![allow(clippy::print_stdout, clippy::print_stderr)] // `cargo test` shows it
#![allow(clippy::module_inception)] // a part is called after what it holds

mod agent;
mod command_line;
mod config;
mod day;
mod delivery;
mod doctor;
mod hostile;
mod house;
mod ilert_account;
mod ilert_client;
mod netdata_cloud;
mod parents;
mod payload;
mod pty;
mod readme;
#[path = "../regressions/properties.rs"]
mod regressions;
mod schedule;
mod screens;
mod sending;
mod several;
mod stage;
mod watch;
mod wizard;
