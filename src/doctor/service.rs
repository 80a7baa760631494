//! ilert, and the way there: certificates, proxy, name, a connection. No event and no key is sent.

use std::path::Path;
use std::time::{Duration, Instant};

use tokio::net::lookup_host;
use tokio::time::timeout;

use super::{Line, Mark};
use crate::config::{self, Config, Invocation};
use crate::http::{self, Proxy, Route, StatusClass};
use crate::ilert::{self, HeartbeatClient, Reached};
use crate::text::ShownPath as _;
use crate::url::Url;

const CHECK: &str = "ilert";

/// Time to resolve a name.
const RESOLVING: Duration = Duration::from_secs(5);

/// `is_scheduled`: a schedule is there, and what it has not of this environment is said of it.
pub(super) async fn lines(config: &Config, is_scheduled: bool, invocation: &Invocation) -> Vec<Line> {
    let ilert = &config.ilert;
    let endpoint = Url::parse(&ilert.endpoint).ok();
    let proxy = endpoint.as_ref().map_or(Ok(None), |endpoint| ilert::proxy_on_way(ilert, endpoint));
    let first = match &proxy {
        Ok(Some(proxy)) => proxy.name(),
        Ok(None) => endpoint.as_ref().and_then(Url::name),
        Err(_) => None,
    };
    let (name, reached, beat) = tokio::join!(resolved(first), reached(ilert, invocation), heartbeat(config));
    let mut lines = vec![roots(ilert), way(&proxy, is_scheduled)];
    lines.extend(name);
    lines.extend(reached);
    lines.extend(beat);
    lines
}

fn way(proxy: &Result<Option<Proxy>, http::ClientError>, is_scheduled: bool) -> Line {
    const CHECK: &str = "proxy";
    match proxy {
        Err(error) => Line::advised(CHECK, error).by_configuration(),
        Ok(None) => Line::good(CHECK, "none: straight to ilert".to_owned()),
        Ok(Some(proxy)) if proxy.configured => {
            Line::good(CHECK, format!("to ilert: {proxy}, from the configuration"))
        }
        Ok(Some(proxy)) if is_scheduled => {
            Line::good(CHECK, format!("to ilert: {proxy}, from a variable of this environment"))
        }
        Ok(Some(proxy)) => Line::warning(
            CHECK,
            format!("to ilert: {proxy}, from a variable that is set here, but not for cron and systemd"),
            "set `proxy` under `[ilert]` in the configuration",
        ),
    }
}

fn roots(ilert: &config::Ilert) -> Line {
    const CHECK: &str = "certificates";
    if let Err(error) = http::client(ilert.ca_file.as_deref(), Route::Direct) {
        let otherwise = "correct `ca_file` under `[ilert]`: it must name a PEM file";
        return Line::of(CHECK, &error, otherwise).by_configuration();
    }
    let mut says = match std::env::var_os("SSL_CERT_FILE").filter(|path| !path.is_empty()) {
        Some(path) => format!("the authorities in `{}` (SSL_CERT_FILE)", Path::new(&path).shown()),
        None => "Mozilla's authorities, which are built in".to_owned(),
    };
    if let Some(path) = &ilert.ca_file {
        says = format!("{says}, and those in `{}`", path.shown());
    }
    Line::good(CHECK, says)
}

/// Whether a name has an address; nothing where it is one.
async fn resolved(name: Option<(&str, u16)>) -> Option<Line> {
    const CHECK: &str = "DNS";
    let (host, port) = name?;
    let fix = "correct this machine's DNS (`/etc/resolv.conf`), or the name in the configuration";
    let found = timeout(RESOLVING, lookup_host((host, port))).await;
    let line = match found {
        Ok(Ok(addresses)) => match addresses.count() {
            0 => Line::wrong(CHECK, format!("`{host}` has no address"), fix),
            1 => Line::good(CHECK, format!("`{host}` has an address")),
            several => Line::good(CHECK, format!("`{host}` has {several} addresses")),
        },
        Ok(Err(error)) => Line::wrong(CHECK, format!("`{host}` has no address: {error}"), fix),
        Err(_) => Line::wrong(CHECK, format!("no name server answered in time for `{host}`"), fix),
    };
    Some(line.for_now())
}

/// Asks for the events' address without saying anything: any answer of ilert's own proves the way.
async fn reached(ilert: &config::Ilert, invocation: &Invocation) -> Option<Line> {
    let started = Instant::now();
    let reached = match ilert::reach(ilert).await {
        Ok(reached) => reached,
        // Said of the proxy and of the certificates.
        Err(
            http::ClientError::ProxyVariable { .. }
            | http::ClientError::Roots { .. }
            | http::ClientError::Untrusted { .. },
        ) => return None,
        Err(error) => {
            let fix = "correct `[ilert]` in the configuration";
            return Some(Line::wrong(CHECK, error.to_string(), fix).by_configuration());
        }
    };
    let mark = match &reached {
        Reached::Ilert { status, .. } => match StatusClass::of(*status) {
            StatusClass::ProxyLogin | StatusClass::Redirect => Mark::Wrong,
            StatusClass::Passing => Mark::Warning,
            _ => Mark::Good,
        },
        Reached::Stranger { .. } | Reached::Nobody { .. } => Mark::Wrong,
    };
    let mut line = Line { mark, ..Line::advised(CHECK, &reached).for_now() };
    if mark == Mark::Good {
        let took = started.elapsed().as_millis();
        line.says = format!("{} ({took} ms); {} proves the key", line.says, invocation.command("--test"));
    }
    Some(line)
}

async fn heartbeat(config: &Config) -> Option<Line> {
    const CHECK: &str = "heartbeat";
    let url = config.heartbeat_url().ok().flatten()?;
    let heartbeat = HeartbeatClient::new(&config.ilert, url).ok()?;
    Some(match heartbeat.ping().await {
        Ok(()) => Line::good(CHECK, "ilert's heartbeat monitor took a ping".to_owned()),
        Err(error) => {
            let line = Line::advised(CHECK, &error);
            let line = if error.is_wrong_url() { line } else { line.for_now() };
            Line { says: format!("ilert's heartbeat monitor took no ping: {}", line.says), ..line }
        }
    })
}
