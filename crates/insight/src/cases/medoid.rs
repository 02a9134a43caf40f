//! Which of a case's reports says best what it is about.
//!
//! The first one is any of them. The one nearest to their mean says what the others say: the medoid (Kaufman and Rousseeuw
//! 1990, "Finding Groups in Data", chapter 2), as a mean is no report and has no words.

use super::{likeness::Sum, stored::StoredReport};

/// Reports of a case that are looked at; the newest.
pub const LOOKED_AT: usize = 50;
/// Fewer have no middle: of two each is as near to it.
pub const LEAST: usize = 3;
/// What a case is called where nobody's words are left.
pub const NO_WORDS: &str = "no words are left of its reports";

/// The place of the report that says best what all of these say: of those with words the nearest to their mean, and of two as
/// near the one that comes first. Where fewer than three have a vector of one space, the first with words. `None` without
/// any words.
#[must_use]
pub fn medoid(reports: &[&StoredReport]) -> Option<usize> {
    let first = reports.iter().position(|report| !report.words.is_empty());
    // Two spaces are never compared; the newest report's is the one that is in use.
    let Some(space) =
        reports.iter().rev().find(|report| !report.vector.is_empty()).map(|report| &report.space)
    else {
        return first;
    };
    let alike = || reports.iter().filter(|report| !report.vector.is_empty() && report.space == *space);
    if alike().count() < LEAST {
        return first;
    }
    let mut sum = Sum::default();
    for report in alike() {
        match sum.count() {
            0 => sum = Sum::of(&report.vector),
            _ => sum.add(&report.vector),
        }
    }
    let mut nearest: Option<(usize, f64)> = None;
    for (at, report) in reports.iter().enumerate() {
        if report.words.is_empty() || report.vector.is_empty() || report.space != *space {
            continue;
        }
        let likeness = sum.likeness(&report.vector);
        if nearest.is_none_or(|(_, most)| likeness > most) {
            nearest = Some((at, likeness));
        }
    }
    nearest.map(|(at, _)| at).or(first)
}

#[cfg(test)]
mod tests {
    use super::*;
    use feedback::{judgement::FeedbackKind, time::Timestamp};

    fn report(words: &str, space: &str, vector: &[i8]) -> StoredReport {
        StoredReport {
            record: words.to_owned(),
            source: "ticket".to_owned(),
            event_source: "desk".to_owned(),
            native_id: "T-1".to_owned(),
            author: None,
            author_alias: None,
            account: None,
            revenue: None,
            product: String::new(),
            topic: "login_access".to_owned(),
            kind: FeedbackKind::Bug,
            space: space.to_owned(),
            vector: vector.to_vec(),
            owner: None,
            priority: None,
            occurred_at: Timestamp(0),
            stored_at: Timestamp(0),
            triaged_at: None,
            words: words.to_owned(),
        }
    }

    fn told(reports: &[StoredReport]) -> Option<usize> {
        medoid(&reports.iter().collect::<Vec<_>>())
    }

    #[test]
    fn the_one_in_the_middle_is_told() {
        // At 0, 37, 45 and 53 degrees.
        let all = [
            report("help", "v1", &[127, 0]),
            report("the login fails", "v1", &[101, 76]),
            report("login fails since monday", "v1", &[90, 90]),
            report("no login", "v1", &[76, 101]),
        ];
        assert_eq!(told(&all), Some(1));
        assert_eq!(told(&all[1..]), Some(1), "without the one that lies apart");
    }

    #[test]
    fn of_two_or_without_vectors_it_is_the_first_with_words() {
        let silent = report("", "v1", &[127, 0]);
        let two = [silent.clone(), report("a", "v1", &[127, 0]), report("b", "v1", &[])];
        assert_eq!(told(&two), Some(1));
        assert_eq!(told(&[report("a", "v1", &[]), report("b", "v1", &[])]), Some(0));
        assert_eq!(told(&[silent]), None);
        assert_eq!(told(&[]), None);
    }

    #[test]
    fn a_report_without_words_counts_in_the_mean_and_is_not_told() {
        let all = [
            report("far", "v1", &[0, 127]),
            report("", "v1", &[127, 0]),
            report("", "v1", &[127, 0]),
            report("near", "v1", &[101, 76]),
        ];
        assert_eq!(told(&all), Some(3));
    }

    #[test]
    fn another_space_is_left_out() {
        let all = [
            report("old", "v0", &[127, 0]),
            report("a", "v1", &[127, 0]),
            report("b", "v1", &[101, 76]),
            report("c", "v1", &[0, 127]),
        ];
        assert_eq!(told(&all), Some(2));
        assert_eq!(told(&all[..3]), Some(0), "two of the space in use have no middle");
    }
}
