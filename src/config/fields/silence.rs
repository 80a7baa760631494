//! `[[silence]]`: when nothing is sent, and about what.

use std::collections::BTreeMap;
use std::time::Duration;

use super::notification::RoomNames;
use crate::config::calendar::{Every, Moment, Zone};
use crate::config::kind::{
    HostPattern, LabelPattern, Length, LocalTime, Maybe, OneLine, Span, TimeZoneName, WeeklyTimes,
    WordPattern,
};
use crate::config::pattern::Pattern;
use crate::config::table::{Map, table};

table! {
    /// `[[silence]]`: when nothing is sent, and about what. What was sent before is followed until it is over.
    #[derive(Clone, PartialEq)]
    pub struct Silence {
        /// What `--status` and `-v` call it.
        name: String => OneLine, like "Friday batch";

        /// Rooms whose nodes it covers, by their names. Without `rooms`, `nodes` and `labels`: all.
        rooms: Option<Vec<String>> => Maybe<RoomNames> = None, like ["Databases"];

        /// A pattern for host names, as in a room.
        nodes: Option<Pattern> => Maybe<HostPattern> = None, like "db-*";

        /// Host labels, as in a room.
        labels: BTreeMap<String, Pattern> => Map<LabelPattern> = BTreeMap::new(), like { env = "prod*" };

        /// A pattern for names of alerts. Without `alerts`, `contexts`, `charts` and `roles`: all
        /// alerts, and that its nodes are unreachable.
        alerts: Option<Pattern> => Maybe<WordPattern> = None, like "disk_* !disk_space*";

        /// A pattern for contexts of charts, such as `disk.space`.
        contexts: Option<Pattern> => Maybe<WordPattern> = None, like "disk.*";

        /// A pattern for ids of charts, such as `disk_space._var`.
        charts: Option<Pattern> => Maybe<WordPattern> = None, like "*";

        /// A pattern for recipients: one of the alert's is enough.
        roles: Option<Pattern> => Maybe<WordPattern> = None, like "sysadmin";

        /// When it begins, again and again: days and a time, as in "Fri 18:00", "Mon,Wed 22:00",
        /// "Mon-Fri 08:00" or "daily 02:00". It goes with `for`.
        every: Option<Every> => Maybe<WeeklyTimes> = None, like "Fri 18:00";

        /// How long it lasts.
        length as "for": Option<Duration> => Maybe<Span<Length>> = None, like "15h";

        /// Or when it begins, once. Without `until` or `for`, it does not end.
        from: Option<Moment> => Maybe<LocalTime> = None, like "2026-12-24T18:00";

        /// And when it ends. Without `from`, it has begun already.
        until: Option<Moment> => Maybe<LocalTime> = None, like "2026-12-25T09:00";

        /// The time zone of these times. Without it: this machine's.
        timezone: Option<Zone> => Maybe<TimeZoneName> = None, like "Europe/Berlin";
    }
}
