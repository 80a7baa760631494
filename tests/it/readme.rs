//! The README is true: each test that it names is there, and each command does what is said of it.

use std::fs;
use std::path::Path;

use clap::Parser as _;
use netdata_ilert::alert::{Api, Status};
use netdata_ilert::cli::Arguments;
use netdata_ilert::simulator::World;
use netdata_ilert::simulator::ilert::{Source, TokenRights};

use crate::stage::{KEY, Stage, TOKEN, end};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn readme() -> String {
    fs::read_to_string(root().join("README.md")).unwrap()
}

/// What stands under a title.
fn section(title: &str) -> String {
    let readme = readme();
    let (_, section) =
        readme.split_once(&format!("\n## {title}\n")).unwrap_or_else(|| panic!("no section {title}"));
    section.split("\n## ").next().unwrap().to_owned()
}

/// The text of every Rust file in a folder and below.
fn sources(folder: &Path, text: &mut String) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, text);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            text.push_str(&fs::read_to_string(path).unwrap());
        }
    }
}

/// What stands between backticks.
fn quoted(text: &str) -> Vec<&str> {
    text.split('`').skip(1).step_by(2).collect()
}

/// The commands of a text: each line of its blocks for a shell, without the comment behind it.
fn commands(text: &str) -> Vec<String> {
    let blocks = text.split("\n```sh\n").skip(1).map(|rest| rest.split("\n```").next().unwrap());
    let lines = blocks.flat_map(str::lines).map(|line| line.split("  #").next().unwrap().trim());
    lines.filter(|line| !line.is_empty() && !line.starts_with('#')).map(str::to_owned).collect()
}

/// The words of a command line, as a shell takes them where only single quotes are used.
fn words(command: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    for (index, part) in command.split('\'').enumerate() {
        if index % 2 == 1 {
            words.last_mut().unwrap().push_str(part);
            continue;
        }
        let mut pieces = part.split(' ');
        words.last_mut().unwrap().push_str(pieces.next().unwrap());
        words.extend(pieces.map(str::to_owned));
    }
    words.retain(|word| !word.is_empty());
    words
}

#[test]
fn each_test_that_the_table_of_threats_names_is_there() {
    let mut code = String::new();
    sources(&root().join("src"), &mut code);
    sources(&root().join("tests"), &mut code);
    let threats = section("Threats");
    let rows: Vec<_> = threats.lines().filter(|line| line.starts_with("| ")).skip(1).collect();
    assert!(rows.len() > 8, "the table is gone");
    for row in rows {
        let names = quoted(row.trim_end_matches(['|', ' ']).rsplit(" | ").next().unwrap());
        assert!(!names.is_empty(), "no test is named: {row}");
        for name in names {
            assert!(code.contains(&format!("fn {name}(")), "there is no test `{name}`: {row}");
        }
    }
}

#[test]
fn each_guarantee_names_tests_that_are_there() {
    let mut code = String::new();
    sources(&root().join("tests/it"), &mut code);
    let guarantees = section("What it guarantees");
    let guarantees: Vec<_> = guarantees.split("\n- **").skip(1).collect();
    assert!(guarantees.len() > 10, "the list is gone");
    for guarantee in guarantees {
        let guarantee = guarantee.split("\n\n").next().unwrap();
        let (_, tests) = guarantee.rsplit_once("\n  (").unwrap_or_else(|| panic!("no test: {guarantee}"));
        for name in quoted(tests) {
            let part = root().join("tests/it").join(name.replace("::", "/")).with_extension("rs");
            let there = part.is_file() || code.contains(&format!("fn {name}("));
            assert!(there, "there is no test `{name}`: {guarantee}");
        }
    }
}

#[test]
fn each_command_is_understood() {
    let readme = readme();
    let of_ours = |command: &String| command.starts_with("netdata-ilert");
    let mut found: Vec<_> = commands(&readme).into_iter().filter(of_ours).collect();
    // In the text, too; what is shortened there is no command.
    found.extend(
        quoted(&readme)
            .into_iter()
            .map(str::to_owned)
            .filter(|text| text.starts_with("netdata-ilert ") && !text.contains(['\n', '…'])),
    );
    assert!(found.len() > 20, "{found:?}");
    for command in found {
        let arguments = Arguments::try_parse_from(words(&command)).unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(arguments.check(), Ok(()), "{command}");
    }
}

/// What builds, tests and packs is what CI runs.
#[test]
fn each_command_of_cargo_is_one_of_ci() {
    let script = |name: &str| fs::read_to_string(root().join(".ci").join(name)).unwrap();
    let ci = script("run") + &script("package");
    let commands: Vec<_> =
        commands(&readme()).into_iter().filter(|command| command.starts_with("cargo ")).collect();
    assert!(commands.len() > 4, "{commands:?}");
    for command in commands {
        let first = command.split(" && ").next().unwrap();
        let ran = words(first).iter().filter(|word| *word != "cargo").all(|word| ci.contains(word.as_str()));
        assert!(ran, "CI does not run `{first}`");
    }
}

/// A machine with something open and a node that is away.
fn in_use() -> Stage {
    let mut world = World::new(Api::V3, "web-1");
    let node = world.add_node("NODE");
    world.set(node, "disk._", "full", Status::Critical, 99.0);
    world.set(World::OWN, "disk._", "full", Status::Critical, 99.0);
    world.advance(2);
    let stage = Stage::of(world);
    stage.send_well();
    stage.world().disconnect(node);
    stage
}

#[test]
fn what_to_call_when_something_is_wrong_works() {
    let stage = in_use();
    stage.ilert.add_token(TOKEN, TokenRights::Full);
    stage.ilert.add_policy(7, "Operations");
    stage.ilert.remove_key(KEY);
    stage.ilert.add_source(Source::api("Netdata", KEY, 7));
    let commands = commands(&section("When something is wrong"));
    assert!(commands.len() > 5, "{commands:?}");
    for command in commands {
        let arguments = words(&command);
        let arguments: Vec<_> = arguments.iter().skip(1).map(String::as_str).collect();
        let mut command = stage.command(&arguments);
        command.env("ILERT_API_TOKEN", TOKEN);
        let ended = end(command);
        assert!(matches!(ended.code, Some(0 | 75)), "{arguments:?}: {ended:?}");
    }
}

#[test]
fn silences_by_hand_work() {
    let stage = in_use();
    let commands: Vec<_> = commands(&section("Rooms and silences"));
    assert!(commands.len() > 2, "{commands:?}");
    for command in commands {
        let id = stage.status()["silences"][0]["name"].clone();
        let arguments =
            words(&command.replace("--unsilence 3", &format!("--unsilence {}", id.as_str().unwrap_or("1"))));
        stage.run(&arguments.iter().skip(1).map(String::as_str).collect::<Vec<_>>()).is(0);
    }
}
