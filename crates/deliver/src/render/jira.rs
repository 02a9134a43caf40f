//! Jira Cloud: an issue and its comments, in Atlassian's document format. A text node is text and nothing else, so that
//! there is nothing to escape; it must not be empty.

use super::fit::{TooLarge, fitted};
use super::{BAR, bar, context, headline};
use crate::clean;
use crate::note::{Block, Link, Note, Table};
use crate::outbox::Key;
use crate::sign::name_of;
use serde_json::{Value, json};

/// Characters of an issue's summary, and of a label.
const LONGEST_SUMMARY: usize = 250;
const LONGEST_LABEL: usize = 200;
/// Bytes of a description or a comment that Jira takes, nearly.
const LARGEST: usize = 30_000;

/// What an issue is about: the note's group, or the note itself where it stands alone.
#[must_use]
pub fn subject(note: &Note) -> &str {
    if note.group.is_empty() { &note.id } else { &note.group }
}

/// The label by which the issue of a group is found again: the group's own name where that may be one.
#[must_use]
pub fn label(group: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    if !group.is_empty() && group.len() <= LONGEST_LABEL && group.chars().all(plain) {
        format!("verbatim-{group}")
    } else {
        // No group of the branch above looks so: an equals sign is not plain, and Jira takes it.
        format!("verbatim={}", name_of(&[group]))
    }
}

/// The request that makes an issue.
///
/// # Errors
/// [`TooLarge`] where not even title and summary fit.
pub fn issue(
    note: &Note,
    key: &Key,
    project: &str,
    issue_type: &str,
    labels: &[String],
    largest: usize,
) -> Result<String, TooLarge> {
    let mut all = vec![label(subject(note))];
    all.extend(labels.iter().cloned());
    let description = fitted(note, largest.min(LARGEST), document, |value| value.to_string().len())?;
    let fields = json!({
        "project": {"key": project},
        "issuetype": {"name": issue_type},
        "summary": clean::cut(&headline(note), LONGEST_SUMMARY),
        "description": description,
        "labels": all,
    });
    Ok(json!({"fields": fields, "properties": properties(key)}).to_string())
}

/// The request that adds a comment.
///
/// # Errors
/// [`TooLarge`] where not even title and summary fit.
pub fn comment(note: &Note, key: &Key, largest: usize) -> Result<String, TooLarge> {
    let body = fitted(note, largest.min(LARGEST), document, |value| value.to_string().len())?;
    Ok(json!({"body": body, "properties": properties(key)}).to_string())
}

/// The request that looks for the issue of a group.
#[must_use]
pub fn search(project: &str, group: &str) -> String {
    // Neither holds a quote or a backslash: a project's key is checked when it is read, a label is made above.
    let jql = format!("project = \"{project}\" AND labels = \"{}\" ORDER BY created ASC", label(group));
    json!({"jql": jql, "maxResults": 1, "fields": ["summary"]}).to_string()
}

/// Says which delivery it was, to whoever looks for a repetition.
fn properties(key: &Key) -> Value {
    json!([{"key": "verbatim", "value": {"idempotency_key": key.as_str()}}])
}

fn document(note: &Note) -> Value {
    let mut content = Vec::new();
    content.extend(paragraph([strong(&headline(note))]));
    content.extend(paragraph([words(&context(note))]));
    content.extend(paragraph([words(&clean::line(&note.summary))]));
    content.extend(note.blocks.iter().flat_map(of_block));
    content.extend(note.links.iter().flat_map(|link| paragraph([linked(link)])));
    json!({"type": "doc", "version": 1, "content": content})
}

fn of_block(block: &Block) -> Vec<Value> {
    match block {
        Block::Heading { text } => {
            let text = words(&clean::line(text));
            text.map(|text| json!({"type": "heading", "attrs": {"level": 3}, "content": [text]}))
                .into_iter()
                .collect()
        }
        Block::Paragraph { text } => {
            clean::text(text).lines().filter_map(|line| paragraph([words(line.trim())])).collect()
        }
        Block::Facts { facts } => list(facts.iter().map(|fact| {
            let name = strong(&format!("{}: ", clean::line(&fact.name)));
            paragraph([name, words(&clean::line(&fact.value))])
        })),
        Block::Bullets { points } => list(points.iter().map(|point| {
            let link = point.link.as_ref().and_then(linked);
            let blank = link.as_ref().and_then(|_| words(" "));
            paragraph([words(&clean::line(&point.text)), blank, link])
        })),
        Block::Quotes { quotes } => quotes
            .iter()
            .map(|quote| {
                let link = quote.link.as_ref().and_then(linked);
                let blank = link.as_ref().and_then(|_| words(" "));
                let source = paragraph([words(&clean::line(&quote.record)), blank, link]);
                let text = paragraph([words(&clean::line(&quote.text))]);
                let content: Vec<Value> = text.into_iter().chain(source).collect();
                json!({"type": "blockquote", "content": content})
            })
            // An empty one is refused.
            .filter(|quote| quote["content"].as_array().is_some_and(|content| !content.is_empty()))
            .collect(),
        Block::Table(table) => of_table(table).into_iter().collect(),
    }
}

