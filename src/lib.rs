//! Netdata alerts, delivered to ilert: what Netdata shows is what ilert shows.
//!
//! This page is the map of the house.
//!
//! # Rooms
//!
//! A room imports only from rooms above it in this table. `tests/it/house.rs` holds every file to that, and lets no
//! files import each other in a circle.
//!
//! | floor | room | what lives there |
//! |---|---|---|
//! | 0 | [`text`] | text from outside, made fit to be shown; tables and ages |
//! | 0 | [`words`] | lists of names in messages, and the name that was probably meant |
//! | 0 | [`duration`] | durations as people write them |
//! | 0 | [`clock`] | this machine's clock |
//! | 0 | [`output`] | the way out: every word to a terminal or a pipe |
//! | 0 | [`advice`] | what an error tells a person: what happened, and what to do |
//! | 0 | [`alert`] | the vocabulary: node, alert, status, transition, observation |
//! | 0 | [`secret`] | the one type that holds a key |
//! | 0 | [`url`] | URLs, shown without what may be secret in them |
//! | 0 | [`files`] | files that others may have made, and files written whole or not at all |
//! | 0 | [`owner`] | whose a file is, and as whom this runs |
//! | 0 | [`interrupt`] | signals, as a value to wait for |
//! | 0 | [`exit`] | exit codes, with what each means |
//! | 0 | [`prompt`] | lines from a person |
//! | 0 | `json` | JSON, read generously |
//! | 0 | [`http`] | transport, and what an answer is: TLS, proxy, time-outs, one taxonomy |
//! | 1 | [`config`] | the file: a setting is one row; reading, checking, writing |
//! | 1 | [`ilert`] | events, verdicts, and the account's REST API |
//! | 1 | [`cloud`] | Netdata Cloud's spaces and rooms |
//! | 1 | [`netdata`] | the agent's API, both versions: wire to observation |
//! | 1 | [`other_senders`] | what else on this machine tells ilert of Netdata's alerts |
//! | 2 | [`payload`] | alert and configuration to event; pure |
//! | 2 | [`delivery`] | reconcile, state, outbox, sending: one run of `--send` |
//! | 3 | [`preview`] | an alert given as JSON, and events as they are shown |
//! | 3 | [`schedule`] | the systemd timer or the crontab line |
//! | 3 | [`simulator`] | Netdata and ilert inside the process, for `--demo` and the tests |
//! | 3 | [`status`] | `--status` |
//! | 3 | [`doctor`] | `--doctor` |
//! | 3 | [`wizard`] | the wizard: in a terminal, or as plain prompts |
//! | 4 | [`cli`] | arguments to one mode to an exit code |
//!
//! # Two flows
//!
//! **Send** is [`delivery::run`], top to bottom: lock → observe → reconcile → record → dispatch → report. What is due is
//! decided in [`delivery::reconcile`] and `delivery/plan`, values in, values out; the table of what is due when is
//! `delivery/plan/rules.rs`. What an event looks like is [`payload::Renderer`]: the preview, the test event and the
//! sender call the same function.
//!
//! **Wizard** is key → [`wizard::keymap`] → [`wizard::message`] → [`wizard::update`] → effects and a new model → the
//! step's page → screen. Only [`wizard::effect`] does anything outside; its answers come back as messages.
//!
//! # Three recipes
//!
//! **Add a setting**: its row in `config/fields/….rs` with type, kind, default and help; the place that uses it; a test of
//! what it does there. Reading, messages, the annotated file and what the wizard writes come from the row.
//!
//! **Add a step** to the wizard: its module under `wizard/steps/`, its line in [`wizard::steps`], its part of
//! [`wizard::answers`], and its help in `assets/guide/help.toml`. A control is a field of the answers and a row of its
//! step.
//!
//! **Add a fault**, something that can go wrong and deserves words of its own: a variant of the room's error; its two
//! sentences (`what` and `hint`, [`advice::Advised`]) beside it; where it is noticed; and a [`simulator::Fault`] or an
//! answer that shows it in a test. Doctor, wizard and command line print it without knowing it.

pub mod advice;
pub mod alert;
pub mod cli;
pub mod clock;
pub mod cloud;
pub mod config;
pub mod delivery;
pub mod doctor;
pub mod duration;
pub mod exit;
pub mod files;
pub mod http;
pub mod ilert;
pub mod interrupt;
mod json;
pub mod netdata;
pub mod other_senders;
pub mod output;
pub mod owner;
pub mod payload;
pub mod preview;
pub mod prompt;
#[cfg(test)]
#[path = "../tests/regressions/properties.rs"]
mod regressions;
pub mod schedule;
pub mod secret;
pub mod simulator;
pub mod status;
pub mod text;
pub mod url;
pub mod wizard;
pub mod words;
