//! The three layers, flattened to dotted paths and laid over each other; each value knows where it came from.

use super::{Problem, schema::Shape};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use toml::{Table, Value, de::DeTable, de::DeValue};

pub const DEFAULTS: &str = include_str!("../../../../config/verbatim.toml");
pub const VARIABLES: &str = "VERBATIM__";

/// A key's way from the root. A librdkafka property is one step, dots and all.
pub type KeyPath = Vec<String>;

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    Default,
    File { path: PathBuf, line: usize },
    Variable(String),
}

impl std::fmt::Display for Origin {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Default => f.write_str("default"),
            Self::File { path, line } => write!(f, "{} line {line}", path.display()),
            Self::Variable(name) => write!(f, "${name}"),
        }
    }
}

#[derive(Debug, Clone)]
pub struct Entry {
    pub value: Value,
    pub origin: Origin,
}

/// The merged layers.
#[derive(Debug, Clone, Default)]
pub struct Layers {
    pub entries: BTreeMap<KeyPath, Entry>,
    pub problems: Vec<Problem>,
}

pub fn dotted(path: &[String]) -> String {
    let step = |key: &String| if key.contains('.') { format!("\"{key}\"") } else { key.clone() };
    path.iter().map(step).collect::<Vec<_>>().join(".")
}

impl Layers {
    /// The defaults alone, and the shape they give everything else.
    pub fn defaults() -> (Self, Shape) {
        // The default file is part of the binary and parsed by a test: it cannot fail here.
        let table: Table = DEFAULTS.parse().unwrap_or_default();
        let shape = Shape::of_defaults(&table);
        let mut layers = Self::default();
        layers.add_defaults(&table, &mut Vec::new());
        (layers, shape)
    }

    fn add_defaults(&mut self, table: &Table, path: &mut KeyPath) {
        for (key, value) in table {
            path.push(key.clone());
            match value {
                Value::Table(below) => self.add_defaults(below, path),
                leaf => {
                    let entry = Entry { value: leaf.clone(), origin: Origin::Default };
                    self.entries.insert(path.clone(), entry);
                }
            }
            path.pop();
        }
    }

    /// Lays a file over what is there. Everything wrong with it is noted, not only the first thing.
    pub fn add_file(&mut self, file: &Path, text: &str, shape: &Shape) {
        let table = match DeTable::parse(text) {
            Ok(table) => table,
            Err(error) => {
                let line = line_of(text, error.span().map_or(0, |span| span.start));
                // Not the error's own Display: it quotes the line, which may hold a secret.
                let message = format!("is not TOML: {}", error.message());
                let origin = Origin::File { path: file.to_owned(), line };
                return self.problems.push(Problem { at: origin.to_string(), message });
            }
        };
        let values: Table = text.parse().unwrap_or_default();
        let layer = FileLayer { file, text };
        layer.walk(table.get_ref(), &values, shape, &mut Vec::new(), self);
    }

    /// Lays the variables over what is there.
    pub fn add_variables(&mut self, variables: impl Iterator<Item = (String, String)>, shape: &Shape) {
        for (name, text) in variables {
            let Some(keys) = name.strip_prefix(VARIABLES) else { continue };
            match place(keys, shape) {
                Ok((path, leaf)) => match leaf.read(&text) {
                    Ok(value) => {
                        self.entries.insert(path, Entry { value, origin: Origin::Variable(name) });
                    }
                    Err(message) => self.problems.push(Problem { at: format!("${name}"), message }),
                },
                Err(message) => self.problems.push(Problem { at: format!("${name}"), message }),
            }
        }
    }

    /// The merged values as one table, for serde.
    pub fn table(&self) -> Table {
        let mut root = Table::new();
        for (path, entry) in &self.entries {
            insert(&mut root, path, &entry.value);
        }
        root
    }

    /// Takes a value back, to its default if it has one; whether that changed anything.
    pub fn put_back(&mut self, path: &[String], defaults: &Self) -> bool {
        if let Some(default) = defaults.entries.get(path) {
            let before = self.entries.insert(path.to_owned(), default.clone());
            return before.is_none_or(|before| before.value != default.value);
        }
        let held = self.entries.len();
        self.entries.retain(|key, _| path.is_empty() || !key.starts_with(path));
        self.entries.len() < held
    }

    /// Where the value at a path came from, or the nearest value below or above it.
    pub fn origin(&self, path: &[String]) -> Origin {
        let exact = self.entries.get(path);
        let below = || self.entries.iter().find(|(key, _)| key.starts_with(path)).map(|(_, entry)| entry);
        exact.or_else(below).map_or(Origin::Default, |entry| entry.origin.clone())
    }
}

