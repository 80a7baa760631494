//! A scripted agent: answers by path, remembers what it was asked.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::sync::{Arc, Mutex};

use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};

/// What it does when it is asked.
#[derive(Clone)]
pub(super) enum Reply {
    /// Status, further header lines, body.
    Answer(u16, &'static str, String),
    /// 200, with a body that need be no text.
    Bytes(Vec<u8>),
    /// Says how long the answer is, and sends none of it.
    Announce(usize),
    /// Never answers.
    Hang,
    /// Hangs up.
    Close,
}

impl From<&str> for Reply {
    fn from(body: &str) -> Self {
        Self::Answer(200, "", body.into())
    }
}

impl From<serde_json::Value> for Reply {
    fn from(body: serde_json::Value) -> Self {
        Self::Answer(200, "", body.to_string())
    }
}

impl From<u16> for Reply {
    fn from(status: u16) -> Self {
        Self::Answer(status, "", "You need to be authorized to access this resource".into())
    }
}

#[derive(Default)]
struct Script {
    /// By path and query; the last reply is given again. Unknown paths get 404.
    replies: HashMap<String, Vec<Reply>>,
    asked: Vec<String>,
}

/// A scripted agent that is listening.
pub(super) struct Server {
    pub(super) url: String,
    script: Arc<Mutex<Script>>,
}

impl Server {
    pub(super) async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let script = Arc::new(Mutex::new(Script::default()));
        let shared = script.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, shared.clone()));
            }
        });
        Self { url, script }
    }

    /// From now on, this path is answered so (after the replies it was given before).
    pub(super) fn on(&self, path: &str, reply: impl Into<Reply>) -> &Self {
        self.script.lock().unwrap().replies.entry(path.into()).or_default().push(reply.into());
        self
    }

    /// From now on, this path is answered so, whatever was said before.
    pub(super) fn now(&self, path: &str, reply: impl Into<Reply>) -> &Self {
        self.script.lock().unwrap().replies.insert(path.into(), vec![reply.into()]);
        self
    }

    /// The paths asked since the last call, in order.
    pub(super) fn asked(&self) -> Vec<String> {
        std::mem::take(&mut self.script.lock().unwrap().asked)
    }
}

async fn serve(stream: TcpStream, script: Arc<Mutex<Script>>) -> std::io::Result<()> {
    let mut stream = BufReader::new(stream);
    loop {
        let mut request = String::new();
        stream.read_line(&mut request).await?;
        let Some(path) = request.split(' ').nth(1).map(ToOwned::to_owned) else { return Ok(()) };
        let mut header = String::new();
        while stream.read_line(&mut header).await? > 2 {
            header.clear();
        }
        let reply = {
            let mut script = script.lock().unwrap();
            script.asked.push(path.clone());
            match script.replies.get_mut(&path) {
                Some(replies) if replies.len() > 1 => replies.remove(0),
                Some(replies) => replies[0].clone(),
                None => 404.into(),
            }
        };
        let mut answer = String::new();
        match reply {
            Reply::Answer(status, headers, body) => {
                write!(
                    answer,
                    "HTTP/1.1 {status} x\r\n{headers}Content-Length: {}\r\n\r\n{body}",
                    body.len()
                )
                .unwrap();
            }
            Reply::Announce(length) => {
                write!(answer, "HTTP/1.1 200 x\r\nContent-Length: {length}\r\n\r\n").unwrap();
            }
            Reply::Bytes(body) => {
                let head = format!("HTTP/1.1 200 x\r\nContent-Length: {}\r\n\r\n", body.len());
                stream.get_mut().write_all(&[head.as_bytes(), &body].concat()).await?;
            }
            Reply::Hang => std::future::pending().await,
            Reply::Close => return Ok(()),
        }
        stream.get_mut().write_all(answer.as_bytes()).await?;
    }
}
