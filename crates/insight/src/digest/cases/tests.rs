use super::*;
use crate::{
    cases::Event,
    digest::given::Began,
    testing::{self, Fact},
};
use polars::prelude::{DataType, NULL, col, lit};

/// A Monday.
const WEEK_START: Day = Day(20_514);

/// Of the reports the days since that Monday, and who made them.
fn case(id: &str, reports: &[(i32, Option<&str>)]) -> CaseTold {
    let report = |(at, (day, person)): (usize, &(i32, Option<&str>))| CaseReport {
        record: format!("{id}-{at}"),
        person: person.map(str::to_owned),
        occurred_at: WEEK_START.plus(*day).start(),
    };
    let reports: Vec<CaseReport> = reports.iter().enumerate().map(report).collect();
    let occurred = reports[0].occurred_at;
    CaseTold {
        id: id.to_owned(),
        topic: "billing".to_owned(),
        product: String::new(),
        owner: "finance".to_owned(),
        steps: vec![Event { at: occurred, step: Step::Opened, by: None }],
        began: Some(Began { occurred, stored: occurred, triaged: None }),
        reports,
    }
}

/// Of so many people, each on another day of the week that began so many weeks before.
fn begun(id: &str, weeks: i32, people: i32) -> CaseTold {
    let names: Vec<String> = (0..people).map(|at| format!("{id}-{at}")).collect();
    let on = |(at, name): (usize, &String)| (at as i32 % 7 - 7 * weeks, name.clone());
    let reports: Vec<(i32, String)> = names.iter().enumerate().map(on).collect();
    let reports: Vec<(i32, Option<&str>)> =
        reports.iter().map(|(day, name)| (*day, Some(name.as_str()))).collect();
    case(id, &reports)
}

fn stepped(case: CaseTold, step: Step, day: i32) -> CaseTold {
    let event = Event { at: WEEK_START.plus(day).start(), step, by: None };
    CaseTold { steps: [case.steps.clone(), vec![event]].concat(), ..case }
}

/// With the columns that only cases read.
fn stored(facts: &[Fact]) -> LazyFrame {
    testing::facts(facts).with_columns([
        lit(1_200.0).alias("revenue"),
        lit("v1").alias("vector"),
        col("occurred_at").cast(DataType::Int64).alias("ingested_at"),
        lit(NULL).cast(DataType::Int64).alias("triaged_at"),
        lit(&[127_u8, 0][..]).alias("embedding"),
    ])
}

fn told_from(cases: &[CaseTold], facts: &[Fact], tells: &dyn Fn(&CaseTold) -> bool) -> Told {
    let week = Week::of(WEEK_START);
    let cases: Vec<&CaseTold> = cases.iter().collect();
    let of = Of {
        cases: &cases,
        tells,
        facts: &stored(facts),
        people: &People::default(),
        week,
        period: week.period(),
        end: week.end(),
        first: WEEK_START.plus(-84),
    };
    of.told().unwrap()
}

fn told_of(cases: &[CaseTold]) -> Told {
    told_from(cases, &[], &|_| true)
}

fn ids(all: &[Growing]) -> Vec<&str> {
    all.iter().map(|one| one.id.as_str()).collect()
}

/// What usually begins: in each of eight weeks eight cases of one person, three of two and one of three.
fn usual() -> Vec<CaseTold> {
    let weeks = 1..=8;
    let of =
        |week: i32| (0..12).map(move |at| begun(&format!("u{week}-{at}"), week, [1, 2, 3][at / 8 + at / 11]));
    weeks.flat_map(of).collect()
}

#[test]
fn what_usually_begins_is_no_news() {
    let week = (0..12).map(|at| begun(&format!("n{at}"), 0, [1, 2, 3][at / 8 + at / 11]));
    let told = told_of(&usual().into_iter().chain(week).collect::<Vec<_>>());
    assert!(told.growing.is_empty(), "{:?}", told.growing);
    assert_eq!(told.new_cases, NewCases { looked_at: 12, earlier: 96, from_people: None });
    assert_eq!((told.other_cases, told.other_reports), (12, 17));
}

