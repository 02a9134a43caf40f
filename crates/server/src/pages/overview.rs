//! The first page: what happened, what of it is real, and whether anything needs somebody now.

use super::layout::{Frame, Place, page};
use super::parts::number::{self, Unit};
use super::parts::{meter, spark, time, verdict, words};
use super::scope::Asked;
use crate::auth::Caller;
use crate::problem::Problem;
use crate::query::address;
use crate::reports::Made;
use crate::state::{App, now};
use axum::extract::{Query, State};
use axum::response::Response;
use feedback::score::ScoreKind;
use insight::report::model::{Report, ScoreRow, SourceRow, Verdicts};
use insight::report::{count, told};
use maud::{Markup, html};

pub async fn overview(
    State(app): State<App>,
    caller: Caller,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let scope = asked.scope(app.settings.report_weeks)?;
    let frame = Frame { app: &app, caller: &caller, at: Place::Overview };
    let made = app.reports.get(&scope, now).await.map_err(Problem::internal)?;
    let beside = beside::read(&app).await?;
    let body = html! {
        (lead(&made, &asked, app.settings.report_weeks))
        @if made.report.records.value == 0 {
            (nothing_yet(&app, &made.report))
        } @else {
            (tiles(&made.report, &beside))
            div.columns {
                div {
                    (moved(&made.report))
                    (sources(&made.report))
                    (scores(&made.report))
                }
                div {
                    (beside.alerts())
                    (beside.targets())
                    (beside.health())
                }
            }
        }
    };
    Ok(page(&frame, "Overview", body))
}

fn lead(made: &Made, asked: &Asked, usual: i32) -> Markup {
    let report = &made.report;
    html! {
        div.lead {
            div {
                h1 { "Overview" }
                p {
                    (time::period(report.period))
                    @if let Some(previous) = report.previous { ", against " (time::period(previous)) }
                    ", complete days in UTC. Made " (time::ago(made.at, now())) "."
                }
            }
            (asked.choices("/", usual))
        }
    }
}

/// What a person does who sees nothing: the first event, or other days.
fn nothing_yet(app: &App, report: &Report) -> Markup {
    html! {
        section.card {
            @if app.live.status().records == 0 {
                h2 { "No feedback yet" }
                p { "Send the first event to this server, and it is counted here within seconds:" }
                pre { code { (crate::pages::first_event()) } }
                p { "Or read a file: " code { "verbatim import FILE" } ", or a topic of Kafka: " code { "verbatim worker" } "." }
            } @else {
                h2 { "No records in " (time::period(report.period)) }
                p { "There are records of other days. Choose a longer period above, or " a href="/feedback" { "open the newest ones" } "." }
            }
        }
    }
}

fn tiles(report: &Report, beside: &beside::Beside) -> Markup {
    html! {
        div.grid {
            section.card.tile {
                h2 { "Records" }
                p.value { a href=(address(&report.records.filter)) { (count(report.records.value)) } }
                @if let Some(before) = &report.previous_records {
                    p.soft { a href=(address(&before.filter)) { (count(before.value)) } " before" }
                }
                @if let Some(partial) = &report.partial {
                    p.soft { "and " a href=(address(&partial.filter)) { (count(partial.records)) } " of days not over yet" }
                }
            }
            @for row in headline_scores(report) { (score_tile(row)) }
            (beside.tile())
        }
    }
}

/// NPS and CSAT, each as one source has it: scales are never pooled. The most answered first, two at most.
fn headline_scores(report: &Report) -> impl Iterator<Item = &ScoreRow> {
    let mut rows: Vec<&ScoreRow> = report
        .scores
        .iter()
        .filter(|row| matches!(row.scale.kind, ScoreKind::Nps | ScoreKind::Csat) && row.value.is_some())
        .collect();
    rows.sort_by_key(|row| (row.scale.kind != ScoreKind::Nps, std::cmp::Reverse(row.n)));
    rows.into_iter().take(2)
}

fn score_tile(row: &ScoreRow) -> Markup {
    let unit = unit(row);
    html! {
        section.card.tile {
            h2 { (score_name(row)) }
            p.value { a href=(address(&row.filter)) { (row.value.map_or_else(String::new, |value| unit.shown(value))) } }
            @if let Some(interval) = row.interval { p.soft.number { (unit.between(interval)) ", n = " (count(row.n)) } }
            @if let Some(change) = &row.change { p { (verdict::change(change, unit)) } }
        }
    }
}

fn unit(row: &ScoreRow) -> Unit {
    match row.scale.kind {
        ScoreKind::Nps => Unit::Points,
        ScoreKind::Csat => Unit::Share,
        ScoreKind::Ces | ScoreKind::Stars => Unit::Mean,
    }
}

