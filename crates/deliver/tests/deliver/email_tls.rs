//! Mail over encrypted connections: after STARTTLS, and from the first byte.

use super::authority::Authority;
use super::smtp_stub::{Cover, Heard, Manner, Stub};
use super::{Inside, attempt_by, note, outcome, outcome_at, target};
use deliver::{Fault, Outcome, SendError, Target};
use mail_parser::MessageParser;
use std::sync::Arc;
use tokio_rustls::TlsAcceptor;

const HOST: &str = "mail.example";
const GO_AHEAD: &str = "220 go on";
const EHLO: &str = "EHLO example.com";
/// Python: base64.b64encode(b"\0robot\0correct horse battery"), by RFC 4616.
const LOGIN: &str = "AUTH PLAIN AHJvYm90AGNvcnJlY3QgaG9yc2UgYmF0dGVyeQ==";

/// A target at the stub that logs in, and trusts this authority beside those of the system.
fn mail(stub: &Stub, host: &str, tls: &str, trusted: Option<&Authority>) -> Target {
    let port = stub.address.port();
    let ca_file = trusted.map(Authority::setting).unwrap_or_default();
    target(&format!(
        "kind = \"email\"\nserver = \"{host}:{port}\"\ntls = \"{tls}\"\nallow_private = \"127.0.0.1\"\n\
         from = \"Verbatim <verbatim@example.com>\"\nto = \"pm@example.com\"\n\
         user = \"robot\"\npassword = \"correct horse battery\"\n{ca_file}"
    ))
}

/// Everything that belongs to one mail was said, and the mail is the note.
fn assert_arrived(heard: &Heard, said: &[String]) {
    assert_eq!(said[..2], [EHLO, LOGIN]);
    assert!(said[2].starts_with("MAIL FROM:<verbatim@example.com>"), "{said:?}");
    assert_eq!(said[3..], ["RCPT TO:<pm@example.com>", "DATA", "QUIT"]);
    assert_eq!(heard.mails.len(), 1);
    let mail = MessageParser::default().parse(&heard.mails[0]).unwrap();
    assert_eq!(mail.subject(), Some("Complaints about billing doubled"));
    let text = mail.body_text(0).unwrap();
    assert!(text.contains("Ça ne marche <b>pas</b>"), "{text}");
}

#[tokio::test]
async fn nothing_but_starttls_is_said_before_the_handshake() {
    let authority = Authority::new("Ours");
    let stub = Stub::covered(Manner::Takes, Cover::Starttls(authority.serves(HOST), GO_AHEAD)).await;
    let target = mail(&stub, HOST, "starttls", Some(&authority));
    assert_eq!(outcome_at(stub.address, &target, &note()).await, Outcome::Delivered { reference: None });
    let heard = stub.heard();
    assert_eq!(heard.clear, [EHLO, "STARTTLS"]);
    assert_arrived(&heard, &heard.commands[2..]);
}

#[tokio::test]
async fn where_tls_is_from_the_first_byte_nothing_is_said_in_the_clear() {
    let authority = Authority::new("Ours");
    let stub = Stub::covered(Manner::Takes, Cover::Wrapped(authority.serves(HOST))).await;
    let target = mail(&stub, HOST, "wrapped", Some(&authority));
    assert_eq!(outcome_at(stub.address, &target, &note()).await, Outcome::Delivered { reference: None });
    let heard = stub.heard();
    assert!(heard.clear.is_empty(), "{heard:?}");
    assert_arrived(&heard, &heard.commands);
    // A server that does not encrypt is told nothing.
    let stub = Stub::start(Manner::Takes).await;
    let target = mail(&stub, HOST, "wrapped", Some(&authority));
    let outcome = outcome_at(stub.address, &target, &note()).await;
    assert!(matches!(outcome, Outcome::Retry { .. }), "{outcome:?}");
    let heard = stub.heard();
    assert!(heard.mails.is_empty() && !heard.commands.iter().any(|line| line == EHLO), "{heard:?}");
}

#[tokio::test]
async fn a_server_that_is_named_by_its_address_shows_that_address() {
    let authority = Authority::new("Ours");
    let stub = Stub::covered(Manner::Takes, Cover::Starttls(authority.serves("127.0.0.1"), GO_AHEAD)).await;
    let target = mail(&stub, "127.0.0.1", "starttls", Some(&authority));
    assert_eq!(outcome(&target, &note()).await, Outcome::Delivered { reference: None });
    // That it is at the address is no proof of a name.
    let target = mail(&stub, HOST, "starttls", Some(&authority));
    let outcome = outcome_at(stub.address, &target, &note()).await;
    assert!(matches!(outcome, Outcome::Retry { .. }), "{outcome:?}");
    assert_eq!(stub.heard().mails.len(), 1);
}

