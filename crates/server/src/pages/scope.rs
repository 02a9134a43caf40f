//! Which days, product and source a page is about, and how it is narrowed to others.

use super::parts::forms;
use crate::state::App;
use insight::shelf::Label;
use maud::{Markup, html};

pub use crate::query::scope::Asked;

/// What people choose from, in weeks.
pub const CHOICES: [i32; 4] = [1, 4, 12, 26];

impl Asked {
    /// How the page is narrowed: the period, and the product and the source where there are several.
    #[must_use]
    pub fn bar(&self, path: &str, usual_weeks: i32, choices: &Choices) -> Markup {
        html! {
            div.bar {
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

#[cfg(test)]
mod tests {
    use super::*;

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
