//! Held against serde_json.

use super::{Fault, Reader, canonical};
use proptest::prelude::*;
use serde::de::IgnoredAny;
use serde_json::Value;

fn sound(text: &str) -> Result<&str, Fault> {
    let mut reader = Reader::new(text, 0, 64);
    let value = reader.skip()?;
    reader.finish()?;
    Ok(value)
}

/// JSON's own characters mostly, so that many texts are JSON or nearly.
fn near_json() -> impl Strategy<Value = String> {
    let token = prop_oneof![
        "[\\[\\]{}:,]",
        "[\\[\\]{}:,]",
        "\"[a-z\\\\/u\"é]{0,4}\"",
        "\"\\\\u[0-9a-dA-D]{4}\"",
        "-?[0-9]{1,3}(\\.[0-9]{0,2})?([eE][+-]?[0-9]{0,2})?",
        "true|false|null|tru|NaN",
        "[ \n\t\r]",
        "\"a\":",
    ];
    prop::collection::vec(token, 0..12).prop_map(|tokens| tokens.concat())
}

fn json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        any::<String>()
            .prop_map(|text| Value::from(text.replace(|c: char| c < ' ' && !"\n\r\t".contains(c), ""))),
    ];
    leaf.prop_recursive(6, 64, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::hash_map("[a-z\"\n😀]{0,4}", inner, 0..6)
                .prop_map(|fields| fields.into_iter().collect::<serde_json::Map<_, _>>().into()),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn accepts_what_serde_json_accepts(text in near_json()) {
        let theirs = serde_json::from_str::<IgnoredAny>(&text);
        prop_assert_eq!(sound(&text).is_ok(), theirs.is_ok(), "{:?} {:?}", sound(&text), theirs);
    }

    #[test]
    fn reads_what_serde_json_writes(value in json()) {
        for text in [value.to_string(), serde_json::to_string_pretty(&value).unwrap()] {
            prop_assert_eq!(sound(&text), Ok(text.as_str()));
            let canonical = canonical(&text).unwrap();
            let again: Value = serde_json::from_str(&canonical).unwrap();
            prop_assert_eq!(&again, &serde_json::from_str::<Value>(&text).unwrap());
        }
    }
}

#[test]
fn canonical_is_one_spelling() {
    for (text, expected) in [
        (r#" { "b" : 1 , "a" : [ 1 , {} ] , "b" : 2 } "#, r#"{"a":[1,{}],"b":2}"#),
        (r#""\u0061\u001b\/\r""#, "\"a\u{fffd}/\\r\""),
        (r#""plain""#, r#""plain""#),
        ("1.50", "1.50"),
        (r#"{"\u0061":1,"a":2}"#, r#"{"a":2}"#),
    ] {
        assert_eq!(canonical(sound(text).unwrap()).unwrap(), expected);
    }
}

#[test]
fn faults_say_where() {
    assert_eq!(sound("[1,\n x]"), Err(Fault::Syntax { at: 5, expected: "a value" }));
    assert_eq!(sound(&"[".repeat(65)), Err(Fault::TooDeep { at: 64 }));
}
