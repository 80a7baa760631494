//! Whose the state folder is, and who else can change it.

use std::fs::{self, Permissions};
use std::os::unix::fs::{PermissionsExt, chown, symlink};
use std::path::Path;
use std::process::Command;

use netdata_ilert::alert::Status;
use rustix::process::geteuid;

use crate::stage::{Stage, bare, end};

/// The binary as a user who owns the stage, but not what others made in it.
fn as_nobody(stage: &Stage, arguments: &[&str]) -> Command {
    let inner = stage.command(arguments);
    let mut command = Command::new("setpriv");
    command.args(["--reuid=65534", "--regid=65534", "--clear-groups"]);
    command.arg(inner.get_program()).args(inner.get_args());
    command.env("HOME", stage.folder.path());
    command
}

fn give(path: &Path, user: u32) {
    chown(path, Some(user), Some(user)).unwrap();
    if path.is_dir() {
        for entry in fs::read_dir(path).unwrap() {
            give(&entry.unwrap().path(), user);
        }
    }
}

#[test]
fn that_is_another_users_is_said_to_be_with_what_to_do() {
    if !geteuid().is_root() {
        eprintln!("skipped: only root can make another user's files");
        return;
    }
    let stage = Stage::new();
    stage.set("cpu", Status::Critical);
    give(stage.folder.path(), 65534);
    fs::set_permissions(stage.folder.path(), fs::Permissions::from_mode(0o700)).unwrap();
    if end(as_nobody(&stage, &["--version"])).code != Some(0) {
        eprintln!("skipped: another user cannot run the binary where it is");
        return;
    }
    let folder = stage.state();
    let shown = folder.display();

    // No folder yet, and none may be made.
    give(stage.folder.path(), 0);
    for name in ["config.toml", "key"] {
        give(&stage.path(name), 65534);
    }
    fs::set_permissions(stage.folder.path(), fs::Permissions::from_mode(0o755)).unwrap();
    for arguments in [&["--send"][..], &["--send", "--dry-run"]] {
        end(as_nobody(&stage, arguments))
            .is(1)
            .says("belongs to `root` (mode 0755), and this runs as `nobody`")
            .says(&format!("make the folder with `sudo install -d -o nobody -m 700 {shown}`"));
    }

    // Root's folder. Root's sender heeds no configuration of another user.
    for user in [0, 65534] {
        for name in ["config.toml", "key"] {
            give(&stage.path(name), user);
        }
        if user == 0 {
            stage.send().is(0);
        }
    }
    for mode in ["--send", "--status"] {
        end(as_nobody(&stage, &[mode]))
            .is(1)
            .says(&format!(
                "`{shown}` belongs to `root` (mode 0700), and this runs as `nobody`: run it as `root`, or give the \
                 folder to `nobody` with `sudo chown -R nobody {shown}`"
            ))
            .says("; silences made by hand are in it and hold no page back until it can be read");
    }

    // One `sudo` left its files in a folder of one's own.
    chown(&folder, Some(65534), Some(65534)).unwrap();
    for own in [&[][..], &["lock", "generation"]] {
        for name in own {
            give(&folder.join(name), 65534);
        }
        end(as_nobody(&stage, &["--send"]))
            .is(1)
            .says("belongs to `root` (mode 0600), and this runs as `nobody`")
            .says(&format!("give it back with `sudo chown -R nobody {shown}`"));
    }
    give(&folder, 65534);
    end(as_nobody(&stage, &["--send"])).is(0);
    let told = stage.told();
    assert!(
        told.len() > 1 && told.iter().all(|one| one == "ALERT cpu critical"),
        "no page is silenced: {told:?}"
    );
    assert_eq!(stage.history(), ["cpu critical"]);
}

#[test]
fn a_folder_that_it_did_not_make_keeps_its_mode_and_is_refused() {
    let stage = Stage::new();
    stage.set("cpu", Status::Critical);
    let folder = stage.state();
    fs::create_dir(&folder).unwrap();
    for (file, mode, says) in [
        (Some("letter"), 0o755, "this program did not make it: it holds no state, but `letter`"),
        (Some("letter"), 0o700, "this program did not make it: it holds no state, but `letter`"),
        (None, 0o1777, "all users share this folder (it belongs to"),
    ] {
        fs::remove_dir_all(&folder).unwrap();
        fs::create_dir(&folder).unwrap();
        if let Some(name) = file {
            fs::write(folder.join(name), "mine").unwrap();
        }
        fs::set_permissions(&folder, Permissions::from_mode(mode)).unwrap();
        for arguments in ["--send", "--status", "--retry"] {
            stage.run(&[arguments]).is(1).says(says).says("name a folder of its own with `--state-dir`");
        }
        let ended = stage.run(&["--doctor"]);
        assert!(ended.stdout.contains(says), "{ended:?}");
        assert_eq!(fs::metadata(&folder).unwrap().permissions().mode() & 0o7777, mode);
        assert_eq!(fs::read_dir(&folder).unwrap().count(), usize::from(file.is_some()));
    }
    assert_eq!(stage.told(), [""; 0]);
}

