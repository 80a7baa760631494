//! The way to ilert, over TLS: cut off, changed, or with somebody at its end who speaks HTTP/2 wrongly.

use std::io::{self, Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use netdata_ilert::alert::Api;
use netdata_ilert::simulator::{Ilert, World};
use rustls::{ServerConfig, ServerConnection, StreamOwned};

use super::scene::{Tally, make_busy};
use super::stage::{KEY, Services, Stage, tls};

/// Bytes between two tries.
const STRIDE: usize = 101;

/// How long whoever speaks wrongly waits for the sender to hang up.
const PATIENCE: Duration = Duration::from_secs(20);

#[derive(Clone, Copy, Debug)]
enum Harm {
    /// Both sides see the end of the connection.
    Cut,
    /// One bit of the byte is another one.
    Change,
}

#[derive(Clone, Copy, Debug)]
enum Toward {
    Ilert,
    Sender,
}

/// A run's first connection is cut off after so many bytes, or a byte of it is changed, in either direction.
pub fn harmed(tally: &mut Tally) {
    for toward in [Toward::Ilert, Toward::Sender] {
        for harm in [Harm::Cut, Harm::Change] {
            let mut at = 0;
            // Until a run sends less than that.
            while try_one(tally, &format!("{harm:?} toward {toward:?} at byte {at}"), |_| {
                Box::new(move |client, service| pass(&client, &service, Some((toward, harm, at))))
            }) {
                at += STRIDE;
            }
        }
    }
}

/// Frames that HTTP/2 forbids, or allows at a bad moment, answer the first request.
pub fn http2(tally: &mut Tally) {
    for (name, bytes) in frames() {
        let struck = try_one(tally, &name, |tls| {
            let tls = Arc::clone(tls);
            let bytes = bytes.clone();
            Box::new(move |client, _| answer(client, tls, &bytes).is_ok())
        });
        tally.expect(struck, || format!("{name}: nobody asked"));
    }
}

/// Plays with a connection of the sender, given the service's port. Says whether that did any harm.
type Play = Box<dyn FnOnce(TcpStream, TcpStream) -> bool + Send>;

/// One run meets the fault; says whether it did. A try without a fault is not counted.
fn try_one(tally: &mut Tally, case: &str, play: impl FnOnce(&Arc<ServerConfig>) -> Play) -> bool {
    let (certificate, tls) = tls("localhost");
    let services = Services::of(World::new(Api::V3, "web-1"), Ilert::new(KEY), Some(Arc::clone(&tls)));
    let mut stage = Stage::on(services);
    let way = Way::to(stage.endpoint.url().rsplit(':').next().unwrap().parse().unwrap());
    stage.write_private("ca.pem", &certificate);
    stage.configure("ilert.ca_file", stage.path("ca.pem").to_str().unwrap().to_owned());
    stage.configure("ilert.endpoint", format!("https://localhost:{}", way.port));
    make_busy(&stage);
    *way.next.lock().unwrap() = Some(play(&tls));
    let mut trial = Tally::default();
    trial.ended(case, stage.command(&["--send"]));
    if !way.is_harmed() {
        return false;
    }
    trial.judge(case, &stage);
    tally.add(trial);
    true
}

/// Whoever stands between the sender and ilert.
struct Way {
    port: u16,
    /// What happens to the next connection; the others pass.
    next: Arc<Mutex<Option<Play>>>,
    harm: Arc<Mutex<Vec<thread::JoinHandle<bool>>>>,
}

impl Way {
    fn to(service: u16) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let way =
            Self { port: listener.local_addr().unwrap().port(), next: Arc::default(), harm: Arc::default() };
        let (next, harm) = (Arc::clone(&way.next), Arc::clone(&way.harm));
        thread::spawn(move || {
            for client in listener.incoming() {
                // The stage is gone.
                let (Ok(client), Ok(service)) = (client, TcpStream::connect(("127.0.0.1", service))) else {
                    return;
                };
                match next.lock().unwrap().take() {
                    Some(play) => harm.lock().unwrap().push(thread::spawn(|| play(client, service))),
                    None => drop(thread::spawn(move || pass(&client, &service, None))),
                }
            }
        });
        way
    }

    /// Whether the connection that was played with was harmed. Waits for its end.
    fn is_harmed(&self) -> bool {
        let threads = std::mem::take(&mut *self.harm.lock().unwrap());
        threads.into_iter().any(|thread| thread.join().unwrap())
    }
}

/// Passes bytes both ways until the end. Says whether the harm was done.
fn pass(client: &TcpStream, service: &TcpStream, harm: Option<(Toward, Harm, usize)>) -> bool {
    let of = |direction: Toward| {
        harm.and_then(|(toward, harm, at)| {
            (std::mem::discriminant(&toward) == std::mem::discriminant(&direction)).then_some((harm, at))
        })
    };
    thread::scope(|scope| {
        let there = scope.spawn(|| pour(client, service, of(Toward::Ilert)));
        let back = pour(service, client, of(Toward::Sender));
        there.join().unwrap() | back
    })
}

fn pour(mut from: &TcpStream, mut to: &TcpStream, harm: Option<(Harm, usize)>) -> bool {
    let mut bytes = [0; 4096];
    let (mut passed, mut is_done) = (0, false);
    while let Ok(count @ 1..) = from.read(&mut bytes) {
        let mut end = count;
        if let Some((harm, at)) = harm.filter(|(_, at)| (passed..passed + count).contains(at)) {
            is_done = true;
            match harm {
                Harm::Cut => end = at - passed,
                Harm::Change => bytes[at - passed] ^= 1,
            }
        }
        passed += count;
        if to.write_all(&bytes[..end]).is_err() || end < count {
            break;
        }
    }
    // An end that is gone already cannot be closed.
    for end in [from, to] {
        let _ = end.shutdown(Shutdown::Both);
    }
    is_done
}

