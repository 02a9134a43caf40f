//! The search and the filters, as fields of a form; what they ask for stands in the address then.

use super::chips::{self, Chip};
use super::choices::Choices;
use super::named;
use crate::pages::parts::forms;
use crate::query::{Asked, NOT_TOLD, PAGE};
use crate::state::Topics;
use feedback::insight::NO_TOPIC;
use feedback::judgement::{FeedbackKind, SentimentLabel};
use insight::triage::Priority;
use maud::{Markup, html};

/// The fields of the form. Whatever else the address asks for goes along unseen, but for the page and the order, for another
/// list begins at its beginning.
const FIELDS: [&str; 17] = [
    "q",
    "meaning",
    "from",
    "to",
    "product",
    "source",
    "topic",
    "sentiment",
    "kind",
    "segment",
    "platform",
    "app_version",
    "language",
    "owner",
    "priority",
    "queue",
    "unsure",
];
/// Those whose values are what records tell. Of the last every record has one.
const TOLD: [&str; 8] =
    ["product", "segment", "platform", "app_version", "owner", "queue", "source", "language"];
const ALWAYS_TOLD: [&str; 2] = ["source", "language"];
/// Beyond so many values one is typed, with these as proposals.
const MOST_CHOICES: usize = 60;
const MOST_PROPOSALS: usize = 500;

pub(super) fn form(asked: &Asked, choices: &Choices, topics: &Topics, chips: &[Chip]) -> Markup {
    let fields = asked.fields();
    let set =
        |name: &str| fields.iter().find(|(own, _)| *own == name).map_or("", |(_, value)| value.as_str());
    html! {
        section.card aria-label="Search and filters" {
            form.inbox method="get" action=(PAGE) {
                (search(asked, &set))
                details.narrow {
                    summary { (summary(chips.len())) }
                    div.fields {
                        (day("from", "From", set("from")))
                        (day("to", "To", set("to")))
                        (forms::select("topic", "Topic", set("topic"), &topic_choices(topics)))
                        (forms::select("sentiment", "Sentiment", set("sentiment"), &sentiments()))
                        (forms::select("kind", "Kind", set("kind"), &kinds()))
                        @for name in TOLD { (told(name, set(name), choices.get(name))) }
                        (forms::select("priority", "Priority", set("priority"), &priorities()))
                        div.check {
                            input #unsure type="checkbox" name="unsure" value="true" checked[!set("unsure").is_empty()];
                            label for="unsure" { "Waits for a person" }
                        }
                        button.quiet type="submit" { "Show" }
                    }
                }
                (unseen(&fields))
            }
            (chips::shown(chips))
        }
    }
}

/// What is looked for. Of what is like a record nothing else is asked by meaning.
fn search<'s>(asked: &Asked, set: &impl Fn(&str) -> &'s str) -> Markup {
    html! {
        div.search {
            div.field {
                label for="q" { "Words" }
                input #q type="search" name="q" value=(set("q")) maxlength="500" dir="auto" aria-describedby="q-help";
                small #q-help { "Every word, " code { "\"some words\"" } " as they stand, " code { "-not" } }
            }
            @if asked.like.is_empty() {
                div.field {
                    label for="meaning" { "Or by meaning" }
                    input #meaning type="search" name="meaning" value=(set("meaning")) maxlength="2000" dir="auto"
                        aria-describedby="meaning-help";
                    small #meaning-help { "A sentence: what says the like comes first" }
                }
            }
            button type="submit" { "Search" }
        }
    }
}

fn summary(set: usize) -> String {
    match set {
        0 => "Filters".to_owned(),
        1 => "Filters (1 is set)".to_owned(),
        many => format!("Filters ({many} are set)"),
    }
}

fn day(name: &str, label: &str, value: &str) -> Markup {
    html! {
        div.field {
            label for=(name) { (label) }
            input id=(name) type="date" name=(name) value=(value);
        }
    }
}

/// A field whose values records tell.
fn told(name: &'static str, chosen: &str, values: &[String]) -> Markup {
    let label = named::field(name).unwrap_or(name);
    if values.len() > MOST_CHOICES {
        return typed(name, label, chosen, values);
    }
    let mut choices = forms::any_of("Any", values.iter().map(String::as_str));
    if !values.is_empty() && !ALWAYS_TOLD.contains(&name) {
        choices.push((NOT_TOLD.to_owned(), "None told".to_owned()));
    }
    forms::select(name, label, chosen, &choices)
}

fn typed(name: &str, label: &str, chosen: &str, values: &[String]) -> Markup {
    let proposals = format!("{name}-values");
    html! {
        div.field {
            label for=(name) { (label) }
            input id=(name) type="text" name=(name) value=(chosen) list=(proposals) placeholder="Any" dir="auto";
            datalist id=(proposals) {
                @for value in values.iter().take(MOST_PROPOSALS) { option value=(value) {} }
            }
        }
    }
}

