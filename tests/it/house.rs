//! The plan of the house, as `src/lib.rs` draws it, against what the files import.
//!
//! A room imports only from rooms above it in that table, and one of the wizard's only from those above it in the list
//! in `src/wizard.rs`. No files import each other in a circle, but what a file defines, those in its folder may use:
//! `foo/bar.rs` imports from `foo.rs`, whichever way `foo.rs` uses it.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

/// A module's path from the crate's root: `delivery::store::load`.
type Module = String;

/// Which module names which others, tests left out.
struct House {
    imports: BTreeMap<Module, BTreeSet<Module>>,
}

impl House {
    fn read() -> Self {
        let mut sources = BTreeMap::new();
        collect(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), "", &mut sources);
        sources.remove("lib");
        sources.remove("main");
        assert!(sources.len() > 100, "the sources are gone");
        let imports = sources.iter().map(|(module, text)| {
            let named = paths(text).into_iter().filter_map(|path| target(module, &path, &sources));
            (module.clone(), named.filter(|named| !is_within(module, named)).collect())
        });
        Self { imports: imports.collect() }
    }

    /// The modules of a circle that begins and ends with this one, if there is one.
    fn circle(&self, start: &Module) -> Option<Vec<Module>> {
        let mut ways = vec![vec![start.clone()]];
        let mut seen = BTreeSet::new();
        while let Some(way) = ways.pop() {
            for next in &self.imports[way.last().unwrap()] {
                let mut longer = way.clone();
                longer.push(next.clone());
                if next == start {
                    return Some(longer);
                }
                if seen.insert(next) {
                    ways.push(longer);
                }
            }
        }
        None
    }
}

/// Whether a module is `outer` or in its folder.
fn is_within(module: &str, outer: &str) -> bool {
    module.strip_prefix(outer).is_some_and(|rest| rest.is_empty() || rest.starts_with("::"))
}

/// Every module below `folder` with its text, but for modules of tests.
fn collect(folder: &Path, parent: &str, sources: &mut BTreeMap<Module, String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_stem().unwrap().to_str().unwrap();
        if name == "tests" {
            continue;
        }
        let module = if parent.is_empty() { name.to_owned() } else { format!("{parent}::{name}") };
        if path.is_dir() {
            collect(&path, &module, sources);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            sources.insert(module, code(&fs::read_to_string(&path).unwrap()));
        }
    }
}

/// A file's text without its comments and without its tests, which stand last.
fn code(text: &str) -> String {
    let text = text.split("#[cfg(test)]\nmod tests {").next().unwrap();
    text.lines().map(|line| line.split("//").next().unwrap()).collect::<Vec<_>>().join("\n")
}

/// Each path that a text imports (`use`), or begins at the crate's root.
fn paths(text: &str) -> Vec<Vec<String>> {
    let mut paths = Vec::new();
    for (at, _) in text.match_indices("use ") {
        if text[..at].ends_with(|before: char| before.is_alphanumeric() || before == '_') {
            continue;
        }
        if let Some(end) = text[at..].find(';') {
            leaves("", &text[at + 4..at + end], &mut paths);
        }
    }
    for (at, _) in text.match_indices("crate::") {
        let end = text[at..].find(|c: char| !c.is_alphanumeric() && c != '_' && c != ':');
        leaves("", &text[at..end.map_or(text.len(), |end| at + end)], &mut paths);
    }
    paths
}

/// The paths of a tree of imports: `a::{b, c::{d, self}}` is `a::b`, `a::c::d` and `a::c`.
fn leaves(before: &str, tree: &str, paths: &mut Vec<Vec<String>>) {
    let Some((head, branches)) = tree.split_once('{') else {
        let path = format!("{before}{}", tree.split(" as ").next().unwrap());
        paths.push(path.split("::").map(|part| part.trim().to_owned()).collect());
        return;
    };
    let branches = branches.trim_end().strip_suffix('}').unwrap_or(branches);
    let (mut depth, mut start) = (0, 0);
    for (at, c) in branches.char_indices().chain([(branches.len(), ',')]) {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 0 => {
                let branch = branches[start..at].trim();
                start = (at + 1).min(branches.len());
                if !branch.is_empty() {
                    leaves(&format!("{before}{}", head.trim()), branch, paths);
                }
            }
            _ => {}
        }
    }
}

