//! `classify --explain`: the words that carried an answer.

use crate::program::{json_lines, stderr, verbatim, with_stdin};
use serde_json::{Value, json};

/// The lines of `classify` with these arguments.
fn classified(args: &[&str], input: &str) -> Vec<Value> {
    let dir = tempfile::tempdir().unwrap();
    let output = with_stdin(verbatim(dir.path()).arg("classify").args(args), input.as_bytes());
    assert!(output.status.success(), "{}", stderr(&output));
    json_lines(&output)
}

fn words<'l>(line: &'l Value, of: &str) -> &'l [Value] {
    line["explanation"][of].as_array().unwrap()
}

/// What the word's span cuts out of the text.
fn cut(line: &Value, word: &Value) -> String {
    let place = |at: usize| word["span"][at].as_u64().unwrap() as usize;
    let text = line["text"].as_str().unwrap().chars();
    text.take(place(1)).skip(place(0)).collect()
}

#[test]
fn the_words_that_carried_an_answer_are_told() {
    let input = concat!(
        r#"{"id":1,"text":"I love the export but the login is awful"}"#,
        "\n",
        r#"{"id":2,"text":"Zoë 🎉 says the search is terrible"}"#,
        "\n",
        r#"{"id":3,"text":"jane.doe@example.com says I love this app"}"#,
        "\n",
    );
    let lines = classified(&["--explain"], input);
    for (line, carries) in lines.iter().zip(["awful", "terrible", "love"]) {
        let first = &words(line, "sentiment")[0];
        assert_eq!(first["word"], carries, "{line}");
        assert!(first["weight"].as_f64().unwrap() > 1.0, "{line}");
        for word in words(line, "sentiment").iter().chain(words(line, "kind")) {
            assert_eq!(word["word"], cut(line, word), "{line}");
            assert!(word["weight"].as_f64().unwrap().abs() >= 0.05, "{line}");
        }
        assert!((1..=6).contains(&words(line, "kind").len()), "{line}");
    }
    assert!(lines[2]["text"].as_str().unwrap().starts_with("[email]"), "{}", lines[2]);
    assert!(!lines[2].to_string().contains("jane.doe"), "{}", lines[2]);
    let love = words(&lines[0], "sentiment").iter().find(|word| word["word"] == "love").unwrap();
    assert!(love["weight"].as_f64().unwrap() < 0.0, "it speaks against what was said: {love}");
}

#[test]
fn an_explanation_is_told_where_it_is_asked_for_and_changes_no_answer() {
    let input = "{\"id\":1,\"text\":\"I love this app\"}\n{\"id\":2,\"text\":\"\"}\n";
    let (plain, mut explained) = (classified(&[], input), classified(&["--explain"], input));
    assert_eq!(explained[1]["explanation"], json!({"sentiment": [], "kind": []}));
    for line in &mut explained {
        assert!(line.as_object_mut().unwrap().remove("explanation").is_some(), "{line}");
    }
    assert_eq!(plain, explained);
}
