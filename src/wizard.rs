//! The wizard: from nothing to a verified alert in ilert, screen by screen.
//!
//! ```text
//! key ──► keymap ──► Message ──► update(&mut Model) ──► Effects ──► effect (I/O) ──► Message
//!                                     │
//!                                     └──► view(&Model) ──► screen
//! ```
//!
//! [`model`] is all that is known, [`update`](mod@update) the one place that changes it, [`keymap`](mod@keymap)
//! the table of keys, [`view`](mod@view) what it looks like, [`effect`] the only part that does anything to the
//! world, [`run`] the loop. Each step has its state and checks under [`steps`] and its page under `view/`.
//! [`plain`] asks the same questions, line by line, through the same [`update`](mod@update).

pub mod clipboard;
pub mod control;
pub mod diff;
pub mod draft;
pub mod effect;
pub mod field;
pub mod guide;
pub mod highlight;
pub mod keymap;
pub mod message;
pub mod model;
pub mod place;
pub mod plain;
pub mod run;
pub mod steps;
pub mod survey;
pub mod terminal;
pub mod theme;
pub mod update;
pub mod view;

pub use model::{Model, Step};
pub use place::{Demo, Place};
