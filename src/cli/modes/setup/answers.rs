//! What is wanted: from flags, the environment and files; what they leave out, the configuration that is there says.

use std::path::PathBuf;

use color_eyre::eyre::{self, WrapErr};

use super::flags::say;
use super::part::PartName;
use super::place::{held_key, lost_key};
use super::wanted::{KeptSecret, wanted};
use crate::cli::arguments::{Arguments, ScheduleAnswer};
use crate::cli::modes::account::{is_set, must_ask, token_if_given, token_in_environment};
use crate::cli::modes::alert_source::named;
use crate::cli::modes::schedule::{planned_or_kept, removable, say_others};
use crate::cli::modes::{Misuse, selection};
use crate::config::{Config, ConfigError, Installed, SecretSource};
use crate::netdata::Credentials;
use crate::schedule::{self, SchedulePlan, Scheduler};
use crate::secret::{Secret, SecretKind};
use crate::setup::{self, Composed};
use crate::wizard::survey::KEY_VARIABLE;

const NAME: &str = "`--name`: what the configuration is called";
const KEY: &str = "the API key: in `ILERT_API_KEY`, in a file (`--api-key-file`), or of an alert source (`--alert-source` \
                   and `--escalation-policy`)";
const POLICY: &str =
    "`--escalation-policy`: the id or the name of the escalation policy, which says who is called";
pub(super) const TOKEN: &str =
    "the ilert API token for `--alert-source`: in `ILERT_API_TOKEN` or on standard input";
const USER: &str = "`--netdata-user`: the user name that goes with the password of `--netdata-password-file`";
const PASSWORD: &str = "`--netdata-password-file`: the file with the password of `--netdata-user`";

/// All answers.
pub(super) struct Answers {
    /// Where the configuration and its state are, absolute.
    pub(super) one: Installed,
    /// The text of the file that is there.
    pub(super) old: Option<String>,
    /// What it says.
    pub(super) base: Option<Config>,
    /// What it will say.
    pub(super) config: Config,
    /// Where the API key comes from.
    pub(super) key: KeyAnswer,
    /// An ilert API token to look the live test up with.
    pub(super) token: Option<Secret>,
    /// The other secrets that are given.
    pub(super) secrets: Vec<KeptSecret>,
    /// What is to do for the schedule; `None` where nothing was said of it.
    pub(super) schedule: Option<SchedulePlan>,
}

/// Where the API key comes from.
pub(super) enum KeyAnswer {
    /// It is known.
    Given(Secret),
    /// An alert source in ilert, which is created where there is none.
    Source {
        /// The alert source's name.
        name: String,
        /// The escalation policy's id or name.
        policy: String,
    },
}

impl Answers {
    /// Reads them. All that are missing are said at once.
    pub(super) async fn of(arguments: &Arguments) -> eyre::Result<Self> {
        let one = selection::to_make(arguments)?;
        let absolute = |path: PathBuf| std::path::absolute(&path).unwrap_or(path);
        let one = Installed { path: absolute(one.path), state: absolute(one.state), ..one };
        let base = match selection::load(&one) {
            Ok(config) => Some(config),
            Err(ConfigError::Missing { .. }) => None,
            Err(error) => return Err(error.into()),
        };
        let old = setup::on_disk(&one.path).wrap_err("cannot read the configuration")?;
        let mut lacking = Vec::new();
        if base.is_none() && arguments.answers.name.is_none() {
            lacking.push(NAME.to_owned());
        }
        lacking.extend(login(arguments, base.as_ref()).map(str::to_owned));
        let (key, token) = key(arguments, base.as_ref(), &one, &mut lacking).await?;
        let Some(key) = key.filter(|_| lacking.is_empty()) else { return Err(missing(&lacking).into()) };
        let (config, secrets) = wanted(&arguments.answers, base.as_ref(), &one.path)?;
        let schedule =
            arguments.answers.schedule.map(|answer| schedule_plan(answer, &one, &config)).transpose()?;
        Ok(Self { one, old, base, config, key, token, secrets, schedule })
    }

    /// The file as it will be.
    pub(super) fn compose(&self) -> Result<Composed, ConfigError> {
        setup::compose(self.old.as_deref(), true, &self.config, &self.one.path)
    }

    /// What Netdata is asked with: what is given, else what is kept.
    pub(super) fn credentials(&self) -> Result<Credentials, ConfigError> {
        let given = |part| self.secrets.iter().find(|kept| kept.part == part).map(|kept| kept.secret.clone());
        let password = match given(PartName::NetdataPassword) {
            None => self.config.netdata_password()?,
            given => given,
        };
        let bearer = match given(PartName::NetdataToken) {
            None => self.config.netdata_bearer_token()?,
            given => given,
        };
        Ok(Credentials { basic: self.config.netdata.username.clone().zip(password), bearer })
    }
}

