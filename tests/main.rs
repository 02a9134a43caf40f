//! End to end: the real binary against real tables, brokers and files.

mod canary;
mod cli;
mod demo;
mod null;
mod program;
