//! Netdata Cloud, through its REST API: whose token it is, and which nodes are in which room of which space.
//!
//! An agent knows nothing of rooms, which are Cloud's. A person's API token opens them, and reads only: nothing here
//! changes anything in Cloud. The token is in the `Authorization` header and nowhere else. People make one in
//! Netdata Cloud: profile picture, User Settings, API Tokens; its scope must be `scope:all`.
//!
//! Paths and members are those of Netdata Cloud's REST API; what else it sends is passed over.

mod error;
mod wire;

use reqwest::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderValue};
use serde::de::DeserializeOwned;

pub use error::CloudError;
pub use wire::{CloudRoom, CloudUser, Space};

use crate::http::{self, ErrorAnswer, Failure, Proxy, Route, StatusClass};
use crate::secret::Secret;
use crate::text::Shown;
use crate::url::{Url, segment};
use wire::{List, Nodes};

/// Where Netdata Cloud is.
pub const CLOUD: &str = "https://app.netdata.cloud";

/// Most that is read of an answer, bytes.
const SMALL: usize = 4 << 20;
/// Most that is read of an answer about a room's nodes, bytes: there may be thousands.
const LARGE: usize = 32 << 20;

/// What a list of nodes is asked for with: all of the room's.
const ALL_NODES: &str = r#"{"scope":{"nodes":[]}}"#;

/// Netdata Cloud, as a token opens it.
#[derive(Clone, Debug)]
pub struct Cloud {
    http: reqwest::Client,
    /// Ends in `/api`.
    base: Url,
    /// What stands between.
    proxy: Option<Proxy>,
    token: Secret,
    /// `Bearer …`; marked as sensitive, so that it is never printed.
    authorization: HeaderValue,
}

impl Cloud {
    /// For [`CLOUD`], or a simulator's URL. A base on this machine is asked directly, any other as the environment's
    /// proxy variables say. Sends nothing yet.
    pub fn new(base: &str, token: Secret) -> Result<Self, CloudError> {
        let base = api(base)?;
        let route = if base.is_loopback() { Route::Direct } else { Route::Environment };
        let authorization = http::bearer(&token).ok_or(CloudError::NoToken)?;
        let proxy = Proxy::between(&base, route);
        Ok(Self { http: http::client(None, route)?, base, proxy, token, authorization })
    }

    /// Whose token it is.
    pub async fn whoami(&self) -> Result<CloudUser, CloudError> {
        self.ask("v2/accounts/me", None, SMALL).await
    }

    /// The spaces of which the token's user is a member, in Cloud's order.
    pub async fn spaces(&self) -> Result<Vec<Space>, CloudError> {
        let List(spaces) = self.ask("v3/spaces", None, SMALL).await?;
        Ok(spaces)
    }

    /// The rooms of a space (by its id) that the token's user may see, in Cloud's order.
    pub async fn rooms(&self, space: &str) -> Result<Vec<CloudRoom>, CloudError> {
        let List(rooms) = self.ask(&format!("v2/spaces/{}/rooms", id(space)?), None, SMALL).await?;
        Ok(rooms)
    }

    /// The host names of a room's nodes (by the ids of space and room), sorted, each once. Nodes without a name are
    /// left out.
    pub async fn nodes(&self, space: &str, room: &str) -> Result<Vec<String>, CloudError> {
        let path = format!("v3/spaces/{}/rooms/{}/nodes", id(space)?, id(room)?);
        let nodes: Nodes = self.ask(&path, Some(ALL_NODES), LARGE).await?;
        Ok(nodes.into_names())
    }

    /// GET, or POST where there is a body.
    async fn ask<T: DeserializeOwned>(
        &self,
        path: &str,
        body: Option<&'static str>,
        limit: usize,
    ) -> Result<T, CloudError> {
        let url = self.base.below(path)?;
        let request = match body {
            None => self.http.get(url.expose().clone()),
            Some(body) => {
                self.http.post(url.expose().clone()).header(CONTENT_TYPE, "application/json").body(body)
            }
        };
        let request =
            request.header(ACCEPT, "application/json").header(AUTHORIZATION, self.authorization.clone());
        let response = request
            .send()
            .await
            .map_err(|error| CloudError::Failed(Failure::of(&error).behind(self.proxy.as_ref())))?;
        let status = response.status().as_u16();
        tracing::debug!(status, path, "Netdata Cloud answered");
        let read = http::body(response, limit).await;
        if StatusClass::of(status) != StatusClass::Success {
            let message = http::words(read.as_deref(), &["errorMessage", "errorMsgKey"], &[&self.token]);
            return Err(CloudError::of(ErrorAnswer { status, code: Shown::default(), message }));
        }
        let body = read.map_err(CloudError::Failed)?;
        serde_json::from_slice(&body).map_err(|_| CloudError::Unreadable { path: path.to_owned() })
    }
}

/// The URL below which the API is.
fn api(base: &str) -> Result<Url, CloudError> {
    let base = Url::parse(base)?;
    if base.has_login() || base.has_arguments() {
        return Err(CloudError::Base("only a host, a port and a path may be in it".to_owned()));
    }
    Ok(base.below("api")?)
}

/// An id as one segment of a path. Nothing and dots would be another path: URLs have `..` taken out, encoded or not.
fn id(id: &str) -> Result<String, CloudError> {
    if matches!(id, "" | "." | "..") {
        return Err(CloudError::NoId(id.to_owned()));
    }
    Ok(segment(id))
}
