//! Words of customers under an alert: cut from the redacted body, never written.

use super::{hour::Hour, series::What, tell::Quoted, watch::Spell};
use crate::{digest::quotes::of_records, error::InsightError, frame::between};
use feedback::insight::NO_TOPIC;
use polars::prelude::LazyFrame;
use std::collections::HashSet;

/// Quotes of an alert.
const QUOTES: usize = 3;

/// Three at most, from the records of these ids, the newest first, which are those that speak of the change up to `now`
/// ([`super::Stored::speaking`]); no two of one person or of one text. Of a topic what is said of it.
///
/// # Errors
/// Where the facts cannot be read.
pub fn quotes(
    facts: &LazyFrame,
    ids: &[&str],
    spell: &Spell,
    now: Hour,
) -> Result<Vec<Quoted>, InsightError> {
    let topic = match &spell.key.what {
        What::Topic(id) => id.as_str(),
        What::All | What::Words(_) | What::Case(_) => NO_TOPIC,
    };
    // Files of other days are not looked at.
    let hours = spell.span(now);
    let facts = facts.clone().filter(between(hours.from.day(), hours.to.day()));
    let quotes = of_records(&facts, ids, topic, &mut HashSet::new(), QUOTES)?;
    Ok(quotes.into_iter().map(|quote| Quoted { record: quote.record_id, text: quote.text }).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::alerts::incident::tests::{of, spell};
    use crate::testing::{self, Fact};
    use feedback::time::Day;

    fn fact(id: u64, author: &str, body: &str) -> Fact {
        let topics = vec![("login", "negative", (0, body.chars().count() as u32))];
        let mut fact = Fact::new(id, Day(20_514), "nps");
        (fact.author, fact.body, fact.topics) = (Some(author.to_owned()), body.to_owned(), topics);
        fact
    }

    #[test]
    fn quotes_are_of_different_people_and_of_these_records_alone() {
        let facts = [
            fact(1, "a", "the login page never loads"),
            fact(2, "a", "I cannot log in at all today"),
            fact(3, "b", "login fails again and again"),
            fact(4, "c", "login fails again and again"),
            fact(5, "d", "the code never arrives by mail"),
            fact(6, "e", "signing in takes three minutes"),
            fact(7, "f", "nobody asked for this one"),
        ];
        let frame = testing::facts(&facts);
        let ids: Vec<String> = facts[..6].iter().map(Fact::record_id).collect();
        let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
        let quotes = |ids: &[&str], what| {
            let day = Hour::of_day(Day(20_514));
            let spell = of(what, &spell("", day.0, day.0, None, 4));
            quotes(&frame, ids, &spell, day.plus(24)).unwrap()
        };
        for what in [What::Topic("login".to_owned()), What::All] {
            let told = quotes(&ids, what);
            assert_eq!(told.len(), 3, "{told:?}");
            let id = |n: usize| facts[n].record_id();
            assert!(told.iter().all(|quote| quote.record != id(6)), "{told:?}");
            let both = |a: usize, b: usize| {
                told.iter().filter(|quote| quote.record == id(a) || quote.record == id(b)).count() == 2
            };
            assert!(!both(0, 1) && !both(2, 3), "one person, one text: {told:?}");
        }
        assert_eq!(quotes(&[], What::All), []);
        assert_eq!(quotes(&ids, What::Topic("price".to_owned())), []);
    }
}
