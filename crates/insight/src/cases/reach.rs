//! How far a case reaches: distinct people and accounts, not mentions; and whom to tell when it is resolved.

use feedback::time::Timestamp;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// A report of a case, as far as its people go.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Touch<'a> {
    /// The record's id.
    pub record: &'a str,
    /// The source kind, and the form, inbox or network within it.
    pub source: &'a str,
    pub event_source: &'a str,
    /// The vendor's id of the response, ticket, score or post.
    pub native_id: &'a str,
    /// Pseudonyms.
    pub author: Option<&'a str>,
    pub author_alias: Option<&'a str>,
    pub account: Option<&'a str>,
    /// Yearly, of the account, in the deployment's currency.
    pub revenue: Option<f64>,
    pub occurred_at: Timestamp,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Reach {
    pub reports: u64,
    /// Distinct people who are known.
    pub people: u64,
    /// Reports of nobody knows whom: they may be of one person or of many.
    pub anonymous: u64,
    pub accounts: u64,
    /// Yearly, each account once and by its last report. A report that names none counts to the account that its author
    /// names elsewhere, or else to the author; of nobody knows whom, to what it is a part of.
    pub revenue: f64,
    /// `None` without reports.
    pub first_seen: Option<Timestamp>,
    pub last_seen: Option<Timestamp>,
}

/// Somebody who is waiting for the case to be resolved.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Tell {
    /// All pseudonyms of one person that the reports carry; none where nobody knows who it was.
    pub names: Vec<String>,
    /// Where to answer.
    pub reports: Vec<NativeId>,
}

/// What the source knows a report by.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct NativeId {
    pub source: String,
    pub event_source: String,
    pub native_id: String,
}

impl<'a> Touch<'a> {
    fn names(&self) -> impl Iterator<Item = &'a str> + use<'a> {
        self.author.into_iter().chain(self.author_alias)
    }

    fn person(&self, same: impl Fn(&'a str) -> &'a str) -> Option<&'a str> {
        self.names().next().map(same)
    }

    /// Whose money it is, the account before the person.
    fn payer(
        &self,
        same: impl Fn(&'a str) -> &'a str,
        account_of: &BTreeMap<&'a str, Last<'a, &'a str>>,
    ) -> Payer<'a> {
        let person = self.person(same);
        let account = self.account.or_else(|| Some(account_of.get(person?)?.2));
        match (account, person) {
            (Some(account), _) => Payer::Account(account),
            (None, Some(person)) => Payer::Person(person),
            // Two answers of one response are of one person.
            (None, None) => Payer::Item(self.source, self.event_source, self.native_id),
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Payer<'a> {
    Account(&'a str),
    Person(&'a str),
    Item(&'a str, &'a str, &'a str),
}

/// What was said last of something, with when, and in which record.
type Last<'a, T> = (Timestamp, &'a str, T);

/// What each was said of last; of two at one time by the record's id.
fn last_of<'a, K: Ord, T: Copy>(said: impl Iterator<Item = (K, Last<'a, T>)>) -> BTreeMap<K, Last<'a, T>> {
    let mut all: BTreeMap<K, Last<'a, T>> = BTreeMap::new();
    for (of, new) in said {
        let last = all.entry(of).or_insert(new);
        if (new.0, new.1) > (last.0, last.1) {
            *last = new;
        }
    }
    all
}

/// `same` gives the one name that stands for a person, whichever of their pseudonyms it is given.
pub fn reach<'a>(touches: &[Touch<'a>], same: impl Fn(&'a str) -> &'a str) -> Reach {
    let people: BTreeSet<&str> = touches.iter().filter_map(|touch| touch.person(&same)).collect();
    let accounts: BTreeSet<&str> = touches.iter().filter_map(|touch| touch.account).collect();
    let times = || touches.iter().map(|touch| touch.occurred_at);
    let account_of =
        last_of(touches.iter().filter_map(|touch| {
            Some((touch.person(&same)?, (touch.occurred_at, touch.record, touch.account?)))
        }));
    let revenues = last_of(touches.iter().filter_map(|touch| {
        let revenue = touch.revenue.filter(|revenue| revenue.is_finite())?;
        Some((touch.payer(&same, &account_of), (touch.occurred_at, touch.record, revenue)))
    }));
    Reach {
        reports: touches.len() as u64,
        people: people.len() as u64,
        anonymous: touches.iter().filter(|touch| touch.names().next().is_none()).count() as u64,
        accounts: accounts.len() as u64,
        // In the order of the payers: the sum is the same to the last bit.
        revenue: revenues.values().fold(0.0, |sum, (_, _, revenue)| sum + revenue),
        first_seen: times().min(),
        last_seen: times().max(),
    }
}

