//! `--adopt`: after the state was lost, takes over what is open in ilert under this program's keys, so that the next
//! run resolves what Netdata no longer shows.

use color_eyre::eyre;

use super::SenderSetup;
use super::account::token;
use super::selection::Selection;
use super::send::say_elsewhere;
use crate::cli::{Arguments, say};
use crate::clock::now;
use crate::delivery::adopt::{self, Adopted};
use crate::exit::{Exit, Stopped};
use crate::ilert::Account;
use crate::ilert::account::{Alert, AlertSource};

/// What every alert key of this program's begins with.
const OURS: &str = "netdata/";

/// Takes over what is open.
pub async fn adopt(arguments: &Arguments) -> eyre::Result<Exit> {
    let setup = match SenderSetup::or_elsewhere(&Selection::only(arguments, "--adopt")?)? {
        Ok(setup) => setup,
        Err(elsewhere) => {
            say_elsewhere(elsewhere);
            return Ok(elsewhere.alone());
        }
    };
    let account = Account::new(&setup.config.ilert, token().await?).map_err(Stopped::from)?;
    let (source, alerts) = open_alerts(&account, &setup).await?;
    let keys = ours(&alerts);
    if keys.is_empty() {
        adopt::nothing_open(&setup.state, now()).await?;
        say(format_args!(
            "nothing is open under this program's keys in the alert source `{}` (id {})",
            source.name, source.id
        ));
        return Ok(Exit::Done);
    }
    let netdata = setup.netdata()?;
    match adopt::adopt(&setup.job(&netdata), keys).await? {
        Ok(adopted) => {
            words(&adopted).into_iter().for_each(say);
            Ok(Exit::Done)
        }
        Err(error) => {
            say(format_args!(
                "{error}; without Netdata's list of alerts the keys cannot be understood, so nothing was taken over"
            ));
            Ok(Exit::Later)
        }
    }
}

/// The alert source of the configured key, and what is open in it.
async fn open_alerts(account: &Account, setup: &SenderSetup) -> Result<(AlertSource, Vec<Alert>), Stopped> {
    let Some(source) = account.alert_source_of(&setup.key).await? else {
        return Err(Stopped {
            words: format!(
                "the API token sees no alert source with the key {}: use a token of the account that the key is of, or \
                 correct `integration.api_key`",
                setup.key
            ),
            exit: Exit::Refused,
        });
    };
    let alerts = account.open_alerts(source.id).await?;
    Ok((source, alerts))
}

/// The keys that this program gave, as ilert has them.
fn ours(alerts: &[Alert]) -> Vec<String> {
    let keys = alerts.iter().map(|alert| alert.alert_key.trim());
    keys.filter(|key| key.to_lowercase().starts_with(OURS)).map(str::to_owned).collect()
}

fn words(adopted: &Adopted) -> Vec<String> {
    let Adopted { taken, known, not_understood } = adopted;
    let mut words = vec![format!("taken into the state: {taken}; in it already: {known}")];
    if !not_understood.is_empty() {
        words.push("these keys cannot be understood: resolve them in ilert".to_owned());
        words.extend(not_understood.iter().map(|key| format!("  {key}")));
    }
    if taken + known > 0 {
        words.push("the next `--send` resolves what Netdata does not show any more".to_owned());
    }
    words
}

#[cfg(test)]
mod tests {
    use super::{Adopted, words};

    #[test]
    fn says_what_became_of_each() {
        let all = Adopted { taken: 2, known: 1, not_understood: vec!["netdata/x".to_owned()] };
        insta::assert_snapshot!(words(&all).join("\n"), @r"
        taken into the state: 2; in it already: 1
        these keys cannot be understood: resolve them in ilert
          netdata/x
        the next `--send` resolves what Netdata does not show any more
        ");
        let none = Adopted { taken: 0, known: 0, not_understood: Vec::new() };
        assert_eq!(words(&none), ["taken into the state: 0; in it already: 0"]);
    }
}
