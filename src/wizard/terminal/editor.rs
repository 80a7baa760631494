//! A text in somebody's own editor.

use std::io::{Read as _, Write as _};
use std::process::{Command, ExitStatus};

use rustix::process::{Pid, Signal, kill_process};
use tokio::task::spawn_blocking;

/// No template is longer (bytes).
const LONGEST: u64 = 1 << 20;

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
    let mut command = Command::new("/bin/sh");
    command.args(["-c", &format!("{editor} \"$1\""), "sh"]).arg(file.path());
    let mut child = command.spawn().map_err(failed)?;
    let running = Running(i32::try_from(child.id()).ok().and_then(Pid::from_raw));
    let ended = spawn_blocking(move || child.wait()).await.map_err(|error| error.to_string())?;
    running.has_ended();
    let status: ExitStatus = ended.map_err(failed)?;
    if !status.success() {
        return Err(format!("`{editor}` failed ({status}): the text stays as it is"));
    }
    let mut text = String::new();
    // Many editors write another file and give it the name.
    let written = std::fs::File::open(file.path()).map_err(failed)?;
    written.take(LONGEST).read_to_string(&mut text).map_err(failed)?;
    Ok(text)
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
        if let Some(process) = self.0 {
            // One that has ended by now needs no signal.
            let _ = kill_process(process, Signal::TERM);
        }
    }
}

#[cfg(test)]
mod tests {
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
    async fn gives_what_was_written_or_says_why_not() {
        assert_eq!(run("true", "a\nb").await.unwrap(), "a\nb\n");
        let script = "sh -c 'printf new > \"$0.new\"; mv \"$0.new\" \"$0\"'";
        assert_eq!(run(script, "old").await.unwrap(), "new");
        for editor in ["false", "/nowhere/editor"] {
            let said = run(editor, "old").await.unwrap_err();
            assert!(said.contains(editor) && said.contains("stays as it is"), "{said}");
        }
    }
}
