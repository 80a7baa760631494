//! What setting up consists of, part after part, in the order in which they are done.

use std::path::Path;

use color_eyre::eyre;

use super::answers::{Answers, KeyAnswer};
use super::part::{LONGEST, Part, PartName, PartState, PartWork, Proven};
use super::place::{elsewhere, file_of, held_key, unseen};
use super::wanted::KeptSecret;
use crate::cli::Arguments;
use crate::cli::modes::schedule::{by_hand, idle, there};
use crate::cli::modes::selection::installed;
use crate::cli::modes::send::SendResult;
use crate::config::{self, Invocation, Priority, SecretError, SecretSource};
use crate::delivery::{Proof, store};
use crate::schedule::is_in_force;
use crate::secret::{Secret, SecretKind};
use crate::setup::diff::LineChange;
use crate::setup::{Deed, Former, Ground, SecretFiles, SeenFile, UnusedSecret, content, left_open, written};
use crate::text::{ShownPath as _, one_line};

/// All parts.
pub(super) struct Plan {
    /// In the order in which they are done.
    pub(super) parts: Vec<Part>,
    /// What changes in the configuration, secrets masked.
    pub(super) diff: Vec<(LineChange, String)>,
    /// The live test that passed last with this key at this endpoint.
    pub(super) proven: Option<Proven>,
    /// What all of this was made from: it is looked at again before the first part is written.
    pub(super) ground: Option<Ground>,
}

impl Plan {
    /// What there is to do with this key. Without one, only ilert knows it.
    pub(super) fn of(arguments: &Arguments, answers: &Answers, key: Option<&Secret>) -> eyre::Result<Self> {
        let endpoint = &answers.config.ilert.endpoint;
        let proof = key.map(|key| Proof::of(&answers.one.state, key, endpoint)).transpose()?.flatten();
        let composed = answers.compose()?;
        let mut parts = Vec::new();
        if let (KeyAnswer::Source { name, policy }, None) = (&answers.key, key) {
            let says = format!(
                "alert source: `{}` in ilert, which is created if there is none (escalation policy `{}`)",
                one_line(name, LONGEST),
                one_line(policy, LONGEST)
            );
            parts.push(Part::new(PartName::AlertSource, PartState::Unknown, says));
        }
        parts.push(live_test(arguments, &answers.one.invocation, key, proof.as_ref()));
        parts.push(api_key(answers, key)?);
        for kept in &answers.secrets {
            parts.push(secret(kept)?);
        }
        parts.push(configuration(answers, composed.text));
        parts.push(schedule(answers));
        parts.extend(old_key(answers, key)?);
        parts.extend(unused_secrets(arguments, answers));
        parts.push(dry_run(answers));
        let proven = proof.map(|proof| Proven { priority: proof.priority, at: proof.at });
        let ground = Some(ground(answers, &parts));
        Ok(Self { parts, diff: composed.diff, proven, ground })
    }

    /// Whether anything is to be done, or was, that the same call again will not do; `None` where only ilert knows.
    pub(super) fn changed(&self) -> Option<bool> {
        let any = |state| self.parts.iter().any(|part| part.name != PartName::DryRun && part.state == state);
        if any(PartState::Planned) || any(PartState::Done) {
            return Some(true);
        }
        (!any(PartState::Unknown)).then_some(false)
    }
}

fn live_test(
    arguments: &Arguments,
    invocation: &Invocation,
    key: Option<&Secret>,
    proof: Option<&Proof>,
) -> Part {
    const WHEN: &str = "live test, before anything is written";
    let part = |state, says: &str| Part::new(PartName::LiveTest, state, format!("{WHEN}: {says}"));
    let priority = arguments.priority.map_or(Priority::Low, Priority::from);
    let what = match priority {
        Priority::High => "an ALERT with priority HIGH, which escalates, and its RESOLVE",
        Priority::Low => "an ALERT with priority LOW, and its RESOLVE: nobody is paged",
    };
    if arguments.answers.no_test {
        let says = format!("none, as `--no-test` says ({} proves the key)", invocation.command("--test"));
        return part(PartState::Skipped, &says);
    }
    match (key, proof) {
        (None, _) => part(PartState::Unknown, &format!("{what}; none if the key was proven by one before")),
        (Some(key), Some(proof)) if proof.covers(priority) => {
            let words = proof.words();
            part(PartState::Unchanged, &format!("none, as the key was {words}"))
                .called(format!("the key {key}, {words}, so there is no live test"))
        }
        (Some(_), _) => Part {
            work: Some(PartWork::Test(priority)),
            ..part(PartState::Planned, what).called("the live test")
        },
    }
}

