//! The keys that it takes a new user, counted: from the first screen to a key that is proven, a configuration that is
//! written and a sender that is scheduled, the live test included, nothing skipped.

use netdata_ilert::exit::Exit;
use netdata_ilert::ilert::account::AlertStatus;
use netdata_ilert::wizard::message::Reply;
use netdata_ilert::wizard::steps::{caveats, test};
use netdata_ilert::wizard::theme::Theme;

use super::wizard::Wizard;
use super::world;

/// A new user on an ordinary machine, whose keys are counted.
struct Counted {
    wizard: Wizard,
    keys: usize,
    pastes: usize,
}

impl Counted {
    fn start() -> Self {
        let wizard =
            Wizard::new(Theme::of(true, true)).answer(world::nothing_there()).answer(world::probed());
        Self { wizard, keys: 0, pastes: 0 }
    }

    fn press(mut self, keys: &str) -> Self {
        self.keys += keys.split_whitespace().count();
        self.with(|wizard| wizard.press(keys))
    }

    fn paste(mut self, text: &str) -> Self {
        self.pastes += 1;
        self.with(|wizard| wizard.paste(text))
    }

    fn answer(self, reply: Reply) -> Self {
        self.with(|wizard| wizard.answer(reply))
    }

    fn with(self, change: impl FnOnce(Wizard) -> Wizard) -> Self {
        Self { wizard: change(self.wizard), ..self }
    }

    fn shows(self, text: &str) -> Self {
        self.wizard.screen((80, 24)).row_of(text);
        self
    }

    /// The wizard has ended, and all was done.
    fn ends_after(self, keys: usize) {
        let (answers, context) = (&self.wizard.model.answers, &self.wizard.model.context);
        assert_eq!(self.wizard.model.exit, Some(Exit::Done));
        assert!(test::passed(answers, context).is_some(), "the live test");
        assert_eq!(caveats(answers, context).collect::<Vec<_>>(), [], "nothing is left to prove");
        let written = context.writing.written.as_ref().unwrap();
        for done in ["config.toml", "api-key", "systemctl enable --now", "a dry run of the sender"] {
            let is_done = |line: &Result<String, String>| line.as_ref().is_ok_and(|line| line.contains(done));
            assert!(written.lines.iter().any(is_done), "{done}: {:?}", written.lines);
        }
        assert_eq!(self.pastes, 1);
        assert!(self.keys <= keys, "{} keys, and there must be no more than {keys}", self.keys);
    }
}

#[test]
fn by_token() {
    Counted::start()
        .press("enter")
        // The way is the first; on to the token.
        .press("enter")
        .paste(world::TOKEN)
        .press("enter")
        .answer(world::overview(2, Vec::new()))
        .press("enter")
        .shows("Do this in ilert?")
        .press("enter")
        .answer(world::fulfilled(true, world::source(12, "Netdata"), false))
        .shows("ctrl-x all at once")
        .press("ctrl-x")
        .answer(world::ground(Ok(None)))
        .press("enter")
        .answer(world::accepted(41))
        .answer(world::accepted(38))
        .answer(world::looked_up(Some(AlertStatus::Resolved), world::source(12, "Netdata")))
        .with(|wizard| wizard.written(world::done))
        .shows("resolved in ilert")
        .press("enter")
        .ends_after(12);
}

#[test]
fn by_hand() {
    Counted::start()
        .press("enter")
        .press("down enter")
        // Each of the four things is done in the browser.
        .press("a enter")
        .paste(world::KEY)
        .shows("ctrl-x all at once")
        .press("ctrl-x")
        .answer(world::ground(Ok(None)))
        .press("enter")
        .answer(world::accepted(41))
        .answer(world::accepted(38))
        .with(|wizard| wizard.written(world::done))
        .shows("Seen?")
        .press("down enter")
        .ends_after(9);
}
