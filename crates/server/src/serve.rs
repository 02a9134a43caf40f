//! The accept loop: sockets in, answers out, within bounds.
//!
//! So many connections at once, and whoever comes beyond them waits where the system keeps them; a head that does not
//! come, a request that takes too long and an answer that nobody takes end. HTTP/1.1 alone: in front of the open internet
//! stands a proxy.

mod patient;
mod time;

pub(crate) use time::{Clock, within};
pub use tokio::net::TcpListener as Listener;

use crate::metrics::{ServerMetrics, Under};
use axum::Router;
use axum::extract::{ConnectInfo, Request};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::{GracefulConnection, GracefulShutdown};
use patient::Patient;
use std::io::{self, ErrorKind};
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;
use tokio::net::TcpStream;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::task::JoinSet;
use tower::Service as _;

/// A request's first line and headers; more is answered with 431. Headers may be a hundred.
const MOST_OF_HEAD: usize = 32 << 10;
/// What is read from a socket at once, and held until somebody takes it.
const MOST_AT_ONCE: usize = 64 << 10;
/// Where the system has no more sockets to give it is asked again after this.
const NO_SOCKETS: Duration = Duration::from_millis(250);

/// The bounds of connections.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// At once.
    pub connections: usize,
    /// From a connection's beginning, or its last answer, to the whole head of its next request.
    pub head: Duration,
    /// For so long an answer may wait for whoever takes it.
    pub stall: Duration,
    /// After somebody has asked to stop, what runs may end within this.
    pub grace: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections: 512,
            head: Duration::from_secs(15),
            stall: Duration::from_secs(30),
            grace: Duration::from_secs(8),
        }
    }
}

/// Takes a port.
///
/// # Errors
/// Where somebody else has it, or it cannot be had.
pub async fn listen(address: SocketAddr) -> io::Result<Listener> {
    Listener::bind(address).await
}

/// Answers until `stop`; then takes nothing on, and ends when what runs has ended, or the grace is over.
pub async fn serve(
    listener: Listener,
    router: Router,
    limits: Limits,
    metrics: Arc<ServerMetrics>,
    stop: impl Future<Output = ()>,
) {
    let room = Arc::new(Semaphore::new(limits.connections));
    let (graceful, mut tasks) = (GracefulShutdown::new(), JoinSet::new());
    let mut stop = pin!(stop);
    loop {
        let (stream, peer, place) = tokio::select! {
            () = &mut stop => break,
            accepted = accept(&listener, &room) => accepted,
        };
        // Those that are over.
        while tasks.try_join_next().is_some() {}
        let connection = graceful.watch(connection(stream, peer, router.clone(), limits));
        let metrics = Arc::clone(&metrics);
        tasks.spawn(async move {
            metrics.accepted.fetch_add(1, Ordering::Relaxed);
            let _open = Under::way(&metrics.connections);
            if connection.await.is_err() {
                metrics.cut.fetch_add(1, Ordering::Relaxed);
            }
            drop(place);
        });
    }
    drop(listener);
    if tokio::time::timeout(limits.grace, graceful.shutdown()).await.is_err() {
        tracing::info!(connections = tasks.len(), "cut off: they did not end in time");
    }
    tasks.shutdown().await;
}

/// The next connection, once there is a place for it: until then it waits in the system's queue, which is bounded too.
async fn accept(
    listener: &Listener,
    room: &Arc<Semaphore>,
) -> (TcpStream, SocketAddr, Option<OwnedSemaphorePermit>) {
    // It is never closed.
    let place = Arc::clone(room).acquire_owned().await.ok();
    loop {
        match listener.accept().await {
            Ok((stream, peer)) => return (stream, peer, place),
            // Gone before it was taken.
            Err(error)
                if matches!(error.kind(), ErrorKind::ConnectionAborted | ErrorKind::ConnectionReset) => {}
            Err(error) => {
                tracing::warn!(
                    error = &error as &dyn std::error::Error,
                    "no connection can be accepted for now"
                );
                tokio::time::sleep(NO_SOCKETS).await;
            }
        }
    }
}

fn connection(
    stream: TcpStream,
    peer: SocketAddr,
    router: Router,
    limits: Limits,
) -> impl GracefulConnection<Error = hyper::Error> + Send + 'static {
    // Answers are written whole: to wait for more of them only makes them late. Where it cannot be set they are.
    let _ = stream.set_nodelay(true);
    let service = service_fn(move |mut request: Request<Incoming>| {
        request.extensions_mut().insert(ConnectInfo(peer));
        router.clone().call(request)
    });
    let mut builder = http1::Builder::new();
    builder
        .timer(TokioTimer::new())
        .header_read_timeout(limits.head)
        .max_header_size(MOST_OF_HEAD)
        .max_buf_size(MOST_AT_ONCE);
    builder.serve_connection(TokioIo::new(Patient::new(stream, limits.stall)), service)
}

#[cfg(test)]
mod tests;
