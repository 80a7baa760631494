//! A line for a key, token or password: masked, and wiped when it is dropped.
//!
//! Not tui-input's, which keeps what was cut in a plain buffer. Each edit builds a new text in its full size
//! and drops the old one wiped, so that growing leaves no copies behind.

use std::fmt;

use crossterm::event::KeyEvent;
use tui_input::InputRequest;
use zeroize::Zeroizing;

use super::line::clean;
use super::{keys, window};
use crate::secret::{Cleaned, Flaw, Secret, SecretKind, clean_paste};

/// What may be seen of a secret.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Visibility {
    /// Its last four characters, so that people recognise it; all of it on request. For a key.
    #[default]
    Tail,
    /// Nothing but on request. For a password, whose end may be a word.
    OnRequest,
    /// Nothing. For what is not kept.
    Never,
}

/// One line that is not shown unless it is asked to be.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct SecretField {
    text: Zeroizing<String>,
    /// Characters before the cursor.
    cursor: usize,
    revealed: bool,
    visible: Visibility,
    /// What to say of what was pasted around it.
    note: Option<String>,
}

impl SecretField {
    /// With a secret in it, hidden, and the cursor at its end.
    #[must_use]
    pub fn new(secret: &Secret) -> Self {
        let mut field = Self::default();
        field.paste(secret.expose());
        field
    }

    /// An empty one of which nothing is ever shown, not its tail and not on request: for what is not kept.
    #[must_use]
    pub fn unseen() -> Self {
        Self { visible: Visibility::Never, ..Self::default() }
    }

    /// An empty one of which nothing is shown, not its tail either, unless it is asked to be: for a password.
    #[must_use]
    pub fn password() -> Self {
        Self { visible: Visibility::OnRequest, ..Self::default() }
    }

    /// Handles a key like [`Field::key`](super::Field::key); returns whether it was one for a field. The words of a
    /// secret cannot be seen, so a move by a word goes to the end.
    pub fn key(&mut self, key: &KeyEvent) -> bool {
        let Some(request) = keys::request(key) else { return false };
        self.note = None;
        let last = self.count();
        match request {
            InputRequest::InsertChar(c) => self.insert(c.encode_utf8(&mut [0; 4])),
            InputRequest::GoToStart | InputRequest::GoToPrevWord => self.cursor = 0,
            InputRequest::GoToEnd | InputRequest::GoToNextWord => self.cursor = last,
            InputRequest::GoToPrevChar => self.cursor = self.cursor.saturating_sub(1),
            InputRequest::GoToNextChar => self.cursor = last.min(self.cursor + 1),
            InputRequest::DeletePrevChar => self.remove(self.cursor.saturating_sub(1), self.cursor),
            InputRequest::DeleteNextChar => self.remove(self.cursor, self.cursor + 1),
            InputRequest::DeleteTillEnd => self.remove(self.cursor, last),
            InputRequest::DeleteFromStart | InputRequest::DeletePrevWord => self.remove(0, self.cursor),
            _ => {}
        }
        true
    }

    /// Replaces what is there by the secret in a text, whatever stood around it there; [`note`](Self::note) says what. A
    /// text that can be no secret is taken as it is, without line breaks and control characters.
    pub fn paste(&mut self, text: &str) {
        let line = Zeroizing::new(clean(text));
        let found = clean_paste(text, self.kind()).or_else(|_| clean_paste(&line, self.kind()));
        let (secret, note) = match &found {
            Ok(cleaned) => (cleaned.secret.expose(), cleaned.note()),
            Err(_) => (line.trim(), None),
        };
        (self.text, self.note) = (joined(&[secret]), note);
        self.cursor = self.count();
    }

    /// Shows what is hidden, and the other way round.
    pub fn toggle_reveal(&mut self) {
        self.revealed = !self.revealed && self.can_be_revealed();
    }

    /// It can be shown on request.
    #[must_use]
    pub fn can_be_revealed(&self) -> bool {
        self.visible != Visibility::Never
    }

