//! The delivery, against a small model world: the whole table of what is due when, and the invariants.

mod account;
mod former;
mod ilert;
mod numbers;
mod properties;
mod scene;
mod table;
mod twins;
mod world;
