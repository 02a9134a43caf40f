//! What goes to stdout: tables for people, JSON for programs. A reader that stops early is no failure.

pub use insight::report::{printable, shell_word};

use comfy_table::{ContentArrangement, Table, presets};
/// 12345 as "12,345".
pub use insight::report::count as grouped;
use std::io::{IsTerminal as _, Write as _};

/// Writes text to stdout as it is.
pub fn text(text: &str) -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    out.write_all(text.as_bytes())?;
    if !text.ends_with('\n') {
        out.write_all(b"\n")?;
    }
    Ok(out.flush()?)
}

/// Writes one JSON value, indented where a person may be looking.
pub fn json(value: &impl serde::Serialize) -> anyhow::Result<()> {
    let rendered = if std::io::stdout().is_terminal() {
        serde_json::to_string_pretty(value)?
    } else {
        serde_json::to_string(value)?
    };
    text(&rendered)
}

/// A table without frame, as wide as the terminal.
pub fn table(header: &[&str]) -> Table {
    let mut table = Table::new();
    table.load_preset(presets::NOTHING).set_content_arrangement(ContentArrangement::Dynamic);
    table.set_width(width());
    table.set_header(header.iter().copied());
    table
}

/// Columns that fit on stdout; where it is no terminal as many as `COLUMNS` says, or 100.
pub fn width() -> u16 {
    let terminal = console::Term::stdout().size_checked().map(|(_, columns)| columns);
    let told = || std::env::var("COLUMNS").ok()?.parse().ok();
    terminal.or_else(told).unwrap_or(100).clamp(60, 160)
}

pub fn colour() -> bool {
    std::io::stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none()
}

/// A text in lines of this terminal's width, each indented; blanks and line ends of its own become one blank.
/// A word wider than a line goes on in the next one. Longer than `most` characters the text ends in `…`.
pub fn wrapped(text: &str, indent: usize, most: usize) -> String {
    let mut text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if let Some((end, _)) = text.char_indices().nth(most) {
        // Between words, where a word ends near by.
        let cut = text[..end].rfind(' ').filter(|at| text[*at..end].chars().count() < 30).unwrap_or(end);
        text.truncate(cut);
        text.push('…');
    }
    let lines = insight::report::wrap(&text, usize::from(width()), &" ".repeat(indent));
    lines.into_iter().map(|line| line + "\n").collect()
}

/// 1 as "1 row", 12345 as "12,345 rows".
pub fn counted(number: u64, what: &str) -> String {
    format!("{} {what}{}", grouped(number), if number == 1 { "" } else { "s" })
}

/// Whether an error only says that nobody reads stdout any more.
pub fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error.chain().any(|cause| {
        let io = cause.downcast_ref::<std::io::Error>().map(std::io::Error::kind);
        let json = cause.downcast_ref::<serde_json::Error>().and_then(serde_json::Error::io_error_kind);
        io.or(json) == Some(std::io::ErrorKind::BrokenPipe)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wraps_at_words_and_cuts_what_is_too_long() {
        let text = "one two  three\n".repeat(20);
        let wrapped = wrapped(&text, 2, 120);
        assert!(
            wrapped.lines().all(|line| line.starts_with("  one") || line.starts_with("  t")),
            "{wrapped}"
        );
        assert!(wrapped.lines().count() > 1 && wrapped.trim_end().ends_with('…'), "{wrapped}");
    }

    #[test]
    fn a_long_word_is_broken_and_nothing_of_it_is_lost() {
        let token = "日本語x0123456789".repeat(40);
        let lines = wrapped(&format!("see {token} there"), 2, 10_000);
        assert!(lines.lines().count() > 4);
        for line in lines.lines() {
            assert!(console::measure_text_width(line) <= usize::from(width()), "{line}");
        }
        let told: String = lines.split_whitespace().collect();
        assert_eq!(told, format!("see{token}there"));
        let cut = wrapped(&"x".repeat(500), 2, 400);
        assert_eq!(cut.chars().filter(|c| *c == 'x').count(), 400);
        assert!(cut.trim_end().ends_with('…'));
        assert_eq!(wrapped(" ", 2, 10), "");
    }

    #[test]
    fn what_a_terminal_would_obey_is_shown_as_a_mark() {
        assert_eq!(
            wrapped("a\u{1b}]0;title\u{7} \u{202e}b", 2, 100),
            "  a\u{fffd}]0;title\u{fffd} \u{fffd}b\n"
        );
    }

    #[test]
    fn counts_agree_with_their_noun() {
        let counts = [0, 1, 1_234].map(|n| counted(n, "record"));
        assert_eq!(counts, ["0 records", "1 record", "1,234 records"]);
    }

    #[test]
    fn a_shell_reads_back_what_was_quoted() {
        assert_eq!(shell_word("/srv/tables"), "/srv/tables", "quoted only where it has to be");
        for text in ["", "plain", "~", "with blanks", "o'neill's \"tables\"", "$HOME `id` \\ ! * 日本", "'"]
        {
            let script = format!("printf %s {}", shell_word(text));
            let shell = std::process::Command::new("sh").args(["-c", &script]).output().unwrap();
            assert_eq!(String::from_utf8(shell.stdout).unwrap(), text);
        }
    }

    #[test]
    fn knows_a_broken_pipe_through_its_wrappers() {
        let pipe = std::io::Error::from(std::io::ErrorKind::BrokenPipe);
        assert!(is_broken_pipe(&anyhow::Error::new(pipe).context("cannot write")));
        assert!(!is_broken_pipe(&anyhow::anyhow!("broken")));
    }
}
