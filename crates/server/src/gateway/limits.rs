//! The bounds of what is taken in.

use std::time::Duration;

/// As `[server]` and `[gateway]` of the configuration have them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of a body as it is sent. Of a webhook at most those of one message.
    pub body: usize,
    /// Bytes that a gzip body may unpack to.
    pub unpacked: usize,
    /// Items of one request.
    pub items: usize,
    /// Bytes received and not yet durable, over all requests.
    pub waiting: usize,
    /// From the head of a request to its answer.
    pub time: Duration,
    /// For so long the id of a webhook is known.
    pub replay_window: Duration,
    /// So many ids of webhooks are known, the newest.
    pub replays: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            body: 8 << 20,
            unpacked: 64 << 20,
            items: 10_000,
            waiting: 64 << 20,
            time: Duration::from_secs(30),
            replay_window: Duration::from_secs(24 * 3_600),
            replays: 100_000,
        }
    }
}
