//! `cargo xtask`: the dispatcher of the chores.

use anyhow::Result;
use clap::{Parser, Subcommand};
use xtask::train::behaviour;
use xtask::{base_model, bench, bench_alerts, bench_serve, deny, kafka, libtorch, rust_bert, test, train};

#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", about = "The chores of this project", version)]
struct Cli {
    #[command(subcommand)]
    chore: Chore,
}

#[derive(Subcommand)]
enum Chore {
    /// Test how the built-in model behaves: negation, typos, sarcasm and the like, with the failure rate of each.
    Behaviour(behaviour::Options),
    /// Measure the worker and its stages, beside the same job in Python.
    Bench(bench::Options),
    /// Measure how seldom alerts are false and how soon they come, beside the common rule.
    BenchAlerts(bench_alerts::Options),
    /// Measure the server under load: pages, API, search, export and webhooks over a million facts.
    BenchServe(bench_serve::Options),
    /// Check licences, bans, sources and advisories of all dependencies.
    Deny,
    /// Measure how well topics are found from a few examples, in taxonomies that nothing was fitted on.
    FewShot(train::few_shot::Options),
    /// Bring a real Apache Kafka and print where its jars lie.
    Kafka,
    /// Bring libtorch, which builds with the feature rust-bert need, and print the variables that name it.
    Libtorch,
    /// Bring the transformer's public weights and print where they lie.
    Model,
    /// Bring what the transformer needs, build the program with it, and print where that lies.
    RustBert(rust_bert::Options),
    /// Train the transformer: from the public weights and labelled texts to what fine-tuning changed.
    #[cfg(feature = "rust-bert")]
    Teacher(xtask::teacher::Options),
    /// Bring what the tests need, run them all, and end with counts.
    Test(test::Options),
    /// Train the built-in model and write its weights.
    Train(train::Options),
}

fn main() -> Result<()> {
    match Cli::parse().chore {
        Chore::Behaviour(options) => behaviour::run(&options),
        Chore::Bench(options) => bench::run(&options),
        Chore::BenchAlerts(options) => bench_alerts::run(&options),
        Chore::BenchServe(options) => bench_serve::run(&options),
        Chore::Deny => deny::run(),
        Chore::FewShot(options) => train::few_shot::run(&options),
        Chore::Kafka => {
            println!("{}", kafka::bring()?.display());
            Ok(())
        }
        Chore::Libtorch => {
            for (name, value) in libtorch::environment(&libtorch::bring()?) {
                println!("export {name}={}", value.display());
            }
            Ok(())
        }
        Chore::Model => {
            println!("{}", base_model::bring()?.display());
            Ok(())
        }
        Chore::RustBert(options) => rust_bert::run(&options),
        #[cfg(feature = "rust-bert")]
        Chore::Teacher(options) => xtask::teacher::run(&options),
        Chore::Test(options) => test::run(&options),
        Chore::Train(options) => train::run(&options),
    }
}
