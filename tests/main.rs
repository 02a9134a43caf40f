//! End to end: the real binary against real tables, brokers and files.

mod alerts;
mod canary;
mod cases;
mod cli;
mod config;
mod delivery;
mod demo;
mod deploy;
mod encoders;
mod engines;
mod erased;
mod eval;
mod explain;
mod faults;
mod import;
mod kafka;
mod kill_matrix;
mod null;
mod program;
mod reading;
mod retry;
mod sample;
mod serve;
mod support;
mod topics;
mod triage;
