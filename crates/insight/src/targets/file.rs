//! `targets.toml`, read. Whether what it names exists is [`super::check`]'s to say.

use super::{
    goal::Goal,
    kpi::{Kpi, Unit},
    scope::{Span, TargetScope},
};
use crate::{
    keys::{Below, Fault, Keys, line_of, nearest, unknown},
    report::filter::parse_scale,
};
use feedback::{insight::Scale, score::ScoreKind};
use serde::Deserialize;
use toml::{
    Value,
    de::{DeTable, DeValue},
};

/// The targets of `config/targets.toml`: none, with examples in its comments.
const DEFAULT: &str = include_str!("../../../../config/targets.toml");

const FILE: Keys = &[("target", Below::Tables(TARGET))];

const TARGET: Keys = &[
    ("name", Below::Value),
    ("metric", Below::Value),
    ("scope", Below::Table(SCOPE)),
    ("scale", Below::Value),
    ("at_least", Below::Value),
    ("at_most", Below::Value),
    ("under", Below::Value),
    ("period", Below::Value),
];

const SCOPE: Keys = &[
    ("product", Below::Value),
    ("topic", Below::Value),
    ("source", Below::Value),
    ("segment", Below::Value),
    ("owner", Below::Value),
    ("part", Below::Value),
    ("question", Below::Value),
];

/// All are the fault of whoever wrote the file; trying again does not help.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}", list(.0))]
pub struct TargetsError(pub Vec<Fault>);

fn list(faults: &[Fault]) -> String {
    let told = |fault: &Fault| format!("line {}: {}", fault.line, fault.message);
    let lines: Vec<String> = faults.iter().map(told).collect();
    match lines.as_slice() {
        [one] => format!("the targets are wrong. {one}"),
        many => format!("the targets have {} mistakes:\n  {}", many.len(), many.join("\n  ")),
    }
}

#[derive(Debug, Clone, PartialEq, Default)]
pub struct TargetsFile {
    pub targets: Vec<Target>,
}

/// A figure, of what, over how long, and what it should be.
#[derive(Debug, Clone, PartialEq)]
pub struct Target {
    pub name: String,
    pub metric: Kpi,
    pub scope: TargetScope,
    /// Where the score stands on another scale than the usual one of its kind.
    pub given_scale: Option<(f64, f64)>,
    pub goal: Goal,
    pub period: Span,
    /// Of the file, from 1.
    pub line: usize,
}

