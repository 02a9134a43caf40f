//! Dead letters as they are listed: by reason, or each of them.

use super::{Choice, Kind};
use crate::context::{self, Context};
use crate::output;
use anyhow::Result;
use feedback::time::Timestamp;
use serde::Serialize;
use std::collections::BTreeMap;
use std::path::Path;
use store::{DeadLetter, DeadLetterFilter};
use worker::files::{Format, file_of, letters};

/// One letter as it is shown.
#[derive(Serialize)]
struct Shown<'a> {
    reason: &'a str,
    detail: &'a str,
    position: String,
    /// What an imported file was called.
    file: Option<&'a str>,
    ingested_at: String,
    source_kind: Option<&'a str>,
    author: Option<&'a str>,
    payload: Option<&'a str>,
}

impl<'a> Shown<'a> {
    fn new(letter: &'a DeadLetter) -> Self {
        Self {
            reason: &letter.reason,
            detail: &letter.detail,
            position: letter.position.to_string(),
            file: file_of(letter),
            ingested_at: shown_time(letter.ingested_at),
            source_kind: letter.source_kind.as_deref(),
            author: letter.author.as_deref(),
            payload: letter.payload.as_deref(),
        }
    }
}

fn shown_time(at: Timestamp) -> String {
    at.to_datetime().map(|at| at.format("%Y-%m-%d %H:%M:%SZ").to_string()).unwrap_or_default()
}

pub fn list(choice: &Choice, context: &Context) -> Result<()> {
    choice.check()?;
    let letters = context::runtime()?.block_on(async {
        let store = context.filled_store().await?;
        let without_payload = !context.json && !choice.each();
        let filter = DeadLetterFilter { without_payload, ..choice.filter() };
        anyhow::Ok(letters(&store, &filter).await?)
    })?;
    if context.json {
        return output::json(&letters.iter().map(Shown::new).collect::<Vec<_>>());
    }
    if letters.is_empty() {
        return output::text(&none(choice));
    }
    if choice.each() { each(&letters) } else { by_reason(&letters, choice) }
}

/// What is said where nothing was found; a file's name alone is taken for a topic of Kafka, which has none.
fn none(choice: &Choice) -> String {
    let Some(topic) = choice.topic.as_deref() else { return "None.".to_owned() };
    let such = if choice.reason.is_some() || choice.since.is_some() { "such " } else { "" };
    let shown = output::printable(topic);
    match choice.outcome {
        Kind::Ignored => return format!("Nothing {such}of {shown} was ignored."),
        Kind::Erased => return format!("Nothing {such}of {shown} was erased."),
        Kind::DeadLetter => {}
    }
    let told = format!("No {such}dead letters of {shown}.");
    let path = Path::new(topic);
    if topic.starts_with("file:") || !(path.is_file() || Format::of(path).is_some()) {
        return told;
    }
    let asked = output::shell_word(&format!("file:{topic}"));
    format!("{told} Those of a file are listed with --topic {asked}.")
}

fn by_reason(letters: &[DeadLetter], choice: &Choice) -> Result<()> {
    let mut reasons: BTreeMap<&str, Vec<&DeadLetter>> = BTreeMap::new();
    for letter in letters {
        reasons.entry(&letter.reason).or_default().push(letter);
    }
    let mut rows: Vec<_> = reasons.into_iter().collect();
    rows.sort_by_key(|(reason, letters)| (std::cmp::Reverse(letters.len()), *reason));
    let mut table = output::table(&["reason", "messages", "latest", "for example"]);
    for (reason, letters) in rows {
        // They come newest first, and a reason has at least the letter that named it.
        let latest = letters[0];
        table.add_row([
            reason.to_owned(),
            output::grouped(letters.len() as u64),
            shown_time(latest.ingested_at),
            output::printable(&latest.detail).into_owned(),
        ]);
    }
    output::text(&format!("{table}\n\n{}", next(choice)))
}

/// What to type next; it chooses among the same letters, and those of a file need the file. A file that was corrected
/// holds other content: it is another import, and not theirs any more.
fn next(choice: &Choice) -> String {
    let topic = choice.topic.as_deref();
    let option = topic.map(|topic| format!(" --topic {}", output::shell_word(topic))).unwrap_or_default();
    let each = format!("Each of them:{}{option} --reason CODE", choice.outcome.option());
    if choice.outcome != Kind::DeadLetter {
        return each;
    }
    let retry = format!("verbatim dead-letters retry{option} --reason CODE");
    match topic {
        Some(topic) if topic.starts_with("file:") => format!(
            "{each}.\nAfter correcting the file: verbatim import FILE (with the options as before).\n\
             After a fix of the program or the column map: {retry} --file FILE (and the options it was imported with)"
        ),
        _ => format!("{each}. After a fix: {retry}"),
    }
}

