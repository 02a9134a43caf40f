//! The questions of a form.

use crate::vendors::asked;
use serde_json::Value;
use std::collections::HashMap;

/// The fields by their ids and references. It is read for what helps; what is malformed in it is passed over, since the
/// answers count without it too.
pub(super) struct Definition<'v> {
    fields: HashMap<&'v str, &'v Value>,
}

/// What a question says about its answers.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Field {
    pub title: Option<String>,
    pub subfield: Option<Subfield>,
    /// How many numbers its scale has; `None` where it does not say.
    pub steps: Option<f64>,
    pub starts_at_one: bool,
}

/// What a part of a block for contact details asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Subfield {
    Name,
    Company,
    Other,
}

impl<'v> Definition<'v> {
    pub fn read(definition: &'v Value) -> Self {
        let mut fields = HashMap::new();
        let listed = |parent: &'v Value| parent["fields"].as_array().into_iter().flatten();
        let mut open: Vec<&Value> = listed(definition).collect();
        while let Some(field) = open.pop() {
            for name in ["id", "ref"] {
                fields.extend(field[name].as_str().map(|name| (name, field)));
            }
            // Of groups, matrices and contact blocks.
            open.extend(listed(&field["properties"]));
            open.extend(listed(field));
        }
        Self { fields }
    }

    pub fn field(&self, id: &Value, reference: &Value) -> Field {
        let find = |name: &Value| name.as_str().and_then(|name| self.fields.get(name));
        let Some(field) = find(id).or_else(|| find(reference)) else { return Field::default() };
        let properties = &field["properties"];
        let steps = properties["steps"]
            .as_f64()
            .filter(|steps| (2.0..=100.0).contains(steps) && steps.fract() == 0.0);
        Field {
            title: field["title"].as_str().map(plain).as_deref().and_then(asked::question),
            subfield: field["subfield_key"].as_str().map(|key| match key {
                "first_name" | "last_name" => Subfield::Name,
                "company" => Subfield::Company,
                _ => Subfield::Other,
            }),
            steps,
            starts_at_one: properties["start_at_one"].as_bool() == Some(true),
        }
    }
}

/// A title as it was asked, but for what a form puts in for each person (`{{field:name}}`): that stays out, so that the
/// question is the same one for all.
fn plain(title: &str) -> String {
    let mut plain = String::new();
    let mut rest = title.trim();
    while let Some((before, open)) = rest.split_once("{{") {
        let Some((_, after)) = open.split_once("}}") else { break };
        plain.push_str(before);
        plain.push('…');
        rest = after;
    }
    plain + rest
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn fields_are_found_at_any_depth_by_id_or_reference() {
        let form = json!({"fields": [
            {"id": "a", "ref": "ra", "title": "A?", "type": "rating", "properties": {"steps": 7, "start_at_one": true}},
            {"id": "g", "type": "group", "properties": {"fields": [
                {"id": "b", "ref": "rb", "title": "Thanks, {{field:a}}! {{hidden:x}} B?"},
                {"id": "c", "subfield_key": "last_name", "properties": {"steps": 1e9}},
            ]}},
            "odd", {"id": 7, "fields": {"x": 1}},
        ]});
        let definition = Definition::read(&form);
        let field = |id: &str, reference: &str| definition.field(&json!(id), &json!(reference));
        let rated = Field { title: Some("A?".into()), subfield: None, steps: Some(7.0), starts_at_one: true };
        assert_eq!(field("a", ""), rated);
        assert_eq!(field("", "ra"), rated);
        assert_eq!(field("b", "").title.as_deref(), Some("Thanks, …! … B?"));
        assert_eq!((field("c", "").subfield, field("c", "").steps), (Some(Subfield::Name), None));
        assert_eq!(field("z", "z"), Field::default());
        assert_eq!(plain("a {{b"), "a {{b");
    }
}
