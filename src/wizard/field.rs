//! What a person types into: one line ([`Field`]), several ([`TextArea`]), or a secret ([`SecretField`]).
//!
//! Each takes the keys that are its own and says so, takes a paste as one edit, and shows a part of itself
//! that fits, cursor included. None draws: the view does. Columns are those of the terminal, in which a
//! character takes none, one or two.

mod area;
mod keys;
mod line;
mod secret;
mod window;

pub use area::TextArea;
pub use line::Field;
pub use secret::SecretField;

#[cfg(test)]
mod tests;
