//! *Netdata*: the agent or parent, checked while its address is typed.

pub mod address;
mod check;
pub mod page;

use std::path::PathBuf;

pub use check::check;

use crate::config::{Netdata, SecretSource, Urls};
use crate::http::Settings;
use crate::netdata::{Probe, SettingNames};
use crate::secret::Secret;
use crate::url::Url;
use crate::wizard::answers::Answers;
use crate::wizard::context::{AgentTarget, Context, Probed};
use crate::wizard::field::SecretField;
use crate::wizard::form::{Access, Caveat, Control, Evidence, Row, field, fold};

/// What the settings are called on this screen.
pub const ON_SCREEN: SettingNames = SettingNames {
    url: "the URL",
    login: "User name and Password, below",
    token: "Bearer token, below",
    again: "wait a moment, then ask again",
    tls: Settings { url: "the URL", ca_file: "CA file, under More" },
};

/// What the box says that lets one go on without an answer.
pub const ANYWAY: &str = "go on without an answer: the sender will ask again at each run";

impl Control {
    /// Base URL of the agent or parent.
    pub const URL: Self = Self {
        row: &Row::new("url", "URL", field!(Text: agent.url))
            .check(check::is_address)
            .help(|answers, _| taken_as(answers)),
        at: 0,
    };
    /// User name for a reverse proxy.
    pub const USERNAME: Self = Self {
        row: &Row::new("username", "User name", field!(Text: agent.username))
            .check(check::is_username)
            .optional(),
        at: 0,
    };
    /// Its password.
    pub const PASSWORD: Self = Self {
        row: &Row::new("password", "Password", field!(Secret: agent.password))
            .check(check::is_password)
            .optional()
            .help(|answers, context| kept(&answers.agent.password, known_password(answers, context))),
        at: 0,
    };
    /// Bearer token of a protected agent.
    pub const TOKEN: Self = Self {
        row: &Row::new("token", "Bearer token", field!(Secret: agent.token))
            .check(check::is_token)
            .optional()
            .help(|answers, context| kept(&answers.agent.token, known_token(answers, context))),
        at: 0,
    };
    /// Other parents that watch the same nodes.
    pub const OTHER_PARENTS: Self = Self {
        row: &Row::new("other-parents", "Other parents", field!(Text: agent.others))
            .check(check::are_addresses)
            .optional()
            .help(|_, _| Some("their URLs, with blanks between: of the same nodes as the first".to_owned())),
        at: 0,
    };
    /// Certificate authorities to trust.
    pub const CA_FILE: Self = Self {
        row: &Row::new("ca-file", "CA file", field!(Text: agent.ca_file))
            .check(check::is_ca_file)
            .optional()
            .help(|_, _| {
                Some("certificates to trust besides, PEM; or that very one of Netdata's".to_owned())
            }),
        at: 0,
    };
    /// Shows what is seldom needed.
    pub const AGENT_MORE: Self = fold!("agent-more", "other parents, a CA file", is_unfolded, agent.more);
    /// Go on although the agent does not answer.
    pub const ANYWAY: Self = Self {
        row: &Row::new(
            "anyway",
            "",
            Access::Tick(
                |answers, _, _| (ANYWAY.to_owned(), answers.agent.anyway),
                |answers, _, _, on| answers.agent.anyway = on,
            ),
        ),
        at: 0,
    };
}

/// The address, the credentials, and a way on without an answer.
#[must_use]
pub fn controls(answers: &Answers, context: &Context) -> Vec<Control> {
    let mut controls =
        vec![Control::URL, Control::USERNAME, Control::PASSWORD, Control::TOKEN, Control::AGENT_MORE];
    if is_unfolded(answers) {
        controls.extend([Control::OTHER_PARENTS, Control::CA_FILE]);
    }
    if !answers.is_cloud() && matches!(reply(answers, context), Some(Err(_))) {
        controls.push(Control::ANYWAY);
    }
    controls
}

/// What the menu says of it.
#[must_use]
pub fn holds(answers: &Answers, context: &Context) -> String {
    match reply(answers, context) {
        Some(Ok(probe)) => page::summary(probe),
        // Where an agent is needed, the caveat says so.
        Some(Err(_)) if answers.is_cloud() => format!("no answer from {}", target(answers, context).url),
        Some(Err(_)) | None => target(answers, context).url,
    }
}

/// The agent to ask, and how, as the answers have it now.
#[must_use]
pub fn target(answers: &Answers, context: &Context) -> AgentTarget {
    let agent = &answers.agent;
    let username = agent.username.given();
    let password = given(&agent.password).or_else(|| known_password(answers, context).cloned());
    AgentTarget {
        url: address(answers),
        others: others(answers).collect(),
        ca_file: ca_file(answers, context),
        basic: (!username.is_empty())
            .then(|| (username.to_owned(), password.unwrap_or_else(|| Secret::new(String::new())))),
        bearer: given(&agent.token).or_else(|| known_token(answers, context).cloned()),
    }
}

/// The reply to what would be asked now, if there was one.
#[must_use]
pub fn reply<'a>(answers: &Answers, context: &'a Context) -> Option<&'a Result<Probe, String>> {
    current(answers, context).map(|probed| &probed.result)
}

fn current<'a>(answers: &Answers, context: &'a Context) -> Option<&'a Probed> {
    context.agent.probed.as_ref().filter(|probed| probed.target == target(answers, context))
}

