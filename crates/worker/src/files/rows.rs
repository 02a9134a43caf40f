//! The rows of a file, each as the payload of an event.

use super::map::{BoundMap, ColumnMap};
use super::{FileIdentity, ImportOptions};
use crate::WorkerError;
use std::fs::File;
use std::io::{BufRead, BufReader, Read, Seek, SeekFrom};
use std::path::Path;

/// A file's rows, counted from 1; a CSV file's header is not one.
pub(super) enum Rows {
    Csv { reader: Box<csv::Reader<BufReader<File>>>, map: BoundMap, record: csv::ByteRecord },
    Lines { reader: BufReader<File> },
}

/// What reading one row came to.
pub(super) enum Row {
    /// The payload is in the buffer.
    Payload,
    /// Nothing stands there.
    Blank,
    End,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    Csv,
    Jsonl,
}

impl Format {
    /// By the name's ending; `None` where it says nothing.
    #[must_use]
    pub fn of(path: &Path) -> Option<Self> {
        match path.extension()?.to_str()?.to_ascii_lowercase().as_str() {
            "csv" | "tsv" => Some(Self::Csv),
            "jsonl" | "ndjson" | "json" => Some(Self::Jsonl),
            _ => None,
        }
    }
}

impl Rows {
    pub fn open(options: &ImportOptions) -> Result<Self, WorkerError> {
        let failed = |source| WorkerError::File { path: options.path.clone(), source };
        let mut file = File::open(&options.path).map_err(failed)?;
        skip_byte_order_mark(&mut file).map_err(failed)?;
        match options.format {
            Format::Jsonl => Ok(Self::Lines { reader: BufReader::with_capacity(1 << 16, file) }),
            Format::Csv => Self::csv(file, options),
        }
    }

    fn csv(mut file: File, options: &ImportOptions) -> Result<Self, WorkerError> {
        let failed = |source| WorkerError::File { path: options.path.clone(), source };
        let wrong = |reason| WorkerError::Map { path: options.path.clone(), reason };
        let delimiter = delimiter(&mut file).map_err(failed)?;
        let mut reader = csv::ReaderBuilder::new()
            .delimiter(delimiter)
            .flexible(true)
            .from_reader(BufReader::with_capacity(1 << 16, file));
        let header = reader.byte_headers().map_err(|error| wrong(error.to_string()))?;
        let header: Vec<String> =
            header.iter().map(|name| String::from_utf8_lossy(name).trim().to_owned()).collect();
        let map = options.map.clone().unwrap_or_else(|| ColumnMap::of_header(&header));
        let map = map.bind(&header).map_err(wrong)?;
        Ok(Self::Csv { reader: Box::new(reader), map, record: csv::ByteRecord::new() })
    }

    /// Reads the row `number` into `payload`, which is empty before.
    pub fn read(
        &mut self,
        identity: FileIdentity,
        number: i64,
        max_bytes: usize,
        payload: &mut Vec<u8>,
    ) -> std::io::Result<Row> {
        match self {
            Self::Csv { reader, map, record } => {
                if !reader.read_byte_record(record).map_err(into_io)? {
                    return Ok(Row::End);
                }
                map.write(record, &format!("{identity}-{number}"), payload);
                Ok(Row::Payload)
            }
            Self::Lines { reader } => line(reader, max_bytes, payload),
        }
    }
}

/// One line without its end. Of a line beyond the bound only so much is kept that the decoder sees it is too long.
fn line(reader: &mut impl BufRead, max_bytes: usize, payload: &mut Vec<u8>) -> std::io::Result<Row> {
    let bound = max_bytes as u64 + 1;
    if reader.by_ref().take(bound).read_until(b'\n', payload)? == 0 {
        return Ok(Row::End);
    }
    if payload.last() == Some(&b'\n') {
        payload.pop();
    } else if payload.len() as u64 == bound {
        reader.skip_until(b'\n')?;
    }
    Ok(if payload.trim_ascii().is_empty() { Row::Blank } else { Row::Payload })
}

fn into_io(error: csv::Error) -> std::io::Error {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => error,
        // Rows of any length, as bytes: nothing else is left to go wrong.
        kind => std::io::Error::new(std::io::ErrorKind::InvalidData, format!("{kind:?}")),
    }
}

fn skip_byte_order_mark(file: &mut File) -> std::io::Result<()> {
    let mut start = Vec::with_capacity(3);
    file.by_ref().take(3).read_to_end(&mut start)?;
    let skip = if start == b"\xef\xbb\xbf" { 3 } else { 0 };
    file.seek(SeekFrom::Start(skip)).map(|_| ())
}

/// The one of comma, semicolon and tab that stands most often in the header; the file is left where it was.
fn delimiter(file: &mut File) -> std::io::Result<u8> {
    let start = file.stream_position()?;
    let mut header = Vec::new();
    BufReader::new(file.by_ref().take(1 << 16)).read_until(b'\n', &mut header)?;
    file.seek(SeekFrom::Start(start))?;
    let count = |delimiter: u8| header.iter().filter(|byte| **byte == delimiter).count();
    // Of equals the last one wins, which is the comma.
    Ok(*b"\t;,".iter().max_by_key(|delimiter| count(**delimiter)).unwrap_or(&b','))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(mut text: &[u8], max: usize) -> Vec<Vec<u8>> {
        let mut rows = Vec::new();
        loop {
            let mut payload = Vec::new();
            match line(&mut text, max, &mut payload).unwrap() {
                Row::End => return rows,
                Row::Blank => rows.push(b"(blank)".to_vec()),
                Row::Payload => rows.push(payload),
            }
        }
    }

    #[test]
    fn lines_are_bounded_and_counted() {
        assert_eq!(read(b"a\n\nbb", 10), [&b"a"[..], b"(blank)", b"bb"]);
        assert_eq!(read(b"abcdefgh\nij\n", 3), [&b"abcd"[..], b"ij"]);
        assert_eq!(read(b"abc\nd", 3), [&b"abc"[..], b"d"]);
    }
}
