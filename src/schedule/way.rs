//! The way to ilert and to Netdata, as far as variables of the environment decide it: proxies and authorities.

use std::collections::BTreeMap;

use crate::config::Config;
use crate::http;
use crate::secret::Secret;
use crate::url::Url;

/// Replaces the authorities that are built in.
const AUTHORITIES: [&str; 1] = ["SSL_CERT_FILE"];

/// The way to what configurations ask, and what this environment sets of it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Way {
    asked: Vec<Asked>,
    here: BTreeMap<String, Secret>,
}

/// Somebody who is asked, and what the configuration leaves to variables.
#[derive(Clone, Debug, PartialEq)]
struct Asked {
    who: &'static str,
    url: Url,
    proxy: Leaves,
    authorities: Leaves,
}

/// What a configuration leaves to variables.
#[derive(Clone, Debug, PartialEq)]
enum Leaves {
    Nothing,
    /// All, and this setting would decide it, where there is one.
    All(Option<&'static str>),
}

/// A variable that is set here, and for a schedule is not, or otherwise.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Stray {
    pub(super) name: &'static str,
    /// The schedule has another value.
    pub(super) is_other: bool,
    /// To whom the way is another.
    pub(super) who: &'static str,
    /// The setting that decides it for each run.
    pub(super) setting: Option<&'static str>,
}

impl Way {
    /// What this configuration asks, from this environment.
    #[must_use]
    pub fn here(config: &Config) -> Self {
        Self::of(config, |name| std::env::var(name).ok())
    }

    /// The same with these variables.
    #[must_use]
    pub fn of(config: &Config, set: impl Fn(&str) -> Option<String>) -> Self {
        let names = http::proxy_variables().chain(AUTHORITIES);
        let set = names.filter_map(|name| Some((name, set(name).filter(|value| !value.trim().is_empty())?)));
        let here = set.map(|(name, value)| (name.to_owned(), Secret::new(value))).collect();
        let ilert = (&config.ilert.endpoint, &config.ilert.ca_file);
        let ilert = Url::parse(ilert.0).ok().map(|url| Asked {
            who: "ilert",
            proxy: leaves(config.ilert.proxy.is_some() || url.is_loopback(), Some("`proxy` under `[ilert]`")),
            authorities: leaves(ilert.1.is_some() || !url.is_encrypted(), Some("`ca_file` under `[ilert]`")),
            url,
        });
        let has_ca = config.netdata.ca_file.is_some();
        let netdata = config.netdata.url.iter().filter_map(|url| Url::parse(url).ok()).map(|url| Asked {
            who: "Netdata",
            proxy: leaves(url.is_loopback(), None),
            authorities: leaves(has_ca || !url.is_encrypted(), Some("`ca_file` under `[netdata]`")),
            url,
        });
        let is_needed = config.notification.is_sent_here();
        let asked = ilert.into_iter().chain(netdata).filter(|_| is_needed).collect();
        Self { asked, here }
    }

    /// This one, and that to what another configuration asks.
    pub(super) fn and(mut self, other: Self) -> Self {
        self.asked.extend(other.asked);
        self.here.extend(other.here);
        self
    }

    /// The variables that a schedule with these does not have as they are here, each once.
    pub(super) fn strays(&self, there: &BTreeMap<String, Secret>) -> Vec<Stray> {
        let mut found: Vec<Stray> = Vec::new();
        for asked in &self.asked {
            let both = [self.authorities(asked, there), self.proxy(asked, there)];
            for stray in both.into_iter().flatten() {
                if found.iter().all(|other| other.name != stray.name) {
                    found.push(stray);
                }
            }
        }
        found
    }

    fn authorities(&self, asked: &Asked, there: &BTreeMap<String, Secret>) -> Option<Stray> {
        let Leaves::All(setting) = asked.authorities else { return None };
        self.stray(asked, &AUTHORITIES, setting, there)
    }

