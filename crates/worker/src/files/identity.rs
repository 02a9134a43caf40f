//! Which import it is: by what the file holds and how it is read, so that a renamed or copied file is the same one,
//! and another column map is another import.

use super::{ColumnMap, Format, ImportOptions};
use crate::process::VendorFormat;
use std::io::Read;
use std::path::Path;
use xxhash_rust::xxh3::{Xxh3, xxh3_64};

/// The content: 128 bits over it, and its length.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct FileIdentity {
    hash: u128,
    bytes: u64,
}

impl FileIdentity {
    /// Reads the whole file once.
    ///
    /// # Errors
    /// Where the file cannot be read.
    pub fn of(path: &Path) -> std::io::Result<Self> {
        // Nobody says stop.
        Self::of_unless(path, || false)?.ok_or_else(|| std::io::ErrorKind::Interrupted.into())
    }

    /// As [`FileIdentity::of`]; `None` where `stop` says so meanwhile. A large file takes a while.
    pub(crate) fn of_unless(path: &Path, stop: impl Fn() -> bool) -> std::io::Result<Option<Self>> {
        Self::read(std::fs::File::open(path)?, stop)
    }

    fn read(mut reader: impl Read, stop: impl Fn() -> bool) -> std::io::Result<Option<Self>> {
        let mut hash = Xxh3::new();
        let mut bytes = 0;
        let mut buffer = vec![0; 1 << 16];
        while !stop() {
            match reader.read(&mut buffer)? {
                0 => return Ok(Some(Self { hash: hash.digest128(), bytes })),
                read => {
                    hash.update(&buffer[..read]);
                    bytes += read as u64;
                }
            }
        }
        Ok(None)
    }

    #[must_use]
    pub fn bytes(self) -> u64 {
        self.bytes
    }

    /// What every topic of an import of this content starts with.
    #[must_use]
    pub fn topics(self) -> String {
        format!("file:{self}")
    }

    /// Whether a topic (without `file:`) is one of this content's.
    #[must_use]
    pub fn made(self, topic: &str) -> bool {
        topic.split(['-', '.']).next() == Some(self.to_string().as_str())
    }
}

impl std::fmt::Display for FileIdentity {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:032x}", self.hash)
    }
}

/// A content, a way of reading it, and which time it is read so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Identity {
    pub content: FileIdentity,
    /// `None` for a file of whole events, which is read in one way only.
    reading: Option<u64>,
    /// How often what this reading gave was taken back before.
    generation: i64,
}

impl Identity {
    /// Of the first generation.
    pub fn new(content: FileIdentity, options: &ImportOptions) -> Self {
        Self { content, reading: reading(options), generation: 0 }
    }

    pub fn of_generation(self, generation: i64) -> Self {
        Self { generation, ..self }
    }

    pub fn generation(&self) -> i64 {
        self.generation
    }

    /// What stands in place of a Kafka topic.
    pub fn topic(&self) -> String {
        format!("file:{self}")
    }

    /// The app transaction that notes how far the file is read.
    pub fn app_id(&self) -> String {
        app_id(&self.topic())
    }
}

impl std::fmt::Display for Identity {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.content)?;
        if let Some(reading) = self.reading {
            write!(f, "-{reading:016x}")?;
        }
        if self.generation > 0 {
            write!(f, ".{}", self.generation)?;
        }
        Ok(())
    }
}

/// Whether a topic (without `file:`) is written as an [`Identity`] is; nobody calls a file so.
pub(super) fn is_identity(topic: &str) -> bool {
    let (reading, generation) = topic.split_once('.').unwrap_or((topic, "0"));
    let (content, way) = reading.split_once('-').unwrap_or((reading, "0000000000000000"));
    let is_hash = |text: &str, digits| text.len() == digits && text.bytes().all(|b| b.is_ascii_hexdigit());
    is_hash(content, 32) && is_hash(way, 16) && generation.parse::<u32>().is_ok()
}

/// The app transaction of an import, by its topic.
pub(super) fn app_id(topic: &str) -> String {
    format!("import/{}/0", topic.strip_prefix("file:").unwrap_or(topic))
}

/// The app transaction that counts how often what a reading of a content gave was taken back, by the topic of any of its
/// generations.
pub(super) fn generation_id(topic: &str) -> String {
    let identity = topic.strip_prefix("file:").unwrap_or(topic);
    let reading = identity.split_once('.').map_or(identity, |(reading, _)| reading);
    format!("import/{reading}/replaced")
}