fn api_key(answers: &Answers, key: Option<&Secret>) -> eyre::Result<Part> {
    let part = |state, says| Part::new(PartName::ApiKey, state, format!("API key: {says}"));
    let Some(key) = key else { return Ok(part(PartState::Unknown, "that of the alert source".to_owned())) };
    let source = &answers.config.integration.api_key;
    if let Some(path) = file_of(source, &answers.one) {
        let kept = KeptSecret {
            part: PartName::ApiKey,
            called: "API key",
            kind: SecretKind::Key,
            path,
            secret: key.clone(),
        };
        return secret(&kept);
    }
    match source.resolve(SecretKind::Key) {
        Ok(held) if held == *key => {
            Ok(part(PartState::Unchanged, format!("{key}, unchanged")).called("the API key"))
        }
        Err(SecretError::NoVariable(name)) => {
            let says = format!("{key}, which the sender takes from the environment variable `{name}`");
            Ok(part(PartState::Unchanged, says).called("the API key"))
        }
        _ => Err(elsewhere(source, &answers.one.path).into()),
    }
}

/// A secret that is kept in a file of its own; nothing is to be done where it is there already.
fn secret(kept: &KeptSecret) -> eyre::Result<Part> {
    let KeptSecret { part, called, kind, path, secret } = kept;
    let shown = match kind {
        SecretKind::Key => format!("{called}: {secret}"),
        _ => (*called).to_owned(),
    };
    match SecretSource::File(path.clone()).resolve(*kind) {
        Ok(held) if held == *secret => {
            let says = format!("{shown}, unchanged");
            Ok(Part::new(*part, PartState::Unchanged, says).called(format!("`{}`", path.shown())))
        }
        Ok(_) | Err(SecretError::NoFile(_)) => {
            let deed = Deed::Secret { path: path.clone(), secret: secret.clone() };
            let says = format!("{shown}, into {deed} (mode 0600)");
            Ok(Part::to_do(*part, deed, says))
        }
        Err(error) => Err(error.into()),
    }
}

fn configuration(answers: &Answers, text: Secret) -> Part {
    let path = &answers.one.path;
    let says = |what: &str| format!("`{}`: {what}", path.shown());
    if answers.old.as_deref() == Some(text.expose()) {
        return Part::new(PartName::Configuration, PartState::Unchanged, says("unchanged"))
            .called(format!("`{}`", path.shown()));
    }
    let what = if answers.old.is_some() { "changed" } else { "new, mode 0600" };
    Part::to_do(PartName::Configuration, Deed::Configuration { path: path.clone(), text }, says(what))
}

fn schedule(answers: &Answers) -> Part {
    let part = |says: String| Part::new(PartName::Schedule, PartState::Unchanged, says);
    let Some(plan) = &answers.schedule else {
        let found = found(answers);
        return part(format!("schedule: {found}"))
            .called(format!("the schedule, of which nothing was said: {found}"));
    };
    if is_in_force(plan) {
        let notes = plan.notes.iter().fold(String::new(), |all, note| all + "\n  note: " + note);
        return part(format!("schedule: unchanged{notes}")).called(format!("the schedule{notes}"));
    }
    let says = format!("schedule:\n{}", indented(&plan.shown()));
    Part::to_do(PartName::Schedule, Deed::Schedule(Box::new(plan.clone())), says)
}

/// What runs the sender, where that stays as it is.
fn found(answers: &Answers) -> String {
    if let Some(idle) = idle(&answers.one, &answers.config) {
        return idle;
    }
    let is_elsewhere = SendResult::elsewhere(&answers.config).is_some();
    match (there(&answers.one), by_hand(&answers.one)) {
        (Some(kind), _) => format!("{kind} is there"),
        (None, Some(number)) => {
            let idle = if is_elsewhere {
                ", though nothing is sent from here: remove it with `crontab -e`"
            } else {
                ""
            };
            format!("line {number} of the crontab runs it, which this program did not write{idle}")
        }
        (None, None) if is_elsewhere => "none, and none is needed".to_owned(),
        (None, None) => "none (`--schedule systemd` or `--schedule cron` installs one)".to_owned(),
    }
}

