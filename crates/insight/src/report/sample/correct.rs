//! The classifier's shares, set right by what a person said of a sample.

use super::{By, UNKNOWN};
use crate::stats::{
    FEW,
    prevalence::{Estimate, Stratum, part, share},
};
use serde::Serialize;
use std::collections::BTreeMap;

/// A row of a sample that came back. Rows of one stratum agree on its size and on what was said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Labelled {
    pub stratum: String,
    /// Records of the stratum.
    pub size: u64,
    /// One of [`By::labels`], or [`UNKNOWN`].
    pub said: &'static str,
    /// One of [`By::labels`]; `None` where nobody labelled the row.
    pub label: Option<&'static str>,
}

/// What the labels say of the classifier's shares.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Corrected {
    pub by: By,
    /// Records that the figures are of: those of the strata that are not left out.
    pub records: u64,
    /// Rows of the sample, and how many of them are labelled.
    pub rows: u64,
    pub labelled: u64,
    /// The others, which are passed over.
    pub unlabelled: u64,
    /// Fewer than [`FEW`] are labelled: there are counts alone.
    pub too_few: bool,
    pub merged: Vec<Merged>,
    pub left_out: Vec<LeftOut>,
    /// All labels, and [`UNKNOWN`] where that was said.
    pub labels: Vec<LabelRow>,
}

/// Strata with too few labelled rows that count as one with another of which the same was said.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Merged {
    pub said: &'static str,
    pub strata: usize,
}

/// Records of which nothing can be told, since of all that were said to be the same too few are labelled.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LeftOut {
    pub said: &'static str,
    pub records: u64,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct LabelRow {
    pub label: &'static str,
    /// Rows that a person gave this label.
    pub labelled: u64,
    /// The share of the records that the classifier says this of: a count, without an error of chance.
    pub said: f64,
    /// The share of the records that are this.
    pub corrected: Option<Estimate>,
    /// Of those that it is said of, the share that are this.
    pub precision: Option<Estimate>,
    /// Of those that are this, the share that it is said of.
    pub recall: Option<Estimate>,
}

/// Sets the shares right: each stratum counts by its size, whatever part of it was drawn and labelled.
#[must_use]
pub fn correct(by: By, rows: &[Labelled]) -> Corrected {
    let labels = by.labels();
    let labelled = rows.iter().filter(|row| row.label.is_some()).count() as u64;
    let too_few = labelled < FEW;
    let cells = cells(&labels, rows);
    let Strata { cells, merged, left_out } =
        if too_few { Strata { cells, ..Strata::default() } } else { Strata::sound(cells) };
    let row = |(at, label): (usize, &'static str)| {
        let counted = LabelRow::counted(label, &cells, |cell| cell.counts[at]);
        if too_few { counted } else { counted.estimated(&cells, at) }
    };
    let mut told: Vec<LabelRow> = labels.iter().copied().enumerate().map(row).collect();
    let unknown = LabelRow::counted(UNKNOWN, &cells, |_| 0);
    told.extend((unknown.said > 0.0).then_some(unknown));
    let (records, rows) = (size(&cells), rows.len() as u64);
    let unlabelled = rows - labelled;
    Corrected { by, records, rows, labelled, unlabelled, too_few, merged, left_out, labels: told }
}

impl LabelRow {
    fn counted(label: &'static str, cells: &[Cell], labelled: impl Fn(&Cell) -> u64) -> Self {
        let own: u64 = cells.iter().filter(|cell| cell.said == label).map(|cell| cell.size).sum();
        Self {
            label,
            labelled: cells.iter().map(labelled).sum(),
            said: own as f64 / size(cells).max(1) as f64,
            corrected: None,
            precision: None,
            recall: None,
        }
    }

    /// With the shares of the label at this place.
    fn estimated(self, cells: &[Cell], at: usize) -> Self {
        let (own, others): (Vec<&Cell>, Vec<&Cell>) = cells.iter().partition(|cell| cell.said == self.label);
        let strata = |cells: &[&Cell]| cells.iter().map(|cell| cell.stratum(at)).collect::<Vec<_>>();
        let (own, others) = (strata(&own), strata(&others));
        Self {
            corrected: share(&[own.as_slice(), others.as_slice()].concat()),
            precision: share(&own),
            recall: part(&own, &others),
            ..self
        }
    }
}

