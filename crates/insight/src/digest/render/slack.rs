//! Slack's Block Kit: the blocks of a message. In Slack's markup three characters begin everything that calls people or
//! leads away, and it asks for these to be escaped; a blank of no width keeps emphasis in a customer's words from working.

use super::{cut, line};
use crate::digest::{
    link::Open,
    page::{Page, Point, Said, Section},
};
use serde_json::{Value, json};

/// Blocks of a message that Slack takes.
const MOST_BLOCKS: usize = 50;
const LONGEST_HEADER: usize = 150;
const LONGEST_SECTION: usize = 3000;
/// Of a title, a text and a quote, before anything is escaped: a section holds them all.
const LONGEST_TEXT: usize = 600;
/// Of a command.
const LONGEST_COMMAND: usize = 600;
/// Bytes of all blocks; Slack says `msg_blocks_too_long` at some 13,000 characters, documented nowhere.
const LARGEST: usize = 12_000;

/// `{"text": …, "blocks": […]}`, within Slack's bounds: where it is too large, first the quotes and then the last points are
/// left out, and that is said.
#[must_use]
pub fn slack(page: &Page) -> Value {
    let points: usize = page.sections.iter().map(|section| section.points.len()).sum();
    let whole = message(page, true, points);
    if fits(&whole) {
        return whole;
    }
    let mut least = message(page, false, points);
    let mut kept = points;
    while kept > 0 && !fits(&least) {
        kept -= 1;
        least = message(page, false, kept);
    }
    least
}

fn fits(message: &Value) -> bool {
    let blocks = message["blocks"].as_array().map_or(0, Vec::len);
    blocks <= MOST_BLOCKS && message["blocks"].to_string().len() <= LARGEST
}

fn message(page: &Page, quotes: bool, mut room: usize) -> Value {
    let title = cut(&line(&page.title), LONGEST_HEADER);
    let summary = escaped(&page.summary);
    let mut blocks = vec![
        json!({"type": "header", "text": {"type": "plain_text", "text": entities(&title), "emoji": false}}),
        section(&summary),
    ];
    let notes: Vec<String> =
        [&page.context].into_iter().chain(&page.notes).map(|note| escaped(note)).collect();
    blocks.push(json!({"type": "context", "elements": [markup(&notes.join("\n"))]}));
    let mut left_out = 0;
    for part in &page.sections {
        let points = &part.points[..part.points.len().min(room)];
        room -= points.len();
        left_out += part.points.len() - points.len();
        if !points.is_empty() {
            blocks.extend(of_section(part, points, quotes));
        }
    }
    if left_out > 0 {
        blocks.push(section(&format!("_And {left_out} more, for which there is no room here._")));
    }
    json!({"text": format!("{}: {summary}", entities(&title)), "blocks": blocks, "unfurl_links": false, "unfurl_media": false})
}

fn of_section(part: &Section, points: &[Point], quotes: bool) -> Vec<Value> {
    let mut blocks = vec![section(&format!("*{}*", escaped(&part.title)))];
    blocks.extend(points.iter().map(|point| section(&of_point(point, quotes))));
    if let Some((more, open)) = &part.more {
        blocks.push(section(&format!("And {more} more: {}", opened(open))));
    }
    blocks
}

fn of_point(point: &Point, quotes: bool) -> String {
    let mut lines = vec![format!("• *{}* {}", escaped(&point.title), escaped(&point.text))];
    if quotes {
        lines.extend(point.said.iter().map(said));
    }
    lines.extend(point.open.as_ref().map(opened));
    cut(&lines.join("\n"), LONGEST_SECTION)
}

fn said(said: &Said) -> String {
    let by = escaped(&said.by);
    let by = said.open.link.as_ref().map_or_else(|| by.clone(), |url| link(url, &by));
    format!("> “{}” {by}", escaped(&said.text))
}

fn opened(open: &Open) -> String {
    match &open.link {
        Some(url) => link(url, "Open"),
        // In a span of code only its own end is markup.
        None => {
            format!("`{}`", entities(&cut(&line(&open.command), LONGEST_COMMAND).replace('`', "\u{2019}")))
        }
    }
}

/// `text` is escaped already; a bar in it would be another separator.
fn link(url: &str, text: &str) -> String {
    format!("<{}|{}>", entities(url), text.replace('|', "¦"))
}

fn section(text: &str) -> Value {
    json!({"type": "section", "text": markup(text)})
}

fn markup(text: &str) -> Value {
    // An empty text is refused.
    let text = if text.is_empty() { " " } else { text };
    json!({"type": "mrkdwn", "text": text, "verbatim": true})
}

fn entities(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

fn escaped(text: &str) -> String {
    let mut safe = String::new();
    let mut before: Option<char> = None;
    let text = cut(&line(text), LONGEST_TEXT);
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        let in_word = |side: Option<char>| side.is_some_and(char::is_alphanumeric);
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            // Within a word it is a part of a name, and no emphasis.
            '*' | '_' | '~' if in_word(before) && in_word(chars.peek().copied()) => safe.push(c),
            '*' | '_' | '~' | '`' => {
                safe.push('\u{200b}');
                safe.push(c);
            }
            '@' => safe.push_str("@\u{200b}"),
            c => safe.push(c),
        }
        before = Some(c);
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_calls_or_leads_away() {
        assert_eq!(
            escaped("<!channel> @here & <https://x|y>"),
            "&lt;!channel&gt; @\u{200b}here &amp; &lt;https://x|y&gt;"
        );
        assert_eq!(escaped("snake_case *b*"), "snake_case \u{200b}*b\u{200b}*");
        assert_eq!(link("https://x/?a=1&b=2", "a|b"), "<https://x/?a=1&amp;b=2|a¦b>");
    }
}
