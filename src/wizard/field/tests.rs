use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use proptest::prelude::*;
use unicode_width::UnicodeWidthStr;

use super::{Field, SecretField, TextArea, window};
use crate::regressions::properties;
use crate::secret::Secret;

fn key(code: KeyCode) -> KeyEvent {
    KeyEvent::new(code, KeyModifiers::NONE)
}

fn ctrl(c: char) -> KeyEvent {
    KeyEvent::new(KeyCode::Char(c), KeyModifiers::CONTROL)
}

fn alt(c: char) -> KeyEvent {
    KeyEvent::new(KeyCode::Char(c), KeyModifiers::ALT)
}

/// The text with `|` at the cursor.
fn marked(field: &Field) -> String {
    let (before, after) = field.halves();
    format!("{before}|{after}")
}

fn area_marked(area: &TextArea) -> String {
    let (row, column) = area.cursor();
    let mut lines: Vec<_> = area.lines().map(str::to_owned).collect();
    let at = window::prefix(&lines[row], column).len();
    lines[row].insert(at, '|');
    lines.join("\n")
}

#[test]
fn edits_a_line_like_readline() {
    let mut field = Field::new("one two three");
    for (key, expected) in [
        (alt('b'), "one two |three"),
        (ctrl('w'), "one |three"),
        (key(KeyCode::Left), "one| three"),
        (key(KeyCode::Char('X')), "oneX| three"),
        (key(KeyCode::Backspace), "one| three"),
        (key(KeyCode::Delete), "one|three"),
        (key(KeyCode::Home), "|onethree"),
        (key(KeyCode::Left), "|onethree"),
        (ctrl('e'), "onethree|"),
        (ctrl('a'), "|onethree"),
        (alt('f'), "onethree|"),
        (ctrl('h'), "onethre|"),
        (key(KeyCode::Left), "onethr|e"),
        (ctrl('u'), "|e"),
        (key(KeyCode::Right), "e|"),
        (ctrl('a'), "|e"),
        (ctrl('k'), "|"),
    ] {
        assert!(field.key(&key), "{key:?}");
        assert_eq!(marked(&field), expected, "{key:?}");
    }
    assert!(field.is_empty());
}

#[test]
fn leaves_the_wizards_keys_alone() {
    let mut field = Field::new("a");
    for key in [
        key(KeyCode::Enter),
        key(KeyCode::Tab),
        key(KeyCode::BackTab),
        key(KeyCode::Esc),
        key(KeyCode::Up),
        key(KeyCode::F(1)),
        ctrl('c'),
        ctrl('r'),
        ctrl('z'),
        alt('x'),
        KeyEvent::new(KeyCode::Char('x'), KeyModifiers::CONTROL | KeyModifiers::ALT),
    ] {
        assert!(!field.key(&key), "{key:?}");
        assert!(!SecretField::default().key(&key), "{key:?}");
    }
    assert_eq!(marked(&field), "a|");
    assert!(field.key(&KeyEvent::new(KeyCode::Char('Ä'), KeyModifiers::SHIFT)));
    assert_eq!(field.value(), "aÄ");
}

#[test]
fn pastes_as_one_edit_on_one_line() {
    let mut field = Field::new("ad");
    field.key(&key(KeyCode::Left));
    field.paste("b\r\n\u{1b}[31m\u{202e}c\n");
    assert_eq!(marked(&field), "ab[31mc|d");
    field.set("x\ty");
    assert_eq!(marked(&field), "xy|");
}

#[test]
fn shows_what_fits_around_the_cursor() {
    let mut field = Field::new("0123456789");
    assert_eq!(field.view(20), ("0123456789".into(), 10));
    assert_eq!(field.view(5), ("6789".into(), 4));
    assert_eq!(field.view(0), (String::new(), 0));
    field.key(&key(KeyCode::Home));
    assert_eq!(field.view(5), ("01234".into(), 0));
    field.set("日本語");
    assert_eq!(field.cursor(), 6);
    // One column is left over on either side, as half a character cannot be shown.
    assert_eq!(field.view(6), ("本語".into(), 4));
    field.key(&key(KeyCode::Left));
    assert_eq!(field.cursor(), 4);
    assert_eq!(field.view(5), ("本語".into(), 2));
    assert_eq!(field.view(1), (String::new(), 0));
}

#[test]
fn steps_over_whole_characters() {
    let mut field = Field::new("a👩‍🚒e\u{301}");
    field.key(&key(KeyCode::Left));
    assert_eq!(marked(&field), "a👩‍🚒|e\u{301}");
    field.key(&key(KeyCode::Backspace));
    assert_eq!(marked(&field), "a|e\u{301}");
}

