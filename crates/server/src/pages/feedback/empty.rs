//! A list that shows nothing: why, and what to do next.

use super::answer::Nothing;
use super::chips::Chip;
use super::list::likeness;
use crate::live::Status;
use crate::pages::parts::{time, words};
use crate::problem::Problem;
use crate::query::{ALIKE, Asked, PAGE};
use feedback::time::Timestamp;
use insight::report::filter::Moment;
use insight::report::{Filter, count, shell_word};
use maud::{Markup, html};

pub(super) fn empty(nothing: &Nothing, asked: &Asked, chips: &[Chip], status: &Status) -> Markup {
    html! {
        section.card {
            @match nothing {
                Nothing::NoRecords => (no_records(status)),
                Nothing::NoMore => p.empty { "There is nothing behind the last page. "
                    a href=(Asked { cursor: None, ..asked.clone() }.address(PAGE)) { "To the first page" } },
                Nothing::NoneFits(without) => (none_fits(chips, without)),
                Nothing::NoneAlike { nearest } => (none_alike(*nearest, asked)),
                Nothing::NoneCompared { fit, space } => (none_compared(*fit, space.as_deref(), asked)),
            }
        }
    }
}

fn no_records(status: &Status) -> Markup {
    html! {
        @if status.loading {
            h2 { "The records are being read" }
            p { "This server has just begun: the newest are shown first. Load the page again in a moment." }
        } @else {
            h2 { "No feedback yet" }
            p { "What is sent to this server is shown here within seconds. To begin:" }
            ul {
                li { "read a file: " code { "verbatim import FILE" } }
                li { "send events to " code { "POST /v1/events" } ", or have a vendor send them to " code { "POST /v1/hooks/NAME" } }
                li { "see it with an invented story: " code { "verbatim demo --serve" } }
            }
        }
    }
}

/// `without`: records without each of the first chips.
fn none_fits(chips: &[Chip], without: &[u64]) -> Markup {
    let counts = without.iter().copied().map(Some).chain(std::iter::repeat(None));
    let helps = |(_, left): &(&Chip, Option<u64>)| *left != Some(0);
    let ways: Vec<(&Chip, Option<u64>)> = chips.iter().zip(counts).filter(helps).collect();
    html! {
        h2 { "Nothing fits" }
        @if let [only] = chips {
            p { "No record fits " bdi { (only.says) } "." }
        } @else if ways.is_empty() {
            p { "No record fits all of this at once, nor with one of it left out." }
        } @else {
            p { "No record fits all of this at once. Without one of it:" }
            ul {
                @for (chip, left) in ways {
                    li {
                        a href=(chip.without.address(PAGE)) { "without " bdi { (chip.says) } }
                        @if let Some(left) = left { " " span.soft { (records(left)) } }
                    }
                }
            }
        }
        p { a href=(PAGE) { "Show all feedback" } }
    }
}

fn none_alike(nearest: f32, asked: &Asked) -> Markup {
    html! {
        h2 { "Nothing is alike" }
        p { "The nearest record has a likeness of " (likeness(nearest)) ". Less than " (likeness(ALIKE)) " is what chance gives "
            "and is not shown. Say it in other words" @if asked.filter != Filter::default() { ", or set fewer filters" } "." }
        (as_words(asked))
    }
}

fn none_compared(fit: u64, space: Option<&str>, asked: &Asked) -> Markup {
    html! {
        h2 { "Nothing can be compared" }
        p {
            (records(fit)) @if fit == 1 { " fits" } @else { " fit" } ", and none of them has been read by the encoder that "
            @if let Some(space) = space { "reads this text now (" bdi { (space) } ")" } @else { "read that record" }
            ", or has words that it knows. Vectors of different encoders are not compared."
        }
        (as_words(asked))
    }
}

/// Of a record that has nothing to be compared by, asked what is like it: that is no mistake of whoever asked.
pub(super) fn incomparable(problem: &Problem, asked: &Asked) -> Markup {
    let id = &asked.like;
    html! {
        section.card {
            h2 { "Nothing to compare" }
            p { "Feedback is compared by the meaning of its words, and " (problem.detail) "." }
            p {
                a href={ (PAGE) "/" (id) } { "Open record " (words::short(id)) }
                " or " a href=(PAGE) { "show all feedback" } "."
            }
        }
    }
}

/// The same as a search by words, where it was a text.
fn as_words(asked: &Asked) -> Markup {
    let words = Asked { words: asked.meaning.clone(), meaning: String::new(), cursor: None, ..asked.clone() };
    html! {
        @if !asked.meaning.is_empty() && asked.words.is_empty() {
            p { a href=(words.address(PAGE)) { "Search for the words instead" } }
        }
    }
}