    fn proxy(&self, asked: &Asked, there: &BTreeMap<String, Secret>) -> Option<Stray> {
        let Leaves::All(setting) = asked.proxy else { return None };
        let through = |variables: &BTreeMap<String, Secret>| {
            http::Proxy::named(&asked.url, |name| Some(variables.get(name)?.expose().to_owned()))
        };
        let here = through(&self.here);
        if here == through(there) {
            return None;
        }
        match here {
            Some(_) => self.stray(asked, http::variables_of_proxy(&asked.url), setting, there),
            // Only the schedule has a proxy; here it is one of the exceptions.
            None => self.stray(asked, &http::NO_PROXY, setting, there),
        }
    }

    /// The first of these that is set here, unless the first that is set there says the same.
    fn stray(
        &self,
        asked: &Asked,
        alike: &[&'static str],
        setting: Option<&'static str>,
        there: &BTreeMap<String, Secret>,
    ) -> Option<Stray> {
        let (name, value) = alike.iter().find_map(|name| Some((*name, self.here.get(*name)?)))?;
        let other = alike.iter().find_map(|name| there.get(*name));
        let differs = other != Some(value);
        differs.then_some(Stray { name, is_other: other.is_some(), who: asked.who, setting })
    }
}

fn leaves(nothing: bool, setting: Option<&'static str>) -> Leaves {
    if nothing { Leaves::Nothing } else { Leaves::All(setting) }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::path::Path;

    use super::Way;
    use crate::config;
    use crate::secret::Secret;

    /// The names that differ for a schedule with variables `there`, of a shell with those `here`.
    fn strays(more: &str, here: &[(&str, &str)], there: &[(&str, &str)]) -> Vec<&'static str> {
        let text = format!(
            "version = 1\nnotification.name = 'x'\nintegration.api_key = 'il1api0123456789abcd'\n\
             notification.notify = ['critical', 'clear']\n{more}"
        );
        let config = config::parse(&text, Path::new("/nowhere/config.toml")).unwrap();
        let get = |name: &str| Some(here.iter().find(|(set, _)| *set == name)?.1.to_owned());
        let there: BTreeMap<_, _> = there
            .iter()
            .map(|(name, value)| ((*name).to_owned(), Secret::new((*value).to_owned())))
            .collect();
        Way::of(&config, get).strays(&there).into_iter().map(|stray| stray.name).collect()
    }

    #[test]
    fn what_only_this_shell_has_is_named_where_it_decides_the_way() {
        let (roots, proxy) = (("SSL_CERT_FILE", "/a.pem"), ("https_proxy", "http://me:hunter2@proxy:3128"));
        let none: &[(&str, &str)] = &[];
        assert_eq!(strays("", &[roots, proxy], none), ["SSL_CERT_FILE", "https_proxy"]);
        assert_eq!(strays("", &[roots], &[("SSL_CERT_FILE", "/b.pem")]), ["SSL_CERT_FILE"]);
        assert_eq!(strays("", &[("all_proxy", "socks5h://proxy")], none), ["all_proxy"]);
        assert_eq!(strays("", &[roots, proxy], &[roots, proxy]), [""; 0]);
        // The same by another name, an exception, and what nobody asked is asked through.
        assert_eq!(strays("", &[proxy], &[("HTTPS_PROXY", proxy.1)]), [""; 0]);
        assert_eq!(strays("", &[proxy, ("NO_PROXY", "ilert.com")], none), [""; 0]);
        assert_eq!(strays("", &[proxy, ("NO_PROXY", "ilert.com")], &[proxy]), ["NO_PROXY"]);
        assert_eq!(strays("", &[("HTTP_PROXY", "http://proxy"), ("HTTPS_PROXY", " ")], none), [""; 0]);
        // What the configuration decides.
        let set = "ilert.ca_file = '/a.pem'\nilert.proxy = 'http://proxy'\n";
        assert_eq!(strays(set, &[roots, proxy], none), [""; 0]);
        // Netdata on another machine.
        let far = format!("{set}netdata.url = 'http://parent:19999'\n");
        assert_eq!(strays(&far, &[roots, ("http_proxy", "http://proxy")], none), ["http_proxy"]);
    }
}
