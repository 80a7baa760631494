//! Which tables the file has, and which keys each of them takes. `[labels]` takes any.

/// Tables by their dotted names; the root's is empty.
const TABLES: &[(&str, &[&str])] = &[
    (
        "",
        &[
            "version",
            "notification",
            "integration",
            "room",
            "netdata",
            "ilert",
            "severity",
            "delivery",
            "templates",
            "labels",
            "heartbeat",
        ],
    ),
    ("notification", &["name", "rooms", "notify", "delivered_by"]),
    ("integration", &["api_key"]),
    ("room", &["name", "nodes"]),
    ("netdata", &["url", "username", "password", "bearer_token", "ca_file", "link_base"]),
    ("ilert", &["endpoint", "proxy", "ca_file"]),
    ("severity", &["critical", "warning", "unreachable"]),
    ("severity.critical", LEVEL),
    ("severity.warning", LEVEL),
    ("severity.unreachable", LEVEL),
    (
        "delivery",
        &["events_per_minute", "resolve_after", "unreachable_after", "removed_after", "forget_after"],
    ),
    ("templates", &["summary", "details"]),
    ("heartbeat", &["url"]),
];

const LEVEL: &[&str] = &["priority", "severity"];

/// Where a secret may be, one of them at a time.
pub(super) const SECRET: &[&str] = &["file", "env", "credential"];

/// The keys of a table, `None` where any is allowed.
pub(super) fn keys(table: &str) -> Option<&'static [&'static str]> {
    TABLES.iter().find(|(name, _)| *name == table).map(|(_, keys)| *keys)
}

/// The table that a key belongs to, where that is but one.
pub(super) fn home(key: &str) -> Option<&'static str> {
    let mut homes = TABLES.iter().filter(|(table, keys)| !table.is_empty() && keys.contains(&key));
    let (home, _) = homes.next()?;
    homes.next().is_none().then_some(*home)
}

/// Every table with its keys.
#[cfg(test)]
pub(super) fn all() -> impl Iterator<Item = (&'static str, &'static [&'static str])> {
    TABLES.iter().copied()
}
