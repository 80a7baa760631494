//! *API key*: the alert source's key, and where it is kept.

pub mod page;

use std::path::PathBuf;

use crate::config::SecretSource;
use crate::secret::{Flaw, Secret, SecretKind, clean};
use crate::wizard::answers::{Answers, Keep, Way};
use crate::wizard::context::Context;
use crate::wizard::form::{Access, Choice, Control, Row, StepProblem, field};
use crate::wizard::steps::source::{self, for_me};

/// The variable that a key can be in.
pub const VARIABLE: &str = "ILERT_API_KEY";
/// The name of the key file, beside the configuration.
const FILE: &str = "api-key";

impl Control {
    /// The alert source's API key.
    pub const API_KEY: Self = Self {
        row: &Row::new("api-key", "API key", field!(Secret: key.field))
            .help(about)
            .check(is_key)
            .demo(|demo| &demo.key),
        at: 0,
    };
    /// Where it is kept.
    pub const KEEP: Self =
        Self { row: &Row::new("keep", "Keep it in", Access::Choice(keeps, choose_keep)), at: 0 };
}

/// The key, and where it is kept.
#[must_use]
pub fn controls(_: &Answers, _: &Context) -> Vec<Control> {
    vec![Control::API_KEY, Control::KEEP]
}

/// The key of the configuration that is edited.
fn known<'a>(answers: &Answers, context: &'a Context) -> Option<&'a Secret> {
    context.kept(answers.start.existing)?.key.as_ref()
}

/// The key in [`VARIABLE`].
fn variable(context: &Context) -> Option<&Secret> {
    context.found.as_ref()?.variable.as_ref()
}

/// Where the key that would be used is from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// It was given here, or made.
    Given,
    /// The configuration that is edited.
    Configured,
    /// [`VARIABLE`].
    Variable,
}

/// The key that would be used, and where it is from: the one given here, else the known one.
#[must_use]
pub fn found(answers: &Answers, context: &Context) -> Option<(Origin, Secret)> {
    let key = &answers.key;
    if !key.field.is_empty() {
        return Some((Origin::Given, key.field.secret()));
    }
    let known = known(answers, context).map(|key| (Origin::Configured, key.clone()));
    let variable = variable(context).map(|key| (Origin::Variable, key.clone()));
    match key.keep {
        Keep::Variable => variable.or(known),
        _ => known.or(variable),
    }
}

/// The key that would be used.
#[must_use]
pub fn secret(answers: &Answers, context: &Context) -> Option<Secret> {
    found(answers, context).map(|(_, key)| key)
}

/// The key that would be used, and where it is from: "****3f9a, as configured". Empty where there is
/// none.
#[must_use]
pub fn named(answers: &Answers, context: &Context) -> String {
    match found(answers, context) {
        None => String::new(),
        Some((Origin::Given, key)) => key.masked(),
        Some((Origin::Configured, key)) => format!("{key}, as configured"),
        Some((Origin::Variable, key)) => format!("{key}, from the variable {VARIABLE}"),
    }
}

/// Whether the key that would be used is of the alert source that was chosen: of a new one, it was made or given here.
#[must_use]
pub fn is_chosen(answers: &Answers, context: &Context) -> bool {
    let is_given = !answers.key.field.is_empty();
    match source::way(answers, context) {
        Way::Kept => true,
        Way::ByHand => is_given,
        Way::ForMe => is_given && source::check(answers, context).is_ok(),
    }
}

/// Where the configuration will say that the key is.
#[must_use]
pub fn kept(answers: &Answers, context: &Context) -> SecretSource {
    let existing = answers.start.existing;
    match (answers.key.keep, &context.base(existing).integration.api_key) {
        (Keep::Variable, SecretSource::Env(name)) => SecretSource::Env(name.clone()),
        (Keep::Variable, _) => SecretSource::Env(VARIABLE.to_owned()),
        (Keep::Credential, SecretSource::Credential(name)) => SecretSource::Credential(name.clone()),
        (Keep::Config, _) => {
            SecretSource::Literal(secret(answers, context).unwrap_or_else(|| Secret::new(String::new())))
        }
        (_, SecretSource::File(path)) if context.edited(existing).is_some() => {
            SecretSource::File(path.clone())
        }
        _ => SecretSource::File(context.place.beside(FILE)),
    }
}

