//! What narrows a list, each with the way to the list without it.

use super::named::says;
use crate::query::{Asked, PAGE};
use crate::state::Topics;
use maud::{Markup, html};

/// What of an address does not narrow the list.
const NO_FILTERS: [&str; 3] = ["order", "cursor", "limit"];

#[derive(Debug, Clone, PartialEq)]
pub(super) struct Chip {
    pub says: String,
    /// The list without it, from its beginning.
    pub without: Asked,
}

/// In the order of the address.
pub(super) fn chips(asked: &Asked, topics: &Topics) -> Vec<Chip> {
    let fields = Asked { cursor: None, ..asked.clone() }.fields();
    let is_own = |at: &usize| !NO_FILTERS.contains(&fields[*at].0) && fields[*at].0 != "except_to";
    let chip = |at: usize| {
        let (name, value) = &fields[at];
        // The two ends of what is left out go together.
        let end = fields.iter().find(|(name, _)| *name == "except_to").filter(|_| *name == "except_from");
        let says = match end {
            Some((_, to)) => format!("Not from {value} to {to}"),
            None => says(name, value, topics),
        };
        let rest = fields
            .iter()
            .enumerate()
            .filter(|(other, (name, _))| *other != at && !(end.is_some() && *name == "except_to"));
        Chip { says, without: of_fields(rest.map(|(_, field)| field)) }
    };
    (0..fields.len()).filter(is_own).map(chip).collect()
}

/// What an address with these fields asks for.
fn of_fields<'f>(fields: impl Iterator<Item = &'f (&'static str, String)>) -> Asked {
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.extend_pairs(fields);
    // A part of what was read is read again.
    Asked::parse(&query.finish()).unwrap_or_default()
}

pub(super) fn shown(chips: &[Chip]) -> Markup {
    html! {
        @if !chips.is_empty() {
            ul.tags aria-label="What narrows the list" {
                @for chip in chips {
                    li.badge.chip {
                        bdi { (chip.says) }
                        a href=(chip.without.address(PAGE)) aria-label={ "Without " (chip.says) } { "\u{00d7}" }
                    }
                }
                @if chips.len() > 1 { li { a href=(PAGE) { "Show all" } } }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::topics;
    use super::*;

    fn of(query: &str) -> Vec<(String, String)> {
        let chips = chips(&Asked::parse(query).unwrap(), &topics());
        chips.into_iter().map(|chip| (chip.says, chip.without.address("/x"))).collect()
    }

    fn pair(says: &str, without: &str) -> (String, String) {
        (says.to_owned(), without.to_owned())
    }

    #[test]
    fn each_can_be_taken_away_by_itself() {
        let chips = of("topic=login&q=log+in&event_source=a&event_source=b&order=oldest&limit=7");
        let expected = [
            pair("Topic: Login and access", "/x?event_source=a&event_source=b&q=log+in&order=oldest&limit=7"),
            pair("Form or inbox: a", "/x?topic=login&event_source=b&q=log+in&order=oldest&limit=7"),
            pair("Form or inbox: b", "/x?topic=login&event_source=a&q=log+in&order=oldest&limit=7"),
            pair("Words: log in", "/x?topic=login&event_source=a&event_source=b&order=oldest&limit=7"),
        ];
        assert_eq!(chips, expected);
        assert!(of("").is_empty());
    }

    #[test]
    fn both_ends_of_what_is_left_out_go_together() {
        let chips = of("product=app&except_from=2026-03-02&except_to=2026-03-08");
        let expected = [
            pair("Not from 2026-03-02 to 2026-03-08", "/x?product=app"),
            pair("Product: app", "/x?except_from=2026-03-02&except_to=2026-03-08"),
        ];
        assert_eq!(chips, expected);
    }

    #[test]
    fn the_next_page_of_another_list_is_not_asked_for() {
        let cursor = format!("5.{}", "0".repeat(32));
        assert_eq!(
            of(&format!("product=&segment=(none)&cursor={cursor}")),
            [pair("Segment: none told", "/x")]
        );
    }
}
