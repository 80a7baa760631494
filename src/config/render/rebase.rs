//! What somebody decided, on a file that somebody else has changed meanwhile.

use std::path::Path;

use toml_edit::Value;

use super::{apply, changes};
use crate::config::change::{Change, TableValues, Tables};
use crate::config::error::ConfigError;
use crate::config::fields::Config;
use crate::config::load::parse;

/// The configuration of a text with what `config` changes of `base`, and with nothing else changed: what the text says
/// otherwise than `base` stays, unless `config` changes just that.
pub fn rebase(base: &Config, config: &Config, text: &str, path: &Path) -> Result<Config, ConfigError> {
    let now = parse(text, path)?;
    if now == *base {
        return Ok(config.clone());
    }
    let mut theirs = changes(base, &now);
    let ours = changes(base, config).into_iter().map(|change| match change {
        Change::Tables(ours) => {
            let at = theirs
                .iter()
                .position(|change| matches!(change, Change::Tables(one) if one.name == ours.name));
            let now = match at.map(|at| theirs.swap_remove(at)) {
                Some(Change::Tables(theirs)) => theirs.new,
                _ => ours.old.clone(),
            };
            let new = merged(&ours, &now);
            Change::Tables(Tables { name: ours.name, keys: ours.keys, old: now, new })
        }
        value @ Change::Value { .. } => value,
    });
    parse(&apply(text, ours.collect(), path)?, path)
}

/// The tables as they are now, with what we change of those that there were.
fn merged(ours: &Tables, now: &[TableValues]) -> Vec<TableValues> {
    let mut merged = Vec::new();
    for table in now {
        match (named(&ours.new, table), named(&ours.old, table)) {
            (Some(new), Some(old)) if is_same(new, old) => merged.push(table.clone()),
            (Some(new), _) => merged.push(new.clone()),
            // Ours to remove, or somebody else's.
            (None, Some(_)) => {}
            (None, None) => merged.push(table.clone()),
        }
    }
    for table in &ours.new {
        let untouched = named(&ours.old, table).is_some_and(|old| is_same(table, old));
        if named(now, table).is_none() && !untouched {
            merged.push(table.clone());
        }
    }
    merged
}

/// The table of the same name, which is its first value.
fn named<'t>(tables: &'t [TableValues], table: &TableValues) -> Option<&'t TableValues> {
    tables.iter().find(|one| shown(one.first()) == shown(table.first()))
}

fn is_same(one: &TableValues, other: &TableValues) -> bool {
    one.len() == other.len()
        && one.iter().zip(other).all(|(one, other)| shown(Some(one)) == shown(Some(other)))
}

fn shown(value: Option<&Option<Value>>) -> Option<String> {
    value.and_then(Option::as_ref).map(ToString::to_string)
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::rebase;
    use crate::config::{Config, parse, render};

    const BASE: &str = "version = 1\nnotification.name = 'a'\nnotification.notify = ['critical', 'clear']\n\
                        notification.rooms = ['r']\nintegration.api_key = { file = 'k' }\n\
                        delivery.events_per_minute = 45\n\n[[room]]\nname = 'r'\nnodes = 'web-*'\n";

    fn read(text: &str) -> Config {
        parse(text, Path::new("/etc/c.toml")).unwrap()
    }

    /// What is written where we change the one thing and somebody else the other.
    fn both(ours: &str, theirs: &str) -> String {
        let path = Path::new("/etc/c.toml");
        let merged = rebase(&read(BASE), &read(ours), theirs, path).unwrap();
        render(&merged, Some(theirs), path).unwrap()
    }

    #[test]
    fn what_others_changed_meanwhile_stays() {
        let ours = BASE.replace("'a'", "'mine'");
        let theirs = BASE.replace("45", "20 # mine").replace("['critical', 'clear']", "['critical']");
        assert_eq!(both(&ours, &theirs), theirs.replace("'a'", "\"mine\""));
        assert_eq!(both(BASE, &theirs), theirs, "nothing of ours");
        assert_eq!(both(&ours, BASE), BASE.replace("'a'", "\"mine\""), "nothing of theirs");
        // Just what we change, too: ours is shown, and holds.
        assert!(both(&ours, &BASE.replace("'a'", "'theirs'")).contains("\"mine\""));
    }

    #[test]
    fn rooms_are_told_apart_by_their_names() {
        let ours = BASE.replace("web-*", "db-*");
        let theirs = format!("{BASE}\n# theirs\n[[room]]\nname = 's'\nnodes = 'x'\n");
        assert_eq!(both(&ours, &theirs), theirs.replace("'web-*'", "\"db-*\""));
        let more = format!("{BASE}\n[[room]]\nname = 't'\nnodes = 'y'\n");
        let merged = rebase(&read(BASE), &read(&more), &theirs, Path::new("/etc/c.toml")).unwrap();
        assert_eq!(merged.rooms.iter().map(|room| room.name.as_str()).collect::<Vec<_>>(), ["r", "s", "t"]);
        // Removed by one, untouched by the other.
        let without = rebase(&read(&theirs), &read(BASE), &more, Path::new("/etc/c.toml")).unwrap();
        assert_eq!(without.rooms.iter().map(|room| room.name.as_str()).collect::<Vec<_>>(), ["r", "t"]);
    }
}