/// As --topic takes it, with the number of the message or row.
fn place(letter: &DeadLetter) -> String {
    match file_of(letter) {
        Some(name) => format!("file:{name}@{}", letter.position.offset),
        None => letter.position.to_string(),
    }
}

fn each(letters: &[DeadLetter]) -> Result<()> {
    let mut text = String::new();
    for letter in letters {
        let head = format!("{}  {}  {}\n", place(letter), shown_time(letter.ingested_at), letter.reason);
        text += &output::printable(&head);
        text += &output::wrapped(&letter.detail, 2, 500);
        text += &output::wrapped(letter.payload.as_deref().unwrap_or_default(), 2, 400);
        text.push('\n');
    }
    output::text(&text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use feedback::position::Position;

    #[test]
    fn what_to_type_next_chooses_among_the_same_letters() {
        let after = |topic: Option<&str>, outcome| {
            let topic = topic.map(str::to_owned);
            next(&Choice { reason: None, topic, since: None, limit: None, outcome })
        };
        assert_eq!(
            after(None, Kind::DeadLetter),
            "Each of them: --reason CODE. After a fix: verbatim dead-letters retry --reason CODE"
        );
        assert_eq!(
            after(Some("feedback.nps"), Kind::DeadLetter),
            "Each of them: --topic feedback.nps --reason CODE. After a fix: verbatim dead-letters retry --topic \
             feedback.nps --reason CODE"
        );
        let told = after(Some("file:nps (1).csv"), Kind::DeadLetter);
        let quoted = "--topic 'file:nps (1).csv' --reason CODE";
        assert_eq!(told.matches(quoted).count(), 2, "{told}");
        assert!(told.ends_with("--file FILE (and the options it was imported with)"), "{told}");
        // A corrected file holds other content than the letters are of.
        assert!(told.contains("\nAfter correcting the file: verbatim import FILE"), "{told}");
        assert_eq!(
            after(Some("feedback.nps"), Kind::Ignored),
            "Each of them: --outcome ignored --topic feedback.nps --reason CODE"
        );
    }

    #[test]
    fn where_there_is_none_the_topic_is_told_and_how_a_file_is_asked_for() {
        let none = |topic: Option<&str>, reason: Option<&str>, outcome| {
            let (topic, reason) = (topic.map(str::to_owned), reason.map(str::to_owned));
            none(&Choice { reason, topic, since: None, limit: None, outcome })
        };
        assert_eq!(none(None, None, Kind::DeadLetter), "None.");
        assert_eq!(none(Some("feedback.nps"), None, Kind::DeadLetter), "No dead letters of feedback.nps.");
        assert_eq!(
            none(Some("nps.csv"), Some("empty"), Kind::DeadLetter),
            "No such dead letters of nps.csv. Those of a file are listed with --topic file:nps.csv."
        );
        assert_eq!(none(Some("file:nps.csv"), None, Kind::DeadLetter), "No dead letters of file:nps.csv.");
        assert_eq!(none(Some("feedback.nps"), None, Kind::Ignored), "Nothing of feedback.nps was ignored.");
    }

    #[test]
    fn a_file_is_told_by_its_name() {
        let letter = |topic: &str, detail: &str| DeadLetter {
            outcome: store::Outcome::DeadLetter,
            reason: "out_of_range".to_owned(),
            detail: detail.to_owned(),
            payload: None,
            source_kind: None,
            author: None,
            author_alias: None,
            records: 1,
            ingested_at: Timestamp(0),
            position: Position { topic: topic.into(), partition: 0, offset: 3 },
        };
        assert_eq!(place(&letter("file:0f-1a", "data.score: expected less (nps.csv)")), "file:nps.csv@3");
        assert_eq!(place(&letter("feedback.nps", "data.score: expected less")), "feedback.nps/0@3");
        let shown = letter("file:0f-1a", "data.score: expected less (nps.csv)");
        let shown = serde_json::to_value(Shown::new(&shown)).unwrap();
        assert_eq!((&shown["file"], &shown["position"]), (&"nps.csv".into(), &"file:0f-1a/0@3".into()));
    }
}
