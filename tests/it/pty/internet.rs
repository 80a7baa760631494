//! The way to `api.ilert.com`, without the internet: a proxy that leads whoever asks for that name to a simulated
//! ilert, which has a certificate for it. So the program runs as on a machine of its own, defaults and all.

use std::io::{self, Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::{fs, thread};

use netdata_ilert::alert::{Api, Status};
use netdata_ilert::simulator::{Ilert, Served, World, serve_netdata};
use rustls::pki_types::PrivateKeyDer;
use tempfile::TempDir;
use tokio::runtime::Builder;

/// The key that the simulated ilert takes.
pub const KEY: &str = "il1api0123456789abcdef0123456789abcd3f9a";

/// A machine: a folder for its files, an agent with one critical alert, and the way to ilert.
pub struct Machine {
    pub folder: TempDir,
    pub ilert: Ilert,
    pub netdata: Served,
    _service: Served,
    proxy: String,
}

impl Machine {
    pub fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let name = "api.ilert.com".to_owned();
        let certified = rcgen::generate_simple_self_signed([name]).unwrap();
        fs::write(folder.path().join("roots.pem"), certified.cert.pem()).unwrap();
        let key = PrivateKeyDer::try_from(certified.signing_key.serialize_der()).unwrap();
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let tls = rustls::ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![certified.cert.der().clone()], key)
            .unwrap();
        let runtime = Builder::new_current_thread().enable_all().build().unwrap();
        let ilert = Ilert::new(KEY);
        let (service, netdata) = {
            let _runtime = runtime.enter();
            (ilert.serve_tls(Arc::new(tls)).unwrap(), serve_netdata(Arc::new(Mutex::new(world()))).unwrap())
        };
        // It serves until the tests end.
        thread::spawn(move || runtime.block_on(std::future::pending::<()>()));
        let proxy = proxy(service.url().trim_start_matches("https://").to_owned());
        Self { folder, ilert, netdata, _service: service, proxy }
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// A configuration file, a state folder, and whatever else is asked for.
    pub fn arguments(&self, more: &[&str]) -> Vec<String> {
        let path = |name: &str| self.path(name).to_str().unwrap().to_owned();
        let own = ["--config".to_owned(), path("etc/config.toml"), "--state-dir".to_owned(), path("state")];
        own.into_iter().chain(more.iter().map(|&argument| argument.to_owned())).collect()
    }

    /// The environment: no schedule can be installed from it, for there is no program to do it with.
    pub fn environment(&self) -> Vec<(String, String)> {
        let folder = self.folder.path().to_str().unwrap();
        [
            ("HOME", folder.to_owned()),
            ("XDG_RUNTIME_DIR", folder.to_owned()),
            ("PATH", format!("{folder}/bin")),
            ("HTTPS_PROXY", self.proxy.clone()),
            ("SSL_CERT_FILE", format!("{folder}/roots.pem")),
        ]
        .map(|(name, value)| (name.to_owned(), value))
        .into()
    }
}

fn world() -> World {
    let mut world = World::new(Api::V3, "db-1");
    world.set(World::OWN, "disk_space._var", "disk_space_usage", Status::Critical, 96.2);
    world.advance(5);
    world
}

/// A proxy's URL: it opens a tunnel to `service` for `api.ilert.com` and for nobody else.
fn proxy(service: String) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    thread::spawn(move || {
        for client in listener.incoming() {
            let (client, service) = (client.unwrap(), service.clone());
            // What goes wrong in a tunnel is its ends' to notice.
            thread::spawn(move || tunnel(client, &service));
        }
    });
    url
}

fn tunnel(mut client: TcpStream, service: &str) -> io::Result<()> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        client.read_exact(&mut byte)?;
        head.push(byte[0]);
    }
    if !head.starts_with(b"CONNECT api.ilert.com:443 ") {
        return client.write_all(b"HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\n\r\n");
    }
    let port = service.rsplit(':').next().unwrap_or_default();
    let server = TcpStream::connect(format!("127.0.0.1:{port}"))?;
    client.write_all(b"HTTP/1.1 200 Connection established\r\n\r\n")?;
    let (from, to) = (client.try_clone()?, server.try_clone()?);
    thread::spawn(move || pour(from, to));
    pour(server, client)
}

fn pour(mut from: TcpStream, mut to: TcpStream) -> io::Result<()> {
    io::copy(&mut from, &mut to)?;
    to.shutdown(Shutdown::Write)
}
