//! Netdata, ilert and Netdata Cloud, simulated on loopback. They answer on a thread of their own, so that a test may
//! wait for a program that asks them.

use std::sync::{Arc, LazyLock, Mutex, MutexGuard};
use std::thread;
use std::time::Duration;

use netdata_ilert::alert::{Api, Status};
use netdata_ilert::http::{self, Route};
use netdata_ilert::simulator::{Barrier, Cloud, Ilert, NodeHandle, Served, World, serve_netdata};
use rustls::ServerConfig;
use rustls::pki_types::PrivateKeyDer;
use tokio::runtime::{Builder, Handle};

/// The key that ilert takes.
pub const KEY: &str = "il1api0123456789abcdef0123456789abcd3f9a";

static RUNTIME: LazyLock<Handle> = LazyLock::new(|| {
    let runtime = Builder::new_current_thread().enable_all().build().unwrap();
    let handle = runtime.handle().clone();
    thread::spawn(move || runtime.block_on(std::future::pending::<()>()));
    handle
});

pub struct Services {
    world: Arc<Mutex<World>>,
    pub netdata: Served,
    pub ilert: Ilert,
    /// ilert's port.
    pub endpoint: Served,
    pub cloud: Cloud,
    pub cloud_port: Served,
}

impl Services {
    /// An agent that shows this world, and an ilert that takes [`KEY`].
    pub fn with(world: World) -> Self {
        Self::of(world, Ilert::new(KEY), None)
    }

    /// With this ilert, over TLS where there is a configuration for it.
    pub fn of(world: World, ilert: Ilert, tls: Option<Arc<ServerConfig>>) -> Self {
        let _runtime = RUNTIME.enter();
        let world = Arc::new(Mutex::new(world));
        let netdata = serve_netdata(Arc::clone(&world)).unwrap();
        let endpoint = tls.map_or_else(|| ilert.serve(), |tls| ilert.serve_tls(tls)).unwrap();
        let cloud = Cloud::new();
        let cloud_port = cloud.serve().unwrap();
        Self { world, netdata, ilert, endpoint, cloud, cloud_port }
    }

    /// Serves another agent or parent.
    pub fn serve(world: World) -> (Arc<Mutex<World>>, Served) {
        let _runtime = RUNTIME.enter();
        let world = Arc::new(Mutex::new(world));
        let served = serve_netdata(Arc::clone(&world)).unwrap();
        (world, served)
    }

    /// Stops another agent or parent.
    pub fn stop(served: &mut Served) {
        wait(served.stop());
    }

    /// Starts it again.
    pub fn start(served: &mut Served) {
        let _runtime = RUNTIME.enter();
        served.start().unwrap();
    }

    /// Serves another ilert over TLS.
    pub fn serve_tls(ilert: &Ilert, tls: ServerConfig) -> Served {
        let _runtime = RUNTIME.enter();
        ilert.serve_tls(Arc::new(tls)).unwrap()
    }

    pub fn world(&self) -> MutexGuard<'_, World> {
        self.world.lock().unwrap()
    }

    /// An alert of the agent's own node, on a chart of the same name, is evaluated to a status. Three seconds pass,
    /// for v3's log does not show the last two.
    pub fn set(&self, alert: &str, status: Status) {
        self.set_on(World::OWN, alert, status);
    }

    pub fn set_on(&self, node: NodeHandle, alert: &str, status: Status) {
        let mut world = self.world();
        world.set(node, &chart(alert), alert, status, 42.0);
        world.advance(3);
    }

    /// Posts an event to ilert as somebody else than the program would.
    pub fn post(&self, event: &serde_json::Value) {
        let client = http::client(None, Route::Direct).unwrap();
        let request = client.post(format!("{}/api/events", self.endpoint.url())).body(event.to_string());
        assert_eq!(wait(async { request.send().await }).unwrap().status(), 202);
    }

    pub fn stop_netdata(&mut self) {
        wait(self.netdata.stop());
    }

    pub fn start_netdata(&mut self) {
        let _runtime = RUNTIME.enter();
        self.netdata.start().unwrap();
    }

    pub fn stop_ilert(&mut self) {
        wait(self.endpoint.stop());
    }

    pub fn start_ilert(&mut self) {
        let _runtime = RUNTIME.enter();
        self.endpoint.start().unwrap();
    }
}

/// The chart that [`Services::set`] puts an alert on.
pub fn chart(alert: &str) -> String {
    format!("chart.{alert}")
}

/// A parent with a node and one alert raised.
pub fn parent() -> World {
    let mut world = World::new(Api::V3, "db-1");
    world.add_node("web-1");
    world.set(World::OWN, "disk_space._var", "disk_space_usage", Status::Critical, 96.2);
    world.advance(5);
    world
}

/// A certificate for this name, PEM, and a server that shows it.
pub fn tls(name: &str) -> (String, Arc<ServerConfig>) {
    let certified = rcgen::generate_simple_self_signed([name.to_owned()]).unwrap();
    let key = PrivateKeyDer::try_from(certified.signing_key.serialize_der()).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut server = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certified.cert.der().clone()], key)
        .unwrap();
    server.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    (certified.cert.pem(), Arc::new(server))
}

/// Waits for a service, also within another runtime.
fn wait<T: Send>(service: impl Future<Output = T> + Send) -> T {
    thread::scope(|scope| scope.spawn(|| RUNTIME.block_on(service)).join()).unwrap()
}

/// Waits until so many requests have come to a barrier.
#[track_caller]
pub fn arrived(barrier: &Barrier, count: usize) {
    let soon = async { tokio::time::timeout(Duration::from_secs(30), barrier.arrived(count)).await };
    wait(soon).expect("nobody came to the barrier");
}

/// Waits until an ilert has accepted so many events in all.
#[track_caller]
pub fn accepted(ilert: &Ilert, count: u64) {
    let soon = async { tokio::time::timeout(Duration::from_secs(60), ilert.until_accepted(count)).await };
    wait(soon).unwrap_or_else(|_| panic!("{} events were accepted, not {count}", ilert.accepted()));
}