/// Everybody who reported, each once with all of their reports; who is not known once a report, to be told where it was
/// made.
pub fn whom_to_tell<'a>(touches: &[Touch<'a>], same: impl Fn(&'a str) -> &'a str) -> Vec<Tell> {
    let mut known: BTreeMap<&str, (BTreeSet<&str>, BTreeSet<NativeId>)> = BTreeMap::new();
    let mut unknown: BTreeSet<NativeId> = BTreeSet::new();
    for touch in touches {
        let id = NativeId {
            source: touch.source.to_owned(),
            event_source: touch.event_source.to_owned(),
            native_id: touch.native_id.to_owned(),
        };
        match touch.person(&same) {
            Some(person) => {
                let (names, reports) = known.entry(person).or_default();
                names.extend(touch.names());
                reports.insert(id);
            }
            None => {
                unknown.insert(id);
            }
        }
    }
    let known = known.into_values().map(|(names, reports)| Tell {
        names: names.into_iter().map(str::to_owned).collect(),
        reports: reports.into_iter().collect(),
    });
    known.chain(unknown.into_iter().map(|id| Tell { names: Vec::new(), reports: vec![id] })).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn touch<'a>(record: &'a str, author: Option<&'a str>, at: i64) -> Touch<'a> {
        Touch {
            record,
            source: "ticket",
            event_source: "help-desk",
            native_id: record,
            author,
            author_alias: None,
            account: None,
            revenue: None,
            occurred_at: Timestamp(at),
        }
    }

    /// Who is called `mail` is called `id` too.
    fn same(name: &str) -> &str {
        if name == "mail" { "id" } else { name }
    }

    #[test]
    fn people_and_accounts_count_once() {
        let acme =
            |of: Touch<'static>, revenue| Touch { account: Some("Acme"), revenue: Some(revenue), ..of };
        let touches = [
            acme(touch("a", Some("mail"), 5), 1_000.0),
            acme(touch("b", Some("id"), 9), 1_200.0),
            Touch { revenue: Some(50.0), ..touch("c", Some("other"), 3) },
            Touch { revenue: Some(f64::NAN), ..touch("d", None, 7) },
        ];
        let told = reach(&touches, same);
        assert_eq!((told.reports, told.people, told.anonymous, told.accounts), (4, 2, 1, 1));
        assert_eq!(told.revenue, 1_250.0, "of an account what was said last");
        assert_eq!((told.first_seen, told.last_seen), (Some(Timestamp(3)), Some(Timestamp(9))));
        let nobody = reach(&[], same);
        assert_eq!((nobody.people, nobody.revenue, nobody.first_seen), (0, 0.0, None));
    }

    #[test]
    fn nobodys_money_counts_twice() {
        let paying = |of: Touch<'static>, revenue| Touch { revenue: Some(revenue), ..of };
        // Jane names her account once, and not the other time; so does another name of hers.
        let jane = Touch { account: Some("Acme"), ..paying(touch("a", Some("id"), 5), 1_000.0) };
        let told = reach(&[jane, paying(touch("b", Some("mail"), 6), 1_100.0)], same);
        assert_eq!((told.revenue, told.accounts, told.people), (1_100.0, 1, 1));
        // Of two accounts it is the one that she named last.
        let moved = Touch { account: Some("Initech"), ..paying(touch("c", Some("id"), 8), 300.0) };
        let told = reach(&[jane, moved, paying(touch("b", Some("mail"), 9), 400.0)], same);
        assert_eq!((told.revenue, told.accounts), (1_400.0, 2));
        // Two answers of one response, and another response; nobody knows whose they are.
        let first = Touch { native_id: "r-1", ..paying(touch("d", None, 1), 50.0) };
        let second = Touch { record: "e", ..first };
        let told = reach(&[first, second, Touch { record: "f", native_id: "r-2", ..first }], same);
        assert_eq!((told.revenue, told.anonymous), (100.0, 3));
    }

    #[test]
    fn everybody_who_reported_is_told_once() {
        let alias = Touch { author_alias: Some("mail"), ..touch("b", Some("id"), 2) };
        // Two answers of one response.
        let second = Touch { record: "b2", ..alias };
        let touches = [touch("a", Some("mail"), 1), alias, second, touch("c", None, 3), touch("d", None, 4)];
        let told = whom_to_tell(&touches, same);
        let named: Vec<(String, String)> = told
            .iter()
            .map(|tell| {
                let ids: Vec<&str> = tell.reports.iter().map(|id| id.native_id.as_str()).collect();
                (tell.names.join("+"), ids.join("+"))
            })
            .collect();
        let expected = [("id+mail", "a+b"), ("", "c"), ("", "d")];
        assert_eq!(named, expected.map(|(names, ids)| (names.to_owned(), ids.to_owned())));
    }

    proptest! {
        #[test]
        fn the_order_of_reports_makes_no_difference(
            reports in prop::collection::vec((0u8..4, 0u8..4, 0i64..9, 0.1f64..9e5), 0..20),
            cut in 0usize..20,
        ) {
            let names = [None, Some("mail"), Some("id"), Some("other")];
            let accounts = [None, Some("a"), Some("b"), Some("c")];
            let ids: Vec<String> = (0..reports.len()).map(|n| format!("{n:02}")).collect();
            let all: Vec<Touch<'_>> = ids.iter().zip(&reports).map(|(id, (name, account, at, revenue))| Touch {
                account: accounts[usize::from(*account)],
                revenue: Some(*revenue),
                ..touch(id, names[usize::from(*name)], *at)
            }).collect();
            let mut turned = all.clone();
            turned.rotate_left(cut.min(all.len()));
            turned.reverse();
            prop_assert_eq!(reach(&all, same), reach(&turned, same));
            let told = whom_to_tell(&all, same);
            prop_assert_eq!(&told, &whom_to_tell(&turned, same));
            prop_assert_eq!(told.iter().map(|tell| tell.reports.len()).sum::<usize>(), all.len());
        }
    }
}
