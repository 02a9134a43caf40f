//! An HTTP server that answers what it is told to, one request a connection, in the clear or encrypted.

use super::wire::{Wire, encrypted};
use std::collections::{BTreeMap, VecDeque};
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

#[derive(Debug, Clone)]
pub enum Reply {
    /// Status, headers as they are written, body.
    Say(u16, String, String),
    /// Says nothing at all.
    Hang,
    /// Hears everything, and closes.
    Cut,
}

impl Reply {
    pub fn status(status: u16) -> Self {
        Self::Say(status, String::new(), String::new())
    }

    pub fn json(body: &str) -> Self {
        Self::Say(200, String::new(), body.to_owned())
    }
}

#[derive(Debug, Clone)]
pub struct Request {
    pub path: String,
    pub headers: BTreeMap<String, String>,
    pub body: String,
}

impl Request {
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.body).unwrap()
    }
}

pub struct Stub {
    pub address: SocketAddr,
    heard: Arc<Mutex<Vec<Request>>>,
}

impl Stub {
    /// Answers with the replies in turn, and with 200 once there are no more.
    pub async fn start(replies: Vec<Reply>) -> Self {
        Self::covered(replies, None).await
    }

    /// The same by HTTPS.
    pub async fn encrypted(replies: Vec<Reply>, acceptor: TlsAcceptor) -> Self {
        Self::covered(replies, Some(acceptor)).await
    }

    async fn covered(replies: Vec<Reply>, acceptor: Option<TlsAcceptor>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let heard = Arc::new(Mutex::new(Vec::new()));
        let replies = Arc::new(Mutex::new(VecDeque::from(replies)));
        let hearing = Arc::clone(&heard);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let wire: Wire = Box::new(stream);
                tokio::spawn(serve(wire, acceptor.clone(), Arc::clone(&hearing), Arc::clone(&replies)));
            }
        });
        Self { address, heard }
    }

    /// The settings of a target that reaches it at this path.
    pub fn settings(&self, kind: &str, path: &str) -> String {
        let address = self.address;
        format!(
            "kind = \"{kind}\"\nurl = \"http://{address}{path}\"\nallow_private = \"127.0.0.1\"\ntimeout = \"2s\"\n"
        )
    }

    pub fn heard(&self) -> Vec<Request> {
        self.heard.lock().unwrap().clone()
    }
}

/// Ends with the connection, whoever ends that.
async fn serve(
    mut wire: Wire,
    acceptor: Option<TlsAcceptor>,
    heard: Arc<Mutex<Vec<Request>>>,
    replies: Arc<Mutex<VecDeque<Reply>>>,
) -> Option<()> {
    if let Some(acceptor) = acceptor {
        wire = encrypted(wire, &acceptor).await?;
    }
    let request = read(&mut wire).await?;
    heard.lock().unwrap().push(request);
    let reply = replies.lock().unwrap().pop_front();
    match reply.unwrap_or_else(|| Reply::status(200)) {
        Reply::Say(status, headers, body) => {
            let length = body.len();
            let answer = format!(
                "HTTP/1.1 {status} Said\r\ncontent-length: {length}\r\nconnection: close\r\n{headers}\r\n{body}"
            );
            // Whoever stops reading early closes it.
            wire.write_all(answer.as_bytes()).await.ok()?;
            wire.shutdown().await.ok()
        }
        Reply::Hang => {
            tokio::time::sleep(Duration::from_secs(60)).await;
            None
        }
        Reply::Cut => None,
    }
}

async fn read(stream: &mut Wire) -> Option<Request> {
    let mut bytes: Vec<u8> = Vec::new();
    let end = loop {
        if let Some(end) = bytes.windows(4).position(|four| four == b"\r\n\r\n") {
            break end;
        }
        if stream.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
    };
    let head = String::from_utf8(bytes[..end].to_vec()).ok()?;
    let mut lines = head.split("\r\n");
    let path = lines.next()?.split(' ').nth(1)?.to_owned();
    let pairs = lines.filter_map(|line| line.split_once(": "));
    let headers: BTreeMap<String, String> =
        pairs.map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned())).collect();
    let length: usize = headers.get("content-length").and_then(|length| length.parse().ok()).unwrap_or(0);
    while bytes.len() < end + 4 + length {
        if stream.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
    }
    let body = String::from_utf8(bytes[end + 4..end + 4 + length].to_vec()).ok()?;
    Some(Request { path, headers, body })
}
