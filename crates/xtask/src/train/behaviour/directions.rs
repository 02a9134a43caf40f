//! Changes that must move the sentiment, and which way.

use super::case::Towards;
use super::data::Base;
use super::lists::{ANGRY_EMOJI, BLAME, PLEASED_EMOJI, PRAISE, STRONGER, WEAKER_BLAME, WEAKER_PRAISE};
use super::pick;
use super::wording::places;
use crate::train::linear::SplitMix;
use feedback::judgement::SentimentLabel;

/// "slow" to "very slow".
pub fn intensifier(base: &Base, random: &mut SplitMix) -> Option<(String, Towards)> {
    Some((before_word(base, STRONGER, random)?, Towards { side: base.sentiment?, more: true }))
}

/// "slow" to "a bit slow".
pub fn diminisher(base: &Base, random: &mut SplitMix) -> Option<(String, Towards)> {
    let side = base.sentiment?;
    let adverbs = if side == SentimentLabel::Positive { WEAKER_PRAISE } else { WEAKER_BLAME };
    Some((before_word(base, adverbs, random)?, Towards { side, more: false }))
}

fn before_word(base: &Base, adverbs: &[&str], random: &mut SplitMix) -> Option<String> {
    let at = *places(&base.text, base.word.as_deref()?).first()?;
    let (before, after) = base.text.split_at(at);
    Some(format!("{before}{} {after}", pick(adverbs, random)?))
}

/// One that fits; behind a neutral text either.
pub fn emoji(base: &Base, random: &mut SplitMix) -> Option<(String, Towards)> {
    let side = match base.sentiment? {
        SentimentLabel::Neutral if random.next().is_multiple_of(2) => SentimentLabel::Positive,
        SentimentLabel::Neutral => SentimentLabel::Negative,
        side => side,
    };
    let fitting = if side == SentimentLabel::Positive { PLEASED_EMOJI } else { ANGRY_EMOJI };
    behind(base, fitting, side, random)
}

pub fn added_praise(base: &Base, random: &mut SplitMix) -> Option<(String, Towards)> {
    behind(base, PRAISE, SentimentLabel::Positive, random)
}

pub fn added_blame(base: &Base, random: &mut SplitMix) -> Option<(String, Towards)> {
    behind(base, BLAME, SentimentLabel::Negative, random)
}

fn behind(
    base: &Base,
    list: &[&str],
    side: SentimentLabel,
    random: &mut SplitMix,
) -> Option<(String, Towards)> {
    Some((format!("{} {}", base.text, pick(list, random)?), Towards { side, more: true }))
}

#[cfg(test)]
mod tests {
    use super::super::tests::base;
    use super::*;
    use feedback::judgement::SentimentLabel::{Negative, Neutral, Positive};

    fn of(sentiment: SentimentLabel, text: &str, word: Option<&str>) -> Base {
        Base { sentiment: Some(sentiment), word: word.map(str::to_owned), ..base(text) }
    }

    #[test]
    fn adverbs_stand_before_the_word() {
        let slow = of(Negative, "Slowly it became slow.", Some("slow"));
        for seed in 0..50 {
            let (text, towards) = intensifier(&slow, &mut SplitMix(seed)).unwrap();
            let adverb = text.strip_prefix("Slowly it became ").unwrap().strip_suffix(" slow.").unwrap();
            assert!(STRONGER.contains(&adverb), "{text}");
            assert_eq!(towards, Towards { side: Negative, more: true });
            let (text, towards) = diminisher(&slow, &mut SplitMix(seed)).unwrap();
            assert!(WEAKER_BLAME.iter().any(|adverb| text.ends_with(&format!(" {adverb} slow."))), "{text}");
            assert_eq!(towards, Towards { side: Negative, more: false });
        }
        let (text, towards) =
            diminisher(&of(Positive, "It is quick.", Some("quick")), &mut SplitMix(1)).unwrap();
        assert!(WEAKER_PRAISE.iter().any(|adverb| text == format!("It is {adverb} quick.")), "{text}");
        assert_eq!(towards.side, Positive);
        assert_eq!(intensifier(&of(Positive, "It is quick.", None), &mut SplitMix(1)), None);
    }

    #[test]
    fn what_is_added_says_where_to() {
        let mut sides = Vec::new();
        for seed in 0..50 {
            let (text, towards) = emoji(&of(Neutral, "See you.", None), &mut SplitMix(seed)).unwrap();
            let list = if towards.side == Positive { PLEASED_EMOJI } else { ANGRY_EMOJI };
            assert!(list.contains(&text.strip_prefix("See you. ").unwrap()), "{text}");
            sides.push(towards.side);
        }
        assert!(sides.contains(&Positive) && sides.contains(&Negative));
        let pleased = of(Positive, "Lovely.", None);
        assert_eq!(emoji(&pleased, &mut SplitMix(1)).unwrap().1.side, Positive);
        let (text, towards) = added_blame(&pleased, &mut SplitMix(1)).unwrap();
        assert!(BLAME.contains(&text.strip_prefix("Lovely. ").unwrap()));
        assert_eq!(towards, Towards { side: Negative, more: true });
        assert_eq!(added_praise(&pleased, &mut SplitMix(1)).unwrap().1.side, Positive);
        assert_eq!(emoji(&base("Who knows."), &mut SplitMix(1)), None);
    }
}
