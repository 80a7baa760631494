//! The tests' models of Netdata and ilert, on a virtual clock.
#![allow(dead_code)] // the tests ask for more of them

#[path = "../it/delivery/ilert.rs"]
mod ilert;
#[path = "../it/delivery/left.rs"]
mod left;
#[path = "../it/delivery/numbers/lines.rs"]
pub mod lines;
#[path = "../it/delivery/numbers/played.rs"]
pub mod played;
#[path = "../it/delivery/scene.rs"]
mod scene;
#[path = "../it/delivery/numbers/trouble.rs"]
pub mod trouble;
#[path = "../it/delivery/twins.rs"]
mod twins;
#[path = "../it/delivery/world.rs"]
mod world;