#[test]
fn edits_several_lines() {
    let mut area = TextArea::new("one\r\ntwo three\n\tx");
    for (key, expected) in [
        (key(KeyCode::Up), "|one\ntwo three\n    x"),
        (key(KeyCode::Down), "one\n|two three\n    x"),
        (key(KeyCode::End), "one\ntwo three|\n    x"),
        (key(KeyCode::Down), "one\ntwo three\n    x|"),
        (key(KeyCode::Up), "one\ntwo three|\n    x"),
        (key(KeyCode::Up), "one|\ntwo three\n    x"),
        (key(KeyCode::Right), "one\n|two three\n    x"),
        (key(KeyCode::Backspace), "one|two three\n    x"),
        (key(KeyCode::Enter), "one\n|two three\n    x"),
        (key(KeyCode::Left), "one|\ntwo three\n    x"),
        (key(KeyCode::Delete), "one|two three\n    x"),
        (KeyEvent::new(KeyCode::End, KeyModifiers::CONTROL), "onetwo three\n    x|"),
        (KeyEvent::new(KeyCode::Home, KeyModifiers::CONTROL), "|onetwo three\n    x"),
        (key(KeyCode::Left), "|onetwo three\n    x"),
        (key(KeyCode::Backspace), "|onetwo three\n    x"),
        (ctrl('k'), "|\n    x"),
    ] {
        assert!(area.key(&key), "{key:?}");
        assert_eq!(area_marked(&area), expected, "{key:?}");
    }
    assert!(!area.key(&key(KeyCode::Tab)) && !area.key(&key(KeyCode::Esc)));
}

#[test]
fn pastes_several_lines() {
    let mut area = TextArea::new("ad");
    area.key(&key(KeyCode::Right));
    area.paste("b\r\n\u{7}c\r");
    assert_eq!(area_marked(&area), "ab\nc\n|d");
    assert_eq!(area.cursor(), (2, 0));
    assert!(!area.is_empty() && TextArea::default().is_empty());
}

#[test]
fn scrolls_an_area_both_ways() {
    let mut area = TextArea::new(
        &"日本語 end
"
        .repeat(30),
    );
    let view = area.view(6, 3);
    assert_eq!((view.top, view.cursor), (0, (0, 0)));
    assert_eq!(view.lines, ["日本語"; 3]);
    for _ in 0..10 {
        area.key(&key(KeyCode::Down));
    }
    area.key(&key(KeyCode::End));
    let view = area.view(6, 3);
    assert_eq!((view.top, view.cursor), (9, (1, 4)));
    assert_eq!(view.lines, [" end"; 3]);
    let view = area.view(8, 1);
    // Half of a wide character is a space.
    area.key(&key(KeyCode::Left));
    assert_eq!((view.top, view.lines), (10, vec!["語 end".to_owned()]));
    area.key(&KeyEvent::new(KeyCode::End, KeyModifiers::CONTROL));
    let view = area.view(6, 3);
    assert_eq!((view.top, view.cursor), (28, (2, 0)));
    assert_eq!(area.view(0, 0).lines.len(), 0);
}

#[test]
fn hides_a_secret_but_for_its_tail() {
    let mut field = SecretField::default();
    assert_eq!(field.shown("•"), "");
    field.paste("  il1api0123456789abcdef3f9a\n");
    assert_eq!(field.count(), 26);
    assert_eq!(field.shown("•"), format!("{}3f9a", "•".repeat(22)));
    assert_eq!(field.view(8, "•"), ("•••3f9a".into(), 7));
    assert_eq!(format!("{field:?}"), "SecretField(****3f9a)");
    field.toggle_reveal();
    assert!(field.revealed());
    assert_eq!(field.shown("•"), "il1api0123456789abcdef3f9a");
    assert_eq!(field.secret().expose(), "il1api0123456789abcdef3f9a");
    field.clear();
    assert!(field.is_empty() && !field.revealed());
    field.paste("short");
    assert_eq!(field.shown("*"), "*****");
    let starred = SecretField::new(&Secret::new("0123456789abcdef**34".into()));
    assert_eq!(starred.shown("*"), "******************34");
}

