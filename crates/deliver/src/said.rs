//! What is kept of a receiver's answer. It may repeat what it was sent, and with it the words of customers: whole or in
//! pieces, escaped or not. They belong into no log, and neither into the outbox, where an erasure would not find them.
//!
//! Knows: the words in which servers speak of what they cannot take ([`words`]), the codes that they document.
//! Must not: judge what an answer means.
//!
//! Invariants:
//! - Whatever is kept is on a list: a word, a documented code, the name of a field of Jira's, a status. Everything else
//!   becomes an ellipsis, so that in no encoding anything else gets through.
//! - Where an answer repeats the note, words that are listed are not kept either: customers use them, too.

mod words;

use crate::clean;
use crate::note::{Block, Note};
use serde_json::Value;
use std::collections::{BTreeSet, HashSet};
use words::is_listed;

/// Characters of an answer that an error repeats.
pub(crate) const LONGEST: usize = 200;
/// So many words in a row, whatever words they are, show that the note is repeated.
const RUN: usize = 3;
/// So do so many words that are not listed, wherever they stand.
const STRAY: usize = 2;

/// What Slack says to an incoming webhook, as its documentation lists it.
const CODES: [&str; 20] = [
    "action_prohibited",
    "channel_is_archived",
    "channel_not_found",
    "invalid_blocks",
    "invalid_blocks_format",
    "invalid_payload",
    "invalid_token",
    "missing_text_or_fallback_or_attachments",
    "msg_too_long",
    "no_active_hooks",
    "no_service",
    "no_service_id",
    "no_team",
    "no_text",
    "posting_to_general_channel_denied",
    "rate_limited",
    "rollup_error",
    "team_disabled",
    "too_many_attachments",
    "user_not_found",
];
/// The fields of an issue that Jira knows by name; one of a site's own is a number ([`is_field`]).
const FIELDS: [&str; 16] = [
    "assignee",
    "components",
    "description",
    "duedate",
    "environment",
    "fixVersions",
    "issuetype",
    "labels",
    "parent",
    "priority",
    "project",
    "reporter",
    "security",
    "summary",
    "timetracking",
    "versions",
];

/// What a receiver said to a note, in a line of at most [`LONGEST`] characters; empty where there is nothing to keep.
pub(crate) fn kept(answer: &str, note: &Note) -> String {
    let line = clean::line(answer);
    let (tokens, ours) = (tokens(&line), Ours::of(note));
    let told = if ours.are_repeated(&tokens) {
        codes_alone(answer, &tokens, &ours)
    } else {
        listed(&line, &tokens, &ours)
    };
    clean::cut(&told, LONGEST)
}

/// The line with an ellipsis for everything that is not listed.
fn listed(line: &str, tokens: &[(usize, &str)], ours: &Ours) -> String {
    let (mut text, mut end, mut left_out, mut any) = (String::new(), 0, false, false);
    for (at, token) in tokens {
        let between = &line[end..*at];
        end = at + token.len();
        if is_known(token, ours) {
            text += between;
            text += *token;
            (left_out, any) = (false, true);
        } else if !left_out {
            text += between;
            text.push('…');
            left_out = true;
        }
    }
    text += &line[end..];
    if any { text } else { String::new() }
}

/// What says something even where the rest repeats the note.
fn codes_alone(answer: &str, tokens: &[(usize, &str)], ours: &Ours) -> String {
    let is_code =
        |token: &&str| CODES.contains(token) || (is_mail_status(token) && !ours.tokens.contains(*token));
    let mut told: BTreeSet<String> =
        tokens.iter().map(|(_, token)| *token).filter(is_code).map(str::to_owned).collect();
    told.extend(fields(answer, ours));
    if told.is_empty() {
        return "what it said repeats the message, and is left out".to_owned();
    }
    let told: Vec<String> = told.into_iter().collect();
    format!("{} (the rest repeats the message, and is left out)", told.join(", "))
}

/// The keys of what is wrong in an answer of Jira's: `{"errors": {"summary": "…"}}`.
fn fields(answer: &str, ours: &Ours) -> Vec<String> {
    let answer: Value = serde_json::from_str(answer).unwrap_or_default();
    let keys = answer["errors"].as_object().into_iter().flat_map(|errors| errors.keys());
    let known =
        |key: &&String| FIELDS.contains(&key.as_str()) || (is_field(key) && !ours.tokens.contains(*key));
    keys.filter(known).cloned().collect()
}

/// Whether a token is on a list. A number is, by its form, where the note does not hold the same.
fn is_known(token: &str, ours: &Ours) -> bool {
    if CODES.contains(&token) {
        return true;
    }
    if is_status(token) || is_mail_status(token) || is_field(token) {
        return !ours.tokens.contains(token);
    }
    let words = words_of(token);
    !words.is_empty() && words.iter().all(|word| is_listed(word))
}