#[test]
fn a_folder_with_its_state_that_others_can_read_is_closed_and_said_to_be() {
    let stage = Stage::new();
    stage.send().is(0);
    let folder = stage.state();
    fs::write(folder.join("note"), "").unwrap();
    let says =
        format!("others could read or enter the state folder `{}`, as it belongs to", folder.display());
    for mode in [0o755, 0o711, 0o750] {
        fs::set_permissions(&folder, Permissions::from_mode(mode)).unwrap();
        let now = || fs::metadata(&folder).unwrap().permissions().mode() & 0o7777;
        for arguments in [&["--status"][..], &["--send", "--dry-run"]] {
            stage.run(arguments).is(0).says(&says).says(&format!("`chmod 700 {}`", folder.display()));
        }
        let ended = stage.run(&["--doctor"]);
        assert!(ended.stdout.contains(&says), "{ended:?}");
        assert_eq!(now(), mode, "only a run closes it");
        stage.send().is(0).says(&says).says("closed");
        assert_eq!(now(), 0o700);
        for arguments in ["--send", "--status"] {
            assert_eq!(stage.run(&[arguments]).is(0).stderr, "", "said once");
        }
    }
}

#[test]
fn a_folder_with_its_state_that_others_can_write_is_refused() {
    let stage = Stage::new();
    stage.send().is(0);
    let folder = stage.state();
    stage.set("cpu", Status::Critical);
    for mode in [0o777, 0o775, 0o730, 0o702] {
        fs::set_permissions(&folder, Permissions::from_mode(mode)).unwrap();
        let (whose, fix) = (format!("(mode {mode:04o})"), format!("`chmod 700 {}`", folder.display()));
        for arguments in [&["--send"][..], &["--status"], &["--retry"], &["--send", "--dry-run"]] {
            let ended = stage.run(arguments);
            ended.is(1).says("others can change the state in it").says(&whose).says(&fix);
        }
        let ended = stage.run(&["--doctor"]);
        assert!(ended.stdout.contains(&fix), "{ended:?}");
        assert_eq!(fs::metadata(&folder).unwrap().permissions().mode() & 0o7777, mode);
    }
    assert_eq!(stage.told(), [""; 0]);
    fs::set_permissions(&folder, Permissions::from_mode(0o700)).unwrap();
    assert_eq!(stage.send_well(), ["ALERT cpu critical"]);
}

/// Puts something that leads to the first path at the second.
type Make = fn(&Path, &Path);

#[test]
fn no_link_and_no_pipe_is_followed() {
    let stage = Stage::new();
    stage.set("cpu", Status::Critical);
    let victim = stage.path("victim");
    let made: [(&str, Make); 3] = [
        ("it is a link, which is never followed", |victim, path| symlink(victim, path).unwrap()),
        ("it has another name as well", |victim, path| fs::hard_link(victim, path).unwrap()),
        ("it is a FIFO", |_, path| {
            assert!(Command::new("mkfifo").arg(path).status().unwrap().success());
        }),
    ];
    for name in ["lock", "state.db", "state.db-wal", "generation"] {
        for (says, make) in made {
            fs::write(&victim, "precious").unwrap();
            fs::set_permissions(&victim, Permissions::from_mode(0o644)).unwrap();
            stage.make_state();
            let path = stage.state().join(name);
            make(&victim, &path);
            for arguments in ["--send", "--status"] {
                let mv = format!("mv {0} {0}.away", path.display());
                stage.run(&[arguments]).is(1).says(says).says(&mv);
            }
            assert_eq!(fs::read_to_string(&victim).unwrap(), "precious");
            assert_eq!(fs::metadata(&victim).unwrap().permissions().mode() & 0o777, 0o644);
            fs::remove_dir_all(stage.state()).unwrap();
        }
    }
    assert_eq!(stage.told(), [""; 0]);
    assert_eq!(stage.send_well(), ["ALERT cpu critical"]);
}

