//! Reads the list of alerts as it comes, one at a time: a parent's has tens of megabytes, and nothing of it is held but
//! what is kept.
//!
//! Only what Netdata prints is read here: the nodes, then the alerts. Anything odd ends it, and the answer is read as a
//! whole, generously. Of an alert that is followed, as it was, and of which nothing is due then, only that is noted.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::Round;
use super::alerts::{ALL, Following, Listing, numbered};
use super::cut::may_be_cut;
use super::essentials::{Essentials, Scanned, scan};
use super::log::{LogWindow, REMEMBERED};
use super::wire::{Instance, ListedNode};
use crate::alert::{AlertId, AlertKey, AlertRef, Status, is_silent_role};
use crate::netdata::Followed;
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

/// So much of an answer is kept while nothing is odd, bytes. Where something is, all of it is from then on; only where
/// that is further on is it asked for once more.
const KEPT: usize = 1 << 20;

/// Asks for the alerts, and keeps the raised and the followed ones of covered nodes. What the log mentions is not passed
/// over.
pub(super) async fn ask(
    round: &mut Round<'_>,
    scope: Scope,
    log: Option<&LogWindow>,
) -> Result<Listing, Error> {
    let path = match scope {
        Scope::Raised => "/api/v3/alerts?options=instances,values,minify&status=raised",
        Scope::All => ALL,
    };
    let followed = round.interest.followed.clone();
    let mut stream = AlertStream::new(round.index.clone(), followed.clone());
    if let Some(log) = log {
        stream.mentioned = log.news().map(|one| one.alert.clone()).collect();
        // What is younger is noted, so that the log does not tell it again.
        stream.settled = round.info.now.saturating_sub(REMEMBERED);
    }
    let mut kept = Some(Vec::new());
    let take = |bytes: &[u8]| {
        stream.take(bytes);
        kept = kept.take().filter(|whole| stream.is_odd || whole.len() + bytes.len() <= KEPT);
        if let Some(whole) = &mut kept {
            whole.extend_from_slice(bytes);
        }
    };
    let empty = round.connection.stream(path, LARGE, take).await?;
    let mut listing = if let Some((listing, index)) = stream.end() {
        round.index = index;
        listing
    } else {
        let answer = match kept {
            Some(body) => AnswerBody { body, ..empty },
            None => round.connection.get(path, LARGE).await?,
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
    /// What the log mentions.
    mentioned: HashSet<AlertId>,
    /// What was raised before this time (agent's clock, seconds) may be passed over.
    settled: i64,
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
            mentioned: HashSet::new(),
            settled: i64::MIN,
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
                Text::Outside if byte == b'{' && self.is_among_alerts() => match self.alert() {
                    Some(true) => true,
                    // Its end has not come yet.
                    Some(false) => break,
                    None => false,
                },
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
mod tests {
    use std::collections::HashMap;
    use std::sync::Arc;

    use super::AlertStream;
    use crate::alert::{AlertId, NodeId, Status};
    use crate::netdata::node_index::NodeIndex;
    use crate::netdata::{Followed, Resting};

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

    const RAISED: &str = r#"{"nodes": [{"mg": "g", "nm": "db", "ni": 0}], "alert_instances": [{"ni": 0, "nm": "cpu",
        "ch": "c", "st": "WARNING", "tr_i": "u", "tr_t": 5, "to": "sysadmin", "info": "x"}]}"#;

    /// Whether the alert of an answer is passed over; `None` if the answer is odd.
    fn passes_over(answer: &str, mentioned: bool) -> Option<bool> {
        let node = NodeId { guid: "g".into(), host: "db".into() };
        let alert = AlertId { node: Arc::new(node), chart: "c".into(), name: "cpu".into() };
        let resting = Some(Resting { status: Status::Warning, silent: false, place: 0 });
        let known = Followed { transition: "u".into(), resting, ..Followed::default() };
        let followed = Arc::new(HashMap::from([(alert.clone(), known)]));
        let mut stream = AlertStream::new(NodeIndex::everywhere(), followed);
        stream.settled = 10;
        stream.mentioned.extend(mentioned.then_some(alert));
        stream.take(answer.as_bytes());
        let (listing, _) = stream.end()?;
        let shown: Vec<&str> = listing.sightings.iter().map(|seen| seen.alert.name.as_str()).collect();
        assert_eq!(shown, if listing.at_rest.has(0) { &[][..] } else { &["cpu"] }, "{answer}");
        Some(listing.at_rest.has(0))
    }

    #[test]
    fn passes_over_what_is_as_it_was_and_nothing_else() {
        assert_eq!(passes_over(RAISED, false), Some(true));
        assert_eq!(passes_over(RAISED, true), Some(false), "the log mentions it");
        for (was, is) in [
            ("WARNING", "CRITICAL"),
            ("WARNING", "CLEAR"),
            (r#""tr_i": "u""#, r#""tr_i": "v""#),
            (r#""tr_t": 5"#, r#""tr_t": 10"#),
            ("sysadmin", "silent"),
        ] {
            assert_eq!(passes_over(&RAISED.replace(was, is), false), Some(false), "{is}");
        }
        let (head, alert) = RAISED.split_once("[{\"ni\": 0, \"nm\": \"cpu\"").unwrap();
        let alert = format!("{{\"ni\": 0, \"nm\": \"cpu\"{}", alert.trim_end_matches("]}"));
        for other in [alert.clone(), alert.replace("WARNING", "CRITICAL")] {
            for both in [[&alert, &other], [&other, &alert]] {
                let answer = format!("{head}[{}, {}]}}", both[0], both[1]);
                assert_eq!(passes_over(&answer, false), None, "{answer}");
            }
        }
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
