//! The behaviours as a section of the model card.

use super::Column;
use super::case::Rate;
use std::fmt::Write;

const OPENING: &str = "\n## Behaviours\n\nBehavioural tests after CheckList (Ribeiro et al. 2020), on texts written for this \
                       and never trained on (`crates/xtask/data/behaviour/`). Functionality: every text of a case is read \
                       right (of a contrast pair both). Invariance: a change that leaves the meaning leaves the label, right \
                       or wrong. Direction: a change moves the probability of a side by 0.02 at least, or the label; \
                       a side that is 0.9 sure need only not fall by more than 0.02 (the transformer's labels are smoothed by \
                       a tenth). Share of cases that fail, in percent, with Wilson's 95% interval (Wilson 1927). `floors.toml` \
                       there keeps each from becoming worse.\n\n";

/// With a heading; the behaviours are those of the first column, in its order.
#[must_use]
pub fn section(columns: &[Column]) -> String {
    let mut section = String::from(OPENING);
    section.push_str("| behaviour | of | test | cases |");
    // Writing to a string cannot fail.
    for column in columns {
        let _ = write!(section, " {} fails |", column.encoder);
    }
    section.push_str("\n|---|---|---|---|");
    section.push_str(&"---|".repeat(columns.len()));
    section.push('\n');
    for rate in columns.iter().take(1).flat_map(|column| &column.rates) {
        let (name, of, test) = (rate.name.replace('_', " "), rate.capability.as_str(), rate.test.as_str());
        let _ = write!(section, "| {name} | {of} | {test} | {} |", rate.cases);
        for column in columns {
            let same = column.rates.iter().find(|other| other.key() == rate.key());
            let _ = write!(section, " {} |", same.map_or_else(|| "–".to_owned(), failure));
        }
        section.push('\n');
    }
    section
}

/// `12.5 (7.8–19.4)`.
fn failure(rate: &Rate) -> String {
    let share = rate.failure();
    let [value, low, high] = [share.value, share.low, share.high].map(|share| 100.0 * share);
    format!("{value:.1} ({low:.1}–{high:.1})")
}

#[cfg(test)]
mod tests {
    use super::super::tests::rate;
    use super::*;

    #[test]
    fn every_encoder_has_a_column() {
        let ours =
            Column { encoder: "built-in", rates: vec![rate("ten_sentences", 29, 1), rate("typos", 40, 40)] };
        let theirs = Column { encoder: "rust-bert", rates: vec![rate("typos", 40, 0)] };
        let table = section(&[ours, theirs]);
        let lines: Vec<&str> = table.lines().skip_while(|line| !line.starts_with('|')).collect();
        // Newcombe 1998, table I, method 3: 1 of 29 is 0.0061 to 0.1718.
        assert_eq!(
            lines,
            [
                "| behaviour | of | test | cases | built-in fails | rust-bert fails |",
                "|---|---|---|---|---|---|",
                "| ten sentences | sentiment | invariance | 29 | 3.4 (0.6–17.2) | – |",
                "| typos | sentiment | invariance | 40 | 100.0 (91.2–100.0) | 0.0 (0.0–8.8) |",
            ]
        );
        assert!(table.starts_with("\n## Behaviours\n"));
    }
}
