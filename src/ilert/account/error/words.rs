//! The words: what happened, and what to do.

use std::fmt;

use super::AccountError;
use crate::advice::{self, Advised};
use crate::http::{Failure, Settings};
use crate::ilert::words;

impl Advised for AccountError {
    fn what(&self) -> String {
        match self {
            Self::Endpoint(reason) => {
                format!("`ilert.endpoint` is not a URL such as https://api.ilert.com: {reason}")
            }
            Self::Client(error) => error.what(),
            Self::NoToken => {
                "this is not an ilert API token: it is empty, or has spaces or other characters that no token has"
                    .to_owned()
            }
            Self::TokenWrong(refusal) => format!("ilert does not accept the API token ({})", refusal.answer),
            Self::Scope(refusal) => format!("the API token's scope is too narrow ({})", refusal.answer),
            Self::Forbidden(refusal) => {
                format!("the API token's user may not do this in ilert ({})", refusal.answer)
            }
            Self::Plan(refusal) => {
                format!("ilert's plan allows no {} ({})", refusal.resource.too_many(), refusal.answer)
            }
            Self::NotFound(refusal) => {
                format!("there is no such API at `ilert.endpoint` ({})", refusal.answer)
            }
            Self::Refused(refusal) => format!("ilert refused the request for good ({})", refusal.answer),
            Self::Limited(refusal) => format!("ilert takes no more requests just now ({})", refusal.answer),
            Self::Redirected(refusal) => words::redirected(&refusal.answer, "token"),
            Self::Proxy(refusal) => words::proxy_login(&refusal.answer),
            Self::Unavailable(refusal) => format!("ilert could not do it this time ({})", refusal.answer),
            Self::Failed(failure) => format!("no answer from ilert: {failure}"),
            Self::Stranger { status, what } => words::stranger(*status, *what),
            Self::Unreadable { path } => format!(
                "the answer for `/api/{path}` is not what ilert sends: something else answered, or ilert has changed"
            ),
            Self::Endless { path, most } => {
                format!("the list `/api/{path}` has more than {most} items, or no end")
            }
            Self::TooManyOpen { most } => format!("more than {most} alerts are open in the alert source"),
            Self::Restless => "the list of open alerts changes faster than it can be read".to_owned(),
            Self::KeyWithheld { id, name } => format!(
                "the alert source `{name}` (id {id}) exists, but ilert does not show its API key to this token: its \
                 user may not edit the alert source"
            ),
            Self::UrlWithheld { id, name } => format!(
                "the heartbeat monitor `{name}` (id {id}) exists, but ilert does not show its URL to this token: its \
                 user may not edit the monitor"
            ),
        }
    }

    fn hint(&self) -> Option<String> {
        let hint = match self {
            Self::Endpoint(_) => return None,
            Self::Client(error) => return error.hint(),
            Self::NoToken => "copy it again, and nothing else",
            Self::TokenWrong(_) => {
                "create one in ilert (your user's menu, API keys), for the account behind `ilert.endpoint`"
            }
            Self::Scope(refusal) => {
                return Some(format!("create one that may {}", refusal.resource.scope()));
            }
            Self::Forbidden(refusal) => {
                let right = refusal.resource.right();
                return Some(format!("use the token of a user who may {right}, such as an admin"));
            }
            Self::Plan(refusal) => refusal.resource.instead(),
            Self::NotFound(_) => "it should be https://api.ilert.com",
            Self::Refused(_) => "see what the answer says",
            Self::Limited(_) => "it takes 120 a minute for a token; wait a minute",
            Self::Proxy(_) => words::HINT_PROXY,
            Self::Unavailable(_) | Self::Restless => "wait a minute",
            Self::Failed(failure) => match failure.itself() {
                Failure::Tls(fault) => return Some(fault.fix(Settings::ILERT)),
                _ => "check the network",
            },
            Self::Stranger { .. } => words::HINT_STRANGER,
            Self::Unreadable { .. } => "check `ilert.endpoint` and the proxy",
            Self::Redirected(_) | Self::Endless { .. } => words::HINT_ENDPOINT,
            Self::TooManyOpen { .. } => "resolve in ilert those that you no longer need, then run this again",
            Self::KeyWithheld { .. } => {
                "use the token of a user who may, or copy the key from the alert source in ilert"
            }
            Self::UrlWithheld { .. } => {
                "use the token of a user who may, or copy the URL from the monitor in ilert"
            }
        };
        Some(hint.to_owned())
    }
}

impl fmt::Display for AccountError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        advice::write(self, f)
    }
}
