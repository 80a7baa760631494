//! Scripted answers, which replace a service's own.

use std::collections::VecDeque;

use super::Barrier;
use super::server::{Response, ServerReply};

/// What a proxy in between says.
const PAGE: &str = "<html><head><title>Bad Gateway</title></head><body><h1>Bad Gateway</h1></body></html>";

/// A scripted answer. With a 2xx the service also does what was asked: it takes a valid event, and still refuses what
/// it would refuse. An answer by somebody in the service's place does nothing.
#[derive(Clone, Debug)]
pub enum Answer {
    /// A status with the service's error body, or an empty one below 400.
    Status(u16),
    /// A status with this body.
    StatusBody(u16, String),
    /// A status with a page, from a proxy or a portal in the service's place.
    Html(u16),
    /// A status with this body, from somebody in the service's place.
    Instead(u16, String),
    /// The connection is closed, the request is lost.
    Reset,
    /// What was asked for is done, and the connection closed without an answer.
    AcceptThenReset,
    /// The request waits at the barrier; once that is open, the service answers as it would.
    Stall(Barrier),
    /// 307 to this URL.
    Redirect(String),
}

/// The scripted answers: the next ones, and one for all.
#[derive(Default)]
pub(super) struct Script {
    next: VecDeque<Answer>,
    all: Option<Answer>,
}

impl Script {
    /// Adds an answer for one request, after those that are waiting.
    pub(super) fn push(&mut self, answer: Answer) {
        self.next.push_back(answer);
    }

    /// Sets the answer for all other requests; `None` ends it.
    pub(super) fn repeat(&mut self, answer: Option<Answer>) {
        self.all = answer;
    }

    /// Takes the answer to a request; `None` means the service's own.
    pub(super) fn take(&mut self) -> Option<Answer> {
        self.next.pop_front().or_else(|| self.all.clone())
    }
}

/// Answers as scripted, or else as the service does. `own` does what was asked; it is called only if that is to be
/// done, and its status is returned. `refusal` makes the service's error body.
pub(super) fn play(
    scripted: Option<Answer>,
    own: impl FnOnce() -> Response,
    refusal: impl FnOnce(u16, &str) -> Response,
) -> (ServerReply, Option<u16>) {
    let response = match scripted {
        None => {
            let own = own();
            let status = own.status;
            return (ServerReply::Respond(own), Some(status));
        }
        Some(Answer::Reset) => return (ServerReply::HangUp, None),
        Some(Answer::AcceptThenReset) => return (ServerReply::HangUp, Some(own().status)),
        Some(Answer::Stall(barrier)) => return (ServerReply::Stall(barrier), None),
        Some(Answer::Redirect(url)) => Response::empty(307).with("location", url),
        Some(Answer::Html(status)) => return (ServerReply::Respond(Response::html(status, PAGE)), None),
        Some(Answer::Instead(status, body)) => {
            return (ServerReply::Respond(Response::text(status, body)), None);
        }
        Some(Answer::Status(status @ 400..)) => refusal(status, "As the script has it"),
        Some(Answer::Status(status)) => Response::empty(status),
        Some(Answer::StatusBody(status, body)) => {
            Response::new(status, "application/json;charset=UTF-8", body)
        }
    };
    if response.status >= 300 {
        return (ServerReply::Respond(response), None);
    }
    let own = own();
    let status = own.status;
    (ServerReply::Respond(if status < 300 { response } else { own }), Some(status))
}
