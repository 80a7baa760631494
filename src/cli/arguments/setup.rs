//! The answers that `--setup` takes and no other mode does. None is a secret: others can see a command line.

use std::path::{Path, PathBuf};
use std::str::FromStr;

use clap::builder::{OsStringValueParser, PossibleValuesParser, TypedValueParser};
use clap::{Args, ValueEnum};

use crate::cli::silencing::NamePattern;
use crate::config::{DeliveredBy, Notify, Pattern};

/// What an empty value does is said once, in the README: it takes the setting out of the configuration.
#[derive(Clone, Debug, Default, Args)]
#[command(next_help_heading = "Answers for --setup")]
pub struct SetupAnswers {
    /// What the configuration is called
    #[arg(long, value_name = "NAME")]
    pub name: Option<String>,
    /// Who delivers: this program, or Netdata Cloud on a paid plan [default: netdata-ilert]
    #[arg(long, value_enum, value_name = "WHO")]
    pub delivered_by: Option<Deliverer>,
    /// ilert: read the API key from this file, which only its owner can read [default: from `ILERT_API_KEY`]
    #[arg(long, value_name = "FILE")]
    pub api_key_file: Option<PathBuf>,
    /// ilert: take the API key of this alert source, which is created if there is none; reads an ilert API token from
    /// `ILERT_API_TOKEN` or standard input
    #[arg(long, value_name = "NAME", conflicts_with = "api_key_file")]
    pub alert_source: Option<String>,
    /// ilert: where the key is kept: `file`, `file:PATH`, `credential:NAME` (systemd's), or `env:NAME` (you set it where
    /// the sender runs) [default: file]
    #[arg(long, value_name = "PLACE")]
    pub keep_key: Option<KeyPlace>,
    /// ilert: the proxy on the way [default: as `HTTPS_PROXY` says]
    #[arg(long, value_name = "URL")]
    pub ilert_proxy: Option<String>,
    /// ilert: a PEM file of certificates to trust besides, such as a proxy's
    #[arg(long, value_name = "FILE", value_parser = file())]
    pub ilert_ca: Option<PathBuf>,
    /// ilert: read the URL of a heartbeat monitor from this file
    #[arg(long, value_name = "FILE", value_parser = file())]
    pub heartbeat_file: Option<PathBuf>,
    /// Netdata: the agent or parent; once for each of several parents of the same nodes [default: the one on this machine]
    #[arg(long, value_name = "URL")]
    pub netdata_url: Vec<String>,
    /// Netdata: the user name that a reverse proxy in front of it asks for
    #[arg(long, value_name = "NAME")]
    pub netdata_user: Option<String>,
    /// Netdata: read that user's password from this file
    #[arg(long, value_name = "FILE")]
    pub netdata_password_file: Option<PathBuf>,
    /// Netdata: read the agent's bearer token from this file
    #[arg(long, value_name = "FILE", value_parser = file())]
    pub netdata_token_file: Option<PathBuf>,
    /// Netdata: a PEM file of certificates to trust besides
    #[arg(long, value_name = "FILE", value_parser = file())]
    pub netdata_ca: Option<PathBuf>,
    /// Nodes: only those whose host names match, such as `db-*`; several patterns are one; `*` for all
    #[arg(long, value_name = "PATTERN")]
    pub nodes: Vec<NamePattern>,
    /// Nodes: only those whose host label matches; once for each label, and all must match
    #[arg(long, value_name = "LABEL=PATTERN")]
    pub label: Vec<LabelPattern>,
    /// Nodes: what their room is called, or a room that the configuration has
    #[arg(long, value_name = "NAME")]
    pub room: Option<String>,
    /// What to send, with commas between [default: all five]
    #[arg(long, value_name = "TYPES", value_delimiter = ',', value_parser = PossibleValuesParser::new(Notify::WORDS))]
    pub notify: Option<Vec<String>>,
    /// What runs the sender; `none` removes it [default: what is there stays]
    #[arg(long, value_enum, value_name = "KIND")]
    pub schedule: Option<ScheduleAnswer>,
    /// Send no live test
    #[arg(long)]
    pub no_test: bool,
}

/// A file, or an empty value.
fn file() -> impl TypedValueParser<Value = PathBuf> {
    OsStringValueParser::new().map(PathBuf::from)
}

/// `--delivered-by`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Deliverer {
    /// This program, by `--send`.
    NetdataIlert,
    /// Netdata Cloud: nothing is sent from here.
    NetdataCloud,
}

/// `--schedule`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ScheduleAnswer {
    /// A systemd timer, every 15 seconds.
    Systemd,
    /// A crontab line, every minute.
    Cron,
    /// Nothing: what is there is removed.
    None,
}

/// `--keep-key`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeyPlace {
    /// A file; `None` for the one beside the configuration.
    File(Option<PathBuf>),
    /// An environment variable.
    Env(String),
    /// A credential of systemd's.
    Credential(String),
}

/// `--label`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LabelPattern {
    /// The label's name.
    pub name: String,
    /// What its value must match.
    pub pattern: Pattern,
}