    /// Hides it, as when its step is left.
    pub fn hide(&mut self) {
        self.revealed = false;
    }

    /// It is shown in the clear.
    #[must_use]
    pub fn revealed(&self) -> bool {
        self.revealed
    }

    /// How many characters it has.
    #[must_use]
    pub fn count(&self) -> usize {
        self.text.chars().count()
    }

    /// Nothing stands in it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    /// Empties it, and hides what comes next.
    pub fn clear(&mut self) {
        *self = Self { visible: self.visible, ..Self::default() };
    }

    /// What may be seen of it: a `mask` for each character and, of a long one, the last four; all of it
    /// while it is revealed.
    #[must_use]
    pub fn shown(&self, mask: &str) -> String {
        if self.revealed {
            return self.text.as_str().to_owned();
        }
        if self.visible != Visibility::Tail {
            return mask.repeat(self.count());
        }
        // The type that holds secrets knows how much of one may be seen.
        let seen = self.secret().masked();
        let tail = seen.strip_prefix("****").unwrap_or_default();
        mask.repeat(self.count().saturating_sub(tail.chars().count())) + tail
    }

    /// The part of [`shown`](Self::shown) around the cursor that fits into `width` columns, and the cursor's
    /// column in it.
    #[must_use]
    pub fn view(&self, width: u16, mask: &str) -> (String, u16) {
        let shown = self.shown(mask);
        // A mask is one character, so that characters are counted alike in both.
        let (before, after) = keys::split(&shown, self.cursor);
        window::around(before, after, width)
    }

    /// The secret, without what was pasted around it. A text that can be no secret comes back unchanged: the step's check
    /// says what is wrong with it.
    #[must_use]
    pub fn secret(&self) -> Secret {
        let as_it_is = |_| Secret::new(self.text.trim().to_owned());
        self.cleaned().map_or_else(as_it_is, |cleaned| cleaned.secret)
    }

    /// What to say of what was pasted, or typed, around it.
    #[must_use]
    pub fn note(&self) -> Option<String> {
        let typed = || {
            let mut cleaned = self.cleaned().ok()?;
            if self.text.trim_matches(|c: char| c.is_ascii_whitespace()) != *self.text {
                cleaned.left_out.insert(0, "the spaces around it");
            }
            cleaned.note()
        };
        self.note.clone().or_else(typed)
    }

    fn cleaned(&self) -> Result<Cleaned, Flaw> {
        clean_paste(&self.text, self.kind())
    }

    fn kind(&self) -> SecretKind {
        if self.visible == Visibility::OnRequest { SecretKind::Password } else { SecretKind::Key }
    }

    /// Whether this is the secret.
    #[must_use]
    pub fn holds(&self, secret: &Secret) -> bool {
        // What was cleaned stays as it is when it is cleaned again, and this is asked at each key.
        *self.text == secret.expose() || self.secret() == *secret
    }

    fn insert(&mut self, text: &str) {
        let (before, after) = keys::split(&self.text, self.cursor);
        let whole = joined(&[before, text, after]);
        self.cursor += text.chars().count();
        self.text = whole;
    }

    /// Removes the characters from one place to another.
    fn remove(&mut self, from: usize, to: usize) {
        let (before, _) = keys::split(&self.text, from);
        let (_, after) = keys::split(&self.text, to);
        self.text = joined(&[before, after]);
        self.cursor = from;
    }
}

impl fmt::Debug for SecretField {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown = if self.visible == Visibility::Tail { self.secret().masked() } else { "****".to_owned() };
        write!(f, "SecretField({shown})")
    }
}

/// One text from several, allocated once.
fn joined(parts: &[&str]) -> Zeroizing<String> {
    let mut whole = Zeroizing::new(String::with_capacity(parts.iter().map(|part| part.len()).sum()));
    for part in parts {
        whole.push_str(part);
    }
    whole
}
