//! What the page says of an alert source by ilert's API: whose token it is, and the result.

use super::{made, overview};
use crate::ilert::account::User;
use crate::text::one_line;
use crate::wizard::answers::SetUp;
use crate::wizard::context::{FulfilledOrder, Purpose};
use crate::wizard::form::Control;
use crate::wizard::page::Page;

/// Longest name that is shown, in characters.
const LONGEST_NAME: usize = 60;

/// Says more under some of the controls.
pub fn after(page: &mut Page<'_>, control: Control) {
    let (answers, context) = page.known();
    if control == Control::ACCOUNT_TOKEN {
        token(page);
        if let Some(made) = made(answers, context) {
            page.gap();
            came_of_it(page, made);
        }
        page.gap();
    } else if control == Control::GROUPING
        && let Some(warning) = answers.source.grouping.warning()
    {
        page.warning(warning);
    } else if control == Control::AUTO_RESOLUTION && answers.source.for_me.auto_resolution.is_some() {
        page.warning("ilert then resolves alerts that Netdata still shows, and nothing opens them again.");
    }
}

/// Where a token comes from, or whose this one is.
fn token(page: &mut Page<'_>) {
    let ((answers, context), theme) = (page.known(), page.theme());
    match overview(answers, context) {
        Some(overview) => page.under(&format!("{} {}", theme.tick(), who(&overview.user)), theme.good()),
        None if context.is_busy(Purpose::Account) => page.hint("asking ilert"),
        None => {
            page.hint("In ilert: your user menu, API keys. It is used now and saved nowhere.");
            if let Some(SetUp { id, name }) = &answers.source.for_me.set_up {
                let name = one_line(name, LONGEST_NAME);
                page.warning(&format!(
                    "The alert source `{name}` (id {id}) is set up in ilert already. Its key was not saved: with a \
                     token it is fetched again."
                ));
            }
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

fn came_of_it(page: &mut Page<'_>, made: &FulfilledOrder) {
    let theme = page.theme();
    let provided = &made.fulfilled.provided;
    let done = if provided.created { "created" } else { "found" };
    page.item(
        theme.tick(),
        theme.good(),
        &format!(
            "{done} the alert source `{}` (id {}); its API key is {}",
            one_line(&provided.source.name, LONGEST_NAME),
            provided.source.id,
            provided.key
        ),
    );
    // What was just ordered goes without saying.
    if !provided.created {
        for words in provided.reservations() {
            page.warning(&words);
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
