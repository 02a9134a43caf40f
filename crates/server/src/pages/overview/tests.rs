use super::beside::tests::{beside, quiet_one};
use super::*;
use crate::pages::held::testing::held;
use feedback::time::Day;
use insight::report::model::{
    Carrier, ChangeOf, Direction, Figure, Mover, Named, Quote, Share, SourceRow, Tests, Verdicts,
    VolumeChange,
};
use insight::report::{Filter, Report};
use insight::stats::Interval;
use insight::trends::{Effect, Metric, ShareChange, Verdict};

const HOSTILE: &str = "<script>alert(1)</script>\u{202e}";
const PERIOD: Period = Period { from: Day(20_514), to: Day(20_541) };

fn figure(value: u64) -> Figure<u64> {
    Figure { value, filter: Filter::of(&Scope::of_days(PERIOD.from, PERIOD.to), PERIOD) }
}

fn share(hits: u64, n: u64) -> Share {
    let value = hits as f64 / n as f64;
    let interval = Interval::new(value - 0.05, value + 0.05);
    Share {
        hits,
        n,
        share: Some(value),
        interval: Some(interval),
        filter: figure(hits).filter,
        of: figure(n),
    }
}

fn source(name: &str, n: u64, verdict: Option<Verdict>) -> SourceRow {
    let change = ChangeOf {
        before: 0.3,
        after: 0.4,
        difference: 0.1,
        interval: Interval::new(0.04, 0.16),
        p: 0.001,
        q: verdict.map(|_| 0.01),
        verdict,
        records: 30,
        filter: Filter::default().source(name),
        after_records: figure(40),
        before_of: None,
        after_of: None,
    };
    SourceRow {
        source: name.to_owned(),
        records: figure(n),
        previous: None,
        weeks: vec![figure(n / 2), figure(n - n / 2)],
        negative: share(4 * n / 10, n),
        neutral: share(3 * n / 10, n),
        positive: share(3 * n / 10, n),
        unknown: share(0, n),
        change: Some(change),
    }
}

fn mover(topic: &str) -> Mover {
    let quote = |text: &str| Quote {
        record_id: "ab".repeat(16),
        day: PERIOD.to,
        source: HOSTILE.to_owned(),
        text: text.to_owned(),
        span: (0, 4),
    };
    Mover {
        topic: topic.to_owned(),
        name: format!("About {topic} {HOSTILE}"),
        metric: Metric::Negative,
        direction: Direction::Worse,
        verdict: Verdict::Real,
        days: Period { from: Day(20_530), to: PERIOD.to },
        ongoing: true,
        effect: Effect::Negative(ShareChange {
            difference: 0.46,
            interval: Interval::new(0.39, 0.52),
            usual: 0.43,
            inside: [189, 212],
            outside: [177, 411],
        }),
        p: 1e-6,
        q: 1e-5,
        dispersion: 1.0,
        left_out: Vec::new(),
        carriers: Vec::<Carrier>::new(),
        quotes: vec![quote(HOSTILE), quote("second words")],
        quoted: None,
        outside: figure(177),
        judged: None,
        records: 189,
        filter: Filter::default().topic(topic),
    }
}

fn report(movers: Vec<Mover>, records: u64) -> Report {
    Report {
        scope: Scope::of_days(PERIOD.from, PERIOD.to),
        period: PERIOD,
        partial: None,
        previous: Some(PERIOD.before()),
        comparison: None,
        baseline: None,
        records_begin: None,
        records_end: None,
        records: figure(records),
        previous_records: Some(figure(1_507)),
        volume_change: Some(VolumeChange {
            ratio: records as f64 / 1_507.0,
            interval: Interval::new(0.91, 1.19),
            dispersion: 3.0,
            p: 0.6,
            q: Some(1.0),
            verdict: Some(Verdict::Noise),
        }),
        sources: vec![
            source("ticket", 400, Some(Verdict::Real)),
            source(HOSTILE, 900, None),
            source("few", 20, None),
        ],
        scores: Vec::new(),
        notable: !movers.is_empty(),
        tests: Tests {
            count: 24,
            level: 0.05,
            real: Verdicts { topics: movers.len(), ..Verdicts::default() },
            unclear: Verdicts::default(),
        },
        movers,
        topics: Vec::new(),
        unassigned: None,
        without_words: figure(0),
        kinds: Vec::<Named<u64>>::new(),
        languages: Vec::new(),
        rhythm: None,
    }
}

