//! Reads the list of alerts as it comes, one at a time: a parent's has tens of megabytes, and nothing of it is held but
//! what is kept.
//!
//! Only what Netdata prints is read here: the nodes, then the alerts. Anything odd ends it, and the answer is read as a
//! whole, generously.

use std::collections::HashMap;
use std::sync::Arc;

use super::Round;
use super::alerts::{ALL, Following, Listing, numbered};
use super::wire::{Instance, ListedNode};
use crate::netdata::answer::{AnswerBody, Json};
use crate::netdata::connection::LARGE;
use crate::netdata::error::Error;
use crate::netdata::node_index::{IndexedNode, NodeIndex};

/// Which alerts are asked for.
#[derive(Clone, Copy)]
pub(super) enum Scope {
    /// Those that are raised; the answer may hold others, too.
    Raised,
    /// All that exist: for a followed alert that is not raised any more, or a name that the log has cut.
    All,
}

/// An answer up to this size is kept while it is read, bytes. A larger one that is odd is asked for once more.
const KEPT: usize = 1 << 20;

/// Asks for the alerts, and keeps the raised and the followed ones of covered nodes.
pub(super) async fn ask(round: &mut Round<'_>, scope: Scope) -> Result<Listing, Error> {
    let path = match scope {
        Scope::Raised => "/api/v3/alerts?options=instances,values,minify&status=raised",
        Scope::All => ALL,
    };
    let followed = round.interest.followed.clone();
    let mut stream = AlertStream::new(round.index.clone(), followed.clone());
    let (mut kept, mut length) = (Vec::new(), 0);
    let take = |bytes: &[u8]| {
        length += bytes.len();
        if length <= KEPT {
            kept.extend_from_slice(bytes);
        } else {
            kept = Vec::new();
        }
        stream.take(bytes);
    };
    let empty = round.connection.stream(path, LARGE, take).await?;
    let mut listing = if let Some((listing, index)) = stream.end() {
        round.index = index;
        listing
    } else {
        let answer = if length <= KEPT {
            AnswerBody { body: kept, ..empty }
        } else {
            round.connection.get(path, LARGE).await?
        };
        let read = move |answer: &Json, index: &mut NodeIndex| Listing::of(answer, index, &followed);
        answer.read_with(&mut round.index, read).await?
    };
    listing.odd.once_each(&mut listing.sightings);
    round.hashes.extend(std::mem::take(&mut listing.hashes));
    Ok(listing)
}

/// An answer that is coming.
pub(super) struct AlertStream {
    index: NodeIndex,
    followed: Arc<Following>,
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
    text: Text,
    member: Member,
    has_nodes: bool,
    has_alerts: bool,
    is_odd: bool,
}

