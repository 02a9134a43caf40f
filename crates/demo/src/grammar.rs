//! A small grammar: `[this|that|]` chooses (and nests), `{slot}` fills in, `{3-9}` draws a number.

use crate::{company::Platform, rng::Rng, texts::slots};

/// Who speaks and on what: what the slots are filled from.
#[derive(Debug, Clone, Copy)]
pub struct Voice<'a> {
    pub platform: Platform,
    pub version: &'a str,
}

/// Appends one reading of `template`. An unknown slot gives nothing; a test reads every template for that.
pub fn expand(rng: &mut Rng, voice: Voice<'_>, template: &str, out: &mut String) {
    let mut rest = template;
    while let Some(at) = rest.find(['[', '{']) {
        out.push_str(&rest[..at]);
        let (inner, after) = enclosed(&rest[at..]);
        if rest.as_bytes()[at] == b'[' {
            let options = alternatives(inner);
            let chosen = options[rng.below(options.len())];
            expand(rng, voice, chosen, out);
        } else {
            fill(rng, voice, inner, out);
        }
        rest = after;
    }
    out.push_str(rest);
}

/// One reading of `template`.
pub fn read(rng: &mut Rng, voice: Voice<'_>, template: &str) -> String {
    let mut out = String::with_capacity(template.len());
    expand(rng, voice, template, &mut out);
    out
}

fn fill(rng: &mut Rng, voice: Voice<'_>, slot: &str, out: &mut String) {
    if let Some((low, high)) = slot.split_once('-')
        && let (Ok(low), Ok(high)) = (low.parse(), high.parse())
    {
        out.push_str(&rng.range(low, high).to_string());
    } else if slot == "ver" {
        out.push_str(voice.version);
    } else if let Some(options) = slots::options(slot, voice.platform) {
        let chosen = *rng.pick(options);
        expand(rng, voice, chosen, out);
    }
}

/// Of a text that starts with a bracket: what is within it and what follows. Unclosed: all of it, and nothing.
fn enclosed(text: &str) -> (&str, &str) {
    let mut depth = 0usize;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'[' | b'{' => depth += 1,
            b']' | b'}' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return (&text[1..at], &text[at + 1..]);
        }
    }
    (&text[1..], "")
}

fn alternatives(inner: &str) -> Vec<&str> {
    let (mut options, mut depth, mut from) = (Vec::with_capacity(4), 0usize, 0);
    for (at, byte) in inner.bytes().enumerate() {
        match byte {
            b'[' | b'{' => depth += 1,
            b']' | b'}' => depth -= 1,
            b'|' if depth == 0 => {
                options.push(&inner[from..at]);
                from = at + 1;
            }
            _ => {}
        }
    }
    options.push(&inner[from..]);
    options
}

/// First letter upper case, a full stop where no mark ends it.
#[must_use]
pub fn sentence(text: &str) -> String {
    let text = text.trim();
    let mut chars = text.chars();
    let mut out: String = match chars.next() {
        Some(first) => first.to_uppercase().chain(chars).collect(),
        None => return String::new(),
    };
    if !out.ends_with(['.', '!', '?', '…', '。', '！', '？', ')']) {
        out.push('.');
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    const VOICE: Voice<'static> = Voice { platform: Platform::Web, version: "7.1" };

    #[test]
    fn choices_nest_and_numbers_stay_in_range() {
        let mut rng = Rng::new(1);
        for _ in 0..200 {
            let text = read(&mut rng, VOICE, "a[b[c|d]|]{3-4}");
            assert!(["abc3", "abd3", "a3", "abc4", "abd4", "a4"].contains(&text.as_str()), "{text}");
        }
        assert_eq!(read(&mut rng, VOICE, "v{ver}"), "v7.1");
    }

    #[test]
    fn sentences_start_and_end() {
        assert_eq!(sentence(" été  "), "Été.");
        assert_eq!(sentence("why?"), "Why?");
        assert_eq!(sentence(""), "");
    }
}
