//! An answer as whoever asked needs it: with what browsers have to be told, and errors as pages where a person looks.
//!
//! Invariants:
//! - What is for programs (`/v1`, `/healthz`, `/readyz`, `/metrics`, `/assets`) answers an error as a problem, whatever the
//!   request accepts.
//! - So does every page, unless the request accepts HTML by its name and JSON no more than that: to `*/*`, or where nothing is
//!   said, an error is a problem.

use crate::auth::is_from_elsewhere;
use crate::pages::{login, trouble};
use crate::problem::{CONTENT_TYPE, Problem};
use axum::Router;
use axum::body::to_bytes;
use axum::extract::Request;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse as _, Response};

/// Nothing but our own: no script of a page's text, no frame around it, no address of another site in what is asked of it.
const POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; connect-src 'self'; \
                      form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// Of what a layer or an extractor says in plain text this much is told on.
const MOST_OF_PLAIN: usize = 4096;

/// Dresses all that a router answers. Around it as a whole: which methods an address takes is told outside of what is laid
/// around its routes.
pub(super) fn dressed(router: Router) -> Router {
    Router::new().fallback_service(router).layer(from_fn(dress))
}

async fn dress(request: Request, next: Next) -> Response {
    let asked = Asked::of(&request);
    let response = next.run(request).await;
    let mut response = asked.told(response).await;
    secure(response.headers_mut());
    response
}

/// What an error's form goes by.
struct Asked {
    /// A browser asks for a page.
    is_page: bool,
    /// And would come back to it.
    address: String,
    from_elsewhere: bool,
}

impl Asked {
    fn of(request: &Request) -> Self {
        let (path, headers) = (request.uri().path(), request.headers());
        let is_page = prefers_pages(headers) && !is_for_programs(path);
        let is_get = request.method() == Method::GET;
        let whole = request.uri().path_and_query().map_or("/", |whole| whole.as_str());
        Self {
            is_page,
            address: if is_get { whole } else { "/" }.to_owned(),
            from_elsewhere: is_get && is_from_elsewhere(headers),
        }
    }

    /// As it is where it is no error.
    async fn told(&self, response: Response) -> Response {
        if !response.status().is_client_error() && !response.status().is_server_error() {
            return response;
        }
        let response = as_problem(response).await;
        let Some(problem) = response.extensions().get::<Problem>() else { return response };
        match (self.is_page, is_html(&response)) {
            // A page of its own tells of the problem, beside what can be mended.
            (true, true) | (false, false) => response,
            (true, false) => self.page(problem, response.headers()),
            (false, true) => {
                let mut told = problem.clone().into_response();
                keep(response.headers(), told.headers_mut());
                told
            }
        }
    }

    fn page(&self, problem: &Problem, of: &HeaderMap) -> Response {
        let page = if problem.status == StatusCode::UNAUTHORIZED {
            login::page(&self.address, None)
        } else {
            trouble::page(problem)
        };
        let mut page = (problem.status, page).into_response();
        keep(of, page.headers_mut());
        if self.from_elsewhere && page.status() == StatusCode::UNAUTHORIZED {
            // A browser keeps a session's cookie back when a mail or another site led here. It comes with what our own
            // page asks for: so this one asks once more, and is not from elsewhere then.
            page.headers_mut().insert(HeaderName::from_static("refresh"), HeaderValue::from_static("0"));
        }
        page
    }
}

fn is_for_programs(path: &str) -> bool {
    let below = ["/v1/", "/assets/"];
    matches!(path, "/v1" | "/healthz" | "/readyz" | "/metrics")
        || below.iter().any(|start| path.starts_with(start))
}

fn prefers_pages(headers: &HeaderMap) -> bool {
    let values = headers.get_all(header::ACCEPT).iter().filter_map(|value| value.to_str().ok());
    let accepted: Vec<(String, f32)> = values.flat_map(|value| value.split(',')).map(accepted).collect();
    let wanted = |kinds: [&str; 2]| {
        let named = accepted.iter().filter(|(kind, _)| kinds.contains(&kind.as_str()));
        named.map(|(_, quality)| *quality).fold(0.0, f32::max)
    };
    let page = wanted(["text/html", "application/xhtml+xml"]);
    page > 0.0 && page >= wanted(["application/json", CONTENT_TYPE])
}

/// A kind of content, and how much it is wanted, from 0 to 1: `text/html;q=0.8`.
fn accepted(range: &str) -> (String, f32) {
    let mut parts = range.split(';').map(str::trim);
    let kind = parts.next().unwrap_or_default().to_ascii_lowercase();
    let quality = parts.find_map(|part| part.strip_prefix(['q', 'Q'])?.trim_start().strip_prefix('='));
    (kind, quality.map_or(1.0, |quality| quality.trim().parse().unwrap_or(0.0)))
}

