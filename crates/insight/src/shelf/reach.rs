//! How far topics reach: distinct people and accounts, not mentions, counted of the records of a topic as
//! [`crate::cases::reach`] counts them of the reports of a case.

use super::{
    Query, Shelf,
    choose::Chosen,
    part::{Key, Part},
    people::{Name, People, number},
    row::{Label, Text},
};
use crate::error::InsightError;
use feedback::{ids::Id, insight::NO_TOPIC};
use rayon::prelude::*;
use serde::Serialize;
use std::{
    collections::{BTreeMap, HashMap, HashSet, hash_map::Entry},
    hash::Hash,
};

#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize)]
pub struct Reach {
    pub records: u64,
    /// Distinct people who are known.
    pub people: u64,
    /// Records of nobody knows whom: they may be of one person or of many.
    pub anonymous: u64,
    pub accounts: u64,
    /// Whose revenue is known: accounts, and people and items without one.
    pub payers: u64,
    /// Yearly, each account once and by its last record. A record that names none counts to the account that its author
    /// names elsewhere on the topic, or else to the author; of nobody knows whom, to what it is a part of.
    pub revenue: f64,
}

/// Rows of a part on one topic.
struct Rows<'s> {
    part: &'s Part,
    rows: Vec<u32>,
}

/// Whose money it is, the account before the person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Payer {
    Account(Name),
    Person(Name),
    /// Two answers of one response are of one person.
    Item(Name),
}

impl Shelf {
    /// How far each topic reaches among the records that fit; those without a topic are under `none`.
    ///
    /// # Errors
    /// As [`Shelf::list`].
    pub fn reach(&self, query: &Query) -> Result<BTreeMap<String, Reach>, InsightError> {
        let chosen = self.choose(query)?;
        let of_parts: Vec<Vec<(&str, Rows<'_>)>> = chosen.par_iter().map(by_topic).collect();
        let mut topics: BTreeMap<&str, Vec<Rows<'_>>> = BTreeMap::new();
        for (topic, rows) in of_parts.into_iter().flatten() {
            topics.entry(topic).or_default().push(rows);
        }
        let people = self.people();
        Ok(topics.into_par_iter().map(|(topic, rows)| (topic.to_owned(), reach(&rows, people))).collect())
    }
}

fn by_topic<'s>(chosen: &Chosen<'s>) -> Vec<(&'s str, Rows<'s>)> {
    let part: &'s Part = chosen.part;
    let (mut of_topics, mut none) = (vec![Vec::new(); part.topics.len()], Vec::new());
    for row in chosen.rows() {
        let mentions = part.mentions.get(row);
        // A part has far fewer rows than 2^32.
        let row = row as u32;
        if mentions.is_empty() {
            none.push(row);
        }
        for mention in mentions {
            let rows: &mut Vec<u32> = &mut of_topics[mention.topic as usize];
            if rows.last() != Some(&row) {
                rows.push(row);
            }
        }
    }
    let named = of_topics.into_iter().enumerate().map(|(topic, rows)| (part.topics.get(topic), rows));
    let told = named.chain([(NO_TOPIC, none)]).filter(|(_, rows)| !rows.is_empty());
    told.map(|(topic, rows)| (topic, Rows { part, rows })).collect()
}

fn reach(all: &[Rows<'_>], people: &People) -> Reach {
    let mut reach = Reach::default();
    let (mut persons, mut accounts) = (HashSet::new(), HashSet::new());
    let mut account_of: HashMap<Name, (Key, Name)> = HashMap::new();
    for (part, row) in rows(all) {
        let (person, account) = (person(part, row, people), account(part, row));
        reach.records += 1;
        reach.anonymous += u64::from(person.is_none());
        persons.extend(person);
        accounts.extend(account);
        if let (Some(person), Some(account)) = (person, account) {
            keep_last(&mut account_of, person, part.key(row), account);
        }
    }
    let mut revenues: HashMap<Payer, (Key, f64)> = HashMap::new();
    for (part, row) in rows(all) {
        if let Some(revenue) = part.revenue(row).filter(|revenue| revenue.is_finite()) {
            let payer = payer(part, row, people, &account_of);
            keep_last(&mut revenues, payer, part.key(row), revenue);
        }
    }
    let mut revenues: Vec<(Payer, f64)> =
        revenues.into_iter().map(|(payer, (_, last))| (payer, last)).collect();
    // In the order of the payers: the sum is the same to the last bit.
    revenues.sort_unstable_by_key(|(payer, _)| *payer);
    Reach {
        people: persons.len() as u64,
        accounts: accounts.len() as u64,
        payers: revenues.len() as u64,
        revenue: revenues.iter().fold(0.0, |sum, (_, revenue)| sum + revenue),
        ..reach
    }
}

fn rows<'r>(all: &'r [Rows<'_>]) -> impl Iterator<Item = (&'r Part, usize)> {
    all.iter().flat_map(|rows| rows.rows.iter().map(|row| (rows.part, *row as usize)))
}

fn person(part: &Part, row: usize, people: &People) -> Option<Name> {
    let names = [Text::Author, Text::AuthorAlias].map(|text| part.text(row, text));
    names.into_iter().find(|name| !name.is_empty()).map(|name| people.of(number(name)))
}

fn account(part: &Part, row: usize) -> Option<Name> {
    Some(part.column(Label::Account).get(row)).filter(|account| !account.is_empty()).map(number)
}

fn payer(part: &Part, row: usize, people: &People, account_of: &HashMap<Name, (Key, Name)>) -> Payer {
    let person = person(part, row, people);
    let account = account(part, row).or_else(|| Some(account_of.get(&person?)?.1));
    match (account, person) {
        (Some(account), _) => Payer::Account(account),
        (None, Some(person)) => Payer::Person(person),
        (None, None) => {
            let [kind, source] = [Label::SourceKind, Label::Source].map(|label| part.column(label).get(row));
            Payer::Item(Id::of(&[kind, source, part.text(row, Text::NativeId)]).0)
        }
    }
}

/// Leaves what was said last of each.
fn keep_last<K: Eq + Hash, T>(last: &mut HashMap<K, (Key, T)>, of: K, key: Key, said: T) {
    match last.entry(of) {
        Entry::Vacant(entry) => {
            entry.insert((key, said));
        }
        Entry::Occupied(mut entry) if entry.get().0 < key => {
            entry.insert((key, said));
        }
        Entry::Occupied(_) => {}
    }
}
