//! One URL, or a list of them.

use std::fmt;
use std::ops::Deref;

use toml_edit::Value;

use super::{HttpUrl, Kind, Print};
use crate::config::reader::Item;
use crate::config::row::Shape;
use crate::url::Url;

/// More parents than this watch the same nodes nowhere.
const MOST: usize = 8;

/// The URLs of parents that watch the same nodes, or of one agent. There is always a first one, and whoever needs but
/// one URL reads that.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Urls {
    first: String,
    others: Vec<String>,
}

impl Urls {
    /// These, in this order; `None` where there are none. The file takes up to 8, each a different one.
    #[must_use]
    pub fn all(urls: Vec<String>) -> Option<Self> {
        let mut urls = urls.into_iter();
        urls.next().map(|first| Self { first, others: urls.collect() })
    }

    /// Every URL, in the file's order.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        std::iter::once(&self.first).chain(&self.others).map(String::as_str)
    }

    /// The URLs after the first.
    #[must_use]
    pub fn others(&self) -> &[String] {
        &self.others
    }

    /// These, and more after them.
    #[must_use]
    pub fn and(mut self, others: impl IntoIterator<Item = String>) -> Self {
        self.others.extend(others);
        self
    }
}

impl Deref for Urls {
    type Target = str;

    fn deref(&self) -> &str {
        &self.first
    }
}

impl<T: Into<String>> From<T> for Urls {
    fn from(url: T) -> Self {
        Self { first: url.into(), others: Vec::new() }
    }
}

impl fmt::Display for Urls {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.iter().collect::<Vec<_>>().join(", "))
    }
}

impl Print for Urls {
    fn print(&self) -> Option<Value> {
        if self.others.is_empty() { self.first.print() } else { Some(self.iter().collect()) }
    }
}

/// The URL of an agent or parent, or a list of such URLs, each a different one.
pub(in crate::config) struct HttpUrls;

impl Kind for HttpUrls {
    type Value = Urls;
    const ALLOWED: &'static str =
        "a URL that begins with `http://` or `https://`, or a list of 1 to 8 of them";

    #[cfg(test)]
    const SAMPLES: [&'static [&'static str]; 2] = [
        &[
            r#""http://127.0.0.1:19999""#,
            r#""https://a.example/b""#,
            r#"["http://p1:19999"]"#,
            r#"["http://p1:19999", "https://p2:19999"]"#,
        ],
        &[
            r#""localhost:19999""#,
            r#""http://me:p@a""#,
            r#""http://a/?b""#,
            "1",
            "[]",
            r#"["http://p1", "p2"]"#,
            r#"["http://p1", "http://p1"]"#,
            r#"["http://a", "http://b", "http://c", "http://d", "http://e", "http://f", "http://g", "http://h", "http://i"]"#,
        ],
    ];

    fn read(item: &Item<'_>) -> Option<Urls> {
        let Some(elements) = item.elements() else {
            return if item.text().is_some() {
                HttpUrl::read(item).map(Urls::from)
            } else {
                item.refuse(Self::ALLOWED)
            };
        };
        let count = elements.len();
        let mut urls: Vec<String> = Vec::with_capacity(count);
        for (index, element) in elements.into_iter().enumerate() {
            let element = element.numbered(index);
            match HttpUrl::read(&element) {
                Some(url) if urls.iter().any(|known| is_same(known, &url)) => {
                    element.refuse_as::<()>(&format!("{} twice", element.shown()), "once");
                }
                url => urls.extend(url),
            }
        }
        if count > MOST {
            return item.refuse_as(&format!("{count} URLs"), Self::ALLOWED);
        }
        if count == 0 {
            return item.refuse_as("an empty list", Self::ALLOWED);
        }
        Urls::all(urls)
    }

    fn shape(_: Option<&Urls>) -> Shape {
        Shape::OneOrList(MOST, Box::new(HttpUrl::shape(None)))
    }
}

/// Whether both lead to the same place, however they are spelt.
fn is_same(one: &str, other: &str) -> bool {
    let plain = |url: &str| Url::parse(url).map_or_else(|_| url.to_owned(), |url| url.plain().to_string());
    plain(one) == plain(other)
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use crate::config::{self, Config};

    fn parse(url: &str) -> Result<Config, String> {
        let text = format!(
            "version = 1\n[notification]\nname = 'x'\nnotify = ['critical']\n[integration]\napi_key = {{ env = 'K' }}\n\
             [netdata]\nurl = {url}\n"
        );
        config::parse(&text, Path::new("config.toml")).map_err(|error| error.to_string())
    }

    #[test]
    fn one_url_and_a_list_of_one_are_the_same() {
        let [one, list] = ["'http://p1:1/'", "['http://p1:1']"].map(|text| parse(text).unwrap().netdata.url);
        assert_eq!(one, list);
        assert_eq!(&*one, "http://p1:1");
    }

    #[test]
    fn what_is_wrong_with_one_of_them_is_said_with_its_place() {
        for (list, says) in [
            ("['http://p1', 'p2']", "netdata.url[1]"),
            ("['http://p1', 'HTTP://P1/']", "netdata.url[1]"),
            ("['http://p1', 'http://u:p@p2', 'http://p3']", "netdata.url[1]"),
            ("[]", "an empty list"),
            ("5", "or a list of 1 to 8"),
        ] {
            let said = parse(list).unwrap_err();
            assert!(said.contains(says), "{said}");
            assert!(!said.contains("u:p"), "{said}");
        }
    }
}
