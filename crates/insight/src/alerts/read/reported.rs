//! Scores that moved, in the figures of a report: found by answers that were counted by the hour, told as whoever opens a
//! report of the same hours sees them. One who answered on five days is five answers in the counts, and one person with the
//! last of them here; so the interval is that of people as well.

use super::{Record, Stored, Text};
use crate::{
    alerts::{
        hour::{Hour, Span},
        incident::Incident,
        series::{Metric, SeriesKey},
        watch::{Figures, Spell},
    },
    stats::{Interval, SUPPRESSED},
    targets::{self, summary},
};
use feedback::{insight::Scale, score::ScoreKind};
use std::collections::BTreeMap;

/// A score as a report gives it, but from 0 to 1.
struct Reported {
    n: u64,
    value: f64,
    range: Interval,
}

impl Stored {
    /// The incident with its scores as a report of the same hours has them, and of the four weeks before. What is too little
    /// for a report to show stays as it was counted.
    #[must_use]
    pub fn as_reported(&self, incident: &Incident, now: Hour) -> Incident {
        let mut incident = incident.clone();
        for spell in &mut incident.spells {
            if let Some(figures) = self.figures(spell, now) {
                spell.figures = figures;
            }
        }
        incident
    }

    fn figures(&self, spell: &Spell, now: Hour) -> Option<Figures> {
        let (Metric::Score(name), Figures::Score { before, before_range, fall, .. }) =
            (&spell.key.metric, spell.figures)
        else {
            return None;
        };
        let scale = name.scale()?;
        let answers = self.counted(&spell.key, spell.span(now));
        let since = self.reported(scale, &answers)?;
        let (before, before_range) = self
            .score_before(&spell.key, scale, self.before(spell.onset), &answers)
            .unwrap_or((before, before_range));
        Some(Figures::Score {
            answers: since.n,
            before,
            before_range,
            since: since.value,
            since_range: since.range,
            fall,
        })
    }

    /// In the mix of sources that there is since: of several together the mix alone could move. The intervals of the sources
    /// are put together by their distances (MOVER: Zou and Donner 2008, Stat Med 27:1693).
    fn score_before(
        &self,
        key: &SeriesKey,
        scale: Scale,
        before: Span,
        since: &[&Record],
    ) -> Option<(f64, Interval)> {
        let mut sources: BTreeMap<&str, f64> = BTreeMap::new();
        for record in since {
            *sources.entry(self.texts.of(record.source())).or_default() += 1.0;
        }
        let (mut all, mut sum, mut below, mut above) = (0.0, 0.0, 0.0, 0.0);
        for (source, n) in sources {
            let own = SeriesKey { source: Some(source.to_owned()), ..key.clone() };
            let of_source = self.reported(scale, &self.counted(&own, before));
            let Some(of_source) = of_source.filter(|one| one.n >= SUPPRESSED) else { continue };
            let Reported { value, range, .. } = of_source;
            all += n;
            sum += n * value;
            below += (n * (value - range.low)).powi(2);
            above += (n * (range.high - value)).powi(2);
        }
        let mean = (all > 0.0).then(|| sum / all)?;
        let (low, high) = (mean - below.sqrt() / all, mean + above.sqrt() / all);
        Some((mean, Interval::new(low.max(0.0), high.min(1.0))))
    }

    fn reported(&self, scale: Scale, answers: &[&Record]) -> Option<Reported> {
        let answers: Vec<targets::Answer> =
            answers.iter().filter_map(|record| self.answer(scale, record)).collect();
        let (n, value, range) = summary(scale, &answers.iter().collect::<Vec<_>>())?;
        let part = |value: f64| part(scale, value);
        Some(Reported { n, value: part(value), range: Interval::new(part(range.low), part(range.high)) })
    }

    fn answer(&self, scale: Scale, record: &Record) -> Option<targets::Answer> {
        let answer = record.answer?;
        let text = |text: Text| self.texts.of(text).to_owned();
        Some(targets::Answer {
            scale,
            source: text(record.source()),
            part: text(answer.part),
            question: text(answer.wording),
            person: record.person.map(text),
            at: record.occurred,
            day: record.at.day(),
            record: record.id.to_string(),
            value: answer.score.value(),
        })
    }
}

/// From the unit of a report to 0 to 1.
fn part(scale: Scale, value: f64) -> f64 {
    let part = match scale.kind {
        ScoreKind::Nps => (value + 100.0) / 200.0,
        ScoreKind::Csat => value,
        ScoreKind::Ces | ScoreKind::Stars => (value - scale.min) / (scale.max - scale.min),
    };
    part.clamp(0.0, 1.0)
}
