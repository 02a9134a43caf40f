//! The rows of a file, each as the payload of an event.

use super::broken::{Broken, Why};
use super::map::{BoundMap, ColumnMap};
use super::records::{Record, Records};
use super::{FileIdentity, ImportOptions};
use crate::{WorkerError, process::VendorFormat};
use connect::{Vendor, elements};
use feedback::kind::Contract;
use std::fs::File;
use std::io::{BufRead, BufReader, Read, Seek, SeekFrom};
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// A file's rows, counted from 1; a CSV file's header is not one.
pub(super) enum Rows {
    Csv {
        records: Records<Counted>,
        map: BoundMap,
        header: Vec<String>,
    },
    Lines {
        reader: BufReader<Counted>,
    },
    /// Of what a vendor exports, each where it stands in all of it.
    Elements {
        bytes: Vec<u8>,
        places: std::vec::IntoIter<Range<usize>>,
        read: Arc<AtomicU64>,
    },
}

/// What a vendor exports is read whole, up to so many bytes.
const MOST_EXPORTED: u64 = 1 << 30;
/// And so many elements: where each of them stands is held.
const MOST_ELEMENTS: usize = 10_000_000;

/// What reading one row came to.
pub(super) enum Row {
    /// The payload is in the buffer.
    Payload,
    /// What is in the buffer is no payload but a note on a row of CSV that cannot be read, at this line. Of one that is
    /// not UTF-8 it is the payload as it stands, which the decoder refuses.
    Broken {
        line: u64,
        why: Why,
    },
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

/// A file that says how much of it was read.
pub(super) struct Counted {
    file: File,
    read: Arc<AtomicU64>,
}

impl Read for Counted {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let read = self.file.read(buffer)?;
        self.read.fetch_add(read as u64, Ordering::Relaxed);
        Ok(read)
    }
}

impl Rows {
    pub fn open(options: &ImportOptions) -> Result<Self, WorkerError> {
        let failed = |source| WorkerError::File { path: options.path.clone(), source };
        let mut file = File::open(&options.path).map_err(failed)?;
        options.read.store(0, Ordering::Relaxed);
        if let Some(VendorFormat { vendor, .. }) = options.vendor {
            return Self::exported(file, vendor, options);
        }
        match options.format {
            Format::Jsonl => {
                skip_byte_order_mark(&mut file).map_err(failed)?;
                let counted = Counted { file, read: Arc::clone(&options.read) };
                Ok(Self::Lines { reader: BufReader::with_capacity(1 << 16, counted) })
            }
            Format::Csv => Self::csv(Counted { file, read: Arc::clone(&options.read) }, options),
        }
    }

    fn exported(file: File, vendor: Vendor, options: &ImportOptions) -> Result<Self, WorkerError> {
        let failed = |source| WorkerError::File { path: options.path.clone(), source };
        let mut bytes = Vec::new();
        file.take(MOST_EXPORTED + 1).read_to_end(&mut bytes).map_err(failed)?;
        if bytes.len() as u64 > MOST_EXPORTED {
            let gib = MOST_EXPORTED >> 30;
            return Err(
                options.wrong(format!("what a vendor exports is read whole, up to {gib} GiB: split it"))
            );
        }
        let places = places(vendor, &bytes, MOST_ELEMENTS).map_err(|why| options.wrong(why))?;
        Ok(Self::Elements { bytes, places: places.into_iter(), read: Arc::clone(&options.read) })
    }

