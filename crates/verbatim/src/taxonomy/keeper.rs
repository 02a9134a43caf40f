//! What the dashboard asks of the taxonomy: `server::taxonomy::Keeping`.

use super::judge::{Reading, judge};
use super::naming::naming;
use super::write::write;
use super::{InForce, Place};
use crate::config::Config;
use analyze::{Analyzer, Taxonomy};
use anyhow::Result;
use feedback::kind::Registry;
use insight::shelf::Hit;
use server::taxonomy::{Both, KeepError, Keeping, Kept, Lies, Naming};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;
use worker::Processor;

/// Gives whoever reads texts in this deployment.
type Make = Box<dyn Fn() -> Result<Analyzer> + Send + Sync>;

pub struct Keeper {
    in_force: Arc<InForce>,
    config: Config,
    registry: Registry,
    threads: usize,
    /// Who judges what comes in, where that is this process.
    processor: Option<Arc<Processor>>,
    /// Otherwise one is made when somebody tries a taxonomy.
    made: Mutex<Option<Arc<Analyzer>>>,
    make: Make,
}

impl Keeper {
    pub fn new(
        in_force: &Arc<InForce>,
        config: &Config,
        threads: usize,
        processor: Option<Arc<Processor>>,
        make: impl Fn() -> Result<Analyzer> + Send + Sync + 'static,
    ) -> Self {
        Self {
            in_force: Arc::clone(in_force),
            config: config.clone(),
            registry: config.registry(),
            threads,
            processor,
            made: Mutex::default(),
            make: Box::new(make),
        }
    }

    fn analyzer(&self) -> Result<Arc<Analyzer>> {
        if let Some(processor) = &self.processor {
            return Ok(processor.analyzer());
        }
        let mut made = self.made.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(analyzer) = &*made {
            return Ok(Arc::clone(analyzer));
        }
        let analyzer = Arc::new((self.make)()?);
        *made = Some(Arc::clone(&analyzer));
        Ok(analyzer)
    }
}

fn failed(error: anyhow::Error) -> KeepError {
    KeepError::Failed(error.into())
}

impl Keeping for Keeper {
    fn read(&self) -> Result<Kept, KeepError> {
        let place = self.in_force.place();
        let file = place.file().map(std::path::Path::to_owned);
        let lies = match (place, file) {
            (_, Some(file)) => Lies::InFile(file),
            (Place::Named(file), None) => Lies::InFile(file.clone()),
            (Place::Beside(_) | Place::BuiltIn, None) => {
                Lies::BuiltIn(place.target().map(std::path::Path::to_owned))
            }
        };
        Ok(Kept { text: place.read().map_err(failed)?, in_force: self.in_force.taxonomy(), lies })
    }

    fn judge(
        &self,
        before: &Taxonomy,
        after: &Taxonomy,
        records: &[Hit],
        until: Instant,
    ) -> Result<Vec<Both>, KeepError> {
        let analyzer = self.analyzer().map_err(failed)?;
        let reading = Reading { analyzer: &analyzer, registry: &self.registry, threads: self.threads };
        judge(&reading, before, after, records, until).map_err(failed)
    }

    fn naming(&self) -> Vec<Naming> {
        naming(&self.config)
    }

    fn switch(&self, text: &str, base: &str) -> Result<Kept, KeepError> {
        write(self.in_force.place(), text, base)?;
        // Nobody has to wait for the next look.
        self.in_force.look();
        self.read()
    }
}
