//! Who asks, and what they may: tokens of programs, sessions of browsers, and this machine where that is enough.
//!
//! Knows: the file of tokens, sessions, roles, where a request came from. Must not: know what is asked for, beyond which
//! routes are open and which change something.
//!
//! Invariants:
//! - [`admit`] stands before every route. A handler can ask for more than it does, never for less.
//! - Of a token or a session's id only the hash is held. Tokens are compared in constant time; a session is looked for by its
//!   hash, whose beginning nobody chooses.
//! - A token that was revoked or has expired is refused within a second, with every session begun by it.
//! - What a browser sends by itself (a cookie, where it runs) changes nothing without a word that only a page of ours can
//!   say.

mod admit;
mod attempts;
mod caller;
mod csrf;
mod form;
mod origin;
mod refusals;
mod role;
mod secret;
mod sessions;
mod tokens;
mod watched;

pub use admit::admit;
pub use caller::{Admin, By, Caller, Editor, Sender};
pub use form::Form;
pub use role::{NoRole, Role};
pub use secret::Secret;
pub use tokens::{Token, TokenFile, TokensError};

pub(crate) use admit::{LOGIN, LOGOUT};
pub(crate) use origin::is_from_elsewhere;

use crate::problem::Problem;
use attempts::Attempts;
use axum::http::{Extensions, HeaderMap, HeaderValue, StatusCode, header};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use cookie::{Cookie, SameSite};
use feedback::time::Timestamp;
use refusals::{Refusal, Refusals};
use secret::Hash;
use sessions::Sessions;
use std::net::IpAddr;
use std::sync::Arc;
use watched::Watched;

const COOKIE: &str = "verbatim_session";

/// Who may come in, as the configuration says it.
#[derive(Debug, Clone)]
pub struct AccessOptions {
    pub tokens: TokenFile,
    /// Whoever asks from this machine, by one of its own names, is an admin.
    pub open_on_loopback: bool,
    /// What `x-forwarded-for` and `x-forwarded-proto` say is believed.
    pub behind_proxy: bool,
    /// Where people open the dashboard.
    pub address: Option<String>,
}

/// Clones share everything.
#[derive(Debug, Clone)]
pub struct Access(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    options: AccessOptions,
    tokens: Watched,
    sessions: Sessions,
    attempts: Attempts,
    refusals: Refusals,
}

impl Access {
    #[must_use]
    pub fn new(options: AccessOptions) -> Self {
        let tokens = Watched::new(options.tokens.clone());
        let (sessions, attempts, refusals) = (Sessions::default(), Attempts::default(), Refusals::default());
        Self(Arc::new(Inner { options, tokens, sessions, attempts, refusals }))
    }

    /// Its counters by name, for [`crate::metrics::ServerMetrics::join`].
    #[must_use]
    pub fn counters(&self) -> Vec<(String, u64)> {
        self.0.refusals.told()
    }

    fn address(&self) -> Option<&str> {
        self.0.options.address.as_deref()
    }

    /// Whoever asks; `None` where nobody says who.
    ///
    /// # Errors
    /// Where what somebody says is not so.
    pub fn identify(
        &self,
        headers: &HeaderMap,
        extensions: &Extensions,
        now: Timestamp,
    ) -> Result<Option<Caller>, Problem> {
        let peer = origin::peer(extensions);
        if let Some(said) = headers.get(header::AUTHORIZATION) {
            let known = presented(said).and_then(|token| self.0.tokens.find(Hash::of(&token), now));
            return match known {
                Some(token) => Ok(Some(Caller::new(token.name, token.role, By::Token))),
                None => Err(self.refused(peer, headers, now)),
            };
        }
        if let Some(caller) = session_ids(headers).find_map(|id| self.of_session(&id, now)) {
            return Ok(Some(caller));
        }
        let is_here = self.0.options.open_on_loopback && origin::is_local(peer, headers);
        Ok(is_here.then(|| Caller::new("loopback", Role::Admin, By::Loopback)))
    }

