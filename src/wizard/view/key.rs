//! Step 3 on the screen: the key, masked.

use super::page::Page;
use crate::wizard::control::Control;
use crate::wizard::model::Model;
use crate::wizard::steps::key::Keep;
use crate::wizard::steps::source::for_me;

pub(super) fn page(page: &mut Page<'_>) {
    let model = page.model;
    page.title("Alert source API key");
    match for_me::made(model) {
        Some(made) => page
            .text(&format!("The key of the alert source `{}` was carried over from ilert.", made.order.name)),
        None => page.text("Paste the key that ilert showed after \"Finish setup\"."),
    }
    if let Some(demo) = model.place.demo.as_ref().filter(|_| for_me::made(model).is_none()) {
        page.text(&format!("The demo's ilert takes this key: {}", demo.key.expose()));
    }
    page.gap();
    page.control(Control::ApiKey);
    page.hint(&about(model));
    page.gap();
    page.control(Control::Keep);
    page.gap();
    if model.key.keep == Keep::Variable {
        page.warning(
            "cron and systemd have an environment of their own: set the variable where the sender runs, or keep \
             the key in a file.",
        );
    }
}

/// What stands under the key.
fn about(model: &Model) -> String {
    let key = &model.key;
    match (key.field.count(), key.keep, &key.known, &key.variable) {
        (0, Keep::Variable, _, Some(key)) | (0, _, None, Some(key)) => {
            format!("empty: {key}, from the environment, is used")
        }
        (0, _, Some(key), _) => format!("empty: the configured key {key} is kept"),
        (0, _, None, None) => "nothing pasted yet".to_owned(),
        (count, ..) => {
            let characters =
                if count == 1 { "1 character".to_owned() } else { format!("{count} characters") };
            key.field.note().map_or(characters.clone(), |note| format!("{characters}, {note}"))
        }
    }
}
