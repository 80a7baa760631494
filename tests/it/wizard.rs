//! The wizard as a person has it: keys are pressed and the screen is read, through the real loop, against the
//! simulated Netdata and ilert.

mod answers;
mod edits;
mod express;
mod for_me;
#[allow(dead_code)] // others press what these do not
pub mod harness;
mod home;
mod ilert;
mod journeys;
mod netdata;
mod plain;
mod rest;
mod rooms;
