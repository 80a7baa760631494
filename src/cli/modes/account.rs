//! Shared by the modes that use ilert's account: reads the API token, and turns a refusal into an exit code.

use std::io::{self, IsTerminal, Read, StdinLock};

use color_eyre::eyre::{self, WrapErr};
use zeroize::Zeroizing;

use super::Misuse;
use crate::cli::{ask, say, stdin};
use crate::config::SecretSource;
use crate::exit::{Exit, Stopped};
use crate::ilert::account::AccountError;
use crate::prompt::{Lines, Stdin};
use crate::secret::{Cleaned, Flaw, LARGEST, Secret, SecretKind, clean};

/// Where the token comes from, if it is set.
const VARIABLE: &str = "ILERT_API_TOKEN";

impl From<AccountError> for Stopped {
    fn from(error: AccountError) -> Self {
        Self { words: error.to_string(), exit: exit_of(&error) }
    }
}

/// What the program returns where the account did not do what it was asked.
pub(super) fn exit_of(error: &AccountError) -> Exit {
    match error {
        AccountError::NoToken => Exit::Usage,
        error if error.is_configuration() => Exit::Configuration,
        error if error.may_pass() => Exit::Later,
        _ => Exit::Refused,
    }
}

/// The API token: never an argument, as others could see it.
pub(super) async fn token() -> eyre::Result<Secret> {
    token_if_given().await?.ok_or_else(|| {
        Misuse(format!(
            "no API token: set {VARIABLE}, or pipe the token in; ilert gives one in your user's menu, under API keys"
        ))
        .into()
    })
}

/// Whether the token would have to be asked for, at a terminal.
pub(super) fn must_ask() -> bool {
    !is_set(VARIABLE) && io::stdin().is_terminal()
}

/// Whether a variable is set, and not empty.
pub(super) fn is_set(variable: &str) -> bool {
    std::env::var_os(variable).is_some_and(|value| !value.is_empty())
}

/// The API token; `None` where there is none.
pub(super) async fn token_if_given() -> eyre::Result<Option<Secret>> {
    if let Some(token) = token_in_environment()? {
        return Ok(Some(token));
    }
    let given = if io::stdin().is_terminal() { Ok(typed().await?) } else { piped().await? };
    match given.map(Secret::new).and_then(|given| clean(given.expose(), SecretKind::Key)) {
        Ok(cleaned) => Ok(Some(used(cleaned))),
        Err(Flaw::Empty) => Ok(None),
        Err(flaw) => {
            Err(Misuse(format!("this is not an ilert API token: it {flaw}; give the token alone")).into())
        }
    }
}

/// The API token in the environment; `None` where there is none.
pub(super) fn token_in_environment() -> Result<Option<Secret>, Misuse> {
    if !is_set(VARIABLE) {
        return Ok(None);
    }
    let source = SecretSource::Env(VARIABLE.to_owned());
    let cleaned = source.cleaned(SecretKind::Key).map_err(|error| Misuse(error.to_string()))?;
    Ok(Some(used(cleaned)))
}

/// The token, and a word of what was left out.
fn used(cleaned: Cleaned) -> Secret {
    if let Some(note) = cleaned.note() {
        say(format_args!("the API token is {note}"));
    }
    cleaned.secret
}

/// One line, typed or pasted. The question comes once the terminal has ceased to show what is typed.
async fn typed() -> eyre::Result<String> {
    let mut lines = Stdin::open().wrap_err("cannot read the API token")?;
    lines.hide();
    ask("API token of ilert (it is not shown): ");
    Ok(lines.next().await.unwrap_or_default())
}

/// All of standard input, or why it can be no token.
async fn piped() -> eyre::Result<Result<String, Flaw>> {
    let all = |stdin: StdinLock<'_>| {
        let mut bytes = Zeroizing::new(Vec::new());
        stdin.take(LARGEST + 1).read_to_end(&mut bytes)?;
        if bytes.len() as u64 > LARGEST {
            return Ok(Err(Flaw::TooLarge));
        }
        Ok(std::str::from_utf8(&bytes).map(str::to_owned).map_err(|_| Flaw::NotUtf8))
    };
    stdin::read(all).await.wrap_err("cannot read the API token from standard input")
}
