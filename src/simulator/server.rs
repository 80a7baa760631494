//! A server on a loopback port that answers, and fails, as it is told.
//!
//! HTTP/1.1 with keep-alive; over TLS also HTTP/2, where the `ServerConfig` offers it (ALPN). Runs on the tokio
//! runtime of its caller, a current-thread one included.

mod response;

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use bytes::Bytes;
use futures_util::future::BoxFuture;
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::http::request::Parts;
use hyper::server::conn::http1;
use hyper::{Request, service::service_fn};
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto;
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::sync::watch;
use tokio::task::{JoinHandle, JoinSet};
use tokio_rustls::TlsAcceptor;

pub use response::Response;

use super::{Barrier, lock};

/// What a server does with a request.
#[derive(Debug)]
pub(crate) enum ServerReply {
    /// It is answered.
    Respond(Response),
    /// The connection is closed without an answer.
    HangUp,
    /// It waits at the barrier, and is then handled anew.
    Stall(Barrier),
}

/// How a port fails, whatever is behind it.
#[derive(Clone, Debug)]
pub enum Fault {
    /// Closes the connection when a request has come.
    Reset,
    /// Answers nothing until the barrier opens; then as usual.
    Stall(Barrier),
}

/// Handles a request; the flag says that it has waited at a barrier already.
type Handler = dyn Fn(&Parts, &Bytes, bool) -> ServerReply + Send + Sync;

/// Serves one connection to its end. Behind a pointer, so that a program that never serves TLS holds none of it.
type Speak = dyn Fn(TcpStream, Arc<Shared>) -> BoxFuture<'static, ()> + Send + Sync;

struct Shared {
    handler: Box<Handler>,
    /// The base URL without its port.
    origin: &'static str,
    speak: Box<Speak>,
    /// Faults by the beginning of the path; the first match counts.
    faults: Mutex<Vec<(String, Fault)>>,
    requests: Mutex<Vec<String>>,
    connections: AtomicUsize,
}

impl Shared {
    fn fault(&self, target: &str) -> Option<Fault> {
        let faults = lock(&self.faults);
        faults.iter().find(|(path, _)| target.starts_with(path)).map(|(_, fault)| fault.clone())
    }
}

/// A running server. Dropping it closes the port.
pub struct Served {
    address: SocketAddr,
    /// Keeps the port reserved while it is closed, so that no other server is given it.
    _port: TcpSocket,
    shared: Arc<Shared>,
    running: Option<Running>,
}

struct Running {
    stop: watch::Sender<()>,
    task: JoinHandle<()>,
}

impl Served {
    pub(crate) fn plain(
        handler: impl Fn(&Parts, &Bytes, bool) -> ServerReply + Send + Sync + 'static,
    ) -> io::Result<Self> {
        Self::start_new(
            "http://127.0.0.1",
            Box::new(|stream, shared| Box::pin(plain(stream, shared))),
            handler,
        )
    }

