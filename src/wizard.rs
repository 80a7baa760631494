//! The wizard: from nothing to a verified alert in ilert, screen by screen.
//!
//! ```text
//! key ──► keymap ──► Message ──► update(&mut Model) ──► Effects ──► effect (I/O) ──► Message
//!                                     │
//!                                     └──► page of the step ──► screen, or lines
//! ```
//!
//! Five rooms; none imports from one below it in this list:
//!
//! 1. [`answers`]: what a person answered, plain data; the [`draft`] keeps these. [`context`]: what is known besides.
//! 2. [`form`]: a control is one row, which reads, changes and checks one answer. [`page`]: rows and text as lines.
//! 3. [`steps`]: a step is one module: its rows, whether its answers will do, its page. It sees [`answers`] and
//!    [`context`], never the whole [`model`].
//! 4. [`model`] is all of that and where the person is; [`update`](mod@update) alone changes it, [`keymap`](mod@keymap)
//!    is the table of keys, which makes the footer too, [`message`] what can happen, [`effect`] alone does something
//!    outside.
//! 5. Two front ends of equal rank: the screen ([`run`], [`view`](mod@view), [`terminal`]) and [`plain`], line by line.
//!
//! A new control is a field of the answers and a row of its step. A new step is its module under `steps/`, its line
//! in [`steps`], its part of [`answers`], and its help in `assets/guide/help.toml`.

pub mod answers;
pub mod clipboard;
pub mod context;
pub mod diff;
pub mod draft;
pub mod effect;
pub mod field;
pub mod form;
pub mod guide;
pub mod keymap;
pub mod message;
pub mod model;
pub mod page;
pub mod place;
pub mod plain;
pub mod run;
pub mod steps;
pub mod survey;
pub mod terminal;
pub mod theme;
pub mod update;
pub mod view;

pub use answers::Step;
pub use model::Model;
pub use place::{Demo, Place};
