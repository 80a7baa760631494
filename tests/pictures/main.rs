//! The pictures of the README, drawn from the wizard's real screens, so that they are never stale.

mod svg;