/// The module that a path leads to as `module` writes it; `None` outside this crate.
fn target(module: &Module, path: &[String], sources: &BTreeMap<Module, String>) -> Option<Module> {
    let mut place: Vec<&str> = module.split("::").collect();
    let mut path = path.iter().map(String::as_str).peekable();
    match path.peek().copied() {
        Some("crate") => {
            path.next();
            place.clear();
        }
        Some("self") => {
            path.next();
        }
        Some("super") => {
            while path.next_if_eq(&"super").is_some() {
                place.pop();
            }
        }
        // Of another crate, unless a module within this one bears the name.
        Some(first) if !sources.contains_key(&format!("{module}::{first}")) => return None,
        _ => {}
    }
    place.extend(path);
    (1..=place.len())
        .rev()
        .map(|length| place[..length].join("::"))
        .find(|module| sources.contains_key(module))
}

fn source(path: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("src").join(path)).unwrap()
}

/// The rooms in the order of the table in `src/lib.rs`, and the place of each in it.
fn rooms() -> BTreeMap<String, usize> {
    let room = |line: &str| Some(line.strip_prefix("//! | ")?.split('`').nth(1)?.to_owned());
    source("lib.rs").lines().filter_map(room).zip(0..).collect()
}

/// The wizard's modules, and in which room of the list in `src/wizard.rs` each is.
fn rooms_of_the_wizard() -> BTreeMap<String, usize> {
    let text = source("wizard.rs");
    let begins = |line: &str| line.starts_with("//! ") && line[4..].starts_with(|c: char| c.is_ascii_digit());
    let mut room = 0;
    let mut rooms = BTreeMap::new();
    for line in text.lines().skip_while(|line| !begins(line)).take_while(|line| *line != "//!") {
        room += usize::from(begins(line));
        for link in line.split("[`").skip(1) {
            let module = format!("wizard::{}", link.split('`').next().unwrap());
            assert_eq!(rooms.insert(module, room), None, "twice in the list: {link}");
        }
    }
    assert_eq!(room, 5, "{rooms:?}");
    rooms
}

/// Every import from a room further down, of the modules that have as many names as a room.
fn from_below(house: &House, rooms: &BTreeMap<String, usize>, names: usize) -> Vec<(Module, Module)> {
    let room = |module: &str| module.split("::").take(names).collect::<Vec<_>>().join("::");
    let inside = |module: &Module| names == 1 || is_within(module, "wizard") && module != "wizard";
    let place = |module: &str| *rooms.get(&room(module)).unwrap_or_else(|| panic!("{module} has no place"));
    let imports =
        house.imports.iter().flat_map(|(module, all)| all.iter().map(move |import| (module, import)));
    imports
        .filter(|(module, import)| inside(module) && inside(import) && place(module) < place(import))
        .map(|(module, import)| (module.clone(), import.clone()))
        .collect()
}

#[test]
fn no_room_imports_from_one_below_it_in_the_table() {
    assert_eq!(from_below(&House::read(), &rooms(), 1), []);
}

#[test]
fn no_room_of_the_wizard_imports_from_one_below_it_in_its_list() {
    assert_eq!(from_below(&House::read(), &rooms_of_the_wizard(), 2), []);
}

#[test]
fn no_files_import_each_other_in_a_circle() {
    let house = House::read();
    let circles: BTreeSet<_> = house.imports.keys().filter_map(|module| house.circle(module)).collect();
    assert!(circles.is_empty(), "{circles:#?}");
}

/// `Path::display` shows line breaks and what steers a terminal: `text::ShownPath` escapes them.
#[test]
fn no_name_of_a_file_is_shown_as_it_is() {
    let mut sources = BTreeMap::new();
    collect(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), "", &mut sources);
    let raw: Vec<_> = sources.iter().filter(|(_, text)| text.contains(".display()")).map(|it| it.0).collect();
    assert!(raw.is_empty(), "{raw:#?}");
}

#[test]
fn reads_imports_as_the_compiler_does() {
    let text = "use a::{b, c::{d as e, self}};\npub use super::f;\nfn g() -> crate::h::I {}\nlet reuse = 1;";
    let found: Vec<_> = paths(text).iter().map(|path| path.join("::")).collect();
    assert_eq!(found, ["a::b", "a::c::d", "a::c::self", "super::f", "crate::h::I"]);
}

#[test]
fn programs_are_started_in_one_place() {
    let mut sources = BTreeMap::new();
    collect(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), "", &mut sources);
    sources.remove("child").unwrap();
    let starts = |(module, text): (String, String)| text.contains("Command::new(").then_some(module);
    assert_eq!(
        sources.into_iter().filter_map(starts).collect::<Vec<_>>(),
        [""; 0],
        "`child` starts programs"
    );
}
