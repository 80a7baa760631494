//! The lines that change in a file, with a few unchanged lines around them.

use similar::{ChangeTag, DiffOp, TextDiff};

/// Unchanged lines shown before and after a change.
const CONTEXT: usize = 3;

/// What becomes of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LineChange {
    /// It stays.
    Same,
    /// It is new.
    Added,
    /// It goes.
    Removed,
    /// Not a line: so many stay and are not shown.
    Skipped,
}

impl LineChange {
    /// What stands before the line, so that it is told without colour, too.
    #[must_use]
    pub const fn sign(self) -> &'static str {
        match self {
            Self::Same => " ",
            Self::Added => "+",
            Self::Removed => "-",
            Self::Skipped => "@",
        }
    }
}

/// What turns one text into the other, with three lines around each change; nothing where they are the same.
/// Lines are without their line break.
#[must_use]
pub fn diff(old: &str, new: &str) -> Vec<(LineChange, String)> {
    let diff = TextDiff::from_lines(old, new);
    let mut lines = Vec::new();
    let mut shown = 0;
    for group in diff.grouped_ops(CONTEXT) {
        let first = group.first().map_or(0, |op| op.old_range().start);
        skip(&mut lines, first - shown.min(first));
        for change in group.iter().flat_map(|op| diff.iter_changes(op)) {
            let kind = match change.tag() {
                ChangeTag::Equal => LineChange::Same,
                ChangeTag::Insert => LineChange::Added,
                ChangeTag::Delete => LineChange::Removed,
            };
            let line = change.value();
            lines.push((kind, line.strip_suffix('\n').unwrap_or(line).trim_end_matches('\r').to_owned()));
        }
        shown = group.last().map_or(shown, |op: &DiffOp| op.old_range().end);
    }
    if !lines.is_empty() {
        skip(&mut lines, old.lines().count().saturating_sub(shown));
    }
    lines
}

fn skip(lines: &mut Vec<(LineChange, String)>, count: usize) {
    match count {
        0 => {}
        1 => lines.push((LineChange::Skipped, "1 line".to_owned())),
        _ => lines.push((LineChange::Skipped, format!("{count} lines"))),
    }
}

/// Without comments, blank lines and tables that nothing is set in, which say nothing of what is set; and how many lines of
/// comments that were.
#[must_use]
pub fn fold(lines: &[(LineChange, String)]) -> (Vec<(LineChange, String)>, usize) {
    let mut kept: Vec<(LineChange, String)> = Vec::new();
    let mut folded = 0;
    let is_table = |text: &str| text.starts_with('[');
    for (change, text) in lines {
        let bare = text.trim_start();
        if *change != LineChange::Skipped && (bare.is_empty() || bare.starts_with('#')) {
            folded += usize::from(!bare.is_empty());
            continue;
        }
        // A table is told by what is in it.
        let empty =
            kept.last().is_some_and(|(before, last)| is_table(last) && *before != LineChange::Removed);
        if empty && (is_table(text) || *change == LineChange::Skipped) {
            kept.pop();
        }
        if *change != LineChange::Skipped {
            kept.push((*change, text.clone()));
        }
    }
    if kept.last().is_some_and(|(change, last)| is_table(last) && *change != LineChange::Removed) {
        kept.pop();
    }
    // Unchanged lines alone say nothing.
    if kept.iter().all(|(change, _)| *change == LineChange::Same) {
        kept.clear();
    }
    (kept, folded)
}

#[cfg(test)]
mod tests {
    use super::{diff, fold};

    fn shown(old: &str, new: &str) -> String {
        diff(old, new)
            .iter()
            .map(|(change, line)| format!("{}{line}", change.sign()))
            .collect::<Vec<_>>()
            .join("|")
    }

    #[test]
    fn shows_changes_with_three_lines_around() {
        let old: Vec<String> = (1..=20).map(|line| line.to_string()).collect();
        let mut new = old.clone();
        new[9] = "ten".into();
        new.push("end".into());
        assert_eq!(
            shown(&old.join("\n"), &new.join("\n")),
            "@6 lines| 7| 8| 9|-10|+ten| 11| 12| 13|@3 lines| 17| 18| 19|-20|+20|+end"
        );
        let new = old.iter().filter(|line| *line != "2").cloned().collect::<Vec<_>>();
        assert_eq!(shown(&(old.join("\n") + "\n"), &(new.join("\n") + "\n")), " 1|-2| 3| 4| 5|@15 lines");
    }

    #[test]
    fn shows_a_new_file_and_an_unchanged_one() {
        assert_eq!(shown("", "a\nb\n"), "+a|+b");
        assert_eq!(shown("a\nb\n", ""), "-a|-b");
        assert_eq!(shown("a\nb\n", "a\nb\n"), "");
        assert_eq!(shown("", ""), "");
    }

    #[test]
    fn folds_what_sets_nothing() {
        let signs = |old: &str, new: &str| {
            let (kept, folded) = fold(&diff(old, new));
            let kept: Vec<_> = kept.iter().map(|(change, line)| format!("{}{line}", change.sign())).collect();
            (kept.join("|"), folded)
        };
        let new = "# About\n\n[a]\n# x = 1\n\n[b]\ny = 2 # two\n\n[c]\n# z\n";
        assert_eq!(signs("", new), ("+[b]|+y = 2 # two".to_owned(), 3));
        assert_eq!(signs(new, &new.replace("= 2", "= 3")), (" [b]|-y = 2 # two|+y = 3 # two".to_owned(), 2));
        assert_eq!(signs("a = 1\n", "# why\na = 1\n"), (String::new(), 1));
        assert_eq!(signs("a = 1\n", "a = 1\n"), (String::new(), 0));
    }

    #[test]
    fn keeps_blanks_but_no_line_breaks() {
        assert_eq!(shown("", " a \r\n\n"), "+ a |+");
    }
}
