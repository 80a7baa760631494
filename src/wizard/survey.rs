//! What was found on this machine: a configuration, the answers of an interrupted run, a key in the
//! environment, and other senders that would page twice.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use super::answers::Answers;
use super::context::OnDisk;
use super::draft;
use crate::config::{self, ConfigError};
use crate::other_senders::{OtherSender, other_sender};
use crate::secret::{Secret, SecretKind, clean};

/// The variable that may hold the alert source's key.
pub const KEY_VARIABLE: &str = "ILERT_API_KEY";

/// What was found.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Survey {
    /// The configuration.
    pub config: OnDisk,
    /// The answers of an interrupted run.
    pub draft: Option<Answers>,
    /// Why there are none although there was something, in words.
    pub draft_note: Option<String>,
    /// The key in [`KEY_VARIABLE`], trimmed.
    pub key_variable: Option<Secret>,
    /// Other senders, on or not to be known.
    pub other_senders: Vec<OtherSender>,
}

/// Where to look.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Places {
    /// The configuration file.
    pub config: PathBuf,
    /// The state folder.
    pub state: PathBuf,
    /// Netdata's `health_alarm_notify.conf`, wherever it may be; see
    /// [`health_alarm_notify`](crate::other_senders::health_alarm_notify).
    pub health_alarm_notify: Vec<PathBuf>,
}

/// Looks round. `env` gives the environment's variables.
#[must_use]
pub fn look(places: &Places, env: impl Fn(&str) -> Option<OsString>) -> Survey {
    let (draft, draft_note) = match draft::load(&places.state) {
        draft::FoundDraft::Nothing => (None, None),
        draft::FoundDraft::Draft(draft) => (Some(*draft), None),
        draft::FoundDraft::Unusable(note) => (None, Some(note)),
    };
    Survey {
        config: on_disk(&places.config),
        draft,
        draft_note,
        key_variable: env(KEY_VARIABLE).and_then(key),
        other_senders: places.health_alarm_notify.iter().filter_map(|path| other_sender(path)).collect(),
    }
}

fn on_disk(path: &Path) -> OnDisk {
    match config::load(path) {
        Ok(config) => OnDisk::Usable(Box::new(config)),
        Err(ConfigError::Missing { .. }) => OnDisk::Nothing,
        Err(error) => OnDisk::Unusable(error.to_string()),
    }
}

fn key(value: OsString) -> Option<Secret> {
    let value = Secret::new(value.into_string().ok()?);
    clean(value.expose(), SecretKind::Key).ok().map(|cleaned| cleaned.secret)
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use super::{OnDisk, Places, Survey, look};
    use crate::other_senders::health_alarm_notify;
    use crate::wizard::answers::Answers;
    use crate::wizard::draft;

    fn places(root: &Path) -> Places {
        Places {
            config: root.join("etc/netdata-ilert/config.toml"),
            state: root.join("var/lib/netdata-ilert"),
            health_alarm_notify: health_alarm_notify(root),
        }
    }

    fn write(path: &Path, text: &str) {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    #[test]
    fn finds_nothing_on_a_fresh_machine() {
        let root = tempfile::tempdir().unwrap();
        assert_eq!(look(&places(root.path()), |_| None), Survey::default());
    }

    #[test]
    fn finds_what_is_there() {
        let root = tempfile::tempdir().unwrap();
        let places = places(root.path());
        write(&places.config, &crate::config::TEMPLATE);
        let mut answers = Answers::default();
        answers.source.done = vec![true];
        draft::save(&places.state, &answers).unwrap();
        let conf = root.path().join("opt/netdata/etc/netdata/health_alarm_notify.conf");
        write(
            &conf,
            "ILERT_ALERT_SOURCE_URL=\"https://api.ilert.com/api/v1/events/netdata/il1api-secret\"\n",
        );
        // One where the sender is off says nothing.
        write(&root.path().join("etc/netdata/health_alarm_notify.conf"), "SEND_ILERT=NO\n");
        let survey =
            look(&places, |name| (name == "ILERT_API_KEY").then(|| " il1api0123456789abcd\n".into()));
        let OnDisk::Usable(config) = &survey.config else { panic!("{survey:?}") };
        assert_eq!(config.notification.name, "Netdata");
        assert_eq!(survey.draft.as_ref().unwrap().source.done, [true]);
        assert_eq!(survey.key_variable.as_ref().unwrap().expose(), "il1api0123456789abcd");
        let [sender] = survey.other_senders.as_slice() else { panic!("{:?}", survey.other_senders) };
        assert_eq!((&sender.path, &sender.unreadable), (&conf, &None));
        assert!(sender.advice().contains("page twice") && sender.advice().contains("SEND_ILERT=\"NO\""));
        let seen = format!("{survey:?}{}", sender.advice());
        assert!(!seen.contains("il1api-secret") && !seen.contains("il1api0123"), "{seen}");
    }

    #[test]
    fn says_what_is_wrong_with_what_is_there() {
        let root = tempfile::tempdir().unwrap();
        let places = places(root.path());
        write(&places.config, "version = 1\nnonsense = 2\n");
        write(&places.state.join(draft::FILE), "not whole");
        // A folder in a file's place cannot be read by anybody, root included.
        fs::create_dir_all(root.path().join("etc/netdata/health_alarm_notify.conf")).unwrap();
        let survey = look(&places, |_| Some("  ".into()));
        let OnDisk::Unusable(problem) = &survey.config else { panic!("{survey:?}") };
        assert!(problem.contains("`nonsense`"), "{problem}");
        assert!(survey.draft.is_none() && survey.draft_note.unwrap().contains("put aside"));
        assert_eq!(survey.key_variable, None);
        assert!(survey.other_senders[0].advice().contains("cannot tell"));
    }
}