/// Whether nothing becomes of the key of the configuration that is edited: whoever cannot read it need not give it.
#[must_use]
pub fn stays(answers: &Answers, context: &Context) -> bool {
    let base = context.edited(answers.start.existing);
    answers.key.field.is_empty()
        && base.is_some_and(|base| base.integration.api_key == kept(answers, context))
}

/// The key that must be written to a file of its own, and where; `None` where it is there already.
#[must_use]
pub fn to_write(answers: &Answers, context: &Context) -> Option<(PathBuf, Secret)> {
    let SecretSource::File(path) = kept(answers, context) else { return None };
    let secret = secret(answers, context)?;
    let there = known(answers, context) == Some(&secret)
        && context.base(answers.start.existing).integration.api_key == SecretSource::File(path.clone());
    (!there).then_some((path, secret))
}

/// Whether the key came along with the alert source, made or kept: there is nothing to ask.
#[must_use]
pub fn is_carried(answers: &Answers, context: &Context) -> bool {
    match (source::way(answers, context), for_me::made(answers, context)) {
        (Way::Kept, _) => answers.key.field.is_empty() && known(answers, context).is_some(),
        (_, Some(made)) => answers.key.field.holds(&made.fulfilled.provided.key),
        (_, None) => false,
    }
}

/// Where the key is kept, in words.
#[must_use]
pub fn holds(answers: &Answers, context: &Context) -> String {
    let Choice { options, selected } = keeps(answers, context);
    let place = options.into_iter().nth(selected).unwrap_or_default();
    match secret(answers, context) {
        Some(key) => format!("{key}, in {place}"),
        None => format!("none yet; it goes into {place}"),
    }
}

fn options(answers: &Answers, context: &Context) -> Vec<Keep> {
    let mut options = vec![Keep::File, Keep::Variable, Keep::Config];
    if matches!(context.base(answers.start.existing).integration.api_key, SecretSource::Credential(_)) {
        options.push(Keep::Credential);
    }
    options
}

fn keeps(answers: &Answers, context: &Context) -> Choice {
    let label = |keep: &Keep| match keep {
        Keep::File => "a key file that only this user can read".to_owned(),
        Keep::Variable => match &context.base(answers.start.existing).integration.api_key {
            SecretSource::Env(name) => format!("the environment variable {name}"),
            _ => format!("the environment variable {VARIABLE}"),
        },
        Keep::Config => "the configuration file".to_owned(),
        Keep::Credential => "the systemd credential, where it is now".to_owned(),
    };
    Choice::among(&options(answers, context), |keep| *keep == answers.key.keep, label)
}

fn choose_keep(answers: &mut Answers, context: &Context, at: usize) {
    if let Some(keep) = options(answers, context).get(at) {
        answers.key.keep = *keep;
    }
}

/// There must be a key; what it looks like is ilert's business.
fn is_key(answers: &Answers, context: &Context) -> Result<(), StepProblem> {
    let Some(secret) = secret(answers, context) else {
        return Err(StepProblem::new(Control::API_KEY, "paste the key here: nothing can be sent without it"));
    };
    match clean(secret.expose(), SecretKind::Key) {
        Ok(_) => Ok(()),
        Err(Flaw::Blank) => {
            let message = "a key has no spaces in it: paste the key again, and nothing else";
            Err(StepProblem::new(Control::API_KEY, message))
        }
        Err(flaw) => {
            let message = format!("this {flaw}: paste the key alone, from an alert source of type API");
            Err(StepProblem::new(Control::API_KEY, message))
        }
    }
}

/// The hint under the key, where there is one.
fn about(answers: &Answers, context: &Context) -> Option<String> {
    let key = &answers.key;
    Some(
        match (
            key.field.secret().expose().chars().count(),
            key.keep,
            known(answers, context),
            variable(context),
        ) {
            (0, Keep::Variable, _, Some(key)) | (0, _, None, Some(key)) => {
                format!("empty: {key}, from the environment, is used")
            }
            (0, _, Some(key), _) => format!("empty: the configured key {key} is kept"),
            (0, _, None, None) => return None,
            (count, ..) => {
                let characters =
                    if count == 1 { "1 character".to_owned() } else { format!("{count} characters") };
                key.field.note().map_or(characters.clone(), |note| format!("{characters}, {note}"))
            }
        },
    )
}
