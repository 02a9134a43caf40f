//! Where the server's tokens are kept, whether it may listen with those that there are, and that their making is noted.

use crate::audited;
use crate::config::Config;
use crate::context::is_remote;
use crate::surroundings::chain;
use anyhow::{Result, bail, ensure};
use insight::report::filter::Moment;
use server::auth::{Token, TokenFile};
use store::{AppendError, AuditEvent, Mark, Store};

/// What the audit calls it that a token is made, and that it is taken back.
pub const CREATE: &str = "token.create";
pub const REVOKE: &str = "token.revoke";
/// How often noting is tried again where others write to the log meanwhile.
const ROUNDS: usize = 8;

/// `server.tokens`, or beside the tables.
pub fn file(config: &Config) -> Result<TokenFile> {
    let named = &config.server.tokens;
    if !named.as_os_str().is_empty() {
        return Ok(TokenFile::new(named));
    }
    ensure!(
        !is_remote(&config.store.path),
        "tables in a bucket have no file beside them: name one for the tokens by server.tokens"
    );
    let mut path = config.store.path.clone().into_os_string();
    path.push(".tokens");
    Ok(TokenFile::new(path))
}

/// How long one counts.
pub fn until(expires: Option<Moment>) -> String {
    expires.map_or("until it is revoked".to_owned(), |expires| format!("until {expires}"))
}

/// Notes in the audit those that nobody noted, such as were made before there were tables to note that in. Of several processes
/// that find one, one notes it.
pub async fn note_made(store: &Store, file: &TokenFile) -> Result<()> {
    let tokens = file.read()?;
    if tokens.is_empty() {
        return Ok(());
    }
    for _ in 0..ROUNDS {
        let log = store.tail::<AuditEvent>(Mark::default()).await?;
        let is_noted = |token: &Token| {
            log.events.iter().any(|event| event.action == CREATE && event.object == token.name)
        };
        let found: Vec<AuditEvent> = tokens.iter().filter(|token| !is_noted(token)).map(found).collect();
        if found.is_empty() {
            return Ok(());
        }
        match store.append(&found, Some(log.mark)).await {
            Err(AppendError::Moved { .. }) => {}
            appended => return Ok(appended.map(drop)?),
        }
    }
    bail!("others write to the audit log all the time")
}

fn found(token: &Token) -> AuditEvent {
    let until = until(token.expires);
    let detail = format!("{}, {until}; made on {}, found at the start", token.role, token.made);
    audited::change(audited::COMMAND_LINE, CREATE, &token.name, &detail).event()
}

/// What keeps the server from listening, with the setting that says so.
pub fn problem(config: &Config) -> Option<([&'static str; 2], String)> {
    let address = config.server.address()?;
    let tokens = file(config).and_then(|file| Ok(file.read()?));
    match tokens {
        Err(error) => Some((["server", "tokens"], chain(&error))),
        Ok(tokens) if tokens.is_empty() && !address.ip().to_canonical().is_loopback() => Some((
            ["server", "listen"],
            format!(
                "other machines reach {address}, and nobody has a token: make one with `verbatim token create NAME --role \
                 admin`, or listen at 127.0.0.1"
            ),
        )),
        Ok(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use feedback::time::Timestamp;
    use server::auth::Role;

    fn config(dir: &tempfile::TempDir, listen: &str) -> Config {
        let mut config = crate::config::assemble(None, std::iter::empty()).unwrap().config;
        config.store.path = dir.path().join("data");
        config.server.listen = listen.to_owned();
        config
    }

    #[test]
    fn other_machines_find_a_door_only_where_somebody_has_a_key() {
        let dir = tempfile::tempdir().unwrap();
        assert_eq!(problem(&config(&dir, "127.0.0.1:8080")), None);
        assert_eq!(problem(&config(&dir, "")), None);
        let open = config(&dir, "0.0.0.0:8080");
        let (setting, why) = problem(&open).unwrap();
        assert_eq!(setting, ["server", "listen"]);
        assert!(why.contains("verbatim token create NAME --role admin"), "{why}");
        file(&open).unwrap().create("jane", Role::Admin, None, Timestamp(0)).unwrap();
        assert_eq!(problem(&open), None);
    }

    #[tokio::test]
    async fn what_was_made_before_there_were_tables_is_noted_once() {
        let dir = tempfile::tempdir().unwrap();
        let data = dir.path().join("data").to_string_lossy().into_owned();
        let store = Store::open(&data, store::StoreOptions::default()).await.unwrap();
        let file = TokenFile::new(dir.path().join("tokens"));
        note_made(&store, &file).await.unwrap();
        file.create("jane", Role::Admin, None, Timestamp(0)).unwrap();
        for _ in 0..2 {
            note_made(&store, &file).await.unwrap();
        }
        assert_eq!(audited::tests::noted(&store).await, [["command line", CREATE, "jane"]]);
        // Two processes that start together.
        file.create("ann", Role::Viewer, None, Timestamp(0)).unwrap();
        let both = tokio::join!(note_made(&store, &file), note_made(&store, &file));
        assert!(both.0.is_ok() && both.1.is_ok(), "{both:?}");
        assert_eq!(audited::tests::noted(&store).await.len(), 2);
    }

    #[test]
    fn tokens_lie_beside_the_tables_or_where_they_are_said_to() {
        let dir = tempfile::tempdir().unwrap();
        let mut config = config(&dir, "127.0.0.1:8080");
        assert_eq!(file(&config).unwrap().path(), dir.path().join("data.tokens"));
        config.server.tokens = "/etc/verbatim/tokens.toml".into();
        assert_eq!(file(&config).unwrap().path(), std::path::Path::new("/etc/verbatim/tokens.toml"));
        config.server.tokens = dir.path().join("tokens");
        std::fs::write(&config.server.tokens, "no tokens").unwrap();
        assert_eq!(problem(&config).unwrap().0, ["server", "tokens"]);
        config.server.tokens.clear();
        config.store.path = "s3://bucket/tables".into();
        assert!(file(&config).unwrap_err().to_string().contains("server.tokens"));
    }
}