fn is_number(text: &str, most: usize) -> bool {
    (1..=most).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// As `404`.
fn is_status(token: &str) -> bool {
    token.len() == 3 && is_number(token, 3) && token.starts_with(['2', '3', '4', '5'])
}

/// As `5.1.1`, a status of RFC 3463.
fn is_mail_status(token: &str) -> bool {
    let parts: Vec<&str> = token.split('.').collect();
    let numbers = parts.iter().all(|part| is_number(part, 3));
    parts.len() == 3 && numbers && matches!(parts[0], "2" | "4" | "5")
}

/// As `customfield_10010`.
fn is_field(token: &str) -> bool {
    token.strip_prefix("customfield_").is_some_and(|number| is_number(number, 6))
}

/// The pieces of a line, and where each begins: runs of letters, digits and underscores, with everything that is not
/// ASCII, and with a dot between two digits.
fn tokens(line: &str) -> Vec<(usize, &str)> {
    let bytes = line.as_bytes();
    let is_digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
    // Between two characters of which one is ASCII the text can be parted.
    let is_inner = |at: usize| match bytes.get(at) {
        Some(b'.') => at > 0 && is_digit(at - 1) && is_digit(at + 1),
        Some(byte) => byte.is_ascii_alphanumeric() || *byte == b'_' || !byte.is_ascii(),
        None => false,
    };
    let (mut found, mut from) = (Vec::new(), 0);
    while from < bytes.len() {
        let length = (from..bytes.len()).take_while(|at| is_inner(*at)).count();
        if length > 0 {
            found.push((from, &line[from..from + length]));
        }
        from += length.max(1);
    }
    found
}

/// The words of a token, in small letters: three of `channelNotFound`, of `channel_not_found`, two of `HTTPError`.
fn words_of(token: &str) -> Vec<String> {
    let chars: Vec<char> = token.chars().collect();
    let mut words = vec![String::new()];
    for (at, c) in chars.iter().enumerate() {
        let before = at.checked_sub(1).and_then(|at| chars.get(at));
        let after = chars.get(at + 1);
        let is_head = |before: &char| {
            before.is_lowercase() || (before.is_uppercase() && after.is_some_and(|next| next.is_lowercase()))
        };
        if *c == '_' || (c.is_uppercase() && before.is_some_and(is_head)) {
            words.push(String::new());
        }
        if let Some(word) = words.last_mut().filter(|_| *c != '_') {
            word.extend(c.to_lowercase());
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

/// What a note holds, for an answer to be held against.
#[derive(Default)]
struct Ours {
    tokens: HashSet<String>,
    words: HashSet<String>,
    runs: HashSet<Vec<String>>,
}

impl Ours {
    fn of(note: &Note) -> Self {
        let mut ours = Self::default();
        for text in texts(note) {
            let line = clean::line(text);
            let tokens = tokens(&line);
            let words: Vec<String> = tokens.iter().flat_map(|(_, token)| words_of(token)).collect();
            ours.tokens.extend(tokens.iter().map(|(_, token)| (*token).to_owned()));
            ours.runs.extend(words.windows(RUN).map(<[String]>::to_vec));
            ours.words.extend(words);
        }
        ours
    }

    /// Whether an answer says what the note says.
    fn are_repeated(&self, tokens: &[(usize, &str)]) -> bool {
        // Whoever writes of a code does not make it a word of theirs.
        let spoken = tokens.iter().filter(|(_, token)| !CODES.contains(token));
        let words: Vec<String> = spoken.flat_map(|(_, token)| words_of(token)).collect();
        let stray = |word: &&String| is_telling(word) && self.words.contains(*word);
        let strays: BTreeSet<&String> = words.iter().filter(stray).collect();
        strays.len() >= STRAY || words.windows(RUN).any(|run| self.runs.contains(run))
    }
}

/// Whether a word that two texts share shows that one is of the other.
fn is_telling(word: &str) -> bool {
    !is_listed(word) && (word.len() > 2 || !word.is_ascii())
}

/// What of a note somebody else may have written. The words on links are this program's own.
fn texts(note: &Note) -> Vec<&str> {
    let mut texts = vec![note.title.as_str(), note.summary.as_str()];
    for block in &note.blocks {
        match block {
            Block::Heading { text } | Block::Paragraph { text } => texts.push(text),
            Block::Facts { facts } => {
                texts.extend(facts.iter().flat_map(|fact| [fact.name.as_str(), fact.value.as_str()]));
            }
            Block::Bullets { points } => texts.extend(points.iter().map(|point| point.text.as_str())),
            Block::Quotes { quotes } => {
                texts.extend(quotes.iter().flat_map(|quote| [quote.text.as_str(), quote.record.as_str()]));
            }
            Block::Table(table) => {
                let cells = table.rows.iter().flat_map(|row| &row.cells);
                texts.extend(table.columns.iter().chain(cells).map(String::as_str));
            }
        }
    }
    texts
}

#[cfg(test)]
mod tests;
