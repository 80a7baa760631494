//! Netdata alerts, delivered to ilert: what Netdata shows is what ilert shows.

pub mod alert;
pub mod cli;
pub mod config;
pub mod delivery;
pub mod doctor;
pub mod files;
pub mod http;
pub mod ilert;
pub mod interrupt;
pub mod netdata;
pub mod other_senders;
pub mod owner;
pub mod payload;
pub mod preview;
pub mod prompt;
pub mod schedule;
pub mod secret;
pub mod simulator;
pub mod status;
pub mod text;
pub mod wizard;
