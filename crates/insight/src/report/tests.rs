use super::{model::Direction, *};
use crate::{
    rollup::rollup,
    stats::rng::Rng,
    testing::{self, Fact, nps},
    trends::{Effect, Verdict},
};
use feedback::{
    score::{Score, ScoreKind},
    time::{Day, Timestamp},
};

mod answers;
mod days;
mod episodes;
mod event_sources;
mod narrow;
mod quoted;
mod shelves;
mod volume;

/// A Monday; the history begins here.
const START: Day = Day(20_458);
const WEEKS: i32 = 12;
const NAMES: [(&str, &str); 6] = [
    ("login_access", "Login and access"),
    ("billing", "Billing"),
    ("performance", "Performance"),
    ("search", "Search"),
    ("support", "Support"),
    ("usability", "Usability"),
];

/// What is planted into an otherwise even history.
#[derive(Clone, Copy, Default)]
struct Plants {
    /// From the first day of the tenth week on, the Android app 4.2.0 breaks login.
    login: bool,
    /// On Tuesday and Wednesday of the eleventh week everything is slow.
    outage: bool,
    /// The same for ten days of the third and fourth week.
    past: bool,
    /// And for ten days of the sixth to the eighth.
    again: bool,
    /// Half as much for six days of the first and second week.
    smaller: bool,
    /// From the ninth week on hardly anybody speaks of performance.
    fewer: bool,
    /// Billing gets better from the ninth week on.
    billing: bool,
    /// NPS falls in the last four weeks.
    nps: bool,
}

const NEGATIVE: [&str; 4] =
    ["keeps failing for us", "is broken again today", "is a pain to use", "made me give up"];
const POSITIVE: [&str; 4] = ["works like a charm", "is a joy to use", "got so much better", "saves us hours"];

fn history(seed: u64, plants: Plants) -> Vec<Fact> {
    let mut rng = Rng::new(seed);
    let mut facts = Vec::new();
    for day in 0..WEEKS * 7 {
        for (source, size) in [("nps", 30.0), ("ticket", 24.0), ("social", 12.0)] {
            let weekend = if day % 7 >= 5 { 0.4 } else { 1.0 };
            let usual = (size * weekend * (0.8 + 0.4 * rng.uniform())) as usize;
            for at in 0..usual + beyond_usual(usual, day, plants) {
                let slow = at >= usual;
                facts.push(fact(&mut rng, day, source, slow, plants, facts.len() as u64));
            }
        }
    }
    facts
}

/// Records that an outage brings in.
fn beyond_usual(usual: usize, day: i32, plants: Plants) -> usize {
    let is_out = [
        plants.outage && (71..73).contains(&day),
        plants.past && (20..30).contains(&day),
        plants.again && (40..50).contains(&day),
    ];
    match is_out.contains(&true) {
        true => usual,
        false if plants.smaller && (6..12).contains(&day) => usual / 2,
        false => 0,
    }
}

