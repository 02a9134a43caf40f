//! The page as HTML that every mail client shows: tables, styles on the elements themselves, bars as cells of a table. No
//! SVG, no image, no script, nothing that is fetched.

use super::{escaped, html::link};
use crate::digest::{
    link::Open,
    page::{Page, Point, Said, Section, Spark, Tone},
};

const FONT: &str = "font-family:Arial,Helvetica,sans-serif;font-size:14px;line-height:1.5;color:#222222";
const FAINT: &str = "color:#666666;font-size:12px";
/// Pixels of a full bar.
const BAR_WIDTH: u32 = 160;
const FULL: &str = "#2f6f9f";
const USUAL: &str = "#9fb3c8";
const LIGHT: &str = "#e5e5e5";

/// The whole page.
#[must_use]
pub fn mail(page: &Page) -> String {
    let title = escaped(&page.title);
    let notes: String = page
        .notes
        .iter()
        .map(|note| format!("<p style=\"margin:4px 0;{FAINT}\">{}</p>\n", escaped(note)))
        .collect();
    let sections: String = page.sections.iter().map(section).collect();
    format!(
        "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>{title}</title></head>\n\
         <body style=\"margin:0;padding:16px;background:#ffffff\">\n\
         <table role=\"presentation\" width=\"100%\" cellpadding=\"0\" cellspacing=\"0\" style=\"max-width:680px\"><tr>\
         <td style=\"{FONT}\">\n<h1 style=\"font-size:20px;margin:0\">{title}</h1>\n\
         <p style=\"margin:0 0 8px 0;{FAINT}\">{}</p>\n<p style=\"margin:8px 0\">{}</p>\n\
         {notes}{sections}</td></tr></table>\n</body></html>\n",
        escaped(&page.context),
        escaped(&page.summary),
    )
}

fn section(section: &Section) -> String {
    let points: String = section.points.iter().map(point).collect();
    let more = section.more.as_ref().map(|(more, open)| {
        format!("<tr><td style=\"padding:4px 0;{FAINT}\">And {more} more: {}</td></tr>\n", opened(open))
    });
    let (title, more) = (escaped(&section.title), more.unwrap_or_default());
    format!(
        "<h2 style=\"font-size:16px;margin:16px 0 4px 0\">{title}</h2>\n\
         <table role=\"presentation\" width=\"100%\" cellpadding=\"0\" cellspacing=\"0\">\n{points}{more}</table>\n"
    )
}

fn point(point: &Point) -> String {
    let color = match point.tone {
        Tone::Plain => "#222222",
        Tone::Good => "#1a7f37",
        Tone::Bad => "#b42318",
    };
    let (title, text) = (escaped(&point.title), escaped(&point.text));
    let spark = point.spark.as_ref().and_then(weeks).unwrap_or_default();
    let own = point.bar.map(|share| bars(&[("", "", share, FULL)])).unwrap_or_default();
    let said: String = point.said.iter().map(said).collect();
    let open = point.open.as_ref().map(|open| format!("<br><span style=\"{FAINT}\">{}</span>", opened(open)));
    let open = open.unwrap_or_default();
    format!(
        "<tr><td style=\"padding:6px 0;border-bottom:1px solid {LIGHT};{FONT}\"><strong style=\"color:{color}\">{title}</strong>\
         <br>{text}\n{spark}{own}{said}{open}</td></tr>\n"
    )
}

/// The week beside the mean of those before; nothing of what has no zero.
fn weeks(spark: &Spark) -> Option<String> {
    let [now, before] = spark.lengths?;
    Some(bars(&[
        ("This week", spark.now.as_str(), now, FULL),
        ("Before", spark.before.as_str(), before, USUAL),
    ]))
}

/// A row each: what it is, two cells as wide as the share and the rest, the value.
fn bars(rows: &[(&str, &str, f64, &str)]) -> String {
    let row = |(name, value, share, color): &(&str, &str, f64, &str)| {
        let full = (share.clamp(0.0, 1.0) * f64::from(BAR_WIDTH)).round() as u32;
        let text = |text: &str| {
            let text = escaped(text);
            if text.is_empty() {
                text
            } else {
                format!("<td style=\"padding:0 8px 0 0;{FAINT}\">{text}</td>")
            }
        };
        let (full, rest) = (cell(full, color), cell(BAR_WIDTH - full, LIGHT));
        let bar = format!(
            "<td style=\"padding:0 8px 0 0\"><table role=\"presentation\" cellpadding=\"0\" cellspacing=\"0\" \
             width=\"{BAR_WIDTH}\"><tr>{full}{rest}</tr></table></td>"
        );
        format!("<tr>{}{bar}{}</tr>", text(name), text(value))
    };
    let rows: String = rows.iter().map(row).collect();
    format!(
        "<table role=\"presentation\" cellpadding=\"0\" cellspacing=\"0\" style=\"margin:4px 0\">{rows}</table>\n"
    )
}

fn cell(width: u32, color: &str) -> String {
    if width == 0 {
        return String::new();
    }
    let style = format!("background:{color};height:10px;font-size:0;line-height:0");
    format!("<td width=\"{width}\" bgcolor=\"{color}\" style=\"{style}\">&nbsp;</td>")
}

fn said(said: &Said) -> String {
    let by = escaped(&said.by);
    let by = said.open.link.as_ref().map_or_else(|| by.clone(), |url| link(url, &by));
    format!(
        "<blockquote style=\"margin:4px 0;padding:0 12px;border-left:3px solid {LIGHT}\">“{}” \
         <span style=\"{FAINT}\">{by}</span></blockquote>\n",
        escaped(&said.text)
    )
}

fn opened(open: &Open) -> String {
    let link = open.link.as_ref().map(|url| format!("{} ", link(url, "Open"))).unwrap_or_default();
    format!("{link}<code>{}</code>", escaped(&open.command))
}
