//! Whether a delivery comes from its vendor: the check of the signature over the raw body, in constant time.
//!
//! - Typeform: `Typeform-Signature` holds `sha256=` and the base64 of HMAC-SHA-256 over the body.
//! - SurveyMonkey: `Sm-Signature` holds the base64 of HMAC-SHA-1 over the body. Its key is the API key (or client id), `&` and
//!   the secret; a secret without `&` is completed by `Sm-Apikey`.
//! - Help Scout: `X-HelpScout-Signature` holds the base64 of HMAC-SHA-1 over the body.
//! - Zendesk: `X-Zendesk-Webhook-Signature` holds the base64 of HMAC-SHA-256 over the time in
//!   `X-Zendesk-Webhook-Signature-Timestamp` (RFC 3339) and the body.
//! - Intercom: `X-Hub-Signature` holds `sha1=` and the hexadecimal HMAC-SHA-1 over the body, its key the app's client secret.
//! - NPS: `X-Signature-256`, `X-Signature`, `X-Hub-Signature-256` or `X-Delighted-Webhook-Signature` holds `sha256=` and the
//!   hexadecimal HMAC-SHA-256 over the body, the way GitHub signs. The first two may leave out `sha256=`, and may come with
//!   `X-Signature-Timestamp` (seconds since 1970, or RFC 3339); then that, a dot and the body are signed.
//!
//! Freshdesk and Trustpilot sign nothing, and what is polled is handed over by somebody of ours: those need a token, and so
//! does a sender who was given no secret.

mod delivery;

use crate::vendor::Vendor;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use feedback::rfc3339;
use feedback::time::Timestamp;
use hmac::{Hmac, Mac};
use sha1::Sha1;
use sha2::Sha256;
use std::borrow::Cow;

/// How far the time of a signature may lie from now, either way, in seconds: deliveries take a moment, and clocks differ.
pub const WINDOW_SECONDS: u32 = 300;

/// What a vendor and we know. It never shows itself.
#[derive(Clone)]
pub struct Secret(Box<[u8]>);

impl Secret {
    /// `None` where it is blank: with an empty key anybody could sign.
    #[must_use]
    pub fn new(secret: &str) -> Option<Self> {
        let secret = secret.trim();
        (!secret.is_empty()).then(|| Self(secret.as_bytes().into()))
    }
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("***")
    }
}

/// A delivery that its vendor signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signed {
    /// The vendor's id of the event, the same where the delivery is tried again. It stands in the body, so nobody can give an
    /// old delivery a new one. `None` where the body has none: then the body is known again by itself.
    pub id: Option<String>,
}

/// Why a delivery is not known to come from its vendor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unsigned {
    /// It has no signature, or lacks a header that belongs to it.
    #[error("there is no signature")]
    Missing,
    /// Of another secret or another body, or no signature at all.
    #[error("the signature is wrong")]
    Wrong,
    /// Rightly signed, but not just now.
    #[error("it was signed more than {WINDOW_SECONDS} seconds from now")]
    Stale,
    /// The vendor signs nothing: a token has to say who sends.
    #[error("the vendor does not sign: a token is needed")]
    NotSigned,
}

/// The header in which a vendor's signature stands; `None` for who signs nothing.
#[must_use]
pub fn header(vendor: Vendor) -> Option<&'static str> {
    scheme(vendor).and_then(|scheme| scheme.headers.first()).map(|(name, _)| *name)
}

/// Checks a delivery's signature over its raw body. `headers` finds the first header of a name, which is not
/// case-sensitive; `now` is the time of arrival.
///
/// # Errors
/// Why it is not known to come from its vendor.
pub fn check<'h, V: AsRef<[u8]> + ?Sized + 'h>(
    vendor: Vendor,
    secret: &Secret,
    headers: impl Fn(&str) -> Option<&'h V>,
    body: &[u8],
    now: Timestamp,
) -> Result<Signed, Unsigned> {
    let header =
        |name: &str| headers(name).map(|value| value.as_ref().trim_ascii()).filter(|value| !value.is_empty());
    let at = scheme(vendor).ok_or(Unsigned::NotSigned)?.check(secret, &header, body)?;
    if at.is_some_and(|at| at.0.abs_diff(now.0) > u64::from(WINDOW_SECONDS) * 1_000_000) {
        return Err(Unsigned::Stale);
    }
    Ok(Signed { id: delivery::id(vendor, body) })
}

/// Finds a header that is there.
type Header<'f, 'h> = &'f dyn Fn(&str) -> Option<&'h [u8]>;

/// How a vendor signs.
struct Scheme {
    hash: Hash,
    key: Key,
    stamp: Stamp,
    /// Where the signature stands; the first that is there counts.
    headers: &'static [(&'static str, Form)],
}

impl Scheme {
    /// When it was signed, where that is told.
    fn check(
        &self,
        secret: &Secret,
        header: Header<'_, '_>,
        body: &[u8],
    ) -> Result<Option<Timestamp>, Unsigned> {
        let found = self.headers.iter().find_map(|(name, form)| header(name).map(|value| (value, *form)));
        let (value, form) = found.ok_or(Unsigned::Missing)?;
        let key = self.key.of(secret, header)?;
        let stamp = self.stamp.of(form, header)?;
        let mac = form.mac(value).ok_or(Unsigned::Wrong)?;
        let before = stamp.map(|(stamp, between)| [stamp, between]).unwrap_or_default();
        if !self.hash.verifies(&key, &[before[0], before[1], body], &mac) {
            return Err(Unsigned::Wrong);
        }
        stamp.map(|(stamp, _)| moment(stamp).ok_or(Unsigned::Wrong)).transpose()
    }
}

