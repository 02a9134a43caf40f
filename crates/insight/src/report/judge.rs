//! The verdicts: all tests of a report in one family.

use super::{
    build::Frame,
    facts::Facts,
    model::{ChangeOf, RhythmRow, ScoreRow, SourceRow, Verdicts},
    movers::Judged,
    scope::Scope,
    scores::{self, scores},
    volume::{self, by_source, of_scope},
    words::Words,
};
use crate::{
    error::InsightError,
    trends::{Study, Verdict, movers::test_topics, rhythm::Rhythm, verdict::q_values},
};

/// Of the Monte Carlo streams: the same data give the same report.
const SEED: u64 = 0x5eed_0f0f_ea1f_eed5;

/// What became of the tests.
pub struct Outcome {
    pub topics: Vec<Judged>,
    /// The rhythm's q-value; 1 where there is none.
    pub rhythm: f64,
    pub tests: usize,
}

/// The p-values of what a report on all topics judges beside them: sentiment by source, and scores.
pub fn of_all_topics(facts: &impl Facts, scope: &Scope, frame: &Frame) -> Result<Vec<f64>, InsightError> {
    let scope = scope.on_all_topics();
    let Frame { period, previous, comparison, .. } = *frame;
    let mut sources =
        by_source(&of_scope(&frame.rows, &scope), &Words::default(), &scope, period, previous, comparison);
    let mut scores = scores(facts, &scope, period, comparison)?;
    Ok(changes(&mut sources, &mut scores).map(|change| change.p).collect())
}

/// Those that are judged.
fn changes<'a>(
    sources: &'a mut [SourceRow],
    scores: &'a mut [ScoreRow],
) -> impl Iterator<Item = &'a mut ChangeOf> {
    let of_sources = sources.iter_mut().filter_map(|row| row.change.as_mut());
    let of_scores = scores.iter_mut().filter_map(|row| row.change.as_mut());
    of_sources.chain(of_scores).filter(|change| change.q.is_some())
}

/// All tests of the report in one family: topics, then sentiment by source, then scores; the rhythm beside.
///
/// A report on one topic looks no closer than one on all: every topic is tested, and those that were not asked
/// for are left out only after the q-values are known. `beside` has the p-values of what the report on all
/// topics judges beside them, so that a topic's verdict is the same in both; the changes of the topic's own
/// sources and scores are judged among the tests of all topics too. A product or a source does not narrow
/// the family, it is another set of records, about which everything is asked anew (as of any other
/// batch): its report holds the level by itself.
pub fn judge(
    study: &Study,
    beside: Option<Vec<f64>>,
    sources: &mut [SourceRow],
    scores: &mut [ScoreRow],
    rhythm: Option<&Rhythm>,
) -> Outcome {
    let tested: Vec<_> = test_topics(study, SEED)
        .into_iter()
        .filter_map(|mut test| test.change.take().map(|change| (test, change)))
        .collect();
    let of_topics: Vec<f64> = tested.iter().map(|(_, change)| change.p).collect();
    let own: Vec<f64> = changes(sources, scores).map(|change| change.p).collect();
    let expected: Vec<f64> = rhythm.iter().map(|rhythm| rhythm.p).collect();
    let among = |others: &[f64]| q_values(&[&of_topics, others].concat(), &expected);
    let (q, of_rhythm) = among(&own);
    for (change, q) in changes(sources, scores).zip(q.iter().skip(of_topics.len())) {
        change.q = Some(*q);
    }
    for change in sources.iter_mut().filter_map(|row| row.change.as_mut()) {
        change.verdict = change.q.map(|q| Verdict::new(change.p, q, volume::is_large_enough(change)));
    }
    for row in scores {
        let Some(mut change) = row.change.take() else { continue };
        change.verdict = change.q.map(|q| Verdict::new(change.p, q, scores::is_large_enough(row, &change)));
        row.change = Some(change);
    }
    let q_of_topics = beside.map_or(q, |beside| among(&beside).0);
    let topics = tested.into_iter().zip(q_of_topics).map(|((test, change), q)| Judged::new(test, change, q));
    Outcome {
        topics: topics.collect(),
        rhythm: of_rhythm.first().copied().unwrap_or(1.0),
        tests: of_topics.len() + own.len() + expected.len(),
    }
}

pub fn with_verdict(
    verdict: Verdict,
    topics: &[Judged],
    sources: &[SourceRow],
    scores: &[ScoreRow],
    rhythm: Option<&RhythmRow>,
) -> Verdicts {
    let of = |change: &Option<ChangeOf>| change.as_ref().is_some_and(|c| c.verdict == Some(verdict));
    Verdicts {
        topics: topics.iter().filter(|judged| judged.verdict == verdict).count(),
        sources: sources.iter().filter(|row| of(&row.change)).count(),
        scores: scores.iter().filter(|row| of(&row.change)).count(),
        rhythm: usize::from(rhythm.is_some_and(|rhythm| rhythm.verdict == verdict)),
    }
}
