//! Work that takes the processor for long, beside the async threads.

use anyhow::{Context as _, Result};

/// Does it there. `broke` is said where it ended by a defect of this program.
pub async fn blocking<T: Send + 'static>(
    broke: &'static str,
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T> {
    tokio::task::spawn_blocking(work).await.context(broke)
}
