//! What is known of a record beside its words.

use super::link::link;
use crate::pages::feedback::verbatim;
use crate::pages::parts::number::whole;
use crate::pages::parts::time;
use crate::query::address;
use crate::stored::Beside;
use feedback::time::Timestamp;
use insight::report::Filter;
use insight::shelf::{Label, Row, Text};
use maud::{Markup, html};
use serde_json::Value;

/// What lists can be narrowed by: one click to all with the same.
const NARROWING: [(&str, Label, &str); 9] = [
    ("Product", Label::Product, "product"),
    ("Version", Label::AppVersion, "app_version"),
    ("Platform", Label::Platform, "platform"),
    ("Territory", Label::Territory, "territory"),
    ("Language", Label::Language, "language"),
    ("Account", Label::Account, "account"),
    ("Segment", Label::Segment, "segment"),
    ("Answer", Label::Part, "part"),
    ("Question", Label::Question, "question"),
];
const PLAIN: [(&str, Text); 4] = [
    ("Id in the source", Text::NativeId),
    ("Conversation", Text::Conversation),
    ("Author, a pseudonym", Text::Author),
    ("Another of theirs", Text::AuthorAlias),
];
/// Who judged it, by what.
const VERSIONS: [(&str, Label); 3] =
    [("Encoder", Label::Encoder), ("Taxonomy", Label::Taxonomy), ("Rules of triage", Label::Rules)];

pub(super) fn facts(row: &Row<'_>, beside: &Beside) -> Markup {
    html! {
        section.card {
            h2 { "Facts" }
            dl.facts {
                (when(row, beside.collected_at))
                dt { "Source" } dd { (verbatim::source(row)) }
                @for (name, label, field) in NARROWING {
                    @if let Some(value) = row.label(label) {
                        dt { (name) }
                        dd { a href=(of(field, value)) { bdi { (value) } } }
                    }
                }
                @if let Some(revenue) = row.revenue { dt { "Revenue a year" } dd.number { (whole(revenue)) } }
                @if let Some(score) = row.score() { dt { "Score" } dd { (verbatim::score(score)) } }
                @for (name, text) in PLAIN {
                    @if let Some(value) = row.text(text) { dt { (name) } dd { bdi { (value) } } }
                }
                @if !row.tags.is_empty() { dt { "Tags" } dd { @for tag in &row.tags { bdi.badge { (tag) } " " } } }
                @if let Some(permalink) = row.text(Text::Permalink) { dt { "At the source" } dd { (link(permalink)) } }
                dt { "Record" } dd { code { (row.id) } }
                dt { "Version, as the source counts" } dd.number { (row.version) }
            }
            h3 { "Judged by" }
            dl.facts {
                @for (name, label) in VERSIONS {
                    @if let Some(value) = row.label(label) { dt { (name) } dd { bdi { (value) } } }
                }
                @if let Some(space) = &beside.space { dt { "Space of its vector" } dd { bdi { (space) } } }
            }
            @if !beside.redactions.is_empty() {
                h3 { "Taken out of its texts" }
                dl.facts { @for (class, count) in &beside.redactions { dt { bdi { (class) } } dd.number { (count) } } }
            }
        }
    }
}

fn when(row: &Row<'_>, collected_at: Option<Timestamp>) -> Markup {
    html! {
        dt { "Said" } dd { (time::moment(row.at)) }
        @if row.updated_at != row.at { dt { "Changed" } dd { (time::moment(row.updated_at)) } }
        @if let Some(at) = collected_at { dt { "Collected" } dd { (time::moment(at)) } }
        dt { "Stored" } dd { (time::moment(row.stored_at)) }
    }
}

/// All records that tell the same.
fn of(field: &str, value: &str) -> String {
    let mut filter = Filter::default();
    match filter.set(field, value) {
        Ok(()) => address(&filter),
        Err(_) => address(&Filter::default()),
    }
}

/// What else the source told.
pub(super) fn metadata(told: Option<&Value>) -> Markup {
    let fields = told.map(fields).unwrap_or_default();
    html! {
        @if !fields.is_empty() {
            section.card {
                h2 { "Further fields" }
                dl.facts {
                    @for (name, value) in &fields {
                        dt { bdi { (name) } }
                        dd dir="auto" { (value) }
                    }
                }
            }
        }
    }
}

/// The fields of an object, each value as text; what is no object is one field without a name.
fn fields(told: &Value) -> Vec<(&str, String)> {
    let shown = |value: &Value| match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    match told {
        Value::Object(fields) => fields.iter().map(|(name, value)| (name.as_str(), shown(value))).collect(),
        other => vec![("", shown(other))],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn extra_fields_are_told_one_by_one() {
        let told = json!({ "a": "x", "b": { "c": [1, null] }, "d": 2.5 });
        let expected = [("a", "x"), ("b", r#"{"c":[1,null]}"#), ("d", "2.5")];
        assert_eq!(fields(&told), expected.map(|(name, value)| (name, value.to_owned())));
        assert_eq!(fields(&json!("no json")), [("", "no json".to_owned())]);
    }
}
