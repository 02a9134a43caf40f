//! What stands beside the figures: running alerts, goals, and whether everything works.

use crate::desk::{AlertRow, Alerts, AlertsFilter, AlertsStanding, At, Known, Page, TargetRow, Targets};
use crate::pages::parts::{goal, number, time};
use crate::pipeline::{Pipeline, PipelineDeadLetters};
use crate::problem::Problem;
use crate::query::address;
use crate::state::{App, now};
use feedback::time::Timestamp;
use insight::report::{Period, count, printable};
use maud::{Markup, html};

/// Alerts that are named; the others are on their own page.
const MOST_ALERTS: usize = 5;

pub(super) struct Beside {
    pub alerts: Result<Alerts, Problem>,
    /// `None` while they are worked out for the first time.
    pub targets: Result<Option<Targets>, Problem>,
    pub pipeline: Pipeline,
    pub now: Timestamp,
}

/// What cannot be read is told in its place, and takes nothing else with it.
pub(super) async fn read(app: &App) -> Beside {
    let running = AlertsFilter { open: Some(true), ..AlertsFilter::default() };
    let page = Page { limit: MOST_ALERTS, behind: None };
    let (alerts, targets, pipeline) =
        tokio::join!(app.desk.alerts(&running, &page), app.desk.targets(false), Pipeline::read(app));
    Beside { alerts: told(alerts), targets: told(targets), pipeline, now: now() }
}

fn told<T>(known: Known<T>) -> Result<T, Problem> {
    known.map_err(Problem::from)
}

impl Beside {
    pub fn tile(&self) -> Markup {
        html! {
            section.card.tile {
                h2 { "Alerts firing" }
                @match &self.alerts {
                    Ok(alerts) => @match alerts.standing() {
                        AlertsStanding::NotLookedYet => {
                            p.value { a href="/alerts" { "\u{2013}" } }
                            p.soft { "the first look has not ended yet; the server\u{2019}s log says if it fails" }
                        }
                        AlertsStanding::Firing(firing) => {
                            p.value { a href="/alerts" { (count(firing)) } }
                            p.soft { "named below" }
                        }
                        AlertsStanding::QuietSince(since) => {
                            p.value { a href="/alerts" { "0" } }
                            p.soft { "none since " (time::day(since.0.day())) }
                        }
                        AlertsStanding::NeverFired => p.value { a href="/alerts" { "0" } },
                    },
                    Err(_) => p.soft { "not known at the moment" },
                }
            }
        }
    }

    pub fn alerts(&self) -> Markup {
        html! {
            section.card {
                h2 { "Running alerts" }
                @match &self.alerts {
                    Err(problem) => (failed(problem)),
                    Ok(alerts) if alerts.list.items.is_empty() => (quiet(alerts)),
                    Ok(alerts) => {
                        ul.plain { @for alert in &alerts.list.items { li { (running(alert, alerts.looked_to)) } } }
                        @let named = alerts.list.items.len() as u64;
                        @if alerts.list.total > named {
                            p { a href="/alerts" { "All " (count(alerts.list.total)) " running alerts" } }
                        }
                    }
                }
            }
        }
    }

    pub fn targets(&self) -> Markup {
        html! {
            section.card {
                h2 { "Targets" }
                @match &self.targets {
                    Err(problem) => (failed(problem)),
                    Ok(None) => p.empty { "The targets are being measured: load the page again in a moment." },
                    Ok(Some(targets)) if targets.targets.is_empty() => p.empty {
                        "No target is set. The setting " code { "digest.targets" } " names a file of them."
                    },
                    Ok(Some(targets)) => {
                        ul.plain { @for row in &targets.targets { li { (target(row)) } } }
                        p.soft { small {
                            "As of " (time::day(targets.as_of.0.day())) ". The dashed line marks the target, the bar the \
                             figure, the band its 95% interval."
                        } }
                    }
                }
            }
        }
    }

