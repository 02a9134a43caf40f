//! Sentences drawn from frames: they widen the training of kinds, and nothing is measured on them.

use super::linear::SplitMix;
use super::seeds::Seed;
use anyhow::{Context, Result};
use feedback::judgement::FeedbackKind;
use serde::Deserialize;
use std::collections::{BTreeMap, HashSet};

const FRAMES: &str = include_str!("../../data/frames.toml");
/// Sentences of a kind.
const DRAWN: usize = 300;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Frames {
    fill: BTreeMap<String, Vec<String>>,
    frames: BTreeMap<String, Vec<String>>,
}

/// The same sentences at every call.
pub fn draw() -> Result<Vec<Seed>> {
    let frames: Frames = toml::from_str(FRAMES).context("data/frames.toml cannot be read")?;
    let mut random = SplitMix(24);
    let mut seeds = Vec::new();
    for (kind, sentences) in &frames.frames {
        let kind = FeedbackKind::parse(kind).with_context(|| format!("frames of no kind: {kind}"))?;
        let mut seen = HashSet::new();
        // Some frames hold no gap, so a kind may run dry before its number is drawn.
        for _ in 0..4 * DRAWN {
            let frame: &String = pick(sentences, &mut random);
            let text = filled(frame, &frames.fill, &mut random)?;
            if seen.len() < DRAWN && seen.insert(text.clone()) {
                seeds.push(Seed::of(text, kind));
            }
        }
    }
    Ok(seeds)
}

pub(super) fn pick<'l, T>(list: &'l [T], random: &mut SplitMix) -> &'l T {
    &list[(random.next() % list.len() as u64) as usize]
}

/// A frame with a word of its list for every name in braces.
pub(super) fn filled(
    frame: &str,
    fill: &BTreeMap<String, Vec<String>>,
    random: &mut SplitMix,
) -> Result<String> {
    let mut text = String::new();
    let mut rest = frame;
    while let Some((before, after)) = rest.split_once('{') {
        let (name, behind) = after.split_once('}').with_context(|| format!("an open brace in {frame:?}"))?;
        let words = fill.get(name).with_context(|| format!("no list {name:?} for {frame:?}"))?;
        text.push_str(before);
        let word: &String = pick(words, random);
        text.push_str(word);
        rest = behind;
    }
    text.push_str(rest);
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_has_sentences_and_they_repeat() {
        let (one, two) = (draw().unwrap(), draw().unwrap());
        assert!(one.iter().map(|seed| &seed.text).eq(two.iter().map(|seed| &seed.text)));
        for kind in &FeedbackKind::ALL[..7] {
            assert!(one.iter().filter(|seed| seed.kind() == *kind).count() >= 100, "{kind}");
        }
        assert!(!one.iter().any(|seed| seed.text.contains(['{', '}'])));
    }
}
