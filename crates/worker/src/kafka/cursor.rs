//! How far a partition is read, and what a batch may note of it.

/// What a batch moves a partition's noted offset by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Step {
    /// What must be noted beforehand, else somebody else was here.
    pub from: Option<i64>,
    /// The next offset to read.
    pub next: i64,
}

/// One partition on its way through the batches of one assignment.
///
/// Steps follow one another without a hole: each starts where the last one ended, and none passes a message
/// that is not in its batch or an earlier one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cursor {
    /// What the store holds once every batch that was cut is committed.
    noted: Option<i64>,
    /// The next offset expected.
    next: i64,
}

impl Cursor {
    /// `start` is where reading begins: behind `noted` in a replay, past it where retention took messages
    /// and the operator chose to go on.
    #[must_use]
    pub fn new(noted: Option<i64>, start: i64) -> Self {
        Self { noted, next: start }
    }

    /// `false` for a message that was seen already: it must not enter a second time.
    #[must_use]
    pub fn take(&mut self, offset: i64) -> bool {
        let fresh = offset >= self.next;
        if fresh {
            self.next = offset + 1;
        }
        fresh
    }

    #[must_use]
    pub fn next(&self) -> i64 {
        self.next
    }

    /// Ends a batch here. `None` where it moved nothing: a replay stays behind what is noted for a while.
    pub fn cut(&mut self) -> Option<Step> {
        if self.noted.is_some_and(|noted| self.next <= noted) {
            return None;
        }
        let step = Step { from: self.noted, next: self.next };
        self.noted = Some(self.next);
        Some(step)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    #[test]
    fn a_replay_notes_nothing_before_it_passes_what_is_noted() {
        let mut cursor = Cursor::new(Some(10), 0);
        assert!((0..8).all(|offset| cursor.take(offset)));
        assert_eq!(cursor.cut(), None);
        assert!((8..12).all(|offset| cursor.take(offset)));
        assert_eq!(cursor.cut(), Some(Step { from: Some(10), next: 12 }));
        assert!(!cursor.take(11), "seen already");
    }

    /// A partition: offsets with holes, as compaction and transactions leave them.
    fn log() -> impl Strategy<Value = Vec<i64>> {
        prop::collection::vec(1_i64..4, 1..60).prop_map(|gaps| {
            gaps.into_iter()
                .scan(-1, |at, gap| {
                    *at += gap;
                    Some(*at)
                })
                .collect()
        })
    }

    /// A store with one app transaction: it takes a step only from where it stands.
    #[derive(Default)]
    struct Model {
        noted: Option<i64>,
        rows: BTreeMap<i64, u32>,
    }

    impl Model {
        fn commit(&mut self, step: Step, rows: &[i64]) -> bool {
            if step.from != self.noted {
                return false;
            }
            self.noted = Some(step.next);
            for row in rows {
                *self.rows.entry(*row).or_default() += 1;
            }
            true
        }
    }

    proptest! {
        /// Whatever batch fails, and whatever later ones were cut before that was known:
        /// every message is there once in the end.
        #[test]
        fn nothing_is_lost_or_doubled(
            log in log(),
            sizes in prop::collection::vec(1_usize..9, 60),
            failures in prop::collection::vec(any::<bool>(), 60),
            depth in 1_usize..4,
        ) {
            let mut store = Model::default();
            let mut sizes = sizes.into_iter().cycle();
            let mut failures = failures.into_iter().chain(std::iter::repeat(false));
            while store.noted != log.last().map(|last| last + 1) {
                let start = store.noted.unwrap_or(0);
                let mut cursor = Cursor::new(store.noted, start);
                let mut left: Vec<i64> = log.iter().copied().filter(|offset| *offset >= start).collect();
                'assignment: while !left.is_empty() {
                    // Several batches are cut before the first is committed.
                    let mut batches = Vec::new();
                    for _ in 0..depth {
                        let rest = left.split_off(sizes.next().unwrap_or(1).min(left.len()));
                        let batch = std::mem::replace(&mut left, rest);
                        if !batch.is_empty() {
                            prop_assert!(batch.iter().all(|offset| cursor.take(*offset)));
                            batches.push((cursor.cut(), batch));
                        }
                    }
                    let mut failed = false;
                    for (step, batch) in batches {
                        let step = step.expect("every batch reads on");
                        prop_assert!(batch.iter().all(|offset| *offset < step.next));
                        if failed {
                            // Batch N failed, N+1 is tried all the same: it must not pass.
                            prop_assert!(!store.commit(step, &batch));
                        } else if failures.next().unwrap_or(false) {
                            failed = true;
                        } else {
                            prop_assert!(store.commit(step, &batch));
                        }
                    }
                    if failed {
                        break 'assignment;
                    }
                }
            }
            prop_assert_eq!(store.rows, log.iter().map(|offset| (*offset, 1)).collect());
        }

        /// A zombie's steps are refused once another has moved on.
        #[test]
        fn of_two_that_hold_the_same_partition_one_wins(cut in 1_i64..20, turns in prop::collection::vec(any::<bool>(), 1..20)) {
            let mut store = Model::default();
            let mut cursors = [Cursor::new(None, 0), Cursor::new(None, 0)];
            for turn in turns {
                let cursor = &mut cursors[usize::from(turn)];
                let batch: Vec<i64> = (cursor.next()..cursor.next() + cut).filter(|offset| cursor.take(*offset)).collect();
                if let Some(step) = cursor.cut() && !store.commit(step, &batch) {
                    *cursor = Cursor::new(store.noted, store.noted.unwrap_or(0));
                }
            }
            prop_assert!(store.rows.values().all(|times| *times == 1));
            prop_assert!(store.rows.keys().copied().eq(0..store.noted.unwrap_or(0)));
        }
    }
}
