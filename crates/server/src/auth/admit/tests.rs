use super::super::{AccessOptions, Admin, Editor, Form, Sender, TokenFile};
use super::*;
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::ConnectInfo;
use axum::http::{Extensions, HeaderMap, StatusCode, header};
use axum::middleware::from_fn_with_state;
use axum::routing::{get, post};
use serde::Deserialize;
use std::net::SocketAddr;
use tower::ServiceExt as _;

/// Every kind of route, behind the layer.
struct Gate {
    dir: tempfile::TempDir,
    access: Access,
    router: Router,
}

#[derive(Deserialize)]
struct Said {
    words: String,
}

async fn who(caller: Option<Caller>) -> String {
    caller.map_or("nobody".to_owned(), |caller| format!("{} {}", caller.name, caller.role))
}

fn gate(change: impl FnOnce(&mut AccessOptions)) -> Gate {
    let dir = tempfile::tempdir().unwrap();
    let tokens = TokenFile::new(dir.path().join("tokens"));
    let mut options = AccessOptions { tokens, open_on_loopback: false, behind_proxy: false, address: None };
    change(&mut options);
    let access = Access::new(options);
    let router = Router::new()
        .route("/healthz", get(who))
        .route("/assets/{name}", get(who))
        .route("/login", get(who).post(who))
        .route("/logout", post(who))
        .route("/v1/hooks/{vendor}", post(who))
        .route("/v1/events", post(|Sender(caller): Sender| who(Some(caller))))
        .route("/v1/import/{vendor}", post(who))
        .route("/v1/records", get(who))
        // Its handler asks for nothing.
        .route("/v1/plain", post(who))
        .route("/v1/edited", post(|Editor(caller): Editor| who(Some(caller))))
        .route("/v1/administered", post(|Admin(caller): Admin| who(Some(caller))))
        .route("/said", post(|_: Editor, Form(said): Form<Said>| async move { said.words }))
        .layer(from_fn_with_state(access.clone(), admit));
    Gate { dir, access, router }
}

impl Gate {
    /// Made before the first request: the file is looked at once a second.
    fn token(&self, name: &str, role: Role) -> String {
        let file = TokenFile::new(self.dir.path().join("tokens"));
        file.create(name, role, None, now()).unwrap().0.reveal().to_owned()
    }

    async fn ask(
        &self,
        method: &str,
        path: &str,
        named: &[(&str, &str)],
        body: &str,
    ) -> (StatusCode, String) {
        self.ask_from("192.0.2.7:50000", method, path, named, body).await
    }

    async fn ask_from(
        &self,
        peer: &str,
        method: &str,
        path: &str,
        named: &[(&str, &str)],
        body: &str,
    ) -> (StatusCode, String) {
        let mut request =
            Request::builder().method(method).uri(path).body(Body::from(body.to_owned())).unwrap();
        request.headers_mut().insert(header::HOST, "verbatim.test:8080".parse().unwrap());
        for (name, value) in named {
            let name: header::HeaderName = name.parse().unwrap();
            request.headers_mut().insert(name, value.parse().unwrap());
        }
        request.extensions_mut().insert(ConnectInfo::<SocketAddr>(peer.parse().unwrap()));
        let response = self.router.clone().oneshot(request).await.unwrap();
        let status = response.status();
        let body = to_bytes(response.into_body(), usize::MAX).await.unwrap();
        (status, String::from_utf8(body.to_vec()).unwrap())
    }

    async fn status(&self, method: &str, path: &str, named: &[(&str, &str)]) -> u16 {
        self.ask(method, path, named, "").await.0.as_u16()
    }

    /// Signs in; the cookie as the browser sends it back, and the session's csrf token.
    fn sign_in(&self, token: &str) -> (String, String) {
        let (headers, extensions) = (HeaderMap::new(), Extensions::new());
        let cookie = self.access.sign_in(token, &headers, &extensions, now()).unwrap();
        let cookie = cookie.to_str().unwrap().split(';').next().unwrap().to_owned();
        let headers = HeaderMap::from_iter([(header::COOKIE, cookie.parse().unwrap())]);
        let caller = self.access.identify(&headers, &extensions, now()).unwrap().unwrap();
        assert_eq!(caller.by, By::Session);
        (cookie, caller.csrf().to_owned())
    }
}

