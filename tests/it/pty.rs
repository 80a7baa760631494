//! What only a real terminal shows: the program in a pseudo-terminal, its screen read as a person reads it.

mod binary;
mod endings;
mod harness;
mod looks;
mod session;
mod terminal;
mod token;
mod wizard;
