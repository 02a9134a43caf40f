//! What no behaviour may fall below: the share of its cases that is met, by encoder. Floors only rise.

use super::Column;
use crate::paths;
use analyze::eval::Estimate;
use anyhow::{Context, Result};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::PathBuf;

const OPENING: &str = "# The share of each behaviour's cases that an encoder must meet; `cargo xtask behaviour --write-floors` \
                       raises it.\n# It is the lower end of Wilson's 95% interval of what was reached, so that only what is worse falls below it.\n# A floor may only rise.\n";

/// By encoder, then by behaviour.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(transparent)]
pub struct Floors(BTreeMap<String, BTreeMap<String, f64>>);

impl Floors {
    /// Those that are committed.
    ///
    /// # Errors
    /// Where the file is missing or no such table.
    pub fn read() -> Result<Self> {
        let path = path();
        let text =
            std::fs::read_to_string(&path).with_context(|| format!("could not read {}", path.display()))?;
        toml::from_str(&text).with_context(|| format!("{} holds no floors", path.display()))
    }

    /// # Errors
    /// Where the file cannot be written.
    pub fn write(&self) -> Result<()> {
        let path = path();
        std::fs::write(&path, self.render()).with_context(|| format!("could not write {}", path.display()))
    }

    /// To the lower end of the interval of what is reached, in whole thousandths: two trainings differ by chance. What was
    /// higher stays.
    pub fn raise(&mut self, column: &Column) {
        let floors = self.0.entry(column.encoder.to_owned()).or_default();
        for rate in &column.rates {
            let floor = floors.entry(rate.key()).or_default();
            let reached = Estimate::share(rate.met() as u64, rate.cases as u64);
            *floor = floor.max((reached.low * 1000.0).floor() / 1000.0);
        }
    }

    /// A sentence for each behaviour that fell below its floor, has none, or has one and is gone.
    #[must_use]
    pub fn broken(&self, column: &Column) -> Vec<String> {
        let (encoder, none) = (column.encoder, BTreeMap::new());
        let floors = self.0.get(encoder).unwrap_or(&none);
        let mut broken = Vec::new();
        for rate in &column.rates {
            let (key, passed) = (rate.key(), rate.passed());
            match floors.get(&key) {
                Some(floor) if passed < *floor => {
                    broken.push(format!(
                        "{key} of {encoder} meets {passed:.3} of its cases, its floor is {floor:.3}"
                    ));
                }
                Some(_) => {}
                None => broken.push(format!("{key} of {encoder} has no floor: --write-floors writes it")),
            }
        }
        for key in floors.keys().filter(|key| !column.rates.iter().any(|rate| rate.key() == **key)) {
            broken.push(format!("{key} of {encoder} has a floor and is no behaviour: was it renamed?"));
        }
        broken
    }

    fn render(&self) -> String {
        let mut text = String::from(OPENING);
        for (encoder, floors) in &self.0 {
            // Writing to a string cannot fail.
            let _ = writeln!(text, "\n[{encoder}]");
            for (key, floor) in floors {
                let _ = writeln!(text, "{key} = {floor:.3}");
            }
        }
        text
    }
}

fn path() -> PathBuf {
    paths::root().join("crates/xtask/data/behaviour/floors.toml")
}

#[cfg(test)]
mod tests {
    use super::super::tests::rate;
    use super::*;

    fn column(rates: &[(&'static str, usize)]) -> Column {
        let rates = rates.iter().map(|(name, failed)| rate(name, 40, *failed)).collect();
        Column { encoder: "built-in", rates }
    }

    #[test]
    fn floors_rise_and_never_fall() {
        let mut floors = Floors::default();
        floors.raise(&column(&[("typos", 11), ("numbers", 0)]));
        floors.raise(&column(&[("typos", 20), ("numbers", 1)]));
        let text = floors.render();
        assert!(
            text.ends_with("\n[built-in]\nsentiment_numbers = 0.912\nsentiment_typos = 0.571\n"),
            "{text}"
        );
        floors.raise(&column(&[("typos", 10)]));
        let text = floors.render();
        assert!(text.ends_with("\nsentiment_numbers = 0.912\nsentiment_typos = 0.598\n"), "{text}");
        assert_eq!(toml::from_str::<Floors>(&text).unwrap(), floors);
    }

    #[test]
    fn what_is_reached_is_no_lower_than_its_floor() {
        for cases in 1..=200 {
            for failed in 0..=cases {
                let reached = Column { encoder: "built-in", rates: vec![rate("typos", cases, failed)] };
                let mut floors = Floors::default();
                floors.raise(&reached);
                let floors: Floors = toml::from_str(&floors.render()).unwrap();
                assert_eq!(floors.broken(&reached), Vec::<String>::new(), "{failed} of {cases}");
            }
        }
    }

    #[test]
    fn what_is_broken_is_said() {
        let mut floors = Floors::default();
        floors.raise(&column(&[("typos", 10), ("gone", 0)]));
        assert_eq!(
            floors.broken(&column(&[("typos", 20), ("numbers", 0)])),
            [
                "sentiment_typos of built-in meets 0.500 of its cases, its floor is 0.598",
                "sentiment_numbers of built-in has no floor: --write-floors writes it",
                "sentiment_gone of built-in has a floor and is no behaviour: was it renamed?",
            ]
        );
    }
}
