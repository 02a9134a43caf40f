//! The current facts in memory: lists, searches by words and by meaning, and counts, in milliseconds over a million records.
//!
//! Knows: the columns of current facts, and what a filter names. Must not: do I/O, read the clock, encode a text.
//!
//! Invariants:
//! - A [`Shelf`] never changes. Whoever follows the tables makes the next one of it, which shares all days that stayed as
//!   they were.
//! - What a filter lists here is what [`crate::report::records`] lists of the same facts.
//! - Every answer follows from the facts alone: however they came to lie in parts, on any number of cores.
//! - What is gone from the facts is gone from the memory of the next shelf: parts share nothing with each other. What is
//!   known of people, numbers in place of their pseudonyms, goes when somebody next asks who they are.
//! - Whoever tells who people are waits for no other thread: many may wait for that, pool threads that have taken up something
//!   else meanwhile included.

mod among;
mod answers;
mod choose;
mod column;
mod count;
mod drivers;
mod fits;
mod folded;
mod grouped;
mod last;
mod lists;
mod nearest;
mod numbers;
mod page;
mod part;
mod people;
mod reach;
mod read;
mod renew;
mod reported;
mod row;
mod runs;
mod search;
mod series;
mod shares;
#[cfg(test)]
mod tests;
mod texts;
mod together;
mod vectors;
mod writers;

pub use answers::Answered;
pub use count::{Count, Facet, Tally};
pub use drivers::Driver;
pub use grouped::{Glance, Grouped};
pub use nearest::Meaning;
pub use page::{Cursor, Hit, Hits, Order, Page};
pub use part::Part;
pub(crate) use part::in_steps;
pub use reach::Reach;
pub use read::{number_of_id, parse_id, parts};
pub use renew::{Due, STAMP, Stamp, due, of_ids, stamps};
pub use row::{Correction, Label, Mention, Row, Sure, Text};
pub use search::{BadSearch, Search};
pub use series::{DayCount, Scores};
pub use together::Together;

use crate::report::Filter;
use feedback::{
    ids::Id,
    time::{Day, Timestamp},
};
use people::People;
use std::{
    collections::{BTreeMap, BTreeSet},
    ops::RangeInclusive,
    sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError},
};

/// All records that are held, at one version of the facts.
#[derive(Debug, Clone, Default)]
pub struct Shelf {
    days: BTreeMap<Day, Vec<Arc<Part>>>,
    version: Option<i64>,
    since: Option<Timestamp>,
    records: usize,
    people: Arc<Known>,
}

/// The people of a shelf, made when they are first asked for.
#[derive(Debug, Default)]
struct Known {
    people: OnceLock<Arc<People>>,
    /// Those of the last shelf before that had any, until there are its own.
    before: Mutex<Option<Arc<People>>>,
}

/// Which records are meant: those that fit the filter and the search.
#[derive(Debug, Clone, Default)]
pub struct Query {
    pub filter: Filter,
    pub search: Search,
}

impl From<Filter> for Query {
    fn from(filter: Filter) -> Self {
        Self { filter, search: Search::default() }
    }
}

impl Shelf {
    /// The next shelf, where these days lie in these parts; a day without any is gone. `version` is that of the facts,
    /// `None` before all of them were read once.
    #[must_use]
    pub fn with(
        &self,
        version: Option<i64>,
        changed: impl IntoIterator<Item = (Day, Vec<Arc<Part>>)>,
    ) -> Self {
        let mut changed = changed.into_iter().peekable();
        if changed.peek().is_none() {
            return Self { version, ..self.clone() };
        }
        let mut days = self.days.clone();
        for (day, mut parts) in changed {
            parts.retain(|part| !part.is_empty());
            if parts.is_empty() {
                days.remove(&day)
            } else {
                days.insert(day, parts)
            };
        }
        Self::of(days, version, self.since, &self.people)
    }

    fn of(
        days: BTreeMap<Day, Vec<Arc<Part>>>,
        version: Option<i64>,
        since: Option<Timestamp>,
        before: &Known,
    ) -> Self {
        let records = days.values().flatten().map(|part| part.len()).sum();
        Self { days, version, since, records, people: Arc::new(before.next()) }
    }

    /// Without the oldest records where there are more than `most`; then somewhat fewer are left, so that it is not cut again
    /// with each that comes. [`Self::since`] tells of it.
    #[must_use]
    pub fn cut(self, most: usize) -> Self {
        if self.records <= most {
            return self;
        }
        let mut left = most - most / 64;
        let (mut days, mut since) = (BTreeMap::new(), self.since);
        for (day, parts) in self.days.iter().rev() {
            let count: usize = parts.iter().map(|part| part.len()).sum();
            if count <= left {
                days.insert(*day, parts.clone());
                left -= count;
                continue;
            }
            let mut rows: Vec<(&Part, usize)> =
                parts.iter().flat_map(|part| (0..part.len()).map(|row| (part.as_ref(), row))).collect();
            rows.sort_unstable_by_key(|(part, row)| std::cmp::Reverse(part.key(*row)));
            rows.truncate(left);
            // Of an empty day the next one is the first.
            since = Some(rows.last().map_or(day.plus(1).start(), |(part, row)| Timestamp(part.times[*row])));
            if !rows.is_empty() {
                let parts =
                    rows.chunks(part::MOST_ROWS).map(|rows| Arc::new(Part::gathered(*day, rows.to_vec())));
                days.insert(*day, parts.collect());
            }
            break;
        }
        Self::of(days, self.version, since, &self.people)
    }