fn fact(rng: &mut Rng, day: i32, source: &'static str, slow: bool, plants: Plants, id: u64) -> Fact {
    let mut pick = |n: usize| (rng.uniform() * n as f64) as usize;
    let mut fact = Fact::new(id, START.plus(day), source);
    fact.author = (pick(4) > 0).then(|| format!("a_{:04}", pick(3000)));
    fact.language = ["en", "en", "en", "de", "unknown"][pick(5)];
    fact.kind = ["bug", "complaint", "praise", "question"][pick(4)];
    fact.platform = Some(["web", "ios", "android"][pick(3)]);
    fact.app_version = fact.platform.filter(|p| *p != "web").map(|_| "4.1.0");
    let mut topic = NAMES[pick(6)].0;
    if slow {
        topic = "performance";
    }
    if plants.fewer && topic == "performance" && day >= 56 && pick(100) < 85 {
        topic = "search";
    }
    let mut negative = if slow { 85 } else { 40 };
    let broken = plants.login && day >= 63;
    if broken && (topic == "login_access" || pick(100) < 6) {
        topic = "login_access";
        if pick(100) < 75 {
            (fact.platform, fact.app_version) = (Some("android"), Some("4.2.0"));
            negative = 90;
        }
    }
    if plants.billing && topic == "billing" && day >= 56 {
        negative = 12;
    }
    let label = match pick(100) {
        n if n < negative => "negative",
        n if n < negative + 5 => "unknown",
        n if n < negative + 15 => "neutral",
        _ => "positive",
    };
    fact.sentiment = label;
    let words = if label == "negative" { NEGATIVE } else { POSITIVE };
    let name = NAMES.iter().find(|(id, _)| *id == topic).unwrap().1;
    let own =
        format!("{name} {} {}", words[pick(4)], ["really", "honestly", "sadly", "since Monday"][pick(4)]);
    let start = "Hello team. ".len() as u32;
    if pick(5) > 0 {
        fact.topics.push((topic, label, (start, start + own.chars().count() as u32)));
    }
    fact.body = format!("Hello team. {own}. Case {id}.");
    let low = plants.nps && day >= 56;
    fact.score = match source {
        "nps" if low => nps([0.0, 3.0, 6.0, 8.0, 9.0, 10.0][pick(6)]),
        "nps" => nps([3.0, 7.0, 8.0, 9.0, 9.0, 10.0][pick(6)]),
        "ticket" if pick(3) == 0 => Score::new(ScoreKind::Csat, [1.0, 3.0, 4.0, 5.0][pick(4)], 1.0, 5.0),
        _ => None,
    };
    fact
}

fn inputs(facts: &[Fact]) -> Inputs {
    let rows = rollup(testing::facts(facts)).unwrap();
    Inputs { insights: testing::insights(&rows), facts: testing::facts(facts) }
}

fn names() -> Vec<(String, String)> {
    NAMES.iter().map(|(id, name)| ((*id).to_owned(), (*name).to_owned())).collect()
}

/// The last four weeks, read a day later.
fn last_four() -> (Scope, Timestamp) {
    let end = START.plus(7 * WEEKS);
    (Scope::of_days(end.plus(-28), end.plus(-1)), end.plus(1).start())
}

fn last_four_of(facts: &[Fact]) -> Report {
    let (scope, now) = last_four();
    report(&inputs(facts), &scope, now, &names()).unwrap()
}

fn all() -> Plants {
    Plants { login: true, outage: true, billing: true, nps: true, ..Plants::default() }
}

fn find<'a>(report: &'a Report, topic: &str, direction: Direction) -> &'a model::Mover {
    let real = report.movers.iter().filter(|m| m.verdict == Verdict::Real);
    let mut of = real.filter(|m| m.topic == topic && m.direction == direction);
    of.next().unwrap_or_else(|| panic!("{topic} {direction:?} is not in\n{}", render(report, 120, false)))
}

#[test]
fn the_plants_are_found_with_their_days_and_carriers() {
    let report = last_four_of(&history(7, all()));
    let login = find(&report, "login_access", Direction::Worse);
    assert!((login.days.from.0 - START.plus(63).0).abs() <= 2 && login.ongoing, "{:?}", login.days);
    let carried =
        [("platform".to_owned(), "android".to_owned()), ("app_version".to_owned(), "4.2.0".to_owned())];
    assert!(
        login.carriers.iter().any(|c| c.what == carried || c.what == carried[1..]),
        "{:?}",
        login.carriers
    );
    assert!(
        login.quotes.len() == 3 && login.quotes.iter().all(|q| NEGATIVE.iter().any(|w| q.text.contains(w)))
    );
    assert!(login.quotes.iter().all(|q| login.days.contains(q.day)));
    let slow = find(&report, "performance", Direction::More);
    assert_eq!((slow.days.from, slow.days.to), (START.plus(71), START.plus(72)));
    let billing = find(&report, "billing", Direction::Better);
    assert!((billing.days.from.0 - START.plus(56).0).abs() <= 4 && billing.ongoing, "{:?}", billing.days);
    let nps = report.scores.iter().find(|row| row.scale.kind == ScoreKind::Nps).unwrap();
    let change = nps.change.as_ref().unwrap();
    assert!(change.verdict == Some(Verdict::Real) && change.difference < -20.0, "{change:?}");
    assert_eq!(report.rhythm.as_ref().unwrap().verdict, Verdict::Real);
    assert!(report.notable);
}

