use std::collections::HashSet;

use ratatui::style::{Color, Style};
use unicode_width::UnicodeWidthStr;

use super::Theme;

const THEMES: [Theme; 4] =
    [Theme::of(true, true), Theme::of(true, false), Theme::of(false, true), Theme::of(false, false)];

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
            border.top_left,
            border.horizontal_bottom,
            border.vertical_left,
        ];
        glyphs.extend((0..25).map(|frame| theme.spinner(frame)));
        let choices = [theme.on(), theme.off(), theme.check(true), theme.check(false)];
        for glyph in glyphs.iter().chain(&choices) {
            assert!(theme.unicode || glyph.is_ascii(), "{glyph}");
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
