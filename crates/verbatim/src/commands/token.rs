//! `verbatim token`: who may ask the server for what.

use crate::config::Span;
use crate::context::{self, Context};
use crate::surroundings::chain;
use crate::{audited, output, tokens};
use anyhow::{Context as _, Result};
use chrono::Utc;
use clap::Subcommand;
use clap::builder::{PossibleValuesParser, TypedValueParser as _};
use feedback::time::Timestamp;
use insight::report::filter::Moment;
use serde::Serialize;
use server::auth::{Role, Token};
use std::time::Duration;

/// Make, list and revoke the tokens by which people and programs are known to `verbatim serve`
///
/// A token has a role: a sender posts feedback and sees nothing, a viewer sees everything, an editor also
/// corrects, judges alerts and works on cases, an admin also changes what holds for all. Programs send it with
/// each request ("Authorization: Bearer TOKEN"); people sign in with it. Kept is only a hash (server.tokens); a
/// running server follows changes within a second.
#[derive(Debug, Subcommand)]
#[command(
    verbatim_doc_comment,
    after_help = "Examples:\n  \
        verbatim token create jane --role editor\n  \
        verbatim token create grafana --role viewer --expires 90d --json | jq -r .token\n  \
        verbatim token list\n  \
        verbatim token revoke jane"
)]
pub enum Command {
    /// Make a token, and print it this once
    Create(Create),
    /// List the tokens, without what lets one in
    List,
    /// Take a token back: it is refused from now on, and every session begun with it ends
    Revoke(Revoke),
}

#[derive(Debug, clap::Args)]
pub struct Create {
    /// Whose it is, as the audit log names them: letters, digits, '.', '_' and '-'
    #[arg(value_name = "NAME")]
    name: String,
    /// What it allows
    #[arg(
        long,
        value_name = "ROLE",
        value_parser = PossibleValuesParser::new(Role::ALL.map(Role::as_str)).try_map(|role| role.parse::<Role>())
    )]
    role: Role,
    /// How long it counts, as in 90d or 12h [default: until it is revoked]
    #[arg(long, value_name = "TIME", value_parser = lasts)]
    expires: Option<Duration>,
}

#[derive(Debug, clap::Args)]
pub struct Revoke {
    /// As `verbatim token list` shows it
    #[arg(value_name = "NAME")]
    name: String,
}

fn lasts(text: &str) -> Result<Duration, String> {
    let lasts = Span::parse(text).map(|span| span.0).filter(|lasts| !lasts.is_zero());
    lasts.ok_or_else(|| format!("expected a time such as \"90d\" or \"12h\", found {text:?}"))
}

pub fn run(command: &Command, context: &Context) -> Result<()> {
    match command {
        Command::Create(args) => create(args, context),
        Command::List => list(context),
        Command::Revoke(args) => revoke(args, context),
    }
}

fn create(args: &Create, context: &Context) -> Result<()> {
    let now = now();
    let expires = args.expires.map(|lasts| {
        let micros = i64::try_from(lasts.as_micros()).unwrap_or(i64::MAX);
        Timestamp(now.0.saturating_add(micros))
    });
    let (file, until) = (tokens::file(context.config())?, tokens::until(expires.map(Moment)));
    let (by, detail) = (audited::login(), format!("{}, {until}", args.role));
    let making = audited::change(&by, tokens::CREATE, &args.name, &detail);
    let make = || anyhow::Ok(file.create(&args.name, args.role, expires, now)?);
    // What is no name is in no log.
    file.check(&args.name)?;
    let (secret, token) = match context.has_tables() {
        true => context::runtime()?.block_on(async {
            let store = context.store().await.context("no token was made, for that could not be noted")?;
            audited::make(&store, making, async { make() }).await
        })?,
        // `serve` makes them, and notes it before anybody is let in.
        false => make()?,
    };
    if context.json {
        let Token { name, role, made, expires, .. } = &token;
        return output::json(&serde_json::json!({
            "name": name, "role": role, "token": secret.reveal(), "made": made, "expires": expires,
        }));
    }
    // What a script takes stands alone on stdout.
    output::text(secret.reveal())?;
    eprintln!("{}", told(&token, &until, context.config().server.listen.trim()));
    Ok(())
}

