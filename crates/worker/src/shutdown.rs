//! Asking for an orderly end, from a signal handler, a test or another task.

use std::sync::Arc;
use tokio::sync::watch;

/// Cheap to clone; every clone sees the request.
#[derive(Debug, Clone)]
pub struct Shutdown {
    requested: Arc<watch::Sender<bool>>,
}

impl Default for Shutdown {
    fn default() -> Self {
        Self::new()
    }
}

impl Shutdown {
    #[must_use]
    pub fn new() -> Self {
        Self { requested: Arc::new(watch::Sender::new(false)) }
    }

    pub fn request(&self) {
        self.requested.send_replace(true);
    }

    #[must_use]
    pub fn is_requested(&self) -> bool {
        *self.requested.borrow()
    }

    /// Ends once somebody has asked.
    pub async fn requested(&self) {
        // The sender lives in `self`, so that the channel cannot close meanwhile.
        let _ = self.requested.subscribe().wait_for(|requested| *requested).await;
    }
}
