//! What storms and flapping spare a person, in numbers: the same trouble told with them, and with an alert for each
//! raise. `cargo bench -- storms` prints the README's table; here stands what must hold.

mod lines;
mod played;
mod trouble;

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::LazyLock;
use std::thread;

use self::played::{Played, Taken, Telling, play};
use self::trouble::{Trouble, at_once, spreading, troubles};

const STORM_AFTER: usize = 20;
const QUARTER: i64 = 15 * 60_000;

/// All of the table that does not take long.
static PLAYED: LazyLock<Vec<Played>> = LazyLock::new(|| {
    let small = || troubles().into_iter().filter(|trouble| !trouble.is_large);
    // Smaller than the table's.
    let smaller = [at_once("1000 alerts at once", 100, 10), spreading("20 nodes more each minute", 20)];
    let gathered = small().chain(smaller).map(|trouble| (trouble, Telling::Gathered));
    let all: Vec<_> = gathered.chain(small().map(|trouble| (trouble, Telling::Singly))).collect();
    thread::scope(|scope| {
        let play = |(trouble, telling): (Trouble, Telling)| scope.spawn(move || play(trouble, telling));
        let playing: Vec<_> = all.into_iter().map(play).collect();
        playing.into_iter().map(|one| one.join().unwrap()).collect()
    })
});

fn gathered() -> impl Iterator<Item = &'static Played> {
    PLAYED.iter().filter(|played| played.telling == Telling::Gathered)
}

#[test]
fn a_person_is_paged_for_a_storm_once() {
    for played in gathered() {
        let storms = played.alerts().filter(|event| event.is_of_storm()).count();
        let singly = played.pages() - storms;
        let name = played.trouble.name;
        assert!(storms <= 1, "{name}: {storms} storms");
        assert!(singly <= STORM_AFTER + 1, "{name}: {singly} pages beside its storm");
    }
}

#[test]
fn what_is_unrelated_is_told_in_the_run_that_sees_it() {
    for played in gathered() {
        let alone = played.alerts().filter(|event| event.is_unrelated()).count();
        assert_eq!((alone, played.delay()), (1, 0), "{}", played.trouble.name);
    }
}

#[test]
fn all_is_resolved_within_a_minute_or_once_it_no_longer_flaps() {
    for played in gathered() {
        let name = played.trouble.name;
        assert!(played.open.is_empty(), "{name}: {:?}", played.open);
        let within = if played.trouble.raises > 1 { QUARTER } else { 60_000 };
        assert!(played.quiet() <= within, "{name}: quiet after {} ms", played.quiet());
    }
}

#[test]
fn nothing_is_told_more_often_than_it_is_raised() {
    for played in PLAYED.iter() {
        let mut alerts: BTreeMap<&str, usize> = BTreeMap::new();
        for event in played.before.iter().chain(&played.events).filter(|event| event.is_alert()) {
            *alerts.entry(&event.key).or_default() += 1;
        }
        let most = |key: &str| if key.contains("/storm/") { 1 } else { played.trouble.raises };
        let more = alerts.iter().find(|(key, count)| **count > most(key));
        assert_eq!(more, None, "{}, {:?}", played.trouble.name, played.telling);
    }
}

#[test]
fn no_page_for_what_is_long_over() {
    for played in PLAYED.iter() {
        let late = played.events.iter().find(|event| event.pages() && event.at > played.end + QUARTER);
        assert!(late.is_none(), "{}, {:?}: {}", played.trouble.name, played.telling, late.unwrap().key);
    }
}

#[test]
fn a_parent_that_restarts_tells_nothing_anew_and_resolves_nothing() {
    for played in PLAYED.iter().filter(|played| played.trouble.name.contains("restarts")) {
        assert_eq!(played.before.len(), 10);
        let early: Vec<&str> = played
            .events
            .iter()
            .filter(|event| event.at < played.end && !event.is_unrelated())
            .map(|event| event.key.as_str())
            .collect();
        assert_eq!(early, [""; 0], "{:?}", played.telling);
    }
}

#[test]
fn few_are_told_singly_in_a_quarter_of_an_hour() {
    for played in gathered() {
        for class in ["/critical", "/unreachable", "/warning"] {
            let of_class = |event: &&Taken| event.key.ends_with(class) && !event.is_of_storm();
            let alerts: Vec<i64> = played.alerts().filter(of_class).map(|event| event.at).collect();
            let window =
                alerts.windows(2 * STORM_AFTER + 1).find(|told| told[2 * STORM_AFTER] - told[0] < QUARTER);
            assert_eq!(window, None, "{} of {class}", played.trouble.name);
        }
    }
}

#[test]
fn the_table_of_the_readme_shows_these_numbers() {
    let readme = Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md");
    let readme = std::fs::read_to_string(readme).unwrap();
    let (_, table) = readme.split_once(lines::HEAD).expect("no table of storms");
    let shown: Vec<&str> = table.trim_start().lines().take_while(|line| line.starts_with('|')).collect();
    let of_trouble = |line: &&str| line.split('|').nth(1).unwrap().trim().to_owned();
    let named: Vec<String> = shown.iter().step_by(2).map(of_trouble).collect();
    assert_eq!(named, troubles().map(|trouble| trouble.name.to_owned()), "`cargo bench -- storms` prints it");
    for played in PLAYED.iter().filter(|played| named.iter().any(|name| name == played.trouble.name)) {
        let line = played.line();
        assert!(shown.contains(&line.as_str()), "`cargo bench -- storms` prints {line}");
    }
}
