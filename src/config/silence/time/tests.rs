use std::time::Duration;

use jiff::Timestamp;

use super::Window;
use crate::config::calendar::{Every, Moment, Zone};
use crate::config::fields::Silence;
use crate::duration;

/// Berlin's clocks, without a database of time zones.
const BERLIN: &str = "CET-1CEST,M3.5.0,M10.5.0/3";

fn berlin() -> Silence {
    Silence { timezone: Some(Zone::by_rule(BERLIN)), ..Silence::of("s".into(), None, None) }
}

fn every(days: &str, length: &str) -> Silence {
    let length: Option<Duration> = duration::parse(length);
    Silence { every: Every::parse(days), length, ..berlin() }
}

/// Milliseconds of a time such as `2026-11-27T17:00Z`.
fn at(time: &str) -> i64 {
    time.replace('Z', ":00Z").parse::<Timestamp>().unwrap().as_millisecond()
}

/// A window in UTC, to the minute.
fn shown(window: Option<Window>) -> String {
    let time = |at: Option<i64>| {
        at.map_or("…".to_owned(), |at| {
            Timestamp::from_millisecond(at).unwrap().strftime("%m-%d %H:%M").to_string()
        })
    };
    window.map_or("none".to_owned(), |window| format!("{} to {}", time(window.from), time(window.until)))
}

#[test]
fn recurs_by_the_clock_on_the_wall() {
    for (days, length, when, expected) in [
        ("Fri 18:00", "15h", "2026-11-27T16:59Z", "none"),
        ("Fri 18:00", "15h", "2026-11-27T17:00Z", "11-27 17:00 to 11-28 08:00"),
        ("Fri 18:00", "15h", "2026-11-28T07:59Z", "11-27 17:00 to 11-28 08:00"),
        ("Fri 18:00", "15h", "2026-11-28T08:00Z", "none"),
        ("Fri 18:00", "15h", "2026-11-26T17:00Z", "none"),
        // In summer it begins an hour earlier.
        ("Fri 18:00", "15h", "2026-07-24T16:00Z", "07-24 16:00 to 07-25 07:00"),
        // Over midnight, and over the end of the week.
        ("daily 23:00", "2h", "2026-11-26T23:30Z", "11-26 22:00 to 11-27 00:00"),
        ("Sun 22:00", "12h", "2026-11-30T08:59Z", "11-29 21:00 to 11-30 09:00"),
        ("Sun 22:00", "12h", "2026-11-30T09:00Z", "none"),
        ("Sat-Mon 00:00", "1h", "2026-11-29T23:10Z", "11-29 23:00 to 11-30 00:00"),
        // The local day is another one than the day in UTC.
        ("Fri 00:30", "1h", "2026-11-26T23:30Z", "11-26 23:30 to 11-27 00:30"),
        // The hour that is skipped: it begins behind it.
        ("Sun 02:30", "1h", "2026-03-29T01:29Z", "none"),
        ("Sun 02:30", "1h", "2026-03-29T01:30Z", "03-29 01:30 to 03-29 02:30"),
        // The hour that comes twice: it begins the first time, and once.
        ("Sun 02:30", "1h", "2026-10-25T00:30Z", "10-25 00:30 to 10-25 01:30"),
        ("Sun 02:30", "1h", "2026-10-25T01:30Z", "none"),
        // Over a change of the clocks it is as long as ever: until 7 h and until 5 h on the wall.
        ("Sat 22:00", "8h", "2026-03-29T04:59Z", "03-28 21:00 to 03-29 05:00"),
        ("Sat 22:00", "8h", "2026-10-25T03:59Z", "10-24 20:00 to 10-25 04:00"),
        ("Sat 22:00", "8h", "2026-10-25T04:00Z", "none"),
        // Longer than the time between two begins.
        ("Mon,Tue 22:00", "26h", "2026-12-01T20:00Z", "11-30 21:00 to 12-02 23:00"),
        ("Mon,Tue 22:00", "26h", "2026-12-01T22:00Z", "12-01 21:00 to 12-02 23:00"),
        ("Mon,Tue 22:00", "24h", "2026-12-01T20:59Z", "11-30 21:00 to 12-02 21:00"),
        ("daily 02:00", "30h", "2026-12-01T12:00Z", "12-01 01:00 to …"),
        ("Fri 18:00", "30d", "2026-12-10T12:00Z", "12-04 17:00 to …"),
    ] {
        assert_eq!(shown(every(days, length).window(at(when))), expected, "`{days}` for {length}, {when}");
    }
}

