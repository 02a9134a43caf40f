use super::smtp_stub::{Manner, Stub};
use super::{attempt, note, outcome, target};
use deliver::{Fault, Key, Outcome, SendError, Target};
use mail_parser::MessageParser;
use std::time::{Duration, Instant};

fn mail(stub: &Stub, tls: &str) -> Target {
    target(&format!(
        "kind = \"email\"\nserver = \"{}\"\nfrom = \"Verbatim <verbatim@example.com>\"\n\
         to = [\"Product <pm@example.com>\", \"cx@example.com\"]\ntls = \"{tls}\"\nallow_private = \"127.0.0.1\"\n\
         timeout = \"5s\"\n",
        stub.address
    ))
}

#[tokio::test]
async fn a_mail_arrives_as_it_was_meant() {
    let stub = Stub::start(Manner::Takes).await;
    let mut note = note();
    note.title = "Beschwerden über die Rechnung\r\nBcc: evil@example.com".into();
    assert_eq!(outcome(&mail(&stub, "none"), &note).await, Outcome::Delivered { reference: None });
    let heard = stub.heard();
    let asked: Vec<&str> = heard.commands.iter().map(String::as_str).collect();
    assert_eq!(asked[0], "EHLO example.com");
    assert!(asked[1].starts_with("MAIL FROM:<verbatim@example.com>"), "{asked:?}");
    assert_eq!(asked[2..], ["RCPT TO:<pm@example.com>", "RCPT TO:<cx@example.com>", "DATA", "QUIT"]);
    let mail = MessageParser::default().parse(&heard.mails[0]).unwrap();
    assert_eq!(mail.subject(), Some("Beschwerden über die Rechnung Bcc: evil@example.com"));
    assert!(mail.bcc().is_none(), "a subject holds no header");
    let key = Key::of("alert-7", "t");
    assert_eq!(mail.message_id(), Some(format!("{key}@example.com").as_str()));
    let raw = String::from_utf8_lossy(&heard.mails[0]);
    assert!(raw.contains("\r\nAuto-Submitted: auto-generated\r\n"), "{raw}");
    assert!(raw.contains("\r\nReferences: <") && raw.contains("\r\nIn-Reply-To: <"), "{raw}");
    assert_eq!(mail.date().map(mail_parser::DateTime::to_timestamp), Some(1_764_230_400));
    let text = mail.body_text(0).unwrap();
    assert!(text.contains("\"Ça ne marche <b>pas</b> & \"voilà\".\""), "{text}");
    assert!(text.contains("All records: https://v.example/alerts/7"), "{text}");
    let html = mail.body_html(0).unwrap();
    assert!(html.contains("Ça ne marche &lt;b&gt;pas&lt;/b&gt; &amp; &quot;voilà&quot;."), "{html}");
}

#[tokio::test]
async fn the_same_delivery_is_the_same_mail() {
    let stub = Stub::start(Manner::Takes).await;
    let target = mail(&stub, "none");
    for _ in 0..2 {
        assert!(matches!(outcome(&target, &note()).await, Outcome::Delivered { .. }));
    }
    let heard = stub.heard();
    let ids = heard.mails.iter().map(|mail| MessageParser::default().parse(mail).unwrap());
    let ids: Vec<Option<String>> = ids.map(|mail| mail.message_id().map(str::to_owned)).collect();
    assert_eq!(ids.len(), 2);
    assert_eq!(ids[0], ids[1]);
}

#[tokio::test]
async fn nothing_is_said_in_the_clear_where_it_must_not() {
    let stub = Stub::start(Manner::Takes).await;
    let error = attempt(&mail(&stub, "starttls"), &note(), None).await.unwrap_err();
    assert_eq!((error.fault(), error.is_retryable()), (Fault::Settings, false), "{error}");
    assert!(error.to_string().contains("STARTTLS"), "{error}");
    let heard = stub.heard();
    assert!(
        heard.mails.is_empty() && heard.commands.iter().all(|line| !line.starts_with("MAIL")),
        "{heard:?}"
    );
}

#[tokio::test]
async fn what_a_server_says_decides_about_another_attempt() {
    let stub = Stub::start(Manner::Refuses("451 4.7.1 greylisted, come back")).await;
    let Outcome::Retry { why, .. } = outcome(&mail(&stub, "none"), &note()).await else {
        panic!("not for good")
    };
    assert!(why.contains("451") && why.contains("greylisted"), "{why}");
    let stub = Stub::start(Manner::Refuses("550 5.1.1 no such user")).await;
    let Outcome::Failed { why } = outcome(&mail(&stub, "none"), &note()).await else { panic!("for good") };
    assert!(why.contains("550") && why.contains("no such user"), "{why}");
}

#[tokio::test]
async fn a_farewell_that_fails_makes_no_second_mail() {
    let stub = Stub::start(Manner::HangsUp).await;
    assert_eq!(outcome(&mail(&stub, "none"), &note()).await, Outcome::Delivered { reference: None });
    assert_eq!(stub.heard().mails.len(), 1);
}

#[tokio::test]
async fn a_server_that_hangs_or_cuts_the_connection_is_tried_again() {
    let stub = Stub::start(Manner::Hangs).await;
    let mut target = mail(&stub, "none");
    target.timeout = Duration::from_millis(300);
    let started = Instant::now();
    let error = attempt(&target, &note(), None).await.unwrap_err();
    assert!(matches!(error, SendError::Timeout { .. }) && error.is_retryable(), "{error}");
    assert!(started.elapsed() < Duration::from_secs(5));
    let stub = Stub::start(Manner::Cuts).await;
    let Outcome::Retry { after: None, .. } = outcome(&mail(&stub, "none"), &note()).await else {
        panic!("whether it has the mail is not known")
    };
    assert_eq!(stub.heard().mails.len(), 1);
}
