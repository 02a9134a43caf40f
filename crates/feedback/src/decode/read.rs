//! One value at a time: lenient in form, strict in bounds. Each function consumes one value; `None` is an
//! absent one (`null`, or a string of white space).

use super::{Path, Scope};
use crate::{
    json::{Fault, Reader, Scalar},
    limits::Limits,
    refusal::{Reason, Refusal},
    rfc3339::{self, NoTime},
    time::Timestamp,
};
use std::borrow::Cow;

type Read<T> = Result<Option<T>, Refusal>;

impl From<Fault> for Refusal {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::Syntax { at, expected } => {
                Self::new(Reason::InvalidJson, format!("the message: expected {expected} at byte {at}"))
            }
            Fault::TooDeep { at } => {
                Self::new(Reason::TooDeep, format!("the message: expected no deeper value at byte {at}"))
            }
        }
    }
}

/// Unix times below are seconds (until the year 5138), above milliseconds (from 1973).
const SECONDS_BELOW: f64 = 1e11;

/// What may stand where a time belongs.
const TIMES: &str = "a date (2026-03-31 or 31.03.2026), a time (2026-03-31T08:00:00Z) or a Unix time";

/// Words: a string, without the white space around it.
pub(crate) fn text<'a>(reader: &mut Reader<'a>, path: &Path<'_>, limit: usize) -> Read<Cow<'a, str>> {
    match reader.scalar()? {
        Scalar::Text(text) => {
            let text = trim(text);
            within(&text, limit, path)?;
            Ok((!text.is_empty()).then_some(text))
        }
        Scalar::Null => Ok(None),
        _ => Err(path.refuse(Reason::BadType, "a string")),
    }
}

/// A string, kept to the letter, or an integer, read as its digits.
pub(crate) fn id<'a>(reader: &mut Reader<'a>, path: &Path<'_>, scope: &Scope<'_>) -> Read<Cow<'a, str>> {
    let refuse = || path.refuse(Reason::BadType, "a string or an integer");
    let id = match reader.scalar()? {
        Scalar::Text(id) => id,
        Scalar::Number(number) => integer(number).ok_or_else(refuse)?,
        Scalar::Null => return Ok(None),
        _ => return Err(refuse()),
    };
    within(&id, scope.limits.id, path)?;
    Ok((!id.trim().is_empty()).then_some(id))
}

/// `184467.0` and `1e3` are integers too: data frames write ids like this once a column has had a gap.
fn integer(number: &str) -> Option<Cow<'_, str>> {
    if !number.contains(['.', 'e', 'E']) {
        return Some(Cow::Borrowed(number));
    }
    let value: f64 = number.parse().ok()?;
    let exact = value.fract() == 0.0 && value.abs() <= Limits::VERSION as f64;
    exact.then(|| Cow::Owned((value as i64).to_string()))
}

/// A short string, or a number as it is written.
pub(crate) fn label<'a>(reader: &mut Reader<'a>, path: &Path<'_>, limit: usize) -> Read<Cow<'a, str>> {
    let label = match reader.scalar()? {
        Scalar::Text(label) => trim(label),
        Scalar::Number(number) => Cow::Borrowed(number),
        Scalar::Null => return Ok(None),
        _ => return Err(path.refuse(Reason::BadType, "a string or a number")),
    };
    within(&label, limit, path)?;
    Ok((!label.is_empty()).then_some(label))
}

pub(crate) fn boolean(reader: &mut Reader<'_>, path: &Path<'_>) -> Read<bool> {
    match reader.scalar()? {
        Scalar::Bool(value) => Ok(Some(value)),
        Scalar::Null => Ok(None),
        _ => Err(path.refuse(Reason::BadType, "true or false")),
    }
}

/// A finite number, or a string that holds one.
pub(crate) fn number(reader: &mut Reader<'_>, path: &Path<'_>) -> Read<f64> {
    let refuse = || path.refuse(Reason::BadType, "a number");
    let value = match reader.scalar()? {
        Scalar::Number(number) => decimal(number).ok_or_else(refuse)?,
        Scalar::Text(text) if text.trim().is_empty() => return Ok(None),
        Scalar::Text(text) => decimal(text.trim()).ok_or_else(refuse)?,
        Scalar::Null => return Ok(None),
        _ => return Err(refuse()),
    };
    if value.is_finite() { Ok(Some(value)) } else { Err(path.refuse(Reason::OutOfRange, "a finite number")) }
}

/// Decimal notation only: Rust also reads `inf` and `nan`, which no sender means as a score.
fn decimal(text: &str) -> Option<f64> {
    let decimal = text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'.' | b'-' | b'+' | b'e' | b'E'));
    if decimal { text.parse().ok() } else { None }
}

pub(crate) fn ranged(reader: &mut Reader<'_>, path: &Path<'_>, min: f64, max: f64) -> Read<f64> {
    match number(reader, path)? {
        Some(value) if !(min..=max).contains(&value) => {
            Err(path.refuse(Reason::OutOfRange, format_args!("a number from {min} to {max}")))
        }
        value => Ok(value),
    }
}

