//! Many texts, read by the transformers of several threads.

use crate::train::Progress;
use analyze::encoder::transformer::load::{self, Heads};
use analyze::encoder::transformer::reader::{Asked, Reader, Reading};
use anyhow::{Result, anyhow};
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use tch::Device;

/// Texts that a thread reads together.
const GROUP: usize = 512;

/// A reader a thread.
pub struct Readers(Vec<Mutex<Reader>>);

impl Readers {
    /// Of the public weights in `folder` changed by `tuned`, with how they are calibrated; one a processor.
    ///
    /// # Errors
    /// As [`load::load`].
    pub fn tuned(folder: &Path, tuned: &[u8]) -> Result<(Self, Heads)> {
        let (readers, facts) = load::load(folder, tuned, Device::cuda_if_available(), Self::wanted())?;
        Ok((Self::new(readers), facts.heads))
    }

    #[must_use]
    pub fn new(readers: Vec<Reader>) -> Self {
        tch::set_num_threads(1);
        Self(readers.into_iter().map(Mutex::new).collect())
    }

    /// How many are worth having here.
    #[must_use]
    pub fn wanted() -> usize {
        let threads = std::thread::available_parallelism().map_or(1, usize::from);
        if Device::cuda_if_available().is_cuda() { 1 } else { threads }
    }

    /// What is kept of every reading, in the order of the texts.
    ///
    /// # Errors
    /// Where the network fails.
    pub fn read<T: Send>(
        &self,
        asked: &[Asked<'_>],
        progress: Option<&Progress>,
        keep: impl Fn(usize, Option<Reading>) -> T + Sync,
    ) -> Result<Vec<T>> {
        // Of like length in a group, so that batches are full.
        let mut order: Vec<usize> = (0..asked.len()).collect();
        order.sort_by_key(|at| asked[*at].segments.iter().map(|segment| segment.len()).sum::<usize>());
        let groups: Vec<&[usize]> = order.chunks(GROUP).collect();
        let next = AtomicUsize::new(0);
        let one = |reader: &Mutex<Reader>| -> Result<Vec<(usize, T)>> {
            let reader = reader.lock().map_err(|_| anyhow!("a reader broke off"))?;
            let mut kept = Vec::new();
            while let Some(group) = groups.get(next.fetch_add(1, Ordering::Relaxed)) {
                let texts: Vec<Asked<'_>> = group.iter().map(|at| asked[*at].clone()).collect();
                let readings = reader.read(&texts)?;
                kept.extend(group.iter().zip(readings).map(|(at, reading)| (*at, keep(*at, reading))));
                if let Some(progress) = progress {
                    let done = next.load(Ordering::Relaxed).min(groups.len());
                    progress.count("groups of texts read", done, groups.len());
                }
            }
            Ok(kept)
        };
        let mut all = std::thread::scope(|scope| -> Result<Vec<(usize, T)>> {
            let threads: Vec<_> = self.0.iter().map(|reader| scope.spawn(|| one(reader))).collect();
            let mut all = Vec::with_capacity(asked.len());
            for thread in threads {
                all.extend(thread.join().map_err(|_| anyhow!("a reader broke off"))??);
            }
            Ok(all)
        })?;
        all.sort_by_key(|(at, _)| *at);
        Ok(all.into_iter().map(|(_, kept)| kept).collect())
    }
}
