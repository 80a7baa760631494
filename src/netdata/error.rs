//! Why an agent or parent could not be asked. Each refusal is a case of its own: `classify` tells which, and `words`
//! puts it into words.
//!
//! URLs in here never hold credentials: they are built from the base URL without its user information.

mod classify;
mod set_up;
mod words;

use crate::http::{Proxy, TlsFault};
use crate::text::Shown;

pub(super) use classify::CredentialsSent;
pub use set_up::SetUpError;
pub use words::SettingNames;

/// Why an agent or parent gave no usable answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// Nothing listens there.
    Refused {
        /// What was asked.
        url: String,
    },
    /// The host name has no address.
    Dns {
        /// What was asked.
        url: String,
    },
    /// No answer in time.
    Timeout {
        /// What was asked.
        url: String,
    },
    /// The certificate or the handshake.
    Tls {
        /// What was asked.
        url: String,
        /// What is wrong.
        fault: TlsFault,
    },
    /// The proxy on the way failed, and not the agent.
    Proxy {
        /// What was asked.
        url: String,
        /// Through which proxy.
        proxy: Proxy,
        /// What it does.
        what: String,
        /// What to do about it, if that is known.
        fix: Option<&'static str>,
    },
    /// A refusal that may be the proxy's on the way, or the agent's.
    Through {
        /// Through which proxy.
        proxy: Proxy,
        /// What it is if it is the agent's.
        error: Box<Error>,
    },
    /// `https://` where TLS is not spoken.
    NotTls {
        /// What was asked.
        url: String,
    },
    /// `http://` where TLS is spoken.
    WantsTls {
        /// What was asked.
        url: String,
    },
    /// The peer hung up.
    Closed {
        /// What was asked.
        url: String,
    },
    /// 451.
    AccessList {
        /// What was asked.
        url: String,
    },
    /// 412, 403 or 401, though a bearer token was sent.
    TokenRefused {
        /// What was asked.
        url: String,
        /// The HTTP status.
        status: u16,
    },
    /// 401, though a user name and a password were sent.
    PasswordRefused {
        /// What was asked.
        url: String,
    },
    /// 412, and no token was sent.
    BearerProtection {
        /// What was asked.
        url: String,
    },
    /// 403.
    Forbidden {
        /// What was asked.
        url: String,
    },
    /// 401, and no credentials were sent: from a reverse proxy in front of Netdata.
    Unauthorized {
        /// What was asked.
        url: String,
    },
    /// Something answers, but not Netdata.
    NotNetdata {
        /// What was asked.
        url: String,
        /// What was found instead.
        detail: Shown,
    },
    /// 404 where a Netdata agent that has this API answers.
    NotFound {
        /// What was asked.
        url: String,
    },
    /// 503.
    Starting {
        /// What was asked.
        url: String,
    },
    /// 3xx; not followed, for a redirect would carry credentials elsewhere.
    Redirect {
        /// What was asked.
        url: String,
        /// The HTTP status.
        status: u16,
        /// Where to, without credentials and query.
        to: Option<Shown>,
    },
    /// Any other HTTP status.
    Status {
        /// What was asked.
        url: String,
        /// The HTTP status.
        status: u16,
    },
    /// An answer that is not the JSON it should be.
    Unreadable {
        /// What was asked.
        url: String,
        /// What is wrong, with line and column.
        detail: Shown,
    },
    /// An answer that came and that took longer to read than there was time.
    SlowToRead {
        /// What was asked.
        url: String,
        /// How large it is.
        bytes: usize,
        /// Whether it is JSON, as far as it was read.
        is_json: bool,
    },
    /// An answer larger than this program is ready to hold.
    TooLarge {
        /// What was asked.
        url: String,
        /// How much would have been read, bytes.
        limit: usize,
    },
    /// A network failure that has no name of its own here.
    Network {
        /// What was asked.
        url: String,
        /// What the network library says.
        detail: Shown,
    },
}

impl Error {
    /// Whether the agent is starting or stopping, as far as it is the agent that says so.
    #[must_use]
    pub fn is_starting(&self) -> bool {
        match self {
            Self::Starting { .. } => true,
            Self::Through { error, .. } => error.is_starting(),
            _ => false,
        }
    }

    /// Whether only one answer is missing and the agent is well: the answer was slow, too large or broken, or the agent
    /// (or a proxy in front of it) could not make it. A refusal is none of these.
    pub(super) fn leaves_a_gap(&self) -> bool {
        match self {
            Self::Timeout { .. }
            | Self::SlowToRead { .. }
            | Self::TooLarge { .. }
            | Self::Unreadable { .. } => true,
            Self::Status { status, .. } => *status >= 500,
            Self::Through { error, .. } => error.leaves_a_gap(),
            _ => false,
        }
    }
}
