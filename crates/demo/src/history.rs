//! The history: every message of twelve weeks, in order of arrival.

use crate::{
    calendar::Period,
    event::DemoEvent,
    expect::Expect,
    plants::{self, Plant},
    teller,
};
use feedback::time::Day;

/// Which history is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Options {
    pub seed: u64,
    /// Whether anything happens at all.
    pub plants: bool,
    /// Whether weekends are quieter. A history in which really nothing moves has this off as well.
    pub rhythm: bool,
    /// About this many messages; the number itself is left to chance.
    pub events: usize,
    /// Today: the history ends with the last complete ISO week before.
    pub end: Day,
}

impl Options {
    /// The history that the demo tells.
    #[must_use]
    pub fn new(end: Day) -> Self {
        Self { seed: 7, plants: true, rhythm: true, events: 30_000, end }
    }

    /// One in which nothing moves.
    #[must_use]
    pub fn null(seed: u64, end: Day) -> Self {
        Self { seed, plants: false, rhythm: false, ..Self::new(end) }
    }
}

/// A history told to its end.
#[derive(Debug, Clone)]
pub struct History {
    events: Vec<DemoEvent>,
    expect: Expect,
    plants: Vec<Plant>,
    period: Period,
}

impl History {
    #[must_use]
    pub fn new(options: Options) -> Self {
        let period = Period::before(options.end);
        let mut events = teller::tell(options, period);
        // Equal arrivals stay in the order they were told.
        events.sort_by_key(|event| event.at);
        let expect = Expect::of(&events);
        Self { events, expect, plants: plants::list(period, options.plants, options.rhythm), period }
    }

    /// In order of arrival.
    #[must_use]
    pub fn events(&self) -> &[DemoEvent] {
        &self.events
    }

    /// What a pipeline that read it all must have counted.
    #[must_use]
    pub fn expect(&self) -> &Expect {
        &self.expect
    }

    /// What a report must find; all that it may call real.
    #[must_use]
    pub fn plants(&self) -> &[Plant] {
        &self.plants
    }

    #[must_use]
    pub fn period(&self) -> Period {
        self.period
    }
}

impl IntoIterator for History {
    type Item = DemoEvent;
    type IntoIter = std::vec::IntoIter<DemoEvent>;

    fn into_iter(self) -> Self::IntoIter {
        self.events.into_iter()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_period_holds_every_message() {
        let history = History::new(Options { events: 2_000, ..Options::new(Day(20_700)) });
        let (start, end) = (history.period().start.start(), history.period().end.start());
        assert!(history.events().iter().all(|event| start <= event.at && event.at < end));
        assert!(history.events().windows(2).all(|pair| pair[0].at <= pair[1].at));
    }
}
