use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::style::{Color, Modifier, Style};
use ratatui::widgets::{Block, Widget};

use super::{keep, svg};

fn one_line(text: &str, style: Style) -> String {
    let mut buffer = Buffer::empty(Rect::new(0, 0, 12, 1));
    buffer.set_string(0, 0, text, style);
    body(&svg(&buffer, "t", None))
}

/// What is drawn in the cells.
fn body(picture: &str) -> String {
    let (_, cells) = picture.split_once("middle\">t</text>\n").unwrap();
    cells.strip_suffix("</g>\n</svg>\n").unwrap().to_owned()
}

fn text(x: &str, width: &str, rest: &str) -> String {
    format!(
        "<text x=\"{x}\" y=\"43.5\" textLength=\"{width}\" lengthAdjust=\"spacingAndGlyphs\" {rest}</text>\n"
    )
}

#[test]
fn draws_text_where_it_stands() {
    assert_eq!(one_line("", Style::new()), "");
    assert_eq!(
        one_line("  a <b> & ", Style::new()),
        text("31", "59.5", "fill=\"#cdd6f4\">a &lt;b&gt; &amp;")
    );
}

#[test]
fn draws_styles() {
    let bold = Style::new().fg(Color::Cyan).add_modifier(Modifier::BOLD);
    assert_eq!(one_line("x", bold), text("14", "8.5", "fill=\"#94e2d5\" font-weight=\"bold\">x"));
    let dim = Style::new().add_modifier(Modifier::DIM | Modifier::ITALIC);
    assert_eq!(
        one_line("x", dim),
        text("14", "8.5", "fill=\"#cdd6f4\" font-style=\"italic\" opacity=\"0.6\">x")
    );
    let reversed = Style::new().fg(Color::Red).add_modifier(Modifier::REVERSED);
    assert_eq!(
        one_line("x ", reversed),
        "<rect x=\"14\" y=\"30\" width=\"17\" height=\"18\" fill=\"#f38ba8\"/>\n".to_owned()
            + &text("14", "17", "fill=\"#1e1e2e\">x ")
    );
    let underlined = Style::new().add_modifier(Modifier::UNDERLINED);
    assert!(one_line("x", underlined).starts_with("<rect x=\"14\" y=\"45.5\" width=\"8.5\" height=\"1\""));
    assert_eq!(one_line("x", Style::new().add_modifier(Modifier::HIDDEN)), "");
}

#[test]
fn gives_wide_characters_their_two_columns() {
    assert_eq!(
        one_line("日x✓y", Style::new()),
        text("14", "17", "fill=\"#cdd6f4\">日")
            + &text("31", "8.5", "fill=\"#cdd6f4\">x")
            + &text("39.5", "8.5", "fill=\"#cdd6f4\">✓")
            + &text("48", "8.5", "fill=\"#cdd6f4\">y")
    );
}

#[test]
fn draws_frames_that_join() {
    let mut buffer = Buffer::empty(Rect::new(0, 0, 3, 3));
    Block::bordered().border_type(ratatui::widgets::BorderType::Rounded).render(buffer.area, &mut buffer);
    let drawn = body(&svg(&buffer, "t", None));
    assert_eq!(drawn.matches("<path").count(), 8);
    assert!(!drawn.contains("<text"));
    // The upper left corner ends where the line to its right begins.
    assert!(drawn.contains("M18.25 48Q18.25 39 22.5 39") && drawn.contains("M22.5 39H31"), "{drawn}");
}

#[test]
fn draws_a_window_with_a_cursor_the_same_each_time() {
    let mut buffer = Buffer::empty(Rect::new(0, 0, 4, 2));
    buffer.set_string(0, 1, "ab", Style::new());
    let picture = svg(&buffer, "a <title>", Some(Position::new(1, 1)));
    assert_eq!(picture, svg(&buffer, "a <title>", Some(Position::new(1, 1))));
    assert!(picture.starts_with("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"62\" height=\"80\""));
    assert!(picture.contains("<title>a &lt;title&gt;</title>") && picture.contains("rx=\"9\""));
    assert!(picture.contains("<rect x=\"22.5\" y=\"48\" width=\"8.5\" height=\"18\" fill=\"#cdd6f4\"/>"));
}

#[test]
fn holds_pictures_against_their_files() {
    if std::env::var_os("UPDATE_PICTURES").is_some_and(|value| !value.is_empty()) {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("one.svg");
    std::fs::write(&path, "<svg/>").unwrap();
    keep(&path, "<svg/>");
    let stale = std::panic::catch_unwind(|| keep(&path, "<svg></svg>")).unwrap_err();
    assert!(stale.downcast_ref::<String>().unwrap().contains("UPDATE_PICTURES=1"));
}
