//! Aligned columns with optional colour.

use super::text::{fit, width};

/// How a piece of text looks where colour is on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Look {
    Plain,
    Strong,
    Faint,
    Good,
    Bad,
}

#[derive(Debug, Clone, Copy)]
pub struct Paint {
    pub on: bool,
}

impl Paint {
    pub fn text(self, text: &str, look: Look) -> String {
        let code = match look {
            Look::Plain => return text.to_owned(),
            Look::Strong => "1",
            Look::Faint => "2",
            Look::Good => "32",
            Look::Bad => "31",
        };
        if self.on && !text.is_empty() { format!("\x1b[{code}m{text}\x1b[0m") } else { text.to_owned() }
    }
}

#[derive(Debug, Clone)]
pub struct Cell {
    text: String,
    /// For narrow terminals.
    short: Option<String>,
    look: Look,
}

pub fn cell(text: impl Into<String>) -> Cell {
    Cell { text: text.into(), short: None, look: Look::Plain }
}

impl Cell {
    pub fn look(self, look: Look) -> Self {
        Self { look, ..self }
    }

    fn shorten(&mut self) {
        if let Some(short) = self.short.take() {
            self.text = short;
        }
    }

    pub fn short(self, text: impl Into<String>) -> Self {
        Self { short: Some(text.into()), ..self }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Align {
    Left,
    Right,
}

pub struct Table {
    columns: Vec<(&'static str, Align)>,
    /// What gives way when the terminal is too narrow, in this order: a column goes, at [`SHORTER`] cells that have one
    /// show their short text.
    spare: &'static [&'static str],
    rows: Vec<Vec<Cell>>,
}

const GAP: &str = "  ";
/// Among the spare columns: cells become shorter.
pub const SHORTER: &str = "…";

impl Table {
    pub fn new(columns: &[(&'static str, Align)], spare: &'static [&'static str]) -> Self {
        Self { columns: columns.to_vec(), spare, rows: Vec::new() }
    }

    pub fn row(&mut self, cells: Vec<Cell>) {
        self.rows.push(cells);
    }

    /// Lines of at most `most` columns, and the names of the columns in them: what is empty in every row is left out; if
    /// the rest is too wide, what is spare gives way first, then the last columns, but never the first two.
    pub fn render(&self, most: usize, paint: Paint) -> (Vec<String>, Vec<&'static str>) {
        let mut rows = self.rows.clone();
        let filled = |at: &usize| rows.iter().any(|row| !row[*at].text.is_empty());
        let mut shown: Vec<usize> = (0..self.columns.len()).filter(filled).collect();
        let mut spare = self.spare.iter();
        while shown.len() > 2 && self.total(&rows, &shown) > most {
            match spare.next() {
                Some(&SHORTER) => rows.iter_mut().flatten().for_each(Cell::shorten),
                Some(name) => shown.retain(|at| self.columns[*at].0 != *name),
                None => _ = shown.pop(),
            }
        }
        let line = |cells: &[Cell]| {
            let part = |at: &usize| pad(&cells[*at], self.wide(&rows, *at), self.columns[*at].1, paint);
            let line = shown.iter().map(part).fold(String::new(), |line, part| line + GAP + &part);
            if paint.on { line } else { fit(line.trim_end(), most) }
        };
        let head: Vec<Cell> = self.columns.iter().map(|(name, _)| cell(*name).look(Look::Faint)).collect();
        let lines = std::iter::once(line(&head)).chain(rows.iter().map(|row| line(row))).collect();
        (lines, shown.iter().map(|at| self.columns[*at].0).collect())
    }

    fn wide(&self, rows: &[Vec<Cell>], at: usize) -> usize {
        let cells = rows.iter().map(|row| width(&row[at].text));
        cells.chain([width(self.columns[at].0)]).max().unwrap_or(0)
    }

    fn total(&self, rows: &[Vec<Cell>], shown: &[usize]) -> usize {
        shown.iter().map(|at| self.wide(rows, *at) + GAP.len()).sum()
    }
}

fn pad(cell: &Cell, to: usize, align: Align, paint: Paint) -> String {
    let blanks = " ".repeat(to.saturating_sub(width(&cell.text)));
    let text = paint.text(&cell.text, cell.look);
    match align {
        Align::Left => text + &blanks,
        Align::Right => blanks + &text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample() -> Table {
        let mut table = Table::new(
            &[("name", Align::Left), ("n", Align::Right), ("", Align::Left), ("last", Align::Left)],
            &["n"],
        );
        table.row(vec![cell("日本"), cell("7").look(Look::Bad), cell(""), cell("x")]);
        table.row(vec![cell("a"), cell("1,234"), cell(""), cell("yz")]);
        table
    }

    #[test]
    fn columns_align_and_empty_ones_vanish() {
        let (lines, _) = sample().render(80, Paint { on: false });
        assert_eq!(lines, ["  name      n  last", "  日本      7  x", "  a     1,234  yz"]);
    }

    #[test]
    fn colour_changes_no_width() {
        let (coloured, _) = sample().render(80, Paint { on: true });
        assert!(coloured[1].contains("\x1b[31m7\x1b[0m"), "{coloured:?}");
        let bare: String = coloured[1].replace("\x1b[31m", "").replace("\x1b[0m", "");
        assert_eq!(bare.trim_end(), "  日本      7  x");
    }

    #[test]
    fn a_narrow_terminal_loses_the_spare_columns() {
        let (lines, columns) = sample().render(14, Paint { on: false });
        assert_eq!((lines[2].as_str(), columns), ("  a     yz", vec!["name", "last"]));
    }

    #[test]
    fn cells_become_shorter_in_their_turn() {
        let mut table = Table::new(
            &[("name", Align::Left), ("n", Align::Left), ("last", Align::Left)],
            &[SHORTER, "last"],
        );
        table.row(vec![cell("a"), cell("+1 (0 to 2), noise").short("+1 noise"), cell("x")]);
        let rows = |most| table.render(most, Paint { on: false }).0.remove(1);
        assert_eq!(rows(40), "  a     +1 (0 to 2), noise  x");
        assert_eq!(rows(24), "  a     +1 noise  x");
        assert_eq!(rows(17), "  a     +1 noise");
    }
}
