//! Records below each other, with what they are a list of.

use super::answer::Answer;
use super::chips::Chip;
use super::{empty, verbatim};
use crate::auth::Caller;
use crate::live::Status;
use crate::pages::parts::{forms, words};
use crate::pages::record::correct;
use crate::query::{Asked, PAGE, USUAL};
use crate::state::Topics;
use insight::report::count;
use insight::shelf::{Hit, Order, Row, Search};
use maud::{Markup, html};

/// Characters of a body that a list shows together; the record's own page shows all.
const LONGEST: usize = 1_200;

/// What a list is drawn from.
pub(super) struct Seen<'a> {
    pub asked: &'a Asked,
    pub answer: &'a Answer,
    pub chips: &'a [Chip],
    pub caller: &'a Caller,
    pub topics: &'a Topics,
    pub status: &'a Status,
}

pub(super) fn list(seen: &Seen<'_>) -> Markup {
    let Seen { asked, answer, chips, status, .. } = seen;
    let is_last = answer.next.is_none() || asked.is_by_meaning() || asked.order == Order::Oldest;
    html! {
        @match &answer.nothing {
            Some(nothing) => (empty::empty(nothing, asked, chips, status)),
            None => {
                (head(asked, answer, status))
                @for hit in &answer.hits { (item(seen, hit)) }
                (pager(asked, answer))
            }
        }
        @if let Some(since) = status.since.filter(|_| is_last) { (empty::older(asked, since)) }
    }
}

fn head(asked: &Asked, answer: &Answer, status: &Status) -> Markup {
    html! {
        div.lead {
            div {
                h2 { (title(asked, answer.total)) }
                @if status.loading {
                    p role="status" { "Records are still being read, the newest first: load the page again for the rest." }
                }
            }
            div {
                (order(asked))
                (exports(asked))
            }
        }
    }
}

fn title(asked: &Asked, total: u64) -> String {
    let records = format!("{} record{}", count(total), if total == 1 { "" } else { "s" });
    match (asked.is_by_meaning(), asked.order) {
        (true, _) => format!("The most alike first, of {records} that can be compared"),
        (false, Order::Newest) => format!("{records}, the newest first"),
        (false, Order::Oldest) => format!("{records}, the oldest first"),
    }
}

fn order(asked: &Asked) -> Markup {
    let of = |order| Asked { order, cursor: None, ..asked.clone() }.address(PAGE);
    let orders = [(Order::Newest, "Newest first"), (Order::Oldest, "Oldest first")];
    html! {
        @if !asked.is_by_meaning() {
            nav.choices aria-label="Order" {
                @for (order, name) in orders {
                    a href=(of(order)) aria-current=[(order == asked.order).then_some("true")] { (name) }
                }
            }
        }
    }
}

/// All of this list as files.
fn exports(asked: &Asked) -> Markup {
    let whole = Asked { cursor: None, limit: USUAL, ..asked.clone() };
    let what = if asked.is_by_meaning() { "The nearest" } else { "All of it" };
    forms::exports(what, |ending| whole.address(&format!("/v1/records.{ending}")))
}

/// One record of a list.
pub(super) struct Item<'a> {
    pub row: &'a Row<'a>,
    pub likeness: Option<f32>,
    /// Where it speaks of the topic that is asked for.
    pub from: Option<usize>,
    pub found: &'a [Search],
    pub topics: &'a Topics,
    pub caller: &'a Caller,
    /// The list's address.
    pub back: &'a str,
}

fn item(seen: &Seen<'_>, hit: &Hit) -> Markup {
    article(&Item {
        row: &hit.row(),
        likeness: hit.likeness,
        from: hit.span.map(|span| span.start as usize),
        found: &seen.answer.found,
        topics: seen.topics,
        caller: seen.caller,
        back: &seen.asked.address(PAGE),
    })
}

pub(super) fn article(Item { row, likeness: alike, from, found, topics, caller, back }: &Item<'_>) -> Markup {
    let id = row.id.to_string();
    let short = words::short(&id);
    html! {
        article.card.verbatim id={ "r-" (short) } aria-label={ "Record " (short) } {
            (verbatim::context(row))
            @if let Some(of) = alike { p { span.badge { (likeness(*of)) " likeness" } } }
            (verbatim::words(row, topics, found, Some((LONGEST, *from))))
            (verbatim::about(row, topics))
            (verbatim::decision(row))
            p.actions {
                a href={ "/feedback/" (id) } aria-label={ "Open record " (short) } { "Open" }
                @if row.vector.is_some() {
                    a href={ (PAGE) "?like=" (id) } aria-label={ "Find feedback like record " (short) } { "Find like this" }
                }
            }
            @if caller.role.may_edit() {
                details {
                    summary { "Correct" }
                    (correct::form(row, caller, topics, Some(back)))
                }
            }
        }
    }
}

/// A cosine, of which two digits tell something.
pub(super) fn likeness(of: f32) -> String {
    format!("{:.2}", of.max(0.0))
}

fn pager(asked: &Asked, answer: &Answer) -> Markup {
    let first = Asked { cursor: None, ..asked.clone() }.address(PAGE);
    let next = answer.next.map(|next| next.to_string());
    forms::pager(&first, asked.cursor.is_none(), next.as_deref())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_says_what_it_is_of_and_in_which_order() {
        let said = |query, total| title(&Asked::parse(query).unwrap(), total);
        assert_eq!(said("", 1_234), "1,234 records, the newest first");
        assert_eq!(said("order=oldest", 1), "1 record, the oldest first");
        assert_eq!(said("like=ab", 9), "The most alike first, of 9 records that can be compared");
    }

    #[test]
    fn the_export_is_of_exactly_this_list() {
        let cursor = format!("5.{}", "0".repeat(32));
        let asked = Asked::parse(&format!("topic=login&q=a&limit=7&cursor={cursor}&order=oldest")).unwrap();
        let drawn = exports(&asked).into_string();
        assert!(drawn.contains("href=\"/v1/records.csv?topic=login&amp;q=a&amp;order=oldest\""), "{drawn}");
        let orders = order(&asked).into_string();
        assert!(
            orders.contains("href=\"/feedback?topic=login&amp;q=a&amp;limit=7\">Newest first"),
            "{orders}"
        );
        assert_eq!(order(&Asked::parse("meaning=a").unwrap()).into_string(), "");
    }

    #[test]
    fn a_likeness_is_a_number() {
        assert_eq!([likeness(0.712), likeness(1.0), likeness(-0.001)], ["0.71", "1.00", "0.00"]);
    }
}
