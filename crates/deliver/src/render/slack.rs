//! Slack's Block Kit, for an incoming webhook.
//!
//! In Slack's own markup three characters begin everything that calls people or leads away (`<!channel>`, `<@U1>`,
//! `<https://…|text>`), and it asks for these to be escaped. Emphasis in a customer's words would do no harm, but change
//! them: a blank of no width keeps it from working. `verbatim` keeps Slack from finding links and names by itself.

use super::fit::{TooLarge, fitted, left_out};
use super::plain::table_lines;
use super::{context, headline};
use crate::clean;
use crate::note::{Block, Fact, Link, Note};
use serde_json::{Value, json};

/// Blocks of a message that Slack takes.
const MOST_BLOCKS: usize = 50;
const LONGEST_HEADER: usize = 150;
const LONGEST_SECTION: usize = 3000;
const LONGEST_FIELD: usize = 2000;
const MOST_FIELDS: usize = 10;
/// Of one bullet or quote, so that with what stands behind it a section holds it.
const LONGEST_TEXT: usize = 1500;
const LONGEST_URL: usize = 1000;
/// Bytes of all blocks; Slack says `msg_blocks_too_long` at some 13,000 characters, documented nowhere.
const LARGEST: usize = 12_000;

/// What is posted, within Slack's bounds and `largest` bytes.
///
/// # Errors
/// [`TooLarge`] where not even title and summary fit.
pub fn body(note: &Note, largest: usize) -> Result<String, TooLarge> {
    fitted(note, largest.min(LARGEST), |note| message(note).to_string(), String::len)
}

fn message(note: &Note) -> Value {
    let mut blocks = vec![header(note)];
    blocks.extend(sections([escaped(&clean::line(&note.summary), LONGEST_SECTION)]));
    blocks.push(json!({"type": "context", "elements": [markup(&escaped(&context(note), LONGEST_FIELD))]}));
    for block in &note.blocks {
        blocks.extend(of_block(block));
    }
    blocks.extend(sections(clean::packed(note.links.iter().map(link), LONGEST_SECTION)));
    if blocks.len() > MOST_BLOCKS {
        let parts = blocks.len() - (MOST_BLOCKS - 1);
        blocks.truncate(MOST_BLOCKS - 1);
        blocks.extend(sections([left_out(parts)]));
    }
    let fallback = escaped(&format!("{}: {}", headline(note), clean::line(&note.summary)), LONGEST_SECTION);
    json!({"text": fallback, "blocks": blocks, "unfurl_links": false, "unfurl_media": false})
}

fn header(note: &Note) -> Value {
    // Emphasis means nothing here, but the three characters are escaped as everywhere.
    let text = clean::within(headline(note).chars().map(entity), LONGEST_HEADER);
    json!({"type": "header", "text": {"type": "plain_text", "text": text, "emoji": false}})
}

fn of_block(block: &Block) -> Vec<Value> {
    match block {
        Block::Heading { text } => {
            let text = escaped(&clean::line(text), LONGEST_FIELD);
            sections((!text.is_empty()).then(|| format!("*{text}*")))
        }
        Block::Paragraph { text } => sections([escaped(clean::text(text).trim(), LONGEST_SECTION)]),
        Block::Facts { facts } => facts.chunks(MOST_FIELDS).map(fields).collect(),
        Block::Bullets { points } => {
            let lines = points.iter().map(|point| {
                let behind =
                    point.link.as_ref().map(|link| format!(" ({})", self::link(link))).unwrap_or_default();
                format!("• {}{behind}", escaped(&clean::line(&point.text), LONGEST_TEXT))
            });
            sections(clean::packed(lines, LONGEST_SECTION))
        }
        Block::Quotes { quotes } => {
            let lines = quotes.iter().map(|quote| {
                let behind =
                    quote.link.as_ref().map(|link| format!(", {}", self::link(link))).unwrap_or_default();
                let text = escaped(&clean::line(&quote.text), LONGEST_TEXT);
                format!("> {text}\n> {}{behind}", escaped(&clean::line(&quote.record), 200))
            });
            sections(clean::packed(lines, LONGEST_SECTION))
        }
        Block::Table(table) => {
            // In a block of code only its own end is markup.
            let lines = table_lines(table).into_iter().map(|line| {
                let line = line.replace('`', "\u{2019}").replace('@', "@\u{200b}");
                clean::within(line.chars().map(entity), LONGEST_FIELD)
            });
            let fence = "```";
            let texts = clean::packed(lines, LONGEST_SECTION - 2 * fence.len() - 2);
            sections(texts.into_iter().map(|text| format!("{fence}\n{text}\n{fence}")))
        }
    }
}

fn sections(texts: impl IntoIterator<Item = String>) -> Vec<Value> {
    let texts = texts.into_iter().filter(|text| !text.is_empty());
    texts.map(|text| json!({"type": "section", "text": markup(&text)})).collect()
}

fn fields(facts: &[Fact]) -> Value {
    let field = |fact: &Fact| {
        let name = escaped(&clean::line(&fact.name), 200);
        let value = escaped(&clean::line(&fact.value), LONGEST_FIELD - 300);
        markup(&if name.is_empty() { value } else { format!("*{name}*\n{value}") })
    };
    json!({"type": "section", "fields": facts.iter().map(field).collect::<Vec<_>>()})
}

fn markup(text: &str) -> Value {
    // An empty text is refused.
    let text = if text.is_empty() { " " } else { text };
    json!({"type": "mrkdwn", "text": text, "verbatim": true})
}

