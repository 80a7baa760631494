//! What the terminal can show, and what it gets: colours, characters, or lines alone.

use netdata_ilert::wizard::Step;

use crate::pty::session::{Session, USUAL};
use crate::pty::wizard::{start, start_in, to_test};
use crate::stage::internet::Machine;
use crate::stage::{BINARY, has};

/// To the live test and out again: all that the terminal got on the way.
fn shown(environment: &[(&str, &str)], arguments: &[&str]) -> Vec<u8> {
    let machine = Machine::new();
    let mut wizard = start(&machine, environment, arguments);
    to_test(&mut wizard, &machine);
    wizard.write("\r");
    wizard.until_text("Seen?");
    wizard.write("\x1bOP");
    wizard.until_text("close");
    wizard.write(b"\x03");
    wizard.until_text("Leave?");
    wizard.write(b"\x03");
    assert_eq!(wizard.finish().exit_code(), 130);
    wizard.assert_restored();
    wizard.bytes()
}

/// The numbers of every sequence that sets a style.
fn styles(bytes: &[u8]) -> Vec<u16> {
    let text = String::from_utf8_lossy(bytes);
    let mut numbers = Vec::new();
    for sequence in text.split("\u{1b}[").skip(1) {
        let end = sequence.find(|c: char| c.is_ascii_alphabetic()).unwrap_or_default();
        if sequence[end..].starts_with('m') {
            numbers.extend(sequence[..end].split(';').map(|number| number.parse().unwrap_or(0)));
        }
    }
    numbers
}

fn is_colour(number: u16) -> bool {
    // 39 and 49 are the terminal's own.
    matches!(number, 30..=38 | 40..=48 | 90..=107)
}

#[test]
fn no_color_leaves_the_meaning_and_takes_the_colours() {
    assert!(styles(&shown(&[], &[])).into_iter().any(is_colour), "colours are seen where there are some");
    for (environment, arguments) in
        [(&[("NO_COLOR", "1")][..], &[][..]), (&[][..], &["--color", "never"][..])]
    {
        let styles = styles(&shown(environment, arguments));
        let coloured: Vec<_> = styles.iter().copied().filter(|number| is_colour(*number)).collect();
        assert!(coloured.is_empty(), "{coloured:?}");
        assert!(styles.contains(&1), "what is bold stays so");
    }
}

#[test]
fn an_ascii_locale_gets_ascii() {
    for environment in [&[("LANG", "C")][..], &[("LC_ALL", "POSIX")]] {
        let bytes = shown(environment, &[]);
        let text = String::from_utf8(bytes).unwrap();
        let beyond: Vec<char> = text.chars().filter(|c| !c.is_ascii()).collect();
        assert!(beyond.is_empty(), "{beyond:?}");
    }
}

#[test]
fn an_old_terminal_gets_no_colours_and_ascii() {
    let bytes = shown(&[("TERM", "vt100")], &[]);
    let coloured: Vec<_> = styles(&bytes).into_iter().filter(|number| is_colour(*number)).collect();
    assert!(bytes.is_ascii() && coloured.is_empty(), "{coloured:?}");
}

#[test]
fn a_linux_console_gets_frames_and_the_sixteen_colours() {
    let bytes = shown(&[("TERM", "linux")], &[]);
    let text = String::from_utf8(bytes).unwrap();
    let beyond: String = text.chars().filter(|c| !c.is_ascii()).collect();
    assert!(beyond.contains('┌') && beyond.contains('·'));
    assert!(beyond.chars().all(|c| c <= '\u{ff}' || ('\u{2500}'..='\u{253c}').contains(&c)), "{beyond}");
    assert!(text.contains("\u{1b}[36") && !text.contains("38;5;"));
}

#[test]
fn a_terminal_that_does_not_say_how_large_it_is_is_drawn_on() {
    for (environment, columns) in [(&[][..], 80), (&[("COLUMNS", "100"), ("LINES", "30")][..], 100)] {
        let machine = Machine::new();
        let mut wizard = start_in(&machine, environment, &[], (0, 0));
        let step = Step::Start.counted().unwrap();
        let right = format!("\u{1b}[1;{}H", columns - step.len());
        wizard.until_bytes(&step);
        assert!(has(&wizard.bytes(), &right), "{columns}: {:?}", String::from_utf8_lossy(&wizard.bytes()));
        wizard.write(b"\x03");
        assert_eq!(wizard.finish().exit_code(), 130);
        wizard.assert_restored();
    }
}

#[test]
fn a_dumb_terminal_gets_lines() {
    let machine = Machine::new();
    let mut wizard = start(&machine, &[("TERM", "dumb")], &[]);
    wizard.until_text(": Before you start");
    wizard.until_text("Number [1]:");
    assert!(!wizard.bytes().contains(&0x1b), "{}", wizard.text());
    wizard.write(b"\x03");
    assert_eq!(wizard.finish().exit_code(), 130);
    wizard.assert_restored();
}

