//! What a line of a crontab runs, and in which environment.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// What names the folder of the installed configurations.
const FOLDER: &str = "CONFIGURATION_DIRECTORY";

/// A line of a crontab, with the variables that the lines above it set.
pub(super) struct Entry<'c> {
    /// Its number; the first is 1.
    pub(super) number: usize,
    /// The line, with the newline that ends it, if one does.
    pub(super) line: &'c str,
    /// Variables that it has: those of the crontab above it, and its own.
    pub(super) variables: BTreeMap<String, String>,
    words: Vec<String>,
}

/// The lines of a crontab that may run something: the others set variables, or say nothing.
pub(super) fn entries(crontab: &str) -> impl Iterator<Item = Entry<'_>> {
    let mut above = BTreeMap::new();
    crontab.split_inclusive('\n').enumerate().map(move |(at, line)| {
        let mut variables = above.clone();
        let words = match assignment(line) {
            Some((name, value)) => {
                above.insert(name, value);
                Vec::new()
            }
            None => words(line),
        };
        let own = words.iter().filter_map(|word| word.split_once('=')).filter(|(name, _)| is_name(name));
        variables.extend(own.map(|(name, value)| (name.to_owned(), value.to_owned())));
        Entry { number: at + 1, line, variables, words }
    })
}

impl Entry<'_> {
    /// The configuration that it names, as it is named.
    pub(super) fn config(&self) -> Option<PathBuf> {
        self.path("--config", Some("-c"))
    }

    /// The path that it names with this option. A short form of it is looked for behind the program: a shell has one, too.
    pub(super) fn path(&self, option: &str, short: Option<&str>) -> Option<PathBuf> {
        let mut words = self.words.iter().map(String::as_str);
        let mut is_behind = false;
        while let Some(word) = words.next() {
            let short = short.filter(|_| is_behind);
            if word == option || Some(word) == short {
                return words.next().map(PathBuf::from);
            }
            let attached = word.strip_prefix(option).and_then(|rest| rest.strip_prefix('='));
            let attached = attached.or_else(|| word.strip_prefix(short?));
            if let Some(path) = attached {
                return Some(path.trim_start_matches('=').into());
            }
            is_behind |= word.rsplit('/').next() == Some("netdata-ilert");
        }
        None
    }

    /// The folder of the installed configurations, where it or the crontab names another than the usual one. `root` is
    /// whether it is root's.
    pub(super) fn folder(&self, root: bool) -> Option<PathBuf> {
        let path = |name: &str| self.variables.get(name).map(Path::new).filter(|path| path.is_absolute());
        path(FOLDER).map(Path::to_owned).or_else(|| {
            let home = || path("HOME").map(|home| home.join(".config"));
            let configurations = path("XDG_CONFIG_HOME").map(Path::to_owned).or_else(home);
            configurations.filter(|_| !root).map(|folder| folder.join("netdata-ilert"))
        })
    }

    /// Whether it names what it runs.
    pub(super) fn names_any(&self) -> bool {
        self.config().is_some() || self.variables.contains_key(FOLDER)
    }
}

/// A line that sets a variable for those below it.
fn assignment(line: &str) -> Option<(String, String)> {
    let (name, value) = line.split_once('=')?;
    let unquoted = |text: &str| {
        let text = text.trim();
        let quoted = |mark: char| text.strip_prefix(mark).and_then(|text| text.strip_suffix(mark));
        quoted('"').or_else(|| quoted('\'')).unwrap_or(text).to_owned()
    };
    let name = unquoted(name);
    is_name(&name).then(|| (name, unquoted(value)))
}

fn is_name(text: &str) -> bool {
    !text.is_empty()
        && !text.starts_with(|c: char| c.is_ascii_digit())
        && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

/// The words of a command as a shell has them, up to its comment.
fn words(line: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut quote = None;
    let mut characters = line.chars();
    while let Some(c) = characters.next() {
        match (c, quote) {
            (c, Some(mark)) if c == mark => quote = None,
            ('\\', None | Some('"')) => word.get_or_insert_default().extend(characters.next()),
            ('\'' | '"', None) => {
                quote = Some(c);
                word.get_or_insert_default();
            }
            ('#', None) if word.is_none() => return words,
            (c, None) if c.is_whitespace() => words.extend(word.take()),
            (c, _) => word.get_or_insert_default().push(c),
        }
    }
    words.extend(word);
    words
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::entries;

    #[test]
    fn tells_what_a_line_runs() {
        for (crontab, config, folder) in [
            ("* * * * * x --send --config /a.toml", Some("/a.toml"), None),
            ("* * * * * x --config='/it'\\''s b.toml' --send", Some("/it's b.toml"), None),
            ("* * * * * /usr/bin/netdata-ilert -c /a.toml --send", Some("/a.toml"), None),
            ("* * * * * netdata-ilert -c/a.toml --send # -c /b.toml", Some("/a.toml"), None),
            ("* * * * * CONFIGURATION_DIRECTORY='/my conf' x --send", None, Some("/my conf")),
            ("CONFIGURATION_DIRECTORY = \"/my conf\"\n* * * * * x --send", None, Some("/my conf")),
            ("XDG_CONFIG_HOME=/x\nHOME=/h\n* * * * * x --send", None, Some("/x/netdata-ilert")),
            ("HOME=/h\n* * * * * x --send", None, Some("/h/.config/netdata-ilert")),
            ("MAILTO=me\n* * * * * x --send", None, None),
            ("* * * * * sh -c 'netdata-ilert --send'", None, None),
        ] {
            let last = entries(crontab).last().unwrap();
            assert_eq!(last.config().as_deref(), config.map(Path::new), "{crontab}");
            assert_eq!(last.folder(false).as_deref(), folder.map(Path::new), "{crontab}");
        }
        let of_root = entries("HOME=/h\n* * * * * x --send").last().unwrap();
        assert_eq!(of_root.folder(true), None, "root's are in /etc");
    }

    #[test]
    fn has_the_variables_above_it_and_its_own() {
        let crontab = "A=1\n#B=2\n* * * * * C=3 x\nA='4'\n* * * * * y\n";
        let shown: Vec<_> = entries(crontab)
            .map(|entry| {
                (entry.number, entry.variables.into_iter().map(|(name, value)| name + &value).collect())
            })
            .collect::<Vec<(usize, Vec<String>)>>();
        assert_eq!(shown[2], (3, vec!["A1".to_owned(), "C3".to_owned()]));
        assert_eq!(shown[4], (5, vec!["A4".to_owned()]));
    }
}
