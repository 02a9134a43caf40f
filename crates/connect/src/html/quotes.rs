//! Which lines of a mail are its writer's.

use super::render::QUOTATION;

/// Longer ones introduce no quotation.
const LONGEST_INTRODUCTION: usize = 400;

/// How mail programs begin and go on where they introduce what they quote: "On 2 March 2026 at 9:30, … wrote:".
const INTRODUCTIONS: [(&str, &str); 8] = [
    ("On ", " wrote"),
    ("Am ", " schrieb"),
    ("Le ", " a écrit"),
    ("El ", " escribió"),
    ("Em ", " escreveu"),
    ("Il ", " ha scritto"),
    ("Op ", " schreef"),
    ("Den ", " skrev"),
];

/// Words of the lines that stand between dashes above the whole of an earlier mail.
const DIVIDERS: [&str; 12] = [
    "original message",
    "original appointment",
    "forwarded message",
    "reply above this line",
    "ursprüngliche nachricht",
    "weitergeleitete nachricht",
    "message d'origine",
    "message transféré",
    "mensaje original",
    "mensagem original",
    "messaggio originale",
    "oorspronkelijk bericht",
];

/// The first line of the head of an earlier mail, and the one that tells its time.
const SENDERS: [&str; 6] = ["From:", "Von:", "De:", "De :", "Da:", "Van:"];
const SENT: [&str; 11] = [
    "Sent:",
    "Date:",
    "Gesendet:",
    "Datum:",
    "Envoyé:",
    "Envoyé :",
    "Enviado:",
    "Enviado el:",
    "Enviada em:",
    "Inviato:",
    "Verzonden:",
];

/// The text without what it quotes; empty where nothing else is there.
pub(super) fn without(text: &str) -> String {
    let lines: Vec<&str> = text.lines().map(str::trim_end).collect();
    let mut kept: Vec<&str> = Vec::new();
    let mut at = 0;
    while let Some(line) = lines.get(at) {
        let rest = &lines[at..];
        if is_quoted(line) {
            at += 1;
        } else if is_divider(line) || is_head(rest) {
            break;
        } else if let Some(length) = introduction(rest) {
            let next = rest[length..].iter().find(|line| !line.trim().is_empty());
            // Quoted lines end, and the answer may stand below them; what is not marked goes on to the end.
            if !next.is_some_and(|next| is_quoted(next)) {
                break;
            }
            at += length;
        } else {
            let blank = line.is_empty() && kept.last().is_none_or(|last| last.is_empty());
            kept.extend((!blank).then_some(line));
            at += 1;
        }
    }
    kept.join("\n").trim().to_owned()
}

fn is_quoted(line: &str) -> bool {
    line.trim_start().starts_with(['>', QUOTATION])
}

fn is_divider(line: &str) -> bool {
    let line = line.trim();
    if line.len() > 100 || !line.starts_with(['-', '_', '#', '*']) {
        return false;
    }
    let line = line.to_lowercase();
    DIVIDERS.iter().any(|words| line.contains(words))
}

fn is_head(lines: &[&str]) -> bool {
    let begins = |line: &&str, heads: &[&str]| heads.iter().any(|head| line.trim_start().starts_with(head));
    begins(&lines[0], &SENDERS) && lines[1..].iter().take(3).any(|line| begins(line, &SENT))
}

/// How many lines an introduction takes, which may be wrapped. It names a date and ends with a colon.
fn introduction(lines: &[&str]) -> Option<usize> {
    let (_, verb) = INTRODUCTIONS.iter().find(|(start, _)| lines[0].trim_start().starts_with(start))?;
    let mut whole = String::new();
    for (at, line) in lines.iter().take(3).enumerate() {
        if whole.len() + line.len() > LONGEST_INTRODUCTION {
            return None;
        }
        whole.push_str(line.trim_start());
        if whole.ends_with(':') && whole.contains(verb) && whole.contains(|char: char| char.is_ascii_digit())
        {
            return Some(at + 1);
        }
        whole.push(' ');
    }
    None
}
