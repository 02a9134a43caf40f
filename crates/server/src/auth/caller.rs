//! Who asks, as handlers see them. [`super::admit`] has looked before any of these is taken out.

use super::role::Role;
use super::secret::Secret;
use crate::problem::Problem;
use axum::extract::{FromRequestParts, OptionalFromRequestParts};
use axum::http::request::Parts;

/// How a caller is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum By {
    /// A token, sent with the request.
    Token,
    /// A browser's session.
    Session,
    /// From this machine, where that is enough (`server.open_on_loopback`).
    Loopback,
}

/// Somebody known. A sender gets no further than the gateway, so that everywhere else this is somebody who may look.
#[derive(Debug, Clone)]
pub struct Caller {
    /// Of the token.
    pub name: String,
    pub role: Role,
    pub by: By,
    csrf: Option<Secret>,
}

impl Caller {
    #[must_use]
    pub fn new(name: impl Into<String>, role: Role, by: By) -> Self {
        Self { name: name.into(), role, by, csrf: None }
    }

    pub(super) fn of_session(name: String, role: Role, csrf: Secret) -> Self {
        Self { name, role, by: By::Session, csrf: Some(csrf) }
    }

    /// What the forms of a session have to send back as `csrf`; empty where nobody asks for it.
    #[must_use]
    pub fn csrf(&self) -> &str {
        self.csrf.as_ref().map_or("", Secret::reveal)
    }

    /// Whether a text is [`Self::csrf`], in constant time. Where there is none, none is.
    pub(super) fn has_csrf(&self, text: &[u8]) -> bool {
        self.csrf.as_ref().is_some_and(|csrf| csrf.is(text))
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        parts.extensions.get::<Self>().cloned().ok_or_else(Problem::unauthorized)
    }
}

/// For what answers everybody, and those who are known more.
impl<S: Send + Sync> OptionalFromRequestParts<S> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Option<Self>, Problem> {
        Ok(parts.extensions.get::<Self>().cloned())
    }
}

/// Somebody who may change what the feedback says and what becomes of it.
#[derive(Debug, Clone)]
pub struct Editor(pub Caller);

/// Somebody who may change what holds for all.
#[derive(Debug, Clone)]
pub struct Admin(pub Caller);

/// Somebody who may post feedback.
#[derive(Debug, Clone)]
pub struct Sender(pub Caller);

macro_rules! at_least {
    ($extractor:ident, $may:ident, $needed:literal) => {
        impl<S: Send + Sync> FromRequestParts<S> for $extractor {
            type Rejection = Problem;

            async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
                let caller = <Caller as FromRequestParts<S>>::from_request_parts(parts, state).await?;
                if caller.role.$may() { Ok(Self(caller)) } else { Err(too_little(caller.role, $needed)) }
            }
        }
    };
}

at_least!(Editor, may_edit, "an editor's or an admin's");
at_least!(Admin, may_administer, "an admin's");
at_least!(Sender, may_send, "a sender's, an editor's or an admin's");

pub(super) fn too_little(role: Role, needed: &str) -> Problem {
    Problem::forbidden(format!("this needs {needed} token, and yours is one of the role {role}"))
}
