//! What one side did with the events.

use crate::process::Usage;
use std::time::Duration;

#[derive(Debug, Clone, Copy, serde::Serialize)]
pub struct Run {
    /// On the broker; every one is in the table afterwards, or the run is no measurement.
    pub events: u64,
    /// Read from the broker: more, where a rebalance made some be read twice.
    pub read: u64,
    /// Of the processes from their start to their end.
    #[serde(flatten)]
    pub usage: Usage,
    /// From the start of the processes until their group had its partitions.
    pub joining_seconds: f64,
    /// From there to the end: everything committed.
    pub seconds: f64,
    /// Of distinct events.
    pub events_per_second: f64,
}

impl Run {
    #[must_use]
    pub fn new(events: u64, read: u64, usage: Usage, joining: Duration, work: Duration) -> Self {
        let seconds = work.as_secs_f64();
        Self {
            events,
            read,
            usage,
            joining_seconds: joining.as_secs_f64(),
            seconds,
            events_per_second: events as f64 / seconds,
        }
    }
}
