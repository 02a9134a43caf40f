//! What a contract does not name, kept beside the record: field name and canonical JSON.

use super::{Path, Scope, read::at_most};
use crate::{
    json::{Reader, canonical, quoted},
    refusal::{Reason, Refusal},
    size::Size,
};
use std::borrow::Cow;

/// Who named a field; where two name the same one, the later in this list is kept, wherever they stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Origin {
    /// An unknown field of the payload, or of an object in it.
    Extra,
    /// The contract's own `metadata` object.
    Named,
    /// An unknown field of the answer that the record is.
    Answer,
}

#[derive(Debug, Clone)]
struct Entry<'a> {
    name: Cow<'a, str>,
    origin: Origin,
    value: Cow<'a, str>,
}

/// Fields in the order they were met; [`Metadata::finish`] makes them one list.
#[derive(Debug, Clone, Default)]
pub(super) struct Metadata<'a> {
    entries: Vec<Entry<'a>>,
    bytes: usize,
}

impl<'a> Metadata<'a> {
    /// Takes one value.
    pub fn read(
        &mut self,
        reader: &mut Reader<'a>,
        name: Cow<'a, str>,
        origin: Origin,
        scope: &Scope<'_>,
    ) -> Result<(), Refusal> {
        let value = canonical(reader.skip()?)?;
        self.add(Entry { name, origin, value }, scope)
    }

    fn add(&mut self, entry: Entry<'a>, scope: &Scope<'_>) -> Result<(), Refusal> {
        self.bytes += entry.name.len() + entry.value.len();
        self.entries.push(entry);
        let root = Path::Root;
        let data = root.key("data");
        let path = data.key("metadata");
        at_most(self.entries.len(), scope.limits.metadata_fields, "unknown and metadata fields", &path)?;
        if self.bytes > scope.limits.metadata_bytes {
            let expected = format_args!("at most {} of metadata", Size(scope.limits.metadata_bytes));
            return Err(path.refuse(Reason::TooMany, expected));
        }
        Ok(())
    }

    /// The `metadata` object itself.
    pub fn read_object(&mut self, reader: &mut Reader<'a>, scope: &Scope<'_>) -> Result<(), Refusal> {
        if reader.peek() == b'{' {
            self.entries.retain(|entry| entry.origin != Origin::Named);
            return reader.object(|reader, key| self.read(reader, key, Origin::Named, scope));
        }
        if reader.skip()? == "null" {
            return Ok(());
        }
        let root = Path::Root;
        let data = root.key("data");
        Err(data.key("metadata").refuse(Reason::BadType, "an object"))
    }

    /// Words that are kept as metadata.
    pub fn text(&mut self, name: Cow<'a, str>, text: &str, scope: &Scope<'_>) -> Result<(), Refusal> {
        let value = quoted(text).into();
        self.add(Entry { name, origin: Origin::Extra, value }, scope)
    }

    /// Takes what belonged to something that is no record itself, as extra fields.
    pub fn fold(&mut self, other: Self, scope: &Scope<'_>) -> Result<(), Refusal> {
        other
            .entries
            .into_iter()
            .try_for_each(|entry| self.add(Entry { origin: Origin::Extra, ..entry }, scope))
    }

    /// Takes fields, which are in order, as one extra field that is an object; not where that would be too much, since
    /// nobody asked to keep it.
    pub fn object(&mut self, name: String, fields: &[(Cow<'_, str>, Cow<'_, str>)], scope: &Scope<'_>) {
        let fields: Vec<String> =
            fields.iter().map(|(field, value)| format!("{}:{value}", quoted(field))).collect();
        let value = format!("{{{}}}", fields.join(","));
        let bytes = self.bytes + name.len() + value.len();
        if self.entries.len() < scope.limits.metadata_fields && bytes <= scope.limits.metadata_bytes {
            self.bytes = bytes;
            self.entries.push(Entry { name: name.into(), origin: Origin::Extra, value: value.into() });
        }
    }

    /// This and what belongs to one answer.
    pub fn with(&self, other: Self) -> Self {
        let mut all = self.clone();
        all.entries.extend(other.entries);
        all
    }

    /// By name, each once; what is `null` is absent, here too.
    pub fn finish(mut self) -> Vec<(Cow<'a, str>, Cow<'a, str>)> {
        // Stable: of equal names and origins the last one met stands last.
        self.entries.sort_by(|a, b| a.name.cmp(&b.name).then(a.origin.cmp(&b.origin)));
        let mut out: Vec<(Cow<'a, str>, Cow<'a, str>)> = Vec::with_capacity(self.entries.len());
        for Entry { name, value, .. } in self.entries {
            match out.last_mut() {
                Some(last) if last.0 == name => last.1 = value,
                _ => out.push((name, value)),
            }
        }
        out.retain(|(_, value)| value != "null");
        out
    }
}
