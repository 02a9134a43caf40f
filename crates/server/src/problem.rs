//! Error answers: `application/problem+json` (RFC 9457). Page routes show a browser the same as a page ([`crate::app`]).

use axum::extract::rejection::{BytesRejection, FormRejection, JsonRejection, PathRejection};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::{Serialize, Serializer};
use std::error::Error;
use std::time::Duration;
use store::{AppendError, StoreError};
use utoipa::ToSchema;

pub const CONTENT_TYPE: &str = "application/problem+json";

/// After this one may ask again what failed for a reason that passes.
const SOON: Duration = Duration::from_secs(2);

/// Why there is no other answer. It holds nothing of causes inside, and no more of the request than whoever made it
/// chose to tell back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Problem {
    /// Always `about:blank`: the status says what kind it is.
    #[serde(rename = "type")]
    kind: &'static str,
    /// The status in words.
    pub title: &'static str,
    #[serde(serialize_with = "as_number")]
    #[schema(value_type = u16, example = 400)]
    pub status: StatusCode,
    /// What is wrong, and what to do.
    pub detail: String,
    /// One word for it, where programs may have to tell it from others of its status.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "nothing_to_compare")]
    pub reason: Option<&'static str>,
    #[serde(skip)]
    retry_after: Option<Duration>,
}

fn as_number<S: Serializer>(status: &StatusCode, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_u16(status.as_u16())
}

impl Problem {
    #[must_use]
    pub fn new(status: StatusCode, detail: impl Into<String>) -> Self {
        let title = status.canonical_reason().unwrap_or("Error");
        Self { kind: "about:blank", title, status, detail: detail.into(), reason: None, retry_after: None }
    }

    #[must_use]
    pub fn bad_request(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, detail)
    }

    #[must_use]
    pub fn unauthorized() -> Self {
        Self::new(
            StatusCode::UNAUTHORIZED,
            "this needs a token: send it as \"Authorization: Bearer vbt_...\", or sign in at /login; `verbatim token \
             create` makes one",
        )
    }

    #[must_use]
    pub fn forbidden(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::FORBIDDEN, detail)
    }

    #[must_use]
    pub fn not_found(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_FOUND, detail)
    }

    #[must_use]
    pub fn conflict(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::CONFLICT, detail)
    }

    #[must_use]
    pub fn too_large(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::PAYLOAD_TOO_LARGE, detail)
    }

    /// More than there is room for, or than this caller may have.
    #[must_use]
    pub fn busy(retry_after: Duration) -> Self {
        Self::new(StatusCode::TOO_MANY_REQUESTS, "too much at once: try again later, as Retry-After says")
            .retry_after(retry_after)
    }

    /// Something that this server needs does not answer.
    #[must_use]
    pub fn unavailable(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::SERVICE_UNAVAILABLE, detail).retry_after(SOON)
    }

    /// A defect, or something lost. The log gets the causes, the client does not.
    #[must_use]
    pub fn internal(error: impl Error) -> Self {
        Self::internal_dyn(&error)
    }

    /// As [`Self::internal`], for what stands behind a box.
    #[must_use]
    pub fn internal_dyn(error: &dyn Error) -> Self {
        tracing::error!(why = chain(error), "a request could not be answered");
        Self::broken()
    }

    /// As [`Self::internal`], where the log has it already.
    #[must_use]
    pub fn broken() -> Self {
        Self::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "this failed by no fault of yours; the server's log says why",
        )
    }

    #[must_use]
    pub fn because(self, reason: &'static str) -> Self {
        Self { reason: Some(reason), ..self }
    }

    #[must_use]
    pub fn retry_after(self, after: Duration) -> Self {
        Self { retry_after: Some(after), ..self }
    }
}

/// An error with its causes, in one line.
#[must_use]
pub fn chain(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        let told = cause.to_string();
        // Some errors repeat their source in their own words.
        if !text.contains(&told) {
            text += ": ";
            text += told.lines().next().unwrap_or_default();
        }
        source = cause.source();
    }
    text
}

/// Where trying again may help the client is told so; everything else is a failure inside.
impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        let retry = error.is_retryable();
        let told = Self::internal(error);
        if retry {
            Self::unavailable("the tables cannot be used at the moment: try again soon")
        } else {
            told
        }
    }
}

