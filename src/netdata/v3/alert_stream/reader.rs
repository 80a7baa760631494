//! Takes an answer with alerts apart as its bytes come. It holds what is not over, and no more.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use crate::alert::{AlertId, AlertKey, AlertRef, Status, is_silent_role};
use crate::netdata::node_index::{IndexedNode, NodeIndex};
use crate::netdata::v3::alerts::{Listing, numbered};
use crate::netdata::v3::cut::may_be_cut;
use crate::netdata::v3::essentials::{Essentials, Scanned, scan};
use crate::netdata::v3::wire::{Instance, ListedNode};
use crate::netdata::{Followed, Following};

/// An answer that is coming.
pub(super) struct AlertStream {
    index: NodeIndex,
    followed: Arc<Following>,
    /// What the log mentions.
    pub(super) mentioned: HashSet<AlertId>,
    /// What was raised before this time (agent's clock, seconds) may be passed over.
    pub(super) settled: i64,
    /// By number.
    nodes: HashMap<i64, IndexedNode>,
    listing: Listing,
    /// What has come and is not over: a member's name, or a part of the lists.
    held: Vec<u8>,
    /// Up to here it was looked at.
    looked: usize,
    /// Where the part begins that is being held.
    begin: usize,
    /// How many lists and objects are open.
    depth: usize,
    text: TextState,
    member: Member,
    has_nodes: bool,
    has_alerts: bool,
    /// Something is not as Netdata prints it: no more is read.
    pub(super) is_odd: bool,
}

/// Where a byte stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum TextState {
    /// Outside of texts.
    Outside,
    /// Within a text.
    Within,
    /// Within a text, behind a backslash.
    Escaped,
}

/// The member of the answer that is being read.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Member {
    Nodes,
    Alerts,
    Other,
}

impl AlertStream {
    pub(super) fn new(index: NodeIndex, followed: Arc<Following>) -> Self {
        Self {
            index,
            followed,
            mentioned: HashSet::new(),
            settled: i64::MIN,
            nodes: HashMap::new(),
            listing: Listing::default(),
            held: Vec::new(),
            looked: 0,
            begin: 0,
            depth: 0,
            text: TextState::Outside,
            member: Member::Other,
            has_nodes: false,
            has_alerts: false,
            is_odd: false,
        }
    }

    /// Reads on.
    pub(super) fn take(&mut self, bytes: &[u8]) {
        if self.is_odd {
            return;
        }
        self.held.extend_from_slice(bytes);
        while let Some(byte) = self.held.get(self.looked).copied() {
            let is_well = match self.text {
                TextState::Escaped => {
                    self.text = TextState::Within;
                    true
                }
                TextState::Within => {
                    self.skip_text();
                    true
                }
                TextState::Outside if byte == b'{' && self.is_among_alerts() => match self.alert() {
                    Some(true) => true,
                    // Its end has not come yet.
                    Some(false) => break,
                    None => false,
                },
                TextState::Outside => self.look(byte).is_some(),
            };
            self.looked += 1;
            if !is_well {
                self.is_odd = true;
                self.held = Vec::new();
                return;
            }
        }
        // Nothing before this is of interest any more.
        let over = if self.is_held() { self.begin } else { self.looked };
        self.held.drain(..over);
        (self.looked, self.begin) = (self.looked - over, 0);
    }

    /// The alerts, and the nodes that were named; `None` if anything was odd.
    pub(super) fn end(self) -> Option<(Listing, NodeIndex)> {
        let at_rest = &self.listing.at_rest;
        let resting = |alert: &AlertId| self.followed.get(alert).and_then(|known| known.resting);
        let is_twice = self
            .listing
            .sightings
            .iter()
            .any(|one| resting(&one.alert).is_some_and(|it| at_rest.has(it.place)));
        let is_whole = !self.is_odd && self.depth == 0 && self.has_alerts && !is_twice;
        is_whole.then_some((self.listing, self.index))
    }

    /// Whether the part from `begin` on is still needed.
    fn is_held(&self) -> bool {
        self.depth == 1 || (self.depth > 1 && self.member == Member::Nodes)
    }

    fn is_among_alerts(&self) -> bool {
        self.depth == 2 && self.member == Member::Alerts
    }

