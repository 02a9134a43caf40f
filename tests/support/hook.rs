//! A receiver of webhooks: it answers what it is told to, one request a connection, and keeps what it heard.

use std::collections::{BTreeMap, VecDeque};
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

/// Status, headers as they are written (each with its line end), body.
#[derive(Debug, Clone)]
pub struct Reply(pub u16, pub &'static str, pub &'static str);

#[derive(Debug, Clone)]
pub struct Request {
    pub path: String,
    pub headers: BTreeMap<String, String>,
    pub body: String,
}

pub struct Hook {
    pub address: SocketAddr,
    heard: Arc<Mutex<Vec<Request>>>,
}

impl Hook {
    /// Answers with the replies in turn, and with 200 once there are no more.
    pub fn start(replies: &[Reply]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let heard: Arc<Mutex<Vec<Request>>> = Arc::default();
        let replies = Arc::new(Mutex::new(replies.iter().cloned().collect::<VecDeque<_>>()));
        let hearing = Arc::clone(&heard);
        // It ends with the test's process.
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (heard, replies) = (Arc::clone(&hearing), Arc::clone(&replies));
                std::thread::spawn(move || serve(&stream, &heard, &replies));
            }
        });
        Self { address, heard }
    }

    pub fn heard(&self) -> Vec<Request> {
        self.heard.lock().unwrap().clone()
    }
}

/// Whoever closes early is not answered.
fn serve(
    mut stream: &TcpStream,
    heard: &Mutex<Vec<Request>>,
    replies: &Mutex<VecDeque<Reply>>,
) -> Option<()> {
    let request = read(stream)?;
    heard.lock().unwrap().push(request);
    let Reply(status, headers, body) = replies.lock().unwrap().pop_front().unwrap_or(Reply(200, "", ""));
    let length = body.len();
    let answer = format!(
        "HTTP/1.1 {status} Said\r\ncontent-length: {length}\r\nconnection: close\r\n{headers}\r\n{body}"
    );
    stream.write_all(answer.as_bytes()).ok()
}

fn read(stream: &TcpStream) -> Option<Request> {
    let mut reader = BufReader::new(stream);
    let mut line = || -> Option<String> {
        let mut line = String::new();
        (reader.read_line(&mut line).ok()? > 0).then(|| line.trim_end().to_owned())
    };
    let path = line()?.split(' ').nth(1)?.to_owned();
    let mut headers = BTreeMap::new();
    loop {
        let header = line()?;
        let Some((name, value)) = header.split_once(": ") else { break };
        headers.insert(name.to_ascii_lowercase(), value.to_owned());
    }
    let length = headers.get("content-length").and_then(|length| length.parse().ok()).unwrap_or(0);
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    Some(Request { path, headers, body: String::from_utf8(body).ok()? })
}
