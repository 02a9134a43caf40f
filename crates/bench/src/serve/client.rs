//! A connection that is kept open, and what is asked over it.

use anyhow::{Context, Result, bail};
use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper::header::{AUTHORIZATION, CONTENT_TYPE, HOST};
use hyper::{Method, Request, Response, body::Incoming};
use hyper_util::rt::TokioIo;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpStream;
use tokio::time::timeout;

/// Longer than the server gives itself for an answer.
const PATIENCE: Duration = Duration::from_secs(60);

/// Whom to ask, and as whom.
#[derive(Debug)]
pub struct Target {
    pub address: SocketAddr,
    pub token: String,
}

pub type Asking = Request<Full<Bytes>>;

impl Target {
    pub fn get(&self, path: &str) -> Result<Asking> {
        let request = Request::get(path)
            .header(HOST, self.address.to_string())
            .header(AUTHORIZATION, format!("Bearer {}", self.token));
        request.body(Full::default()).with_context(|| format!("{path} is no address"))
    }

    /// JSON, with a header that says who sent it.
    pub fn post(&self, path: &str, (name, signature): (&str, &str), body: Bytes) -> Result<Asking> {
        let request = Request::builder()
            .method(Method::POST)
            .uri(path)
            .header(HOST, self.address.to_string())
            .header(CONTENT_TYPE, "application/json")
            .header(name, signature);
        request.body(Full::new(body)).with_context(|| format!("{path} is no address"))
    }
}

/// An answer that came whole.
#[derive(Debug, Clone)]
pub struct Answer {
    pub status: u16,
    pub body: Bytes,
}

pub struct Client {
    target: Arc<Target>,
    line: Option<SendRequest<Full<Bytes>>>,
}

impl Client {
    pub fn new(target: &Arc<Target>) -> Self {
        Self { target: Arc::clone(target), line: None }
    }

    /// Asks, and reads the answer to its end.
    pub async fn ask(&mut self, asking: Asking) -> Result<Answer> {
        let whole = async {
            let answer = self.begin(asking).await?;
            let status = answer.status().as_u16();
            let body = answer.into_body().collect().await.context("an answer broke off")?;
            Ok(Answer { status, body: body.to_bytes() })
        };
        let answer = timeout(PATIENCE, whole).await.context("there was no answer").and_then(|answer| answer);
        if answer.is_err() {
            // What comes late would be taken for the next answer.
            self.line = None;
        }
        answer
    }

    pub async fn status(&mut self, path: &str) -> Result<u16> {
        Ok(self.ask(self.target.get(path)?).await?.status)
    }

    /// An answer of 200 as text.
    pub async fn read(&mut self, path: &str) -> Result<String> {
        let answer = self.ask(self.target.get(path)?).await?;
        let text = String::from_utf8_lossy(&answer.body).into_owned();
        if answer.status != 200 {
            bail!("{path} was answered with {}: {text}", answer.status);
        }
        Ok(text)
    }

    /// Reads an answer of any length without keeping it; its status and its bytes.
    pub async fn drain(&mut self, path: &str) -> Result<(u16, u64)> {
        let answer = self.begin(self.target.get(path)?).await?;
        let (status, mut body, mut bytes) = (answer.status().as_u16(), answer.into_body(), 0);
        while let Some(frame) = body.frame().await {
            let frame = frame.with_context(|| format!("{path} broke off after {bytes} bytes"))?;
            bytes += frame.data_ref().map_or(0, |data| data.len() as u64);
        }
        Ok((status, bytes))
    }

    async fn begin(&mut self, asking: Asking) -> Result<Response<Incoming>> {
        let line = match self.line.take().filter(|line| !line.is_closed()) {
            Some(line) => line,
            None => connect(self.target.address).await?,
        };
        let line = self.line.insert(line);
        line.ready().await.context("the server closed a connection")?;
        line.send_request(asking).await.context("the server gave no answer")
    }
}

async fn connect(address: SocketAddr) -> Result<SendRequest<Full<Bytes>>> {
    let stream = TcpStream::connect(address).await.context("could not connect")?;
    stream.set_nodelay(true).context("could not connect")?;
    let (line, connection) = handshake(TokioIo::new(stream)).await.context("could not connect")?;
    // It ends with its line; what goes wrong is told there.
    tokio::spawn(async move { connection.await.unwrap_or_default() });
    Ok(line)
}
