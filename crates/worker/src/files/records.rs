//! CSV records, none held beyond a bound, by the csv crate's own rules.
//!
//! The dialect is seen from the first line: comma, semicolon or tab, with or without a byte order mark. A quote that
//! is never closed costs its own line, not the rest of the file. The first record is the header: a later one with more
//! fields than that is broken, since the separator of a text without quotes would cut the text off silently.

use super::broken::{Broken, Why};
use std::io::Read;

const CHUNK: usize = 1 << 16;

/// Splits what it reads into records.
pub struct Records<R> {
    reader: R,
    delimiter: u8,
    longest: usize,
    /// How many fields the header has, once it was read.
    columns: Option<usize>,
    /// What was read and not yet handed out starts at `start`.
    buffer: Vec<u8>,
    start: usize,
    ended: bool,
    /// Of the byte at `start`, from 1.
    line: u64,
}

/// One record and the line it starts at.
#[derive(Debug)]
pub struct Record {
    pub line: u64,
    pub fields: Result<csv::ByteRecord, Broken>,
}

#[derive(Clone, Copy)]
enum State {
    FieldStart,
    Plain,
    Quoted,
    /// Behind a quote inside of quotes: the end of the field, or half of a doubled one.
    AfterQuote,
}

impl State {
    /// `None` at the record's end.
    fn next(self, byte: u8, delimiter: u8) -> Option<Self> {
        Some(match (self, byte) {
            (Self::Quoted, b'"') => Self::AfterQuote,
            (Self::Quoted, _) | (Self::FieldStart | Self::AfterQuote, b'"') => Self::Quoted,
            (_, b'\n' | b'\r') => return None,
            (_, byte) if byte == delimiter => Self::FieldStart,
            _ => Self::Plain,
        })
    }
}

/// Where the record at the front ends.
enum End {
    At(usize),
    Unclosed,
    TooLong,
}

impl<R: Read> Records<R> {
    /// `longest`: bytes that a record may have.
    ///
    /// # Errors
    /// Where nothing can be read, or the text is UTF-16.
    pub fn new(reader: R, longest: usize) -> std::io::Result<Self> {
        let (buffer, ended) = (Vec::new(), false);
        let columns = None;
        let mut records =
            Self { reader, delimiter: b',', longest, columns, buffer, start: 0, ended, line: 1 };
        while !records.ended && records.buffer.len() < longest && !records.buffer.contains(&b'\n') {
            records.fill()?;
        }
        let start = &records.buffer;
        if start.starts_with(b"\xff\xfe") || start.starts_with(b"\xfe\xff") {
            let why = "it is UTF-16; save it as UTF-8 (in Excel: \"CSV UTF-8\")";
            return Err(std::io::Error::new(std::io::ErrorKind::InvalidData, why));
        }
        records.start = if start.starts_with(b"\xef\xbb\xbf") { 3 } else { 0 };
        records.delimiter = delimiter(&records.buffer[records.start..]);
        Ok(records)
    }

    /// Whether the next record can be had without waiting for whoever writes the input.
    #[must_use]
    pub fn has_more_at_hand(&self) -> bool {
        self.buffer[self.start..].contains(&b'\n')
    }

    /// The next record; blank lines are none.
    ///
    /// # Errors
    /// Of the reader.
    pub fn next_record(&mut self) -> std::io::Result<Option<Record>> {
        if !self.skip_blank_lines()? {
            return Ok(None);
        }
        let line = self.line;
        let fields = match self.find_end()? {
            End::At(end) => {
                let fields = self.fields(end)?;
                self.consume(end);
                fields
            }
            End::Unclosed => {
                let raw = self.take_line()?;
                Err(Broken { why: Why::UnclosedQuote, raw })
            }
            End::TooLong => {
                let raw = self.take_line()?;
                Err(Broken { why: Why::TooLong, raw })
            }
        };
        Ok(Some(Record { line, fields }))
    }

