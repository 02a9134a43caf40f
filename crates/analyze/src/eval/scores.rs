//! Counts of what was said for which label, and the figures they give.

/// Shares from 0 to 1.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Scores {
    pub(super) accuracy: f64,
    /// The means over labels that occur in the gold data.
    pub(super) macro_recall: f64,
    pub(super) macro_f1: f64,
}

/// Counts by gold label and by what was said; a last column counts "unknown".
#[derive(Debug, Clone)]
pub(super) struct Confusion {
    labels: usize,
    cells: Vec<u64>,
}

/// What one label came to.
#[derive(Debug, Clone, Copy)]
pub(super) struct OfLabel {
    pub(super) hits: u64,
    /// Texts that have it.
    pub(super) n: u64,
    /// Texts for which it was said.
    pub(super) said: u64,
}

impl Confusion {
    pub(super) fn new(labels: usize) -> Self {
        Self { labels, cells: vec![0; labels * (labels + 1)] }
    }

    /// From rows as [`Self::rows`] gives them.
    pub(super) fn of_rows(rows: &[Vec<u64>]) -> Self {
        Self { labels: rows.len(), cells: rows.concat() }
    }

    /// `said` of `None` is "unknown".
    pub(super) fn add(&mut self, gold: usize, said: Option<usize>, count: u64) {
        self.cells[gold * (self.labels + 1) + said.unwrap_or(self.labels)] += count;
    }

    pub(super) fn labels(&self) -> usize {
        self.labels
    }

    /// Row by row.
    pub(super) fn cells(&self) -> &[u64] {
        &self.cells
    }

    pub(super) fn rows(&self) -> impl Iterator<Item = &[u64]> {
        self.cells.chunks_exact(self.labels + 1)
    }

    pub(super) fn n(&self) -> u64 {
        self.cells.iter().sum()
    }

    pub(super) fn of_label(&self, at: usize) -> OfLabel {
        of_label(self.labels, &self.cells, at)
    }

    pub(super) fn scores(&self) -> Scores {
        Scores::of(self.labels, &self.cells)
    }
}

fn of_label(labels: usize, cells: &[u64], at: usize) -> OfLabel {
    let row = &cells[at * (labels + 1)..][..labels + 1];
    let said = (0..labels).map(|gold| cells[gold * (labels + 1) + at]).sum();
    OfLabel { hits: row[at], n: row.iter().sum(), said }
}

impl Scores {
    /// Of a confusion's cells, row by row.
    pub(super) fn of(labels: usize, cells: &[u64]) -> Self {
        let (mut right, mut n, mut present, mut recall, mut f1) = (0, 0, 0.0, 0.0, 0.0);
        for label in (0..labels).map(|at| of_label(labels, cells, at)).filter(|label| label.n > 0) {
            right += label.hits;
            n += label.n;
            present += 1.0;
            recall += label.recall();
            f1 += label.f1();
        }
        let accuracy = ratio(right as f64, n as f64);
        Self { accuracy, macro_recall: ratio(recall, present), macro_f1: ratio(f1, present) }
    }

    pub(super) fn figures(self) -> [f64; 3] {
        [self.accuracy, self.macro_recall, self.macro_f1]
    }
}

impl OfLabel {
    pub(super) fn precision(self) -> f64 {
        ratio(self.hits as f64, self.said as f64)
    }

    pub(super) fn recall(self) -> f64 {
        ratio(self.hits as f64, self.n as f64)
    }

    pub(super) fn f1(self) -> f64 {
        ratio(2.0 * self.hits as f64, (self.said + self.n) as f64)
    }
}

/// 0 where nothing was counted.
pub(super) fn ratio(part: f64, whole: f64) -> f64 {
    if whole > 0.0 { part / whole } else { 0.0 }
}
