//! Why there is no TLS connection, and what to do about it.

use std::fmt;

use rustls::{AlertDescription, CertificateError, Error, InvalidMessage};

use super::{ShortKey, of_webpki};
use crate::text::Shown;

/// Longest list of a certificate's names that is repeated, in characters.
const LONGEST_NAMES: usize = 200;

/// Why there is no TLS connection that can be trusted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TlsFault {
    /// Nobody who is trusted vouches for the certificate.
    UnknownAuthority,
    /// The certificate's time is over.
    Expired,
    /// The certificate's time has not come.
    NotYetValid,
    /// The certificate is another host's.
    WrongName {
        /// Which host was asked.
        wanted: Shown,
        /// Whom the certificate is for; empty if it has no name.
        names: Shown,
    },
    /// The certificate is an authority's, as `openssl req -x509` makes it, and no `ca_file` names it.
    AuthorityAsServer,
    /// The certificate is of X.509 version 1.
    Version1,
    /// The certificate is wrong in another way.
    Certificate(&'static str),
    /// What answers does not speak TLS.
    NotTls,
    /// No version of TLS, or no cipher, that both sides speak.
    Incompatible,
    /// The handshake was broken off.
    Handshake,
}

/// What the settings of a connection are called: keys of a file, or fields on a screen.
#[derive(Clone, Copy, Debug)]
pub struct Settings {
    /// Where it leads to.
    pub url: &'static str,
    /// Whom it trusts besides.
    pub ca_file: &'static str,
}

impl Settings {
    /// The keys of `[netdata]`.
    pub const NETDATA: Self =
        Self { url: "the URL under `[netdata]`", ca_file: "`ca_file` under `[netdata]`" };
    /// The keys of `[ilert]`.
    pub const ILERT: Self = Self { url: "the URL under `[ilert]`", ca_file: "`ca_file` under `[ilert]`" };
}

impl TlsFault {
    /// Reads the library's error.
    pub(in crate::http) fn of(error: &Error) -> Self {
        match error {
            Error::InvalidCertificate(error) => Self::of_certificate(error),
            Error::InvalidMessage(InvalidMessage::InvalidContentType) => Self::NotTls,
            Error::PeerIncompatible(_)
            | Error::AlertReceived(
                AlertDescription::ProtocolVersion
                | AlertDescription::HandshakeFailure
                | AlertDescription::InsufficientSecurity,
            ) => Self::Incompatible,
            _ => Self::Handshake,
        }
    }

    fn of_certificate(error: &CertificateError) -> Self {
        match error {
            CertificateError::UnknownIssuer => Self::UnknownAuthority,
            CertificateError::Expired | CertificateError::ExpiredContext { .. } => Self::Expired,
            CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => Self::NotYetValid,
            CertificateError::NotValidForName => {
                Self::WrongName { wanted: Shown::from("this host"), names: Shown::default() }
            }
            CertificateError::NotValidForNameContext { expected, presented } => {
                let names: Vec<_> = presented.iter().filter_map(|name| host(name)).collect();
                Self::WrongName {
                    wanted: Shown::line(&expected.to_str(), LONGEST_NAMES),
                    names: Shown::line(&names.join(", "), LONGEST_NAMES),
                }
            }
            CertificateError::Revoked => Self::Certificate("was revoked"),
            CertificateError::BadSignature => Self::Certificate("has a signature that is wrong"),
            CertificateError::BadEncoding => Self::Certificate("cannot be read"),
            CertificateError::InvalidPurpose | CertificateError::InvalidPurposeContext { .. } => {
                Self::Certificate("is not one for servers")
            }
            CertificateError::Other(other) if other.0.is::<ShortKey>() => {
                Self::Certificate("has an RSA key of fewer than 2048 bits, or is signed with one")
            }
            CertificateError::Other(other) => match of_webpki(other) {
                Some(webpki::Error::CaUsedAsEndEntity) => Self::AuthorityAsServer,
                Some(webpki::Error::UnsupportedCertVersion) => Self::Version1,
                _ => Self::Certificate("is not valid"),
            },
            _ => Self::Certificate("is not valid"),
        }
    }

    /// What to do about it, with the settings as the reader knows them.
    #[must_use]
    pub fn fix(&self, Settings { url, ca_file }: Settings) -> String {
        match self {
            Self::UnknownAuthority => format!(
                "if it is signed by an authority of your own, or by itself, name that certificate in {ca_file}"
            ),
            Self::Expired => "renew it there; or is this machine's clock wrong?".to_owned(),
            Self::NotYetValid => "is this machine's clock, or that one's, wrong?".to_owned(),
            Self::WrongName { .. } => format!(
                "use a host name from the certificate in {url}, or issue one for this host, or add this certificate \
                 to {ca_file}"
            ),
            Self::AuthorityAsServer => format!(
                "copy exactly this certificate to this machine and name it in {ca_file}, or issue one for servers: \
                 {MAKE}"
            ),
            Self::Version1 => format!("make one of version 3: {MAKE}"),
            Self::Certificate(_) => format!("make another: {MAKE}"),
            Self::NotTls => format!("write `http://` into {url}, or set TLS up there"),
            Self::Incompatible => "let that server speak TLS 1.2 or 1.3".to_owned(),
            Self::Handshake => {
                "see that server's log; or does a firewall or proxy on the way open TLS?".to_owned()
            }
        }
    }
}

/// The host in a name of a certificate as the library writes it: `DnsName("db-1")`, `IpAddress(10.0.0.1)`. `None` for
/// other kinds of names.
fn host(name: &str) -> Option<String> {
    let (kind, rest) = name.split_once('(')?;
    let host = rest.strip_suffix(')')?;
    let host = host.strip_prefix('"').and_then(|host| host.strip_suffix('"')).unwrap_or(host);
    matches!(kind, "DnsName" | "IpAddress" | "UniformResourceIdentifier").then(|| format!("`{host}`"))
}

/// How a certificate for servers is made.
const MAKE: &str = "`openssl req -x509 -newkey rsa:2048 -nodes -days 365 -subj /CN=HOST -addext \
                    subjectAltName=DNS:HOST -addext basicConstraints=critical,CA:FALSE -keyout key.pem -out cert.pem`";

impl fmt::Display for TlsFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnknownAuthority => {
                f.write_str("no authority that is trusted here has signed its certificate")
            }
            Self::Expired => f.write_str("its certificate has expired"),
            Self::NotYetValid => f.write_str("its certificate is not valid yet"),
            Self::WrongName { wanted, names } if names.is_empty() => {
                write!(f, "its certificate is not for `{wanted}`: it has no host's name")
            }
            Self::WrongName { wanted, names } => {
                write!(f, "its certificate is not for `{wanted}`, but for {names}")
            }
            Self::AuthorityAsServer => f.write_str("its certificate is an authority's, not a server's"),
            Self::Version1 => f.write_str("its certificate is of version 1, which is too old"),
            Self::Certificate(what) => write!(f, "its certificate {what}"),
            Self::NotTls => f.write_str("what answers does not speak TLS"),
            Self::Incompatible => f.write_str("it speaks no TLS version or cipher that this program knows"),
            Self::Handshake => f.write_str("the TLS handshake was broken off"),
        }
    }
}
