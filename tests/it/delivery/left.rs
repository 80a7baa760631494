//! What a scene knows of pages that left without a record.

use netdata_ilert::delivery::lock::Lock;
use netdata_ilert::delivery::unrecorded::Unrecorded;

#[derive(Default)]
pub struct Left {
    /// Pages since the last record.
    pub pages: Option<Unrecorded>,
    /// Their list is lost each time: only a mark says that they left.
    pub loses_lists: bool,
}

impl Left {
    /// Whether it is not known which they are.
    pub fn has_lost_a_list(&self) -> bool {
        matches!(self.pages, Some(Unrecorded::Some(_)))
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
