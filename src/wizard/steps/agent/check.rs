//! Whether the answers of *Netdata* will do.

use super::{address, ca_file, others, reply, table, target};
use crate::config::{Config, Netdata, Urls};
use crate::url::{Url, UrlError};
use crate::wizard::answers::Answers;
use crate::wizard::context::Context;
use crate::wizard::form::{Control, StepProblem};
use crate::wizard::steps::check_ca_file;
use crate::wizard::steps::reader::objection;

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
    match refused(answers, context, table(answers, context), key) {
        Some(message) => Err(StepProblem::new(control, message)),
        None => Ok(()),
    }
}

/// Why the file could not say this of a key.
fn refused(answers: &Answers, context: &Context, netdata: Netdata, key: &str) -> Option<String> {
    let base = context.base(answers.start.existing);
    objection(Config { netdata, ..base.clone() }, key, &context.place.config)
}

pub(super) fn is_address(answers: &Answers, context: &Context) -> Result<(), StepProblem> {
    let url = address(answers);
    let netdata = Netdata { url: Urls::from(url.as_str()), ..table(answers, context) };
    let objection = if url.is_empty() {
        Some("write where Netdata is, such as localhost or http://127.0.0.1:19999".to_owned())
    } else {
        not_to_be_asked(&url).or_else(|| refused(answers, context, netdata, "netdata.url"))
    };
    objection.map_or(Ok(()), |words| Err(StepProblem::new(Control::URL, words)))
}

pub(super) fn are_addresses(answers: &Answers, context: &Context) -> Result<(), StepProblem> {
    let refused = |key: &str| refused(answers, context, table(answers, context), key);
    let each =
        |(at, url): (usize, String)| not_to_be_asked(&url).or_else(|| refused(&format!("netdata.url[{at}]")));
    let objection = (1..).zip(others(answers)).find_map(each).or_else(|| refused("netdata.url"));
    objection.map_or(Ok(()), |words| Err(StepProblem::new(Control::OTHER_PARENTS, words)))
}

/// Why nothing is asked at an address, although it is one.
fn not_to_be_asked(url: &str) -> Option<String> {
    let words = if Url::parse(url) == Err(UrlError::Host) {
        // What was pasted may be a secret: it is not repeated.
        "this is no address of a machine: write one such as localhost or http://127.0.0.1:19999"
    } else if address::is_of_cloud(url) {
        "this is Netdata Cloud: an agent's or a parent's own address is needed, such as http://127.0.0.1:19999"
    } else if let Err(UrlError::Rest(why)) = Url::parse(url) {
        return Some(format!("no machine can have the address {url}: {why}"));
    } else if address::has_login(url) {
        "leave user name and password out of it: they have fields of their own"
    } else {
        return None;
    };
    Some(words.to_owned())
}

pub(super) fn is_password(answers: &Answers, context: &Context) -> Result<(), StepProblem> {
    let basic = target(answers, context).basic;
    if basic.is_some_and(|(_, password)| password.expose().is_empty()) {
        return Err(StepProblem::new(Control::PASSWORD, "the user name needs its password"));
    }
    Ok(())
}

pub(super) fn is_token(answers: &Answers, context: &Context) -> Result<(), StepProblem> {
    let target = target(answers, context);
    if target.basic.is_some() && target.bearer.is_some() {
        let message = "give this token, or a user name and its password: not both";
        return Err(StepProblem::new(Control::TOKEN, message));
    }
    Ok(())
}

pub(super) fn is_username(answers: &Answers, context: &Context) -> Result<(), StepProblem> {
    is_valid(answers, context, Control::USERNAME, "netdata.username")?;
    if !answers.agent.password.is_empty() && answers.agent.username.is_empty() {
        return Err(StepProblem::new(Control::USERNAME, "a password goes with a user name"));
    }
    Ok(())
}

pub(super) fn is_ca_file(answers: &Answers, context: &Context) -> Result<(), StepProblem> {
    // The reader makes a path whole: it has nothing to say of one that is not.
    check_ca_file(Control::CA_FILE, ca_file(answers, context), context)?;
    is_valid(answers, context, Control::CA_FILE, "netdata.ca_file")
}
