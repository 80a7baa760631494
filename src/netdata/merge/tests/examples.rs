//! What two parents show together, by examples.

use super::*;
use Status::{Clear, Critical, Removed, Undefined, Uninitialized, Warning};

#[test]
fn the_highest_status_counts_and_unknown_is_not_clear() {
    let nothing = HashMap::new();
    for (first, second, expected) in [
        (Some(Warning), Some(Critical), Some(Critical)),
        (Some(Clear), Some(Warning), Some(Warning)),
        (Some(Clear), Some(Undefined), Some(Undefined)),
        (Some(Uninitialized), Some(Clear), Some(Uninitialized)),
        (Some(Undefined), Some(Warning), Some(Warning)),
        (Some(Clear), Some(Clear), Some(Clear)),
        (Some(Clear), None, Some(Clear)),
        (Some(Removed), Some(Clear), Some(Clear)),
        (Some(Removed), None, None),
        (None, None, None),
    ] {
        let show = |name: &str, status: Option<Status>| match status {
            Some(status) => parent(name).sees(status, 10),
            None => parent(name),
        };
        for (one, other) in [(first, second), (second, first)] {
            let merged = merged(vec![show("p1", one), show("p2", other)], &nothing);
            assert_eq!(status(&merged), expected, "{one:?} {other:?}");
        }
    }
}

#[test]
fn two_raises_and_two_clears_are_one_of_each() {
    let p1 = parent("p1").logs(Critical, 100, 100).logs(Clear, 200, 200).sees(Clear, 200);
    let p2 = parent("p2").logs(Critical, 103, 103).logs(Clear, 203, 203).sees(Clear, 203);
    let merged = merged(vec![p1, p2], &known(Clear, &[]));
    assert_eq!(log(&merged), [(Critical, 100, 100), (Clear, 203, 203)]);
    assert_eq!(status(&merged), Some(Clear));
}

#[test]
fn what_one_has_told_the_other_does_not_tell_again() {
    let p1 = || parent("p1").sees(Critical, 100);
    let late = parent("p2").logs(Critical, 160, 160).sees(Critical, 160);
    let told = known(Critical, &[("p1", Critical)]);
    let both = merged(vec![p1(), late], &told);
    assert_eq!((log(&both), status(&both)), (vec![], Some(Critical)));

    let told =
        HashMap::from([(alert(), Known { views: both.views[&alert()].clone(), ..told[&alert()].clone() })]);
    let clear = parent("p2").logs(Clear, 300, 300).sees(Clear, 300);
    let one = merged(vec![p1(), clear], &told);
    assert_eq!((log(&one), status(&one)), (vec![], Some(Critical)), "p1 still shows it");
}

#[test]
fn falling_at_one_parent_falls_to_what_the_other_shows() {
    let p1 = parent("p1").logs(Clear, 300, 300).sees(Clear, 300);
    let p2 = parent("p2").sees(Warning, 50);
    let merged = merged(vec![p1, p2], &known(Critical, &[("p1", Critical), ("p2", Warning)]));
    assert_eq!(log(&merged), [(Warning, 300, 0)], "at the time at which it fell");
    assert_eq!(status(&merged), Some(Warning));
}

#[test]
fn a_raise_counts_as_soon_as_it_does_at_one_parent() {
    let mut slow = parent("p1").logs(Critical, 100, 700).sees(Critical, 100);
    slow.sightings[0].due = None;
    let p2 = parent("p2").logs(Critical, 105, 105).sees(Critical, 105);
    let merged = merged(vec![slow, p2], &known(Clear, &[]));
    assert_eq!(log(&merged), [(Critical, 100, 700), (Critical, 105, 105)]);
    assert_eq!(merged.seen.sightings[0].due, Some(105));
}

#[test]
fn a_clear_counts_once_it_does_everywhere() {
    let mut p1 = parent("p1").logs(Clear, 200, 900).sees(Clear, 200);
    p1.sightings[0].due = None;
    let p2 = parent("p2").logs(Clear, 210, 210).sees(Clear, 210);
    let merged = merged(vec![p1, p2], &known(Critical, &[("p1", Critical), ("p2", Critical)]));
    assert_eq!(log(&merged), [(Clear, 210, 900)]);
    assert_eq!(merged.seen.sightings[0].due, Some(900));
}

