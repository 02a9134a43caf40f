//! Another text in the place of the taxonomy's.

use super::Place;
use analyze::Taxonomy;
use server::taxonomy::{KeepError, tag};
use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

/// Characters of a version in a file's name.
const LONGEST_VERSION: usize = 64;

/// Writes it whole, where the text there is still the one whose tag is `base`; the one before stays beside it, under its
/// version.
pub fn write(place: &Place, text: &str, base: &str) -> Result<(), KeepError> {
    let Some(named) = place.target() else {
        return Err(KeepError::Refused(
            "tables in a bucket have no file beside them: name one for the taxonomy by analyze.taxonomy"
                .to_owned(),
        ));
    };
    // A link stays one: what it points to is replaced.
    let path = std::fs::canonicalize(named).unwrap_or_else(|_| named.to_owned());
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let _lock = lock(folder)?;
    let now = place.read().map_err(|error| KeepError::Failed(error.into()))?;
    if tag(&now) != base {
        return Err(KeepError::Conflict(
            "the taxonomy is another one by now: look at what your text changes of that, then repeat it"
                .to_owned(),
        ));
    }
    let written = keep(&path, &now).and_then(|()| replace(&path, folder, text));
    written.map_err(|error| refused(&path, &error))
}

fn refused(path: &Path, error: &io::Error) -> KeepError {
    tracing::warn!(path = %path.display(), why = %error, "a taxonomy could not be switched on");
    KeepError::Refused(format!(
        "the file {} cannot be written by this server ({error}): let it write there, or change the file by hand, which is \
         taken up all the same",
        path.display()
    ))
}

/// One process at a time writes there.
fn lock(folder: &Path) -> Result<Option<File>, KeepError> {
    let Ok(file) = File::open(folder) else { return Ok(None) };
    match file.try_lock() {
        Ok(()) => Ok(Some(file)),
        Err(TryLockError::WouldBlock) => Err(KeepError::Conflict(
            "somebody else is switching on a taxonomy: look again in a moment".to_owned(),
        )),
        // Not every file system can; the look at the text there remains.
        Err(TryLockError::Error(_)) => Ok(None),
    }
}

/// A copy of the one before.
fn keep(path: &Path, text: &str) -> io::Result<()> {
    if !path.exists() {
        // The built-in one is in the program.
        return Ok(());
    }
    let version = Taxonomy::parse(text).map_or_else(|_| tag(text), |taxonomy| taxonomy.version().to_owned());
    let plain = |c: char| if c.is_ascii_alphanumeric() || matches!(c, '.' | '_') { c } else { '-' };
    // Its end tells it from others.
    let skipped = version.chars().count().saturating_sub(LONGEST_VERSION);
    let version: String = version.chars().skip(skipped).map(plain).collect();
    std::fs::copy(path, beside(path, &version)).map(drop)
}

fn replace(path: &Path, folder: &Path, text: &str) -> io::Result<()> {
    let draft = beside(path, &format!("{}.new", std::process::id()));
    let written = drafted(&draft, path, text).and_then(|()| std::fs::rename(&draft, path));
    if written.is_err() {
        let _ = std::fs::remove_file(&draft);
    }
    written?;
    // Where a folder cannot be synced the file may come back as it was after a power cut, and whole.
    let _ = File::open(folder).and_then(|folder| folder.sync_all());
    Ok(())
}

fn drafted(draft: &Path, path: &Path, text: &str) -> io::Result<()> {
    let mut file = OpenOptions::new().write(true).create(true).truncate(true).mode(0o644).open(draft)?;
    if let Ok(before) = std::fs::metadata(path) {
        file.set_permissions(before.permissions())?;
    }
    file.write_all(text.as_bytes())?;
    file.sync_all()
}

fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(format!(".{ending}"));
    name.into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::{PermissionsExt as _, symlink};

    fn names(dir: &tempfile::TempDir) -> Vec<String> {
        let entries = std::fs::read_dir(dir.path()).unwrap();
        let mut names: Vec<String> =
            entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort_unstable();
        names
    }

    #[test]
    fn the_one_before_stays_beside_it() {
        let dir = tempfile::tempdir().unwrap();
        let place = Place::Beside(dir.path().join("data.taxonomy.toml"));
        let (one, two) = ("version = \"../1\"\n", "version = \"2\"\n");
        write(&place, one, &tag(Taxonomy::standard_text())).unwrap();
        assert_eq!(names(&dir), ["data.taxonomy.toml"], "the built-in one needs no copy");
        let file = dir.path().join("data.taxonomy.toml");
        std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o640)).unwrap();
        write(&place, two, &tag(one)).unwrap();
        assert_eq!(place.read().unwrap(), two);
        assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o640);
        let [_, copy]: [String; 2] = names(&dir).try_into().unwrap();
        assert!(copy.starts_with("data.taxonomy.toml...-1-"), "{copy}");
        assert_eq!(std::fs::read_to_string(dir.path().join(copy)).unwrap(), one);
    }

    #[test]
    fn nothing_is_written_over_what_somebody_else_wrote() {
        let dir = tempfile::tempdir().unwrap();
        let place = Place::Named(dir.path().join("mine.toml"));
        std::fs::write(dir.path().join("mine.toml"), "version = \"1\"\n").unwrap();
        let error = write(&place, "version = \"2\"\n", &tag("version = \"0\"\n")).unwrap_err();
        assert!(matches!(error, KeepError::Conflict(_)), "{error}");
        assert_eq!((place.read().unwrap().as_str(), names(&dir).len()), ("version = \"1\"\n", 1));
        // Nor while they do.
        let _held = lock(dir.path()).unwrap();
        let error = write(&place, "version = \"2\"\n", &tag("version = \"1\"\n")).unwrap_err();
        assert!(matches!(error, KeepError::Conflict(_)), "{error}");
    }

    #[test]
    fn what_cannot_be_written_is_told_with_what_to_do() {
        let error = write(&Place::BuiltIn, "", &tag(Taxonomy::standard_text())).unwrap_err();
        assert!(error.to_string().contains("analyze.taxonomy"));
        let place = Place::Beside("/proc/no-such-folder/data.taxonomy.toml".into());
        let error = write(&place, "", &tag(Taxonomy::standard_text())).unwrap_err();
        assert!(matches!(&error, KeepError::Refused(told) if told.contains("by hand")), "{error}");
    }

    #[test]
    fn a_link_stays_one() {
        let dir = tempfile::tempdir().unwrap();
        let (real, link) = (dir.path().join("real.toml"), dir.path().join("link.toml"));
        std::fs::write(&real, "version = \"1\"\n").unwrap();
        symlink(&real, &link).unwrap();
        write(&Place::Named(link.clone()), "version = \"2\"\n", &tag("version = \"1\"\n")).unwrap();
        assert!(std::fs::symlink_metadata(&link).unwrap().is_symlink());
        assert_eq!(std::fs::read_to_string(&real).unwrap(), "version = \"2\"\n");
    }
}
