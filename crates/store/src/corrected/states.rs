//! What became of corrections.

use super::locate::located;
use super::{Last, Located};
use crate::Store;
use crate::error::StoreError;
use crate::index::{item, key};
use crate::log::Correction;
use feedback::correction::Field;
use serde::Serialize;
use std::collections::HashMap;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum CorrectionState {
    /// It is what counts: the record has this value, or, where it takes one back, the model's.
    Holds,
    /// Something later was said of the same.
    Replaced,
    /// It was said of a content that the record no longer has.
    EarlierVersion,
    /// The record was deleted.
    Gone,
}

/// A correction beside the record that it is of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    pub state: CorrectionState,
    /// As it is now; `None` where it is gone.
    pub record: Option<Located>,
}

impl CorrectionState {
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Holds => "holds",
            Self::Replaced => "replaced",
            Self::EarlierVersion => "earlier_version",
            Self::Gone => "gone",
        }
    }

    /// `content` is that of the current record.
    fn of(correction: &Correction, content: Option<i64>, last: &Last) -> Self {
        let record = &correction.record.record_id;
        let newest = Field::parse(&correction.field)
            .and_then(|field| last.of(record, correction.content_hash, field))
            .is_none_or(|newest| newest.id == correction.id);
        match content {
            None => Self::Gone,
            Some(content) if content != correction.content_hash => Self::EarlierVersion,
            Some(_) if newest => Self::Holds,
            Some(_) => Self::Replaced,
        }
    }
}

impl Store {
    /// What became of each, in their order; of a page of them, for the facts that they are of are read.
    pub async fn standings(&self, of: &[Correction]) -> Result<Vec<Standing>, StoreError> {
        if of.is_empty() {
            return Ok(Vec::new());
        }
        let records = self.records_of(of).await?;
        let held = self.read_on().await?;
        let standing = |correction: &Correction| {
            let record = records.get(&correction.record.record_id).cloned();
            let content = record.as_ref().map(|record| record.content_hash);
            Standing { state: CorrectionState::of(correction, content, &held.last), record }
        };
        Ok(of.iter().map(standing).collect())
    }

    /// Their records that are current, by id.
    async fn records_of(&self, of: &[Correction]) -> Result<HashMap<String, Located>, StoreError> {
        let snapshot = self.inner.feedback.snapshot().await?;
        let items = of.iter().map(|correction| key(item(&correction.item_id))).collect();
        let records = of.iter().map(|correction| correction.record.record_id.clone()).collect();
        let found = located(self.current_of_items(&snapshot, items, &records).await?).await?;
        Ok(found.into_iter().map(|record| (record.record.record_id.clone(), record)).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{correction, last};
    use super::*;
    use feedback::correction::Said;
    use feedback::judgement::FeedbackKind;

    #[test]
    fn what_became_of_a_correction() {
        let old = correction("a", 1, "r", 1, &Said::Kind(FeedbackKind::Bug));
        let new = correction("b", 2, "r", 1, &Said::Withdrawn(Field::Kind));
        let last = last(&[old.clone(), new.clone()]);
        let state = |of: &Correction, content| CorrectionState::of(of, content, &last);
        assert_eq!(
            (state(&old, Some(1)), state(&new, Some(1))),
            (CorrectionState::Replaced, CorrectionState::Holds)
        );
        assert_eq!(
            (state(&new, Some(2)), state(&new, None)),
            (CorrectionState::EarlierVersion, CorrectionState::Gone)
        );
        let strange = Correction { field: "mood".to_owned(), ..old };
        assert_eq!(
            state(&strange, Some(1)),
            CorrectionState::Holds,
            "of what nobody here knows nothing later is known"
        );
    }
}