    pub fn health(&self) -> Markup {
        let Pipeline { trouble, checks, models, .. } = &self.pipeline;
        html! {
            section.card {
                h2 { "Pipeline" }
                @if let Some(trouble) = trouble { div.note role="status" { p { (trouble) } } }
                dl.facts {
                    (self.held())
                    dt { "Gateway" }
                    dd { "into " @if self.pipeline.gateway.into == "kafka" { "Kafka" } @else { "the store" } }
                    @for (name, check) in checks {
                        dt { (capital(name)) }
                        dd { @if !check.ok { strong.negative { "not well: " } } (check.detail) }
                    }
                    dt { "Dead letters" }
                    dd { (self.dead_letters()) }
                    dt { "Deliveries" }
                    dd { (self.deliveries()) }
                    dt { "Taxonomy" }
                    dd { a href="/taxonomy" { (models.taxonomy) } }
                    dt { "Encoder" }
                    dd { (models.encoder) " (" (models.judges.join(", ")) ")" }
                    dt { "Vectors" }
                    dd { (models.vectors) }
                }
            }
        }
    }

    fn held(&self) -> Markup {
        let Pipeline { records, held_since, as_of, last_stored_at, is_loading, .. } = &self.pipeline;
        html! {
            dt { "Records" }
            dd {
                a href="/feedback" { (count(*records)) }
                @if *is_loading { ", still loading" }
                @if let Some(since) = held_since { ", since " (time::day(since.0.day())) " (older ones are not held)" }
            }
            dt { "Read up to" }
            dd { @match as_of { Some(at) => (time::ago(at.0, self.now)), None => "not read yet" } }
            dt { "Last one stored" }
            dd { @match last_stored_at { Some(at) => (time::ago(at.0, self.now)), None => "none yet" } }
        }
    }

    fn dead_letters(&self) -> Markup {
        html! {
            @match self.pipeline.dead_letters {
                Some(PipelineDeadLetters { messages: 0, since }) => { "none since " (time::day(since.0)) }
                Some(PipelineDeadLetters { messages, since }) => {
                    strong.negative { (count(messages)) } " since " (time::day(since.0)) ": not read, and kept. "
                    code { "verbatim dead-letters --since " (since.0) } " says why, and how to send them again"
                }
                None => "not known at the moment",
            }
        }
    }

    fn deliveries(&self) -> Markup {
        html! {
            @match self.pipeline.deliveries {
                Some(deliveries) => {
                    (count(deliveries.waiting)) " waiting, "
                    @if deliveries.failed > 0 {
                        strong.negative { (count(deliveries.failed)) " failed" }
                    } @else {
                        "none failed"
                    }
                }
                None => "not known at the moment",
            }
        }
    }
}

/// `looked` is up to when it is known to go on.
fn running(alert: &AlertRow, looked: Option<At>) -> Markup {
    html! {
        span class={ "badge badge-" (alert.severity) } { (alert.severity) } " "
        a href={ "/alerts/" (alert.id) } { (printable(&alert.title)) }
        p.soft {
            "From " (time::moment(alert.since.0)) " on"
            @if let Some(looked) = looked { ", looked at up to " (time::moment(looked.0)) }
            "; " (number::of(alert.people, "person", "people")) " at least, "
            @if alert.owner.is_empty() { "nobody\u{2019}s" } @else { bdi { (alert.owner) } }
            ", " (alert.state.as_str().replace('_', " "))
        }
    }
}

fn quiet(alerts: &Alerts) -> Markup {
    html! {
        p.empty {
            @match alerts.standing() {
                AlertsStanding::NotLookedYet => {
                    "The first look for alerts has not ended yet: load the page again in a moment. If it fails, the \
                     server\u{2019}s log says so, and why."
                }
                AlertsStanding::QuietSince(since) => { "None, since " (time::moment(since.0)) "." }
                AlertsStanding::NeverFired => "None, and there never was one.",
                AlertsStanding::Firing(_) => {}
            }
            @if let Some(coverage) = alerts.coverage {
                @if coverage.speaking < coverage.series {
                    " Of " (count(coverage.speaking)) " of " (count(coverage.series))
                    " series that are watched there was enough to tell."
                }
            }
        }
    }
}

