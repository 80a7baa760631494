use proptest::prelude::*;

use super::{Shown, block, clean, cut, escaped, is_clean, is_control, one_line};

/// A few of each kind of what may not be shown.
const DENIED: [char; 39] = [
    '\0',
    '\u{7}',
    '\u{8}',
    '\t',
    '\r',
    '\u{1b}',
    '\u{7f}',
    '\u{80}',
    '\u{85}',
    '\u{9b}',
    '\u{9d}',
    '\u{ad}',
    '\u{34f}',
    '\u{61c}',
    '\u{180e}',
    '\u{200b}',
    '\u{200c}',
    '\u{200d}',
    '\u{200e}',
    '\u{200f}',
    '\u{2028}',
    '\u{2029}',
    '\u{202a}',
    '\u{202e}',
    '\u{2060}',
    '\u{2066}',
    '\u{2069}',
    '\u{2800}',
    '\u{3164}',
    '\u{fe0f}',
    '\u{feff}',
    '\u{fff9}',
    '\u{e0001}',
    '\u{e0041}',
    '\u{e000}',
    '\u{f8ff}',
    '\u{ffff}',
    '\u{f0000}',
    '\u{10fffd}',
];

#[test]
fn nothing_that_steers_or_hides_is_shown() {
    for denied in DENIED {
        let text = format!("a{denied}b");
        let shown = clean(&text);
        assert!(!is_clean(&text) && !shown.contains(denied) && is_clean(&shown), "{denied:?}");
        let json = serde_json::to_string(&text).unwrap();
        let shown = escaped(&json);
        assert!(is_clean(&shown), "{denied:?}: {shown}");
        assert_eq!(serde_json::from_str::<String>(&shown).unwrap(), text);
    }
    // What a terminal obeys leaves a space, what cannot be seen leaves nothing.
    assert_eq!(clean("a\u{1b}[31mb\tc\r\nd\re\u{9b}f"), "a [31mb    c\nd e f");
    assert_eq!(clean("a\u{202e}b\u{200b}c\u{ad}d\u{feff}e"), "abcde");
}

#[test]
fn everything_else_is() {
    for text in
        ["a\nb", "Größe, 日本語, עברית, العربية, ไทย, e\u{301}", "\u{a0}–…°×µ\u{fffd}", "👩‍🚒 👩🏽‍💻 ❤️‍🔥 ⚠️ 🏳️‍🌈", ""]
    {
        assert_eq!(clean(text), text);
        assert_eq!(escaped(text), text);
    }
}

#[test]
fn joins_pictures_alone() {
    for (text, expected) in [
        ("db\u{200d}1", "db1"),
        ("👩\u{200d}", "👩"),
        ("👩\u{200d}\u{200d}🚒", "👩🚒"),
        ("\u{200d}👩", "👩"),
        ("a\u{fe0f}", "a"),
        ("❤\u{fe0f}\u{fe0f}", "❤\u{fe0f}"),
        ("👩\u{200d}\u{1b}🚒", "👩 🚒"),
    ] {
        assert_eq!(clean(text), expected, "{text:?}");
    }
}

#[test]
fn makes_one_line() {
    assert_eq!(one_line(" a\r\n\tb\u{0}c\u{2028}d  ", 99), "a b c d");
    assert_eq!(one_line("\u{7f}\u{1b}", 99), "");
    assert_eq!(one_line("\u{200b}x\u{202e}", 99), "x");
    assert_eq!(one_line("\u{2800}x\u{2800}y\u{2800}", 99), "x y");
    assert_eq!(one_line("\u{2800}", 99), "");
}

#[test]
fn keeps_lines_but_no_clutter() {
    assert_eq!(block("\n\n a \n\n\n\nb\u{7}c\r\nd\te\n \n", 99), " a \n\nb c\nd    e");
    assert_eq!(block("", 9), "");
}

#[test]
fn cuts_between_characters() {
    for (text, limit, expected) in [
        ("жжж", 3, "жжж"),
        ("жжжж", 3, "жж…"),
        ("ab cd", 4, "ab…"),
        ("ab", 1, "…"),
        ("ab", 0, ""),
        ("👩‍🚒👩‍🚒", 3, "👩…"),
    ] {
        let mut cut_text = text.to_owned();
        cut(&mut cut_text, limit);
        assert_eq!(cut_text, expected, "{text} {limit}");
    }
}

#[test]
fn what_is_kept_is_cleaned_when_it_is_read_again() {
    let kept: Shown = serde_json::from_str("\"a\\u001b[2Jb\\u202e\\nc\"").unwrap();
    assert_eq!(kept, "a [2Jb\nc");
    assert_eq!(serde_json::to_string(&kept).unwrap(), "\"a [2Jb\\nc\"");
    assert_eq!(Shown::line("a\nb", 2), "a…");
}

/// Any text, with more of what may not be shown in it than chance would have.
fn hostile() -> impl Strategy<Value = String> {
    let character = prop_oneof![
        any::<char>(),
        prop::sample::select(&DENIED[..]),
        prop::sample::select(&['👩', '🚒', ' ', 'a', '\n'][..])
    ];
    prop::collection::vec(character, 0..60).prop_map(String::from_iter)
}

proptest! {
    #[test]
    fn fits_whatever_comes(text in hostile(), limit in 0usize..40) {
        for shown in [one_line(&text, limit), block(&text, limit)] {
            prop_assert!(shown.chars().count() <= limit);
            prop_assert!(is_clean(&shown), "{shown:?}");
            prop_assert!(!shown.chars().any(|c| c != '\n' && is_control(c)));
        }
        prop_assert!(!one_line(&text, limit).contains('\n'));
    }

    #[test]
    fn what_was_cleaned_is_clean(text in hostile()) {
        let shown = clean(&text);
        prop_assert!(is_clean(&shown), "{shown:?}");
        prop_assert_eq!(clean(&shown), &*shown);
    }

    #[test]
    fn json_stays_what_it_was(text in hostile()) {
        let json = serde_json::to_string_pretty(&[&text]).unwrap();
        let shown = escaped(&json);
        prop_assert!(is_clean(&shown), "{shown:?}");
        prop_assert_eq!(serde_json::from_str::<Vec<String>>(&shown).unwrap(), [text]);
    }
}
