use super::http_stub::{Reply, Stub};
use super::{attempt, note, target};
use deliver::{Fault, SendError, Step, Target};

fn jira(stub: &Stub) -> Target {
    let login = "user = \"bot@example.com\"\npassword = \"t0ken-t0ken\"\nproject = \"VOC\"\nlabels = [\"customers\"]\n";
    target(&format!("{}{login}", stub.settings("jira", "/")))
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