    /// Of the record from the front to `end`; cells beyond the header's that are all blank do no harm.
    fn fields(&mut self, end: usize) -> std::io::Result<Result<csv::ByteRecord, Broken>> {
        let raw = &self.buffer[self.start..end];
        let fields = parse(raw, self.delimiter)?;
        let header = *self.columns.get_or_insert(fields.len());
        if fields.iter().skip(header).all(|cell| cell.trim_ascii().is_empty()) {
            return Ok(Ok(fields));
        }
        let why = Why::SurplusFields { fields: fields.len(), header };
        Ok(Err(Broken { why, raw: raw.to_vec() }))
    }

    fn skip_blank_lines(&mut self) -> std::io::Result<bool> {
        loop {
            let rest = &self.buffer[self.start..];
            if let Some(at) = rest.iter().position(|byte| !matches!(byte, b'\n' | b'\r')) {
                self.consume(self.start + at);
                return Ok(true);
            }
            self.consume(self.buffer.len());
            if self.ended {
                return Ok(false);
            }
            self.fill()?;
        }
    }

    fn find_end(&mut self) -> std::io::Result<End> {
        let mut state = State::FieldStart;
        let mut at = self.start;
        loop {
            while let Some(byte) = self.buffer.get(at) {
                match state.next(*byte, self.delimiter) {
                    Some(next) => state = next,
                    None => return Ok(End::At(at)),
                }
                at += 1;
                if at - self.start > self.longest {
                    let quoted =
                        matches!(state, State::Quoted) && self.buffer[self.start..at].contains(&b'\n');
                    return Ok(if quoted { End::Unclosed } else { End::TooLong });
                }
            }
            if self.ended {
                return Ok(if matches!(state, State::Quoted) { End::Unclosed } else { End::At(at) });
            }
            let done = at - self.start;
            self.fill()?;
            at = self.start + done;
        }
    }

    /// Passes over the line at the front; of a long one only so much is given that one sees that it is too long.
    fn take_line(&mut self) -> std::io::Result<Vec<u8>> {
        let mut raw = Vec::new();
        loop {
            let rest = &self.buffer[self.start..];
            let end = rest.iter().position(|byte| *byte == b'\n');
            let room = (self.longest + 1).saturating_sub(raw.len());
            raw.extend(rest.iter().take(end.unwrap_or(rest.len())).take(room));
            self.consume(end.map_or(self.buffer.len(), |end| self.start + end + 1));
            if end.is_some() || self.ended {
                return Ok(raw);
            }
            self.fill()?;
        }
    }

    fn consume(&mut self, to: usize) {
        self.line += self.buffer[self.start..to].iter().filter(|byte| **byte == b'\n').count() as u64;
        self.start = to;
    }

    fn fill(&mut self) -> std::io::Result<()> {
        if self.start > 0 {
            self.buffer.drain(..self.start);
            self.start = 0;
        }
        let held = self.buffer.len();
        self.buffer.resize(held + CHUNK, 0);
        let read = loop {
            match self.reader.read(&mut self.buffer[held..]) {
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
                read => break read,
            }
        };
        self.buffer.truncate(held + *read.as_ref().unwrap_or(&0));
        self.ended = read? == 0;
        Ok(())
    }
}

fn parse(record: &[u8], delimiter: u8) -> std::io::Result<csv::ByteRecord> {
    let mut fields = csv::ByteRecord::new();
    let mut reader = csv::ReaderBuilder::new();
    reader.delimiter(delimiter).flexible(true).has_headers(false).buffer_capacity(record.len().max(16));
    reader.from_reader(record).read_byte_record(&mut fields)?;
    Ok(fields)
}

