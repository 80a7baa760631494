//! A text in somebody's own editor.

use std::fs;
use std::io::{Read as _, Write as _};
use std::path::Path;
use std::process::ExitStatus;
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process, test_kill_process};
use tokio::task::spawn_blocking;

use crate::child;

/// No more is read back (bytes); what a template may have, its own check says.
const LONGEST: u64 = 1 << 20;

/// How long an editor may take to put the terminal in order, once it is told to end.
const LAST: Duration = Duration::from_secs(1);

/// How often it is looked whether it has.
const PAUSE: Duration = Duration::from_millis(5);

/// The editor that the environment names, as a shell command.
pub(super) fn chosen(variable: impl Fn(&str) -> Option<String>) -> Result<String, String> {
    let named = ["VISUAL", "EDITOR"].into_iter().filter_map(variable);
    named.map(|command| command.trim().to_owned()).find(|command| !command.is_empty()).ok_or_else(|| {
        "no editor is named: set VISUAL or EDITOR (such as EDITOR=nano), or type here".to_owned()
    })
}

/// Lets the editor change a text in a file of its own, and gives what the text is then. Dropped early, it ends the editor.
pub(super) async fn run(editor: &str, text: &str) -> Result<String, String> {
    let failed = |error: std::io::Error| format!("cannot open the editor: {error}; the text stays as it is");
    // Mode 0600. The name says what it is: a template.
    let mut file = tempfile::Builder::new().prefix("template-").suffix(".j2").tempfile().map_err(failed)?;
    file.write_all(text.as_bytes()).and_then(|()| file.write_all(b"\n")).map_err(failed)?;
    // As git does it: the variable may hold arguments.
    let mut command = child::command("/bin/sh");
    command.args(["-c", &format!("{editor} \"$1\""), "sh"]).arg(file.path());
    let mut child = command.spawn().map_err(failed)?;
    let running = Running(i32::try_from(child.id()).ok().and_then(Pid::from_raw));
    let ended = spawn_blocking(move || child.wait()).await.map_err(|error| error.to_string())?;
    running.has_ended();
    let status: ExitStatus = ended.map_err(failed)?;
    if !status.success() {
        return Err(format!("`{editor}` failed ({status}): the text stays as it is"));
    }
    // Many editors write another file and give it the name.
    saved(file.path()).map_err(|reason| format!("{reason}; the text stays as it is"))
}

/// What the editor saved.
fn saved(path: &Path) -> Result<String, String> {
    let unread = |error: std::io::Error| format!("cannot read what the editor saved: {error}");
    let file = std::fs::File::open(path).map_err(unread)?;
    let size = file.metadata().map_err(unread)?.len();
    if size > LONGEST {
        return Err(format!("what the editor saved has {size} bytes, and a template {LONGEST} at most"));
    }
    let mut bytes = Vec::new();
    file.take(LONGEST).read_to_end(&mut bytes).map_err(unread)?;
    String::from_utf8(bytes).map_err(|_| "what the editor saved is not UTF-8 text".to_owned())
}

/// An editor under way.
struct Running(Option<Pid>);

impl Running {
    fn has_ended(mut self) {
        self.0 = None;
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if let Some(shell) = self.0 {
            end(&with_children(shell));
        }
    }
}

/// A process and all that it started, and they: the shell waits for the editor, which may be a script of its own. They
/// have no process group of their own, as whoever has the terminal must be in the one in front.
fn with_children(process: Pid) -> Vec<Pid> {
    let mut all = vec![process];
    let mut at = 0;
    while let Some(parent) = all.get(at) {
        let id = parent.as_raw_nonzero();
        let listed = fs::read_to_string(format!("/proc/{id}/task/{id}/children")).unwrap_or_default();
        all.extend(listed.split_whitespace().filter_map(|id| Pid::from_raw(id.parse().ok()?)));
        at += 1;
    }
    all
}

/// Whether a process has not ended. One that nobody has waited for yet has.
fn is_there(process: Pid) -> bool {
    let stat = fs::read_to_string(format!("/proc/{}/stat", process.as_raw_nonzero())).unwrap_or_default();
    test_kill_process(process).is_ok() && !stat.contains(") Z ")
}

/// Ends processes, and waits until they have ended: they have the terminal until then.
fn end(processes: &[Pid]) {
    // One that has ended by now needs no signal.
    let all = |signal| {
        for process in processes {
            let _ = kill_process(*process, signal);
        }
    };
    all(Signal::TERM);
    let deadline = Instant::now() + LAST;
    while processes.iter().any(|process| is_there(*process)) {
        if Instant::now() >= deadline {
            all(Signal::KILL);
            return;
        }
        thread::sleep(PAUSE);
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use rustix::process::{Pid, test_kill_process};

    use super::{chosen, run};

    #[test]
    fn visual_comes_before_editor_and_none_is_said() {
        for (visual, editor, expected) in [
            (Some("code --wait"), Some("vi"), Ok("code --wait")),
            (Some(" "), Some("vi"), Ok("vi")),
            (None, None, Err("EDITOR=nano")),
        ] {
            let variable = |name: &str| if name == "VISUAL" { visual } else { editor }.map(str::to_owned);
            match (chosen(variable), expected) {
                (Ok(chosen), Ok(expected)) => assert_eq!(chosen, expected),
                (Err(said), Err(expected)) => assert!(said.contains(expected), "{said}"),
                (chosen, _) => panic!("{chosen:?}"),
            }
        }
    }

    #[tokio::test]
    async fn an_editor_that_is_given_up_ends_with_all_that_it_started() {
        let folder = tempfile::tempdir().unwrap();
        let noted = folder.path().join("pid");
        // A script that waits for the editor proper, as many wrappers do.
        let editor =
            format!("sh -c 'sleep 600 & echo $! > {0}.new; mv {0}.new {0}; wait; true'", noted.display());
        let editing = run(&editor, "text");
        tokio::pin!(editing);
        let mut looks = tokio::time::interval(std::time::Duration::from_millis(5));
        let id = loop {
            tokio::select! {
                ended = &mut editing => panic!("{ended:?}"),
                _ = looks.tick() => if let Ok(id) = fs::read_to_string(&noted) { break id; },
            }
        };
        let editor = Pid::from_raw(id.trim().parse().unwrap()).unwrap();
        assert!(test_kill_process(editor).is_ok());
        editing.set(run("true", ""));
        let state = fs::read_to_string(format!("/proc/{}/stat", id.trim())).unwrap_or_default();
        assert!(state.is_empty() || state.contains(") Z "), "{state}");
    }

    #[tokio::test]
    async fn gives_what_was_written_or_says_why_not() {
        assert_eq!(run("true", "a\nb").await.unwrap(), "a\nb\n");
        let script = "sh -c 'printf new > \"$0.new\"; mv \"$0.new\" \"$0\"'";
        assert_eq!(run(script, "old").await.unwrap(), "new");
        for (script, expected) in
            [(r#"sh -c 'printf "\377" > "$0"'"#, "not UTF-8"), ("truncate -s 3000000", "has 3000000 bytes")]
        {
            let said = run(script, "old").await.unwrap_err();
            assert!(said.contains(expected) && said.contains("stays as it is"), "{said}");
        }
        for editor in ["false", "/nowhere/editor"] {
            let said = run(editor, "old").await.unwrap_err();
            assert!(said.contains(editor) && said.contains("stays as it is"), "{said}");
        }
    }
}
