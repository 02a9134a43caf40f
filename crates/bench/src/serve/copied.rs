//! Tables for one run: a copy, so that those which are kept stay as they were made.

use anyhow::{Context, Result};
use std::fs;
use std::path::Path;

/// Copies a folder. Parquet files are written once and never changed, so they are linked where that can be: it takes no
/// time and no room.
pub fn tree(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to).with_context(|| format!("could not make {}", to.display()))?;
    for entry in fs::read_dir(from).with_context(|| format!("could not read {}", from.display()))? {
        let entry = entry.context("could not read a folder")?;
        let (path, target) = (entry.path(), to.join(entry.file_name()));
        if entry.file_type().context("could not look at a file")?.is_dir() {
            tree(&path, &target)?;
        } else {
            file(&path, &target)?;
        }
    }
    Ok(())
}

/// Copies a file, with its rights.
pub fn file(from: &Path, to: &Path) -> Result<()> {
    let may_be_linked = from.extension().is_some_and(|extension| extension == "parquet");
    if may_be_linked && fs::hard_link(from, to).is_ok() {
        return Ok(());
    }
    fs::copy(from, to).map(drop).with_context(|| format!("could not copy {}", from.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_into_the_copy_leaves_the_tables_as_they_are() {
        let dir = tempfile::tempdir().unwrap();
        let (kept, copy) = (dir.path().join("kept"), dir.path().join("copy"));
        fs::create_dir_all(kept.join("feedback/_delta_log")).unwrap();
        let (rows, log) = ("feedback/a.parquet", "feedback/_delta_log/0.json");
        fs::write(kept.join(rows), "rows").unwrap();
        fs::write(kept.join(log), "first").unwrap();
        tree(&kept, &copy).unwrap();
        fs::remove_file(copy.join(rows)).unwrap();
        fs::write(copy.join(log), "second").unwrap();
        assert_eq!(fs::read_to_string(kept.join(rows)).unwrap(), "rows");
        assert_eq!(fs::read_to_string(kept.join(log)).unwrap(), "first");
    }
}