#[test]
fn a_new_case_is_told_where_more_people_say_it_than_usual() {
    let mut cases = usual();
    cases.extend([begun("outage", 0, 14), begun("pair", 0, 2)]);
    let told = told_of(&cases);
    assert_eq!(ids(&told.growing), ["outage"]);
    let GrowthOf::New { reached, of, p, q } = told.growing[0].growth else { panic!("{:?}", told.growing[0]) };
    assert_eq!((reached, of, told.growing[0].people), (0, 96, 14));
    // Eight of 96 reached three and none went beyond: 9 of 97, and on by 1 of 9 for each of eleven.
    let expected = 9.0 / 97.0 / 9.0_f64.powi(11);
    assert!((p.unwrap() / expected - 1.0).abs() < 1e-9 && (q.unwrap() / (2.0 * expected) - 1.0).abs() < 1e-9);
    // One that began as large before leaves it news, two do not.
    cases.push(begun("before", 2, 30));
    assert_eq!(ids(&told_of(&cases).growing), ["outage"]);
    cases.push(begun("again", 3, 30));
    assert!(told_of(&cases).growing.is_empty());
}

#[test]
fn where_nothing_is_usual_yet_it_takes_ten_people() {
    let told = told_of(&[begun("ten", 0, 10), begun("nine", 0, 9), begun("old", 3, 4)]);
    assert_eq!(ids(&told.growing), ["ten"]);
    assert_eq!(told.new_cases, NewCases { looked_at: 2, earlier: 1, from_people: Some(10) });
    assert!(matches!(told.growing[0].growth, GrowthOf::New { p: None, q: None, .. }));
    // In its first two weeks everything is new to a store.
    let cases: Vec<CaseTold> = usual();
    let cases: Vec<&CaseTold> = cases.iter().collect();
    let week = Week::of(WEEK_START);
    let of = |first: i32| Usual::of(&cases, week, week.period(), WEEK_START.plus(first)).cases();
    assert_eq!([of(-84), of(-56), of(-55), of(-21), of(-7)], [96, 72, 60, 12, 0]);
}

#[test]
fn one_person_or_nobody_knows_whom_is_no_crowd() {
    let anonymous: Vec<(i32, Option<&str>)> = (0..40).map(|at| (at % 7, None)).collect();
    let alone: Vec<(i32, Option<&str>)> = (0..40).map(|at| (at % 7, Some("x"))).collect();
    let told =
        told_of(&[case("a", &anonymous), case("b", &alone), case("c", &[(6, Some("x")), (7, Some("y"))])]);
    assert!(told.growing.is_empty());
    assert_eq!((told.other_cases, told.other_reports), (3, 81), "without what came after the week");
}

/// Of 12 in 35 days 10 or more in the last 7: the binomial tail, added up in exact fractions (Python's `math.comb`).
const P_OF_TEN: f64 = 4.526_08e-6;

#[test]
fn a_case_grows_where_its_people_do() {
    let mut reports = vec![(-28, Some("a")), (-14, Some("b"))];
    let names: Vec<String> = (0..10).map(|at| format!("p{at}")).collect();
    reports.extend(names.iter().enumerate().map(|(at, name)| (at as i32 % 7, Some(name.as_str()))));
    let grown = case("grown", &reports);
    let even: Vec<(i32, Option<&str>)> =
        (-28..7).map(|day| (day, Some(["c", "d"][(day + 28) as usize % 2]))).collect();
    // One who writes ten times is one.
    let one: Vec<(i32, Option<&str>)> =
        (-28..-26).chain(0..7).chain(0..3).map(|day| (day, Some("e"))).collect();
    let told = told_of(&[grown, case("even", &even), case("one", &one)]);
    assert_eq!(ids(&told.growing), ["grown"]);
    let GrowthOf::Faster { before, p, q } = told.growing[0].growth else { panic!("{:?}", told.growing[0]) };
    assert!((before - 0.5).abs() < 1e-12 && (p / P_OF_TEN - 1.0).abs() < 1e-6, "{before} {p}");
    assert!((q - 3.0 * p).abs() < 1e-15, "of three that were looked at");
    assert_eq!((told.other_cases, told.other_reports), (2, 17));
    assert_eq!(told.growing[0].weeks.values.last(), Some(&Some(10.0)));
}

