//! JSON looked into without reading it: pieces of what was handed over, none of it copied.

use serde::Deserializer;
use serde::de::{Error, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;
use std::fmt;

/// What stands at the end of a path through objects.
pub(crate) fn follow<'b>(value: &'b RawValue, path: &[&str]) -> Option<&'b RawValue> {
    path.iter().try_fold(value, |value, name| field(value, name))
}

/// The last of this name, as every reader of JSON has it.
fn field<'b>(value: &'b RawValue, name: &str) -> Option<&'b RawValue> {
    let mut found = None;
    each_field(value, |other, value| {
        if other == name {
            found = Some(value);
        }
    })?;
    found
}

/// Shows the fields of an object one by one; none of them is kept. `None` where it is no object.
pub(crate) fn each_field<'b>(value: &'b RawValue, look: impl FnMut(&str, &'b RawValue)) -> Option<()> {
    if !value.get().starts_with('{') {
        return None;
    }
    serde_json::Deserializer::from_str(value.get()).deserialize_map(Fields(look)).ok()
}

struct Fields<F>(F);

impl<'de, F: FnMut(&str, &'de RawValue)> Visitor<'de> for Fields<F> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut object: A) -> Result<(), A::Error> {
        while let Some((name, value)) = object.next_entry::<String, &'de RawValue>()? {
            (self.0)(&name, value);
        }
        Ok(())
    }
}

/// The items of an array, at most one more than `most`: the rest is not looked at. `None` where it is no array.
pub(crate) fn array(value: &RawValue, most: usize) -> Option<Vec<&RawValue>> {
    if !value.get().starts_with('[') {
        return None;
    }
    let mut items = Vec::new();
    let mut reader = serde_json::Deserializer::from_str(value.get());
    let read = reader.deserialize_seq(Items { most, items: &mut items });
    // What stops it is the bound.
    (read.is_ok() || items.len() > most).then_some(items)
}

struct Items<'i, 'b> {
    most: usize,
    items: &'i mut Vec<&'b RawValue>,
}

impl<'de> Visitor<'de> for Items<'_, 'de> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an array")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut array: A) -> Result<(), A::Error> {
        while self.items.len() <= self.most {
            let Some(item) = array.next_element::<&'de RawValue>()? else { return Ok(()) };
            self.items.push(item);
        }
        Err(A::Error::custom("these are enough"))
    }
}
