//! How far topics reach: distinct people and accounts, not mentions, counted of the records of a topic as
//! [`crate::cases::reach`] counts them of the reports of a case.

use super::{
    Query, Shelf,
    choose::Chosen,
    last::{At, Last, Timeline},
    part::Part,
    people::People,
    row::{Label, Text},
    writers::{Name, name_of},
};
use crate::error::InsightError;
use feedback::insight::NO_TOPIC;
use rayon::prelude::*;
use serde::Serialize;
use std::collections::BTreeMap;

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

/// A record on a topic, as far as its people go.
#[derive(Clone, Copy)]
struct Said {
    row: u32,
    /// [`NOBODY`] where nobody knows it.
    person: u32,
    account: u32,
    /// Not a number where it is not known.
    revenue: f64,
}

/// Those of a topic in the part of a number.
struct OfPart {
    part: u32,
    said: Vec<Said>,
}

const NOBODY: u32 = u32::MAX;

impl Shelf {
    /// How far each topic reaches among the records that fit; those without a topic are under `none`.
    ///
    /// # Errors
    /// As [`Shelf::list`].
    pub fn reach(&self, query: &Query) -> Result<BTreeMap<String, Reach>, InsightError> {
        let chosen = self.choose(query)?;
        if chosen.iter().all(|chosen| chosen.rows().next().is_none()) {
            return Ok(BTreeMap::new());
        }
        let people = self.people();
        let of_parts: Vec<Vec<(&str, Vec<Said>)>> =
            chosen.par_iter().map(|chosen| by_topic(chosen, people)).collect();
        let parts: Vec<&Part> = chosen.iter().map(|chosen| chosen.part.as_ref()).collect();
        let mut topics: BTreeMap<&str, Vec<OfPart>> = BTreeMap::new();
        // A shelf has far fewer parts than 2^32.
        for (part, of_part) in (0_u32..).zip(of_parts) {
            for (topic, said) in of_part {
                topics.entry(topic).or_default().push(OfPart { part, said });
            }
        }
        let of_topic = |counting: &mut Counting<'_, '_>, (topic, all): (&str, Vec<OfPart>)| {
            (topic.to_owned(), counting.reach(&all))
        };
        Ok(topics.into_par_iter().map_init(|| Counting::new(people, Timeline(&parts)), of_topic).collect())
    }
}

/// What lies side by side is read once, whatever the topics of a record; each topic is counted by itself then.
fn by_topic<'s>(chosen: &Chosen<'s>, people: &People) -> Vec<(&'s str, Vec<Said>)> {
    let part: &'s Part = chosen.part;
    let (mut of_topics, mut none) = (vec![Vec::new(); part.topics.len()], Vec::new());
    let told = people.of(part);
    for row in chosen.rows() {
        let said = Said {
            // A part has far fewer rows than 2^32.
            row: row as u32,
            person: told.person(row).unwrap_or(NOBODY),
            account: told.account(row).unwrap_or(NOBODY),
            revenue: part.revenue(row).filter(|revenue| revenue.is_finite()).unwrap_or(f64::NAN),
        };
        let mentions = part.mentions.get(row);
        if mentions.is_empty() {
            none.push(said);
        }
        for mention in mentions {
            let all: &mut Vec<Said> = &mut of_topics[mention.topic as usize];
            if all.last().is_none_or(|last| last.row != said.row) {
                all.push(said);
            }
        }
    }
    let named = of_topics.into_iter().enumerate().map(|(topic, said)| (part.topics.get(topic), said));
    named.chain([(NO_TOPIC, none)]).filter(|(_, said)| !said.is_empty()).collect()
}

/// Numbers that were seen, a bit for each.
struct Seen(Vec<u64>);

impl Seen {
    /// 1 where it is the first time.
    fn add(&mut self, number: u32) -> u64 {
        if number == NOBODY {
            return 0;
        }
        let (bits, bit) = (&mut self.0[number as usize / 64], number % 64);
        let is_new = (!*bits >> bit) & 1;
        *bits |= 1 << bit;
        is_new
    }
}

