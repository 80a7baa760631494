//! TLS: which certificates are trusted; [`TlsFault`] has the words for each failure.
//!
//! A `ca_file` holds authorities, or the server's own certificate. Netdata's documents make one with `openssl req
//! -newkey rsa:2048 -nodes -x509`: an authority's certificate without a host name, which ordinary verification refuses.
//! So a server whose certificate is in the `ca_file`, byte for byte, is trusted whatever the name and kind of that
//! certificate. It must have the key, and the certificate must be valid now.

mod fault;

use std::fmt;
use std::io;
use std::path::Path;
use std::sync::Arc;

pub use fault::{Settings, TlsFault};
use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::pki_types::pem::{self, PemObject};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{
    CertificateError, ClientConfig, DigitallySignedStruct, Error, OtherError, RootCertStore, SignatureScheme,
};

use super::ClientError;
use crate::files;
use crate::owner;

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

#[cfg(test)]
mod tests;
