//! What vendors export or their APIs answer, imported as it is.

use super::{figures, import, refused, setup};
use crate::program::{json_lines, stderr, stdout};
use crate::support::oracle::Tables;
use serde_json::{Value, json};
use std::path::Path;

const FIGURES: [&str; 5] = ["rows", "records", "duplicates", "refused", "already_there"];

fn review(id: &str, stars: &Value, body: &str) -> Value {
    json!({
        "type": "customerReviews", "id": id, "attributes": {
            "rating": stars, "title": "After the update", "body": body, "reviewerNickname": "Zyglo Wathrix",
            "createdDate": "2026-05-04T10:00:00-07:00", "territory": "DEU",
        },
    })
}

fn write(path: &Path, value: &Value) {
    std::fs::write(path, value.to_string()).unwrap();
}

#[test]
fn reviews_of_the_app_store_come_in_once() {
    let dir = tempfile::tempdir().unwrap();
    let setup = setup(dir.path());
    let page = json!({
        "data": [
            review("r1", &json!(1), "Crashes when I open a board, says Zyglo Wathrix"),
            review("r2", &json!(5), "Best update so far"),
            review("r3", &json!("many"), "Zyglo Wathrix was here"),
        ],
        "links": { "self": "https://api.example.com/v1/apps/1/customerReviews" },
    });
    write(&dir.path().join("reviews.json"), &page);
    let args = ["reviews.json", "--as", "app-store"];
    assert_eq!(figures(&import(&setup, &args), &FIGURES), [3, 2, 0, 1, 0]);
    let ledger = Tables::open(dir.path()).ledger();
    assert_eq!((ledger.facts, ledger.dead_letters), (2, 1));
    assert_eq!(figures(&import(&setup, &args), &FIGURES), [3, 0, 0, 1, 2], "a second time adds nothing");
    assert_eq!(Tables::open(dir.path()).ledger(), ledger);

    let letters = json_lines(&setup.command(&["dead-letters", "list", "--json"]).output().unwrap()).remove(0);
    assert_eq!(letters[0]["reason"], "bad_type");
    assert!(letters[0]["position"].as_str().unwrap().ends_with("@3"), "the element's number: {letters}");
    assert!(!letters.to_string().contains("Wathrix"), "{letters}");
    // The file has it still, and nothing about it has changed.
    let retry = ["dead-letters", "retry", "--file", "reviews.json", "--as", "app-store", "--json"];
    let retried = json_lines(&setup.command(&retry).output().unwrap()).remove(0);
    assert_eq!((&retried["sent"], &retried["refused"]), (&json!(1), &json!(1)), "{retried}");

    // A later export holds one of them changed and one again: it counts as the same source.
    let page =
        json!([review("r1", &json!(4), "They mended it"), review("r2", &json!(5), "Best update so far"),]);
    let changed = page.to_string().replacen("2026-05-04", "2026-05-06", 1);
    std::fs::write(dir.path().join("later.json"), changed).unwrap();
    import(&setup, &["later.json", "--as", "app-store"]);
    let ledger = Tables::open(dir.path()).ledger();
    assert_eq!((ledger.facts, ledger.superseded, ledger.duplicates), (2, 1, 1));
}

#[test]
fn a_listing_of_reddit_comes_in_with_its_answers() {
    let dir = tempfile::tempdir().unwrap();
    let setup = setup(dir.path());
    let comment = |name: &str, author: &str, body: &str, replies: Value| {
        json!({ "kind": "t1", "data": {
            "name": name, "link_id": "t3_p1", "parent_id": "t3_p1", "author": author, "body": body,
            "created_utc": 1_777_888_800.0, "edited": false, "subreddit": "larchdeck", "replies": replies,
        }})
    };
    let listing = |children: Value| json!({ "kind": "Listing", "data": { "children": children } });
    let answer = comment("t1_c2", "zyglo_wathrix", "Same for me since the update.", json!(""));
    let bot = comment("t1_c3", "AutoModerator", "Read the rules.", json!(""));
    let first = comment("t1_c1", "someone", "Search is slow on my phone.", listing(json!([answer, bot])));
    write(&dir.path().join("comments.json"), &listing(json!([first])));
    let args = ["comments.json", "--as", "reddit", "--source", "r/larchdeck"];
    let report = import(&setup, &args);
    assert_eq!(figures(&report, &["rows", "records", "ignored"]), [3, 2, 1]);
    assert_eq!(figures(&import(&setup, &args), &FIGURES), [3, 0, 0, 0, 3]);
    let records = ["report", "--records", "--json", "--from", "2026-05-01", "--to", "2026-05-31"];
    let records = json_lines(&setup.command(&records).output().unwrap()).remove(0);
    let text = records.to_string();
    assert!(text.contains("Search is slow") && !text.contains("zyglo"), "{text}");

    // Read as another's it is another import of the same file, and nothing of it fits.
    let error = refused(&setup, &["comments.json", "--as", "x", "--keep"]);
    assert!(error.contains("every row of comments.json was refused") && error.contains("--as"), "{error}");
}

#[test]
fn what_an_export_cannot_be_is_told() {
    let dir = tempfile::tempdir().unwrap();
    let setup = setup(dir.path());
    std::fs::write(dir.path().join("table.csv"), "id,stars\nr1,5\n").unwrap();
    write(&dir.path().join("one.json"), &review("r1", &json!(4), "Works"));
    for (args, says) in [
        (&["one.json", "--as", "appstore"][..], "there is no vendor \"appstore\": did you mean app-store?"),
        (&["one.json", "--as", "app-store", "--kind", "ticket"][..], "follows another contract"),
        (&["table.csv", "--as", "app-store"][..], "it is nothing that App Store gives"),
    ] {
        let error = refused(&setup, args);
        assert!(error.contains(says), "{says}: {error}");
    }
    assert!(!dir.path().join("tables").exists(), "nothing was made for these");
    let both = setup.command(&["import", "one.json", "--as", "x", "--map", "reviews"]).output().unwrap();
    assert_eq!(both.status.code(), Some(2), "{}", stderr(&both));
    // A look writes nothing and shows nobody.
    let look =
        stdout(&setup.command(&["import", "one.json", "--as", "app-store", "--dry-run"]).output().unwrap());
    assert!(look.contains("would be read") && !look.contains("Wathrix"), "{look}");
    // By a connection of the configuration.
    let config = std::fs::read_to_string(dir.path().join("verbatim.toml")).unwrap();
    let config = format!("{config}[vendors.ios]\nvendor = \"app-store\"\nproduct = \"Larchdeck\"\n");
    std::fs::write(dir.path().join("verbatim.toml"), config).unwrap();
    assert_eq!(figures(&import(&setup, &["one.json", "--as", "ios"]), &["records"]), [1]);
}
