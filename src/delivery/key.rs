//! What ilert was told under one key, and what Netdata has shown since.

use serde::{Deserialize, Serialize};

use crate::alert::Level;
use crate::payload::{Action, KeyKind, Scheme};

/// Whether an alert is open in ilert under a key.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Told {
    /// No ALERT, or a RESOLVE after it.
    #[default]
    Never,
    /// An ALERT was put on the wire and ilert has not answered it: maybe open.
    Maybe,
    /// ilert accepted an ALERT.
    Accepted,
}

/// What Netdata has shown since the ALERT of a key.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Since {
    /// What the ALERT said.
    #[default]
    Same,
    /// Critical fell to warning, and no comment says so yet.
    Lowered,
    /// Critical fell to warning, and a comment says so.
    Commented,
    /// It cleared for less than `resolve_after` and was raised again: an ALERT is due, a line in the log of what is
    /// open, a page if a person has resolved it.
    Again,
    /// It cleared, or ended otherwise: a RESOLVE is due.
    Over,
}

/// What ilert has refused for good under a key. Not tried again before the alert is raised, or cleared, anew.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[allow(clippy::struct_field_names)] // three kinds of event, each refused or not
pub struct RefusedKinds {
    /// The ALERT.
    pub alert: bool,
    /// The RESOLVE.
    pub resolve: bool,
    /// The COMMENT.
    pub comment: bool,
}

impl RefusedKinds {
    /// Whether this kind of event was refused.
    #[must_use]
    pub fn has(self, action: &Action) -> bool {
        match action {
            Action::Alert(_) => self.alert,
            Action::Resolve(_) => self.resolve,
            Action::Comment => self.comment,
        }
    }

    /// Notes whether this kind of event is refused.
    pub fn set(&mut self, action: &Action, refused: bool) {
        match action {
            Action::Alert(_) => self.alert = refused,
            Action::Resolve(_) => self.resolve = refused,
            Action::Comment => self.comment = refused,
        }
    }
}

/// What ilert was told under one key.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, from = "Form")]
pub struct KeyState {
    /// Whether it is open.
    pub told: Told,
    /// What Netdata has shown since.
    pub since: Since,
    /// What was refused.
    pub refused: RefusedKinds,
    /// How the key is written. What is open stays open under it; once it is resolved, the present scheme holds.
    pub scheme: Scheme,
}

/// A key as it is stored, by this version or by 0.1.0, which had a flag for each of these.
#[derive(Default, Deserialize)]
#[serde(default)]
#[allow(clippy::struct_excessive_bools)] // as 0.1.0 wrote them
struct Form {
    told: Option<Told>,
    since: Since,
    refused: RefusedForm,
    scheme: Option<Scheme>,
    open: bool,
    cleared: bool,
    stuck: bool,
    lowered: bool,
    commented: bool,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum RefusedForm {
    Now(RefusedKinds),
    Before(bool),
}

impl Default for RefusedForm {
    fn default() -> Self {
        Self::Now(RefusedKinds::default())
    }
}

impl From<Form> for KeyState {
    fn from(form: Form) -> Self {
        let refused = match form.refused {
            RefusedForm::Now(refused) => refused,
            RefusedForm::Before(alert) => RefusedKinds { alert, resolve: form.stuck, comment: false },
        };
        let scheme = |told| match form.scheme {
            Some(scheme) => scheme,
            None if told == Told::Never => Scheme::default(),
            None => Scheme::unsaid(),
        };
        if let Some(told) = form.told {
            return Self { told, since: form.since, refused, scheme: scheme(told) };
        }
        let since = match (form.cleared, form.lowered, form.commented) {
            (true, ..) => Since::Over,
            (false, true, true) => Since::Commented,
            (false, true, false) => Since::Lowered,
            (false, false, _) => Since::Same,
        };
        let told = if form.open { Told::Accepted } else { Told::Never };
        Self { told, since, refused, scheme: scheme(told) }
    }
}

impl KeyState {
    /// Whether ilert may have it open.
    #[must_use]
    pub fn is_open(self) -> bool {
        self.told != Told::Never
    }

    /// The key once ilert has accepted a RESOLVE: what was refused stays refused.
    #[must_use]
    pub(super) fn resolved(self) -> Self {
        Self { refused: self.refused, ..Self::default() }
    }

    /// Whether ilert has accepted it and has it open.
    #[must_use]
    pub fn is_told(self) -> bool {
        self.told == Told::Accepted
    }

    /// Whether it is open, or may be, and stays so.
    #[must_use]
    pub fn stands(self) -> bool {
        self.is_open() && self.since != Since::Over
    }

