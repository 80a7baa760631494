//! Looks at the configurations that are installed, as `--status` and `--doctor` do, and does what was asked for at the
//! home screen.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use crate::clock::now;
use crate::config::{
    self, Config, ConfigError, FoundConfigurations, Installed, LARGEST_FILE, NotAConfiguration,
};
use crate::delivery::store::StoreError;
use crate::doctor::{self, KeyUse};
use crate::files;
use crate::setup::{Former, SecretFiles, aside, content, hand_over, secret_files};
use crate::status::{self, Open, ShownSilence, SilenceSource, StatusReport};
use crate::text::ago::{ago, moment};
use crate::text::{ShownPath as _, one_line};
use crate::wizard::context::{Card, Files, Folders, HomeDeed, HomeReply, Usable};

/// Does what is asked for, if anything, and looks at all of them.
pub(super) async fn perform(folders: Folders, deed: Option<HomeDeed>) -> HomeReply {
    let mut asks_anew = false;
    let done = match deed {
        Some(deed) => {
            let (of, looked) = (deed.clone(), folders.clone());
            match aside(move || unchanged(&of, &looked)).await {
                Ok(()) => self::deed(deed).await,
                Err(Changed { words, more_open }) => {
                    asks_anew = more_open;
                    vec![Err(words)]
                }
            }
        }
        None => Vec::new(),
    };
    let cards = aside(move || cards(&folders)).await;
    HomeReply { done, asks_anew, cards }
}

/// Why nothing was done.
struct Changed {
    words: String,
    /// It is only that more is open in ilert than was shown.
    more_open: bool,
}

type Done = Vec<Result<String, String>>;

/// Whether what is to be changed is still as it was shown; and, where it is to be deleted, whether the same files go, and
/// nothing more would stay open in ilert.
fn unchanged(deed: &HomeDeed, folders: &Folders) -> Result<(), Changed> {
    let (installed, seen) = match deed {
        HomeDeed::Switch { installed, seen, .. } | HomeDeed::Delete { installed, seen, .. } => {
            (installed, seen)
        }
        HomeDeed::Resolve { .. } => return Ok(()),
    };
    let other = || {
        let words = format!(
            "`{}` has changed on the disk since it was shown, so nothing was done. It is shown as it is now: the same key \
             does it",
            installed.name
        );
        Changed { words, more_open: false }
    };
    if content(&installed.path) != *seen {
        return Err(other());
    }
    let HomeDeed::Delete { former, open, files, .. } = deed else { return Ok(()) };
    let cards = cards(folders);
    let card = cards.iter().find(|one| one.installed.as_ref() == Some(installed) && one.files.go == *files);
    let card = card.ok_or_else(other)?;
    match card.named.iter().find(|name| !open.contains(name)) {
        Some(name) if former.is_none() => Err(Changed {
            words: format!("{name} was opened in ilert since that was asked, so nothing was removed"),
            more_open: true,
        }),
        _ => Ok(()),
    }
}

async fn deed(deed: HomeDeed) -> Done {
    match deed {
        HomeDeed::Switch { installed, on, .. } => vec![aside(move || switch(&installed, on)).await],
        HomeDeed::Resolve { former, installed } => {
            vec![resolve(&former, &installed).await]
        }
        HomeDeed::Delete { installed, former: None, files, .. } => {
            aside(move || delete(&installed, &files)).await
        }
        HomeDeed::Delete { installed, former: Some(former), files, .. } => {
            // Off first: a run in between would raise it anew.
            let off = installed.clone();
            if let Err(error) = aside(move || switch(&off, false)).await {
                return vec![Err(error)];
            }
            match resolve(&former, &installed).await {
                Ok(resolved) => {
                    let mut done = vec![Ok(resolved)];
                    done.extend(aside(move || delete(&installed, &files)).await);
                    done
                }
                Err(error) => {
                    vec![Err(format!("`{}` is not deleted, but switched off: {error}", installed.name))]
                }
            }
        }
    }
}

/// Resolves what is open under its key.
async fn resolve(former: &Former, installed: &Installed) -> Result<String, String> {
    const REMEDY: &str = "do this again, or resolve them in ilert";
    let done = hand_over(former, &installed.state, "its key", REMEDY).await;
    let done = done.map_err(|stopped| stopped.words)?;
    Ok(format!("`{}`: {done}", installed.name))
}

/// Writes `notification.enabled`, and nothing else, into the file as it is now.
fn switch(installed: &Installed, on: bool) -> Result<String, String> {
    let path = &installed.path;
    let text = files::text(path, LARGEST_FILE)
        .map_err(|error| format!("cannot read `{}`: {error}", path.shown()))?;
    let written = || -> Result<(), ConfigError> {
        let mut config = config::parse(&text, path)?;
        config.notification.enabled = on;
        config::write(path, &config::render(&config, Some(&text), path)?)
    };
    written().map_err(|error| error.to_string())?;
    let what = if on {
        "on: its next run sends again"
    } else {
        "off: nothing is sent, what is open in ilert stays open"
    };
    Ok(format!("`{}` is switched {what}", installed.name))
}