#[test]
fn says_when_it_begins_next() {
    for (days, length, after, expected) in [
        ("Fri 18:00", "15h", "2026-11-27T16:59Z", "11-27 17:00 to 11-28 08:00"),
        ("Fri 18:00", "15h", "2026-11-27T17:00Z", "12-04 17:00 to 12-05 08:00"),
        ("daily 02:30", "1h", "2026-03-28T12:00Z", "03-29 01:30 to 03-29 02:30"),
        ("daily 02:30", "1h", "2026-03-29T01:30Z", "03-30 00:30 to 03-30 01:30"),
        ("Mon,Tue 22:00", "26h", "2026-11-28T12:00Z", "11-30 21:00 to 12-02 23:00"),
    ] {
        assert_eq!(shown(every(days, length).next(at(after))), expected, "`{days}` for {length}, {after}");
    }
}

#[test]
fn happens_once() {
    let once = |from: &str, until: &str, length: &str| Silence {
        from: Moment::parse(from),
        until: Moment::parse(until),
        length: duration::parse(length),
        ..berlin()
    };
    for (silence, when, expected) in [
        (once("2026-12-24T18:00", "2026-12-25 09:00", ""), "2026-12-24T16:59Z", "none"),
        (once("2026-12-24T18:00", "2026-12-25 09:00", ""), "2026-12-24T17:00Z", "12-24 17:00 to 12-25 08:00"),
        (once("2026-12-24T18:00", "2026-12-25 09:00", ""), "2026-12-25T08:00Z", "none"),
        (once("2026-12-24T18:00", "", "3h"), "2026-12-24T19:59Z", "12-24 17:00 to 12-24 20:00"),
        (once("2026-12-24T18:00", "", "3h"), "2026-12-24T20:00Z", "none"),
        (once("2026-12-24T18:00", "", ""), "2029-01-01T00:00Z", "12-24 17:00 to …"),
        (once("", "2026-12-25T09:00", ""), "2001-01-01T00:00Z", "… to 12-25 08:00"),
        (once("", "2026-12-25T09:00", ""), "2026-12-25T08:00Z", "none"),
        (once("2026-03-29T02:30", "", "1h"), "2026-03-29T01:30Z", "03-29 01:30 to 03-29 02:30"),
        (once("2026-10-25T01:00", "2026-10-25T02:30", ""), "2026-10-25T00:00Z", "10-24 23:00 to 10-25 00:30"),
    ] {
        assert_eq!(shown(silence.window(at(when))), expected, "{silence:?}, {when}");
    }
    let coming = once("2026-12-24T18:00", "2026-12-25T09:00", "");
    assert_eq!(shown(coming.next(at("2026-12-24T16:59Z"))), "12-24 17:00 to 12-25 08:00");
    assert_eq!(coming.next(at("2026-12-24T17:00Z")), None);
    assert_eq!(once("", "2026-12-25T09:00", "").next(0), None, "it has begun already");
}

#[test]
fn a_zone_is_one_of_this_machine() {
    assert_eq!(Zone::find("UTC").map(|zone| zone.name().to_owned()), Some("UTC".to_owned()));
    for unknown in ["Mars/Olympus", "", "../etc/passwd", "/etc/localtime", "Etc/Unknown"] {
        assert_eq!(Zone::find(unknown), None, "`{unknown}`");
    }
}

#[test]
fn moments_are_written_as_they_are_read() {
    for (text, written) in [
        ("2026-12-24T18:00", Some("2026-12-24T18:00")),
        (" 2026-12-24 18:00 ", Some("2026-12-24T18:00")),
        ("2026-12-24T18:00:07", Some("2026-12-24T18:00:07")),
        ("2026-12-24T18:00:00", Some("2026-12-24T18:00")),
        ("2026-12-24", None),
        ("2026-12-24T18:00Z", None),
        ("2026-12-24T18:00+01:00", None),
        ("2026-13-24T18:00", None),
        ("18:00", None),
    ] {
        assert_eq!(Moment::parse(text).map(|moment| moment.to_string()).as_deref(), written, "`{text}`");
    }
}

#[test]
fn is_unbroken_where_it_lasts_until_it_begins_again_whatever_the_clocks_do() {
    for (days, length, expected) in [
        ("daily 00:00", "1d", true),
        ("daily 00:00", "23h", false),
        ("Mon-Sun 08:00", "24h", true),
        ("Fri 18:00", "7d", true),
        ("Fri 18:00", "6d 23h", false),
        ("Mon,Thu 00:00", "4d", true),
        ("Mon,Thu 00:00", "3d", false),
        ("Sat-Mon 00:00", "5d", true),
    ] {
        assert_eq!(every(days, length).is_unbroken(), expected, "{days} for {length}");
    }
    assert!(!berlin().is_unbroken());
}