impl Target {
    /// The score's kind and scale; `None` of what is no score.
    #[must_use]
    pub fn scale(&self) -> Option<(ScoreKind, Scale)> {
        let kind = self.metric.score()?;
        let (min, max) = self.given_scale.unwrap_or(kind.default_scale());
        Some((kind, Scale { kind, min, max }))
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    #[serde(default)]
    target: Vec<WrittenTarget>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenTarget {
    name: String,
    metric: String,
    #[serde(default)]
    scope: TargetScope,
    #[serde(default)]
    scale: Option<String>,
    #[serde(default)]
    at_least: Option<Value>,
    #[serde(default)]
    at_most: Option<Value>,
    #[serde(default)]
    under: Option<Value>,
    #[serde(default)]
    period: Option<String>,
}

impl TargetsFile {
    /// # Errors
    /// Every mistake of the file, with its line: what is no TOML, a key that is not known, a metric, a value, a scale or a
    /// period that cannot be, a goal that nothing can fulfil.
    pub fn parse(text: &str) -> Result<Self, TargetsError> {
        let fault = |error: toml::de::Error| {
            let line = line_of(text, error.span().map_or(0, |span| span.start));
            TargetsError(vec![Fault { line, message: error.message().to_owned() }])
        };
        let table = DeTable::parse(text).map_err(fault)?;
        let unknown = unknown(text, table.get_ref(), FILE);
        if !unknown.is_empty() {
            return Err(TargetsError(unknown));
        }
        let (lines, mut faults) = (lines(text, table.get_ref()), Vec::new());
        let file: Written = toml::from_str(text).map_err(fault)?;
        let mut targets: Vec<Target> = Vec::new();
        for (at, written) in file.target.into_iter().enumerate() {
            let line = lines.get(at).copied().unwrap_or(1);
            match target(written, line) {
                Ok(target) => {
                    if targets.iter().any(|other| other.name == target.name) {
                        let message =
                            format!("two targets have the name {:?}: give each its own", target.name);
                        faults.push(Fault { line, message });
                    }
                    targets.push(target);
                }
                Err(messages) => faults.extend(messages.into_iter().map(|message| Fault { line, message })),
            }
        }
        if faults.is_empty() { Ok(Self { targets }) } else { Err(TargetsError(faults)) }
    }

    /// The file as it is shipped, which sets no goals.
    ///
    /// # Errors
    /// Never of the file as it is shipped: a test reads it.
    pub fn standard() -> Result<Self, TargetsError> {
        Self::parse(DEFAULT)
    }
}

/// The lines where the targets begin.
fn lines(text: &str, table: &DeTable<'_>) -> Vec<usize> {
    let mut lines = Vec::new();
    for (_, value) in table {
        let DeValue::Array(items) = value.get_ref() else { continue };
        for item in items.iter() {
            let DeValue::Table(target) = item.get_ref() else { continue };
            let first = target.iter().map(|(key, _)| key.span().start).min();
            lines.push(line_of(text, first.unwrap_or(item.span().start)));
        }
    }
    lines
}

/// # Errors
/// All that is wrong with it.
fn target(written: WrittenTarget, line: usize) -> Result<Target, Vec<String>> {
    let WrittenTarget { name, metric, scope, scale, at_least, at_most, under, period } = written;
    let called = format!("the target {name:?}");
    let Some(metric) = Kpi::parse(&metric) else {
        let names = Kpi::ALL.map(Kpi::as_str);
        let advice = match nearest(&metric, names.into_iter()) {
            Some(near) => format!("did you mean {near}?"),
            None => format!("use one of {}", names.join(", ")),
        };
        return Err(vec![format!("{called} has the metric {metric:?}, which does not exist: {advice}")]);
    };
    let mut wrong: Vec<String> = Vec::new();
    if name.trim().is_empty() {
        wrong.push("a target has no name: say in a few words what it is".to_owned());
    }
    let given_scale = scale.and_then(|scale| self::scale(metric, &scale).map_err(|why| wrong.push(why)).ok());
    let mut read = |key: &str, value: Option<Value>| {
        let value = metric.read(&value?).map_err(|why| wrong.push(format!("{called}, {key}: {why}")));
        value.ok()
    };
    let goal = Goal {
        at_least: read("at_least", at_least),
        at_most: read("at_most", at_most),
        under: read("under", under),
    };
    let period = match period.as_deref().map(Span::parse) {
        None => Span { days: 7 },
        Some(Some(span)) => span,
        Some(None) => {
            let way = "write \"week\", \"4 weeks\" or \"10 days\", up to 104 weeks";
            wrong.push(format!("{called} has a period that cannot be read: {way}"));
            Span { days: 7 }
        }
    };
    let target = Target { name, metric, scope, given_scale, goal, period, line };
    wrong.extend(impossible(&target, !wrong.is_empty()).into_iter().map(|why| format!("{called} {why}")));
    if wrong.is_empty() { Ok(target) } else { Err(wrong) }
}

fn scale(metric: Kpi, text: &str) -> Result<(f64, f64), String> {
    match (metric.score(), parse_scale(text)) {
        (None, _) => Err(format!("{} has no scale: leave it out", metric.as_str())),
        (Some(ScoreKind::Nps), _) => Err("nps always stands on 0-10: leave the scale out".to_owned()),
        (_, Some((min, max))) if min < max && min.is_finite() && max.is_finite() => Ok((min, max)),
        _ => Err(format!("the scale {text:?} cannot be read: write its ends, as \"1-5\"")),
    }
}

/// What of a target can never be; of a goal of which not all could be read (`unread`) not whether it is one.
fn impossible(target: &Target, unread: bool) -> Vec<String> {
    let mut wrong = Vec::new();
    if target.goal.is_empty() && !unread {
        wrong.push("has no goal: add at_least, at_most or under".to_owned());
    }
    if target.goal.at_most.is_some() && target.goal.under.is_some() {
        wrong.push("has both at_most and under: keep one of them".to_owned());
    }
    if target.goal.is_contradictory() {
        wrong.push(format!(
            "has a goal that nothing can fulfil, {}: change one end",
            target.goal.tell(target.metric)
        ));
    }
    let ends = target.scale().map_or((0.0, 0.0), |(_, scale)| (scale.min, scale.max));
    let (low, high) = target.metric.range(ends);
    for (key, end) in target.goal.ends() {
        if !(low..=high).contains(&end) {
            let (end, low) = (target.metric.tell(end), target.metric.tell(low));
            let range = if high.is_finite() {
                format!("{low} to {}", target.metric.tell(high))
            } else {
                format!("{low} on")
            };
            wrong.push(format!("has {key} {end}, which is off its scale: it goes from {range}"));
        }
    }
    let scope = &target.scope;
    if target.metric.unit() == Unit::Seconds {
        let other = [&scope.product, &scope.source, &scope.segment, &scope.part, &scope.question];
        if other.iter().any(|one| one.is_some()) {
            wrong.push("is a time, whose scope can have a topic and an owner and nothing else".to_owned());
        }
    } else if target.metric.score().is_none() && (scope.part.is_some() || scope.question.is_some()) {
        wrong.push("has a part or a question in its scope, which only scores have".to_owned());
    }
    wrong
}