#[test]
fn a_first_report_without_history_compares_its_halves() {
    let scope = Scope::of_days(START, START.plus(83));
    let report = report(&inputs(&history(7, all())), &scope, START.plus(85).start(), &names()).unwrap();
    assert_eq!((report.previous, report.baseline), (None, None));
    let comparison = report.comparison.unwrap();
    assert_eq!((comparison.of.from, comparison.against.to), (START.plus(42), START.plus(41)));
    let nps = report.scores.iter().find(|row| row.scale.kind == ScoreKind::Nps).unwrap();
    let change = nps.change.as_ref().unwrap();
    assert!(change.verdict == Some(Verdict::Real) && change.difference < -20.0, "{change:?}");
    assert!((change.after - change.before - change.difference).abs() < 1e-9);
    let login = find(&report, "login_access", Direction::Worse);
    assert!((login.days.from.0 - START.plus(63).0).abs() <= 2 && login.ongoing, "{:?}", login.days);
    let slow = find(&report, "performance", Direction::More);
    assert_eq!((slow.days.from, slow.days.to), (START.plus(71), START.plus(72)));
    let text = render(&report, 100, false);
    assert!(
        text.split_whitespace()
            .collect::<Vec<_>>()
            .join(" ")
            .contains("Without history before this period, changes are of 16 Feb to 29 Mar 2026"),
        "{text}"
    );
    // 27 days are too short for halves, and new data have neither.
    let short = Scope::of_days(START, START.plus(26));
    let short = super::report(&inputs(&history(7, all())), &short, START.plus(85).start(), &names()).unwrap();
    assert_eq!(short.comparison, None);
}

#[test]
fn an_outage_of_one_topic_does_not_make_the_others_fewer() {
    let report = last_four_of(&history(3, Plants { outage: true, ..Plants::default() }));
    find(&report, "performance", Direction::More);
    let fewer: Vec<_> = report
        .movers
        .iter()
        .filter(|m| m.direction == Direction::Fewer && m.verdict == Verdict::Real)
        .map(|m| &m.topic)
        .collect();
    assert!(fewer.is_empty(), "{fewer:?}");
}

/// Beside an outage all other weeks look better: that is no news of the weeks after it.
#[test]
fn the_weeks_after_an_outage_are_not_told_as_better() {
    for seed in 1..=3 {
        let report = last_four_of(&history(seed, Plants { past: true, ..Plants::default() }));
        let told: Vec<_> = report.movers.iter().filter(|mover| mover.topic == "performance").collect();
        assert!(told.iter().all(|mover| mover.verdict != Verdict::Real), "{told:#?}");
        assert!(
            report.movers.iter().all(|mover| mover.verdict != Verdict::Real),
            "{}",
            render(&report, 120, false)
        );
    }
}

/// What is usual beside a later change the other way are the days of neither.
#[test]
fn what_is_left_out_is_in_no_figure_of_what_is_usual() {
    let inputs = inputs(&history(7, Plants { past: true, fewer: true, ..Plants::default() }));
    let (scope, now) = last_four();
    let report = report(&inputs, &scope, now, &names()).unwrap();
    let fewer = find(&report, "performance", Direction::Fewer);
    assert!(fewer.left_out.iter().any(|days| days.contains(START.plus(25))), "{fewer:#?}");
    assert!(on_one_line(&report).contains("no part of what is usual."));
    opens_its_records(&report, &inputs);
}

fn on_one_line(report: &Report) -> String {
    render(report, 200, false).split_whitespace().collect::<Vec<_>>().join(" ")
}

fn opens_its_records(report: &Report, inputs: &Inputs) {
    let mut figures = Vec::new();
    figures_of("report", &serde_json::to_value(report).unwrap(), &mut figures);
    for (path, n, filter) in figures {
        let listed = records(inputs.facts.clone(), &filter).unwrap().len() as u64;
        assert_eq!(listed, n, "{path}: {}", filter.args().join(" "));
    }
}

