//! The pictures of the README, drawn from the wizard's real screens, so that they are never stale.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)] // to panic is to fail

mod svg;