fn score_name(row: &ScoreRow) -> String {
    let kind = match row.scale.kind {
        ScoreKind::Nps => "NPS",
        ScoreKind::Csat => "CSAT",
        ScoreKind::Ces => "CES",
        ScoreKind::Stars => "Stars",
    };
    let source = row.source.as_ref().map(|source| format!(" ({source})")).unwrap_or_default();
    format!("{kind}{source}")
}

fn moved(report: &Report) -> Markup {
    let stories = told::stories(report);
    html! {
        section.card {
            h2 { "What moved and is real" }
            p.soft { (summary(report)) }
            @if stories.is_empty() {
                p.empty { "Nothing notable about any topic." }
            } @else {
                ul.plain {
                    @for story in &stories {
                        li {
                            h3 { a href={ "/topics/" (story.lead().topic) } { (story.heading(report)) } }
                            @for mover in story.in_order() {
                                p { (story.evidence(report, mover)) " " a href=(address(&mover.filter)) { "Open the " (count(mover.records)) " records" } }
                            }
                            @if let Some(carried) = story.carried() { p { (carried) } }
                            @for quote in &story.telling().quotes { (words::quote(quote)) }
                        }
                    }
                }
            }
        }
    }
}

/// How much was looked at, and how much of it is to be believed.
fn summary(report: &Report) -> String {
    let tests = report.tests;
    if tests.count == 0 {
        return "Too few records to tell a change from chance.".to_owned();
    }
    // The weekly rhythm is no news.
    let of = |verdicts: Verdicts| verdicts.topics + verdicts.sources + verdicts.scores;
    format!(
        "{} of {} changes that were looked at {} real at a false-discovery level of 5%, {} unclear.",
        of(tests.real),
        count(tests.count as u64),
        if of(tests.real) == 1 { "is" } else { "are" },
        of(tests.unclear)
    )
}

fn sources(report: &Report) -> Markup {
    html! {
        section.card {
            h2 { "Sentiment by source" }
            div.scroll tabindex="0" role="group" aria-label="Sentiment by source" {
                table {
                    thead { tr {
                        th scope="col" { "Source" }
                        th.number scope="col" { "Records" }
                        th scope="col" { "By week" }
                        th scope="col" { "Negative, neutral, positive" }
                        th scope="col" { "Negative (95% interval)" }
                        th scope="col" { "Change" }
                    } }
                    tbody { @for row in &report.sources { (source(row)) } }
                }
            }
            p.soft { small { "Shares are of the records whose sentiment is known. A change is in points of the negative share." } }
        }
    }
}

fn source(row: &SourceRow) -> Markup {
    let weeks: Vec<Option<f64>> = row.weeks.iter().map(|week| Some(week.value as f64)).collect();
    html! {
        tr {
            th scope="row" { (row.source) }
            td.number { a href=(address(&row.records.filter)) { (count(row.records.value)) } }
            td { (spark::spark(&weeks, Unit::Count, "records by week")) }
            td { (meter::sentiments(row.negative.hits, row.neutral.hits, row.positive.hits)) }
            td { a href=(address(&row.negative.filter)) { (number::share(&row.negative)) } }
            td { @if let Some(change) = &row.change { (verdict::change(change, Unit::Share)) } }
        }
    }
}

fn scores(report: &Report) -> Markup {
    html! {
        @if !report.scores.is_empty() {
            section.card {
                h2 { "Scores" }
                div.scroll tabindex="0" role="group" aria-label="Scores" {
                    table {
                        thead { tr {
                            th scope="col" { "Score" }
                            th.number scope="col" { "Answers" }
                            th.number scope="col" { "Value" }
                            th scope="col" { "95% interval" }
                            th scope="col" { "By week" }
                            th scope="col" { "Change" }
                        } }
                        tbody { @for row in &report.scores { (score(row)) } }
                    }
                }
                p.soft { small { "NPS and CSAT count each person once, with the last answer. CSAT is the share of the satisfied. Below 30 answers there is no verdict, below 5 no value." } }
            }
        }
    }
}

fn score(row: &ScoreRow) -> Markup {
    let unit = unit(row);
    let weeks: Vec<Option<f64>> = row.weeks.iter().map(|week| week.value).collect();
    html! {
        tr {
            th scope="row" {
                (score_name(row)) " " small { (row.scale.min) "\u{2013}" (row.scale.max) }
                @if let Some(question) = &row.question { br; small dir="auto" { (question) } }
            }
            td.number { a href=(address(&row.filter)) { (count(row.n)) } }
            td.number { (row.value.map_or_else(|| "too few".to_owned(), |value| unit.shown(value))) }
            td.number { (row.interval.map_or_else(String::new, |interval| unit.between(interval))) }
            td { (spark::spark(&weeks, unit, "by week")) }
            td { @if let Some(change) = &row.change { (verdict::change(change, unit)) } }
        }
    }
}
