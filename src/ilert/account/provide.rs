//! Finds or creates an alert source by its name, and returns it with its key. Calling it twice creates one.

mod error;

use error::LONGEST_NAME;
pub use error::{NamedPolicy, ProvideError};

use super::grouping::NONE;
use super::{API, Account, AccountError, AlertSource, EscalationPolicy, Grouping, HIGH, NewAlertSource};
use crate::secret::Secret;
use crate::text::one_line;

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
    let found = only(&account.alert_sources().await?, name)?;
    let created = found.is_none();
    let source = if let Some(source) = found {
        source
    } else {
        other_key(held, name, None)?;
        let (escalation_policy, grouping) = (policy.id, Grouping::None);
        let new = NewAlertSource { name, escalation_policy, grouping, auto_resolution: None };
        account.create_alert_source(&new).await?
    };
    let provided = Provided::of(source, created, policy)?;
    other_key(held.filter(|held| **held != provided.key), name, Some(provided.source.id))?;
    Ok(provided)
}

/// The alert sources of type API with this name: blanks at the ends do not count, case does. There may be several.
#[must_use]
pub fn sources_named<'a>(sources: &'a [AlertSource], name: &str) -> Vec<&'a AlertSource> {
    let name = name.trim();
    sources.iter().filter(|source| source.integration_type == API && source.name.trim() == name).collect()
}

impl Provided {
    /// Fails with [`AccountError::KeyWithheld`] where ilert keeps the key to itself.
    pub(super) fn of(
        source: AlertSource,
        created: bool,
        policy: EscalationPolicy,
    ) -> Result<Self, AccountError> {
        let key = Secret::new(source.key()?.expose().trim().to_owned());
        Ok(Self { source, key, created, policy })
    }

    /// Which settings of a found alert source keep ilert from showing what Netdata shows, a sentence each.
    #[must_use]
    pub fn reservations(&self) -> Vec<String> {
        let mut words = self.source.reservations();
        let policy = self.source.escalation_policy.as_ref();
        if let Some(other) = policy.filter(|other| other.id != self.policy.id) {
            words.push(format!("its escalation policy is {}, which is not changed", NamedPolicy(other)));
        }
        words
    }
}

impl AlertSource {
    /// Which of its settings keep ilert from showing what Netdata shows, a sentence each.
    #[must_use]
    pub fn reservations(&self) -> Vec<String> {
        let Self { active, alert_priority_rule, alert_creation, auto_resolution_timeout, .. } = self;
        let mut words = Vec::new();
        if !["", API].contains(&self.integration_type.as_str()) {
            words.push(format!(
                "its type is {}; only type {API} takes these events",
                one_line(&self.integration_type, LONGEST_NAME)
            ));
        }
        if *active == Some(false) {
            words.push("it is switched off in ilert; no alert opens until it is switched on".to_owned());
        }
        if let Some(rule) = alert_priority_rule.as_deref().filter(|rule| *rule != HIGH) {
            words.push(format!(
                "its alert priority rule is {}; ilert uses the priority of each event only with HIGH",
                one_line(rule, LONGEST_NAME)
            ));
        }
        if let Some(rule) = alert_creation.as_deref().filter(|rule| !["", NONE].contains(rule)) {
            words.push(format!(
                "its alert grouping is {}; only with {NONE} does each Netdata alert get its own alert",
                one_line(rule, LONGEST_NAME)
            ));
        }
        if let Some(timeout) = auto_resolution_timeout {
            words.push(format!(
                "it resolves alerts by itself ({}), also those that Netdata still shows; switch that off",
                one_line(timeout, LONGEST_NAME)
            ));
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

fn only(sources: &[AlertSource], name: &str) -> Result<Option<AlertSource>, ProvideError> {
    let found = sources_named(sources, name);
    if found.len() > 1 {
        let ids = found.iter().map(|source| source.id).collect();
        return Err(ProvideError::SeveralSources { name: name.to_owned(), ids });
    }
    Ok(found.first().copied().cloned())
}

fn other_key(held: Option<&Secret>, name: &str, id: Option<i64>) -> Result<(), ProvideError> {
    held.map_or(Ok(()), |held| Err(ProvideError::OtherKey { held: held.masked(), name: name.to_owned(), id }))
}
