//! Which keys there are. The default file is the list; code adds only the sections whose keys are the user's.

use std::collections::BTreeMap;
use toml::{Table, Value};

/// What may stand at a path.
#[derive(Debug, Clone)]
pub enum Shape {
    /// A value of the same type as this default.
    Leaf(Value),
    /// Text, a number or a yes/no: librdkafka's properties.
    Scalar,
    /// Exactly these keys.
    Section(BTreeMap<String, Shape>),
    /// Any key, each of the same shape.
    Open(Box<Shape>),
}

impl Shape {
    /// The shape of the whole configuration.
    pub fn of_defaults(defaults: &Table) -> Self {
        let mut root = section(defaults);
        root.insert("kinds".into(), Self::Open(Box::new(fixed(&["contract", "topic"]))));
        let connection = fixed(&["vendor", "secret", "source", "kind", "product"]);
        root.insert("vendors".into(), Self::Open(Box::new(connection)));
        let mut map = section(&Table::new());
        map.extend([("kind".into(), text("social")), ("source".into(), text("play-store"))]);
        map.insert("columns".into(), Self::Open(Box::new(text("Review ID"))));
        map.insert("constants".into(), Self::Open(Box::new(text("android"))));
        root.insert("import".into(), Self::Open(Box::new(Self::Section(map))));
        if let Some(Self::Section(kafka)) = root.get_mut("kafka") {
            kafka.insert("topics".into(), Self::Open(Box::new(text("feedback.survey"))));
            kafka.insert("properties".into(), Self::Open(Box::new(Self::Scalar)));
            let vendor = fixed(&["format", "source", "kind", "product"]);
            kafka.insert("vendors".into(), Self::Open(Box::new(vendor)));
        }
        if let Some(Self::Section(store)) = root.get_mut("store") {
            store.insert("storage".into(), Self::Open(Box::new(Self::Scalar)));
        }
        Self::Section(root)
    }

    /// Whether the keys here are the user's own.
    pub fn is_open(&self) -> bool {
        matches!(self, Self::Open(_))
    }

    /// The shape below a key, or `Err` with the nearest right key there is.
    pub fn child(&self, key: &str) -> Result<&Self, Option<&str>> {
        match self {
            Self::Section(keys) => keys.get(key).ok_or_else(|| nearest(key, keys.keys().map(String::as_str))),
            Self::Open(shape) => Ok(shape),
            Self::Leaf(_) | Self::Scalar => Err(None),
        }
    }

    /// Why a value does not fit here, in words; `None` where it fits.
    pub fn refuses(&self, value: &Value) -> Option<String> {
        let expected = match (self, value) {
            (Self::Section(_) | Self::Open(_), Value::Table(_)) => return None,
            (Self::Section(_) | Self::Open(_), _) => "a section".to_owned(),
            (Self::Leaf(Value::Float(_)), Value::Integer(_) | Value::Float(_)) => return None,
            (Self::Leaf(default), value) if default.same_type(value) => return None,
            (Self::Scalar, Value::String(_) | Value::Integer(_) | Value::Float(_) | Value::Boolean(_)) => {
                return None;
            }
            (Self::Scalar, _) => "text, a number, true or false".to_owned(),
            (Self::Leaf(default), _) => match default {
                Value::String(example) if example.is_empty() => "text in quotes".to_owned(),
                Value::String(example) => format!("text such as {example:?}"),
                other => format!("{} such as {other}", kind_of(other)),
            },
        };
        Some(format!("expected {expected}, found {}", found(value)))
    }

    /// The name that was meant where a name with dots stands here without quotes, which makes sections of it.
    pub fn unquoted(&self, key: &str, value: &Value) -> Option<String> {
        let Self::Open(shape) = self else { return None };
        let Value::Table(below) = value else { return None };
        if matches!(**shape, Self::Section(_) | Self::Open(_)) {
            return None;
        }
        let (first, value) = below.iter().next()?;
        let name = format!("{key}.{first}");
        Some(self.unquoted(&name, value).unwrap_or(name))
    }

    /// A variable's text as the value that belongs here.
    pub fn read(&self, text: &str) -> Result<Value, String> {
        let wrong = |what: &str| format!("expected {what}, found {text:?}");
        match self {
            Self::Leaf(Value::Integer(_)) => {
                text.parse().map(Value::Integer).map_err(|_| wrong("a whole number"))
            }
            Self::Leaf(Value::Float(_)) => text.parse().map(Value::Float).map_err(|_| wrong("a number")),
            Self::Leaf(Value::Boolean(_)) => {
                text.parse().map(Value::Boolean).map_err(|_| wrong("true or false"))
            }
            // As in a file.
            Self::Leaf(Value::Array(_)) if text.trim_start().starts_with('[') => {
                let read: Result<Table, _> = toml::from_str(&format!("list = {text}"));
                let list = read.ok().and_then(|mut table| table.remove("list"));
                list.filter(Value::is_array).ok_or_else(|| wrong("a list, as in a,b or [\"a\", \"b\"]"))
            }
            // Or with commas between its texts.
            Self::Leaf(Value::Array(_)) => {
                let parts = text.split(',').map(str::trim).filter(|part| !part.is_empty());
                Ok(Value::Array(parts.map(Value::from).collect()))
            }
            Self::Leaf(_) | Self::Scalar => Ok(Value::String(text.to_owned())),
            Self::Section(_) | Self::Open(_) => Err("is a section: name one of its keys too".to_owned()),
        }
    }
}

fn section(defaults: &Table) -> BTreeMap<String, Shape> {
    let shape = |value: &Value| match value {
        Value::Table(table) => Shape::Section(section(table)),
        leaf => Shape::Leaf(leaf.clone()),
    };
    defaults.iter().map(|(key, value)| (key.clone(), shape(value))).collect()
}

fn text(example: &str) -> Shape {
    Shape::Leaf(Value::String(example.to_owned()))
}

fn fixed(keys: &[&str]) -> Shape {
    Shape::Section(keys.iter().map(|key| ((*key).to_owned(), text(""))).collect())
}

fn kind_of(value: &Value) -> &'static str {
    match value {
        Value::String(_) => "text",
        Value::Integer(_) => "a whole number",
        Value::Float(_) => "a number",
        Value::Boolean(_) => "true or false",
        Value::Datetime(_) => "a date",
        Value::Array(_) => "a list",
        Value::Table(_) => "a section",
    }
}

/// The kind alone for text: it could be a secret in the wrong place.
fn found(value: &Value) -> String {
    match value {
        Value::Integer(_) | Value::Float(_) | Value::Boolean(_) => format!("{value}"),
        other => kind_of(other).to_owned(),
    }
}

/// The most similar of the names, if any is similar enough to be what was meant.
pub fn nearest<'a>(wrong: &str, names: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let wrong = wrong.to_ascii_lowercase();
    let scored = names.map(|name| {
        let contains = name.len() > 3 && wrong.len() > 3 && (name.contains(&wrong) || wrong.contains(name));
        (name, strsim::jaro_winkler(&wrong, name).max(if contains { 0.85 } else { 0.0 }))
    });
    let best = scored.max_by(|a, b| a.1.total_cmp(&b.1))?;
    (best.1 >= 0.75).then_some(best.0)
}
