//! Looks up in ilert what became of the live test's alert, as the wizard does with a token.

use tokio::time::sleep;

use crate::cli::modes::test_event::by_hand;
use crate::config::Ilert;
use crate::ilert::Account;
use crate::ilert::account::{
    AccountError, Alert, AlertSnapshot, AlertSource, AlertStatus, LOOK_AGAIN, LOOKS,
};
use crate::secret::Secret;

/// What ilert shows of the alert, a line each; it is asked again until it is resolved.
pub(super) async fn look_up(ilert: &Ilert, token: &Secret, key: &Secret, alert_key: &str) -> Vec<String> {
    match last_look(ilert, token, key, alert_key).await {
        Ok(snapshot) => words(&snapshot, alert_key),
        Err(error) => {
            vec![format!("note: cannot look the alert `{alert_key}` up: {error}"), by_hand(alert_key)]
        }
    }
}

async fn last_look(
    ilert: &Ilert,
    token: &Secret,
    key: &Secret,
    alert_key: &str,
) -> Result<AlertSnapshot, AccountError> {
    let account = Account::new(ilert, token.clone())?;
    let mut snapshot = account.look_up(key, alert_key).await?;
    for _ in 1..LOOKS {
        if !snapshot.may_change() {
            break;
        }
        sleep(LOOK_AGAIN).await;
        snapshot = account.look_up(key, alert_key).await?;
    }
    Ok(snapshot)
}

fn words(snapshot: &AlertSnapshot, alert_key: &str) -> Vec<String> {
    let Some(source) = &snapshot.source else {
        let strange = "note: this token sees no alert source with this key: is it of the same account?";
        return vec![strange.to_owned(), by_hand(alert_key)];
    };
    let Some(alert) = &snapshot.alert else {
        let mut words = vec![format!("note: ilert took the events but shows no alert `{alert_key}`")];
        words.extend(reservations(source));
        return words;
    };
    let found = format!("ilert opened the alert `{alert_key}` ({})", opened(alert));
    match &alert.status {
        AlertStatus::Resolved => {
            let when = alert.resolved.as_ref().map_or_else(String::new, |when| format!(" at {when}"));
            vec![format!("{found} and resolved it{when}")]
        }
        status => vec![format!("{found}, and shows it as {status}: resolve it there by hand")],
    }
}

fn opened(alert: &Alert) -> String {
    if alert.opened.is_empty() {
        return format!("id {}", alert.id);
    }
    format!("id {}, at {}", alert.id, alert.opened)
}

/// What may be why there is none.
fn reservations(source: &AlertSource) -> impl Iterator<Item = String> {
    source.reservations().into_iter().map(|words| format!("note: check the alert source: {words}"))
}
