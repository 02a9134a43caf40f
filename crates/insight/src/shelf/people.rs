//! Who is one person, among all records that are held: as [`crate::report::People`] says it of the facts, by numbers in
//! place of names.
//!
//! A shelf that follows another goes on from what was known there: of the names and pairs of parts that stayed nothing is
//! looked at again. It has the names and pairs of its own parts and no other, however it came about.

use super::{
    numbers::Numbers,
    part::Part,
    row::Label,
    writers::{Name, Writers},
};
use feedback::record::MOST_NAMES_BESIDE;
use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

/// So many names, and pairs, of parts that are gone are looked for elsewhere; where it were more, all is made anew.
const MOST_LOOKS: usize = 1_000;

#[derive(Debug)]
pub(super) struct People {
    joined: Arc<Joined>,
    /// By where the writers of a part lie, who are kept here: it stays theirs.
    parts: HashMap<usize, Numbered>,
}

/// The writers of a part, with the numbers of their names.
#[derive(Debug, Clone)]
struct Numbered {
    writers: Arc<Writers>,
    numbers: Arc<[u32]>,
}

impl People {
    /// Those of these parts, best told by what was known before.
    pub fn next<'p>(before: Option<&Self>, parts: impl Iterator<Item = &'p Part>) -> Self {
        let all: Vec<&Arc<Writers>> = parts.map(|part| &part.writers).collect();
        let known = |writers: &Arc<Writers>| before?.parts.get(&key(writers));
        let new: Vec<&Arc<Writers>> =
            all.iter().copied().filter(|writers| known(writers).is_none()).collect();
        let Some(before) = before.filter(|before| before.has_all_in(&all, &new)) else {
            let mut joined = Joined::default();
            let numbers = joined.take(&all);
            return Self { joined: Arc::new(joined), parts: numbered(&all, numbers).collect() };
        };
        let kept = all.iter().filter_map(|writers| Some((key(writers), known(writers)?.clone())));
        let (joined, numbers) = before.joined.with(&new);
        Self { joined, parts: kept.chain(numbered(&new, numbers)).collect() }
    }

    /// Whether each name and each pair of the parts that are gone is in one of those that are there.
    fn has_all_in(&self, all: &[&Arc<Writers>], new: &[&Arc<Writers>]) -> bool {
        let there: HashSet<usize> = all.iter().map(|writers| key(writers)).collect();
        let gone =
            || self.parts.iter().filter(|(key, _)| !there.contains(*key)).map(|(_, part)| &part.writers);
        let names = gone().flat_map(|gone| gone.names().iter().copied());
        let pairs = gone().flat_map(|gone| gone.pairs().map(move |pair| pair.map(|at| gone.names()[at])));
        is_among(names, new, all, |writers, name| writers.has(name))
            && is_among(pairs, new, all, |writers, pair| writers.has_pair(pair))
    }

    /// A part of the shelf that these are made for.
    pub fn of<'s>(&'s self, part: &'s Part) -> Told<'s> {
        let Numbered { writers, numbers } = &self.parts[&key(&part.writers)];
        Told { part, writers, numbers, persons: &self.joined.towards }
    }

    /// All numbers are below.
    pub fn count(&self) -> usize {
        self.joined.numbers.len()
    }

    /// Of a person the one that stands for all of theirs.
    pub fn name(&self, number: u32) -> Name {
        self.joined.numbers.name(number)
    }

    /// Whether both know of the same names, and hold that once.
    #[cfg(test)]
    pub fn shares_with(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.joined, &other.joined)
    }

    pub fn heap(&self) -> usize {
        let numbers: usize = self.parts.values().map(|part| size_of_val(&*part.numbers)).sum();
        numbers + size_of::<(usize, Numbered)>() * self.parts.capacity() + self.joined.heap()
    }
}

fn key(writers: &Arc<Writers>) -> usize {
    Arc::as_ptr(writers).addr()
}

fn numbered(all: &[&Arc<Writers>], numbers: Vec<Arc<[u32]>>) -> impl Iterator<Item = (usize, Numbered)> {
    let of = |(writers, numbers): (&&Arc<Writers>, _)| {
        (key(writers), Numbered { writers: Arc::clone(writers), numbers })
    };
    all.iter().zip(numbers).map(of)
}

/// Whether each of these is among the new ones or, where it is a few alone, among all.
fn is_among<T: Copy>(
    mut wanted: impl Iterator<Item = T>,
    new: &[&Arc<Writers>],
    all: &[&Arc<Writers>],
    has: impl Fn(&Writers, T) -> bool,
) -> bool {
    let mut looks = 0;
    wanted.all(|one| {
        let is_new = new.iter().any(|writers| has(writers, one));
        looks += usize::from(!is_new);
        is_new || (looks <= MOST_LOOKS && all.iter().any(|writers| has(writers, one)))
    })
}

/// A part whose people are known by their numbers.
#[derive(Clone, Copy)]
pub(super) struct Told<'s> {
    part: &'s Part,
    writers: &'s Writers,
    numbers: &'s [u32],
    persons: &'s [u32],
}