/// What somebody does with it.
fn told(token: &Token, until: &str, listen: &str) -> String {
    let Token { name, role, .. } = token;
    let listen = if listen.is_empty() { "127.0.0.1:8080" } else { listen };
    let usage = match role {
        Role::Sender => {
            format!("  curl -H \"Authorization: Bearer TOKEN\" --json @event.json http://{listen}/v1/events")
        }
        _ => format!(
            "  http://{listen}/login\n  curl -H \"Authorization: Bearer TOKEN\" http://{listen}/v1/status"
        ),
    };
    format!("This is the token of {name} ({role}, {until}). It is kept nowhere and not shown again.\n{usage}")
}

/// For programs.
#[derive(Serialize)]
struct Listed<'t> {
    name: &'t str,
    role: Role,
    /// Its last characters.
    ends: &'t str,
    made: Moment,
    expires: Option<Moment>,
    is_expired: bool,
}

fn list(context: &Context) -> Result<()> {
    let (tokens, now) = (tokens::file(context.config())?.read()?, now());
    let listed: Vec<Listed<'_>> = tokens.iter().map(|token| listed(token, now)).collect();
    if context.json {
        return output::json(&listed);
    }
    if listed.is_empty() {
        return output::text("There are no tokens yet: `verbatim token create NAME --role admin` makes one.");
    }
    let mut table = output::table(&["name", "role", "ends in", "made", "counts until"]);
    for Listed { name, role, ends, made, expires, is_expired } in &listed {
        let until = match (expires, is_expired) {
            (None, _) => "it is revoked".to_owned(),
            (Some(expires), false) => day(*expires),
            (Some(expires), true) => format!("{}, expired", day(*expires)),
        };
        table.add_row([
            output::printable(name).to_string(),
            role.to_string(),
            format!("…{ends}"),
            day(*made),
            until,
        ]);
    }
    output::text(&table.to_string())
}

fn listed(token: &Token, now: Timestamp) -> Listed<'_> {
    Listed {
        name: &token.name,
        role: token.role,
        ends: &token.ends,
        made: token.made,
        expires: token.expires,
        is_expired: token.is_expired(now),
    }
}

fn day(moment: Moment) -> String {
    moment.0.day().to_string()
}

fn revoke(args: &Revoke, context: &Context) -> Result<()> {
    let file = tokens::file(context.config())?;
    // Before it is taken back, as all that is noted; but nothing keeps that from being done.
    if file.read()?.iter().any(|token| token.name == args.name) {
        note_revoked(&args.name, context);
    }
    let revoked = file.revoke(&args.name)?;
    if context.json {
        return output::json(&serde_json::json!({ "revoked": revoked.name }));
    }
    let name = &revoked.name;
    output::text(&format!("{name} is revoked: a running server refuses it from now on, and its sessions."))
}

/// Where there are tables already.
fn note_revoked(name: &str, context: &Context) {
    if !context.has_tables() {
        return;
    }
    let by = audited::login();
    let revoking = audited::change(&by, tokens::REVOKE, name, "").event();
    let noted = context::runtime().and_then(|runtime| {
        runtime.block_on(async { Ok(context.store().await?.append(&[revoking], None).await.map(drop)?) })
    });
    if let Err(error) = noted {
        tracing::warn!(
            why = chain(&error),
            "the token is taken back, and that could not be noted in the audit log"
        );
    }
}

fn now() -> Timestamp {
    Timestamp::from_datetime(Utc::now())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_one_that_passes() {
        assert_eq!(lasts("90d"), Ok(Duration::from_secs(90 * 86_400)));
        for wrong in ["", "0d", "90", "soon", "-1d"] {
            assert!(lasts(wrong).unwrap_err().contains("90d"), "{wrong}");
        }
    }

    #[test]
    fn whoever_makes_one_is_told_what_to_do_with_it() {
        let dir = tempfile::tempdir().unwrap();
        let file = server::auth::TokenFile::new(dir.path().join("tokens"));
        let of = |role: Role| {
            let (_, token) = file.create(role.as_str(), role, None, Timestamp(0)).unwrap();
            told(&token, "until it is revoked", "")
        };
        let viewer = of(Role::Viewer);
        assert!(viewer.contains("This is the token of viewer (viewer, until it is revoked)."), "{viewer}");
        assert!(viewer.contains("http://127.0.0.1:8080/login"), "{viewer}");
        let sender = of(Role::Sender);
        assert!(sender.contains("/v1/events") && !sender.contains("/login"), "{sender}");
    }
}
