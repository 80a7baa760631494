//! Pages that leave without a record, and what is made of them later.

use super::{Entry, OLD_NEWS, Standing};
use crate::alert::{Level, Status};
use crate::delivery::key::{Since, Told};
use crate::delivery::unrecorded::{Page, Stamp};
use crate::payload::{Action, KeyKind, Notice, Scheme, Subject};

impl Entry {
    /// The page of it that is on the wire.
    pub(in crate::delivery) fn leaving(&self) -> Option<Page> {
        let Notice { subject, kind, scheme, action, facts, .. } =
            &self.waiting.first().filter(|first| first.is_on_the_wire())?.notice;
        let page = || Page {
            subject: subject.clone(),
            kind: *kind,
            scheme: *scheme,
            told: Told::Maybe,
            facts: facts.clone(),
            stamp: Stamp::default(),
            over: false,
            former: None,
        };
        matches!(action, Action::Alert(_)).then(page)
    }

    /// Takes in a page that left without a record. What happened before it is history.
    pub(in crate::delivery) fn recall(&mut self, page: &Page) {
        let facts = &page.facts;
        let is_news = facts.when >= self.taken_at;
        if is_news {
            self.read_page(page.kind.level(), facts);
        }
        // It was told singly.
        self.member.take_if(|member| !member.told);
        let since = self.since_alert(page.kind, false);
        let key = self.keys.get_mut(page.kind);
        if is_news || key.told < page.told {
            (key.told, key.since, key.scheme) = (key.told.max(page.told), since, page.scheme);
        }
        if page.told == Told::Accepted && since == Since::Same {
            key.refused.alert = false;
            // What had no answer before has one.
            self.waiting.retain(|waiting| !waiting.is_page() || waiting.notice.facts.when > facts.when);
            self.told();
        }
    }

    /// Marks it as maybe open if its page may have left without a record. Late news is left as it is: its RESOLVE
    /// follows anyway.
    pub(in crate::delivery) fn guess(&mut self, subject: &Subject, scheme: Scheme, now: i64) {
        let is_node = match subject {
            Subject::Alert(_) => false,
            Subject::Node(_) => true,
            // Without the state none is opened.
            Subject::Storm(_) => return,
        };
        let kind = if is_node { KeyKind::Unreachable } else { KeyKind::Critical };
        let was_critical =
            self.peak.map_or(self.peak_facts.status == Status::Critical, |peak| peak == Level::Critical);
        let is_past = self.peak_ended.is_some_and(|ended| ended.cleared || now - ended.at > OLD_NEWS);
        let since = match self.standing {
            Some(Standing::Raised(Level::Critical)) => Since::Same,
            Some(Standing::Raised(Level::Warning)) if self.peak == Some(Level::Critical) => {
                if is_past {
                    Since::Over
                } else {
                    Since::Lowered
                }
            }
            Some(Standing::Clear) if is_node || was_critical => Since::Over,
            _ => return,
        };
        let may_have_left =
            since == Since::Same || self.times > 0 || self.peak.is_some() || self.member.is_some();
        let key = self.keys.get_mut(kind);
        if !key.is_open() && may_have_left {
            (key.told, key.since, key.scheme) = (Told::Maybe, since, scheme);
        }
    }

    /// A node whose page may have left without a record: open, until it is seen reachable.
    pub(in crate::delivery) fn may_be_unreachable(&mut self, scheme: Scheme, is_away: bool) {
        let key = &mut self.keys.unreachable;
        (key.told, key.scheme) = (Told::Maybe, scheme);
        (self.standing, key.since) =
            if is_away { (None, Since::Same) } else { (Some(Standing::Clear), Since::Over) };
    }
}