impl SetupAnswers {
    /// The files with secrets that are given.
    #[must_use]
    pub fn files(&self) -> Vec<&Path> {
        let files =
            [&self.api_key_file, &self.heartbeat_file, &self.netdata_password_file, &self.netdata_token_file];
        files.into_iter().flatten().map(PathBuf::as_path).collect()
    }

    /// The first one that is given, if any.
    #[must_use]
    pub fn given(&self) -> Option<&'static str> {
        let given = [
            (self.name.is_some(), "--name"),
            (self.delivered_by.is_some(), "--delivered-by"),
            (self.api_key_file.is_some(), "--api-key-file"),
            (self.alert_source.is_some(), "--alert-source"),
            (self.keep_key.is_some(), "--keep-key"),
            (self.ilert_proxy.is_some(), "--ilert-proxy"),
            (self.ilert_ca.is_some(), "--ilert-ca"),
            (self.heartbeat_file.is_some(), "--heartbeat-file"),
            (!self.netdata_url.is_empty(), "--netdata-url"),
            (self.netdata_user.is_some(), "--netdata-user"),
            (self.netdata_password_file.is_some(), "--netdata-password-file"),
            (self.netdata_token_file.is_some(), "--netdata-token-file"),
            (self.netdata_ca.is_some(), "--netdata-ca"),
            (!self.nodes.is_empty(), "--nodes"),
            (!self.label.is_empty(), "--label"),
            (self.room.is_some(), "--room"),
            (self.notify.is_some(), "--notify"),
            (self.schedule.is_some(), "--schedule"),
            (self.no_test, "--no-test"),
        ];
        given.into_iter().find(|(is_given, _)| *is_given).map(|(_, flag)| flag)
    }
}

impl From<Deliverer> for DeliveredBy {
    fn from(deliverer: Deliverer) -> Self {
        match deliverer {
            Deliverer::NetdataIlert => Self::NetdataIlert,
            Deliverer::NetdataCloud => Self::NetdataCloud,
        }
    }
}

impl FromStr for KeyPlace {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (place, named) = text.split_once(':').map_or((text, None), |(place, named)| (place, Some(named)));
        let is_name =
            |name: &str| !name.is_empty() && !name.contains(['/', '=', '\0']) && !matches!(name, "." | "..");
        match (place, named) {
            ("file", None) => Ok(Self::File(None)),
            ("file", Some(path)) if !path.is_empty() && !path.starts_with('~') => {
                Ok(Self::File(Some(path.into())))
            }
            ("env", Some(name)) if is_name(name) => Ok(Self::Env(name.to_owned())),
            ("credential", Some(name)) if is_name(name) => Ok(Self::Credential(name.to_owned())),
            _ => Err("it is none of `file`, `file:PATH`, `credential:NAME` and `env:NAME`"),
        }
    }
}

impl FromStr for LabelPattern {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (name, pattern) = text.split_once('=').ok_or("it is no `LABEL=PATTERN`, such as `env=prod*`")?;
        let (name, pattern) = (name.trim(), Pattern::new(pattern.trim()));
        if name.is_empty() || name.chars().any(char::is_control) {
            return Err("it names no label: `LABEL=PATTERN`, such as `env=prod*`");
        }
        if !pattern.can_match() {
            return Err("nothing can match it: it needs a word without `!`, such as `env=prod*`");
        }
        Ok(Self { name: name.to_owned(), pattern })
    }
}

#[cfg(test)]
mod tests {
    use clap::{CommandFactory as _, Parser as _};

    use super::{KeyPlace, LabelPattern};
    use crate::cli::arguments::Arguments;

    #[test]
    fn each_is_refused_without_its_mode() {
        let command = Arguments::command();
        let answers: Vec<_> = command
            .get_arguments()
            .filter(|argument| argument.get_help_heading() == Some("Answers for --setup"))
            .collect();
        assert!(answers.len() > 15, "{}", answers.len());
        for answer in answers {
            let flag = format!("--{}", answer.get_long().unwrap());
            let value = match flag.as_str() {
                "--no-test" => None,
                "--delivered-by" => Some("netdata-cloud"),
                "--keep-key" => Some("file"),
                "--label" => Some("a=b"),
                "--notify" => Some("clear"),
                "--schedule" => Some("cron"),
                _ => Some("x"),
            };
            let mut words = vec!["netdata-ilert", "--send", &flag];
            words.extend(value);
            let refused = Arguments::try_parse_from(&words).unwrap().check().unwrap_err();
            assert_eq!(refused, format!("`{flag}` goes with `--setup`"));
        }
    }

    #[test]
    fn a_place_for_the_key_has_a_name_that_can_be() {
        for (text, is_good) in [
            ("file", true),
            ("file:/run/key", true),
            ("env:KEY", true),
            ("credential:api-key", true),
            ("file:", false),
            ("file:~/key", false),
            ("env", false),
            ("env:A=b", false),
            ("credential", false),
            ("credential:../a", false),
            ("config", false),
            ("", false),
        ] {
            assert_eq!(text.parse::<KeyPlace>().is_ok(), is_good, "`{text}`");
        }
        for (text, is_good) in
            [("env=prod*", true), (" env = prod ", true), ("env", false), ("=a", false), ("a=!b", false)]
        {
            assert_eq!(text.parse::<LabelPattern>().is_ok(), is_good, "`{text}`");
        }
    }
}
