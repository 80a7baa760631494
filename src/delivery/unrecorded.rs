//! What left without a record, because the state could not be written.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::key::Told;
use crate::alert::AlertDetails;
use crate::payload::{KeyKind, Notice, Scheme, Subject};

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
pub struct Pages(BTreeMap<Subject, Page>);

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
        matches!(self, Self::Known(pages) if pages.0.is_empty())
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
    pub(super) fn follow(&mut self, leaving: Vec<Page>, told: impl Fn(&Page) -> Option<Told>) -> bool {
        match self {
            Self::Known(pages) => pages.follow(leaving, told),
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
        Mark::now(self.0.keys().any(|subject| matches!(subject, Subject::Node(_))))
    }

    /// Whether ilert accepted this page. Another raise makes another page.
    #[must_use]
    pub fn have(&self, notice: &Notice) -> bool {
        self.0.get(&notice.subject).is_some_and(|page| {
            page.told == Told::Accepted && page.facts.transition == notice.facts.transition
        })
    }

    fn follow(&mut self, leaving: Vec<Page>, told: impl Fn(&Page) -> Option<Told>) -> bool {
        let before = self.clone();
        for page in self.0.values_mut() {
            page.told = told(page).unwrap_or(page.told);
        }
        self.0.extend(leaving.into_iter().map(|page| (page.subject.clone(), page)));
        self.0.retain(|_, page| page.told != Told::Never);
        *self != before
    }

    /// Takes in which do not stand any more: if one is raised again, that is another page. Returns whether that changes
    /// anything.
    pub(super) fn look(&mut self, stands: impl Fn(&Subject) -> bool) -> bool {
        let over = self.0.values_mut().filter(|page| page.told == Told::Accepted && !stands(&page.subject));
        over.map(|page| page.told = Told::Maybe).count() > 0
    }
}

impl From<Vec<Page>> for Pages {
    fn from(pages: Vec<Page>) -> Self {
        Self(pages.into_iter().map(|page| (page.subject.clone(), page)).collect())
    }
}

impl From<Pages> for Vec<Page> {
    fn from(pages: Pages) -> Self {
        pages.0.into_values().collect()
    }
}
