//! How ilert is reached, where that is not straight: a proxy, a certificate authority. Folded up until somebody asks.

use std::path::PathBuf;

use crate::config::{Config, Ilert};
use crate::wizard::answers::Answers;
use crate::wizard::context::Context;
use crate::wizard::form::{Control, Row, StepProblem, field, fold};
use crate::wizard::steps::check_ca_file;
use crate::wizard::steps::reader::objection;

impl Control {
    /// Shows what is seldom needed.
    pub const ILERT_MORE: Self =
        fold!("ilert-more", "a proxy or a CA file for ilert", is_unfolded, source.more);
    /// The proxy to ilert.
    pub const ILERT_PROXY: Self = Self {
        row: &Row::new("ilert-proxy", "Proxy", field!(Text: source.proxy))
            .check(|answers, context| is_taken(answers, context, Self::ILERT_PROXY, "ilert.proxy"))
            .optional()
            .help(|_, _| Some("such as http://proxy:3128; empty: HTTPS_PROXY and NO_PROXY count".to_owned())),
        at: 0,
    };
    /// Certificate authorities to trust.
    pub const ILERT_CA: Self = Self {
        row: &Row::new("ilert-ca", "CA file", field!(Text: source.ca_file))
            .check(is_ca_file)
            .optional()
            .help(|_, _| Some("certificates to trust besides, PEM: of a proxy that opens TLS".to_owned())),
        at: 0,
    };
}

/// The box that unfolds them; what is under it, once it is ticked.
#[must_use]
pub fn controls(answers: &Answers) -> Vec<Control> {
    let mut controls = vec![Control::ILERT_MORE];
    if is_unfolded(answers) {
        controls.extend([Control::ILERT_PROXY, Control::ILERT_CA]);
    }
    controls
}

/// What is filled in is shown.
fn is_unfolded(answers: &Answers) -> bool {
    let source = &answers.source;
    source.more || !source.proxy.is_empty() || !source.ca_file.is_empty()
}

/// The CA file as the answers have it.
#[must_use]
pub fn ca_file(answers: &Answers, context: &Context) -> Option<PathBuf> {
    let path = answers.source.ca_file.given();
    (!path.is_empty()).then(|| context.place.expanded(path))
}

/// `[ilert]` as the answers have it.
#[must_use]
pub fn ilert(answers: &Answers, context: &Context) -> Ilert {
    let filled = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
    Ilert {
        proxy: filled(answers.source.proxy.given()),
        ca_file: ca_file(answers, context),
        ..context.base(answers.start.existing).ilert.clone()
    }
}

/// What to do, with the fields of this screen in the place of the file's keys.
#[must_use]
pub fn on_screen(hint: &str) -> String {
    let fields = [
        ("`proxy` under `[ilert]` (or the variable)", "Proxy, under More (or the variable)"),
        ("`proxy` under `[ilert]`", "Proxy, under More"),
        ("`ca_file` under `[ilert]`", "CA file, under More"),
        ("the URL under `[ilert]`", "the address of ilert in the file"),
        ("`ilert.proxy`", "Proxy, under More,"),
        (", for the account behind `ilert.endpoint`", ""),
        ("`ilert.endpoint`", "the address of ilert in the file"),
    ];
    fields.iter().fold(hint.to_owned(), |hint, (key, field)| hint.replace(key, field))
}

fn is_taken(answers: &Answers, context: &Context, control: Control, key: &str) -> Result<(), StepProblem> {
    let config =
        Config { ilert: ilert(answers, context), ..Config::clone(context.base(answers.start.existing)) };
    match objection(config, key, &context.place.config) {
        Some(message) => Err(StepProblem::new(control, message)),
        None => Ok(()),
    }
}

fn is_ca_file(answers: &Answers, context: &Context) -> Result<(), StepProblem> {
    // The reader makes a path whole: it has nothing to say of one that is not.
    check_ca_file(Control::ILERT_CA, ca_file(answers, context), context)?;
    is_taken(answers, context, Control::ILERT_CA, "ilert.ca_file")
}
