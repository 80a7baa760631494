//! The wizard's hold on the terminal, in a small program of its own: this test binary, started again in a
//! pseudo-terminal with [`child`] as its only test.

use std::path::Path;
use std::process::Command;
use std::sync::mpsc;
use std::{env, fs, panic, process, thread};

use crossterm::event::KeyCode;
use netdata_ilert::interrupt::{Interrupts, Signals};
use netdata_ilert::wizard::terminal::{Input, Inputs, Screen};
use ratatui::widgets::Paragraph;
use rustix::process::Signal;

use crate::pty::session::{DEADLINE, Session, USUAL};

/// Set where this binary is the small program; where it says how it ended, or empty for the screen.
const CHILD: &str = "PTY_TEST_CHILD";
const ARGUMENTS: [&str; 4] = ["pty::terminal::child", "--exact", "--nocapture", "--test-threads=1"];

/// The small program: shows what comes in, until it is told to end.
#[test]
fn child() {
    let Ok(report) = env::var(CHILD) else { return };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let ended = runtime.block_on(show());
    if report.is_empty() {
        println!("ended: {ended}");
    } else {
        fs::write(report, ended).unwrap();
    }
}

async fn show() -> String {
    // As the program's own hook does.
    let report = panic::take_hook();
    panic::set_hook(Box::new(move |panic| {
        report(panic);
        process::exit(1);
    }));
    let mut screen = Screen::enter().unwrap();
    let mut signals = Signals::listen().unwrap();
    let (tell, mut interrupts) = Interrupts::channel();
    tokio::spawn(async move {
        loop {
            let _ = tell.send(signals.next().await);
        }
    });
    let mut inputs = Inputs::listen(&mut interrupts).unwrap();
    let mut shown = "ready".to_owned();
    loop {
        // A terminal that is gone cannot be drawn to: its end comes next.
        let _ = screen.tui().draw(|frame| frame.render_widget(Paragraph::new(shown.as_str()), frame.area()));
        shown = match inputs.next().await {
            None => return "no end".to_owned(),
            Some(Input::End(end)) => return format!("{end:?}"),
            Some(Input::Continued) => {
                screen.resume().unwrap();
                "continued".to_owned()
            }
            Some(Input::Key(key)) => match key.code {
                KeyCode::Char('q') => return "quit".to_owned(),
                KeyCode::Char('p') => panic!("here"),
                KeyCode::Char('t') => {
                    let _ = thread::spawn(|| panic!("elsewhere")).join();
                    "drawn after a panic elsewhere".to_owned()
                }
                KeyCode::Char('z') => {
                    screen.suspend().unwrap();
                    "back".to_owned()
                }
                code => format!("key {code}"),
            },
            Some(other) => format!("{other:?}"),
        };
    }
}

fn start() -> Session {
    let session = Session::start(env::current_exe().unwrap(), &ARGUMENTS, &[(CHILD, "")], USUAL);
    session.until_text("ready");
    session
}

#[test]
fn takes_the_terminal_over_and_gives_it_back() {
    let mut session = start();
    session.until("a screen of its own", |screen| {
        screen.alternate_screen() && screen.bracketed_paste() && screen.hide_cursor()
    });
    assert!(!session.cooked());
    session.write("a");
    session.until_text("key a");
    session.paste("two\nlines");
    session.until_text("Paste(\"two\\nlines\")");
    session.resize((100, 30));
    session.until_text("Resize(100, 30)");
    session.write(b"\x03");
    session.until_text("key c");
    session.write("q");
    assert!(session.finish().success());
    assert!(session.text().contains("ended: quit"));
    session.assert_restored();
}

#[test]
fn a_panic_on_any_thread_gives_it_back_is_reported_and_ends_the_program() {
    for (key, words) in [("p", "here"), ("t", "elsewhere")] {
        let mut session = start();
        session.write(key);
        assert_eq!(session.finish().exit_code(), 1);
        assert!(session.text().contains(words), "{}", session.text());
        assert!(!String::from_utf8_lossy(&session.bytes()).contains("drawn"));
        session.assert_restored();
    }
}

#[test]
fn ends_on_a_signal() {
    for (signal, ended) in [(Signal::TERM, "ended: Terminated"), (Signal::HUP, "ended: HungUp")] {
        let mut session = start();
        session.signal(signal);
        assert!(session.finish().success());
        assert!(session.text().contains(ended), "{}", session.text());
        session.assert_restored();
    }
}

#[test]
fn stops_and_goes_on_like_any_job() {
    let program = format!("{} {}", env::current_exe().unwrap().display(), ARGUMENTS.join(" "));
    let environment = [(CHILD, ""), ("JOB", &*program), ("PS1", "$ "), ("ENV", "")];
    let mut shell = Session::start("sh", &["-i"], &environment, USUAL);
    shell.write("$JOB\n");
    shell.until("the program", |screen| screen.alternate_screen() && screen.contents().contains("ready"));
    shell.write("z");
    shell.until("the shell", |screen| !screen.alternate_screen() && screen.contents().contains("Stopped"));
    assert!(!shell.text().contains("ready"));
    shell.write("echo $((6*7))\n");
    shell.until_text("42");
    shell.write("fg\n");
    // It is told both ways that it goes on; which comes last is the shell's business.
    shell.until("the program", |screen| {
        screen.alternate_screen() && screen.bracketed_paste() && screen.contents().contains("continued")
    });
    assert!(!shell.cooked());
    shell.write("q");
    // Until it has ended, what is typed is its own.
    shell.until("the prompt", |screen| {
        let text = screen.contents();
        text.contains("ended: quit") && text.trim_end().ends_with('$')
    });
    shell.write("exit\n");
    shell.finish();
    shell.assert_restored();
}

#[test]
fn ends_when_the_terminal_is_gone() {
    let folder = tempfile::tempdir().unwrap();
    let report = folder.path().join("report");
    assert!(Command::new("mkfifo").arg(&report).status().unwrap().success());
    let ended = read_later(&report);
    let program = format!("{} {}; true", env::current_exe().unwrap().display(), ARGUMENTS.join(" "));
    let environment = [(CHILD, report.to_str().unwrap())];
    // The terminal belongs to the shell, and goes with it.
    let shell = Session::start("sh", &["-c", &program], &environment, USUAL);
    shell.until_text("ready");
    shell.signal(Signal::KILL);
    assert_eq!(ended.recv_timeout(DEADLINE).unwrap(), "HungUp");
}

/// What is written to a named pipe, once it is.
fn read_later(pipe: &Path) -> mpsc::Receiver<String> {
    let (sender, receiver) = mpsc::channel();
    let pipe = pipe.to_owned();
    thread::spawn(move || sender.send(fs::read_to_string(pipe).unwrap()));
    receiver
}
