//! Step 3, *API key*: the alert source's key, and where it is kept.

use super::Problem;
use crate::config::SecretSource;
use crate::secret::{Flaw, Kind, Secret, clean};
use crate::wizard::control::{Control, Widget};
use crate::wizard::field::SecretField;
use crate::wizard::model::Model;

/// The variable that a key can be in.
pub const VARIABLE: &str = "ILERT_API_KEY";
/// The name of the key file, beside the configuration.
pub const FILE: &str = "api-key";

/// Where the key is kept.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Keep {
    /// In a file of its own.
    #[default]
    File,
    /// In an environment variable.
    Variable,
    /// In the configuration file.
    Config,
    /// Where the configuration already has it, as a systemd credential.
    Credential,
}

/// State of the step.
#[derive(Clone, Debug, Default)]
pub struct Key {
    /// What was pasted or typed.
    pub field: SecretField,
    /// Where it is to be kept.
    pub keep: Keep,
    /// The key of the configuration that is edited.
    pub known: Option<Secret>,
    /// The key in [`VARIABLE`].
    pub variable: Option<Secret>,
}

/// The key as it would be used: the one given here, or the one that is there.
#[must_use]
pub fn secret(model: &Model) -> Option<Secret> {
    let key = &model.key;
    if !key.field.is_empty() {
        return Some(key.field.secret());
    }
    match key.keep {
        Keep::Variable => key.variable.as_ref().or(key.known.as_ref()),
        _ => key.known.as_ref().or(key.variable.as_ref()),
    }
    .cloned()
}

/// Where the configuration will say that the key is.
#[must_use]
pub fn kept(model: &Model) -> SecretSource {
    match (model.key.keep, &model.base.integration.api_key) {
        (Keep::Variable, SecretSource::Env(name)) => SecretSource::Env(name.clone()),
        (Keep::Variable, _) => SecretSource::Env(VARIABLE.to_owned()),
        (Keep::Credential, SecretSource::Credential(name)) => SecretSource::Credential(name.clone()),
        (Keep::Config, _) => {
            SecretSource::Literal(secret(model).unwrap_or_else(|| Secret::new(String::new())))
        }
        (_, SecretSource::File(path)) if model.start.edits() => SecretSource::File(path.clone()),
        _ => SecretSource::File(model.place.beside(FILE)),
    }
}

/// The key that must be written to a file of its own, and where; `None` where it is there already.
#[must_use]
pub fn to_write(model: &Model) -> Option<(std::path::PathBuf, Secret)> {
    let SecretSource::File(path) = kept(model) else { return None };
    let secret = secret(model)?;
    let there = model.key.known.as_ref() == Some(&secret)
        && model.base.integration.api_key == SecretSource::File(path.clone());
    (!there).then_some((path, secret))
}

/// Where a source would have it kept.
#[must_use]
pub fn keep_of(source: &SecretSource) -> Keep {
    match source {
        SecretSource::File(_) => Keep::File,
        SecretSource::Env(_) => Keep::Variable,
        SecretSource::Credential(_) => Keep::Credential,
        SecretSource::Literal(_) => Keep::Config,
    }
}

fn options(model: &Model) -> Vec<Keep> {
    let mut options = vec![Keep::File, Keep::Variable, Keep::Config];
    if matches!(model.base.integration.api_key, SecretSource::Credential(_)) {
        options.push(Keep::Credential);
    }
    options
}

/// Where the key can be kept, as a choice.
#[must_use]
pub fn keeps(model: &Model) -> Widget<'static> {
    let options = options(model);
    let label = |keep: &Keep| match keep {
        Keep::File => "a key file only this user can read".to_owned(),
        Keep::Variable => match &model.base.integration.api_key {
            SecretSource::Env(name) => format!("the environment variable {name}"),
            _ => format!("the environment variable {VARIABLE}"),
        },
        Keep::Config => "the configuration file".to_owned(),
        Keep::Credential => "the systemd credential that it is in".to_owned(),
    };
    Widget::Choice {
        selected: options.iter().position(|keep| *keep == model.key.keep).unwrap_or(0),
        options: options.iter().map(label).collect(),
    }
}

/// Chooses where it is kept.
pub fn choose_keep(model: &mut Model, at: usize) {
    if let Some(keep) = options(model).get(at) {
        model.key.keep = *keep;
    }
}

/// There must be a key; what it looks like is ilert's business.
pub fn check(model: &Model) -> Result<(), Problem> {
    let Some(secret) = secret(model) else {
        return Err(Problem::new(Control::ApiKey, "paste the key here: without it nothing can be sent"));
    };
    match clean(secret.expose(), Kind::Key) {
        Ok(_) => Ok(()),
        Err(Flaw::Blank) => {
            let message = "a key has no blanks inside: paste it once more, and nothing besides";
            Err(Problem::new(Control::ApiKey, message))
        }
        Err(flaw) => {
            let message = format!("this {flaw}: paste the key alone, from an alert source of type API");
            Err(Problem::new(Control::ApiKey, message))
        }
    }
}
