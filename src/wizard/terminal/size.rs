//! How large the terminal is, also where it does not say so.

/// Columns and rows of a terminal that says nothing.
const USUAL: (u16, u16) = (80, 24);

/// No terminal shows more columns and rows. What one says beyond that is bounded: each cell takes memory.
const MOST: (u16, u16) = (1000, 500);

/// Columns and rows. A serial console and a container's terminal often say 0 and 0: then `COLUMNS` and `LINES` count, and
/// without these 80 and 24.
pub(super) fn size() -> (u16, u16) {
    let said = crossterm::terminal::size().unwrap_or_default();
    let variable = |name: &str| std::env::var(name).ok();
    told(said, variable("COLUMNS").as_deref(), variable("LINES").as_deref())
}

fn told(
    (columns, rows): (u16, u16),
    columns_variable: Option<&str>,
    lines_variable: Option<&str>,
) -> (u16, u16) {
    let or = |said: u16, variable: Option<&str>, usual| {
        let variable = variable.and_then(|text| text.trim().parse().ok());
        [Some(said), variable].into_iter().flatten().find(|count| *count > 0).unwrap_or(usual)
    };
    let told = (or(columns, columns_variable, USUAL.0), or(rows, lines_variable, USUAL.1));
    (told.0.min(MOST.0), told.1.min(MOST.1))
}

#[cfg(test)]
mod tests {
    use super::told;

    #[test]
    fn a_terminal_that_says_nothing_is_taken_for_a_usual_one() {
        for (said, columns, lines, expected) in [
            ((120, 40), Some("60"), Some("16"), (120, 40)),
            ((0, 0), Some("100"), Some("30"), (100, 30)),
            ((0, 0), None, None, (80, 24)),
            ((0, 0), Some("0"), Some("many"), (80, 24)),
            ((0, 50), None, None, (80, 50)),
            ((9999, 9999), None, None, (1000, 500)),
            ((u16::MAX, 24), None, None, (1000, 24)),
            ((0, 0), Some("65535"), Some("65535"), (1000, 500)),
        ] {
            assert_eq!(told(said, columns, lines), expected, "{said:?} {columns:?} {lines:?}");
        }
    }
}
