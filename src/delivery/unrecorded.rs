//! What left without a record, because the state could not be written.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::key::Told;
use crate::alert::AlertDetails;
use crate::payload::{KeyKind, Notice, Scheme, Subject};
use crate::secret::Secret;

/// How each is written.
const MARKS: [(char, Mark); 3] = [
    ('!', Mark { scheme: Scheme::V1, of_nodes: true }),
    ('2', Mark { scheme: Scheme::V2, of_nodes: false }),
    ('n', Mark { scheme: Scheme::V2, of_nodes: true }),
];

/// Pages that left since the last record.
#[derive(Clone, Debug, PartialEq)]
pub enum Unrecorded {
    /// These.
    Known(Pages),
    /// Nothing says which: there was room for a mark alone, or the list is lost.
    Some(Mark),
}

/// That pages left: what one byte can say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mark {
    /// How their keys were written.
    pub scheme: Scheme,
    /// Whether any told of an unreachable node: no log says later which it was.
    pub of_nodes: bool,
}

/// Pages that left, and what ilert said to each.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(from = "Vec<Page>", into = "Vec<Page>")]
pub struct Pages(BTreeMap<(String, Subject), Page>);

/// The ALERT of an alert or node, which left.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Page {
    /// Of what.
    pub subject: Subject,
    /// Under which key.
    pub kind: KeyKind,
    /// How that key was written.
    pub scheme: Scheme,
    /// Whether ilert accepted it.
    pub told: Told,
    /// What it said.
    pub facts: AlertDetails,
    /// By whom, and when.
    #[serde(flatten)]
    pub stamp: Stamp,
    /// It was seen to be over since. If it is raised again, that is another page.
    #[serde(default)]
    pub over: bool,
    /// The page before it, while it is not known whether this one was taken: ilert may have that one open.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub former: Option<Box<Self>>,
}

/// Who sends, and when.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Stamp {
    /// For which API key and endpoint, as [`Stamp::sender`] has it.
    pub sender: String,
    /// When Netdata was looked at (agent's clock, seconds).
    pub seen: i64,
    /// The same by this machine's clock, milliseconds.
    pub left: i64,
}

impl Stamp {
    /// Tells API keys and endpoints apart, where there is no state with a salt.
    #[must_use]
    pub fn sender(key: &Secret, endpoint: &str) -> String {
        let digest = Sha256::new().chain_update(key.expose()).chain_update(" ").chain_update(endpoint);
        format!("{:x}", digest.finalize()).chars().take(12).collect()
    }
}

impl Mark {
    /// By this version.
    #[must_use]
    pub fn now(of_nodes: bool) -> Self {
        Self { scheme: Scheme::default(), of_nodes }
    }

    /// Both.
    pub(super) fn and(self, other: Self) -> Self {
        Self { scheme: self.scheme.min(other.scheme), of_nodes: self.of_nodes || other.of_nodes }
    }

    /// How it is written.
    pub(super) fn byte(self) -> char {
        MARKS.iter().find(|(_, mark)| *mark == self).map_or('!', |(byte, _)| *byte)
    }

    /// What was written.
    pub(super) fn of(byte: u8) -> Option<Self> {
        MARKS.iter().find(|(known, _)| *known == char::from(byte)).map(|(_, mark)| *mark)
    }
}

impl Unrecorded {
    /// Whether no page is among them after all.
    pub(super) fn is_nothing(&self) -> bool {
        matches!(self, Self::Known(pages) if pages.is_empty())
    }

    /// What the lock can say of it.
    #[must_use]
    pub fn mark(&self) -> Mark {
        match self {
            Self::Some(mark) => *mark,
            Self::Known(pages) => pages.mark(),
        }
    }