/// What each may: methods, routes, and the answers to nobody, a sender, a viewer, an editor, an admin.
const MAY: [(&str, &str, [u16; 5]); 14] = [
    ("GET", "/healthz", [200, 200, 200, 200, 200]),
    ("GET", "/assets/style.css", [200, 200, 200, 200, 200]),
    ("GET", "/login", [200, 200, 200, 200, 200]),
    ("POST", "/login", [200, 200, 200, 200, 200]),
    ("POST", "/logout", [401, 200, 200, 200, 200]),
    ("POST", "/v1/hooks/zendesk", [200, 200, 200, 200, 200]),
    ("POST", "/v1/events", [401, 200, 403, 200, 200]),
    ("POST", "/v1/import/reddit", [401, 200, 403, 200, 200]),
    ("GET", "/v1/records", [401, 403, 200, 200, 200]),
    ("POST", "/v1/plain", [401, 403, 403, 200, 200]),
    ("POST", "/v1/edited", [401, 403, 403, 200, 200]),
    ("POST", "/v1/administered", [401, 403, 403, 403, 200]),
    ("GET", "/no/such/page", [401, 403, 404, 404, 404]),
    ("DELETE", "/v1/records", [401, 403, 403, 405, 405]),
];

#[tokio::test]
async fn each_role_gets_as_far_as_it_may_and_nobody_nowhere() {
    let gate = gate(|_| {});
    let tokens = Role::ALL.map(|role| format!("Bearer {}", gate.token(role.as_str(), role)));
    for (method, path, expected) in MAY {
        let mut found = vec![gate.status(method, path, &[]).await];
        for token in &tokens {
            found.push(gate.status(method, path, &[("authorization", token.as_str())]).await);
        }
        assert_eq!(found, expected, "{method} {path}");
    }
}

#[tokio::test]
async fn what_is_no_token_lets_nobody_in() {
    let gate = gate(|_| {});
    let token = gate.token("root", Role::Admin);
    let basic = |text: &str| {
        use base64::Engine as _;
        format!("Basic {}", base64::engine::general_purpose::STANDARD.encode(text))
    };
    for right in [format!("bearer {token}"), format!("Bearer  {token} "), basic(&format!("any one:{token}"))]
    {
        assert_eq!(
            gate.status("GET", "/v1/records", &[("authorization", right.as_str())]).await,
            200,
            "{right}"
        );
    }
    for wrong in [
        String::new(),
        "Bearer".to_owned(),
        "Bearer ".to_owned(),
        format!("Bearer {}", &token[..token.len() - 1]),
        format!("Bearer {token}x"),
        format!("Token {token}"),
        token.clone(),
        basic(&token),
        basic(&format!("{token}:")),
    ] {
        assert_eq!(
            gate.status("GET", "/v1/records", &[("authorization", wrong.as_str())]).await,
            401,
            "{wrong}"
        );
    }
}

#[tokio::test]
async fn who_is_wrong_too_often_waits_and_who_is_right_does_not() {
    let gate = gate(|_| {});
    let right = format!("Bearer {}", gate.token("jane", Role::Viewer));
    let mut found = Vec::new();
    for _ in 0..12 {
        found.push(gate.status("GET", "/v1/records", &[("authorization", "Bearer vbt_wrong")]).await);
    }
    assert_eq!(found, [vec![401; 10], vec![429; 2]].concat());
    assert_eq!(gate.status("GET", "/v1/records", &[("authorization", right.as_str())]).await, 200);
    let other = [("authorization", "Bearer vbt_wrong")];
    assert_eq!(
        gate.ask_from("192.0.2.8:1", "GET", "/v1/records", &other, "").await.0,
        StatusCode::UNAUTHORIZED
    );
    // What a vendor sends to a hook is no try.
    assert_eq!(gate.status("POST", "/v1/hooks/zendesk", &other).await, 200);
    let counted = gate.access.counters();
    assert!(counted.contains(&("verbatim_http_refused_tokens_total".to_owned(), 13)), "{counted:?}");
}

const FORM: (&str, &str) = ("content-type", "application/x-www-form-urlencoded");

