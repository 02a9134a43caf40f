//! A chart as inline SVG: points with their intervals over shares of 0 to 1.

use super::markup::escaped;
use analyze::eval::Estimate;
use std::fmt::Write as _;

const WIDTH: f64 = 480.0;
const HEIGHT: f64 = 340.0;
/// Room for the axes' words: left, below, above, right.
const MARGIN: [f64; 4] = [58.0, 46.0, 12.0, 16.0];

pub struct Chart<'a> {
    /// What a reader who sees no picture is told.
    pub title: &'a str,
    pub x_label: &'a str,
    pub y_label: &'a str,
    /// The ranges shown.
    pub x: (f64, f64),
    pub y: (f64, f64),
    pub points: &'a [(f64, Estimate)],
    /// Draw where y equals x.
    pub ideal: bool,
    /// Join the points.
    pub joined: bool,
}

impl Chart<'_> {
    pub fn render(&self) -> String {
        let mut svg = format!(
            "<svg viewBox=\"0 0 {WIDTH} {HEIGHT}\" role=\"img\" aria-label=\"{title}\"><title>{title}</title>",
            title = escaped(self.title)
        );
        self.axes(&mut svg);
        if self.ideal {
            let (from, to) = (self.x.0.max(self.y.0), self.x.1.min(self.y.1));
            line(&mut svg, "ideal", [self.at_x(from), self.at_y(from), self.at_x(to), self.at_y(to)]);
        }
        if self.joined {
            let points =
                self.points.iter().map(|(x, y)| format!("{:.1},{:.1}", self.at_x(*x), self.at_y(y.value)));
            let points = points.collect::<Vec<_>>().join(" ");
            put(&mut svg, format_args!("<polyline class=\"joined\" points=\"{points}\"/>"));
        }
        for (x, y) in self.points {
            let x = self.at_x(*x);
            line(&mut svg, "interval", [x, self.at_y(y.low), x, self.at_y(y.high)]);
            let y = self.at_y(y.value);
            put(&mut svg, format_args!("<circle class=\"point\" cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"4\"/>"));
        }
        svg + "</svg>"
    }

    /// Lines of the grid with their percents, and what the axes measure.
    fn axes(&self, svg: &mut String) {
        let [left, below, above, right] = MARGIN;
        for tick in ticks(self.x) {
            let x = self.at_x(tick);
            line(svg, "grid", [x, above, x, HEIGHT - below]);
            words(svg, [x, HEIGHT - below + 16.0], "middle", &percent(tick));
        }
        for tick in ticks(self.y) {
            let y = self.at_y(tick);
            line(svg, "grid", [left, y, WIDTH - right, y]);
            words(svg, [left - 8.0, y + 4.0], "end", &percent(tick));
        }
        words(svg, [f64::midpoint(left, WIDTH - right), HEIGHT - 8.0], "middle", self.x_label);
        let middle = f64::midpoint(above, HEIGHT - below);
        put(svg, format_args!("<g transform=\"rotate(-90 14 {middle:.1})\">"));
        words(svg, [14.0, middle], "middle", self.y_label);
        svg.push_str("</g>");
    }

    fn at_x(&self, share: f64) -> f64 {
        let [left, _, _, right] = MARGIN;
        left + within(share, self.x) * (WIDTH - left - right)
    }

    fn at_y(&self, share: f64) -> f64 {
        let [_, below, above, _] = MARGIN;
        HEIGHT - below - within(share, self.y) * (HEIGHT - above - below)
    }
}

/// Where in a range a share lies, from 0 to 1; what is beyond it at its end.
fn within(share: f64, (from, to): (f64, f64)) -> f64 {
    ((share - from) / (to - from)).clamp(0.0, 1.0)
}

/// Tenths of a short range, fifths of a long one.
fn ticks((from, to): (f64, f64)) -> impl Iterator<Item = f64> {
    let step = if to - from > 0.6 { 2 } else { 1 };
    let tenths = |share: f64| (10.0 * share).round() as u32;
    (tenths(from)..=tenths(to)).step_by(step).map(|tenth| f64::from(tenth) / 10.0)
}

fn percent(share: f64) -> String {
    format!("{:.0}%", 100.0 * share)
}

fn line(svg: &mut String, class: &str, [x1, y1, x2, y2]: [f64; 4]) {
    put(
        svg,
        format_args!("<line class=\"{class}\" x1=\"{x1:.1}\" y1=\"{y1:.1}\" x2=\"{x2:.1}\" y2=\"{y2:.1}\"/>"),
    );
}

fn words(svg: &mut String, [x, y]: [f64; 2], anchor: &str, text: &str) {
    let text = escaped(text);
    put(svg, format_args!("<text x=\"{x:.1}\" y=\"{y:.1}\" text-anchor=\"{anchor}\">{text}</text>"));
}

fn put(svg: &mut String, part: std::fmt::Arguments<'_>) {
    // A String takes everything.
    let _ = svg.write_fmt(part);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_lie_within_the_axes() {
        let points = [
            (0.5, Estimate { value: 0.5, low: 0.25, high: 0.75 }),
            (1.0, Estimate { value: 1.0, low: 0.0, high: 1.0 }),
        ];
        let chart = Chart {
            title: "a < b",
            x_label: "confidence",
            y_label: "right",
            x: (0.0, 1.0),
            y: (0.0, 1.0),
            points: &points,
            ideal: true,
            joined: false,
        };
        let svg = chart.render();
        assert_eq!(
            (svg.matches("class=\"point\"").count(), svg.matches("class=\"interval\"").count()),
            (2, 2)
        );
        assert!(svg.contains("aria-label=\"a &lt; b\"") && svg.contains(">confidence</text>"), "{svg}");
        // From the lower left to the upper right corner.
        assert!(svg.contains("class=\"ideal\" x1=\"58.0\" y1=\"294.0\" x2=\"464.0\" y2=\"12.0\""), "{svg}");
        assert!(
            svg.contains("cx=\"261.0\" cy=\"153.0\"") && svg.contains("cx=\"464.0\" cy=\"12.0\""),
            "{svg}"
        );
        assert!(svg.contains(">0%</text>") && svg.contains(">20%</text>") && !svg.contains(">10%</text>"));
        assert!(!svg.contains("polyline"));
    }

    #[test]
    fn a_short_range_has_a_line_each_tenth() {
        assert_eq!(ticks((0.5, 1.0)).collect::<Vec<_>>(), [0.5, 0.6, 0.7, 0.8, 0.9, 1.0]);
        assert_eq!(ticks((0.0, 1.0)).count(), 6);
        assert_eq!(within(0.2, (0.5, 1.0)), 0.0);
    }
}
