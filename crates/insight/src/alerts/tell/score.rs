//! A score that moved, in words: as the report writes it.

use crate::{
    alerts::{
        series::{Metric, ScoreName, SeriesKey, counts_people},
        watch::Figures,
    },
    report::{
        count,
        render::{signed, signed_range},
    },
    stats::Interval,
};
use feedback::{insight::Scale, score::ScoreKind};

/// `NPS −25 (−52 to +5, 40 answers, one a person), before +57 (+37 to +72)`; `None` of other figures.
pub(super) fn score(key: &SeriesKey, figures: &Figures) -> Option<String> {
    let (Metric::Score(name), Figures::Score { answers, before, before_range, since, since_range, .. }) =
        (&key.metric, figures)
    else {
        return None;
    };
    let scale = Shown(name.scale());
    let each = if scale.0.is_some_and(|scale| counts_people(scale.kind)) { ", one a person" } else { "" };
    Some(format!(
        "{} {} ({}, {} answers{each}), before {} ({})",
        title(name),
        scale.value_in_full(*since),
        scale.range(*since_range),
        count(*answers),
        scale.value(*before),
        scale.range(*before_range)
    ))
}

/// `NPS`, `CSAT (1-5) of “support”`.
fn title(ScoreName { kind, scale, question }: &ScoreName) -> String {
    let title = match ScoreKind::parse(kind) {
        Some(ScoreKind::Nps) => "NPS".to_owned(),
        Some(ScoreKind::Csat) => format!("CSAT ({scale})"),
        Some(ScoreKind::Ces) => format!("mean CES ({scale})"),
        Some(ScoreKind::Stars) | None => format!("mean {kind} ({scale})"),
    };
    match question {
        Some(question) => format!("{title} of “{}”", question.told()),
        None => title,
    }
}

/// How answers on a scale are written that stand here from 0 to 1; as they are where nobody knows the scale.
struct Shown(Option<Scale>);

impl Shown {
    /// Where it is told first.
    fn value_in_full(&self, part: f64) -> String {
        let is_share = self.0.is_some_and(|scale| scale.kind == ScoreKind::Csat);
        self.value(part) + if is_share { " satisfied" } else { "" }
    }

    fn value(&self, part: f64) -> String {
        match self.0 {
            None => format!("{part:.2}"),
            Some(Scale { kind: ScoreKind::Nps, .. }) => signed(points(part), 0),
            Some(Scale { kind: ScoreKind::Csat, .. }) => format!("{:.0}%", 100.0 * part),
            Some(Scale { min, max, .. }) => {
                let (value, decimals) = (min + part * (max - min), if max - min > 20.0 { 0 } else { 2 });
                // No "-0".
                let value = if value.abs() < 0.5 * 0.1_f64.powi(decimals) { 0.0 } else { value };
                format!("{value:.*}", decimals as usize)
            }
        }
    }

    fn range(&self, range: Interval) -> String {
        match self.0 {
            Some(Scale { kind: ScoreKind::Nps, .. }) => {
                signed_range(Interval::new(points(range.low), points(range.high)), 0)
            }
            _ => format!("{} to {}", self.value(range.low), self.value(range.high)),
        }
    }
}

/// Of an NPS, from -100 to 100.
fn points(part: f64) -> f64 {
    200.0 * part - 100.0
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::alerts::series::{Question, What};

    fn told(kind: &str, scale: &str, question: Option<Question>) -> String {
        let name = ScoreName { kind: kind.to_owned(), scale: scale.to_owned(), question };
        let key = SeriesKey { metric: Metric::Score(name), what: What::All, product: None, source: None };
        let figures = Figures::Score {
            answers: 1_060,
            before: 0.75,
            before_range: Interval::new(0.7, 0.8),
            since: 0.38,
            since_range: Interval::new(0.25, 0.55),
            fall: 0.25,
        };
        score(&key, &figures).unwrap()
    }

    #[test]
    fn a_score_is_written_as_the_report_writes_it() {
        let nps = "NPS −24 (−50 to +10, 1,060 answers, one a person), before +50 (+40 to +60)";
        assert_eq!(told("nps", "0-10", None), nps);
        let csat =
            "CSAT (1-5) 38% satisfied (25% to 55%, 1,060 answers, one a person), before 75% (70% to 80%)";
        assert_eq!(told("csat", "1-5", None), csat);
        let support = Question { part: "support".to_owned(), ..Question::default() };
        let ces =
            "mean CES (1-7) of “support” 3.28 (2.50 to 4.30, 1,060 answers), before 5.50 (5.20 to 5.80)";
        assert_eq!(told("ces", "1-7", Some(support)), ces);
        let wide = "mean stars (0-100) 38 (25 to 55, 1,060 answers), before 75 (70 to 80)";
        assert_eq!(told("stars", "0-100", None), wide);
        assert!(told("mood", "1-5", None).starts_with("mean mood (1-5) 0.38 (0.25 to 0.55"));
    }

    #[test]
    fn what_is_no_score_is_not_told_as_one() {
        let key = SeriesKey { metric: Metric::Volume, what: What::All, product: None, source: None };
        let range = Interval::new(1.0, 2.0);
        assert_eq!(score(&key, &Figures::Volume { seen: 5, expected: 1.5, range, times: 3.0 }), None);
    }
}
