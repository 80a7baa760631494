//! The delivery, against a small model world: what is due when, case by case (`table`), and the invariants
//! (`properties`).

mod account;
mod former;
mod ilert;
mod left;
mod numbers;
pub mod properties;
mod scene;
mod table;
mod twins;
mod world;
