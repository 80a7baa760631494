//! The wizard without a terminal and without a world: keys go through the real key map into the real model,
//! and what would be done is answered by hand.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use netdata_ilert::exit::{Exit, Stopped};
use netdata_ilert::setup::Deed;
use netdata_ilert::wizard::answers::Way;
use netdata_ilert::wizard::context::{Folders, TaskId};
use netdata_ilert::wizard::effect::{Effect, Work};
use netdata_ilert::wizard::form::Control;
use netdata_ilert::wizard::keymap::keymap;
use netdata_ilert::wizard::message::{Message, Reply};
use netdata_ilert::wizard::page::Drawn;
use netdata_ilert::wizard::steps::source::{self, for_me};
use netdata_ilert::wizard::theme::Theme;
use netdata_ilert::wizard::update::{begin, update};
use netdata_ilert::wizard::view::view;
use netdata_ilert::wizard::{Model, Place, Step};
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::buffer::Buffer;
use ratatui::layout::Position;
use unicode_width::UnicodeWidthStr;

use super::world;
use crate::stage::key::key;

/// The wizard, and the work that it waits for.
pub struct Wizard {
    pub model: Model,
    under_way: Vec<(TaskId, Work)>,
}

/// What stands on the terminal.
pub struct Screen {
    pub buffer: Buffer,
    pub cursor: Option<Position>,
}

impl Wizard {
    /// As it starts on an ordinary machine.
    pub fn new(theme: Theme) -> Self {
        Self::on(world::place(), theme)
    }

    /// As it starts in this place.
    pub fn on(place: Place, theme: Theme) -> Self {
        let mut model = Model::new(place, theme);
        let effects = begin(&mut model);
        let mut wizard = Self { model, under_way: Vec::new() };
        wizard.take(effects);
        wizard
    }

    /// As it starts on a machine with configurations, before it has looked at them.
    pub fn at_home(theme: Theme) -> Self {
        let place = world::place();
        let folders = Folders { first: place.config.clone(), states: place.state.clone() };
        let mut model = Model::at_home(place, theme, folders);
        let effects = begin(&mut model);
        let mut wizard = Self { model, under_way: Vec::new() };
        wizard.take(effects);
        wizard
    }

    /// On this step, with all before it answered in the most usual way.
    pub fn at(step: Step, theme: Theme) -> Self {
        Self::new(theme).answer(world::nothing_there()).answer(world::probed()).onward(step)
    }

    /// Goes on to a step, answering what is asked in the most usual way.
    pub fn onward(mut self, step: Step) -> Self {
        while self.model.step < step {
            let here = self.model.step;
            self = match here {
                Step::Source if self.asks_for_the_source() => self.press("down enter a enter"),
                // Where Netdata Cloud delivers: on to what is to be done there, each of the five, and the form's four lines.
                Step::Notification if self.model.answers.is_cloud() => {
                    self.press("enter enter enter enter enter enter enter enter enter enter")
                }
                Step::Key => self.paste(world::KEY).press("enter"),
                Step::Preview => self.answer(world::raised()).press("enter"),
                Step::Test => self
                    .press("enter")
                    .answer(world::accepted(41))
                    .answer(world::accepted(38))
                    .press("down enter"),
                _ => self.press("enter"),
            };
            assert!(self.model.step > here, "{here:?}: {:?}", self.model.problem);
        }
        self
    }

    /// Into the menu of the configuration that is there, whose key works, and on to this step.
    pub fn edit(self, step: Step) -> Self {
        self.press("enter").answer(world::accepted(52)).press_digit(step)
    }

    /// From the menu to this step.
    pub fn press_digit(self, step: Step) -> Self {
        self.press(&step.number().unwrap().to_string())
    }

    fn asks_for_the_source(&self) -> bool {
        source::way(&self.model.answers, &self.model.context) == Way::ForMe
            && for_me::made(&self.model.answers, &self.model.context).is_none()
    }

    /// Does what is to be written, one thing after the other, until nothing is left or something fails.
    pub fn written(mut self, said: fn(&Deed) -> Result<Vec<String>, String>) -> Self {
        loop {
            let deed = self.under_way.iter().find_map(|(_, work)| match work {
                Work::Write(deed) => Some(deed.clone()),
                _ => None,
            });
            let Some(deed) = deed else { return self };
            let said = said(&deed).map_err(|words| Stopped { words, exit: Exit::Later });
            self = self.answer(Reply::Written(said));
        }
    }

    /// Presses keys, named as in the footer and parted by blanks: `tab`, `ctrl-r`, `space`, `x`.
    pub fn press(mut self, keys: &str) -> Self {
        for name in keys.split_whitespace() {
            let message = keymap(&self.model, key(name));
            let message = message.unwrap_or_else(|| panic!("`{name}` does nothing here"));
            self.send(message);
        }
        self
    }

