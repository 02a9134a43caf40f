use super::*;
use crate::desk::{AlertRow, AlertState, At, Date};
use crate::reports::Look;
use crate::topics::testing::{line, topics};
use crate::topics::{Before, HistoryWeek, Related, ScoreOfAll, TopicScore, whole};
use feedback::score::ScoreKind;
use feedback::time::Day;
use insight::report::model::{Figure, Share};
use insight::shelf::{Driver, Shelf};
use insight::stats::Interval;
use insight::trends::Verdict;

const HOSTILE: &str = "<script>alert(1)</script>\u{202e}";

fn figure(value: u64) -> Figure<u64> {
    Figure { value, filter: Filter::default().topic("search") }
}

fn week(at: i32, mentions: u64) -> HistoryWeek {
    let monday = Day(20_514 + 7 * at);
    HistoryWeek {
        from: Date(monday),
        to: Date(monday.plus(6)),
        is_partial: at == 3,
        mentions: figure(mentions),
        negative: Share {
            hits: mentions / 2,
            n: mentions,
            share: (mentions >= 5).then_some(0.5),
            interval: (mentions >= 5).then_some(Interval::new(0.4, 0.6)),
            filter: Filter::default(),
            of: figure(mentions),
        },
    }
}

fn driver(field: &'static str, value: &str, platform: Option<&str>, verdict: Option<Verdict>) -> Driver {
    Driver {
        field,
        value: value.to_owned(),
        platform: platform.map(str::to_owned),
        mentions: 12,
        of: 40,
        share: 0.3,
        other_records: 10,
        of_others: 100,
        share_of_others: 0.1,
        difference: 0.2,
        interval: Interval::new(0.05, 0.35),
        p: 0.001,
        q: verdict.map(|_| 0.01),
        verdict,
        filter: Filter::default().topic("search"),
    }
}

fn alert() -> AlertRow {
    let at = At(Day(20_524).start());
    AlertRow {
        id: "3f9c".repeat(4),
        title: HOSTILE.to_owned(),
        state: AlertState::Firing,
        severity: "P2",
        owner: String::new(),
        owners: Vec::new(),
        topics: vec!["search".to_owned()],
        since: at,
        opened_at: at,
        last_at: at,
        resolved_at: None,
        is_told: true,
        told_with: None,
        why: None,
        reopened: 0,
        people: 9,
        is_useful: None,
        acknowledged: None,
        silenced: None,
        filter: None,
    }
}

fn page(change: impl FnOnce(&mut TopicRead)) -> String {
    let (topics, scope) = (topics(), Scope::of_days(Day(20_514), Day(20_541)));
    let (shelf, now) = (Shelf::default(), Day(20_545).start());
    let mut whole = whole(&shelf, &topics, "search", &scope, Before::Held, now).unwrap();
    whole.history = (0..4).map(|at| week(at, [40, 60, 3, 20][at as usize])).collect();
    let mut read = TopicRead { whole, newest: Vec::new(), report: Look::Making, alerts: Ok(Vec::new()) };
    change(&mut read);
    let asked = Asked { product: "app".to_owned(), ..Asked::default() };
    Seen { asked, usual: 4, choices: Choices::default(), topics: &topics, is_loading: false, read }
        .body()
        .into_string()
}

#[test]
fn what_the_taxonomy_has_of_it_is_told() {
    let page = page(|_| ());
    for part in [
        "<h1><bdi>About search</bdi></h1>",
        "What belongs to search",
        "my search is broken",
        "<a href=\"/topics/speed\">About speed</a>",
        "2 to 29 Mar 2026",
        "href=\"/topics?product=app\"",
        "stand out is not known yet",
        "Days that stand out",
        "There was none in these weeks.",
        "No record is about this topic in these days.",
    ] {
        assert!(page.contains(part), "{part}: {page}");
    }
    assert_eq!(page.matches("<h1>").count(), 1);
}

