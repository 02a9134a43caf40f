//! Which days, product and source a page is about: read from its address.

use super::parts::forms;
use crate::problem::Problem;
use crate::state::{App, now};
use feedback::time::Day;
use insight::report::{Period, Scope, scope::parse_day};
use insight::shelf::Label;
use maud::{Markup, html};
use serde::Deserialize;

/// Beyond this a page is no overview any more, and a report takes too long.
const MOST_DAYS: i32 = 731;
/// What people choose from, in weeks.
const CHOICES: [i32; 4] = [1, 4, 12, 26];

/// The address as it came. Absent and empty are the same.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    pub weeks: String,
    pub from: String,
    pub to: String,
    pub product: String,
    pub source: String,
    pub sort: String,
}

impl Asked {
    /// Complete weeks, or the days that are named.
    ///
    /// # Errors
    /// What cannot be read, with what can.
    pub fn scope(&self, usual_weeks: i32) -> Result<Scope, Problem> {
        let (from, to) = (day("from", &self.from)?, day("to", &self.to)?);
        let weeks = self.weeks(usual_weeks)?;
        let whole = Scope::weeks_before(now(), weeks).period;
        let period = match (from, to) {
            (Some(from), Some(to)) => Period { from, to },
            (Some(from), None) => Period { from, to: now().day().plus(-1).max(from) },
            (None, Some(to)) => Period { from: to.plus(1 - 7 * weeks), to },
            (None, None) => whole,
        };
        if period.from > period.to {
            return Err(Problem::bad_request(format!("from={} is after to={}", period.from, period.to)));
        }
        if period.days() > MOST_DAYS {
            return Err(Problem::bad_request(format!("at most {MOST_DAYS} days fit on a page")));
        }
        let named = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
        let scope = Scope::of_days(period.from, period.to);
        Ok(Scope { product: named(&self.product), source: named(&self.source), ..scope })
    }

    fn weeks(&self, usual: i32) -> Result<i32, Problem> {
        match self.weeks.trim() {
            "" => Ok(usual),
            text => text.parse().ok().filter(|weeks| (1..=MOST_DAYS / 7).contains(weeks)).ok_or_else(|| {
                Problem::bad_request(format!("weeks={text}: expected a number from 1 to {}", MOST_DAYS / 7))
            }),
        }
    }

    /// How the page is narrowed: the period, and the product and the source where there are several.
    #[must_use]
    pub fn bar(&self, path: &str, usual_weeks: i32, choices: &Choices) -> Markup {
        html! {
            div {
                (self.choices(path, usual_weeks))
                (self.narrow(path, choices))
            }
        }
    }

    fn narrow(&self, path: &str, Choices { products, sources }: &Choices) -> Markup {
        let (product, source) = (self.product.trim(), self.source.trim());
        let is_choice = |values: &[String], chosen: &str| values.len() > 1 || !chosen.is_empty();
        let (by_product, by_source) = (is_choice(products, product), is_choice(sources, source));
        let others = [("weeks", &self.weeks), ("from", &self.from), ("to", &self.to), ("sort", &self.sort)];
        let others = others.into_iter().filter(|(_, value)| !value.trim().is_empty());
        html! {
            @if by_product || by_source {
                form.inline method="get" action=(path) data-at-once aria-label="Product and source" {
                    @for (name, value) in others { input type="hidden" name=(name) value=(value.trim()); }
                    @if by_product {
                        (forms::select("product", "Product", product, &forms::any_of("All products", names(products))))
                    }
                    @if by_source {
                        (forms::select("source", "Source", source, &forms::any_of("All sources", names(sources))))
                    }
                    noscript { button.quiet type="submit" { "Show" } }
                }
            }
        }
    }

    /// The same page with another order, or another page about the same.
    #[must_use]
    pub fn address(&self, path: &str, sort: &str) -> String {
        let fields = [
            ("weeks", self.weeks.trim()),
            ("from", self.from.trim()),
            ("to", self.to.trim()),
            ("product", self.product.trim()),
            ("source", self.source.trim()),
            ("sort", sort),
        ];
        forms::address(path, &fields)
    }

    /// The lengths to choose from, the one in force marked.
    #[must_use]
    pub fn choices(&self, path: &str, usual_weeks: i32) -> Markup {
        let by_days = !self.from.is_empty() || !self.to.is_empty();
        let chosen = if by_days { None } else { self.weeks(usual_weeks).ok() };
        html! {
            nav.choices aria-label="Period" {
                @for weeks in CHOICES {
                    a href={ (path) "?weeks=" (weeks) (self.rest()) } aria-current=[(chosen == Some(weeks)).then_some("true")] {
                        @if weeks == 1 { "1 week" } @else { (weeks) " weeks" }
                    }
                }
            }
        }
    }

