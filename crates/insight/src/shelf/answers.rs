//! NPS and CSAT of the records that fit, each kind of source and each scale by itself. What it was before, and whether it
//! moved, is the report's to say.

use super::{
    Query, Shelf,
    choose::Chosen,
    last::{At, Last, Timeline},
    part::Part,
    people::People,
    row::Label,
    runs::runs,
};
use crate::{
    error::InsightError,
    report::{Filter, filter::Answers},
    rollup::is_satisfied,
    stats::{Interval, SUPPRESSED, nps::NpsCounts, proportion::Proportion},
};
use feedback::{insight::Scale, score::ScoreKind};
use rayon::prelude::*;
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

/// Answers on one scale to one kind of source, of a part of a number.
struct OfPart {
    part: u32,
    rows: Vec<u32>,
}

impl Shelf {
    /// Those on which anything was answered.
    ///
    /// # Errors
    /// As [`Shelf::list`].
    pub fn answered(&self, filter: &Filter) -> Result<Vec<Answered>, InsightError> {
        let query = Query::from(filter.clone());
        let chosen = self.choose(&query)?;
        let parts: Vec<&Part> = chosen.iter().map(|chosen| chosen.part.as_ref()).collect();
        let of_parts: Vec<Vec<(Scaled<'_>, Vec<u32>)>> = chosen.par_iter().map(by_scale).collect();
        let mut scales: BTreeMap<Scaled<'_>, Vec<OfPart>> = BTreeMap::new();
        // A shelf has far fewer parts than 2^32.
        for (part, of_part) in (0_u32..).zip(of_parts) {
            for (scaled, rows) in of_part {
                scales.entry(scaled).or_default().push(OfPart { part, rows });
            }
        }
        if scales.is_empty() {
            return Ok(Vec::new());
        }
        let people = self.people();
        let told = |last: &mut Last<(At, f64)>, (scaled, all): (Scaled<'_>, Vec<OfPart>)| {
            let values = last_values(people, Timeline(&parts), last, &all);
            let is_several = || questions(&parts, &all) > 1;
            summary(scaled, is_several, &values, filter)
        };
        let scales: Vec<(Scaled<'_>, Vec<OfPart>)> = scales.into_iter().collect();
        Ok(scales.into_par_iter().map_init(|| Last::new(people.count()), told).collect())
    }
}

/// What was answered in a part on the scales that are told of.
fn by_scale<'s>(chosen: &Chosen<'s>) -> Vec<(Scaled<'s>, Vec<u32>)> {
    let part: &'s Part = chosen.part;
    let sources = part.column(Label::SourceKind);
    // A part has far fewer rows, and words, than 2^32.
    let answer = |row: usize| {
        let (scale, _) = part.scored(row)?;
        Some(((scale, sources.number(row) as u32), row as u32))
    };
    let mut answers: Vec<(([u32; 2], u32), u32)> = chosen.rows().filter_map(answer).collect();
    answers.sort_unstable();
    let of_scale = |answers: &[(([u32; 2], u32), u32)]| {
        let (scale, source) = answers[0].0;
        let Scale { kind, min, max } = part.scale(scale)?;
        let scaled = (kind, [min, max].map(f64::to_bits), sources.words().get(source as usize));
        let is_told = matches!(kind, ScoreKind::Nps | ScoreKind::Csat);
        is_told.then(|| (scaled, answers.iter().map(|(_, row)| *row).collect()))
    };
    answers.chunk_by(|one, other| one.0 == other.0).filter_map(of_scale).collect()
}

/// Of every person the last answer; of who is unknown each.
fn last_values(
    people: &People,
    timeline: Timeline<'_, '_>,
    last: &mut Last<(At, f64)>,
    all: &[OfPart],
) -> Vec<f64> {
    let mut values = Vec::new();
    for OfPart { part, rows } in all {
        let told = people.of(timeline.0[*part as usize]);
        for at in rows.iter().map(|row| At { part: *part, row: *row }) {
            let Some(value) = timeline.0[*part as usize].score_value(at.row as usize) else { continue };
            match told.author(at.row as usize) {
                Some(person) => last.keep(person, (at, value), |(before, _)| timeline.is_before(*before, at)),
                None => values.push(value),
            }
        }
    }
    values.extend(last.iter().map(|(_, (_, value))| *value));
    last.clear();
    values
}

fn summary(
    scaled: Scaled<'_>,
    is_several: impl FnOnce() -> bool,
    values: &[f64],
    filter: &Filter,
) -> Answered {
    let (kind, [min, max], source) = (scaled.0, scaled.1.map(f64::from_bits), scaled.2);
    let (scale, n) = (Scale { kind, min, max }, values.len() as u64);
    let (value, interval) = if kind == ScoreKind::Nps {
        let mut nps = NpsCounts::default();
        values.iter().for_each(|value| nps.add(*value));
        (nps.score().unwrap_or_default(), nps.interval())
    } else {
        let satisfied = values.iter().filter(|value| is_satisfied(scale, **value)).count();
        let satisfied = Proportion::new(satisfied as u64, n);
        (satisfied.share(), satisfied.wilson())
    };
    let is_shown = n >= SUPPRESSED;
    Answered {
        scale,
        source: source.to_owned(),
        all_questions: kind != ScoreKind::Nps && is_several(),
        n,
        value: is_shown.then_some(value),
        interval: is_shown.then_some(interval),
        filter: Filter { answers: Some(Answers::Last), ..filter.clone() }.source(source).scale(scale),
    }
}

/// By the part of the response that answers it, or by its wording where responses have no parts.
fn questions(parts: &[&Part], all: &[OfPart]) -> usize {
    let asked = all.iter().flat_map(|of| asked(parts[of.part as usize], &of.rows));
    asked.map(|[of, question]| (of, if of.is_empty() { question } else { "" })).collect::<BTreeSet<_>>().len()
}

/// The parts of responses, with their questions, that rows answer.
fn asked<'s>(part: &'s Part, rows: &[u32]) -> Vec<[&'s str; 2]> {
    let columns = [Label::Part, Label::Question].map(|label| part.column(label));
    let numbers = rows.iter().map(|row| columns.map(|column| column.number(*row as usize))).collect();
    let words = |numbers: [usize; 2]| std::array::from_fn(|at| columns[at].words().get(numbers[at]));
    runs(numbers).into_iter().map(|(numbers, _)| words(numbers)).collect()
}
