//! Where the gateway hands over what it took: a trait that the binary implements, over Kafka or over the store.

use bytes::Bytes;
use connect::Vendor;
use std::fmt;
use std::time::Duration;

/// One message to become durable.
#[derive(Clone, PartialEq, Eq)]
pub struct Incoming {
    /// The source kind; which topic that is the intake knows.
    pub kind: String,
    /// The event source.
    pub source: String,
    /// What it is about where it does not say so itself; for a vendor's payload only.
    pub product: Option<String>,
    /// A structured CloudEvent as JSON that the deployment's decoder takes; with [`Self::vendor`] a payload as it came.
    pub payload: Bytes,
    /// Whose payload it is, where it could not be read: to become a dead letter, or be read again by a later version, with
    /// [`Self::source`], [`Self::kind`] and [`Self::product`].
    pub vendor: Option<Vendor>,
    /// The item's native id, so that its versions share a partition; empty where none could be read.
    pub key: Vec<u8>,
}

/// Without what a person wrote.
impl fmt::Debug for Incoming {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Incoming")
            .field("kind", &self.kind)
            .field("vendor", &self.vendor)
            .field("bytes", &self.payload.len())
            .finish_non_exhaustive()
    }
}

/// What became of a call that was taken.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Taken {
    /// Places of messages that are larger than what stands behind ever takes: nothing of them is durable, all others are.
    pub too_large: Vec<usize>,
}

/// Why nothing of a call may be counted on. Some of it may have arrived; sending all of it again does no harm.
#[derive(Debug, thiserror::Error)]
pub enum IntakeError {
    /// It has more than it can make durable; sooner than `retry_after` there is no use in trying again.
    #[error("the intake has no room at the moment")]
    Busy { retry_after: Duration },
    /// Kafka or the store cannot be reached, or refuses.
    #[error("the intake cannot make messages durable at the moment")]
    Unavailable(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// Makes messages durable. A call that nobody waits for any more goes on to its end.
#[async_trait::async_trait]
pub trait Intake: Send + Sync {
    /// Durable when it returns Ok: all of them that are not named as too large, in the order given.
    async fn accept(&self, messages: Vec<Incoming>) -> Result<Taken, IntakeError>;

    /// Where to: "kafka" or "store".
    fn name(&self) -> &'static str;
}
