//! Each failure of TLS against a real server on a loopback port, and the certificates of Netdata's documents.

use std::path::PathBuf;
use std::process::Command;
use std::sync::Arc;

use rcgen::{BasicConstraints, CertificateParams, IsCa, KeyPair};
use rustls::ServerConfig;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};

use super::{CertificateError, Error, OtherError, TlsFault};
use crate::http::{Failure, Route, client};

/// Asks a server that shows this certificate, trusting that file.
async fn ask(
    shown: CertificateDer<'static>,
    key: PrivateKeyDer<'static>,
    ca_file: Option<PathBuf>,
) -> Result<u16, TlsFault> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let signing = provider.key_provider.load_private_key(key).unwrap();
    let shown = rustls::sign::CertifiedKey::new(vec![shown], signing);
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_cert_resolver(Arc::new(rustls::sign::SingleCertAndKey::from(shown)));
    let served = crate::simulator::Ilert::new("il1api-x").serve_tls(Arc::new(config)).unwrap();
    let client = client(ca_file.as_deref(), Route::Direct).unwrap();
    match client.get(served.url()).send().await {
        Ok(answer) => Ok(answer.status().as_u16()),
        Err(error) => match Failure::of(&error) {
            Failure::Tls(fault) => Err(fault),
            other => panic!("{other:?}"),
        },
    }
}

struct Made {
    der: CertificateDer<'static>,
    pem: String,
    key: KeyPair,
}

impl Made {
    fn new(names: &[&str], change: impl FnOnce(&mut CertificateParams)) -> Self {
        let names: Vec<String> = names.iter().map(ToString::to_string).collect();
        let mut params = CertificateParams::new(names).unwrap();
        change(&mut params);
        let key = KeyPair::generate().unwrap();
        let certificate = params.self_signed(&key).unwrap();
        Self { der: certificate.der().clone(), pem: certificate.pem(), key }
    }

    fn authority(names: &[&str]) -> Self {
        Self::new(names, |params| params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained))
    }

    async fn asked(&self, trusted: Option<&Self>) -> Result<u16, TlsFault> {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("ca.pem");
        if let Some(trusted) = trusted {
            std::fs::write(&file, &trusted.pem).unwrap();
        }
        let key = PrivateKeyDer::try_from(self.key.serialize_der()).unwrap();
        ask(self.der.clone(), key, trusted.map(|_| file)).await
    }
}

#[tokio::test]
async fn takes_exactly_the_certificate_of_the_ca_file() {
    for names in [&["127.0.0.1"][..], &[], &["elsewhere.example"]] {
        let one = Made::authority(names);
        assert!(one.asked(Some(&one)).await.is_ok(), "{names:?}");
        // The same names, another key.
        let other = Made::authority(names);
        assert_eq!(one.asked(Some(&other)).await, Err(TlsFault::AuthorityAsServer), "{names:?}");
        assert_eq!(one.asked(None).await, Err(TlsFault::AuthorityAsServer), "{names:?}");
        let server = Made::new(names, |_| {});
        assert!(server.asked(Some(&server)).await.is_ok(), "{names:?}");
    }
}

#[tokio::test]
async fn each_fault_has_its_own_name() {
    let good = Made::new(&["127.0.0.1"], |_| {});
    assert_eq!(good.asked(None).await, Err(TlsFault::UnknownAuthority));
    for ca in [false, true] {
        let made = |change: fn(&mut CertificateParams)| {
            Made::new(&[], |params| {
                change(params);
                params.is_ca = if ca { IsCa::Ca(BasicConstraints::Unconstrained) } else { IsCa::NoCa };
            })
        };
        let old = made(|params| params.not_after = rcgen::date_time_ymd(2001, 1, 1));
        assert_eq!(old.asked(Some(&old)).await, Err(TlsFault::Expired), "CA: {ca}");
        let early = made(|params| params.not_before = rcgen::date_time_ymd(4000, 1, 1));
        assert_eq!(early.asked(Some(&early)).await, Err(TlsFault::NotYetValid), "CA: {ca}");
    }
    let Err(fault) = signed_for_elsewhere().await else { panic!("it was taken") };
    assert!(matches!(&fault, TlsFault::WrongName { .. }), "{fault:?}");
    let says = "its certificate is not for `localhost`, but for `elsewhere.example`, `10.0.0.1`";
    assert_eq!(fault.to_string(), says);
    let version = webpki::Error::UnsupportedCertVersion;
    let version = CertificateError::Other(OtherError(Arc::new(version)));
    assert_eq!(TlsFault::of(&Error::InvalidCertificate(version)), TlsFault::Version1);
}