fn scheme(vendor: Vendor) -> Option<Scheme> {
    let scheme = |hash, headers| Scheme { hash, key: Key::Secret, stamp: Stamp::None, headers };
    match vendor {
        Vendor::Typeform => Some(scheme(Hash::Sha256, &[("Typeform-Signature", Form::Base64("sha256="))])),
        Vendor::SurveyMonkey => {
            Some(Scheme { key: Key::OfClient, ..scheme(Hash::Sha1, &[("Sm-Signature", Form::Base64(""))]) })
        }
        Vendor::Nps => Some(Scheme { stamp: Stamp::MayBe, ..scheme(Hash::Sha256, NPS) }),
        Vendor::HelpScout => Some(scheme(Hash::Sha1, &[("X-HelpScout-Signature", Form::Base64(""))])),
        Vendor::Zendesk => Some(Scheme {
            stamp: Stamp::Always,
            ..scheme(Hash::Sha256, &[("X-Zendesk-Webhook-Signature", Form::Base64(""))])
        }),
        Vendor::Intercom => Some(scheme(Hash::Sha1, &[("X-Hub-Signature", Form::Hex("sha1="))])),
        Vendor::Freshdesk
        | Vendor::Trustpilot
        | Vendor::AppStore
        | Vendor::GooglePlay
        | Vendor::X
        | Vendor::Reddit => None,
    }
}

const NPS: &[(&str, Form)] = &[
    ("X-Signature-256", Form::HexOr("sha256=")),
    ("X-Signature", Form::HexOr("sha256=")),
    ("X-Hub-Signature-256", Form::Hex("sha256=")),
    ("X-Delighted-Webhook-Signature", Form::Hex("sha256=")),
];

#[derive(Clone, Copy)]
enum Hash {
    Sha1,
    Sha256,
}

impl Hash {
    fn verifies(self, key: &[u8], parts: &[&[u8]], mac: &[u8]) -> bool {
        match self {
            Self::Sha1 => verifies::<Hmac<Sha1>>(key, parts, mac),
            Self::Sha256 => verifies::<Hmac<Sha256>>(key, parts, mac),
        }
    }
}

fn verifies<M: Mac + hmac::digest::KeyInit>(key: &[u8], parts: &[&[u8]], mac: &[u8]) -> bool {
    // HMAC takes a key of any length.
    let Ok(mut own) = <M as Mac>::new_from_slice(key) else { return false };
    parts.iter().for_each(|part| own.update(part));
    own.verify_slice(mac).is_ok()
}

/// What the key is.
#[derive(Clone, Copy)]
enum Key {
    Secret,
    /// The client's id, which the vendor sends as well, `&` and the secret; a secret with `&` in it is all of that.
    OfClient,
}

impl Key {
    fn of<'k>(self, secret: &'k Secret, header: Header<'_, '_>) -> Result<Cow<'k, [u8]>, Unsigned> {
        match self {
            Self::OfClient if !secret.0.contains(&b'&') => {
                let client = header("Sm-Apikey").ok_or(Unsigned::Missing)?;
                Ok([client, b"&", &secret.0].concat().into())
            }
            _ => Ok((&*secret.0).into()),
        }
    }
}

/// Whether a time is signed too.
#[derive(Clone, Copy)]
enum Stamp {
    None,
    MayBe,
    Always,
}

type Stamped<'h> = (&'h [u8], &'static [u8]);

impl Stamp {
    /// The time as it was signed, and what stands between it and the body.
    fn of<'h>(self, form: Form, header: Header<'_, 'h>) -> Result<Option<Stamped<'h>>, Unsigned> {
        match self {
            Self::None => Ok(None),
            // The others sign the way of their own senders, who know no such header.
            Self::MayBe if !matches!(form, Form::HexOr(_)) => Ok(None),
            Self::MayBe => Ok(header("X-Signature-Timestamp").map(|stamp| (stamp, &b"."[..]))),
            Self::Always => {
                let stamp = header("X-Zendesk-Webhook-Signature-Timestamp").ok_or(Unsigned::Missing)?;
                Ok(Some((stamp, b"")))
            }
        }
    }
}

/// How a MAC is written, behind a prefix.
#[derive(Clone, Copy)]
enum Form {
    Base64(&'static str),
    Hex(&'static str),
    /// The prefix may be left out.
    HexOr(&'static str),
}

impl Form {
    fn mac(self, value: &[u8]) -> Option<Vec<u8>> {
        match self {
            Self::Base64(prefix) => STANDARD.decode(value.strip_prefix(prefix.as_bytes())?).ok(),
            Self::Hex(prefix) => unhex(value.strip_prefix(prefix.as_bytes())?),
            Self::HexOr(prefix) => unhex(value.strip_prefix(prefix.as_bytes()).unwrap_or(value)),
        }
    }
}

fn unhex(digits: &[u8]) -> Option<Vec<u8>> {
    let digit = |byte: u8| char::from(byte).to_digit(16);
    let pair = |pair: &[u8]| match pair {
        // Two digits make a byte.
        [high, low] => u8::try_from(digit(*high)? * 16 + digit(*low)?).ok(),
        _ => None,
    };
    digits.chunks(2).map(pair).collect()
}

/// Seconds since 1970, or RFC 3339.
fn moment(stamp: &[u8]) -> Option<Timestamp> {
    let stamp = std::str::from_utf8(stamp).ok()?;
    match stamp.parse::<i64>() {
        Ok(seconds) => seconds.checked_mul(1_000_000).map(Timestamp),
        Err(_) => rfc3339::parse(stamp),
    }
}

#[cfg(test)]
mod tests;