/// The one of comma, semicolon and tab that stands most often in the first line, outside of quotes.
fn delimiter(text: &[u8]) -> u8 {
    let mut counts = [(b'\t', 0), (b';', 0), (b',', 0)];
    let mut quoted = false;
    for byte in text {
        match byte {
            b'"' => quoted = !quoted,
            b'\n' if !quoted => break,
            byte if !quoted => counts.iter_mut().filter(|(d, _)| d == byte).for_each(|(_, n)| *n += 1),
            _ => {}
        }
    }
    // Of equals the last one wins, which is the comma.
    counts.into_iter().max_by_key(|(_, count)| *count).map_or(b',', |(delimiter, _)| delimiter)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read(text: &[u8], longest: usize) -> Vec<(u64, Result<Vec<String>, Broken>)> {
        let mut records = Records::new(text, longest).unwrap();
        let text = |fields: csv::ByteRecord| {
            fields.iter().map(|field| String::from_utf8_lossy(field).into_owned()).collect()
        };
        std::iter::from_fn(|| records.next_record().unwrap())
            .map(|record| (record.line, record.fields.map(text)))
            .collect()
    }

    fn fields(line: u64, fields: &[&str]) -> (u64, Result<Vec<String>, Broken>) {
        (line, Ok(fields.iter().map(|field| (*field).to_owned()).collect()))
    }

    #[test]
    fn the_dialect_is_seen() {
        for text in ["\u{feff}a,b\n1,2\n", "a;b\r\n1;2\r\n", "a\tb\n\n1\t2", "\"a\"\t\"b\"\n1\t2\n"] {
            let read = read(text.as_bytes(), 100);
            let line = if text.contains("\n\n") { 3 } else { 2 };
            assert_eq!(read, [fields(1, &["a", "b"]), fields(line, &["1", "2"])], "{text:?}");
        }
        assert_eq!(read(b"\"a,b,c\";d\n", 100), [fields(1, &["a,b,c", "d"])], "not inside of quotes");
        assert!(Records::new(&b"\xff\xfea\0"[..], 100).is_err(), "UTF-16 is named, not read as garbage");
    }

    #[test]
    fn a_quote_that_is_not_closed_costs_its_line() {
        let text = format!("a,b\n1,\"open\n{}9,z\n", "2,x\n".repeat(40));
        for longest in [50, 1000] {
            let read = read(text.as_bytes(), longest);
            let broken = Broken { why: Why::UnclosedQuote, raw: b"1,\"open".into() };
            assert_eq!(read[1], (2, Err(broken)), "{longest}");
            assert_eq!(read.len(), 43, "{longest}");
            assert_eq!(read[42], fields(43, &["9", "z"]), "{longest}");
        }
    }

    #[test]
    fn more_fields_than_the_header_are_not_cut_off() {
        let read = read(b"id,text\n1,Fine, mostly\n2,\"Fine, mostly\"\n3,x, ,\n4\n", 100);
        let why = Why::SurplusFields { fields: 3, header: 2 };
        assert_eq!(read[1], (2, Err(Broken { why, raw: b"1,Fine, mostly".into() })));
        assert_eq!(
            read[2..],
            [fields(3, &["2", "Fine, mostly"]), fields(4, &["3", "x", " ", ""]), fields(5, &["4"])]
        );
    }

    #[test]
    fn an_endless_line_is_passed_over() {
        let text = format!("a,b\n1,{}\n2,x\n", "y".repeat(5 * CHUNK));
        let read = read(text.as_bytes(), 100);
        assert!(matches!(&read[1], (2, Err(Broken { raw, .. })) if raw.len() == 101), "{:?}", read[1].0);
        assert_eq!(read[2], fields(3, &["2", "x"]));
    }

    proptest! {
        /// Whatever is well-formed is read as the csv crate reads it.
        #[test]
        fn agrees_with_the_csv_crate(rows in prop::collection::vec(prop::collection::vec("[a\",;\\n\\r ]{0,6}", 2..4), 1..20)) {
            let mut text = b"h1,h2,h3\n".to_vec();
            let mut writer = csv::WriterBuilder::new().flexible(true).from_writer(&mut text);
            rows.iter().for_each(|row| writer.write_record(row).unwrap());
            drop(writer);
            let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(text.as_slice());
            let expected: Vec<Vec<String>> =
                reader.records().map(|record| record.unwrap().iter().map(str::to_owned).collect()).collect();
            let found: Vec<_> = read(&text, 1 << 20).into_iter().skip(1).map(|(_, row)| row.unwrap()).collect();
            prop_assert_eq!(found, expected);
        }
    }
}
