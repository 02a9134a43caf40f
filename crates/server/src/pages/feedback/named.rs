//! What a list is asked for, as people call it.

use crate::pages::parts::words::short;
use crate::query::NOT_TOLD;
use crate::state::Topics;
use feedback::insight::NO_TOPIC;

/// Characters of a value that are shown.
const LONGEST: usize = 80;

/// The name of a field; `None` for what no filter has.
pub(super) fn field(name: &str) -> Option<&'static str> {
    Some(match name {
        "from" => "From",
        "to" => "To",
        "except_from" => "Not from",
        "except_to" => "Not to",
        "also_except" => "Not on",
        "weekday" => "On",
        "product" => "Product",
        "source" => "Source",
        "topic" => "Topic",
        "sentiment" => "Sentiment",
        "words" => "Words",
        "kind" => "Kind",
        "language" => "Language",
        "platform" => "Platform",
        "app_version" => "Version",
        "territory" => "Territory",
        "part" => "Answer",
        "question" => "Question",
        "record" => "Record",
        "score" => "Score",
        "scale" => "Scale",
        "value" => "Answered",
        "band" => "Band",
        "answers" => "Answers of a person",
        "since" => "Since",
        "before" => "Before",
        "account" => "Account",
        "segment" => "Segment",
        "owner" => "Owner",
        "priority" => "Priority",
        "queue" => "Queue",
        "case" => "Case",
        "event_source" => "Form or inbox",
        "any_topic" => "About any of",
        "phrase" => "Phrase",
        "judged" => "Sentiment known",
        "unsure" => "Waits for a person",
        "unresolved" => "Not of resolved cases",
        _ => return None,
    })
}

/// What a field with this value asks for: `Topic: Login and access`.
pub(super) fn says(name: &str, value: &str, topics: &Topics) -> String {
    match name {
        "q" => return format!("Words: {}", bounded(value)),
        "meaning" => return format!("Meaning: {}", bounded(value)),
        "like" => return format!("Like record {}", short(value)),
        "judged" | "unsure" | "unresolved" => return field(name).unwrap_or(name).to_owned(),
        _ => {}
    }
    format!("{}: {}", field(name).unwrap_or(name), shown(name, value, topics))
}

fn shown(name: &str, value: &str, topics: &Topics) -> String {
    match (name, value) {
        ("topic", NO_TOPIC) => "none".to_owned(),
        ("topic" | "any_topic", id) => bounded(topics.name(id)),
        ("case" | "record", id) => short(id),
        (_, "" | NOT_TOLD) => "none told".to_owned(),
        ("kind", kind) => kind_name(kind),
        (_, value) => bounded(value),
    }
}

/// `feature request`.
pub(super) fn kind_name(kind: &str) -> String {
    kind.replace('_', " ")
}

fn bounded(text: &str) -> String {
    let mut chars = text.chars();
    let shown: String = chars.by_ref().take(LONGEST).collect();
    if chars.next().is_some() { format!("{shown}\u{2026}") } else { shown }
}

#[cfg(test)]
mod tests {
    use super::super::testing::topics;
    use super::*;
    use insight::report::Filter;

    #[test]
    fn every_field_of_a_filter_has_a_name() {
        let nameless: Vec<&str> = Filter::FIELDS.into_iter().filter(|name| field(name).is_none()).collect();
        assert_eq!(nameless, [""; 0]);
        assert_eq!(field("color"), None);
    }

    #[test]
    fn a_value_is_told_as_people_read_it() {
        let topics = topics();
        let told = |name, value| says(name, value, &topics);
        assert_eq!(told("topic", "login"), "Topic: Login and access");
        assert_eq!(told("topic", "none"), "Topic: none");
        assert_eq!(told("any_topic", "gone"), "About any of: gone");
        assert_eq!(told("kind", "feature_request"), "Kind: feature request");
        assert_eq!(told("segment", NOT_TOLD), "Segment: none told");
        assert_eq!(told("question", ""), "Question: none told");
        assert_eq!(told("unsure", "true"), "Waits for a person");
        assert_eq!(told("like", "0123456789abcdef"), "Like record 01234567");
        assert_eq!(told("q", &"é".repeat(90)), format!("Words: {}\u{2026}", "é".repeat(80)));
    }
}
