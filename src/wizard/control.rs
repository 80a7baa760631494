//! What a person can put the focus on: each control of each step, what it is now, and how it is changed.
//!
//! The screen draws a control by its [`Widget`], `--plain` asks for it by the same; neither knows the steps.

use super::field::{Field, SecretField, TextArea};
use super::model::Model;
use super::steps::{agent, key, notification, preview, review, source, start, test};

/// A control. Its step is where it is listed: see [`steps::controls`](super::steps::controls).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Control {
    /// Step 1: who delivers.
    Delivery,
    /// Step 1: edit the configuration that is there, or start anew.
    Existing,
    /// Step 1: go on with an interrupted run.
    Resume,
    /// Step 2: one of the things to do in ilert.
    Todo(usize),
    /// Step 2: alert grouping.
    Grouping,
    /// Step 3: the alert source's API key.
    ApiKey,
    /// Step 3: where it is kept.
    Keep,
    /// Step 4: base URL of the agent or parent.
    Url,
    /// Step 4: user name for a reverse proxy.
    Username,
    /// Step 4: its password.
    Password,
    /// Step 4: bearer token of a protected agent.
    Token,
    /// Step 4: certificate authorities to trust.
    CaFile,
    /// Step 4: go on although the agent does not answer.
    Anyway,
    /// Step 5: configuration name.
    Name,
    /// Step 5: all nodes, picked ones, or a pattern.
    Rooms,
    /// Step 5: what the room is called.
    RoomName,
    /// Step 5: one of the nodes to pick from.
    Node(usize),
    /// Step 5: the pattern.
    Pattern,
    /// Step 5: presets of notification types.
    Preset,
    /// Step 5: one of the five notification types.
    Notify(usize),
    /// Step 5, Netdata Cloud: one of the things to do there.
    CloudTodo(usize),
    /// Step 5, Netdata Cloud: one of the values to copy.
    CloudValue(usize),
    /// Step 6: the payloads.
    Payload,
    /// Step 6: built-in templates or one's own.
    Templates,
    /// Step 6: template of the summary.
    Summary,
    /// Step 6: template of the details.
    Details,
    /// Step 7: which test, if any.
    Test,
    /// Step 7: whether the alert was seen in ilert.
    Seen,
    /// Step 8: what runs the sender.
    Schedule,
    /// Step 8: what will be written.
    Files,
}

