//! Many records at once, by their ids.

use super::{Shelf, page::Hit};
use feedback::ids::Id;

impl Shelf {
    /// Those of the records with these ids that are held, day by day.
    #[must_use]
    pub fn find_all(&self, ids: &[Id]) -> Vec<Hit> {
        if ids.is_empty() {
            return Vec::new();
        }
        let among = Among::new(ids);
        let mut hits = Vec::new();
        for part in self.days.values().flatten() {
            let rows = part.ids.iter().enumerate().filter(|(_, id)| among.has(**id));
            hits.extend(rows.map(|(row, _)| Hit::of(part, row)));
        }
        hits
    }
}

/// Some ids, for a look at many.
struct Among {
    /// Ascending.
    ids: Vec<u128>,
    /// Of each beginning whether one of them has it. Ids are spread evenly: of nearly all others this tells at once that they
    /// are none of these.
    beginnings: Vec<bool>,
}

/// Bits that an id begins with.
const BEGINNING: u32 = 16;

impl Among {
    fn new(ids: &[Id]) -> Self {
        let mut ids: Vec<u128> = ids.iter().map(|id| id.0).collect();
        ids.sort_unstable();
        let mut beginnings = vec![false; 1 << BEGINNING];
        ids.iter().for_each(|id| beginnings[beginning(*id)] = true);
        Self { ids, beginnings }
    }

    fn has(&self, id: u128) -> bool {
        self.beginnings[beginning(id)] && self.ids.binary_search(&id).is_ok()
    }
}

fn beginning(id: u128) -> usize {
    (id >> (u128::BITS - BEGINNING)) as usize
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn an_id_is_among_those_that_were_given(
            ids in prop::collection::vec(any::<u128>(), 0..20), other in any::<u128>(), near in 0_usize..20,
        ) {
            let among = Among::new(&ids.iter().map(|id| Id(*id)).collect::<Vec<_>>());
            prop_assert!(ids.iter().all(|id| among.has(*id)));
            // Of the same beginning as one of them, too.
            for other in [Some(other), ids.get(near).map(|id| id ^ 1)].into_iter().flatten() {
                prop_assert_eq!(among.has(other), ids.contains(&other));
            }
        }
    }
}
