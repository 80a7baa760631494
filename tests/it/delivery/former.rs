//! A state and an ilert as version 0.1.0 left them, made of what this version told.

use netdata_ilert::payload::{KeyKind, Scheme, Subject};
use rusqlite::Connection;

use crate::delivery::scene::Scene;

/// Rows as they were written before they said what they are about and how keys are written.
const FORMER_SCHEMA: &str = "
    CREATE TABLE former (
        key TEXT NOT NULL, guid TEXT NOT NULL, host TEXT NOT NULL, chart TEXT NOT NULL, name TEXT NOT NULL,
        entry TEXT NOT NULL,
        PRIMARY KEY (key, guid, host, chart, name)
    ) WITHOUT ROWID;
    INSERT INTO former SELECT key, guid, host, chart, name, json_remove(entry, '$.keys.warning.scheme',
        '$.keys.critical.scheme', '$.keys.unreachable.scheme') FROM ledger;
    DROP TABLE ledger;
    ALTER TABLE former RENAME TO ledger;
    CREATE TABLE former (
        key TEXT NOT NULL, guid TEXT NOT NULL, host TEXT NOT NULL, chart TEXT NOT NULL, name TEXT NOT NULL,
        position INTEGER NOT NULL, waiting TEXT NOT NULL,
        PRIMARY KEY (key, guid, host, chart, name, position)
    ) WITHOUT ROWID;
    INSERT INTO former SELECT key, guid, host, chart, name, position, json_remove(waiting, '$.notice.scheme')
        FROM outbox;
    DROP TABLE outbox;
    ALTER TABLE former RENAME TO outbox;
    UPDATE failed SET notice = json_remove(notice, '$.scheme');
    DROP TABLE silences;
    PRAGMA user_version = 2;
";

/// Makes the state one of the former version, and has ilert know what it was told by its keys.
pub fn make_former(scene: &mut Scene) {
    let mut open = scene.ilert.open.borrow_mut();
    for (subject, entry) in scene.ledger().entries {
        for kind in [KeyKind::Warning, KeyKind::Critical, KeyKind::Unreachable] {
            let now = Scheme::V2.key(&subject, kind);
            if entry.keys.get(kind).is_open() && open.contains_key(&now) {
                let events = open.remove(&now).unwrap();
                *open.entry(former_key(&subject, kind)).or_default() += events;
            }
        }
    }
    drop(open);
    let state = Connection::open(scene.folder.path().join("state.db")).unwrap();
    state.execute_batch(FORMER_SCHEMA).unwrap();
}

pub fn former_key(subject: &Subject, kind: KeyKind) -> String {
    Scheme::V1.key(subject, kind)
}
