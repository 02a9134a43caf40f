//! When a consumer group is at work: the moment from which both sides are timed, told by the broker and not by them.

use anyhow::{Context, Result, bail};
use rdkafka::config::ClientConfig;
use rdkafka::consumer::{BaseConsumer, Consumer};
use std::process::Child;
use std::time::{Duration, Instant};

/// The group of whatever is measured.
pub const GROUP: &str = "bench";
const PATIENCE: Duration = Duration::from_secs(120);

/// Waits until the group has as many members as there are processes, and each has its partitions.
pub fn joined(bootstrap: &str, processes: &mut [&mut Child]) -> Result<Instant> {
    let client: BaseConsumer = ClientConfig::new()
        .set("bootstrap.servers", bootstrap)
        .create()
        .context("could not make a client to ask for the group")?;
    let started = Instant::now();
    loop {
        // Until it has a coordinator the group cannot be asked for.
        let asked = client.fetch_group_list(Some(GROUP), Duration::from_secs(10));
        let at_work = |groups: &rdkafka::groups::GroupList| {
            let mut groups = groups.groups().iter();
            groups.any(|group| group.state() == "Stable" && group.members().len() == processes.len())
        };
        if asked.as_ref().is_ok_and(at_work) {
            return Ok(Instant::now());
        }
        for process in processes.iter_mut() {
            if let Some(status) = process.try_wait().context("could not look at a process")? {
                bail!(
                    "a process ended with {status} before its group was seen at work: are there enough events?"
                );
            }
        }
        if started.elapsed() > PATIENCE {
            asked.context("the broker does not tell of groups")?;
            bail!("the group is not at work after {} s", PATIENCE.as_secs());
        }
        std::thread::sleep(Duration::from_millis(10));
    }
}
