//! A history as a chart: axes with units, an interval as a band, alerts marked, every value on pointing at it, and the same
//! as a table behind it.

use super::meter::fixed;
use super::number::Unit;
use super::scale::{Scale, ticks};
use super::spark::path;
use super::time;
use insight::report::{Period, count};
use insight::stats::Interval;
use maud::{Markup, html};

const WIDTH: f64 = 760.0;
const HEIGHT: f64 = 240.0;
const LEFT: f64 = 52.0;
const RIGHT: f64 = 748.0;
const TOP: f64 = 26.0;
const BOTTOM: f64 = 208.0;
/// The names of marks have a line of their own, below what the axis counts.
const NAMES: f64 = 16.0;
/// About as wide as a letter of a name is.
const LETTER: f64 = 7.0;

/// What one step of the axis holds.
#[derive(Debug, Clone, PartialEq)]
pub struct Point {
    /// The days it is of: one, or a week that may be cut.
    pub days: Period,
    /// `None` where there is nothing, or too little to show.
    pub value: Option<f64>,
    pub interval: Option<Interval>,
    /// How many it was counted from.
    pub n: u64,
    /// Not over yet.
    pub partial: bool,
    /// Opens the records behind it.
    pub link: Option<String>,
}

/// A stretch of days with a name: an alert.
#[derive(Debug, Clone, PartialEq)]
pub struct Mark {
    pub days: Period,
    pub label: String,
    pub link: Option<String>,
}

