//! Writes a list of nodes as a pattern.

/// Host names as words of a simple pattern.
pub(super) fn words<'a>(hosts: impl IntoIterator<Item = &'a String>) -> String {
    let word = |host: &String| {
        let mut word = String::with_capacity(host.len());
        for (at, c) in host.chars().enumerate() {
            if c == '\\' || c.is_ascii_whitespace() || (at == 0 && c == '!') {
                word.push('\\');
            }
            word.push(c);
        }
        word
    };
    hosts.into_iter().map(word).collect::<Vec<_>>().join(" ")
}
