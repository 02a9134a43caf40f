//! The report as a terminal shows it.

mod header;
mod movers;
mod scores;
mod table;
pub(super) mod text;

use super::{
    filter::Filter,
    model::{ChangeOf, Figure, Report, Share},
};
use crate::{stats::SUPPRESSED, trends::Verdict};
use feedback::insight::NO_TOPIC;
use table::{Align, Cell, Look, Paint, Table, cell};
use text::{bars, command, fit, percents};
pub use text::{count, printable, shell_word, wrap};
pub(crate) use text::{percent, period, short_day, signed, signed_range};

/// Narrower than this nothing can be told.
const NARROWEST: usize = 48;

/// Lines of at most `width` columns; without `colour` nothing but text.
#[must_use]
pub fn render(report: &Report, width: usize, colour: bool) -> String {
    let mut page = Page { width: width.max(NARROWEST), paint: Paint { on: colour }, text: String::new() };
    header::header(&mut page, report);
    if report.records.value > 0 {
        sources(&mut page, report);
        scores::scores(&mut page, report);
        movers::movers(&mut page, report);
        topics(&mut page, report);
        about(&mut page, report);
    }
    page.text
}

/// Text under construction.
struct Page {
    width: usize,
    paint: Paint,
    text: String,
}

impl Page {
    fn line(&mut self, line: &str, look: Look) {
        let line = fit(line, self.width);
        self.text.push_str(&self.paint.text(&line, look));
        self.text.push('\n');
    }

    fn blank(&mut self) {
        self.text.push('\n');
    }

    fn title(&mut self, title: &str) {
        self.blank();
        self.line(title, Look::Strong);
    }

    fn paragraph(&mut self, text: &str) {
        self.wrapped(text, "  ", Look::Plain);
    }

    fn wrapped(&mut self, text: &str, first: &str, look: Look) {
        for line in wrap(text, self.width, first) {
            self.line(&line, look);
        }
    }

    fn note(&mut self, parts: &[&str]) {
        self.wrapped(&parts.join(" "), "  ", Look::Faint);
    }

    fn command(&mut self, filter: &Filter, indent: &str) {
        for line in command(filter, self.width, indent) {
            self.line(&line, Look::Faint);
        }
    }

    /// Says which columns there was room for.
    fn table(&mut self, table: &Table) -> Vec<&'static str> {
        let (lines, columns) = table.render(self.width, self.paint);
        for line in lines {
            self.text.push_str(&line);
            self.text.push('\n');
        }
        columns
    }
}

fn sources(page: &mut Page, report: &Report) {
    page.title("Volume and sentiment by source");
    let mut table = Table::new(
        &[
            ("source", Align::Left),
            ("records", Align::Right),
            ("negative", Align::Right),
            ("95% interval", Align::Left),
            ("positive", Align::Right),
            ("unknown", Align::Right),
            (if report.period.days() > 13 { "by week" } else { "" }, Align::Left),
            ("before", Align::Right),
            ("negative, change in points", Align::Left),
        ],
        &["before", "unknown", "by week", "positive", "95% interval"],
    );
    for row in &report.sources {
        let change = row.change.as_ref();
        table.row(vec![
            cell(row.source.clone()),
            cell(count(row.records.value)),
            share(&row.negative),
            interval(&row.negative).look(Look::Faint),
            share(&row.positive),
            share(&row.unknown),
            cell(weekly(report, &row.weeks)),
            cell(row.previous.as_ref().map_or_else(String::new, |figure| count(figure.value))),
            change.map_or_else(|| cell(""), |change| changed(change, 100.0, 0, true)),
        ]);
    }
    let columns = page.table(&table);
    let has = |name| columns.contains(&name);
    let judged = if has("positive") { "Negative and positive are shares" } else { "Negative is a share" };
    let judged = format!("{judged} of the judged records, whose sentiment is known.");
    let mut notes = vec![judged.as_str()];
    if has("unknown") {
        notes.push(match report.without_words.value {
            0 => "Unknown is a share of all.",
            _ => "Unknown is a share of those with words.",
        });
    }
    let compared = compared(report);
    notes.push(&compared);
    page.note(&notes);
}

/// What "change" compares in the tables.
fn compared(report: &Report) -> String {
    match report.comparison {
        None if report.baseline.is_some() => "Too little history to compare with.".to_owned(),
        None => "No history to compare with.".to_owned(),
        Some(comparison) if comparison.of == report.period => {
            format!("Changes are against {}.", period(comparison.against))
        }
        Some(comparison) => {
            let (of, against) = (period(comparison.of), period(comparison.against));
            match report.baseline {
                None => format!("Without history before this period, changes are of {of} against {against}."),
                Some(_) => format!(
                    "Without records of the whole period before this one, changes are of {of} against {against}."
                ),
            }
        }
    }
}

fn weekly(report: &Report, weeks: &[Figure<u64>]) -> String {
    let counts: Vec<u64> = weeks.iter().map(|week| week.value).collect();
    let before = |week: &&Figure<u64>| week.filter.to < report.records_begin;
    let untold = weeks.iter().take_while(before).count();
    if counts.len() > 2 { bars(&counts, untold) } else { String::new() }
}

fn share(share: &Share) -> Cell {
    cell(share.share.map_or_else(|| "–".to_owned(), percent))
}

fn interval(share: &Share) -> Cell {
    cell(share.interval.map_or_else(String::new, percents))
}

