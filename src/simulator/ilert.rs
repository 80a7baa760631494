//! A simulated ilert: takes events as strictly as ilert does, and opens and closes alerts by key.
//!
//! It follows ilert's `OpenAPI` and documentation. That an event without an open alert does nothing is inferred. Every
//! answer but 202 can be scripted: one after the other ([`Ilert::answer_next`]), for all requests
//! ([`Ilert::answer_all`]), or by event ([`Ilert::answer_by`]). Besides the events API it has the part of the REST API
//! that sets up an alert source and a heartbeat monitor, and shows alerts ([`Ilert::add_token`]).

mod account;
mod alerts;
mod event;
mod limit;
mod received;

use std::io;
use std::sync::{Arc, Mutex};
use std::time::Instant;

use bytes::Bytes;
use hyper::Method;
use hyper::http::request::Parts;
use tokio::sync::watch;

use account::Directory;
pub use account::{Source, TokenRights};
use alerts::Alerts;
pub use alerts::{Alert, LogLine, Resolution};
pub use event::{Event, EventType};
use limit::Limit;
pub use received::{EventOutcome, Received};

use super::script::{Answer, Script, play};
use super::server::{Response, Served, ServerReply};
use super::{Clock, lock};
use crate::secret::Secret;

type Judge = dyn Fn(&Event) -> Option<Answer> + Send;

struct State {
    clock: Clock,
    keys: Vec<Secret>,
    /// Keys of heartbeat monitors.
    heartbeats: Vec<Secret>,
    alerts: Alerts,
    /// The data behind the REST API.
    directory: Directory,
    received: Vec<Received>,
    script: Script,
    judge: Option<Box<Judge>>,
    /// The answer of somebody in ilert's place to every request.
    stand_in: Option<(u16, String)>,
    /// Whether answers repeat the key as their id.
    echoes: bool,
    /// Events for a key.
    limit: Limit,
    accepted: watch::Sender<u64>,
}

/// A simulated ilert. Clones are the same one.
#[derive(Clone)]
pub struct Ilert(Arc<Mutex<State>>);

impl Ilert {
    /// Makes one with one alert source, which has this integration key.
    #[must_use]
    pub fn new(integration_key: &str) -> Self {
        Self(Arc::new(Mutex::new(State {
            clock: Clock::default(),
            keys: vec![Secret::new(integration_key.to_owned())],
            heartbeats: Vec::new(),
            alerts: Alerts::default(),
            directory: Directory::default(),
            received: Vec::new(),
            script: Script::default(),
            judge: None,
            stand_in: None,
            echoes: false,
            limit: Limit::default(),
            accepted: watch::Sender::new(0),
        })))
    }

    /// Starts to serve on a port of this machine. Needs a tokio runtime.
    pub fn serve(&self) -> io::Result<Served> {
        let ilert = self.clone();
        Served::plain(move |request, body, waited| ilert.handle(request, body, waited))
    }

    /// The same over TLS.
    pub fn serve_tls(&self, tls: Arc<rustls::ServerConfig>) -> io::Result<Served> {
        let ilert = self.clone();
        Served::tls(tls, move |request, body, waited| ilert.handle(request, body, waited))
    }

    /// Adds an alert source by its integration key.
    pub fn add_key(&self, integration_key: &str) {
        lock(&self.0).keys.push(Secret::new(integration_key.to_owned()));
    }

    /// Adds a heartbeat monitor: pings to `/api/pings/{key}` are taken. [`Served::requests`] has them.
    pub fn add_heartbeat(&self, key: &str) {
        lock(&self.0).heartbeats.push(Secret::new(key.to_owned()));
    }

    /// Removes an alert source: its key is unknown from now on.
    pub fn remove_key(&self, integration_key: &str) {
        lock(&self.0).keys.retain(|key| key.expose() != integration_key);
    }

    /// Sets ilert's clock, which dates its alerts and delimits the minutes of [`Self::limit`].
    pub fn set_clock(&self, clock: Clock) {
        lock(&self.0).clock = clock;
    }

    /// Limits the events per minute for a key, in fixed windows (ilert: 50). More are answered 429, without
    /// `Retry-After`. `None` takes all.
    pub fn limit(&self, events_per_minute: Option<u32>) {
        lock(&self.0).limit.set(events_per_minute);
    }

    /// Scripts the answer to the next request. Several are used one after the other, before everything else.
    pub fn answer_next(&self, answer: Answer) {
        lock(&self.0).script.push(answer);
    }

    /// Scripts the answer to every request; `None` ends it.
    pub fn answer_all(&self, answer: Option<Answer>) {
        lock(&self.0).script.repeat(answer);
    }

    /// Scripts answers by event: the function sees each valid event and may answer it.
    pub fn answer_by(&self, judge: impl Fn(&Event) -> Option<Answer> + Send + 'static) {
        lock(&self.0).judge = Some(Box::new(judge));
    }

    /// Lets somebody in ilert's place, such as a captive portal, answer everything with this status and body: events,
    /// pings and the account. ilert receives none of it. `None` ends it.
    pub fn stand_in(&self, answer: Option<(u16, &str)>) {
        lock(&self.0).stand_in = answer.map(|(status, body)| (status, body.to_owned()));
    }