fn pair(value: &str, name: impl Into<String>) -> (String, String) {
    (value.to_owned(), name.into())
}

/// Those below another one are set in.
fn topic_choices(topics: &Topics) -> Vec<(String, String)> {
    let name = |topic: &crate::state::Topic| {
        let set_in = if topic.parent.is_some() { "\u{2003}" } else { "" };
        pair(&topic.id, format!("{set_in}{}", topic.name))
    };
    let any = std::iter::once(pair("", "Any"));
    any.chain(topics.iter().map(name)).chain([pair(NO_TOPIC, "None")]).collect()
}

fn sentiments() -> Vec<(String, String)> {
    let name = |label: &SentimentLabel| match label {
        SentimentLabel::Unknown => pair(label.as_str(), "not known"),
        label => pair(label.as_str(), label.as_str()),
    };
    std::iter::once(pair("", "Any")).chain(SentimentLabel::ALL.iter().map(name)).collect()
}

fn kinds() -> Vec<(String, String)> {
    let name = |kind: &FeedbackKind| match kind {
        FeedbackKind::Unknown => pair(kind.as_str(), "not known"),
        kind => pair(kind.as_str(), named::kind_name(kind.as_str())),
    };
    std::iter::once(pair("", "Any")).chain(FeedbackKind::ALL.iter().map(name)).collect()
}

fn priorities() -> Vec<(String, String)> {
    forms::any_of("Any", Priority::ALL.map(Priority::as_str))
}

/// What the form has no field of its own for. An empty value is written out, for forms leave empty ones away.
fn unseen(fields: &[(&'static str, String)]) -> Markup {
    let others = ["order", "cursor"];
    let unseen = fields.iter().filter(|(name, _)| !FIELDS.contains(name) && !others.contains(name));
    html! {
        @for (name, value) in unseen {
            input type="hidden" name=(name) value=(if value.is_empty() { NOT_TOLD } else { value });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{harmless, topics};
    use super::*;

    fn drawn(query: &str, choices: &Choices) -> String {
        let (asked, topics) = (Asked::parse(query).unwrap(), topics());
        form(&asked, choices, &topics, &chips::chips(&asked, &topics)).into_string()
    }

    #[test]
    fn what_a_link_asks_for_goes_along_with_the_form() {
        let query = "question=&event_source=a&event_source=b&judged=on&limit=7&product=app&like=ab";
        let of = |query| drawn(query, &Choices::default());
        assert!(!of("order=oldest").contains("name=\"order\""), "a search begins anew");
        let drawn = of(query);
        for kept in [
            "name=\"question\" value=\"(none)\"",
            "name=\"event_source\" value=\"a\"",
            "name=\"event_source\" value=\"b\"",
            "name=\"judged\" value=\"true\"",
            "name=\"limit\" value=\"7\"",
            "name=\"like\" value=\"ab\"",
        ] {
            assert!(drawn.contains(&format!("<input type=\"hidden\" {kept}>")), "{kept}: {drawn}");
        }
        assert!(!drawn.contains("name=\"meaning\""), "two questions: {drawn}");
        assert!(
            drawn.contains("<option value=\"app\" selected>app</option>"),
            "also one that no record tells"
        );
        assert!(drawn.contains("Filters (6 are set)"), "{drawn}");
        assert_eq!(drawn.matches("<button type=").count(), 1, "one button stands out: {drawn}");
    }

    #[test]
    fn of_many_values_one_is_typed() {
        let values: Vec<String> = (0..700).map(|n| format!("4.{n}")).collect();
        let values: Vec<&str> = values.iter().map(String::as_str).collect();
        let drawn = drawn("app_version=4.9", &Choices::with("app_version", &values));
        assert!(drawn.contains("value=\"4.9\" list=\"app_version-values\""), "{drawn}");
        assert_eq!(drawn.matches("<option value=\"4.").count(), MOST_PROPOSALS);
    }

    #[test]
    fn the_records_that_tell_none_can_be_asked_for() {
        let drawn = drawn("segment=(none)", &Choices::with("segment", &["pro"]));
        assert!(drawn.contains("<option value=\"(none)\" selected>None told</option>"), "{drawn}");
        assert!(drawn.contains("<option value=\"none\">None</option>"), "of topics: {drawn}");
    }

    #[test]
    fn what_was_typed_is_text() {
        let hostile = "%22%3E%3Cscript%3Ealert(1)%3C%2Fscript%3E";
        let drawn = drawn(&format!("q={hostile}&meaning={hostile}&account={hostile}"), &Choices::default());
        harmless(&drawn);
        assert!(drawn.contains("&quot;&gt;&lt;script&gt;"), "{drawn}");
    }
}