/// Where a mark lies.
struct Placed {
    left: f64,
    right: f64,
    /// Only where none of the marks before is written.
    name: Option<String>,
    /// The name is written to the left of the mark's end, for it would reach beyond the picture.
    at_end: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Look {
    /// For what adds up.
    Bars,
    /// For shares and scores.
    Line,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Chart {
    pub title: String,
    /// What the vertical axis counts: `mentions a week`, `share of judged mentions`.
    pub axis: String,
    pub unit: Unit,
    pub look: Look,
    /// In the order of time, without holes: a day without anything is a point without a value.
    pub points: Vec<Point>,
    pub marks: Vec<Mark>,
    pub goal: Option<f64>,
}

impl Chart {
    #[must_use]
    pub fn draw(&self) -> Markup {
        if self.points.iter().all(|point| point.value.is_none()) {
            return html! {
                figure {
                    figcaption { (self.title) }
                    p.empty { "Nothing to draw in these days." }
                }
            };
        }
        html! {
            figure {
                figcaption { (self.title) }
                div.scroll tabindex="0" role="group" aria-label={ (self.title) ", chart" } { (self.svg()) }
                (self.table())
            }
        }
    }

    /// The picture, and over it what answers to the pointer: nothing that leads somewhere can be part of a picture.
    fn svg(&self) -> Markup {
        html! {
            svg.chart viewBox={ "0 0 " (WIDTH) " " (HEIGHT) } {
                (self.picture())
                g aria-hidden="true" { (self.hits(self.columns())) }
            }
        }
    }

    /// From the number of a column to where it begins.
    fn columns(&self) -> Scale {
        Scale::new((0.0, self.points.len() as f64), (LEFT, RIGHT))
    }

    /// Where the picture begins under the words above it.
    fn top(&self) -> f64 {
        if self.marks.is_empty() { TOP } else { TOP + NAMES }
    }

    fn picture(&self) -> Markup {
        let steps = ticks(self.bounds().0, self.bounds().1, 4);
        let ends = (steps[0], steps[steps.len() - 1]);
        let (x, y) = (self.columns(), Scale::new(ends, (BOTTOM, self.top())));
        html! {
            g role="img" aria-label=(self.summary()) {
                text x=(fixed(LEFT - 44.0)) y="14" { (self.axis) }
                @for step in &steps {
                    line.grid-line x1=(LEFT) x2=(RIGHT) y1=(fixed(y.at(*step))) y2=(fixed(y.at(*step))) {}
                    text x=(LEFT - 6.0) y=(fixed(y.at(*step) + 4.0)) text-anchor="end" { (self.tick(*step)) }
                }
                @for mark in self.placed(x) { (self.mark(&mark)) }
                @match self.look {
                    Look::Bars => (self.bars(x, y)),
                    Look::Line => (self.line(x, y)),
                }
                @if let Some(goal) = self.goal {
                    line.goal x1=(LEFT) x2=(RIGHT) y1=(fixed(y.at(goal))) y2=(fixed(y.at(goal))) {}
                    text x=(RIGHT) y=(fixed(y.at(goal) - 4.0)) text-anchor="end" { "target " (self.unit.shown(goal)) }
                }
                (self.days(x))
            }
        }
    }

    /// What the axis has to cover, intervals and goal included. Bars and shares stand on zero.
    fn bounds(&self) -> (f64, f64) {
        let values = self.points.iter().filter_map(|point| point.value);
        let ends = self.points.iter().filter_map(|point| point.interval).flat_map(|i| [i.low, i.high]);
        let all: Vec<f64> = values.chain(ends).chain(self.goal).filter(|value| value.is_finite()).collect();
        let low = all.iter().copied().fold(f64::MAX, f64::min);
        let high = all.iter().copied().fold(f64::MIN, f64::max);
        match self.unit {
            Unit::Count | Unit::Share => (0.0, high.max(low)),
            Unit::Points | Unit::Mean => (low, high),
        }
    }

    fn tick(&self, value: f64) -> String {
        match self.unit {
            Unit::Mean => format!("{value:.1}"),
            Unit::Count if value.fract() != 0.0 => String::new(),
            unit => unit.shown(value),
        }
    }

    fn bars(&self, x: Scale, y: Scale) -> Markup {
        let wide = x.at(1.0) - x.at(0.0);
        let gap = (wide * 0.2).min(4.0);
        html! {
            @for (at, point) in self.points.iter().enumerate() {
                @if let Some(value) = point.value {
                    @let top = y.at(value);
                    rect.bar.partial[point.partial] x=(fixed(x.at(at as f64) + gap / 2.0)) y=(fixed(top))
                        width=(fixed(wide - gap)) height=(fixed(y.at(0.0) - top)) {}
                }
            }
        }
    }

    fn line(&self, x: Scale, y: Scale) -> Markup {
        let middle = Middle { x };
        let values: Vec<Option<f64>> = self.points.iter().map(|point| point.value).collect();
        html! {
            @for stretch in self.stretches() { path.band d=(band(&self.points, stretch, middle, y)) {} }
            path.line d=(path(&values, middle.scale(self.points.len()), y)) {}
            @for (at, point) in self.points.iter().enumerate() {
                @if let Some(value) = point.value {
                    circle.dot.partial[point.partial] cx=(fixed(middle.at(at))) cy=(fixed(y.at(value))) r="3" {}
                }
            }
        }
    }

    /// Runs of points with an interval: a band is not drawn over what is not known.
    fn stretches(&self) -> Vec<std::ops::Range<usize>> {
        let mut stretches: Vec<std::ops::Range<usize>> = Vec::new();
        for (at, point) in self.points.iter().enumerate() {
            if point.interval.is_none() || point.value.is_none() {
                continue;
            }
            match stretches.last_mut() {
                Some(last) if last.end == at => last.end = at + 1,
                _ => stretches.push(at..at + 1),
            }
        }
        stretches
    }

    /// The marks that lie within the picture. Names that would lie over each other are left out but for the first.
    fn placed(&self, x: Scale) -> Vec<Placed> {
        let mut written: Vec<(f64, f64)> = Vec::new();
        let place = |mark: &Mark| {
            let within = |point: &Point| point.days.to >= mark.days.from && point.days.from <= mark.days.to;
            let first = self.points.iter().position(within)?;
            let last = self.points.iter().rposition(within).unwrap_or(first);
            let (left, right) = (x.at(first as f64), x.at(last as f64 + 1.0));
            let name = shortened(&mark.label);
            let wide = name.chars().count() as f64 * LETTER;
            let at_end = left + wide > RIGHT;
            let (from, to) = if at_end { (right - wide, right) } else { (left, left + wide) };
            let is_free = written.iter().all(|(begin, end)| to < *begin || from > *end);
            written.extend(is_free.then_some((from, to)));
            Some(Placed { left, right, name: is_free.then_some(name), at_end })
        };
        self.marks.iter().filter_map(place).collect()
    }

    fn mark(&self, Placed { left, right, name, at_end }: &Placed) -> Markup {
        let top = self.top();
        let (anchor, place) = if *at_end { ("end", right - 3.0) } else { ("start", left + 3.0) };
        html! {
            rect.mark x=(fixed(*left)) y=(top) width=(fixed(right - left)) height=(BOTTOM - top) {}
            line.mark-edge x1=(fixed(*left)) x2=(fixed(*left)) y1=(top) y2=(BOTTOM) {}
            @if let Some(name) = name {
                text.mark-label x=(fixed(place)) y=(top - 4.0) text-anchor=(anchor) { (name) }
            }
        }
    }

    /// At most eight names along the bottom.
    fn days(&self, x: Scale) -> Markup {
        let each = self.points.len().div_ceil(8).max(1);
        html! {
            @for (at, point) in self.points.iter().enumerate().step_by(each) {
                @let place = (x.at(at as f64) + x.at(at as f64 + 1.0)) / 2.0;
                line.grid-line x1=(fixed(place)) x2=(fixed(place)) y1=(BOTTOM) y2=(BOTTOM + 4.0) {}
                text x=(fixed(place)) y=(BOTTOM + 18.0) text-anchor="middle" { (time::short(point.days.from)) }
            }
        }
    }

    /// Over everything: the whole column answers to the pointer, and opens its records.
    fn hits(&self, x: Scale) -> Markup {
        let (wide, top) = (x.at(1.0) - x.at(0.0), self.top());
        html! {
            @for (at, point) in self.points.iter().enumerate() {
                @let column = html! {
                    rect.hit x=(fixed(x.at(at as f64))) y=(top) width=(fixed(wide)) height=(BOTTOM - top) {
                        title { (self.told(point)) }
                    }
                };
                @match &point.link {
                    // By keyboard the table behind the chart leads to the same records.
                    Some(link) => a href=(link) tabindex="-1" { (column) },
                    None => (column),
                }
            }
        }
    }

    fn told(&self, point: &Point) -> String {
        let days = time::period(point.days);
        let partial = if point.partial { ", not over yet" } else { "" };
        match (point.value, point.interval) {
            (Some(value), Some(interval)) => format!(
                "{days}{partial}: {} ({}), n = {}",
                self.unit.shown(value),
                self.unit.between(interval),
                count(point.n)
            ),
            (Some(value), None) => format!("{days}{partial}: {}", self.unit.shown(value)),
            (None, _) => format!("{days}{partial}: too few (n = {})", count(point.n)),
        }
    }

    fn summary(&self) -> String {
        let known: Vec<&Point> = self.points.iter().filter(|point| point.value.is_some()).collect();
        let (Some(first), Some(last)) = (known.first(), known.last()) else { return self.title.clone() };
        format!(
            "{}. First {}. Last {}. The table below has every value.",
            self.title,
            self.told(first),
            self.told(last)
        )
    }

    fn table(&self) -> Markup {
        html! {
            details {
                summary { "Table: " (self.title) }
                div.scroll tabindex="0" role="group" aria-label={ (self.title) ", table" } {
                    table {
                        thead { tr {
                            th scope="col" { "Days" }
                            th.number scope="col" { (self.axis) }
                            @if self.look == Look::Line {
                                th.number scope="col" { "95% interval" }
                                th.number scope="col" { "n" }
                            }
                        } }
                        tbody {
                            @for point in &self.points { (self.row(point)) }
                        }
                    }
                }
            }
        }
    }

    fn row(&self, point: &Point) -> Markup {
        let shown = point.value.map_or_else(|| "too few".to_owned(), |value| self.unit.shown(value));
        html! {
            tr {
                th scope="row" { (time::period(point.days)) @if point.partial { " " small { "not over yet" } } }
                td.number {
                    @match &point.link { Some(link) => a href=(link) { (shown) }, None => (shown) }
                }
                @if self.look == Look::Line {
                    td.number { (point.interval.map_or_else(String::new, |i| self.unit.between(i))) }
                    td.number { (count(point.n)) }
                }
            }
        }
    }
}

/// The middles of the columns.
#[derive(Debug, Clone, Copy)]
struct Middle {
    x: Scale,
}

impl Middle {
    fn at(self, column: usize) -> f64 {
        (self.x.at(column as f64) + self.x.at(column as f64 + 1.0)) / 2.0
    }

    /// Of columns, counted from 0.
    fn scale(self, columns: usize) -> Scale {
        let last = columns.saturating_sub(1);
        Scale::new((0.0, last as f64), (self.at(0), self.at(last)))
    }
}

fn band(points: &[Point], stretch: std::ops::Range<usize>, x: Middle, y: Scale) -> String {
    let interval = |at: usize| points[at].interval.unwrap_or(Interval { low: 0.0, high: 0.0 });
    let mut path = String::new();
    // A point alone gets a short bar of its own.
    let (before, after) = if stretch.len() == 1 { (-3.0, 3.0) } else { (0.0, 0.0) };
    let last = stretch.end - 1;
    let left = |at: usize| x.at(at) + if at == stretch.start { before } else { 0.0 };
    let right = |at: usize| x.at(at) + if at == last { after } else { 0.0 };
    for at in stretch.clone() {
        let step = if path.is_empty() { 'M' } else { 'L' };
        path += &format!("{step}{} {}", fixed(left(at)), fixed(y.at(interval(at).high)));
    }
    if stretch.len() == 1 {
        path += &format!("L{} {}", fixed(right(last)), fixed(y.at(interval(last).high)));
    }
    for at in stretch.clone().rev() {
        path += &format!("L{} {}", fixed(right(at)), fixed(y.at(interval(at).low)));
    }
    if stretch.len() == 1 {
        path += &format!("L{} {}", fixed(left(last)), fixed(y.at(interval(last).low)));
    }
    path + "Z"
}

fn shortened(label: &str) -> String {
    const MOST: usize = 26;
    if label.chars().count() <= MOST {
        return label.to_owned();
    }
    label.chars().take(MOST - 1).chain(['\u{2026}']).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use feedback::time::Day;

    fn week(n: i32, value: Option<f64>) -> Point {
        let from = Day(20_513 + 7 * n);
        let interval = value.map(|value| Interval::new(value - 0.05, value + 0.05));
        Point { days: Period { from, to: from.plus(6) }, value, interval, n: 120, partial: false, link: None }
    }

    fn chart(points: Vec<Point>) -> Chart {
        Chart {
            title: "Negative share".to_owned(),
            axis: "of judged mentions".to_owned(),
            unit: Unit::Share,
            look: Look::Line,
            points,
            marks: Vec::new(),
            goal: None,
        }
    }

    #[test]
    fn a_gap_is_no_line_and_no_band() {
        let chart = chart(vec![week(0, Some(0.3)), week(1, Some(0.4)), week(2, None), week(3, Some(0.35))]);
        assert_eq!(chart.stretches(), [0..2, 3..4]);
        let drawn = chart.draw().into_string();
        assert_eq!(drawn.matches("class=\"band\"").count(), 2);
        assert_eq!(drawn.matches("class=\"dot\"").count(), 3);
        assert!(drawn.contains("too few (n = 120)"), "{drawn}");
    }

    #[test]
    fn every_value_stands_in_the_table_and_on_the_pointer() {
        let mut first = week(0, Some(0.312));
        first.link = Some("/feedback?topic=login&from=2026-03-02".to_owned());
        let drawn = chart(vec![first, week(1, Some(0.4))]).draw().into_string();
        assert_eq!(drawn.matches("31% (26 to 36%), n = 120").count(), 2, "pointer and summary: {drawn}");
        assert!(
            drawn.contains(
                "<td class=\"number\"><a href=\"/feedback?topic=login&amp;from=2026-03-02\">31%</a>"
            )
        );
    }

    #[test]
    fn an_alert_is_marked_over_its_days() {
        let mut chart = chart((0..4).map(|n| week(n, Some(0.3))).collect());
        chart.marks.push(Mark {
            days: Period { from: Day(20_521), to: Day(20_522) },
            label: "<b>Login & access</b>".to_owned(),
            link: None,
        });
        let drawn = chart.draw().into_string();
        assert!(drawn.contains("class=\"mark\""));
        assert!(drawn.contains("&lt;b&gt;Login &amp; access&lt;/b&gt;"), "{drawn}");
    }

    #[test]
    fn names_of_marks_do_not_lie_over_each_other() {
        let mut chart = chart((0..8).map(|n| week(n, Some(0.3))).collect());
        let mark = |week: i32, label: &str| {
            let from = Day(20_513 + 7 * week);
            Mark { days: Period { from, to: from.plus(6) }, label: label.to_owned(), link: None }
        };
        chart.marks =
            vec![mark(0, "Login and access, more"), mark(1, "Search"), mark(7, "Export"), mark(30, "Later")];
        let placed = chart.placed(chart.columns());
        let names: Vec<Option<&str>> = placed.iter().map(|mark| mark.name.as_deref()).collect();
        assert_eq!(names, [Some("Login and access, more"), None, Some("Export")]);
        let drawn = chart.draw().into_string();
        assert_eq!(drawn.matches("class=\"mark\"").count(), 3, "all are marked: {drawn}");
    }

    #[test]
    fn nothing_to_draw_is_said() {
        assert!(chart(vec![week(0, None)]).draw().into_string().contains("Nothing to draw"));
        assert!(chart(Vec::new()).draw().into_string().contains("Nothing to draw"));
    }
}