    /// Takes in what leaves now, and what became of what left, where that is known. Returns whether that changes anything.
    pub(super) fn follow(
        &mut self,
        leaving: Vec<Page>,
        stamp: &Stamp,
        told: impl Fn(&Page) -> Option<Told>,
    ) -> bool {
        match self {
            Self::Known(pages) => pages.follow(leaving, stamp, told),
            Self::Some(_) if leaving.is_empty() => false,
            Self::Some(mark) => {
                let before = *mark;
                *mark = before.and(Pages::from(leaving).mark());
                *mark != before
            }
        }
    }
}

impl Pages {
    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = &Page> {
        self.0.values()
    }

    fn mark(&self) -> Mark {
        Mark::now(self.iter().any(|page| matches!(page.subject, Subject::Node(_))))
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Adds others, in the place of those of the same alerts.
    pub fn extend(&mut self, others: &Self) {
        self.0.extend(others.0.clone());
    }

    /// Those of this sender, and the others.
    #[must_use]
    pub fn part(self, sender: &str) -> (Self, Self) {
        let (own, others) = self.0.into_iter().partition(|((of, _), _)| of == sender);
        (Self(own), Self(others))
    }

    /// Those of this sender.
    pub fn of<'a>(&'a self, sender: &str) -> impl Iterator<Item = &'a Page> {
        self.iter().filter(move |page| page.stamp.sender == sender)
    }

    /// Whether ilert accepted this page of this sender. A raise after it makes another page. Several parents give one
    /// raise transitions of their own; since when a node is away, no run remembers.
    #[must_use]
    pub fn have(&self, notice: &Notice, sender: &str) -> bool {
        let is_raise_of = |page: &Page| {
            matches!(notice.subject, Subject::Node(_))
                || page.facts.transition == notice.facts.transition
                || notice.facts.when <= page.stamp.seen
        };
        let page = self.0.get(&(sender.to_owned(), notice.subject.clone()));
        page.is_some_and(|page| page.told == Told::Accepted && !page.over && is_raise_of(page))
    }

    fn follow(&mut self, leaving: Vec<Page>, stamp: &Stamp, told: impl Fn(&Page) -> Option<Told>) -> bool {
        let before = self.clone();
        for page in self.0.values_mut().filter(|page| page.stamp.sender == stamp.sender) {
            page.is_now(told(page).unwrap_or(page.told));
        }
        for page in leaving {
            let (name, page) = Page { stamp: stamp.clone(), ..page }.by_name();
            let former =
                self.0.remove(&name).map(|mut one| one.former.take().unwrap_or_else(|| Box::new(one)));
            self.0.insert(name, Page { former, ..page });
        }
        self.0.retain(|_, page| page.told != Told::Never);
        *self != before
    }

    /// Takes in which of this sender's are over. Returns whether that changes anything.
    pub(super) fn look(&mut self, sender: &str, is_over: impl Fn(&Subject) -> bool) -> bool {
        let standing = self.0.values_mut().filter(|page| page.stamp.sender == sender && !page.over);
        let over = standing.filter(|page| is_over(&page.subject));
        over.map(|page| page.over = true).count() > 0
    }
}

impl Page {
    /// Its key in ilert.
    #[must_use]
    pub fn key(&self) -> String {
        self.scheme.key(&self.subject, self.kind)
    }

    /// Notes what became of it. One that was not taken gives way to the one before it.
    fn is_now(&mut self, told: Told) {
        self.told = told;
        match (told, self.former.take()) {
            (Told::Never, Some(former)) => *self = Self { over: true, ..*former },
            (Told::Maybe, former) => self.former = former,
            _ => {}
        }
    }

    fn by_name(self) -> ((String, Subject), Self) {
        ((self.stamp.sender.clone(), self.subject.clone()), self)
    }
}

impl From<Vec<Page>> for Pages {
    fn from(pages: Vec<Page>) -> Self {
        Self(pages.into_iter().map(Page::by_name).collect())
    }
}

