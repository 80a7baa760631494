//! The home screen's answers: the name of a configuration that is added. Never kept.

use crate::wizard::field::Field;

/// The home screen.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct HomeAnswers {
    /// A name is asked for.
    pub adds: bool,
    /// That name.
    pub name: Field,
}
