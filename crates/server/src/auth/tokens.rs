//! The tokens of a deployment: a TOML file for the owner alone that `verbatim token` writes and a server follows.

use super::role::Role;
use super::secret::{Hash, PREFIX, Secret};
use feedback::time::Timestamp;
use insight::report::filter::Moment;
use serde::{Deserialize, Serialize};
use std::ffi::OsString;
use std::fs::{File, OpenOptions};
use std::io::{self, ErrorKind, Write as _};
use std::os::unix::fs::{MetadataExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

/// So many characters of a token stand in the file, to tell which one somebody holds. The others stay more than anybody
/// guesses.
const SHOWN: usize = 4;
const LONGEST_NAME: usize = 64;

const HEAD: &str = "# Who may ask this server for what: `verbatim token` writes this file. It holds no token, only what\n\
                    # one is known by; whoever may write here lets anybody in.\n\n";

/// What is kept of one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Token {
    pub name: String,
    pub role: Role,
    pub made: Moment,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires: Option<Moment>,
    /// Its last characters.
    pub ends: String,
    sha256: Hash,
}

impl Token {
    #[must_use]
    pub fn is_expired(&self, now: Timestamp) -> bool {
        self.expires.is_some_and(|expires| expires.0 <= now)
    }
}

/// The one with this hash that has not expired. All are compared, each in constant time, so that the time tells nothing of
/// which it was.
pub(super) fn find(tokens: &[Token], hash: Hash, now: Timestamp) -> Option<&Token> {
    let mut found = None;
    for token in tokens {
        if token.sha256.is(&hash) {
            found = Some(token);
        }
    }
    found.filter(|token| !token.is_expired(now))
}

#[derive(Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Listed {
    #[serde(default)]
    token: Vec<Token>,
}

#[derive(Debug, thiserror::Error)]
pub enum TokensError {
    #[error("the tokens {} cannot be read", path.display())]
    Unreadable { path: PathBuf, source: io::Error },
    #[error("the tokens {} cannot be written", path.display())]
    Unwritable { path: PathBuf, source: io::Error },
    #[error("{} is not as `verbatim token` writes it: correct it, or make its tokens anew", path.display())]
    Broken { path: PathBuf, source: Box<toml::de::Error> },
    #[error("others may write {} (mode {mode:o}), and let themselves in by that: chmod 600 it", path.display())]
    Open { path: PathBuf, mode: u32 },
    #[error("there is a token {0:?} already: choose another name, or revoke it first")]
    Taken(String),
    #[error("there is no token {0:?}: `verbatim token list` lists them")]
    Unknown(String),
    #[error("{0:?} is no name for a token: use 1 to {LONGEST_NAME} letters, digits, '.', '_' or '-'")]
    Name(String),
}

fn check_name(name: &str) -> Result<(), TokensError> {
    let fine = |c: char| c.is_ascii_alphanumeric() || "._-".contains(c);
    let is_name = (1..=LONGEST_NAME).contains(&name.len()) && name.chars().all(fine);
    if is_name { Ok(()) } else { Err(TokensError::Name(name.to_owned())) }
}

fn is_free(name: &str, tokens: &[Token]) -> Result<(), TokensError> {
    let is_taken = tokens.iter().any(|token| token.name == name);
    if is_taken { Err(TokensError::Taken(name.to_owned())) } else { Ok(()) }
}

/// Where tokens are kept.
#[derive(Debug, Clone)]
pub struct TokenFile {
    path: PathBuf,
}

