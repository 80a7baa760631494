//! The wizard: from nothing to a verified alert in ilert, screen by screen.

pub mod draft;
pub mod field;
pub mod guide;
pub mod survey;
pub mod terminal;
pub mod theme;
