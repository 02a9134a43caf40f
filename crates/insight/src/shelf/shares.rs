//! How each topic's share of the records moved from one period to the next.

use super::{Query, Shelf, choose::Chosen, part::Part, row::Label};
use crate::{
    error::InsightError,
    report::{Filter, Period},
    trends::{cells::Cells, shares, shares::ShareMoved},
};
use rayon::prelude::*;
use std::collections::BTreeMap;

/// Records of a source, on a topic or whatever their topic.
type Of<'s> = (Option<&'s str>, &'s str);

impl Shelf {
    /// How the share of each topic moved, among the records of `filter` whatever its days, to those of `days` from as many
    /// before; judged among each other. A topic that is mentioned on neither side has not moved, and is left out.
    ///
    /// # Errors
    /// As [`Shelf::list`].
    pub fn shares_moved(
        &self,
        filter: &Filter,
        days: Period,
    ) -> Result<BTreeMap<String, ShareMoved>, InsightError> {
        let before = days.before();
        let query = Query::from(Filter { from: Some(before.from), to: Some(days.to), ..filter.clone() });
        let chosen = self.choose(&query)?;
        let of_parts: Vec<(usize, Vec<(Of<'_>, u32)>)> = chosen
            .par_iter()
            .map(|chosen| ((chosen.part.day.0 - before.from.0) as usize, of_part(chosen)))
            .collect();
        let split = before.days() as usize;
        let mut by_day: BTreeMap<Of<'_>, Vec<u32>> = BTreeMap::new();
        for (day, counted) in of_parts {
            for (of, n) in counted {
                by_day.entry(of).or_insert_with(|| vec![0; 2 * split])[day] += n;
            }
        }
        let mut moved = of_topics(&by_day, split);
        shares::judge(moved.values_mut());
        Ok(moved)
    }
}

/// What there is any of.
fn of_part<'s>(chosen: &Chosen<'s>) -> Vec<(Of<'s>, u32)> {
    let part: &'s Part = chosen.part;
    let sources = part.column(Label::SourceKind);
    let width = sources.words().len();
    let (mut all, mut mentions) = (vec![0_u32; width], vec![0_u32; part.topics.len() * width]);
    for row in chosen.rows() {
        let source = sources.number(row);
        all[source] += 1;
        let said = part.mentions.get(row).iter();
        said.for_each(|mention| mentions[mention.topic as usize * width + source] += 1);
    }
    let name = |source: usize| sources.words().get(source);
    let records = all.into_iter().enumerate().map(|(source, n)| ((None, name(source)), n));
    let mentions = mentions.into_iter().enumerate().map(|(at, n)| {
        let topic = part.topics.get(at / width);
        ((Some(topic), name(at % width)), n)
    });
    records.chain(mentions).filter(|(_, n)| *n > 0).collect()
}

fn of_topics<'s>(by_day: &BTreeMap<Of<'s>, Vec<u32>>, split: usize) -> BTreeMap<String, ShareMoved> {
    let of_all = by_day.iter().filter(|((topic, _), _)| topic.is_none());
    let (sources, records): (Vec<&'s str>, Vec<&[u32]>) =
        of_all.map(|((_, source), days)| (*source, days.as_slice())).unzip();
    let (records, none) = (records.concat(), vec![0; 2 * split]);
    let mut topics: Vec<&'s str> = by_day.keys().filter_map(|(topic, _)| *topic).collect();
    // Those of a topic stand together.
    topics.dedup();
    let moved = topics.into_iter().filter_map(|topic| {
        let of = |source: &'s str| by_day.get(&(Some(topic), source)).unwrap_or(&none).as_slice();
        let mentions = sources.iter().copied().map(of).collect::<Vec<_>>().concat();
        let cells = Cells::new(2 * split, mentions, records.clone());
        Some((topic.to_owned(), ShareMoved::of(&cells, split)?))
    });
    moved.collect()
}