/// A whole number from 0 to [`Limits::VERSION`].
pub(crate) fn version(reader: &mut Reader<'_>, path: &Path<'_>) -> Read<i64> {
    let Some(value) = number(reader, path)? else { return Ok(None) };
    if value.fract() != 0.0 {
        return Err(path.refuse(Reason::BadType, "a whole number"));
    }
    if !(0.0..=Limits::VERSION as f64).contains(&value) {
        let expected = format_args!("a whole number from 0 to {}", Limits::VERSION);
        return Err(path.refuse(Reason::OutOfRange, expected));
    }
    // Whole and within 2^53, so exact.
    Ok(Some(value as i64))
}

/// RFC 3339 or a Unix time in seconds or milliseconds, as a number or as a string of one.
pub(crate) fn time(reader: &mut Reader<'_>, path: &Path<'_>, scope: &Scope<'_>) -> Read<Timestamp> {
    match reader.scalar()? {
        Scalar::Text(text) if text.trim().is_empty() => Ok(None),
        Scalar::Text(text) => time_text(text.trim(), path, scope).map(Some),
        Scalar::Number(number) => time_text(number, path, scope).map(Some),
        Scalar::Null => Ok(None),
        _ => Err(path.refuse(Reason::BadType, TIMES)),
    }
}

pub(crate) fn time_text(text: &str, path: &Path<'_>, scope: &Scope<'_>) -> Result<Timestamp, Refusal> {
    let at = rfc3339::parse(text).or_else(|| decimal(text).map(from_unix));
    let at = at.ok_or_else(|| no_time(text, path))?;
    if (scope.limits.earliest..=scope.latest).contains(&at) {
        return Ok(at);
    }
    let earliest = scope.limits.earliest.day();
    let expected = format_args!("a time from {earliest} to {} day(s) after arrival", scope.limits.days_ahead);
    Err(path.refuse(Reason::OutOfRange, expected))
}

#[cold]
fn no_time(text: &str, path: &Path<'_>) -> Refusal {
    match rfc3339::why_not(text) {
        NoTime::Unread => path.refuse(Reason::BadTime, TIMES),
        why => Refusal::new(Reason::BadTime, format!("{path}: {why}")),
    }
}

fn from_unix(value: f64) -> Timestamp {
    let micros = if value.abs() < SECONDS_BELOW { value * 1e6 } else { value * 1e3 };
    // Saturates where it does not fit, and is out of range then.
    Timestamp(micros.round() as i64)
}

/// A list of labels; also one string with commas between them, as CSV exports have it. Appends.
pub(crate) fn tags<'a>(
    reader: &mut Reader<'a>,
    path: &Path<'_>,
    scope: &Scope<'_>,
    tags: &mut Vec<Cow<'a, str>>,
) -> Result<(), Refusal> {
    tags.clear();
    let limit = scope.limits.label;
    if reader.peek() == b'[' {
        reader.array(|reader, index| {
            tags.extend(label(reader, &path.index(index), limit)?);
            at_most(tags.len(), scope.limits.tags, "tags", path)
        })?;
    } else {
        match reader.scalar()? {
            Scalar::Text(Cow::Borrowed(list)) => tags.extend(split(list).map(Cow::Borrowed)),
            Scalar::Text(Cow::Owned(list)) => tags.extend(split(&list).map(|tag| Cow::Owned(tag.to_owned()))),
            Scalar::Null => {}
            _ => return Err(path.refuse(Reason::BadType, "an array of strings")),
        }
        at_most(tags.len(), scope.limits.tags, "tags", path)?;
        tags.iter().try_for_each(|tag| within(tag, limit, path))?;
    }
    Ok(())
}

fn split(list: &str) -> impl Iterator<Item = &str> {
    list.split(',').map(str::trim).filter(|tag| !tag.is_empty())
}

/// Refuses more than `limit` characters.
pub(crate) fn within(text: &str, limit: usize, path: &Path<'_>) -> Result<(), Refusal> {
    // A character has at least one byte, so most texts need no counting.
    if text.len() <= limit || text.chars().count() <= limit {
        return Ok(());
    }
    Err(path.refuse(Reason::TextTooLong, format_args!("at most {limit} characters")))
}

pub(crate) fn at_most(count: usize, limit: usize, what: &str, path: &Path<'_>) -> Result<(), Refusal> {
    if count <= limit {
        return Ok(());
    }
    Err(path.refuse(Reason::TooMany, format_args!("at most {limit} {what}")))
}

fn trim(text: Cow<'_, str>) -> Cow<'_, str> {
    match text {
        Cow::Borrowed(text) => Cow::Borrowed(text.trim()),
        Cow::Owned(text) if text.trim().len() == text.len() => Cow::Owned(text),
        Cow::Owned(text) => Cow::Owned(text.trim().to_owned()),
    }
}