impl From<AppendError> for Problem {
    fn from(error: AppendError) -> Self {
        match error {
            AppendError::Moved { .. } => Self::conflict(
                "somebody else changed this at the same time: look again, and repeat it if need be",
            ),
            AppendError::Store(error) => error.into(),
        }
    }
}

/// Work beside the async threads that broke off. The error itself may hold a panic's message, and that a customer's words;
/// the panic's place is logged where it happened.
impl From<tokio::task::JoinError> for Problem {
    fn from(_: tokio::task::JoinError) -> Self {
        tracing::error!("work for a request broke off");
        Self::broken()
    }
}

macro_rules! rejections {
    ($($rejection:ty),+) => {$(
        impl From<$rejection> for Problem {
            fn from(rejection: $rejection) -> Self {
                match rejection.status() {
                    StatusCode::PAYLOAD_TOO_LARGE => Self::too_large("the body is larger than this address takes"),
                    status => Self::new(status, rejection.body_text()),
                }
            }
        }
    )+};
}

rejections!(BytesRejection, FormRejection, JsonRejection, PathRejection);

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        // Plain fields: there is nothing in it that JSON has no form for.
        let body = serde_json::to_vec(&self).unwrap_or_default();
        let mut response = (self.status, body).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(CONTENT_TYPE));
        if let Some(after) = self.retry_after {
            // Not sooner: a part of a second is rounded up.
            let seconds = after.as_secs() + u64::from(after.subsec_nanos() > 0);
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds.max(1)));
        }
        if self.status == StatusCode::UNAUTHORIZED {
            headers.insert(
                header::WWW_AUTHENTICATE,
                HeaderValue::from_static("Bearer realm=\"verbatim\", charset=\"UTF-8\""),
            );
        }
        // For whoever shows it as a page.
        response.extensions_mut().insert(self);
        response
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::body::to_bytes;

    async fn told(problem: Problem) -> (StatusCode, Option<String>, serde_json::Value) {
        let response = problem.into_response();
        assert_eq!(response.headers()[header::CONTENT_TYPE], CONTENT_TYPE);
        let status = response.status();
        let retry = response.headers().get(header::RETRY_AFTER);
        let retry = retry.map(|value| value.to_str().unwrap().to_owned());
        let body = to_bytes(response.into_body(), 10_000).await.unwrap();
        (status, retry, serde_json::from_slice(&body).unwrap())
    }

    #[tokio::test]
    async fn it_is_told_as_the_standard_has_it() {
        let (status, retry, body) = told(Problem::bad_request("from is no date")).await;
        assert_eq!((status, retry), (StatusCode::BAD_REQUEST, None));
        assert_eq!(
            body,
            serde_json::json!({
                "type": "about:blank", "title": "Bad Request", "status": 400, "detail": "from is no date",
            })
        );
    }

    #[tokio::test]
    async fn who_is_to_come_again_is_told_when_and_never_too_soon() {
        for (millis, seconds) in [(0, "1"), (1, "1"), (1_000, "1"), (1_001, "2"), (90_000, "90")] {
            let (status, retry, _) = told(Problem::busy(Duration::from_millis(millis))).await;
            assert_eq!(
                (status, retry.as_deref()),
                (StatusCode::TOO_MANY_REQUESTS, Some(seconds)),
                "{millis}"
            );
        }
        let (status, retry, _) = told(Problem::unavailable("no")).await;
        assert_eq!((status, retry.is_some()), (StatusCode::SERVICE_UNAVAILABLE, true));
    }

    #[test]
    fn a_client_hears_nothing_of_the_causes() {
        let secret = std::io::Error::other("/srv/tables/feedback: disk 7 is on fire");
        let problem =
            Problem::internal(StoreError::Storage { path: "/srv/tables".to_owned(), source: secret.into() });
        assert_eq!(problem.status, StatusCode::INTERNAL_SERVER_ERROR);
        assert!(!problem.detail.contains("srv") && !problem.detail.contains("disk"), "{problem:?}");
    }

    #[test]
    fn a_chain_says_each_cause_once() {
        let error = StoreError::Storage { path: "/t".to_owned(), source: "it timed out".into() };
        assert_eq!(chain(&error).matches("it timed out").count(), 1, "{}", chain(&error));
    }
}
