//! The configuration as it is wanted: what is there, with what the flags say; and the secrets, besides the API key, that it
//! keeps in files of their own.

use std::path::{Path, PathBuf};

use color_eyre::eyre;

use super::flags::say;
use super::part::PartName;
use crate::cli::arguments::{KeyPlace, SetupAnswers};
use crate::cli::modes::alert_source::KEY_FILE;
use crate::cli::modes::{Misuse, wizard};
use crate::config::{self, Config, Ilert, Notify, Pattern, SecretSource, Urls};
use crate::exit::{Exit, Stopped};
use crate::secret::{Secret, SecretKind};
use crate::setup::RoomAnswer;
use crate::url::{self, Url};
use crate::wizard::steps::agent::address::{is_of_cloud, understood};

/// A secret that is given in a file, and where it is kept.
pub(super) struct KeptSecret {
    /// Which part of setting up it is.
    pub(super) part: PartName,
    /// What it is.
    pub(super) called: &'static str,
    /// What kind of secret.
    pub(super) kind: SecretKind,
    /// The file of its own.
    pub(super) path: PathBuf,
    /// The secret.
    pub(super) secret: Secret,
}

/// The configuration, and those secrets.
pub(super) fn wanted(
    answers: &SetupAnswers,
    base: Option<&Config>,
    path: &Path,
) -> eyre::Result<(Config, Vec<KeptSecret>)> {
    let mut config = if let Some(base) = base {
        base.clone()
    } else {
        let mut config = wizard::defaults(path)?;
        config.integration.api_key = SecretSource::File(config::secret_file(path, KEY_FILE));
        config
    };
    notification(answers, &mut config)?;
    if let Some(place) = &answers.keep_key {
        config.integration.api_key = key_source(place, &config.integration.api_key, path);
    }
    ilert(answers, &mut config.ilert)?;
    let mut secrets = Vec::new();
    if let Some(file) = &answers.heartbeat_file {
        let given =
            Given { flag: "--heartbeat-file", file, part: PartName::HeartbeatUrl, kind: SecretKind::Url };
        let kept = given.kept(
            "URL of the heartbeat monitor",
            config.heartbeat.url.as_ref(),
            path,
            "heartbeat-url",
        )?;
        config.heartbeat.url = kept.as_ref().map(|kept| SecretSource::File(kept.path.clone()));
        if let Some(kept) = &kept {
            is_url(kept, &config)?;
        }
        secrets.extend(kept);
    }
    netdata(answers, &mut config, path, &mut secrets)?;
    Ok((config, secrets))
}

/// What is sent, of which nodes, and by whom.
fn notification(answers: &SetupAnswers, config: &mut Config) -> Result<(), Misuse> {
    if let Some(name) = &answers.name {
        config.notification.name = one_line("--name", name)?;
    }
    if let Some(deliverer) = answers.delivered_by {
        config.notification.delivered_by = deliverer.into();
    }
    if let Some(types) = &answers.notify {
        config.notification.notify = Notify::of(|word| types.iter().any(|one| one == word));
    }
    let words: Vec<&str> = answers.nodes.iter().map(|pattern| pattern.0.as_str()).collect();
    let labels = answers.label.iter().map(|label| (label.name.clone(), label.pattern.clone()));
    let room = RoomAnswer {
        name: answers.room.as_deref().map(|name| one_line("--room", name)).transpose()?,
        nodes: (!words.is_empty()).then(|| Pattern::new(&words.join(" "))),
        labels: (!answers.label.is_empty()).then(|| labels.collect()),
    };
    if room.means_all() {
        config.notification.rooms = Vec::new();
    } else if room.is_given() {
        let name = room.name.clone().unwrap_or_default();
        let chosen = room.chosen(config).ok_or_else(|| {
            Misuse(format!(
                "the configuration has no room `{name}`: `--nodes` or `--label` says which nodes are in it"
            ))
        })?;
        (config.rooms, config.notification.rooms) = chosen;
    }
    Ok(())
}

fn one_line(flag: &str, text: &str) -> Result<String, Misuse> {
    let line = text.trim();
    if line.is_empty() || line.chars().any(char::is_control) {
        return Err(Misuse(format!("`{flag}` is one line, and not empty")));
    }
    Ok(line.to_owned())
}

fn key_source(place: &KeyPlace, old: &SecretSource, path: &Path) -> SecretSource {
    match (place, old) {
        (KeyPlace::File(Some(file)), _) => SecretSource::File(absolute(file)),
        (KeyPlace::File(None), SecretSource::File(_)) => old.clone(),
        (KeyPlace::File(None), _) => SecretSource::File(config::secret_file(path, KEY_FILE)),
        (KeyPlace::Env(name), _) => SecretSource::Env(name.clone()),
        (KeyPlace::Credential(name), _) => SecretSource::Credential(name.clone()),
    }
}

/// The way to ilert.
fn ilert(answers: &SetupAnswers, ilert: &mut Ilert) -> Result<(), Misuse> {
    if let Some(proxy) = &answers.ilert_proxy {
        ilert.proxy = not_empty(proxy).map(by_proxy).transpose()?;
    }
    if let Some(file) = &answers.ilert_ca {
        ilert.ca_file = path_of(file);
    }
    Ok(())
}

