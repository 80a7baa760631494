//! Where an alert is defined, as the agent says it, and the command that edits it.

use std::path::Path;

/// The folder of Netdata's own alerts, inside which an update overwrites what was edited.
const STOCK: &str = "/conf.d/health.d/";

/// A file and a line in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct DefinedAt<'a> {
    /// The whole path.
    pub file: &'a str,
    /// The first line of the alert.
    pub line: u64,
}

impl<'a> DefinedAt<'a> {
    /// Reads `line=11,file=/usr/lib/…/disks.conf` (2.x) or `11@/usr/lib/…/disks.conf` (1.37). `None` for anything else:
    /// an alert made in Netdata Cloud has no file.
    pub fn parse(text: &'a str) -> Option<Self> {
        let (line, file) = match text.strip_prefix("line=") {
            Some(rest) => rest.split_once(",file=")?,
            None => text.split_once('@')?,
        };
        let line = line.parse().ok().filter(|line| *line > 0)?;
        file.starts_with('/').then_some(Self { file, line })
    }

    /// The command that copies one of Netdata's own files and edits the copy, as Netdata's e-mails give it. `None` if a
    /// person wrote the file (edit it in place) or its name needs shell quoting.
    pub fn edit_command(&self) -> Option<String> {
        let (_, name) = self.file.split_once(STOCK)?;
        let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-' | '/');
        let is_file = Path::new(name).extension().is_some_and(|extension| extension == "conf");
        (is_file && name.chars().all(is_plain) && !name.contains(".."))
            .then(|| format!("edit-config health.d/{name}"))
    }
}

#[cfg(test)]
mod tests {
    use super::DefinedAt;

    #[test]
    fn reads_what_each_version_says() {
        let disks = "/usr/lib/netdata/conf.d/health.d/disks.conf";
        for (text, expected) in [
            (format!("line=11,file={disks}"), Some((disks, 11))),
            (format!("11@{disks}"), Some((disks, 11))),
            (
                "line=1,file=/etc/netdata/health.d/a,b@c.conf".into(),
                Some(("/etc/netdata/health.d/a,b@c.conf", 1)),
            ),
            ("23@/etc/netdata/health.d/a@b.conf".into(), Some(("/etc/netdata/health.d/a@b.conf", 23))),
            (String::new(), None),
            ("unittest".into(), None),
            (disks.into(), None),
            ("line=11".into(), None),
            ("line=x,file=/a".into(), None),
            ("line=0,file=/a".into(), None),
            ("-3@/a".into(), None),
            ("99999999999999999999@/a".into(), None),
            ("line=11,file=".into(), None),
            ("11@disks.conf".into(), None),
        ] {
            let source = DefinedAt::parse(&text);
            assert_eq!(source.map(|source| (source.file, source.line)), expected, "{text}");
        }
    }

    #[test]
    fn says_how_to_edit_a_stock_file_and_no_other() {
        for (file, expected) in [
            ("/usr/lib/netdata/conf.d/health.d/disks.conf", Some("edit-config health.d/disks.conf")),
            ("/opt/netdata/usr/lib/netdata/conf.d/health.d/ram.conf", Some("edit-config health.d/ram.conf")),
            ("/usr/lib/netdata/conf.d/health.d/sub/a-b_c.conf", Some("edit-config health.d/sub/a-b_c.conf")),
            ("/etc/netdata/health.d/disks.conf", None),
            ("/usr/lib/netdata/conf.d/health.d/", None),
            ("/usr/lib/netdata/conf.d/health.d/../../x.conf", None),
            ("/usr/lib/netdata/conf.d/health.d/a.conf; rm -rf .conf", None),
            ("/usr/lib/netdata/conf.d/health.d/$(id).conf", None),
        ] {
            let command = DefinedAt { file, line: 1 }.edit_command();
            assert_eq!(command.as_deref(), expected, "{file}");
        }
    }
}
