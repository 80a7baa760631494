//! Why no alert source can be used; the errors list what exists instead.

use std::fmt;

use super::super::{AccountError, AlertSource, EscalationPolicy};
use crate::text::one_line;

/// Most entries of a list that a message repeats.
const MOST_SHOWN: usize = 20;
/// Longest name that a message repeats, in characters.
pub(super) const LONGEST_NAME: usize = 60;

/// Why there is no alert source that can be used. Nothing was created, unless the message says so.
#[derive(Debug, thiserror::Error)]
pub enum ProvideError {
    /// ilert.
    #[error(transparent)]
    Account(#[from] AccountError),
    /// No escalation policy is called that.
    #[error("no escalation policy has the id or name `{wanted}`: {}", Known(.known))]
    NoPolicy {
        /// What was asked for.
        wanted: String,
        /// Those that there are.
        known: Vec<EscalationPolicy>,
    },
    /// Several escalation policies are called that.
    #[error("several escalation policies are called `{wanted}`: give the id; {}", Known(.candidates))]
    SeveralPolicies {
        /// What was asked for.
        wanted: String,
        /// Those that match.
        candidates: Vec<EscalationPolicy>,
    },
    /// Several alert sources are called that.
    #[error(
        "{} alert sources of type API are called `{name}` (ids {}): rename all but one in ilert, or give another \
         name",
        .ids.len(),
        listed(.ids)
    )]
    SeveralSources {
        /// The name.
        name: String,
        /// Their ids.
        ids: Vec<i64>,
    },
    /// The place of the key is taken.
    #[error("another key ({held}) is kept there, not the one of the alert source `{name}`{}", found(.id.as_ref()))]
    OtherKey {
        /// The key that is there, masked.
        held: String,
        /// The alert source's name.
        name: String,
        /// Its id; `None` where it would have been created.
        id: Option<i64>,
    },
    /// One was to be created, and there is one of that name by now.
    #[error(
        "{} appeared in ilert meanwhile, so nothing was created: choose it, or another name",
        appeared(.sources)
    )]
    Appeared {
        /// Those that were not there before; never empty.
        sources: Vec<AlertSource>,
    },
    /// The one that was chosen is not there by now.
    #[error(
        "the alert source `{}` (id {id}) is no longer in ilert, or not of type API: go back, and choose another or \
         create one",
        one_line(.name, LONGEST_NAME)
    )]
    Gone {
        /// The name that was asked for.
        name: String,
        /// The id that was chosen.
        id: i64,
    },
}

fn found(id: Option<&i64>) -> String {
    match id {
        Some(id) => format!(" (id {id})"),
        None => ", which does not exist and was not created".to_owned(),
    }
}

fn listed(ids: &[i64]) -> String {
    ids.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

fn appeared(sources: &[AlertSource]) -> String {
    let name = sources.first().map_or("", |source| &source.name);
    let ids: Vec<_> = sources.iter().map(|source| source.id).collect();
    let (what, word) = if ids.len() > 1 { ("alert sources", "ids") } else { ("an alert source", "id") };
    format!("{what} called `{}` ({word} {})", one_line(name, LONGEST_NAME), listed(&ids))
}

/// An escalation policy as it is told: `Ops` (id 7), or its id alone where ilert gives no name.
#[derive(Debug)]
pub struct NamedPolicy<'a>(pub &'a EscalationPolicy);

impl fmt::Display for NamedPolicy<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let EscalationPolicy { id, name } = self.0;
        let name = one_line(name, LONGEST_NAME);
        if name.is_empty() { write!(f, "with id {id}") } else { write!(f, "`{name}` (id {id})") }
    }
}

struct Known<'a>(&'a [EscalationPolicy]);

impl fmt::Display for Known<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.is_empty() {
            return f.write_str("the token sees none; create one in ilert first");
        }
        let shown: Vec<_> =
            self.0.iter().take(MOST_SHOWN).map(|policy| NamedPolicy(policy).to_string()).collect();
        write!(f, "there are {}", shown.join(", "))?;
        match self.0.len().saturating_sub(MOST_SHOWN) {
            0 => Ok(()),
            more => write!(f, " and {more} more"),
        }
    }
}
