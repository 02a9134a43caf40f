//! Customers' words: always as text, with what they are about marked.

use super::time;
use feedback::judgement::SentimentLabel;
use insight::report::model::Quote;
use maud::{Markup, html};

/// A quote with where it comes from; opens its record.
#[must_use]
pub fn quote(quote: &Quote) -> Markup {
    html! {
        blockquote dir="auto" { (quote.text) }
        p { small {
            bdi { (quote.source) } ", " (time::day(quote.day)) ", "
            a href={ "/feedback/" (quote.record_id) } { "open record " (short(&quote.record_id)) }
        } }
    }
}

/// The beginning of a record's id, which tells it from others.
#[must_use]
pub fn short(id: &str) -> String {
    id.chars().take(8).collect()
}

/// A stretch of a text, in characters, that says something.
#[derive(Debug, Clone, PartialEq)]
pub struct Marked {
    pub start: usize,
    pub end: usize,
    pub look: Look,
    /// What it says, for whoever points at it: `Login and access: negative`.
    pub says: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Look {
    Sentiment(SentimentLabel),
    /// A word that was searched for.
    Found,
}

impl Look {
    fn class(self) -> &'static str {
        match self {
            Self::Sentiment(SentimentLabel::Negative) => "negative",
            Self::Sentiment(SentimentLabel::Positive) => "positive",
            Self::Sentiment(_) => "neutral",
            Self::Found => "found",
        }
    }
}

/// A text with stretches of it marked. Of stretches that overlap, the one that begins first is marked as far as the next
/// begins; one that reaches beyond the text ends with it.
#[must_use]
pub fn marked(text: &str, mut marks: Vec<Marked>) -> Markup {
    marks.sort_by_key(|mark| (mark.start, mark.end));
    let mut places: Vec<usize> = text.char_indices().map(|(at, _)| at).collect();
    places.push(text.len());
    let byte = |character: usize| places[character.min(places.len() - 1)];
    let mut told = 0;
    let mut parts = Vec::new();
    for (at, mark) in marks.iter().enumerate() {
        let next = marks.get(at + 1).map_or(usize::MAX, |next| next.start);
        // Two of the same stretch are one mark, which says both.
        let same = parts.last_mut().filter(|(_, other): &&mut (_, Option<Marked>)| {
            other.as_ref().is_some_and(|other| (other.start, other.end) == (mark.start, mark.end))
        });
        if let Some((_, Some(other))) = same {
            other.says = format!("{}; {}", other.says, mark.says);
            continue;
        }
        let (start, end) = (byte(mark.start).max(told), byte(mark.end.min(next.max(mark.start))));
        let end = if next == mark.start { byte(mark.end) } else { end };
        if end <= start {
            continue;
        }
        parts.push((&text[told..start], None));
        parts.push((&text[start..end], Some(mark.clone())));
        told = end;
    }
    html! {
        @for (words, mark) in &parts {
            @match mark {
                Some(mark) => mark class=(mark.look.class()) title=(mark.says) { (words) },
                None => (words),
            }
        }
        (&text[told..])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn mark(start: usize, end: usize, says: &str) -> Marked {
        Marked { start, end, look: Look::Sentiment(SentimentLabel::Negative), says: says.to_owned() }
    }

    #[test]
    fn what_is_marked_stands_where_it_stood() {
        let drawn = marked("Ünlucky: <b>login</b> fails", vec![mark(9, 20, "Login")]).into_string();
        assert_eq!(
            drawn,
            "Ünlucky: <mark class=\"negative\" title=\"Login\">&lt;b&gt;login&lt;/b</mark>&gt; fails"
        );
    }

    #[test]
    fn two_things_said_of_the_same_words_are_one_mark() {
        let drawn = marked("slow", vec![mark(0, 4, "Speed"), mark(0, 4, "Search")]).into_string();
        assert_eq!(drawn, "<mark class=\"negative\" title=\"Speed; Search\">slow</mark>");
    }

    proptest! {
        /// Whatever is marked, the words are all there, once and in their order.
        #[test]
        fn no_word_is_lost_or_doubled(
            text in "[a-zé<>&\" ]{0,40}",
            marks in proptest::collection::vec((0..50_usize, 0..50_usize), 0..6),
        ) {
            let marks = marks.into_iter().map(|(start, end)| mark(start, end, "x")).collect();
            let drawn = marked(&text, marks).into_string();
            let plain = drawn.replace("<mark class=\"negative\" title=\"x\">", "").replace("</mark>", "");
            let mut bare = String::new();
            let mut rest = plain.as_str();
            while let Some(at) = rest.find("<mark") {
                bare += &rest[..at];
                rest = &rest[at..];
                rest = &rest[rest.find('>').unwrap() + 1..];
            }
            bare += rest;
            let read = bare.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&amp;", "&");
            prop_assert_eq!(read, text);
        }
    }
}