/// An outage brings more mentions, and worse ones: that is one story, with both measures and three quotes.
#[test]
fn a_change_in_two_measures_is_told_once() {
    let report = last_four_of(&history(7, all()));
    find(&report, "performance", Direction::More);
    find(&report, "performance", Direction::Worse);
    let text = render(&report, 120, false);
    let told: Vec<&str> =
        text.lines().filter(|line| line.contains("Performance: ") && !line.contains(" · ")).collect();
    assert_eq!(told.len(), 1, "{text}");
    assert!(
        told[0].contains("more mentions and worse") || told[0].contains("worse and more mentions"),
        "{told:?}"
    );
    let story = text.split("Performance: ").nth(1).unwrap().split("\n\n").next().unwrap();
    assert!(story.contains("the usual mentions") && story.contains("judged mentions"), "{story}");
    assert_eq!(story.matches('“').count(), 3, "{story}");
}

#[test]
fn an_even_history_has_nothing_notable() {
    let report = last_four_of(&history(21, Plants::default()));
    assert!(!report.notable, "{}", render(&report, 120, false));
    assert!(render(&report, 100, false).contains("Nothing notable"));
    assert!(report.tests.count > 12);
}

/// Every figure of a report's JSON has a filter, and the filter lists as many records as the figure says.
#[test]
fn every_figure_opens_its_records() {
    let facts = history(7, all());
    let inputs = inputs(&facts);
    let (scope, now) = last_four();
    for scope in [
        scope.clone(),
        // Today is the last day: partial.
        Scope {
            period: Period { to: now.day(), ..scope.period },
            source: Some("nps".into()),
            ..scope.clone()
        },
        Scope { topic: Some("billing".into()), ..scope.clone() },
        Scope { topic: Some("none".into()), ..scope },
        // All there is: without history, halves are compared.
        Scope::of_days(START, START.plus(7 * WEEKS - 1)),
    ] {
        let report = report(&inputs, &scope, now, &names()).unwrap();
        let mut figures = Vec::new();
        figures_of("report", &serde_json::to_value(&report).unwrap(), &mut figures);
        assert!(figures.len() > 60, "{}", figures.len());
        for mover in &report.movers {
            let (Effect::Negative(share) | Effect::Positive(share)) = mover.effect else { continue };
            let judged = mover.judged.as_ref().unwrap();
            assert_eq!(share.inside, [mover.records, judged.inside.value]);
            assert_eq!(share.outside, [mover.outside.value, judged.outside.value]);
        }
        for (path, n, filter) in figures {
            let listed = records(inputs.facts.clone(), &filter).unwrap().len() as u64;
            assert_eq!(listed, n, "{path}: {}", filter.args().join(" "));
        }
    }
}

/// What a figure's count is called, in the order in which it stands for the filter beside it.
const COUNTS: [&str; 5] = ["records", "mentions", "hits", "n", "value"];
/// Counts of tests, and what a mover's own `records`, `outside` and `judged` say with a filter.
const NO_RECORDS: [&str; 2] = ["tests", "effect"];

fn figures_of(path: &str, value: &serde_json::Value, found: &mut Vec<(String, u64, Filter)>) {
    match value {
        serde_json::Value::Object(fields) => {
            let count = COUNTS.iter().find_map(|name| fields.get(*name)?.as_u64());
            match (count, fields.get("filter")) {
                (Some(n), Some(filter)) => {
                    found.push((path.to_owned(), n, serde_json::from_value(filter.clone()).unwrap()));
                }
                (None, None) => {}
                _ => panic!("{path} has a count without a filter, or a filter without a count: {value}"),
            }
            for (name, value) in fields.iter().filter(|(name, _)| !NO_RECORDS.contains(&name.as_str())) {
                figures_of(&format!("{path}.{name}"), value, found);
            }
        }
        serde_json::Value::Array(items) => {
            assert!(
                path.ends_with(".span") || !items.iter().any(serde_json::Value::is_u64),
                "{path} has counts without a filter"
            );
            for (at, item) in items.iter().enumerate() {
                figures_of(&format!("{path}[{at}]"), item, found);
            }
        }
        _ => {}
    }
}