#[tokio::test]
async fn a_server_that_does_not_encrypt_gets_neither_mail_nor_password() {
    let authority = Authority::new("Ours");
    // This one does not offer it, and would take the login in the clear.
    let stub = Stub::start(Manner::Takes).await;
    let target = mail(&stub, HOST, "starttls", Some(&authority));
    let inside = Arc::new(Inside(stub.address));
    let error = attempt_by(inside, &target, &note(), None).await.unwrap_err();
    assert_eq!((error.fault(), error.is_retryable()), (Fault::Settings, false), "{error}");
    assert!(error.to_string().contains("STARTTLS"), "{error}");
    let heard = stub.heard();
    assert_eq!(heard.commands, [EHLO]);
    assert!(heard.mails.is_empty());
    // This one offers it, and cannot for now.
    let cover = Cover::Starttls(authority.serves(HOST), "454 4.7.0 no certificate at hand");
    let stub = Stub::covered(Manner::Takes, cover).await;
    let target = mail(&stub, HOST, "starttls", Some(&authority));
    match outcome_at(stub.address, &target, &note()).await {
        Outcome::Retry { after: None, why } => {
            assert!(why.contains("454") && why.contains("no certificate at hand"), "{why}");
        }
        other => panic!("{other:?}"),
    }
    let heard = stub.heard();
    assert_eq!(heard.commands, [EHLO, "STARTTLS", "QUIT"]);
    assert!(heard.mails.is_empty());
}

#[tokio::test]
async fn a_server_that_repeats_the_login_gives_nothing_of_it_away() {
    let authority = Authority::new("Ours");
    let cover = Cover::Starttls(authority.serves(HOST), GO_AHEAD);
    let stub = Stub::covered(Manner::RefusesLogins, cover).await;
    let target = mail(&stub, HOST, "starttls", Some(&authority));
    let error = attempt_by(Arc::new(Inside(stub.address)), &target, &note(), None).await.unwrap_err();
    assert!(matches!(error, SendError::Refused { status: 535, .. }), "{error}");
    assert!(stub.heard().commands.contains(&LOGIN.to_owned()));
    // What hides the words that nobody knows has nothing left to hide of it.
    let text = error.to_string();
    assert!(text.contains("5.7.8") && text.contains("***") && !text.contains("AHJv"), "{text}");
}

/// Whoever is on the way can put words behind the go-ahead. Taken for the server's own, these have a mail delivered that
/// the server may go on to refuse, or never sees.
#[tokio::test]
async fn what_is_slipped_in_before_the_handshake_is_not_believed() {
    let authority = Authority::new("Ours");
    let answer = "220 go on\r\n250-mail.example\r\n250 AUTH PLAIN";
    let stub = Stub::covered(Manner::Takes, Cover::Starttls(authority.serves(HOST), answer)).await;
    let target = mail(&stub, HOST, "starttls", Some(&authority));
    let outcome = outcome_at(stub.address, &target, &note()).await;
    assert!(matches!(outcome, Outcome::Retry { .. }), "{outcome:?}");
    let heard = stub.heard();
    assert_eq!(heard.commands, [EHLO, "STARTTLS"]);
    assert!(heard.mails.is_empty());
}

/// It is tried again, as after any failure on the way, and the server heard nothing that was worth hearing.
async fn assert_not_trusted(tls: &str, acceptor: TlsAcceptor, trusted: Option<&Authority>, says: &str) {
    let (cover, said) = match tls {
        "wrapped" => (Cover::Wrapped(acceptor), Vec::new()),
        _ => (Cover::Starttls(acceptor, GO_AHEAD), vec![EHLO, "STARTTLS"]),
    };
    let stub = Stub::covered(Manner::Takes, cover).await;
    match outcome_at(stub.address, &mail(&stub, HOST, tls, trusted), &note()).await {
        Outcome::Retry { after: None, why } => {
            assert!(why.contains("certificate") && why.contains(says), "{tls}: {why}");
            assert!(why.contains(HOST) && !why.contains("horse"), "{tls}: {why}");
        }
        other => panic!("{tls}, {says}: {other:?}"),
    }
    let heard = stub.heard();
    assert_eq!(heard.commands, said, "{tls}, {says}");
    assert!(heard.mails.is_empty(), "{tls}, {says}");
}

#[tokio::test]
async fn a_certificate_that_proves_nothing_gets_no_mail() {
    let ours = Authority::new("Ours");
    for tls in ["starttls", "wrapped"] {
        for (acceptor, says) in ours.worthless(HOST) {
            assert_not_trusted(tls, acceptor, Some(&ours), says).await;
        }
        // Without the setting nobody here knows the authority, and the error names the setting.
        assert_not_trusted(tls, ours.serves(HOST), None, "ca_file").await;
    }
}
