//! What each table of the file says, with the defaults for what it does not say.

use std::collections::BTreeMap;
use std::path::Path;

use toml_edit::{Array, Item};

use super::location::{SECRET, secret};
use super::reader::{Read, Section, refuse, refuse_found};
use super::{
    Config, DeliveredBy, Delivery, Ilert, Integration, Netdata, Notification, Notify, Pattern, Room,
    SecretSource, Severities, Severity, Templates, schema, text, values,
};
use crate::words;

/// The one version of the file's format so far.
const VERSION: i64 = 1;

const NOTIFY: &str =
    "a list of `\"critical\"`, `\"warning\"`, `\"clear\"`, `\"reachable\"` and `\"unreachable\"`";

/// Reads the whole file; relative paths in it start from `folder`. `None` where something is wrong that has
/// no default; other things that are wrong are in the findings alone.
pub(super) fn read(root: &Section<'_>, folder: &Path) -> Option<Config> {
    // A file of another version is not ours to judge further.
    if root.get("version").is_some() {
        root.optional("version", version)?;
    } else {
        root.missing("version", "`1`, the version of the file's format,");
    }
    root.known(schema::keys("").unwrap_or_default());
    let (rooms, names) = rooms(root);
    let notification = notification(root, &names);
    let integration = &root.section("integration");
    if integration.get("api_key").is_none() {
        integration.missing("api_key", SECRET);
    }
    let api_key = secret(integration, "api_key", folder);
    let config = Config {
        rooms,
        netdata: netdata(root, folder),
        ilert: ilert(root, folder),
        severity: severities(root),
        delivery: delivery(root),
        templates: templates(root),
        labels: labels(root),
        heartbeat: heartbeat(root, folder),
        notification: notification?,
        integration: Integration { api_key: api_key? },
    };
    Some(config)
}

fn version(item: &Item) -> Read<()> {
    if item.as_integer() == Some(VERSION) {
        return Ok(());
    }
    refuse("only `1`, the one version of the file's format that this program knows,")
}

fn notification(root: &Section<'_>, defined: &[String]) -> Option<Notification> {
    let section = root.section("notification");
    let name = section.required("name", values::NAME, values::name);
    let rooms = section.list("rooms", "a list of rooms' names", |item| match values::name(item) {
        Ok(name) if defined.contains(&name) => Ok(name),
        Ok(_) if defined.is_empty() => refuse("the name of a `[[room]]` of this file (there is none yet)"),
        Ok(_) => {
            let names = words::either(defined.iter().map(String::as_str));
            refuse(format!("the name of a `[[room]]` of this file ({names})"))
        }
        refused => refused,
    });
    let rooms = rooms.unwrap_or_default();
    let notify = notify(&section);
    let delivered_by = section.or("delivered_by", DeliveredBy::NetdataIlert, |item| match item.as_str() {
        Some("netdata-ilert") => Ok(DeliveredBy::NetdataIlert),
        Some("netdata-cloud") => Ok(DeliveredBy::NetdataCloud),
        _ => refuse("`\"netdata-ilert\"` or `\"netdata-cloud\"`"),
    });
    Some(Notification { name: name?, rooms, notify: notify?, delivered_by })
}

fn notify(section: &Section<'_>) -> Option<Notify> {
    let Some(given) = section.get("notify") else {
        section.missing("notify", NOTIFY);
        return None;
    };
    if given.item.as_array().is_some_and(Array::is_empty) {
        section.say(&given, "an empty list, by which nobody would ever be told anything", NOTIFY);
        return None;
    }
    let types = section.list("notify", NOTIFY, |item| match item.as_str() {
        Some(word) if Notify::WORDS.contains(&word) => Ok(word.to_owned()),
        _ => refuse(words::either(Notify::WORDS)),
    })?;
    Some(Notify::of(|word| types.iter().any(|found| found == word)))
}

