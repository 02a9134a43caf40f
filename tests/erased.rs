//! An erased person: afterwards no file under the tables holds a trace of them, whichever of their names was told,
//! in whatever order their messages came, and after a replay.

use crate::canary::{content, files};
use crate::program::{stderr, stdout, verbatim};
use crate::support::oracle::Tables;
use analyze::pseudonym::PseudonymKey;
use serde_json::{Value, json};
use std::path::Path;

const SOURCE: &str = "https://desk.example/nps";
const MAIL: &str = "osprey@canary.example";
const ID: &str = "osprey";

/// One event; `author` of whichever fields it has.
fn event(id: &str, author: &Value, score: i32) -> String {
    json!({
        "specversion": "1.0", "id": format!("e-{id}"), "source": SOURCE, "type": "feedback.nps.created",
        "time": "2026-10-01T10:00:00Z",
        "data": { "id": id, "score": score, "text": format!("words of {id}"), "author": author },
    })
    .to_string()
}

/// Theirs under the id, the address and both, refused ones and a torn one among them; and one of somebody else.
fn messages() -> Vec<String> {
    let (by_id, by_mail) = (json!({ "id": ID }), json!({ "email": MAIL }));
    let both = json!({ "id": ID, "email": MAIL });
    let torn = event("native-torn", &by_id, 3).replace("\"score\":", "\"score\" ");
    vec![
        event("native-id", &by_id, 9),
        event("native-id-letter", &by_id, 99),
        torn,
        event("native-mail", &by_mail, 3),
        event("native-mail-letter", &by_mail, 99),
        event("native-both", &both, 8),
        event("native-both-letter", &both, 99),
        event("someone-else", &json!({ "id": "heron", "email": "heron@canary.example" }), 7),
    ]
}

struct Place(tempfile::TempDir);

impl Place {
    fn run(&self, args: &[&str]) -> Value {
        self.run_to(0, args)
    }

    /// It ends with this exit code.
    fn run_to(&self, code: i32, args: &[&str]) -> Value {
        let output = verbatim(self.0.path())
            .args(args)
            .arg("--json")
            .env("VERBATIM__STORE__RETENTION", "0s")
            .output()
            .unwrap();
        assert_eq!(output.status.code(), Some(code), "{args:?}: {}", stderr(&output));
        serde_json::from_str(stdout(&output).lines().next_back().unwrap()).unwrap()
    }

    fn import(&self, name: &str, messages: &[String]) -> Value {
        std::fs::write(self.0.path().join(name), messages.join("\n")).unwrap();
        self.run(&["import", name])
    }

    fn erase_by_id(&self) -> Value {
        self.run(&["erase", "--author", ID, "--source", SOURCE, "--yes"])
    }

    fn erase_by_mail(&self) -> Value {
        self.run(&["erase", "--author", MAIL, "--yes"])
    }

    /// Fails where anything of them is in a file of the tables; their pseudonyms stand in the suppressions alone.
    fn assert_gone(&self) {
        self.run(&["maintain"]);
        let key = std::fs::read_to_string(self.0.path().join("verbatim-data.key")).unwrap();
        let author = PseudonymKey::parse(&key).unwrap().author(SOURCE, Some(ID), Some(MAIL)).unwrap();
        let names: Vec<&str> = author.names().map(|name| name.as_str()).collect();
        let data = self.0.path().join("verbatim-data");
        let mut others = 0;
        for file in files(&data) {
            let text = content(&file);
            others += text.matches("words of someone-else").count();
            for trace in ["native-", MAIL, ID] {
                assert!(!text.contains(trace), "{trace} in {}", file.display());
            }
            let suppressions = file.starts_with(data.join("suppressions"));
            for name in names.iter().filter(|_| !suppressions) {
                assert!(!text.contains(name), "{name} in {}", file.display());
            }
        }
        assert!(others > 0, "the search sees what stayed");
        assert!(names.len() == 2 && Path::exists(&data));
    }
}

fn place() -> Place {
    Place(tempfile::tempdir().unwrap())
}

#[test]
fn either_name_erases_both() {
    for by_mail in [true, false] {
        let place = place();
        place.import("all.jsonl", &messages());
        let erased = if by_mail { place.erase_by_mail() } else { place.erase_by_id() };
        let counts = ["names", "feedback_rows", "dead_letter_rows"].map(|name| erased[name].as_u64());
        assert_eq!(counts, [Some(2), Some(3), Some(4)], "{erased}");
        let audited = Tables::at(&place.0.path().join("verbatim-data")).audited();
        let told: Vec<[&str; 2]> =
            audited.iter().map(|row| [row.action.as_str(), row.detail.as_str()]).collect();
        assert_eq!(told, [["author.erase", ""], ["author.erase", "done: 3 rows of 3 items"]]);
        place.assert_gone();
        place.import("all.jsonl", &messages());
        place.import("again.jsonl", &[messages(), vec![String::new()]].concat());
        place.assert_gone();
    }
}

#[test]
fn a_name_that_is_told_later_is_erased_then() {
    for by_mail in [true, false] {
        let place = place();
        let all = messages();
        // Nothing yet says that they are one person.
        place.import("before.jsonl", &[&all[..5], &all[7..]].concat());
        let erased = if by_mail { place.erase_by_mail() } else { place.erase_by_id() };
        assert_eq!(erased["names"], 1, "{erased}");
        let done = place.import("after.jsonl", &all[5..7]);
        assert_eq!(done["outcomes"]["erased"], 2, "{done}");
        place.assert_gone();
        place.import("before.jsonl", &[&all[..5], &all[7..]].concat());
        place.assert_gone();
    }
}

#[test]
fn a_name_that_nothing_was_found_under_is_told_apart_and_suppressed() {
    let place = place();
    let all = messages();
    place.import("other.jsonl", &all[7..]);
    let erase = ["erase", "--author", MAIL, "--yes"];
    // However often it is asked for: a slip does not become a success by being repeated.
    for _ in 0..2 {
        let erased = place.run_to(3, &erase);
        assert_eq!((&erased["found"], &erased["erased_before"]), (&json!(false), &json!(false)), "{erased}");
    }
    let done = place.import("theirs.jsonl", &all[3..4]);
    assert_eq!(done["outcomes"]["erased"], 1, "{done}");

    let heron = ["erase", "--author", "heron@canary.example", "--yes"];
    assert_eq!(place.run_to(0, &heron)["found"], true);
    let again = place.run_to(0, &heron);
    assert_eq!((&again["found"], &again["erased_before"]), (&json!(false), &json!(true)), "{again}");
}
