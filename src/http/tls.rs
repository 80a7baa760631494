//! TLS: which certificates are trusted, and the words for each failure.
//!
//! A `ca_file` holds authorities, or the server's own certificate. Netdata's documents make one with `openssl req
//! -newkey rsa:2048 -nodes -x509`: an authority's certificate without a host name, which ordinary verification refuses.
//! So a server whose certificate is in the `ca_file`, byte for byte, is trusted whatever the name and kind of that
//! certificate. It must have the key, and the certificate must be valid now.

use std::fmt;
use std::io;
use std::path::Path;
use std::sync::Arc;

use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::pki_types::pem::{self, PemObject};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{
    AlertDescription, CertificateError, ClientConfig, DigitallySignedStruct, Error, InvalidMessage,
    OtherError, RootCertStore, SignatureScheme,
};

use super::ClientError;
use crate::files;
use crate::owner;
use crate::text::Shown;

/// Longest list of a certificate's names that is repeated, in characters.
const LONGEST_NAMES: usize = 200;

/// The configuration of a client that trusts the built-in authorities (or `SSL_CERT_FILE`'s), and this file's.
pub(super) fn config(ca_file: Option<&Path>) -> Result<ClientConfig, ClientError> {
    let mut roots = RootCertStore::empty();
    match std::env::var_os("SSL_CERT_FILE").filter(|value| !value.is_empty()) {
        Some(path) => drop(add(&mut roots, Path::new(&path), true)?),
        None => roots.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned()),
    }
    let pinned = ca_file.map(|path| add(&mut roots, path, false)).transpose()?.unwrap_or_default();
    let failed = |error: &dyn fmt::Display| ClientError::Build(error.to_string());
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let authorities = WebPkiServerVerifier::builder_with_provider(Arc::new(roots), provider.clone())
        .build()
        .map_err(|error| failed(&error))?;
    let mut config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| failed(&error))?
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(Verifier { authorities, pinned }))
        .with_no_client_auth();
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(config)
}

/// Whether a file of certificate authorities can be used.
pub(super) fn check(path: &Path) -> Result<(), ClientError> {
    add(&mut RootCertStore::empty(), path, false).map(drop)
}

/// Largest file of certificates that is read, in bytes: a system's whole store has a quarter of a MiB.
const LARGEST_ROOTS: u64 = 4 << 20;

/// Trusts the certificates of a file; gives them back.
fn add(
    roots: &mut RootCertStore,
    path: &Path,
    variable: bool,
) -> Result<Vec<CertificateDer<'static>>, ClientError> {
    let failed = |reason: String| ClientError::Roots { path: path.to_owned(), variable, reason };
    let unreadable = |error: io::Error| failed(error.to_string());
    let file = files::open(path).map_err(unreadable)?;
    let found = file.metadata().map_err(unreadable)?;
    owner::trusted(path, &found).map_err(|found| ClientError::Untrusted { path: path.to_owned(), found })?;
    let pem = files::read_from(file, LARGEST_ROOTS).map_err(unreadable)?;
    let certificates: Vec<_> = CertificateDer::pem_slice_iter(&pem)
        .collect::<Result<_, _>>()
        .map_err(|error| failed(no_pem(&error)))?;
    let (added, _) = roots.add_parsable_certificates(certificates.iter().cloned());
    if added == 0 {
        return Err(failed("no certificate in it; expected PEM".to_owned()));
    }
    Ok(certificates)
}

/// What is wrong with a PEM file. The library shows bytes as lists of numbers.
fn no_pem(error: &pem::Error) -> String {
    let words = match error {
        pem::Error::MissingSectionEnd { .. } => "a certificate in it has no `-----END` line",
        pem::Error::IllegalSectionStart { .. } => "a `-----BEGIN` line in it is not whole",
        pem::Error::Base64Decode(_) => "a certificate in it is not base64",
        error => return error.to_string(),
    };
    words.to_owned()
}

/// Verifies by authorities, and takes what a `ca_file` names exactly.
#[derive(Debug)]
struct Verifier {
    authorities: Arc<WebPkiServerVerifier>,
    pinned: Vec<CertificateDer<'static>>,
}

impl ServerCertVerifier for Verifier {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        name: &ServerName<'_>,
        ocsp: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let verdict = self.authorities.verify_server_cert(end_entity, intermediates, name, ocsp, now);
        let verdict = match verdict {
            Err(error) if self.pinned.iter().any(|pinned| pinned == end_entity) && is_of_trust(&error) => {
                Ok(ServerCertVerified::assertion())
            }
            verdict => verdict,
        };
        // The library refuses short keys, but reports that as a wrong signature.
        match verdict {
            Ok(_) if has_short_key(end_entity) => Err(short_key()),
            Err(Error::InvalidCertificate(CertificateError::BadSignature))
                if intermediates.iter().chain(&self.pinned).any(has_short_key) =>
            {
                Err(short_key())
            }
            verdict => verdict,
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.authorities.verify_tls12_signature(message, certificate, signed)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.authorities.verify_tls13_signature(message, certificate, signed)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.authorities.supported_verify_schemes()
    }
}

/// Whether a certificate was refused for who vouches for it or for the name in it. Its validity was looked at before.
fn is_of_trust(error: &Error) -> bool {
    let Error::InvalidCertificate(error) = error else { return false };
    match error {
        CertificateError::UnknownIssuer
        | CertificateError::NotValidForName
        | CertificateError::NotValidForNameContext { .. }
        | CertificateError::InvalidPurpose
        | CertificateError::InvalidPurposeContext { .. } => true,
        CertificateError::Other(other) => of_webpki(other) == Some(&webpki::Error::CaUsedAsEndEntity),
        _ => false,
    }
}

/// A certificate has, or is signed by, an RSA key of fewer than 2048 bits.
#[derive(Debug, thiserror::Error)]
#[error("its RSA key is too short")]
struct ShortKey;

fn short_key() -> Error {
    Error::InvalidCertificate(CertificateError::Other(OtherError(Arc::new(ShortKey))))
}

/// Whether a certificate has an RSA key of fewer than 2048 bits, by the length of the key in DER.
fn has_short_key(certificate: &CertificateDer<'_>) -> bool {
    const RSA: &[u8] = b"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01";
    const SHORTEST: usize = 290;
    let Ok(certificate) = webpki::EndEntityCert::try_from(certificate) else { return false };
    let key = certificate.subject_public_key_info();
    key.len() < SHORTEST && key.windows(RSA.len()).any(|part| part == RSA)
}

fn of_webpki(error: &OtherError) -> Option<&webpki::Error> {
    error.0.downcast_ref()
}

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
    pub(super) fn of(error: &Error) -> Self {
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

#[cfg(test)]
mod tests;
