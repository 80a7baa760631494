//! Whose a file is and as whom this runs: "the test works, real alerts don't" is mostly another user.

use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::Path;

/// Says why a file could not be opened, and what to do.
pub(super) fn denied(path: &Path) -> String {
    let me = user(rustix::process::geteuid().as_raw());
    match fs::metadata(path) {
        Ok(metadata) => {
            let owner = user(metadata.uid());
            format!("permission denied: it belongs to {owner} and this runs as {me}; run this as {owner}")
        }
        // Then a folder on the way is closed.
        Err(_) => {
            format!("permission denied on its folder: this runs as {me}; run this as the folder's owner")
        }
    }
}

/// A user for words: the name, or the number where there is none.
pub(crate) fn user(id: u32) -> String {
    name(id).map_or_else(|| format!("user {id}"), |name| format!("`{name}`"))
}

/// The name of a user in `/etc/passwd`.
pub(crate) fn name(id: u32) -> Option<String> {
    let users = fs::read_to_string("/etc/passwd").unwrap_or_default();
    users.lines().find_map(|line| {
        let mut fields = line.split(':');
        let name = fields.next()?;
        (fields.nth(1)?.parse() == Ok(id)).then(|| name.to_owned())
    })
}

#[cfg(test)]
mod tests {
    #[test]
    fn names_users() {
        assert_eq!(super::user(0), "`root`");
        assert_eq!(super::user(4_000_000_000), "user 4000000000");
    }
}
