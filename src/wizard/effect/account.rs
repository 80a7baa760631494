//! Asking ilert's account, with a token that is used and forgotten.

use super::advised;
use crate::advice::Advised as _;
use crate::config::Ilert;
use crate::http::ClientError;
use crate::ilert::Account;
use crate::ilert::account::{self, AccountError, Fulfilled, Order, Overview, ProvideError};
use crate::secret::Secret;
use crate::wizard::context::{AlertSnapshot, Unfulfilled};
use crate::wizard::form::{Control, StepProblem};
use crate::wizard::steps::source::on_screen;

/// Whose token it is, and what there is.
pub(super) async fn overview(ilert: &Ilert, token: Secret) -> Result<Box<Overview>, StepProblem> {
    let ask = async { Account::new(ilert, token)?.overview().await };
    ask.await
        .map(Box::new)
        .map_err(|error: AccountError| StepProblem { control: field(&error), message: words(&error) })
}

/// The field of the screen that is to be changed.
fn field(error: &AccountError) -> Control {
    match error {
        AccountError::Client(ClientError::Roots { variable: false, .. } | ClientError::Untrusted { .. }) => {
            Control::ILERT_CA
        }
        AccountError::Client(ClientError::Proxy(_)) => Control::ILERT_PROXY,
        _ => Control::ACCOUNT_TOKEN,
    }
}

/// What happened and what to do, with the fields of the screen.
fn words(error: &AccountError) -> String {
    on_screen(&advised(error.what(), error.hint()))
}

/// Makes the alert source, or finds it.
pub(super) async fn fulfil(
    ilert: &Ilert,
    token: Secret,
    order: &Order,
) -> Result<Box<Fulfilled>, Unfulfilled> {
    let made = async { account::fulfil(&Account::new(ilert, token)?, order).await };
    made.await.map(Box::new).map_err(|error: ProvideError| Unfulfilled {
        words: error.to_string(),
        appeared: match error {
            ProvideError::Appeared { sources } => sources,
            _ => Vec::new(),
        },
    })
}

/// The alert source of a key, and the newest alert with an alert key in it.
pub(super) async fn look_up(
    ilert: &Ilert,
    token: Secret,
    key: &Secret,
    alert_key: &str,
) -> Result<Box<AlertSnapshot>, String> {
    let look = async { Account::new(ilert, token)?.look_up(key, alert_key).await };
    look.await.map(Box::new).map_err(|error: AccountError| words(&error))
}
