//! Texts from a file or a pipe, one at a time: JSONL, CSV or plain lines.

use anyhow::{Context as _, bail};
use clap::ValueEnum;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use worker::files::{Record, Records};

/// No line is held in memory beyond this; a longer one is reported and passed over.
pub const LONGEST: usize = 1 << 20;

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// By the file's name; for a pipe by the first line
    Auto,
    /// One JSON object a line
    Jsonl,
    /// With a header; commas, semicolons or tabs
    Csv,
    /// One text a line
    Lines,
}

/// What one row of the input holds, not yet looked into.
#[derive(Debug)]
pub enum Row {
    Json(Vec<u8>),
    Line(Vec<u8>),
    Csv(csv::StringRecord),
    /// Nothing stands there.
    Blank,
    /// It could not be read; the reason.
    Unreadable(String),
}

/// A row and the line it starts at, from 1.
#[derive(Debug)]
pub struct Numbered {
    pub line: u64,
    pub row: Row,
}

/// An open input of a known format.
pub struct Input {
    pub header: Option<csv::StringRecord>,
    rows: Rows,
}

enum Rows {
    Plain { reader: Source, json: bool, line: u64 },
    Csv(Records<Source>),
}

type Source = BufReader<Box<dyn Read + Send>>;

/// Opens a file, or stdin for `-`. A header is known by a column with one of the names `texts`. `on_read` hears the
/// number of bytes at every read.
pub fn open(
    file: &Path,
    format: Format,
    texts: &[&str],
    on_read: impl FnMut(u64) + Send + 'static,
) -> anyhow::Result<Input> {
    let raw: Box<dyn Read + Send> = if file == Path::new("-") {
        Box::new(std::io::stdin())
    } else {
        Box::new(std::fs::File::open(file).with_context(|| format!("cannot open {}", file.display()))?)
    };
    from_reader(Counted { raw, on_read, total: 0 }, format, texts, Some(file))
}

fn from_reader(
    raw: impl Read + Send + 'static,
    format: Format,
    texts: &[&str],
    file: Option<&Path>,
) -> anyhow::Result<Input> {
    let mut reader: Source = BufReader::with_capacity(1 << 16, Box::new(raw));
    let format = if format == Format::Auto { guess(file, texts, &mut reader)? } else { format };
    if format != Format::Csv {
        let rows = Rows::Plain { reader, json: format == Format::Jsonl, line: 0 };
        return Ok(Input { header: None, rows });
    }
    let mut csv = Records::new(reader, LONGEST).context("the CSV cannot be read")?;
    let Some(Numbered { row: Row::Csv(header), .. }) = csv_row(&mut csv)? else {
        bail!("the CSV has no header: its first line must name the columns, in UTF-8");
    };
    Ok(Input { header: Some(header), rows: Rows::Csv(csv) })
}

fn guess(file: Option<&Path>, texts: &[&str], reader: &mut dyn BufRead) -> anyhow::Result<Format> {
    let extension = file.and_then(Path::extension).and_then(|e| e.to_str()).map(str::to_ascii_lowercase);
    match extension.as_deref() {
        Some("jsonl" | "ndjson" | "json") => return Ok(Format::Jsonl),
        Some("csv" | "tsv") => return Ok(Format::Csv),
        Some("txt") => return Ok(Format::Lines),
        _ => {}
    }
    let start = reader.fill_buf().context("the input cannot be read")?;
    // Nothing at all has no fields that are missed.
    let ended = start.is_empty();
    let start = start.strip_prefix(b"\xef\xbb\xbf").unwrap_or(start).trim_ascii_start();
    Ok(if ended || start.first() == Some(&b'{') {
        Format::Jsonl
    } else if is_header(start, texts) {
        Format::Csv
    } else {
        Format::Lines
    })
}

/// Whether the first line names columns, one of them the text's.
fn is_header(start: &[u8], texts: &[&str]) -> bool {
    let Ok(mut records) = Records::new(start, LONGEST) else { return false };
    let Ok(Some(Record { fields: Ok(cells), .. })) = records.next_record() else { return false };
    let is_text =
        |cell: &[u8]| texts.iter().any(|name| cell.trim_ascii().eq_ignore_ascii_case(name.as_bytes()));
    cells.len() > 1 && cells.iter().any(is_text)
}

/// What is wrong with a line's JSON, without quoting it.
pub fn json_error(error: &serde_json::Error) -> String {
    let what = if error.is_eof() { "the JSON ends too early" } else { "the line is not JSON" };
    format!("{what} (column {})", error.column())
}

impl Input {
    pub fn is_lines(&self) -> bool {
        matches!(self.rows, Rows::Plain { json: false, .. })
    }

    /// Whether the next row can be had without waiting for whoever writes the input.
    pub fn has_more_at_hand(&self) -> bool {
        match &self.rows {
            Rows::Plain { reader, .. } => reader.buffer().contains(&b'\n'),
            Rows::Csv(csv) => csv.has_more_at_hand(),
        }
    }
}

impl Iterator for Input {
    type Item = std::io::Result<Numbered>;

    /// A blank line is a row too, but for one of CSV. An error is one of the input itself and the last.
    fn next(&mut self) -> Option<Self::Item> {
        match &mut self.rows {
            Rows::Plain { reader, json, line } => plain_row(reader, *json, line).transpose(),
            Rows::Csv(csv) => csv_row(csv).transpose(),
        }
    }
}

