//! The default places of the configuration and the state.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

use etcetera::BaseStrategy;
use etcetera::base_strategy::Xdg;

use super::error::ConfigError;

const NAME: &str = "netdata-ilert";
const FILE: &str = "config.toml";

/// Where the first configuration is: in `$CONFIGURATION_DIRECTORY` where systemd sets it (`ConfigurationDirectory=`);
/// else `/etc/netdata-ilert/config.toml` for root and `$XDG_CONFIG_HOME/netdata-ilert/config.toml` for others.
pub fn default_path() -> Result<PathBuf, ConfigError> {
    let home = || Xdg::new().ok().map(|xdg| xdg.config_dir());
    config_path(std::env::var_os("CONFIGURATION_DIRECTORY"), is_root(), home)
}

/// The folder of the first configuration for who runs this in an environment where nothing says otherwise, as cron and
/// systemd do. `home` is the user's home folder.
#[must_use]
pub fn usual_folder(root: bool, home: &Path) -> PathBuf {
    let folder = if root { PathBuf::from("/etc") } else { home.join(".config") };
    folder.join(NAME)
}

/// `$STATE_DIRECTORY` where systemd sets it (`StateDirectory=`); else `/var/lib/netdata-ilert` for root and
/// `$XDG_STATE_HOME/netdata-ilert` for others.
pub fn default_state_dir() -> Result<PathBuf, ConfigError> {
    let home = || Xdg::new().ok().and_then(|xdg| xdg.state_dir());
    state_dir(std::env::var_os("STATE_DIRECTORY"), is_root(), home)
}

/// Whether this runs as root.
#[must_use]
pub fn is_root() -> bool {
    rustix::process::geteuid().is_root()
}

fn config_path(
    systemd: Option<OsString>,
    root: bool,
    home: impl FnOnce() -> Option<PathBuf>,
) -> Result<PathBuf, ConfigError> {
    if let Some(folder) = systemd.and_then(one) {
        return Ok(folder.join(FILE));
    }
    let folder = if root { Some(PathBuf::from("/etc")) } else { home() };
    let folder = folder.ok_or(ConfigError::NoHome { option: "--config FILE" })?;
    Ok(folder.join(NAME).join(FILE))
}

/// The folder that systemd names. With several, colons separate them, and which is meant is not for us to guess.
fn one(folders: OsString) -> Option<PathBuf> {
    let path = PathBuf::from(folders);
    (path.is_absolute() && !path.as_os_str().as_encoded_bytes().contains(&b':')).then_some(path)
}

fn state_dir(
    systemd: Option<OsString>,
    root: bool,
    home: impl FnOnce() -> Option<PathBuf>,
) -> Result<PathBuf, ConfigError> {
    if let Some(path) = systemd.and_then(one) {
        return Ok(path);
    }
    let folder = if root { Some(PathBuf::from("/var/lib")) } else { home() };
    Ok(folder.ok_or(ConfigError::NoHome { option: "--state-dir DIR" })?.join(NAME))
}

/// The one path that a file has however it is spelt: without links, `..` and double slashes. What is not there yet has
/// that of its folder.
#[must_use]
pub fn real(path: &Path) -> PathBuf {
    if let Ok(real) = fs::canonicalize(path) {
        return real;
    }
    let path = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let folder = path.parent().and_then(|folder| fs::canonicalize(folder).ok());
    folder.zip(path.file_name()).map_or_else(|| path.clone(), |(folder, name)| folder.join(name))
}

#[cfg(test)]
mod tests {
    use std::path::{Path, PathBuf};

    use super::{config_path, real, state_dir};

    #[test]
    fn a_file_has_one_path_however_it_is_spelt() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| real(&folder.path().join(name));
        std::fs::create_dir(folder.path().join("a")).unwrap();
        std::fs::write(folder.path().join("a/x.toml"), "").unwrap();
        std::os::unix::fs::symlink("a/x.toml", folder.path().join("link.toml")).unwrap();
        std::os::unix::fs::symlink("a", folder.path().join("b")).unwrap();
        for spelling in ["a/x.toml", "./a//x.toml", "a/../a/x.toml", "link.toml", "b/x.toml"] {
            assert_eq!(at(spelling), at("a/x.toml"), "{spelling}");
        }
        assert_eq!(at("b/../b/new.toml"), at("a/new.toml"));
        assert_ne!(at("a/new.toml"), at("new.toml"));
        assert_eq!(real(Path::new("/no/such/x.toml")), Path::new("/no/such/x.toml"));
    }

    #[allow(clippy::unnecessary_wraps)] // stands in for a lookup that may find nothing
    fn home() -> Option<PathBuf> {
        Some(PathBuf::from("/home/me/.x"))
    }

    #[test]
    fn root_has_the_systems_folders() {
        assert_eq!(config_path(None, true, home).unwrap(), Path::new("/etc/netdata-ilert/config.toml"));
        assert_eq!(state_dir(None, true, home).unwrap(), Path::new("/var/lib/netdata-ilert"));
    }

    #[test]
    fn others_have_their_own() {
        assert_eq!(
            config_path(None, false, home).unwrap(),
            Path::new("/home/me/.x/netdata-ilert/config.toml")
        );
        assert_eq!(state_dir(None, false, home).unwrap(), Path::new("/home/me/.x/netdata-ilert"));
    }

    #[test]
    fn systemd_may_say_where() {
        for (variable, expected) in [
            ("/var/lib/private/x", "/var/lib/private/x"),
            ("/var/lib/a:/var/lib/b", "/var/lib/netdata-ilert"),
            ("", "/var/lib/netdata-ilert"),
            ("relative", "/var/lib/netdata-ilert"),
        ] {
            assert_eq!(state_dir(Some(variable.into()), true, home).unwrap(), Path::new(expected));
        }
        let config = |variable: &str| config_path(Some(variable.into()), true, home).unwrap();
        assert_eq!(config("/srv/x"), Path::new("/srv/x/config.toml"));
        assert_eq!(config("relative"), Path::new("/etc/netdata-ilert/config.toml"));
    }

    #[test]
    fn nobody_has_none() {
        let error = config_path(None, false, || None).unwrap_err().to_string();
        assert!(error.contains("--config FILE"), "{error}");
        let error = state_dir(None, false, || None).unwrap_err().to_string();
        assert!(error.contains("--state-dir DIR"), "{error}");
    }
}
