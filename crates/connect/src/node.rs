//! One value of a payload and where it stands, read the way vendors write: absent, null and blank are the same, an id may be
//! a number, a number may be a string.

use crate::time;
use feedback::refusal::{Reason, Refusal};
use serde_json::Value;
use std::fmt;

/// `form_response.answers[2].field`, kept as a chain on the stack.
#[derive(Debug, Clone, Copy)]
enum Path<'p> {
    Root,
    Key(&'p Path<'p>, &'static str),
    Index(&'p Path<'p>, usize),
}

impl fmt::Display for Path<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Path::Root => f.write_str("the message"),
            Path::Key(Path::Root, name) => f.write_str(name),
            Path::Key(parent, name) => write!(f, "{parent}.{name}"),
            Path::Index(parent, index) => write!(f, "{parent}[{index}]"),
        }
    }
}

#[derive(Debug, Clone, Copy)]
pub(crate) struct Node<'v, 'p> {
    value: &'v Value,
    path: Path<'p>,
}

impl<'v> Node<'v, 'static> {
    pub fn root(value: &'v Value) -> Self {
        Self { value, path: Path::Root }
    }
}

impl<'v, 'p> Node<'v, 'p> {
    pub fn value(&self) -> &'v Value {
        self.value
    }

    #[cold]
    pub fn refuse(&self, reason: Reason, expected: impl fmt::Display) -> Refusal {
        Refusal::new(reason, format!("{}: expected {expected}", self.path))
    }

    /// A field; null where it is absent, and where this is no object.
    pub fn get<'q>(&'q self, name: &'static str) -> Node<'v, 'q> {
        const NULL: &Value = &Value::Null;
        Node { value: self.value.get(name).unwrap_or(NULL), path: Path::Key(&self.path, name) }
    }

    /// The first of these fields that is there; the first one, absent, where none is.
    pub fn any_of<'q>(&'q self, names: &[&'static str]) -> Node<'v, 'q> {
        let there = names.iter().find(|name| !self.get(name).is_absent());
        self.get(there.or(names.first()).copied().unwrap_or_default())
    }

    pub fn is_absent(&self) -> bool {
        match self.value {
            Value::Null => true,
            Value::String(text) => text.trim().is_empty(),
            _ => false,
        }
    }

    /// An object, which it has to be.
    pub fn object(self) -> Result<Self, Refusal> {
        match self.value {
            Value::Object(_) => Ok(self),
            Value::Null => Err(self.refuse(Reason::MissingField, "an object")),
            _ => Err(self.refuse(Reason::BadType, "an object")),
        }
    }

    /// The items of an array; none where it is absent.
    pub fn items<'q>(&'q self) -> Result<impl Iterator<Item = Node<'v, 'q>>, Refusal> {
        let items: &[Value] = match self.value {
            Value::Array(items) => items,
            Value::Null => &[],
            _ => return Err(self.refuse(Reason::BadType, "an array")),
        };
        let path = &self.path;
        Ok(items.iter().enumerate().map(move |(at, value)| Node { value, path: Path::Index(path, at) }))
    }

    /// A text as it stands; `None` where it is absent or blank.
    pub fn text(&self) -> Result<Option<&'v str>, Refusal> {
        match self.value {
            _ if self.is_absent() => Ok(None),
            Value::String(text) => Ok(Some(text)),
            _ => Err(self.refuse(Reason::BadType, "a string")),
        }
    }

    /// A text or a number, as its digits: ids, labels. They are short, so that copies of them are as well.
    pub fn label(&self) -> Result<Option<String>, Refusal> {
        const LONGEST: usize = 10_000;
        match self.value {
            _ if self.is_absent() => Ok(None),
            Value::String(text) if text.len() > LONGEST => {
                Err(self.refuse(Reason::TextTooLong, format_args!("at most {LONGEST} bytes")))
            }
            Value::String(text) => Ok(Some(text.trim().to_owned())),
            Value::Number(number) => Ok(Some(number.to_string())),
            _ => Err(self.refuse(Reason::BadType, "a string or a number")),
        }
    }

    /// As [`Self::label`]; it has to be there.
    pub fn id(&self) -> Result<String, Refusal> {
        self.label()?.ok_or_else(|| self.refuse(Reason::MissingField, "an id"))
    }

    /// A number, or a string that holds one.
    pub fn number(&self) -> Result<Option<f64>, Refusal> {
        let number = match self.value {
            _ if self.is_absent() => return Ok(None),
            Value::Number(number) => number.as_f64(),
            Value::String(text) => text.trim().parse().ok(),
            _ => None,
        };
        let number = number.filter(|number| number.is_finite());
        number.map(Some).ok_or_else(|| self.refuse(Reason::BadType, "a number"))
    }

    pub fn boolean(&self) -> Result<Option<bool>, Refusal> {
        match self.value {
            _ if self.is_absent() => Ok(None),
            Value::Bool(value) => Ok(Some(*value)),
            _ => Err(self.refuse(Reason::BadType, "true or false")),
        }
    }

    /// A time as RFC 3339, whatever way the vendor writes it: ISO 8601, or a count of seconds or milliseconds.
    pub fn time(&self) -> Result<Option<String>, Refusal> {
        if self.is_absent() {
            return Ok(None);
        }
        let expected = "a time: ISO 8601, or seconds or milliseconds since 1970";
        time::read(self.value).map(Some).ok_or_else(|| self.refuse(Reason::BadTime, expected))
    }

    /// Every string of an array, and the names where it holds objects with one.
    pub fn labels(&self) -> Result<Vec<String>, Refusal> {
        // More than any event may have, so what is cut off here is refused all the same; few enough to compare each with each.
        const MOST: usize = 1_000;
        let mut labels = Vec::new();
        for item in self.items()?.take(MOST) {
            let named = if item.value.is_object() { item.get("name").label()? } else { item.label()? };
            labels.extend(named.filter(|label| !labels.contains(label)));
        }
        Ok(labels)
    }
}