    /// Repeats the integration key as the `correlation-id` of its answers from now on, as an echoing service would.
    pub fn echo_keys(&self) {
        lock(&self.0).echoes = true;
    }

    /// Ends everything scripted.
    pub fn recover(&self) {
        let mut state = lock(&self.0);
        (state.script, state.judge, state.stand_in) = (Script::default(), None, None);
    }

    /// The alerts that are open, in the order in which they were opened.
    #[must_use]
    pub fn open(&self) -> Vec<Alert> {
        lock(&self.0).alerts.all().filter(|alert| alert.resolved.is_none()).cloned().collect()
    }

    /// Every alert that was ever opened, in that order.
    #[must_use]
    pub fn history(&self) -> Vec<Alert> {
        lock(&self.0).alerts.all().cloned().collect()
    }

    /// Every request to the events API, in order of arrival.
    #[must_use]
    pub fn received(&self) -> Vec<Received> {
        lock(&self.0).received.clone()
    }

    /// How many events were accepted so far.
    #[must_use]
    pub fn accepted(&self) -> u64 {
        *lock(&self.0).accepted.borrow()
    }

    /// Waits until this many events have been accepted in all.
    pub async fn until_accepted(&self, count: u64) {
        let mut accepted = lock(&self.0).accepted.subscribe();
        // The sender lives as long as `self`: it cannot be gone.
        let _ = accepted.wait_for(|accepted| *accepted >= count).await;
    }

    /// Resolves the open alert with this key, in any source, as a person would. Returns whether there was one.
    #[allow(clippy::must_use_candidate)] // done for what it does
    pub fn resolve_by_hand(&self, alert_key: &str) -> bool {
        let mut state = lock(&self.0);
        let now = state.clock.now();
        state.alerts.resolve_by_hand(alert_key, now)
    }

    fn handle(&self, request: &Parts, body: &Bytes, waited: bool) -> ServerReply {
        if let Some((status, body)) = &lock(&self.0).stand_in {
            return ServerReply::Respond(Response::text(*status, body.clone()));
        }
        if let Some(key) = request.uri.path().strip_prefix("/api/pings/") {
            let known = lock(&self.0).heartbeats.iter().any(|heartbeat| heartbeat.expose() == key);
            let answer = if known { Response::empty(202) } else { refusal(404, "No such heartbeat monitor") };
            return ServerReply::Respond(answer);
        }
        if request.uri.path() != "/api/events" {
            return lock(&self.0).administer(request, body, waited);
        }
        if request.method != Method::POST {
            return ServerReply::Respond(refusal(405, "Method not allowed"));
        }
        lock(&self.0).take(body, waited)
    }
}

impl State {
    /// Handles an event as scripted, or else as ilert does.
    fn take(&mut self, body: &Bytes, waited: bool) -> ServerReply {
        let at = Instant::now();
        let (key, checked) = event::check(body);
        let event = checked.as_ref().ok().map(Arc::clone);
        let scripted = if waited { None } else { self.scripted(event.as_deref()) };
        let own = || match (&key, &checked) {
            (_, Err(reason)) => refusal(400, reason),
            (Some(key), Ok(event)) => self.judge_and_accept(key, event),
            (None, Ok(_)) => refusal(400, "integrationKey is required"),
        };
        let (reply, own) = play(scripted, own, refusal);
        let outcome = EventOutcome::of(&reply, own);
        self.received.push(Received { at, key, event, outcome });
        reply
    }

    fn scripted(&mut self, event: Option<&Event>) -> Option<Answer> {
        self.script.take().or_else(|| self.judge.as_ref().and_then(|judge| judge(event?)))
    }

    /// Checks in ilert's order: the limit first, then the key, then the event.
    fn judge_and_accept(&mut self, key: &Secret, event: &Arc<Event>) -> Response {
        let now = self.clock.now();
        if !self.limit.takes(key, now) {
            return refusal(429, "Too many requests");
        }
        if !self.keys.contains(key) {
            return refusal(404, "No alert source found for this integration key");
        }
        self.alerts.apply(key, event, now);
        self.accepted.send_modify(|accepted| *accepted += 1);
        let number = *self.accepted.borrow();
        let id = if self.echoes { key.expose().to_owned() } else { format!("sim-{number:08x}") };
        Response::empty(202).with("correlation-id", id)
    }
}

/// ilert's error body.
fn refusal(status: u16, message: &str) -> Response {
    let code = match status {
        402 => "PLAN_LIMIT",
        400 => "VALIDATION_ERROR",
        401 | 403 => "KEY_ERROR",
        404 => "NOT_FOUND",
        405 => "METHOD_NOT_ALLOWED",
        429 => "TOO_MANY_REQUESTS",
        _ => "ERROR",
    };
    refusal_with(status, code, message)
}

fn refusal_with(status: u16, code: &str, message: &str) -> Response {
    let body = serde_json::json!({"status": status, "message": message, "code": code});
    Response::new(status, "application/json;charset=UTF-8", body.to_string())
}

#[cfg(test)]
mod tests;
