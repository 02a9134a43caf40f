//! The server as it is put together, asked over a socket of this machine.

mod taxonomy;

use super::*;
use crate::config::assemble;
use crate::context::Context;
use server::auth::Role;
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;
use tokio::task::{JoinHandle, spawn_blocking};

fn context(dir: &tempfile::TempDir, listen: &str) -> Context {
    let variables = [
        ("VERBATIM__STORE__PATH", dir.path().join("tables").to_string_lossy().into_owned()),
        ("VERBATIM__SERVER__LISTEN", listen.to_owned()),
    ];
    let variables = variables.into_iter().map(|(name, value)| (name.to_owned(), value));
    Context { loaded: assemble(None, variables).unwrap(), json: false }
}

fn token(context: &Context, name: &str, role: Role) -> String {
    let file = tokens::file(context.config()).unwrap();
    file.create(name, role, None, server::state::now()).unwrap().0.reveal().to_owned()
}

struct Running {
    address: SocketAddr,
    shutdown: Shutdown,
    task: JoinHandle<Result<()>>,
}

async fn start(context: Context) -> Running {
    let door = Door::open(&context.loaded).await.unwrap().unwrap();
    let (address, shutdown) = (door.address, Shutdown::new());
    let serving = Arc::new(Serving::new(context).await.unwrap());
    let task = tokio::spawn(door.answer(serving, shutdown.clone()));
    Running { address, shutdown, task }
}

impl Running {
    /// The status and the whole answer.
    async fn ask(&self, method: &str, path: &str, headers: &str) -> (u16, String) {
        let (address, head) =
            (self.address, format!("{method} {path} HTTP/1.1\r\nhost: localhost\r\n{headers}"));
        let asked = spawn_blocking(move || {
            let mut stream = TcpStream::connect(address).unwrap();
            let end = "content-length: 0\r\nconnection: close\r\n\r\n";
            stream.write_all(format!("{head}{end}").as_bytes()).unwrap();
            let mut answer = Vec::new();
            stream.read_to_end(&mut answer).unwrap();
            String::from_utf8_lossy(&answer).into_owned()
        });
        let answer = asked.await.unwrap();
        let status = answer.split(' ').nth(1).and_then(|status| status.parse().ok());
        (status.unwrap_or_else(|| panic!("no answer: {answer:?}")), answer)
    }

    async fn status(&self, method: &str, path: &str, headers: &str) -> u16 {
        self.ask(method, path, headers).await.0
    }

    async fn stop(self) {
        self.shutdown.request();
        self.task.await.unwrap().unwrap();
    }
}