#[tokio::test]
async fn a_session_changes_something_only_from_its_own_pages() {
    let gate = gate(|_| {});
    let tokens = ["jane", "joe", "ci"].map(|name| gate.token(name, Role::Editor));
    let ((cookie, csrf), (other, _)) = (gate.sign_in(&tokens[0]), gate.sign_in(&tokens[1]));
    let (cookie, csrf_header) = (("cookie", cookie.as_str()), ("x-csrf-token", csrf.as_str()));
    assert_eq!(
        gate.ask("GET", "/v1/records", &[cookie], "").await,
        (StatusCode::OK, "jane editor".to_owned())
    );
    let form = format!("csrf={csrf}&words=so+be%20it");
    let said = gate.ask("POST", "/said", &[cookie, FORM], &form).await;
    assert_eq!(said, (StatusCode::OK, "so be it".to_owned()), "the form is read after it was looked at");
    assert_eq!(gate.status("POST", "/v1/edited", &[cookie, csrf_header]).await, 200);
    let ours = [cookie, FORM, ("origin", "http://verbatim.test:8080"), ("sec-fetch-site", "same-origin")];
    assert_eq!(gate.ask("POST", "/said", &ours, &form).await.0, StatusCode::OK);
    // Each by itself is enough to be refused.
    for named in [
        vec![cookie],
        vec![cookie, FORM],
        vec![cookie, ("x-csrf-token", "wrong")],
        vec![("cookie", other.as_str()), csrf_header],
        vec![cookie, csrf_header, ("origin", "http://evil.example")],
        vec![cookie, csrf_header, ("origin", "null")],
        vec![cookie, csrf_header, ("sec-fetch-site", "cross-site")],
    ] {
        assert_eq!(gate.status("POST", "/v1/edited", &named).await, 403, "{named:?}");
        assert_eq!(gate.status("POST", "/v1/plain", &named).await, 403, "{named:?}");
        assert_eq!(gate.status("POST", "/logout", &named).await, 403, "{named:?}");
    }
    // A token needs none of it: no browser sends one by itself.
    let bearer = format!("Bearer {}", tokens[2]);
    let named = [("authorization", bearer.as_str()), ("origin", "http://evil.example")];
    assert_eq!(gate.status("POST", "/v1/edited", &named).await, 200);
}

#[tokio::test]
async fn a_login_that_another_site_asks_for_is_refused() {
    let gate = gate(|_| {});
    for (named, expected) in [
        (vec![FORM], 200),
        (vec![FORM, ("origin", "http://verbatim.test:8080")], 200),
        (vec![FORM, ("origin", "http://evil.example")], 403),
        (vec![FORM, ("sec-fetch-site", "cross-site")], 403),
    ] {
        assert_eq!(gate.status("POST", "/login", &named).await, expected, "{named:?}");
    }
}

#[tokio::test]
async fn this_machine_is_let_in_only_where_the_configuration_says_so_and_by_its_own_name() {
    let local = [("host", "localhost:8080")];
    let (shut, open) = (gate(|_| {}), gate(|options| options.open_on_loopback = true));
    let ask = async |gate: &Gate, peer: &str, method: &str, named: &[(&str, &str)]| {
        let path = if method == "GET" { "/v1/records" } else { "/v1/plain" };
        gate.ask_from(peer, method, path, named, "").await.0.as_u16()
    };
    assert_eq!(ask(&shut, "127.0.0.1:5", "GET", &local).await, 401);
    assert_eq!(ask(&open, "127.0.0.1:5", "GET", &local).await, 200);
    assert_eq!(ask(&open, "[::1]:5", "POST", &local).await, 200, "curl, say");
    assert_eq!(ask(&open, "192.0.2.7:5", "GET", &local).await, 401);
    assert_eq!(ask(&open, "127.0.0.1:5", "GET", &[("host", "evil.example:8080")]).await, 401);
    assert_eq!(ask(&open, "127.0.0.1:5", "GET", &[local[0], ("x-forwarded-for", "192.0.2.7")]).await, 401);
    assert_eq!(ask(&open, "127.0.0.1:5", "GET", &[local[0], ("authorization", "Bearer no")]).await, 401);
    assert_eq!(ask(&open, "127.0.0.1:5", "POST", &[local[0], ("origin", "http://evil.example")]).await, 403);
    assert_eq!(ask(&open, "127.0.0.1:5", "POST", &[local[0], ("sec-fetch-site", "cross-site")]).await, 403);
    assert_eq!(
        ask(&open, "127.0.0.1:5", "POST", &[local[0], ("origin", "http://localhost:8080")]).await,
        200
    );
}
