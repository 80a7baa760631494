use std::time::{Duration, Instant};

use crossterm::event::{Event, KeyCode, KeyEvent, KeyModifiers};
use proptest::prelude::*;

use super::{Decoder, PATIENCE};
use crate::regressions::properties;

const NONE: KeyModifiers = KeyModifiers::NONE;

fn key(code: KeyCode, modifiers: KeyModifiers) -> Event {
    Event::Key(KeyEvent::new(code, modifiers))
}

/// What terminals send, and what it is.
fn sequences() -> Vec<(&'static [u8], Event)> {
    vec![
        (b"\x1b[A", key(KeyCode::Up, NONE)),
        (b"\x1bOB", key(KeyCode::Down, NONE)),
        (b"\x1b[1;5C", key(KeyCode::Right, KeyModifiers::CONTROL)),
        (b"\x1b[1;3D", key(KeyCode::Left, KeyModifiers::ALT)),
        (b"\x1b[H", key(KeyCode::Home, NONE)),
        (b"\x1b[4~", key(KeyCode::End, NONE)),
        (b"\x1b[7~", key(KeyCode::Home, NONE)),
        (b"\x1b[3~", key(KeyCode::Delete, NONE)),
        (b"\x1b[5~", key(KeyCode::PageUp, NONE)),
        (b"\x1b[6~", key(KeyCode::PageDown, NONE)),
        (b"\x1b[Z", key(KeyCode::BackTab, KeyModifiers::SHIFT)),
        (b"\x1bOP", key(KeyCode::F(1), NONE)),
        (b"\x1b[11~", key(KeyCode::F(1), NONE)),
        (b"\x1b[[A", key(KeyCode::F(1), NONE)),
        (b"\x1b[21~", key(KeyCode::F(10), NONE)),
        (b"\x1b[24~", key(KeyCode::F(12), NONE)),
        (b"\x1bb", key(KeyCode::Char('b'), KeyModifiers::ALT)),
        (b"\x1b\x7f", key(KeyCode::Backspace, KeyModifiers::ALT)),
        ("\x1b[200~two\r\n\x1b[31mlines \u{e9}\x1b[201~".as_bytes(), {
            Event::Paste("two\r\n\x1b[31mlines \u{e9}".into())
        }),
        ("日".as_bytes(), key(KeyCode::Char('日'), NONE)),
        ("É".as_bytes(), key(KeyCode::Char('É'), KeyModifiers::SHIFT)),
        (b"\r", key(KeyCode::Enter, NONE)),
        (b"\t", key(KeyCode::Tab, NONE)),
        (b"\x03", key(KeyCode::Char('c'), KeyModifiers::CONTROL)),
        (b"a", key(KeyCode::Char('a'), NONE)),
    ]
}

/// The bytes, one after the other with a pause between, and then nothing for long.
fn slowly(bytes: &[u8], pause: Duration) -> Vec<Event> {
    let (mut decoder, mut now, mut events) = (Decoder::default(), Instant::now(), Vec::new());
    for byte in bytes {
        events.extend(decoder.expire(now));
        events.extend(decoder.feed(&[*byte], now));
        now += pause;
    }
    events.extend(decoder.expire(now + PATIENCE));
    events
}

#[test]
fn a_sequence_is_one_key_however_slow_the_line_is() {
    for (bytes, event) in sequences() {
        let event = [event];
        assert_eq!(Decoder::default().feed(bytes, Instant::now()), event, "{bytes:?}");
        for pause in [200, 1_000, 5_000, 20_000, 40_000].map(Duration::from_micros) {
            assert_eq!(slowly(bytes, pause), event, "{bytes:?} {pause:?}");
        }
    }
}

#[test]
fn an_esc_alone_is_the_key_once_it_has_waited() {
    let (mut decoder, now) = (Decoder::default(), Instant::now());
    assert_eq!((decoder.feed(b"\x1b", now), decoder.due()), (Vec::new(), Some(now + PATIENCE)));
    assert_eq!(decoder.expire(now + Duration::from_millis(49)), None);
    assert_eq!(decoder.expire(now + PATIENCE), Some(key(KeyCode::Esc, NONE)));
    assert_eq!((decoder.due(), decoder.expire(now + PATIENCE)), (None, None));
    // Twice in a row, and before a sequence.
    let esc = key(KeyCode::Esc, NONE);
    assert_eq!(decoder.feed(b"\x1b\x1b[A", now), [esc.clone(), key(KeyCode::Up, NONE)]);
    assert_eq!(decoder.feed(b"\x1b\x1b", now), [esc]);
}

#[test]
fn what_means_nothing_is_dropped_and_nothing_after_it() {
    for bytes in [&b"\x1b[I"[..], b"\x1b[?1;2c", b"\x1b[99~", b"\x1b[~", b"\x1b[3$", b"\xff", b"\x1bOx"] {
        let events = Decoder::default().feed(&[bytes, b"\x1b[A"].concat(), Instant::now());
        assert_eq!(events, [key(KeyCode::Up, NONE)], "{bytes:?}");
    }
    // Half a character, then a whole one.
    assert_eq!(Decoder::default().feed(b"\xe6\x97a", Instant::now()), [key(KeyCode::Char('a'), NONE)]);
    assert_eq!(Decoder::default().feed(b"\x1b[1\r", Instant::now()), [key(KeyCode::Enter, NONE)]);
}

#[test]
fn a_paste_is_kept_as_far_as_anybody_would_want_it() {
    let mut decoder = Decoder::default();
    let now = Instant::now();
    assert_eq!(decoder.feed(b"\x1b[200~", now), []);
    for _ in 0..40 {
        assert_eq!(decoder.feed(&vec![b'x'; 100_000], now), []);
    }
    let events = decoder.feed(b"\x1b[201~a", now);
    let [Event::Paste(text), after] = events.as_slice() else { panic!("{events:?}") };
    assert!(text.len() <= 1 << 20, "{}", text.len());
    assert_eq!(*after, key(KeyCode::Char('a'), NONE));
}

proptest! {
    #![proptest_config(properties(256))]

    #[test]
    fn whatever_comes_ends_and_cuts_make_no_difference(
        bytes in prop::collection::vec(prop_oneof![
            prop::sample::select(&b"\x1b[O;~$?0129ABMPZ\r\x01"[..]),
            any::<u8>(),
        ], 0..60),
        cut in 0usize..60,
    ) {
        let now = Instant::now();
        let whole = Decoder::default().feed(&bytes, now);
        let (one, other) = bytes.split_at(cut.min(bytes.len()));
        let mut decoder = Decoder::default();
        let mut parts = decoder.feed(one, now);
        parts.extend(decoder.feed(other, now));
        prop_assert_eq!(whole, parts);
    }
}
