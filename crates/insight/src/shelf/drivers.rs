//! Who speaks of a topic more, or less, than of everything else: by segment, version, territory, platform and source. An
//! association, which need not be a cause.
//!
//! The topic's mentions are compared with the other records of the same days, only among those that tell the field. A
//! version is compared within its platform: a topic of one platform has that platform's versions without being about any
//! of them.

use super::{Query, Shelf, choose::Chosen, part::Part, row::Label, runs::runs};
use crate::{
    error::InsightError,
    report::Filter,
    stats::{
        FEW, Interval, SUPPRESSED,
        fdr::benjamini_hochberg,
        proportion::{Difference, Proportion, dispersion, newcombe, two_proportions},
    },
    trends::{Verdict, movers::LEAST_POINTS},
};
use feedback::time::Day;
use rayon::prelude::*;
use serde::Serialize;
use std::collections::{BTreeMap, HashMap};

/// The names are those of a filter's fields.
const DIMENSIONS: [(&str, Label); 5] = [
    ("segment", Label::Segment),
    ("app_version", Label::AppVersion),
    ("territory", Label::Territory),
    ("platform", Label::Platform),
    ("source", Label::SourceKind),
];
const VERSION: usize = 1;
/// Values of a field that are shown, those with the most mentions.
const MOST: usize = 8;

/// A value of a field: its share of the topic's mentions beside its share of the other records.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Driver {
    /// `segment`, `app_version`, `territory`, `platform` or `source`.
    pub field: &'static str,
    pub value: String,
    /// Of a version the platform within which it is compared; none where the records tell none.
    pub platform: Option<String>,
    /// The topic's mentions with this value, and all that tell the field.
    pub mentions: u64,
    pub of: u64,
    pub share: f64,
    /// The same of the other records.
    pub other_records: u64,
    pub of_others: u64,
    pub share_of_others: f64,
    /// Of the shares, as a fraction; the scatter from day to day beyond chance counts against it.
    pub difference: f64,
    pub interval: Interval,
    pub p: f64,
    /// Benjamini-Hochberg, among all that are shown; none where there are fewer than 30 on a side.
    pub q: Option<f64>,
    pub verdict: Option<Verdict>,
    /// Lists the mentions.
    pub filter: Filter,
}

/// A field by its place, the platform where it is a version, and the value.
type Cell<'s> = (usize, &'s str, &'s str);
/// Mentions, and other records.
type Sides = [u64; 2];
/// Ascending.
type Days = Vec<(Day, Sides)>;

