//! The one place that lets requests in, for every route: who asks, whether they may, and whether it was they who asked.

use super::caller::{By, Caller, too_little};
use super::origin::{is_ours, is_safe};
use super::refusals::Refusal;
use super::role::Role;
use super::{Access, csrf};

use crate::problem::Problem;
use crate::state::now;
use axum::extract::{MatchedPath, Request, State};
use axum::http::Method;
use axum::http::request::Parts;
use axum::middleware::Next;
use axum::response::Response;

pub(crate) const LOGIN: &str = "/login";
pub(crate) const LOGOUT: &str = "/logout";

/// Puts the [`Caller`] into the request, or answers in its place. What is not known to be open is not: a route that
/// somebody adds needs a caller, a change an editor, whatever its handler asks for; handlers ask for more.
pub async fn admit(State(access): State<Access>, request: Request, next: Next) -> Result<Response, Problem> {
    let (mut parts, mut body) = request.into_parts();
    let route = Route::of(&parts);
    let caller = match access.identify(&parts.headers, &parts.extensions, now()) {
        // A hook's `authorization` may be its vendor's matter; the others ask for nobody.
        Err(_) if route.is_open() => None,
        identified => identified.inspect_err(|_| access.0.refusals.count(Refusal::Token, now()))?,
    };
    if caller.is_none() && !route.is_open() {
        return Err(Problem::unauthorized());
    }
    if let Some(caller) = &caller {
        route.may(caller, &parts.method)?;
    }
    // Only a browser sends what is not in the request's own words: a cookie, or where it runs.
    let by_itself = caller.as_ref().map_or(route == Route::Login, |caller| caller.by != By::Token);
    if by_itself && !is_safe(&parts.method) {
        if !is_ours(&parts.headers, access.address()) {
            return Err(Problem::forbidden("this was asked for by a page of another site"));
        }
        if let Some(caller) =
            caller.as_ref().filter(|caller| caller.by == By::Session && route != Route::Login)
        {
            body = csrf::check(caller, &parts.headers, body).await?;
        }
    }
    if let Some(caller) = caller {
        parts.extensions.insert(caller);
    }
    Ok(next.run(Request::from_parts(parts, body)).await)
}

/// What a route is to this layer, by the pattern that it matched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Route {
    /// Whether the process lives, and what pages load: nothing of anybody.
    Public,
    Login,
    Logout,
    /// The vendor signs, or somebody who may send asks.
    Hook,
    Gateway,
    /// All others, those that do not exist included.
    Guarded,
}

impl Route {
    fn of(parts: &Parts) -> Self {
        parts.extensions.get::<MatchedPath>().map_or(Self::Guarded, |path| Self::matched(path.as_str()))
    }

    fn matched(path: &str) -> Self {
        match path {
            "/healthz" | "/readyz" => Self::Public,
            LOGIN => Self::Login,
            LOGOUT => Self::Logout,
            "/v1/events" => Self::Gateway,
            path if path.starts_with("/assets/") => Self::Public,
            path if path.starts_with("/v1/hooks/") => Self::Hook,
            path if path.starts_with("/v1/import/") => Self::Gateway,
            _ => Self::Guarded,
        }
    }

    fn is_open(self) -> bool {
        matches!(self, Self::Public | Self::Login | Self::Hook)
    }

    /// The least that is asked of somebody known.
    fn may(self, caller: &Caller, method: &Method) -> Result<(), Problem> {
        let role = caller.role;
        match self {
            Self::Public | Self::Login | Self::Logout | Self::Hook => Ok(()),
            Self::Gateway if role.may_send() => Ok(()),
            Self::Gateway => Err(too_little(role, "a sender's, an editor's or an admin's")),
            Self::Guarded if !role.may_view() => {
                Err(too_little(role, "a viewer's, an editor's or an admin's"))
            }
            Self::Guarded if !is_safe(method) && role == Role::Viewer => {
                Err(too_little(role, "an editor's or an admin's"))
            }
            Self::Guarded => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests;
