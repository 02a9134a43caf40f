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
    look: Look,
}

pub fn cell(text: impl Into<String>) -> Cell {
    Cell { text: text.into(), look: Look::Plain }
}

impl Cell {
    pub fn look(self, look: Look) -> Self {
        Self { look, ..self }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Align {
    Left,
    Right,
}

pub struct Table {
    columns: Vec<(&'static str, Align)>,
    /// Columns that go when the terminal is too narrow, in this order.
    spare: &'static [&'static str],
    rows: Vec<Vec<Cell>>,
}

const GAP: &str = "  ";

impl Table {
    pub fn new(columns: &[(&'static str, Align)], spare: &'static [&'static str]) -> Self {
        Self { columns: columns.to_vec(), spare, rows: Vec::new() }
    }

    pub fn row(&mut self, cells: Vec<Cell>) {
        self.rows.push(cells);
    }

    /// Lines of at most `most` columns: what is empty in every row is left out; if the rest is too wide, the
    /// spare columns go first, then the last ones, but never the first two.
    pub fn render(&self, most: usize, paint: Paint) -> Vec<String> {
        let filled = |at: &usize| self.rows.iter().any(|row| !row[*at].text.is_empty());
        let mut shown: Vec<usize> = (0..self.columns.len()).filter(filled).collect();
        let wide = |at: usize| {
            let cells = self.rows.iter().map(|row| width(&row[at].text));
            cells.chain([width(self.columns[at].0)]).max().unwrap_or(0)
        };
        let total =
            |shown: &[usize]| shown.iter().map(|at| wide(*at)).sum::<usize>() + GAP.len() * shown.len();
        let mut spare = self.spare.iter();
        while shown.len() > 2 && total(&shown) > most {
            match spare.next() {
                Some(name) => shown.retain(|at| self.columns[*at].0 != *name),
                None => _ = shown.pop(),
            }
        }
        let line = |cells: Vec<Cell>| {
            let parts: Vec<String> =
                shown.iter().map(|at| pad(&cells[*at], wide(*at), self.columns[*at].1, paint)).collect();
            let line = parts.iter().fold(String::new(), |line, part| line + GAP + part);
            if paint.on { line } else { fit(line.trim_end(), most) }
        };
        let head = self.columns.iter().map(|(name, _)| cell(*name).look(Look::Faint)).collect();
        std::iter::once(line(head)).chain(self.rows.iter().map(|row| line(row.clone()))).collect()
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
        let lines = sample().render(80, Paint { on: false });
        assert_eq!(lines, ["  name      n  last", "  日本      7  x", "  a     1,234  yz"]);
    }

    #[test]
    fn colour_changes_no_width() {
        let coloured = sample().render(80, Paint { on: true });
        assert!(coloured[1].contains("\x1b[31m7\x1b[0m"), "{coloured:?}");
        let bare: String = coloured[1].replace("\x1b[31m", "").replace("\x1b[0m", "");
        assert_eq!(bare.trim_end(), "  日本      7  x");
    }

    #[test]
    fn a_narrow_terminal_loses_the_spare_columns() {
        assert_eq!(sample().render(14, Paint { on: false })[2], "  a     yz");
    }
}