    /// Begins a session for whoever has this token; returns the cookie.
    ///
    /// # Errors
    /// Where the token is none, or one that looks at nothing.
    pub fn sign_in(
        &self,
        token: &str,
        headers: &HeaderMap,
        extensions: &Extensions,
        now: Timestamp,
    ) -> Result<HeaderValue, Problem> {
        let begun = self.begin(token, headers, extensions, now);
        begun.inspect_err(|_| self.0.refusals.count(Refusal::SignIn, now))
    }

    fn begin(
        &self,
        token: &str,
        headers: &HeaderMap,
        extensions: &Extensions,
        now: Timestamp,
    ) -> Result<HeaderValue, Problem> {
        let hash = Hash::of(token.trim());
        let Some(known) = self.0.tokens.find(hash, now) else {
            return Err(self.refused(origin::peer(extensions), headers, now));
        };
        if !known.role.may_view() {
            return Err(caller::too_little(known.role, "a viewer's, an editor's or an admin's"));
        }
        // A session is never taken over: whatever id the browser held before is of no use after.
        self.sign_out(headers);
        let id = self.0.sessions.begin(hash, now);
        let longest = cookie::time::Duration::microseconds(sessions::LONGEST);
        Ok(self.cookie(id.reveal(), longest, headers))
    }

    /// Ends the session that a request is of; returns the cookie that takes the browser's away.
    pub fn sign_out(&self, headers: &HeaderMap) -> HeaderValue {
        session_ids(headers).for_each(|id| self.0.sessions.end(&id));
        self.cookie("", cookie::time::Duration::ZERO, headers)
    }

    /// A session counts as long as its token does, and for as much.
    fn of_session(&self, id: &str, now: Timestamp) -> Option<Caller> {
        let session = self.0.sessions.find(id, now)?;
        let Some(token) = self.0.tokens.find(session.token, now) else {
            self.0.sessions.end(id);
            return None;
        };
        Some(Caller::of_session(token.name, token.role, session.csrf))
    }

    fn refused(&self, peer: Option<IpAddr>, headers: &HeaderMap, now: Timestamp) -> Problem {
        let proxied = self.0.options.behind_proxy.then(|| origin::behind_proxy(headers)).flatten();
        match self.0.attempts.failed(proxied.or(peer), now) {
            Ok(()) => Problem::new(
                StatusCode::UNAUTHORIZED,
                "this token is not known here: it is wrong, has expired, or was revoked",
            ),
            Err(wait) => Problem::new(
                StatusCode::TOO_MANY_REQUESTS,
                "too many wrong tokens came from there: wait a while",
            )
            .retry_after(wait),
        }
    }

    fn cookie(&self, id: &str, lasts: cookie::time::Duration, headers: &HeaderMap) -> HeaderValue {
        let options = &self.0.options;
        let is_https = options.address.as_deref().is_some_and(|address| address.starts_with("https://"))
            || (options.behind_proxy && origin::is_https_behind_proxy(headers));
        let cookie = Cookie::build((COOKIE, id))
            .path("/")
            .http_only(true)
            .same_site(SameSite::Strict)
            .secure(is_https)
            .max_age(lasts);
        // Both are of characters that headers may have.
        HeaderValue::try_from(cookie.build().to_string()).unwrap_or_else(|_| HeaderValue::from_static(""))
    }
}

/// The token of an `authorization`: a bearer's, or the password of the basic scheme, for what knows no other.
fn presented(said: &HeaderValue) -> Option<String> {
    let (scheme, rest) = said.to_str().ok()?.split_once(' ')?;
    let rest = rest.trim();
    if scheme.eq_ignore_ascii_case("bearer") {
        return Some(rest.to_owned());
    }
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let pair = String::from_utf8(STANDARD.decode(rest).ok()?).ok()?;
    pair.split_once(':').map(|(_, password)| password.to_owned())
}

fn session_ids(headers: &HeaderMap) -> impl Iterator<Item = String> {
    let lines = headers.get_all(header::COOKIE).iter().filter_map(|line| line.to_str().ok());
    let cookies = lines.flat_map(|line| Cookie::split_parse(line).filter_map(Result::ok));
    cookies.filter(|cookie| cookie.name() == COOKIE).map(|cookie| cookie.value().to_owned())
}

#[cfg(test)]
mod tests;