    pub(crate) fn tls(
        config: Arc<rustls::ServerConfig>,
        handler: impl Fn(&Parts, &Bytes, bool) -> ServerReply + Send + Sync + 'static,
    ) -> io::Result<Self> {
        let acceptor = TlsAcceptor::from(config);
        let speak = move |stream, shared| -> BoxFuture<'static, ()> {
            Box::pin(over_tls(acceptor.clone(), stream, shared))
        };
        Self::start_new("https://localhost", Box::new(speak), handler)
    }

    fn start_new(
        origin: &'static str,
        speak: Box<Speak>,
        handler: impl Fn(&Parts, &Bytes, bool) -> ServerReply + Send + Sync + 'static,
    ) -> io::Result<Self> {
        let shared = Arc::new(Shared {
            handler: Box::new(handler),
            origin,
            speak,
            faults: Mutex::new(Vec::new()),
            requests: Mutex::new(Vec::new()),
            connections: AtomicUsize::new(0),
        });
        let port = bind(SocketAddr::from((Ipv4Addr::LOCALHOST, 0)))?;
        let mut served = Self { address: port.local_addr()?, _port: port, shared, running: None };
        served.start()?;
        Ok(served)
    }

    /// Base URL, without a trailing slash: `http://127.0.0.1:…`, or `https://localhost:…` with TLS.
    #[must_use]
    pub fn url(&self) -> String {
        format!("{}:{}", self.shared.origin, self.address.port())
    }

    /// Closes the port and every connection; from now on it refuses.
    pub async fn stop(&mut self) {
        if let Some(running) = self.running.take() {
            drop(running.stop);
            let _ = running.task.await;
        }
    }

    /// Opens the same port again. Nothing to do if it is open.
    pub fn start(&mut self) -> io::Result<()> {
        if self.running.is_some() {
            return Ok(());
        }
        let listener = bind(self.address)?.listen(1024)?;
        let (stop, stopped) = watch::channel(());
        let task = tokio::spawn(accept(listener, Arc::clone(&self.shared), stopped));
        self.running = Some(Running { stop, task });
        Ok(())
    }

    /// Sets how requests fail from now on; `None` ends it.
    pub fn fail(&self, fault: Option<Fault>) {
        self.fail_at("/", fault);
    }

    /// The same for requests whose path begins with this.
    pub fn fail_at(&self, path: &str, fault: Option<Fault>) {
        let mut faults = lock(&self.shared.faults);
        faults.retain(|(other, _)| other != path);
        faults.extend(fault.map(|fault| (path.to_owned(), fault)));
    }

    /// All requests since the last [`Self::forget_requests`], as `GET /path?query`, in order of arrival.
    #[must_use]
    pub fn requests(&self) -> Vec<String> {
        lock(&self.shared.requests).clone()
    }

    /// Starts the list of requests anew.
    pub fn forget_requests(&self) {
        lock(&self.shared.requests).clear();
    }

    /// How many connections were accepted so far.
    #[must_use]
    pub fn connections(&self) -> usize {
        self.shared.connections.load(Ordering::Relaxed)
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        if let Some(running) = &self.running {
            running.task.abort();
        }
    }
}

/// A socket whose port can be shared only by binding the same address: nobody is given it by chance.
fn bind(address: SocketAddr) -> io::Result<TcpSocket> {
    let socket = TcpSocket::new_v4()?;
    socket.set_reuseport(true)?;
    socket.bind(address)?;
    Ok(socket)
}

async fn accept(listener: TcpListener, shared: Arc<Shared>, mut stopped: watch::Receiver<()>) {
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            _ = stopped.changed() => break,
            Some(_) = connections.join_next() => {}
            accepted = listener.accept() => {
                if let Ok((stream, _)) = accepted {
                    shared.connections.fetch_add(1, Ordering::Relaxed);
                    let _ = stream.set_nodelay(true);
                    connections.spawn((shared.speak)(stream, Arc::clone(&shared)));
                }
            }
        }
    }
    drop(listener);
    connections.shutdown().await;
}

// Errors on a connection are for the client to notice.

async fn plain(stream: TcpStream, shared: Arc<Shared>) {
    let service = service_fn(move |request| handle(Arc::clone(&shared), request));
    let _ = http1::Builder::new().serve_connection(TokioIo::new(stream), service).await;
}

async fn over_tls(acceptor: TlsAcceptor, stream: TcpStream, shared: Arc<Shared>) {
    let Ok(stream) = acceptor.accept(stream).await else { return };
    let service = service_fn(move |request| handle(Arc::clone(&shared), request));
    let _ = auto::Builder::new(TokioExecutor::new()).serve_connection(TokioIo::new(stream), service).await;
}

/// The connection is to be closed without an answer.
#[derive(Debug, thiserror::Error)]
#[error("hung up, as was asked")]
struct HungUp;

async fn handle(
    shared: Arc<Shared>,
    request: Request<Incoming>,
) -> Result<hyper::Response<Full<Bytes>>, HungUp> {
    let (parts, body) = request.into_parts();
    let body = body.collect().await.map_err(|_| HungUp)?.to_bytes();
    let target = parts.uri.path_and_query().map_or("/", |target| target.as_str());
    lock(&shared.requests).push(format!("{} {target}", parts.method));
    match shared.fault(target) {
        Some(Fault::Reset) => return Err(HungUp),
        Some(Fault::Stall(barrier)) => barrier.pass().await,
        None => {}
    }
    let mut reply = (shared.handler)(&parts, &body, false);
    loop {
        match reply {
            ServerReply::Respond(response) => return Ok(response.into_hyper()),
            ServerReply::HangUp => return Err(HungUp),
            ServerReply::Stall(barrier) => {
                barrier.pass().await;
                reply = (shared.handler)(&parts, &body, true);
            }
        }
    }
}

#[cfg(test)]
mod tests;
