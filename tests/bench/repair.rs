//! An answer that is no JSON: how long it takes to make the best of it.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::TcpListener;
use std::thread;
use std::time::{Duration, Instant};

use netdata_ilert::netdata::{AgentClient, Credentials};

use super::measure::{Budget, line, ms, ratio, row};

const INFO: &str = r#"{"agents": [{"mg": "5c6fb82f", "nm": "db", "now": 1900000000, "application": {"package": {"version": "v2"}}}]}"#;
/// Strings that are not escaped, values that are none, and quotes that end nothing; one member a line, as v1 prints them.
const ODD: &str = r#"{
"ni": 0,
"nm": "a "b" c",
"ch": "x",
"st": "WARNING",
"v": nan,
"info": "say "no", or "yes""
}"#;

pub fn measure() {
    let mut before = None;
    for mebibytes in [4, 16] {
        let took = repair(mebibytes << 20);
        line(&format!("{mebibytes} MiB, wall"), ms(took), if mebibytes == 16 { "≤ 1 s" } else { "" });
        if let Some(before) = before.replace(took) {
            // Four times the work; twice that would be no line any more.
            let kept = took < before * 8;
            row("four times the bytes", ratio(took, before), Budget::Decides("linear: 4 ×", kept));
        }
    }
}

/// Asks an agent that answers so many odd bytes.
fn repair(length: usize) -> Duration {
    let alerts = vec![ODD; length / ODD.len()].join(",\n");
    let nodes = r#"[{"mg": "5c6fb82f", "nm": "db", "ni": 0}]"#;
    let alerts = format!("{{\"nodes\": {nodes}, \"alert_instances\": [\n{alerts}\n]}}");
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let mut lines = BufReader::new(stream.try_clone().unwrap()).lines();
            let request = lines.next().unwrap().unwrap();
            while lines.next().is_some_and(|line| !line.unwrap().is_empty()) {}
            let body = match () {
                () if request.contains("/info") => INFO,
                () if request.contains("/alerts") => &alerts,
                () => r#"{"nodes": []}"#,
            };
            let length = body.len();
            let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n");
            let _ = stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(body.as_bytes()));
        }
    });
    let client = AgentClient::new(&url, None, Credentials::default()).unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let start = Instant::now();
    runtime.block_on(client.probe()).unwrap();
    start.elapsed()
}
