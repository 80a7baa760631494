//! What the wizard explains: the steps on ilert, those in Netdata Cloud, the help of each screen and what
//! has to be there before it starts.
//!
//! The words are data (`assets/guide/`), so that they can be followed when either service moves a button.
//! They are built in, read once, and broken into lines that fit the narrowest screen.

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
    pub choose: Vec<Choice>,
}

/// A field in the browser.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Choice {
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

/// The wizard's steps, as far as help goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Topic {
    /// Before you start.
    Start,
    /// ilert alert source.
    AlertSource,
    /// API key.
    ApiKey,
    /// Netdata.
    Netdata,
    /// Notification.
    Notification,
    /// Preview.
    Preview,
    /// Live test.
    LiveTest,
    /// Review and write.
    Write,
}

impl Topic {
    /// All, in the wizard's order.
    pub const ALL: [Self; 8] = [
        Self::Start,
        Self::AlertSource,
        Self::ApiKey,
        Self::Netdata,
        Self::Notification,
        Self::Preview,
        Self::LiveTest,
        Self::Write,
    ];
}

impl Guide {
    /// The four steps on ilert.
    #[must_use]
    pub fn ilert() -> &'static Self {
        static GUIDE: LazyLock<Guide> = LazyLock::new(|| read(ILERT));
        &GUIDE
    }

    /// The five steps in Netdata Cloud.
    #[must_use]
    pub fn cloud() -> &'static Self {
        static GUIDE: LazyLock<Guide> = LazyLock::new(|| read(CLOUD));
        &GUIDE
    }
}

/// What F1 shows at a step.
#[must_use]
pub fn help(topic: Topic) -> &'static Help {
    let help = &helps().help;
    match topic {
        Topic::Start => &help.start,
        Topic::AlertSource => &help.alert_source,
        Topic::ApiKey => &help.api_key,
        Topic::Netdata => &help.netdata,
        Topic::Notification => &help.notification,
        Topic::Preview => &help.preview,
        Topic::LiveTest => &help.live_test,
        Topic::Write => &help.write,
    }
}

/// What has to be there, a line each, when this machine delivers or, with `by_cloud`, Netdata Cloud.
pub fn prerequisites(by_cloud: bool) -> impl Iterator<Item = &'static str> {
    let Prerequisites { both, here, cloud } = &helps().prerequisites;
    let other = if by_cloud { cloud } else { here };
    other.iter().chain(both).map(String::as_str)
}

/// Fills in the placeholders of a text: `{name}` becomes what `value` says `name` is. One that it does not
/// know stays, in braces, so that it is seen to be missing.
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
    help: HelpOfEach,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Prerequisites {
    both: Vec<String>,
    here: Vec<String>,
    cloud: Vec<String>,
}

/// A table for each step: none can be forgotten.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct HelpOfEach {
    start: Help,
    alert_source: Help,
    api_key: Help,
    netdata: Help,
    notification: Help,
    preview: Help,
    live_test: Help,
    write: Help,
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