/// A report on one topic looks no closer than the one on all of them.
#[test]
fn a_topic_has_the_same_verdict_in_its_own_report() {
    let inputs = inputs(&history(7, all()));
    let (scope, now) = last_four();
    let whole = report(&inputs, &scope, now, &names()).unwrap();
    for (topic, _) in NAMES {
        let own = Scope { topic: Some(topic.to_owned()), ..scope.clone() };
        let own = report(&inputs, &own, now, &names()).unwrap();
        let of = |report: &Report| -> Vec<_> {
            let of_topic = report.movers.iter().filter(|mover| mover.topic == topic);
            of_topic.map(|mover| (mover.metric, mover.p, mover.q, mover.verdict)).collect()
        };
        assert_eq!(of(&whole), of(&own), "{topic}");
        assert!(own.movers.iter().all(|mover| mover.topic == topic) && own.tests.count > 12);
        // Neither is a topic's share of itself a figure, nor what has none.
        let row = own.topics.iter().find(|row| row.topic == topic).unwrap();
        let of_all = whole.topics.iter().find(|row| row.topic == topic).unwrap();
        assert_eq!((row.share, own.topics.len(), &own.unassigned), (of_all.share, 1, &None));
    }
}

#[test]
fn a_person_counts_once_a_week_with_the_last_answer_of_the_week() {
    let answer = |id, offset, author: &str, value| Fact {
        author: Some(author.to_owned()),
        score: nps(value),
        ..Fact::new(id, START.plus(offset), "nps")
    };
    // Five people answer in both weeks; one of them changes her mind three times.
    let steady = (0..4).flat_map(|id| {
        let author = format!("a_{id}");
        [answer(id, 1, &author, 10.0), answer(10 + id, 8, &author, 10.0)]
    });
    let moody = [(20, 2, 0.0), (21, 3, 0.0), (22, 4, 10.0), (23, 9, 0.0), (24, 10, 0.0)];
    let moody = moody.map(|(id, offset, value)| answer(id, offset, "a_4", value));
    let facts: Vec<Fact> = steady.chain(moody).collect();
    let scope = Scope::of_days(START, START.plus(13));
    let report = report(&inputs(&facts), &scope, START.plus(20).start(), &names()).unwrap();
    let row = &report.scores[0];
    let weeks: Vec<_> = row.weeks.iter().map(|week| (week.n, week.value)).collect();
    assert_eq!(weeks, [(5, Some(100.0)), (5, Some(100.0 * (4.0 - 1.0) / 5.0))]);
    assert_eq!((row.n, row.value), (5, Some(60.0)));
}

#[test]
fn a_person_counts_once_with_the_last_answer() {
    let day = START;
    let answer = |id, offset, author: Option<&str>, value| Fact {
        author: author.map(str::to_owned),
        score: nps(value),
        ..Fact::new(id, day.plus(offset), "nps")
    };
    let facts = [
        answer(1, 0, Some("a_1"), 2.0),
        answer(2, 3, Some("a_1"), 10.0),
        answer(3, 1, Some("a_2"), 9.0),
        answer(4, 1, None, 0.0),
        answer(5, 2, None, 7.0),
        answer(6, 2, Some("a_3"), 10.0),
        // After the period.
        answer(7, 9, Some("a_3"), 0.0),
    ];
    let scope = Scope::of_days(day, day.plus(6));
    let report = report(&inputs(&facts), &scope, day.plus(10).start(), &names()).unwrap();
    let row = &report.scores[0];
    assert_eq!((row.n, row.value), (5, Some(100.0 * (3.0 - 1.0) / 5.0)));
    assert_eq!(row.bands.iter().map(|b| b.value).collect::<Vec<_>>(), [3, 1, 1]);
    let detractors = records(testing::facts(&facts), &row.bands[2].filter).unwrap();
    assert_eq!(detractors.iter().map(|line| line.native_id.as_str()).collect::<Vec<_>>(), ["n-4"]);
}

