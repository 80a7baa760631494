//! What is new about the runs of a loop.

use color_eyre::eyre;

use crate::config::Installed;
use crate::delivery::watch::WatchEvent;
use crate::text::ShownPath as _;

const AWAY: &str = "the configuration and its state are both away: nothing is sent until they are back";

/// The last words of a loop that has lost both.
const GONE: &str = "the configuration and its state have stayed away: this ends, and makes neither anew; what is open in ilert \
                    stays open";

/// The last errors of failed runs and of the configuration, so that they are printed once.
pub(super) struct News<'a> {
    one: &'a Installed,
    failure: Option<String>,
    config: Option<String>,
}

impl<'a> News<'a> {
    pub(super) fn new(one: &'a Installed) -> Self {
        Self { one, failure: None, config: None }
    }

    /// What is new about an event.
    pub(super) fn of(&mut self, event: &WatchEvent<'_, eyre::Report>) -> Vec<String> {
        match event {
            WatchEvent::Ran(report) => {
                self.failure = None;
                report.words.clone()
            }
            WatchEvent::Failed(error) => Self::once(&mut self.failure, error.to_string()),
            WatchEvent::Changed => {
                self.config = None;
                vec!["the configuration has changed and is in use now".to_owned()]
            }
            WatchEvent::Unusable(error) => {
                let said =
                    format!("{error:#}\nuntil this is corrected, the previous configuration stays in use");
                Self::once(&mut self.config, said)
            }
            WatchEvent::Usable => {
                self.config = None;
                vec!["the configuration can be used again, and is as it was".to_owned()]
            }
            WatchEvent::StateRemoved => vec![format!(
                "the state in `{}` was removed: this run makes it anew, and sends again what is raised; what was open in \
                 ilert before is not known any more, {} takes it over",
                self.one.state.shown(),
                self.one.invocation.command("--adopt")
            )],
            WatchEvent::Away => vec![AWAY.to_owned()],
            WatchEvent::Back => vec!["the configuration and its state are back".to_owned()],
            WatchEvent::Gone => vec![GONE.to_owned()],
        }
    }

    fn once(before: &mut Option<String>, words: String) -> Vec<String> {
        if before.as_ref() == Some(&words) {
            return Vec::new();
        }
        *before = Some(words.clone());
        vec![words]
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use color_eyre::eyre::eyre;

    use super::{Installed, News, WatchEvent};

    #[test]
    fn says_what_is_new() {
        let one = Installed::elsewhere(Path::new("/srv/a.toml"), "/state".into());
        let mut news = News::new(&one);
        let mut of = |event: WatchEvent<'_, _>| news.of(&event).join("|");
        let broken = eyre!("line 3 is wrong");
        assert!(of(WatchEvent::Unusable(&broken)).starts_with("line 3 is wrong\n"));
        assert_eq!(of(WatchEvent::Unusable(&broken)), "");
        assert_eq!(of(WatchEvent::Changed), "the configuration has changed and is in use now");
        assert!(!of(WatchEvent::Unusable(&broken)).is_empty());
        assert_eq!(of(WatchEvent::Usable), "the configuration can be used again, and is as it was");
        assert!(!of(WatchEvent::Unusable(&broken)).is_empty());
        let removed = of(WatchEvent::StateRemoved);
        assert!(removed.contains("`/state` was removed"), "{removed}");
        assert!(removed.contains("`netdata-ilert -c /srv/a.toml --adopt` takes it over"), "{removed}");
    }
}
