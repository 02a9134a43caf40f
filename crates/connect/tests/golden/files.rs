//! The files.

use connect::Vendor;
use std::path::PathBuf;

pub struct Payload {
    /// Of the file, without its ending.
    pub name: String,
    pub bytes: Vec<u8>,
}

pub fn folder(vendor: Vendor) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/golden").join(vendor.as_str())
}

/// The names of a vendor's files with an ending, in order.
pub fn names(vendor: Vendor, ending: &str) -> Vec<String> {
    let mut names: Vec<String> = std::fs::read_dir(folder(vendor))
        .unwrap_or_else(|error| panic!("the golden files of {vendor}: {error}"))
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|found| found == ending))
        .map(|path| path.file_stem().unwrap().to_str().unwrap().to_owned())
        .collect();
    names.sort();
    names
}

pub fn of(vendor: Vendor) -> Vec<Payload> {
    let read = |name: String| {
        let bytes = std::fs::read(folder(vendor).join(&name).with_extension("json")).unwrap();
        Payload { name, bytes }
    };
    names(vendor, "json").into_iter().map(read).collect()
}
