//! The encoders of the program beside VADER and transformers in Python: the same texts, one thread, one run.
//!
//! What is compared is alike: all are given the texts in one file, and each tells its own time, without start and loading.
//! What is not alike favours the peers: ours also redacts, tells the language, cuts segments and finds topics, and its rows
//! have two tokens more, for the source.

mod child;
mod figures;
mod options;
mod runs;
mod side;
mod table;
mod texts;

use anyhow::Result;
pub use figures::Encoders;
pub use options::EncoderOptions;
use runs::{Place, Runs};
use side::Side;
use std::path::Path;

/// Runs of each side.
const ROUNDS: usize = 3;

/// Measures everybody in turns. `binary` is the program without the transformer; `peers` whether those in Python are
/// brought.
///
/// # Errors
/// Where our own program does not run. A peer that cannot be brought or does not run is told of in its place.
pub fn measure(options: &EncoderOptions, binary: &Path, peers: bool) -> Result<Encoders> {
    let place = Place::prepare(options.encoder_texts)?;
    let mut all = Side::ALL.map(|side| Runs::new(side, side.start(options, binary, peers)));
    let mut network = Vec::new();
    for round in 1..=ROUNDS {
        eprintln!("measuring the encoders, round {round} of {ROUNDS}");
        for runs in &mut all {
            runs.add(&place)?;
        }
        if let (Some(program), Some(model)) = (&options.network_binary, &options.model) {
            network.push(runs::network(program, model, &place)?);
        }
    }
    for runs in &all {
        if let Err(why) = &runs.start {
            eprintln!("{} is not measured: {why}", runs.side.name());
        }
    }
    Ok(Encoders::new(ROUNDS, &place, &all, &network))
}
