//! A state that is damaged, cut off or older than it should be. Then a run may know less than before: it must say so,
//! or tell what stands; it must never stay silent about what is raised.

use std::fs;
use std::path::PathBuf;

use super::scene::{Tally, busy, trouble};
use super::stage::Stage;
use netdata_ilert::alert::Status;

/// In how many places.
const PLACES: usize = 400;

/// One byte is turned over, somewhere in a file of the state.
pub fn damaged(tally: &mut Tally) {
    for place in 0..PLACES {
        let stage = busy();
        let (path, contents) = file(&stage, place);
        let at = contents.len() * (place / 3) / PLACES.div_ceil(3);
        let mut changed = contents;
        if let Some(byte) = changed.get_mut(at) {
            *byte ^= 0xff;
        }
        fs::write(&path, changed).unwrap();
        says_or_tells(tally, &stage, &format!("byte {at} of {}", path.display()));
    }
}

/// A file of the state ends early.
pub fn cut_off(tally: &mut Tally) {
    for place in 0..120 {
        let stage = busy();
        let (path, contents) = file(&stage, place);
        let length = contents.len() * (place / 3) / 40;
        fs::write(&path, &contents[..length]).unwrap();
        says_or_tells(tally, &stage, &format!("{} cut at {length}", path.display()));
    }
}

/// Yesterday's copy is put back.
pub fn rolled_back(tally: &mut Tally) {
    for run in 0..20 {
        let mut stage = Stage::new();
        stage.configure("delivery.storm_after", 0);
        stage.set("a", Status::Warning);
        stage.set("b", Status::Critical);
        stage.send();
        let copy = stage.state_files();
        for number in 0..=run {
            stage.set(&format!("more-{number}"), Status::Warning);
            stage.send();
            stage.set(&format!("more-{number}"), Status::Clear);
            stage.send();
        }
        trouble(&stage);
        for (path, _, contents) in copy {
            fs::write(path, contents).unwrap();
        }
        says_or_tells(tally, &stage, &format!("{run} runs back"));
    }
}

/// The next runs either end well and tell all that stands, or say what is wrong and end otherwise.
fn says_or_tells(tally: &mut Tally, stage: &Stage, case: &str) {
    let mut ended = stage.send();
    tally.tried(&ended.code.map_or_else(|| "killed".to_owned(), |code| code.to_string()));
    for _ in 0..2 {
        if ended.code == Some(0) {
            break;
        }
        ended = stage.send();
    }
    let open = stage.open();
    let all = ["a critical", "c warning"].iter().all(|alert| open.iter().any(|one| one == alert));
    let is_said = ended.code != Some(0) && !ended.stderr.is_empty();
    let panicked = ended.stderr.contains("panicked") || ended.code.is_none();
    tally.expect((all || is_said) && !panicked, || format!("{case}: open {open:?}, {ended:?}"));
}

fn file(stage: &Stage, place: usize) -> (PathBuf, Vec<u8>) {
    let mut files = stage.state_files();
    files.retain(|(_, _, contents)| !contents.is_empty());
    files.sort();
    let (path, _, contents) = files.swap_remove(place % files.len());
    (path, contents)
}
