//! Which pseudonym key the tables were written with: a check value, noted once.
//!
//! It stands in the log of `suppressions` as an app transaction, as offsets do: it holds wherever Delta does, survives
//! checkpoints, and of two processes that start with different keys only one notes its own.

use crate::Store;
use crate::error::StoreError;
use crate::table::{AppVersion, Expected, Intent, Purpose, Refused};
use std::time::Instant;

const KEY: &str = "verbatim/key";

impl Store {
    /// Whether no key is noted yet, or the one with this check value.
    ///
    /// # Errors
    /// [`StoreError::OtherKey`] where another is.
    pub async fn check_key(&self, check: i64) -> Result<(), StoreError> {
        self.is_key(self.noted_key().await?.unwrap_or(check), check)
    }

    /// Notes the key's check value (63 bits, which reveal nothing of it) where none is noted; to be called before
    /// pseudonyms are written or looked for.
    ///
    /// # Errors
    /// [`StoreError::OtherKey`] where another is.
    pub async fn bind_key(&self, check: i64) -> Result<(), StoreError> {
        if let Some(noted) = self.noted_key().await? {
            return self.is_key(noted, check);
        }
        let table = &self.inner.suppressions;
        let note = AppVersion { app_id: KEY.to_owned(), expected: Expected::Exactly(None), version: check };
        let (adds, removes, put_at) = (Vec::new(), Vec::new(), Instant::now());
        let intent = Intent { purpose: Purpose::Append, adds, removes, notes: vec![note], put_at };
        match table.transact(&intent).await {
            Ok(_) => Ok(()),
            Err(Refused::AppMoved { found, .. }) => self.is_key(found.unwrap_or(check), check),
            Err(Refused::Store(error)) => Err(error),
            // Nothing is removed.
            Err(Refused::FilesGone) => Err(StoreError::Busy { path: table.place.clone() }),
        }
    }

    async fn noted_key(&self) -> Result<Option<i64>, StoreError> {
        Ok(self.inner.suppressions.app_versions(&[KEY.to_owned()]).await?.first().copied().flatten())
    }

    fn is_key(&self, noted: i64, check: i64) -> Result<(), StoreError> {
        if noted == check { Ok(()) } else { Err(StoreError::OtherKey { root: self.root().to_owned() }) }
    }
}
