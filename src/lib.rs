//! Netdata alerts, delivered to ilert: what Netdata shows is what ilert shows.
//!
//! This page is the map of the code.
//!
//! # Rooms
//!
//! A room is a module. It imports only from rooms above it in this table, which is drawn from the ground floor up, and
//! no files import each other in a circle. The wizard is divided in the same way, by the list in its own documentation.
//! `tests/it/house.rs` checks all three.
//!
//! | floor | room | what lives there |
//! |---|---|---|
//! | 0 | [`text`] | makes text from outside fit to be shown; tables and ages |
//! | 0 | [`words`] | lists of names in messages, and the name that was probably meant |
//! | 0 | [`duration`] | durations as people write them |
//! | 0 | [`clock`] | this machine's clock |
//! | 0 | [`speaker`] | whose words these are, where there are several configurations |
//! | 0 | [`output`] | writes every word to a terminal or a pipe |
//! | 0 | [`advice`] | what an error says: what happened, and what to do |
//! | 0 | [`alert`] | the vocabulary: node, alert, status, transition, observation |
//! | 0 | [`secret`] | the one type that holds a key |
//! | 0 | [`url`] | URLs, shown without what may be secret in them |
//! | 0 | [`files`] | opens files that others may have made; writes files whole or not at all |
//! | 0 | [`owner`] | who owns a file, and as whom this runs |
//! | 0 | [`interrupt`] | signals, as a value to wait for |
//! | 0 | [`child`] | starts other programs, without the secrets of this one's environment |
//! | 0 | [`exit`] | exit codes, with what each means |
//! | 0 | [`prompt`] | reads lines from a person |
//! | 0 | `json` | JSON, read generously |
//! | 0 | [`http`] | HTTP requests (TLS, proxy, time-outs), and the kinds of answers and failures |
//! | 1 | [`config`] | the configuration file: which are installed; read, check, write; rooms; silences |
//! | 1 | [`ilert`] | events, verdicts, and the account's REST API |
//! | 1 | [`cloud`] | Netdata Cloud's spaces and rooms |
//! | 1 | [`netdata`] | reads the agent's API, v1 and v3, into an observation |
//! | 1 | [`other_senders`] | what else on this machine sends Netdata's alerts to ilert |
//! | 2 | [`payload`] | makes an event from an alert and the configuration: templates and their limits; no I/O |
//! | 2 | [`delivery`] | `--send`: reconcile, state, outbox, sending; `--watch`, `--retry`, `--adopt`, live test |
//! | 3 | [`preview`] | an alert given as JSON, and events as they are shown |
//! | 3 | [`schedule`] | the systemd timer or the crontab line |
//! | 3 | [`simulator`] | a Netdata, a Netdata Cloud and an ilert inside the process, for `--demo` and the tests |
//! | 3 | [`status`] | `--status` |
//! | 3 | [`doctor`] | `--doctor` |
//! | 3 | [`setup`] | what setting up does: the file as it will be, and the deeds of the wizard and of `--setup` |
//! | 3 | [`wizard`] | the wizard: in a terminal, or as plain prompts; its draft |
//! | 4 | [`cli`] | parses arguments, runs one mode, returns its exit code |
//!
//! # Three flows
//!
//! **Send** is [`delivery::run`], top to bottom: lock → observe → reconcile → record → dispatch → report.
//! [`delivery::reconcile`] and `delivery/plan` decide what is due, without I/O; the rules for what is due when are in
//! `delivery/plan/rules.rs`. [`payload::Renderer`] makes the event: the preview, the test event and the sender call the
//! same function.
//!
//! **Wizard** is key → [`wizard::keymap`] → [`wizard::message`] → [`wizard::update`] → effects and a new model → the
//! step's page → screen. Only [`wizard::effect`] does I/O; its results come back as messages.
//!
//! **Several configurations** go side by side: `cli/modes/selection.rs` says which a mode is about,
//! `cli/modes/each.rs` gives each a thread of its own, and [`speaker`] puts its name before its words. Below the
//! command line everything is about one.
//!
//! # Four recipes
//!
//! **Add a setting** to a table such as `[delivery]`: four files. Write its row in `config/fields/….rs` with type,
//! kind, default and help; use it where it matters; test what it does there; write the JSON Schema anew
//! (`UPDATE_GOLDEN=1 cargo test config::`). Reading, messages, the annotated file and what the wizard writes come from
//! the row. A setting of `[templates]` or of `[severity]` is also written out in the wizard or the tests: the compiler
//! names those places.
//!
//! **Add a step** to the wizard: four files. Write its module under `wizard/steps/`; its `Parts` in [`wizard::steps`];
//! its place in the order, and its answers, in [`wizard::answers`]; its help in `assets/guide/help.toml`. Its number, the
//! count of the steps, the menu and the way on and back come from the order. Answers that outgrow that file get one
//! of their own under `wizard/answers/`. What Enter asks of somebody else is an effect (`wizard/update/`).
//!
//! **Add a control** to a step: two files. Write its field under `wizard/answers/`, and its row, a constant of
//! [`wizard::form::Control`], in the file of its step, where `controls` lists it. The page, `--plain`, the keys and the
//! draft come from the row and the field; a field that a draft does not keep has `#[serde(skip)]` and stands in
//! `resume` beside it.
//!
//! **Add a fault** (something that can go wrong and needs its own message): add a variant to the room's error; write
//! its two sentences (`what` and `hint`, [`advice::Advised`]) beside it or in the `words.rs` below it; return it where
//! it is noticed; and test it with a [`simulator::Fault`] or an answer. Doctor, wizard and command line print it
//! without further changes. A fault of Netdata needs three texts in `netdata/error/words.rs` (`what`, `hint` and
//! `reason`, which goes into the alert), its arm in `netdata/error/classify.rs`, which says when it is this one, and a
//! place in `behind` there if a proxy can have caused it.

pub mod advice;
pub mod alert;
pub mod child;
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
pub mod setup;
pub mod simulator;
pub mod speaker;
pub mod status;
pub mod text;
pub mod url;
pub mod wizard;
pub mod words;
