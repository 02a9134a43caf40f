//! Markdown (CommonMark and GitHub's tables), for a terminal, a file, a pull request.

use super::{BAR, bar, context, headline};
use crate::clean;
use crate::note::{Block, Link, Note, Table};

/// The whole note.
#[must_use]
pub fn document(note: &Note) -> String {
    let mut parts = vec![format!("# {}", line(&headline(note))), format!("*{}*", line(&context(note)))];
    parts.push(line(&note.summary));
    parts.extend(note.blocks.iter().map(block));
    parts.extend(
        (!note.links.is_empty()).then(|| lines(note.links.iter().map(|it| format!("- {}", link(it))))),
    );
    parts.retain(|part| !part.is_empty());
    parts.join("\n\n") + "\n"
}

fn block(block: &Block) -> String {
    match block {
        Block::Heading { text } => format!("## {}", line(text)),
        // A line end that is meant, with nothing that could begin a list or a heading behind it.
        Block::Paragraph { text } => {
            let text = clean::text(text);
            text.lines().map(line).filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\\\n")
        }
        Block::Facts { facts } => {
            lines(facts.iter().map(|fact| format!("- **{}**: {}", line(&fact.name), line(&fact.value))))
        }
        Block::Bullets { points } => lines(points.iter().map(|point| {
            let behind = point.link.as_ref().map(|it| format!(" ({})", link(it))).unwrap_or_default();
            format!("- {}{behind}", line(&point.text))
        })),
        Block::Quotes { quotes } => {
            let quoted = quotes.iter().map(|quote| {
                let behind = quote.link.as_ref().map(|it| format!(", {}", link(it))).unwrap_or_default();
                format!("> {}\\\n> {}{behind}", line(&quote.text), line(&quote.record))
            });
            quoted.collect::<Vec<_>>().join("\n\n")
        }
        Block::Table(table) => of_table(table),
    }
}

fn of_table(table: &Table) -> String {
    let bars = table.has_bars();
    let row = |cells: &[String], last: Option<String>| {
        let texts = (0..table.width()).map(|at| cells.get(at).map(|text| line(text)).unwrap_or_default());
        format!("| {} |", texts.chain(last).collect::<Vec<_>>().join(" | "))
    };
    let mut rows = vec![row(&table.columns, bars.then(String::new))];
    rows.push(format!("|{}", " --- |".repeat(table.width() + usize::from(bars))));
    rows.extend(
        table.rows.iter().map(|it| {
            row(&it.cells, bars.then(|| it.share().map(|share| bar(share, BAR)).unwrap_or_default()))
        }),
    );
    lines(rows)
}

/// `[text](<address>)`; the text alone where the address may be no link.
#[must_use]
pub fn link(link: &Link) -> String {
    let text = line(&link.text);
    match link.address() {
        Some(url) => {
            let url = url.as_str().replace('\\', "%5C").replace('&', "&amp;");
            format!("[{}](<{url}>)", if text.is_empty() { "link" } else { text.as_str() })
        }
        None => text,
    }
}

fn lines(lines: impl IntoIterator<Item = String>) -> String {
    lines.into_iter().collect::<Vec<_>>().join("\n")
}

/// One line, cleaned and escaped.
fn line(text: &str) -> String {
    escaped(&clean::line(text))
}

/// A text of one line in which nothing is markup: neither CommonMark's nor GitHub's, which makes links of what only looks
/// like an address.
#[must_use]
pub fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len() + 8);
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    for (at, c) in text.char_indices() {
        let markup = match c {
            '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '|' | '~' | '&' | '#' | '!' | '@' => true,
            // At the start they begin a list or underline a heading.
            '-' | '+' | '=' => at == 0,
            '.' | ')' if at == digits && digits > 0 => true,
            ':' => text[at..].starts_with("://"),
            '.' => text[..at].to_ascii_lowercase().ends_with("www"),
            _ => false,
        };
        if markup {
            safe.push('\\');
        }
        safe.push(c);
    }
    safe
}

const BARS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

/// A bar for each value, from the smallest to the largest; `·` where there is none. One that never changes is drawn half
/// as high.
#[must_use]
pub fn sparkline(values: &[Option<f64>]) -> String {
    let known = || values.iter().flatten().copied().filter(|value| value.is_finite());
    let (low, high) = (known().fold(f64::INFINITY, f64::min), known().fold(f64::NEG_INFINITY, f64::max));
    let drawn = |value: f64| {
        let height = if high > low { (value - low) / (high - low) } else { 0.5 };
        BARS[((height * 7.0).round() as usize).min(7)]
    };
    values.iter().map(|value| value.filter(|value| value.is_finite()).map_or('·', drawn)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::samples;

    #[test]
    fn a_note_is_a_document() {
        insta::assert_snapshot!(document(&samples::alert()), @r#"
        # Complaints about billing doubled

        *critical alert, 2025-11-27 08:00 UTC*

        38 of 120 were negative (32%, 24 to 40%), up from 15%.

        ## What moved

        Since Tuesday.\
        Most are from Germany.

        - **Since**: 2025-11-25
        - **People**: 31

        - Charged twice ([12 records](<https://v.example/a?b=1&amp;c=2>))
        - No invoice

        > You charged me twice \& nobody answers.\
        > zendesk/4711, [open](<https://v.example/r/4711>)

        | Topic | Share |  |
        | --- | --- | --- |
        | billing | 32% | ████████████████████ |
        | login | 8% | █████░░░░░░░░░░░░░░░ |

        - [All records](<https://v.example/alerts/7>)
        "#);
    }

    #[test]
    fn nothing_in_a_text_is_markup() {
        for (text, expected) in [
            ("# no heading", "\\# no heading"),
            ("- no list", "\\- no list"),
            ("12) no list", "12\\) no list"),
            ("3. no list", "3\\. no list"),
            ("v1.2 (a-b)", "v1.2 (a-b)"),
            ("[x](javascript:alert(1))", "\\[x\\](javascript:alert(1))"),
            ("![x](y)", "\\!\\[x\\](y)"),
            ("<b>|a|`c`", "\\<b\\>\\|a\\|\\`c\\`"),
            ("https://evil.example www.evil.example", "https\\://evil.example www\\.evil.example"),
            ("me@evil.example", "me\\@evil.example"),
            ("&lt;script&gt;", "\\&lt;script\\&gt;"),
            ("a\\", "a\\\\"),
        ] {
            assert_eq!(escaped(text), expected, "{text}");
        }
    }

    #[test]
    fn sparklines_span_their_values() {
        assert_eq!(sparkline(&[Some(0.0), None, Some(7.0), Some(3.5)]), "▁·█▅");
        assert_eq!(sparkline(&[Some(2.0), Some(2.0), Some(f64::NAN)]), "▅▅·");
        assert_eq!(sparkline(&[]), "");
    }
}
