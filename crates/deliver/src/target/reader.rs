//! The settings of one target, read key by key. A key that nobody asked for is unknown.

use super::{Problem, units};
use crate::secret::Secret;
use std::collections::BTreeMap;
use std::fmt::Display;
use std::ops::RangeInclusive;
use std::time::Duration;
use toml::de::{DeTable, DeValue};
use toml::{Table, Value};

/// Where each target and each of its keys stands.
pub struct Lines {
    file: String,
    targets: Vec<(usize, BTreeMap<String, usize>)>,
}

impl Lines {
    pub fn of(file: &str, text: &str) -> Result<Self, Problem> {
        let line_of = |byte: usize| text.bytes().take(byte).filter(|b| *b == b'\n').count() + 1;
        let parsed = DeTable::parse(text).map_err(|error| {
            let line = line_of(error.span().map_or(0, |span| span.start));
            // Not the error's own Display: it quotes the line, which may hold a secret.
            Problem {
                at: format!("{file} line {line}"),
                message: format!("is not TOML: {}", error.message()),
            }
        })?;
        let mut targets = Vec::new();
        for (key, value) in parsed.get_ref() {
            let DeValue::Array(listed) = value.get_ref() else { continue };
            if key.get_ref() != "target" {
                continue;
            }
            for target in listed.iter() {
                let DeValue::Table(table) = target.get_ref() else {
                    targets.push((line_of(target.span().start), BTreeMap::new()));
                    continue;
                };
                let mut keys = BTreeMap::new();
                for (key, _) in table {
                    keys.insert(key.get_ref().to_string(), line_of(key.span().start));
                }
                targets.push((line_of(target.span().start), keys));
            }
        }
        Ok(Self { file: file.to_owned(), targets })
    }

    /// A problem of the file as a whole.
    pub fn whole(&self, message: &str) -> Problem {
        Problem { at: self.file.clone(), message: message.to_owned() }
    }

    fn place(&self, target: usize, key: &str) -> String {
        let line = self.targets.get(target).map(|(header, keys)| keys.get(key).unwrap_or(header));
        line.map_or_else(|| self.file.clone(), |line| format!("{} line {line}", self.file))
    }
}

pub struct Reader<'t> {
    table: &'t Table,
    lines: &'t Lines,
    at: usize,
    /// Whom a problem is of, as the target calls itself.
    name: String,
    known: Vec<&'static str>,
    all_known: bool,
    problems: Vec<Problem>,
}

impl<'t> Reader<'t> {
    pub fn new(table: &'t Table, lines: &'t Lines, at: usize) -> Self {
        let name = table.get("name").and_then(Value::as_str).unwrap_or("without a name").to_owned();
        Self { table, lines, at, name, known: Vec::new(), all_known: true, problems: Vec::new() }
    }

    pub fn wrong(&mut self, key: &str, message: impl Display) {
        let message = format!("target {}: {key}: {message}", self.name);
        self.problems.push(Problem { at: self.lines.place(self.at, key), message });
    }

    /// Which keys there are cannot be told.
    pub fn give_up(&mut self) {
        self.all_known = false;
    }

