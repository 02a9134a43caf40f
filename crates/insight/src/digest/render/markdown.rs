//! Markdown (CommonMark, as GitHub extends it), for a terminal, a file, a pull request.

use super::{heights, line};
use crate::digest::{
    link::Open,
    page::{Page, Point, Said, Section},
};

const BARS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
/// Characters of a bar.
const BAR: usize = 10;

/// The whole page.
#[must_use]
pub fn markdown(page: &Page) -> String {
    let mut parts =
        vec![format!("# {}", escaped(&page.title)), escaped(&page.context), escaped(&page.summary)];
    parts.extend(page.notes.iter().map(|note| escaped(note)));
    parts.extend(page.sections.iter().map(section));
    parts.retain(|part| !part.is_empty());
    parts.join("\n\n") + "\n"
}

fn section(section: &Section) -> String {
    let mut lines = vec![format!("## {}\n", escaped(&section.title))];
    lines.extend(section.points.iter().map(point));
    if let Some((more, open)) = &section.more {
        lines.push(format!("- And {more} more: {}", opened(open)));
    }
    lines.join("\n")
}

fn point(point: &Point) -> String {
    let mut first = format!("- **{}**", escaped(&point.title));
    if let Some(spark) = &point.spark {
        first += &format!(" {}", sparkline(&spark.values, spark.from_zero));
    }
    if let Some(bar) = point.bar {
        first += &format!(" {}", self::bar(bar));
    }
    first += &format!(" {}", escaped(&point.text));
    let mut lines = vec![first];
    lines.extend(point.said.iter().map(said));
    lines.extend(point.open.as_ref().map(|open| format!("  - {}", opened(open))));
    lines.join("\n")
}

fn said(said: &Said) -> String {
    let by = escaped(&said.by);
    let by = said.open.link.as_ref().map_or_else(|| by.clone(), |url| format!("[{by}](<{url}>)"));
    format!("  - “{}” — {by}", escaped(&said.text))
}

fn opened(open: &Open) -> String {
    let link = open.link.as_ref().map(|url| format!(" ([open](<{url}>))")).unwrap_or_default();
    format!("{}{link}", code(&line(&open.command)))
}

/// `▁▂█`; `·` where there is nothing.
fn sparkline(values: &[Option<f64>], from_zero: bool) -> String {
    let bar =
        |height: Option<f64>| height.map_or('·', |height| BARS[((height * 7.0).round() as usize).min(7)]);
    heights(values, from_zero).into_iter().map(bar).collect()
}

fn bar(share: f64) -> String {
    let full = (share.clamp(0.0, 1.0) * BAR as f64).round() as usize;
    "█".repeat(full) + &"░".repeat(BAR - full)
}

/// A span of code, with as many backticks around it as its content has none of.
fn code(text: &str) -> String {
    let longest = text.split(|c: char| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest + 1);
    let pad = if text.starts_with('`') || text.ends_with('`') { " " } else { "" };
    format!("{fence}{pad}{text}{pad}{fence}")
}

/// A text in which nothing is markup. It never stands at the beginning of a line.
fn escaped(text: &str) -> String {
    let mut safe = String::new();
    let mut before = None;
    for c in line(text).chars() {
        match c {
            '\\' | '`' | '*' | '_' | '~' | '[' | ']' | '<' | '>' | '|' | '#' | '&' | '!' | '$' => {
                safe.push('\\');
                safe.push(c);
            }
            // GitHub makes links of bare addresses and calls of names; an escape keeps it from the one, a blank of no
            // width from the other.
            '/' if matches!(before, Some(':' | '/')) => safe.push_str("\\/"),
            '.' if safe.ends_with("www") || safe.ends_with("WWW") => safe.push_str("\\."),
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
    fn nothing_is_markup() {
        assert_eq!(escaped("**bold** [x](javascript:y) <b>"), r"\*\*bold\*\* \[x\](javascript:y) \<b\>");
        assert_eq!(
            escaped("see https://evil.example and www.evil.example"),
            r"see https:\/\/evil.example and www\.evil.example"
        );
        assert_eq!(escaped("@everyone &lt; #1 a\n# b"), "@\u{200b}everyone \\&lt; \\#1 a \\# b");
    }

    #[test]
    fn code_holds_backticks() {
        assert_eq!(code("a b"), "`a b`");
        assert_eq!(code("a `b``"), "``` a `b`` ```");
    }

    #[test]
    fn lines_and_bars() {
        assert_eq!(sparkline(&[Some(0.0), None, Some(4.0), Some(8.0)], true), "▁·▅█");
        assert_eq!([bar(0.25), bar(7.0), bar(-1.0)], ["███░░░░░░░", "██████████", "░░░░░░░░░░"]);
    }
}
