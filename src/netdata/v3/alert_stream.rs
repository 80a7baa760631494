//! Reads the list of alerts as it comes, one at a time: a parent's has tens of megabytes, and nothing of it is held but
//! what is kept.
//!
//! Only what Netdata prints is read here: the nodes, then the alerts. Anything odd ends it, and the answer is read as a
//! whole, generously. Of an alert that is followed, as it was, and of which nothing is due then, only that is noted.

mod reader;

use super::Round;
use super::alerts::{ALL, Listing};
use super::log::{LogWindow, REMEMBERED};
use crate::netdata::answer::{AnswerBody, Json};
use crate::netdata::connection::LARGE;
use crate::netdata::error::Error;
use crate::netdata::node_index::NodeIndex;
use reader::AlertStream;

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