fn is_html(response: &Response) -> bool {
    let kind = response.headers().get(header::CONTENT_TYPE);
    kind.is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"))
}

/// What the libraries below say in plain text, as everything else says it.
async fn as_problem(response: Response) -> Response {
    let kind = response.headers().get(header::CONTENT_TYPE).map(HeaderValue::as_bytes);
    let is_plain = kind.is_none_or(|kind| kind.starts_with(b"text/plain"));
    if !is_plain || response.extensions().get::<Problem>().is_some() {
        return response;
    }
    let (parts, body) = response.into_parts();
    let text = to_bytes(body, MOST_OF_PLAIN).await.unwrap_or_default();
    let text = String::from_utf8_lossy(&text);
    let detail = match (parts.status, text.trim()) {
        (StatusCode::METHOD_NOT_ALLOWED, _) => other_method(&parts.headers),
        (status, "") => status.canonical_reason().unwrap_or_default().to_owned(),
        (_, text) => text.to_owned(),
    };
    let mut told = Problem::new(parts.status, detail).into_response();
    keep(&parts.headers, told.headers_mut());
    told
}

/// What the router says in a header alone.
fn other_method(headers: &HeaderMap) -> String {
    let allowed = headers.get(header::ALLOW).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let methods: Vec<&str> = allowed.split(',').map(str::trim).filter(|method| !method.is_empty()).collect();
    match methods.as_slice() {
        [] => "this address is asked by another method".to_owned(),
        methods => format!("this address is asked by another method: {}", methods.join(" or ")),
    }
}

/// Headers that say something of the request and not of the body.
fn keep(from: &HeaderMap, to: &mut HeaderMap) {
    for name in
        [header::ALLOW, header::CONNECTION, header::RETRY_AFTER, header::WWW_AUTHENTICATE, header::SET_COOKIE]
    {
        if let Some(value) = from.get(&name) {
            to.insert(name, value.clone());
        }
    }
}

