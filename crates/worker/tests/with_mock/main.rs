//! The worker with a mock broker, real tables and the built-in encoder, in one process.

mod kafka_loop;
mod retry;
mod rollup;
mod support;