/// The rooms, and the names of those too that are wrong in other ways.
fn rooms(root: &Section<'_>) -> (Vec<Room>, Vec<String>) {
    const NODES: &str = "a simple pattern with a word that is not negated, such as `\"!db-test* db-*\"`,";
    let mut rooms = Vec::new();
    let mut names: Vec<String> = Vec::new();
    for section in root.tables("room", "`[[room]]` in double brackets") {
        let name = section.required("name", values::NAME, |item| match values::name(item) {
            Ok(name) if names.contains(&name) => {
                refuse_found(format!("{} a second time", text::shown(item)), "a name of its own")
            }
            read => read,
        });
        let nodes = section.required("nodes", NODES, |item| match item.as_str().map(Pattern::new) {
            Some(pattern) if pattern.can_match() => Ok(pattern),
            _ => refuse(NODES),
        });
        names.extend(name.clone());
        if let (Some(name), Some(nodes)) = (name, nodes) {
            rooms.push(Room { name, nodes });
        }
    }
    (rooms, names)
}

fn netdata(root: &Section<'_>, folder: &Path) -> Netdata {
    let section = root.section("netdata");
    let together = |one: &str, other: &str| {
        if section.get(one).is_some() && section.get(other).is_none() {
            section.missing(other, &format!("a value beside `{one}`"));
        }
    };
    together("username", "password");
    together("password", "username");
    if let (Some(token), Some(_)) = (section.get("bearer_token"), section.get("username")) {
        section.say(&token, "beside `username`", "one of the two");
    }
    Netdata {
        url: section.or("url", Netdata::URL.to_owned(), values::http_url),
        username: section.optional("username", values::username),
        password: secret(&section, "password", folder),
        bearer_token: secret(&section, "bearer_token", folder),
        ca_file: section.optional("ca_file", |item| values::path(item, folder)),
        link_base: section.optional("link_base", values::http_url),
    }
}

fn ilert(root: &Section<'_>, folder: &Path) -> Ilert {
    let section = root.section("ilert");
    Ilert {
        endpoint: section.or("endpoint", Ilert::ENDPOINT.to_owned(), values::endpoint),
        proxy: section.optional("proxy", values::proxy),
        ca_file: section.optional("ca_file", |item| values::path(item, folder)),
    }
}

fn severities(root: &Section<'_>) -> Severities {
    let section = root.section("severity");
    let level = |name: &str, default: Severity| {
        let section = section.section(name);
        Severity {
            priority: section.or("priority", default.priority, values::priority),
            severity: section.or("severity", default.severity, values::severity),
        }
    };
    let default = Severities::default();
    Severities {
        critical: level("critical", default.critical),
        warning: level("warning", default.warning),
        unreachable: level("unreachable", default.unreachable),
    }
}

fn delivery(root: &Section<'_>) -> Delivery {
    let section = root.section("delivery");
    let default = Delivery::default();
    Delivery {
        events_per_minute: section.or("events_per_minute", default.events_per_minute, values::events),
        resolve_after: section.or("resolve_after", default.resolve_after, values::delay),
        unreachable_after: section.or("unreachable_after", default.unreachable_after, values::delay),
        removed_after: section.or("removed_after", default.removed_after, values::delay),
        forget_after: section.or("forget_after", default.forget_after, values::delay),
    }
}

fn templates(root: &Section<'_>) -> Templates {
    let section = root.section("templates");
    Templates {
        summary: section.optional("summary", values::text),
        details: section.optional("details", values::text),
    }
}

fn labels(root: &Section<'_>) -> BTreeMap<String, String> {
    let section = root.section("labels");
    let label = |name: &str, item: &Item| match item.as_str() {
        _ if name.trim().is_empty() => refuse_found("a label without a name".to_owned(), "a name"),
        Some(value) => Ok(value.to_owned()),
        None => refuse("a text in quotes (ilert takes no other labels)"),
    };
    section
        .names()
        .filter_map(|name| Some((name.to_owned(), section.optional(name, |item| label(name, item))?)))
        .collect()
}

fn heartbeat(root: &Section<'_>, folder: &Path) -> Option<SecretSource> {
    let section = root.section("heartbeat");
    let source = secret(&section, "url", folder)?;
    if let (SecretSource::Literal(url), Some(given)) = (&source, section.get("url"))
        && !values::pingable(url.expose())
    {
        section.say(&given, "a text", "a URL with `https://` (`http://` on this machine alone)");
    }
    Some(source)
}
