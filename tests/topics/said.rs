//! What customers say in these tests, and the rules by which it is decided on.

use serde_json::json;

/// Customers' own words, in every report of the login.
pub const WORDS: &str = "sign in to my";
/// In every one of the invoice.
pub const OTHER_WORDS: &str = "charged me twice";
/// Where all of them have their addresses.
pub const HOST: &str = "canary.example";

/// What speaks of the zeppelin goes to the desk. Of invoices nobody is ever sure enough: a person has to look.
pub const RULES: &str = r#"version = "mine"
review_queue = "review"
[[owner]]
name = "desk"
address = "desk@example.com"
[[owner]]
name = "cash"
address = "cash@example.com"
[[rule]]
name = "planted"
owner = "desk"
priority = "P1"
labels = ["access", "seen"]
actions = ["desk"]
[rule.when]
words = ["zeppelin"]
[[rule]]
name = "money"
owner = "cash"
priority = "P2"
labels = ["money"]
[rule.when]
topics_any = ["billing"]
[rule.floors]
topics = 1.0
[fallback]
owner = "desk"
priority = "P4"
queue = "rest"
"#;

/// An answer: its id, the words, who wrote them, and when.
pub type Said = (&'static str, &'static str, &'static str, &'static str);

/// Of before the topics were switched on; it opens a case.
pub const EARLY: Said =
    ("0", "The invoice is wrong, you charged me twice for the same month", "ann", "2026-10-04T10:00:00Z");
/// Three reports of one new case, one more of the early one, and a praise, which is no case.
pub const MAIN: [Said; 5] = [
    (
        "1",
        "Login fails with an error since the update, I cannot sign in to my zeppelin",
        "jane",
        "2026-10-05T10:00:00Z",
    ),
    (
        "2",
        "Login fails with an error since the last update, I cannot sign in to my zeppelin, \
         write to planted.person@canary.example",
        "joe",
        "2026-10-06T10:00:00Z",
    ),
    (
        "3",
        "Login fails with an error since the new update, I cannot sign in to my zeppelin",
        "jane",
        "2026-10-07T10:00:00Z",
    ),
    (
        "4",
        "The invoice is wrong again, you charged me twice for the same month",
        "bob",
        "2026-10-06T11:00:00Z",
    ),
    ("5", "I love it, great work", "kim", "2026-10-06T12:00:00Z"),
];
/// The ids of these.
pub const IDS: [&str; 5] = ["1", "2", "3", "4", "5"];
/// What becomes of cases by them: one opens, three reports join.
pub const CHANGES: usize = 4;
/// A fourth report of the new case.
pub const LATE: Said = (
    "6",
    "Login fails with an error since your update, I cannot sign in to my zeppelin",
    "lee",
    "2026-10-08T10:00:00Z",
);

/// As a file for `verbatim import`.
pub fn rows(said: &[Said]) -> String {
    let row = |(id, text, who, at): &Said| format!("{id},2,\"{text}\",{who}@{HOST},{at}\n");
    let rows: String = said.iter().map(row).collect();
    format!("id,score,text,author.email,occurred_at\n{rows}")
}

/// As a message.
pub fn event((id, text, who, at): &Said) -> Vec<u8> {
    let event = json!({
        "specversion": "1.0",
        "id": format!("e{id}"),
        "source": "crm",
        "type": "feedback.nps.created",
        "time": at,
        "data": { "id": id, "score": 2, "text": text, "author": { "email": format!("{who}@{HOST}") } },
    });
    event.to_string().into_bytes()
}
