//! Other programs, found by the schedule's own `PATH`: each has a time and a size that it must keep to.

use std::ffi::OsStr;
use std::io::{self, ErrorKind, Read, Write};
use std::os::fd::{AsFd, BorrowedFd};
use std::os::unix::process::CommandExt;
use std::process::{Child, ChildStdin, ExitStatus, Output, Stdio};
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::fs::{OFlags, fcntl_getfl, fcntl_setfl};
use rustix::process::{Pid, Signal, kill_process_group};

use crate::child::command;
use crate::text::one_line;

/// How long another program may take.
pub(super) const LIMIT: Duration = Duration::from_secs(10);

/// How much another program may print (bytes).
const LARGEST: usize = 8 << 20;

/// Longest word of another program that is repeated, in characters.
const LONGEST: usize = 300;

/// How often a program that closed its output is asked whether it ended.
const PAUSE: Duration = Duration::from_millis(2);

/// How long a program that was killed may take to end.
const LAST: Duration = Duration::from_secs(1);

/// Whether there is such a program.
pub(super) fn is_found(program: &str, path: &OsStr) -> bool {
    std::env::split_paths(path).any(|folder| folder.join(program).is_file())
}

/// Runs a program found by this `PATH`, which speaks English and asks nothing. One that does not end within the limit,
/// or prints too much, is killed with its process group.
pub(super) fn run(words: &[&str], input: &[u8], path: &OsStr, limit: Duration) -> io::Result<Output> {
    let Some((program, arguments)) = words.split_first() else {
        return Err(ErrorKind::InvalidInput.into());
    };
    let mut child = command(program)
        .args(arguments)
        .env("PATH", path)
        .env("LC_ALL", "C")
        .stdin(if input.is_empty() { Stdio::null() } else { Stdio::piped() })
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .process_group(0)
        .spawn()?;
    let mut written = child.stdin.take();
    let done = talk(&mut child, &mut written, input, limit);
    if done.is_err() {
        kill(&mut child);
    }
    // Only now: a program that was cut short must not take its input for whole.
    drop(written);
    done.map_err(|stopped| match stopped {
        Unfinished::Late => {
            let seconds = limit.as_secs_f32();
            io::Error::new(
                ErrorKind::TimedOut,
                format!("`{}` did not end within {seconds} s", words.join(" ")),
            )
        }
        Unfinished::TooMuch => {
            io::Error::other(format!("`{}` printed more than {} MiB", words.join(" "), LARGEST >> 20))
        }
        Unfinished::Failed(error) => error,
    })
}

/// Why a program was not waited for.
enum Unfinished {
    Late,
    TooMuch,
    Failed(io::Error),
}

impl From<io::Error> for Unfinished {
    fn from(error: io::Error) -> Self {
        Self::Failed(error)
    }
}

impl From<rustix::io::Errno> for Unfinished {
    fn from(error: rustix::io::Errno) -> Self {
        Self::Failed(error.into())
    }
}

/// Writes the input and reads what is printed, until the program ended.
fn talk(
    child: &mut Child,
    stdin: &mut Option<ChildStdin>,
    input: &[u8],
    limit: Duration,
) -> Result<Output, Unfinished> {
    let deadline = Instant::now() + limit;
    let (mut out, mut err) = (child.stdout.take(), child.stderr.take());
    let (mut stdout, mut stderr) = (Vec::new(), Vec::new());
    let mut rest = input;
    let mut failed = None;
    for pipe in
        [stdin.as_ref().map(AsFd::as_fd), out.as_ref().map(AsFd::as_fd), err.as_ref().map(AsFd::as_fd)]
            .into_iter()
            .flatten()
    {
        fcntl_setfl(pipe, fcntl_getfl(pipe)? | OFlags::NONBLOCK)?;
    }
    while stdin.is_some() || out.is_some() || err.is_some() {
        wait(
            stdin.as_ref().map(AsFd::as_fd),
            [out.as_ref().map(AsFd::as_fd), err.as_ref().map(AsFd::as_fd)],
            deadline,
        )?;
        if let Some(pipe) = stdin {
            match pipe.write(rest) {
                Ok(count) => rest = rest.get(count..).unwrap_or_default(),
                Err(error) if is_for_later(&error) => {}
                Err(error) => failed = Some(error),
            }
            if rest.is_empty() || failed.is_some() {
                *stdin = None;
            }
        }
        read(&mut out, &mut stdout)?;
        read(&mut err, &mut stderr)?;
    }
    let status = ended(child, deadline)?.ok_or(Unfinished::Late)?;
    match failed {
        // A program that does not read to the end says why by its status.
        Some(error) if status.success() => Err(error.into()),
        _ => Ok(Output { status, stdout, stderr }),
    }
}

/// Until something can be written or read.
fn wait(
    input: Option<BorrowedFd<'_>>,
    outputs: [Option<BorrowedFd<'_>>; 2],
    deadline: Instant,
) -> Result<(), Unfinished> {
    let left = deadline.saturating_duration_since(Instant::now());
    if left.is_zero() {
        return Err(Unfinished::Late);
    }
    let outputs = outputs.into_iter().flatten().map(|pipe| PollFd::from_borrowed_fd(pipe, PollFlags::IN));
    let input = input.into_iter().map(|pipe| PollFd::from_borrowed_fd(pipe, PollFlags::OUT));
    let mut pipes: Vec<_> = input.chain(outputs).collect();
    match poll(&mut pipes, Timespec::try_from(left).ok().as_ref()) {
        Ok(_) | Err(rustix::io::Errno::INTR) => Ok(()),
        Err(error) => Err(error.into()),
    }
}

/// Reads what is there; a pipe that was closed becomes `None`.
fn read(pipe: &mut Option<impl Read>, to: &mut Vec<u8>) -> Result<(), Unfinished> {
    let Some(open) = pipe else { return Ok(()) };
    let mut chunk = [0; 16 << 10];
    match open.read(&mut chunk) {
        Ok(0) => *pipe = None,
        Ok(count) if to.len() + count > LARGEST => return Err(Unfinished::TooMuch),
        Ok(count) => to.extend_from_slice(chunk.get(..count).unwrap_or_default()),
        Err(error) if is_for_later(&error) => {}
        Err(error) => return Err(error.into()),
    }
    Ok(())
}

fn is_for_later(error: &io::Error) -> bool {
    matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::Interrupted)
}

/// How it ended; `None` if it did not by then.
fn ended(child: &mut Child, deadline: Instant) -> io::Result<Option<ExitStatus>> {
    loop {
        match child.try_wait()? {
            None if Instant::now() < deadline => std::thread::sleep(PAUSE),
            status => return Ok(status),
        }
    }
}

fn kill(child: &mut Child) {
    if let Some(group) = i32::try_from(child.id()).ok().and_then(Pid::from_raw) {
        let _ = kill_process_group(group, Signal::KILL);
    }
    // One that even this does not end is left behind.
    let _ = ended(child, Instant::now() + LAST);
}

/// What a program said on its way out, or how it ended.
pub(super) fn said(output: &Output) -> String {
    let text = [output.stderr.as_slice(), output.stdout.as_slice()]
        .into_iter()
        .map(|bytes| one_line(&String::from_utf8_lossy(bytes), LONGEST))
        .find(|text| !text.is_empty());
    text.unwrap_or_else(|| output.status.to_string())
}