#[test]
fn its_history_is_drawn_with_what_is_too_few_left_out() {
    let page = page(|read| read.alerts = Ok(vec![alert()]));
    assert_eq!(page.matches("<figure>").count(), 2, "{page}");
    assert_eq!(page.matches("class=\"mark\"").count(), 2, "one in each chart: {page}");
    assert!(page.contains("50% (40 to 60%), n = 40") && page.contains("not over yet"), "{page}");
    assert!(page.contains("too few (n = 3)"), "{page}");
    assert!(page.contains("href=\"/alerts/3f9c3f9c3f9c3f9c\""), "{page}");
    assert!(!page.contains("<script>"), "{page}");
}

#[test]
fn who_speaks_of_it_is_an_association_told_in_words() {
    let page = page(|read| {
        read.whole.drivers = vec![
            driver("segment", HOSTILE, None, Some(Verdict::Real)),
            driver("segment", "free", None, None),
            driver("app_version", "7.1", Some("ios"), Some(Verdict::Noise)),
        ];
    });
    assert!(page.contains("not a cause") && !page.contains("<script>"), "{page}");
    assert!(
        page.contains("<h3>Segment</h3>") && page.contains("<h3>App version, within its platform</h3>"),
        "{page}"
    );
    assert!(page.contains("<bdi>7.1</bdi> <small>on <bdi>ios</bdi></small>"), "{page}");
    assert!(
        page.contains("+20.0 points") && page.contains("(+5.0 to +35.0)") && page.contains("badge-real"),
        "{page}"
    );
    assert!(page.contains("title=\"Too few to judge\""), "{page}");
}

#[test]
fn scores_stand_beside_those_of_all_and_are_not_compared() {
    let page = page(|read| {
        read.whole.scores = vec![TopicScore {
            kind: ScoreKind::Nps,
            min: 0.0,
            max: 10.0,
            source: HOSTILE.to_owned(),
            all_questions: false,
            n: 40,
            value: Some(-21.0),
            interval: Some(Interval::new(-45.0, 3.0)),
            filter: Filter::default().topic("search"),
            of_all: ScoreOfAll { n: 900, value: Some(31.0), filter: Filter::default() },
        }];
    });
    for part in ["\u{2212}21</a>", "(\u{2212}45 to +3)", "n = 40", "+31</a>", "not compared"] {
        assert!(page.contains(part), "{part}: {page}");
    }
    assert!(!page.contains("<script>"), "{page}");
}

#[test]
fn a_topic_that_is_gone_and_one_that_never_was() {
    let gone = page(|read| {
        read.whole.line = crate::topics::TopicLine { is_current: false, ..line("gone", 7, Some(0.5)) };
        read.whole.related = vec![Related {
            topic: "billing".to_owned(),
            name: HOSTILE.to_owned(),
            together: figure(6),
            share: 0.4,
        }];
        read.alerts = Err(Problem::broken());
        read.report = Look::Failed;
    });
    for part in [
        "no longer has this topic",
        "They cannot be shown now",
        "verbatim doctor",
        "href=\"/topics/billing\"",
    ] {
        assert!(gone.contains(part), "{part}: {gone}");
    }
    assert!(!gone.contains("<script>"), "{gone}");
    let near = Some(TopicName { topic: "search".to_owned(), name: HOSTILE.to_owned() });
    let told = none(&Unknown { near }).into_string();
    assert!(told.contains("Did you mean <a href=\"/topics/search\">&lt;script&gt;"), "{told}");
    assert!(!none(&Unknown { near: None }).into_string().contains("Did you mean"));
}

#[test]
fn what_has_no_topic_has_a_list_and_no_page() {
    let scope = Scope { product: Some("our app".to_owned()), ..Scope::of_days(Day(20_514), Day(20_541)) };
    assert_eq!(without_topic(&scope), "/feedback?from=2026-03-02&to=2026-03-29&product=our+app&topic=none");
}