/// A server's certificate of an authority that is trusted, for another host.
async fn signed_for_elsewhere() -> Result<u16, TlsFault> {
    let mut params = CertificateParams::new(Vec::new()).unwrap();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let authority_key = KeyPair::generate().unwrap();
    let authority = params.self_signed(&authority_key).unwrap();
    let issuer = rcgen::Issuer::from_params(&params, &authority_key);
    let key = KeyPair::generate().unwrap();
    let server = CertificateParams::new(["elsewhere.example", "10.0.0.1"].map(str::to_owned)).unwrap();
    let server = server.signed_by(&key, &issuer).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("ca.pem");
    std::fs::write(&file, authority.pem()).unwrap();
    ask(server.der().clone(), PrivateKeyDer::try_from(key.serialize_der()).unwrap(), Some(file)).await
}

#[test]
fn says_what_and_what_to_do_without_debug_words() {
    for fault in [
        TlsFault::UnknownAuthority,
        TlsFault::Expired,
        TlsFault::NotYetValid,
        TlsFault::WrongName { wanted: "a".into(), names: "".into() },
        TlsFault::WrongName { wanted: "a".into(), names: "b".into() },
        TlsFault::AuthorityAsServer,
        TlsFault::Version1,
        TlsFault::Certificate("was revoked"),
        TlsFault::NotTls,
        TlsFault::Incompatible,
        TlsFault::Handshake,
    ] {
        let (says, fix) = (fault.to_string(), fault.fix(super::Settings::NETDATA));
        assert!(!fix.is_empty() && !says.contains(". "), "{says}: {fix}");
        assert!(!says.contains("Error") && !says.contains('('), "{says}");
    }
}

#[test]
fn says_what_is_wrong_with_a_file_of_certificates_without_debug_words() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("ca.pem");
    let whole = Made::new(&["a"], |_| {}).pem;
    for (text, says) in [
        ("", "no certificate in it; expected PEM"),
        ("-----BEGIN CERTIFICATE-----\nMIIB\n", "a certificate in it has no `-----END` line"),
        ("-----BEGIN CERTIFICATE\nMIIB\n", "a `-----BEGIN` line in it is not whole"),
        (&whole.replace('M', "*"), "a certificate in it is not base64"),
    ] {
        std::fs::write(&file, text).unwrap();
        let error = client(Some(&file), Route::Direct).unwrap_err().to_string();
        assert!(error.ends_with(says), "{error}");
    }
    std::fs::write(&file, whole + &"x".repeat(4 << 20)).unwrap();
    let error = client(Some(&file), Route::Direct).unwrap_err().to_string();
    assert!(error.ends_with("it is larger than 4 MiB"), "{error}");
}

/// What `openssl` makes with these arguments; `None` where it is not on this machine.
fn openssl(
    arguments: &[&str],
) -> Option<(CertificateDer<'static>, PrivateKeyDer<'static>, tempfile::TempDir)> {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let made = Command::new("openssl")
        .args(arguments)
        .args(["-subj", "/CN=web-1", "-keyout", &path("key.pem"), "-out", &path("cert.pem")])
        .output();
    let Ok(made) = made else {
        eprintln!("skipped: there is no openssl on this machine");
        return None;
    };
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    let certificate = CertificateDer::from_pem_file(path("cert.pem")).unwrap();
    Some((certificate, PrivateKeyDer::from_pem_file(path("key.pem")).unwrap(), folder))
}

/// <https://learn.netdata.cloud/docs/netdata-agent/configuration/securing-agents/web-server-reference>, "Enabling TLS".
#[tokio::test]
async fn takes_what_the_command_of_netdatas_documents_makes() {
    let command = ["req", "-newkey", "rsa:2048", "-nodes", "-sha512", "-x509", "-days", "365"];
    let Some((certificate, key, folder)) = openssl(&command) else { return };
    let file = folder.path().join("cert.pem");
    assert!(ask(certificate.clone(), key.clone_key(), Some(file)).await.is_ok());
    assert_eq!(ask(certificate, key, None).await, Err(TlsFault::AuthorityAsServer));
}

/// No server of the library's own shows such a certificate, so the verifier is asked.
#[test]
fn says_of_a_short_key_that_it_is_short() {
    for (bits, says) in [("rsa:1024", Some("fewer than 2048 bits")), ("rsa:2048", None)] {
        let command = ["req", "-newkey", bits, "-nodes", "-x509", "-days", "365"];
        let Some((certificate, _, _folder)) = openssl(&command) else { return };
        let mut roots = rustls::RootCertStore::empty();
        roots.add(certificate.clone()).unwrap();
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let authorities =
            super::WebPkiServerVerifier::builder_with_provider(Arc::new(roots), provider).build().unwrap();
        let verifier = super::Verifier { authorities, pinned: vec![certificate.clone()] };
        let (name, now) =
            (rustls::pki_types::ServerName::try_from("web-1").unwrap(), rustls::pki_types::UnixTime::now());
        let verdict =
            super::ServerCertVerifier::verify_server_cert(&verifier, &certificate, &[], &name, &[], now);
        let fault = verdict.err().map(|error| TlsFault::of(&error).to_string());
        assert_eq!(fault.is_some(), says.is_some(), "{bits}: {fault:?}");
        assert!(fault.unwrap_or_default().contains(says.unwrap_or_default()));
    }
}
