//! Step 2 by ilert's API on the screen: whose token it is, what there is to choose, and what came of it.

use crate::ilert::account::User;
use crate::text::one_line;
use crate::wizard::control::Control;
use crate::wizard::message::Purpose;
use crate::wizard::steps::source::for_me::{self, Made};
use crate::wizard::view::page::Page;

/// Longest name that is shown, in characters.
const LONGEST_NAME: usize = 60;

pub(super) fn page(page: &mut Page<'_>) {
    let model = page.model;
    for control in model.controls().into_iter().skip(1) {
        page.control(control);
        match control {
            Control::AccountToken => {
                token(page);
                if let Some(made) = for_me::made(model) {
                    page.gap();
                    came_of_it(page, made);
                }
                page.gap();
            }
            Control::Grouping => {
                if let Some(warning) = model.source.grouping.warning() {
                    page.warning(warning);
                }
            }
            Control::AutoResolution if model.source.for_me.auto_resolution.is_some() => {
                page.warning("ilert then resolves what Netdata still shows, and nothing opens it again.");
            }
            _ => {}
        }
    }
}

/// Where a token comes from, or whose this one is.
fn token(page: &mut Page<'_>) {
    let (model, theme) = (page.model, page.theme());
    match for_me::overview(model) {
        Some(overview) => page.under(&format!("{} {}", theme.tick(), who(&overview.user)), theme.good()),
        None if model.is_busy(Purpose::Account) => page.hint("asking ilert"),
        None => {
            page.hint("In ilert: your user's menu, API keys. It is used while this runs, and kept nowhere.");
        }
    }
}

/// A name and a role, as far as ilert says.
fn who(user: &User) -> String {
    let name = one_line(&format!("{} {}", user.first_name, user.last_name), LONGEST_NAME);
    let role = one_line(&user.role, LONGEST_NAME);
    match (name.is_empty(), role.is_empty()) {
        (false, false) => format!("{name}, {role}"),
        (true, true) => "ilert takes the token".to_owned(),
        _ => name + &role,
    }
}

fn came_of_it(page: &mut Page<'_>, made: &Made) {
    let theme = page.theme();
    let provided = &made.fulfilled.provided;
    let done = if provided.created { "created" } else { "found" };
    page.item(
        theme.tick(),
        theme.good(),
        &format!(
            "{done} the alert source `{}` (id {}); its API key {} goes on to step 3",
            one_line(&provided.source.name, LONGEST_NAME),
            provided.source.id,
            provided.key
        ),
    );
    // What was just ordered goes without saying.
    if !provided.created {
        for words in provided.reservations() {
            page.warning(&format!("but {words}"));
        }
    }
    match &made.fulfilled.heartbeat {
        None => {}
        Some(Ok(monitor)) => {
            let done = if monitor.created { "created" } else { "found" };
            let name = one_line(&monitor.name, LONGEST_NAME);
            page.item(theme.tick(), theme.good(), &format!("{done} the heartbeat monitor `{name}`"));
        }
        Some(Err(words)) => page.item("!", theme.bad(), &format!("no heartbeat monitor: {words}")),
    }
}
