//! The wizard: from nothing to a verified alert in ilert, screen by screen.

pub mod clipboard;
pub mod diff;
pub mod draft;
pub mod field;
pub mod guide;
pub mod highlight;
pub mod survey;
pub mod terminal;
pub mod theme;
