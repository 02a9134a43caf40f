//! What stands out in a customer's words.

use crate::pages::parts::words::{Look, Marked, marked};
use crate::state::Topics;
use feedback::span::Span;
use insight::shelf::{Mention, Search};
use maud::Markup;

/// So many found words are marked in one text: what is searched for may be on every line of a long one.
const MOST_FOUND: usize = 200;
/// Characters that are shown before what is looked for, of a text that is shown in part.
const BEFORE: usize = 120;

/// A text, or a part of it.
pub(super) struct Shown {
    pub words: Markup,
    pub is_part: bool,
}

/// A text in which only words are looked for.
pub(super) fn found(text: &str, searches: &[Search]) -> Markup {
    marked(text, flat(&looked_for(text, searches)))
}

pub(super) fn body(
    text: &str,
    mentions: &[Mention<&str>],
    topics: &Topics,
    searches: &[Search],
    longest: Option<(usize, Option<usize>)>,
) -> Shown {
    let mut layers = looked_for(text, searches);
    let first = layers.iter().map(|layer| layer.start).min();
    layers.extend(
        mentions.iter().filter(|mention| !mention.span.is_empty()).map(|mention| said(mention, topics)),
    );
    let pieces = flat(&layers);
    let Some((from, to)) = longest.and_then(|(longest, at)| part(text, first.or(at), longest)) else {
        return Shown { words: marked(text, pieces), is_part: false };
    };
    let before = if from > 0 { "\u{2026}" } else { "" };
    let words = format!("{before}{}\u{2026}", Span::new(from as u32, to as u32).of(text));
    let at = |character: usize| character - from + usize::from(from > 0);
    let within = |piece: Marked| {
        let (start, end) = (piece.start.max(from), piece.end.min(to));
        (start < end).then(|| Marked { start: at(start), end: at(end), ..piece })
    };
    Shown { words: marked(&words, pieces.into_iter().filter_map(within).collect()), is_part: true }
}

/// Which characters are shown of a text that is longer; `None` where all are.
fn part(text: &str, wanted: Option<usize>, longest: usize) -> Option<(usize, usize)> {
    let length = text.chars().count();
    if length <= longest {
        return None;
    }
    // What stands on the first page of it is seen from its beginning.
    let from = wanted.filter(|at| *at + BEFORE > longest).map_or(0, |at| at.saturating_sub(BEFORE));
    let from = from.min(length - longest);
    Some((from, from + longest))
}

fn looked_for(text: &str, searches: &[Search]) -> Vec<Marked> {
    let spans = searches.iter().flat_map(|search| search.marks(text)).take(MOST_FOUND);
    spans.map(|span| layer(span, Look::Found, "found".to_owned())).collect()
}

fn said(mention: &Mention<&str>, topics: &Topics) -> Marked {
    let says = format!("{}: {}", topics.name(mention.topic), mention.sentiment);
    layer(mention.span, Look::Sentiment(mention.sentiment), says)
}

fn layer(span: Span, look: Look, says: String) -> Marked {
    Marked { start: span.start as usize, end: span.end as usize, look, says }
}

/// Stretches that lie over each other, cut so that none does: each piece says all that is said of it, and looks like the one
/// that stands first.
fn flat(layers: &[Marked]) -> Vec<Marked> {
    let mut bounds: Vec<usize> = layers.iter().flat_map(|layer| [layer.start, layer.end]).collect();
    bounds.sort_unstable();
    bounds.dedup();
    let piece = |bounds: &[usize]| {
        let (start, end) = (bounds[0], bounds[1]);
        let mut over = layers.iter().filter(|layer| layer.start <= start && layer.end >= end);
        let first = over.next()?;
        let mut says = first.says.clone();
        over.for_each(|other| {
            says += "; ";
            says += &other.says;
        });
        Some(Marked { start, end, look: first.look, says })
    };
    bounds.windows(2).filter_map(piece).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use feedback::judgement::SentimentLabel;
    use proptest::prelude::*;

    fn mention(topic: &str, start: u32, end: u32) -> Mention<&str> {
        Mention {
            topic,
            sentiment: SentimentLabel::Negative,
            confidence: Some(0.9),
            span: Span::new(start, end),
        }
    }

    fn drawn(
        text: &str,
        mentions: &[Mention<&str>],
        search: &str,
        longest: Option<(usize, Option<usize>)>,
    ) -> String {
        let searches: Vec<Search> = Search::parse(search).into_iter().collect();
        let topics = super::super::super::testing::topics();
        body(text, mentions, &topics, &searches, longest).words.into_string()
    }

    #[test]
    fn a_found_word_within_a_topic_is_marked_as_both() {
        let drawn = drawn("the login fails again", &[mention("login", 4, 15)], "fail", None);
        let topic = "Login and access: negative";
        assert_eq!(
            drawn,
            format!(
                "the <mark class=\"negative\" title=\"{topic}\">login </mark>\
                 <mark class=\"found\" title=\"found; {topic}\">fail</mark>\
                 <mark class=\"negative\" title=\"{topic}\">s</mark> again"
            )
        );
    }

    #[test]
    fn of_a_long_text_what_is_looked_for_is_shown() {
        let text = format!("{} needle {}", "a ".repeat(500), "b ".repeat(500));
        let part = drawn(&text, &[], "needle", Some((300, None)));
        assert!(part.contains("<mark class=\"found\" title=\"found\">needle</mark>"), "{part}");
        assert!(part.starts_with('\u{2026}') && part.ends_with('\u{2026}'), "{part}");
        let beginning = drawn(&text, &[mention("login", 1_000, 1_005)], "", Some((300, None)));
        assert!(beginning.starts_with("a a") && !beginning.contains("<mark"), "{beginning}");
        let topic = drawn(&text, &[mention("login", 1_001, 1_007)], "", Some((300, Some(1_001))));
        assert!(topic.contains(">needle</mark>"), "{topic}");
        assert_eq!(drawn("short", &[], "", Some((300, None))), "short");
    }

    proptest! {
        /// Pieces lie apart, within what is marked, and cover all of it.
        #[test]
        fn pieces_are_what_they_are_cut_from(spans in prop::collection::vec((0_u32..30, 0_u32..9), 0..8)) {
            let layers: Vec<Marked> = spans
                .iter()
                .map(|(start, length)| layer(Span::new(*start, start + length), Look::Found, "x".to_owned()))
                .collect();
            let pieces = flat(&layers);
            prop_assert!(pieces.windows(2).all(|pair| pair[0].end <= pair[1].start));
            let covers = |marks: &[Marked], at: usize| marks.iter().any(|mark| (mark.start..mark.end).contains(&at));
            for at in 0..40 {
                prop_assert_eq!(covers(&pieces, at), covers(&layers, at), "{}", at);
            }
        }

        #[test]
        fn a_part_is_as_long_as_was_asked_for(
            length in 0_usize..400, wanted in prop::option::of(0_usize..500), longest in 1_usize..300,
        ) {
            let text = "é".repeat(length);
            match part(&text, wanted, longest) {
                None => prop_assert!(length <= longest),
                Some((from, to)) => prop_assert!(to - from == longest && to <= length),
            }
        }
    }
}
