use super::*;
use crate::api::export::testing::row;
use feedback::insight::Scale;
use feedback::score::ScoreKind;
use feedback::time::Day;
use insight::report::model::{
    Carrier, ChangeOf, Direction, Figure, Judged, Mover, Named, Quote, ScoreRow, ScoreWeek, Share, SourceRow,
    TopicRow,
};
use insight::report::{Filter, Period};
use insight::stats::Interval;
use insight::trends::{Effect, Metric, Verdict};

fn figure(value: u64) -> Figure<u64> {
    Figure { value, filter: Filter::default() }
}

fn share() -> Share {
    let interval = Some(Interval::new(0.125, 0.75));
    Share { hits: 4, n: 16, share: Some(0.25), interval, filter: Filter::default(), of: figure(16) }
}

fn days() -> Period {
    Period { from: Day(20_514), to: Day(20_520) }
}

fn change() -> ChangeOf {
    ChangeOf {
        before: 0.5,
        after: 0.25,
        difference: -0.25,
        interval: Interval::new(-0.5, -0.125),
        p: 0.015_625,
        q: Some(0.031_25),
        verdict: Some(Verdict::Real),
        records: 8,
        filter: Filter::default(),
        after_records: figure(4),
        before_of: Some(figure(16)),
        after_of: Some(figure(16)),
    }
}

fn mover() -> Mover {
    Mover {
        topic: "login".to_owned(),
        name: "=Signing in".to_owned(),
        metric: Metric::Volume,
        direction: Direction::More,
        verdict: Verdict::Real,
        days: days(),
        ongoing: true,
        effect: Effect::Volume { ratio: 2.5, interval: Interval::new(1.5, 4.0), mentions: 20, usual: 8.0 },
        p: 0.015_625,
        q: 0.031_25,
        dispersion: 1.0,
        left_out: Vec::new(),
        carriers: vec![Carrier {
            what: [("platform", "android"), ("app_version", "7.6.2")]
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
                .into(),
            inside: 0.75,
            outside: 0.25,
            difference: Interval::new(0.25, 0.75),
            same_days: share(),
            outside_mentions: figure(8),
            mentions: 15,
            filter: Filter::default(),
        }],
        quotes: vec![Quote {
            record_id: "aa".repeat(16),
            day: days().from,
            source: "nps".to_owned(),
            text: "@you: cannot get in".to_owned(),
            span: (0, 19),
        }],
        quoted: None,
        outside: figure(30),
        judged: Some(Judged { inside: figure(12), outside: figure(24) }),
        records: 20,
        filter: Filter::default(),
    }
}

#[tokio::test]
async fn a_mover_is_a_row_and_a_line() {
    let told = row(MoverRow::from(&mover()), |format| List::Movers.file(format), &["difference"]).await;
    let some = ["name", "from", "ratio", "low", "quotes"].map(|name| told[name].as_str());
    assert_eq!(some, ["'=Signing in", "2026-03-02", "2.5", "1.5", "'@you: cannot get in"]);
    assert_eq!(told["carriers"], "platform android, app version 7.6.2 (75%)");
}

#[tokio::test]
async fn a_topic_is_a_row_and_a_line() {
    let topic = TopicRow {
        topic: "login".to_owned(),
        name: "Signing in".to_owned(),
        mentions: figure(20),
        share: Some(0.5),
        of: figure(40),
        weeks: vec![figure(5), figure(15)],
        negative: share(),
        volume_verdict: Some(Verdict::Real),
        negative_verdict: Some(Verdict::Unclear),
        positive_verdict: Some(Verdict::Noise),
    };
    let told = row(topic, |format| List::Topics.file(format), &[]).await;
    let some = ["mentions", "records", "weeks", "negative_low"].map(|name| told[name].as_str());
    assert_eq!(some, ["20", "40", "5; 15", "0.125"]);
}

#[tokio::test]
async fn a_score_is_a_row_and_a_line() {
    let week = |value| ScoreWeek { value, n: 20, filter: Filter::default() };
    let score = ScoreRow {
        scale: Scale { kind: ScoreKind::Nps, min: 0.0, max: 10.0 },
        source: Some("survey".to_owned()),
        part: Some("q1".to_owned()),
        question: Some("How likely?".to_owned()),
        all_questions: false,
        n: 40,
        value: Some(-12.5),
        interval: Some(Interval::new(-25.0, 0.5)),
        weeks: vec![week(Some(-10.0)), week(None)],
        distribution: Vec::new(),
        bands: Vec::new(),
        change: Some(change()),
        filter: Filter::default(),
    };
    let told = row(score, |format| List::Scores.file(format), &[]).await;
    let some = ["kind", "value", "weeks", "change"].map(|name| told[name].as_str());
    assert_eq!(some, ["nps", "-12.5", "-10.0; ", "-0.25"]);
}

#[tokio::test]
async fn a_source_is_a_row_and_a_line() {
    let source = SourceRow {
        source: "survey".to_owned(),
        records: figure(40),
        previous: Some(figure(30)),
        weeks: vec![figure(18), figure(22)],
        negative: share(),
        neutral: share(),
        positive: share(),
        unknown: share(),
        change: Some(change()),
    };
    let told = row(source, |format| List::Sources.file(format), &[]).await;
    let some = ["previous", "weeks", "negative_share", "verdict"].map(|name| told[name].as_str());
    assert_eq!(some, ["30", "18; 22", "0.25", "real"]);
}

#[tokio::test]
async fn a_kind_and_a_language_are_rows_and_lines() {
    let named = Named { name: "bug".to_owned(), value: 7_u64, filter: Filter::default() };
    for list in [List::Kinds, List::Languages] {
        let told = row(named.clone(), |format| list.file(format), &[]).await;
        assert_eq!((told["name"].as_str(), told["records"].as_str()), ("bug", "7"));
    }
}

#[test]
fn a_list_is_one_of_the_reports() {
    assert_eq!(List::parse("").ok(), Some(List::Movers));
    for (name, list) in List::ALL {
        assert_eq!(List::parse(name).ok(), Some(list));
        assert_eq!(list.file(Format::Csv).name, format!("insights-{name}"));
    }
    let refused = List::parse("mover").unwrap_err().detail;
    assert!(refused.contains("movers, topics"), "{refused}");
}
