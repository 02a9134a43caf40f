use super::outbox::{Hands, process_of, queued};
use super::smtp_stub::{Heard, Manner, Stub};
use super::{attempt, note, outcome, target};
use deliver::outbox::Memory;
use deliver::{Drained, Key, Outbox, Outcome, SendError, State, Target};
use mail_parser::MessageParser;
use std::sync::Arc;
use std::time::{Duration, Instant};

fn settings(stub: &Stub) -> String {
    format!(
        "kind = \"email\"\nserver = \"{}\"\nfrom = \"Verbatim <verbatim@example.com>\"\n\
         to = [\"Product <pm@example.com>\", \"cx@example.com\"]\ntls = \"none\"\nallow_private = \"127.0.0.1\"\n\
         timeout = \"5s\"\n",
        stub.address
    )
}

fn mail(stub: &Stub) -> Target {
    target(&settings(stub))
}

/// Who was named, in the order of all connections.
fn named(heard: &Heard) -> Vec<&str> {
    heard.commands.iter().filter_map(|line| line.strip_prefix("RCPT TO:")).collect()
}

#[tokio::test]
async fn a_mail_arrives_as_it_was_meant() {
    let stub = Stub::start(Manner::Takes).await;
    let mut note = note();
    note.title = "Beschwerden über die Rechnung\r\nBcc: evil@example.com".into();
    assert_eq!(outcome(&mail(&stub), &note).await, Outcome::Delivered { reference: None });
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
    let target = mail(&stub);
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
async fn what_a_server_says_decides_about_another_attempt() {
    let stub = Stub::start(Manner::Refuses("451 4.7.1 greylisted, come back")).await;
    let Outcome::Retry { why, .. } = outcome(&mail(&stub), &note()).await else { panic!("not for good") };
    assert!(why.contains("451") && why.contains("greylisted"), "{why}");
    let stub = Stub::start(Manner::Refuses("550 5.1.1 no such user")).await;
    let Outcome::Failed { why } = outcome(&mail(&stub), &note()).await else { panic!("for good") };
    assert!(why.contains("550") && why.contains("no such user"), "{why}");
}

#[tokio::test]
async fn who_is_refused_keeps_nobody_else_from_the_mail() {
    let stub = Stub::start(Manner::RefusesSome("pm@", "550 5.1.1 <pm@example.com>: no such user")).await;
    let error = attempt(&mail(&stub), &note(), None).await.unwrap_err();
    let says = "1 of 2 recipients have it, and number 1 of the target's `to` has not: 127.0.0.1 refused it with 550: ";
    assert!(error.to_string().starts_with(says) && error.to_string().ends_with("no such user"), "{error}");
    assert!(!error.is_retryable() && !error.to_string().contains("pm@"), "{error}");
    let heard = stub.heard();
    assert_eq!(named(&heard), ["<pm@example.com>", "<cx@example.com>"]);
    assert_eq!((heard.mails.len(), heard.commands.last().unwrap().as_str()), (1, "QUIT"));
    // Where nobody is left the server gets no mail.
    let stub = Stub::start(Manner::RefusesSome("@example.com", "550 5.1.1 no such user")).await;
    let error = attempt(&mail(&stub), &note(), None).await.unwrap_err();
    assert!(matches!(error, SendError::Refused { status: 550, .. }), "{error}");
    let heard = stub.heard();
    assert!(heard.mails.is_empty() && !heard.commands.iter().any(|line| line == "DATA"), "{heard:?}");
}

#[tokio::test]
async fn who_is_to_come_later_is_named_again_and_nobody_else_is() {
    let stub = Stub::start(Manner::DelaysSome("cx@", "451 4.7.1 greylisted, come back")).await;
    let (kept, hands) = (Arc::new(Memory::new()), Hands::new());
    kept.append(&queued("a", "")).await.unwrap();
    let process = || process_of(Arc::clone(&kept) as Arc<dyn Outbox>, &settings(&stub), &hands);
    assert_eq!(process().drain().await.unwrap(), Drained { waiting: 1, ..Drained::default() });
    let waiting = kept.entries().remove(0);
    assert!(waiting.why.unwrap().contains("number 2 of the target's `to` has not: "));
    assert_eq!(waiting.taken.len(), 1);
    let events = serde_json::to_string(&kept.events()).unwrap();
    assert!(!events.contains("pm@") && !events.contains("cx@"), "no address gets into the outbox: {events}");
    // The next process knows of it by the outbox alone.
    hands.forward(2);
    assert_eq!(process().drain().await.unwrap(), Drained { delivered: 1, ..Drained::default() });
    let heard = stub.heard();
    assert_eq!(named(&heard), ["<pm@example.com>", "<cx@example.com>", "<cx@example.com>"]);
    let ids = heard.mails.iter().map(|mail| MessageParser::default().parse(mail).unwrap());
    let ids: Vec<Option<String>> = ids.map(|mail| mail.message_id().map(str::to_owned)).collect();
    assert!(ids.len() == 2 && ids[0] == ids[1], "one mail, whoever gets it when: {ids:?}");
}

#[tokio::test]
async fn a_part_that_failed_for_good_is_seen_and_sent_again_alone() {
    let stub = Stub::start(Manner::DelaysSome("cx@", "550 5.7.1 not allowed")).await;
    let (kept, hands) = (Arc::new(Memory::new()), Hands::new());
    kept.append(&queued("a", "")).await.unwrap();
    let process = || process_of(Arc::clone(&kept) as Arc<dyn Outbox>, &settings(&stub), &hands);
    assert_eq!(process().drain().await.unwrap(), Drained { failed: 1, ..Drained::default() });
    let failed = kept.entries().remove(0);
    assert!(matches!(failed.state, State::Failed { .. }));
    kept.append(&failed.requeue(hands.now(), Duration::from_secs(60)).unwrap()).await.unwrap();
    assert_eq!(process().drain().await.unwrap(), Drained { delivered: 1, ..Drained::default() });
    assert_eq!(named(&stub.heard()), ["<pm@example.com>", "<cx@example.com>", "<cx@example.com>"]);
}

#[tokio::test]
async fn a_farewell_that_fails_makes_no_second_mail() {
    for manner in [Manner::HangsUp, Manner::Lingers] {
        let stub = Stub::start(manner).await;
        let outcome = outcome(&mail(&stub), &note()).await;
        assert_eq!(outcome, Outcome::Delivered { reference: None }, "{manner:?}");
        assert_eq!(stub.heard().mails.len(), 1, "{manner:?}");
    }
}

#[tokio::test]
async fn a_server_that_hangs_or_cuts_the_connection_is_tried_again() {
    let stub = Stub::start(Manner::Hangs).await;
    let mut target = mail(&stub);
    target.timeout = Duration::from_millis(300);
    let started = Instant::now();
    let error = attempt(&target, &note(), None).await.unwrap_err();
    assert!(matches!(error, SendError::Timeout { .. }) && error.is_retryable(), "{error}");
    assert!(started.elapsed() < Duration::from_secs(5));
    let stub = Stub::start(Manner::Cuts).await;
    let Outcome::Retry { after: None, .. } = outcome(&mail(&stub), &note()).await else {
        panic!("whether it has the mail is not known")
    };
    assert_eq!(stub.heard().mails.len(), 1);
}
