//! The wizard: from nothing to a verified alert in ilert, screen by screen.
//!
//! ```text
//! key ──► keymap ──► Message ──► update(&mut Model) ──► Effects ──► effect (I/O) ──► Message
//!                                     │
//!                                     └──► page of the step ──► screen, or lines
//! ```
//!
//! Five rooms. Each imports only from itself and from rooms above it in this list: `tests/it/house.rs` checks it.
//!
//! 1. [`answers`]: what a person answered, plain data, typed into [`field`]s; the [`draft`] keeps it. [`context`]: what
//!    is known besides: the [`place`], the [`survey`] of this machine.
//! 2. [`form`]: a control is one row, which reads, changes and checks one answer. [`page`]: rows and text as lines, in
//!    the look of a [`theme`]. A [`memo`] keeps what would take long at each key.
//! 3. [`steps`]: a step is one module: its rows, whether its answers will do, its page; the [`guide`] has its texts. It
//!    sees the answers and the context, never the whole model.
//!    Pages over all steps lead into them and back: everything at once, the menu of a configuration that is there, and
//!    the home screen, which lists all that are installed.
//! 4. [`model`] is all of that and where the person is; [`update`](mod@update) alone changes it, [`keymap`](mod@keymap)
//!    is the table of keys, which makes the footer too, [`message`] what can happen. [`effect`] alone does something
//!    outside, such as filling the [`clipboard`].
//! 5. Two front ends of equal rank: the screen ([`run`], [`view`](mod@view), [`terminal`]) and [`plain`], line by line.
//!
//! The recipes for a new control and a new step are in the crate's documentation.

pub mod answers;
pub mod clipboard;
pub mod context;
pub mod draft;
pub mod effect;
pub mod field;
pub mod form;
pub mod guide;
pub mod keymap;
pub mod memo;
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
