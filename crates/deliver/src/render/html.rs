//! The HTML of a mail: tables and styles on the elements themselves, since clients know little else; no image, no script,
//! nothing that is fetched. Bars are cells of a table.

use super::{context, headline};
use crate::clean;
use crate::note::{Block, Fact, Link, Note, Quote, Table};

const FONT: &str = "font-family:Arial,Helvetica,sans-serif;font-size:14px;line-height:1.5;color:#222222";
const CELL: &str =
    "padding:4px 12px 4px 0;text-align:left;vertical-align:top;border-bottom:1px solid #e5e5e5";
/// Pixels of a full bar.
const BAR_WIDTH: u32 = 120;
const FULL: &str = "#3b6ea5";
const LIGHT: &str = "#e5e5e5";

/// The whole page.
pub fn page(note: &Note) -> String {
    let title = escaped(&headline(note));
    let context = escaped(&context(note));
    let summary = paragraph(&note.summary);
    let blocks: String = note.blocks.iter().map(block).collect();
    let links: Vec<String> = note.links.iter().map(link).collect();
    let links = if links.is_empty() { String::new() } else { format!("<p>{}</p>\n", links.join("<br>\n")) };
    format!(
        "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>{title}</title></head>\n\
         <body style=\"margin:0;padding:16px;background:#ffffff\">\n\
         <table role=\"presentation\" width=\"100%\" cellpadding=\"0\" cellspacing=\"0\" style=\"max-width:680px\"><tr>\
         <td style=\"{FONT}\">\n\
         <h1 style=\"font-size:20px;margin:0 0 4px 0\">{title}</h1>\n\
         <p style=\"margin:0 0 12px 0;color:#666666\">{context}</p>\n\
         {summary}{blocks}{links}</td></tr></table>\n</body></html>\n"
    )
}

fn block(block: &Block) -> String {
    match block {
        Block::Heading { text } => {
            format!("<h2 style=\"font-size:16px;margin:16px 0 4px 0\">{}</h2>\n", escaped(&clean::line(text)))
        }
        Block::Paragraph { text } => paragraph(text),
        Block::Facts { facts } => facts_table(facts),
        Block::Bullets { points } => {
            let items = points.iter().map(|point| {
                let behind =
                    point.link.as_ref().map(|link| format!(" ({})", self::link(link))).unwrap_or_default();
                format!("<li>{}{behind}</li>\n", escaped(&clean::line(&point.text)))
            });
            format!("<ul style=\"margin:8px 0;padding-left:20px\">\n{}</ul>\n", items.collect::<String>())
        }
        Block::Quotes { quotes } => quotes.iter().map(quoted).collect(),
        Block::Table(table) => bars_table(table),
    }
}

fn paragraph(text: &str) -> String {
    let text = clean::text(text);
    let text = text.trim();
    if text.is_empty() {
        return String::new();
    }
    let lines: Vec<String> = text.lines().map(escaped).collect();
    format!("<p style=\"margin:8px 0\">{}</p>\n", lines.join("<br>\n"))
}

fn facts_table(facts: &[Fact]) -> String {
    let rows = facts.iter().map(|fact| {
        let (name, value) = (escaped(&clean::line(&fact.name)), escaped(&clean::line(&fact.value)));
        format!("<tr><th style=\"{CELL}\">{name}</th><td style=\"{CELL}\">{value}</td></tr>\n")
    });
    table_of(&rows.collect::<String>())
}

fn quoted(quote: &Quote) -> String {
    let behind = quote.link.as_ref().map(|link| format!(", {}", self::link(link))).unwrap_or_default();
    let (text, record) = (escaped(&clean::line(&quote.text)), escaped(&clean::line(&quote.record)));
    format!(
        "<blockquote style=\"margin:8px 0;padding:4px 12px;border-left:3px solid {FULL}\">{text}<br>\
         <span style=\"color:#666666\">{record}{behind}</span></blockquote>\n"
    )
}

fn bars_table(table: &Table) -> String {
    let bars = table.has_bars();
    let row = |tag: &str, cells: &[String], bar: Option<String>| {
        let texts = (0..table.width()).map(|at| cells.get(at).map_or("", String::as_str));
        let texts =
            texts.map(|text| format!("<{tag} style=\"{CELL}\">{}</{tag}>", escaped(&clean::line(text))));
        let bar = bar.map(|bar| format!("<td style=\"{CELL}\">{bar}</td>"));
        format!("<tr>{}</tr>\n", texts.chain(bar).collect::<String>())
    };
    let mut rows = row("th", &table.columns, bars.then(String::new));
    for line in &table.rows {
        rows += &row("td", &line.cells, bars.then(|| line.share().map(bar).unwrap_or_default()));
    }
    table_of(&rows)
}

/// Two cells side by side, as wide as the share and as the rest.
fn bar(share: f64) -> String {
    let full = (share.clamp(0.0, 1.0) * f64::from(BAR_WIDTH)).round() as u32;
    let cell = |width: u32, color: &str| {
        let style = format!("background:{color};height:10px;font-size:0;line-height:0");
        let cell = format!("<td width=\"{width}\" bgcolor=\"{color}\" style=\"{style}\">&nbsp;</td>");
        if width == 0 { String::new() } else { cell }
    };
    format!(
        "<table role=\"presentation\" cellpadding=\"0\" cellspacing=\"0\" width=\"{BAR_WIDTH}\"><tr>{}{}</tr></table>",
        cell(full, FULL),
        cell(BAR_WIDTH - full, LIGHT)
    )
}

fn table_of(rows: &str) -> String {
    format!("<table cellpadding=\"0\" cellspacing=\"0\" style=\"{FONT};margin:8px 0\">\n{rows}</table>\n")
}

/// The text as a link; the text alone where the address may be none.
fn link(link: &Link) -> String {
    let text = escaped(&clean::line(&link.text));
    match link.address() {
        Some(url) => format!("<a href=\"{}\" style=\"color:{FULL}\">{text}</a>", escaped(url.as_str())),
        None => text,
    }
}

/// A text as text, in an element or in an attribute's quotes.
fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::samples;

    #[test]
    fn each_part_is_in_the_page() {
        let page = page(&samples::alert());
        for part in [
            "<h1 style=\"font-size:20px;margin:0 0 4px 0\">Complaints about billing doubled</h1>",
            "Since Tuesday.<br>\nMost are from Germany.",
            "<li>Charged twice (<a href=\"https://v.example/a?b=1&amp;c=2\"",
            "You charged me twice &amp; nobody answers.<br>",
            "<td width=\"30\" bgcolor=\"#3b6ea5\"",
            "<td width=\"90\" bgcolor=\"#e5e5e5\"",
            ">All records</a>",
        ] {
            assert!(page.contains(part), "{part}: {page}");
        }
        assert!(!page.contains("width=\"0\""), "a cell without a width takes what is left");
        for absent in ["<script", "<img", "<style", "<link", "@import", "url("] {
            assert!(!page.contains(absent), "{absent}");
        }
    }
}
