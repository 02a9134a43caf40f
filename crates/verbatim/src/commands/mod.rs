//! One module a command.

pub mod alerts;
pub mod cases;
pub mod classify;
pub mod config;
pub mod correct;
pub mod dead_letters;
pub mod deliver;
pub mod demo;
pub mod digest;
pub mod doctor;
pub mod erase;
pub mod eval;
pub mod import;
pub mod maintain;
pub mod report;
pub mod rollup;
pub mod sample;
pub mod search;
pub mod serve;
pub mod token;
pub mod triage;
pub mod worker;
