//! Where words about what is decided go: to stderr, or, where systemd has connected stderr to its journal,
//! there with fields (`journalctl -o verbose`, `journalctl NETDATA_ILERT_NODE=db-1`).

use std::fmt;
use std::io;
use std::os::unix::fs::MetadataExt;

use tracing::Level;
use tracing::field::Field;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::fmt::format::{Writer, debug_fn};
use tracing_subscriber::layer::{Layer, SubscriberExt};
use tracing_subscriber::util::SubscriberInitExt;

/// What every field of ours begins with in the journal.
const PREFIX: &str = "NETDATA_ILERT";

/// Fields of a decision: its message says them already, and only the journal wants them apart.
const SAID: [&str; 5] = ["node", "machine_guid", "chart", "alert", "reason"];

/// Starts logging up to this level.
pub fn start(level: Level, colored: bool) {
    // Only this program's own words: what libraries log is not known to be free of keys.
    let own = Targets::new().with_target(env!("CARGO_CRATE_NAME"), level);
    if let Some(journal) = journal() {
        tracing_subscriber::registry().with(journal.with_filter(own)).init();
        return;
    }
    let words = tracing_subscriber::fmt::layer()
        .fmt_fields(debug_fn(field))
        .with_writer(io::stderr)
        .with_ansi(colored)
        .with_target(false)
        .without_time()
        // Its complaint about a stderr that cannot be written to would go there, too, and panic.
        .log_internal_errors(false);
    tracing_subscriber::registry().with(words.with_filter(own)).init();
}

/// The journal, if stderr goes there: then `JOURNAL_STREAM` names its device and inode (systemd.exec(5)). The
/// variable alone is not enough, as children inherit it.
fn journal() -> Option<tracing_journald::Layer> {
    let named = std::env::var("JOURNAL_STREAM").ok()?;
    let (device, inode) = named.split_once(':')?;
    let stderr = std::fs::metadata("/proc/self/fd/2").ok()?;
    if device.parse() != Ok(stderr.dev()) || inode.parse() != Ok(stderr.ino()) {
        return None;
    }
    let layer = tracing_journald::layer().ok()?;
    Some(layer.with_field_prefix(Some(PREFIX.to_owned())).with_syslog_identifier("netdata-ilert".to_owned()))
}

fn field(writer: &mut Writer<'_>, field: &Field, value: &dyn fmt::Debug) -> fmt::Result {
    match field.name() {
        "message" => write!(writer, "{value:?}"),
        name if SAID.contains(&name) => Ok(()),
        name => write!(writer, " {name}={value:?}"),
    }
}
