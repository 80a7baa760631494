use std::ffi::OsString;
use std::fs;
use std::os::unix::ffi::OsStringExt;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use crate::config::SecretError;
use crate::config::{Config, ConfigError, SecretSource, parse};
use crate::secret::{Flaw, Secret, SecretKind};

const KEY: &str = "il1api0123456789abcdef3f9a";

fn file(folder: &TempDir, bytes: &[u8], mode: u32) -> PathBuf {
    let path = folder.path().join("api-key");
    fs::write(&path, bytes).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
    path
}

fn resolve(source: &SecretSource, variables: &[(&str, OsString)]) -> Result<String, SecretError> {
    let env = |name: &str| variables.iter().find(|(found, _)| *found == name).map(|(_, value)| value.clone());
    source.resolve_with(SecretKind::Key, env).map(|cleaned| cleaned.secret.expose().to_owned())
}

fn from_file(bytes: &[u8], mode: u32) -> Result<String, SecretError> {
    let folder = TempDir::new().unwrap();
    resolve(&SecretSource::File(file(&folder, bytes, mode)), &[])
}

#[test]
fn a_file_is_trimmed() {
    assert_eq!(from_file(format!("  {KEY}\r\n\n").as_bytes(), 0o600).unwrap(), KEY);
    assert_eq!(from_file(KEY.as_bytes(), 0o400).unwrap(), KEY);
}

#[test]
fn a_file_that_others_can_read_is_refused_with_the_command_that_mends_it() {
    for mode in [0o640, 0o604, 0o620, 0o601, 0o777] {
        let folder = TempDir::new().unwrap();
        let path = file(&folder, KEY.as_bytes(), mode);
        let error = resolve(&SecretSource::File(path.clone()), &[]).unwrap_err().to_string();
        assert!(error.contains(&format!("`chmod 600 {}`", path.display())), "{error}");
        assert!(error.contains(&format!("{mode:04o}")), "{error}");
        assert!(!error.contains(KEY), "{error}");
    }
}

#[test]
fn a_file_holds_one_line_of_text() {
    for (bytes, expected) in [
        (&b""[..], Flaw::Empty),
        (b" \n\t\n", Flaw::Empty),
        (b"one\ntwo", Flaw::Control),
        (b"one\0two", Flaw::Control),
        (b"one\x1b[0mtwo", Flaw::Control),
        (b"\xff\xfe", Flaw::NotUtf8),
        (&vec![b'x'; 64 * 1024 + 1], Flaw::TooLarge),
    ] {
        match from_file(bytes, 0o600) {
            Err(SecretError::File { flaw, .. }) => assert_eq!(flaw, expected),
            other => panic!("{expected:?}: {other:?}"),
        }
    }
    assert_eq!(from_file(&vec![b'x'; 64 * 1024], 0o600).unwrap().len(), 64 * 1024);
}

#[test]
fn a_missing_file_and_a_folder_are_told_apart() {
    let folder = TempDir::new().unwrap();
    let missing = resolve(&SecretSource::File(folder.path().join("it's gone")), &[]).unwrap_err();
    assert!(missing.to_string().contains(r"it'\''s gone'`"), "{missing}");
    let error = resolve(&SecretSource::File(folder.path().to_owned()), &[]).unwrap_err();
    assert!(error.to_string().contains("it is a folder"), "{error}");
}

#[test]
fn a_closed_file_says_whose_it_is_and_who_asked() {
    if crate::config::is_root() {
        eprintln!("skipped: nothing is closed to root");
        return;
    }
    let folder = TempDir::new().unwrap();
    let path = file(&folder, KEY.as_bytes(), 0o000);
    let error = resolve(&SecretSource::File(path), &[]).unwrap_err().to_string();
    assert!(
        error.contains("permission denied, as it belongs to") && error.contains("this runs as"),
        "{error}"
    );
}

