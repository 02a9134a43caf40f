//! An error, for a person.

use super::layout::astray;
use crate::problem::Problem;
use axum::Extension;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};
use maud::html;

/// A page of its own that tells of a problem, beside what can be mended. Whoever wants no page gets the problem alone.
pub fn within(problem: Problem, page: impl IntoResponse) -> Response {
    (problem.status, Extension(problem), page).into_response()
}

pub fn page(problem: &Problem) -> Html<String> {
    let title = title(problem);
    let body = html! {
        section.card.login {
            h1 { (title) }
            p.detail { (problem.detail) @if !problem.detail.ends_with(['.', '?', '!']) { "." } }
            p { a href="/" { "To the overview" } }
        }
    };
    astray(title, body)
}

/// In words that need no knowledge of statuses.
fn title(problem: &Problem) -> &'static str {
    match problem.status {
        StatusCode::BAD_REQUEST => "This address cannot be read",
        StatusCode::FORBIDDEN => "You may not do this",
        StatusCode::NOT_FOUND => "There is nothing here",
        StatusCode::CONFLICT => "Something has changed meanwhile",
        StatusCode::PAYLOAD_TOO_LARGE => "This is too much",
        StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE => "Not at this moment",
        StatusCode::INTERNAL_SERVER_ERROR => "This went wrong",
        _ => problem.title,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_is_told_in_sentences_and_as_text() {
        let Html(told) = page(&Problem::not_found("there is no topic <b>"));
        assert!(told.contains("<h1>There is nothing here</h1>"), "{told}");
        assert!(told.contains("<p class=\"detail\">there is no topic &lt;b&gt;.</p>"), "{told}");
        let Html(told) = page(&Problem::bad_request("Really?"));
        assert!(told.contains("Really?</p>"), "{told}");
    }
}
