//! Logging: to stderr or, if systemd has connected stderr to its journal, to the journal with fields
//! (`journalctl -o verbose`, `journalctl NETDATA_ILERT_NODE=db-1`). Messages hold names and errors from others, so each
//! text first becomes one line of bounded length.

mod journal;

use std::fmt::{self, Write as _};
use std::io;

use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::subscriber::set_global_default;
use tracing::{Event, Level, Metadata, Subscriber};

use crate::output::{self, Color};
use crate::speaker::{self, prefixed};
use crate::text::one_line;
use journal::Journal;

/// Longest text that is logged, in characters.
const LONGEST: usize = 4_000;

/// Fields of a decision: its message says them already, and only the journal wants them apart.
const SAID: [&str; 7] = [CONFIGURATION, "node", "machine_guid", "chart", "alert", "storm", "reason"];

/// The field with the name of the configuration, where there are several: it stands before the message, too.
const CONFIGURATION: &str = "configuration";

/// Starts logging up to this level.
pub fn start(level: Level, colored: bool) {
    let sink = Journal::of_stderr().map_or(Sink::Stderr { colored }, Sink::Journal);
    // It fails where something logs already, which nothing does.
    let _ = set_global_default(Log { level, sink });
}

/// Takes this program's own events alone: what libraries log is not known to be free of keys.
struct Log {
    level: Level,
    sink: Sink,
}

enum Sink {
    Stderr { colored: bool },
    Journal(Journal),
}

impl Subscriber for Log {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        let target = metadata.target().split("::").next();
        target == Some(env!("CARGO_CRATE_NAME")) && *metadata.level() <= self.level
    }

    fn event(&self, event: &Event<'_>) {
        let mut said = Said::default();
        if let Some(name) = speaker::name() {
            said.fields.push((CONFIGURATION, name.to_string()));
        }
        event.record(&mut said);
        // A failed write (a full disk, a closed pipe) does not end the program.
        let _ = match &self.sink {
            Sink::Stderr { colored } => said.write(*event.metadata().level(), *colored),
            Sink::Journal(journal) => journal.send(event.metadata(), &said),
        };
    }

    // There are no spans.
    fn new_span(&self, _: &Attributes<'_>) -> Id {
        Id::from_u64(1)
    }
    fn record(&self, _: &Id, _: &Record<'_>) {}
    fn record_follows_from(&self, _: &Id, _: &Id) {}
    fn enter(&self, _: &Id) {}
    fn exit(&self, _: &Id) {}
}

/// What an event says, each text one clean line.
#[derive(Default)]
struct Said {
    message: String,
    fields: Vec<(&'static str, String)>,
}

impl Said {
    fn take(&mut self, field: &Field, text: &str) {
        let text = one_line(text, LONGEST);
        match field.name() {
            "message" => self.message = text,
            name => self.fields.push((name, text)),
        }
    }

    fn write(&self, level: Level, colored: bool) -> io::Result<()> {
        let color = match level {
            Level::ERROR => Color::Red,
            Level::WARN => Color::Yellow,
            Level::INFO => Color::Green,
            Level::DEBUG => Color::Blue,
            Level::TRACE => Color::Magenta,
        };
        let mut words = format!(" {}", prefixed(&self.message));
        for (name, text) in self.fields.iter().filter(|(name, _)| !SAID.contains(name)) {
            let _ = write!(words, " {name}={text}");
        }
        words.push('\n');
        output::stderr().paint(&[(colored.then_some(color), &format!("{level:>5}")), (None, &words)])
    }
}

impl Visit for Said {
    fn record_str(&mut self, field: &Field, value: &str) {
        self.take(field, value);
    }

    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.take(field, &format!("{value:?}"));
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::net::UnixDatagram;

    use tracing::subscriber::with_default;

    use super::{Journal, Log, Sink};
    use crate::speaker::Speaker;
    use crate::text::is_clean;

    #[test]
    fn the_journal_gets_clean_fields() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("socket");
        let socket = UnixDatagram::bind(&path).unwrap();
        let log = Log { level: tracing::Level::INFO, sink: Sink::Journal(Journal::at(&path).unwrap()) };
        Speaker::one_of_several("team").speak();
        let host = "db-1\u{202e}\u{1b}[2J\n\u{9b}PRIORITY=0";
        with_default(log, || {
            tracing::debug!("not this");
            tracing::info!(target: "hyper", "nor that");
            tracing::info!(node = %host, reason = "silent", status = 200, "{host}: held");
        });
        let mut entry = [0; 4096];
        let length = socket.recv(&mut entry).unwrap();
        let entry = String::from_utf8(entry[..length].to_vec()).unwrap();
        assert!(is_clean(&entry), "{entry:?}");
        let lines: Vec<&str> = entry.lines().filter(|line| !line.starts_with("CODE_")).collect();
        assert_eq!(
            lines,
            [
                "PRIORITY=5",
                "SYSLOG_IDENTIFIER=netdata-ilert",
                "TARGET=netdata_ilert::cli::logging::tests",
                "MESSAGE=team: db-1 [2J PRIORITY=0: held",
                "NETDATA_ILERT_CONFIGURATION=team",
                "NETDATA_ILERT_NODE=db-1 [2J PRIORITY=0",
                "NETDATA_ILERT_REASON=silent",
                "NETDATA_ILERT_STATUS=200",
            ]
        );
        socket.set_nonblocking(true).unwrap();
        assert!(socket.recv(&mut [0; 9]).is_err(), "one entry alone");
    }
}
