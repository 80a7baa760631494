//! What a person can put the focus on: each control of each step, what it is now, and how it is changed.
//!
//! The screen draws a control by its [`Widget`], `--plain` asks for it by the same; neither knows the steps.

mod widget;

pub use widget::{Given, Typing, Widget};

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
    /// Step 2: by hand, or by ilert's API.
    Way,
    /// Step 2 and, to look the test up, step 7: an API token of ilert's.
    AccountToken,
    /// Step 2: the alert source's name.
    SourceName,
    /// Step 2: which of the alert sources of that name.
    ExistingSource,
    /// Step 2: who is called.
    Policy,
    /// Step 2: time of grouping.
    Window,
    /// Step 2: how alike alerts are that are grouped.
    Threshold,
    /// Step 2: when ilert resolves by itself.
    AutoResolution,
    /// Step 2: a heartbeat monitor, too.
    Heartbeat,
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
    /// Step 5: an API token of Netdata Cloud's.
    CloudToken,
    /// Step 5: the space whose rooms are listed.
    Space,
    /// Step 5: one of the rooms of the space.
    CloudRoom(usize),
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
    /// Step 8: what is open under the former key is resolved.
    HandOver,
    /// Step 8: what will be written.
    Files,
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
            Self::Way => "Set it up",
            Self::AccountToken => "API token",
            Self::ExistingSource => "There is one",
            Self::Policy => "Escalation",
            Self::Window => "Within",
            Self::Threshold => "How alike",
            Self::AutoResolution => "Auto-resolve",
            Self::CloudToken => "Cloud token",
            Self::Space => "Space",
            Self::ApiKey => "API key",
            Self::Keep => "Keep it in",
            Self::Url => "URL",
            Self::Username => "User name",
            Self::Password => "Password",
            Self::Token => "Bearer token",
            Self::CaFile => "CA file",
            Self::Name | Self::SourceName => "Name",
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
            | Self::Heartbeat
            | Self::HandOver
            | Self::CloudRoom(_)
            | Self::Todo(_)
            | Self::Node(_)
            | Self::Notify(_)
            | Self::CloudTodo(_)
            | Self::CloudValue(_) => "",
        }
    }
}
