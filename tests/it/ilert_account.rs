//! The account's client against the simulated ilert: each answer in its own words, lists to their end, and a token
//! that stays where it belongs.

mod account;
mod alert;
mod fulfil;
mod heartbeat;
mod provide;
mod secrets;

use netdata_ilert::config;
use netdata_ilert::ilert::Account;
use netdata_ilert::ilert::account::{AccountError, AlertSource, Grouping, NewAlertSource};
use netdata_ilert::secret::Secret;
use netdata_ilert::simulator::ilert::{Source, TokenRights};
use netdata_ilert::simulator::{Answer, Ilert, Served};

const TOKEN: &str = "il1tkn0123456789abcdef77e1";
const KEY: &str = "il1api0123456789abcdef3f9a";

struct ServedAccount {
    ilert: Ilert,
    served: Served,
}

impl ServedAccount {
    fn new() -> Self {
        let ilert = Ilert::new("il1api-of-nobody-5e11");
        ilert.add_token(TOKEN, TokenRights::Full);
        ilert.add_policy(7, "Operations");
        let served = ilert.serve().unwrap();
        Self { ilert, served }
    }

    /// With an alert source, whose id comes along.
    fn with_source() -> (Self, i64) {
        let scene = Self::new();
        let id = scene.ilert.add_source(Source::api("Netdata", KEY, 7));
        (scene, id)
    }

    fn account(&self) -> Account {
        self.account_with(TOKEN)
    }

    fn account_with(&self, token: &str) -> Account {
        account(&self.served.url(), token).unwrap()
    }

    async fn create(&self) -> Result<AlertSource, AccountError> {
        self.account().create_alert_source(&new(Grouping::None)).await
    }

    /// Answers the next request with this status and body.
    fn script(&self, status: u16, body: &str) {
        self.ilert.answer_next(Answer::StatusBody(status, body.to_owned()));
    }
}

fn account(endpoint: &str, token: &str) -> Result<Account, AccountError> {
    let ilert = config::Ilert { endpoint: endpoint.to_owned(), ..config::Ilert::default() };
    Account::new(&ilert, Secret::new(token.to_owned()))
}

fn new(grouping: Grouping) -> NewAlertSource<'static> {
    NewAlertSource { name: "Netdata", escalation_policy: 7, grouping, auto_resolution: None }
}
