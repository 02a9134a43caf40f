//! The partition that a process of the gateway writes: its number is drawn from the tables, and is nobody else's ever.
//!
//! Notes are in the tables before the rows of their batch, each under its position, and the first note of a position stays.
//! Were several processes to count offsets from one counter, whoever loses the race for the rows might have put a note where
//! the winner's belongs, and a dead letter would be gone. So each draws a number first, in a commit of its own, and
//! counts within it; then two never stand in each other's way. What a killed one has noted without its rows stays a dead
//! letter: it was answered to nobody.

use store::{Advance, Batch, CommitError, Next, Offsets, Store, StoreError};

/// What stands in place of a Kafka topic, which could not be called so. Nobody has the messages but who sent them.
pub const TOPIC: &str = "gateway:http";

/// The app transaction that counts the numbers drawn.
const SESSIONS: &str = "gateway/sessions";

#[derive(Debug, Clone)]
pub(super) struct Session {
    pub partition: i32,
    /// The app transaction that notes how far its offsets are in the tables.
    pub app_id: String,
}

/// What the tables hold of a session.
#[derive(Debug, Default)]
pub(super) struct Held {
    /// All offsets below are through.
    pub noted: Option<i64>,
    /// Beyond that: of somebody erased, and noted so already.
    pub done: Offsets,
    /// Beyond that: dead letters, which another look may take the place of.
    pub refused: Offsets,
}

impl Session {
    /// Draws a number.
    pub async fn begin(store: &Store) -> Result<Self, CommitError> {
        loop {
            let noted = store.resume(&[SESSIONS.to_owned()]).await?;
            let from = noted.into_iter().next().flatten();
            let number = from.unwrap_or(0) + 1;
            let advances = vec![Advance { app_id: SESSIONS.to_owned(), from, next: number }];
            let suppressions = store.suppressions().await?;
            match store.commit(&Batch { advances, suppressions, ..Batch::default() }).await {
                Ok(_) => return Ok(Self::of(number)),
                // Somebody else drew it, or was erased; the next look tells.
                Err(error) if matches!(error.next(), Next::Resume | Next::Remake) => {}
                Err(error) => return Err(error),
            }
        }
    }

    fn of(number: i64) -> Self {
        // Two thousand million starts are not reached.
        let partition = i32::try_from(number).unwrap_or(i32::MAX);
        Self { partition, app_id: format!("gateway/{partition}") }
    }

    pub async fn held(&self, store: &Store) -> Result<Held, StoreError> {
        let ids = [self.app_id.clone()];
        let noted = store.resume(&ids).await?.into_iter().next().flatten();
        let told = store.notes_resume(&ids).await?.into_iter().next().flatten();
        if told <= noted {
            return Ok(Held { noted, ..Held::default() });
        }
        // A batch ended between its notes and its rows.
        let refused = store.refused(TOPIC, self.partition).await?;
        let done = store.positions_from(TOPIC, self.partition, noted.unwrap_or(0)).await?;
        Ok(Held { noted, done, refused })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use store::StoreOptions;

    #[tokio::test]
    async fn no_two_draw_the_same_number() {
        let dir = tempfile::tempdir().unwrap();
        let open = || Store::open(dir.path().to_str().unwrap(), StoreOptions::default());
        let (one, two) = (open().await.unwrap(), open().await.unwrap());
        let mut drawn = Vec::new();
        for _ in 0..3 {
            let (one, two) = tokio::join!(Session::begin(&one), Session::begin(&two));
            drawn.extend([one.unwrap().partition, two.unwrap().partition]);
        }
        drawn.sort_unstable();
        assert_eq!(drawn, [1, 2, 3, 4, 5, 6]);
        let held = Session::of(1).held(&one).await.unwrap();
        assert_eq!((held.noted, held.done.len(), held.refused.len()), (None, 0, 0));
    }
}
