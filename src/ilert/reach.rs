//! Checks that ilert can be reached. No event and no key is sent.

use crate::config;
use crate::http::{self, ClientError, Failure, Reading, Speaks, Stranger};

/// Largest answer that is read, in bytes: a larger one is not ilert's.
const LARGEST_ANSWER: usize = 64 * 1024;

/// Who is there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reached {
    /// ilert, with this HTTP status; or a redirect (3xx), or a proxy that wants a login (407).
    Ilert(u16),
    /// Somebody in its place.
    Stranger(u16, Stranger),
    /// Nobody.
    Nobody(Failure),
}

/// Asks for the address that takes events, which ilert refuses in its own words (a GET, for it is the body that tells
/// who answers).
pub async fn reach(ilert: &config::Ilert) -> Result<Reached, ClientError> {
    let url = super::events(ilert)?;
    let client = http::client(ilert.ca_file.as_deref(), super::route(ilert, &url))?;
    let answer = match client.get(url.expose().clone()).send().await {
        Ok(answer) => answer,
        Err(error) => {
            let proxy = super::proxy(ilert, &url);
            return Ok(Reached::Nobody(Failure::of(&error.without_url()).behind(proxy.as_ref())));
        }
    };
    let status = answer.status().as_u16();
    let body = http::body(answer, LARGEST_ANSWER).await;
    Ok(match Reading::of(status, body.as_deref(), Speaks::Objects) {
        Reading::Status(status) => Reached::Ilert(status),
        Reading::Stranger(what) => Reached::Stranger(status, what),
        Reading::Broken(failure) => Reached::Nobody(failure),
    })
}