#[test]
fn a_variable_is_trimmed_and_checked() {
    let source = SecretSource::Env("ILERT_API_KEY".into());
    let with = |value: OsString| resolve(&source, &[("ILERT_API_KEY", value)]);
    assert_eq!(with(format!(" {KEY} ").into()).unwrap(), KEY);
    assert!(matches!(resolve(&source, &[]), Err(SecretError::NoVariable(_))));
    assert!(matches!(with("".into()), Err(SecretError::Variable { flaw: Flaw::Empty, .. })));
    assert!(matches!(with("a\nb".into()), Err(SecretError::Variable { flaw: Flaw::Control, .. })));
    let bytes = OsString::from_vec(vec![0xff]);
    assert!(matches!(with(bytes), Err(SecretError::Variable { flaw: Flaw::NotUtf8, .. })));
}

#[test]
fn a_credential_is_systemds_whatever_its_mode() {
    let folder = TempDir::new().unwrap();
    file(&folder, KEY.as_bytes(), 0o440);
    let variables = [("CREDENTIALS_DIRECTORY", folder.path().as_os_str().to_owned())];
    let source = SecretSource::Credential("api-key".into());
    assert_eq!(resolve(&source, &variables).unwrap(), KEY);

    let without = resolve(&source, &[]).unwrap_err().to_string();
    assert!(without.contains("systemd") && without.contains("LoadCredential=api-key:"), "{without}");
    let other = resolve(&SecretSource::Credential("other".into()), &variables).unwrap_err();
    assert!(matches!(other, SecretError::NoCredential(_)), "{other}");
}

#[test]
fn a_literal_is_trimmed_and_checked() {
    let literal = |text: &str| resolve(&SecretSource::Literal(Secret::new(text.into())), &[]);
    assert_eq!(literal(&format!("{KEY}\n")).unwrap(), KEY);
    assert!(matches!(literal("  "), Err(SecretError::Literal(Flaw::Empty))));
    assert!(matches!(literal("a\tb"), Err(SecretError::Literal(Flaw::Control))));
}

fn config(rest: &str) -> Config {
    let text = format!(
        "version = 1\nnotification = {{ name = 'x', notify = ['critical'] }}\n\
         integration.api_key = {{ env = 'NETDATA_ILERT_TEST_NOT_SET' }}\n{rest}"
    );
    parse(&text, Path::new("/etc/netdata-ilert/config.toml")).unwrap()
}

#[test]
fn errors_name_the_key_of_the_configuration() {
    let error = config("").api_key().unwrap_err();
    assert!(matches!(error, ConfigError::Secret { key: "integration.api_key", .. }));
    assert!(error.to_string().starts_with("`integration.api_key`: the environment variable"), "{error}");
}

#[test]
fn a_heartbeat_that_is_kept_elsewhere_is_a_url_too() {
    let folder = TempDir::new().unwrap();
    for (url, good) in [
        ("https://beat.ilert.com/api/pings/key", true),
        ("http://127.0.0.1:9/ping", true),
        ("http://beat.ilert.com/api/pings/key", false),
        ("key", false),
    ] {
        let path = file(&folder, url.as_bytes(), 0o600);
        let config = config(&format!("heartbeat.url.file = '{}'", path.display()));
        match config.heartbeat_url() {
            Ok(found) => assert_eq!((good, found.unwrap().expose()), (true, url)),
            Err(error) => assert!(!good && !error.to_string().contains("pings/key"), "{error}"),
        }
    }
    assert!(config("").heartbeat_url().unwrap().is_none());
}

#[test]
fn knows_whether_the_file_itself_is_a_secret() {
    for (rest, expected) in [
        ("", false),
        ("netdata.bearer_token = 'x'", true),
        ("netdata.username = 'x'\nnetdata.password = 'x'", true),
        ("netdata.bearer_token.file = 'x'", false),
        ("heartbeat.url = 'https://beat.ilert.com/x'", true),
        ("ilert.proxy = 'http://proxy:1'", false),
        ("ilert.proxy = 'http://me:pass@proxy:1'", true),
    ] {
        assert_eq!(config(rest).holds_secret(), expected, "{rest}");
    }
}