fn seen(look: Look, beside: Beside) -> Seen {
    Seen {
        asked: Asked::default(),
        usual: 4,
        choices: Choices::default(),
        scope: Scope::of_days(PERIOD.from, PERIOD.to),
        look,
        held: held([0, 0, 3]),
        every: Some(Duration::from_secs(10)),
        beside,
        first: html! { pre { code { "curl" } } },
        now: Day(20_545).start(),
    }
}

fn made(movers: Vec<Mover>, records: u64) -> Look {
    Look::Made(Made::of(report(movers, records), Timestamp(Day(20_545).start().0 - 120_000_000)))
}

fn drawn(look: Look) -> String {
    seen(look, quiet_one()).body().into_string()
}

/// One of the first level, and none left out below it.
fn headings_are_in_order(page: &str) -> bool {
    let levels: Vec<u8> =
        page.match_indices("<h").filter_map(|(at, _)| page.as_bytes().get(at + 2).copied()).collect();
    let levels: Vec<u8> = levels.into_iter().filter(u8::is_ascii_digit).map(|digit| digit - b'0').collect();
    levels.first() == Some(&1)
        && levels.iter().filter(|level| **level == 1).count() == 1
        && levels.windows(2).all(|pair| pair[1] <= pair[0] + 1)
}

#[test]
fn what_is_real_stands_between_the_figures_and_their_tables() {
    let page = drawn(made(vec![mover("login_access"), mover("search")], 1_569));
    let at = |part: &str| page.find(part).unwrap_or_else(|| panic!("{part}: {page}"));
    assert!(at("1,569") < at("What moved and is real"));
    assert!(at("What moved and is real") < at("Sentiment by source"));
    assert!(at("2 of 24 changes that were looked at are real at a false-discovery level of 5%") > 0);
    for part in [
        "2 to 29 Mar 2026, against 2 Feb to 1 Mar 2026",
        "Made 2 minutes ago",
        "href=\"/topics/login_access\"",
        "Open the 189 records",
        "More of what customers say",
        "1,507</a> before",
        "\u{2191} +4%",
        "(\u{2212}9 to +19%)",
        "badge-noise",
        "3</a> since",
        "On 18 to 29 Mar 2026, and goes on; beside the other days of 2 to 29 Mar 2026.",
        "badge-real",
        "too few to judge",
    ] {
        at(part);
    }
    assert!(headings_are_in_order(&page), "{page}");
}

#[test]
fn sources_have_a_tile_each_and_are_never_put_together() {
    let page = drawn(made(Vec::new(), 1_569));
    assert_eq!(page.matches("<h2>Negative (<bdi>").count(), 2, "{page}");
    assert!(!page.contains("Negative (<bdi>few"), "{page}");
    assert!(page.contains("Nothing notable about any topic."), "{page}");
}

#[test]
fn words_and_names_of_others_are_text() {
    let page = drawn(made(vec![mover("login_access")], 1_569));
    assert!(!page.contains("<script>") && page.contains("&lt;script&gt;"), "{page}");
    assert!(page.contains("<bdi>&lt;script&gt;alert(1)&lt;/script&gt;\u{202e}</bdi>"), "{page}");
    assert!(page.contains("</bdi> <a href=\"/feedback"), "a link stays behind its evidence: {page}");
    assert!(!page.contains("style=\""), "nothing that the policy would stop: {page}");
}

