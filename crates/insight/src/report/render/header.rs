//! What a report is about: its days, its scope, and how much there is of it.

use super::{
    Page,
    table::Look,
    text::{count, length, period, short_day},
};
use crate::report::model::Report;

pub fn header(page: &mut Page, report: &Report) {
    let days = report.period.days();
    if days == 0 {
        page.line(&format!("Customer feedback, {}", period(report.scope.period)), Look::Strong);
        page.paragraph("No day of this period is over yet, so there is nothing to report.");
        return;
    }
    page.line(
        &format!("Customer feedback, {} ({})", period(report.period), length(report.period)),
        Look::Strong,
    );
    let scope = [
        ("product", &report.scope.product),
        ("source", &report.scope.source),
        ("topic", &report.scope.topic),
    ];
    let only = scope.iter().filter_map(|(name, value)| value.as_ref().map(|value| format!("{name} {value}")));
    let sent_by = report.scope.event_source.iter().map(|name| format!("event source {name}"));
    let only: Vec<String> = only.chain(sent_by).collect();
    if !only.is_empty() {
        page.paragraph(&format!("Only {}.", only.join(", ")));
    }
    let records = report.records.value;
    let mut text = match records {
        0 => "No records in this period.".to_owned(),
        1 => "1 record".to_owned(),
        n => format!("{} records", count(n)),
    };
    if records > 0 {
        let sources = report.sources.iter().filter(|row| row.records.value > 0).count();
        text += &format!(" from {sources} {}", if sources == 1 { "source" } else { "sources" });
        match report.without_words.value {
            0 => {}
            1 => text += ", 1 of them without words",
            n => text += &format!(", {} of them without words", count(n)),
        }
        if let Some((before, figure)) = report.previous.zip(report.previous_records.as_ref()) {
            text += &format!("; {} in the period before, {}", count(figure.value), period(before));
        }
        text.push('.');
        text += &ends(report);
    }
    page.paragraph(&text);
    if let Some(partial) = &report.partial {
        page.paragraph(&format!(
            "Not over yet and left out: {} ({} {} so far).",
            period(partial.days),
            count(partial.records),
            if partial.records == 1 { "record" } else { "records" }
        ));
    }
}

/// What the period asks for beyond the first and the last record.
fn ends(report: &Report) -> String {
    let begin = report.records_begin.map(|first| format!(" Records begin {}.", short_day(first)));
    let end = report.records_end.map(|last| {
        let without = match report.period.to.0 - last.0 {
            1 => "last day of this period has".to_owned(),
            days => format!("last {days} days of this period have"),
        };
        format!(" Records end {}; the {without} none.", short_day(last))
    });
    begin.into_iter().chain(end).collect()
}
