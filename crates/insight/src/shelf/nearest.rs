//! Records by how alike they are in meaning to a text or to another record.

use super::{
    Query, Shelf,
    choose::Chosen,
    fits::Fits,
    page::{Cursor, Hit, Hits},
    part::{Key, Part},
    vectors::Probe,
};
use crate::error::InsightError;
use feedback::ids::Id;
use rayon::prelude::*;
use std::{
    cmp::{Ordering, Reverse},
    collections::BinaryHeap,
    sync::Arc,
};

/// What something means: a vector, of any length, in the space of a version.
#[derive(Debug, Clone, PartialEq)]
pub struct Meaning {
    pub version: String,
    pub vector: Vec<f32>,
}

impl Hit {
    /// What the record means; `None` where it has no words that are known.
    #[must_use]
    pub fn meaning(&self) -> Option<Meaning> {
        let (version, vector) = self.vector()?;
        let vector = vector.iter().map(|number| f32::from(*number)).collect();
        Some(Meaning { version: version.to_owned(), vector })
    }
}

/// The nearer is greater; of two as near the newer one.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Rank {
    likeness: f32,
    key: Key,
}

impl Eq for Rank {}

impl PartialOrd for Rank {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Rank {
    fn cmp(&self, other: &Self) -> Ordering {
        self.likeness.total_cmp(&other.likeness).then_with(|| self.key.cmp(&other.key))
    }
}

/// The nearest of a part, and how many were compared.
struct Nearest<'s> {
    part: &'s Arc<Part>,
    found: Vec<(Rank, usize)>,
    compared: u64,
}

impl Shelf {
    /// The records that fit `query`, the nearest to `meaning` first; of those without a vector in its space nothing can be
    /// said, and they are left out. `but` is left out as well: the record that was asked for. [`Hit::likeness`] is the cosine,
    /// without what all feedback of the space has in common where that is known.
    ///
    /// # Errors
    /// As [`Shelf::list`].
    pub fn nearest(
        &self,
        query: &Query,
        meaning: &Meaning,
        but: Option<Id>,
        after: Option<Cursor>,
        limit: usize,
    ) -> Result<Hits, InsightError> {
        let fits = Fits::new(&query.filter)?;
        let Some(probe) = Probe::new(&meaning.version, &meaning.vector) else {
            return Ok(Hits { total: Some(0), ..Hits::default() });
        };
        let after =
            after.map(|after| Rank { likeness: after.likeness.unwrap_or(f32::INFINITY), key: after.key });
        let search = Sought { probe: &probe, but: but.map(|id| id.0), after, most: limit + 1 };
        let chosen = self.choose(query)?;
        let of_parts: Vec<Nearest<'_>> = chosen.par_iter().map(|chosen| search.of_part(chosen)).collect();
        let total = of_parts.iter().map(|nearest| nearest.compared).sum();
        let mut found: Vec<(Rank, &Arc<Part>, usize)> = of_parts
            .iter()
            .flat_map(|nearest| nearest.found.iter().map(|(rank, row)| (*rank, nearest.part, *row)))
            .collect();
        found.sort_unstable_by_key(|(rank, ..)| Reverse(*rank));
        let hit = |(rank, part, row): (Rank, &Arc<Part>, usize)| {
            let mut hit = Hit::found(part, row, &fits);
            hit.likeness = Some(rank.likeness);
            hit
        };
        let hits = found.into_iter().take(limit + 1).map(hit).collect();
        Ok(Hits::of(hits, limit, Some(total)))
    }
}

/// What is looked for in every part.
struct Sought<'a> {
    probe: &'a Probe,
    but: Option<u128>,
    after: Option<Rank>,
    most: usize,
}

impl Sought<'_> {
    fn of_part<'s>(&self, chosen: &Chosen<'s>) -> Nearest<'s> {
        let Chosen { part, mask } = chosen;
        let (mut kept, mut compared) = (Kept::new(self.most), 0);
        for space in part.vectors.iter().filter(|space| space.is_of(self.probe)) {
            for (at, row) in space.rows.iter().enumerate() {
                let row = *row as usize;
                if !mask.0[row] || self.but == Some(part.ids[row]) {
                    continue;
                }
                let Some(likeness) = space.likeness(at, self.probe) else { continue };
                compared += 1;
                // Of nearly all rows nothing more is looked at.
                if likeness < kept.least {
                    continue;
                }
                let rank = Rank { likeness, key: part.key(row) };
                if self.after.is_none_or(|after| rank < after) {
                    kept.keep(rank, row);
                }
            }
        }
        Nearest { part, found: kept.found(), compared }
    }
}

/// The greatest of many.
struct Kept {
    most: usize,
    /// The least on top.
    ranks: BinaryHeap<Reverse<(Rank, usize)>>,
    /// What is less like is none of them.
    least: f32,
}

impl Kept {
    fn new(most: usize) -> Self {
        Self { most, ranks: BinaryHeap::new(), least: f32::NEG_INFINITY }
    }

    fn keep(&mut self, rank: Rank, row: usize) {
        self.ranks.push(Reverse((rank, row)));
        if self.ranks.len() > self.most {
            self.ranks.pop();
        }
        if self.ranks.len() == self.most {
            self.least = self.ranks.peek().map_or(self.least, |least| least.0.0.likeness);
        }
    }

    fn found(self) -> Vec<(Rank, usize)> {
        self.ranks.into_iter().map(|Reverse(found)| found).collect()
    }
}