impl Told<'_> {
    /// The person that the name of the row's author stands for.
    pub fn author(&self, row: usize) -> Option<u32> {
        self.writers.author(row).map(|at| self.persons[self.numbers[at] as usize])
    }

    /// The same, by their other name where the row tells that one alone.
    pub fn person(&self, row: usize) -> Option<u32> {
        self.writers.person(row).map(|at| self.persons[self.numbers[at] as usize])
    }

    /// It is no person's number.
    pub fn account(&self, row: usize) -> Option<u32> {
        let word = self.part.column(Label::Account).number(row);
        self.writers.account(word).map(|at| self.numbers[at])
    }
}

/// All names, and those that are one person's.
#[derive(Debug, Clone, Default)]
struct Joined {
    numbers: Numbers,
    /// Of each number the one that stands for the person: of all their names the smallest one's.
    towards: Vec<u32>,
    /// How many pairs each is in; where it is more than a byte says, as many as that.
    beside: Vec<u8>,
    /// The numbers of an author and the other name, ascending.
    pairs: Vec<[u32; 2]>,
}

impl Joined {
    /// With these as well, and the numbers of their names.
    fn with(self: &Arc<Self>, new: &[&Arc<Writers>]) -> (Arc<Self>, Vec<Arc<[u32]>>) {
        let known: Option<Vec<Arc<[u32]>>> = new.iter().map(|writers| self.known(writers)).collect();
        if let Some(numbers) = known {
            return (Arc::clone(self), numbers);
        }
        let mut more = Self::clone(self);
        let numbers = more.take(new);
        (Arc::new(more), numbers)
    }

    /// The numbers of the names of a part, where there is nothing new in it.
    fn known(&self, writers: &Writers) -> Option<Arc<[u32]>> {
        let numbers: Option<Arc<[u32]>> =
            writers.names().iter().map(|name| self.numbers.get(*name)).collect();
        let numbers = numbers?;
        let is_known = |pair: [usize; 2]| self.pairs.binary_search(&pair.map(|at| numbers[at])).is_ok();
        writers.pairs().all(is_known).then_some(numbers)
    }

    fn take(&mut self, new: &[&Arc<Writers>]) -> Vec<Arc<[u32]>> {
        let number = |writers: &&Arc<Writers>| -> Arc<[u32]> {
            writers.names().iter().map(|name| self.numbers.number(*name)).collect()
        };
        let numbers: Vec<Arc<[u32]>> = new.iter().map(number).collect();
        self.towards.extend(self.towards.len() as u32..self.numbers.len() as u32);
        self.beside.resize(self.numbers.len(), 0);
        let of_part = |(writers, numbers): (&&Arc<Writers>, &Arc<[u32]>)| -> Vec<[u32; 2]> {
            writers.pairs().map(|pair| pair.map(|at| numbers[at])).collect()
        };
        let mut pairs: Vec<[u32; 2]> = new.iter().zip(&numbers).flat_map(of_part).collect();
        // By this thread alone, which others may wait for: see the invariants of the shelf.
        pairs.sort_unstable();
        pairs.dedup();
        pairs.retain(|pair| self.pairs.binary_search(pair).is_err());
        self.join(&pairs);
        numbers
    }

    /// Takes new pairs; a name that many people share joins none of them.
    fn join(&mut self, new: &[[u32; 2]]) {
        if new.is_empty() {
            return;
        }
        let mut is_shared = false;
        for name in new.iter().flatten() {
            let beside = &mut self.beside[*name as usize];
            // Whom it joined so far it joins no longer.
            is_shared |= usize::from(*beside) == MOST_NAMES_BESIDE;
            *beside = beside.saturating_add(1);
        }
        // Of two that are in order already, which this sort is quick at.
        self.pairs.extend(new);
        self.pairs.sort();
        if is_shared {
            self.towards = (0..self.numbers.len() as u32).collect();
            let pairs = std::mem::take(&mut self.pairs);
            pairs.iter().for_each(|pair| self.join_two(*pair));
            self.pairs = pairs;
        } else {
            new.iter().for_each(|pair| self.join_two(*pair));
        }
        for number in 0..self.towards.len() as u32 {
            self.towards[number as usize] = self.first(number);
        }
    }

    fn join_two(&mut self, pair: [u32; 2]) {
        if pair.iter().any(|name| usize::from(self.beside[*name as usize]) > MOST_NAMES_BESIDE) {
            return;
        }
        let [one, other] = pair.map(|name| self.first(name));
        let is_before = self.numbers.name(one) <= self.numbers.name(other);
        let (first, second) = if is_before { (one, other) } else { (other, one) };
        self.towards[second as usize] = first;
    }

    /// The one that stands for the person; the way to it is halved for whoever asks next.
    fn first(&mut self, mut number: u32) -> u32 {
        loop {
            let next = self.towards[number as usize];
            let behind = self.towards[next as usize];
            if next == behind {
                return next;
            }
            self.towards[number as usize] = behind;
            number = behind;
        }
    }

    fn heap(&self) -> usize {
        let joined = 4 * self.towards.capacity() + self.beside.capacity() + 8 * self.pairs.capacity();
        size_of::<Self>() + self.numbers.heap() + joined
    }
}
