//! Who is one person: the names that records tell of somebody.

use crate::{error::InsightError, frame::Rows};
use feedback::{record::MOST_NAMES_BESIDE, time::Timestamp};
use polars::prelude::*;
use std::{collections::HashMap, hash::Hash};

/// People by their pseudonyms. A record that tells two (`author` and `author_alias`: an address and an id) joins
/// them, so that whoever answered once with both and then with one of them is still one person.
#[derive(Debug, Default)]
pub struct People {
    /// A name to another of the same person; a name that is not here, or is its own, stands for the person.
    towards: HashMap<String, String>,
}

impl People {
    /// From all current facts, whatever their day: a figure and the records behind it must know the same people.
    pub fn read(facts: &LazyFrame) -> Result<Self, InsightError> {
        let names = ["author", "author_alias"].map(col);
        let both = col("author").is_not_null().and(col("author_alias").is_not_null());
        let pairs = facts.clone().filter(both).select(names.clone()).group_by(names).agg([len().alias("n")]);
        let rows = Rows::collect(pairs)?;
        let (authors, aliases) = (rows.text("author")?, rows.text("author_alias")?);
        let pairs = authors.iter().zip(aliases.iter());
        let pairs: Vec<(&str, &str)> = pairs.filter_map(|(one, other)| Some((one?, other?))).collect();
        Ok(Self::of_pairs(&pairs))
    }

    /// From distinct pairs, in whatever order; a name that many people share joins none of them.
    pub(crate) fn of_pairs(pairs: &[(&str, &str)]) -> Self {
        let mut beside: HashMap<&str, usize> = HashMap::new();
        for (one, other) in pairs {
            *beside.entry(one).or_default() += 1;
            *beside.entry(other).or_default() += 1;
        }
        let mut people = Self::default();
        for (one, other) in pairs {
            if [one, other].iter().all(|name| beside[**name] <= MOST_NAMES_BESIDE) {
                people.join(one, other);
            }
        }
        people
    }

    /// The name that stands for a person, the same for each of the person's names.
    pub fn of<'a>(&'a self, name: &'a str) -> &'a str {
        let mut name = name;
        while let Some(next) = self.towards.get(name).filter(|next| *next != name) {
            name = next;
        }
        name
    }

    /// The smaller name stands for both, so that the order in which pairs come makes no difference.
    fn join(&mut self, one: &str, other: &str) {
        let (one, other) = (self.of(one).to_owned(), self.of(other).to_owned());
        let (first, second) = if one <= other { (one, other) } else { (other, one) };
        self.towards.insert(second, first);
    }
}

/// The last answer of every person, by time and then record; who is unknown (`None`) counts each time.
pub fn last_of_each<'a, T, P: Eq + Hash, R: Ord>(
    all: impl IntoIterator<Item = &'a T>,
    key: impl Fn(&'a T) -> (Option<P>, Timestamp, R),
) -> Vec<&'a T> {
    let mut last: HashMap<P, &T> = HashMap::new();
    let mut unknown = Vec::new();
    for one in all {
        let (person, at, record) = key(one);
        let Some(person) = person else {
            unknown.push(one);
            continue;
        };
        let kept = last.entry(person).or_insert(one);
        let (_, kept_at, kept_record) = key(kept);
        if (at, record) > (kept_at, kept_record) {
            *kept = one;
        }
    }
    let mut result: Vec<&T> = last.into_values().chain(unknown).collect();
    result.sort_by_key(|one| {
        let (_, at, record) = key(one);
        (at, record)
    });
    result
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_joined_over_any_number_of_records() {
        for pairs in [
            [("mail", "id"), ("id", "other"), ("x", "y"), ("other", "old mail")],
            [("id", "other"), ("other", "old mail"), ("x", "y"), ("id", "mail")],
        ] {
            let people = People::of_pairs(&pairs);
            let of = ["mail", "id", "other", "old mail", "x", "y", "nobody"].map(|name| people.of(name));
            assert_eq!(of, ["id", "id", "id", "id", "x", "x", "nobody"]);
        }
    }

    #[test]
    fn a_name_that_many_share_joins_nobody() {
        let addresses: Vec<String> = (0..20).map(|n| format!("mail {n}")).collect();
        let mut pairs: Vec<(&str, &str)> =
            addresses.iter().map(|mail| (mail.as_str(), "anonymous")).collect();
        pairs.push(("mail 3", "an id of its own"));
        let people = People::of_pairs(&pairs);
        assert_eq!(people.of("mail 3"), people.of("an id of its own"));
        let persons: std::collections::HashSet<&str> = addresses.iter().map(|mail| people.of(mail)).collect();
        assert_eq!(persons.len(), 20);
    }
}
