//! What a request may take, from its head to the head of its answer.

use crate::metrics::ServerMetrics;
use crate::problem::Problem;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use bytes::Bytes;
use hyper::body::{Body as _, Frame, SizeHint};
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::time::timeout;

/// What [`within`] goes by.
#[derive(Clone)]
pub(crate) struct Clock {
    pub time: Duration,
    pub metrics: Arc<ServerMetrics>,
}

/// Answers in place of what takes too long: 408 where the client did not send all, 503 where this server was slow.
pub(crate) async fn within(State(clock): State<Clock>, request: Request, next: Next) -> Response {
    let whole = Arc::new(AtomicBool::new(request.body().is_end_stream()));
    let told = Arc::clone(&whole);
    let request = request.map(|body| Body::new(Watched { body, whole: told }));
    match timeout(clock.time, next.run(request)).await {
        Ok(response) => response,
        Err(_) => {
            clock.metrics.timeouts.fetch_add(1, Ordering::Relaxed);
            too_late(whole.load(Ordering::Relaxed), clock.time)
        }
    }
}

fn too_late(whole: bool, time: Duration) -> Response {
    if whole {
        return Problem::unavailable("this took too long: ask for less, or try again later").into_response();
    }
    let told = format!("the request did not come whole within {} seconds", time.as_secs());
    let mut response = Problem::new(StatusCode::REQUEST_TIMEOUT, told).into_response();
    // What of it is still on its way is nobody's request.
    response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
    response
}

/// A body that tells when all of it was read.
struct Watched {
    body: Body,
    whole: Arc<AtomicBool>,
}

impl hyper::body::Body for Watched {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let polled = Pin::new(&mut self.body).poll_frame(cx);
        if matches!(polled, Poll::Ready(None)) || self.body.is_end_stream() {
            self.whole.store(true, Ordering::Relaxed);
        }
        polled
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::Router;
    use axum::middleware::from_fn_with_state;
    use axum::routing::post;
    use futures::StreamExt as _;
    use futures::stream;
    use std::convert::Infallible;
    use tower::ServiceExt as _;

    async fn asked(body: Body) -> (StatusCode, u64) {
        let clock = Clock { time: Duration::from_millis(20), metrics: Arc::default() };
        let metrics = Arc::clone(&clock.metrics);
        let router = Router::new()
            .route("/read", post(|_: Bytes| std::future::pending::<()>()))
            .layer(from_fn_with_state(clock, within));
        let response = router.oneshot(Request::post("/read").body(body).unwrap()).await.unwrap();
        (response.status(), metrics.timeouts.load(Ordering::Relaxed))
    }

    #[tokio::test]
    async fn whoever_is_late_is_told() {
        assert_eq!(asked(Body::from("all of it")).await, (StatusCode::SERVICE_UNAVAILABLE, 1));
        assert_eq!(asked(Body::empty()).await, (StatusCode::SERVICE_UNAVAILABLE, 1));
        let part = stream::iter([Ok::<_, Infallible>("a part")]).chain(stream::pending());
        assert_eq!(asked(Body::from_stream(part)).await, (StatusCode::REQUEST_TIMEOUT, 1));
    }

    #[tokio::test]
    async fn what_is_in_time_passes_with_its_body() {
        let clock = Clock { time: Duration::from_secs(30), metrics: Arc::default() };
        let router = Router::new()
            .route("/echo", post(|body: Bytes| async { body }))
            .layer(from_fn_with_state(clock, within));
        let response =
            router.oneshot(Request::post("/echo").body(Body::from("words")).unwrap()).await.unwrap();
        assert_eq!(axum::body::to_bytes(response.into_body(), 100).await.unwrap(), "words");
    }
}
