//! Over real sockets of this machine. Nothing here waits for a time of its own: what is awaited is what happens.

use super::*;
use axum::routing::get;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::sync::{Notify, oneshot};
use tokio::task::JoinHandle;

struct Running {
    address: SocketAddr,
    metrics: Arc<ServerMetrics>,
    stop: oneshot::Sender<()>,
    task: JoinHandle<()>,
}

async fn start(router: Router, limits: Limits) -> Running {
    let listener = listen("127.0.0.1:0".parse().unwrap()).await.unwrap();
    let address = listener.local_addr().unwrap();
    let metrics = Arc::<ServerMetrics>::default();
    let (stop, stopped) = oneshot::channel();
    let until = async { drop(stopped.await) };
    let task = tokio::spawn(serve(listener, router, limits, Arc::clone(&metrics), until));
    Running { address, metrics, stop, task }
}

async fn connect(running: &Running) -> TcpStream {
    TcpStream::connect(running.address).await.unwrap()
}

/// All that comes until the other end closes.
async fn rest(mut stream: TcpStream) -> String {
    let mut all = Vec::new();
    // A connection that is cut may end by a reset.
    let _ = stream.read_to_end(&mut all).await;
    String::from_utf8(all).unwrap()
}

async fn ask(running: &Running) -> String {
    let mut stream = connect(running).await;
    stream.write_all(b"GET / HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n").await.unwrap();
    rest(stream).await
}

async fn who(ConnectInfo(peer): ConnectInfo<SocketAddr>) -> String {
    peer.ip().to_string()
}

fn hello() -> Router {
    Router::new().route("/", get(who))
}

#[tokio::test]
async fn it_answers_and_knows_who_asks() {
    let running = start(hello(), Limits::default()).await;
    let answer = ask(&running).await;
    assert!(answer.starts_with("HTTP/1.1 200 OK\r\n") && answer.ends_with("127.0.0.1"), "{answer}");
    running.stop.send(()).unwrap();
    running.task.await.unwrap();
    assert!(TcpStream::connect(running.address).await.is_err(), "nobody listens any more");
}

#[tokio::test]
async fn a_head_that_does_not_come_is_cut() {
    let limits = Limits { head: Duration::from_millis(50), ..Limits::default() };
    let running = start(hello(), limits).await;
    let (silent, mut slow) = (connect(&running).await, connect(&running).await);
    slow.write_all(b"GET / HTTP/1.1\r\nhost: local").await.unwrap();
    assert!(!rest(silent).await.contains("200 OK"));
    assert!(!rest(slow).await.contains("200 OK"));
    assert!(ask(&running).await.contains("200 OK"));
}

#[tokio::test]
async fn a_head_that_is_too_long_is_refused() {
    let running = start(hello(), Limits::default()).await;
    for head in [format!("long: {}\r\n", "x".repeat(MOST_OF_HEAD)), "many: x\r\n".repeat(200)] {
        let mut stream = connect(&running).await;
        let request = format!("GET / HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n{head}\r\n");
        // It may be refused before all of it is sent.
        let _ = stream.write_all(request.as_bytes()).await;
        let answer = rest(stream).await;
        assert!(!answer.contains("200 OK"), "{answer}");
    }
}

#[tokio::test]
async fn who_comes_beyond_the_limit_waits_and_is_answered() {
    let (entered, leave) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
    let (inside, go) = (Arc::clone(&entered), Arc::clone(&leave));
    let held = move || {
        let (inside, go) = (Arc::clone(&inside), Arc::clone(&go));
        async move {
            inside.notify_one();
            go.notified().await;
            "held"
        }
    };
    let router = hello().route("/held", get(held));
    let running = start(router, Limits { connections: 2, ..Limits::default() }).await;
    let mut holding = Vec::new();
    for _ in 0..2 {
        let mut stream = connect(&running).await;
        stream
            .write_all(b"GET /held HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n")
            .await
            .unwrap();
        entered.notified().await;
        holding.push(stream);
    }
    // The system has taken this one, and the server has not: both places are held.
    let mut waits = connect(&running).await;
    waits.write_all(b"GET / HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n").await.unwrap();
    assert_eq!(running.metrics.accepted.load(Ordering::Relaxed), 2);
    leave.notify_one();
    assert!(rest(waits).await.contains("200 OK"), "in the place of one that left");
    leave.notify_one();
    for stream in holding {
        assert!(rest(stream).await.ends_with("held"));
    }
    assert_eq!(running.metrics.accepted.load(Ordering::Relaxed), 3);
}

#[tokio::test]
async fn what_runs_ends_before_it_stops_and_idle_connections_do_not_hold_it_up() {
    let (entered, leave) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
    let (inside, go) = (Arc::clone(&entered), Arc::clone(&leave));
    let held = move || {
        let (inside, go) = (Arc::clone(&inside), Arc::clone(&go));
        async move {
            inside.notify_one();
            go.notified().await;
            "whole"
        }
    };
    let running = start(Router::new().route("/", get(held)), Limits::default()).await;
    let _idle = connect(&running).await;
    let mut stream = connect(&running).await;
    stream.write_all(b"GET / HTTP/1.1\r\nhost: localhost\r\n\r\n").await.unwrap();
    entered.notified().await;
    running.stop.send(()).unwrap();
    leave.notify_one();
    assert!(rest(stream).await.ends_with("whole"));
    running.task.await.unwrap();
}

#[tokio::test]
async fn what_does_not_end_is_cut_off_after_the_grace() {
    let entered = Arc::new(Notify::new());
    let inside = Arc::clone(&entered);
    let stuck = move || {
        let inside = Arc::clone(&inside);
        async move {
            inside.notify_one();
            std::future::pending::<()>().await;
        }
    };
    let limits = Limits { grace: Duration::from_millis(20), ..Limits::default() };
    let running = start(Router::new().route("/", get(stuck)), limits).await;
    let mut stream = connect(&running).await;
    stream.write_all(b"GET / HTTP/1.1\r\nhost: localhost\r\n\r\n").await.unwrap();
    entered.notified().await;
    running.stop.send(()).unwrap();
    running.task.await.unwrap();
    assert_eq!(rest(stream).await, "");
}
