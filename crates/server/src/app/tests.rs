use super::*;
use axum::body::{Body, to_bytes};
use axum::http::StatusCode;
use std::sync::atomic::AtomicU64;
use tower::ServiceExt as _;

fn counted(router: Router) -> (Router, Arc<ServerMetrics>) {
    let metrics = Arc::<ServerMetrics>::default();
    let router = router
        .layer(from_fn_with_state(Arc::clone(&metrics), caught))
        .layer(from_fn_with_state(Arc::clone(&metrics), observed));
    (router, metrics)
}

fn value(counter: &AtomicU64) -> u64 {
    counter.load(Ordering::Relaxed)
}

async fn breaks() -> &'static str {
    panic!("what a customer wrote")
}

#[tokio::test]
async fn a_defect_ends_one_request_and_tells_nothing() {
    let (router, metrics) = counted(Router::new().route("/{x}", get(breaks)));
    let request = || Request::get("/a?q=words").body(Body::empty()).unwrap();
    for n in 1..3 {
        let response = router.clone().oneshot(request()).await.unwrap();
        assert_eq!(response.status(), StatusCode::INTERNAL_SERVER_ERROR);
        let body = to_bytes(response.into_body(), 10_000).await.unwrap();
        assert!(!String::from_utf8_lossy(&body).contains("customer"), "{body:?}");
        assert_eq!((value(&metrics.panics), value(&metrics.running)), (n, 0));
    }
}

#[tokio::test]
async fn requests_are_counted_by_the_route_that_they_matched() {
    let (router, metrics) = counted(Router::new().route("/cases/{id}", get(|| async { "x" })));
    for path in ["/cases/1", "/cases/2?words=secret", "/secret/path"] {
        router.clone().oneshot(Request::get(path).body(Body::empty()).unwrap()).await.unwrap();
    }
    let text = metrics.render();
    for line in [
        "verbatim_http_requests_total{route=\"/cases/{id}\",status=\"2xx\"} 2",
        "verbatim_http_requests_total{route=\"none\",status=\"4xx\"} 1",
    ] {
        assert!(text.contains(line), "{line}\n{text}");
    }
    assert!(!text.contains("secret"), "{text}");
}

#[test]
fn the_document_tells_of_what_is_below_v1_and_how_one_is_known() {
    let document = serde_json::to_value(document()).unwrap();
    let paths = document["paths"].as_object().unwrap();
    assert!(paths.keys().all(|path| path.starts_with("/v1/")), "{:?}", paths.keys());
    assert!(paths.contains_key("/v1/events"));
    assert_eq!(document["components"]["securitySchemes"]["token"]["scheme"], "bearer");
    assert_eq!(document["security"][0]["token"], serde_json::json!([]));
}
