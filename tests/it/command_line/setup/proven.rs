//! Whether the key was proven is known from the state, and not from what is written.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt as _;

use super::Host;
use super::schedules::{UsersHost, give};
use crate::stage::{end, has};

#[test]
fn what_was_set_up_without_a_test_is_tested_by_the_next_call() {
    let host = Host::new();
    host.by_key(&["--name", "a", "--no-test"]).is(0).says("live test, before anything is written: none");
    assert!(!host.0.stage.state().exists(), "nothing is proven");
    host.by_key(&[]).is(0).says("unchanged: `").says("accepted means queued");
    assert_eq!(host.tests(), 1);
    host.by_key(&[]).is(0).says("by a live test with priority LOW, so there is no live test");
    host.by_key(&["--no-test"]).is(0);
    assert_eq!(host.tests(), 1);
    for (path, mode, bytes) in host.0.stage.state_files() {
        assert!(mode == 0o600 && !has(&bytes, crate::stage::KEY), "{}", path.display());
    }
    // It is no run: what is open is asked of nobody, and nothing looks lost.
    let status = end(host.program(&["--status"]));
    assert!(status.is(0).stdout.starts_with("last run: never\n"), "{status:?}");
}

#[test]
fn a_test_that_escalates_proves_more_than_one_that_does_not() {
    let host = Host::new();
    host.by_key(&["--name", "a"]).is(0);
    let high = ["--priority", "high"];
    host.by_key(&high).is(0).says("this escalates");
    host.by_key(&high).is(0).says("with priority HIGH, so there is no live test");
    host.by_key(&[]).is(0).says("so there is no live test");
    assert_eq!(host.tests(), 2);
}

#[test]
fn a_test_by_hand_proves_it_where_there_is_a_state() {
    let host = Host::new();
    host.by_key(&["--name", "a", "--no-test"]).is(0);
    end(host.program(&["--test"])).is(0);
    assert!(!host.0.stage.state().exists(), "who tests need not be who sends");
    end(host.program(&["--send"])).is(0);
    end(host.program(&["--test"])).is(0);
    host.by_key(&[]).is(0).says("so there is no live test");
    assert_eq!(host.0.stage.ilert.history().len(), 3);
}

#[test]
fn a_record_that_cannot_be_kept_is_said() {
    let Some(host) = UsersHost::new() else { return };
    // The configuration has its folder; the state cannot be made beside it.
    let (folder, etc) = (host.0.0.stage.folder.path(), host.0.etc(""));
    fs::create_dir(&etc).unwrap();
    give(&etc);
    fs::set_permissions(folder, Permissions::from_mode(0o555)).unwrap();
    let ended = host.by_key(&["--name", "a"]);
    fs::set_permissions(folder, Permissions::from_mode(0o755)).unwrap();
    ended.is(1).says("cannot keep a record that the live test passed: ").says("wrote `");
}
