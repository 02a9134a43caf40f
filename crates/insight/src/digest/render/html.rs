//! One self-contained page for a browser: charts as SVG within it, no script, nothing that is fetched.

use super::{escaped, heights};
use crate::digest::{
    link::Open,
    page::{Page, Point, Said, Section, Spark, Tone},
};

/// Pixels of a chart.
const WIDTH: f64 = 132.0;
const HEIGHT: f64 = 28.0;
/// Of a week of which nothing is known.
const DOT: f64 = 1.0;

const STYLE: &str = "body{margin:0 auto;max-width:52rem;padding:1.5rem;font:16px/1.5 system-ui,sans-serif;color:#1c2733;background:#fff}\
h1{font-size:1.5rem;margin:0}h2{font-size:1.1rem;margin:1.5rem 0 .5rem;border-bottom:1px solid #d8dee4}\
ul{list-style:none;margin:0;padding:0}li{margin:0 0 .9rem}p{margin:.3rem 0}\
.c,.n{color:#57606a}.good{color:#1a7f37}.bad{color:#b42318}\
blockquote{margin:.2rem 0;padding:0 .8rem;border-left:3px solid #d8dee4;color:#3d4852}\
code{font-size:.8rem;color:#57606a;overflow-wrap:anywhere}svg{vertical-align:middle;margin-left:.5rem}\
.u{fill:#9fb3c8}.w{fill:#2f6f9f}.z{fill:#d8dee4}";

/// The whole page.
#[must_use]
pub fn html(page: &Page) -> String {
    let title = escaped(&page.title);
    let notes: String =
        page.notes.iter().map(|note| format!("<p class=\"n\">{}</p>\n", escaped(note))).collect();
    let sections: String = page.sections.iter().map(section).collect();
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n\
         <title>{title}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<h1>{title}</h1>\n\
         <p class=\"c\">{}</p>\n<p>{}</p>\n{notes}{sections}</body>\n</html>\n",
        escaped(&page.context),
        escaped(&page.summary),
    )
}

fn section(section: &Section) -> String {
    let points: String = section.points.iter().map(point).collect();
    let more = section
        .more
        .as_ref()
        .map(|(more, open)| format!("<p class=\"n\">And {more} more: {}</p>\n", opened(open)));
    let (title, more) = (escaped(&section.title), more.unwrap_or_default());
    format!("<h2>{title}</h2>\n<ul>\n{points}</ul>\n{more}")
}

fn point(point: &Point) -> String {
    let class = match point.tone {
        Tone::Plain => "",
        Tone::Good => " class=\"good\"",
        Tone::Bad => " class=\"bad\"",
    };
    let chart = point.spark.as_ref().map(chart).unwrap_or_default();
    let bar = point.bar.map(bar).unwrap_or_default();
    let said: String = point.said.iter().map(said).collect();
    let open = point.open.as_ref().map(|open| format!("<p>{}</p>\n", opened(open))).unwrap_or_default();
    let (title, text) = (escaped(&point.title), escaped(&point.text));
    format!("<li><strong{class}>{title}</strong>{chart}{bar}\n<p>{text}</p>\n{said}{open}</li>\n")
}

fn said(said: &Said) -> String {
    let by = escaped(&said.by);
    let by = said.open.link.as_ref().map_or_else(|| by.clone(), |url| link(url, &by));
    format!("<blockquote>“{}” <span class=\"n\">{by}</span></blockquote>\n", escaped(&said.text))
}

fn opened(open: &Open) -> String {
    let link = open.link.as_ref().map(|url| format!("{} ", link(url, "Open"))).unwrap_or_default();
    format!("{link}<code>{}</code>", escaped(&open.command))
}

/// `text` is escaped already.
pub(super) fn link(url: &str, text: &str) -> String {
    format!("<a href=\"{}\" rel=\"noopener noreferrer\">{text}</a>", escaped(url))
}

/// A bar a week, the last one stronger.
fn chart(spark: &Spark) -> String {
    let heights = heights(&spark.values, spark.from_zero);
    let step = WIDTH / heights.len().max(1) as f64;
    let last = heights.len().saturating_sub(1);
    let bar = |(at, height): (usize, &Option<f64>)| {
        // The lowest of a week that is known still shows.
        let (tall, class) = match height {
            Some(height) => ((height * HEIGHT).max(DOT), if at == last { "w" } else { "u" }),
            None => (DOT, "z"),
        };
        let (x, y) = (at as f64 * step, HEIGHT - tall);
        format!(
            "<rect class=\"{class}\" x=\"{x:.1}\" y=\"{y:.1}\" width=\"{:.1}\" height=\"{tall:.1}\"/>",
            step - 2.0
        )
    };
    let bars: String = heights.iter().enumerate().map(bar).collect();
    let label = escaped(&format!("{}: now {}, before {}", spark.label, spark.now, spark.before));
    format!(
        "<svg role=\"img\" aria-label=\"{label}\" width=\"{WIDTH}\" height=\"{HEIGHT}\" viewBox=\"0 0 {WIDTH} {HEIGHT}\">\
         <title>{label}</title>{bars}</svg>"
    )
}

fn bar(share: f64) -> String {
    let full = share.clamp(0.0, 1.0) * WIDTH;
    format!(
        "<svg aria-hidden=\"true\" width=\"{WIDTH}\" height=\"10\" viewBox=\"0 0 {WIDTH} 10\">\
         <rect class=\"z\" width=\"{WIDTH}\" height=\"10\"/><rect class=\"w\" width=\"{full:.1}\" height=\"10\"/></svg>"
    )
}
