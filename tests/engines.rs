//! Other engines read the tables: DuckDB by the shipped views, and polars from Python.

use crate::program::{stderr, verbatim};
use crate::support::oracle::Tables;
use crate::support::tool;
use std::path::Path;
use std::process::Command;

/// Current facts and dead letters by DuckDB's views; distinct ids as DuckDB and as polars count them in all rows.
const COUNT: &str = r#"
import sys, glob, os, duckdb, duckdb_extension_delta, polars
root = sys.argv[1]
package = os.path.dirname(duckdb_extension_delta.__file__)
extension = glob.glob(package + "/**/delta.duckdb_extension", recursive=True)[0]
duck = duckdb.connect()
duck.execute(f"load '{extension}'")
duck.execute(open(root + "/views.sql").read())
count = lambda sql: duck.execute(sql).fetchone()[0]
print(count("select count(*) from feedback"))
print(count("select count(*) from dead_letters where outcome = 'dead_letter'"))
print(count("select count(distinct item_id) from feedback_log"))
print(polars.scan_delta(root + "/feedback").select(polars.col("item_id").n_unique()).collect().item())
"#;

/// The records that people corrected, as DuckDB's view has them; the first column alone where nobody corrected anything.
const CORRECTED: &str = r#"
import sys, glob, os, json, duckdb, duckdb_extension_delta
root = sys.argv[1]
package = os.path.dirname(duckdb_extension_delta.__file__)
extension = glob.glob(package + "/**/delta.duckdb_extension", recursive=True)[0]
duck = duckdb.connect()
duck.execute(f"load '{extension}'")
duck.execute(open(root + "/views.sql").read())
columns = ["record_id", "sentiment", "judged_sentiment", "kind", "judged_kind", "corrected_by", "topics", "judged_topics"]
rows = f"select {', '.join(columns)} from feedback where corrected_at is not null order by record_id"
print(json.dumps([dict(zip(columns, row)) for row in duck.execute(rows).fetchall()]))
"#;

/// Of the tables in `dir`: the views show what the ledger counts, and the two engines see the same rows.
pub fn agree(dir: &Path) {
    let Some(python) = tool("VERBATIM_TEST_PYTHON") else { return };
    // A report leaves the views beside the tables.
    let report =
        verbatim(dir).arg("report").env("VERBATIM__STORE__PATH", dir.join("tables")).output().unwrap();
    assert!(report.status.success(), "{}", stderr(&report));
    let output = Command::new(python).args(["-c", COUNT]).arg(dir.join("tables")).output().unwrap();
    assert!(output.status.success(), "{}", stderr(&output));
    let counts = String::from_utf8(output.stdout).unwrap();
    let counts: Vec<u64> = counts.lines().map(|line| line.parse().unwrap()).collect();
    let [facts, letters, by_duckdb, by_polars] = counts[..] else { panic!("{counts:?}") };
    let ledger = Tables::open(dir).ledger();
    assert_eq!((facts, letters), (ledger.facts, ledger.dead_letters), "{ledger:?}");
    assert_eq!(by_duckdb, by_polars);
}

#[test]
fn the_views_show_what_the_ledger_counts() {
    let dir = tempfile::tempdir().unwrap();
    // With edits, deletions, duplicates and broken messages.
    let run = |args: &[&str]| {
        let output = verbatim(dir.path())
            .args(args)
            .env("VERBATIM__STORE__PATH", dir.path().join("demo/tables"))
            .output()
            .unwrap();
        assert!(output.status.success(), "{}", stderr(&output));
    };
    run(&["demo", "--json", "--dir", "demo", "--events", "2000"]);
    agree(&dir.path().join("demo"));
    run(&["maintain"]);
    agree(&dir.path().join("demo"));
}

#[test]
fn the_views_show_what_people_corrected() {
    let Some(python) = tool("VERBATIM_TEST_PYTHON") else { return };
    let dir = tempfile::tempdir().unwrap();
    let tables = dir.path().join("tables");
    let run = |args: &[&str]| {
        let output = verbatim(dir.path()).args(args).env("VERBATIM__STORE__PATH", &tables).output().unwrap();
        assert!(output.status.success(), "{args:?}: {}", stderr(&output));
        String::from_utf8(output.stdout).unwrap()
    };
    std::fs::write(dir.path().join("nps.csv"), crate::correct::ANSWERS).unwrap();
    run(&["import", "nps.csv", "--kind", "nps", "--source", "crm"]);
    let seen = || {
        // A report leaves the views beside the tables.
        run(&["report"]);
        let output = Command::new(&python).args(["-c", CORRECTED]).arg(&tables).output().unwrap();
        assert!(output.status.success(), "{}", stderr(&output));
        serde_json::from_slice::<Vec<serde_json::Value>>(&output.stdout).unwrap()
    };
    assert!(seen().is_empty());
    let records = run(&["report", "--records", "--json", "--from", "2026-10-01", "--to", "2026-10-03"]);
    let records: Vec<serde_json::Value> = serde_json::from_str(&records).unwrap();
    let ids: Vec<&str> = records.iter().map(|record| record["record_id"].as_str().unwrap()).collect();
    assert_eq!(ids.len(), 4);
    for (id, said) in [
        (ids[0], &["--sentiment", "neutral", "--topics", "billing,login_access"][..]),
        (ids[1], &["--sentiment", "neutral", "--kind", "question"][..]),
        (ids[2], &["--topics", "none"][..]),
        (ids[2], &["--kind", "bug"][..]),
        (ids[2], &["--withdraw", "kind"][..]),
        (ids[3], &["--kind", "bug"][..]),
        (ids[3], &["--withdraw", "kind"][..]),
    ] {
        run(&[&["correct", id, "--by", "jo"][..], said].concat());
    }
    let by_duckdb = seen();
    assert_eq!(by_duckdb.len(), 3, "what was taken back is as it was judged");
    assert_eq!(by_duckdb, Tables::open(dir.path()).corrected());
}
