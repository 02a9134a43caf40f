//! End to end: the real binary against real tables, brokers and files.

mod canary;
mod cli;
mod demo;
mod deploy;
mod erased;
mod faults;
mod import;
mod kafka;
mod kill_matrix;
mod null;
mod program;
mod retry;
mod support;
