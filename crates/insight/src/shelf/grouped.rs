//! Records in groups, as of cases: where they lie is noted, and no word of them is copied.

use super::{
    Shelf,
    part::Part,
    row::{Label, Text},
};
use feedback::{ids::Id, time::Timestamp};
use std::collections::HashSet;

/// Where the records of groups lie on a shelf. A record takes a few bytes.
#[derive(Debug)]
pub struct Grouped<'s, K> {
    parts: Vec<&'s Part>,
    /// By the group.
    places: Vec<Place<K>>,
}

#[derive(Debug, Clone, Copy)]
struct Place<K> {
    group: K,
    part: u32,
    row: u32,
}

/// A record of which only what is asked for is looked at.
#[derive(Debug, Clone, Copy)]
pub struct Glance<'s> {
    part: &'s Part,
    row: usize,
}

impl Shelf {
    /// The records that `of` gives a group for, by their ids.
    #[must_use]
    pub fn grouped<K: Ord + Copy>(&self, of: impl Fn(&str) -> Option<K>) -> Grouped<'_, K> {
        let parts: Vec<&Part> = self.days.values().flatten().map(AsRef::as_ref).collect();
        let mut places = Vec::new();
        for (number, part) in parts.iter().enumerate() {
            for (row, id) in part.ids.iter().enumerate() {
                if let Some(group) = of(Id(*id).write_hex(&mut [0; 32])) {
                    // There are fewer parts, and fewer rows in each, than 2^32.
                    places.push(Place { group, part: number as u32, row: row as u32 });
                }
            }
        }
        places.sort_unstable_by_key(|place| place.group);
        Grouped { parts, places }
    }

    /// Author and other name of the records that tell both, each pair once.
    pub(crate) fn pairs(&self) -> HashSet<(&str, &str)> {
        let mut pairs = HashSet::new();
        for part in self.days.values().flatten().filter(|part| part.writers.pairs().next().is_some()) {
            let both = |row| [Text::Author, Text::AuthorAlias].map(|text| part.text(row, text));
            let told = (0..part.len()).map(both).filter(|names| names.iter().all(|name| !name.is_empty()));
            pairs.extend(told.map(|[author, alias]| (author, alias)));
        }
        pairs
    }
}

impl<'s, K: PartialEq + Copy> Grouped<'s, K> {
    /// Each group that has any, ascending, with its records as they occurred.
    pub fn groups(&self) -> impl Iterator<Item = (K, Vec<Glance<'s>>)> {
        self.places.chunk_by(|one, other| one.group == other.group).map(move |places| {
            let glance =
                |place: &Place<K>| Glance { part: self.parts[place.part as usize], row: place.row as usize };
            let mut records: Vec<Glance<'s>> = places.iter().map(glance).collect();
            records.sort_unstable_by_key(|record| record.part.key(record.row));
            (places[0].group, records)
        })
    }
}

impl<'s> Glance<'s> {
    #[must_use]
    pub fn id(&self) -> Id {
        Id(self.part.ids[self.row])
    }

    /// When it occurred.
    #[must_use]
    pub fn at(&self) -> Timestamp {
        Timestamp(self.part.times[self.row])
    }

    #[must_use]
    pub fn stored_at(&self) -> Timestamp {
        self.part.stored_at(self.row)
    }

    #[must_use]
    pub fn triaged_at(&self) -> Option<Timestamp> {
        self.part.triaged_at(self.row)
    }

    /// `None` where the record tells none.
    #[must_use]
    pub fn label(&self, label: Label) -> Option<&'s str> {
        Some(self.part.column(label).get(self.row)).filter(|word| !word.is_empty())
    }

    /// `None` where the record has none.
    #[must_use]
    pub fn text(&self, text: Text) -> Option<&'s str> {
        Some(self.part.text(self.row, text)).filter(|text| !text.is_empty())
    }

    #[must_use]
    pub fn revenue(&self) -> Option<f64> {
        self.part.revenue(self.row)
    }
}