#[test]
fn root_keeps_no_state_where_others_can_write() {
    if !geteuid().is_root() {
        eprintln!("skipped: only root can make another user's files");
        return;
    }
    let stage = Stage::new();
    stage.set("cpu", Status::Critical);
    let folder = stage.state();
    let shown = folder.display();

    // Another user's folder.
    fs::create_dir(&folder).unwrap();
    give(&folder, 65534);
    for arguments in ["--send", "--status"] {
        stage
            .run(&[arguments])
            .is(1)
            .says("it belongs to `nobody` (mode 0755), and this runs as `root`")
            .says(&format!("run it as `nobody`, give the folder away with `sudo chown -R root {shown}`"));
    }
    assert_eq!(fs::metadata(&folder).unwrap().permissions().mode() & 0o777, 0o755);

    // Another user's file.
    give(&folder, 0);
    fs::set_permissions(&folder, Permissions::from_mode(0o700)).unwrap();
    let lock = folder.join("lock");
    fs::write(&lock, "").unwrap();
    give(&lock, 65534);
    stage.send().is(1).says(&format!("if it is yours, run `sudo chown root {}`", lock.display()));

    // A way that others can change.
    let above = stage.path("above");
    fs::create_dir(&above).unwrap();
    for (mode, user, command) in [(0o777, 0, "chmod go-w"), (0o755, 65534, "sudo chown root")] {
        fs::set_permissions(&above, Permissions::from_mode(mode)).unwrap();
        give(&above, user);
        let mut command_line = bare(&["--send", "--config"]);
        command_line.arg(stage.path("config.toml")).arg("--state-dir").arg(above.join("state"));
        end(command_line).is(1).says("others can replace this folder").says(command);
        assert!(!above.join("state").exists());
    }
    assert_eq!(stage.told(), [""; 0]);
}

#[test]
fn what_is_closed_by_its_own_mode_is_opened_by_its_mode() {
    if !geteuid().is_root() {
        eprintln!("skipped: only root can run the binary as another user");
        return;
    }
    let stage = Stage::new();
    give(stage.folder.path(), 65534);
    if end(as_nobody(&stage, &["--version"])).code != Some(0) {
        eprintln!("skipped: another user cannot run the binary where it is");
        return;
    }
    end(as_nobody(&stage, &["--send"])).is(0);
    let folder = stage.state();
    let run = |arguments: &[&str]| {
        let ended = end(as_nobody(&stage, arguments));
        ended.is(1);
        let said = ended.stdout + &ended.stderr;
        assert!(!said.contains("chown") && !said.contains(".doctor-"), "{said}");
        said
    };
    let database = folder.join("state.db");
    for (closed, mode, open, lacks) in
        [(&database, 0o400, 0o600, "u+w"), (&database, 0o000, 0o600, "u+rw"), (&folder, 0o600, 0o700, "u+x")]
    {
        let set = |mode| fs::set_permissions(closed, Permissions::from_mode(mode)).unwrap();
        set(mode);
        let fix = format!("is closed by its mode, {mode:04o}: run `chmod {lacks} {}`", closed.display());
        for arguments in ["--send", "--status", "--doctor"] {
            let said = run(&[arguments]);
            assert!(said.contains(&fix), "{arguments}: {said}");
        }
        if mode == 0o400 {
            assert!(run(&["--status"]).contains("is recorded, and none can be:"), "since when");
        }
        set(open);
        end(as_nobody(&stage, &["--status"])).is(0);
    }
    // A run opens a folder with its own state by itself; what is not its own is a person's to open.
    let close = || fs::set_permissions(&folder, Permissions::from_mode(0o500)).unwrap();
    close();
    let looked = end(as_nobody(&stage, &["--doctor"]));
    let opens = format!("the next `--send` opens it, as `chmod 700 {}` does", folder.display());
    assert!(looked.is(0).stdout.contains(&opens), "{looked:?}");
    end(as_nobody(&stage, &["--status"])).is(0);
    end(as_nobody(&stage, &["--send", "--dry-run"])).is(0);
    end(as_nobody(&stage, &["--send"])).is(0);
    assert_eq!(fs::metadata(&folder).unwrap().permissions().mode() & 0o777, 0o700);
    fs::remove_dir_all(&folder).unwrap();
    fs::create_dir(&folder).unwrap();
    give(&folder, 65534);
    close();
    for arguments in ["--send", "--status", "--doctor"] {
        let said = run(&[arguments]);
        assert!(said.contains(&format!("run `chmod u+w {}`", folder.display())), "{arguments}: {said}");
    }
}