#[test]
fn a_paste_replaces_what_is_there_and_says_what_it_left_out() {
    let mut field = SecretField::new(&Secret::new("il1api-the-wrong-one".into()));
    field.key(&key(KeyCode::Home));
    for (pasted, secret, note) in [
        ("il1api-right\r\n", "il1api-right", None),
        (
            "https://api.ilert.com/api/events/il1api-right",
            "il1api-right",
            Some("used without the URL around it"),
        ),
        ("KEY='il1api\u{200b}-right'", "il1api-right", {
            Some("used without invisible characters in it, the name before it and the quotes around it")
        }),
        // Broken over two lines, as a narrow terminal shows it.
        ("il1api-\nright", "il1api-right", None),
        ("two words", "two words", None),
    ] {
        field.paste(pasted);
        assert_eq!(field.secret().expose(), secret, "{pasted:?}");
        assert_eq!(field.count(), secret.len());
        assert_eq!(field.note().as_deref(), note, "{pasted:?}");
    }
    // What is typed goes on where the paste ended.
    field.paste("'il1api-right'");
    field.key(&key(KeyCode::Char('x')));
    assert_eq!((field.secret().expose(), field.note()), ("il1api-rightx", None));

    let mut password = SecretField::password();
    password.paste("'two words'\n");
    assert_eq!(password.secret().expose(), "'two words'");
}

#[test]
fn shows_nothing_of_what_is_never_to_be_seen() {
    let mut field = SecretField::unseen();
    field.paste("il1tkn0123456789abcdef77e1");
    field.toggle_reveal();
    assert_eq!((field.shown("•"), field.revealed()), ("•".repeat(26), false));
    assert!(!field.can_be_revealed() && !format!("{field:?}").contains("77e1"));
    field.clear();
    field.paste("another one, longer still");
    assert!(!field.shown("•").contains("till"), "{field:?}");

    let mut password = SecretField::password();
    password.paste("correct horse battery staple");
    assert_eq!(password.shown("•"), "•".repeat(28));
    assert!(!format!("{password:?}").contains("aple"));
    password.toggle_reveal();
    assert_eq!(password.shown("•"), "correct horse battery staple");
}

#[test]
fn edits_a_secret() {
    let mut field = SecretField::new(&Secret::new("abc".into()));
    for (key, expected) in [
        (key(KeyCode::Left), "abc"),
        (key(KeyCode::Char('X')), "abXc"),
        (key(KeyCode::Backspace), "abc"),
        (key(KeyCode::Delete), "ab"),
        (key(KeyCode::Delete), "ab"),
        (ctrl('a'), "ab"),
        (key(KeyCode::Backspace), "ab"),
        (key(KeyCode::Right), "ab"),
        (ctrl('k'), "a"),
        (ctrl('w'), ""),
    ] {
        assert!(field.key(&key), "{key:?}");
        assert_eq!(field.secret().expose(), expected, "{key:?}");
    }
}

fn any_key() -> impl Strategy<Value = KeyEvent> {
    let code = prop_oneof![
        any::<char>().prop_map(KeyCode::Char),
        proptest::sample::select(vec![
            KeyCode::Enter,
            KeyCode::Backspace,
            KeyCode::Delete,
            KeyCode::Left,
            KeyCode::Right,
            KeyCode::Up,
            KeyCode::Down,
            KeyCode::Home,
            KeyCode::End,
            KeyCode::Char('a'),
            KeyCode::Char('k'),
            KeyCode::Char('w'),
        ]),
    ];
    let modifiers = proptest::sample::select(vec![
        KeyModifiers::NONE,
        KeyModifiers::CONTROL,
        KeyModifiers::ALT,
        KeyModifiers::SHIFT,
    ]);
    (code, modifiers).prop_map(|(code, modifiers)| KeyEvent::new(code, modifiers))
}

proptest! {
    #![proptest_config(properties(256))]

    #[test]
    fn always_shows_the_cursor_within_the_width(
        text in "\\PC{0,40}",
        keys in proptest::collection::vec(any_key(), 0..30),
        width in 0u16..30,
        height in 1u16..6,
    ) {
        let (mut field, mut area, mut secret) =
            (Field::new(&text), TextArea::new(&text), SecretField::default());
        secret.paste(&text);
        for key in &keys {
            field.key(key);
            area.key(key);
            secret.key(key);
        }
        for (shown, cursor) in [field.view(width), secret.view(width, "•")] {
            prop_assert!(shown.width() <= usize::from(width), "{shown:?}");
            prop_assert!(cursor <= width.saturating_sub(1));
        }
        let view = area.view(width, height);
        prop_assert!(view.lines.len() <= usize::from(height));
        prop_assert!(view.lines.iter().all(|line| line.width() <= usize::from(width)));
        prop_assert!(view.cursor.0 < height && view.cursor.1 <= width.saturating_sub(1));
        prop_assert!(!field.value().contains(crate::text::is_control));
        prop_assert_eq!(TextArea::new(&area.value()).value(), area.value());
    }

    #[test]
    fn cuts_between_characters(text in "\\PC{0,20}", room in 0usize..20) {
        prop_assert!(window::prefix(&text, room).width() <= room);
        prop_assert!(text.ends_with(window::suffix(&text, room)));
    }
}
