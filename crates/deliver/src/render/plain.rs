//! A note in plain text: the other half of a mail, and what becomes of a table where there are only letters.

use super::{BAR, bar, context, headline};
use crate::clean;
use crate::note::{Block, Link, Note, Table};
use unicode_width::UnicodeWidthStr;

/// Columns of a cell beyond which it is cut.
const WIDEST: usize = 40;

/// The whole note, lines ended by `\n`.
pub fn text(note: &Note) -> String {
    let mut parts = vec![headline(note), context(note), clean::line(&note.summary)];
    parts.extend(note.blocks.iter().map(block));
    parts.extend((!note.links.is_empty()).then(|| lines(note.links.iter().map(link))));
    parts.retain(|part| !part.is_empty());
    parts.join("\n\n") + "\n"
}

fn block(block: &Block) -> String {
    match block {
        Block::Heading { text } => {
            let text = clean::line(text);
            let rule = "-".repeat(text.width());
            format!("{text}\n{rule}")
        }
        Block::Paragraph { text } => clean::text(text).trim().to_owned(),
        Block::Facts { facts } => lines(
            facts.iter().map(|fact| format!("{}: {}", clean::line(&fact.name), clean::line(&fact.value))),
        ),
        Block::Bullets { points } => lines(points.iter().map(|point| {
            let behind =
                point.link.as_ref().map(|link| format!(" ({})", self::link(link))).unwrap_or_default();
            format!("- {}{behind}", clean::line(&point.text))
        })),
        Block::Quotes { quotes } => lines(quotes.iter().map(|quote| {
            let behind =
                quote.link.as_ref().map(|link| format!(", {}", self::link(link))).unwrap_or_default();
            format!("\"{}\"\n  {}{behind}", clean::line(&quote.text), clean::line(&quote.record))
        })),
        Block::Table(table) => lines(table_lines(table)),
    }
}

/// "All records: https://…"; the text alone where the address may be no link.
fn link(link: &Link) -> String {
    let text = clean::line(&link.text);
    match link.address() {
        Some(url) => format!("{text}: {url}"),
        None => text,
    }
}

fn lines(lines: impl IntoIterator<Item = String>) -> String {
    lines.into_iter().collect::<Vec<_>>().join("\n")
}

/// Columns side by side, each as wide as its widest cell, and the bars last. Cells are cleaned and cut, not escaped.
pub fn table_lines(table: &Table) -> Vec<String> {
    let columns = table.width();
    let cell =
        |text: Option<&String>| text.map(|text| clean::cut(&clean::line(text), WIDEST)).unwrap_or_default();
    let cells = |texts: &[String]| -> Vec<String> { (0..columns).map(|at| cell(texts.get(at))).collect() };
    let mut rows = vec![(cells(&table.columns), None)];
    rows.extend(table.rows.iter().map(|row| (cells(&row.cells), row.share())));
    let widest = |at: usize| rows.iter().map(|(cells, _)| cells[at].width()).max().unwrap_or(0);
    let widths: Vec<usize> = (0..columns).map(widest).collect();
    rows.iter()
        .map(|(cells, share)| {
            let padded = cells.iter().zip(&widths);
            let padded = padded.map(|(cell, width)| format!("{cell}{}", " ".repeat(width - cell.width())));
            let bar = share.map(|share| bar(share, BAR));
            padded.chain(bar).collect::<Vec<_>>().join("  ").trim_end().to_owned()
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::samples;

    #[test]
    fn a_note_reads_well_without_any_markup() {
        insta::assert_snapshot!(text(&samples::alert()), @r#"
        Complaints about billing doubled

        critical alert, 2025-11-27 08:00 UTC

        38 of 120 were negative (32%, 24 to 40%), up from 15%.

        What moved
        ----------

        Since Tuesday.
        Most are from Germany.

        Since: 2025-11-25
        People: 31

        - Charged twice (12 records: https://v.example/a?b=1&c=2)
        - No invoice

        "You charged me twice & nobody answers."
          zendesk/4711, open: https://v.example/r/4711

        Topic    Share
        billing  32%    ████████████████████
        login    8%     █████░░░░░░░░░░░░░░░

        All records: https://v.example/alerts/7
        "#);
    }

    #[test]
    fn a_table_with_ragged_rows_is_filled_up() {
        let row = |cells: &[&str]| crate::note::Row {
            cells: cells.iter().map(|c| (*c).to_owned()).collect(),
            bar: None,
        };
        let table = Table { columns: vec!["a".into()], rows: vec![row(&["1", "2", "3"]), row(&[])] };
        assert_eq!(table_lines(&table), ["a", "1  2  3", ""]);
    }
}
