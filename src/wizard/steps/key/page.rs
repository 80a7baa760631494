//! The page of *API key*.

use super::secret;
use crate::wizard::answers::Keep;
use crate::wizard::form::Control;
use crate::wizard::page::Page;
use crate::wizard::steps::evidence;
use crate::wizard::steps::source::for_me;

/// Puts the step on a page.
pub fn page(page: &mut Page<'_>) {
    let (answers, context) = page.known();
    page.title("Alert source API key");
    match for_me::made(answers, context) {
        Some(made) => page
            .text(&format!("The key of the alert source `{}` was carried over from ilert.", made.order.name)),
        None => page.text("Paste the key that ilert showed after \"Finish setup\"."),
    }
    if let Some(demo) = context.place.demo.as_ref().filter(|_| for_me::made(answers, context).is_none()) {
        page.text(&format!("The demo's ilert takes this key: {}", demo.key.expose()));
    }
    page.gap();
    page.control(Control::API_KEY);
    if secret(answers, context).is_none() {
        page.hint("nothing pasted yet");
    }
    // Whoever comes back from a test that failed reads why here.
    for caveat in evidence::of_key(answers, context).caveats() {
        page.under(&format!("! {}. {}", caveat.what, caveat.fix), page.theme().warn());
    }
    page.gap();
    page.control(Control::KEEP);
    page.gap();
    if answers.key.keep == Keep::Variable {
        page.warning(
            "cron and systemd do not see your environment: set the variable where the sender runs, or keep the key \
             in a file.",
        );
    }
}
