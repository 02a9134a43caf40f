//! Writing down what somebody says of a record, once.

use super::{Held, Located};
use crate::Store;
use crate::error::StoreError;
use crate::log::{AppendError, Correction};
use crate::removal::ROUNDS;
use feedback::correction::{Field, Said};
use feedback::time::Timestamp;
use uuid::Uuid;

/// What somebody says of a record.
#[derive(Debug, Clone, Copy)]
pub struct Correcting<'a> {
    /// With the content that they saw.
    pub of: &'a Located,
    pub said: &'a Said,
    /// The name of a token or of a login.
    pub by: &'a str,
    pub note: Option<&'a str>,
    pub at: Timestamp,
}

/// Nothing was corrected.
#[derive(Debug, thiserror::Error)]
pub enum CorrectError {
    #[error("no correction of the {field} of this record holds: there is nothing to take back")]
    NothingToWithdraw { field: Field },
    /// Its author was erased meanwhile.
    #[error("the record is gone: its author was erased")]
    Erased,
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Store {
    /// Notes what somebody says. Where the same person has said just that of it before, and it holds, nothing is written;
    /// the correction that holds is returned.
    ///
    /// A clock that is behind makes no difference: what is said later is later.
    ///
    /// # Errors
    /// [`CorrectError`].
    pub async fn correct(&self, correcting: &Correcting<'_>) -> Result<Correction, CorrectError> {
        let id = Uuid::new_v4().simple().to_string();
        for _ in 0..ROUNDS {
            let held = self.read_on().await?;
            let before = held.of(correcting);
            // After an error it may have been written all the same.
            if let Some(there) = before.filter(|before| before.id == id || correcting.repeats(before)) {
                return Ok(there.clone());
            }
            let holds = before.is_some_and(|before| before.said().is_some_and(|said| !is_withdrawn(&said)));
            if let (Said::Withdrawn(field), false) = (correcting.said, holds) {
                return Err(CorrectError::NothingToWithdraw { field: *field });
            }
            let correction = correcting.row(&id, held.newest(correcting));
            let mark = held.mark;
            drop(held);
            match self.append(std::slice::from_ref(&correction), Some(mark)).await {
                // Rows of somebody erased are left out.
                Ok(after) if after == mark => return Err(CorrectError::Erased),
                Ok(_) => return Ok(correction),
                Err(AppendError::Store(error)) if !error.is_retryable() => return Err(error.into()),
                // Somebody else was faster, or nobody knows whether it is there: the log says.
                Err(_) => {}
            }
        }
        Err(StoreError::Busy { path: self.inner.logs.corrections.place.clone() }.into())
    }
}

impl Held {
    /// What was said last of the same judgement of the same content.
    fn of(&self, correcting: &Correcting<'_>) -> Option<&Correction> {
        let of = correcting.of;
        self.last.of(&of.record.record_id, of.content_hash, correcting.said.field())
    }

    /// The same of any judgement.
    fn newest(&self, correcting: &Correcting<'_>) -> Option<&Correction> {
        self.last.newest(&correcting.of.record.record_id, correcting.of.content_hash)
    }
}

impl Correcting<'_> {
    fn repeats(&self, before: &Correction) -> bool {
        let same = before.by == self.by && before.note.as_deref() == self.note;
        same && !is_withdrawn(self.said) && before.said().as_ref() == Some(self.said)
    }

    fn row(&self, id: &str, before: Option<&Correction>) -> Correction {
        let Located { record, item_id, day, content_hash, body_chars, .. } = self.of;
        let behind = before.map_or(self.at, |before| Timestamp(before.at.0.saturating_add(1)));
        Correction {
            id: id.to_owned(),
            at: self.at.max(behind),
            by: self.by.to_owned(),
            record: record.clone(),
            item_id: item_id.clone(),
            item_day: *day,
            content_hash: *content_hash,
            body_chars: *body_chars,
            field: self.said.field().as_str().to_owned(),
            value: self.said.value().map(str::to_owned),
            topics: self.said.topics().map(<[String]>::to_vec),
            note: self.note.map(str::to_owned),
        }
    }
}

fn is_withdrawn(said: &Said) -> bool {
    matches!(said, Said::Withdrawn(_))
}