fn insert(table: &mut Table, path: &[String], value: &Value) {
    match path {
        [] => {}
        [last] => {
            table.insert(last.clone(), value.clone());
        }
        [first, rest @ ..] => {
            let below = table.entry(first.clone()).or_insert_with(|| Value::Table(Table::new()));
            // The shape has refused a plain value where a section belongs.
            if let Value::Table(below) = below {
                insert(below, rest, value);
            }
        }
    }
}

struct FileLayer<'a> {
    file: &'a Path,
    text: &'a str,
}

impl FileLayer<'_> {
    fn walk(
        &self,
        spans: &DeTable<'_>,
        values: &Table,
        shape: &Shape,
        path: &mut KeyPath,
        into: &mut Layers,
    ) {
        for (key, spanned) in spans {
            let Some(value) = values.get(key.get_ref().as_ref()) else { continue };
            let line = line_of(self.text, key.span().start);
            let origin = Origin::File { path: self.file.to_owned(), line };
            path.push(key.get_ref().to_string());
            match shape.child(key.get_ref()) {
                Err(nearest) => into.problems.push(unknown(origin.to_string(), path, nearest)),
                Ok(below) => match (below.refuses(value), spanned.get_ref(), value) {
                    (Some(why), ..) => {
                        let quotes = shape.unquoted(key.get_ref(), value);
                        let hint = quotes.map(|name| format!(": write the name in quotes, {name:?} = …"));
                        let message = format!("{}: {why}{}", dotted(path), hint.unwrap_or_default());
                        into.problems.push(Problem { at: origin.to_string(), message });
                    }
                    // A table of a name of one's own counts although nothing is in it.
                    (None, DeValue::Table(spans), Value::Table(values))
                        if !(values.is_empty() && shape.is_open()) =>
                    {
                        self.walk(spans, values, below, path, into)
                    }
                    (None, ..) => {
                        into.entries.insert(path.clone(), Entry { value: value.clone(), origin });
                    }
                },
            }
            path.pop();
        }
    }
}

fn unknown(at: String, path: &[String], nearest: Option<&str>) -> Problem {
    let above = &path[..path.len() - 1];
    let hint = match nearest {
        Some(name) => {
            let mut right = above.to_vec();
            right.push(name.to_owned());
            format!(": did you mean {}?", dotted(&right))
        }
        None => format!(": {}", where_listed(above)),
    };
    Problem { at, message: format!("there is no setting {}{hint}", dotted(path)) }
}

/// Where one reads what there is in a section.
fn where_listed(section: &[String]) -> String {
    match section {
        [] => "`verbatim config show` lists the sections there are".to_owned(),
        section => format!("`verbatim config show` lists the keys of [{}]", dotted(section)),
    }
}

/// The path that a variable's name means, and the shape there.
fn place<'s>(keys: &str, shape: &'s Shape) -> Result<(KeyPath, &'s Shape), String> {
    // As far as one can follow it, with the nearest name wherever one is not known.
    let mut path = KeyPath::new();
    let (mut at, mut known) = (shape, true);
    for key in keys.split("__") {
        let mut key = key.to_ascii_lowercase();
        if path == ["kafka", "properties"] {
            // librdkafka's names have dots, which a variable cannot.
            key = key.replace('_', ".");
        }
        let near = match at.child(&key) {
            Ok(below) => {
                path.push(key);
                at = below;
                continue;
            }
            Err(Some(near)) => near,
            Err(None) if matches!(at, Shape::Leaf(_) | Shape::Scalar) => {
                return Err(format!("there is no such setting: ${} has nothing below it", variable(&path)));
            }
            Err(None) => return Err(format!("there is no such setting: {}", where_listed(&path))),
        };
        known = false;
        path.push(near.to_owned());
        let Ok(below) = at.child(near) else { break };
        at = below;
    }
    if known {
        return Ok((path, at));
    }
    Err(format!("there is no such setting: did you mean ${}?", variable(&path)))
}

/// The variable that sets what is at a path.
pub fn variable(path: &[String]) -> String {
    let keys: Vec<String> = path.iter().map(|key| key.to_ascii_uppercase().replace('.', "_")).collect();
    format!("{VARIABLES}{}", keys.join("__"))
}

fn line_of(text: &str, byte: usize) -> usize {
    text.as_bytes().iter().take(byte).filter(|b| **b == b'\n').count() + 1
}
