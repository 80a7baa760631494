//! Alert keys, by which ilert recognises an alert.
//!
//! `netdata/{host}/{guid}/{chart}/{alert}/{warning|critical}` and `netdata/{host}/{guid}/unreachable`, the
//! same on a child and on each of its parents; `netdata/{host}/{guid}/storm/{kind}/{when}` for a storm, by the agent
//! that shows it. Two different alerts do not share a key:
//!
//! - A `/` in a host name, a GUID or an alert name is written `%2f`. So a key can be taken apart: the host and
//!   the GUID come first, the level and the alert name last, and the rest is the chart, whose own slashes stay
//!   (`disk_space./var`).
//! - `%`, `~`, control characters and whatever has no look of its own (zero-width and private characters, soft
//!   hyphens, marks of direction) are written as `%` and two hex digits for each byte.
//! - ilert compares keys without case, so all parts are in lower case. A part that this changed ends in `~`
//!   and six hex digits of the SHA-256 of the original.
//! - A key of more than [`LONGEST_KEY`] bytes ends, before the level, in `~` and sixteen hex digits of the
//!   SHA-256 of the whole.
//!
//! All but the last two are exact. Six digits tell apart only parts that are equal but for case: two such
//! alerts of one node share a key once in 16 million. Sixteen digits tell apart only keys that begin with the
//! same 200 bytes or more.
//!
//! The first version wrote other keys for odd names ([`Scheme::V1`]). An alert that is open under such a key is
//! commented on and resolved under it.

mod v1;

use std::fmt::Write as _;

use percent_encoding::percent_decode_str;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::{KeyKind, Subject};
use crate::alert::NodeId;

/// Longest key that is sent, in bytes; ilert publishes no limit.
pub const LONGEST_KEY: usize = 250;

/// Between a part and its hash.
const MARK: char = '~';

/// How keys are written. Names of lower-case letters, digits and the usual punctuation have the same key in both.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Scheme {
    /// As 0.1.0 wrote them: slashes are left alone everywhere and case in a host name is ignored, so that
    /// different alerts may share a key.
    V1,
    /// As described above.
    #[default]
    V2,
}

/// The key of one of a subject's alerts in ilert, as it is written now: printable, one line, at most
/// [`LONGEST_KEY`] bytes, and different for different subjects and kinds even where case is ignored.
#[must_use]
pub fn alert_key(subject: &Subject, kind: KeyKind) -> String {
    Scheme::V2.key(subject, kind)
}

impl Scheme {
    /// The scheme of records from before there were two.
    #[must_use]
    pub fn unsaid() -> Self {
        Self::V1
    }

    /// The key of one of a subject's alerts.
    #[must_use]
    pub fn key(self, subject: &Subject, kind: KeyKind) -> String {
        let mut key = self.node(subject.node());
        if let Subject::Alert(alert) = subject {
            for (part, slash) in [(&alert.chart, Slash::Stays), (&alert.name, Slash::Encoded)] {
                key.push('/');
                self.push(&mut key, part, slash);
            }
        }
        let word = kind.word();
        let end = match subject {
            Subject::Storm(storm) => format!("/storm/{word}/{}", storm.when()),
            _ => format!("/{word}"),
        };
        shorten(&mut key, LONGEST_KEY - end.len());
        key.push_str(&end);
        key
    }

    /// The beginning of all keys of a node, except those that are too long.
    #[must_use]
    pub fn node(self, node: &NodeId) -> String {
        let mut key = String::from("netdata");
        for part in [&node.host, &node.guid] {
            key.push('/');
            match self {
                Self::V1 => key.push_str(&v1::fold(part)),
                Self::V2 => push_part(&mut key, part, Slash::Encoded),
            }
        }
        key
    }

    /// Decodes a part of a key into a name. A hash cannot be decoded, so compare the key that the name makes.
    #[must_use]
    pub fn name(self, part: &str) -> String {
        match self {
            Self::V1 => part.to_owned(),
            Self::V2 => percent_decode_str(part).decode_utf8_lossy().into_owned(),
        }
    }

    fn push(self, key: &mut String, part: &str, slash: Slash) {
        match self {
            Self::V1 => v1::push_part(key, part),
            Self::V2 => push_part(key, part, slash),
        }
    }
}

/// How a slash within a part is written.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Slash {
    Stays,
    Encoded,
}

fn push_part(key: &mut String, part: &str, slash: Slash) {
    let folded = fold(part);
    for c in folded.chars() {
        let stays = match c {
            '/' => slash == Slash::Stays,
            '%' | MARK => false,
            c => !is_control(c) && !is_unseen(c),
        };
        if stays {
            key.push(c);
        } else {
            for byte in c.encode_utf8(&mut [0; 4]).bytes() {
                // Writing into a `String` cannot fail.
                let _ = write!(key, "%{byte:02x}");
            }
        }
    }
    if folded != part {
        key.push(MARK);
        push_hash(key, part, 3);
    }
}

/// Folds by upper case, then lower case: some characters, such as `ſ` and `s`, are equal only in upper case.
fn fold(part: &str) -> String {
    part.to_lowercase().to_uppercase().to_lowercase()
}

/// The control characters of keys. Kept apart from the screen's list: a key must never change.
fn is_control(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{2028}' | '\u{2029}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

/// What nobody sees in a key, or everybody sees otherwise: Unicode 16's `Default_Ignorable_Code_Point`, interlinear
/// annotations, private characters and those that are none. Kept apart from the screen's list, too.
fn is_unseen(c: char) -> bool {
    matches!(
        c,
        '\u{ad}'
            | '\u{34f}'
            | '\u{61c}'
            | '\u{115f}'..='\u{1160}'
            | '\u{17b4}'..='\u{17b5}'
            | '\u{180b}'..='\u{180f}'
            | '\u{200b}'..='\u{200f}'
            | '\u{2060}'..='\u{206f}'
            | '\u{3164}'
            | '\u{e000}'..='\u{f8ff}'
            | '\u{fdd0}'..='\u{fdef}'
            | '\u{fe00}'..='\u{fe0f}'
            | '\u{ffa0}'
            | '\u{fff0}'..='\u{fffb}'
            | '\u{fffe}'..='\u{ffff}'
            | '\u{1bca0}'..='\u{1bca3}'
            | '\u{1d173}'..='\u{1d17a}'
            | '\u{e0000}'..='\u{e0fff}'
            | '\u{f0000}'..
    )
}

/// Replaces the tail of a text longer than `limit` bytes by 16 hex digits of a hash of the whole.
fn shorten(key: &mut String, limit: usize) {
    const HASH: usize = 8;
    if key.len() <= limit {
        return;
    }
    let whole = key.clone();
    let mut keep = limit.saturating_sub(2 * HASH + MARK.len_utf8());
    while !key.is_char_boundary(keep) {
        keep -= 1;
    }
    key.truncate(keep);
    key.push(MARK);
    push_hash(key, &whole, HASH);
}

fn push_hash(key: &mut String, of: &str, bytes: usize) {
    for byte in Sha256::digest(of.as_bytes()).iter().take(bytes) {
        // Writing into a `String` cannot fail.
        let _ = write!(key, "{byte:02x}");
    }
}

#[cfg(test)]
mod tests;
