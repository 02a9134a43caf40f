//! NPS and CSAT of the records that fit, each kind of source and each scale by itself. What it was before, and whether it
//! moved, is the report's to say.

use super::{Query, Shelf, part::Part, row::Label};
use crate::{
    error::InsightError,
    report::{Filter, filter::Answers},
    rollup::is_satisfied,
    stats::{Interval, SUPPRESSED, nps::NpsCounts, proportion::Proportion},
};
use feedback::{insight::Scale, score::ScoreKind};
use std::collections::{BTreeMap, BTreeSet};

/// What was answered to one kind of source on one scale.
#[derive(Debug, Clone, PartialEq)]
pub struct Answered {
    pub scale: Scale,
    pub source: String,
    /// The source asks several questions on the scale, and these are the answers to all of them.
    pub all_questions: bool,
    /// People, each with the last answer; who is unknown counts each time.
    pub n: u64,
    /// In points, or as the share of the satisfied; none below 5.
    pub value: Option<f64>,
    pub interval: Option<Interval>,
    /// Lists the answers that count.
    pub filter: Filter,
}

/// Kind, the bits of both ends, and the kind of source.
type Scaled<'s> = (ScoreKind, [u64; 2], &'s str);

impl Shelf {
    /// Those on which anything was answered.
    ///
    /// # Errors
    /// As [`Shelf::list`].
    pub fn answered(&self, filter: &Filter) -> Result<Vec<Answered>, InsightError> {
        let query = Query::from(filter.clone());
        let chosen = self.choose(&query)?;
        let mut scales: BTreeMap<Scaled<'_>, Vec<(&Part, usize)>> = BTreeMap::new();
        for chosen in &chosen {
            let part: &Part = chosen.part;
            for row in chosen.rows() {
                let Some(Scale { kind, min, max }) = part.score(row).map(|score| score.scale) else {
                    continue;
                };
                if matches!(kind, ScoreKind::Nps | ScoreKind::Csat) {
                    let source = part.column(Label::SourceKind).get(row);
                    let ends = [min, max].map(f64::to_bits);
                    scales.entry((kind, ends, source)).or_default().push((part, row));
                }
            }
        }
        let of = |((kind, ends, source), rows): (Scaled<'_>, Vec<(&Part, usize)>)| {
            let [min, max] = ends.map(f64::from_bits);
            self.summary(Scale { kind, min, max }, source, &rows, filter)
        };
        Ok(scales.into_iter().map(of).collect())
    }

    fn summary(&self, scale: Scale, source: &str, rows: &[(&Part, usize)], filter: &Filter) -> Answered {
        let last = self.people().last_of_each(rows.iter().copied());
        let counts = rows.iter().filter(|(part, row)| last.contains(&part.ids[*row]));
        let (mut nps, mut satisfied, mut n) = (NpsCounts::default(), 0, 0);
        for value in counts.filter_map(|(part, row)| part.score_value(*row)) {
            nps.add(value);
            satisfied += u64::from(is_satisfied(scale, value));
            n += 1;
        }
        let (value, interval) = match scale.kind {
            ScoreKind::Nps => (nps.score().unwrap_or_default(), nps.interval()),
            _ => (Proportion::new(satisfied, n).share(), Proportion::new(satisfied, n).wilson()),
        };
        let is_shown = n >= SUPPRESSED;
        Answered {
            scale,
            source: source.to_owned(),
            all_questions: scale.kind != ScoreKind::Nps && questions(rows) > 1,
            n,
            value: is_shown.then_some(value),
            interval: is_shown.then_some(interval),
            filter: Filter { answers: Some(Answers::Last), ..filter.clone() }.source(source).scale(scale),
        }
    }
}

/// By the part of the response that answers it, or by its wording where responses have no parts.
fn questions(rows: &[(&Part, usize)]) -> usize {
    let asked = rows.iter().map(|(part, row)| {
        let [of, question] = [Label::Part, Label::Question].map(|label| part.column(label).get(*row));
        if of.is_empty() { (of, question) } else { (of, "") }
    });
    asked.collect::<BTreeSet<_>>().len()
}
