//! One run at a time, by `flock`: a dead owner's lock is free, a live one is never taken.

use std::fs::{self, File, TryLockError};
use std::io::{self, Read, Write as _};
use std::os::unix::fs::FileExt;
use std::path::Path;

use tempfile::NamedTempFile;

use super::ledger::Ledger;
use super::note_outside::NoteOutside;
use super::store::{is_unwritable, open_private, open_to_read};
use super::unrecorded::{Mark, Pages, Stamp, Unrecorded};
use crate::payload::Notice;

/// Its file in the state folder.
const NAME: &str = "lock";
/// Where the file notes pages that left without a record: after the line with the time of the lock.
const UNRECORDED: u64 = 20;

/// The lock of a state folder, held until dropped, and what is noted beside it.
#[derive(Debug)]
pub struct Lock {
    /// None where none can be made.
    file: Option<File>,
    /// It is not the folder's own, but stands for that.
    is_elsewhere: bool,
    outside: NoteOutside,
    unrecorded: Option<Unrecorded>,
    /// What has left is noted nowhere.
    is_unnoted: bool,
    stamp: Stamp,
}

/// The answer to a request for the lock.
#[derive(Debug)]
pub(super) enum Attempt {
    /// It is ours.
    Taken(Lock),
    /// Another run holds it, since then if it said so (this machine's clock, milliseconds).
    Busy(Option<i64>),
}

impl Lock {
    /// Takes the lock if it is free, and notes in it when.
    pub(super) fn attempt(folder: &Path, now: i64) -> io::Result<Attempt> {
        take(open(folder, now)?, |file| Self::taken(file, folder, now))
    }

    /// The same where none can be made in the folder: another one stands for it, outside. Where that cannot be made either,
    /// another run may go at the same time.
    pub(super) fn elsewhere(folder: &Path, now: i64) -> Attempt {
        let lock = Self::with(None, folder);
        let Some(file) = lock.outside.lock() else { return Attempt::Taken(lock) };
        let taken = take(file, |file| {
            note(&file, 0, &since(now));
            Self { file: Some(file), is_elsewhere: true, ..lock }
        });
        taken.unwrap_or_else(|_| Attempt::Taken(Self::with(None, folder)))
    }

    /// Waits for the lock: a run ends by its deadline.
    pub fn wait(folder: &Path, now: i64) -> io::Result<Self> {
        let file = open(folder, now)?;
        file.lock()?;
        Ok(Self::taken(file, folder, now))
    }

    /// Whether a run could not write its state, as far as is noted: pages left without a record, or there was no room
    /// for so much as the time. The lock is not taken.
    #[must_use]
    pub fn tells_of_no_record(folder: &Path) -> bool {
        let is_empty = fs::metadata(folder.join(NAME)).is_ok_and(|found| found.len() == 0);
        is_empty || Self::noted(folder).is_some()
    }

    /// Pages that left since the last record. The lock is not taken.
    #[must_use]
    pub fn noted(folder: &Path) -> Option<Unrecorded> {
        Self::with(open_to_read(&folder.join(NAME)).ok(), folder).unrecorded
    }

    fn taken(file: File, folder: &Path, now: i64) -> Self {
        let lock = Self::with(Some(file), folder);
        lock.note(0, &since(now));
        lock
    }

    fn with(file: Option<File>, folder: &Path) -> Self {
        let outside = NoteOutside::of(folder);
        let marked = || file.as_ref().and_then(marked).map(Unrecorded::Some);
        let unrecorded = outside.read().or_else(marked);
        Self { file, is_elsewhere: false, outside, unrecorded, is_unnoted: false, stamp: Stamp::default() }
    }

    /// Pages that left since the last record.
    #[must_use]
    pub fn unrecorded(&self) -> Option<&Unrecorded> {
        self.unrecorded.as_ref()
    }

    /// When each page of this sender left without a record (this machine's clock, milliseconds).
    pub(super) fn left(&self, sender: &str) -> impl Iterator<Item = i64> {
        let known = match &self.unrecorded {
            Some(Unrecorded::Known(pages)) => Some(pages),
            _ => None,
        };
        known.into_iter().flat_map(move |pages| pages.of(sender)).map(|page| page.stamp.left)
    }

    /// Who sends from now on, and when.
    pub fn stamp(&mut self, stamp: Stamp) {
        self.stamp = stamp;
    }

