//! The worker with a mock broker, real tables and the built-in encoder, in one process.

#[cfg(feature = "failpoints")]
mod intake;
mod kafka_loop;
mod retry;
mod rollup;
mod support;
mod vendors;
