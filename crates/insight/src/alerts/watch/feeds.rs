//! Whole feeds that have fallen silent: a worker that was stopped, a source that was cut off. That nobody complains any more
//! says nothing while nobody can be heard.

use crate::alerts::{
    hour::{A_DAY, A_WEEK},
    series::{Counts, History, What},
};
use std::collections::BTreeMap;

/// A feed is silent where nothing came in as many hours as so many records were due in: by chance alone that is once in
/// 150 (e^-5).
const LEAST_DUE: f64 = 5.0;
/// Due is what came in the same hour of so many weeks before, on average.
const WEEKS: usize = 4;

/// By product (`None` for all) and kind of source the hours in which a feed was silent.
pub(super) struct Feeds<'a>(BTreeMap<(Option<&'a str>, &'a str), Vec<bool>>);

impl<'a> Feeds<'a> {
    /// Of everything that came: each hour is judged by itself and those before it.
    pub fn of(history: &'a History) -> Self {
        let streams =
            history.streams.iter().filter(|stream| stream.what == What::All && stream.source.is_none());
        let feeds = streams.flat_map(|stream| {
            let product = stream.product.as_deref();
            stream
                .parts
                .iter()
                .map(move |part| ((product, part.source.as_str()), silent(&part.counts.dense(history.hours))))
        });
        Self(feeds.collect())
    }

    /// Whether a feed, at the end of an hour, had been silent for too long for chance; one that is not known never was.
    pub fn is_silent(&self, product: Option<&str>, source: &str, at: usize) -> bool {
        self.0.get(&(product, source)).is_some_and(|hours| hours.get(at) == Some(&true))
    }
}

/// The hours at whose end nothing had come for as long as [`LEAST_DUE`] records were due in, of the last day: a feed of
/// fewer a day is never known to be silent.
fn silent(counts: &[Counts]) -> Vec<bool> {
    let mut silent = Vec::with_capacity(counts.len());
    // The first of the empty hours up to here.
    let mut since = 0;
    for (at, hour) in counts.iter().enumerate() {
        if hour.records > 0 {
            since = at + 1;
        }
        let empty = since.max((at + 1).saturating_sub(A_DAY))..at + 1;
        silent.push(empty.map(|at| due(counts, at)).sum::<f64>() >= LEAST_DUE);
    }
    silent
}

/// None in the first week, of which nothing is known.
fn due(counts: &[Counts], at: usize) -> f64 {
    let before = (1..=WEEKS).filter_map(|weeks| counts.get(at.checked_sub(weeks * A_WEEK)?));
    let (sum, weeks) =
        before.fold((0.0, 0.0), |(sum, weeks), hour| (sum + f64::from(hour.records), weeks + 1.0));
    if weeks > 0.0 { sum / weeks } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::alerts::{
        hour::Hour,
        series::{Part, Stream},
    };

    /// Five weeks of one record an hour from eight to six, and none on some of the hours.
    fn by_day(without: impl Fn(usize) -> bool) -> Vec<Counts> {
        let hour = |at: usize| {
            let is_open = (8..18).contains(&(at % A_DAY)) && !without(at);
            Counts { records: u32::from(is_open), ..Counts::default() }
        };
        (0..5 * A_WEEK).map(hour).collect()
    }

    #[test]
    fn a_feed_is_silent_after_five_that_were_due() {
        let stopped = 30 * A_DAY + 10;
        let hours = silent(&by_day(|at| at >= stopped));
        let first = hours.iter().position(|is_silent| *is_silent).unwrap();
        // From ten to fifteen five were due.
        assert_eq!(first, 30 * A_DAY + 14);
        assert!(hours[first..].iter().all(|is_silent| *is_silent), "until it is heard again");
        assert!(!silent(&by_day(|_| false)).contains(&true), "every night is empty");
        let heard_again = silent(&by_day(|at| (stopped..stopped + A_DAY).contains(&at)));
        assert!(heard_again[stopped + A_DAY - 1] && !heard_again[stopped + A_DAY]);
    }

    #[test]
    fn of_a_few_a_day_nobody_knows() {
        let few: Vec<Counts> = (0..5 * A_WEEK)
            .map(|at| Counts { records: u32::from(at % 6 == 0 && at < 800), ..Counts::default() })
            .collect();
        assert!(!silent(&few).contains(&true));
        assert!(!silent(&vec![Counts::default(); A_WEEK]).contains(&true));
    }

    #[test]
    fn a_feed_is_one_source_of_one_product() {
        let part = |source: &str, stopped: usize| Part {
            source: source.to_owned(),
            since: 0,
            counts: by_day(|at| at >= stopped).into_iter().collect(),
            answers: BTreeMap::new(),
        };
        let stream = |what: What, product: Option<&str>, parts: Vec<Part>| Stream {
            what,
            product: product.map(str::to_owned),
            source: None,
            parts,
        };
        let end = 5 * A_WEEK;
        let streams = vec![
            stream(What::All, None, vec![part("nps", end), part("review", end)]),
            stream(What::All, Some("app"), vec![part("nps", end), part("review", 30 * A_DAY)]),
            stream(What::Topic("login".to_owned()), Some("web"), vec![part("nps", 30 * A_DAY)]),
        ];
        let history = History { from: Hour(0), hours: end, streams, small_cases: 0 };
        let feeds = Feeds::of(&history);
        assert!(feeds.is_silent(Some("app"), "review", end - 1));
        assert!(!feeds.is_silent(Some("app"), "nps", end - 1) && !feeds.is_silent(None, "review", end - 1));
        assert!(!feeds.is_silent(Some("web"), "nps", end - 1), "a topic is no feed");
    }
}
