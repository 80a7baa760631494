//! A database in which bytes are others: what can be read is, and what cannot ends in words. A new page is told or its
//! run fails; neither is ever without a word.

use std::fs;
use std::path::PathBuf;

use netdata_ilert::alert::Status;
use proptest::prelude::*;
use proptest::sample::Index;

use crate::stage::Stage;

#[derive(Clone, Debug)]
enum Damage {
    /// A byte is another.
    Byte(Index, u8),
    /// So many bytes are zero, as after a crash.
    Zeros(Index, usize),
    /// It ends here.
    End(Index),
    /// A page is another page, as a disk that mixes them up.
    Page(Index, Index),
    /// A file is not there.
    Gone,
}

fn damage() -> impl Strategy<Value = Damage> {
    let at = any::<Index>;
    prop_oneof![
        6 => (at(), any::<u8>()).prop_map(|(at, byte)| Damage::Byte(at, byte)),
        2 => (at(), 1_usize..5000).prop_map(|(at, count)| Damage::Zeros(at, count)),
        1 => at().prop_map(Damage::End),
        2 => (at(), at()).prop_map(|(at, from)| Damage::Page(at, from)),
        1 => Just(Damage::Gone),
    ]
}

const PAGE: usize = 4096;

fn damaged(mut bytes: Vec<u8>, damage: &Damage) -> Option<Vec<u8>> {
    if bytes.is_empty() {
        return Some(bytes);
    }
    let length = bytes.len();
    match damage {
        Damage::Byte(at, byte) => bytes[at.index(length)] = *byte,
        Damage::Zeros(at, count) => {
            let at = at.index(length);
            bytes[at..(at + count).min(length)].fill(0);
        }
        Damage::End(at) => bytes.truncate(at.index(length)),
        Damage::Page(at, from) => {
            let pages = length.div_ceil(PAGE);
            let page = bytes.chunks(PAGE).nth(from.index(pages)).unwrap().to_vec();
            let to = bytes.chunks_mut(PAGE).nth(at.index(pages)).unwrap();
            let count = to.len().min(page.len());
            to[..count].copy_from_slice(&page[..count]);
        }
        Damage::Gone => return None,
    }
    Some(bytes)
}

/// A state with alerts of every kind in it, as its last run left it.
fn lived_in() -> (Stage, Vec<(PathBuf, Vec<u8>)>) {
    let stage = Stage::new();
    for (alert, status) in [("a", Status::Critical), ("b", Status::Warning), ("c", Status::Critical)] {
        stage.set(alert, status);
    }
    stage.send_well();
    stage.set("c", Status::Clear);
    stage.send_well();
    let files = stage.state_files().into_iter().map(|(path, _, contents)| (path, contents)).collect();
    // News, which every run is to tell.
    stage.set("news", Status::Critical);
    (stage, files)
}

#[test]
fn damaged_anywhere_a_page_is_told_or_its_run_fails_in_words() {
    let (stage, files) = lived_in();
    let cases = (any::<Index>(), proptest::collection::vec(damage(), 1..4));
    proptest!(crate::regressions::properties(32), |((which, all) in cases)| {
        let _ = fs::remove_dir_all(stage.state());
        stage.make_state();
        // Most often it is the database.
        let which = which.index(files.len() * 3);
        for (at, (path, contents)) in files.iter().enumerate() {
            let is_it = at == which || (which >= files.len() && path.ends_with("state.db"));
            let bytes = if is_it {
                all.iter().try_fold(contents.clone(), damaged)
            } else {
                Some(contents.clone())
            };
            if let Some(bytes) = bytes {
                fs::write(path, bytes).unwrap();
            }
        }
        let status = stage.run(&["--status"]);
        prop_assert!(matches!(status.code, Some(0 | 1 | 4 | 75)), "{status:?}");
        let ended = stage.send();
        let told = stage.told();
        for ended in [&status, &ended] {
            prop_assert!(!ended.stderr.contains("panicked") && ended.stderr.len() < 2_000, "{ended:?}");
            prop_assert!(ended.code == Some(0) || ended.code == Some(4) || !ended.stderr.is_empty(), "{ended:?}");
        }
        if !told.contains(&"ALERT news critical".to_owned()) {
            prop_assert!(ended.code == Some(1) && ended.stderr.contains("error:"), "{ended:?} {told:?}");
            prop_assert!(ended.stderr.contains("state.db"), "{ended:?}");
        }
    });
}
