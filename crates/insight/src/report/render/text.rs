//! Numbers, dates and lines as a person reads them.

use crate::{
    report::{filter::Filter, scope::Period},
    stats::Interval,
};
use chrono::Datelike;
use feedback::time::Day;
use std::borrow::Cow;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// `12,345`.
pub fn count(n: u64) -> String {
    let digits = n.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// `31%`, and `0.4%` where whole percents would say nothing.
pub fn percent(share: f64) -> String {
    let points = 100.0 * share;
    if points > 0.0 && points < 1.0 || points > 99.0 && points < 100.0 {
        format!("{points:.1}%")
    } else {
        format!("{points:.0}%")
    }
}

/// `29 to 33%`.
pub fn percents(interval: Interval) -> String {
    let (low, high) = (percent(interval.low), percent(interval.high));
    format!("{} to {high}", low.trim_end_matches('%'))
}

/// With its sign: `+38` or `−6`; zero has none.
pub fn signed(value: f64, decimals: usize) -> String {
    let text = format!("{:.*}", decimals, value.abs());
    if text.chars().all(|c| matches!(c, '0' | '.')) {
        text
    } else if value > 0.0 {
        format!("+{text}")
    } else {
        format!("−{text}")
    }
}

pub fn signed_range(interval: Interval, decimals: usize) -> String {
    format!("{} to {}", signed(interval.low, decimals), signed(interval.high, decimals))
}

const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// `4 Mar`.
pub fn short_day(day: Day) -> String {
    let date = day.to_date();
    format!("{} {}", date.day(), MONTHS[date.month0() as usize])
}

/// `4 Mar`, with its year where `other` is of another.
pub fn day_beside(day: Day, other: Day) -> String {
    let (year, of_other) = (day.to_date().year(), other.to_date().year());
    if year == of_other { short_day(day) } else { format!("{} {year}", short_day(day)) }
}

/// `2 to 8 Mar 2026`, `2 Mar to 24 May 2026`, with both years where they differ.
pub fn period(period: Period) -> String {
    let (from, to) = (period.from.to_date(), period.to.to_date());
    let year = |date: chrono::NaiveDate| format!(" {}", date.year());
    if from == to {
        return format!("{}{}", short_day(period.to), year(to));
    }
    if (from.year(), from.month0()) == (to.year(), to.month0()) {
        return format!("{} to {}{}", from.day(), short_day(period.to), year(to));
    }
    let first_year = if from.year() == to.year() { String::new() } else { year(from) };
    format!("{}{first_year} to {}{}", short_day(period.from), short_day(period.to), year(to))
}

/// `12 weeks`, `10 days`.
pub fn length(period: Period) -> String {
    match period.days() {
        1 => "1 day".to_owned(),
        7 => "1 week".to_owned(),
        days if days % 7 == 0 => format!("{} weeks", days / 7),
        days => format!("{days} days"),
    }
}

/// Columns that a text takes on a terminal; wide characters take two.
pub fn width(text: &str) -> usize {
    UnicodeWidthStr::width(text)
}

/// The text within `most` columns; what was cut shows as `…`.
pub fn fit(text: &str, most: usize) -> String {
    if width(text) <= most {
        return text.to_owned();
    }
    let (mut kept, mut used) = (String::new(), 0);
    for c in text.chars() {
        used += c.width().unwrap_or(0);
        if used + 1 > most {
            break;
        }
        kept.push(c);
    }
    kept + "…"
}

/// The command that lists a figure's records, in lines of at most `most` columns that a shell reads as one.
pub fn command(filter: &Filter, most: usize, indent: &str) -> Vec<String> {
    let mut lines = vec![format!("{indent}verbatim report --records")];
    let mut words: Vec<String> = Vec::new();
    for arg in filter.args() {
        match words.last_mut() {
            // A value stays beside its option.
            Some(option) if !arg.starts_with("--") => *option += &format!(" {}", shell_word(&arg)),
            _ => words.push(shell_word(&arg)),
        }
    }
    for word in words {
        let line = lines.last().map_or(0, |line| width(line));
        // Two columns for the sign that the line goes on.
        if line + 1 + width(&word) + 2 > most {
            lines.push(format!("{indent}  {word}"));
        } else if let Some(line) = lines.last_mut() {
            *line += &format!(" {word}");
        }
    }
    let last = lines.len() - 1;
    lines.iter_mut().take(last).for_each(|line| *line += " \\");
    lines
}

/// A word of a POSIX shell that means just `text`.
#[must_use]
pub fn shell_word(text: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./:,+@%".contains(c);
    if !text.is_empty() && text.chars().all(plain) {
        return text.to_owned();
    }
    format!("'{}'", text.replace('\'', r"'\''"))
}

/// A text of somebody's without what a terminal would obey: controls, and what turns the direction of writing.
pub fn printable(text: &str) -> Cow<'_, str> {
    let obeyed = |c: char| {
        c.is_control() && !matches!(c, '\n' | '\t')
            || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    if text.contains(obeyed) { Cow::Owned(text.replace(obeyed, "\u{fffd}")) } else { Cow::Borrowed(text) }
}

/// Lines of at most `most` columns, broken between words; the first is led by `first`, the others by as
/// many blanks. A word that is too long by itself is broken.
pub fn wrap(text: &str, most: usize, first: &str) -> Vec<String> {
    let indent = " ".repeat(width(first));
    let room = most.saturating_sub(width(first)).max(10);
    let mut lines = vec![String::new()];
    for word in text.split_whitespace() {
        let word = printable(word);
        let mut word = &*word;
        loop {
            let line = lines.last_mut().map_or(0, |line| width(line));
            let gap = usize::from(line > 0);
            if line + gap + width(word) <= room {
                push(&mut lines, word, gap);
                break;
            }
            if line > 0 {
                lines.push(String::new());
                continue;
            }
            let cut = cut_at(word, room);
            push(&mut lines, &word[..cut], 0);
            word = &word[cut..];
            lines.push(String::new());
        }
    }
    let lead = |(at, line): (usize, String)| format!("{}{line}", if at == 0 { first } else { &indent });
    lines.into_iter().filter(|line| !line.is_empty()).enumerate().map(lead).collect()
}

fn push(lines: &mut [String], word: &str, gap: usize) {
    if let Some(line) = lines.last_mut() {
        line.push_str(&" ".repeat(gap));
        line.push_str(word);
    }
}

/// Where `word` fills `room` columns; after at least one character.
fn cut_at(word: &str, room: usize) -> usize {
    let mut used = 0;
    for (at, c) in word.char_indices() {
        used += c.width().unwrap_or(0);
        if used > room && at > 0 {
            return at;
        }
    }
    word.len()
}

const BARS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
/// Bars of a sparkline; longer histories are drawn coarser.
const MOST_BARS: usize = 26;

/// Counts by week, from 0 to the largest; `·` for the first `untold` weeks, of which there are no records at all.
pub fn bars(weeks: &[u64], untold: usize) -> String {
    let step = weeks.len().div_ceil(MOST_BARS).max(1);
    let sums: Vec<Option<f64>> =
        weeks.chunks(step).map(|part| Some(part.iter().sum::<u64>() as f64)).collect();
    let high = sums.iter().flatten().copied().fold(0.0, f64::max);
    let told = |(at, sum): (usize, Option<f64>)| sum.filter(|_| (at + 1) * step > untold);
    let sums: Vec<Option<f64>> = sums.into_iter().enumerate().map(told).collect();
    draw(&sums, 0.0, high)
}

/// Values by week, from the smallest to the largest, on a scale that spans at least `least`, so that chance looks like
/// chance; `·` where there is none.
pub fn line(weeks: &[Option<f64>], least: f64) -> String {
    let step = weeks.len().div_ceil(MOST_BARS).max(1);
    let means: Vec<Option<f64>> = weeks
        .chunks(step)
        .map(|part| {
            let known: Vec<f64> = part.iter().flatten().copied().collect();
            (!known.is_empty()).then(|| known.iter().sum::<f64>() / known.len() as f64)
        })
        .collect();
    let low = means.iter().flatten().copied().fold(f64::INFINITY, f64::min);
    let high = means.iter().flatten().copied().fold(f64::NEG_INFINITY, f64::max);
    let beyond = (least - (high - low)).max(0.0) / 2.0;
    draw(&means, low - beyond, high + beyond)
}

fn draw(values: &[Option<f64>], low: f64, high: f64) -> String {
    let bar = |value: f64| {
        let height = if high > low { (value - low) / (high - low) } else { 0.5 };
        BARS[((height * 7.0).round() as usize).min(7)]
    };
    values.iter().map(|value| value.map_or('·', bar)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_read_well() {
        assert_eq!(
            ["0", "999", "1,000", "1,234,567"],
            [0, 999, 1000, 1_234_567].map(count).each_ref().map(|s| s.as_str())
        );
        assert_eq!(percent(0.314), "31%");
        assert_eq!(percent(0.004), "0.4%");
        assert_eq!(percents(Interval::new(0.29, 0.333)), "29 to 33%");
        assert_eq!(
            (signed(-6.2, 0), signed(0.04, 1), signed(38.0, 0)),
            ("−6".into(), "0.0".into(), "+38".into())
        );
    }

    #[test]
    fn wide_characters_take_two_columns() {
        assert_eq!(width("日本"), 4);
        assert_eq!(fit("日本語です", 6), "日本…");
        assert_eq!(wrap("日本語 日本語 日本語", 12, "- "), ["- 日本語", "  日本語", "  日本語"]);
        let lines = wrap(&"語".repeat(30), 24, "  ");
        assert!(lines.len() == 3 && lines.iter().all(|line| width(line) <= 24), "{lines:?}");
    }

    #[test]
    fn a_terminal_obeys_nothing_of_a_text() {
        let text = "a \u{1b}[31mred\u{7}\u{9b}2J \u{202e}txt.exe\u{2066}\u{7f}\r\u{85}b";
        assert_eq!(
            wrap(text, 40, "").concat(),
            "a \u{fffd}[31mred\u{fffd}\u{fffd}2J \u{fffd}txt.exe\u{fffd}\u{fffd} b"
        );
        assert_eq!(printable("two\nlines\u{200d}\u{200f}"), "two\nlines\u{200d}\u{200f}");
    }

    #[test]
    fn sparklines() {
        assert_eq!(bars(&[0, 4, 8], 0), "▁▅█");
        assert_eq!(bars(&[], 0), "");
        assert_eq!(line(&[Some(30.0), None, Some(40.0)], 0.0), "▁·█");
        assert_eq!(bars(&[1; 60], 0).chars().count(), 20);
        // What is smaller than the interval of the whole fills no more than its part of the height.
        assert_eq!(line(&[Some(30.0), Some(31.0), Some(29.0)], 14.0), "▅▅▄");
        assert_eq!(bars(&[0, 0, 4, 8], 1), "·▁▅█");
    }

    #[test]
    fn a_shell_reads_a_broken_command_as_one() {
        let filter = Filter { topic: Some("login_access".into()), ..Filter::default() };
        let filter = Filter { product: Some("our app's".into()), score: Some("nps".into()), ..filter };
        assert_eq!(
            command(&filter, 60, "  "),
            [
                r"  verbatim report --records --product 'our app'\''s' \",
                "    --topic login_access --score nps",
            ]
        );
        assert_eq!(command(&filter, 200, "").len(), 1);
    }

    #[test]
    fn periods() {
        let day = |y, m, d| Day::from_date(chrono::NaiveDate::from_ymd_opt(y, m, d).unwrap());
        let of = |from, to| Period { from, to };
        assert_eq!(period(of(day(2026, 3, 2), day(2026, 5, 24))), "2 Mar to 24 May 2026");
        assert_eq!(period(of(day(2025, 12, 29), day(2026, 1, 4))), "29 Dec 2025 to 4 Jan 2026");
        assert_eq!(period(of(day(2026, 1, 4), day(2026, 1, 4))), "4 Jan 2026");
        assert_eq!(period(of(day(2026, 1, 4), day(2026, 1, 9))), "4 to 9 Jan 2026");
        assert_eq!(length(of(day(2026, 3, 2), day(2026, 5, 24))), "12 weeks");
        assert_eq!(length(of(day(2026, 3, 2), day(2026, 3, 11))), "10 days");
    }
}