/// Whether a byte is within a text.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Text {
    Outside,
    Within,
    /// Behind a backslash.
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
            nodes: HashMap::new(),
            listing: Listing::default(),
            held: Vec::new(),
            looked: 0,
            begin: 0,
            depth: 0,
            text: Text::Outside,
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
                Text::Escaped => {
                    self.text = Text::Within;
                    true
                }
                Text::Within => {
                    self.skip_text();
                    true
                }
                Text::Outside => self.look(byte).is_some(),
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
        let is_whole = !self.is_odd && self.depth == 0 && self.has_alerts;
        is_whole.then_some((self.listing, self.index))
    }

    /// Whether the part from `begin` on is still needed.
    fn is_held(&self) -> bool {
        match self.depth {
            0 => false,
            1 => true,
            2 => self.member == Member::Nodes,
            _ => self.member != Member::Other,
        }
    }

    /// Goes to the end of a text, or of what has come of it.
    fn skip_text(&mut self) {
        let rest = self.held.get(self.looked..).unwrap_or_default();
        match rest.iter().position(|byte| matches!(byte, b'"' | b'\\')) {
            Some(at) => {
                let is_end = rest.get(at) == Some(&b'"');
                self.text = if is_end { Text::Outside } else { Text::Escaped };
                self.looked += at;
            }
            None => self.looked = self.held.len() - 1,
        }
    }

    /// Looks at a byte outside of texts; `None` if it is odd.
    fn look(&mut self, byte: u8) -> Option<()> {
        match byte {
            b'"' => {
                self.text = Text::Within;
                if self.depth == 1 {
                    self.begin = self.looked;
                }
                (self.depth != 2 || self.member != Member::Alerts).then_some(())
            }
            b'{' | b'[' => self.open(byte),
            b'}' | b']' => self.close(),
            b' ' | b'\t' | b'\r' | b'\n' | b',' => Some(()),
            _ => (self.depth != 2 || self.member != Member::Alerts).then_some(()),
        }
    }

    fn open(&mut self, byte: u8) -> Option<()> {
        match self.depth {
            1 => {
                self.member = self.named()?;
                self.begin = self.looked;
            }
            2 if self.member == Member::Alerts => {
                self.begin = self.looked;
                (byte == b'{').then_some(())?;
            }
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
        let part = self.held.get(self.begin..=self.looked)?;
        match (self.depth, self.member) {
            (1, Member::Nodes) => {
                let nodes: Vec<ListedNode<'_>> = serde_json::from_slice(part).ok()?;
                self.nodes = numbered(nodes, &mut self.index);
            }
            (2, Member::Alerts) => {
                let alert: Instance<'_> = serde_json::from_slice(part).ok()?;
                self.listing.take(alert, &self.nodes, &self.followed);
            }
            _ => {}
        }
        if self.depth == 1 {
            (self.member, self.begin) = (Member::Other, self.looked);
        }
        Some(())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;
    use std::sync::Arc;

    use super::AlertStream;
    use crate::netdata::node_index::NodeIndex;

    const ANSWER: &str = r#"{"api": 2, "nodes": [{"mg": "G", "nm": "a \"b\" {", "ni": 7}], "alerts": [{"ni": [1]}],
        "alert_instances": [{"ni": 7, "nm": "x]}", "ch": "c", "st": "WARNING", "sum": "\\"}, {"ni": 7, "nm": "y",
        "ch": "c", "st": "CRITICAL", "list": [{}]}], "timings": {"total_ms": 0.1}}"#;

    /// The names of what is raised, from an answer that comes in pieces of so many bytes.
    fn read(answer: &str, length: usize) -> Option<Vec<String>> {
        let mut stream = AlertStream::new(NodeIndex::everywhere(), Arc::new(HashMap::new()));
        for piece in answer.as_bytes().chunks(length) {
            stream.take(piece);
        }
        let (listing, _) = stream.end()?;
        Some(listing.sightings.into_iter().map(|seen| seen.alert.name).collect())
    }

    #[test]
    fn reads_the_same_however_it_comes() {
        for length in 1..=ANSWER.len() {
            assert_eq!(read(ANSWER, length).unwrap(), ["x]}", "y"], "in pieces of {length}");
        }
        let empty = r#"{"nodes": [], "alert_instances": []}"#;
        assert_eq!(read(empty, 1).unwrap(), [""; 0]);
    }

    #[test]
    fn leaves_what_is_odd_to_others() {
        let long = ANSWER.replace("}}", "");
        for odd in [
            "",
            "[]",
            "<html>",
            "{}",
            r#"{"nodes": []}"#,
            r#"{"alert_instances": [], "nodes": []}"#,
            r#"{"nodes": [], "nodes": [], "alert_instances": []}"#,
            r#"{"nodes": [], "alert_instances": null}"#,
            r#"{"nodes": [], "alert_instances": [null]}"#,
            r#"{"nodes": [], "alert_instances": ["x"]}"#,
            r#"{"nodes": [], "alert_instances": [[]]}"#,
            r#"{"nodes": [], "alert_instances": [{"nm": "a", "nm": "b"}]}"#,
            r#"{"nodes": [], "alert_instances": [{"v": nan}]}"#,
            r#"{"nodes": [], "alert_instances": []}}"#,
            &long,
        ] {
            for length in [1, 7, 1000] {
                assert_eq!(read(odd, length), None, "{odd}");
            }
        }
    }
}
