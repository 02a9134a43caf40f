//! Extra fields on their way into one JSON object, redacted.

use super::protect::Protect;
use analyze::redact::{Known, RedactionCounts, names_in, names_somebody};
use serde_json::Value;
use std::borrow::Cow;
use std::collections::HashSet;

/// Appends a JSON object; nothing where there are no fields. `fields` are names and their values as JSON.
pub(super) fn write(
    fields: &[(Cow<'_, str>, Cow<'_, str>)],
    protect: &Protect<'_>,
    known: &Known<'_>,
    out: &mut String,
    counts: &mut RedactionCounts,
) {
    if fields.is_empty() {
        return;
    }
    let Protect { redactor, key } = protect;
    let mut renamed = HashSet::new();
    out.push('{');
    for (at, (name, value)) in fields.iter().enumerate() {
        if at > 0 {
            out.push(',');
        }
        let mut shown = String::with_capacity(name.len());
        redactor.redact_into(name, known, &mut shown, counts);
        // Two names may have become one, and one may be called so already.
        while !renamed.insert(shown.clone()) {
            shown.push('_');
        }
        push_json(out, &Value::String(shown));
        out.push(':');
        redactor.redact_json_into((&**name, &**value), known, key, out, counts);
    }
    out.push('}');
}

/// The names of people that these fields tell; they are masked in the texts, too.
pub(super) fn names(fields: &[(Cow<'_, str>, Cow<'_, str>)]) -> Vec<String> {
    let mut names = Vec::new();
    for (name, value) in fields {
        if (names_somebody(name) || value.starts_with(['{', '[']) || value.contains('\\'))
            && let Ok(value) = serde_json::from_str(value)
        {
            names_in(name, &value, &mut names);
        }
    }
    names
}

/// What these fields call the product; nobody is called so.
pub(super) fn products<'f>(fields: &'f [(Cow<'_, str>, Cow<'_, str>)]) -> impl Iterator<Item = &'f str> {
    fields
        .iter()
        .filter(|(name, _)| Known::is_product_field(name))
        .filter_map(|(_, value)| value.strip_prefix('"')?.strip_suffix('"'))
        // What is escaped is rare, and greeted by nobody.
        .filter(|product| !product.contains('\\'))
}

fn push_json(out: &mut String, value: &Value) {
    use std::fmt::Write as _;
    // Writing into a string does not fail.
    let _ = write!(out, "{value}");
}

#[cfg(test)]
mod tests {
    use super::*;
    use analyze::pseudonym::PseudonymKey;
    use analyze::redact::Redactor;
    use serde_json::json;

    fn key() -> PseudonymKey {
        PseudonymKey::from_bytes(std::array::from_fn(|at| at as u8)).unwrap()
    }

