//! What each kind of target needs.

use super::reader::{Reader, nearest};
use super::{Email, Jira, Login, Target, Tls, To};
use crate::address::{Allowed, web_address};
use crate::secret::Secret;
use lettre::message::Mailbox;
use std::path::PathBuf;

const KINDS: [&str; 6] = ["slack", "teams", "email", "webhook", "jira", "kafka"];
/// Characters of a secret that signs; a shorter one is guessed.
pub const SHORTEST_SECRET: usize = 16;

/// `None` where something is wrong, which the reader holds then.
pub fn target(reader: &mut Reader<'_>) -> Option<Target> {
    let name = reader.needed("name", "product-slack");
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    if name.as_ref().is_some_and(|name| name.len() > 64 || !name.chars().all(plain)) {
        reader.wrong("name", "must be at most 64 letters, digits, dots, dashes and underscores");
    }
    let kind = reader.needed("kind", "slack");
    let allowed = match Allowed::parse(reader.texts("allow_private").iter().map(String::as_str)) {
        Ok(allowed) => allowed,
        Err(text) => {
            let message =
                format!("{text:?} is no address or network such as \"10.1.2.3\" or \"10.1.0.0/16\"");
            reader.wrong("allow_private", message);
            Allowed::default()
        }
    };
    let to = match kind.as_deref() {
        Some("slack") => web(reader, "env:SLACK_WEBHOOK", &allowed).map(|url| To::Slack { url }),
        Some("teams") => web(reader, "env:TEAMS_WEBHOOK", &allowed).map(|url| To::Teams { url }),
        Some("webhook") => webhook(reader, &allowed),
        Some("email") => email(reader, &allowed).map(To::Email),
        Some("jira") => jira(reader, &allowed).map(To::Jira),
        Some("kafka") => kafka(reader),
        Some(other) => {
            let hint = nearest(other, KINDS.into_iter()).map_or_else(
                || format!("there are {}", KINDS.join(", ")),
                |near| format!("did you mean {near}?"),
            );
            reader.wrong("kind", format_args!("there is no kind {other:?}: {hint}"));
            reader.give_up();
            None
        }
        None => {
            reader.give_up();
            None
        }
    };
    Some(Target {
        timeout: reader.span("timeout", "15s", "100ms"..="2m"),
        deadline: reader.span("deadline", "24h", "1s"..="30d"),
        largest: reader.bytes("largest", "256KiB", "2KiB"..="10MiB"),
        at_once: reader.count("at_once", 2, 1..=32),
        ca_file: reader.text("ca_file").map(PathBuf::from),
        allowed,
        name: name?,
        to: to?,
    })
}

/// The key `url`. One that is written out is checked now, one that is a reference when it is followed.
fn web(reader: &mut Reader<'_>, example: &str, allowed: &Allowed) -> Option<Secret> {
    let url = reader.secret("url", example)?;
    if !url.is_reference()
        && let Ok(written) = url.reveal()
        && let Err(why) = web_address(&written, allowed)
    {
        reader.wrong("url", why);
        return None;
    }
    Some(url)
}

fn webhook(reader: &mut Reader<'_>, allowed: &Allowed) -> Option<To> {
    let url = web(reader, "https://example.com/hook", allowed);
    let secret = reader.secret("secret", "env:WEBHOOK_SECRET")?;
    if !secret.is_reference()
        && secret.reveal().is_ok_and(|written| written.chars().count() < SHORTEST_SECRET)
    {
        reader.wrong("secret", format_args!("must have at least {SHORTEST_SECRET} characters"));
    }
    Some(To::Webhook { url: url?, secret })
}