/// Counts one topic after the other. People and accounts have numbers of their own each, so that they are told apart where
/// they lie side by side.
struct Counting<'o, 's> {
    people: &'o People,
    timeline: Timeline<'o, 's>,
    seen: Seen,
    /// Of each payer.
    revenues: Last<(At, f64)>,
    /// Of each person.
    account_of: Last<(At, u32)>,
}

/// Revenue of a record that names no account.
struct Without<P> {
    payer: P,
    at: At,
    revenue: f64,
}

impl<'o, 's> Counting<'o, 's> {
    fn new(people: &'o People, timeline: Timeline<'o, 's>) -> Self {
        let numbers = people.count();
        let seen = Seen(vec![0; numbers.div_ceil(64)]);
        Self { people, timeline, seen, revenues: Last::new(numbers), account_of: Last::new(numbers) }
    }

    fn reach(&mut self, all: &[OfPart]) -> Reach {
        let mut reach = Reach::default();
        let (mut of_persons, mut of_items) = (Vec::new(), Vec::new());
        for OfPart { part, said } in all {
            for Said { row, person, account, revenue } in said.iter().copied() {
                reach.records += 1;
                reach.anonymous += u64::from(person == NOBODY);
                reach.people += self.seen.add(person);
                reach.accounts += self.seen.add(account);
                let at = At { part: *part, row };
                match (revenue.is_nan(), account, person) {
                    (true, ..) => {}
                    (false, NOBODY, NOBODY) => of_items.push(Without { payer: self.item(at), at, revenue }),
                    (false, NOBODY, payer) => of_persons.push(Without { payer, at, revenue }),
                    (false, payer, _) => self.pays(payer, at, revenue),
                }
            }
        }
        if !of_persons.is_empty() && reach.accounts > 0 {
            self.find_accounts(all);
        }
        for Without { payer, at, revenue } in of_persons {
            let payer = self.account_of.get(payer).map_or(payer, |(_, account)| *account);
            self.pays(payer, at, revenue);
        }
        let paid = self.paid(of_items);
        self.clear();
        let revenue = paid.iter().fold(0.0, |sum, (_, revenue)| sum + revenue);
        Reach { payers: paid.len() as u64, revenue, ..reach }
    }

    fn pays(&mut self, payer: u32, at: At, revenue: f64) {
        let timeline = self.timeline;
        self.revenues.keep(payer, (at, revenue), |(before, _)| timeline.is_before(*before, at));
    }

    /// Which account each person named last.
    fn find_accounts(&mut self, all: &[OfPart]) {
        let timeline = self.timeline;
        for OfPart { part, said } in all {
            for Said { row, person, account, .. } in said.iter().copied() {
                if person != NOBODY && account != NOBODY {
                    let at = At { part: *part, row };
                    self.account_of
                        .keep(person, (at, account), |(before, _)| timeline.is_before(*before, at));
                }
            }
        }
    }

    /// Two answers of one response are of one person.
    fn item(&self, At { part, row }: At) -> Name {
        let (part, row) = (self.timeline.0[part as usize], row as usize);
        let [kind, source] = [Label::SourceKind, Label::Source].map(|label| part.column(label).get(row));
        name_of(&[kind, source, part.text(row, Text::NativeId)])
    }

    /// What each payer pays, in the order of their names: the sum is the same to the last bit, whatever their numbers.
    fn paid(&self, mut items: Vec<Without<Name>>) -> Vec<(Name, f64)> {
        let key = |At { part, row }: At| self.timeline.0[part as usize].key(row as usize);
        items.sort_unstable_by_key(|item| (item.payer, key(item.at)));
        let of_items = items.chunk_by(|one, other| one.payer == other.payer).filter_map(|of| of.last());
        let of_items = of_items.map(|last| (last.payer, last.revenue));
        let known = self.revenues.iter().map(|(payer, (_, revenue))| (self.people.name(payer), *revenue));
        let mut paid: Vec<(Name, f64)> = known.chain(of_items).collect();
        paid.sort_unstable_by(|one, other| one.0.cmp(&other.0).then_with(|| one.1.total_cmp(&other.1)));
        paid
    }

    fn clear(&mut self) {
        self.seen.0.fill(0);
        self.revenues.clear();
        self.account_of.clear();
    }
}
