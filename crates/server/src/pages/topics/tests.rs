use super::*;
use crate::desk::Date;
use crate::pages::held::testing::held;
use crate::topics::testing::line;
use feedback::time::{Day, Timestamp};
use insight::report::Filter;
use insight::trends::Verdict;

const HOSTILE: &str = "<script>alert(1)</script>\u{202e}";

fn share(hits: u64, n: u64) -> Share {
    let of = Figure { value: n, filter: Filter::default() };
    Share {
        hits,
        n,
        share: Some(hits as f64 / n as f64),
        interval: None,
        filter: Filter::default().topic("none"),
        of,
    }
}

fn seen(mut items: Vec<TopicLine>, sort: &str) -> Seen {
    let sort = Sort::parse(sort).unwrap();
    let depths = depths(&items);
    sort.apply(&mut items);
    let table = TopicTable {
        from: Date(Day(20_514)),
        to: Date(Day(20_541)),
        previous_from: Some(Date(Day(20_486))),
        held_since: None,
        as_of: Some(At(Timestamp(Day(20_545).start().0 + 34_200_000_000))),
        is_judged: false,
        records: Figure { value: 1_200, filter: Filter::default() },
        items,
        unassigned: Unassigned {
            share: share(250, 1_000),
            negative: 10,
            neutral: 200,
            positive: 40,
            reach: TopicReach { people: Some(120), anonymous: 4, accounts: None, revenue: None },
        },
    };
    let asked = Asked { weeks: "12".into(), sort: sort.to_string(), ..Asked::default() };
    Seen {
        asked,
        usual: 4,
        choices: Choices::default(),
        is_loading: false,
        sort,
        table,
        held: held([1_200, 0, 0]),
        look: Look::Making,
        depths,
    }
}

fn below(name: &str, parent: &str, mentions: u64) -> TopicLine {
    TopicLine { parent: Some(parent.to_owned()), ..line(name, mentions, Some(0.25)) }
}

#[test]
fn a_column_sorts_by_its_link_and_says_so() {
    let page = seen(vec![line("a", 3, None), line("b", 9, None)], "-mentions").body().into_string();
    let expected = "<th class=\"number\" scope=\"col\" aria-sort=\"descending\">\
                    <a class=\"sort\" href=\"/topics?weeks=12&amp;sort=mentions\">Mentions";
    assert!(page.contains(expected), "{page}");
    assert!(
        page.contains(
            "<th scope=\"col\"><a class=\"sort\" href=\"/topics?weeks=12&amp;sort=name\">Topic</a>"
        ),
        "{page}"
    );
    assert!(
        page.contains("sort=-reach\">Reach") && page.contains("<th scope=\"col\">Days that stand out</th>"),
        "{page}"
    );
    assert!(page.find("/topics/b").unwrap() < page.find("/topics/a").unwrap(), "{page}");
    assert_eq!(page.matches("aria-sort").count(), 1);
}

#[test]
fn topics_stand_below_the_one_above_in_the_taxonomys_order_alone() {
    let lines = || vec![line("search", 9, None), below("speed", "search", 3), below("slow", "speed", 1)];
    let page = seen(lines(), "taxonomy").body().into_string();
    assert_eq!(page.matches("<tr class=\"below\">").count(), 2, "{page}");
    assert!(page.contains("\u{2003}<a href=\"/topics/slow\">"), "{page}");
    assert!(!page.contains("aria-sort"), "{page}");
    assert!(!seen(lines(), "name").body().into_string().contains("class=\"below\""));
    // Nothing that a taxonomy lets pass.
    assert_eq!(depths(&[below("a", "b", 1), below("b", "a", 1)])["a"], 0);
}

#[test]
fn what_no_topic_was_found_in_has_a_row_and_a_sentence() {
    let page = seen(vec![line("search", 9, Some(0.25))], "").body().into_string();
    assert!(
        page.contains("1,000 with words</a>, <a href=\"/feedback?topic=none\">25%</a> are about no topic"),
        "{page}"
    );
    assert!(page.contains("Without a topic") && page.contains("fewer than 5 accounts"), "{page}");
    assert!(page.contains("+25.0 points") && page.contains("stand out is not known yet"), "{page}");
    assert!(page.contains("25%<br><small class=\"wraps\">of those with words</small>"), "{page}");
    assert!(page.contains("complete days in UTC. Counted as of <time datetime="), "{page}");
    assert!(page.contains("2 Apr 2026 09:30 UTC</time>."), "{page}");
}

#[test]
fn a_verdict_stands_beside_what_it_is_on() {
    let told = line("search", 9, Some(0.25));
    let change = told.change.clone().map(|change| ShareMoved { verdict: Some(Verdict::Unclear), ..change });
    let line = TopicLine { change, volume_verdict: Some(Verdict::Real), ..told };
    let page = seen(vec![line], "").body().into_string();
    let (_, row) = page.split_once("/topics/search").unwrap();
    let cell = |part: &str| {
        row.split("<td").find(|cell| cell.contains(part)).unwrap_or_else(|| panic!("{part}: {page}"))
    };
    assert!(
        cell("+25.0 points").contains("badge-unclear") && !cell("+25.0 points").contains("badge-real"),
        "{row}"
    );
    assert!(cell("mentions </small>").contains("badge-real"), "{row}");
}

#[test]
fn what_is_not_counted_and_what_is_of_other_days_is_told() {
    let mut seen = seen(vec![line("search", 9, None)], "");
    seen.held = held([1_203, 0, 2]);
    let page = seen.body().into_string();
    assert!(page.contains("3 more came just now") && page.contains("2 records</a> came later"), "{page}");
    assert!(!page.contains("still being read"));
    seen.is_loading = true;
    assert!(seen.body().into_string().contains("those read so far"));
}

#[test]
fn names_are_text_and_few_are_nobody() {
    let named = TopicLine { name: HOSTILE.to_owned(), is_current: false, ..line("gone", 3, None) };
    let page = seen(vec![named], "").body().into_string();
    assert!(!page.contains("<script>") && page.contains("no longer in the taxonomy"), "{page}");
    assert!(page.contains("fewer than 5 people"), "{page}");
}

#[test]
fn nothing_is_told_with_what_to_do() {
    let mut nothing = seen(Vec::new(), "");
    nothing.table.records.value = 0;
    nothing.held = held([0, 4, 1]);
    let page = nothing.body().into_string();
    assert!(
        page.contains("No records in these days") && page.contains("4 records</a> came earlier."),
        "{page}"
    );
    assert!(page.contains("1 record</a> came later, and is counted"), "{page}");
    nothing.held = held([2, 0, 0]);
    let page = nothing.body().into_string();
    assert!(page.contains("are not counted yet") && page.contains("2 records</a> of these days"), "{page}");
    assert!(!page.contains("No records"), "{page}");
    let mut early = seen(Vec::new(), "");
    (early.table.records.value, early.table.to) = (0, Date(Day(20_513)));
    early.held = held([2, 0, 0]);
    let page = early.body().into_string();
    assert!(page.contains("held; they are counted when the days are over."), "{page}");
    assert!(!page.contains("not counted yet") && !page.contains("came later"), "{page}");
    nothing.is_loading = true;
    assert!(nothing.body().into_string().contains("being read"));
    nothing.table.to = Date(Day(20_513));
    nothing.look = Look::Failed;
    let page = nothing.body().into_string();
    assert!(page.contains("No day of this period is over yet") && page.contains("verbatim doctor"), "{page}");
}