impl From<Pages> for Vec<Page> {
    fn from(pages: Pages) -> Self {
        pages.0.into_values().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::{Mark, Page, Pages, Stamp, Unrecorded};
    use crate::alert::{AlertDetails, AlertId, NodeId};
    use crate::delivery::key::Told;
    use crate::payload::{Action, KeyKind, Notice, Raise, Scheme, Subject};

    /// The page of a raise at this time, as one parent numbers it.
    fn notice(transition: &str, when: i64) -> Notice {
        let node = NodeId { guid: "guid".to_owned(), host: "host".to_owned() }.into();
        Notice {
            subject: Subject::Alert(AlertId { node, chart: "cpu".into(), name: "cpu".into() }),
            kind: KeyKind::Critical,
            scheme: Scheme::default(),
            action: Action::Alert(Raise::PLAIN),
            facts: AlertDetails { transition: transition.to_owned(), when, ..AlertDetails::default() },
            priority: None,
            storm: None,
        }
    }

    fn page(told: Told, over: bool) -> Page {
        let Notice { subject, kind, scheme, facts, .. } = notice("p1", 90);
        Page { subject, kind, scheme, told, facts, stamp: stamp("one"), over, former: None }
    }

    fn stamp(sender: &str) -> Stamp {
        Stamp { sender: sender.to_owned(), seen: 100, left: 100_000 }
    }

    #[test]
    fn tells_one_raise_from_the_next_whichever_parent_shows_it() {
        let have = |told, over, notice| Pages::from(vec![page(told, over)]).have(&notice, "one");
        assert!(have(Told::Accepted, false, notice("p1", 90)));
        assert!(have(Told::Accepted, false, notice("p2", 95)), "the same raise, numbered by another");
        assert!(!have(Told::Accepted, false, notice("p2", 130)), "raised anew");
        assert!(!have(Told::Accepted, true, notice("p1", 90)), "seen to be over");
        assert!(!have(Told::Maybe, false, notice("p1", 90)), "nobody answered");
        assert!(!Pages::from(vec![page(Told::Accepted, false)]).have(&notice("p1", 90), "another key"));
    }

    #[test]
    fn a_page_that_was_not_taken_leaves_the_one_before_it() {
        let mut pages = Pages::from(vec![page(Told::Accepted, true)]);
        let again = Page { facts: notice("p1", 130).facts, ..page(Told::Maybe, false) };
        for told in [Told::Maybe, Told::Never] {
            pages.follow(vec![again.clone()], &stamp("one"), |_| None);
            pages.follow(vec![], &stamp("one"), |_| Some(told));
        }
        assert_eq!(pages, Pages::from(vec![page(Told::Accepted, true)]));
        pages.follow(vec![again.clone()], &stamp("one"), |_| None);
        pages.follow(vec![], &stamp("one"), |_| Some(Told::Accepted));
        assert_eq!(pages, Pages::from(vec![Page { told: Told::Accepted, ..again }]));
    }

    #[test]
    fn follows_what_becomes_of_a_page_and_leaves_those_of_other_senders() {
        let mut left = Unrecorded::Known(Pages::default());
        assert!(left.follow(vec![page(Told::Maybe, false)], &stamp("one"), |_| None));
        assert!(left.follow(vec![page(Told::Maybe, false)], &stamp("two"), |_| None));
        assert!(left.follow(vec![], &stamp("one"), |_| Some(Told::Accepted)));
        assert!(!left.follow(vec![], &stamp("one"), |_| None));
        let told = |left: &Unrecorded| {
            let Unrecorded::Known(pages) = left else { panic!("listed") };
            pages.iter().map(|page| page.told).collect::<Vec<_>>()
        };
        assert_eq!(told(&left), [Told::Accepted, Told::Maybe]);
        assert!(left.follow(vec![], &stamp("one"), |_| Some(Told::Never)), "refused");
        assert_eq!(told(&left), [Told::Maybe]);
        assert_eq!(left.mark(), Mark::now(false));
    }
}
