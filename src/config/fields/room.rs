//! `[[room]]`: which nodes are in a room.

use crate::config::kind::{HostPattern, Line};
use crate::config::pattern::Pattern;
use crate::config::table::table;

table! {
    /// `[[room]]`: a name and which nodes are in it.
    #[derive(Clone, PartialEq, Eq)]
    pub struct Room {
        /// The name that `rooms` under `[notification]` uses.
        name: String => Line, like "Databases";

        /// A Netdata simple pattern for host names: words separated by spaces; the first that
        /// matches decides. `!` excludes, `*` stands for anything.
        nodes: Pattern => HostPattern, like "!db-test* db-*";
    }
}