impl TokenFile {
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self { path: path.into() }
    }

    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// All of them, expired ones too; none where there is no file yet.
    ///
    /// # Errors
    /// Where the file cannot be read, or is not to be trusted.
    pub fn read(&self) -> Result<Vec<Token>, TokensError> {
        let path = || self.path.clone();
        let text = match std::fs::read_to_string(&self.path) {
            Ok(text) => text,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
            Err(source) => return Err(TokensError::Unreadable { path: path(), source }),
        };
        let about = std::fs::metadata(&self.path);
        let about = about.map_err(|source| TokensError::Unreadable { path: path(), source })?;
        if about.mode() & 0o022 != 0 {
            return Err(TokensError::Open { path: path(), mode: about.mode() & 0o777 });
        }
        let listed: Result<Listed, _> = toml::from_str(&text);
        let listed = listed.map_err(|error| TokensError::Broken { path: path(), source: Box::new(error) })?;
        Ok(listed.token)
    }

    /// Whether one of this name may be made.
    ///
    /// # Errors
    /// Where the name is none or taken, or the file cannot be read.
    pub fn check(&self, name: &str) -> Result<(), TokensError> {
        check_name(name)?;
        is_free(name, &self.read()?)
    }

    /// Makes one, which is told to nobody but the caller.
    ///
    /// # Errors
    /// Where the name is none or taken, or the file cannot be read or written.
    pub fn create(
        &self,
        name: &str,
        role: Role,
        expires: Option<Timestamp>,
        now: Timestamp,
    ) -> Result<(Secret, Token), TokensError> {
        check_name(name)?;
        let _held = self.hold()?;
        let mut tokens = self.read()?;
        is_free(name, &tokens)?;
        let secret = Secret::draw(PREFIX);
        let text = secret.reveal();
        let token = Token {
            name: name.to_owned(),
            role,
            made: Moment(now),
            expires: expires.map(Moment),
            // It is ASCII.
            ends: text[text.len() - SHOWN..].to_owned(),
            sha256: secret.hash(),
        };
        tokens.push(token.clone());
        self.write(tokens)?;
        Ok((secret, token))
    }

    /// Takes one out; whoever has it is refused within a second.
    ///
    /// # Errors
    /// Where there is none of that name, or the file cannot be read or written.
    pub fn revoke(&self, name: &str) -> Result<Token, TokensError> {
        let _held = self.hold()?;
        let (mut gone, left): (Vec<Token>, Vec<Token>) =
            self.read()?.into_iter().partition(|token| token.name == name);
        let revoked = gone.pop().ok_or_else(|| TokensError::Unknown(name.to_owned()))?;
        self.write(left)?;
        Ok(revoked)
    }

    /// Of two that change the file at once the second waits, until this is dropped.
    fn hold(&self) -> Result<File, TokensError> {
        let lock = || -> io::Result<File> {
            if let Some(dir) = self.path.parent().filter(|dir| !dir.as_os_str().is_empty()) {
                std::fs::create_dir_all(dir)?;
            }
            let mut options = OpenOptions::new();
            let options = options.write(true).create(true).truncate(false).mode(0o600);
            let file = options.open(beside(&self.path, "lock"))?;
            file.lock()?;
            Ok(file)
        };
        lock().map_err(|source| TokensError::Unwritable { path: self.path.clone(), source })
    }

    /// Whole or not at all, whenever somebody reads or the power goes.
    fn write(&self, token: Vec<Token>) -> Result<(), TokensError> {
        let draft = beside(&self.path, "draft");
        let write = || -> io::Result<()> {
            let listed = toml::to_string(&Listed { token }).map_err(io::Error::other)?;
            // What a process that was killed left there; nobody else writes, for the lock is held.
            match std::fs::remove_file(&draft) {
                Err(error) if error.kind() != ErrorKind::NotFound => return Err(error),
                _ => {}
            }
            let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&draft)?;
            file.write_all(format!("{HEAD}{listed}").as_bytes())?;
            file.sync_all()?;
            std::fs::rename(&draft, &self.path)?;
            let dir = self.path.parent().filter(|dir| !dir.as_os_str().is_empty());
            File::open(dir.unwrap_or(Path::new(".")))?.sync_all()
        };
        write().map_err(|source| TokensError::Unwritable { path: self.path.clone(), source })
    }
}

fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = OsString::from(path);
    name.push(".");
    name.push(ending);
    name.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp(1_800_000_000_000_000);

    fn file() -> (tempfile::TempDir, TokenFile) {
        let dir = tempfile::tempdir().unwrap();
        let file = TokenFile::new(dir.path().join("data.tokens"));
        (dir, file)
    }

    #[test]
    fn one_is_made_found_and_revoked() {
        let (_dir, file) = file();
        assert_eq!(file.read().unwrap(), []);
        let (secret, made) = file.create("ci", Role::Sender, None, NOW).unwrap();
        let (other, _) = file.create("jane", Role::Admin, None, NOW).unwrap();
        let tokens = file.read().unwrap();
        assert_eq!(tokens.len(), 2);
        assert_eq!(find(&tokens, secret.hash(), NOW), Some(&made));
        assert_eq!(find(&tokens, Secret::draw(PREFIX).hash(), NOW), None);
        assert!(secret.reveal().ends_with(&made.ends) && made.ends.len() == SHOWN);
        assert_eq!(file.revoke("ci").unwrap(), made);
        let tokens = file.read().unwrap();
        assert_eq!(find(&tokens, secret.hash(), NOW), None);
        assert_eq!(find(&tokens, other.hash(), NOW).map(|token| token.role), Some(Role::Admin));
    }

    #[test]
    fn an_expired_one_is_no_longer_found() {
        let (_dir, file) = file();
        let expires = Timestamp(NOW.0 + 5);
        let (secret, _) = file.create("ci", Role::Viewer, Some(expires), NOW).unwrap();
        let tokens = file.read().unwrap();
        assert!(find(&tokens, secret.hash(), Timestamp(NOW.0 + 4)).is_some());
        assert!(find(&tokens, secret.hash(), expires).is_none());
    }

    #[test]
    fn the_file_is_the_owners_alone_and_holds_no_token() {
        let (dir, file) = file();
        let (secret, _) = file.create("ci", Role::Viewer, None, NOW).unwrap();
        let text = std::fs::read_to_string(file.path()).unwrap();
        assert!(!text.contains(secret.reveal()) && !text.contains(&secret.reveal()[4..]), "{text}");
        assert_eq!(std::fs::metadata(file.path()).unwrap().mode() & 0o777, 0o600);
        let names: Vec<_> =
            std::fs::read_dir(dir.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        assert!(!names.iter().any(|name| name.to_string_lossy().ends_with("draft")), "{names:?}");
        // Read again after it was written by this program.
        assert_eq!(file.read().unwrap().len(), 1);
    }

    #[test]
    fn a_file_that_others_may_write_lets_nobody_in() {
        use std::os::unix::fs::PermissionsExt as _;
        let (_dir, file) = file();
        file.create("ci", Role::Viewer, None, NOW).unwrap();
        std::fs::set_permissions(file.path(), std::fs::Permissions::from_mode(0o620)).unwrap();
        let error = file.read().unwrap_err().to_string();
        assert!(error.contains("mode 620") && error.contains("chmod 600"), "{error}");
    }

    #[test]
    fn what_cannot_be_is_said() {
        let (_dir, file) = file();
        file.create("ci", Role::Viewer, None, NOW).unwrap();
        let error = |name: &str| file.create(name, Role::Viewer, None, NOW).unwrap_err().to_string();
        assert!(error("ci").contains("already"));
        for name in ["", "a b", "jane@example.com", "a/b", "a\n", &"a".repeat(65)] {
            assert!(error(name).contains("is no name"), "{name}");
        }
        assert!(matches!(file.revoke("cd"), Err(TokensError::Unknown(_))));
        std::fs::write(file.path(), "[[token]]\nname = 5\n").unwrap();
        assert!(matches!(file.read(), Err(TokensError::Broken { .. })));
        assert!(file.create("x", Role::Viewer, None, NOW).is_err(), "what is broken is not written over");
    }

    #[test]
    fn of_many_at_once_none_is_lost() {
        let (_dir, file) = file();
        std::thread::scope(|scope| {
            for n in 0..8 {
                let file = &file;
                scope.spawn(move || file.create(&format!("t{n}"), Role::Viewer, None, NOW).unwrap());
            }
        });
        assert_eq!(file.read().unwrap().len(), 8);
    }
}
