//! A Kafka topic, through whoever holds a producer: this crate needs no client of its own.

use super::posts::whole;
use super::{Channel, Parcel, Receipt};
use crate::error::SendError;
use crate::render::jira::subject;
use async_trait::async_trait;
use std::sync::Arc;

/// Writes to Kafka.
#[async_trait]
pub trait Producer: Send + Sync {
    /// Ends once the broker has the message for good, or does not.
    ///
    /// # Errors
    /// [`BrokerError`].
    async fn produce(
        &self,
        topic: &str,
        key: &str,
        body: &str,
        headers: &[(&'static str, &str)],
    ) -> Result<(), BrokerError>;
}

/// The broker did not take a message.
#[derive(Debug, thiserror::Error)]
#[error("{reason}")]
pub struct BrokerError {
    pub reason: String,
    /// Whether the same message may be taken later.
    pub retryable: bool,
}

pub struct Topic {
    pub producer: Arc<dyn Producer>,
    pub topic: String,
    pub largest: usize,
}

#[async_trait]
impl Channel for Topic {
    /// The key of the message is the group, so that a case keeps its order within its partition.
    async fn send(&self, parcel: &Parcel<'_>) -> Result<Receipt, SendError> {
        let body = whole(parcel, self.largest)?;
        let headers = [("idempotency-key", parcel.key.as_str()), ("verbatim-kind", parcel.note.kind.name())];
        let produced = self.producer.produce(&self.topic, subject(parcel.note), &body, &headers).await;
        produced.map_err(|BrokerError { reason, retryable }| SendError::Broker { reason, retryable })?;
        Ok(Receipt::default())
    }
}
