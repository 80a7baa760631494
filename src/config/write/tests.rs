use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
use std::path::Path;

use tempfile::TempDir;

use super::{write, write_key};
use crate::config::{ConfigError, TEMPLATE, load};
use crate::secret::{Secret, SecretKind};

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().mode() & 0o7777
}

fn chmod(path: &Path, mode: u32) {
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}

fn names(folder: &Path) -> Vec<String> {
    fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
}

fn with_literal() -> String {
    TEMPLATE.replace("api_key = { file = \"/etc/netdata-ilert/api-key\" }", "api_key = 'il1api0123456789'")
}

#[test]
fn a_new_file_is_its_owners_alone_and_its_folder_is_made() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("a/b/config.toml");
    write(&path, &TEMPLATE).unwrap();
    assert_eq!(fs::read_to_string(&path).unwrap(), *TEMPLATE);
    assert_eq!(mode(&path), 0o600);
    let expected = if crate::config::is_root() { 0o755 } else { 0o700 };
    assert_eq!(mode(path.parent().unwrap()), expected);
    assert_eq!(names(path.parent().unwrap()), ["config.toml"]);
    assert!(load(&path).is_ok());
}

#[test]
fn a_file_that_is_there_keeps_its_mode_unless_it_now_holds_a_secret() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("config.toml");
    fs::write(&path, "old").unwrap();
    chmod(&path, 0o640);
    write(&path, &TEMPLATE).unwrap();
    assert_eq!(mode(&path), 0o640);
    write(&path, &with_literal()).unwrap();
    assert_eq!(mode(&path), 0o600);
    assert!(load(&path).is_ok());
}

#[test]
fn a_file_that_is_there_keeps_its_owner() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("config.toml");
    fs::write(&path, "old").unwrap();
    chmod(&path, 0o640);
    if std::os::unix::fs::chown(&path, Some(12_345), Some(12_346)).is_err() {
        eprintln!("skipped: only root gives files away");
        return;
    }
    write(&path, &TEMPLATE).unwrap();
    let metadata = fs::metadata(&path).unwrap();
    assert_eq!((metadata.uid(), metadata.gid(), mode(&path)), (12_345, 12_346, 0o640));
}

#[test]
fn an_invalid_configuration_is_not_written() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("config.toml");
    fs::write(&path, TEMPLATE.as_str()).unwrap();
    assert!(matches!(write(&path, "version = 2"), Err(ConfigError::Invalid { .. })));
    assert_eq!(fs::read_to_string(&path).unwrap(), *TEMPLATE);
    assert_eq!(names(folder.path()), ["config.toml"]);
}

#[test]
fn a_link_stays_and_its_target_is_written() {
    let folder = TempDir::new().unwrap();
    let (target, middle, link) =
        (folder.path().join("real/config.toml"), folder.path().join("middle"), folder.path().join("link"));
    symlink("real/config.toml", &middle).unwrap();
    symlink(&middle, &link).unwrap();
    // Once while the target is not there yet, once when it is.
    for _ in 0..2 {
        write(&link, &TEMPLATE).unwrap();
        assert!(link.is_symlink() && middle.is_symlink() && !target.is_symlink());
        assert_eq!(fs::read_to_string(&target).unwrap(), *TEMPLATE);
    }
}

#[test]
fn links_in_a_circle_are_an_error() {
    let folder = TempDir::new().unwrap();
    let link = folder.path().join("link");
    symlink("link", &link).unwrap();
    let error = write(&link, &TEMPLATE).unwrap_err().to_string();
    assert!(error.contains("too many links"), "{error}");
}

#[test]
fn what_cannot_be_replaced_leaves_nothing_behind() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("config.toml");
    fs::create_dir(&path).unwrap();
    let error = write(&path, &TEMPLATE).unwrap_err().to_string();
    assert!(error.starts_with(&format!("cannot write `{}`", path.display())), "{error}");
    assert_eq!(names(folder.path()), ["config.toml"]);
}

#[test]
fn a_key_is_its_owners_alone_whatever_was_there() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("api-key");
    let key = Secret::new("il1api0123456789abcdef3f9a".into());
    fs::write(&path, "old").unwrap();
    chmod(&path, 0o666);
    write_key(&path, &key).unwrap();
    assert_eq!(mode(&path), 0o600);
    assert_eq!(fs::read_to_string(&path).unwrap(), "il1api0123456789abcdef3f9a\n");
    let source = crate::config::SecretSource::File(path);
    assert_eq!(source.resolve(SecretKind::Key).unwrap(), key);
}

#[test]
fn a_readable_file_with_a_secret_is_refused_on_load() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("config.toml");
    fs::write(&path, with_literal()).unwrap();
    chmod(&path, 0o644);
    let error = load(&path).unwrap_err().to_string();
    assert!(error.contains(&format!("`chmod 600 {}`", path.display())) && error.contains("0644"), "{error}");
    assert!(!error.contains("il1api"), "{error}");
    chmod(&path, 0o600);
    assert!(load(&path).is_ok());
}

#[test]
fn what_is_no_configuration_says_so() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("config.toml");
    assert!(matches!(load(&path), Err(ConfigError::Missing { .. })));
    assert!(load(folder.path()).unwrap_err().to_string().contains("it is a folder"));
    fs::write(&path, vec![b'#'; 1024 * 1024 + 1]).unwrap();
    assert!(load(&path).unwrap_err().to_string().contains("larger than 1 MiB"));
    fs::write(&path, b"version = 1\n# \xff\n").unwrap();
    assert!(
        load(&path)
            .unwrap_err()
            .to_string()
            .ends_with("config.toml:2: this is not TOML: the text is not UTF-8")
    );
}
