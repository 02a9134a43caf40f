//! A history in the height of a line of text.

use super::meter::fixed;
use super::number::Unit;
use super::scale::Scale;
use maud::{Markup, html};

const WIDTH: f64 = 100.0;
const HEIGHT: f64 = 24.0;

/// One value a step, the last one marked; gaps where there is nothing to show. `what` says what it is of: `mentions by week`.
#[must_use]
pub fn spark(values: &[Option<f64>], unit: Unit, what: &str) -> Markup {
    let known: Vec<f64> = values.iter().copied().flatten().collect();
    let (Some(first), Some(last)) = (known.first(), known.last()) else {
        return html! { small { "no history" } };
    };
    // Counts and shares start at nothing: a small change must not look like a large one.
    let low = known.iter().copied().fold(0.0_f64, f64::min);
    let high = known.iter().copied().fold(f64::MIN, f64::max);
    let x = Scale::new((0.0, values.len().saturating_sub(1).max(1) as f64), (2.0, WIDTH - 3.0));
    let y = Scale::new((low, high), (HEIGHT - 3.0, 3.0));
    let said = format!("{what}: from {} to {}", unit.shown(*first), unit.shown(*last));
    let end = values.iter().rposition(Option::is_some).unwrap_or(0);
    html! {
        svg.spark viewBox={ "0 0 " (WIDTH) " " (HEIGHT) } role="img" aria-label=(said) {
            title { (said) }
            path.line d=(path(values, x, y)) {}
            circle.dot cx=(fixed(x.at(end as f64))) cy=(fixed(y.at(*last))) r="2.5" {}
        }
    }
}

/// A line through what there is; a gap begins a new one.
pub(super) fn path(values: &[Option<f64>], x: Scale, y: Scale) -> String {
    let mut path = String::new();
    let mut drawing = false;
    for (at, value) in values.iter().enumerate() {
        if let Some(value) = value {
            let step = if drawing { 'L' } else { 'M' };
            path += &format!("{step}{} {}", fixed(x.at(at as f64)), fixed(y.at(*value)));
            // A point alone has to be seen too.
            if !drawing {
                path += "h0.01";
            }
        }
        drawing = value.is_some();
    }
    path
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_gap_begins_a_new_line() {
        let x = Scale::new((0.0, 3.0), (0.0, 3.0));
        let y = Scale::new((0.0, 2.0), (2.0, 0.0));
        assert_eq!(path(&[Some(1.0), None, Some(2.0), Some(0.0)], x, y), "M0 1h0.01M2 0h0.01L3 2");
        assert_eq!(path(&[None, None], x, y), "");
    }

    #[test]
    fn what_it_shows_is_told_in_words() {
        let drawn = spark(&[Some(3.0), None, Some(12.0)], Unit::Count, "mentions by week").into_string();
        assert!(drawn.contains("aria-label=\"mentions by week: from 3 to 12\""), "{drawn}");
        assert!(spark(&[None], Unit::Count, "x").into_string().contains("no history"));
    }
}
