//! What a page's form sends.

use crate::problem::Problem;
use axum::extract::{FromRequest, Request};
use serde::de::DeserializeOwned;

/// The fields of a form (`application/x-www-form-urlencoded`). Whoever takes it needs no look at `csrf`: of a session's
/// form [`super::admit`] has read it. A field that comes several times is read by `Form<Vec<(String, String)>>`.
#[derive(Debug, Clone, Copy)]
pub struct Form<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Form<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let axum::Form(fields) = axum::Form::from_request(request, state).await?;
        Ok(Self(fields))
    }
}