#[test]
fn the_demo_needs_nothing_and_takes_its_key_by_a_key() {
    let home = tempfile::tempdir().unwrap();
    let home = home.path().to_str().unwrap();
    let mut demo = Session::start(BINARY, &["--demo"], &[("HOME", home)], USUAL);
    demo.until_text("no configuration yet");
    demo.write("\r");
    demo.until_at(Step::Source);
    demo.write("\x1b[B\ra\r");
    demo.until_at(Step::Key);
    demo.write(b"\x10");
    demo.until_text("characters");
    demo.write("\r");
    demo.until_at(Step::Netdata);
    demo.write(b"\x03");
    demo.until_text("Leave?");
    demo.write(b"\x03");
    assert_eq!(demo.finish().exit_code(), 130);
    demo.assert_restored();
    assert_eq!(std::fs::read_dir(home).unwrap().count(), 0, "nothing is written there");
}

#[test]
fn what_is_copied_finds_its_way_through_tmux_and_screen() {
    // The address of ilert.
    const COPIED: &str = "\u{1b}]52;c;aHR0cHM6Ly9hcHAuaWxlcnQuY29t\u{7}";
    let tmux = ("TMUX", "/tmp/tmux-0/default,1,0");
    let sty = ("STY", "12.pts-0.host");
    for (environment, wrapped) in [
        (&[("TERM", "xterm-256color")][..], "COPIED"),
        (&[("TERM", "tmux-256color"), tmux], "COPIED\u{1b}Ptmux;\u{1b}COPIED\u{1b}\\"),
        (&[("TERM", "screen"), sty], "\u{1b}PCOPIED\u{1b}\\"),
        (&[("TERM", "screen"), tmux, sty], "\u{1b}PCOPIED\u{1b}\\COPIED"),
        (
            &[("TERM", "tmux-256color"), tmux, sty],
            "COPIED\u{1b}Ptmux;\u{1b}\u{1b}P\u{1b}COPIED\u{1b}\u{1b}\\\u{1b}\\",
        ),
    ] {
        let mut demo = Session::start(BINARY, &["--demo"], environment, USUAL);
        demo.until_text("no configuration yet");
        demo.write("\r");
        demo.until_at(Step::Source);
        demo.write("\x1b[B\r");
        demo.until_text("https://app.ilert.com");
        demo.write("y");
        demo.until_bytes(&wrapped.replace("COPIED", COPIED));
        // It is told, and nothing of it is drawn.
        demo.until_text("the address is copied, where the terminal allows it");
        assert!(!demo.text().contains("52;"), "{}", demo.text());
        demo.write(b"\x03");
        demo.until_text("Leave?");
        demo.write(b"\x03");
        demo.finish();
        demo.assert_restored();
    }
}

#[test]
fn the_demo_sets_the_alert_source_up_and_shows_the_test_in_ilert() {
    let home = tempfile::tempdir().unwrap();
    let home = home.path().to_str().unwrap();
    let mut demo = Session::start(BINARY, &["--demo"], &[("HOME", home)], USUAL);
    demo.until_text("no configuration yet");
    demo.write("\r");
    demo.until_at(Step::Source);
    // For me; on to the token, which a key pastes.
    demo.write("\t");
    demo.until_text("ctrl-p");
    demo.write("\x10\r");
    demo.until_text("Jane Doe, ADMIN");
    demo.write("\r");
    demo.until_text("Do this in ilert?");
    demo.write("\r");
    demo.until_text("created the alert source");
    for step in [Step::Netdata, Step::Notification, Step::Preview, Step::Test] {
        demo.write("\r");
        demo.until_at(step);
        if step == Step::Netdata {
            demo.until_text("critical now");
        }
    }
    demo.write("\r");
    demo.until_text("resolved in ilert");
    assert!(!has(&demo.bytes(), "demo-token-of-nobody"), "{}", demo.text());
    demo.write(b"\x03");
    demo.until_text("Leave?");
    demo.write(b"\x03");
    assert_eq!(demo.finish().exit_code(), 130);
    demo.assert_restored();
}

#[test]
fn the_demo_of_the_sender_tells_a_storm_once_and_its_end_in_lines_that_fit() {
    let mut demo = Session::start(BINARY, &["--demo", "--send"], &[], USUAL);
    demo.until_text("stops streaming");
    demo.until_text("raised in Netdata: 1");
    // It compares what is open with what is raised.
    assert_eq!(demo.finish().exit_code(), 0);
    let shown = String::from_utf8(demo.bytes()).unwrap();
    let lines = |part: &str| shown.lines().filter(|line| line.contains(part)).count();
    assert_eq!(lines("HIGH  [STORM] 25 critical alerts on 2 nodes"), 1, "{shown}");
    assert_eq!(lines("[RESOLVED] storm of 25 critical alerts on 2"), 1, "{shown}");
    assert_eq!(lines("25 × disk_space_usage"), 2, "{shown}");
    let wide = shown.lines().find(|line| line.chars().count() > 80);
    assert_eq!(wide, None, "{shown}");
}
