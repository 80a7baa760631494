//! Step 4, *Netdata*: the agent or parent, checked while its address is typed.

use std::path::PathBuf;

use super::reader::objection;
use crate::config::{Config, Netdata, SecretSource};
use crate::netdata::Probe;
use crate::secret::Secret;
use crate::wizard::answers::Answers;
use crate::wizard::context::{AgentTarget, Context, Probed, Purpose};
use crate::wizard::field::{Field, SecretField};
use crate::wizard::form::{Access, Caveat, Control, Row, StepProblem, field};
use crate::wizard::page::Page;

/// What the box says that lets one go on without an answer.
pub const ANYWAY: &str = "go on without an answer: the sender will ask again at each run";

impl Control {
    /// Base URL of the agent or parent.
    pub const URL: Self = Self {
        row: &Row::new("url", "URL", field!(Text: agent.url))
            .check(|answers, context| is_valid(answers, context, Self::URL, "netdata.url")),
        at: 0,
    };
    /// User name for a reverse proxy.
    pub const USERNAME: Self = Self {
        row: &Row::new("username", "User name", field!(Text: agent.username)).check(is_username),
        at: 0,
    };
    /// Its password.
    pub const PASSWORD: Self = Self {
        row: &Row::new("password", "Password", field!(Secret: agent.password))
            .help(|answers, context| kept(&answers.agent.password, known_password(answers, context))),
        at: 0,
    };
    /// Bearer token of a protected agent.
    pub const TOKEN: Self = Self {
        row: &Row::new("token", "Bearer token", field!(Secret: agent.token))
            .help(|answers, context| kept(&answers.agent.token, known_token(answers, context))),
        at: 0,
    };
    /// Certificate authorities to trust.
    pub const CA_FILE: Self =
        Self { row: &Row::new("ca-file", "CA file", field!(Text: agent.ca_file)).check(is_ca_file), at: 0 };
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

/// The address, the credentials, and a way on where there is no answer.
#[must_use]
pub fn controls(answers: &Answers, context: &Context) -> Vec<Control> {
    let mut controls =
        vec![Control::URL, Control::USERNAME, Control::PASSWORD, Control::TOKEN, Control::CA_FILE];
    if !answers.is_cloud() && matches!(reply(answers, context), Some(Err(_))) {
        controls.push(Control::ANYWAY);
    }
    controls
}

/// The agent to ask, and how, as the answers have it now.
#[must_use]
pub fn target(answers: &Answers, context: &Context) -> AgentTarget {
    let agent = &answers.agent;
    let username = agent.username.value().trim();
    let password = given(&agent.password).or_else(|| known_password(answers, context).cloned());
    AgentTarget {
        url: address(answers),
        ca_file: ca_file(&agent.ca_file),
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
    answers.agent.url.value().trim().trim_end_matches('/').to_owned()
}

fn ca_file(field: &Field) -> Option<PathBuf> {
    Some(field.value().trim()).filter(|path| !path.is_empty()).map(PathBuf::from)
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

fn kept(field: &SecretField, known: Option<&Secret>) -> Option<String> {
    (field.is_empty() && known.is_some()).then(|| "empty: the configured one is kept".to_owned())
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
    let username = Some(agent.username.value().trim()).filter(|name| !name.is_empty());
    let known = known_password(answers, context);
    let password = || source(context, &agent.password, known, old.password.as_ref(), "netdata-password");
    let known = known_token(answers, context);
    Netdata {
        url: old.url.clone().changed_to(address(answers)),
        username: username.map(str::to_owned),
        password: username.and_then(|_| password()),
        bearer_token: source(context, &agent.token, known, old.bearer_token.as_ref(), "netdata-token"),
        ca_file: ca_file(&agent.ca_file),
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

/// Whether asking again may help: the fields are valid, and only the agent's reply is missing or bad.
#[must_use]
pub fn asks_again(answers: &Answers, context: &Context) -> bool {
    let rows = controls(answers, context);
    rows.iter().all(|row| row.check(answers, context).is_ok()) && check(answers, context).is_err()
}

/// Nobody answered, and one went on all the same.
#[must_use]
pub fn caveat(answers: &Answers, context: &Context) -> Option<Caveat> {
    (answers.agent.anyway && probe(answers, context).is_none()).then(|| Caveat {
        what: format!("Netdata has not answered at {}", address(answers)),
        fix: "`netdata-ilert --doctor` says why, once it is written.".to_owned(),
    })
}

/// An agent must reply, unless Netdata Cloud delivers or one goes on without.
pub fn check(answers: &Answers, context: &Context) -> Result<(), StepProblem> {
    match reply(answers, context) {
        Some(Ok(_)) => Ok(()),
        _ if answers.is_cloud() => Ok(()),
        Some(Err(_)) if answers.agent.anyway => Ok(()),
        Some(Err(_)) => Err(StepProblem::new(
            Control::URL,
            "correct this, or tick the box below to go on without an answer",
        )),
        None => Err(StepProblem::new(Control::URL, "Netdata has not answered yet: wait a moment")),
    }
}

fn is_valid(answers: &Answers, context: &Context, control: Control, key: &str) -> Result<(), StepProblem> {
    let base = context.base(answers.start.existing);
    let config = Config { netdata: table(answers, context), ..base.clone() };
    match objection(&config, key, &context.place.config) {
        Some(message) => Err(StepProblem::new(control, message)),
        None => Ok(()),
    }
}

fn is_username(answers: &Answers, context: &Context) -> Result<(), StepProblem> {
    is_valid(answers, context, Control::USERNAME, "netdata.username")?;
    if !answers.agent.password.is_empty() && answers.agent.username.is_empty() {
        return Err(StepProblem::new(Control::USERNAME, "a password goes with a user name"));
    }
    Ok(())
}

fn is_ca_file(answers: &Answers, context: &Context) -> Result<(), StepProblem> {
    is_valid(answers, context, Control::CA_FILE, "netdata.ca_file")?;
    if ca_file(&answers.agent.ca_file).is_some_and(|path| path.is_relative()) {
        return Err(StepProblem::new(Control::CA_FILE, "give the whole path, from `/` on"));
    }
    Ok(())
}

/// Puts the step on a page.
pub fn page(page: &mut Page<'_>) {
    let (answers, context) = page.known();
    page.title("The Netdata agent or parent to watch");
    if answers.is_cloud() {
        page.dim(
            "Netdata Cloud delivers: an agent is only needed for the preview. Enter goes on without one.",
        );
        page.gap();
    }
    page.control(Control::URL);
    answer(page);
    page.gap();
    page.control(Control::USERNAME);
    page.control(Control::PASSWORD);
    page.control(Control::TOKEN);
    page.control(Control::CA_FILE);
    if controls(answers, context).contains(&Control::ANYWAY) {
        page.gap();
        page.control(Control::ANYWAY);
    }
}

fn answer(page: &mut Page<'_>) {
    let ((answers, context), theme) = (page.known(), page.theme());
    match reply(answers, context) {
        None if context.is_busy(Purpose::Probe) => page.hint("asking"),
        None => page.hint("not asked yet: press enter"),
        Some(Ok(probe)) => {
            page.under(&format!("{} {}", theme.tick(), summary(probe)), theme.good());
            page.hint(&names(probe));
        }
        Some(Err(reason)) => page.item("!", theme.bad(), reason),
    }
}

/// Who answers, and what it shows: "Netdata v2.11.0 on db-1: 3 nodes, 1 warning, 2 critical".
#[must_use]
pub fn summary(probe: &Probe) -> String {
    let (warnings, criticals) = probe.raised;
    let nodes = match probe.nodes.len() {
        1 => "1 node".to_owned(),
        count => format!("{count} nodes"),
    };
    let raised = match (warnings, criticals) {
        (0, 0) => "nothing raised now".to_owned(),
        _ => format!("{warnings} warning and {criticals} critical now"),
    };
    format!("Netdata {} on {}: {nodes}, {raised}", probe.agent.version, probe.agent.node.host)
}

/// The nodes by name, those that are away marked, as many as a few lines take.
fn names(probe: &Probe) -> String {
    const MOST: usize = 12;
    let names =
        probe.nodes.iter().take(MOST).map(|node| {
            if node.reachable { node.id.host.clone() } else { format!("{} (away)", node.id.host) }
        });
    let names = names.collect::<Vec<_>>().join(", ");
    match probe.nodes.len().checked_sub(MOST) {
        None | Some(0) => names,
        Some(more) => format!("{names}, and {more} more"),
    }
}
