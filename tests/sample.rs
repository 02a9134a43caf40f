//! `sample`: records drawn to label, labelled as a person would in a spreadsheet, and read back.

use crate::program::{json_lines, stderr, stdout, verbatim};
use serde_json::Value;
use std::path::Path;
use std::process::Output;

const JUNE: [&str; 5] = ["sample", "--from", "2026-06-01", "--to", "2026-06-30"];

/// Answers of June with words, more of some kinds than of others; every fifth is a score alone.
fn import(dir: &Path) {
    let texts = [
        "I love it, great work",
        "This is terrible, I hate it",
        "Awful, the export crashes every time",
        "",
        "=HYPERLINK(\"http://x.example\") I like this feature, it is fantastic",
    ];
    let row = |n: usize| {
        let text = texts[n % 5].replace('"', "\"\"");
        format!("r{n},{},\"{text}\",2026-06-{:02}\n", n % 11, n % 28 + 1)
    };
    let rows: String = (0..200).map(row).collect();
    std::fs::write(dir.join("nps.csv"), format!("id,score,text,occurred_at\n{rows}")).unwrap();
    fine(dir, &["import", "nps.csv", "--kind", "nps", "--source", "crm"]);
}

fn run(dir: &Path, args: &[&str]) -> Output {
    verbatim(dir).args(args).output().unwrap()
}

fn fine(dir: &Path, args: &[&str]) -> String {
    let output = run(dir, args);
    assert!(output.status.success(), "{args:?}: {}", stderr(&output));
    stdout(&output)
}

/// Writes in the column `label` what `label` makes of the row's number and of what was said.
fn fill(dir: &Path, from: &str, to: &str, label: impl Fn(usize, &str) -> String) {
    let text = std::fs::read_to_string(dir.join(from)).unwrap();
    let mut reader = csv::Reader::from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    let header = reader.headers().unwrap().clone();
    let (at, said) = (header.iter().position(|name| name == "label").unwrap(), header.len() - 1);
    // As a German spreadsheet stores it.
    let mut writer = csv::WriterBuilder::new().delimiter(b';').from_path(dir.join(to)).unwrap();
    writer.write_record(&header).unwrap();
    for (number, record) in reader.records().enumerate() {
        let record = record.unwrap();
        let label = label(number, &record[said]);
        let filled = record.iter().enumerate().map(|(n, cell)| if n == at { label.as_str() } else { cell });
        writer.write_record(filled).unwrap();
    }
    writer.flush().unwrap();
}

fn corrected(dir: &Path, file: &str) -> Value {
    serde_json::from_str(&fine(dir, &["sample", "--correct", file, "--json"])).unwrap()
}

/// What a person says who nearly always agrees.
fn agreed(said: &str) -> String {
    if said == "unknown" { "Neutral".to_owned() } else { said.to_owned() }
}

#[test]
fn a_sample_is_drawn_labelled_and_read_back() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    import(dir);
    let drawn = [&JUNE[..], &["--n", "80"]].concat();
    let told = fine(dir, &[&drawn[..], &["--out", "sample.csv"]].concat());
    assert!(
        told.starts_with("80 of 160 records with words of 2026-06-01 to 2026-06-30, drawn by "),
        "{told}"
    );
    assert!(told.contains("with negative, neutral or positive (empty where you cannot tell)"), "{told}");
    assert!(told.trim_end().ends_with("then: verbatim sample --correct sample.csv"), "{told}");

    let text = std::fs::read_to_string(dir.join("sample.csv")).unwrap();
    let header = "\u{feff}record_id,native_id,day,source,origin,question,title,text,label,";
    assert!(text.starts_with(&format!("{header}weight,stratum,stratum_size,said\n")), "{text}");
    assert!(text.contains("'=HYPERLINK") && !text.contains(",=") && !text.contains("\"="), "{text}");
    let piped = run(dir, &drawn);
    assert_eq!(stdout(&piped), text, "the same seed draws the same");
    assert!(
        stderr(&piped).trim_end().ends_with("then: verbatim sample --correct FILE"),
        "{}",
        stderr(&piped)
    );
    assert_ne!(fine(dir, &[&drawn[..], &["--seed", "2"]].concat()), text);

    let most = |number: usize, said: &str| {
        if number.is_multiple_of(10) { String::new() } else { agreed(said) }
    };
    fill(dir, "sample.csv", "agreed.csv", most);
    let corrected = corrected(dir, "agreed.csv");
    let of = |name: &str| corrected[name].as_u64().unwrap();
    assert_eq!((of("rows"), of("labelled"), of("unlabelled")), (80, 72, 8), "{corrected}");
    assert_eq!((of("records"), &corrected["left_out"]), (160, &serde_json::json!([])), "{corrected}");
    let labels = corrected["labels"].as_array().unwrap();
    let sum: f64 = labels.iter().filter_map(|row| row["corrected"]["value"].as_f64()).sum();
    assert!((sum - 1.0).abs() < 1e-9, "{corrected}");
    for row in labels.iter().filter(|row| row["said"].as_f64() > Some(0.0) && row["label"] != "unknown") {
        assert_eq!(row["precision"]["value"], 1.0, "nobody said otherwise: {row}");
        let (low, high) = (&row["corrected"]["interval"]["low"], &row["corrected"]["interval"]["high"]);
        assert!(low.as_f64() <= row["corrected"]["value"].as_f64(), "{row}");
        assert!(high.as_f64() > row["said"].as_f64() && high.as_f64() <= Some(1.0), "{row}");
    }
    let table = fine(dir, &["sample", "--correct", "agreed.csv"]);
    assert!(table.contains("72 of 80 rows labelled (8 passed over without a label)"), "{table}");
}

