//! systemd's journal, by its own protocol: a datagram an entry, a line a field (systemd's `JOURNAL_NATIVE_PROTOCOL`).

use std::fmt::Write as _;
use std::io;
use std::os::unix::fs::MetadataExt;
use std::os::unix::net::UnixDatagram;
use std::path::Path;

use tracing::{Level, Metadata};

use super::Said;
use crate::speaker::prefixed;

const SOCKET: &str = "/run/systemd/journal/socket";

/// What every field of ours begins with.
const PREFIX: &str = "NETDATA_ILERT";

/// The journal, connected.
pub(super) struct Journal(UnixDatagram);

impl Journal {
    /// The journal, if stderr goes there: then `JOURNAL_STREAM` names its device and inode (systemd.exec(5)). The
    /// variable alone is not enough, as children inherit it.
    pub(super) fn of_stderr() -> Option<Self> {
        let named = std::env::var("JOURNAL_STREAM").ok()?;
        let (device, inode) = named.split_once(':')?;
        let stderr = std::fs::metadata("/proc/self/fd/2").ok()?;
        if device.parse() != Ok(stderr.dev()) || inode.parse() != Ok(stderr.ino()) {
            return None;
        }
        Self::at(Path::new(SOCKET)).ok()
    }

    pub(super) fn at(socket: &Path) -> io::Result<Self> {
        let journal = UnixDatagram::unbound()?;
        journal.connect(socket)?;
        Ok(Self(journal))
    }

    /// Texts have one line, as [`Said`] makes them: a line break would begin another field.
    pub(super) fn send(&self, metadata: &Metadata<'_>, said: &Said) -> io::Result<()> {
        let priority = match *metadata.level() {
            Level::ERROR => 3,
            Level::WARN => 4,
            Level::INFO => 5,
            Level::DEBUG => 6,
            Level::TRACE => 7,
        };
        let mut entry =
            format!("PRIORITY={priority}\nSYSLOG_IDENTIFIER=netdata-ilert\nTARGET={}\n", metadata.target());
        if let (Some(file), Some(line)) = (metadata.file(), metadata.line()) {
            let _ = writeln!(entry, "CODE_FILE={file}\nCODE_LINE={line}");
        }
        let _ = writeln!(entry, "MESSAGE={}", prefixed(&said.message));
        for (name, text) in &said.fields {
            let _ = writeln!(entry, "{PREFIX}_{}={text}", name.to_ascii_uppercase());
        }
        self.0.send(entry.as_bytes()).map(drop)
    }
}
