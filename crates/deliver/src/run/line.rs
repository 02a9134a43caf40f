//! A target as the runner knows it: open, or shut for as long as something that it needs is missing.

use super::REQUESTS;
use crate::address::Resolve;
use crate::send::{Channel, Producer, TargetError, open};
use crate::target::{Target, To};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

/// Opens a target, again and again if need be.
pub(super) type Opening = Box<dyn Fn() -> Result<Box<dyn Channel>, TargetError> + Send + Sync>;

pub(super) struct Line {
    way: Way,
    pub at_once: usize,
    /// The longest that an attempt takes.
    pub longest: Duration,
}

enum Way {
    Open(Box<dyn Channel>),
    /// It could not be opened. Each attempt tries it anew, since what is wrong may be mended meanwhile.
    Shut {
        opening: Opening,
        opened: OnceLock<Box<dyn Channel>>,
    },
}

impl Line {
    /// `timeout` is of one request.
    pub fn open(channel: Box<dyn Channel>, at_once: usize, timeout: Duration) -> Self {
        Self::new(Way::Open(channel), at_once, timeout)
    }

    pub fn shut(opening: Opening, at_once: usize, timeout: Duration) -> Self {
        Self::new(Way::Shut { opening, opened: OnceLock::new() }, at_once, timeout)
    }

    fn new(way: Way, at_once: usize, timeout: Duration) -> Self {
        Self { way, at_once: at_once.max(1), longest: timeout.saturating_mul(REQUESTS) }
    }

    /// What it is sent by.
    ///
    /// # Errors
    /// Why it cannot be opened yet.
    pub fn channel(&self) -> Result<&dyn Channel, TargetError> {
        match &self.way {
            Way::Open(channel) => Ok(channel.as_ref()),
            Way::Shut { opening, opened } => match opened.get() {
                Some(channel) => Ok(channel.as_ref()),
                None => {
                    let channel = opening()?;
                    Ok(opened.get_or_init(|| channel).as_ref())
                }
            },
        }
    }
}

/// How a target is opened. `producer` is who writes to topics, or why nobody does.
pub(super) fn opening(
    target: &Target,
    resolver: &Arc<dyn Resolve>,
    producer: &Result<Option<Arc<dyn Producer>>, String>,
) -> Opening {
    let (target, resolver, producer) = (target.clone(), Arc::clone(resolver), producer.clone());
    Box::new(move || {
        let producer = match (&producer, &target.to) {
            (Ok(producer), _) => producer.clone(),
            (Err(reason), To::Kafka { .. }) => {
                let (target, reason) = (target.name.clone(), reason.clone());
                return Err(TargetError::Unusable { target, reason });
            }
            (Err(_), _) => None,
        };
        open(&target, Arc::clone(&resolver), producer)
    })
}
