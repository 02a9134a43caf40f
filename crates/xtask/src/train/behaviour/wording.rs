//! Changes of words that leave the meaning as it is.

use super::data::Base;
use super::lists::{CONTRACTIONS, PRODUCTS};
use super::pick;
use crate::train::linear::SplitMix;

/// Another product, everywhere.
pub fn products(base: &Base, random: &mut SplitMix) -> Option<String> {
    let named = base.product.as_deref()?;
    let others: Vec<&str> = PRODUCTS.iter().copied().filter(|name| *name != named).collect();
    Some(base.text.replace(named, pick(&others, random)?))
}

/// Writes short forms out; where there are none, shortens long ones.
pub fn contractions(base: &Base, _random: &mut SplitMix) -> Option<String> {
    let long = CONTRACTIONS.iter().map(|(short, long)| (*short, *long));
    let short = CONTRACTIONS.iter().map(|(short, long)| (*long, *short));
    rewritten(&base.text, long).or_else(|| rewritten(&base.text, short))
}

/// `None` where nothing is to be replaced.
fn rewritten<'p>(text: &str, pairs: impl Iterator<Item = (&'p str, &'p str)>) -> Option<String> {
    let mut new = text.to_owned();
    for (from, to) in pairs {
        // From the last to the first: what stands before stays where it is.
        for at in places(&new, from).into_iter().rev() {
            let is_capital = new[at..].starts_with(|letter: char| letter.is_ascii_uppercase());
            new.replace_range(at..at + from.len(), to);
            if is_capital {
                new[at..=at].make_ascii_uppercase();
            }
        }
    }
    (new != text).then_some(new)
}

/// Where whole words stand, in bytes, whatever their case; `words` are in lower case.
pub fn places(text: &str, words: &str) -> Vec<usize> {
    let lower = text.to_ascii_lowercase();
    let belongs = |letter: char| letter.is_alphanumeric() || letter == '\'';
    let is_whole = |at: usize| {
        let after = &lower[at + words.len()..];
        !lower[..at].ends_with(belongs) && !after.starts_with(belongs)
    };
    lower.match_indices(words).map(|(at, _)| at).filter(|at| is_whole(*at)).collect()
}

#[cfg(test)]
mod tests {
    use super::super::tests::base;
    use super::*;

    #[test]
    fn whole_words_are_found() {
        assert_eq!(places("Fair, unfair, fairly FAIR", "fair"), [0, 21]);
        assert_eq!(places("it's it", "it"), [5]);
        assert!(places("nothing", "no").is_empty());
    }

    #[test]
    fn short_forms_become_long_ones_and_the_other_way_round() {
        let other = |text: &str| contractions(&base(text), &mut SplitMix(1));
        assert_eq!(other("It's fine, I don't mind.").unwrap(), "It is fine, I do not mind.");
        assert_eq!(other("It is not what I am used to.").unwrap(), "It isn't what I'm used to.");
        assert_eq!(
            other("We cannot, that is all I'd like.").unwrap(),
            "We cannot, that is all I would like."
        );
        assert_eq!(other("Nothing to shorten."), None);
    }

    #[test]
    fn a_product_becomes_another() {
        let mut written = base("Is Lumenta Plus more than Lumenta?");
        assert_eq!(products(&written, &mut SplitMix(1)), None);
        written.product = Some("Lumenta".into());
        for seed in 0..100 {
            let text = products(&written, &mut SplitMix(seed)).unwrap();
            let name = text.split(' ').nth(1).unwrap();
            assert!(name != "Lumenta" && PRODUCTS.contains(&name), "{text}");
            assert_eq!(text, format!("Is {name} Plus more than {name}?"));
        }
    }
}
