//! What one configuration says that another does not, key by key. Rooms are not among it: they are a
//! list of tables, see [`rooms`](super::rooms).

use std::path::Path;

use toml_edit::{Array, InlineTable, Value};

use crate::config::{
    Config, DeliveredBy, Delivery, Ilert, Netdata, Notification, Priority, SecretSource, Severity,
};
use crate::duration;

/// A key that is to have another value, or none.
#[derive(Clone, Debug)]
pub(super) struct Change {
    /// The table's dotted name.
    pub(super) table: &'static str,
    /// The key in it.
    pub(super) name: String,
    /// The new value.
    pub(super) value: Option<Value>,
}

impl Change {
    /// The dotted key.
    pub(super) fn key(&self) -> String {
        format!("{}.{}", self.table, self.name)
    }
}

/// The changes that make `old` say what `new` says.
pub(super) fn between(old: &Config, new: &Config) -> Vec<Change> {
    let mut changes = Changes(Vec::new());
    changes.notification(&old.notification, &new.notification);
    let (old_key, new_key) = (&old.integration.api_key, &new.integration.api_key);
    changes.value("integration", "api_key", old_key, new_key, secret);
    changes.netdata(&old.netdata, &new.netdata);
    changes.ilert(&old.ilert, &new.ilert);
    changes.level("severity.critical", old.severity.critical, new.severity.critical);
    changes.level("severity.warning", old.severity.warning, new.severity.warning);
    changes.level("severity.unreachable", old.severity.unreachable, new.severity.unreachable);
    changes.delivery(&old.delivery, &new.delivery);
    changes.option(
        "templates",
        "summary",
        old.templates.summary.as_ref(),
        new.templates.summary.as_ref(),
        text,
    );
    changes.option(
        "templates",
        "details",
        old.templates.details.as_ref(),
        new.templates.details.as_ref(),
        text,
    );
    for name in old.labels.keys().chain(new.labels.keys().filter(|name| !old.labels.contains_key(*name))) {
        changes.option("labels", name, old.labels.get(name), new.labels.get(name), text);
    }
    changes.option("heartbeat", "url", old.heartbeat.as_ref(), new.heartbeat.as_ref(), secret);
    changes.0
}

struct Changes(Vec<Change>);

impl Changes {
    fn value<T: PartialEq>(
        &mut self,
        table: &'static str,
        name: &str,
        old: &T,
        new: &T,
        write: impl FnOnce(&T) -> Value,
    ) {
        if old != new {
            self.0.push(Change { table, name: name.to_owned(), value: Some(write(new)) });
        }
    }

    fn option<T: PartialEq>(
        &mut self,
        table: &'static str,
        name: &str,
        old: Option<&T>,
        new: Option<&T>,
        write: impl FnOnce(&T) -> Value,
    ) {
        if old != new {
            self.0.push(Change { table, name: name.to_owned(), value: new.map(write) });
        }
    }

    fn notification(&mut self, old: &Notification, new: &Notification) {
        let table = "notification";
        self.value(table, "name", &old.name, &new.name, text);
        self.value(table, "rooms", &old.rooms, &new.rooms, |rooms| Value::Array(rooms.iter().collect()));
        self.value(table, "notify", &old.notify, &new.notify, |notify| {
            Value::Array(notify.words().collect::<Array>())
        });
        self.value(table, "delivered_by", &old.delivered_by, &new.delivered_by, |by| match by {
            DeliveredBy::NetdataIlert => "netdata-ilert".into(),
            DeliveredBy::NetdataCloud => "netdata-cloud".into(),
        });
    }

    fn netdata(&mut self, old: &Netdata, new: &Netdata) {
        let table = "netdata";
        self.value(table, "url", &old.url, &new.url, text);
        self.option(table, "username", old.username.as_ref(), new.username.as_ref(), text);
        self.option(table, "password", old.password.as_ref(), new.password.as_ref(), secret);
        self.option(table, "bearer_token", old.bearer_token.as_ref(), new.bearer_token.as_ref(), secret);
        self.option(table, "ca_file", old.ca_file.as_ref(), new.ca_file.as_ref(), |file| path(file));
        self.option(table, "link_base", old.link_base.as_ref(), new.link_base.as_ref(), text);
    }

    fn ilert(&mut self, old: &Ilert, new: &Ilert) {
        let table = "ilert";
        self.value(table, "endpoint", &old.endpoint, &new.endpoint, text);
        self.option(table, "proxy", old.proxy.as_ref(), new.proxy.as_ref(), text);
        self.option(table, "ca_file", old.ca_file.as_ref(), new.ca_file.as_ref(), |file| path(file));
    }

    fn level(&mut self, table: &'static str, old: Severity, new: Severity) {
        self.value(table, "priority", &old.priority, &new.priority, |priority| match priority {
            Priority::High => "HIGH".into(),
            Priority::Low => "LOW".into(),
        });
        self.value(table, "severity", &old.severity, &new.severity, |severity| i64::from(*severity).into());
    }

    fn delivery(&mut self, old: &Delivery, new: &Delivery) {
        let table = "delivery";
        self.value(table, "events_per_minute", &old.events_per_minute, &new.events_per_minute, |events| {
            i64::from(*events).into()
        });
        let delay = |delay: &std::time::Duration| Value::from(duration::print(*delay));
        self.value(table, "resolve_after", &old.resolve_after, &new.resolve_after, delay);
        self.value(table, "unreachable_after", &old.unreachable_after, &new.unreachable_after, delay);
        self.value(table, "removed_after", &old.removed_after, &new.removed_after, delay);
        self.value(table, "forget_after", &old.forget_after, &new.forget_after, delay);
    }
}

fn text<T: AsRef<str>>(text: &T) -> Value {
    text.as_ref().into()
}

/// TOML is UTF-8: another path does not read back, which the caller notices.
fn path(path: &Path) -> Value {
    path.to_string_lossy().as_ref().into()
}

fn secret(source: &SecretSource) -> Value {
    let (name, value) = match source {
        SecretSource::File(file) => ("file", path(file)),
        SecretSource::Env(name) => ("env", name.into()),
        SecretSource::Credential(name) => ("credential", name.into()),
        SecretSource::Literal(secret) => return secret.expose().into(),
    };
    Value::InlineTable(InlineTable::from_iter([(name, value)]))
}