    fn value(&mut self, key: &'static str) -> Option<&'t Value> {
        self.known.push(key);
        self.table.get(key)
    }

    pub fn text(&mut self, key: &'static str) -> Option<String> {
        match self.value(key)? {
            Value::String(text) if text.trim().is_empty() => None,
            Value::String(text) => Some(text.trim().to_owned()),
            other => {
                // The kind alone: it could be a secret in the wrong place.
                self.wrong(key, format_args!("expected text in quotes, found {}", kind_of(other)));
                None
            }
        }
    }

    /// A text that has to be there.
    pub fn needed(&mut self, key: &'static str, example: &str) -> Option<String> {
        let before = self.problems.len();
        let text = self.text(key);
        if text.is_none() && self.problems.len() == before {
            self.wrong(key, format_args!("is missing, as in {key} = {example:?}"));
        }
        text
    }

    pub fn secret(&mut self, key: &'static str, example: &str) -> Option<Secret> {
        self.needed(key, example).map(Secret::from)
    }

    /// One text, or several in a list.
    pub fn texts(&mut self, key: &'static str) -> Vec<String> {
        let listed = match self.value(key) {
            None => return Vec::new(),
            Some(Value::Array(listed)) => listed.as_slice(),
            Some(one) => std::slice::from_ref(one),
        };
        let texts: Option<Vec<String>> =
            listed.iter().map(|value| value.as_str().map(|text| text.trim().to_owned())).collect();
        if texts.is_none() {
            self.wrong(key, "expected text in quotes, or a list of such texts");
        }
        texts.unwrap_or_default()
    }

    pub fn flag(&mut self, key: &'static str) -> bool {
        match self.value(key) {
            None => false,
            Some(Value::Boolean(flag)) => *flag,
            Some(other) => {
                let found = kind_of(other);
                self.wrong(key, format_args!("must be true or false, without quotes, found {found}"));
                false
            }
        }
    }

    pub fn span(&mut self, key: &'static str, default: &str, range: RangeInclusive<&str>) -> Duration {
        let parsed = |text: &str| units::span(text).unwrap_or_default();
        let Some(text) = self.text(key) else { return parsed(default) };
        match units::span(&text) {
            Some(span) if span >= parsed(range.start()) && span <= parsed(range.end()) => return span,
            Some(_) => self.wrong(key, format_args!("must be from {} to {}", range.start(), range.end())),
            None => {
                self.wrong(key, format_args!("expected a duration such as {default:?}, found {text:?}"));
            }
        }
        parsed(default)
    }

    pub fn bytes(&mut self, key: &'static str, default: &str, range: RangeInclusive<&str>) -> usize {
        let parsed = |text: &str| units::bytes(text).unwrap_or_default();
        let Some(text) = self.text(key) else { return parsed(default) };
        match units::bytes(&text) {
            Some(bytes) if bytes >= parsed(range.start()) && bytes <= parsed(range.end()) => return bytes,
            Some(_) => self.wrong(key, format_args!("must be from {} to {}", range.start(), range.end())),
            None => self.wrong(key, format_args!("expected a size such as {default:?}, found {text:?}")),
        }
        parsed(default)
    }

    pub fn count(&mut self, key: &'static str, default: usize, range: RangeInclusive<usize>) -> usize {
        let Some(value) = self.value(key) else { return default };
        let count = value.as_integer().and_then(|count| usize::try_from(count).ok());
        if let Some(count) = count.filter(|count| range.contains(count)) {
            return count;
        }
        self.wrong(key, format_args!("must be a whole number from {} to {}", range.start(), range.end()));
        default
    }

    /// Everything that is wrong, the keys that nobody asked for included.
    pub fn finish(mut self) -> Vec<Problem> {
        if self.all_known {
            let unknown: Vec<&String> =
                self.table.keys().filter(|key| !self.known.contains(&key.as_str())).collect();
            for key in unknown {
                let hint = nearest(key, self.known.iter().copied()).map_or_else(
                    || format!(": there are {}", self.known.join(", ")),
                    |near| format!(": did you mean {near}?"),
                );
                self.wrong(key, format_args!("there is no such setting here{hint}"));
            }
        }
        self.problems
    }
}

fn kind_of(value: &Value) -> &'static str {
    match value {
        Value::String(_) => "text",
        Value::Integer(_) | Value::Float(_) => "a number",
        Value::Boolean(_) => "true or false",
        Value::Datetime(_) => "a date",
        Value::Array(_) => "a list",
        Value::Table(_) => "a section",
    }
}

/// The most similar of the names, if any is similar enough to be what was meant.
pub fn nearest<'a>(wrong: &str, names: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let wrong = wrong.to_ascii_lowercase();
    let scored = names.map(|name| (name, strsim::jaro_winkler(&wrong, name)));
    let best = scored.max_by(|a, b| a.1.total_cmp(&b.1))?;
    (best.1 >= 0.75).then_some(best.0)
}
