use super::http_stub::{Reply, Stub};
use super::outbox::{Hands, process_of, queued};
use super::{NOW, attempt, note, target};
use deliver::outbox::Memory;
use deliver::{Drained, Fault, Outbox, SendError, State, Step, Target};
use std::sync::Arc;

fn settings(stub: &Stub) -> String {
    let login = "user = \"bot@example.com\"\npassword = \"t0ken-t0ken\"\nproject = \"VOC\"\nlabels = [\"customers\"]\n";
    format!("{}{login}", stub.settings("jira", "/"))
}

fn jira(stub: &Stub) -> Target {
    target(&settings(stub))
}

const NONE: &str = "{\"issues\": [], \"isLast\": true}";
const FOUND: &str = "{\"issues\": [{\"id\": \"1\", \"key\": \"VOC-7\", \"fields\": {\"summary\": \"x\"}}]}";
const MADE: &str =
    "{\"id\": \"10\", \"key\": \"VOC-12\", \"self\": \"https://x.atlassian.net/rest/api/3/issue/10\"}";

fn paths(stub: &Stub) -> Vec<String> {
    stub.heard().into_iter().map(|request| request.path).collect()
}

#[tokio::test]
async fn a_case_becomes_an_issue_once_and_grows_by_comments() {
    let replies = [NONE, MADE, "{\"id\": \"3\"}", "not even JSON"].map(Reply::json);
    let stub = Stub::start(replies.to_vec()).await;
    let target = jira(&stub);
    let mut note = note();
    assert_eq!(attempt(&target, &note, None).await.unwrap().as_deref(), Some("VOC-12"));
    (note.id, note.step) = ("alert-7-2".into(), Step::Updates);
    assert_eq!(attempt(&target, &note, Some("VOC-12")).await.unwrap().as_deref(), Some("VOC-12"));
    (note.id, note.step) = ("alert-7-3".into(), Step::Resolves);
    assert!(
        attempt(&target, &note, Some("VOC-12")).await.is_ok(),
        "a comment that was taken is not repeated"
    );
    let comment = "/rest/api/3/issue/VOC-12/comment";
    assert_eq!(paths(&stub), ["/rest/api/3/search/jql", "/rest/api/3/issue", comment, comment]);
    let heard = stub.heard();
    assert!(heard[0].json()["jql"].as_str().unwrap().contains("labels = \"verbatim-incident-7\""));
    let (made, resolved) = (heard[1].json(), heard[3].json());
    assert_eq!(made["fields"]["labels"], serde_json::json!(["verbatim-incident-7", "customers"]));
    assert_eq!(made["fields"]["summary"], "Complaints about billing doubled");
    let title = &resolved["body"]["content"][0]["content"][0]["text"];
    assert_eq!(title, "Resolved: Complaints about billing doubled");
    // Of bot@example.com:t0ken-t0ken.
    assert_eq!(heard[0].headers["authorization"], "Basic Ym90QGV4YW1wbGUuY29tOnQwa2VuLXQwa2Vu");
}

#[tokio::test]
async fn an_issue_that_was_made_but_not_noted_is_found_again() {
    let stub = Stub::start(vec![Reply::json(FOUND), Reply::json(FOUND), Reply::json("{}")]).await;
    let target = jira(&stub);
    let mut note = note();
    assert_eq!(attempt(&target, &note, None).await.unwrap().as_deref(), Some("VOC-7"));
    assert_eq!(paths(&stub), ["/rest/api/3/search/jql"], "nothing is made");
    note.step = Step::Updates;
    assert_eq!(attempt(&target, &note, None).await.unwrap().as_deref(), Some("VOC-7"));
    assert_eq!(paths(&stub)[2], "/rest/api/3/issue/VOC-7/comment");
}

/// Jira's search finds an issue some seconds after it was made. Until then it tells of none, and one more would be made.
#[tokio::test]
async fn behind_a_lost_answer_nobody_looks_before_the_search_can_find_the_issue() {
    let stub = Stub::start(vec![Reply::json(NONE), Reply::Cut, Reply::json(FOUND)]).await;
    let (kept, hands) = (Arc::new(Memory::new()), Hands::new());
    kept.append(&queued("a", "incident-7")).await.unwrap();
    let runner = process_of(Arc::clone(&kept) as Arc<dyn Outbox>, &settings(&stub), &hands);
    assert_eq!(runner.drain().await.unwrap(), Drained { waiting: 1, ..Drained::default() });
    let waiting = kept.entries().remove(0);
    let State::Queued { next } = waiting.state else { panic!("{waiting:?}") };
    assert!(next.0 >= NOW.0 + 60_000_000, "{waiting:?}");
    assert!(waiting.why.unwrap().ends_with("; it may have got there all the same"));
    hands.forward(59);
    assert_eq!(runner.drain().await.unwrap(), Drained::default());
    assert_eq!(paths(&stub), ["/rest/api/3/search/jql", "/rest/api/3/issue"]);
    hands.forward(2);
    assert_eq!(runner.drain().await.unwrap(), Drained { delivered: 1, ..Drained::default() });
    assert_eq!(paths(&stub)[2..], ["/rest/api/3/search/jql"], "it was made already");
    assert_eq!(kept.entries()[0].reference.as_deref(), Some("VOC-7"));
}

#[tokio::test]
async fn only_what_leaves_a_doubt_waits_for_the_search() {
    let asks = |status| Reply::Say(status, "retry-after: 90\r\n".into(), String::new());
    for (reply, seconds) in [
        (Reply::Cut, Some(60)),
        (Reply::Hang, Some(60)),
        (Reply::status(500), Some(60)),
        (asks(503), Some(90)),
        (Reply::json("not even JSON"), Some(60)),
        (Reply::json("{}"), Some(60)),
        (asks(429), Some(90)),
        (Reply::status(408), None),
    ] {
        let stub = Stub::start(vec![Reply::json(NONE), reply.clone()]).await;
        let error = attempt(&jira(&stub), &note(), None).await.unwrap_err();
        assert!(error.is_retryable(), "{reply:?}: {error}");
        assert_eq!(error.after().map(|after| after.as_secs()), seconds, "{reply:?}: {error}");
    }
    // A search that got lost has made nothing.
    let stub = Stub::start(vec![Reply::Cut]).await;
    let error = attempt(&jira(&stub), &note(), None).await.unwrap_err();
    assert_eq!((error.is_retryable(), error.after()), (true, None), "{error}");
}

#[tokio::test]
async fn what_jira_refuses_or_garbles_is_told() {
    let odd = "{\"issues\": [{\"key\": \"../../admin\"}]}";
    let stub =
        Stub::start(vec![Reply::Say(401, String::new(), "t0ken-t0ken is wrong".into()), Reply::json(odd)])
            .await;
    let target = jira(&stub);
    let error = attempt(&target, &note(), None).await.unwrap_err();
    assert_eq!((error.fault(), error.is_retryable()), (Fault::Settings, false));
    assert!(!error.to_string().contains("t0ken-t0ken"), "{error}");
    let error = attempt(&target, &note(), None).await.unwrap_err();
    assert!(matches!(error, SendError::Answer { .. }) && error.is_retryable(), "{error}");
}