/// What is open under the key that the sender was run with, where it will be another, or nothing is sent from here.
fn old_key(answers: &Answers, key: Option<&Secret>) -> eyre::Result<Option<Part>> {
    let (Some(key), Some(config)) = (key, answers.base.clone()) else { return Ok(None) };
    let is_left = config.notification.is_sent_here() && !answers.config.notification.is_sent_here();
    let Some(old) = held_key(&config, &answers.one).ok().filter(|old| old != key || is_left) else {
        return Ok(None);
    };
    let state = &answers.one.state;
    let count = left_open(state, &old, &config.ilert.endpoint)?;
    if count > 0 {
        // That key is the only one that can resolve it, and would be gone.
        store::check_writable(state)?;
    }
    let former = Box::new(Former { config, key: old });
    let deed = Deed::HandOver { former, state: state.clone() };
    let says = format!("then what is open under the old key is resolved (alerts: {count})");
    Ok((count > 0).then(|| Part::to_do(PartName::OldKey, deed, says)))
}

/// The files with secrets that the configuration used, and will not use any more. A file that may be somebody else's stays,
/// which is said.
fn unused_secrets(arguments: &Arguments, answers: &Answers) -> Vec<Part> {
    let Some(base) = &answers.base else { return Vec::new() };
    let mut loaded: Vec<_> =
        installed(arguments).into_iter().map(|one| (one.clone(), config::load(&one.path))).collect();
    if answers.one.is_elsewhere {
        loaded.push((answers.one.clone(), Ok(base.clone())));
    }
    let (used, read) = (SecretFiles::of(&loaded), arguments.answers.files());
    let is_read = |file: &Path| read.iter().any(|one| config::real(one) == config::real(file));
    let is_kept = |file: &Path| {
        answers.secrets.iter().any(|kept| kept.path == file)
            || file_of(&answers.config.integration.api_key, &answers.one).as_deref() == Some(file)
    };
    let part = |UnusedSecret { path: file, stays }: UnusedSecret| {
        let shown = file.shown();
        if let Some(reason) = if is_read(&file) { Some("this call reads it") } else { stays } {
            let words =
                format!("`{shown}` stays, though this configuration does not use it any more: {reason}");
            return Part::new(PartName::UnusedSecret, PartState::Skipped, words);
        }
        let words = format!("then `{shown}` is removed: it is not used any more");
        Part::to_do(PartName::UnusedSecret, Deed::Remove { path: file }, words)
    };
    let unused = used.unused(base, &answers.config, &answers.one.path);
    unused.into_iter().filter(|one| !is_kept(&one.path)).map(part).collect()
}

fn dry_run(answers: &Answers) -> Part {
    let skipped = |says: String| Part::new(PartName::DryRun, PartState::Skipped, says);
    if let Some(elsewhere) = SendResult::elsewhere(&answers.config) {
        return skipped(elsewhere.words());
    }
    let (config, state) = (answers.one.path.clone(), answers.one.state.clone());
    let environment = answers.schedule.as_ref().and_then(|plan| plan.environment.clone()).map(Box::new);
    // What the schedule sees is tried as it sees it.
    let unseen = unseen(&answers.config.integration.api_key, &answers.one);
    if let Some(unseen) = unseen.filter(|_| environment.is_none()) {
        return skipped(format!("no dry run of `--send` here: {unseen}"));
    }
    let deed = Deed::DryRun { config, state, environment };
    Part::to_do(PartName::DryRun, deed, "then a dry run of `--send`")
}

/// What the parts are made from.
fn ground(answers: &Answers, parts: &[Part]) -> Ground {
    let mut ground = Ground::default();
    for part in parts {
        let file = match &part.work {
            Some(PartWork::Deed(Deed::Secret { path, secret })) => {
                SeenFile { path: path.clone(), seen: content(path), new: written(secret) }
            }
            Some(PartWork::Deed(Deed::Configuration { path, text })) => {
                let seen = answers.old.clone().map(Secret::new);
                SeenFile { path: path.clone(), seen, new: text.clone() }
            }
            Some(PartWork::Deed(Deed::Schedule(plan))) => {
                ground.plan = Some(plan.clone());
                continue;
            }
            _ => continue,
        };
        ground.files.push(file);
    }
    ground
}

fn indented(text: &str) -> String {
    text.trim_end()
        .lines()
        .map(|line| format!("  {line}").trim_end().to_owned())
        .collect::<Vec<_>>()
        .join("\n")
}