/// `<address|text>`; the text alone where the address may be no link.
fn link(link: &Link) -> String {
    let text = escaped(&clean::line(&link.text), 200);
    let Some(url) = link.address() else { return text };
    let url: String = url.as_str().chars().map(entity).collect();
    // A bar in the text would be another separator.
    let text = text.replace('|', "¦");
    if url.chars().count() > LONGEST_URL {
        text
    } else if text.is_empty() {
        format!("<{url}>")
    } else {
        format!("<{url}|{text}>")
    }
}

/// A text in which nothing is markup, of at most so many characters as Slack counts them.
fn escaped(text: &str, most: usize) -> String {
    let mut before = None;
    let pieces = text.char_indices().map(|(at, c)| {
        let rest = &text[at + c.len_utf8()..];
        let piece = piece(before, c, rest);
        before = Some(c);
        piece
    });
    clean::within(pieces, most)
}

fn piece(before: Option<char>, c: char, rest: &str) -> String {
    let in_word = before.is_some_and(char::is_alphanumeric) && rest.starts_with(char::is_alphanumeric);
    match c {
        // Within a word it is no emphasis but a part of a name, which somebody may want to copy.
        '*' | '_' | '~' if in_word => c.into(),
        '*' | '_' | '~' | '`' => format!("\u{200b}{c}"),
        '@' if calls_all(rest) => "@\u{200b}".to_owned(),
        c => entity(c),
    }
}

/// Whether what follows an @ makes it a call to everybody, in clients that look for it.
fn calls_all(rest: &str) -> bool {
    ["channel", "here", "everyone", "group"]
        .iter()
        .any(|word| rest.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word)))
}

fn entity(c: char) -> String {
    match c {
        '&' => "&amp;".to_owned(),
        '<' => "&lt;".to_owned(),
        '>' => "&gt;".to_owned(),
        c => c.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::samples;

    fn blocks(note: &Note) -> Vec<Value> {
        message(note)["blocks"].as_array().unwrap().clone()
    }

    #[test]
    fn each_part_is_a_block() {
        let blocks = blocks(&samples::alert());
        assert_eq!(blocks[0]["text"]["text"], "Complaints about billing doubled");
        assert_eq!(blocks[1]["text"]["text"], "38 of 120 were negative (32%, 24 to 40%), up from 15%.");
        assert_eq!(blocks[2]["elements"][0]["text"], "critical alert, 2025-11-27 08:00 UTC");
        assert_eq!(blocks[3]["text"]["text"], "*What moved*");
        assert_eq!(blocks[5]["fields"][1]["text"], "*People*\n31");
        let bullets = "• Charged twice (<https://v.example/a?b=1&amp;c=2|12 records>)\n• No invoice";
        assert_eq!(blocks[6]["text"]["text"], bullets);
        let quote =
            "> You charged me twice &amp; nobody answers.\n> zendesk/4711, <https://v.example/r/4711|open>";
        assert_eq!(blocks[7]["text"]["text"], quote);
        assert!(
            blocks[8]["text"]["text"]
                .as_str()
                .unwrap()
                .starts_with("```\nTopic    Share\nbilling  32%    ███")
        );
        assert_eq!(blocks[9]["text"]["text"], "<https://v.example/alerts/7|All records>");
        assert!(blocks[1..].iter().all(|block| block["text"].is_null() || block["text"]["verbatim"] == true));
    }

    #[test]
    fn texts_are_escaped_and_not_changed_otherwise() {
        assert_eq!(escaped("a & b < c > d", 100), "a &amp; b &lt; c &gt; d");
        assert_eq!(escaped("<!channel> @Here <@U1>", 100), "&lt;!channel&gt; @\u{200b}Here &lt;@U1&gt;");
        assert_eq!(escaped("snake_case 5*3 _em_", 100), "snake_case 5*3 \u{200b}_em\u{200b}_");
        assert_eq!(escaped("me@example.com", 100), "me@example.com");
        assert_eq!(escaped("ab&cd", 7), "ab…", "no entity is cut in two");
    }

    #[test]
    fn slack_s_bounds_are_kept() {
        let mut note = samples::alert();
        note.title = "<".repeat(1000);
        note.summary = "&".repeat(5000);
        note.blocks =
            (0..80).map(|at| Block::Paragraph { text: format!("{at} {}", "x".repeat(100)) }).collect();
        let all = blocks(&note);
        assert_eq!(all.len(), MOST_BLOCKS);
        let count = |value: &Value| value.as_str().unwrap().chars().count();
        assert!(count(&all[0]["text"]["text"]) <= LONGEST_HEADER);
        assert!(
            all[1..]
                .iter()
                .filter(|b| b["text"].is_object())
                .all(|b| count(&b["text"]["text"]) <= LONGEST_SECTION)
        );
        assert!(all[49]["text"]["text"].as_str().unwrap().contains("left out"));
        let body = body(&note, usize::MAX).unwrap();
        assert!(body.len() <= LARGEST && body.contains("left out"), "{}", body.len());
        note.blocks =
            vec![Block::Facts { facts: vec![Fact { name: "n".into(), value: "v".repeat(9000) }; 25] }];
        let facts = blocks(&note);
        assert_eq!(facts.iter().filter(|block| block["fields"].is_array()).count(), 3);
        for field in facts.iter().filter_map(|block| block["fields"].as_array()).flatten() {
            assert!(count(&field["text"]) <= LONGEST_FIELD);
        }
    }
}
