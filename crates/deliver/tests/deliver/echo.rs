//! Receivers that repeat what they were sent: nothing of it is kept.

use super::http_stub::{Reply, Stub};
use super::{note, outcome, smtp_stub, target};
use deliver::{Block, Note, Outcome, Quote, Target};
use smtp_stub::Manner;

/// With words of a customer that nobody else says.
fn told() -> Note {
    let quote = Quote {
        text: "Der Drucker brennt, and nobody answers me".into(),
        record: "zendesk/4711".into(),
        link: None,
    };
    Note { blocks: vec![Block::Quotes { quotes: vec![quote] }], ..note() }
}

fn why(outcome: Outcome) -> String {
    match outcome {
        Outcome::Retry { why, .. } | Outcome::Failed { why } => why,
        Outcome::Delivered { .. } => panic!("it was refused"),
    }
}

fn assert_no_echo(why: &str) {
    for word in ["Drucker", "brennt", "nobody", "answers", "4711", "billing", "doubled", "incident"] {
        assert!(!why.contains(word), "{word}: {why}");
    }
}

fn targets(stub: &Stub) -> Vec<Target> {
    let webhook = format!("{}secret = \"0123456789abcdef\"\n", stub.settings("webhook", "/hook"));
    let login = "user = \"bot@example.com\"\npassword = \"t0ken-t0ken\"\nproject = \"VOC\"\n";
    let jira = format!("{}{login}", stub.settings("jira", "/"));
    let [slack, teams] = ["slack", "teams"].map(|kind| stub.settings(kind, "/services/x"));
    [slack, teams, webhook, jira].iter().map(|settings| target(settings)).collect()
}

#[tokio::test]
async fn no_answer_of_http_brings_the_message_back() {
    let whole = serde_json::to_string(&told()).unwrap();
    let bodies = [
        whole.clone(),
        format!("{{\"error\": \"cannot parse\", \"request\": {whole}}}"),
        // Cut off in the middle of a word, and escaped once more.
        format!("bad message: {}", whole.split_once("Druck").unwrap().0.to_owned() + "Druck"),
        format!("{{\"sent\": {whole:?}}}"),
    ];
    for body in bodies {
        for (status, retried) in [(400, false), (503, true)] {
            let replies = vec![Reply::Say(status, String::new(), body.clone()); 4];
            let stub = Stub::start(replies).await;
            for target in targets(&stub) {
                let outcome = outcome(&target, &told()).await;
                assert_eq!(matches!(outcome, Outcome::Retry { .. }), retried);
                let why = why(outcome);
                assert!(why.contains(&status.to_string()), "{why}");
                assert_no_echo(&why);
            }
        }
    }
}

#[tokio::test]
async fn codes_and_keys_are_kept_beside_an_echo() {
    let whole = serde_json::to_string(&told()).unwrap();
    let slack = Reply::Say(400, String::new(), format!("invalid_blocks: {whole}"));
    let errors = format!("{{\"summary\": {whole:?}, \"customfield_10010\": \"is required\"}}");
    let jira = Reply::Say(400, String::new(), format!("{{\"errors\": {errors}}}"));
    let stub = Stub::start(vec![slack, jira]).await;
    let [slack, _, _, jira] = targets(&stub).try_into().unwrap();
    let told_by_slack = why(outcome(&slack, &told()).await);
    let rest = "(the rest repeats the message, and is left out)";
    assert_eq!(told_by_slack, format!("127.0.0.1 refused it with 400: invalid_blocks {rest}"));
    let told_by_jira = why(outcome(&jira, &told()).await);
    assert_eq!(told_by_jira, format!("127.0.0.1 refused it with 400: customfield_10010, summary {rest}"));
}

#[tokio::test]
async fn no_answer_of_a_mail_server_brings_the_message_back() {
    let answers = [
        ("550 5.7.1 content rejected: Der Drucker brennt, and nobody answers me", "5.7.1 (the rest repeats"),
        ("451 4.7.1 <pm@example.com>: come back later (DRUCKER)", "4.7.1 <***>: come back later (…)"),
        ("Der Drucker brennt, and nobody answers me", "does not answer as a mail server does"),
    ];
    for (answer, says) in answers {
        let stub = smtp_stub::Stub::start(Manner::Refuses(answer)).await;
        let target = target(&format!(
            "kind = \"email\"\nserver = \"{}\"\nfrom = \"v@example.com\"\nto = \"pm@example.com\"\n\
             tls = \"none\"\nallow_private = \"127.0.0.1\"\ntimeout = \"5s\"\n",
            stub.address
        ));
        let why = why(outcome(&target, &told()).await);
        assert!(why.contains(says) && !why.contains("pm@"), "{why}");
        assert_no_echo(&why.to_lowercase().replace("drucker", "Drucker"));
    }
}