    /// Notes, before they leave, which pages of this ledger do so without a record, and what became of those that have.
    pub(super) fn follow(&mut self, ledger: &Ledger) {
        let mut left = self.unrecorded.take().unwrap_or(Unrecorded::Known(Pages::default()));
        let is_news = left.follow(ledger.leaving(), &self.stamp, |page| ledger.told(page));
        self.unrecorded = Some(left).filter(|left| !left.is_nothing());
        if is_news {
            self.note_unrecorded();
        }
    }

    /// Notes which of the pages that left are over, as far as this ledger says. Returns whether one has left, is accepted
    /// and stands.
    pub(super) fn look(&mut self, ledger: &Ledger) -> impl Fn(&Notice) -> bool + use<> {
        let sender = self.stamp.sender.clone();
        let mut pages = match &self.unrecorded {
            Some(Unrecorded::Known(pages)) => pages.clone(),
            _ => Pages::default(),
        };
        if pages.look(&sender, |subject| ledger.is_over(subject)) {
            self.unrecorded = Some(Unrecorded::Known(pages.clone()));
            self.note_unrecorded();
        }
        move |page| pages.have(page, &sender)
    }

    /// Notes that everything is recorded again. `is_seen` says that an agent has answered: only that shows what may be
    /// open because of pages that are not known.
    pub fn all_recorded(&mut self, is_seen: bool) {
        let is_known = matches!(self.unrecorded, Some(Unrecorded::Known(_)));
        if self.unrecorded.take_if(|_| is_known || is_seen).is_some() {
            self.mark(' ');
            self.outside.remove();
        }
    }

    /// Whether pages have left that are noted nowhere.
    pub(super) fn is_unnoted(&self) -> bool {
        self.is_unnoted
    }

    /// A byte in the lock, for which there is room on a full disk; and the pages outside the folder.
    fn note_unrecorded(&mut self) {
        let Some(left) = &self.unrecorded else {
            self.mark(' ');
            return self.outside.remove();
        };
        let is_marked = self.mark(left.mark().byte());
        self.is_unnoted = !self.outside.write(left, is_marked);
    }

    fn mark(&self, mark: char) -> bool {
        self.note(UNRECORDED, &format!("{mark}\n"))
    }

    fn note(&self, at: u64, text: &str) -> bool {
        let own = self.file.as_ref().filter(|_| !self.is_elsewhere);
        own.is_some_and(|file| note(file, at, text))
    }
}

/// Makes a lock that says a time, unless another run is faster.
fn make(folder: &Path, path: &Path, now: i64) -> io::Result<()> {
    let mut file = NamedTempFile::with_prefix_in(NAME, folder)?;
    file.write_all(since(now).as_bytes())?;
    file.persist_noclobber(path).map_err(|error| error.error)?;
    Ok(())
}

/// Locks a file, if no other run has.
fn take(mut file: File, lock: impl FnOnce(File) -> Lock) -> io::Result<Attempt> {
    match file.try_lock() {
        Ok(()) => Ok(Attempt::Taken(lock(file))),
        Err(TryLockError::WouldBlock) => {
            let mut text = String::new();
            file.read_to_string(&mut text)?;
            let since = text.lines().next().and_then(|line| line.trim().parse().ok());
            Ok(Attempt::Busy(since))
        }
        Err(TryLockError::Error(error)) => Err(error),
    }
}

/// The line that says since when a lock is held.
fn since(now: i64) -> String {
    format!("{now:>19}\n")
}

/// Writes the same number of bytes over the old ones: that needs no room on a full disk. Returns whether it could; the
/// lock holds without it.
fn note(file: &File, at: u64, text: &str) -> bool {
    let written = file.write_all_at(text.as_bytes(), at);
    if let Err(error) = &written {
        tracing::debug!("cannot note anything in the lock: {error}");
    }
    written.is_ok()
}

/// What a run noted that sent pages without a record.
fn marked(file: &File) -> Option<Mark> {
    let mut mark = [0];
    file.read_exact_at(&mut mark, UNRECORDED).ok()?;
    let [mark] = mark;
    Mark::of(mark)
}

