//! A share of three as a bar: negative, neutral, positive.

use insight::report::count;
use maud::{Markup, html};

/// Negative, neutral and positive beside each other. The numbers stand in its label; nothing is drawn of nothing.
#[must_use]
pub fn sentiments(negative: u64, neutral: u64, positive: u64) -> Markup {
    let all = negative + neutral + positive;
    if all == 0 {
        return html! { small { "not judged" } };
    }
    let part = |hits: u64| hits as f64 * 100.0 / all as f64;
    let (first, second) = (part(negative), part(neutral));
    let said =
        format!("{} negative, {} neutral, {} positive", count(negative), count(neutral), count(positive));
    html! {
        svg.meter viewBox="0 0 100 8" preserveAspectRatio="none" role="img" aria-label=(said) {
            title { (said) }
            rect.bar-negative x="0" y="0" width=(fixed(first)) height="8" {}
            rect.bar-neutral x=(fixed(first)) y="0" width=(fixed(second)) height="8" {}
            rect.bar-positive x=(fixed(first + second)) y="0" width=(fixed(100.0 - first - second)) height="8" {}
        }
    }
}

/// A coordinate; fewer digits are fewer bytes.
pub(super) fn fixed(value: f64) -> String {
    let text = format!("{:.2}", value.clamp(-1e6, 1e6));
    let text = text.trim_end_matches('0').trim_end_matches('.');
    if text == "-0" { "0".to_owned() } else { text.to_owned() }
}
