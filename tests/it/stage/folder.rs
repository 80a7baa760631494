//! The stage's folder: files that only their owner reads, programs, and what a run left behind.

use std::fs::{self, Permissions};
use std::os::unix::fs::{DirBuilderExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};
use std::process::Command;

use super::Stage;

impl Stage {
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn state(&self) -> PathBuf {
        self.path("state")
    }

    /// Makes the state folder as the first run would.
    pub fn make_state(&self) {
        fs::DirBuilder::new().mode(0o700).create(self.state()).unwrap();
    }

    /// Writes a file that only its owner can read.
    pub fn write_private(&self, name: &str, text: &str) -> PathBuf {
        self.write(name, text, 0o600)
    }

    /// A shell script in the folder `bin`, run in the stage's folder.
    pub fn write_program(&self, name: &str, script: &str) {
        fs::create_dir_all(self.path("bin")).unwrap();
        let script = format!("#!/bin/sh\ncd {}\n{script}\n", self.folder.path().display());
        let (text, program) =
            (self.write(&format!("{name}.sh"), &script, 0o600), self.path("bin").join(name));
        // A process of its own writes it: what another thread starts meanwhile would hold it open here, and what is open
        // for writing cannot be run.
        let mut install = Command::new("install");
        assert!(install.args(["-m", "755"]).args([text, program]).status().unwrap().success());
    }

    /// What is read at this moment is not to be seen half written, so another file takes its place.
    fn write(&self, name: &str, text: &str, mode: u32) -> PathBuf {
        let path = self.path(name);
        let new = path.with_extension("new");
        fs::write(&new, text).unwrap();
        fs::set_permissions(&new, Permissions::from_mode(mode)).unwrap();
        fs::rename(new, &path).unwrap();
        path
    }

    /// Every file of the state folder with its mode and contents.
    pub fn state_files(&self) -> Vec<(PathBuf, u32, Vec<u8>)> {
        let entries = fs::read_dir(self.state()).unwrap().map(|entry| entry.unwrap().path());
        entries
            .map(|path| {
                let mode = fs::metadata(&path).unwrap().permissions().mode() & 0o7777;
                let contents = fs::read(&path).unwrap();
                (path, mode, contents)
            })
            .collect()
    }
}

/// Whether any file in a folder, or below it, has this text in it.
pub fn holds(folder: &Path, text: &str) -> bool {
    fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .any(|path| if path.is_dir() { holds(&path, text) } else { has(&fs::read(&path).unwrap(), text) })
}

/// Whether these bytes have this text in them.
pub fn has(bytes: &[u8], text: &str) -> bool {
    bytes.windows(text.len()).any(|window| window == text.as_bytes())
}
