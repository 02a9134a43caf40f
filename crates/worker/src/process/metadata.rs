//! Extra fields on their way into one JSON object, redacted.

use analyze::redact::{
    Class, Known, RedactionCounts, Redactor, is_person, names_in, names_somebody, personal_field,
};
use serde_json::Value;
use std::borrow::Cow;

/// Appends a JSON object; nothing where there are no fields. `fields` are names and their values as JSON.
pub(super) fn write(
    fields: &[(Cow<'_, str>, Cow<'_, str>)],
    redactor: Redactor,
    known: &Known<'_>,
    out: &mut String,
    counts: &mut RedactionCounts,
) {
    if fields.is_empty() {
        return;
    }
    let mut name_text = String::new();
    out.push('{');
    for (at, (name, value)) in fields.iter().enumerate() {
        if at > 0 {
            out.push(',');
        }
        name_text.clear();
        redactor.redact_into(name, known, &mut name_text, counts);
        push_json(out, &Value::String(std::mem::take(&mut name_text)));
        out.push(':');
        match personal(name) {
            Some(class) if !is_harmless(value) => {
                counts.add(class);
                push_json(out, &Value::from(class.placeholder()));
            }
            _ => write_value(name, value, redactor, known, out, counts),
        }
    }
    out.push('}');
}

fn write_value(
    name: &str,
    value: &str,
    redactor: Redactor,
    known: &Known<'_>,
    out: &mut String,
    counts: &mut RedactionCounts,
) {
    // An escape could hide what stands behind it, and is rare.
    if !value.contains('\\') && !value.starts_with(['{', '[']) {
        let mut redacted = String::with_capacity(value.len());
        let mut found = RedactionCounts::default();
        redactor.redact_field_into(name, value, known, &mut redacted, &mut found);
        if found.is_empty() {
            out.push_str(value);
            return;
        }
    }
    let mut parsed: Value = serde_json::from_str(value).unwrap_or_else(|_| Value::String(value.to_owned()));
    redact(&mut parsed, redactor, known, counts);
    push_json(out, &parsed);
}

fn redact(value: &mut Value, redactor: Redactor, known: &Known<'_>, counts: &mut RedactionCounts) {
    match value {
        Value::Null | Value::Bool(_) => {}
        Value::Number(number) => {
            let text = number.to_string();
            let mut redacted = String::new();
            redactor.redact_into(&text, known, &mut redacted, counts);
            if redacted != text {
                *value = Value::String(redacted);
            }
        }
        Value::String(text) => {
            let mut redacted = String::with_capacity(text.len());
            redactor.redact_into(text, known, &mut redacted, counts);
            *text = redacted;
        }
        Value::Array(values) => values.iter_mut().for_each(|value| redact(value, redactor, known, counts)),
        Value::Object(fields) => {
            for (name, mut value) in std::mem::take(fields) {
                let mut redacted = String::with_capacity(name.len());
                redactor.redact_into(&name, known, &mut redacted, counts);
                match personal(&name) {
                    Some(class) if !matches!(value, Value::Null | Value::Bool(_)) => {
                        counts.add(class);
                        value = Value::from(class.placeholder());
                    }
                    _ => redact(&mut value, redactor, known, counts),
                }
                fields.insert(redacted, value);
            }
        }
    }
}

/// The names of people that these fields tell; they are masked in the texts, too.
pub(super) fn names(fields: &[(Cow<'_, str>, Cow<'_, str>)]) -> Vec<String> {
    let mut names = Vec::new();
    for (name, value) in fields {
        if (names_somebody(name) || value.starts_with(['{', '[']))
            && let Ok(value) = serde_json::from_str(value)
        {
            names_in(name, &value, &mut names);
        }
    }
    names
}

/// What a field of this name holds of a person: `customer_name`, `author.phone`, `Submitted by`; nothing for
/// `product_name` and `ticket_id`.
fn personal(name: &str) -> Option<Class> {
    personal_field(name).or_else(|| is_person(name).then_some(Class::Name))
}

fn is_harmless(value: &str) -> bool {
    matches!(value, "null" | "true" | "false" | "\"\"")
}

fn push_json(out: &mut String, value: &Value) {
    use std::fmt::Write as _;
    // Writing into a string does not fail.
    let _ = write!(out, "{value}");
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(fields: &[(&str, &str)]) -> Value {
        let fields: Vec<_> =
            fields.iter().map(|(name, value)| (Cow::from(*name), Cow::from(*value))).collect();
        let mut out = String::new();
        write(
            &fields,
            Redactor::new(),
            &Known::new(["Ada Lovelace"]),
            &mut out,
            &mut RedactionCounts::default(),
        );
        serde_json::from_str(&out).unwrap()
    }

    #[test]
    fn values_stay_json_whatever_stands_in_them() {
        let value = written(&[
            ("plain", "\"a \\\"quoted\\\" word\""),
            ("n", "12.5"),
            (
                "mixed",
                r#"{"note":"a\nada@example.org","list":[1,"+49 30 901820",null],"customer_name":"Ada"}"#,
            ),
        ]);
        assert_eq!(value["plain"], "a \"quoted\" word");
        assert_eq!(value["n"], 12.5);
        assert_eq!(value["mixed"]["note"], "a\n[email]");
        assert_eq!(value["mixed"]["list"][0], 1);
        assert_eq!(value["mixed"]["customer_name"], "[name]");
        assert!(!value.to_string().contains("901820"), "{value}");
    }

    #[test]
    fn a_field_about_a_person_goes_whatever_its_value() {
        let value = written(&[
            ("author.phone", "5551234"),
            ("homeAddress", "\"12 Elm\""),
            ("product_name", "\"Atlas\""),
            ("date_of_birth", "\"spring of 1970\""),
            ("cvv", "\"seven three one\""),
            ("contact", r#"{"called":"Ada"}"#),
            ("is_contact", "true"),
            ("note", "\"from Ada Lovelace\""),
        ]);
        assert_eq!(value["author.phone"], "[phone]");
        assert_eq!(value["homeAddress"], "[name]");
        assert_eq!(value["product_name"], "Atlas");
        assert_eq!(value["date_of_birth"], "[id]");
        assert_eq!(value["cvv"], "[card]");
        assert_eq!(value["contact"], "[name]");
        assert_eq!(value["is_contact"], true);
        assert_eq!(value["note"], "from [name]");
    }

    #[test]
    fn no_fields_give_nothing() {
        let mut out = String::new();
        write(&[], Redactor::new(), Known::nobody(), &mut out, &mut RedactionCounts::default());
        assert_eq!(out, "");
    }
}
