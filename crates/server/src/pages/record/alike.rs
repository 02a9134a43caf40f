//! The records most like one.

use crate::pages::feedback::{is_alike, verbatim};
use crate::pages::parts::{time, words};
use crate::problem::Problem;
use crate::state::{App, Topics};
use feedback::ids::Id;
use insight::shelf::{Hit, Query};
use maud::{Markup, html};

const SHOWN: usize = 5;
/// Characters of each.
const LONGEST: usize = 240;

/// `None` where it is not held in memory, or has no words that are known.
pub(super) async fn of(app: &App, id: Id) -> Result<Option<Vec<Hit>>, Problem> {
    let shelf = app.live.shelf();
    let look = move || {
        let Some(meaning) = shelf.find(id).and_then(|hit| hit.meaning()) else { return Ok(None) };
        let mut hits = shelf.nearest(&Query::default(), &meaning, Some(id), None, SHOWN)?.hits;
        hits.retain(is_alike);
        Ok::<_, insight::InsightError>(Some(hits))
    };
    tokio::task::spawn_blocking(look).await?.map_err(Problem::internal)
}

pub(super) fn alike(hits: Option<&[Hit]>, topics: &Topics) -> Markup {
    html! {
        @if let Some(hits) = hits {
            section.card {
                h2 { "Most like it" }
                @if hits.is_empty() {
                    p.empty { "Nothing that is held is alike." }
                } @else {
                    ul.plain { @for hit in hits { li.verbatim { (one(hit, topics)) } } }
                }
            }
        }
    }
}

fn one(hit: &Hit, topics: &Topics) -> Markup {
    let row = hit.row();
    let id = row.id.to_string();
    html! {
        (verbatim::words(&row, topics, &[], Some((LONGEST, None))))
        p { small {
            @if let Some(likeness) = hit.likeness { (format!("{likeness:.2} likeness, ")) }
            (verbatim::source(&row)) ", " (time::day(row.day)) ", "
            a href={ "/feedback/" (id) } { "open record " (words::short(&id)) }
        } }
    }
}
