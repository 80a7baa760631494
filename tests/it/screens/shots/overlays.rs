//! What lies over a step.

use netdata_ilert::wizard::Step;

use super::{Shot, at, end, express, set_up, world};

pub const SHOTS: &[Shot] = &[
    ("help-start", |theme| at(Step::Start, theme).press("f1")),
    ("help-source", |theme| at(Step::Source, theme).press("f1")),
    ("help-key", |theme| at(Step::Key, theme).press("f1")),
    ("help-netdata", |theme| at(Step::Netdata, theme).press("f1")),
    ("help-notification", |theme| at(Step::Notification, theme).press("f1")),
    ("help-notification-scrolled", |theme| at(Step::Notification, theme).press("f1 pagedown pagedown")),
    ("help-preview", |theme| at(Step::Preview, theme).press("f1")),
    ("help-test", |theme| at(Step::Test, theme).press("f1")),
    ("help-review", |theme| end::review(theme).press("f1")),
    ("help-menu", |theme| express::menu(theme).press("?")),
    ("help-express", |theme| set_up::key(theme).press("ctrl-x").answer(world::ground(Ok(None))).press("?")),
    ("leave", |theme| set_up::key(theme).press("ctrl-c")),
    ("leave-test-open", |theme| {
        at(Step::Test, theme).press("enter").answer(world::accepted(41)).press("ctrl-c")
    }),
];
