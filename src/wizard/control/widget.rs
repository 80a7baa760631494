//! What each control is now, what it holds, and how that is changed.

use super::Control;
use crate::wizard::field::{Field, SecretField, TextArea};
use crate::wizard::model::Model;
use crate::wizard::steps::notification::cloud_rooms;
use crate::wizard::steps::source::for_me;
use crate::wizard::steps::{agent, key, notification, preview, review, source, start, test};

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
    /// One of a list that a text narrows down.
    Pick {
        /// What is looked for.
        filter: &'a Field,
        /// What the ones that are left are called.
        options: Vec<String>,
        /// Which of them is chosen.
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
            Control::Way => choice(&source::Way::ALL, self.source.way, source::Way::label),
            Control::AccountToken => Widget::Secret(&self.source.for_me.token),
            Control::SourceName => Widget::Text(&self.source.for_me.name),
            Control::ExistingSource => for_me::existing(self),
            Control::Policy => for_me::policy_list(self),
            Control::Window => for_me::windows(self),
            Control::Threshold => Widget::Text(&self.source.for_me.threshold),
            Control::AutoResolution => for_me::auto_resolutions(self),
            Control::Heartbeat => {
                Widget::Tick { label: source::HEARTBEAT.to_owned(), on: self.source.for_me.heartbeat }
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
            Control::CloudToken => Widget::Secret(&self.notification.cloud.token),
            Control::Space => cloud_rooms::spaces(self),
            Control::CloudRoom(at) => cloud_rooms::room(self, at),
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
            Control::HandOver => review::hand_over(self),
            Control::Payload | Control::Files | Control::CloudValue(_) => Widget::Look,
        }
    }

    /// The text of a control, to be changed.
    pub fn typing(&mut self, control: Control) -> Option<Typing<'_>> {
        Some(match control {
            Control::AccountToken => Typing::Secret(&mut self.source.for_me.token),
            Control::SourceName => Typing::Text(&mut self.source.for_me.name),
            Control::Policy => Typing::Text(&mut self.source.for_me.filter),
            Control::Threshold => Typing::Text(&mut self.source.for_me.threshold),
            Control::CloudToken => Typing::Secret(&mut self.notification.cloud.token),
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
            Control::Way => pick(&source::Way::ALL, at, &mut self.source.way),
            Control::ExistingSource => for_me::choose_existing(self, at),
            Control::Policy => for_me::choose_policy(self, at),
            Control::Window => for_me::choose_window(self, at),
            Control::AutoResolution => for_me::choose_auto_resolution(self, at),
            Control::Space => cloud_rooms::choose_space(self, at),
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
            Control::CloudRoom(at) => cloud_rooms::pick_room(self, at, on),
            Control::Heartbeat => self.source.for_me.heartbeat = on,
            Control::HandOver => self.review.leave_open = !on,
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
