//! Resolves host names as the system does. It is a resolver of our own, so that its failure has a type to recognise.

use std::io;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use tokio::net::lookup_host;

/// Asks the system.
pub(super) struct Resolver;

/// A name without an address.
#[derive(Debug, thiserror::Error)]
#[error("the host name cannot be resolved: {0}")]
pub(super) struct NoAddress(io::Error);

impl Resolve for Resolver {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            // Port 0 becomes the URL's.
            let found = lookup_host((name.as_str(), 0)).await.map_err(NoAddress)?;
            let addresses: Addrs = Box::new(found.collect::<Vec<_>>().into_iter());
            Ok(addresses)
        })
    }
}

#[cfg(test)]
mod tests {
    use crate::http::{Failure, Route, client};

    /// `.invalid` has no addresses, whoever is asked (RFC 6761).
    #[tokio::test]
    async fn a_name_without_an_address_is_told_apart() {
        let client = client(None, Route::Direct).unwrap();
        let error = client.get("http://nobody.invalid").send().await.unwrap_err();
        assert_eq!(Failure::of(&error), Failure::Dns);
    }
}
