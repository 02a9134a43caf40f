//! An Adaptive Card, in the envelope that a Teams workflow's incoming webhook takes.
//!
//! A `TextBlock` reads Markdown, and so does a fact; a `TextRun` does not. Every string of a note is a run, so that there
//! is nothing to escape.

use super::fit::{TooLarge, fitted};
use super::{BAR, bar, context, headline};
use crate::clean;
use crate::note::{Block, Link, Note, Severity, Step, Table};
use serde_json::{Value, json};

/// Bytes of a message that Teams takes, with room for what it adds.
const LARGEST: usize = 25_000;
/// Buttons that are shown without a menu.
const MOST_ACTIONS: usize = 6;
const LONGEST_RUN: usize = 2000;

/// What is posted, within Teams' bounds and `largest` bytes.
///
/// # Errors
/// [`TooLarge`] where not even title and summary fit.
pub fn body(note: &Note, largest: usize) -> Result<String, TooLarge> {
    fitted(note, largest.min(LARGEST), |note| message(note).to_string(), String::len)
}

fn message(note: &Note) -> Value {
    let mut body = vec![
        rich([
            json!({"type": "TextRun", "text": run_text(&headline(note)), "size": "Large", "weight": "Bolder"}),
        ]),
        rich([json!({"type": "TextRun", "text": context(note), "isSubtle": true, "color": color(note)})]),
    ];
    body.extend(paragraphs(&note.summary));
    body.extend(note.blocks.iter().flat_map(of_block));
    let actions: Vec<Value> = note.links.iter().filter_map(action).take(MOST_ACTIONS).collect();
    let card = json!({
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.5",
        "fallbackText": clean::cut(&headline(note), LONGEST_RUN),
        "msteams": {"width": "Full"},
        "body": body,
        "actions": actions,
    });
    let attachment = json!({"contentType": "application/vnd.microsoft.card.adaptive", "contentUrl": null, "content": card});
    json!({"type": "message", "attachments": [attachment]})
}

fn color(note: &Note) -> &'static str {
    match (note.step, note.severity) {
        (Step::Resolves, _) => "Good",
        (_, Severity::Critical) => "Attention",
        (_, Severity::Warning) => "Warning",
        (_, Severity::Info) => "Default",
    }
}

fn of_block(block: &Block) -> Vec<Value> {
    match block {
        Block::Heading { text } => {
            vec![rich([
                json!({"type": "TextRun", "text": run_text(text), "weight": "Bolder", "size": "Medium"}),
            ])]
        }
        Block::Paragraph { text } => paragraphs(text),
        Block::Facts { facts } => facts
            .iter()
            .map(|fact| {
                let name = format!("{}: ", clean::line(&fact.name));
                rich([json!({"type": "TextRun", "text": name, "weight": "Bolder"}), run(&fact.value)])
            })
            .collect(),
        Block::Bullets { points } => points
            .iter()
            .map(|point| {
                let mut runs = vec![run(&format!("• {}", clean::line(&point.text)))];
                runs.extend(point.link.as_ref().map(linked));
                rich(runs)
            })
            .collect(),
        Block::Quotes { quotes } => quotes
            .iter()
            .map(|quote| {
                let words = json!({"type": "TextRun", "text": run_text(&quote.text), "italic": true});
                let mut runs =
                    vec![json!({"type": "TextRun", "text": run_text(&quote.record), "isSubtle": true})];
                runs.extend(quote.link.as_ref().map(linked));
                json!({"type": "Container", "style": "emphasis", "items": [rich([words]), rich(runs)]})
            })
            .collect(),
        Block::Table(table) => vec![of_table(table)],
    }
}

fn of_table(table: &Table) -> Value {
    let bars = table.has_bars();
    let columns: Vec<Value> = (0..table.width() + usize::from(bars)).map(|_| json!({"width": 1})).collect();
    let cell = |text: &str| json!({"type": "TableCell", "items": [rich([run(text)])]});
    let row = |cells: &[String], last: Option<String>| {
        let texts = (0..table.width()).map(|at| cells.get(at).map_or("", String::as_str));
        let mut cells: Vec<Value> = texts.map(cell).collect();
        cells.extend(last.as_deref().map(cell));
        json!({"type": "TableRow", "cells": cells})
    };
    let mut rows = vec![row(&table.columns, bars.then(String::new))];
    rows.extend(table.rows.iter().map(|line| {
        let drawn = line.share().map(|share| bar(share, BAR / 2)).unwrap_or_default();
        row(&line.cells, bars.then_some(drawn))
    }));
    json!({"type": "Table", "firstRowAsHeaders": true, "columns": columns, "rows": rows})
}

