//! The way to `api.ilert.com`, without the internet: a proxy that leads whoever asks for that name to a simulated
//! ilert, which has a certificate for it. So the program runs as on a machine of its own, defaults and all.

use std::fs;
use std::io::{self, Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::thread;

use netdata_ilert::simulator::Ilert;

use super::{KEY, Services, Stage, parent, tls};

/// A machine: a stage with an empty folder, and the way to ilert.
pub struct Machine {
    pub stage: Stage,
    proxy: String,
}

impl Machine {
    pub fn new() -> Self {
        let (certificate, tls) = tls("api.ilert.com");
        let stage = Stage::empty(Services::of(parent(), Ilert::new(KEY), Some(tls)));
        fs::write(stage.path("roots.pem"), certificate).unwrap();
        let proxy = proxy(stage.endpoint.url().trim_start_matches("https://").to_owned());
        Self { stage, proxy }
    }

    /// A configuration file, a state folder, and whatever else is asked for.
    pub fn arguments(&self, more: &[&str]) -> Vec<String> {
        let path = |name: &str| self.stage.path(name).to_str().unwrap().to_owned();
        let own = ["--config".to_owned(), path("etc/config.toml"), "--state-dir".to_owned(), path("state")];
        own.into_iter().chain(more.iter().map(|&argument| argument.to_owned())).collect()
    }

    /// The environment: no schedule can be installed from it, for there is no program to do it with.
    pub fn environment(&self) -> Vec<(String, String)> {
        let folder = self.stage.folder.path().to_str().unwrap();
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
