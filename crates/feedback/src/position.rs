//! Where a message stands in its origin: the unit of exactly-once.

/// A Kafka topic, partition and offset; for files the file's identity, 0 and the row; for what the gateway took without
/// Kafka, the number that its process drew, and a count within that.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Position {
    /// `feedback.survey`, `file:<identity>`, or `gateway:http`.
    pub topic: std::sync::Arc<str>,
    pub partition: i32,
    pub offset: i64,
}

impl std::fmt::Display for Position {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}/{}@{}", self.topic, self.partition, self.offset)
    }
}
