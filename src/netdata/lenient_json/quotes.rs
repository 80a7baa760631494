//! Where an unescaped string ends: at the quote that is followed by what Netdata prints after a string.

/// How far a string is followed in search of its end, bytes.
const LONGEST_STRING: usize = 64 * 1024;
/// How far the look-ahead follows a possible key, bytes.
const LONGEST_KEY: usize = 1024;

/// What stood on the line so far.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Line {
    /// Nothing.
    Start,
    /// One key: a string value that follows is alone on its line.
    Key,
    /// Something else.
    Further,
}

/// The quotes that may end a string, by what follows them.
pub(super) struct Ends<'a> {
    of_line: Quotes<'a>,
    within_line: Quotes<'a>,
    of_key: Quotes<'a>,
    of_element: Quotes<'a>,
}

impl<'a> Ends<'a> {
    pub(super) fn new(text: &'a str, is_wanted: &'a dyn Fn() -> bool) -> Self {
        let quotes = |follows, is_one| Quotes { text, follows, is_one, is_wanted, looked: 0, found: None };
        Self {
            of_line: quotes(b" \t,\r\n", ends_line),
            within_line: quotes(b" \t,}]", ends_within_line),
            of_key: quotes(b" \t:", |after| after.trim_start_matches([' ', '\t']).starts_with(':')),
            of_element: quotes(b" \t,", element_follows),
        }
    }

    /// Finds the closing quote of the string that begins here. To be asked from left to right.
    pub(super) fn of_string(&mut self, start: usize, value: bool, line: Line) -> Option<usize> {
        let of_line = self.of_line.after(start);
        if value && line == Line::Key && of_line.is_some() {
            return of_line;
        }
        let mut end = earlier(of_line, self.within_line.after(start));
        if !value {
            // A key; or text in a list, which ends as a value does.
            end = earlier(end, self.of_key.after(start));
            if line == Line::Further {
                end = earlier(end, self.of_element.after(start));
            }
        }
        end
    }
}

fn earlier(one: Option<usize>, other: Option<usize>) -> Option<usize> {
    one.into_iter().chain(other).min()
}

/// The quotes that something particular follows. They are asked for from left to right, and none is looked at twice:
/// the one found is kept until it is passed.
struct Quotes<'a> {
    text: &'a str,
    /// The bytes that one of them may stand before; most quotes are passed over by that alone.
    follows: &'static [u8],
    is_one: fn(&str) -> bool,
    is_wanted: &'a dyn Fn() -> bool,
    /// Up to here there is none but the one found.
    looked: usize,
    found: Option<usize>,
}

impl Quotes<'_> {
    /// The first of them after this place, as far as a string is followed.
    fn after(&mut self, start: usize) -> Option<usize> {
        if self.found.is_none_or(|found| found <= start) {
            self.looked = self.looked.max(start + 1);
            self.found = self.next();
        }
        self.found.filter(|found| found - start <= LONGEST_STRING)
    }

    fn next(&mut self) -> Option<usize> {
        let bytes = self.text.as_bytes();
        let quote = |from: usize| {
            bytes.get(from..)?.iter().position(|byte| *byte == b'"').filter(|_| (self.is_wanted)())
        };
        while let Some(step) = quote(self.looked) {
            let quote = self.looked + step;
            self.looked = quote + 1;
            #[cfg(test)]
            LOOKS.set(LOOKS.get() + 1);
            let may_be_one = bytes.get(self.looked).is_none_or(|next| self.follows.contains(next));
            if may_be_one && (self.is_one)(self.text.get(self.looked..).unwrap_or_default()) {
                return Some(quote);
            }
        }
        self.looked = self.text.len();
        None
    }
}

#[cfg(test)]
thread_local! {
    /// How often a quote was looked at, for the test that this grows no faster than the text.
    pub(in crate::netdata) static LOOKS: std::cell::Cell<usize> = const { std::cell::Cell::new(0) };
}

/// `"` was the last of its line, and the next line is one that Netdata would print.
fn ends_line(after: &str) -> bool {
    let after = after.trim_start_matches([' ', '\t']);
    let after = after.strip_prefix(',').unwrap_or(after).trim_start_matches([' ', '\t', '\r']);
    if after.is_empty() {
        return true;
    }
    let Some(next) = after.strip_prefix('\n') else { return false };
    let next = next.trim_start();
    next.is_empty() || next.starts_with(['}', ']', '{']) || begins_string(next)
}

/// What follows `"` on its own line is the next key, or a bracket that closes.
fn ends_within_line(after: &str) -> bool {
    let after = after.trim_start_matches([' ', '\t']);
    if let Some(next) = after.strip_prefix(',') {
        let next = next.trim_start_matches([' ', '\t']);
        return next.starts_with(['{', '[']) || key_follows(next);
    }
    after.strip_prefix(['}', ']']).is_some_and(|next| {
        let next = next.trim_start();
        next.is_empty() || next.starts_with([',', '}', ']'])
    })
}

/// What follows `"` on its own line is the next text of a list.
fn element_follows(after: &str) -> bool {
    after
        .trim_start_matches([' ', '\t'])
        .strip_prefix(',')
        .is_some_and(|next| next.trim_start_matches([' ', '\t']).starts_with('"'))
}

/// `"word":`, as Netdata's keys within a line are.
fn key_follows(text: &str) -> bool {
    let Some(text) = text.strip_prefix('"') else { return false };
    let key = text
        .bytes()
        .take(LONGEST_KEY)
        .take_while(|byte| byte.is_ascii_alphanumeric() || b"_-.".contains(byte));
    let length = key.count();
    length > 0
        && text
            .get(length..)
            .and_then(|text| text.strip_prefix('"'))
            .is_some_and(|text| text.trim_start_matches([' ', '\t']).starts_with(':'))
}

/// Whether a string begins here that ends on this line before a colon, a comma or the line's end: a key or an element
/// of a list.
fn begins_string(text: &str) -> bool {
    let Some(text) = text.strip_prefix('"') else { return false };
    let line_length = text.bytes().take(LONGEST_KEY).take_while(|byte| *byte != b'\n').count();
    let Some(line) = text.as_bytes().get(..line_length) else { return false };
    line.iter().enumerate().filter(|(_, byte)| **byte == b'"').any(|(at, _)| {
        // From the left alone: what follows one quote is not looked at for another.
        let after = line.get(at + 1..).unwrap_or_default().trim_ascii_start();
        let past_comma = after.strip_prefix(b",").map(<[u8]>::trim_ascii_start);
        after.is_empty() || after.first() == Some(&b':') || past_comma.is_some_and(<[u8]>::is_empty)
    })
}
