//! Taking records out of a JSON text whose meaning nobody knows here.

use serde_json::Value;
use std::collections::HashSet;

/// Under these an object names the record that it is of.
const RECORD: [&str; 2] = ["record", "record_id"];

/// The text without the objects that name one of these records, and without their ids wherever they stand alone; `None`
/// where nothing is left, or where it is no JSON, so that nobody can tell what is in it.
pub(super) fn prune(json: &str, records: &HashSet<&str>) -> Option<String> {
    let mut value: Value = serde_json::from_str(json).ok()?;
    stays(&mut value, records).then(|| value.to_string())
}

/// Whether something of the value stays; what does not is out of it then.
fn stays(value: &mut Value, records: &HashSet<&str>) -> bool {
    match value {
        Value::String(text) => !records.contains(text.as_str()),
        Value::Array(elements) => {
            elements.retain_mut(|element| stays(element, records));
            true
        }
        Value::Object(members) => {
            let id = |name: &&str| members.get(*name).and_then(Value::as_str);
            if RECORD.iter().filter_map(id).any(|id| records.contains(id)) {
                return false;
            }
            // An id may be a member's name as well, in a map by record.
            members.retain(|name, member| !records.contains(name.as_str()) && stays(member, records));
            true
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    fn pruned(value: &Value) -> Option<Value> {
        let left = prune(&value.to_string(), &HashSet::from(["r1", "r3"]))?;
        Some(serde_json::from_str(&left).unwrap())
    }

    #[test]
    fn what_is_of_a_record_goes_and_the_rest_stays() {
        let note = json!({
            "title": "Login fails more often", "records": ["r1", "r2"], "share": 0.25, "likeness": { "r3": 1, "r4": 2 },
            "blocks": [
                { "block": "quotes", "quotes": [
                    { "text": "cannot log in", "record": "r1", "link": { "text": "open", "url": "/r1" } },
                    { "text": "no login", "record": "r2" },
                ] },
                { "block": "case", "record_id": "r3", "text": "at all" },
            ],
        });
        let left = json!({
            "title": "Login fails more often", "records": ["r2"], "share": 0.25, "likeness": { "r4": 2 },
            "blocks": [{ "block": "quotes", "quotes": [{ "text": "no login", "record": "r2" }] }],
        });
        assert_eq!(pruned(&note), Some(left));
    }

    #[test]
    fn what_is_theirs_as_a_whole_or_unreadable_goes_as_a_whole() {
        assert_eq!(pruned(&json!({ "record": "r1", "text": "mine" })), None);
        assert_eq!(pruned(&json!("r3")), None);
        assert_eq!(prune("{ torn", &HashSet::from(["r1"])), None);
    }

    fn values() -> impl Strategy<Value = Value> {
        let word = prop::sample::select(vec!["r1", "r2", "r3", "a", "record"]);
        let leaf = prop_oneof![word.clone().prop_map(Value::from), any::<i64>().prop_map(Value::from)];
        leaf.prop_recursive(4, 32, 4, move |inner| {
            let members = prop::collection::vec((word.clone(), inner.clone()), 0..4);
            prop_oneof![
                prop::collection::vec(inner, 0..4).prop_map(Value::from),
                members.prop_map(|members| {
                    Value::Object(members.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
                }),
            ]
        })
    }

    proptest! {
        /// Whatever it looks like, no trace of the ids is left, and doing it twice changes nothing more.
        #[test]
        fn no_id_is_left_anywhere(value in values()) {
            if let Some(left) = pruned(&value) {
                let text = left.to_string();
                prop_assert!(!text.contains("r1") && !text.contains("r3"), "{}", text);
                prop_assert_eq!(pruned(&left), Some(left));
            }
        }
    }
}