    /// Product, source and order, to stay in force in a link.
    fn rest(&self) -> String {
        let mut pairs = form_urlencoded::Serializer::new(String::new());
        for (name, value) in [("product", &self.product), ("source", &self.source), ("sort", &self.sort)] {
            if !value.trim().is_empty() {
                pairs.append_pair(name, value.trim());
            }
        }
        match pairs.finish() {
            pairs if pairs.is_empty() => pairs,
            pairs => format!("&{pairs}"),
        }
    }
}

/// The products and kinds of sources that records tell.
#[derive(Debug, Clone, Default)]
pub struct Choices {
    pub products: Vec<String>,
    pub sources: Vec<String>,
}

impl Choices {
    #[must_use]
    pub fn of(app: &App) -> Self {
        let shelf = app.live.shelf();
        Self { products: shelf.words(Label::Product), sources: shelf.words(Label::SourceKind) }
    }
}

fn names(all: &[String]) -> impl Iterator<Item = &str> {
    all.iter().map(String::as_str)
}

fn day(name: &str, text: &str) -> Result<Option<Day>, Problem> {
    if text.trim().is_empty() {
        return Ok(None);
    }
    let day = parse_day(text);
    day.map(Some).ok_or_else(|| Problem::bad_request(format!("{name}: expected a date as in 2026-03-02")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(weeks: &str, from: &str, to: &str) -> Asked {
        Asked { weeks: weeks.into(), from: from.into(), to: to.into(), ..Asked::default() }
    }

    #[test]
    fn complete_weeks_unless_days_are_named() {
        let days = |weeks, from, to| asked(weeks, from, to).scope(4).map(|scope| scope.period.days());
        assert_eq!(days("", "", "").unwrap(), 28);
        assert_eq!(days("1", "", "").unwrap(), 7);
        assert_eq!(days("", "2026-03-02", "2026-03-08").unwrap(), 7);
        assert_eq!(days("2", "", "08.03.2026").unwrap(), 14);
        for (weeks, from, to) in [
            ("0", "", ""),
            ("many", "", ""),
            ("", "soon", ""),
            ("", "2026-03-09", "2026-03-08"),
            ("", "2001-01-01", "2026-03-08"),
        ] {
            assert!(days(weeks, from, to).is_err(), "{weeks} {from} {to}");
        }
    }

    #[test]
    fn a_product_stays_when_the_period_changes() {
        let asked = Asked { product: "a&b".into(), ..Asked::default() };
        let drawn = asked.choices("/", 4).into_string();
        assert!(drawn.contains("href=\"/?weeks=12&amp;product=a%26b\""), "{drawn}");
        assert!(drawn.contains("weeks=4&amp;product=a%26b\" aria-current=\"true\""), "{drawn}");
    }

    #[test]
    fn what_there_is_to_choose_from_is_offered_and_what_was_chosen_stays() {
        let choices = Choices {
            products: vec!["app".to_owned(), "<script>alert(1)</script>".to_owned()],
            sources: vec!["nps".to_owned()],
        };
        let asked = Asked { product: "\"gone\"".into(), weeks: "12".into(), ..Asked::default() };
        let drawn = asked.bar("/", 4, &choices).into_string();
        assert!(drawn.contains("<option value=\"&quot;gone&quot;\" selected>"), "{drawn}");
        assert!(drawn.contains("&lt;script&gt;") && !drawn.contains("<script>"), "{drawn}");
        assert!(drawn.contains("type=\"hidden\" name=\"weeks\" value=\"12\""), "{drawn}");
        assert!(!drawn.contains("All sources"), "there is one alone: {drawn}");
        assert!(!Asked::default().bar("/", 4, &Choices::default()).into_string().contains("<form"));
    }

    #[test]
    fn another_order_is_of_the_same_days() {
        let asked =
            Asked { weeks: "12".into(), source: "nps".into(), sort: "name".into(), ..Asked::default() };
        assert_eq!(asked.address("/topics", "-reach"), "/topics?weeks=12&source=nps&sort=-reach");
        assert_eq!(Asked::default().address("/topics/login", ""), "/topics/login");
    }
}
