//! What a list shows, or why it shows nothing.

use super::chips::Chip;
use crate::problem::Problem;
use crate::query::{Asked, Found, Ready};
use insight::report::Filter;
use insight::shelf::{Cursor, Hit, Hits, Order, Page, Query, Search};

/// So many filters are tried without, where nothing fits.
const MOST_TRIED: usize = 6;

pub(super) struct Answer {
    pub hits: Vec<Hit>,
    /// Of all pages; by meaning, of what was compared.
    pub total: u64,
    pub next: Option<Cursor>,
    /// What is looked for, to be marked.
    pub found: Vec<Search>,
    /// Why there is nothing to show.
    pub nothing: Option<Nothing>,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) enum Nothing {
    /// No record is held.
    NoRecords,
    /// Behind the last page.
    NoMore,
    /// With the number of records without each of the filters, of the first ones.
    NoneFits(Vec<u64>),
    /// The nearest of what was compared is not near enough.
    NoneAlike { nearest: f32 },
    /// So many fit, and none has a vector to compare; of this space, where a text was asked for.
    NoneCompared { fit: u64, space: Option<String> },
}

impl Answer {
    /// It takes the processor. `space` is that of texts that are asked for.
    ///
    /// # Errors
    /// Only of the program.
    pub fn of(ready: &Ready, chips: &[Chip], space: &str) -> Result<Self, Problem> {
        let Found { hits: Hits { hits, total, next }, nearest } = ready.page()?;
        let total = total.unwrap_or_default();
        let nothing = if hits.is_empty() { Some(why(ready, chips, total, nearest, space)?) } else { None };
        Ok(Self { hits, total, next, found: searches(&ready.asked), nothing })
    }
}

fn why(
    ready: &Ready,
    chips: &[Chip],
    total: u64,
    nearest: Option<f32>,
    space: &str,
) -> Result<Nothing, Problem> {
    let asked = &ready.asked;
    if ready.shelf.records() == 0 {
        return Ok(Nothing::NoRecords);
    }
    if asked.cursor.is_some() {
        return Ok(Nothing::NoMore);
    }
    if let Some(nearest) = nearest {
        return Ok(Nothing::NoneAlike { nearest });
    }
    let fit = if asked.is_by_meaning() && total == 0 { count(ready, &ready.query)? } else { 0 };
    if fit > 0 {
        let space = (!asked.meaning.is_empty()).then(|| space.to_owned());
        return Ok(Nothing::NoneCompared { fit, space });
    }
    let without = chips.iter().take(MOST_TRIED).map(|chip| {
        // What the log of cases said holds for whatever is left of the filter.
        let of_cases = ready.query.filter.of_cases.clone();
        let filter = Filter { of_cases, ..chip.without.filter.clone() };
        let search = Search::parse(&chip.without.words).unwrap_or_default();
        count(ready, &Query { filter, search })
    });
    without.collect::<Result<Vec<u64>, Problem>>().map(Nothing::NoneFits)
}

fn count(ready: &Ready, query: &Query) -> Result<u64, Problem> {
    let page = Page { order: Order::Newest, after: None, limit: 1, count: true };
    let hits = ready.shelf.list(query, &page).map_err(Problem::internal)?;
    Ok(hits.total.unwrap_or_default())
}

/// The words that are looked for, and the phrases of the filter.
fn searches(asked: &Asked) -> Vec<Search> {
    let phrases = asked.filter.phrase.iter().map(|phrase| format!("\"{phrase}\""));
    let written = phrases.chain((!asked.words.is_empty()).then(|| asked.words.clone()));
    written.filter_map(|written| Search::parse(&written).ok()).collect()
}
