//! What moved, in sentences.

use super::{
    Page,
    table::Look,
    text::{count, percent, short_day, wrap},
};
use crate::{
    report::{
        model::{Direction, Mover, Quote, Report, Tests, Verdicts},
        told::{Story, chance, size, stories, when},
    },
    trends::Verdict,
};

pub fn movers(page: &mut Page, report: &Report) {
    page.title("What moved");
    let of = |verdict| report.movers.iter().filter(move |mover| mover.verdict == verdict);
    let (real, unclear) = (of(Verdict::Real).count(), of(Verdict::Unclear).count());
    page.paragraph(&summary(report, real, unclear));
    for story in stories(report) {
        page.blank();
        one(page, report, &story);
    }
    if unclear > 0 {
        page.blank();
        page.line(
            "  Unclear: perhaps chance, given how much was looked at, or too small to matter",
            Look::Strong,
        );
        for mover in of(Verdict::Unclear) {
            let text = format!(
                "{}: {}, {} ({})",
                mover.name,
                size(&mover.effect),
                when(report, mover),
                chance(mover)
            );
            page.wrapped(&text, "  · ", Look::Plain);
            page.command(&mover.filter, "    ");
        }
    }
}

/// How many changes are real or unclear, and where they stand. `real` and `unclear`: of topics, those told below.
fn summary(report: &Report, real: usize, unclear: usize) -> String {
    let Tests { count, level, real: all_real, unclear: all_unclear } = report.tests;
    if count == 0 {
        return "Too few records to tell a change from chance.".to_owned();
    }
    let of_topic = report.scope.topic.is_some();
    let at = format!("at a false-discovery level of {}", percent(level));
    let among = format!("judged among {count} changes of all topics");
    let doubtful = match all_unclear.total() {
        0 => "None is unclear.".to_owned(),
        n => format!("{n} {} unclear: {}.", is_or_are(n), places(all_unclear, unclear)),
    };
    if !report.notable {
        let but = if all_real.rhythm > 0 { " but the weekly rhythm" } else { "" };
        let nothing = if of_topic {
            format!("nothing about this topic{but} is real {at}, {among}")
        } else {
            format!("none of {count} changes looked at{but} is real {at}")
        };
        return format!("Nothing notable: {nothing}. {doubtful}");
    }
    let n = all_real.total();
    let places = places(all_real, real);
    if of_topic {
        let changes = if n == 1 { "change" } else { "changes" };
        format!("{n} {changes} of this topic {} real {at}, {among}: {places}. {doubtful}", is_or_are(n))
    } else {
        format!("{n} of {count} changes looked at {} real {at}: {places}. {doubtful}", is_or_are(n))
    }
}

fn is_or_are(n: usize) -> &'static str {
    if n == 1 { "is" } else { "are" }
}

/// `told`: how many of the topics' changes stand below; the others say the same as one of those.
fn places(of: Verdicts, told: usize) -> String {
    let mut parts = Vec::new();
    match of.topics.saturating_sub(told) {
        _ if of.topics == 0 => {}
        _ if told == 0 => {
            parts.push(format!("{} of topics (what another measure of the same topic tells)", of.topics));
        }
        0 => parts.push(format!("{} of topics (below)", of.topics)),
        same => parts.push(format!("{} of topics (below, {same} of them told by another)", of.topics)),
    }
    match of.sources + of.scores {
        0 => {}
        above => parts.push(format!("{above} of sentiment and scores (in the tables above)")),
    }
    if of.rhythm > 0 {
        parts.push("the weekly rhythm (at the end)".to_owned());
    }
    parts.join(", ")
}

fn one(page: &mut Page, report: &Report, story: &Story<'_>) {
    let of = |direction| story.movers().any(|mover| mover.direction == direction);
    let look = match (of(Direction::Worse), of(Direction::Better)) {
        (true, _) => Look::Bad,
        (false, true) => Look::Good,
        (false, false) => Look::Strong,
    };
    let mark = if story.lead().effect.is_up() { "▲" } else { "▼" };
    page.wrapped(&story.heading(report), &format!("  {mark} "), look);
    for mover in story.in_order() {
        page.wrapped(&story.evidence(report, mover), "    ", Look::Plain);
        page.command(&mover.filter, "      ");
    }
    if let Some(carried) = story.carried() {
        page.wrapped(&carried, "    ", Look::Plain);
    }
    quotes(page, story.telling());
}

fn quotes(page: &mut Page, mover: &Mover) {
    // Beside a command that lists what became fewer, what they are of instead.
    if let Some(quoted) = &mover.quoted
        && let Some(label) = quoted.filter.sentiment
    {
        let mentions = if quoted.value == 1 { "mention" } else { "mentions" };
        let text = format!("Quoted from the {} {label} {mentions}:", count(quoted.value));
        page.wrapped(&text, "    ", Look::Plain);
        page.command(&quoted.filter, "      ");
    }
    for quote in &mover.quotes {
        self::quote(page, quote);
    }
}

fn quote(page: &mut Page, quote: &Quote) {
    let id: String = quote.record_id.chars().take(8).collect();
    let text = format!("“{}” — {}, {}, {id}", quote.text, quote.source, short_day(quote.day));
    for line in wrap(&text, page.width, "      ") {
        page.line(&line, Look::Faint);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_told_elsewhere_is_not_said_to_stand_below() {
        let of = Verdicts { topics: 2, ..Verdicts::default() };
        assert_eq!(places(of, 2), "2 of topics (below)");
        assert_eq!(places(of, 1), "2 of topics (below, 1 of them told by another)");
        assert!(!places(of, 0).contains("below"), "{}", places(of, 0));
    }
}
