//! Step 4, *Netdata*: the agent or parent, checked while its address is typed.

use std::collections::BTreeSet;
use std::path::PathBuf;

use super::{Problem, invalid};
use crate::config::{Config, Netdata, SecretSource};
use crate::netdata::Probe;
use crate::secret::Secret;
use crate::wizard::control::Control;
use crate::wizard::field::{Field, SecretField};
use crate::wizard::model::Model;

/// What the box says that lets one go on without an answer.
pub const ANYWAY: &str = "go on without an answer: the sender will ask again at each run";

/// Everything that an answer of the agent depends on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    /// Base URL.
    pub url: String,
    /// Certificate authorities to trust.
    pub ca_file: Option<PathBuf>,
    /// Basic authentication.
    pub basic: Option<(String, Secret)>,
    /// Bearer token.
    pub bearer: Option<Secret>,
}

/// An answer, with what was asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen {
    /// The question.
    pub question: Question,
    /// What the agent shows, or why it does not.
    pub result: Result<Probe, String>,
    /// Host names of the nodes that it lists, sorted, each once: there may be thousands, and each is drawn.
    hosts: Vec<String>,
}

impl Seen {
    /// What was answered to a question.
    #[must_use]
    pub fn new(question: Question, result: Result<Probe, String>) -> Self {
        let nodes = result.as_ref().map_or(&[][..], |probe| &probe.nodes);
        let hosts: BTreeSet<_> = nodes.iter().map(|node| node.id.host.clone()).collect();
        Self { question, result, hosts: hosts.into_iter().collect() }
    }
}

/// State of the step.
#[derive(Clone, Debug)]
pub struct Agent {
    /// Base URL.
    pub url: Field,
    /// User name for basic authentication.
    pub username: Field,
    /// Its password.
    pub password: SecretField,
    /// Bearer token.
    pub token: SecretField,
    /// Path of a PEM file.
    pub ca_file: Field,
    /// Go on although there is no answer.
    pub anyway: bool,
    /// The password that the configuration has.
    pub known_password: Option<Secret>,
    /// The bearer token that the configuration has.
    pub known_token: Option<Secret>,
    /// The last question that was asked.
    pub asked: Option<Question>,
    /// The last answer.
    pub seen: Option<Seen>,
    /// Enter was pressed while it was asked: go on once it answers.
    pub go_on: bool,
}

impl Agent {
    /// With what a configuration says.
    #[must_use]
    pub fn of(config: &Config) -> Self {
        let netdata = &config.netdata;
        let ca_file = netdata.ca_file.as_ref().map(|path| path.display().to_string());
        Self {
            url: Field::new(&netdata.url),
            username: Field::new(netdata.username.as_deref().unwrap_or_default()),
            password: SecretField::password(),
            token: SecretField::default(),
            ca_file: Field::new(ca_file.as_deref().unwrap_or_default()),
            anyway: false,
            known_password: None,
            known_token: None,
            asked: None,
            seen: None,
            go_on: false,
        }
    }

    /// What is to be asked now.
    #[must_use]
    pub fn question(&self) -> Question {
        let username = self.username.value().trim();
        let password = given(&self.password).or_else(|| self.known_password.clone());
        Question {
            url: self.address(),
            ca_file: self.ca_file(),
            basic: (!username.is_empty())
                .then(|| (username.to_owned(), password.unwrap_or_else(|| Secret::new(String::new())))),
            bearer: given(&self.token).or_else(|| self.known_token.clone()),
        }
    }

    /// The answer to what would be asked now, if it was given.
    #[must_use]
    pub fn answer(&self) -> Option<&Result<Probe, String>> {
        self.current().map(|seen| &seen.result)
    }

    fn current(&self) -> Option<&Seen> {
        self.seen.as_ref().filter(|seen| seen.question == self.question())
    }

    /// What the agent shows.
    #[must_use]
    pub fn probe(&self) -> Option<&Probe> {
        self.answer()?.as_ref().ok()
    }

    /// Host names of the nodes that it lists, sorted, each once.
    #[must_use]
    pub fn hosts(&self) -> &[String] {
        self.current().map_or(&[], |seen| &seen.hosts)
    }

    fn address(&self) -> String {
        self.url.value().trim().trim_end_matches('/').to_owned()
    }