    fn csv(file: Counted, options: &ImportOptions) -> Result<Self, WorkerError> {
        let failed = |source| WorkerError::File { path: options.path.clone(), source };
        let wrong = |reason| WorkerError::Map { path: options.path.clone(), reason };
        let mut records = Records::new(file, options.max_row_bytes).map_err(failed)?;
        let header = match records.next_record().map_err(failed)? {
            None => {
                return Err(wrong("the file is empty; its first line has to name the columns".to_owned()));
            }
            Some(Record { fields: Err(Broken { why, .. }), .. }) => {
                return Err(wrong(format!("its header cannot be read: {why}")));
            }
            Some(Record { fields: Ok(header), .. }) => header,
        };
        let is_utf8 = header.iter().all(|name| std::str::from_utf8(name).is_ok());
        let header: Vec<String> =
            header.iter().map(|name| String::from_utf8_lossy(name).trim().to_owned()).collect();
        let map = match &options.map {
            Some(map) => map.bind(&header),
            None => {
                let contract = options.contract.unwrap_or(Contract::Nps);
                ColumnMap::bind_by_name(&header, contract)
            }
        };
        let map = map.map_err(|why| match is_utf8 {
            true => wrong(why),
            false => wrong(format!("{why}; its header is not UTF-8: save the file as \"CSV UTF-8\"")),
        })?;
        Ok(Self::Csv { records, map, header })
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
            Self::Csv { records, map, .. } => match records.next_record()? {
                None => Ok(Row::End),
                Some(Record { line, fields: Ok(record) }) => {
                    map.write(&record, &format!("{identity}-{number}"), payload);
                    match std::str::from_utf8(payload) {
                        Ok(_) => Ok(Row::Payload),
                        Err(_) => Ok(Row::Broken { line, why: Why::NotUtf8 }),
                    }
                }
                Some(Record { line, fields: Err(Broken { why, raw }) }) => {
                    unreadable(line, &why.counted(), raw.len(), payload);
                    Ok(Row::Broken { line, why })
                }
            },
            Self::Lines { reader } => line(reader, max_bytes, payload),
            Self::Elements { bytes, places, read } => {
                let Some(place) = places.next() else { return Ok(Row::End) };
                read.store(place.end as u64, Ordering::Relaxed);
                // Of one beyond the bound only so much that the decoder sees it is too long.
                let element = bytes.get(place).unwrap_or_default();
                payload.extend(element.iter().take(max_bytes.saturating_add(1)));
                Ok(Row::Payload)
            }
        }
    }
}

/// Where each element of an export stands in it; or what is wrong with it.
fn places(vendor: Vendor, bytes: &[u8], most: usize) -> Result<Vec<Range<usize>>, String> {
    let elements = elements(vendor, bytes, most)
        .map_err(|refusal| format!("it is nothing that {} gives: {}", vendor.title(), refusal.detail))?;
    let places: Vec<Range<usize>> =
        elements.take(most.saturating_add(1)).map(|element| place(bytes, element.payload)).collect();
    if places.len() > most {
        return Err(format!("it holds more than {most} elements: split it"));
    }
    Ok(places)
}

/// Where a piece of some bytes stands in them.
fn place(bytes: &[u8], piece: &[u8]) -> Range<usize> {
    let start = piece.as_ptr().addr().saturating_sub(bytes.as_ptr().addr());
    start..start + piece.len()
}