/// `−6 (−9 to −3), real`, in short `−6 real`; coloured only where it is real.
fn changed(change: &ChangeOf, factor: f64, decimals: usize, bad_when_up: bool) -> Cell {
    let size = signed(factor * change.difference, decimals);
    let range = signed_range(change.interval.scaled(factor), decimals);
    let verdict = change.verdict.map_or("too few to judge", Verdict::as_str);
    let look = match change.verdict {
        Some(Verdict::Real) if (change.difference > 0.0) == bad_when_up => Look::Bad,
        Some(Verdict::Real) => Look::Good,
        _ => Look::Plain,
    };
    let short = change.verdict.map_or("too few", Verdict::as_str);
    cell(format!("{size} ({range}), {verdict}")).short(format!("{size} {short}")).look(look)
}

fn topics(page: &mut Page, report: &Report) {
    page.title("Topics");
    let mut table = Table::new(
        &[
            ("topic", Align::Left),
            ("mentions", Align::Right),
            ("of all", Align::Right),
            ("negative", Align::Right),
            ("95% interval", Align::Left),
            ("by week", Align::Left),
            ("volume", Align::Left),
            ("sentiment", Align::Left),
        ],
        &["95% interval", "of all", "by week"],
    );
    // The records without a topic are not tested.
    let untested = report.scope.topic.as_deref() == Some(NO_TOPIC);
    let verdict = |verdict: Option<Verdict>| match verdict {
        None if untested => cell("not tested").look(Look::Faint),
        Some(Verdict::Real) => cell("real").look(Look::Strong),
        Some(verdict) => cell(verdict.as_str()).look(Look::Faint),
        None => cell("too few").look(Look::Faint),
    };
    for row in &report.topics {
        table.row(vec![
            cell(fit(&row.name, 28)),
            cell(count(row.mentions.value)),
            cell(row.share.map_or_else(|| "–".to_owned(), percent)),
            share(&row.negative),
            interval(&row.negative).look(Look::Faint),
            cell(weekly(report, &row.weeks)),
            verdict(row.volume_verdict),
            verdict(row.negative_verdict.into_iter().chain(row.positive_verdict).min()),
        ]);
    }
    let columns = page.table(&table);
    let mut notes = Vec::new();
    if columns.contains(&"negative") {
        notes.push("Negative is a share of the judged mentions.");
    }
    if columns.contains(&"of all") {
        notes.push("Of all is a share of all records.");
    }
    notes.push("A record may have several topics.");
    if report.movers.iter().any(|mover| mover.days.from < report.period.from) {
        notes.push("Real and unclear are told above, with their days.");
    }
    page.note(&notes);
    if let Some(unassigned) = &report.unassigned
        && let (Some(share), Some(range)) = (unassigned.share, unassigned.interval)
    {
        page.paragraph(&format!(
            "Without a topic: {} of {} records{}, {} ({}).{}",
            count(unassigned.hits),
            count(unassigned.n),
            if report.without_words.value > 0 { " with words" } else { "" },
            percent(share),
            percents(range),
            wordless(report),
        ));
    }
}

/// How many records the shares beside it leave out.
fn wordless(report: &Report) -> String {
    match report.without_words.value {
        0 => String::new(),
        n => format!(" {} had no words.", count(n)),
    }
}

fn about(page: &mut Page, report: &Report) {
    page.title("What kind, which language, which days");
    let with_words = report.records.value - report.without_words.value.min(report.records.value);
    let total = with_words as f64;
    let list = |named: &[super::model::Named<u64>], most: usize| {
        if with_words < SUPPRESSED {
            return "too few records for shares".to_owned();
        }
        let shown = named.iter().take(most);
        let parts: Vec<String> = shown
            .map(|one| format!("{} {}", one.name.replace('_', " "), percent(one.value as f64 / total)))
            .collect();
        let rest: u64 = named.iter().skip(most).map(|one| one.value).sum();
        let rest =
            if rest > 0 { format!(", others {}", percent(rest as f64 / total)) } else { String::new() };
        parts.join(", ") + &rest
    };
    page.wrapped(&list(&report.kinds, 8), "  Kinds: ", Look::Plain);
    page.wrapped(&list(&report.languages, 6), "  Languages: ", Look::Plain);
    if report.without_words.value > 0 {
        page.note(&["Kinds and languages are of records with words.", wordless(report).trim()]);
    }
    if let Some(rhythm) = &report.rhythm {
        let day = |of: &super::model::DayOfWeek| format!("{} ({:.2}× an average day)", of.day, of.ratio);
        let text = match rhythm.verdict {
            Verdict::Real => format!(
                "busiest {}, quietest {}; real, over {} weeks.",
                day(&rhythm.busiest),
                day(&rhythm.quietest),
                rhythm.weeks
            ),
            Verdict::Unclear => {
                format!("unclear, perhaps chance or too small to matter, over {} weeks.", rhythm.weeks)
            }
            Verdict::Noise => format!("none that stands out from chance, over {} weeks.", rhythm.weeks),
        };
        page.wrapped(&text, "  Weekly rhythm: ", Look::Plain);
    }
    let baseline = report.baseline.map_or_else(String::new, |baseline| {
        format!(" and with the history since {}", short_day(baseline.from))
    });
    page.wrapped(
        &format!(
            "A topic's change is its most striking stretch of days, compared with the other days of the period{baseline}, \
             within each source; sizes of chosen stretches err on the large side."
        ),
        "  ",
        Look::Faint,
    );
}
