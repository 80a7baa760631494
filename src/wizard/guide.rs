//! What the wizard explains: the steps on ilert, the steps in Netdata Cloud, the help of each screen, and the
//! prerequisites.
//!
//! The words are data (`assets/guide/`), so that they can be followed when either service moves a button.
//! They are built in, read once, and broken into lines that fit the narrowest screen.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;

/// Steps to be done in a browser, one at a time.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Guide {
    /// What is ahead, in lines.
    pub intro: Vec<String>,
    /// The steps.
    #[serde(rename = "step")]
    pub steps: Vec<GuidedStep>,
}

/// One step in a browser.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GuidedStep {
    /// What it is about.
    pub title: String,
    /// The address to open, where the step begins on another page.
    pub url: Option<String>,
    /// What to do, in lines.
    pub text: Vec<String>,
    /// What to choose there.
    #[serde(default)]
    pub choose: Vec<BrowserField>,
}

/// A field in the browser.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BrowserField {
    /// What it is called there.
    pub field: String,
    /// What to choose, in words.
    pub choice: String,
    /// What to fill in, with placeholders in braces; see [`fill`].
    pub copy: Option<String>,
    /// What happens otherwise, in lines.
    #[serde(default)]
    pub why: Vec<String>,
}

/// What F1 shows.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Help {
    /// What it is about.
    pub title: String,
    /// The lines; an empty one separates.
    pub text: Vec<String>,
}

impl Guide {
    /// The steps on ilert.
    #[must_use]
    pub fn ilert() -> &'static Self {
        static GUIDE: LazyLock<Guide> = LazyLock::new(|| read(ILERT));
        &GUIDE
    }

    /// The steps in Netdata Cloud.
    #[must_use]
    pub fn cloud() -> &'static Self {
        static GUIDE: LazyLock<Guide> = LazyLock::new(|| read(CLOUD));
        &GUIDE
    }

    /// What a step is about; empty if there is no such step.
    #[must_use]
    pub fn title(&self, at: usize) -> String {
        self.steps.get(at).map_or_else(String::new, |step| step.title.clone())
    }

    /// The address to open for a step in the browser: its own, or that of the last one that has one.
    #[must_use]
    pub fn address(&self, at: usize) -> Option<&str> {
        self.steps.iter().take(at + 1).rev().find_map(|step| step.url.as_deref())
    }
}

/// What F1 shows at a step, by the name that the step has among the texts.
#[must_use]
pub fn help(step: &str) -> Option<&'static Help> {
    helps().help.get(step)
}

/// What has to be there, a line each, when this machine delivers or, with `by_cloud`, Netdata Cloud.
pub fn prerequisites(by_cloud: bool) -> impl Iterator<Item = &'static str> {
    let Prerequisites { both, here, cloud } = &helps().prerequisites;
    let other = if by_cloud { cloud } else { here };
    other.iter().chain(both).map(String::as_str)
}

/// Fills in the placeholders of a text: `{name}` becomes what `value` says `name` is. An unknown placeholder stays in
/// braces, so that people see that it is missing.
#[must_use]
pub fn fill(text: &str, value: impl Fn(&str) -> Option<String>) -> String {
    let mut filled = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        filled.push_str(before);
        let Some((name, after)) = after.split_once('}') else {
            filled.push('{');
            rest = after;
            continue;
        };
        match value(name) {
            Some(value) => filled.push_str(&value),
            None => filled.extend(["{", name, "}"]),
        }
        rest = after;
    }
    filled.push_str(rest);
    filled
}

const ILERT: &str = include_str!("../../assets/guide/ilert.toml");
const CLOUD: &str = include_str!("../../assets/guide/cloud.toml");
const HELP: &str = include_str!("../../assets/guide/help.toml");

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Helps {
    prerequisites: Prerequisites,
    help: BTreeMap<String, Help>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Prerequisites {
    both: Vec<String>,
    here: Vec<String>,
    cloud: Vec<String>,
}

fn helps() -> &'static Helps {
    static HELPS: LazyLock<Helps> = LazyLock::new(|| read(HELP));
    &HELPS
}

/// Reads a built-in text. That it is right is tested; were it not, there would be no words rather than no
/// wizard.
fn read<T: Default + for<'de> Deserialize<'de>>(text: &str) -> T {
    toml::from_str(text).unwrap_or_default()
}

#[cfg(test)]
mod tests;