/// On a disk that cannot be written an existing file still serves as the lock. One that is made is never seen empty, unless
/// there is no room for a word.
fn open(folder: &Path, now: i64) -> io::Result<File> {
    let path = folder.join(NAME);
    if !path.exists()
        && let Err(error) = make(folder, &path, now)
    {
        tracing::debug!("cannot make the lock whole: {error}");
    }
    match open_private(&path) {
        Err(error) if is_unwritable(&error) => open_to_read(&path).map_err(|_| error),
        opened => opened,
    }
}

#[cfg(test)]
mod tests {
    use super::{Attempt, Lock};
    use crate::alert::{AlertDetails, NodeId};
    use crate::delivery::entry::Waiting;
    use crate::delivery::ledger::Ledger;
    use crate::delivery::unrecorded::{Mark, Unrecorded};
    use crate::payload::{Action, KeyKind, Notice, Raise, Scheme, Subject};

    #[test]
    fn a_second_run_learns_since_when_the_first_one_goes() {
        let folder = tempfile::tempdir().unwrap();
        let Attempt::Taken(first) = Lock::attempt(folder.path(), 42).unwrap() else { panic!("free") };
        assert!(matches!(Lock::attempt(folder.path(), 43).unwrap(), Attempt::Busy(Some(42))));
        drop(first);
        assert!(matches!(Lock::attempt(folder.path(), 44).unwrap(), Attempt::Taken(_)));
    }

    #[test]
    fn where_none_can_be_made_another_stands_for_it() {
        let folder = tempfile::tempdir().unwrap();
        let Attempt::Taken(first) = Lock::elsewhere(folder.path(), 42) else { panic!("free") };
        assert!(matches!(Lock::elsewhere(folder.path(), 43), Attempt::Busy(Some(42))));
        drop(first);
        let Attempt::Taken(again) = Lock::elsewhere(folder.path(), 44) else { panic!("free") };
        again.outside.remove();
    }

    #[test]
    fn remembers_which_pages_left_without_a_record() {
        let folder = tempfile::tempdir().unwrap();
        let take = |now| match Lock::attempt(folder.path(), now).unwrap() {
            Attempt::Taken(lock) => lock,
            Attempt::Busy(_) => panic!("free"),
        };
        let mut lock = take(1);
        assert_eq!(lock.unrecorded(), None);
        assert!(!Lock::tells_of_no_record(folder.path()));
        lock.follow(&leaving());
        let Some(Unrecorded::Known(pages)) = lock.unrecorded().cloned() else { panic!("listed") };
        assert_eq!(pages.iter().count(), 1);
        assert!(Lock::tells_of_no_record(folder.path()));
        assert!(matches!(Lock::attempt(folder.path(), 43).unwrap(), Attempt::Busy(Some(1))));
        drop(lock);
        let lock = take(2);
        assert_eq!(lock.unrecorded(), Some(&Unrecorded::Known(pages)));
        // Of a list that is lost, the mark stays.
        lock.outside.remove();
        drop(lock);
        let mut marked = take(3);
        assert_eq!(marked.unrecorded(), Some(&Unrecorded::Some(Mark::now(true))));
        marked.all_recorded(false);
        assert!(marked.unrecorded().is_some(), "no agent has answered");
        marked.all_recorded(true);
        drop(marked);
        assert_eq!(take(4).unrecorded(), None);
        assert!(!Lock::tells_of_no_record(folder.path()));
        // No room for a word.
        std::fs::write(folder.path().join("lock"), "").unwrap();
        assert!(Lock::tells_of_no_record(folder.path()));
        // As 0.1.0 noted it.
        std::fs::write(folder.path().join("lock"), format!("{:>19}\n!\n", 1)).unwrap();
        assert_eq!(take(5).unrecorded().map(|left| left.mark().scheme), Some(Scheme::V1));
    }

    /// A ledger with a page on the wire.
    fn leaving() -> Ledger {
        let node = NodeId { guid: "guid".to_owned(), host: "host".to_owned() };
        let subject = Subject::Node(node);
        let notice = Notice {
            subject: subject.clone(),
            kind: KeyKind::Unreachable,
            scheme: Scheme::default(),
            action: Action::Alert(Raise::PLAIN),
            facts: AlertDetails::default(),
            priority: None,
            storm: None,
        };
        let mut ledger = Ledger::default();
        ledger.change(&subject, |entry| {
            entry.waiting = vec![Waiting { tried: true, ..Waiting::new(notice, 0) }];
        });
        ledger
    }
}
