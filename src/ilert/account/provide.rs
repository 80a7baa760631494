//! An alert source of a name and with a key, whether it was there or not. The same twice makes one.

use std::fmt;

use super::{API, Account, AccountError, AlertSource, EscalationPolicy, Grouping, HIGH, NewAlertSource};
use crate::secret::Secret;
use crate::text::one_line;

/// Most entries of a list that a message repeats.
const MOST_SHOWN: usize = 20;
/// Longest name that a message repeats, in characters.
const LONGEST_NAME: usize = 60;

/// An alert source that can be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Provided {
    /// The alert source.
    pub source: AlertSource,
    /// What events are sent with.
    pub key: Secret,
    /// Whether it was created now, rather than found.
    pub created: bool,
    /// Who is called, as was asked for.
    pub policy: EscalationPolicy,
}

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
        "{} alert sources of type API are called `{name}` (ids {}), and which is meant cannot be told: rename all but \
         one in ilert, or give another name",
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
    #[error("the key that is kept there ({held}) is not the one of the alert source `{name}`{}", found(.id.as_ref()))]
    OtherKey {
        /// The key that is there, masked.
        held: String,
        /// The alert source's name.
        name: String,
        /// Its id; `None` where it would have been created.
        id: Option<i64>,
    },
}

/// Finds the alert source of type API with this name, or creates it: priority rule HIGH, no grouping, no
/// automatic resolution. `policy` is an escalation policy's id or its name, in any case. `held` is the key
/// that is kept already where the alert source's is to be kept: another one is refused before anything is
/// created.
pub async fn provide(
    account: &Account,
    name: &str,
    policy: &str,
    held: Option<&Secret>,
) -> Result<Provided, ProvideError> {
    let policy = choose(account.escalation_policies().await?, policy)?;
    let found = named(account.alert_sources().await?, name)?;
    let created = found.is_none();
    let source = if let Some(source) = found {
        source
    } else {
        other_key(held, name, None)?;
        let new = NewAlertSource { name, escalation_policy: policy.id, grouping: Grouping::None };
        account.create_alert_source(&new).await?
    };
    let key = Secret::new(source.key()?.expose().trim().to_owned());
    other_key(held.filter(|held| **held != key), name, Some(source.id))?;
    Ok(Provided { source, key, created, policy })
}

impl Provided {
    /// What of an alert source that was found keeps alerts from being what Netdata shows, a sentence each.
    #[must_use]
    pub fn reservations(&self) -> Vec<String> {
        let AlertSource { active, alert_priority_rule, auto_resolution_timeout, escalation_policy, .. } =
            &self.source;
        let mut words = Vec::new();
        if *active == Some(false) {
            words.push(
                "it is switched off in ilert: no event opens an alert until it is switched on".to_owned(),
            );
        }
        if let Some(rule) = alert_priority_rule.as_deref().filter(|rule| *rule != HIGH) {
            words.push(format!(
                "its alert priority rule is {}: with any but HIGH ilert does not heed the priority of events",
                one_line(rule, LONGEST_NAME)
            ));
        }
        if let Some(timeout) = auto_resolution_timeout {
            words.push(format!(
                "it resolves alerts by itself ({}), also those that Netdata still shows: switch that off",
                one_line(timeout, LONGEST_NAME)
            ));
        }
        if let Some(other) = escalation_policy.as_ref().filter(|other| other.id != self.policy.id) {
            words.push(format!("its escalation policy is {}, and stays it", Shown(other)));
        }
        words
    }
}

fn choose(known: Vec<EscalationPolicy>, wanted: &str) -> Result<EscalationPolicy, ProvideError> {
    if let Some(policy) = wanted.parse().ok().and_then(|id: i64| known.iter().find(|policy| policy.id == id))
    {
        return Ok(policy.clone());
    }
    let folded = |name: &str| name.trim().to_lowercase();
    let (mut candidates, others): (Vec<_>, Vec<_>) =
        known.into_iter().partition(|policy| folded(&policy.name) == folded(wanted));
    let wanted = wanted.to_owned();
    match (candidates.pop(), candidates.is_empty()) {
        (None, _) => Err(ProvideError::NoPolicy { wanted, known: others }),
        (Some(only), true) => Ok(only),
        (Some(last), false) => {
            candidates.push(last);
            Err(ProvideError::SeveralPolicies { wanted, candidates })
        }
    }
}

fn named(sources: Vec<AlertSource>, name: &str) -> Result<Option<AlertSource>, ProvideError> {
    let mut found: Vec<_> = sources
        .into_iter()
        .filter(|source| source.integration_type == API && source.name.trim() == name)
        .collect();
    if found.len() > 1 {
        let ids = found.iter().map(|source| source.id).collect();
        return Err(ProvideError::SeveralSources { name: name.to_owned(), ids });
    }
    Ok(found.pop())
}

fn other_key(held: Option<&Secret>, name: &str, id: Option<i64>) -> Result<(), ProvideError> {
    held.map_or(Ok(()), |held| Err(ProvideError::OtherKey { held: held.masked(), name: name.to_owned(), id }))
}

fn found(id: Option<&i64>) -> String {
    match id {
        Some(id) => format!(" (id {id})"),
        None => ", which is not there yet and was not created".to_owned(),
    }
}

fn listed(ids: &[i64]) -> String {
    ids.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

/// `Ops` (id 7).
struct Shown<'a>(&'a EscalationPolicy);

impl fmt::Display for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` (id {})", one_line(&self.0.name, LONGEST_NAME), self.0.id)
    }
}

struct Known<'a>(&'a [EscalationPolicy]);

impl fmt::Display for Known<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.is_empty() {
            return f.write_str("the token sees none; create one in ilert first");
        }
        let shown: Vec<_> = self.0.iter().take(MOST_SHOWN).map(|policy| Shown(policy).to_string()).collect();
        write!(f, "there are {}", shown.join(", "))?;
        match self.0.len().saturating_sub(MOST_SHOWN) {
            0 => Ok(()),
            more => write!(f, " and {more} more"),
        }
    }
}