#[test]
fn it_is_silent_only_if_it_is_everywhere() {
    for (other, expected) in [(true, true), (false, false)] {
        let mut p1 = parent("p1").sees(Critical, 100);
        let mut p2 = parent("p2").sees(Warning, 100);
        (p1.sightings[0].silent, p2.sightings[0].silent) = (Some(true), Some(other));
        let merged = merged(vec![p1, p2], &HashMap::new());
        assert_eq!(merged.seen.sightings[0].silent, Some(expected));
    }
}

#[test]
fn a_parent_that_restarts_ends_nothing_though_the_other_shows_it_clear() {
    let p1 = parent("p1").logs(Removed, 300, 300).logs(Uninitialized, 301, 301);
    let p2 = parent("p2").sees(Clear, 10);
    let told = known(Critical, &[("p1", Critical)]);
    let gone = merged(vec![p1, p2.clone()], &told);
    assert_eq!(status(&gone), None, "gone, which must last");
    assert!(log(&gone).iter().all(|(status, ..)| *status != Clear));

    let views = gone.views[&alert()].clone();
    let told = HashMap::from([(alert(), Known { last: Removed, views, ..told[&alert()].clone() })]);
    let back = parent("p1").logs(Critical, 330, 330).sees(Critical, 330);
    assert_eq!(status(&merged(vec![back, p2.clone()], &told)), Some(Critical));
    let clear = parent("p1").sees(Clear, 330);
    assert_eq!(status(&merged(vec![clear, p2], &told)), Some(Clear), "seen clear, it is");
}

#[test]
fn a_parent_that_lost_the_node_says_nothing_of_it_after_a_while() {
    let told = known(Critical, &[("p1", Critical)]);
    let p1 = || parent("p1").without_node();
    let moved = merged(vec![p1(), parent("p2").sees(Critical, 400)], &told);
    assert_eq!(status(&moved), Some(Critical));
    let mut later = parent("p2").sees(Clear, 400);
    later.now = NOW + 120;
    let mut lost = p1();
    lost.now = later.now;
    let clear = merged(vec![lost, later], &then(&moved, Critical));
    assert_eq!(status(&clear), Some(Clear));
    let db = |merged: &Merged| merged.seen.nodes.iter().find(|node| node.id.host == "db").unwrap().clone();
    assert_eq!((db(&clear).reachable, db(&clear).health), (true, Health::Online));
    assert!(!db(&merged(vec![p1(), parent("p2").without_node()], &told)).reachable);
}

#[test]
fn what_only_a_parent_has_that_is_away_is_unknown() {
    let told = known(Critical, &[("p1", Critical)]);
    let away = merged(vec![parent("p2")], &told);
    assert!(away.elsewhere.contains(&alert()));
    assert!(away.views[&alert()].contains_key("guid-p1"), "remembered until it is back");
    let mut p2 = parent("p2").sees(Clear, 5);
    p2.now = NOW + 120;
    let clear = merged(vec![p2], &then(&away, Critical));
    assert!(!clear.elsewhere.contains(&alert()), "p2 knows it, and shows it clear");
}

#[test]
fn what_the_log_does_not_have_yet_decides_nothing() {
    let mut p1 = parent("p1").sees(Clear, 990);
    p1.sightings[0].pending = true;
    let told = known(Critical, &[("p1", Critical)]);
    let merged = merged(vec![p1, parent("p2").sees(Warning, 10)], &told);
    let sighting = &merged.seen.sightings[0];
    assert!(sighting.pending, "neither clear nor fallen to a warning: {sighting:?}");
    assert_eq!(merged.views[&alert()]["guid-p1"].status, Critical);
}

#[test]
fn clocks_that_differ_become_the_first_parents() {
    let mut p2 = parent("p2").logs(Critical, 3_950, 4_050).sees(Critical, 3_950);
    p2.now = NOW + 3_000;
    p2.sightings[0].due = Some(4_050);
    let merged = merged(vec![parent("p1"), p2], &HashMap::new());
    assert_eq!(log(&merged), [(Critical, 950, 1_050)]);
    assert_eq!((merged.seen.sightings[0].facts.when, merged.seen.now), (950, NOW));
}