/// What stands for a row that cannot be read. Nothing of the row itself: without its columns nobody can tell whose it
/// is, and what of it is personal. It is as long as what was read, so that the decoder sees where that is too long.
fn unreadable(line: u64, why: &str, len: usize, payload: &mut Vec<u8>) {
    payload.extend_from_slice(format!("line {line}: {why}").as_bytes());
    payload.resize(payload.len().max(len), b' ');
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

fn skip_byte_order_mark(file: &mut File) -> std::io::Result<()> {
    let mut start = Vec::with_capacity(3);
    file.by_ref().take(3).read_to_end(&mut start)?;
    let skip = if start == b"\xef\xbb\xbf" { 3 } else { 0 };
    file.seek(SeekFrom::Start(skip)).map(|_| ())
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
                Row::Broken { why, .. } => panic!("{why}"),
            }
        }
    }

    #[test]
    fn a_row_in_another_encoding_is_seen_and_its_header_named() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("nps.csv");
        std::fs::write(&path, b"text,Gr\xf6\xdfe\nGood,1\nSch\xf6n,2\n").unwrap();
        let mut options = ImportOptions::new(path.clone(), Format::Csv);
        let identity = FileIdentity::of(&path).unwrap();
        let mut rows = Rows::open(&options).unwrap();
        let mut read = |number| {
            let mut payload = Vec::new();
            (rows.read(identity, number, 1000, &mut payload).unwrap(), payload)
        };
        assert!(matches!(read(1), (Row::Payload, _)));
        let (row, payload) = read(2);
        assert!(matches!(row, Row::Broken { line: 3, why: Why::NotUtf8 }));
        assert!(payload.starts_with(b"{"), "the payload stays, and so does what the decoder says of it");
        assert!(matches!(read(3), (Row::End, _)));

        let columns = [("text".to_owned(), "Gr\u{f6}\u{df}e".to_owned())].into();
        options.map = Some(ColumnMap { columns, ..ColumnMap::default() });
        let error = Rows::open(&options).map(|_| ()).unwrap_err().to_string();
        assert!(error.contains("its header is not UTF-8: save"), "{error}");
    }

    #[test]
    fn the_elements_of_an_export_are_its_rows() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("reviews");
        let mut options = ImportOptions::new(path.clone(), Format::Csv);
        options.vendor = Some(VendorFormat::of(Vendor::AppStore));
        let rows = |text: &str, max: usize| -> Result<Vec<String>, String> {
            std::fs::write(&path, text).unwrap();
            let identity = FileIdentity::of(&path).unwrap();
            let mut rows = Rows::open(&options).map_err(|error| error.to_string())?;
            let mut all = Vec::new();
            loop {
                let mut payload = Vec::new();
                match rows.read(identity, all.len() as i64 + 1, max, &mut payload).unwrap() {
                    Row::End => return Ok(all),
                    _ => all.push(String::from_utf8(payload).unwrap()),
                }
            }
        };
        let all = rows("\u{feff}{\"data\": [ {\"id\":1}, {\"id\":22} ], \"links\": {}}", 100);
        assert_eq!(all, Ok(vec![r#"{"id":1}"#.to_owned(), r#"{"id":22}"#.to_owned()]));
        assert_eq!(options.read.load(Ordering::Relaxed), 33, "up to the end of the last");
        let cut = rows("{\"data\": [{\"id\":1}, {\"id\":22}]}", 8);
        assert_eq!(cut, Ok(vec![r#"{"id":1}"#.to_owned(), r#"{"id":22}"#.to_owned()]));
        assert_eq!(rows("[{\"id\":22}]", 4), Ok(vec![r#"{"id""#.to_owned()]), "one more than there may be");
        assert_eq!(rows("{\"data\": []}", 100), Ok(Vec::new()));
        let error = rows("id;stars\n", 100).unwrap_err();
        assert!(error.contains("nothing that App Store gives: the message: expected JSON"), "{error}");
    }

    #[test]
    fn an_export_of_more_elements_than_can_be_held_is_to_be_split() {
        let count = |text: &str| places(Vendor::X, text.as_bytes(), 2).map(|places| places.len());
        let many = Err("it holds more than 2 elements: split it".to_owned());
        assert_eq!(count("[1,2]"), Ok(2));
        assert_eq!(count("[1,2,3,4]"), many);
        assert_eq!(count("1\n2\n3\n4\n{}"), many, "one a line as well");
    }

    #[test]
    fn lines_are_bounded_and_counted() {
        assert_eq!(read(b"a\n\nbb", 10), [&b"a"[..], b"(blank)", b"bb"]);
        assert_eq!(read(b"abcdefgh\nij\n", 3), [&b"abcd"[..], b"ij"]);
        assert_eq!(read(b"abc\nd", 3), [&b"abc"[..], b"d"]);
    }
}