/// All that the document names, with words in place of what varies.
fn documented() -> Vec<(String, String)> {
    let document = serde_json::to_value(app::document()).unwrap();
    let mut all = Vec::new();
    for (path, methods) in document["paths"].as_object().unwrap() {
        let mut plain = path.clone();
        while let (Some(open), Some(close)) = (plain.find('{'), plain.find('}')) {
            plain.replace_range(open..=close, "x");
        }
        for method in methods.as_object().unwrap().keys() {
            if ["get", "post", "put", "patch", "delete"].contains(&method.as_str()) {
                all.push((method.to_uppercase(), plain.clone()));
            }
        }
    }
    all
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_token_nobody_gets_anywhere() {
    let dir = tempfile::tempdir().unwrap();
    let context = context(&dir, "127.0.0.1:0");
    let viewer = format!("authorization: Bearer {}\r\n", token(&context, "jane", Role::Viewer));
    let sender = format!("authorization: Bearer {}\r\n", token(&context, "shop", Role::Sender));
    let running = start(context).await;
    assert_eq!(running.status("GET", "/healthz", "").await, 200);
    assert_eq!(running.status("GET", "/login", "").await, 200);
    let documented = documented();
    assert!(documented.len() > 2, "{documented:?}");
    for (method, path) in &documented {
        let status = running.status(method, path, "").await;
        // A hook asks its vendor's signature, and one of a connection that is not there tells so.
        let hook = path.starts_with("/v1/hooks/") && status == 404;
        assert!(status == 401 || hook, "{method} {path}: {status}");
    }
    for path in [
        "/",
        "/topics",
        "/feedback",
        "/records",
        "/report",
        "/times",
        "/metrics",
        "/v1/openapi.json",
        "/v1/nothing",
        "/nothing",
        "/logout",
    ] {
        assert_eq!(running.status("GET", path, "").await, 401, "{path}");
        assert_eq!(running.status("GET", path, "accept: text/html\r\n").await, 401, "{path}");
        assert_eq!(running.status("GET", path, &sender).await, sender_gets(path), "{path}");
    }
    let (status, metrics) = running.ask("GET", "/metrics", &viewer).await;
    assert_eq!(status, 200);
    for name in [
        "verbatim_http_requests_total{route=\"/healthz\",status=\"2xx\"} 1",
        "verbatim_http_refused_tokens_total 0",
        "verbatim_http_refused_sign_ins_total 0",
        "verbatim_serve_job_runs_total{job=\"alerts\"} 0",
        "verbatim_deliver_attempts_total 0",
        "verbatim_gateway_waiting_bytes 0",
        "verbatim_worker_messages_read_total 0",
        "verbatim_live_records",
    ] {
        assert!(metrics.contains(name), "{name}: {metrics}");
    }
    let (status, document) = running.ask("GET", "/v1/openapi.json", &viewer).await;
    assert!(status == 200 && document.contains("\"/v1/events\""), "{status}");
    let json = format!("{sender}content-type: application/json\r\n");
    assert_eq!(running.status("POST", "/v1/events", &json).await, 400, "there is nothing in it");
    assert_eq!(running.status("POST", "/v1/events", &viewer).await, 403);
    running.stop().await;
}

/// To sign out there is a form; all else a sender may not look at.
fn sender_gets(path: &str) -> u16 {
    if path == "/logout" { 405 } else { 403 }
}

#[tokio::test(flavor = "multi_thread")]
async fn it_is_ready_when_the_tables_were_read_and_says_why_not_to_who_may_see_it() {
    let dir = tempfile::tempdir().unwrap();
    let context = context(&dir, "127.0.0.1:0");
    let viewer = format!("authorization: Bearer {}\r\n", token(&context, "jane", Role::Viewer));
    let running = start(context).await;
    // It follows the tables by itself; there is nothing in them yet.
    let ready = async { while running.status("GET", "/readyz", "").await != 200 {} };
    tokio::time::timeout(Duration::from_secs(60), ready).await.expect("it becomes ready");
    let (_, bare) = running.ask("GET", "/readyz", "").await;
    assert!(bare.ends_with("{\"ready\":true}"), "{bare}");
    let (_, whole) = running.ask("GET", "/readyz", &viewer).await;
    assert!(whole.contains("\"store\":{\"ok\":true") && whole.contains("\"intake\":{\"ok\":true"), "{whole}");
    let (_, status) = running.ask("GET", "/v1/status", &viewer).await;
    assert!(status.contains("\"encoder\":\"built-in\",\"judges\":[\"builtin-1:"), "{status}");
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn links_of_earlier_messages_lead_where_their_pages_are() {
    let dir = tempfile::tempdir().unwrap();
    let context = context(&dir, "127.0.0.1:0");
    let viewer = format!("authorization: Bearer {}\r\n", token(&context, "jane", Role::Viewer));
    let running = start(context).await;
    for (from, to) in [
        ("/records?record=r3&segment=", "/feedback?record=r3&segment=%28none%29"),
        ("/report?from=2026-03-02&to=2026-03-08", "/?from=2026-03-02&to=2026-03-08"),
        ("/times?from=2026-03-02&owner=the%20desk", "/cases?state=all&from=2026-03-02&owner=the+desk"),
    ] {
        let (status, answer) = running.ask("GET", from, &viewer).await;
        assert_eq!(status, 308, "{from}");
        assert!(answer.contains(&format!("\r\nlocation: {to}\r\n")), "{from}: {answer}");
    }
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_door_that_cannot_be_opened_says_why() {
    let dir = tempfile::tempdir().unwrap();
    let first = Door::open(&context(&dir, "127.0.0.1:0").loaded).await.unwrap().unwrap();
    let taken = first.address.to_string();
    let error = |listen: String| {
        let context = context(&dir, &listen);
        async move { format!("{:#}", Door::open(&context.loaded).await.err().unwrap()) }
    };
    let said = error(taken.clone()).await;
    assert!(said.starts_with(&format!("server.listen {taken}: another program listens there")), "{said}");
    let said = error("192.0.2.1:8080".to_owned()).await;
    assert!(said.contains("server.listen: other machines reach 192.0.2.1:8080"), "{said}");
    assert!(Door::open(&context(&dir, "").loaded).await.unwrap().is_none());
}