/// A stratum, or several as one: its records, and its labelled rows by label.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Cell {
    said: &'static str,
    size: u64,
    counts: Vec<u64>,
}

impl Cell {
    fn labelled(&self) -> u64 {
        self.counts.iter().sum()
    }

    /// One alone does not tell how far such records differ, unless there are no others.
    fn is_thin(&self) -> bool {
        self.labelled() < self.size.min(2)
    }

    fn with(mut self, other: Self) -> Self {
        self.size += other.size;
        for (count, more) in self.counts.iter_mut().zip(other.counts) {
            *count += more;
        }
        self
    }

    fn stratum(&self, label: usize) -> Stratum {
        Stratum::new(self.size, self.labelled(), self.counts[label])
    }
}

/// The strata in the order of their names.
fn cells(labels: &[&'static str], rows: &[Labelled]) -> Vec<Cell> {
    let mut cells: BTreeMap<&str, Cell> = BTreeMap::new();
    for row in rows {
        let empty = || Cell { said: row.said, size: row.size, counts: vec![0; labels.len()] };
        let cell = cells.entry(&row.stratum).or_insert_with(empty);
        if let Some(at) = labels.iter().position(|label| row.label == Some(*label)) {
            cell.counts[at] += 1;
        }
    }
    cells.into_values().collect()
}

fn size(cells: &[Cell]) -> u64 {
    cells.iter().map(|cell| cell.size).sum()
}

/// Strata that can be reckoned with, and what became of the others.
#[derive(Default)]
struct Strata {
    cells: Vec<Cell>,
    merged: Vec<Merged>,
    left_out: Vec<LeftOut>,
}

impl Strata {
    fn sound(cells: Vec<Cell>) -> Self {
        let mut by_said: BTreeMap<&'static str, Vec<Cell>> = BTreeMap::new();
        for cell in cells {
            by_said.entry(cell.said).or_default().push(cell);
        }
        let mut strata = Self::default();
        for (said, cells) in by_said {
            strata.add(said, cells);
        }
        strata
    }

    /// Those of which one thing was said: thin ones count as one with the one that has most labels.
    fn add(&mut self, said: &'static str, cells: Vec<Cell>) {
        let (thin, mut others): (Vec<Cell>, Vec<Cell>) = cells.into_iter().partition(Cell::is_thin);
        let number = thin.len();
        others.sort_by_key(Cell::labelled);
        let most = others.pop();
        match thin.into_iter().chain(most).reduce(Cell::with) {
            Some(one) if one.is_thin() => self.left_out.push(LeftOut { said, records: one.size }),
            Some(one) => {
                others.push(one);
                if number > 0 {
                    self.merged.push(Merged { said, strata: number });
                }
            }
            None => {}
        }
        self.cells.append(&mut others);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Rows of a stratum with these labels, and some without.
    fn rows(
        number: usize,
        size: u64,
        said: &'static str,
        labels: &[(&'static str, usize)],
        empty: usize,
    ) -> Vec<Labelled> {
        let row = |label| Labelled { stratum: By::Sentiment.stratum(number), size, said, label };
        let with = labels.iter().flat_map(|(label, times)| std::iter::repeat_n(Some(*label), *times));
        with.chain(std::iter::repeat_n(None, empty)).map(row).collect()
    }

    fn of(strata: &[Vec<Labelled>]) -> Corrected {
        correct(By::Sentiment, &strata.concat())
    }

    fn near(found: Option<Estimate>, expected: f64) {
        let found = found.unwrap();
        assert!((found.value - expected).abs() < 1e-12, "{found:?} is not {expected}");
        assert!(found.interval.contains(found.value), "{found:?}");
    }

    // By hand: of 600 said to be negative 15 of 20 are, 5 are neutral; of 300 positive 8 of 10 are, 2 are negative; of
    // 100 unknown 4 of 5 are positive, 1 negative. Negative: 450 + 60 + 20 = 530; neutral 150; positive 240 + 80 = 320.
    #[test]
    fn shares_precision_and_recall_agree_with_the_sums_by_hand() {
        let corrected = of(&[
            rows(1, 600, "negative", &[("negative", 15), ("neutral", 5)], 4),
            rows(2, 300, "positive", &[("positive", 8), ("negative", 2)], 0),
            rows(3, 100, "unknown", &[("positive", 4), ("negative", 1)], 1),
        ]);
        assert_eq!((corrected.records, corrected.rows), (1000, 40));
        assert_eq!((corrected.labelled, corrected.unlabelled), (35, 5));
        assert!(corrected.merged.is_empty() && corrected.left_out.is_empty() && !corrected.too_few);
        let [negative, neutral, positive, unknown] = corrected.labels.as_slice() else { panic!("four rows") };
        assert_eq!((negative.said, neutral.said, positive.said, unknown.said), (0.6, 0.0, 0.3, 0.1));
        assert_eq!((negative.labelled, neutral.labelled, positive.labelled), (18, 5, 12));
        near(negative.corrected, 0.53);
        near(neutral.corrected, 0.15);
        near(positive.corrected, 0.32);
        near(negative.precision, 0.75);
        near(positive.precision, 0.8);
        near(negative.recall, 450.0 / 530.0);
        near(positive.recall, 240.0 / 320.0);
        // It never says neutral: nothing is right or wrong of that, and none of it is found.
        assert_eq!(neutral.precision, None);
        near(neutral.recall, 0.0);
        assert_eq!((unknown.label, unknown.corrected), (UNKNOWN, None));
    }

    #[test]
    fn a_stratum_with_too_few_labels_counts_with_another_of_what_the_same_was_said() {
        let corrected = of(&[
            rows(1, 600, "negative", &[("negative", 20)], 0),
            rows(2, 50, "negative", &[("neutral", 1)], 4),
            rows(3, 40, "negative", &[], 5),
            rows(4, 300, "positive", &[("positive", 10)], 0),
            // The only one there is: nothing more could be asked.
            rows(5, 1, "positive", &[("neutral", 1)], 0),
        ]);
        assert_eq!(corrected.merged, [Merged { said: "negative", strata: 2 }]);
        assert_eq!((corrected.records, corrected.left_out.len()), (991, 0));
        // 690 records, 20 of 21 labelled rows.
        near(corrected.labels[0].precision, 20.0 / 21.0);
        near(corrected.labels[2].precision, 300.0 / 301.0);
    }

    #[test]
    fn what_nobody_labelled_is_in_no_figure_and_that_is_told() {
        let corrected = of(&[
            rows(1, 600, "negative", &[("negative", 20)], 0),
            rows(2, 300, "positive", &[("positive", 10)], 0),
            rows(3, 100, "unknown", &[("positive", 1)], 4),
        ]);
        assert_eq!(corrected.left_out, [LeftOut { said: "unknown", records: 100 }]);
        assert_eq!((corrected.records, corrected.labels.len()), (900, 3));
        near(corrected.labels[0].corrected, 600.0 / 900.0);
    }

    #[test]
    fn of_fewer_than_thirty_there_are_counts_alone() {
        let strata = |labelled| {
            vec![
                rows(1, 600, "negative", &[("negative", labelled)], 0),
                rows(2, 300, "positive", &[("positive", 10)], 5),
            ]
        };
        let few = of(&strata(19));
        assert!(few.too_few && few.labelled == 29 && few.rows == 34);
        assert_eq!((few.labels[0].labelled, few.labels[0].corrected), (19, None));
        assert!(!of(&strata(20)).too_few);
        assert!(correct(By::Kind, &[]).too_few);
    }

    #[test]
    fn the_shares_of_all_labels_are_one() {
        let corrected = of(&[
            rows(1, 613, "negative", &[("negative", 15), ("neutral", 5), ("positive", 3)], 4),
            rows(2, 71, "positive", &[("positive", 8), ("negative", 2)], 0),
            rows(3, 7, "neutral", &[("neutral", 1)], 0),
            rows(4, 12, "neutral", &[("positive", 3)], 2),
        ]);
        let sum: f64 = corrected.labels.iter().filter_map(|row| row.corrected).map(|c| c.value).sum();
        assert!((sum - 1.0).abs() < 1e-12, "{sum}");
    }
}
