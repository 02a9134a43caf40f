//! How many people stand behind a change, as far as anybody knows.

use crate::report::count;
use serde::Serialize;

/// Records without a name for each person who is known, beyond which records stand for people.
const NAMELESS: u64 = 9;

/// Who stands behind some records.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Crowd {
    /// Distinct people who are known.
    pub known: u64,
    /// Records of nobody knows whom: they may be of one person or of many.
    pub unknown: u64,
}

impl Crowd {
    /// The least number of people that the records can be of.
    #[must_use]
    pub fn people_at_least(self) -> u64 {
        self.known + u64::from(self.unknown > 0)
    }

    /// What the least number of people and the severity go by: the people at least, but where hardly any record names
    /// anybody, its records, for otherwise nobody would hear of a source that asks for no name.
    #[must_use]
    pub fn weight(self) -> u64 {
        let nameless = self.unknown > NAMELESS * self.known;
        if nameless { self.known + self.unknown } else { self.people_at_least() }
    }
}

/// `60 people at least`; of whom nobody knows the records are told, `12 people and 798 records of nobody knows whom`: they may
/// be of one person.
#[must_use]
pub fn people_told(Crowd { known, unknown }: Crowd) -> String {
    let people = |n: u64| if n == 1 { "1 person".to_owned() } else { format!("{} people", count(n)) };
    match (known, unknown) {
        (known, 0 | 1) => format!("{} at least", people(known + unknown)),
        (0, unknown) => format!("{} records of nobody knows whom", count(unknown)),
        (known, unknown) => format!("{} and {} records of nobody knows whom", people(known), count(unknown)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records_of_nobody_knows_whom_are_one_person_at_least() {
        let of = |known, unknown| Crowd { known, unknown };
        let least = [of(0, 0), of(0, 810), of(12, 0), of(12, 1), of(12, 798)].map(Crowd::people_at_least);
        assert_eq!(least, [0, 1, 12, 13, 13]);
        let weights = [of(0, 0), of(0, 810), of(12, 108), of(12, 109)].map(Crowd::weight);
        assert_eq!(weights, [0, 810, 13, 121]);
        assert_eq!(people_told(of(1_200, 0)), "1,200 people at least");
        assert_eq!(people_told(of(0, 1)), "1 person at least");
        assert_eq!(people_told(of(12, 1)), "13 people at least");
        assert_eq!(people_told(of(0, 810)), "810 records of nobody knows whom");
        assert_eq!(people_told(of(1, 1_798)), "1 person and 1,798 records of nobody knows whom");
    }
}