/// A block for each line that says something.
fn paragraphs(text: &str) -> Vec<Value> {
    clean::text(text).lines().filter(|line| !line.trim().is_empty()).map(|line| rich([run(line)])).collect()
}

fn rich(runs: impl IntoIterator<Item = Value>) -> Value {
    json!({"type": "RichTextBlock", "inlines": runs.into_iter().collect::<Vec<_>>()})
}

fn run(text: &str) -> Value {
    json!({"type": "TextRun", "text": run_text(text)})
}

/// One line, not empty: an empty run is refused.
fn run_text(text: &str) -> String {
    let text = clean::cut(&clean::line(text), LONGEST_RUN);
    if text.is_empty() { " ".to_owned() } else { text }
}

/// A run that opens an address, with a blank before it; a plain one where the address may be no link.
fn linked(link: &Link) -> Value {
    let text = format!(" {}", run_text(&link.text));
    match link.address() {
        Some(url) => {
            let open = json!({"type": "Action.OpenUrl", "url": url.as_str()});
            json!({"type": "TextRun", "text": text, "underline": true, "selectAction": open})
        }
        None => json!({"type": "TextRun", "text": text}),
    }
}

fn action(link: &Link) -> Option<Value> {
    let url = link.address()?;
    Some(
        json!({"type": "Action.OpenUrl", "title": clean::cut(&run_text(&link.text), 100), "url": url.as_str()}),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::samples;

    fn card(note: &Note) -> Value {
        let message: Value = serde_json::from_str(&body(note, usize::MAX).unwrap()).unwrap();
        assert_eq!(message["type"], "message");
        let attachment = &message["attachments"][0];
        assert_eq!(attachment["contentType"], "application/vnd.microsoft.card.adaptive");
        attachment["content"].clone()
    }

    #[test]
    fn each_part_is_an_element() {
        let card = card(&samples::alert());
        assert_eq!((&card["type"], &card["version"]), (&json!("AdaptiveCard"), &json!("1.5")));
        let body = card["body"].as_array().unwrap();
        let text = |at: usize, run: usize| body[at]["inlines"][run]["text"].as_str().unwrap();
        assert_eq!(text(0, 0), "Complaints about billing doubled");
        assert_eq!(body[1]["inlines"][0]["color"], "Attention");
        assert_eq!(text(2, 0), "38 of 120 were negative (32%, 24 to 40%), up from 15%.");
        assert_eq!((text(4, 0), text(5, 0)), ("Since Tuesday.", "Most are from Germany."));
        assert_eq!((text(7, 0), text(7, 1)), ("People: ", "31"));
        assert_eq!(body[8]["inlines"][1]["selectAction"]["url"], "https://v.example/a?b=1&c=2");
        assert_eq!(body[10]["items"][0]["inlines"][0]["italic"], true);
        assert_eq!(body[11]["rows"][2]["cells"][0]["items"][0]["inlines"][0]["text"], "login");
        assert_eq!(body[11]["rows"][2]["cells"][2]["items"][0]["inlines"][0]["text"], "███░░░░░░░");
        assert_eq!(card["actions"][0]["url"], "https://v.example/alerts/7");
    }

    #[test]
    fn no_element_reads_markdown() {
        let card = card(&samples::all_of("**bold** [x](https://evil.example) <at>all</at>")).to_string();
        // What reads Markdown; a RichTextBlock does not.
        assert!(!card.contains(r#""type":"TextBlock""#) && !card.contains("FactSet"), "{card}");
    }

    #[test]
    fn a_large_note_is_cut_to_what_teams_takes() {
        let mut note = samples::alert();
        note.blocks =
            (0..200).map(|at| Block::Paragraph { text: format!("{at} {}", "y".repeat(300)) }).collect();
        let body = body(&note, usize::MAX).unwrap();
        assert!(body.len() <= LARGEST && body.contains("left out here"), "{}", body.len());
    }
}