    /// The version of the facts; `None` before all were read once.
    #[must_use]
    pub fn version(&self) -> Option<i64> {
        self.version
    }

    /// The first moment from which on all records are held; `None` where none was left out.
    #[must_use]
    pub fn since(&self) -> Option<Timestamp> {
        self.since
    }

    #[must_use]
    pub fn records(&self) -> usize {
        self.records
    }

    /// The first and the last day with records.
    #[must_use]
    pub fn extent(&self) -> Option<RangeInclusive<Day>> {
        Some(*self.days.first_key_value()?.0..=*self.days.last_key_value()?.0)
    }

    /// The days with records, ascending.
    pub fn days(&self) -> impl DoubleEndedIterator<Item = Day> {
        self.days.keys().copied()
    }

    /// When the record was stored that was stored last.
    #[must_use]
    pub fn stored_last(&self) -> Option<Timestamp> {
        let last = |part: &Arc<Part>| (0..part.len()).map(|row| part.stored_at(row)).max();
        self.days.values().flatten().filter_map(last).max()
    }

    /// The records of each day that has any, ascending; asking costs little.
    pub fn records_by_day(&self) -> impl Iterator<Item = (Day, u64)> {
        self.days.iter().map(|(day, parts)| (*day, parts.iter().map(|part| part.len() as u64).sum()))
    }

    #[must_use]
    pub fn parts(&self, day: Day) -> &[Arc<Part>] {
        self.days.get(&day).map_or(&[], Vec::as_slice)
    }

    /// A number that is another one as soon as a record was corrected, corrected again, or a correction taken back.
    #[must_use]
    pub fn corrected(&self) -> u64 {
        let all = self.days.values().flatten().flat_map(|part| part.corrected());
        // In whatever order, and in whatever parts: a sum.
        all.fold(0, |sum, (id, at)| sum.wrapping_add(mixed(id, at)))
    }

    /// About as many bytes as it takes.
    #[must_use]
    pub fn heap(&self) -> usize {
        let parts: usize = self.days.values().flatten().map(|part| part.heap()).sum();
        parts + self.people.people.get().map_or(0, |people| people.heap())
    }

    /// The record with this id.
    #[must_use]
    pub fn find(&self, id: Id) -> Option<Hit> {
        self.days.values().rev().flatten().find_map(|part| {
            let row = part.ids.iter().position(|known| *known == id.0)?;
            Some(Hit::of(part, row))
        })
    }

    /// The same where its day is known, which costs little.
    #[must_use]
    pub fn find_on(&self, day: Day, id: Id) -> Option<Hit> {
        self.parts(day).iter().find_map(|part| {
            let row = part.ids.iter().position(|known| *known == id.0)?;
            Some(Hit::of(part, row))
        })
    }

    /// The records whose ids begin so, as hexadecimal digits, newest first: at most `most`.
    #[must_use]
    pub fn beginning_with(&self, beginning: &str, most: usize) -> Vec<Hit> {
        let Some(ids) = fits::beginning_with(beginning) else { return Vec::new() };
        let parts = self.days.values().rev().flatten();
        let hits = parts.flat_map(|part| {
            let rows = (0..part.len()).filter(|row| (*ids.start()..=*ids.end()).contains(&part.ids[*row]));
            rows.map(move |row| Hit::of(part, row)).collect::<Vec<Hit>>()
        });
        let mut hits: Vec<Hit> = hits.take(most).collect();
        hits.sort_by_key(|hit| std::cmp::Reverse(hit.key()));
        hits
    }

    /// Whether any record tells this word; asking costs little.
    #[must_use]
    pub fn tells(&self, label: Label, word: &str) -> bool {
        self.days.values().flatten().any(|part| part.column(label).words().find(word).is_some())
    }

    /// Whether any record is about this topic.
    #[must_use]
    pub fn has_topic(&self, topic: &str) -> bool {
        self.days.values().flatten().any(|part| part.topics.find(topic).is_some())
    }

    /// The words that records tell, ascending, but for the empty one.
    #[must_use]
    pub fn words(&self, label: Label) -> Vec<String> {
        let columns = self.days.values().flatten().map(|part| part.column(label).words());
        let words: BTreeSet<&str> = columns
            .flat_map(|words| (0..words.len()).map(|at| words.get(at)))
            .filter(|word| !word.is_empty())
            .collect();
        words.into_iter().map(str::to_owned).collect()
    }

    fn people(&self) -> &People {
        let people = self.people.people.get_or_init(|| {
            let before = self.people.before().clone();
            let parts = self.days.values().flatten().map(AsRef::as_ref);
            Arc::new(People::next(before.as_deref(), parts))
        });
        self.people.before().take();
        people
    }
}

impl Known {
    /// Those of a shelf that follows.
    fn next(&self) -> Self {
        let before = self.people.get().cloned().or_else(|| self.before().clone());
        Self { people: OnceLock::new(), before: Mutex::new(before) }
    }

    fn before(&self) -> MutexGuard<'_, Option<Arc<People>>> {
        // It is replaced as a whole: whoever panicked left it so.
        self.before.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// All bits of what it is made of have a say in each of its own.
fn mixed(id: u128, at: Timestamp) -> u64 {
    let halves = [id as u64, (id >> 64) as u64, at.0.cast_unsigned()];
    halves.into_iter().fold(0, |mixed, half| {
        // The last step of splitmix64 (Steele, Lea and Flood 2014), after each.
        let mixed = (mixed ^ half).wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    })
}