/// The app transaction that counts how many readings of a content have begun.
pub(super) fn readings_id(content: FileIdentity) -> String {
    format!("import/{content}/readings")
}

/// One number for all that decides what a row means. A source that only is the file's name is not among it.
fn reading(options: &ImportOptions) -> Option<u64> {
    let ImportOptions { format, map, kind, source, occurred_at, max_row_bytes, vendor, .. } = options;
    if let Some(VendorFormat { vendor, source, kind, product }) = vendor {
        let product = product.as_deref().unwrap_or_default();
        return Some(number(["vendor", vendor.as_str(), source, kind, product].into_iter()));
    }
    if *format == Format::Jsonl && kind.is_none() && source.is_none() {
        return None;
    }
    let time = occurred_at.map(|at| at.0.to_string());
    let mut parts = vec![format!("{format:?}")];
    if *format == Format::Csv {
        // Where a broken record ends, and so every number behind it.
        parts.push(max_row_bytes.to_string());
    }
    parts.extend([kind, source, &time].map(|part| part.clone().unwrap_or_default()));
    if let Some(ColumnMap { columns, constants }) = map {
        for (field, column) in columns {
            // As headers are found: whatever their case and the blanks around them.
            parts.extend(["column".to_owned(), field.clone(), column.trim().to_lowercase()]);
        }
        for (field, value) in constants {
            parts.extend(["constant".to_owned(), field.clone(), value.clone()]);
        }
    }
    Some(number(parts.iter().map(String::as_str)))
}

/// Each part framed by its length, so that none can pass for two others.
fn number<'p>(parts: impl Iterator<Item = &'p str>) -> u64 {
    let framed: String = parts.map(|part| format!("{}:{part}", part.len())).collect();
    xxh3_64(framed.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &[u8]) -> FileIdentity {
        FileIdentity::read(text, || false).unwrap().unwrap()
    }

    #[test]
    fn reading_for_it_stops_when_told() {
        let told = std::cell::Cell::new(0);
        let stop = || told.replace(told.get() + 1) == 3;
        assert!(FileIdentity::read(std::io::repeat(1), stop).unwrap().is_none());
        assert_eq!(told.get(), 4);
    }

    #[test]
    fn content_alone_makes_a_files_identity() {
        assert_eq!(of(b"a\nb\n"), of(b"a\nb\n"));
        assert_ne!(of(b"a\nb\n"), of(b"a\nb"));
        assert_eq!(of(b"abc").bytes(), 3);
    }

    #[test]
    fn the_way_of_reading_makes_the_imports() {
        let options = |name: &str, kind: &str, column: &str| {
            let mut options = ImportOptions::new(name.into(), Format::Csv);
            options.kind = Some(kind.to_owned());
            let columns = [("text".to_owned(), column.to_owned())].into();
            options.map = Some(ColumnMap { columns, constants: Default::default() });
            options
        };
        let topic = |options: &ImportOptions, generation| {
            Identity::new(of(b"abc"), options).of_generation(generation).topic()
        };
        let first = topic(&options("a.csv", "nps", "Comment"), 0);
        assert_eq!(first, topic(&options("b.csv", "nps", " comment"), 0), "renamed, and the same column");
        assert_ne!(first, topic(&options("a.csv", "nps", "Review"), 0));
        assert_ne!(first, topic(&options("a.csv", "social", "Comment"), 0));
        let again = topic(&options("a.csv", "nps", "Comment"), 2);
        assert_ne!(first, again);
        for topic in [first, again] {
            assert!(topic.starts_with(&of(b"abc").topics()));
            assert!(of(b"abc").made(topic.strip_prefix("file:").unwrap()));
            assert!(!of(b"abd").made(topic.strip_prefix("file:").unwrap()));
            assert!(is_identity(topic.strip_prefix("file:").unwrap()), "{topic}");
        }
        let hash = of(b"abc").to_string();
        assert!(is_identity(&hash));
        for name in ["nps.csv", "", &hash[1..], &format!("{hash}.csv"), &format!("{hash}-2026.csv")] {
            assert!(!is_identity(name), "{name}");
        }
        let mut exported = ImportOptions::new("a.json".into(), Format::Jsonl);
        let mut as_vendor = |vendor| {
            exported.vendor = Some(VendorFormat::of(vendor));
            topic(&exported, 0)
        };
        assert_ne!(as_vendor(connect::Vendor::Reddit), as_vendor(connect::Vendor::X));
        let whole = topic(&ImportOptions::new("a.jsonl".into(), Format::Jsonl), 0);
        assert_eq!(whole, of(b"abc").topics());
    }
}