/// Ten people answer with an address and an id, a week later with the id alone, and one with a new address.
#[test]
fn a_person_is_the_same_under_each_of_the_names_that_records_tell() {
    let answer = |id, offset, author: String, alias: Option<String>, value| Fact {
        author: Some(author),
        author_alias: alias,
        score: nps(value),
        ..Fact::new(id, START.plus(offset), "nps")
    };
    let first = (0..10).map(|id| answer(id, 0, format!("mail{id}"), Some(format!("id{id}")), 2.0));
    let second = (0..10).map(|id| answer(10 + id, 7, format!("id{id}"), None, 10.0));
    let moved = answer(20, 8, "new mail".into(), Some("id0".into()), 7.0);
    let facts: Vec<Fact> = first.chain(second).chain([moved]).collect();
    let now = START.plus(20).start();
    let both = report(&inputs(&facts), &Scope::of_days(START, START.plus(13)), now, &names()).unwrap();
    let row = &both.scores[0];
    assert_eq!((row.n, row.value), (10, Some(90.0)));
    let listed = |filter: &Filter| records(testing::facts(&facts), filter).unwrap().len();
    assert_eq!(listed(&row.filter), 10);
    // What joins the names may have been told before the period.
    let week =
        report(&inputs(&facts), &Scope::of_days(START.plus(7), START.plus(13)), now, &names()).unwrap();
    let row = &week.scores[0];
    assert_eq!((row.n, row.value, listed(&row.filter)), (10, Some(90.0), 10));
}

#[test]
fn few_answers_have_no_verdict_and_fewer_no_figure() {
    let answer = |id: u64, offset: i32| Fact { score: nps(9.0), ..Fact::new(id, START.plus(offset), "nps") };
    let facts: Vec<Fact> = (0..20)
        .map(|i| answer(i, i as i32 % 7))
        .chain((20..40).map(|i| answer(i, 7 + i as i32 % 7)))
        .collect();
    let scope = Scope::of_days(START.plus(7), START.plus(13));
    let full = report(&inputs(&facts), &scope, START.plus(20).start(), &names()).unwrap();
    let change = full.scores[0].change.as_ref().unwrap();
    assert!(full.scores[0].interval.is_some() && change.verdict.is_none() && change.q.is_none());
    let few = report(&inputs(&facts[20..24]), &scope, START.plus(20).start(), &names()).unwrap();
    assert_eq!((few.scores[0].n, few.scores[0].value, few.scores[0].interval), (4, None, None));
    assert!(render(&few, 100, false).contains("too few to show"));
}

#[test]
fn today_is_partial_and_left_out() {
    let facts = history(5, Plants::default());
    let (scope, _) = last_four();
    let last = scope.period.to;
    let during = Timestamp(last.start().0 + 3_600_000_000);
    let report = report(&inputs(&facts), &scope, during, &names()).unwrap();
    assert_eq!(report.period.to, last.plus(-1));
    let partial = report.partial.clone().unwrap();
    let today = facts.iter().filter(|f| f.day == last).count() as u64;
    assert_eq!((partial.days.from, partial.days.to, partial.records), (last, last, today));
    assert_eq!(report.previous.unwrap().days(), 27);
    assert!(render(&report, 100, false).contains("Not over yet and left out"));
}

/// Of a long period the one before is known although its first day has no record.
#[test]
fn a_previous_period_is_known_by_the_first_day_of_the_tables() {
    let answers = |from: i32, to: i32| (from..to).filter(|day| *day != 10).map(move |day| (day, "nps"));
    let facts: Vec<Fact> = answers(0, 200)
        .flat_map(|of| std::iter::repeat_n(of, 3))
        .enumerate()
        .map(|(id, (day, source))| Fact::new(id as u64, START.plus(day), source))
        .collect();
    let of = |from: i32, to: i32| {
        let scope = Scope::of_days(START.plus(from), START.plus(to));
        report(&inputs(&facts), &scope, START.plus(300).start(), &names()).unwrap()
    };
    // 95 days, and the 95 before from day 10 on.
    let long = of(105, 199);
    assert_eq!(long.previous.unwrap().from, START.plus(10));
    assert_eq!(long.comparison.unwrap().of, long.period);
    // The tables begin in the middle of the period before.
    let cut = of(60, 159);
    assert_eq!(cut.previous, None);
    assert!(render(&cut, 200, false).contains("Without records of the whole period before this one"));
    let first = render(&of(0, 99), 200, false);
    assert!(first.contains("Without history before this period"), "{first}");
}

