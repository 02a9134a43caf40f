use super::*;
use proptest::prelude::*;

const DAY: i64 = MICROS_PER_DAY;
/// Two things, and something between them.
const LOGIN: [i8; 3] = [127, 0, 0];
const EXPORT: [i8; 3] = [0, 127, 0];
const BETWEEN: [i8; 3] = [90, 90, 0];

fn report<'a>(record: &'a str, vector: &'a [i8], day: i64) -> Report<'a> {
    Report {
        record,
        topic: "login_access",
        kind: FeedbackKind::Bug,
        product: "app",
        space: "v1",
        vector,
        occurred_at: Timestamp(day * DAY),
        stored_at: Timestamp(day * DAY + 1),
    }
}

fn fresh() -> Cases {
    Cases::new(CaseRules::default())
}

fn how(placed: &[Placed<'_>]) -> Vec<Joined> {
    placed.iter().map(|placed| placed.joined).collect()
}

#[test]
fn reports_of_one_thing_are_one_case() {
    let mut cases = fresh();
    let batch = [report("a", &LOGIN, 1), report("b", &LOGIN, 2), report("c", &EXPORT, 2)];
    let placed = cases.place(&batch);
    assert_eq!(how(&placed), [Joined::Started, Joined::Grew, Joined::Started]);
    assert_eq!(placed[0].case, placed[1].case);
    assert_ne!(placed[0].case, placed[2].case);
    assert_eq!((placed[1].likeness, cases.cases()[0].sum.count()), (Some(1.0), 2));
    // The id is the first report's and stays.
    let later = cases.place(&[report("d", &LOGIN, 9), report("d", &LOGIN, 9)]);
    assert_eq!((how(&later), later[0].case), (vec![Joined::Grew], placed[0].case));
    assert_eq!(cases.cases()[0].sum.count(), 3, "named twice it is placed once");
    assert_eq!(fresh().place(&[report("a", &EXPORT, 3)])[0].case, placed[0].case);
    let case = &cases.cases()[0];
    assert_eq!((case.first_seen, case.last_seen), (Timestamp(DAY), Timestamp(9 * DAY)));
}

#[test]
fn other_topics_kinds_products_and_spaces_are_other_cases() {
    let mut cases = fresh();
    let one = report("a", &LOGIN, 1);
    let all = [
        one,
        Report { record: "b", topic: "billing", ..one },
        Report { record: "c", kind: FeedbackKind::Question, ..one },
        Report { record: "d", product: "web", ..one },
        Report { record: "e", space: "v2", ..one },
    ];
    assert_eq!(how(&cases.place(&all)), [Joined::Started; 5]);
    let none = [
        Report { record: "f", kind: FeedbackKind::Praise, ..one },
        Report { record: "g", vector: &[], ..one },
    ];
    assert!(cases.place(&none).is_empty());
}

#[test]
fn a_report_joins_the_nearest_case() {
    let mut cases = fresh();
    let placed = cases.place(&[
        report("a", &LOGIN, 1),
        report("b", &EXPORT, 1),
        report("c", &BETWEEN, 2),
        report("d", &[88, 92, 0], 3),
    ]);
    // As near to both: the older, which of two of one time is a matter of their ids.
    let older = placed[0].case.min(placed[1].case);
    assert_eq!((placed[2].joined, placed[2].case), (Joined::Grew, older));
    assert!(placed[2].likeness.is_some_and(|likeness| (likeness - 0.7087).abs() < 1e-3));
    assert_eq!(placed[3].case, older, "nearer to it since");
}

#[test]
fn a_case_goes_stale() {
    let window = i64::from(CaseRules::default().window_days);
    let mut cases = fresh();
    let placed = cases.place(&[report("a", &LOGIN, 0), report("b", &LOGIN, window)]);
    assert_eq!(how(&placed), [Joined::Started, Joined::Grew]);
    let late = cases.place(&[report("c", &LOGIN, 2 * window + 1)]);
    assert_eq!(late[0].joined, Joined::Started);
    // What comes late but occurred before still belongs to it.
    assert_eq!(cases.place(&[report("d", &LOGIN, -window)])[0].case, placed[0].case);
}

#[test]
fn a_resolved_case_comes_back() {
    let resolved = |at: i64| {
        let mut cases = fresh();
        cases.place(&[report("a", &LOGIN, 1), report("b", &LOGIN, 3)]);
        let life = cases.cases[0].life.then(Step::Resolved, Timestamp(at * DAY)).unwrap();
        cases.cases[0].life = life;
        cases
    };
    let mut cases = resolved(5);
    let again = cases.place(&[report("c", &LOGIN, 30)]);
    assert_eq!((again[0].joined, again[0].case), (Joined::Reopened, cases.cases()[0].id));
    assert_eq!((cases.cases()[0].life.reopened, cases.cases()[0].life.is_resolved()), (1, false));
    let mut cases = resolved(5);
    assert_eq!(how(&cases.place(&[report("c", &LOGIN, 4)])), [Joined::Grew], "it occurred before");
    assert!(cases.cases()[0].life.is_resolved());
    let mut cases = resolved(5);
    assert_eq!(
        how(&cases.place(&[report("c", &LOGIN, 36)])),
        [Joined::Started],
        "after 30 days it is another"
    );
    // An open case goes before one that was resolved.
    let mut cases = resolved(5);
    let other = cases.place(&[report("c", &BETWEEN, 36)]);
    let joins = cases.place(&[report("d", &LOGIN, 34)]);
    assert_eq!(
        (other[0].joined, joins[0].joined, joins[0].case),
        (Joined::Started, Joined::Grew, other[0].case)
    );
}

#[test]
fn what_is_let_go_of_is_joined_no_more() {
    let mut cases = fresh();
    let placed = cases.place(&[report("a", &LOGIN, 1), report("b", &EXPORT, 1)]);
    let login = cases.get(placed[0].case).unwrap().clone();
    cases.retain(|case| case.id != login.id);
    assert_eq!((cases.get(login.id), cases.cases().len()), (None, 1));
    assert_eq!(cases.place(&[report("c", &EXPORT, 2)])[0].case, placed[1].case, "the others stay");
    let other = cases.place(&[report("d", &LOGIN, 2)]);
    assert_eq!(other[0].joined, Joined::Started);
    // Read again, it is the older one.
    cases.add(login.clone());
    cases.add(login.clone());
    assert_eq!(cases.cases().len(), 3);
    assert_eq!(cases.place(&[report("e", &LOGIN, 2)])[0].case, login.id);
    let resolved = login.life.then(Step::Resolved, Timestamp(3 * DAY)).unwrap();
    cases.set_life(login.id, resolved);
    assert_eq!(cases.get(login.id).unwrap().life, resolved);
    assert_eq!(cases.place(&[report("f", &LOGIN, 4)])[0].case, other[0].case, "an open one goes before it");
}

#[test]
fn a_window_may_have_no_end() {
    let rules = CaseRules { window_days: u32::MAX, reopen_days: u32::MAX, ..CaseRules::default() };
    let mut cases = Cases::new(rules);
    let placed = cases.place(&[report("a", &LOGIN, 0), report("b", &LOGIN, 90_000)]);
    assert_eq!(how(&placed), [Joined::Started, Joined::Grew]);
    let resolved = cases.cases[0].life.then(Step::Resolved, Timestamp(90_001 * DAY)).unwrap();
    cases.set_life(placed[0].case, resolved);
    assert_eq!(how(&cases.place(&[report("c", &LOGIN, 99_000)])), [Joined::Reopened]);
}

fn vectors() -> impl Strategy<Value = Vec<(Vec<i8>, i64, bool)>> {
    let vector = prop::sample::select(vec![
        LOGIN.to_vec(),
        EXPORT.to_vec(),
        BETWEEN.to_vec(),
        vec![0, 0, 127],
        vec![73, 73, 73],
    ]);
    prop::collection::vec((vector, 0i64..40, any::<bool>()), 1..25)
}

proptest! {
    #[test]
    fn the_order_of_a_batch_makes_no_difference(reports in vectors(), cut in 0usize..25) {
        let ids: Vec<String> = (0..reports.len()).map(|n| format!("{n:02}")).collect();
        let of = |(id, (vector, day, other)): (&'_ String, &'_ (Vec<i8>, i64, bool))| {
            (id.clone(), vector.clone(), *day, *other)
        };
        let all: Vec<(String, Vec<i8>, i64, bool)> = ids.iter().zip(&reports).map(of).collect();
        let batch: Vec<Report<'_>> = all
            .iter()
            .map(|(id, vector, day, other)| Report {
                topic: if *other { "billing" } else { "login_access" },
                ..report(id, vector, *day)
            })
            .collect();
        let mut turned = batch.clone();
        turned.rotate_left(cut.min(batch.len()));
        turned.reverse();
        let (mut one, mut other) = (fresh(), fresh());
        let placed = one.place(&batch);
        prop_assert_eq!(&placed, &other.place(&turned));
        prop_assert_eq!(one.cases(), other.cases());
        // Every record is in one case, and added up again from its reports in any order each case is what it was.
        let of: HashMap<&str, Id> = placed.iter().map(|placed| (placed.record, placed.case)).collect();
        prop_assert_eq!((of.len(), placed.len()), (batch.len(), batch.len()));
        for case in one.cases() {
            let mut reports = turned.iter().filter(|report| of[report.record] == case.id);
            let first = reports.next().unwrap();
            let mut again = Case::begun(case.id, case.block, case.life, first.vector, first.occurred_at);
            reports.for_each(|report| again.take(report.vector, report.occurred_at));
            prop_assert_eq!(&again, case);
        }
        // Every case is its first report's.
        for started in placed.iter().filter(|placed| placed.joined == Joined::Started) {
            prop_assert_eq!(started.case, Id::of(&["case", started.record, one.version()]));
        }
    }
}
