//! Why a request is refused whole. Nothing of it was taken, or nothing of it may be counted on.

use crate::intake::IntakeError;
use crate::problem::Problem;
use axum::http::StatusCode;
use feedback::size::Size;
use std::time::Duration;

/// What it says is told to the sender; it holds nothing of a body.
#[derive(Debug, thiserror::Error)]
pub(super) enum Trouble {
    #[error("there is no such connection: its name is the last part of the address, as in /v1/hooks/NAME")]
    NoConnection,
    #[error("there is no such vendor: expected one of {0}, or a connection's name")]
    NoVendor(String),
    #[error("{0}")]
    BadQuery(String),
    #[error("{0}")]
    BadHeader(String),
    #[error("the body is empty")]
    Empty,
    /// Where it stops being JSON, and what was expected there.
    #[error("the body is no JSON: {0}")]
    NotJson(String),
    #[error("the body is not gzip, as content-encoding says, or it breaks off")]
    NotGzip,
    #[error("the body broke off")]
    BrokenOff,
    #[error("{0}")]
    Unsigned(String),
    /// Its signature is good and too old.
    #[error("the request is stale: its signature was made too long ago, or the clocks differ; send it anew")]
    Stale,
    #[error("the body took too long to arrive")]
    Slow,
    #[error("expected at most {}: send it in several requests", size(.most))]
    TooLarge { most: usize },
    #[error("expected at most {most} items: send them in several requests")]
    TooMany { most: usize },
    #[error("unknown content-type: expected {0}")]
    ContentType(&'static str),
    #[error("unknown content-encoding: expected gzip, or none")]
    Encoding,
    #[error("too much waits to become durable: try again later, as Retry-After says")]
    OverCapacity { retry_after: Duration },
    #[error("nothing of this request may be counted on: send all of it again, which does no harm")]
    NotDurable(#[source] IntakeError),
    /// It may become so yet.
    #[error("this was not durable in time: send all of it again, which does no harm")]
    NotInTime,
    #[error("work on the request broke off")]
    Broken(#[source] tokio::task::JoinError),
}

fn size(most: &usize) -> Size {
    Size(*most)
}

impl Trouble {
    /// As metrics and tests name it.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NoConnection => "unknown_connection",
            Self::NoVendor(_) => "unknown_vendor",
            Self::BadQuery(_) => "bad_query",
            Self::BadHeader(_) => "bad_header",
            Self::Empty => "empty",
            Self::NotJson(_) => "not_json",
            Self::NotGzip => "not_gzip",
            Self::BrokenOff => "broken_off",
            Self::Unsigned(_) => "unsigned",
            Self::Stale => "stale",
            Self::Slow => "slow",
            Self::TooLarge { .. } => "too_large",
            Self::TooMany { .. } => "too_many_items",
            Self::ContentType(_) => "content_type",
            Self::Encoding => "content_encoding",
            Self::OverCapacity { .. } => "over_capacity",
            Self::NotDurable(_) => "unavailable",
            Self::NotInTime => "not_in_time",
            Self::Broken(_) => "broken",
        }
    }

    fn status(&self) -> StatusCode {
        match self {
            Self::NoConnection | Self::NoVendor(_) => StatusCode::NOT_FOUND,
            Self::BadQuery(_)
            | Self::BadHeader(_)
            | Self::Empty
            | Self::NotJson(_)
            | Self::NotGzip
            | Self::BrokenOff => StatusCode::BAD_REQUEST,
            Self::Unsigned(_) | Self::Stale => StatusCode::UNAUTHORIZED,
            Self::Slow => StatusCode::REQUEST_TIMEOUT,
            Self::TooLarge { .. } | Self::TooMany { .. } => StatusCode::PAYLOAD_TOO_LARGE,
            Self::ContentType(_) | Self::Encoding => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::OverCapacity { .. } => StatusCode::TOO_MANY_REQUESTS,
            Self::NotDurable(_) | Self::NotInTime => StatusCode::SERVICE_UNAVAILABLE,
            Self::Broken(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }
}

impl From<IntakeError> for Trouble {
    fn from(error: IntakeError) -> Self {
        match error {
            IntakeError::Busy { retry_after } => Self::OverCapacity { retry_after },
            IntakeError::Unavailable(_) => Self::NotDurable(error),
        }
    }
}

impl From<Trouble> for Problem {
    fn from(trouble: Trouble) -> Self {
        match trouble {
            Trouble::Broken(error) => error.into(),
            Trouble::OverCapacity { retry_after } => {
                let mut problem = Self::busy(retry_after);
                problem.detail = trouble.to_string();
                problem
            }
            Trouble::NotDurable(ref error) => {
                tracing::warn!(why = crate::problem::chain(error), "messages could not be made durable");
                Self::unavailable(trouble.to_string())
            }
            Trouble::NotInTime => Self::unavailable(trouble.to_string()),
            _ => Self::new(trouble.status(), trouble.to_string()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn causes_stay_in_the_log() {
        let cause = IntakeError::Unavailable("broker-7.internal refused".into());
        let problem = Problem::from(Trouble::from(cause));
        assert_eq!(problem.status, StatusCode::SERVICE_UNAVAILABLE);
        assert!(!problem.detail.contains("broker"), "{problem:?}");
    }

    #[test]
    fn a_bound_is_told_as_the_settings_have_it() {
        let problem = Problem::from(Trouble::TooLarge { most: 8 << 20 });
        assert_eq!(problem.detail, "expected at most 8 MiB: send it in several requests");
    }

    #[test]
    fn a_busy_intake_is_over_capacity() {
        let busy = IntakeError::Busy { retry_after: Duration::from_secs(7) };
        let problem = Problem::from(Trouble::from(busy));
        let mut expected = Problem::busy(Duration::from_secs(7));
        expected.detail.clone_from(&problem.detail);
        assert_eq!(problem, expected, "with the same Retry-After");
    }
}
