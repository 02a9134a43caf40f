//! Signing in and out: a token for a session.

use super::layout::bare;
use super::trouble;
use crate::auth::{By, Caller, Form, LOGIN, LOGOUT};
use crate::problem::Problem;
use crate::query::Fields;
use crate::state::{App, now};
use axum::Router;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{Html, IntoResponse as _, Redirect, Response};
use axum::routing::{get, post};
use maud::html;
use serde::Deserialize;

/// Longer than any address of ours.
const LONGEST_ADDRESS: usize = 4096;
/// Bytes of the form: a token, and an address of which each letter may take three. Whoever sends it is not known yet.
const LONGEST_FORM: usize = 16 << 10;

pub fn routes() -> Router<App> {
    let login = get(show).post(sign_in).layer(DefaultBodyLimit::max(LONGEST_FORM));
    Router::new().route(LOGIN, login).route(LOGOUT, post(sign_out))
}

/// The form, for whoever would go to an address of ours after it; `told` is why it is shown again.
pub fn page(to: &str, told: Option<&str>) -> Html<String> {
    let to = ours(to);
    let body = html! {
        section.card.login {
            h1 { "Sign in" }
            @if let Some(told) = told {
                p.problem role="alert" { (told) }
            }
            form method="post" action=(LOGIN) {
                input type="hidden" name="next" value=(to);
                p.field {
                    label for="token" { "Token" }
                    input #token type="password" name="token" required autocomplete="current-password"
                        autocapitalize="none" spellcheck="false" maxlength="200" aria-describedby="help";
                }
                p.soft #help {
                    "Whoever runs this server makes one: "
                    code { "verbatim token create NAME --role viewer" }
                }
                p { button type="submit" { "Sign in" } }
            }
        }
    };
    bare("Sign in", body)
}

#[derive(Deserialize)]
struct Next {
    #[serde(default)]
    next: String,
}

async fn show(caller: Option<Caller>, Fields(Next { next }): Fields<Next>) -> Response {
    match caller {
        Some(caller) if caller.by != By::Token => Redirect::to(ours(&next)).into_response(),
        _ => page(&next, None).into_response(),
    }
}

#[derive(Deserialize)]
struct Given {
    token: String,
    #[serde(default)]
    next: String,
}

async fn sign_in(
    State(app): State<App>,
    parts: Parts,
    Form(given): Form<Given>,
) -> Result<Response, Problem> {
    match app.access.sign_in(&given.token, &parts.headers, &parts.extensions, now()) {
        Ok(cookie) => Ok(([(header::SET_COOKIE, cookie)], Redirect::to(ours(&given.next))).into_response()),
        // Told beside the form, so that one can try again at once.
        Err(problem) if matches!(problem.status, StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN) => {
            let page = page(&given.next, Some(&sentence(&problem.detail)));
            Ok(trouble::within(problem, page))
        }
        Err(problem) => Err(problem),
    }
}

async fn sign_out(State(app): State<App>, headers: HeaderMap) -> Response {
    ([(header::SET_COOKIE, app.access.sign_out(&headers))], Redirect::to(LOGIN)).into_response()
}

/// The address where it is one of ours, and the first page otherwise: nobody is led elsewhere from here.
fn ours(address: &str) -> &str {
    let plain =
        address.len() <= LONGEST_ADDRESS && address.bytes().all(|b| b.is_ascii_graphic() && b != b'\\');
    let local = address.starts_with('/') && !address.starts_with("//");
    let back_here = address == LOGIN || address.starts_with("/login?");
    if plain && local && !back_here { address } else { "/" }
}

/// As it stands by itself.
fn sentence(detail: &str) -> String {
    let mut chars = detail.chars();
    let first = chars.next().map(|first| first.to_uppercase().to_string()).unwrap_or_default();
    format!("{first}{}.", chars.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_is_led_elsewhere() {
        for address in ["/", "/feedback?q=%22so%22&topic=billing", "/cases/3f9c"] {
            assert_eq!(ours(address), address);
        }
        for address in [
            "",
            "feedback",
            "https://evil.example/",
            "//evil.example/",
            "/\\evil.example/",
            "\\/evil.example/",
            "/\t/evil.example/",
            "/\n",
            " /",
            "/caf\u{e9}",
            "javascript:alert(1)",
            "/login",
            "/login?next=/login",
            &format!("/{}", "x".repeat(LONGEST_ADDRESS)),
        ] {
            assert_eq!(ours(address), "/", "{address:?}");
        }
    }

    #[test]
    fn the_form_shows_what_came_as_text() {
        let Html(page) = page("/feedback?q=\"><script>alert(1)</script>", Some("<b>No</b>."));
        assert!(!page.contains("<script>alert") && !page.contains("<b>"), "{page}");
        assert!(page.contains("&lt;b&gt;No&lt;/b&gt;."), "{page}");
        assert!(page.contains("name=\"token\"") && page.contains("type=\"password\""), "{page}");
    }

    #[test]
    fn what_is_wrong_is_a_sentence() {
        assert_eq!(sentence("this token is not known"), "This token is not known.");
        assert_eq!(sentence(""), ".");
    }
}
