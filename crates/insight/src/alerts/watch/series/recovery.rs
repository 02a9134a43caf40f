//! When an episode is over.
//!
//! The evidence for it is a CUSUM of log likelihood ratios, of what is usual against that it goes on, by the hour. The night
//! of a trouble that comes by day gives as much of it as an end would: so the last day as a whole has to speak for it too.

use super::{Model, Watched};
use crate::alerts::{
    hour::{A_DAY, Hour},
    series::Metric,
    watch::feeds::Feeds,
};

/// An episode is over when what is usual is a thousand times as likely as that it goes on: one that goes on is ended by
/// mistake once in a thousand hours at most, on average (of the CUSUM of a likelihood ratio: Lorden 1971).
const RECOVERED: f64 = 6.907_755_278_982_137;

#[derive(Debug, Clone, PartialEq)]
pub(super) struct Recovery {
    sum: f64,
    /// The ratios of the last 24 hours that something could be heard in, each at its number modulo 24; 0 where there were
    /// fewer since the episode began.
    day: [f64; A_DAY],
    heard: usize,
}

impl Recovery {
    /// Of an episode that was found now; `so_far` are the ratios of its hours before.
    pub fn begun(so_far: impl Iterator<Item = f64>) -> Self {
        let mut recovery = Self { sum: 0.0, day: [0.0; A_DAY], heard: 0 };
        so_far.for_each(|ratio| recovery.take(ratio));
        Self { sum: 0.0, ..recovery }
    }

    /// Takes in an hour.
    pub fn take(&mut self, ratio: f64) {
        self.sum = (self.sum + ratio).max(0.0);
        self.day[self.heard % A_DAY] = ratio;
        self.heard += 1;
    }

    pub fn is_complete(&self) -> bool {
        self.sum >= RECOVERED && self.day.iter().sum::<f64>() > 0.0
    }
}

impl Watched<'_> {
    /// The log likelihood ratio of what is usual against a change of `by`, by one hour.
    pub(super) fn recovery(&self, at: usize, hour: Hour, by: f64) -> f64 {
        match &self.model {
            Model::Unknown => 0.0,
            // Half of the way, of a ratio: half of its logarithm.
            Model::Volume(model) => model.recovery(hour, self.counts.at(at), by.max(1.3).sqrt()),
            Model::Negative(models) => self
                .parts(models)
                .map(|(part, model)| {
                    let counts = part.counts.at(at);
                    model.recovery(counts.negative, counts.judged, (by / 2.0).max(0.05))
                })
                .sum(),
            Model::Score(models) => self
                .parts(models)
                .map(|(part, model)| {
                    let (n, sum) = self.answers(part, at..at + 1);
                    model.recovery(n as u32, sum, by.max(0.05))
                })
                .sum(),
        }
    }

    /// Whether one of the feeds that it adds up has fallen silent, so that fewer records are no recovery. Of a share or a score
    /// an hour without records says nothing anyway.
    pub(super) fn is_cut_off(&self, at: usize, feeds: &Feeds<'_>) -> bool {
        let parts = self.stream.parts.iter().zip(&self.joined).filter(|(_, joined)| **joined);
        let product = self.stream.product.as_deref();
        let mut sources = parts.map(|(part, _)| part.source.as_str());
        self.key.metric == Metric::Volume && sources.any(|source| feeds.is_silent(product, source, at))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_over_when_the_evidence_and_the_last_day_say_so() {
        let mut recovery = Recovery::begun([-9.0; 3].into_iter());
        for _ in 0..20 {
            recovery.take(1.0);
        }
        assert!(recovery.sum >= RECOVERED && !recovery.is_complete(), "27 of the last day speak against it");
        recovery.take(1.0);
        assert!(!recovery.is_complete());
        // The first of the three hours is a day ago.
        recovery.take(1.0);
        assert!(recovery.is_complete());
    }

    #[test]
    fn the_nights_of_a_trouble_by_day_do_not_end_it() {
        let mut recovery = Recovery::begun([-4.0; 2].into_iter());
        for hour in 10..24 * 10 {
            recovery.take(if (8..18).contains(&(hour % 24)) { -4.0 } else { 0.6 });
            assert!(!recovery.is_complete(), "{hour}");
        }
        let quiet = (0..48).position(|_| {
            recovery.take(0.6);
            recovery.is_complete()
        });
        // Ten bad hours speak against more than fourteen good ones: until all but three of the last ones are a day ago.
        assert_eq!(quiet, Some(14));
    }

    #[test]
    fn what_was_before_it_was_found_does_not_count_for_its_end() {
        let recovery = Recovery::begun([5.0; 6].into_iter());
        assert_eq!((recovery.sum, recovery.is_complete()), (0.0, false));
    }
}
