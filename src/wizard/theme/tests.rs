use std::collections::HashSet;

use ratatui::style::{Color, Style};
use unicode_width::UnicodeWidthStr;

use super::{Glyphs, Theme};

const THEMES: [Theme; 5] = [
    Theme::of(true, true),
    Theme::of(true, false),
    Theme::of(false, true),
    Theme::of(false, false),
    Theme::console(true),
];

fn styles(theme: Theme) -> Vec<Style> {
    vec![
        theme.title(),
        theme.label(),
        theme.dim(),
        theme.focus(),
        theme.selected(),
        theme.good(),
        theme.warn(),
        theme.bad(),
        theme.key(),
        theme.border(true),
        theme.border(false),
    ]
}

#[test]
fn always_says_a_colour_of_the_sixteen() {
    for theme in THEMES {
        for style in styles(theme) {
            let color = style.fg.unwrap();
            assert!(!matches!(color, Color::Rgb(..) | Color::Indexed(_)));
            assert!(theme.color || color == Color::Reset, "{style:?}");
            assert_eq!(style.bg, None);
        }
    }
}

#[test]
fn tells_meanings_apart_without_colour() {
    for theme in THEMES {
        let meanings =
            [theme.focus(), theme.selected(), theme.good(), theme.warn(), theme.bad(), theme.dim()];
        assert_eq!(meanings.iter().collect::<HashSet<_>>().len(), meanings.len(), "{theme:?}");
        assert_ne!(theme.border(true), theme.border(false));
    }
}

#[test]
fn keeps_to_ascii_where_told_to() {
    for theme in THEMES {
        let border = theme.border_set();
        let mut glyphs = vec![
            theme.tick(),
            theme.current(),
            theme.pending(),
            theme.ellipsis(),
            theme.bullet(),
            theme.mask(),
            theme.between(),
            theme.blank(),
            border.top_left,
            border.horizontal_bottom,
            border.vertical_left,
        ];
        glyphs.extend((0..25).map(|frame| theme.spinner(frame)));
        let choices = [theme.on(), theme.off(), theme.check(true), theme.check(false)];
        for glyph in glyphs.iter().chain(&choices) {
            // A console's fonts have Latin 1 and the lines of frames.
            let is_drawn = |c: char| match theme.glyphs {
                Glyphs::Unicode => true,
                Glyphs::Console => c <= '\u{ff}' || ('\u{2500}'..='\u{253c}').contains(&c),
                Glyphs::Ascii => c.is_ascii(),
            };
            assert!(glyph.chars().all(is_drawn), "{glyph}");
        }
        assert!(glyphs.iter().all(|glyph| glyph.width() == 1 || *glyph == "..."));
        // What stands in one column of the screen is of one width.
        assert_eq!(theme.on().width(), theme.off().width());
        assert_eq!(theme.check(true).width(), theme.check(false).width());
        assert_eq!(theme.mask().chars().count(), 1);
    }
}

#[test]
fn spins() {
    let theme = Theme::of(true, false);
    assert_eq!((0..5).map(|frame| theme.spinner(frame)).collect::<String>(), "|/-\\|");
    assert_eq!(theme.spinner(usize::MAX), "\\");
}

#[test]
fn knows_what_terminals_have() {
    for (term, unicode, expected) in [
        ("xterm-256color", true, Theme::of(true, true)),
        ("xterm-256color", false, Theme::of(true, false)),
        ("linux", true, Theme::console(true)),
        ("linux-16color", true, Theme::console(true)),
        ("linux", false, Theme::of(true, false)),
        ("vt100", true, Theme::of(false, false)),
        ("vt220", true, Theme::of(false, false)),
        ("xterm-mono", true, Theme::of(false, true)),
        ("linux-m", true, Theme::console(false)),
        ("", true, Theme::of(false, false)),
    ] {
        assert_eq!(Theme::for_terminal(term, true, unicode), expected, "{term} {unicode}");
    }
    assert!(!Theme::for_terminal("linux", false, true).color);
}
