//! What a scene knows of pages that left without a record.

use std::path::PathBuf;

use netdata_ilert::alert::AlertId;
use netdata_ilert::delivery::lock::Lock;
use netdata_ilert::delivery::unrecorded::Unrecorded;
use netdata_ilert::payload::Subject;

#[derive(Default)]
pub struct Left {
    /// Pages since the last record.
    pub pages: Option<Unrecorded>,
    /// Their list is lost each time: only a mark says that they left.
    pub loses_lists: bool,
}

/// Those of this state folder, which are outside it: gone when dropped.
pub struct Lists(pub PathBuf);

impl Drop for Lists {
    fn drop(&mut self) {
        if Lock::noted(&self.0).is_some() {
            Lock::wait(&self.0, 0).unwrap().all_recorded(true);
        }
    }
}

impl Left {
    /// Whether it is not known which they are.
    pub fn has_lost_a_list(&self) -> bool {
        matches!(self.pages, Some(Unrecorded::Some(_)))
    }

    /// Whether a page of this alert is listed.
    pub fn has(&self, alert: &AlertId) -> bool {
        let Some(Unrecorded::Known(pages)) = &self.pages else { return false };
        pages.iter().any(|page| matches!(&page.subject, Subject::Alert(id) if id == alert))
    }

    /// After a run that could not write the state.
    pub fn note(&mut self, lock: &mut Lock) {
        let pages = lock.unrecorded().cloned();
        if self.loses_lists {
            let mark = pages.map(|pages| Unrecorded::Some(pages.mark()));
            self.pages = mark.or(self.pages.take());
            lock.all_recorded(true);
        } else {
            self.pages = pages;
        }
    }

    /// After the first record: an agent that was seen shows what may be open.
    pub fn seen(&mut self) {
        self.pages.take_if(|pages| matches!(pages, Unrecorded::Some(_)));
    }

    /// After the last record of a run.
    pub fn recorded(&mut self, lock: &mut Lock, is_seen: bool) {
        lock.all_recorded(is_seen);
        if !self.has_lost_a_list() {
            self.pages = lock.unrecorded().cloned();
        }
    }
}