/// What says how much is real says it of everything that is judged, and where that stands.
#[test]
fn the_summary_counts_every_verdict() {
    let whole = last_four_of(&history(7, all()));
    let tests = whole.tests;
    let of_topics = whole.movers.iter().filter(|mover| mover.verdict == Verdict::Real).count();
    assert!(tests.real.topics >= of_topics && of_topics > 0, "{tests:?}");
    assert_eq!((tests.real.scores, tests.real.rhythm), (1, 1));
    let text = render(&whole, 200, false);
    let says = format!("{} of {} changes looked at are real", tests.real.total(), tests.count);
    assert!(text.contains(&says) && text.contains("the weekly rhythm (at the end)"), "{text}");
    // Nothing happened to one topic: that is said of it, and not of the others.
    let (scope, now) = last_four();
    let scope = Scope { topic: Some("search".to_owned()), ..scope };
    let others = history(7, Plants { nps: false, ..all() });
    let own = report(&inputs(&others), &scope, now, &names()).unwrap();
    let text = render(&own, 200, false);
    assert!(!own.notable && text.contains("Nothing notable: nothing about this topic"), "{text}");
    assert!(text.contains(&format!("judged among {} changes of all topics", own.tests.count)), "{text}");
}

#[test]
fn below_five_there_is_nothing_but_counts() {
    let fact = |id| Fact {
        score: nps(9.0),
        kind: "complaint",
        topics: vec![("billing", "negative", (0, 0))],
        ..Fact::new(id, START, "nps")
    };
    let facts: Vec<Fact> = (0..4).map(fact).collect();
    let few =
        report(&inputs(&facts), &Scope::of_days(START, START), START.plus(2).start(), &names()).unwrap();
    assert_eq!((few.topics[0].mentions.value, few.topics[0].share), (4, None));
    assert_eq!((few.scores[0].bands.len(), few.scores[0].distribution.len()), (0, 0));
    let text = render(&few, 200, false);
    let text = text.replace("95% interval", "").replace("level of 5%", "");
    assert!(!text.contains('%'), "{text}");
    assert!(text.contains("Kinds: too few records for shares"), "{text}");
}

#[test]
fn the_records_without_a_topic_have_a_report_of_their_own() {
    let facts = history(7, all());
    let (scope, now) = last_four();
    let scope = Scope { topic: Some("none".to_owned()), ..scope };
    let report = report(&inputs(&facts), &scope, now, &names()).unwrap();
    let untold = |fact: &&Fact| fact.topics.is_empty() && scope.period.contains(fact.day);
    let n = facts.iter().filter(untold).count() as u64;
    assert_eq!((report.records.value, report.topics[0].mentions.value, report.topics.len()), (n, n, 1));
    assert_eq!(report.languages.iter().map(|language| language.value).sum::<u64>(), n);
    assert!(report.scores.iter().any(|row| row.scale.kind == ScoreKind::Nps && row.n > 30));
    let text = render(&report, 200, false);
    assert!(text.contains("Without a topic") && text.contains("not tested"), "{text}");
}

/// A share, what would be usual, and the difference between the two fit each other.
#[test]
fn what_would_be_usual_differs_by_the_difference() {
    let report = last_four_of(&history(7, all()));
    let login = find(&report, "login_access", Direction::Worse);
    let Effect::Negative(share) = login.effect else { panic!("{:?}", login.effect) };
    let inside = share.inside[0] as f64 / share.inside[1] as f64;
    assert!((inside - share.usual - share.difference).abs() < 1e-9, "{share:?}");
    let usual = format!("otherwise {:.0}% in the same sources", 100.0 * share.usual);
    let text = render(&report, 200, false);
    assert!(text.contains(&usual), "{usual}: {text}");
}