fn email(reader: &mut Reader<'_>, allowed: &Allowed) -> Option<Email> {
    let tls = match reader.text("tls").as_deref() {
        None | Some("starttls") => Tls::Starttls,
        Some("wrapped") => Tls::Wrapped,
        Some("none") => {
            if allowed.is_empty() {
                let message = "\"none\" is only for a mail server on this machine: name its address, as in \
                               allow_private = \"127.0.0.1\"";
                reader.wrong("tls", message);
            }
            Tls::None
        }
        Some(_) => {
            reader.wrong("tls", "must be \"starttls\", \"wrapped\" or \"none\"");
            Tls::Starttls
        }
    };
    let server = reader.needed("server", "smtp.example.com:587");
    let place = server.as_deref().and_then(host_and_port);
    if server.is_some() && place.is_none() {
        reader.wrong(
            "server",
            "expected a host, and a port where it is not the usual one: smtp.example.com:587",
        );
    }
    let from = reader.needed("from", "Verbatim <verbatim@example.com>");
    let from = from.and_then(|text| mailbox(reader, "from", &text));
    let owners = reader.flag("owners");
    let listed = reader.texts("to");
    if listed.is_empty() && !owners {
        reader.wrong(
            "to",
            "is missing: without an address nobody gets the mail, as in to = [\"pm@example.com\"]",
        );
    }
    let to: Option<Vec<Mailbox>> = listed.iter().map(|text| mailbox(reader, "to", text)).collect();
    let login = match reader.text("user") {
        Some(user) => Some(Login { user, password: reader.secret("password", "env:SMTP_PASSWORD")? }),
        None => {
            if reader.text("password").is_some() {
                reader.wrong("user", "is missing: a password alone lets nobody in");
            }
            None
        }
    };
    if tls == Tls::None && login.is_some() {
        reader.wrong("tls", "a password is not sent in the clear: leave user and password out, or tls");
    }
    let (server, port) = place?;
    let usual = match tls {
        Tls::Starttls => 587,
        Tls::Wrapped => 465,
        Tls::None => 25,
    };
    Some(Email { server, port: port.unwrap_or(usual), tls, login, from: from?, to: to?, owners })
}

fn mailbox(reader: &mut Reader<'_>, key: &str, text: &str) -> Option<Mailbox> {
    let read = text.parse::<Mailbox>();
    if read.is_err() {
        reader.wrong(key, format_args!("{text:?} is no address such as \"Product <pm@example.com>\""));
    }
    read.ok()
}

/// `example.com`, `example.com:587`, `[::1]:25`.
fn host_and_port(text: &str) -> Option<(String, Option<u16>)> {
    let (host, port) = match text.strip_prefix('[') {
        Some(rest) => {
            let (host, after) = rest.split_once(']')?;
            (host, if after.is_empty() { None } else { Some(after.strip_prefix(':')?) })
        }
        None => text.split_once(':').map_or((text, None), |(host, port)| (host, Some(port))),
    };
    let named =
        !host.is_empty() && host.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | ':'));
    let port = port.map(str::parse::<u16>).transpose().ok()?;
    (named && port != Some(0)).then(|| (host.to_owned(), port))
}

fn jira(reader: &mut Reader<'_>, allowed: &Allowed) -> Option<Jira> {
    let url = reader.needed("url", "https://example.atlassian.net");
    let url = url.and_then(|text| match web_address(&text, allowed) {
        Ok(url) => Some(url),
        Err(why) => {
            reader.wrong("url", why);
            None
        }
    });
    let project = reader.needed("project", "VOC");
    let named = |project: &String| {
        project.len() <= 64
            && project.starts_with(|c: char| c.is_ascii_uppercase())
            && project.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_')
    };
    if project.as_ref().is_some_and(|project| !named(project)) {
        reader.wrong("project", "expected the key of a project, in capital letters, such as \"VOC\"");
    }
    let labels = reader.texts("labels");
    if labels.iter().any(|label| label.is_empty() || label.contains(char::is_whitespace)) {
        reader.wrong("labels", "a label of Jira has no blanks in it");
    }
    let issue_type = reader.text("issue_type").unwrap_or_else(|| "Task".to_owned());
    let user = reader.needed("user", "bot@example.com");
    let password = reader.secret("password", "env:JIRA_TOKEN");
    Some(Jira {
        url: url?,
        login: Login { user: user?, password: password? },
        project: project?,
        issue_type,
        labels,
    })
}

fn kafka(reader: &mut Reader<'_>) -> Option<To> {
    let topic = reader.needed("topic", "feedback.cases")?;
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
    if topic.len() > 249 || !topic.chars().all(plain) {
        reader.wrong("topic", "must be at most 249 letters, digits, dots, dashes and underscores");
    }
    Some(To::Kafka { topic })
}