impl Shelf {
    /// The values of each field that most mentions of `topic` tell, among the records of `filter`, which names no topic. A
    /// field of which all tell the same says nothing, and is left out.
    ///
    /// # Errors
    /// As [`Shelf::list`].
    pub fn drivers(&self, topic: &str, filter: &Filter) -> Result<Vec<Driver>, InsightError> {
        let query = Query::from(filter.clone());
        let chosen = self.choose(&query)?;
        let of_parts: Vec<(Day, Vec<(Cell<'_>, Sides)>)> =
            chosen.par_iter().map(|chosen| (chosen.part.day, of_part(chosen, topic))).collect();
        let mut by_cell: HashMap<Cell<'_>, Days> = HashMap::new();
        for (day, cells) in of_parts {
            for (cell, sides) in cells {
                add(by_cell.entry(cell).or_default(), day, sides);
            }
        }
        let mut values: Vec<(Cell<'_>, Days)> = by_cell.into_iter().collect();
        values.sort_unstable_by_key(|(cell, _)| *cell);
        let mut drivers = compared(&values, &filter.clone().topic(topic));
        judge(&mut drivers);
        Ok(drivers)
    }
}

/// Of the last day, or of one behind it: what is chosen comes day by day.
fn add(days: &mut Days, day: Day, sides: Sides) {
    match days.last_mut().filter(|(last, _)| *last == day) {
        Some((_, counted)) => add_sides(counted, sides),
        None => days.push((day, sides)),
    }
}

fn add_sides(counted: &mut Sides, sides: Sides) {
    counted.iter_mut().zip(sides).for_each(|(counted, n)| *counted += n);
}

/// The records that tell a field, by what they tell.
fn of_part<'s>(chosen: &Chosen<'s>, topic: &str) -> Vec<(Cell<'s>, Sides)> {
    let part: &'s Part = chosen.part;
    let topic = part.topics.find(topic).map(|topic| topic as u32);
    let is_mention = |row: usize| {
        topic.is_some_and(|topic| part.mentions.get(row).iter().any(|mention| mention.topic == topic))
    };
    let columns = DIMENSIONS.map(|(_, label)| part.column(label));
    let platforms = part.column(Label::Platform);
    let mut tallies = columns.map(|column| vec![Sides::default(); column.words().len()]);
    // By platform, version and side: far fewer of each than would not fit.
    let (mut versions, width) = (Vec::new(), columns[VERSION].words().len());
    let untold = columns[VERSION].words().find("");
    for row in chosen.rows() {
        let side = usize::from(!is_mention(row));
        for (dimension, column) in columns.iter().enumerate().filter(|(dimension, _)| *dimension != VERSION) {
            tallies[dimension][column.number(row)][side] += 1;
        }
        let version = columns[VERSION].number(row);
        if Some(version) != untold {
            versions.push((platforms.number(row) * width + version) * 2 + side);
        }
    }
    let mut cells: Vec<(Cell<'s>, Sides)> = Vec::new();
    for (dimension, column) in columns.iter().enumerate().filter(|(dimension, _)| *dimension != VERSION) {
        let values = tallies[dimension].iter().enumerate();
        cells.extend(values.map(|(value, sides)| ((dimension, "", column.words().get(value)), *sides)));
    }
    let version = |(at, n): (usize, u64)| {
        let (mut sides, cell) = (Sides::default(), at / 2);
        sides[at % 2] = n;
        let (platform, version) = (cell / width, cell % width);
        ((VERSION, platforms.words().get(platform), columns[VERSION].words().get(version)), sides)
    };
    cells.extend(runs(versions).into_iter().map(version));
    cells.retain(|((_, _, value), sides)| !value.is_empty() && *sides != [0, 0]);
    cells
}

fn compared(values: &[(Cell<'_>, Days)], mentions: &Filter) -> Vec<Driver> {
    // All that tell the field; of versions, on a platform.
    let mut wholes: BTreeMap<(usize, &str), BTreeMap<Day, Sides>> = BTreeMap::new();
    for ((dimension, platform, _), days) in values {
        let whole = wholes.entry((*dimension, *platform)).or_default();
        days.iter().for_each(|(day, sides)| add_sides(whole.entry(*day).or_default(), *sides));
    }
    let mut shown = Vec::new();
    for dimension in 0..DIMENSIONS.len() {
        let own = values.iter().filter(|((own, ..), _)| *own == dimension);
        let mut own: Vec<Driver> = own
            .filter_map(|(cell, days)| driver(*cell, days, &wholes[&(cell.0, cell.1)], mentions))
            .collect();
        own.sort_by_key(|driver| std::cmp::Reverse(driver.mentions));
        own.truncate(MOST);
        shown.extend(own);
    }
    shown
}

/// `None` where it says nothing: too few mentions, nothing to compare them with, or nothing else is told.
fn driver(
    cell: Cell<'_>,
    days: &[(Day, Sides)],
    whole: &BTreeMap<Day, Sides>,
    mentions: &Filter,
) -> Option<Driver> {
    let (dimension, platform, value) = cell;
    let [inside, outside] = [0, 1].map(|side: usize| {
        let own = days.iter().map(|(_, sides)| sides[side]).sum::<u64>();
        (own, whole.values().map(|sides| sides[side]).sum::<u64>())
    });
    let is_all = inside.0 == inside.1 && outside.0 == outside.1;
    if inside.0 < SUPPRESSED || outside.1 == 0 || is_all {
        return None;
    }
    let daily = |side: usize| -> Vec<(u64, u64)> {
        let at = |day: &Day| days.binary_search_by_key(day, |(day, _)| *day).ok();
        let hits = |day: &Day| at(day).map_or(0, |at| days[at].1[side]);
        whole.iter().map(|(day, sides)| (hits(day), sides[side])).collect()
    };
    let phi = dispersion(&daily(0)).max(dispersion(&daily(1)));
    let [own, others] = [inside, outside].map(|(hits, n)| Proportion::new(hits, n));
    let Difference { interval, .. } = newcombe(own.deflated(phi), others.deflated(phi));
    let is_judged = inside.1 >= FEW && outside.1 >= FEW;
    Some(Driver {
        field: DIMENSIONS[dimension].0,
        value: value.to_owned(),
        platform: Some(platform.to_owned()).filter(|platform| !platform.is_empty()),
        mentions: inside.0,
        of: inside.1,
        share: own.share(),
        other_records: outside.0,
        of_others: outside.1,
        share_of_others: others.share(),
        difference: own.share() - others.share(),
        interval,
        p: two_proportions(own.deflated(phi), others.deflated(phi)),
        q: is_judged.then_some(1.0),
        verdict: None,
        filter: narrowed(mentions.clone(), dimension, platform, value),
    })
}

fn narrowed(mut filter: Filter, dimension: usize, platform: &str, value: &str) -> Filter {
    if dimension == VERSION {
        filter.platform = Some(platform.to_owned());
    }
    let field = match DIMENSIONS[dimension].1 {
        Label::Segment => &mut filter.segment,
        Label::AppVersion => &mut filter.app_version,
        Label::Territory => &mut filter.territory,
        Label::Platform => &mut filter.platform,
        _ => &mut filter.source,
    };
    *field = Some(value.to_owned());
    filter
}

/// All that can be judged are one family.
fn judge(drivers: &mut [Driver]) {
    let judged: Vec<&mut Driver> = drivers.iter_mut().filter(|driver| driver.q.is_some()).collect();
    let p: Vec<f64> = judged.iter().map(|driver| driver.p).collect();
    for (driver, q) in judged.into_iter().zip(benjamini_hochberg(&p)) {
        let is_large_enough = driver.difference.abs() >= LEAST_POINTS;
        driver.q = Some(q);
        driver.verdict = Some(Verdict::new(driver.p, q, is_large_enough));
    }
}
