//! Names of files in messages.

use std::fmt::Write as _;
use std::os::unix::ffi::OsStrExt as _;
use std::path::Path;

use super::{Fate, fates};

/// Shows the name of a file.
pub trait ShownPath {
    /// On one line, and without loss: what may not be shown, a backslash, and bytes that are no text are escaped, as
    /// `$'…'` of a shell reads them (`a\nb`, `a\xe9`).
    fn shown(&self) -> String;
}

impl ShownPath for Path {
    fn shown(&self) -> String {
        let mut shown = String::new();
        for chunk in self.as_os_str().as_bytes().utf8_chunks() {
            for (c, fate) in fates(chunk.valid()) {
                match c {
                    '\n' => shown.push_str("\\n"),
                    '\\' => shown.push_str("\\\\"),
                    c if fate == Fate::Shown => shown.push(c),
                    c => escape(&mut shown, c.encode_utf8(&mut [0; 4]).as_bytes()),
                }
            }
            escape(&mut shown, chunk.invalid());
        }
        shown
    }
}

fn escape(shown: &mut String, bytes: &[u8]) {
    for byte in bytes {
        // Writing into a `String` cannot fail.
        let _ = write!(shown, "\\x{byte:02x}");
    }
}

/// A path as a shell takes it.
#[must_use]
pub fn quoted(path: &Path) -> String {
    let path = path.shown();
    let plain = |c: char| c.is_alphanumeric() || "/._-+:@%,=".contains(c);
    if !path.is_empty() && path.chars().all(plain) {
        path
    } else if path.contains('\\') {
        // What may not be shown is escaped, which only such quotes take back.
        format!("$'{}'", path.replace('\'', r"\'"))
    } else {
        format!("'{}'", path.replace('\'', r"'\''"))
    }
}

#[cfg(test)]
mod tests {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt as _;
    use std::path::Path;

    use super::{ShownPath as _, quoted};
    use crate::text::is_clean;

    #[test]
    fn escapes_what_may_not_be_shown() {
        for (name, shown) in [
            (&b"/etc/api-key"[..], "/etc/api-key"),
            ("/tmp/Größe 日本".as_bytes(), "/tmp/Größe 日本"),
            (b"a\nb\tc\r", r"a\nb\x09c\x0d"),
            (b"a\x1b[2J", r"a\x1b[2J"),
            (b"caf\xe9", r"caf\xe9"),
            ("a\u{202e}b\u{200b}".as_bytes(), r"a\xe2\x80\xaeb\xe2\x80\x8b"),
            (br"a\nb", r"a\\nb"),
            (b"", ""),
        ] {
            let path = Path::new(OsStr::from_bytes(name)).shown();
            assert_eq!(path, shown);
            assert!(is_clean(&path) && !path.contains('\n'));
        }
    }

    #[test]
    fn quotes_for_a_shell() {
        assert_eq!(quoted(Path::new("/etc/it's")), r"'/etc/it'\''s'");
        assert_eq!(quoted(Path::new("/etc/api-key")), "/etc/api-key");
        assert_eq!(quoted(Path::new("/etc/a\nb'\\")), r"$'/etc/a\nb\'\\'");
    }
}
