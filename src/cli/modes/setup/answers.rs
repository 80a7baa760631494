//! What is wanted: from flags, the environment and files; what they leave out, the configuration that is there says.

use std::path::{Path, PathBuf};

use color_eyre::eyre::{self, WrapErr};

use crate::cli::arguments::{Arguments, ScheduleAnswer};
use crate::cli::modes::account::{is_set, must_ask, token_if_given};
use crate::cli::modes::alert_source::{KEY_FILE, named};
use crate::cli::modes::schedule::{planned, removable, say_others};
use crate::cli::modes::{Misuse, selection, wizard};
use crate::cli::say;
use crate::config::{self, Config, ConfigError, Installed, Notify, SecretError, SecretSource, Urls};
use crate::schedule::{self, SchedulePlan, Scheduler};
use crate::secret::{Secret, SecretKind};
use crate::setup::{self, CHOSEN, Composed, choose, only_room};
use crate::url::{self, Url};
use crate::wizard::survey::KEY_VARIABLE;

const NAME: &str = "`--name`: what the configuration is called";
const KEY: &str = "the API key: in `ILERT_API_KEY`, in a file (`--api-key-file`), or of an alert source (`--alert-source` \
                   and `--escalation-policy`)";
const POLICY: &str =
    "`--escalation-policy`: the id or the name of the escalation policy, which says who is called";
pub(super) const TOKEN: &str =
    "the ilert API token for `--alert-source`: in `ILERT_API_TOKEN` or on standard input";

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
        /// The token; `None` where nothing is to be asked.
        token: Option<Secret>,
    },
}

impl Answers {
    /// Reads them. All that are missing are said at once.
    pub(super) async fn of(arguments: &Arguments) -> eyre::Result<Self> {
        let one = selection::to_make(arguments)?;
        let absolute = |path: PathBuf| std::path::absolute(&path).unwrap_or(path);
        let one = Installed { path: absolute(one.path), state: absolute(one.state), ..one };
        let base = match config::load(&one.path) {
            Ok(config) => Some(config),
            Err(ConfigError::Missing { .. }) => None,
            Err(error) => return Err(error.into()),
        };
        let old = setup::on_disk(&one.path).wrap_err("cannot read the configuration")?;
        let mut lacking = Vec::new();
        if base.is_none() && arguments.name.is_none() {
            lacking.push(NAME);
        }
        let key = key(arguments, base.as_ref(), &mut lacking).await?;
        let Some(key) = key.filter(|_| lacking.is_empty()) else { return Err(missing(&lacking).into()) };
        let config = wanted(arguments, base.as_ref(), &one.path)?;
        let schedule = arguments.schedule.map(|answer| schedule_plan(answer, &one, &config)).transpose()?;
        Ok(Self { one, old, base, config, key, schedule })
    }

    /// The file as it will be.
    pub(super) fn compose(&self) -> Result<Composed, ConfigError> {
        setup::compose(self.old.as_deref(), true, &self.config, &self.one.path)
    }
}

/// Says which answers are missing.
pub(super) fn missing(lacking: &[&str]) -> Misuse {
    let lines = lacking.join("\n  ");
    Misuse(format!("`--setup` asks nothing, and this is missing:\n  {lines}\nNothing was changed."))
}

async fn key(
    arguments: &Arguments,
    base: Option<&Config>,
    lacking: &mut Vec<&'static str>,
) -> eyre::Result<Option<KeyAnswer>> {
    if let Some(name) = &arguments.alert_source {
        return source(arguments, named(name)?, lacking).await;
    }
    let given = match &arguments.api_key_file {
        Some(file) => Some(SecretSource::File(file.clone())),
        None => is_set(KEY_VARIABLE).then(|| SecretSource::Env(KEY_VARIABLE.to_owned())),
    };
    if let Some(given) = given {
        let cleaned = given.cleaned(SecretKind::Key)?;
        if let Some(note) = cleaned.note() {
            say(format_args!("the API key is {note}"));
        }
        return Ok(Some(KeyAnswer::Given(cleaned.secret)));
    }
    match base.map(Config::api_key) {
        Some(Ok(key)) => return Ok(Some(KeyAnswer::Given(key))),
        None
        | Some(Err(ConfigError::Secret {
            error: SecretError::NoFile(_) | SecretError::NoVariable(_), ..
        })) => lacking.push(KEY),
        Some(Err(error)) => return Err(error.into()),
    }
    Ok(None)
}

async fn source(
    arguments: &Arguments,
    name: &str,
    lacking: &mut Vec<&'static str>,
) -> eyre::Result<Option<KeyAnswer>> {
    let policy = arguments.escalation_policy.as_deref().map(str::trim).filter(|policy| !policy.is_empty());
    if policy.is_none() {
        lacking.push(POLICY);
    }
    // Nobody is asked for a token that would not be used.
    let is_unused = arguments.dry_run || (must_ask() && !lacking.is_empty());
    let token = if is_unused { None } else { token_if_given().await? };
    if token.is_none() && !is_unused {
        lacking.push(TOKEN);
    }
    let source = |policy: &str| KeyAnswer::Source { name: name.to_owned(), policy: policy.to_owned(), token };
    Ok(policy.map(source))
}

/// The configuration: what is there, with what the flags say.
fn wanted(arguments: &Arguments, base: Option<&Config>, path: &Path) -> eyre::Result<Config> {
    let mut config = if let Some(base) = base {
        base.clone()
    } else {
        let mut config = wizard::defaults(path)?;
        config.integration.api_key = SecretSource::File(config::secret_file(path, KEY_FILE));
        config
    };
    if let Some(name) = &arguments.name {
        let name = name.trim();
        if name.is_empty() || name.chars().any(char::is_control) {
            return Err(Misuse("`--name` is one line, and not empty".to_owned()).into());
        }
        name.clone_into(&mut config.notification.name);
    }
    let urls = arguments.netdata_url.iter().map(|url| address(url)).collect::<Result<_, _>>()?;
    if let Some(urls) = Urls::all(urls) {
        config.netdata.url = urls;
    }
    if let Some(pattern) = &arguments.nodes {
        if pattern.0.matches_all() {
            config.notification.rooms = Vec::new();
        } else {
            let room = only_room(&config).map_or_else(|| CHOSEN.to_owned(), |room| room.name.clone());
            (config.rooms, config.notification.rooms) = choose(&config, room, pattern.0.clone());
        }
    }
    if let Some(types) = &arguments.notify {
        config.notification.notify = Notify::of(|word| types.iter().any(|one| one == word));
    }
    Ok(config)
}

/// A URL that holds no secret: others can see a command line.
fn address(given: &str) -> Result<String, Misuse> {
    let misused =
        |why: String| Misuse(format!("`--netdata-url` does not take `{}`: {why}", url::shown(given)));
    let url = Url::parse(given.trim()).map_err(|error| misused(error.to_string()))?;
    if url.has_login() {
        return Err(misused(
            "others can see a command line, and a password in it: keep `username` and `password` under `[netdata]` in \
             the configuration"
                .to_owned(),
        ));
    }
    // As a configuration has it.
    Ok(given.trim().trim_end_matches('/').to_owned())
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
    let (installation, plan) = planned(one, config, kind)?;
    say_others(&installation);
    Ok(plan)
}