/// Removes the file and those that go along with it, the configuration first: nothing runs by half of it.
fn delete(installed: &Installed, files: &[PathBuf]) -> Done {
    let mut done = Vec::new();
    for path in std::iter::once(&installed.path).chain(files) {
        done.push(match fs::remove_file(path) {
            Ok(()) => Ok(format!("removed `{}`", path.shown())),
            Err(error) if error.kind() == ErrorKind::NotFound => {
                Ok(format!("`{}` was gone already", path.shown()))
            }
            Err(error) => Err(format!("cannot remove `{}`: {error}", path.shown())),
        });
        if done.last().is_some_and(Result::is_err) {
            return done;
        }
    }
    if installed.state.exists() {
        done.push(Ok(format!("its state stays in `{}`", installed.state.shown())));
    }
    done
}

/// All that are installed, and what looks so.
fn cards(folders: &Folders) -> Vec<Card> {
    let found = FoundConfigurations::find(&folders.first, &folders.states);
    let loaded: Vec<(Installed, Result<Config, ConfigError>)> =
        found.installed.into_iter().map(|one| (one.clone(), config::load(&one.path))).collect();
    let used = SecretFiles::of(&loaded);
    let keys: Vec<(&str, Option<KeyUse>)> = loaded
        .iter()
        .map(|(one, config)| (one.name.as_str(), config.as_ref().ok().and_then(KeyUse::of)))
        .collect();
    let cards = loaded.iter().enumerate().map(|(at, (installed, one))| {
        let mut card = card(installed, one, &used);
        card.wrong.extend(shared_key(at, &keys));
        card
    });
    cards.chain(found.refused.into_iter().map(refused)).collect()
}

/// That another one sends with the same key as this one.
fn shared_key(at: usize, keys: &[(&str, Option<KeyUse>)]) -> Option<String> {
    let (_, own) = keys.get(at)?;
    let others = keys.iter().enumerate().filter(|(other, _)| *other != at);
    let others = others.filter_map(|(_, (name, used))| Some((*name, used.as_ref()?)));
    doctor::shared_key(own.as_ref()?, others).map(|line| line.says)
}

fn refused(refused: NotAConfiguration) -> Card {
    Card {
        name: refused.name,
        installed: None,
        usable: None,
        seen: None,
        run: String::new(),
        has_run: false,
        open: 0,
        named: Vec::new(),
        wrong: vec![refused.error.to_string()],
        silences: Vec::new(),
        files: Files::default(),
    }
}

fn card(installed: &Installed, loaded: &Result<Config, ConfigError>, used: &SecretFiles) -> Card {
    let now = now();
    let mut wrong = Vec::new();
    let config = loaded.as_ref().map_err(|error| wrong.push(error.to_string())).ok();
    let usable = config.map(|config| Usable {
        config: Box::new(config.clone()),
        key: config.api_key().map_err(|error| wrong.push(error.to_string())).ok(),
    });
    let mut card = Card {
        name: installed.name.clone(),
        installed: Some(installed.clone()),
        usable,
        seen: content(&installed.path),
        run: String::new(),
        has_run: false,
        open: 0,
        named: Vec::new(),
        wrong,
        silences: Vec::new(),
        files: config.map_or_else(Files::default, |config| files(used, config, &installed.path)),
    };
    match status::read(&installed.state) {
        Ok(mut status) => {
            status.list_silences(config, now);
            stand(&mut card, &status, config, now);
        }
        Err(error) => card.wrong.push(unreadable(&error)),
    }
    card
}

fn unreadable(error: &StoreError) -> String {
    format!("cannot tell whether it ran: {error}")
}

/// Takes what its state says.
fn stand(card: &mut Card, status: &StatusReport, config: Option<&Config>, now: i64) {
    let when = match &status.last_run {
        Some(run) => format!("last run {}", ago(now, run.started)),
        None => "never run".to_owned(),
    };
    card.has_run = status.last_run.is_some();
    card.open = status.open.len();
    card.named = status.open.iter().map(name).collect();
    card.run = format!("{when}; {} open in ilert", status.open.len());
    let lines = doctor::at_a_glance(status, config, now);
    card.wrong.extend(lines.into_iter().map(|line| line.says));
    let in_force = status.silences.iter().filter(|silence| silence.in_force);
    card.silences = in_force.map(|silence| silenced(silence, now)).collect();
}

/// What is open, in words.
fn name(open: &Open) -> String {
    let alert = open.name.alert.as_deref().or(open.name.storm.as_deref()).unwrap_or("unreachable");
    one_line(&format!("{alert} on {}", open.name.host), 60)
}

fn silenced(silence: &ShownSilence, now: i64) -> String {
    let made = match silence.source {
        SilenceSource::Configuration => format!("\"{}\"", silence.name),
        SilenceSource::ByHand => format!("{} (by hand)", silence.name),
    };
    let until = silence
        .until
        .map_or("without an end".to_owned(), |until| format!("until {}", moment(now, until / 1000)));
    format!("silence {made} {until}: {}", silence.covers)
}

/// What becomes of the files with secrets of one that is deleted.
fn files(used: &SecretFiles, config: &Config, path: &Path) -> Files {
    let mut files = Files::default();
    for file in secret_files(config) {
        match used.stays(&file, path) {
            Some(why) => files.stay.push((file, why)),
            None => files.go.push(file),
        }
    }
    files
}