/// What the agent shows.
#[must_use]
pub fn probe<'a>(answers: &Answers, context: &'a Context) -> Option<&'a Probe> {
    reply(answers, context)?.as_ref().ok()
}

/// Host names of the nodes that it lists, sorted, each once.
#[must_use]
pub fn hosts<'a>(answers: &Answers, context: &'a Context) -> &'a [String] {
    current(answers, context).map_or(&[], |probed| &probed.hosts)
}

fn address(answers: &Answers) -> String {
    address::understood(answers.agent.url.value())
}

/// The other parents, in the order in which they were written.
fn others(answers: &Answers) -> impl Iterator<Item = String> {
    let words = answers.agent.others.value().split(|c: char| c.is_whitespace() || c == ',');
    words.filter(|word| !word.is_empty()).map(address::understood)
}

/// What is made of an address that is no whole URL.
fn taken_as(answers: &Answers) -> Option<String> {
    let (typed, taken) = (answers.agent.url.value().trim().trim_end_matches('/'), address(answers));
    (typed != taken && Url::parse(&taken).is_ok()).then(|| format!("taken as {taken}"))
}

/// Whether what is seldom needed is shown. What is filled in is.
fn is_unfolded(answers: &Answers) -> bool {
    let agent = &answers.agent;
    agent.more || !agent.others.is_empty() || !agent.ca_file.is_empty()
}

/// The CA file as the answers have it.
#[must_use]
pub fn ca_file(answers: &Answers, context: &Context) -> Option<PathBuf> {
    let path = answers.agent.ca_file.given();
    (!path.is_empty()).then(|| context.place.expanded(path))
}

fn given(field: &SecretField) -> Option<Secret> {
    (!field.is_empty()).then(|| field.secret())
}

/// The password of the configuration that is edited.
fn known_password<'a>(answers: &Answers, context: &'a Context) -> Option<&'a Secret> {
    context.kept(answers.start.existing)?.password.as_ref()
}

/// The bearer token of the configuration that is edited.
fn known_token<'a>(answers: &Answers, context: &'a Context) -> Option<&'a Secret> {
    context.kept(answers.start.existing)?.token.as_ref()
}

/// What was left out of a secret that was pasted, or that the configured one is kept.
fn kept(field: &SecretField, known: Option<&Secret>) -> Option<String> {
    let configured = || known.map(|_| "empty: the configured one is kept".to_owned());
    if field.is_empty() { configured() } else { field.note() }
}

/// Where the configuration will say that a secret of the agent's is; a new one goes to a file of this name.
fn source(
    context: &Context,
    field: &SecretField,
    known: Option<&Secret>,
    old: Option<&SecretSource>,
    name: &str,
) -> Option<SecretSource> {
    match (given(field), old) {
        (Some(secret), Some(SecretSource::Literal(_))) => Some(SecretSource::Literal(secret)),
        (Some(_), Some(SecretSource::File(path))) => Some(SecretSource::File(path.clone())),
        (Some(_), _) => Some(SecretSource::File(context.place.beside(name))),
        (None, old) => known.and(old).cloned(),
    }
}

/// `[netdata]` as the answers have it.
#[must_use]
pub fn table(answers: &Answers, context: &Context) -> Netdata {
    let (agent, old) = (&answers.agent, &context.base(answers.start.existing).netdata);
    let username = Some(agent.username.given()).filter(|name| !name.is_empty());
    let known = known_password(answers, context);
    let password = || source(context, &agent.password, known, old.password.as_ref(), "netdata-password");
    let known = known_token(answers, context);
    Netdata {
        url: Urls::from(address(answers)).and(others(answers)),
        username: username.map(str::to_owned),
        password: username.and_then(|_| password()),
        bearer_token: source(context, &agent.token, known, old.bearer_token.as_ref(), "netdata-token"),
        ca_file: ca_file(answers, context),
        ..old.clone()
    }
}

/// The agent's secrets that must be written to files of their own.
#[must_use]
pub fn to_write(answers: &Answers, context: &Context) -> Vec<(PathBuf, Secret)> {
    let table = table(answers, context);
    [(table.password, &answers.agent.password), (table.bearer_token, &answers.agent.token)]
        .into_iter()
        .filter_map(|(source, field)| match source {
            Some(SecretSource::File(path)) => Some((path, given(field)?)),
            _ => None,
        })
        .collect()
}

/// Whether the fields will do, whatever the agent replies.
#[must_use]
pub fn is_sound(answers: &Answers, context: &Context) -> bool {
    controls(answers, context).iter().all(|row| row.check(answers, context).is_ok())
}

/// Whether Netdata answered when it was asked last: here, or by the dry run at the end.
#[must_use]
pub fn evidence(answers: &Answers, context: &Context) -> Evidence {
    let caveat = |what: String| {
        let fix = format!("{} says why, once it is written.", context.place.command("--doctor"));
        Evidence::Doubtful(vec![Caveat { what, fix }])
    };
    match reply(answers, context) {
        _ if context.writing.is_unanswered() => {
            caveat(format!("Netdata did not answer the sender at {}", address(answers)))
        }
        Some(Ok(_)) => Evidence::Proven,
        _ if answers.is_cloud() => Evidence::Untried("no agent has answered, and none is needed"),
        Some(Err(_)) => caveat(format!("Netdata has not answered at {}", address(answers))),
        None => Evidence::Untried("Netdata has not answered yet"),
    }
}
