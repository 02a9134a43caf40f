//! Longer texts: written ones with neutral sentences around them, which leave what is meant as it is. For training only.

use super::frames::pick;
use super::linear::SplitMix;
use super::seeds::Seed;
use anyhow::{Context, Result};
use serde::Deserialize;

const SENTENCES: &str = include_str!("../../data/padding.toml");
/// So many at most stand before a text, and behind it.
const MOST_BEFORE: u64 = 3;
const MOST_AFTER: u64 = 6;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Sentences {
    before: Vec<String>,
    after: Vec<String>,
}

/// Each text once, with at least one sentence more; the same at every call.
pub fn padded<'s>(seeds: impl Iterator<Item = &'s Seed>) -> Result<Vec<Seed>> {
    let sentences: Sentences = toml::from_str(SENTENCES).context("data/padding.toml cannot be read")?;
    let mut random = SplitMix(62);
    Ok(seeds.map(|seed| Seed { text: around(&seed.text, &sentences, &mut random), ..seed.clone() }).collect())
}

fn around(text: &str, sentences: &Sentences, random: &mut SplitMix) -> String {
    let before = random.next() % (MOST_BEFORE + 1);
    let after = random.next() % MOST_AFTER + u64::from(before == 0);
    let mut parts: Vec<&str> = (0..before).map(|_| pick(&sentences.before, random).as_str()).collect();
    parts.push(text);
    parts.extend((0..after).map(|_| pick(&sentences.after, random).as_str()));
    parts.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use feedback::judgement::FeedbackKind;

    #[test]
    fn a_text_stands_among_others() {
        let seed = Seed::of("It crashes.".to_owned(), FeedbackKind::Bug);
        let twice = [seed.clone(), seed];
        let long = padded(twice.iter()).unwrap();
        assert!(long.iter().all(|seed| seed.text.contains("It crashes.") && seed.text.len() > 20));
        assert_ne!(long[0].text, long[1].text);
    }
}