    /// Reads the alert that begins here, and goes to its end; `false` if that has not come yet, `None` if it is odd.
    fn alert(&mut self) -> Option<bool> {
        let rest = self.held.get(self.looked..)?;
        let (length, essentials) = match scan(rest) {
            Scanned::Alert(length, essentials) => (length, essentials),
            Scanned::Unfinished => return Some(false),
            Scanned::Odd => return None,
        };
        let passed = essentials.and_then(|found| {
            let node = self.nodes.get(&found.ni)?;
            let alert = AlertRef { node: &node.id, chart: found.ch, name: found.nm };
            let (alert, known) = self.followed.get_key_value(&alert as &dyn AlertKey)?;
            let passes = passes(&found, known, self.settled) && !self.mentioned.contains(alert);
            known.resting.filter(|_| passes).map(|resting| (resting, &node.id))
        });
        if let Some((resting, node)) = passed {
            // One that stands there twice is for others to judge.
            self.listing.at_rest.note(resting.place, node, resting.status.level()).then_some(())?;
        } else {
            let alert: Instance<'_> = serde_json::from_slice(rest.get(..length)?).ok()?;
            self.listing.take(alert, &self.nodes, &self.followed);
        }
        self.looked += length - 1;
        Some(true)
    }

    /// Goes to the end of a text, or of what has come of it.
    fn skip_text(&mut self) {
        let rest = self.held.get(self.looked..).unwrap_or_default();
        match rest.iter().position(|byte| matches!(byte, b'"' | b'\\')) {
            Some(at) => {
                let is_end = rest.get(at) == Some(&b'"');
                self.text = if is_end { TextState::Outside } else { TextState::Escaped };
                self.looked += at;
            }
            None => self.looked = self.held.len() - 1,
        }
    }

    /// Looks at a byte outside of texts; `None` if it is odd.
    fn look(&mut self, byte: u8) -> Option<()> {
        match byte {
            b'"' => {
                self.text = TextState::Within;
                if self.depth == 1 {
                    self.begin = self.looked;
                }
                (self.depth != 2 || self.member != Member::Alerts).then_some(())
            }
            b'{' | b'[' => self.open(),
            b'}' | b']' => self.close(),
            b' ' | b'\t' | b'\r' | b'\n' | b',' => Some(()),
            _ => (self.depth != 2 || self.member != Member::Alerts).then_some(()),
        }
    }

    fn open(&mut self) -> Option<()> {
        match self.depth {
            1 => {
                self.member = self.named()?;
                self.begin = self.looked;
            }
            // A list among the alerts.
            2 if self.member == Member::Alerts => return None,
            _ => {}
        }
        self.depth += 1;
        Some(())
    }

    /// The member that begins: its name was the last text.
    fn named(&mut self) -> Option<Member> {
        let name = self.held.get(self.begin..self.looked)?;
        let is = |wanted: &[u8]| name.strip_prefix(b"\"").is_some_and(|name| name.starts_with(wanted));
        if is(b"nodes\"") {
            let is_first = !std::mem::replace(&mut self.has_nodes, true);
            return is_first.then_some(Member::Nodes);
        }
        if is(b"alert_instances\"") {
            let is_first = !std::mem::replace(&mut self.has_alerts, true);
            return (is_first && self.has_nodes).then_some(Member::Alerts);
        }
        Some(Member::Other)
    }

    fn close(&mut self) -> Option<()> {
        self.depth = self.depth.checked_sub(1)?;
        if self.depth == 1 {
            if self.member == Member::Nodes {
                let part = self.held.get(self.begin..=self.looked)?;
                let nodes: Vec<ListedNode<'_>> = serde_json::from_slice(part).ok()?;
                self.nodes = numbered(nodes, &mut self.index);
            }
            (self.member, self.begin) = (Member::Other, self.looked);
        }
        Some(())
    }
}

/// Whether an alert is as it was, and nothing is due of it then.
fn passes(found: &Essentials<'_>, known: &Followed, settled: i64) -> bool {
    known.rests(Status::parse(found.st), found.tr_i)
        && found.tr_t < settled
        && !may_be_cut(found.nm)
        && known.resting.is_some_and(|resting| resting.silent == is_silent_role(found.to))
}

#[cfg(test)]
mod tests;
