//! A body to the items in it. They are slices of it: none is copied, and none is looked into.

use super::trouble::Trouble;
use bytes::Bytes;
use serde::Deserializer;
use serde::de::{Error, SeqAccess, Visitor};
use serde_json::value::RawValue;
use std::fmt;

/// How items stand in a body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    One,
    Array,
    /// One a line (NDJSON, JSON Lines); blank lines do not count.
    Lines,
    /// One of these, as it looks.
    Any,
}

/// The items; whether one is JSON at all only the array tells already.
///
/// # Errors
/// Nothing in it, no array where one was told, no JSON where it begins like one, or more items than `most`.
pub(super) fn split(body: &Bytes, shape: Shape, most: usize) -> Result<Vec<Bytes>, Trouble> {
    let text = body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body).trim_ascii();
    if text.is_empty() {
        return Err(Trouble::Empty);
    }
    let slices = match shape {
        Shape::Array => array(text, most)?,
        Shape::Any if text.starts_with(b"[") => array(text, most)?,
        Shape::Lines => lines(text, most)?,
        Shape::Any if begins_with_a_line(text) => lines(text, most)?,
        Shape::One | Shape::Any => vec![text],
    };
    Ok(slices.into_iter().map(|item| body.slice_ref(item)).collect())
}

fn lines(text: &[u8], most: usize) -> Result<Vec<&[u8]>, Trouble> {
    let lines = text.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii).filter(|line| !line.is_empty());
    let items: Vec<_> = lines.take(most.saturating_add(1)).collect();
    if items.len() > most { Err(Trouble::TooMany { most }) } else { Ok(items) }
}

/// Whether the first line is a value of its own and others follow: one value alone may be spread over several lines.
fn begins_with_a_line(text: &[u8]) -> bool {
    let end = text.iter().position(|byte| *byte == b'\n');
    end.is_some_and(|end| serde_json::from_slice::<&RawValue>(&text[..end]).is_ok())
}

fn array(text: &[u8], most: usize) -> Result<Vec<&[u8]>, Trouble> {
    if !text.starts_with(b"[") {
        return Err(Trouble::NotJson("expected an array, as content-type says".to_owned()));
    }
    let mut over = false;
    let mut reader = serde_json::Deserializer::from_slice(text);
    let items = reader.deserialize_seq(Items { most, over: &mut over }).and_then(|items| {
        reader.end()?;
        Ok(items)
    });
    items.map_err(|error| {
        if over {
            return Trouble::TooMany { most };
        }
        // Its place alone: in its words there may be some of the body's.
        Trouble::NotJson(format!("expected an array at line {}, column {}", error.line(), error.column()))
    })
}

/// Reads an array up to so many items.
struct Items<'o> {
    most: usize,
    over: &'o mut bool,
}

impl<'de> Visitor<'de> for Items<'_> {
    type Value = Vec<&'de [u8]>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an array")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut array: A) -> Result<Self::Value, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = array.next_element::<&'de RawValue>()? {
            if items.len() == self.most {
                *self.over = true;
                return Err(A::Error::custom("too many items"));
            }
            items.push(item.get().as_bytes());
        }
        Ok(items)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn of(body: &str, shape: Shape) -> Result<Vec<String>, &'static str> {
        let items =
            split(&Bytes::copy_from_slice(body.as_bytes()), shape, 3).map_err(|trouble| trouble.code())?;
        Ok(items.into_iter().map(|item| String::from_utf8(item.to_vec()).unwrap()).collect())
    }

    #[test]
    fn a_body_is_taken_as_what_it_looks_like() {
        let any = |body| of(body, Shape::Any).unwrap();
        assert_eq!(any(" {\"a\": 1}\n"), ["{\"a\": 1}"]);
        assert_eq!(any("{\n  \"a\": 1\n}"), ["{\n  \"a\": 1\n}"], "spread over lines");
        assert_eq!(any("{\"a\": 1}\r\n\r\n{\"b\": 2}\n"), ["{\"a\": 1}", "{\"b\": 2}"]);
        assert_eq!(any("{}\nno JSON"), ["{}", "no JSON"], "whoever reads a line says what is wrong with it");
        assert_eq!(any("[{\"a\": [1, 2]} , 3\n]"), ["{\"a\": [1, 2]}", "3"]);
        assert_eq!(any("\u{feff}[1]"), ["1"]);
        assert_eq!(any("[]"), [""; 0]);
        assert_eq!(any("hello=world"), ["hello=world"]);
    }

    #[test]
    fn a_body_is_what_its_content_type_says() {
        assert_eq!(of("[1]", Shape::One).unwrap(), ["[1]"]);
        assert_eq!(of("[1]\n[2]", Shape::Lines).unwrap(), ["[1]", "[2]"]);
        assert_eq!(of("{}", Shape::Array), Err("not_json"));
        for shape in [Shape::One, Shape::Array, Shape::Lines, Shape::Any] {
            assert_eq!(of(" \n ", shape), Err("empty"));
        }
    }

    #[test]
    fn what_is_no_array_is_no_json_and_says_where() {
        for body in ["[", "[1,]", "[1 2]", "[1] 2", "[\"\\x\"]", "[1]]"] {
            assert_eq!(of(body, Shape::Any), Err("not_json"), "{body}");
        }
        let secret = split(&Bytes::from_static(b"[\n{\"secret\": secret}]"), Shape::Any, 3).unwrap_err();
        assert_eq!(secret.to_string(), "the body is no JSON: expected an array at line 2, column 12");
        let invalid = split(&Bytes::from_static(b"[\"\xff\"]"), Shape::Any, 3).unwrap_err();
        assert_eq!(invalid.code(), "not_json");
    }

    #[test]
    fn more_items_than_allowed_are_none() {
        assert_eq!(of("[1,2,3]", Shape::Any).unwrap().len(), 3);
        assert_eq!(of("[1,2,3,4", Shape::Any), Err("too_many_items"), "before the rest is read");
        assert_eq!(of("1\n2\n3", Shape::Lines).unwrap().len(), 3);
        assert_eq!(of("1\n2\n3\n4", Shape::Lines), Err("too_many_items"));
    }

    #[test]
    fn depth_is_left_to_whoever_reads_the_item() {
        let deep = format!("[{}{}]", "[".repeat(100_000), "]".repeat(100_000));
        assert_eq!(of(&deep, Shape::Any).unwrap().len(), 1);
    }

    /// What JSON and lines are made of, within a text.
    const TEXT: &str = "[a-z\\[\\]{},\"\\\\\n \u{e9}]{0,12}";

    proptest! {
        #[test]
        fn it_is_the_same_however_items_are_sent(texts in prop::collection::vec(TEXT, 1..4)) {
            let items: Vec<String> = texts.iter().map(|text| serde_json::json!({ "v": text }).to_string()).collect();
            let array = of(&format!("[{}]", items.join(" ,\n")), Shape::Any).unwrap();
            prop_assert_eq!(&array, &items);
            let lines = of(&items.join("\n"), Shape::Any).unwrap();
            prop_assert_eq!(&lines, &items);
        }

        #[test]
        fn no_body_breaks_it(body in prop::collection::vec(any::<u8>(), 0..64)) {
            for shape in [Shape::One, Shape::Array, Shape::Lines, Shape::Any] {
                if let Ok(items) = split(&Bytes::from(body.clone()), shape, 3) {
                    prop_assert!(items.len() <= 3);
                }
            }
        }
    }
}
