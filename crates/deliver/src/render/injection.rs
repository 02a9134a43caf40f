//! What people write to get more shown than their words, in every string of a note, through every renderer. The output
//! is read as its receiver reads it.

use super::{email, jira, json, markdown, samples, slack, teams};
use crate::note::Note;
use crate::outbox::Key;
use serde_json::Value;

const CORPUS: &[&str] = &[
    "<!channel> <!here> <!everyone> <@U012AB3CD> <#C012AB3CD> <!subteam^S1>",
    "<https://evil.example|your bank>",
    "@channel @here @everyone",
    "<script>alert(1)</script>",
    "\"><img src=x onerror=alert(1)>",
    "' onmouseover='alert(1)",
    "[x](javascript:alert(1))",
    "![x](https://evil.example/p.png)",
    "javascript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "https://v.example/\"><script>alert(1)</script>",
    "https://v.example/a|b>c<d",
    "a | b | c",
    "`code` ```fence``` ``x``",
    "line\r\nBcc: evil@example.com\r\n\r\nbody",
    "# heading\n- list\n1. list\n> quote\n---\n===",
    "\u{202e}gnp.exe\u{2066}\u{2069}",
    "\u{1b}[31mred\u{7}\u{0}",
    "&lt;script&gt; &#60;script&#62; &amp;",
    "<at>everyone</at> **bold** _em_",
    "\\[x\\](https://evil.example)",
    "</td></tr></table><h1>x",
    "{{7*7}} ${7*7} <%= 7*7 %>",
    "=cmd|' /C calc'!A0",
];

fn key() -> Key {
    Key::of("a", "b")
}

fn each(look: impl Fn(&str, &Note)) {
    for text in CORPUS {
        look(text, &samples::all_of(text));
    }
}

/// Every string below a value, with the key it stands under.
fn strings<'v>(value: &'v Value, name: &'v str, found: &mut Vec<(&'v str, &'v str)>) {
    match value {
        Value::String(text) => found.push((name, text)),
        Value::Array(values) => values.iter().for_each(|value| strings(value, name, found)),
        Value::Object(fields) => fields.iter().for_each(|(name, value)| strings(value, name, found)),
        _ => {}
    }
}

fn strings_of(json: &str, look: impl Fn(&str, &str)) {
    let value: Value = serde_json::from_str(json).unwrap();
    let mut found = Vec::new();
    strings(&value, "", &mut found);
    assert!(found.len() > 10, "{json}");
    found.into_iter().for_each(|(name, text)| look(name, text));
}

fn has_controls(text: &str) -> bool {
    text.chars().any(|c| {
        c.is_control() && c != '\n' || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    })
}

fn is_web(url: &str) -> bool {
    url.starts_with("https://v.example/") && !url.contains(['<', '>', '"', ' ', '|'])
}

#[test]
fn slack_finds_links_of_ours_and_nobody_to_call() {
    each(|text, note| {
        strings_of(&slack::body(note, usize::MAX).unwrap(), |name, shown| {
            assert!(!has_controls(shown), "{text}: {shown}");
            // What stands between angle brackets is what Slack obeys.
            for part in shown.split('<').skip(1) {
                let (inside, _) = part.split_once('>').unwrap_or((part, ""));
                let (url, _) = inside.split_once('|').unwrap_or((inside, ""));
                assert!(is_web(url), "{text}: {name}: {shown}");
            }
            for call in ["@channel", "@here", "@everyone"] {
                assert!(
                    name == "text" && shown == &*super::headline(note) || !shown.contains(call),
                    "{text}: {shown}"
                );
            }
        });
    });
}

#[test]
fn html_holds_no_element_and_no_attribute_of_others() {
    let ours = email::mail(&samples::all_of("plain"), usize::MAX).unwrap().html;
    let count = |page: &str, what: &str| page.matches(what).count();
    each(|text, note| {
        let mail = email::mail(note, usize::MAX).unwrap();
        assert!(!has_controls(&mail.html) && !has_controls(&mail.text), "{text}");
        assert!(
            !mail.subject.contains(['\r', '\n']) && !has_controls(&mail.subject),
            "{text}: {}",
            mail.subject
        );
        for element in ["<script", "<img", "<at>", "<iframe", "<%"] {
            assert!(!mail.html.contains(element), "{text}: {element}");
        }
        // As many of each as without it: nothing is opened or closed by a text. (A paragraph of several lines has line
        // breaks, and an address of ours is a link.)
        for element in ["<td", "</td>", "<tr", "<table", "</table>", "<h1", "<h2", "<li", "<p "] {
            assert_eq!(count(&mail.html, element), count(&ours, element), "{text}: {element}");
        }
        for href in mail.html.split("href=\"").skip(1) {
            let url = href.split('"').next().unwrap_or_default();
            assert!(is_web(url), "{text}: {url}");
        }
        assert_eq!(mail.html.matches('\'').count(), 0, "{text}");
    });
}

#[test]
fn markdown_has_the_structure_of_the_note_alone() {
    let ours = markdown::document(&samples::all_of("plain"));
    let count = |page: &str, lead: &str| page.lines().filter(|line| line.starts_with(lead)).count();
    each(|text, note| {
        let page = markdown::document(note);
        assert!(!has_controls(&page), "{text}");
        for lead in ["# ", "## ", "- ", "> ", "| ", "```", "---", "==="] {
            assert_eq!(count(&page, lead), count(&ours, lead), "{text}: {lead}: {page}");
        }
        let is_free = |at: usize| page[..at].bytes().rev().take_while(|b| *b == b'\\').count() % 2 == 0;
        for (at, _) in page.match_indices("](").filter(|(at, _)| is_free(*at)) {
            let url =
                page[at + 2..].strip_prefix('<').and_then(|rest| rest.split_once('>')).map(|(url, _)| url);
            assert!(url.is_some_and(is_web), "{text}: {page}");
        }
        let bars =
            |line: &str| line.match_indices('|').filter(|(at, _)| !line[..*at].ends_with('\\')).count();
        for line in page.lines().filter(|line| line.starts_with("| ")) {
            assert_eq!(bars(line), 4, "{text}: {line}");
        }
        for markup in ["<script", "<img", "`code`", "**bold**", "!["] {
            let loose = page.match_indices(markup).any(|(at, _)| is_free(at));
            assert!(!loose, "{text}: {markup}: {page}");
        }
    });
}

#[test]
fn teams_and_jira_get_runs_of_text_and_links_of_ours() {
    each(|text, note| {
        let card = teams::body(note, usize::MAX).unwrap();
        let issue = jira::issue(note, &key(), "VOC", "Task", &[], usize::MAX).unwrap();
        for body in [card, issue] {
            strings_of(&body, |name, shown| {
                assert!(!has_controls(shown), "{text}: {name}: {shown:?}");
                if matches!(name, "url" | "href") {
                    assert!(is_web(shown), "{text}: {shown}");
                }
            });
        }
    });
}

#[test]
fn json_is_the_note_as_it_is() {
    each(|text, note| {
        let body: Value = serde_json::from_str(&json::body(note, &key())).unwrap();
        assert_eq!(body["title"].as_str(), Some(text));
        assert_eq!(body["blocks"][4]["quotes"][0]["text"].as_str(), Some(text));
    });
}