fn records(count_of: u64) -> String {
    format!("{} record{}", count(count_of), if count_of == 1 { "" } else { "s" })
}

/// That older records than those that are held may fit, and how to see them.
pub(super) fn older(asked: &Asked, since: Timestamp) -> Markup {
    let reaches_back = asked.filter.from.is_none_or(|from| from < since.day());
    html! {
        @if reaches_back {
            details {
                summary { "Records from before " (time::moment(since)) " are not shown here" }
                p { "There are more records than this server holds in memory (" code { "server.records" } "). A shell on its "
                    "machine lists the older ones:" }
                pre.scroll tabindex="0" { code { bdi { (command(&asked.filter, since)) } } }
                @if !asked.words.is_empty() || asked.is_by_meaning() { p.soft { "Without the search: it looks at what is held." } }
            }
        }
    }
}

/// Lists what of a filter is older than what is held.
fn command(filter: &Filter, since: Timestamp) -> String {
    let before = filter.before.map_or(since, |before| before.0.min(since));
    let filter = Filter { before: Some(Moment(before)), ..filter.clone() };
    let args = filter.args();
    let words = args.iter().map(|word| shell_word(word));
    std::iter::once("verbatim report --records".to_owned()).chain(words).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::super::chips::chips;
    use super::super::testing::{harmless, topics};
    use super::*;

    #[test]
    fn a_record_without_words_is_explained_and_can_be_opened() {
        let asked = Asked::parse("like=00ab").unwrap();
        let drawn = incomparable(&Problem::bad_request("this record has no words to compare"), &asked);
        let drawn = drawn.into_string();
        harmless(&drawn);
        assert!(drawn.contains("and this record has no words to compare.</p>"), "{drawn}");
        assert!(drawn.contains("href=\"/feedback/00ab\">Open record 00ab</a>"), "{drawn}");
    }

    fn drawn(nothing: &Nothing, query: &str) -> String {
        let asked = Asked::parse(query).unwrap();
        let status = Status { loading: false, ..Status::default() };
        let drawn = empty(nothing, &asked, &chips(&asked, &topics()), &status).into_string();
        harmless(&drawn);
        drawn
    }

    #[test]
    fn an_empty_server_says_how_to_begin() {
        insta::assert_snapshot!(drawn(&Nothing::NoRecords, ""));
        let loading = no_records(&Status::default()).into_string();
        assert!(loading.contains("being read") && !loading.contains("No feedback yet"), "{loading}");
    }

    #[test]
    fn where_nothing_fits_each_filter_can_be_dropped() {
        let query = "topic=login&product=%3Cb%3E&q=lost+data";
        insta::assert_snapshot!(drawn(&Nothing::NoneFits(vec![0, 1_234]), query));
        let none = drawn(&Nothing::NoneFits(vec![0, 0, 0]), query);
        assert!(none.contains("nor with one of it left out") && !none.contains("without"), "{none}");
        let one = drawn(&Nothing::NoneFits(vec![7]), "q=lost");
        assert!(one.contains("No record fits <bdi>Words: lost</bdi>."), "{one}");
    }

    #[test]
    fn what_is_not_alike_is_not_shown_and_told() {
        let drawn = drawn(&Nothing::NoneAlike { nearest: 0.184 }, "meaning=the+moon&product=app");
        insta::assert_snapshot!(drawn);
    }

    #[test]
    fn vectors_of_another_space_are_told() {
        let of_text = Nothing::NoneCompared { fit: 1_234, space: Some("v2".to_owned()) };
        let told = drawn(&of_text, "meaning=the+moon");
        assert!(told.contains("1,234 records fit") && told.contains("<bdi>v2</bdi>"), "{told}");
        let told = drawn(&Nothing::NoneCompared { fit: 1, space: None }, "like=ab");
        assert!(told.contains("1 record fits") && told.contains("read that record"), "{told}");
    }

    #[test]
    fn older_records_are_listed_by_a_command() {
        let asked = Asked::parse("product=our+app&q=x&before=2026-01-01T00:00:00Z").unwrap();
        let since = Timestamp(1_772_409_600_000_000);
        let told = older(&asked, since).into_string();
        assert!(
            told.contains(
                "verbatim report --records --product 'our app' --before 2026-01-01T00:00:00Z</bdi></code>"
            ),
            "{told}"
        );
        assert!(told.contains("2 Mar 2026") && told.contains("Without the search"), "{told}");
        let newer = Asked::parse("from=2026-03-02").unwrap();
        assert_eq!(older(&newer, since).into_string(), "", "all of it is held");
    }
}