#[test]
fn small_numbers_of_old_parents_are_not_taken_for_each_other() {
    let old = |name: &str| {
        let mut shown = parent(name).logs(Critical, 100, 100).sees(Critical, 100);
        shown.agent.api = Api::V1;
        shown.transitions[0].facts.transition = "12".to_owned();
        shown.sightings[0].facts.transition = "12".to_owned();
        shown
    };
    let [p1, p2] = ["p1", "p2"].map(|name| merged(vec![old(name)], &HashMap::new()));
    let id = |merged: &Merged| merged.seen.transitions[0].facts.transition.clone();
    assert_ne!(id(&p1), id(&p2));
    assert_eq!(p1.views[&alert()]["guid-p1"].transition, "12", "as that parent has it");
}

/// The same, remembered as it was merged.
fn then(before: &Merged, last: Status) -> HashMap<AlertId, Known> {
    let views = before.views[&alert()].clone();
    HashMap::from([(alert(), Known { last, raised: last.level().is_some(), views, ..Known::default() })])
}

#[test]
fn what_one_showed_raised_holds_for_a_while_when_it_says_nothing_now() {
    let shows = |status| parent("p1").sees(status, 10);
    let told = known(Critical, &[("p1", Clear), ("p2", Critical)]);
    for p2 in [None, Some(parent("p2").without_node())] {
        let seen = |mut p1: Observation, known: &HashMap<AlertId, Known>, at: i64| {
            p1.now = at;
            merged([Some(p1), p2.clone()].into_iter().flatten().collect(), known)
        };
        for status in [Clear, Warning] {
            let one = seen(shows(status), &told, NOW);
            assert_eq!((super::status(&one), one.elsewhere.contains(&alert())), (None, true), "{status:?}");
            assert_eq!(log(&one), []);
            let still = seen(shows(status), &then(&one, Critical), NOW + 119);
            assert!(still.elsewhere.contains(&alert()), "{status:?}");
            let over = seen(shows(status), &then(&still, Critical), NOW + 120);
            assert_eq!(super::status(&over), Some(status), "it has had its time");
        }
        let gone = seen(parent("p1"), &told, NOW);
        assert!(gone.elsewhere.contains(&alert()), "absent at the other one");
        let clears = seen(shows(Clear).logs(Clear, 990, 990), &told, NOW);
        assert_eq!(log(&clears), [], "nor does the log of the other one end it");
        let worse = seen(shows(Critical), &told, NOW);
        assert_eq!(super::status(&worse), Some(Critical), "what is seen raised is seen");
    }
}

#[test]
fn what_both_log_within_one_second_is_one_history() {
    let log = |name: &str| {
        let parent = parent(name).logs(Critical, 100, 100).logs(Clear, 100, 100);
        parent.logs(Removed, 100, 100).logs(Uninitialized, 100, 100).sees(Uninitialized, 100)
    };
    let merged = merged(vec![log("p1"), log("p2")], &known(Uninitialized, &[]));
    let statuses: Vec<Status> = super::log(&merged).iter().map(|(status, ..)| *status).collect();
    assert_eq!(statuses[..2], [Critical, Clear]);
    assert!(!statuses[2..].contains(&Critical), "{statuses:?}");
}

/// Netdata tells seconds. In which order two parents logged within one is not known.
#[test]
fn where_one_clears_as_the_other_raises_it_is_raised_throughout() {
    for (clears, raises) in [("p1", "p2"), ("p2", "p1")] {
        for flapped in [false, true] {
            let clears_now = parent(clears).logs(Clear, 300, 300).sees(Clear, 300);
            let before = parent(raises);
            let before = if flapped { before.logs(Warning, 280, 280).logs(Clear, 290, 290) } else { before };
            let raises_now = before.logs(Critical, 300, 300).sees(Critical, 300);
            let told = known(Critical, &[(clears, Critical), (raises, Clear)]);
            let merged = merged(vec![clears_now, raises_now], &told);
            assert_eq!((log(&merged), status(&merged)), (vec![], Some(Critical)), "{clears} {flapped}");
        }
    }
}
