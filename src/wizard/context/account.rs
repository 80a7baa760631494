//! What ilert's account has, and what was made in it.

use crate::config::Ilert;
use crate::ilert::account::{AlertSource, Fulfilled, Order, Overview};
use crate::secret::Secret;

/// What is known of the account.
#[derive(Clone, Debug, Default)]
pub struct AccountContext {
    /// The token that ilert was last asked with, and where.
    pub asked: Option<(Secret, Ilert)>,
    /// What ilert said to it.
    pub known: Option<KnownAccount>,
    /// What is being made.
    pub ordered: Option<Order>,
    /// The last that was made or found.
    pub made: Option<FulfilledOrder>,
}

/// What an account has, and the token that shows it.
#[derive(Clone, Debug, PartialEq)]
pub struct KnownAccount {
    /// The token.
    pub token: Secret,
    /// Where ilert was asked.
    pub ilert: Ilert,
    /// The account.
    pub overview: Overview,
}

/// An order, and its result.
#[derive(Clone, Debug, PartialEq)]
pub struct FulfilledOrder {
    /// The order.
    pub order: Order,
    /// The alert source with its key, and the heartbeat monitor.
    pub fulfilled: Fulfilled,
}

/// Why an order was not fulfilled.
#[derive(Clone, Debug, PartialEq)]
pub struct Unfulfilled {
    /// In words.
    pub words: String,
    /// Alert sources of the name that appeared meanwhile.
    pub appeared: Vec<AlertSource>,
}