/// Says which answers are missing.
pub(super) fn missing(lacking: &[String]) -> Misuse {
    let lines = lacking.join("\n  ");
    Misuse(format!("`--setup` asks nothing, and this is missing:\n  {lines}\nNothing was changed."))
}

/// What is missing of Netdata's user name and password.
fn login(arguments: &Arguments, base: Option<&Config>) -> Option<&'static str> {
    let (answers, there) = (&arguments.answers, base.map(|config| &config.netdata));
    let (user, password) = (answers.netdata_user.as_deref(), answers.netdata_password_file.as_ref());
    let has_user = user
        .map_or_else(|| there.is_some_and(|there| there.username.is_some()), |user| !user.trim().is_empty());
    let has_password = password.is_some() || there.is_some_and(|there| there.password.is_some());
    match (has_user, has_password) {
        (true, false) => Some(PASSWORD),
        (false, _) if password.is_some() => Some(USER),
        _ => None,
    }
}

/// Where the key comes from; and the token, where there is one.
async fn key(
    arguments: &Arguments,
    base: Option<&Config>,
    one: &Installed,
    lacking: &mut Vec<String>,
) -> eyre::Result<(Option<KeyAnswer>, Option<Secret>)> {
    if let Some(name) = &arguments.answers.alert_source {
        return source(arguments, named(name)?, lacking).await;
    }
    // Where nothing is sent, there is nothing to look up.
    let token = if arguments.dry_run { None } else { token_in_environment()? };
    let given = match &arguments.answers.api_key_file {
        Some(file) => Some(SecretSource::File(file.clone())),
        None => is_set(KEY_VARIABLE).then(|| SecretSource::Env(KEY_VARIABLE.to_owned())),
    };
    if let Some(given) = given {
        let cleaned = given.cleaned(SecretKind::Key)?;
        if let Some(note) = cleaned.note() {
            say(format_args!("the API key is {note}"));
        }
        return Ok((Some(KeyAnswer::Given(cleaned.secret)), token));
    }
    let held = base.map(|base| held_key(base, one)).transpose();
    match held {
        Ok(Some(key)) => {
            if is_empty(KEY_VARIABLE) {
                say(format_args!(
                    "note: `{KEY_VARIABLE}` is set and empty; the configured key {key} is used"
                ));
            }
            return Ok((Some(KeyAnswer::Given(key)), token));
        }
        Err(error) if !lost_key(&error) => {
            return Err(ConfigError::Secret { key: "integration.api_key", error }.into());
        }
        Ok(None) | Err(_) => lacking.push(with_empty(KEY, KEY_VARIABLE)),
    }
    Ok((None, None))
}

async fn source(
    arguments: &Arguments,
    name: &str,
    lacking: &mut Vec<String>,
) -> eyre::Result<(Option<KeyAnswer>, Option<Secret>)> {
    let policy = arguments.escalation_policy.as_deref().map(str::trim).filter(|policy| !policy.is_empty());
    if policy.is_none() {
        lacking.push(POLICY.to_owned());
    }
    // Nobody is asked for a token that would not be used.
    let is_unused = arguments.dry_run || (must_ask() && !lacking.is_empty());
    let token = if is_unused { None } else { token_if_given().await? };
    if token.is_none() && !is_unused {
        lacking.push(with_empty(TOKEN, "ILERT_API_TOKEN"));
    }
    let source = |policy: &str| KeyAnswer::Source { name: name.to_owned(), policy: policy.to_owned() };
    Ok((policy.map(source), token))
}

/// What is missing, and that the variable is there and holds nothing.
fn with_empty(missing: &str, variable: &str) -> String {
    let empty = if is_empty(variable) { format!("; `{variable}` is set, and empty") } else { String::new() };
    format!("{missing}{empty}")
}

fn is_empty(variable: &str) -> bool {
    std::env::var_os(variable).is_some_and(|value| value.is_empty())
}

fn schedule_plan(answer: ScheduleAnswer, one: &Installed, config: &Config) -> eyre::Result<SchedulePlan> {
    let kind = match answer {
        ScheduleAnswer::Systemd => Scheduler::Systemd,
        ScheduleAnswer::Cron => Scheduler::Cron,
        ScheduleAnswer::None => {
            let (installation, there) = removable(one)?;
            say_others(&installation);
            return Ok(schedule::removal(&installation, &there)?);
        }
    };
    let (installation, plan) = planned_or_kept(one, config, kind)?;
    say_others(&installation);
    Ok(plan)
}
