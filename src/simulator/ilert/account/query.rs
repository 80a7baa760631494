//! Parameters of a request, and the page of a list that they ask for. An unknown parameter is a 400.

use hyper::http::request::Parts;
use serde_json::Value;

use super::super::{Response, refusal};

/// Most items a page; more is a 400.
const PAGE: usize = 50;

/// Parameters that were not read yet.
pub(super) struct Query<'a>(Vec<(&'a str, &'a str)>);

impl<'a> Query<'a> {
    pub fn of(request: &'a Parts) -> Self {
        let pairs = request.uri.query().unwrap_or_default().split('&').filter(|pair| !pair.is_empty());
        Self(pairs.map(|pair| pair.split_once('=').unwrap_or((pair, ""))).collect())
    }

    /// Every value of this parameter.
    pub fn take(&mut self, name: &str) -> Vec<&'a str> {
        let (taken, others) = self.0.drain(..).partition(|(parameter, _)| *parameter == name);
        self.0 = others;
        let taken: Vec<_> = taken;
        taken.into_iter().map(|(_, value)| value).collect()
    }

    /// A whole number; the last one counts.
    fn number(&mut self, name: &str) -> Result<Option<usize>, Response> {
        let read = |value: &str| value.parse().map_err(|_| refusal(400, &format!("{name} is no number")));
        self.take(name).last().map(|value| read(value)).transpose()
    }

    /// Checks that no parameter is left.
    pub fn end(self) -> Result<(), Response> {
        match self.0.first() {
            None => Ok(()),
            Some((name, _)) => Err(refusal(400, &format!("{name} is no parameter of this resource"))),
        }
    }

    /// The page that was asked for.
    pub fn page(mut self, items: impl Iterator<Item = Value>) -> Result<Response, Response> {
        let start = self.number("start-index")?.unwrap_or_default();
        let most = self.number("max-results")?.unwrap_or(PAGE);
        if !(1..=PAGE).contains(&most) {
            return Err(refusal(400, "max-results must be from 1 to 50"));
        }
        self.end()?;
        let items: Vec<Value> = items.skip(start).take(most).collect();
        Ok(Response::json(Value::from(items).to_string()))
    }
}
