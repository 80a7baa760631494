//! `--send`, the built binary, between a simulated Netdata and a simulated ilert: what ilert is told, how each run
//! ends, and that nothing is lost, told twice or told out of order, whatever fails.

mod at_once;
mod away;
mod by_hand;
mod clock;
mod cut_short;
mod jams;
mod netdata_away;
mod parent;
mod quiet;
mod refused;
mod says;
mod secrets;
mod silences;
mod state_folder;
mod storm;
mod table;
mod unwritable;
