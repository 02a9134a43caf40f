//! A page in the formats it is read in. In each of them every string is data: nothing that a customer wrote is markup, a
//! link, a call to anybody, or obeyed by a terminal.

mod html;
mod json;
mod mail;
mod markdown;
mod slack;

pub use html::html;
pub use json::json;
pub use mail::mail;
pub use markdown::markdown;
pub use slack::slack;

use crate::report::printable;

/// One line, without controls and turned writing.
fn line(text: &str) -> String {
    printable(text).split_whitespace().collect::<Vec<_>>().join(" ")
}

/// At most so many characters; what was cut shows as `…`.
fn cut(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    text.chars().take(most.saturating_sub(1)).chain(['…']).collect()
}

/// Text within an element or an attribute of HTML.
fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in line(text).chars() {
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            c => safe.push(c),
        }
    }
    safe
}

/// Heights from 0 to 1, from zero or from the lowest on; a series that never moves lies in the middle.
fn heights(values: &[Option<f64>], from_zero: bool) -> Vec<Option<f64>> {
    let known = || values.iter().flatten().copied().filter(|value| value.is_finite());
    let high = known().fold(f64::NEG_INFINITY, f64::max);
    let low = if from_zero { 0.0 } else { known().fold(f64::INFINITY, f64::min) };
    let height = |value: f64| match high > low {
        true => ((value - low) / (high - low)).clamp(0.0, 1.0),
        false if from_zero => 0.0,
        false => 0.5,
    };
    values.iter().map(|value| value.filter(|value| value.is_finite()).map(height)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn heights_are_from_zero_or_from_the_lowest() {
        assert_eq!(heights(&[Some(5.0), None, Some(10.0)], true), [Some(0.5), None, Some(1.0)]);
        assert_eq!(heights(&[Some(5.0), Some(10.0)], false), [Some(0.0), Some(1.0)]);
        assert_eq!(heights(&[Some(0.0), Some(f64::NAN)], true), [Some(0.0), None]);
        assert_eq!(heights(&[Some(3.0), Some(3.0)], false), [Some(0.5), Some(0.5)]);
        assert!(heights(&[], true).is_empty());
    }

    #[test]
    fn texts_lose_what_is_obeyed() {
        assert_eq!(line(" a\n\tb \u{1b}[31m\u{202e}c "), "a b \u{fffd}[31m\u{fffd}c");
        assert_eq!(escaped("<b a=\"'&\">"), "&lt;b a=&quot;&#39;&amp;&quot;&gt;");
        assert_eq!([cut("äöü", 3), cut("äöü", 2)], ["äöü", "ä…"]);
    }
}
