//! Which file it is: by its content, so that a renamed or copied file is the same one.

use std::io::Read;
use std::path::Path;
use xxhash_rust::xxh3::Xxh3;

/// 128 bits over the content, and its length.
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
        Self::of_reader(std::fs::File::open(path)?)
    }

    fn of_reader(mut reader: impl Read) -> std::io::Result<Self> {
        let mut hash = Xxh3::new();
        let mut bytes = 0;
        let mut buffer = vec![0; 1 << 16];
        loop {
            match reader.read(&mut buffer)? {
                0 => return Ok(Self { hash: hash.digest128(), bytes }),
                read => {
                    hash.update(&buffer[..read]);
                    bytes += read as u64;
                }
            }
        }
    }

    #[must_use]
    pub fn bytes(self) -> u64 {
        self.bytes
    }

    /// What stands in place of a Kafka topic.
    #[must_use]
    pub fn topic(self) -> String {
        format!("file:{self}")
    }

    /// The app transaction that notes how far the file is read.
    #[must_use]
    pub fn app_id(self) -> String {
        format!("import/{self}/0")
    }
}

impl std::fmt::Display for FileIdentity {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:032x}", self.hash)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn content_alone_makes_the_identity() {
        let of = |text: &[u8]| FileIdentity::of_reader(text).unwrap();
        assert_eq!(of(b"a\nb\n"), of(b"a\nb\n"));
        assert_ne!(of(b"a\nb\n"), of(b"a\nb"));
        assert_eq!(of(b"abc").bytes(), 3);
        assert_eq!(of(b"abc").topic(), format!("file:{}", of(b"abc")));
    }
}
