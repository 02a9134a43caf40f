//! The figures of the encoders for people.

use super::figures::{Encoders, Figures, Network, Spread};
use super::texts::Lengths;
use std::fmt::{self, Display, Formatter};

impl Display for Encoders {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let all_cores = format!("a core of {}", self.cores);
        writeln!(
            f,
            "{:<34}{:>10}{:>10}{:>10}{:>10}{:>14}{:>12}{:>10}",
            "encoder, on one thread",
            "texts",
            "texts/s",
            "lowest",
            "highest",
            all_cores,
            "to Python",
            "peak MiB"
        )?;
        for side in &self.sides {
            line(f, side)?;
        }
        writeln!(
            f,
            "English texts of the demo's generator, {} words; the median of {} runs, without start and loading",
            self.words, self.rounds
        )?;
        writeln!(
            f,
            "a core of {}: all cores at work, divided by their number; to Python: to transformers in Python",
            self.cores
        )?;
        writeln!(
            f,
            "ours: `verbatim eval`, so redaction, language, segments, encoder and topics; its labels mean nothing"
        )?;
        writeln!(f, "transformers: the public weights without heads, batches of 32 of like length")?;
        self.network.as_ref().map_or(Ok(()), |network| write!(f, "\n{network}"))
    }
}

fn line(f: &mut Formatter<'_>, side: &Figures) -> fmt::Result {
    write!(f, "{:<34}{:>10}", side.name, side.texts)?;
    let Some(Spread { median, lowest, highest }) = side.one_thread else {
        let why = side.not_measured.as_deref().and_then(|why| why.lines().next());
        return writeln!(f, "  not measured: {}", why.unwrap_or("it was not run"));
    };
    let all_cores = cell(side.all_cores.map(|spread| spread.median), 0);
    let (ratio, peak) = (cell(side.to_transformers, 1), cell(side.peak_mib, 0));
    writeln!(f, "{median:>10.0}{lowest:>10.0}{highest:>10.0}{all_cores:>14}{ratio:>12}{peak:>10}")
}

fn cell(number: Option<f64>, decimals: usize) -> String {
    number.map_or_else(|| "-".to_owned(), |number| format!("{number:.decimals$}"))
}

impl Display for Network {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "{:<34}{:>10}{:>10}{:>10}{:>10}{:>10}",
            "transformer, on one thread", "texts", "texts/s", "share", "lowest", "highest"
        )?;
        let whole = Spread { median: 1.0, lowest: 1.0, highest: 1.0 };
        let rows = [
            ("network, on batches made before", self.forward, whole),
            ("tokens, batches, network", self.read, self.read_share),
            ("whole analysis, redaction apart", self.whole, self.whole_share),
        ];
        for (name, speed, share) in rows {
            let [median, lowest, highest] =
                [share.median, share.lowest, share.highest].map(|share| format!("{:.1}%", 100.0 * share));
            writeln!(
                f,
                "{name:<34}{:>10}{:>10.1}{median:>10}{lowest:>10}{highest:>10}",
                self.texts, speed.median
            )?;
        }
        writeln!(
            f,
            "texts that the network reads, {} tokens a row; in groups, as the worker reads them",
            self.tokens
        )
    }
}

impl Display for Lengths {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Self { tenth, median, nine_tenths } = self;
        write!(f, "{median} (a tenth up to {tenth}, nine tenths up to {nine_tenths})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spread(median: f64) -> Spread {
        Spread { median, lowest: median - 1.0, highest: median + 1.0 }
    }

    fn side(name: &'static str, texts: usize) -> Figures {
        Figures {
            name,
            texts,
            one_thread: None,
            all_cores: None,
            to_transformers: None,
            peak_mib: None,
            not_measured: None,
        }
    }

    fn encoders() -> Encoders {
        let built_in = Figures {
            one_thread: Some(spread(61_234.4)),
            all_cores: Some(spread(58_000.0)),
            peak_mib: Some(104.6),
            ..side("built-in", 20_000)
        };
        let why = "pip could not install the packages\nand much more".to_owned();
        let transformers = Figures { not_measured: Some(why), ..side("transformers in Python", 2_000) };
        let words = Lengths { tenth: 7, median: 16, nine_tenths: 34 };
        Encoders { rounds: 3, cores: 2, words, sides: vec![built_in, transformers], network: None }
    }

    #[test]
    fn a_side_is_a_line() {
        let shown = encoders().to_string();
        let lines: Vec<&str> = shown.lines().collect();
        let head = "encoder, on one thread                 texts   texts/s    lowest   highest   a core of 2   to Python  peak MiB";
        assert_eq!(lines[0], head);
        let built_in = "built-in                               20000     61234     61233     61235         58000           -       105";
        assert_eq!(lines[1], built_in);
        let python =
            "transformers in Python                  2000  not measured: pip could not install the packages";
        assert_eq!(lines[2], python);
        assert!(lines[3].contains("16 (a tenth up to 7, nine tenths up to 34) words"), "{shown}");
        assert_eq!(lines.len(), 7);
    }

    #[test]
    fn shares_of_the_networks_speed_are_percentages() {
        let share = Spread { median: 0.9671, lowest: 0.95, highest: 0.97 };
        let tokens = Lengths { tenth: 13, median: 27, nine_tenths: 52 };
        let (forward, read, whole) = (spread(200.0), spread(197.0), spread(193.4));
        let network =
            Network { texts: 1990, tokens, forward, read, read_share: share, whole, whole_share: share };
        let shown = Encoders { network: Some(network), ..encoders() }.to_string();
        let line = "whole analysis, redaction apart         1990     193.4     96.7%     95.0%     97.0%";
        assert!(shown.lines().any(|shown| shown == line), "{shown}");
    }
}