    fn written(fields: &[(&str, &str)]) -> Value {
        let fields: Vec<_> =
            fields.iter().map(|(name, value)| (Cow::from(*name), Cow::from(*value))).collect();
        let mut out = String::new();
        let (key, known) = (key(), Known::new(["Ada Lovelace"]));
        let protect = Protect::new(Redactor::new(), &key);
        write(&fields, &protect, &known, &mut out, &mut RedactionCounts::default());
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
            ("customer", r#"{"name":"Ada","plan":"pro"}"#),
            ("is_contact", "true"),
            ("note", "\"from Ada Lovelace\""),
        ]);
        assert_eq!(value["author.phone"], "[phone]");
        assert_eq!(value["homeAddress"], "[name]");
        assert_eq!(value["product_name"], "Atlas");
        assert_eq!(value["date_of_birth"], "[id]");
        assert_eq!(value["cvv"], "[card]");
        // As in a dead letter, what groups people stays.
        assert_eq!(value["contact"], json!({ "called": "[name]" }));
        assert_eq!(value["customer"], json!({ "name": "[name]", "plan": "pro" }));
        assert_eq!(value["is_contact"], true);
        assert_eq!(value["note"], "from [name]");
    }

    #[test]
    fn what_is_written_within_a_text_is_walked() {
        let value = written(&[
            ("payload", r#""{\"customer_name\":\"Zyglo Wathrix\",\"note\":\"ok\"}""#),
            ("torn", r#""{\"customer_name\":\"Zyglo Wathrix\",\"no""#),
            ("cut", r#""{\"note\":\"from Ada Lovelace\",\"no""#),
            ("prose", r#""[EXT] \"Re\": Ada Lovelace wrote""#),
            ("raw", r#""YWRhQGV4YW1wbGUub3Jn""#),
            ("deep", r#"{"raw":["YWRhQGV4YW1wbGUub3Jn"]}"#),
            ("plain", r#""internationalisation""#),
            ("signed", r#""Works.\nBest regards,\nBob""#),
            ("ada@example.org", "1"),
            ("bob@example.org", "2"),
            ("[email]", "3"),
        ]);
        assert_eq!(value["payload"], r#"{"customer_name":"[name]","note":"ok"}"#);
        assert!(!value["torn"].to_string().contains("Zyglo"), "{value}");
        for torn in ["cut", "prose"] {
            let text = value[torn].as_str().unwrap();
            assert!(!text.contains("Ada") && !text.contains("Lovelace") && text.contains("[name]"), "{text}");
        }
        assert_eq!((&value["raw"], &value["deep"]["raw"][0]), (&json!("[token]"), &json!("[token]")));
        assert_eq!(value["plain"], "internationalisation");
        assert_eq!(value["signed"], "Works.\nBest regards,\n[name]");
        assert_eq!((&value["[email]"], &value["[email]_"]), (&json!(1), &json!(2)));
        assert_eq!(value["[email]__"], 3, "of a message that was redacted before");
    }

    #[test]
    fn names_are_told_by_people_and_not_by_things() {
        let told = |field: &'static str, value: &'static str| names(&[(field.into(), value.into())]);
        for (field, value) in [
            ("labels", r#"[{"name":"Kanban Boards"}]"#),
            ("integration", r#"{"name":"Slack Sync"}"#),
            ("customer", r#"{"company":{"name":"Slack Sync"}}"#),
            ("payload", r#""{\"plan\":{\"name\":\"Slack Sync\"}}""#),
            ("form", r#"{"fields":{"categories":[{"name":"Slack Sync"}]}}"#),
        ] {
            assert!(told(field, value).is_empty(), "{field} {:?}", told(field, value));
        }
        for (field, value) in [
            ("name", r#""Zyglo Wathrix""#),
            ("requester", r#"{"name":"Zyglo Wathrix"}"#),
            ("customer", r#"{"details":{"name":"Zyglo Wathrix"}}"#),
            ("crm", r#"{"contacts":[{"name":"Zyglo Wathrix"}]}"#),
            ("crm", r#"{"customer_details":{"name":"Zyglo Wathrix"}}"#),
            ("integration", r#"{"owner":{"name":"Zyglo Wathrix"}}"#),
            ("integration", r#"{"full_name":"Zyglo Wathrix"}"#),
            ("payload", r#""{\"customer_name\":\"Zyglo Wathrix\"}""#),
            ("form", r#"{"name":"Zyglo Wathrix"}"#),
            ("custom_fields", r#"{"before":{"name":"Zyglo Wathrix"}}"#),
            ("payload", r#""{\"submission\":{\"name\":\"Zyglo Wathrix\"}}""#),
            ("channel", r#"{"first_name":"","name":"Zyglo Wathrix"}"#),
        ] {
            assert_eq!(told(field, value), ["Zyglo Wathrix"], "{field} {value}");
        }
    }

    #[test]
    fn no_fields_give_nothing() {
        assert_eq!(names(&[]), Vec::<String>::new());
        let (key, mut out) = (key(), String::new());
        let protect = Protect::new(Redactor::new(), &key);
        write(&[], &protect, Known::nobody(), &mut out, &mut RedactionCounts::default());
        assert_eq!(out, "");
    }
}
