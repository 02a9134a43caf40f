//! From single runs to the figures that are shown.

use super::runs::{NetworkRun, Place, Runs};
use super::side::Side;
use super::texts::Lengths;
use serde::Serialize;

/// What all sides came to.
#[derive(Debug, Serialize)]
pub struct Encoders {
    /// Runs of each side.
    pub rounds: usize,
    pub cores: usize,
    /// Words of a text.
    pub words: Lengths,
    pub sides: Vec<Figures>,
    /// The network by itself; `None` where there is no transformer.
    pub network: Option<Network>,
}

/// What one side came to. Texts a second, without start and loading.
#[derive(Debug, Serialize)]
pub struct Figures {
    pub name: &'static str,
    pub texts: usize,
    pub one_thread: Option<Spread>,
    /// A core, with all cores at work; `None` of the peers, which are one process on one thread.
    pub all_cores: Option<Spread>,
    /// On one thread, to transformers in Python.
    pub to_transformers: Option<f64>,
    /// Of the whole process on one thread.
    pub peak_mib: Option<f64>,
    /// Why it has no figures.
    pub not_measured: Option<String>,
}

/// Texts a second on one thread, and how much of the first the others reach.
#[derive(Debug, Serialize)]
pub struct Network {
    pub texts: usize,
    /// Tokens of a row.
    pub tokens: Lengths,
    /// Alone, on batches made before.
    pub forward: Spread,
    /// With tokens and batches made of the texts.
    pub read: Spread,
    pub read_share: Spread,
    /// Inside the analysis of redacted texts.
    pub whole: Spread,
    pub whole_share: Spread,
}

/// Of several runs.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Spread {
    pub median: f64,
    pub lowest: f64,
    pub highest: f64,
}

impl Encoders {
    pub fn new(rounds: usize, place: &Place, runs: &[Runs], network: &[NetworkRun]) -> Self {
        Self {
            rounds,
            cores: place.cores,
            words: place.words,
            sides: sides(runs, |side| place.texts(side.has_network())),
            network: Network::of(network),
        }
    }
}

fn sides(runs: &[Runs], texts: impl Fn(Side) -> usize) -> Vec<Figures> {
    let python = runs.iter().find(|runs| runs.side == Side::Transformers).and_then(one_thread);
    let figures = |runs: &Runs| {
        let one = one_thread(runs);
        Figures {
            name: runs.side.name(),
            texts: texts(runs.side),
            one_thread: one,
            all_cores: one.and_then(|_| Spread::of(&runs.all_cores)),
            to_transformers: one.zip(python).map(|(one, python)| one.median / python.median),
            peak_mib: one.map(|_| runs.peak_mib),
            not_measured: runs.start.as_ref().err().cloned(),
        }
    };
    runs.iter().map(figures).collect()
}

/// `None` of a side that was left out, at its start or in between.
fn one_thread(runs: &Runs) -> Option<Spread> {
    Spread::of(&runs.one_thread).filter(|_| runs.start.is_ok())
}

impl Network {
    /// `None` of no run. A share is that of one run: what the machine did meanwhile hit both.
    pub fn of(runs: &[NetworkRun]) -> Option<Self> {
        let first = runs.first()?;
        let spread =
            |figure: fn(&NetworkRun) -> f64| Spread::of(&runs.iter().map(figure).collect::<Vec<f64>>());
        Some(Self {
            texts: first.texts,
            tokens: first.tokens,
            forward: spread(|run| run.forward)?,
            read: spread(|run| run.read)?,
            read_share: spread(|run| run.read / run.forward)?,
            whole: spread(|run| run.whole)?,
            whole_share: spread(|run| run.whole / run.forward)?,
        })
    }
}

impl Spread {
    /// `None` of no run; of an even number the upper one in the middle counts.
    pub fn of(runs: &[f64]) -> Option<Self> {
        let mut sorted = runs.to_vec();
        sorted.sort_by(f64::total_cmp);
        let median = *sorted.get(sorted.len() / 2)?;
        Some(Self { median, lowest: *sorted.first()?, highest: *sorted.last()? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::encoders::side::Start;

    fn runs(side: Side, one_thread: &[f64]) -> Runs {
        let start = Ok(Start { program: "p".into(), model: None });
        Runs { one_thread: one_thread.to_vec(), peak_mib: 50.0, ..Runs::new(side, start) }
    }

    #[test]
    fn a_spread_has_the_middle_and_both_ends() {
        let spread = Spread::of(&[3.0, 1.0, 2.0]);
        assert_eq!(spread, Some(Spread { median: 2.0, lowest: 1.0, highest: 3.0 }));
        assert_eq!(Spread::of(&[]), None);
    }

    #[test]
    fn sides_are_held_against_transformers_in_python() {
        let ours = Runs { all_cores: vec![250.0], ..runs(Side::RustBert, &[300.0, 290.0, 310.0]) };
        let python = runs(Side::Transformers, &[100.0, 90.0, 200.0]);
        let figures = sides(&[ours, python], |_| 7);
        assert_eq!((figures[0].to_transformers, figures[1].to_transformers), (Some(3.0), Some(1.0)));
        assert_eq!((figures[0].all_cores.unwrap().median, figures[0].texts), (250.0, 7));
        assert!(figures[1].all_cores.is_none());
    }

    #[test]
    fn a_side_that_was_left_out_in_between_has_no_figures() {
        let broken = Runs { start: Err("it broke".to_owned()), ..runs(Side::Transformers, &[100.0]) };
        let figures = sides(&[runs(Side::BuiltIn, &[9.0]), broken], |_| 7);
        assert_eq!(figures[1].not_measured.as_deref(), Some("it broke"));
        assert!(figures[1].one_thread.is_none() && figures[1].peak_mib.is_none());
        assert_eq!(figures[0].to_transformers, None);
    }

    #[test]
    fn shares_are_taken_run_by_run() {
        let lengths = Lengths { tenth: 1, median: 2, nine_tenths: 3 };
        let run = |forward, whole| NetworkRun { texts: 9, tokens: lengths, forward, read: forward, whole };
        let network = Network::of(&[run(100.0, 96.0), run(200.0, 194.0), run(50.0, 47.0)]).unwrap();
        assert_eq!((network.whole_share.median, network.whole_share.lowest), (0.96, 0.94));
        assert_eq!((network.read_share.median, network.forward.median), (1.0, 100.0));
        assert!(Network::of(&[]).is_none());
    }
}