    fn ca_file(&self) -> Option<PathBuf> {
        Some(self.ca_file.value().trim()).filter(|path| !path.is_empty()).map(PathBuf::from)
    }
}

fn given(field: &SecretField) -> Option<Secret> {
    (!field.is_empty()).then(|| field.secret())
}

/// A secret of the agent's that the configuration needs, and the file for it where it is a new one.
fn source(
    model: &Model,
    field: &SecretField,
    known: Option<&Secret>,
    old: Option<&SecretSource>,
    name: &str,
) -> Option<SecretSource> {
    match (given(field), old) {
        (Some(secret), Some(SecretSource::Literal(_))) => Some(SecretSource::Literal(secret)),
        (Some(_), Some(SecretSource::File(path))) => Some(SecretSource::File(path.clone())),
        (Some(_), _) => Some(SecretSource::File(model.place.beside(name))),
        (None, old) => known.and(old).cloned(),
    }
}

/// `[netdata]` as the answers have it.
#[must_use]
pub fn table(model: &Model) -> Netdata {
    let (agent, old) = (&model.agent, &model.base.netdata);
    let username = Some(agent.username.value().trim()).filter(|name| !name.is_empty());
    let password = || {
        source(
            model,
            &agent.password,
            agent.known_password.as_ref(),
            old.password.as_ref(),
            "netdata-password",
        )
    };
    Netdata {
        url: agent.address(),
        username: username.map(str::to_owned),
        password: username.and_then(|_| password()),
        bearer_token: source(
            model,
            &agent.token,
            agent.known_token.as_ref(),
            old.bearer_token.as_ref(),
            "netdata-token",
        ),
        ca_file: agent.ca_file(),
        ..old.clone()
    }
}

/// The agent's secrets that must be written to files of their own.
#[must_use]
pub fn to_write(model: &Model) -> Vec<(PathBuf, Secret)> {
    let table = table(model);
    [(table.password, &model.agent.password), (table.bearer_token, &model.agent.token)]
        .into_iter()
        .filter_map(|(source, field)| match source {
            Some(SecretSource::File(path)) => Some((path, given(field)?)),
            _ => None,
        })
        .collect()
}

/// The address, the credentials, and a way on where there is no answer.
#[must_use]
pub fn controls(model: &Model) -> Vec<Control> {
    let mut controls =
        vec![Control::Url, Control::Username, Control::Password, Control::Token, Control::CaFile];
    if model.is_cloud() {
        return controls;
    }
    if matches!(model.agent.answer(), Some(Err(_))) {
        controls.push(Control::Anyway);
    }
    controls
}

/// Whether Enter asks the agent once more: it could be asked, and all that is missing is a better answer.
#[must_use]
pub fn asks_again(model: &Model) -> bool {
    fields(model).is_ok() && check(model).is_err()
}

/// An agent must answer, unless Netdata Cloud delivers or one goes on without.
pub fn check(model: &Model) -> Result<(), Problem> {
    fields(model)?;
    let agent = &model.agent;
    match agent.answer() {
        Some(Ok(_)) => Ok(()),
        _ if model.is_cloud() => Ok(()),
        Some(Err(_)) if agent.anyway => Ok(()),
        Some(Err(_)) => {
            Err(Problem::new(Control::Url, "correct this, or tick the box below to go on without an answer"))
        }
        None => Err(Problem::new(Control::Url, "Netdata has not answered yet: a moment")),
    }
}

/// What is typed must be such that an agent can be asked with it.
fn fields(model: &Model) -> Result<(), Problem> {
    let agent = &model.agent;
    for (key, control) in [
        ("netdata.url", Control::Url),
        ("netdata.username", Control::Username),
        ("netdata.ca_file", Control::CaFile),
    ] {
        if let Some(message) = invalid(model, key) {
            return Err(Problem::new(control, message));
        }
    }
    if agent.ca_file().is_some_and(|path| path.is_relative()) {
        return Err(Problem::new(Control::CaFile, "the whole path, from `/` on, is needed"));
    }
    if !agent.password.is_empty() && agent.username.is_empty() {
        return Err(Problem::new(Control::Username, "a password goes with a user name"));
    }
    Ok(())
}
