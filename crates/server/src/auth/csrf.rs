//! That a change comes from a page of the session it is made in.

use super::caller::Caller;
use crate::problem::Problem;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, header};
use feedback::size::Size;
use http_body_util::LengthLimitError;
use std::error::Error as _;

/// Where scripts send it.
const HEADER: &str = "x-csrf-token";
/// The field of a form, and what stands before its value.
const FIELD: &[u8] = b"csrf=";
/// A page's form is text that people wrote; a whole taxonomy fits.
const LONGEST_FORM: usize = 1 << 20;

/// The body again, where the request holds the session's token: in the header, or in the form that the body is.
pub(super) async fn check(caller: &Caller, headers: &HeaderMap, body: Body) -> Result<Body, Problem> {
    if let Some(sent) = headers.get(HEADER) {
        return if caller.has_csrf(sent.as_bytes()) { Ok(body) } else { Err(not_theirs()) };
    }
    if !is_form(headers) {
        return Err(not_theirs());
    }
    let form = to_bytes(body, LONGEST_FORM).await.map_err(|error| {
        match error.source().is_some_and(|source| source.is::<LengthLimitError>()) {
            true => Problem::too_large(format!("a form may have at most {}", Size(LONGEST_FORM))),
            false => Problem::bad_request("the form broke off"),
        }
    })?;
    // Its characters are those that forms send as they are.
    let sent = form.split(|byte| *byte == b'&').find_map(|field| field.strip_prefix(FIELD));
    if sent.is_some_and(|sent| caller.has_csrf(sent)) { Ok(Body::from(form)) } else { Err(not_theirs()) }
}

fn is_form(headers: &HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    kind.split(';')
        .next()
        .unwrap_or_default()
        .trim()
        .eq_ignore_ascii_case("application/x-www-form-urlencoded")
}

fn not_theirs() -> Problem {
    Problem::forbidden(
        "this was not sent from a page of your session: load the page again, and repeat it there",
    )
}

#[cfg(test)]
mod tests {
    use super::super::role::Role;
    use super::super::secret::Secret;
    use super::*;
    use axum::http::StatusCode;

    fn caller() -> Caller {
        Caller::of_session("jane".to_owned(), Role::Editor, Secret::draw(""))
    }

    async fn sent(caller: &Caller, named: &[(&'static str, &str)], body: &str) -> Result<String, StatusCode> {
        let mut headers = HeaderMap::new();
        for (name, value) in named {
            headers.insert(*name, value.parse().unwrap());
        }
        let body =
            check(caller, &headers, Body::from(body.to_owned())).await.map_err(|problem| problem.status)?;
        Ok(String::from_utf8(to_bytes(body, usize::MAX).await.unwrap().to_vec()).unwrap())
    }

    const FORM: (&str, &str) = ("content-type", "application/x-www-form-urlencoded; charset=utf-8");

    #[tokio::test]
    async fn a_sessions_form_passes_as_it_was() {
        let caller = caller();
        for form in [format!("csrf={}", caller.csrf()), format!("a=b%26&csrf={}&c=", caller.csrf())] {
            assert_eq!(sent(&caller, &[FORM], &form).await, Ok(form));
        }
        assert_eq!(sent(&caller, &[(HEADER, caller.csrf())], "{}").await.as_deref(), Ok("{}"));
    }

    #[tokio::test]
    async fn nothing_else_does() {
        let (caller, other) = (caller(), caller());
        let own = format!("csrf={}", caller.csrf());
        for form in [
            String::new(),
            "csrf=".to_owned(),
            format!("csrf={}", other.csrf()),
            format!("x{own}"),
            format!("{own}x"),
            own[..own.len() - 1].to_owned(),
            format!("csrf=wrong&{own}"),
        ] {
            assert_eq!(sent(&caller, &[FORM], &form).await, Err(StatusCode::FORBIDDEN), "{form}");
        }
        for kind in ["text/plain", "multipart/form-data", "application/json"] {
            assert_eq!(
                sent(&caller, &[("content-type", kind)], &own).await,
                Err(StatusCode::FORBIDDEN),
                "{kind}"
            );
        }
        assert_eq!(sent(&caller, &[], &own).await, Err(StatusCode::FORBIDDEN));
        // A wrong header is not made good by the form.
        assert_eq!(sent(&caller, &[FORM, (HEADER, other.csrf())], &own).await, Err(StatusCode::FORBIDDEN));
        let long = format!("{own}&a={}", "x".repeat(LONGEST_FORM));
        assert_eq!(sent(&caller, &[FORM], &long).await, Err(StatusCode::PAYLOAD_TOO_LARGE));
    }
}