/// `None` where none of the nodes says anything.
fn paragraph(nodes: impl IntoIterator<Item = Option<Value>>) -> Option<Value> {
    let nodes: Vec<Value> = nodes.into_iter().flatten().collect();
    (!nodes.is_empty()).then(|| json!({"type": "paragraph", "content": nodes}))
}

fn list(items: impl Iterator<Item = Option<Value>>) -> Vec<Value> {
    let items: Vec<Value> =
        items.flatten().map(|item| json!({"type": "listItem", "content": [item]})).collect();
    if items.is_empty() { Vec::new() } else { vec![json!({"type": "bulletList", "content": items})] }
}

fn of_table(table: &Table) -> Option<Value> {
    let bars = table.has_bars();
    let row = |kind: &str, cells: &[String], last: Option<String>| {
        let texts =
            (0..table.width()).map(|at| cells.get(at).map(|text| clean::line(text)).unwrap_or_default());
        let cell = |text: String| {
            let empty = || json!({"type": "paragraph", "content": []});
            let content = paragraph([words(&text)]).unwrap_or_else(empty);
            json!({"type": kind, "attrs": {}, "content": [content]})
        };
        let cells: Vec<Value> = texts.chain(last).map(cell).collect();
        json!({"type": "tableRow", "content": cells})
    };
    let mut rows = vec![row("tableHeader", &table.columns, bars.then(String::new))];
    rows.extend(table.rows.iter().map(|line| {
        let drawn = line.share().map(|share| bar(share, BAR / 2)).unwrap_or_default();
        row("tableCell", &line.cells, bars.then_some(drawn))
    }));
    (table.width() > 0).then(|| json!({"type": "table", "content": rows}))
}

fn words(text: &str) -> Option<Value> {
    (!text.is_empty()).then(|| json!({"type": "text", "text": text}))
}

fn strong(text: &str) -> Option<Value> {
    (!text.is_empty()).then(|| json!({"type": "text", "text": text, "marks": [{"type": "strong"}]}))
}

/// A text that leads to an address; the text alone where that may be no link.
fn linked(link: &Link) -> Option<Value> {
    let text = clean::line(&link.text);
    match link.address() {
        Some(url) => {
            let text = if text.is_empty() { url.as_str() } else { &text };
            Some(
                json!({"type": "text", "text": text, "marks": [{"type": "link", "attrs": {"href": url.as_str()}}]}),
            )
        }
        None => words(&text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::samples;

    fn parsed(text: &str) -> Value {
        serde_json::from_str(text).unwrap()
    }

    #[test]
    fn an_issue_says_what_it_is_and_can_be_found_again() {
        let note = samples::alert();
        let key = Key::of(&note.id, "jira");
        let labels = ["customers".to_owned()];
        let issue = parsed(&issue(&note, &key, "VOC", "Task", &labels, usize::MAX).unwrap());
        let fields = &issue["fields"];
        assert_eq!(fields["project"]["key"], "VOC");
        assert_eq!(fields["issuetype"]["name"], "Task");
        assert_eq!(fields["summary"], "Complaints about billing doubled");
        assert_eq!(fields["labels"], json!(["verbatim-incident-7", "customers"]));
        let content = fields["description"]["content"].as_array().unwrap();
        assert_eq!(content[0]["content"][0]["marks"][0]["type"], "strong");
        assert_eq!(content[3]["type"], "heading");
        assert_eq!(
            content[7]["content"][0]["content"][0]["content"][2]["marks"][0]["attrs"]["href"],
            "https://v.example/a?b=1&c=2"
        );
        assert_eq!(content[8]["content"][0]["content"][0]["text"], "You charged me twice & nobody answers.");
        assert_eq!(content[9]["content"][1]["content"][0]["content"][0]["content"][0]["text"], "billing");
        assert_eq!(issue["properties"][0]["value"]["idempotency_key"], key.as_str());
        let search = parsed(&search("VOC", &note.group));
        let jql = "project = \"VOC\" AND labels = \"verbatim-incident-7\" ORDER BY created ASC";
        assert_eq!(search["jql"], jql);
    }

    #[test]
    fn a_label_is_one_whatever_the_group_is_called() {
        assert_eq!(label("case-12"), "verbatim-case-12");
        for odd in ["", "a b", "a\" OR project = \"X", &"x".repeat(300)] {
            let label = label(odd);
            assert!(label.starts_with("verbatim=") && label.len() == 41, "{label}");
        }
    }

    #[test]
    fn no_text_is_empty_and_a_long_one_is_cut() {
        let empty = comment(&samples::all_of(""), &Key::of("a", "b"), usize::MAX).unwrap();
        assert!(!empty.contains("\"text\":\"\""), "{empty}");
        let mut note = samples::alert();
        note.blocks = (0..100).map(|_| Block::Paragraph { text: "x".repeat(1000) }).collect();
        let comment = comment(&note, &Key::of("a", "b"), usize::MAX).unwrap();
        assert!(comment.len() < LARGEST + 500 && comment.contains("left out here"));
    }
}