#[test]
fn what_cannot_be_drawn_or_read_back_is_told() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    import(dir);
    fine(dir, &[&JUNE[..], &["--out", "sample.csv"]].concat());
    let few = |number: usize, said: &str| if number < 10 { agreed(said) } else { String::new() };
    fill(dir, "sample.csv", "few.csv", few);
    let few = fine(dir, &["sample", "--correct", "few.csv"]);
    assert!(few.contains("10 of 160 rows labelled") && few.contains("too few to correct shares by"), "{few}");

    let slip = |number: usize, said: &str| if number == 4 { "postive".to_owned() } else { agreed(said) };
    fill(dir, "sample.csv", "wrong.csv", slip);
    let asked: [(&[&str], i32, &str); 7] = [
        (&["sample", "--correct", "wrong.csv"], 1, "line 6 of wrong.csv: the label \"postive\""),
        (&["sample", "--correct", "wrong.csv"], 1, "write negative, neutral or positive, or leave it empty"),
        (&["sample", "--correct", "wrong.csv", "--n", "5"], 2, "--correct"),
        (&["sample", "--correct", "nps.csv"], 1, "no column \"record_id\""),
        (&["sample", "--out", "sample.csv"], 1, "sample.csv is there already"),
        (&["sample", "--from", "2026-05-01", "--to", "2026-05-31"], 1, "--from 2026-06-01 --to 2026-06-28"),
        (&["sample", "--source", "npss"], 1, "did you mean \"nps\"?"),
    ];
    for (args, code, says) in asked {
        let output = run(dir, args);
        assert_eq!(output.status.code(), Some(code), "{args:?}: {}", stderr(&output));
        assert!(stderr(&output).contains(says), "{args:?}: {}", stderr(&output));
    }
}

#[test]
fn kinds_are_drawn_as_json_lines() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    import(dir);
    let output = run(dir, &[&JUNE[..], &["--n", "40", "--by", "kind", "--json"]].concat());
    assert!(output.status.success(), "{}", stderr(&output));
    let lines = json_lines(&output);
    assert!(lines.len() >= 40, "{}", lines.len());
    let weights: f64 = lines.iter().map(|line| line["weight"].as_f64().unwrap()).sum();
    assert!((weights - 160.0).abs() < 0.05, "{weights}");
    for line in &lines {
        assert!(line["stratum"].as_str().unwrap().starts_with("kind-"), "{line}");
        assert_eq!((&line["label"], &line["source"]), (&"".into(), &"nps".into()));
        assert!(!line["text"].as_str().unwrap().starts_with('\''), "only a spreadsheet needs it: {line}");
    }
    let labelled: Vec<String> = lines
        .iter()
        .map(|line| {
            let mut line = line.clone();
            let said = line["said"].as_str().unwrap().to_owned();
            line["label"] = if said == "unknown" { "other".into() } else { said.into() };
            line.to_string()
        })
        .collect();
    std::fs::write(dir.join("kinds.jsonl"), labelled.join("\n")).unwrap();
    let corrected = corrected(dir, "kinds.jsonl");
    assert_eq!((&corrected["by"], &corrected["records"]), (&"kind".into(), &160.into()));
}