#[test]
fn a_page_without_its_report_shows_the_rest() {
    let making = drawn(Look::Making);
    assert!(making.contains("being made for the first time") && making.contains("Pipeline"), "{making}");
    let failed = drawn(Look::Failed);
    assert!(failed.contains("cannot be made") && failed.contains("verbatim doctor"), "{failed}");
    for page in [making, failed] {
        assert!(
            page.contains("Alerts firing") && page.contains("1,234") && headings_are_in_order(&page),
            "{page}"
        );
    }
}

#[test]
fn somebody_who_sees_nothing_is_told_what_to_do() {
    let mut nothing = seen(made(Vec::new(), 0), quiet_one());
    nothing.beside.pipeline.records = 0;
    let page = nothing.body().into_string();
    assert!(page.contains("No feedback yet") && page.contains("<pre><code>curl"), "{page}");
    // There is some, of other days.
    let page = drawn(made(Vec::new(), 0));
    assert!(page.contains("No records in 2 to 29 Mar 2026"), "{page}");
    assert!(page.contains("3 records</a> came later, and are counted"), "{page}");
    assert!(headings_are_in_order(&page), "{page}");
}

#[test]
fn what_has_come_in_and_is_not_counted_yet_is_told() {
    let mut new = seen(made(Vec::new(), 0), quiet_one());
    new.held = held([2, 0, 0]);
    let page = new.body().into_string();
    assert!(page.contains("2 records</a> of these days are held."), "{page}");
    assert!(page.contains("about every 10 seconds") && !page.contains("No records"), "{page}");
    assert!(headings_are_in_order(&page) && new.awaited() == Some(Duration::from_secs(10)), "{page}");
    new.every = None;
    assert!(new.body().into_string().contains("verbatim rollup") && new.awaited().is_none());
    new.every = Some(Duration::from_millis(20));
    assert_eq!(new.awaited(), Some(SOON));
    // Beside those that are counted.
    let mut more = seen(made(Vec::new(), 1_569), quiet_one());
    more.held = held([1_571, 0, 0]);
    let page = more.body().into_string();
    assert!(page.contains("2 more not counted yet") && more.awaited().is_none(), "{page}");
}

#[test]
fn of_a_period_of_which_no_day_is_over_one_sentence_tells_what_is_held() {
    let early = Report { period: Period { from: Day(20_545), to: Day(20_544) }, ..report(Vec::new(), 0) };
    let mut seen = seen(Look::Made(Made::of(early, Day(20_545).start())), quiet_one());
    seen.held = held([2, 0, 0]);
    let page = seen.body().into_string();
    assert!(page.contains("2 records</a> of these days are held; they are counted when"), "{page}");
    for part in ["came earlier", "came later", "not counted yet", "No records", "later days"] {
        assert!(!page.contains(part), "{part}: {page}");
    }
    assert!(headings_are_in_order(&page) && seen.awaited().is_none(), "{page}");
}

#[test]
fn a_volume_that_cannot_be_compared_is_told_without_a_verdict() {
    let mut report = report(Vec::new(), 1_569);
    report.volume_change = None;
    let drawn = figures::records(&report, &held([1_569, 0, 0])).into_string();
    assert!(drawn.contains("the change is not judged") && !drawn.contains("badge"), "{drawn}");
}

#[test]
fn only_a_page_that_waits_for_its_report_asks_again_by_itself() {
    let refresh = |look: Look| {
        let page = refreshed(Response::default(), seen(look, quiet_one()).awaited());
        page.headers().get("refresh").map(|after| after.to_str().unwrap().to_owned())
    };
    let told = [Look::Making, Look::Failed, made(Vec::new(), 1)].map(refresh);
    assert_eq!(told, [Some("3".to_owned()), None, None]);
    let page =
        seen(Look::Failed, beside(Err(Problem::broken()), Err(Problem::broken()))).body().into_string();
    assert_eq!(page.matches("This cannot be shown now").count(), 2, "{page}");
}