/// Which cases are large in the week is itself a result: those that are not were looked at as well.
#[test]
fn small_cases_count_among_the_tests() {
    let grown = |id: &str| {
        let names: Vec<String> = (0..6).map(|at| format!("{id}-p{at}")).collect();
        let mut reports = vec![(-28, Some("a")), (-21, Some("b")), (-14, Some("c"))];
        reports.extend(names.iter().enumerate().map(|(at, name)| (at as i32, Some(name.as_str()))));
        case(id, &reports)
    };
    assert_eq!(ids(&told_of(&[grown("g")]).growing), ["g"]);
    let mut many = vec![grown("g")];
    many.extend((0..400).map(|at| case(&format!("s{at}"), &[(-10, Some("x"))])));
    assert!(told_of(&many).growing.is_empty());
}

#[test]
fn what_comes_back_and_what_is_resolved() {
    let back = case("back", &[(-20, Some("a")), (1, Some("b")), (2, Some("c")), (3, Some("d"))]);
    let back = stepped(stepped(back, Step::Resolved, -10), Step::Reopened, 1);
    // Taken up at once, it came back all the same.
    let back = stepped(back, Step::Acknowledged, 2);
    let done = stepped(case("done", &[(-20, Some("a")), (1, Some("b"))]), Step::Resolved, 5);
    let later = stepped(case("later", &[(-20, Some("a")), (1, Some("b"))]), Step::Resolved, 8);
    let told = told_of(&[back, done, later]);
    assert_eq!((ids(&told.growing), told.growing[0].growth), (vec!["back"], GrowthOf::Back));
    assert_eq!(ids(&told.resolved), ["done"], "what is resolved after the week is open in it");
    assert_eq!(told.other_cases, 1);
}

#[test]
fn a_verdict_is_the_same_whoever_asks() {
    let mut cases = usual();
    cases.push(begun("outage", 0, 14));
    let all = told_of(&cases).growing;
    let own = told_from(&cases, &[], &|case| case.id == "outage");
    assert_eq!((&own.growing, own.other_cases), (&all, 0));
    assert_eq!(own.new_cases.earlier, 96);
    assert!(told_from(&cases, &[], &|case| case.id != "outage").growing.is_empty());
}

#[test]
fn a_case_is_called_by_its_reports_and_reaches_as_far_as_they_do_by_then() {
    let said = ["cannot pay by card since monday", "the card is refused", "paying by card fails"];
    let mut facts: Vec<Fact> =
        (0..12).map(|at| Fact::new(at, WEEK_START.plus(at as i32 % 7), "ticket")).collect();
    for (at, fact) in facts.iter_mut().enumerate() {
        fact.author = Some(format!("a_{at}"));
        fact.account = Some("Acme");
        fact.body = format!("{} {at}", said[at % 3]);
        fact.topics = vec![("billing", "negative", (0, 8))];
    }
    facts.push(Fact { author: Some("a_99".to_owned()), ..Fact::new(99, WEEK_START.plus(8), "ticket") });
    let report = |fact: &Fact| CaseReport {
        record: fact.record_id(),
        person: fact.author.clone(),
        occurred_at: Timestamp(fact.day.start().0 + fact.id as i64 * 1_000_000),
    };
    let new = CaseTold { reports: facts.iter().map(report).collect(), ..case("new", &[(0, None)]) };
    let told = told_from(&[new], &facts, &|_| true);
    let one = &told.growing[0];
    assert_eq!((one.reach.reports, one.reach.people, one.reach.accounts), (12, 12, 1), "not what came later");
    assert!(said.iter().any(|said| one.title.starts_with(said)), "{}", one.title);
    let record = one.record.clone().unwrap();
    assert_eq!(one.quotes.len(), 2);
    assert!(one.quotes.iter().all(|quote| quote.record_id != record), "{:?}", one.quotes);
    let nobody = told_of(&[begun("gone", 0, 12)]);
    assert_eq!((nobody.growing[0].title.as_str(), &nobody.growing[0].record), (NO_WORDS, &None));
}
