//! A request's path, as servers read it.

use percent_encoding::percent_decode_str;

/// The segments of a path, decoded one by one: an encoded slash is part of its segment.
pub(super) fn segments(path: &str) -> Vec<String> {
    path.split('/').skip(1).map(decode).collect()
}

/// Percent-encoded text, decoded; what is no UTF-8 is replaced.
pub(super) fn decode(text: &str) -> String {
    percent_decode_str(text).decode_utf8_lossy().into_owned()
}
