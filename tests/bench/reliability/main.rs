//! What a run survives: one fault after the other is put into runs of the built binary, and after each the sender runs
//! again without it. Prints a table: fault, tries, how the runs with the fault ended, outcome.
//!
//! `cargo bench --bench reliability` tries all; `cargo bench --bench reliability -- kill full` only the rows whose name
//! has one of these words. Needs `strace`, and root for the rows with file systems of their own. Ends 1 if anything was
//! lost, left open or told twice.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)] // to panic is to fail
#![allow(clippy::print_stdout, clippy::print_stderr)] // that is where the table goes

mod answers;
mod histories;
#[allow(dead_code)]
#[path = "../../regressions/properties.rs"]
mod regressions;
mod scene;
#[allow(dead_code, unused_imports)] // the tests ask for more of it
#[path = "../../it"]
mod it {
    pub mod delivery;
    pub mod stage;
}
mod state;
mod storage;
mod syscalls;
mod watch;
mod way;

use std::env;
use std::process::ExitCode;

use it::{delivery, stage};
use scene::Tally;

type Row = (&'static str, fn(&mut Tally));

const ROWS: [Row; 17] = [
    ("SIGKILL at each system call of a run", syscalls::killed_at_each),
    ("SIGKILL at any moment of a run", syscalls::killed_at_any_moment),
    ("each error that a system call can give, at each system call", syscalls::failed_at_each),
    ("disk full", storage::full),
    ("no inode left", storage::no_inodes),
    ("file system read-only", storage::read_only),
    ("state folder of another owner", storage::other_owner),
    ("one byte of the state changed", state::damaged),
    ("a file of the state cut off", state::cut_off),
    ("state rolled back to an older copy", state::rolled_back),
    ("clock set forward and back", watch::clocks),
    ("ilert answers something else, or nothing", answers::ilert),
    ("Netdata answers something else, or nothing", answers::netdata),
    ("the connection to ilert cut off or changed, each 101 bytes", way::harmed),
    ("HTTP/2 frames that are wrong, or come at a bad moment", way::http2),
    ("histories of all faults at once, on a virtual clock", histories::all),
    ("a day of runs in one process", watch::day),
];

fn main() -> ExitCode {
    let words: Vec<String> = env::args().skip(1).filter(|argument| argument != "--bench").collect();
    println!("| fault | tries | runs with it ended | outcome |\n|---|---|---|---|");
    let mut is_well = true;
    for (name, play) in ROWS {
        if !words.is_empty() && !words.iter().any(|word| name.contains(word.as_str())) {
            continue;
        }
        let mut tally = Tally::default();
        play(&mut tally);
        println!("| {name} | {} | {} | {} |", tally.tries, tally.endings(), tally.outcome());
        for fault in &tally.faults {
            eprintln!("  {name}: {fault}");
        }
        is_well &= tally.faults.is_empty();
    }
    if is_well { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
