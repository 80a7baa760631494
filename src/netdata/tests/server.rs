//! A scripted agent: answers by path, remembers what it was asked.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use crate::simulator::Barrier;
use crate::simulator::server::{Response, Served, ServerReply};

/// What it does when it is asked.
#[derive(Clone)]
pub(super) enum CannedReply {
    /// Status, body.
    Answer(u16, String),
    /// 302 to this URL.
    Redirect(String),
    /// 200, with a body that need be no text.
    Bytes(Vec<u8>),
    /// 200, with so many zeros.
    Announce(usize),
    /// Never answers.
    Hang,
    /// Hangs up.
    Close,
}

impl From<&str> for CannedReply {
    fn from(body: &str) -> Self {
        Self::Answer(200, body.into())
    }
}

impl From<serde_json::Value> for CannedReply {
    fn from(body: serde_json::Value) -> Self {
        Self::Answer(200, body.to_string())
    }
}

impl From<u16> for CannedReply {
    fn from(status: u16) -> Self {
        Self::Answer(status, "You need to be authorized to access this resource".into())
    }
}

impl From<CannedReply> for ServerReply {
    fn from(reply: CannedReply) -> Self {
        match reply {
            CannedReply::Answer(status, body) => Self::Respond(Response::text(status, body)),
            CannedReply::Redirect(url) => Self::Respond(Response::empty(302).with("location", url)),
            CannedReply::Bytes(body) => Self::Respond(Response::text(200, body)),
            // No page of it is touched before somebody reads it.
            CannedReply::Announce(length) => Self::Respond(Response::text(200, vec![0; length])),
            CannedReply::Hang => Self::Stall(Barrier::new()),
            CannedReply::Close => Self::HangUp,
        }
    }
}

/// By path and query; the last reply is given again. Unknown paths get 404.
type Script = HashMap<String, Vec<CannedReply>>;

/// A scripted agent that is listening.
pub(super) struct Server {
    pub(super) url: String,
    served: Served,
    script: Arc<Mutex<Script>>,
}

impl Server {
    #[allow(clippy::unused_async)] // it needs a runtime
    pub(super) async fn start() -> Self {
        let script = Arc::new(Mutex::new(Script::new()));
        let shared = Arc::clone(&script);
        let served = Served::plain(move |request, _, _| {
            let path = request.uri.path_and_query().unwrap().as_str();
            match shared.lock().unwrap().get_mut(path) {
                Some(replies) if replies.len() > 1 => replies.remove(0).into(),
                Some(replies) => replies[0].clone().into(),
                None => CannedReply::from(404).into(),
            }
        })
        .unwrap();
        Self { url: served.url(), served, script }
    }

    /// From now on, this path is answered so (after the replies it was given before).
    pub(super) fn on(&self, path: &str, reply: impl Into<CannedReply>) -> &Self {
        self.script.lock().unwrap().entry(path.into()).or_default().push(reply.into());
        self
    }

    /// From now on, this path is answered so, whatever was said before.
    pub(super) fn now(&self, path: &str, reply: impl Into<CannedReply>) -> &Self {
        self.script.lock().unwrap().insert(path.into(), vec![reply.into()]);
        self
    }

    /// The paths asked since the last call, in order.
    pub(super) fn asked(&self) -> Vec<String> {
        let requests = self.served.requests();
        self.served.forget_requests();
        requests.iter().map(|request| request.trim_start_matches("GET ").to_owned()).collect()
    }
}