    /// Types a text, key by key.
    pub fn type_text(mut self, text: &str) -> Self {
        for c in text.chars() {
            let typed = KeyEvent::new(KeyCode::Char(c), KeyModifiers::NONE);
            let message = keymap(&self.model, typed).expect("nothing is typed into here");
            self.send(message);
        }
        self
    }

    /// Pastes a text, as one edit.
    pub fn paste(mut self, text: &str) -> Self {
        self.send(Message::Pasted(text.to_owned()));
        self
    }

    /// Goes from control to control until this one has the focus.
    pub fn to(mut self, control: Control) -> Self {
        let controls = self.model.controls();
        assert!(controls.contains(&control), "{control:?} is not among {controls:?}");
        while self.model.focus != control {
            self = self.press("tab");
        }
        self
    }

    /// Ends the work that this is an answer to.
    pub fn answer(mut self, answer: Reply) -> Self {
        let at = self.under_way.iter().position(|(_, work)| is_for(work, &answer));
        let at = at.unwrap_or_else(|| panic!("nobody waits for {answer:?}"));
        let (id, _) = self.under_way.remove(at);
        self.send(Message::Replied(id, answer));
        self
    }

    /// Lets so many tenths of a second pass.
    pub fn tick(mut self, times: usize) -> Self {
        for _ in 0..times {
            self.send(Message::Tick);
        }
        self
    }

    /// Draws it on a terminal of this size.
    pub fn screen(&self, (columns, rows): (u16, u16)) -> Screen {
        let mut terminal = Terminal::new(TestBackend::new(columns, rows)).unwrap();
        terminal
            .draw(|frame| {
                view(&self.model, frame);
            })
            .unwrap();
        let backend = terminal.backend();
        let cursor = backend.cursor_visible().then(|| backend.cursor_position());
        Screen { buffer: backend.buffer().clone(), cursor }
    }

    fn send(&mut self, message: Message) {
        // How far a page can be scrolled is what its last drawing showed.
        if matches!(message, Message::Move(_)) {
            let (mut terminal, mut drawn) =
                (Terminal::new(TestBackend::new(80, 24)).unwrap(), Drawn::default());
            terminal.draw(|frame| drawn = view(&self.model, frame)).unwrap();
            self.model.drawn = drawn;
        }
        let effects = update(&mut self.model, message);
        self.take(effects);
    }

    fn take(&mut self, effects: Vec<Effect>) {
        for effect in effects {
            match effect {
                Effect::Start(id, work) => self.under_way.push((id, work)),
                Effect::Cancel(id) => self.under_way.retain(|(one, _)| *one != id),
                Effect::Copy(_) | Effect::Edit(..) | Effect::Save(_) | Effect::Forget | Effect::Suspend => {}
            }
        }
    }
}

impl Screen {
    /// Its characters, line by line.
    pub fn text(&self) -> String {
        (0..self.buffer.area.height).map(|row| self.line(row)).collect::<Vec<_>>().join("\n")
    }

    /// The first row with this text in it.
    pub fn row_of(&self, text: &str) -> u16 {
        let found = (0..self.buffer.area.height).find(|row| self.line(*row).contains(text));
        found.unwrap_or_else(|| panic!("no `{text}` in\n{}", self.text()))
    }

    /// A line, a character of two columns being one.
    fn line(&self, row: u16) -> String {
        let mut line = String::new();
        let mut column = 0;
        while column < self.buffer.area.width {
            let symbol = self.buffer[(column, row)].symbol();
            line.push_str(symbol);
            column += u16::try_from(symbol.width()).unwrap().max(1);
        }
        line.trim_end().to_owned()
    }
}

fn is_for(work: &Work, answer: &Reply) -> bool {
    matches!(
        (work, answer),
        (Work::Survey(_), Reply::Surveyed(_))
            | (Work::Probe { .. }, Reply::Probed(_))
            | (Work::Notices { .. }, Reply::Noticed(_))
            | (Work::Post { .. }, Reply::Tested(..))
            | (Work::Prepare { .. }, Reply::Prepared(_))
            | (Work::Write(_), Reply::Written(_))
            | (Work::Open(_), Reply::Opened(_))
            | (Work::Overview { .. }, Reply::Overview(_))
            | (Work::Fulfil { .. }, Reply::Fulfilled(_))
            | (Work::LookUp { .. }, Reply::LookedUp(_))
            | (Work::Cloud { .. }, Reply::Cloud(_))
            | (Work::Home { .. }, Reply::Home(_))
    )
}