/// What a control is, and what it holds.
#[derive(Debug)]
pub enum Widget<'a> {
    /// One line of text.
    Text(&'a Field),
    /// A secret.
    Secret(&'a SecretField),
    /// Lines of text.
    Area(&'a TextArea),
    /// One of several options.
    Choice {
        /// What they are called.
        options: Vec<String>,
        /// Which is chosen.
        selected: usize,
    },
    /// A box to tick.
    Tick {
        /// What it says.
        label: String,
        /// Whether it is ticked.
        on: bool,
    },
    /// Something to look at, by pages.
    Look,
}

/// An answer for a control, as a whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Given {
    /// For a text or a secret.
    Text(String),
    /// For a choice: which option.
    Option(usize),
    /// For a box.
    Tick(bool),
}

/// Text that can be changed.
pub enum Typing<'a> {
    /// One line.
    Text(&'a mut Field),
    /// A secret.
    Secret(&'a mut SecretField),
    /// Lines.
    Area(&'a mut TextArea),
}

impl Control {
    /// What stands before it.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Delivery => "Who delivers",
            Self::Existing => "Configuration",
            Self::Resume => "Earlier run",
            Self::Grouping => "Alert grouping",
            Self::ApiKey => "API key",
            Self::Keep => "Keep it in",
            Self::Url => "URL",
            Self::Username => "User name",
            Self::Password => "Password",
            Self::Token => "Bearer token",
            Self::CaFile => "CA file",
            Self::Name => "Name",
            Self::Rooms => "Rooms",
            Self::RoomName => "Room's name",
            Self::Pattern => "Pattern",
            Self::Preset => "Notification",
            Self::Templates => "Templates",
            Self::Summary => "Summary",
            Self::Details => "Details",
            Self::Test => "Test",
            Self::Seen => "Seen?",
            Self::Schedule => "Schedule",
            Self::Payload => "Payload",
            Self::Files => "Files",
            Self::Anyway
            | Self::Todo(_)
            | Self::Node(_)
            | Self::Notify(_)
            | Self::CloudTodo(_)
            | Self::CloudValue(_) => "",
        }
    }
}

impl Model {
    /// What a control is now.
    #[must_use]
    pub fn widget(&self, control: Control) -> Widget<'_> {
        match control {
            Control::Delivery => choice(&start::Delivery::ALL, self.start.delivery, start::Delivery::label),
            Control::Existing => choice(&start::Existing::ALL, self.start.existing, start::Existing::label),
            Control::Resume => choice(&start::Resume::ALL, self.start.resume, start::Resume::label),
            Control::Todo(at) => source::todo(self, at),
            Control::Grouping => {
                choice(&source::Grouping::ALL, self.source.grouping, source::Grouping::label)
            }
            Control::ApiKey => Widget::Secret(&self.key.field),
            Control::Keep => key::keeps(self),
            Control::Url => Widget::Text(&self.agent.url),
            Control::Username => Widget::Text(&self.agent.username),
            Control::Password => Widget::Secret(&self.agent.password),
            Control::Token => Widget::Secret(&self.agent.token),
            Control::CaFile => Widget::Text(&self.agent.ca_file),
            Control::Anyway => Widget::Tick { label: agent::ANYWAY.to_owned(), on: self.agent.anyway },
            Control::Name => Widget::Text(&self.notification.name),
            Control::Rooms => notification::rooms(self),
            Control::RoomName => Widget::Text(&self.notification.room_name),
            Control::Node(at) => notification::node(self, at),
            Control::Pattern => Widget::Text(&self.notification.pattern),
            Control::Preset => {
                let preset = notification::Preset::of(self.notification.notify);
                choice(&notification::Preset::ALL, preset, notification::Preset::label)
            }
            Control::Notify(at) => notification::notify(self, at),
            Control::CloudTodo(at) => notification::cloud_todo(self, at),
            Control::Templates => choice(&preview::Words::ALL, self.preview.words, preview::Words::label),
            Control::Summary => Widget::Area(&self.preview.summary),
            Control::Details => Widget::Area(&self.preview.details),
            Control::Test => choice(&test::Wanted::ALL, self.test.wanted, test::Wanted::label),
            Control::Seen => choice(&test::Seen::ALL, self.test.seen, test::Seen::label),
            Control::Schedule => review::schedules(self),
            Control::Payload | Control::Files | Control::CloudValue(_) => Widget::Look,
        }
    }

    /// The text of a control, to be changed.
    pub fn typing(&mut self, control: Control) -> Option<Typing<'_>> {
        Some(match control {
            Control::ApiKey => Typing::Secret(&mut self.key.field),
            Control::Url => Typing::Text(&mut self.agent.url),
            Control::Username => Typing::Text(&mut self.agent.username),
            Control::Password => Typing::Secret(&mut self.agent.password),
            Control::Token => Typing::Secret(&mut self.agent.token),
            Control::CaFile => Typing::Text(&mut self.agent.ca_file),
            Control::Name => Typing::Text(&mut self.notification.name),
            Control::RoomName => Typing::Text(&mut self.notification.room_name),
            Control::Pattern => Typing::Text(&mut self.notification.pattern),
            Control::Summary => Typing::Area(&mut self.preview.summary),
            Control::Details => Typing::Area(&mut self.preview.details),
            _ => return None,
        })
    }

    /// Chooses an option, by its place. One that is not there changes nothing.
    pub fn choose(&mut self, control: Control, at: usize) {
        match control {
            Control::Delivery => pick(&start::Delivery::ALL, at, &mut self.start.delivery),
            Control::Existing => start::choose_existing(self, at),
            Control::Resume => pick(&start::Resume::ALL, at, &mut self.start.resume),
            Control::Grouping => pick(&source::Grouping::ALL, at, &mut self.source.grouping),
            Control::Keep => key::choose_keep(self, at),
            Control::Rooms => notification::choose_rooms(self, at),
            Control::Preset => {
                if let Some(notify) = notification::Preset::ALL.get(at).and_then(|preset| preset.notify()) {
                    self.notification.notify = notify;
                }
            }
            Control::Templates => {
                pick(&preview::Words::ALL, at, &mut self.preview.words);
            }
            Control::Test => pick(&test::Wanted::ALL, at, &mut self.test.wanted),
            Control::Seen => pick(&test::Seen::ALL, at, &mut self.test.seen),
            Control::Schedule => review::choose_schedule(self, at),
            _ => {}
        }
    }

    /// Ticks a box, or takes the tick away.
    pub fn tick(&mut self, control: Control, on: bool) {
        match control {
            Control::Todo(at) => set(&mut self.source.done, at, on),
            Control::CloudTodo(at) => set(&mut self.notification.cloud_done, at, on),
            Control::Node(at) => notification::pick_node(self, at, on),
            Control::Notify(at) => notification::tick(self, at, on),
            Control::Anyway => self.agent.anyway = on,
            _ => {}
        }
    }
}

fn choice<T: Copy + PartialEq>(all: &[T], chosen: T, label: fn(T) -> &'static str) -> Widget<'static> {
    Widget::Choice {
        options: all.iter().map(|one| label(*one).to_owned()).collect(),
        selected: all.iter().position(|one| *one == chosen).unwrap_or(0),
    }
}

fn pick<T: Copy>(all: &[T], at: usize, chosen: &mut T) {
    if let Some(one) = all.get(at) {
        *chosen = *one;
    }
}

fn set(boxes: &mut [bool], at: usize, on: bool) {
    if let Some(one) = boxes.get_mut(at) {
        *one = on;
    }
}
