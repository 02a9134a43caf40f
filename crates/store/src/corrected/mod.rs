//! What people said of records in place of the models: which of it holds, and what follows for the current rows.
//!
//! Knows: the log of corrections, and the columns of a judgement. Must not: judge whether a label or a topic exists
//! (`insight::corrections` does), or change a row.
//!
//! Invariants:
//! - Of a record with one content the last that was said of each judgement holds, by (time, id): so it makes no difference
//!   in which order corrections arrived. A version with another content is judged anew; where the old content comes back,
//!   so does what was said of it.
//! - A frame of current rows has what was said in `sentiment`, `kind` and `topics`, and beside them what the model said
//!   (`judged_sentiment`, `judged_kind`, `judged_topics`), by whom and when something was said or taken back last
//!   (`corrected_by`, `corrected_at`); all five are null where nothing holds. Whatever changes of a record by a correction,
//!   its `corrected_at` changes. Confidences, probabilities, encoder and taxonomy are always of what the model said.

mod correct;
mod locate;
mod overlay;
mod retell;
mod states;

pub use correct::{CorrectError, Correcting};
pub use locate::Located;
pub use states::{CorrectionState, Standing};

use crate::Store;
use crate::error::StoreError;
use crate::log::{Correction, Mark};
use feedback::correction::Field;
use overlay::Overlay;
use polars::prelude::LazyFrame;
use std::collections::HashMap;
use std::sync::Arc;

const FIELDS: usize = Field::ALL.len();

/// What was said last of each judgement of a record with one content.
type OfContent = [Option<Arc<Correction>>; FIELDS];

/// The same by record and content.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Last(HashMap<(String, i64), OfContent>);

impl Last {
    fn take(&mut self, correction: &Arc<Correction>) {
        // A later version's word is nothing to this one.
        let Some(said) = correction.said() else { return };
        let key = (correction.record.record_id.clone(), correction.content_hash);
        let place = &mut self.0.entry(key).or_default()[said.field() as usize];
        let is_later = |there: &Correction| (there.at, &there.id) < (correction.at, &correction.id);
        if place.as_deref().is_none_or(is_later) {
            *place = Some(Arc::clone(correction));
        }
    }

    fn of(&self, record: &str, content: i64, field: Field) -> Option<&Correction> {
        self.0.get(&(record.to_owned(), content))?[field as usize].as_deref()
    }

    /// Of any judgement.
    fn newest(&self, record: &str, content: i64) -> Option<&Correction> {
        newest(self.0.get(&(record.to_owned(), content))?)
    }
}

fn newest(last: &OfContent) -> Option<&Correction> {
    last.iter().filter_map(Option::as_deref).max_by_key(|correction| (correction.at, &correction.id))
}

/// The log as far as it was read.
#[derive(Default)]
pub(crate) struct Held {
    mark: Mark,
    /// In the order of the log.
    all: Vec<Arc<Correction>>,
    last: Last,
    overlay: Overlay,
}

impl Store {
    /// All that was ever said, in the order of the log; what an erasure took is gone.
    pub async fn corrections(&self) -> Result<Vec<Correction>, StoreError> {
        self.corrections_of("").await
    }

    /// The same of the records whose ids begin so. Nothing is read that was read before.
    pub async fn corrections_of(&self, beginning: &str) -> Result<Vec<Correction>, StoreError> {
        let held = self.read_on().await?;
        let is_of = |correction: &&Arc<Correction>| correction.record.record_id.starts_with(beginning);
        Ok(held.all.iter().filter(is_of).map(|correction| (**correction).clone()).collect())
    }

    /// Lays what people said over current rows.
    pub(crate) async fn corrected(&self, rows: LazyFrame) -> Result<LazyFrame, StoreError> {
        Ok(self.overlay().await?.over(rows))
    }

    /// As of now, for frames that belong together.
    pub(crate) async fn overlay(&self) -> Result<Overlay, StoreError> {
        Ok(self.read_on().await?.overlay.clone())
    }

    /// Reads on in the log; where nothing was written, that costs a look at its version.
    async fn read_on(&self) -> Result<tokio::sync::MutexGuard<'_, Held>, StoreError> {
        let mut held = self.inner.caches.corrected.lock().await;
        let tail = self.tail::<Correction>(held.mark).await?;
        let said: Vec<Arc<Correction>> = tail.events.into_iter().map(Arc::new).collect();
        if tail.anew {
            held.last = Last::default();
            held.all = Vec::new();
        }
        said.iter().for_each(|correction| held.last.take(correction));
        if tail.anew || !said.is_empty() {
            held.overlay = Overlay::of(&held.last)?;
        }
        held.all.extend(said);
        held.mark = tail.mark;
        Ok(held)
    }
}

#[cfg(test)]
mod tests;
