//! The rows that a query names, part by part.

use super::{
    Query, Shelf,
    fits::{Fits, Mask, search},
    part::Part,
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
            let rows = chosen.iter().flat_map(|chosen| chosen.rows().map(|row| (chosen.part.as_ref(), row)));
            let last = self.people().last_of_each(rows);
            chosen
                .iter_mut()
                .for_each(|chosen| chosen.mask.retain(|row| last.contains(&chosen.part.ids[row])));
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

fn finish(fits: &Fits<'_>, query: &Query, chosen: &mut Chosen<'_>) {
    fits.rest(chosen.part, &mut chosen.mask);
    search(chosen.part, &query.search, &mut chosen.mask);
}
