//! The rows that a query names, part by part.

use super::{
    Query, Shelf,
    fits::{Fits, Mask, search},
    last::{At, Last, Timeline},
    part::Part,
    people::People,
};
use crate::error::InsightError;
use rayon::prelude::*;
use std::sync::Arc;

/// The rows of a part that a query names.
pub(super) struct Chosen<'s> {
    pub part: &'s Arc<Part>,
    pub mask: Mask,
}

impl Chosen<'_> {
    pub fn rows(&self) -> impl DoubleEndedIterator<Item = usize> {
        self.mask.rows()
    }
}

impl Shelf {
    /// Of the days in their order, the parts of a day together.
    pub(super) fn choose(&self, query: &Query) -> Result<Vec<Chosen<'_>>, InsightError> {
        let fits = Fits::new(&query.filter)?;
        let parts: Vec<&Arc<Part>> =
            self.days.iter().filter(|(day, _)| fits.has_day(**day)).flat_map(|(_, parts)| parts).collect();
        let first = |part| Some(Chosen { part, mask: fits.first(part)? });
        let mut chosen: Vec<Chosen<'_>> = parts.into_par_iter().filter_map(first).collect();
        if fits.is_of_last_answers() {
            leave_last(self.people(), &mut chosen);
        }
        chosen.par_iter_mut().for_each(|chosen| finish(&fits, query, chosen));
        Ok(chosen)
    }

    /// The same of one day, for queries that need no other day to be known.
    pub(super) fn choose_of<'s>(parts: &'s [Arc<Part>], fits: &Fits<'_>, query: &Query) -> Vec<Chosen<'s>> {
        let choose = |part| {
            let mut chosen = Chosen { part, mask: fits.first(part)? };
            finish(fits, query, &mut chosen);
            Some(chosen)
        };
        parts.par_iter().filter_map(choose).collect()
    }
}

/// Leaves the last row of every person, by time and then id; who is unknown counts each time.
fn leave_last(people: &People, chosen: &mut [Chosen<'_>]) {
    let parts: Vec<&Part> = chosen.iter().map(|chosen| chosen.part.as_ref()).collect();
    let (timeline, mut last) = (Timeline(&parts), Last::new(people.count()));
    // A shelf has far fewer parts, and a part far fewer rows, than 2^32.
    let at = |part: usize, row: usize| At { part: part as u32, row: row as u32 };
    for (part, chosen) in chosen.iter().enumerate() {
        let told = people.of(chosen.part);
        for row in chosen.rows() {
            if let Some(person) = told.author(row) {
                last.keep(person, at(part, row), |before| timeline.is_before(*before, at(part, row)));
            }
        }
    }
    chosen.par_iter_mut().enumerate().for_each(|(part, chosen)| {
        let told = people.of(chosen.part);
        let is_last = |row| told.author(row).is_none_or(|person| last.get(person) == Some(&at(part, row)));
        chosen.mask.retain(is_last);
    });
}

fn finish(fits: &Fits<'_>, query: &Query, chosen: &mut Chosen<'_>) {
    fits.rest(chosen.part, &mut chosen.mask);
    search(chosen.part, &query.search, &mut chosen.mask);
}
