//! Who is one person, among all records that are held: as [`crate::report::People`] says it of the facts, by numbers in
//! place of names.

use super::{
    part::{Key, Part},
    row::Text,
};
use feedback::{ids::Id, record::MOST_NAMES_BESIDE};
use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

/// The number of a name.
pub(super) type Name = u128;

#[derive(Debug, Default)]
pub(super) struct People {
    /// A name to another of the same person; a name that is not here stands for the person.
    towards: HashMap<Name, Name>,
}

impl People {
    pub fn read<'p>(parts: impl Iterator<Item = &'p Arc<Part>>) -> Self {
        Self::of_pairs(&parts.flat_map(|part| part.names.get_or_init(|| names(part))).copied().collect())
    }

    fn of_pairs(pairs: &HashSet<(Name, Name)>) -> Self {
        let mut beside: HashMap<Name, usize> = HashMap::new();
        for (one, other) in pairs {
            *beside.entry(*one).or_default() += 1;
            *beside.entry(*other).or_default() += 1;
        }
        let mut people = Self::default();
        for (one, other) in pairs {
            if [one, other].iter().all(|name| beside[*name] <= MOST_NAMES_BESIDE) {
                people.join(*one, *other);
            }
        }
        people
    }

    /// The name that stands for a person, the same for each of the person's names.
    pub fn of(&self, name: Name) -> Name {
        let mut name = name;
        while let Some(next) = self.towards.get(&name).filter(|next| **next != name) {
            name = *next;
        }
        name
    }

    fn join(&mut self, one: Name, other: Name) {
        let (one, other) = (self.of(one), self.of(other));
        self.towards.insert(one.max(other), one.min(other));
    }

    /// The last of these rows of every person, by time and then id; who is unknown counts each time.
    pub fn last_of_each<'p>(&self, rows: impl Iterator<Item = (&'p Part, usize)>) -> HashSet<u128> {
        let mut last: HashMap<Name, Key> = HashMap::new();
        let mut chosen = HashSet::new();
        for (part, row) in rows {
            let (author, key) = (part.text(row, Text::Author), part.key(row));
            if author.is_empty() {
                chosen.insert(key.1);
                continue;
            }
            let kept = last.entry(self.of(number(author))).or_insert(key);
            *kept = key.max(*kept);
        }
        chosen.extend(last.into_values().map(|(_, id)| id));
        chosen
    }
}

/// The names that stand beside each other in a part, each pair once.
fn names(part: &Part) -> Vec<(Name, Name)> {
    let pair = |row| {
        let [author, alias] = [Text::Author, Text::AuthorAlias].map(|text| part.text(row, text));
        (!author.is_empty() && !alias.is_empty()).then(|| (number(author), number(alias)))
    };
    (0..part.len()).filter_map(pair).collect::<HashSet<_>>().into_iter().collect()
}

pub(super) fn number(name: &str) -> Name {
    Id::of(&[name]).0
}
