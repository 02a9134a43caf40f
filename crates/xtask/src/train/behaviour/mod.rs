//! `cargo xtask behaviour`: behavioural tests of a model, after CheckList (Ribeiro, Wu, Guestrin and Singh 2020, "Beyond
//! Accuracy: Behavioral Testing of NLP Models with CheckList").
//!
//! What it must be able to do, what must not change its answer, and what must move it. Contrast pairs (Gardner et al. 2020,
//! "Evaluating Models' Local Decision Boundaries via Contrast Sets") count only where both texts are read right. All texts
//! were written for this, and none is trained on. No behaviour may fall below its floor in `data/behaviour/floors.toml`.

mod around;
mod case;
mod data;
mod directions;
mod floors;
mod letters;
mod lists;
mod suite;
mod table;
#[cfg(test)]
mod tests;
mod wording;

pub use case::{Capability, Rate, Test};
pub use table::section;

use super::linear::SplitMix;
use analyze::{Analyzer, Input, Options as AnalyzerOptions, Scratch, Taxonomy};
use anyhow::{Result, bail, ensure};
use case::{Said, Text};
use floors::Floors;
use std::collections::HashMap;

/// As floors and card call it, and as it is configured.
pub const BUILT_IN: &str = "built-in";
pub const RUST_BERT: &str = "rust-bert";

#[derive(clap::Args)]
pub struct Options {
    /// Raise the committed floors to what is reached; none is lowered.
    #[arg(long)]
    write_floors: bool,
    /// Measure the transformer too (with the feature rust-bert).
    #[arg(long)]
    rust_bert: bool,
    /// Also print the cases at which one behaviour fails, named as in floors.toml: sentiment_negation.
    #[arg(long, value_name = "BEHAVIOUR")]
    failures: Option<String>,
}

/// How one encoder behaves.
pub struct Column {
    pub encoder: &'static str,
    pub rates: Vec<Rate>,
}

/// Every text of the behaviours, with the question it answers.
///
/// # Errors
/// Where a file of the behaviours is none.
pub fn asked() -> Result<Vec<(String, Option<String>)>> {
    let cases = suite::behaviours()?.into_iter().flat_map(|behaviour| behaviour.cases);
    Ok(cases.flat_map(|case| case.texts).map(|text| (text.body, text.question)).collect())
}

/// Prints the table.
///
/// # Errors
/// Where an encoder does not start, there is no behaviour of that name, or the floors cannot be read or written.
pub fn run(options: &Options) -> Result<()> {
    let built_in = Analyzer::new(Taxonomy::standard()?, AnalyzerOptions::default())?;
    let mut columns = vec![Column::measure(BUILT_IN, &built_in)?];
    if options.rust_bert {
        columns.push(Column::measure(RUST_BERT, &transformer()?)?);
    }
    println!("{}", section(&columns).trim());
    if let Some(name) = &options.failures {
        columns.iter().try_for_each(|column| column.print_failures(name))?;
    }
    let mut floors = Floors::read()?;
    if options.write_floors {
        columns.iter().for_each(|column| floors.raise(column));
        floors.write()?;
    }
    let broken: Vec<String> = columns.iter().flat_map(|column| floors.broken(column)).collect();
    ensure!(broken.is_empty(), "{}", broken.join("\n"));
    Ok(())
}

impl Column {
    /// Reads every case of every behaviour.
    ///
    /// # Errors
    /// Where a committed case cannot be read, or the encoder failed at a text.
    pub fn measure(encoder: &'static str, analyzer: &Analyzer) -> Result<Self> {
        let (behaviours, mut reader) = (suite::behaviours()?, Reader::new(analyzer));
        let rates = behaviours
            .iter()
            .map(|behaviour| behaviour.rate(|text| reader.said(text, behaviour.capability)))
            .collect();
        let failures = analyzer.failures();
        ensure!(
            failures == 0,
            "{failures} texts could not be given to {encoder}: the built-in encoder stood in"
        );
        Ok(Self { encoder, rates })
    }

    fn print_failures(&self, name: &str) -> Result<()> {
        let Some(rate) = self.rates.iter().find(|rate| rate.key() == name) else {
            let known: Vec<String> = self.rates.iter().map(Rate::key).collect();
            bail!("there is no behaviour {name:?}; there are {}", known.join(", "));
        };
        println!("\n{name} of {} fails at {} of {} cases:", self.encoder, rate.failed.len(), rate.cases);
        rate.failed.iter().for_each(|case| println!("- {case}"));
        Ok(())
    }
}

/// Reads texts as users have them read, each once: a sentence stands beside every change of it, for either capability.
struct Reader<'a> {
    analyzer: &'a Analyzer,
    scratch: Scratch,
    read: HashMap<Text, Answers>,
}

/// What one text was taken for.
#[derive(Clone, Copy)]
struct Answers {
    sentiment: Said,
    kind: Said,
}

impl<'a> Reader<'a> {
    fn new(analyzer: &'a Analyzer) -> Self {
        Self { analyzer, scratch: Scratch::default(), read: HashMap::new() }
    }

    fn said(&mut self, text: &Text, capability: Capability) -> Said {
        let answers = match self.read.get(text) {
            Some(answers) => *answers,
            None => {
                let answers = self.answers(text);
                self.read.insert(text.clone(), answers);
                answers
            }
        };
        match capability {
            Capability::Sentiment => answers.sentiment,
            Capability::Kind => answers.kind,
        }
    }

    fn answers(&mut self, text: &Text) -> Answers {
        let input = Input {
            body: &text.body,
            question: text.question.as_deref(),
            contract: text.contract,
            ..Input::default()
        };
        let analysis = self.analyzer.analyze(&input, &mut self.scratch);
        let said = |label| Said { label, probabilities: analysis.sentiment.probabilities };
        Answers {
            sentiment: said(analysis.sentiment.label.as_str()),
            kind: said(analysis.kind.label.as_str()),
        }
    }
}

#[cfg(not(feature = "rust-bert"))]
fn transformer() -> Result<Analyzer> {
    bail!(
        "this build has no transformer: `cargo xtask libtorch` prints the variables to export; then \
         `cargo run --package xtask --features rust-bert -- behaviour --rust-bert`"
    )
}

#[cfg(feature = "rust-bert")]
fn transformer() -> Result<Analyzer> {
    use analyze::encoder::builtin::Builtin;
    use analyze::encoder::transformer::{Asks, Transformer};
    use anyhow::Context as _;
    let folder = crate::base_model::bring()?;
    // Texts are read one by one, which a second thread would not speed up.
    let transformer = Transformer::committed(&folder, Builtin::committed()?, Asks::Everything, 1)
        .context("the transformer does not start")?;
    Ok(Analyzer::with_transformer(transformer, Taxonomy::standard()?, AnalyzerOptions::default())?)
}

/// One of a list, `None` of an empty one.
fn pick<'l, T>(list: &'l [T], random: &mut SplitMix) -> Option<&'l T> {
    list.get((random.next() % list.len().max(1) as u64) as usize)
}