    /// Whether it is open, or may be, and a RESOLVE is due.
    #[must_use]
    pub fn is_over(self) -> bool {
        self.is_open() && self.since == Since::Over
    }
}

/// What ilert was told of one alert or node.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Keys {
    /// `…/warning`.
    pub warning: KeyState,
    /// `…/critical`.
    pub critical: KeyState,
    /// `…/unreachable`.
    pub unreachable: KeyState,
}

impl Keys {
    /// One of them.
    #[must_use]
    pub fn get(&self, kind: KeyKind) -> KeyState {
        match kind {
            KeyKind::Warning => self.warning,
            KeyKind::Critical => self.critical,
            KeyKind::Unreachable => self.unreachable,
        }
    }

    /// One of them, to change.
    pub fn get_mut(&mut self, kind: KeyKind) -> &mut KeyState {
        match kind {
            KeyKind::Warning => &mut self.warning,
            KeyKind::Critical => &mut self.critical,
            KeyKind::Unreachable => &mut self.unreachable,
        }
    }

    /// Whether ilert may have anything open.
    #[must_use]
    pub fn any_open(&self) -> bool {
        self.all().iter().any(|key| key.is_open())
    }

    /// Whether ilert has accepted anything that it has open.
    #[must_use]
    pub fn any_told(&self) -> bool {
        self.all().iter().any(|key| key.is_told())
    }

    /// Whether a RESOLVE is due of anything.
    #[must_use]
    pub fn any_over(&self) -> bool {
        self.all().iter().any(|key| key.is_over())
    }

    /// The alert is raised from clear: forgets what was refused of the raise before.
    pub(super) fn raised_anew(&mut self) {
        for key in self.all_mut() {
            key.refused = RefusedKinds::default();
        }
    }

    /// It goes from one level to another. While it flaps, a return to critical may not have been told: then its fall is
    /// no news either.
    pub(super) fn changed(&mut self, to: Level, flaps: bool) {
        match to {
            Level::Warning if flaps && self.critical.since == Since::Commented => {}
            Level::Warning if self.critical.stands() => {
                self.critical.since = Since::Lowered;
                self.critical.refused.comment = false;
            }
            Level::Warning => {}
            Level::Critical => self.critical.refused.alert = false,
        }
    }

    /// It is raised again before its clear had lasted for long enough.
    pub(super) fn again(&mut self, kind: KeyKind) {
        let key = self.get_mut(kind);
        if matches!((key.told, key.since), (Told::Accepted, Since::Same)) {
            key.since = Since::Again;
        }
    }

    /// The alert is over: marks what is open as due to be resolved.
    pub(super) fn over(&mut self) {
        for key in self.all_mut().into_iter().filter(|key| key.is_open()) {
            key.since = Since::Over;
            key.refused.resolve = false;
            key.refused.comment = false;
        }
    }

    fn all(&self) -> [KeyState; 3] {
        [self.warning, self.critical, self.unreachable]
    }

    fn all_mut(&mut self) -> [&mut KeyState; 3] {
        [&mut self.warning, &mut self.critical, &mut self.unreachable]
    }
}

#[cfg(test)]
mod tests {
    use super::{KeyState, RefusedKinds, Since, Told};
    use crate::payload::Scheme;

    #[test]
    fn reads_what_0_1_0_wrote_and_what_it_writes() {
        let read = |text: &str| -> KeyState { serde_json::from_str(text).unwrap() };
        let before =
            r#"{"open":true,"cleared":false,"refused":false,"stuck":true,"lowered":true,"commented":true}"#;
        let stuck = RefusedKinds { resolve: true, ..RefusedKinds::default() };
        let key =
            KeyState { told: Told::Accepted, since: Since::Commented, refused: stuck, scheme: Scheme::V1 };
        assert_eq!(read(before), key);
        assert_eq!(read(r#"{"open":true,"cleared":true}"#).since, Since::Over);
        assert_eq!(read("{}"), KeyState::default());
        for key in [
            key,
            KeyState { scheme: Scheme::V2, ..key },
            KeyState { scheme: Scheme::V1, ..KeyState::default() },
        ] {
            assert_eq!(read(&serde_json::to_string(&key).unwrap()), key);
        }
        // A record without a scheme was written by 0.1.0.
        assert_eq!(read(r#"{"told":"maybe"}"#).scheme, Scheme::V1);
        assert_eq!(read(r#"{"told":"never"}"#).scheme, Scheme::V2);
    }
}
