//! Scores: a bare number on the contract's own scale, or an object that names kind and scale. What else such an
//! object holds, a comment perhaps, is kept as metadata.

use super::{
    Path, Scope,
    common::null_or,
    fields::fields,
    metadata::{Metadata, Origin},
    read,
};
use crate::{
    json::Reader,
    refusal::{Reason, Refusal},
    score::{Score, ScoreKind},
};

fields! {
    pub(crate) ScoreField { Kind = "kind", Value = "value", Min = "min", Max = "max" }
}

/// What a contract makes of a score.
#[derive(Debug, Clone, Copy)]
pub(super) enum Rule {
    /// The kind where none is named; any other may be named.
    Default(ScoreKind),
    /// This kind and no other.
    Only(ScoreKind),
    /// The kind must be named.
    Named,
}

/// `None` for `null`, for an object without a value, and for a blank string.
pub(super) fn read<'a>(
    reader: &mut Reader<'a>,
    path: &Path<'_>,
    rule: Rule,
    scope: &Scope<'_>,
    extras: (&mut Metadata<'a>, Origin),
) -> Result<Option<Score>, Refusal> {
    if reader.peek() == b'{' {
        return object(reader, path, rule, scope, extras);
    }
    if matches!(reader.peek(), b'[' | b't' | b'f') {
        null_or(reader, path, "a number or an object")?;
    }
    let Some(value) = read::number(reader, path)? else { return Ok(None) };
    match rule {
        Rule::Default(kind) | Rule::Only(kind) => {
            let (min, max) = kind.default_scale();
            score(kind, value, min, max, path).map(Some)
        }
        Rule::Named => Err(path.refuse(Reason::BadType, "an object with kind and value")),
    }
}

fn object<'a>(
    reader: &mut Reader<'a>,
    path: &Path<'_>,
    rule: Rule,
    scope: &Scope<'_>,
    (metadata, origin): (&mut Metadata<'a>, Origin),
) -> Result<Option<Score>, Refusal> {
    let (mut kind, mut value, mut min, mut max) = (None, None, None, None);
    let bound = scope.limits.score;
    reader.object(|reader, key| {
        let Some(field) = ScoreField::parse(&key) else {
            return metadata.read(reader, format!("score.{key}").into(), origin, scope);
        };
        let path = &path.key(field.name());
        match field {
            ScoreField::Kind => kind = named(reader, path, rule)?,
            ScoreField::Value => value = read::number(reader, path)?,
            ScoreField::Min => min = read::ranged(reader, path, -bound, bound)?,
            ScoreField::Max => max = read::ranged(reader, path, -bound, bound)?,
        }
        Ok::<_, Refusal>(())
    })?;
    let Some(value) = value else { return Ok(None) };
    let kind = match (kind, rule) {
        (Some(kind), _) | (None, Rule::Default(kind) | Rule::Only(kind)) => kind,
        (None, Rule::Named) => return Err(path.key("kind").refuse(Reason::MissingField, "a score's kind")),
    };
    let scale = kind.default_scale();
    score(kind, value, min.unwrap_or(scale.0), max.unwrap_or(scale.1), path).map(Some)
}

fn named(reader: &mut Reader<'_>, path: &Path<'_>, rule: Rule) -> Result<Option<ScoreKind>, Refusal> {
    let Some(name) = read::text(reader, path, usize::MAX)? else { return Ok(None) };
    match (ScoreKind::parse(&name), rule) {
        (Some(kind), Rule::Only(only)) if kind != only => {
            Err(path.refuse(Reason::UnknownValue, format_args!("{}", only.as_str())))
        }
        (Some(kind), _) => Ok(Some(kind)),
        (None, _) => Err(path.refuse(Reason::UnknownValue, "nps, csat, ces or stars")),
    }
}

fn score(kind: ScoreKind, value: f64, min: f64, max: f64, path: &Path<'_>) -> Result<Score, Refusal> {
    if kind == ScoreKind::Nps {
        // The scale is part of what NPS means; promoters are counted by whole numbers.
        let nps = ScoreKind::Nps.default_scale();
        if (min, max) != nps || value.fract() != 0.0 || Score::new(kind, value, min, max).is_none() {
            return Err(path.refuse(Reason::OutOfRange, "a whole number on NPS's scale from 0 to 10"));
        }
    }
    Score::new(kind, value, min, max)
        .ok_or_else(|| path.refuse(Reason::OutOfRange, format_args!("a value from {min} to {max}")))
}
