//! Texts of others made harmless before they are shown anywhere: no controls, no turned writing, no more than fits.

/// With its line ends as `\n`; other controls, and what turns the direction of writing, as U+FFFD.
#[must_use]
pub fn text(raw: &str) -> String {
    let mut clean = String::with_capacity(raw.len());
    let mut chars = raw.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\r' => {
                chars.next_if_eq(&'\n');
                clean.push('\n');
            }
            '\n' | '\u{85}' | '\u{2028}' | '\u{2029}' => clean.push('\n'),
            '\t' => clean.push(' '),
            c if c.is_control() || turns(c) => clean.push('\u{fffd}'),
            c => clean.push(c),
        }
    }
    clean
}

/// One line: [`text`] with a single blank for every run of white space.
#[must_use]
pub fn line(raw: &str) -> String {
    text(raw).split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Whether a character changes the direction in which what follows is written.
fn turns(c: char) -> bool {
    matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// At most so many characters, the last of them `…` where something was cut off.
#[must_use]
pub fn cut(text: &str, most: usize) -> String {
    within(text.chars().map(String::from), most)
}

/// Pieces side by side, at most so many characters in all, cut between two pieces and never within one.
#[must_use]
pub fn within(pieces: impl IntoIterator<Item = String>, most: usize) -> String {
    let mut whole = String::new();
    // Where the text ends so that an ellipsis still fits.
    let (mut used, mut end) = (0, 0);
    for piece in pieces {
        used += piece.chars().count();
        if used > most {
            whole.truncate(end);
            if most > 0 {
                whole.push('…');
            }
            return whole;
        }
        whole.push_str(&piece);
        if used < most {
            end = whole.len();
        }
    }
    whole
}

/// Lines in as few texts of at most so many characters as hold them. A line that is longer is cut.
#[must_use]
pub fn packed(lines: impl IntoIterator<Item = String>, most: usize) -> Vec<String> {
    let mut texts: Vec<String> = Vec::new();
    for line in lines {
        let line = cut(&line, most);
        match texts.last_mut() {
            Some(last) if last.chars().count() + 1 + line.chars().count() <= most => {
                last.push('\n');
                last.push_str(&line);
            }
            _ => texts.push(line),
        }
    }
    texts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn controls_and_turned_writing_are_shown_as_what_they_are() {
        assert_eq!(
            text("a\r\nb\rc\u{2028}d\te\u{1b}[31m\u{202e}f\u{2066}"),
            "a\nb\nc\nd e\u{fffd}[31m\u{fffd}f\u{fffd}"
        );
        assert_eq!(line("  a\r\nBcc: evil@example.com\n\n b "), "a Bcc: evil@example.com b");
        assert_eq!(line("👩\u{200d}💻 é"), "👩\u{200d}💻 é");
    }

    #[test]
    fn what_is_too_long_ends_in_an_ellipsis() {
        assert_eq!(cut("abcdef", 6), "abcdef");
        assert_eq!(cut("abcdef", 5), "abcd…");
        assert_eq!(cut("äöü", 2), "ä…");
        assert_eq!(cut("ab", 0), "");
        let pieces = ["&amp;", "&lt;", "x"].map(str::to_owned);
        assert_eq!(within(pieces.clone(), 10), "&amp;&lt;x");
        assert_eq!(within(pieces, 9), "&amp;…");
    }

    #[test]
    fn lines_fill_as_few_texts_as_hold_them() {
        let lines = ["aaa", "bbb", "c", "ddddddddd"].map(str::to_owned);
        assert_eq!(packed(lines, 7), ["aaa\nbbb", "c", "dddddd…"]);
    }
}
