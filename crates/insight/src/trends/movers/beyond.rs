//! What topics brought in beyond their usual: it is among the records that the others are measured against.

use super::{
    Metric, Test,
    usual::{Usual, beside_the_usual},
};
use crate::{
    stats::fdr::benjamini_hochberg,
    trends::{scan::Found, study::Study, verdict::LEVEL},
};
use rayon::prelude::*;
use std::ops::Range;

/// Of one topic, source by source and day by day.
pub(super) struct Beyond<'a> {
    pub topic: &'a str,
    excess: Vec<f64>,
}

impl<'a> Beyond<'a> {
    /// On the days of `windows`, of which none is usual.
    fn new(test: &Test<'a>, windows: &[Range<usize>]) -> Self {
        let (days, cells) = (test.study.days, test.cells());
        let rest = windows.iter().fold(cells.clone(), |rest, window| rest.without(window));
        let mut excess = vec![0.0; test.study.records.len()];
        for source in 0..cells.strata() {
            let (events, exposure) = rest.within(source, 0..days);
            let usual = if exposure > 0 { events as f64 / exposure as f64 } else { 0.0 };
            for day in windows.iter().cloned().flatten() {
                let (count, exposure) = (cells.events(source)[day], cells.exposure(source)[day]);
                // The excess x is part of the exposure itself: x = count - usual * (exposure - x).
                let beyond = (f64::from(count) - usual * f64::from(exposure)) / (1.0 - usual).max(1e-9);
                excess[source * days + day] = beyond.max(0.0);
            }
        }
        Self { topic: &test.topic.topic, excess }
    }
}

/// Of the topics that plainly fell: the episodes beside which alone they did.
pub(super) fn past_outbreaks<'a>(tests: &[Test<'a>], found: &[Option<Found>]) -> Vec<Beyond<'a>> {
    let fallen: Vec<_> = plainly(tests, found).filter(|(_, found)| !found.is_up()).collect();
    let beyond = |(test, found): (&Test<'a>, &Found)| {
        let Usual { outbreaks, .. } = beside_the_usual(test, test.cells(), found.clone());
        (!outbreaks.is_empty()).then(|| Beyond::new(test, &outbreaks))
    };
    fallen.into_par_iter().filter_map(beyond).collect()
}

/// And of those that plainly rose, on the days of the rise.
pub(super) fn with_risen<'a>(
    mut past: Vec<Beyond<'a>>,
    tests: &[Test<'a>],
    found: &[Option<Found>],
) -> Vec<Beyond<'a>> {
    for (test, found) in plainly(tests, found).filter(|(_, found)| found.is_up()) {
        let risen = Beyond::new(test, std::slice::from_ref(&found.window));
        match past.iter_mut().find(|known| known.topic == risen.topic) {
            // Some days may be told by both.
            Some(known) => {
                known.excess.iter_mut().zip(risen.excess).for_each(|(known, more)| *known = known.max(more));
            }
            None => past.push(risen),
        }
    }
    past
}

/// The volumes that stand out among all tests.
fn plainly<'t, 'a>(
    tests: &'t [Test<'a>],
    found: &'t [Option<Found>],
) -> impl Iterator<Item = (&'t Test<'a>, &'t Found)> {
    let p: Vec<f64> = found.iter().map(|found| found.as_ref().map_or(1.0, |found| found.p)).collect();
    let q = benjamini_hochberg(&p);
    tests.iter().zip(found).zip(q).filter_map(|((test, found), q)| {
        let found = found.as_ref()?;
        (test.metric == Metric::Volume && q <= LEVEL).then_some((test, found))
    })
}

/// All records but what these brought in.
pub(super) fn exposure_without(study: &Study, others: &[&Beyond<'_>]) -> Vec<u32> {
    let beyond = |at: usize| others.iter().map(|other| other.excess[at]).sum::<f64>();
    let left = |(at, n): (usize, &u32)| (f64::from(*n) - beyond(at)).round().max(0.0) as u32;
    study.records.iter().enumerate().map(left).collect()
}
