use unicode_width::UnicodeWidthStr;

use super::{CLOUD, Guide, HELP, Helps, ILERT, fill, helps, prerequisites};

/// What is left of the narrowest screen, 60 columns, within its frame.
const COLUMNS: usize = 56;
/// What is left of the lowest screen, 16 rows, within its frame, title and footer.
const ROWS: usize = 12;

fn placeholders(guide: &Guide) -> Vec<&str> {
    guide.steps.iter().flat_map(|step| &step.choose).filter_map(|choice| choice.copy.as_deref()).collect()
}

#[test]
fn reads_all_there_is() {
    for text in [ILERT, CLOUD] {
        toml::from_str::<Guide>(text).unwrap();
    }
    toml::from_str::<Helps>(HELP).unwrap();
}

#[test]
fn goes_through_the_steps_of_netdatas_document() {
    let titles = |guide: &'static Guide| guide.steps.iter().map(|step| &*step.title).collect::<Vec<_>>();
    assert_eq!(
        titles(Guide::ilert()),
        [
            "Open the alert sources",
            "Create a new alert source",
            "Configure the alert source",
            "Copy the API key"
        ]
    );
    assert_eq!(Guide::cloud().steps.len(), 5);
    assert_eq!(placeholders(Guide::ilert()), ["{name}"]);
    assert_eq!(placeholders(Guide::cloud()), ["{name}", "{rooms}", "{notification}", "{key}"]);
    assert!(
        [Guide::ilert(), Guide::cloud()].iter().all(|guide| guide.steps[0]
            .url
            .as_ref()
            .unwrap()
            .starts_with("https://"))
    );
}

#[test]
fn says_what_goes_wrong_otherwise() {
    let chosen = |field: &str| {
        Guide::ilert()
            .steps
            .iter()
            .flat_map(|step| &step.choose)
            .find(|choice| choice.field == field)
            .unwrap()
    };
    assert_eq!(chosen("Priority").choice, "HIGH");
    assert!(chosen("Priority").why.join(" ").contains("ignores the priority"));
    assert!(chosen("Alert grouping").choice.starts_with("none"));
    assert!(chosen("Alert grouping").why.join(" ").contains("page nobody"));
}

#[test]
fn helps_at_each_step() {
    for (topic, help) in &helps().help {
        assert!(!help.title.is_empty() && help.text.len() > 3 && help.text.len() <= ROWS, "{topic:?}");
    }
}

#[test]
fn names_what_has_to_be_there() {
    assert_eq!(prerequisites(false).count(), 2);
    assert_eq!(prerequisites(true).count(), 4);
}

#[test]
fn fits_the_narrowest_screen() {
    let of_guide = |guide: &'static Guide| {
        let steps = guide.steps.iter().flat_map(|step| {
            let why = step.choose.iter().flat_map(|choice| &choice.why);
            step.text.iter().chain([&step.title]).chain(why)
        });
        steps.chain(&guide.intro).map(String::as_str).collect::<Vec<_>>()
    };
    let of_help = helps().help.values().flat_map(|help| help.text.iter().map(String::as_str));
    let mut lines: Vec<&str> = of_help.chain(prerequisites(true)).chain(prerequisites(false)).collect();
    lines.extend(of_guide(Guide::ilert()));
    lines.extend(of_guide(Guide::cloud()));
    for line in lines {
        assert!(line.width() <= COLUMNS && line.trim() == line, "{line}");
    }
}

#[test]
fn fills_in_what_it_knows() {
    let value = |name: &str| (name == "name").then(|| "{prod}".to_owned());
    for (text, expected) in [
        ("a {name} b {name}", "a {prod} b {prod}"),
        ("{rooms}", "{rooms}"),
        ("no end {name", "no end {name"),
        ("", ""),
    ] {
        assert_eq!(fill(text, value), expected);
    }
}
