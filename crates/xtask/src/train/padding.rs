//! Longer texts: written ones with neutral sentences around them, which leave what is meant as it is. For training only.

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
///
/// # Errors
/// Where the sentences cannot be read.
pub fn padded<'s>(seeds: impl Iterator<Item = &'s Seed>) -> Result<Vec<Seed>> {
    let mut sentences: Sentences = toml::from_str(SENTENCES).context("data/padding.toml cannot be read")?;
    let mut random = SplitMix(62);
    Ok(seeds
        .map(|seed| Seed { text: around(&seed.text, &mut sentences, &mut random), ..seed.clone() })
        .collect())
}

/// No sentence stands twice.
fn around(text: &str, sentences: &mut Sentences, random: &mut SplitMix) -> String {
    let before = (random.next() % (MOST_BEFORE + 1)) as usize;
    let after = (random.next() % MOST_AFTER) as usize + usize::from(before == 0);
    random.shuffle(&mut sentences.before);
    random.shuffle(&mut sentences.after);
    let mut opening: Vec<&str> = sentences.before.iter().take(before).map(String::as_str).collect();
    // "Dear team," comes first, and only one such.
    opening.sort_by_key(|sentence| !sentence.ends_with(','));
    let greeted = opening.first().is_some_and(|sentence| sentence.ends_with(','));
    let mut at = 0;
    opening.retain(|sentence| {
        at += 1;
        at == 1 || !greeted || !sentence.ends_with(',')
    });
    let ended = text.trim_end().ends_with(['.', '!', '?', '…', ')', ':']);
    let text = if ended || after == 0 { text.to_owned() } else { format!("{}.", text.trim_end()) };
    let closing = sentences.after.iter().take(after).map(String::as_str);
    opening.into_iter().chain([text.as_str()]).chain(closing).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use feedback::judgement::FeedbackKind;

    #[test]
    fn a_text_stands_among_others() {
        let seeds = vec![Seed::of("it crashes".to_owned(), FeedbackKind::Bug); 50];
        let long = padded(seeds.iter()).unwrap();
        assert!(long.iter().all(|seed| seed.text.contains("it crashes") && seed.text.len() > 20));
        assert!(long.iter().any(|seed| seed.text.starts_with("it crashes. ")));
        let texts: std::collections::HashSet<&str> = long.iter().map(|seed| seed.text.as_str()).collect();
        assert!(texts.len() > 45);
    }
}