fn secure(headers: &mut HeaderMap) {
    for (name, value) in [
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        // Not "no-referrer": with that a browser hides even from us that a form is our own.
        (header::REFERRER_POLICY, "same-origin"),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    // Whatever holds feedback is kept by nobody on its way; what may be kept says so itself.
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::body::Body;
    use axum::extract::Query;
    use axum::response::Html;
    use axum::routing::{get, post};
    use serde::Deserialize;
    use tower::ServiceExt as _;

    #[derive(Deserialize)]
    struct Numbered {
        n: u32,
    }

    fn router() -> Router {
        let routes = Router::new()
            .route("/page", get(|Query(asked): Query<Numbered>| async move { asked.n.to_string() }))
            .route("/v1/list", get(|| async { Problem::not_found("no <such> list") }))
            .route("/private", get(|| async { Problem::unauthorized() }))
            .route("/gone", get(|| async { Problem::not_found("no <such> page") }))
            .route("/own", get(|| async { trouble::within(Problem::bad_request("no"), Html("<form>")) }))
            .route("/kept", get(|| async { ([(header::CACHE_CONTROL, "public")], "x") }))
            .route("/both", get(|| async { "x" }).post(|| async { "x" }))
            .route("/v1/taken", post(|| async { "x" }));
        dressed(routes)
    }

    async fn ask(path: &str, named: &[(&'static str, &str)]) -> (StatusCode, HeaderMap, String) {
        let mut request = Request::get(path).body(Body::empty()).unwrap();
        for (name, value) in named {
            request.headers_mut().insert(*name, value.parse().unwrap());
        }
        let response = router().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let body = to_bytes(body, usize::MAX).await.unwrap();
        (parts.status, parts.headers, String::from_utf8(body.to_vec()).unwrap())
    }

    const BROWSER: (&str, &str) = ("accept", "text/html,application/xhtml+xml;q=0.9,*/*;q=0.8");

    #[tokio::test]
    async fn every_answer_says_what_browsers_have_to_know() {
        for path in ["/page?n=1", "/v1/list", "/private", "/no/such"] {
            let (_, headers, _) = ask(path, &[BROWSER]).await;
            assert_eq!(headers[header::CONTENT_SECURITY_POLICY], POLICY, "{path}");
            assert_eq!(headers[header::X_CONTENT_TYPE_OPTIONS], "nosniff", "{path}");
            assert_eq!(headers[header::CACHE_CONTROL], "no-store", "{path}");
        }
        assert_eq!(ask("/kept", &[]).await.1[header::CACHE_CONTROL], "public");
    }

    #[tokio::test]
    async fn a_person_gets_a_page_and_a_program_json() {
        let (status, headers, body) = ask("/gone", &[BROWSER]).await;
        assert_eq!(
            (status, headers[header::CONTENT_TYPE].as_bytes()),
            (StatusCode::NOT_FOUND, &b"text/html; charset=utf-8"[..])
        );
        assert!(body.contains("no &lt;such&gt; page") && !body.contains("<such>"), "{body}");
        for (path, named) in [
            ("/gone", &[][..]),
            ("/v1/list", &[BROWSER][..]),
            ("/gone", &[("accept", "application/json")][..]),
        ] {
            let (status, headers, body) = ask(path, named).await;
            assert_eq!(
                (status, &headers[header::CONTENT_TYPE]),
                (StatusCode::NOT_FOUND, &HeaderValue::from_static(CONTENT_TYPE))
            );
            assert!(body.contains("\"status\":404"), "{body}");
        }
    }

    #[test]
    fn a_page_is_what_is_asked_for_by_its_name() {
        let prefers = |accepts: &[&str]| {
            let mut headers = HeaderMap::new();
            for accepts in accepts {
                headers.append(header::ACCEPT, accepts.parse().unwrap());
            }
            prefers_pages(&headers)
        };
        for pages in [
            &[BROWSER.1][..],
            &["text/html"],
            &["TEXT/HTML; level=1; q=0.3, */*"],
            &["text/html, application/json"],
            &["application/json;q=0.5", "text/html; q = 0.9"],
        ] {
            assert!(prefers(pages), "{pages:?}");
        }
        for programs in [
            &[][..],
            &["*/*"],
            &["text/*"],
            &["application/json"],
            &["application/json, text/html;q=0.9, */*;q=0.8"],
            &["application/problem+json", "text/html;q=0.1"],
            &["text/html;q=0"],
            &["text/html;q=much"],
        ] {
            assert!(!prefers(programs), "{programs:?}");
        }
    }

    #[tokio::test]
    async fn a_page_that_tells_of_a_problem_is_for_people_alone() {
        let (status, _, body) = ask("/own", &[BROWSER]).await;
        assert_eq!((status, body.as_str()), (StatusCode::BAD_REQUEST, "<form>"));
        for named in [&[][..], &[("accept", "*/*")]] {
            let (status, headers, body) = ask("/own", named).await;
            assert_eq!(
                (status, headers[header::CONTENT_TYPE].as_bytes()),
                (StatusCode::BAD_REQUEST, CONTENT_TYPE.as_bytes())
            );
            assert!(body.contains("\"detail\":\"no\""), "{body}");
        }
    }

    #[tokio::test]
    async fn another_method_is_answered_with_those_that_there_are() {
        for (path, method, allowed, told) in [
            ("/v1/taken", Method::GET, "POST", "another method: POST\""),
            ("/gone", Method::DELETE, "GET,HEAD", "another method: GET or HEAD\""),
            ("/both", Method::PUT, "GET,HEAD,POST", "another method: GET or HEAD or POST\""),
        ] {
            let request = Request::builder().method(method).uri(path).body(Body::empty()).unwrap();
            let response = router().oneshot(request).await.unwrap();
            assert_eq!(response.status(), StatusCode::METHOD_NOT_ALLOWED, "{path}");
            assert_eq!(response.headers()[header::ALLOW], allowed, "{path}");
            let body = to_bytes(response.into_body(), usize::MAX).await.unwrap();
            let body = String::from_utf8_lossy(&body);
            assert!(body.contains(told) && body.contains("\"status\":405"), "{path}: {body}");
        }
    }

    #[tokio::test]
    async fn who_has_to_sign_in_gets_the_login_in_place_of_the_page() {
        let (status, headers, body) = ask("/private?q=%22a%22&x=1", &[BROWSER]).await;
        assert_eq!(status, StatusCode::UNAUTHORIZED);
        assert!(headers.contains_key(header::WWW_AUTHENTICATE) && !headers.contains_key("refresh"));
        assert!(
            body.contains("action=\"/login\"") && body.contains("value=\"/private?q=%22a%22&amp;x=1\""),
            "{body}"
        );
        // A link in a mail: the cookie comes with the second try.
        let (_, headers, _) = ask("/private", &[BROWSER, ("sec-fetch-site", "cross-site")]).await;
        assert_eq!(headers["refresh"], "0");
        let (status, headers, _) = ask("/private", &[BROWSER, ("sec-fetch-site", "same-origin")]).await;
        assert_eq!((status, headers.contains_key("refresh")), (StatusCode::UNAUTHORIZED, false));
    }

    #[tokio::test]
    async fn what_a_library_says_plainly_is_a_problem_too() {
        let (status, headers, body) = ask("/page?n=x", &[]).await;
        assert_eq!(
            (status, headers[header::CONTENT_TYPE].as_bytes()),
            (StatusCode::BAD_REQUEST, CONTENT_TYPE.as_bytes())
        );
        assert!(body.contains("\"title\":\"Bad Request\"") && body.contains("invalid digit"), "{body}");
        let (status, _, body) = ask("/no/such", &[]).await;
        assert!(status == StatusCode::NOT_FOUND && body.contains("\"detail\":\"Not Found\""), "{body}");
    }
}
