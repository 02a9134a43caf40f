//! The logs of cases, alerts and digests, kept and followed by their marks: where nothing was written, a look costs a look at
//! the log's version. That of deliveries is [`crate::outbox`]'s.

use crate::alerting::journal;
use crate::cases::Book;
use crate::weekly::Archive;
use anyhow::{Context as _, Result};
use insight::alerts::{Alert, fold};
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard};
use store::{CaseEvent, Store};
use tokio::sync::Mutex;

/// Those of some tables, kept once for all of a process. Clones share everything.
#[derive(Clone)]
pub struct Logs {
    pub cases: Arc<Cases>,
    pub alerts: Arc<Alerts>,
    pub archive: Arc<Archive>,
}

impl Logs {
    /// Nothing is read before somebody looks.
    pub fn new(store: &Store) -> Self {
        Self {
            cases: Arc::new(Cases::new(store.clone())),
            alerts: Arc::new(Alerts::new(store.clone())),
            archive: Arc::new(Archive::new(store.clone())),
        }
    }
}

/// The cases, as their log has them.
pub struct Cases {
    store: Store,
    /// Held by whoever reads on.
    turn: Mutex<()>,
    book: RwLock<Book>,
    /// Moves with whatever was read.
    version: AtomicI64,
    /// Moves where all was read anew, as after an erasure.
    anew: AtomicI64,
}

impl Cases {
    pub fn new(store: Store) -> Self {
        let (turn, book) = (Mutex::default(), RwLock::default());
        Self { store, turn, book, version: AtomicI64::default(), anew: AtomicI64::default() }
    }

    /// Reads on; what was written before this began is in the book then.
    pub async fn follow(&self) -> Result<()> {
        let _turn = self.turn.lock().await;
        let mark = self.book().mark;
        let tail = self.store.tail::<CaseEvent>(mark).await.context("the log of cases cannot be read")?;
        if tail.anew || !tail.events.is_empty() {
            self.book.write().unwrap_or_else(PoisonError::into_inner).follow(&tail);
            self.version.fetch_add(1, Ordering::Release);
            self.anew.fetch_add(i64::from(tail.anew), Ordering::Release);
        }
        Ok(())
    }

    /// Not to be held while something is waited for.
    pub fn book(&self) -> RwLockReadGuard<'_, Book> {
        self.book.read().unwrap_or_else(PoisonError::into_inner)
    }

    pub fn version(&self) -> i64 {
        self.version.load(Ordering::Acquire)
    }

    /// Another number as soon as somebody's reports were taken out of the log.
    pub fn anew(&self) -> i64 {
        self.anew.load(Ordering::Acquire)
    }
}

/// What the log of alerts says, and what it folds to.
#[derive(Debug, Clone, Default)]
pub struct Told {
    pub log: Arc<journal::Log>,
    /// The first opened first.
    pub alerts: Arc<Vec<Alert>>,
}

/// The alerts.
pub struct Alerts {
    store: Store,
    held: Mutex<Told>,
}

impl Alerts {
    pub fn new(store: Store) -> Self {
        Self { store, held: Mutex::default() }
    }

    /// As the log stands now.
    pub async fn follow(&self) -> Result<Told> {
        let mut held = self.held.lock().await;
        // Copied only where somebody still looks at the one before.
        if Arc::make_mut(&mut held.log).read_on(&self.store).await? {
            held.alerts = Arc::new(fold(&held.log.events));
        }
        Ok(held.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::alerting::journal::{mark, row, tests::fired};
    use feedback::time::Timestamp;
    use store::{Quoted, StoreOptions};

    async fn store(dir: &tempfile::TempDir) -> Store {
        Store::open(&dir.path().to_string_lossy(), StoreOptions::default()).await.unwrap()
    }

    fn opened(case: &str, record: &str) -> CaseEvent {
        CaseEvent {
            at: Timestamp(1_774_200_000_000_000),
            case: case.to_owned(),
            step: "opened".to_owned(),
            record: Some(Quoted { record_id: record.to_owned(), author: None, author_alias: None }),
            told_by: None,
            owner: Some("identity".to_owned()),
            topic: Some("login_access".to_owned()),
            kind: Some("bug".to_owned()),
            product: None,
            vector: Some("v1".to_owned()),
            payload: None,
            quoted: Vec::new(),
        }
    }

    #[tokio::test]
    async fn what_others_write_is_seen_at_the_next_look() {
        let dir = tempfile::tempdir().unwrap();
        let cases = Cases::new(store(&dir).await);
        cases.follow().await.unwrap();
        assert_eq!((cases.version(), cases.book().cases.len()), (0, 0));
        let other = store(&dir).await;
        other.append(&[opened("aa01", "r1")], None).await.unwrap();
        cases.follow().await.unwrap();
        cases.follow().await.unwrap();
        assert_eq!((cases.version(), cases.book().case_of("r1")), (1, Some("aa01")));
    }

    #[tokio::test]
    async fn alerts_are_folded_once_for_all_who_look() {
        let dir = tempfile::tempdir().unwrap();
        let store = store(&dir).await;
        let alerts = Alerts::new(store.clone());
        assert!(alerts.follow().await.unwrap().alerts.is_empty());
        let fired = fired("login_access");
        store.append(&[row(&fired).unwrap()], None).await.unwrap();
        let (one, other) = (alerts.follow().await.unwrap(), alerts.follow().await.unwrap());
        assert!(Arc::ptr_eq(&one.alerts, &other.alerts) && one.alerts[0].is_open());
        let useful = mark(&fired.id, fired.at, true, None);
        store.append(&[row(&useful).unwrap()], None).await.unwrap();
        let last = alerts.follow().await.unwrap();
        assert_eq!((last.alerts[0].is_useful, last.log.events.len()), (Some(true), 2));
        assert_eq!(one.alerts[0].is_useful, None, "who looked before sees what was so then");
    }
}
