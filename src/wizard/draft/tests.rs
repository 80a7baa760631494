use std::fs;
use std::os::unix::fs::PermissionsExt;

use super::{
    ASIDE, AlertSourceWay, Delivery, Draft, FILE, Found, KeyPlace, Rooms, Schedule, load, remove, save,
};

fn full() -> Draft {
    Draft {
        step: Some(4),
        delivery: Some(Delivery::ThisMachine),
        alert_source: Some(AlertSourceWay::ForMe),
        source_name: Some("Netdata".into()),
        ilert_ticks: vec![true, true, false, false],
        cloud_ticks: Vec::new(),
        key_place: Some(KeyPlace::File),
        netdata_url: Some("http://127.0.0.1:19999".into()),
        username: Some("netdata".into()),
        ca_file: Some("/etc/ssl/ca.pem".into()),
        name: Some("Netdata \"production\"".into()),
        rooms: Some(Rooms::Picked(vec!["db-1".into()])),
        room_name: Some("Databases".into()),
        notify: Some(vec!["critical".into(), "clear".into()]),
        summary: Some("{{ alert }}\n".into()),
        details: None,
        schedule: Some(Schedule::Systemd),
    }
}

#[test]
fn goes_on_where_it_was() {
    let folder = tempfile::tempdir().unwrap();
    let state = folder.path().join("state/netdata-ilert");
    assert_eq!(load(&state), Found::Nothing);
    for draft in [Draft::default(), full()] {
        save(&state, &draft).unwrap();
        assert_eq!(load(&state), Found::Draft(Box::new(draft)));
    }
    let mode = |path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode(state.clone()), mode(state.join(FILE))), (0o700, 0o600));
    // Nothing half-written is left beside it.
    assert_eq!(fs::read_dir(&state).unwrap().count(), 1);
    remove(&state).unwrap();
    remove(&state).unwrap();
    assert_eq!(load(&state), Found::Nothing);
}

#[test]
fn keeps_no_password() {
    let folder = tempfile::tempdir().unwrap();
    for (url, kept) in [
        ("https://me:hunter2@netdata.example.org/x", "https://netdata.example.org/x"),
        ("me:hunter2@netdata.example.org", ""),
        ("https://netdata.example.org/x?token=hunter2#hunter2", "https://netdata.example.org/x"),
        ("netdata.example.org?token=hunter2", ""),
        ("netdata.example.org", "netdata.example.org"),
    ] {
        save(folder.path(), &Draft { netdata_url: Some(url.into()), ..Draft::default() }).unwrap();
        assert!(!fs::read_to_string(folder.path().join(FILE)).unwrap().contains("hunter2"));
        let Found::Draft(draft) = load(folder.path()) else { panic!("no draft") };
        assert_eq!(draft.netdata_url.as_deref(), Some(kept));
    }
}

#[test]
fn puts_aside_what_it_cannot_read() {
    for (text, word) in [
        ("", "not kept whole"),
        ("{\"version\": 1, \"na", "not kept whole"),
        ("{\"version\": 2, \"name\": 7}", "newer version"),
        ("{\"version\": 0}", "unknown version"),
        ("{}", "does not read as one"),
        ("{\"version\": 1, \"rooms\": {\"all\": 5}}", "does not read as one"),
        ("[1]", "does not read as one"),
    ] {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join(FILE), text).unwrap();
        let Found::Unusable(said) = load(folder.path()) else { panic!("usable: {text}") };
        assert!(said.contains(word) && said.contains(ASIDE), "{said}");
        assert_eq!(load(folder.path()), Found::Nothing);
        assert_eq!(fs::read_to_string(folder.path().join(ASIDE)).unwrap(), text);
    }
}

#[test]
fn reads_what_has_more_than_it_knows() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join(FILE), "{\"version\": 1, \"name\": \"x\", \"later\": []}").unwrap();
    let expected = Draft { name: Some("x".into()), ..Draft::default() };
    assert_eq!(load(folder.path()), Found::Draft(Box::new(expected)));
}

#[test]
fn says_so_when_it_cannot_be_kept() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    fs::write(&file, "").unwrap();
    let said = save(&file, &Draft::default()).unwrap_err().to_string();
    assert!(said.contains("cannot keep the answers") && said.contains(FILE), "{said}");
}