/// A proxy without a secret in it.
fn by_proxy(given: &str) -> Result<String, Misuse> {
    let misused = |why: String| refused("--ilert-proxy", given, &why);
    let url = Url::proxy(given).map_err(|error| misused(error.to_string()))?;
    if url.has_login() {
        return Err(misused(
            "others can see a command line, and a password in it: give that proxy in `HTTPS_PROXY`, or write `proxy` \
             under `[ilert]` into the configuration"
                .to_owned(),
        ));
    }
    Ok(given.to_owned())
}

/// Where Netdata is, and what it is asked with.
fn netdata(
    answers: &SetupAnswers,
    config: &mut Config,
    path: &Path,
    secrets: &mut Vec<KeptSecret>,
) -> eyre::Result<()> {
    let urls = answers.netdata_url.iter().map(|url| address(url)).collect::<Result<_, _>>()?;
    let netdata = &mut config.netdata;
    if let Some(urls) = Urls::all(urls) {
        netdata.url = urls;
    }
    if let Some(user) = &answers.netdata_user {
        netdata.username = not_empty(user).map(str::to_owned);
    }
    if netdata.username.is_none() {
        netdata.password = None;
    }
    if let Some(file) = &answers.netdata_password_file {
        let given = Given {
            flag: "--netdata-password-file",
            file,
            part: PartName::NetdataPassword,
            kind: SecretKind::Password,
        };
        let kept = given.kept("password for Netdata", netdata.password.as_ref(), path, "netdata-password")?;
        netdata.password = kept.as_ref().map(|kept| SecretSource::File(kept.path.clone()));
        secrets.extend(kept);
    }
    if let Some(file) = &answers.netdata_token_file {
        let given =
            Given { flag: "--netdata-token-file", file, part: PartName::NetdataToken, kind: SecretKind::Key };
        let kept =
            given.kept("bearer token for Netdata", netdata.bearer_token.as_ref(), path, "netdata-token")?;
        netdata.bearer_token = kept.as_ref().map(|kept| SecretSource::File(kept.path.clone()));
        secrets.extend(kept);
    }
    if let Some(file) = &answers.netdata_ca {
        netdata.ca_file = path_of(file);
    }
    if netdata.username.is_some() && netdata.bearer_token.is_some() {
        return Err(Misuse(
            "Netdata is asked with a user name and its password, or with a bearer token, and not with both: an empty \
             value (`--netdata-user=` or `--netdata-token-file=`) takes the other out"
                .to_owned(),
        )
        .into());
    }
    Ok(())
}

/// An address as the wizard takes it, without a secret in it: others can see a command line.
fn address(given: &str) -> Result<String, Misuse> {
    let meant = understood(given);
    let misused = |why: &str| refused("--netdata-url", given, why);
    let url = Url::parse(&meant).map_err(|error| misused(&error.to_string()))?;
    if url.has_login() {
        return Err(misused(
            "others can see a command line, and a password in it: `--netdata-user` and `--netdata-password-file` take \
             user name and password",
        ));
    }
    if is_of_cloud(&meant) {
        return Err(misused(
            "this is Netdata Cloud: an agent's or a parent's own address is needed, such as http://127.0.0.1:19999",
        ));
    }
    Ok(meant)
}

fn refused(flag: &str, given: &str, why: &str) -> Misuse {
    Misuse(format!("`{flag}` does not take `{}`: {why}", url::shown(given)))
}

fn not_empty(text: &str) -> Option<&str> {
    Some(text.trim()).filter(|text| !text.is_empty())
}

fn path_of(file: &Path) -> Option<PathBuf> {
    (!file.as_os_str().is_empty()).then(|| absolute(file))
}

fn absolute(file: &Path) -> PathBuf {
    std::path::absolute(file).unwrap_or_else(|_| file.to_owned())
}

/// A secret in a file that a flag names.
struct Given<'a> {
    flag: &'static str,
    file: &'a Path,
    part: PartName,
    kind: SecretKind,
}

impl Given<'_> {
    /// The secret, and where it is kept: in the file that the configuration has for it, or else in one of this name beside
    /// it. `None` for an empty value.
    fn kept(
        self,
        called: &'static str,
        old: Option<&SecretSource>,
        path: &Path,
        name: &str,
    ) -> Result<Option<KeptSecret>, Stopped> {
        let Some(file) = path_of(self.file) else { return Ok(None) };
        let cleaned = SecretSource::File(file).cleaned(self.kind).map_err(|error| Stopped {
            words: format!("`{}`: {error}", self.flag),
            exit: Exit::Configuration,
        })?;
        if let Some(note) = cleaned.note() {
            say(format_args!("the {called} is {note}"));
        }
        let path = match old {
            Some(SecretSource::File(path)) => path.clone(),
            _ => config::secret_file(path, name),
        };
        let (part, kind) = (self.part, self.kind);
        Ok(Some(KeptSecret { part, called, kind, path, secret: cleaned.secret }))
    }
}

/// Whether the heartbeat's URL is one.
fn is_url(kept: &KeptSecret, config: &Config) -> Result<(), Stopped> {
    let mut config = config.clone();
    config.heartbeat.url = Some(SecretSource::Literal(kept.secret.clone()));
    config.heartbeat_url().map(|_| ()).map_err(|_| Stopped {
        words: "`--heartbeat-file`: what is in it is not a URL with `https://`".to_owned(),
        exit: Exit::Configuration,
    })
}