fn plain_row(reader: &mut dyn BufRead, json: bool, line: &mut u64) -> std::io::Result<Option<Numbered>> {
    let mut bytes = Vec::new();
    if reader.take(LONGEST as u64 + 1).read_until(b'\n', &mut bytes)? == 0 {
        return Ok(None);
    }
    *line += 1;
    let row = if bytes.len() > LONGEST {
        skip_line(reader, &bytes)?;
        Row::Unreadable(format!("the line is longer than {} MiB", LONGEST >> 20))
    } else {
        let start = if *line == 1 { bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes) } else { &bytes };
        match start.trim_ascii() {
            b"" => Row::Blank,
            text if json => Row::Json(text.to_vec()),
            text => Row::Line(text.to_vec()),
        }
    };
    Ok(Some(Numbered { line: *line, row }))
}

fn skip_line(reader: &mut dyn BufRead, so_far: &[u8]) -> std::io::Result<()> {
    if so_far.last() == Some(&b'\n') {
        return Ok(());
    }
    loop {
        let buffer = reader.fill_buf()?;
        if buffer.is_empty() {
            return Ok(());
        }
        let (end, used) = match buffer.iter().position(|byte| *byte == b'\n') {
            Some(at) => (true, at + 1),
            None => (false, buffer.len()),
        };
        reader.consume(used);
        if end {
            return Ok(());
        }
    }
}

fn csv_row(csv: &mut Records<Source>) -> std::io::Result<Option<Numbered>> {
    let Some(Record { line, fields }) = csv.next_record()? else { return Ok(None) };
    let row = match fields.map(csv::StringRecord::from_byte_record) {
        Ok(Ok(record)) => Row::Csv(record),
        Ok(Err(_)) => Row::Unreadable("the row is not UTF-8".to_owned()),
        Err(broken) => Row::Unreadable(broken.why.to_string()),
    };
    Ok(Some(Numbered { line, row }))
}

struct Counted<R, F> {
    raw: R,
    on_read: F,
    total: u64,
}

impl<R: Read, F: FnMut(u64)> Read for Counted<R, F> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let read = self.raw.read(buffer)?;
        self.total += read as u64;
        (self.on_read)(self.total);
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(text: &'static [u8], format: Format) -> Vec<(u64, String)> {
        let input = from_reader(text, format, &["text", "comment"], None).unwrap();
        let show = |row: Row| match row {
            Row::Json(bytes) | Row::Line(bytes) => String::from_utf8_lossy(&bytes).into_owned(),
            Row::Csv(record) => record.iter().collect::<Vec<_>>().join("|"),
            Row::Blank => "(blank)".to_owned(),
            Row::Unreadable(why) => why,
        };
        input.map(|row| row.unwrap()).map(|n| (n.line, show(n.row))).collect()
    }

    #[test]
    fn every_line_is_a_row() {
        let lines = [(1, "one".into()), (2, "(blank)".into()), (3, "two".into())];
        assert_eq!(rows(b"\xef\xbb\xbfone\n\n two \r\n", Format::Lines), lines);
        let lines = [(1, "(blank)".into()), (2, "{\"text\":1}".into())];
        assert_eq!(rows(b"\n{\"text\":1}", Format::Auto), lines);
    }

    #[test]
    fn a_csv_row_may_span_lines() {
        let text = b"id,text\n1,\"a\nb\"\n2,\xff\n3,c\n";
        let read = rows(text, Format::Csv);
        assert_eq!(read[0], (2, "1|a\nb".into()));
        assert_eq!(read[1], (4, "the row is not UTF-8".into()));
        assert_eq!(read[2], (5, "3|c".into()));
        assert_eq!(rows(b"id;text\n1;a, b\n", Format::Csv), [(2, "1|a, b".into())]);
    }

    #[test]
    fn a_first_line_that_names_the_text_is_a_header() {
        assert_eq!(rows(b"\xef\xbb\xbfid;Comment \n1;a, b\n", Format::Auto), [(2, "1|a, b".into())]);
        assert_eq!(
            rows(b"id,text\n1,a, b\n", Format::Auto),
            [(2, "the row has more fields than the header".into())]
        );
        for lines in [&b"Well, this text is one\nb\n"[..], b"text\nb\n", b"\"text, b\nb"] {
            let read = from_reader(lines, Format::Auto, &["text"], None).unwrap();
            assert!(read.is_lines() && read.count() > 1, "{lines:?}");
        }
        assert!(!from_reader(&b""[..], Format::Auto, &["text"], None).unwrap().is_lines());
        assert!(
            from_reader(&b"\n"[..], Format::Auto, &["text"], None).unwrap().is_lines(),
            "words may follow"
        );
    }

    #[test]
    fn an_endless_line_is_not_held() {
        let endless = std::io::repeat(b'x').take(5 << 20).chain(&b"\nnext\n"[..]);
        let input = from_reader(endless, Format::Lines, &[], None).unwrap();
        let read: Vec<Numbered> = input.map(|row| row.unwrap()).collect();
        assert!(matches!(read[0].row, Row::Unreadable(_)));
        assert!(matches!(&read[1], Numbered { line: 2, row: Row::Line(text) } if text == b"next"));
    }
}