fn target(row: &TargetRow) -> Markup {
    html! {
        strong { bdi { (row.name) } } " "
        span class={ "badge badge-" (badge(row)) } { (row.standing.as_str()) }
        p {
            @match row.value_told() {
                Some(value) => {
                    @match &row.filter {
                        Some(filter) => a.number href=(address(filter)) { (value) },
                        None => span.number { (value) },
                    }
                    @if let Some(interval) = row.interval_told() { " " small.number { "(" (interval) ")" } }
                    "; target: " (row.goal_told)
                    " " small.soft { (time::period(Period { from: row.from.0, to: row.to.0 })) }
                }
                None => { "target: " (row.goal_told) }
            }
        }
        (goal::bar(row))
        @if let Some(note) = &row.note { p.soft { small { (note) } } }
    }
}

/// Whose look its word has.
fn badge(row: &TargetRow) -> &'static str {
    match row.standing.as_str() {
        "met" => "met",
        "missed" => "missed",
        "undecided" => "unclear",
        _ => "noise",
    }
}

fn failed(problem: &Problem) -> Markup {
    html! { div.note role="status" { p { "This cannot be shown now: " (problem.detail) "." } } }
}

fn capital(name: &str) -> String {
    let mut chars = name.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::desk::{
        AlertState, AlertsCoverage, AlertsPrecision, At, Date, Listed, TargetGoal, TargetStanding,
    };
    use crate::pipeline::{PipelineCheck, PipelineDeliveries, PipelineGateway, PipelineModels};
    use feedback::time::Day;
    use insight::targets::{Kpi, TargetScope};

    const AT: At = At(Timestamp(20_514 * 86_400_000_000));
    const HOSTILE: &str = "<script>alert(1)</script>\u{202e}";

    fn alert() -> AlertRow {
        AlertRow {
            id: "3f9c".repeat(4),
            title: HOSTILE.to_owned(),
            state: AlertState::OverBudget,
            severity: "P1",
            owner: HOSTILE.to_owned(),
            owners: Vec::new(),
            topics: Vec::new(),
            since: AT,
            opened_at: AT,
            last_at: AT,
            resolved_at: None,
            is_told: true,
            told_with: None,
            why: None,
            reopened: 0,
            people: 1,
            is_useful: None,
            acknowledged: None,
            silenced: None,
            filter: None,
        }
    }

    fn alerts(items: Vec<AlertRow>, total: u64) -> Alerts {
        Alerts {
            list: Listed { items, next: None, total },
            firing: total,
            precision: AlertsPrecision {
                told: 0,
                useful: 0,
                not_useful: 0,
                share: None,
                low: None,
                high: None,
            },
            looked_to: Some(AT),
            coverage: Some(AlertsCoverage { speaking: 3, series: 9, from: None }),
            quiet_since: None,
        }
    }

    fn goal() -> TargetRow {
        TargetRow {
            name: HOSTILE.to_owned(),
            metric: "nps",
            kpi: Kpi::Nps,
            scope: TargetScope::default(),
            from: Date(Day(20_514)),
            to: Date(Day(20_541)),
            goal: TargetGoal { at_least: Some(40.0), at_most: None, under: None },
            goal_told: "at least +40".to_owned(),
            standing: TargetStanding::Open,
            n: 120,
            value: Some(38.0),
            low: Some(31.0),
            high: Some(44.0),
            p90: None,
            waiting: 0,
            note: Some(HOSTILE.to_owned()),
            filter: None,
        }
    }

    pub fn beside(alerts: Result<Alerts, Problem>, targets: Result<Option<Targets>, Problem>) -> Beside {
        let check = PipelineCheck {
            ok: false,
            detail: "90 s behind".to_owned(),
            lag_messages: Some(12),
            lag_seconds: Some(90),
        };
        let pipeline = Pipeline {
            version: "1.0.0",
            records: 1_234,
            as_of: Some(AT),
            lag_seconds: Some(30),
            last_stored_at: Some(AT),
            facts_version: Some(7),
            held_since: None,
            is_loading: false,
            trouble: None,
            gateway: PipelineGateway { into: "kafka", waiting_bytes: 0, connections: Vec::new() },
            deliveries: Some(PipelineDeliveries { waiting: 2, failed: 1 }),
            dead_letters: Some(PipelineDeadLetters { since: Date(Day(20_508)), messages: 1_234 }),
            checks: [("worker".to_owned(), check)].into(),
            models: PipelineModels {
                vectors: "static-64:1".to_owned(),
                taxonomy: "1:0a0b".to_owned(),
                encoder: "cascade",
                judges: vec!["builtin-1:01".to_owned(), "minilm-1:02".to_owned()],
            },
        };
        Beside { alerts, targets, pipeline, now: Timestamp(AT.0.0 + 30_000_000) }
    }

    pub fn quiet_one() -> Beside {
        beside(Ok(alerts(Vec::new(), 0)), Ok(Some(Targets { as_of: AT, targets: Vec::new() })))
    }

    #[test]
    fn names_of_others_are_text() {
        let targets = Targets { as_of: AT, targets: vec![goal()] };
        let beside = beside(Ok(alerts(vec![alert()], 7)), Ok(Some(targets)));
        let drawn =
            beside.alerts().into_string() + &beside.targets().into_string() + &beside.tile().into_string();
        assert!(!drawn.contains("<script>"), "{drawn}");
        assert!(
            drawn.contains("href=\"/alerts/3f9c3f9c3f9c3f9c\"") && drawn.contains("1 person at least"),
            "{drawn}"
        );
        assert!(drawn.contains("All 7 running alerts") && drawn.contains("over budget"), "{drawn}");
        assert!(drawn.contains("</time> on, looked at up to <time"), "of which days it is: {drawn}");
        assert!(
            drawn.contains("+38") && drawn.contains("(+31 to +44)") && drawn.contains("at least +40"),
            "{drawn}"
        );
        assert!(drawn.contains("<small class=\"soft\">"), "of which days it is: {drawn}");
    }

    #[test]
    fn what_cannot_be_read_takes_nothing_else_with_it() {
        let beside = beside(Err(Problem::broken()), Err(Problem::unavailable("the tables cannot be used")));
        assert!(beside.alerts().into_string().contains("This cannot be shown now"));
        assert!(beside.targets().into_string().contains("the tables cannot be used."));
        assert!(beside.tile().into_string().contains("not known at the moment"));
        let health = beside.health().into_string();
        for part in [
            "1,234",
            "30 seconds ago",
            "into Kafka",
            "2 waiting, ",
            "1 failed",
            "not well: ",
            "90 s behind",
            "1:0a0b",
            "cascade (builtin-1:01, minilm-1:02)",
            "<strong class=\"negative\">1,234</strong> since ",
            "<code>verbatim dead-letters --since 2026-02-24</code>",
        ] {
            assert!(health.contains(part), "{part}: {health}");
        }
    }

    #[test]
    fn nothing_is_told_as_what_it_is() {
        let quiet = quiet_one();
        let drawn = quiet.alerts().into_string();
        assert!(drawn.contains("never was one") && drawn.contains("Of 3 of 9 series"), "{drawn}");
        assert!(quiet.targets().into_string().contains("No target is set"));
        let mut calm = quiet_one();
        let none = PipelineDeadLetters { since: Date(Day(20_508)), messages: 0 };
        for (counted, told) in [(Some(none), "none since "), (None, "<dd>not known at the moment</dd>")] {
            calm.pipeline.dead_letters = counted;
            let health = calm.health().into_string();
            assert!(health.contains(told) && !health.contains("dead-letters --since"), "{told}: {health}");
        }
        assert!(beside(Err(Problem::broken()), Ok(None)).targets().into_string().contains("being measured"));
        let first = Alerts { looked_to: None, coverage: None, ..alerts(Vec::new(), 0) };
        let first = beside(Ok(first), Ok(None));
        for drawn in [first.alerts(), first.tile()].map(Markup::into_string) {
            assert!(
                drawn.contains("first look")
                    && drawn.contains("log says")
                    && !drawn.contains("None")
                    && !drawn.contains(">0<"),
                "{drawn}"
            );
        }
    }
}