/// Takes one request and answers it with these bytes, and waits for the sender to hang up.
fn answer(client: TcpStream, tls: Arc<ServerConfig>, bytes: &[u8]) -> io::Result<()> {
    client.set_read_timeout(Some(PATIENCE))?;
    let mut stream = StreamOwned::new(ServerConnection::new(tls).map_err(io::Error::other)?, client);
    let mut preface = [0; 24];
    stream.read_exact(&mut preface)?;
    // Frames until the one that begins a request.
    loop {
        let mut head = [0; 9];
        stream.read_exact(&mut head)?;
        let length = u32::from_be_bytes([0, head[0], head[1], head[2]]);
        io::copy(&mut Read::by_ref(&mut stream).take(length.into()), &mut io::sink())?;
        if head[3] == HEADERS {
            break;
        }
    }
    // Whoever has heard enough hangs up, perhaps before all is said.
    let _ = stream.write_all(bytes).and_then(|()| stream.flush());
    let mut rest = [0; 4096];
    while let Ok(1..) = stream.read(&mut rest) {}
    Ok(())
}

const DATA: u8 = 0;
const HEADERS: u8 = 1;
const RST_STREAM: u8 = 3;
const SETTINGS: u8 = 4;
const PUSH_PROMISE: u8 = 5;
const PING: u8 = 6;
const GOAWAY: u8 = 7;
const WINDOW_UPDATE: u8 = 8;
const CONTINUATION: u8 = 9;

const END_STREAM: u8 = 1;
const END_HEADERS: u8 = 4;

/// A frame, RFC 9113, section 4.1.
fn frame(kind: u8, flags: u8, stream: u32, payload: &[u8]) -> Vec<u8> {
    let length = u32::try_from(payload.len()).unwrap().to_be_bytes();
    let mut frame = length[1..].to_vec();
    frame.extend([kind, flags]);
    frame.extend(stream.to_be_bytes());
    frame.extend(payload);
    frame
}

/// What is said in answer to the request on stream 1, after the server's settings, and what it is called.
fn frames() -> Vec<(String, Vec<u8>)> {
    let settings = frame(SETTINGS, 0, 0, &[]);
    // `:status: 200`, from the static table, and a literal `:status: 202`.
    let ok = [0x88];
    let accepted = [0x48, 3, b'2', b'0', b'2'];
    let code = |code: u32| code.to_be_bytes();
    let mut all = Vec::new();
    for number in 0..=13 {
        all.push((
            format!("GOAWAY {number}, nothing done"),
            frame(GOAWAY, 0, 0, &[code(0), code(number)].concat()),
        ));
        all.push((format!("GOAWAY {number}, done"), frame(GOAWAY, 0, 0, &[code(1), code(number)].concat())));
        all.push((format!("RST_STREAM {number}"), frame(RST_STREAM, 0, 1, &code(number))));
    }
    let mut more = |name: &str, bytes: Vec<u8>| all.push((name.to_owned(), bytes));
    more("the end", Vec::new());
    more("200 and no end", frame(HEADERS, END_HEADERS, 1, &ok));
    more(
        "202 and half a body",
        [frame(HEADERS, END_HEADERS, 1, &accepted), frame(DATA, 0, 1, b"{")].concat(),
    );
    more("no status", frame(HEADERS, END_HEADERS | END_STREAM, 1, &[]));
    more("headers that cannot be decoded", frame(HEADERS, END_HEADERS | END_STREAM, 1, &[0xff; 40]));
    more("headers without their end", frame(HEADERS, 0, 1, &ok));
    more(
        "headers that never end",
        [frame(HEADERS, 0, 1, &ok), frame(CONTINUATION, 0, 1, &[0x10; 16000]).repeat(40)].concat(),
    );
    more("data before headers", frame(DATA, END_STREAM, 1, b"{}"));
    more("data on no stream", frame(DATA, END_STREAM, 0, b"{}"));
    more("an answer to another stream", frame(HEADERS, END_HEADERS | END_STREAM, 3, &ok));
    more("a promise", frame(PUSH_PROMISE, END_HEADERS, 1, &[0, 0, 0, 2, 0x82]));
    more("a window that overflows", frame(WINDOW_UPDATE, 0, 0, &code(0x7fff_ffff)));
    more("a window that grows by nothing", frame(WINDOW_UPDATE, 0, 1, &code(0)));
    more("settings of a wrong length", frame(SETTINGS, 0, 0, &[0; 5]));
    more("no stream allowed", frame(SETTINGS, 0, 0, &[0, 3, 0, 0, 0, 0]));
    more("a frame of 16 MiB", [&[0xff, 0xff, 0xff, DATA, 0, 0, 0, 0, 1][..], &[0; 4096]].concat());
    more("a frame of an unknown kind", frame(0xfe, 0xff, 1, &[0; 64]));
    more("ten thousand pings", frame(PING, 0, 0, &[0; 8]).repeat(10_000));
    more("ten thousand settings", settings.repeat(10_000));
    more("ten thousand ends of the stream", frame(RST_STREAM, 0, 1, &code(0)).repeat(10_000));
    more("HTTP/1.1", b"HTTP/1.1 202 Accepted\r\ncontent-length: 0\r\n\r\n".to_vec());
    more("a page", b"<html><body>Sign in to the network</body></html>".to_vec());
    all.into_iter().map(|(name, bytes)| (name, [settings.clone(), bytes].concat())).collect()
}