/// Weeks before the first record are no weeks without records.
#[test]
fn a_period_that_begins_before_the_records_says_so() {
    let scope = Scope::of_days(START.plus(-21), START.plus(27));
    let report = report(&inputs(&history(7, all())), &scope, START.plus(85).start(), &names()).unwrap();
    assert_eq!(report.records_begin, Some(START));
    let text = render(&report, 120, false);
    assert!(text.contains("Records begin 5 Jan."), "{text}");
    let sources = text.split("\nScores").next().unwrap();
    assert!(sources.contains(" ···") && !sources.contains('▁'), "{text}");
    assert_eq!(last_four_of(&history(7, all())).records_begin, None);
}

/// What is shown opens its records as it stands there.
#[test]
fn each_mover_tells_the_command_that_lists_its_records() {
    let report = last_four_of(&history(7, all()));
    let text = render(&report, 200, false);
    for mover in &report.movers {
        let command = format!("verbatim report --records {}\n", mover.filter.args().join(" "));
        assert!(text.contains(&command), "{command}: {text}");
    }
    assert!(report.movers.len() > 3);
}

#[test]
fn an_empty_store_gives_an_empty_report() {
    let (scope, now) = last_four();
    let empty = report(&inputs(&[]), &scope, now, &names()).unwrap();
    assert!(!empty.notable && empty.records.value == 0 && empty.movers.is_empty());
    assert!(render(&empty, 80, false).contains("No records in this period."));
}

#[test]
fn what_the_tables_know_of_is_listed_with_its_days() {
    let facts = history(5, Plants::default());
    let all = known(testing::facts(&facts)).unwrap();
    assert_eq!(all.sources, ["nps", "social", "ticket"]);
    assert_eq!(all.products, Vec::<String>::new());
    assert_eq!(all.topics.len(), NAMES.len());
    assert_eq!(all.origins[0], ("nps-inbox".to_owned(), "nps".to_owned()));
    assert_eq!(
        (all.platforms, all.languages),
        (
            ["android", "ios", "web"].map(str::to_owned).to_vec(),
            ["de", "en", "unknown"].map(str::to_owned).to_vec()
        )
    );
    let filter =
        Filter { source: Some("nps".into()), from: Some(Day(0)), to: Some(Day(1)), ..Filter::default() };
    let days = extent(testing::facts(&facts), &filter).unwrap();
    assert_eq!(days, Some(Period { from: START, to: START.plus(83) }));
    assert_eq!(extent(testing::facts(&facts), &filter.topic("biling")).unwrap(), None);
    assert_eq!(extent(testing::facts(&[]), &Filter::default()).unwrap(), None);
}

#[test]
fn the_order_of_the_rows_does_not_matter() {
    let facts = history(7, all());
    let mut turned = facts.clone();
    turned.reverse();
    turned.swap(10, 2_000);
    assert_eq!(last_four_of(&facts), last_four_of(&turned));
}

#[test]
fn a_report_for_a_customer() {
    let report = last_four_of(&history(7, all()));
    insta::assert_snapshot!("wide", render(&report, 120, false));
    insta::assert_snapshot!("narrow", render(&report, 64, false));
    let coloured = render(&report, 120, true);
    assert!(coloured.contains("\x1b[31m"));
    for text in [render(&report, 120, false), render(&report, 64, false)] {
        assert!(!text.contains('\x1b'));
    }
    for width in [48, 64, 80, 100, 160] {
        let widest = render(&report, width, false).lines().map(unicode_width::UnicodeWidthStr::width).max();
        assert!(widest.unwrap() <= width, "{width}: {widest:?}");
    }
    // No score without its interval, and from 60 columns on no score without its change.
    for width in [60, 80, 100] {
        let text = render(&report, width, false);
        let table = text.split("\nScores\n").nth(1).unwrap();
        let rows: Vec<&str> = table.lines().skip(1).take(report.scores.len()).collect();
        assert!(rows.iter().all(|row| row.contains(" to ")), "{width}: {rows:#?}");
        assert!(
            rows.iter().all(|row| row.ends_with(" real") || row.ends_with(" noise")),
            "{width}: {rows:#?}"
        );
    }
}
