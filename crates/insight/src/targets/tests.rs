use super::*;
use crate::{
    cases::{Loop, Loops},
    keys::Fault,
    report::People,
    testing::{self, Fact, nps},
};
use feedback::{
    score::{Score, ScoreKind},
    time::Day,
};

mod known;
mod times;

/// A Sunday, and the Monday after it.
const LAST: Day = Day(20_520);
const NOW: Day = Day(20_521);

fn file(text: &str) -> TargetsFile {
    TargetsFile::parse(text).unwrap_or_else(|error| panic!("{error}"))
}

fn faults(text: &str) -> Vec<String> {
    let TargetsError(faults) = TargetsFile::parse(text).unwrap_err();
    faults.into_iter().map(|Fault { line, message }| format!("{line} {message}")).collect()
}

fn one(text: &str, facts: &[Fact], cases: &[Loop<'_>]) -> Outcome {
    let facts = testing::facts(facts);
    let owners = [
        OwnerTopics { name: "finance".into(), topics: vec!["billing".into(), "payments".into()] },
        OwnerTopics { name: "idle".into(), topics: Vec::new() },
    ];
    let data = Data { facts: &facts, loops: Loops { cases, ..Loops::default() }, owners: &owners };
    evaluate(&file(text).targets, &data, LAST, NOW.start()).unwrap().remove(0)
}

/// Something that was said long before, so that there are records of the whole period.
fn old() -> Fact {
    Fact::new(9_999, LAST.plus(-60), "ticket")
}

fn target(lines: &str) -> String {
    format!("[[target]]\nname = \"t\"\n{lines}\n")
}

/// So many answers of each value, of different people within the week.
fn answers(counts: &[(f64, usize)], score: impl Fn(f64) -> Option<Score>) -> Vec<Fact> {
    let values = counts.iter().flat_map(|(value, n)| std::iter::repeat_n(*value, *n));
    let fact = |(at, value): (usize, f64)| {
        let mut fact = Fact::new(at as u64, LAST.plus(-(at as i32 % 7)), "nps");
        fact.author = Some(format!("a_{at}"));
        fact.score = score(value);
        fact
    };
    values.enumerate().map(fact).collect()
}

#[test]
fn the_standard_file_is_right_and_sets_no_goals() {
    assert_eq!(TargetsFile::standard().unwrap(), TargetsFile::default());
    // What its comments show can be used as it stands.
    let shown: String = include_str!("../../../../config/targets.toml")
        .lines()
        .skip_while(|line| !line.starts_with("# [[target]]"))
        .map(|line| format!("{}\n", line.trim_start_matches("# ").trim_start_matches('#')))
        .collect();
    let shown = file(&shown);
    let metrics: Vec<Kpi> = shown.targets.iter().map(|target| target.metric).collect();
    assert_eq!(metrics, [Kpi::Nps, Kpi::NegativeShare, Kpi::TimeToAcknowledge]);
    assert_eq!(shown.targets[1].goal, Goal { under: Some(0.2), ..Goal::default() });
}

#[test]
fn mistakes_are_told_with_their_line() {
    let of = |lines: &str| faults(&target(lines)).join("; ");
    assert_eq!(of("metrik = \"nps\""), "3 there is no key target.metrik: did you mean metric?");
    assert_eq!(
        of("metric = \"nps\"\nscope = { topics = \"x\" }\nat_least = 1"),
        "4 there is no key target.scope.topics: did you mean topic?"
    );
    assert!(of("metric = \"npss\"\nat_least = 1").ends_with("which does not exist: did you mean nps?"));
    assert!(of("metric = \"nps\"").contains("has no goal: add at_least, at_most or under"));
    assert!(of("metric = \"nps\"\nat_least = 50\nat_most = 40").contains("nothing can fulfil"));
    assert!(of("metric = \"nps\"\nat_most = 50\nunder = 40").contains("both at_most and under"));
    assert!(of("metric = \"nps\"\nat_least = 120").contains("off its scale: it goes from −100 to +100"));
    assert!(of("metric = \"ces\"\nat_least = 9").contains("off its scale: it goes from 1.00 to 7.00"));
    assert!(of("metric = \"csat\"\nat_least = 80").contains("\"20%\""));
    assert!(of("metric = \"records\"\nat_least = -1").contains("off its scale"));
    assert!(of("metric = \"nps\"\nat_least = 1\nperiod = \"month\"").contains("period that cannot be read"));
    assert!(of("metric = \"nps\"\nat_least = 1\nscale = \"1-5\"").contains("always stands on 0-10"));
    assert!(of("metric = \"stars\"\nat_least = 1\nscale = \"five\"").contains("its ends"));
    assert!(
        of("metric = \"time_to_resolve\"\nunder = \"2d\"\nscope = { source = \"nps\" }")
            .contains("topic and an owner")
    );
    assert!(of("metric = \"records\"\nat_least = 1\nscope = { part = \"q1\" }").contains("only scores have"));
    let twice = target("metric = \"nps\"\nat_least = 1").repeat(2);
    assert_eq!(faults(&twice), ["6 two targets have the name \"t\": give each its own"]);
    assert_eq!(faults("[[target]\n").len(), 1);
    assert!(faults("target = 3\n")[0].starts_with("1 "));
}

#[test]
fn names_that_do_not_exist_are_told() {
    let text = target(
        "metric = \"nps\"\nat_least = 1\nscope = { topic = \"biling\", owner = \"nobody\", product = \"app\" }",
    );
    let topics = ["billing".to_owned()];
    let owners = [OwnerTopics { name: "finance".into(), topics: Vec::new() }];
    let known = KnownNames { topics: &topics, owners: &owners, products: Some(&[]), sources: None };
    let messages: Vec<String> = check(&file(&text), &known).into_iter().map(|fault| fault.message).collect();
    assert_eq!(messages.len(), 3, "{messages:?}");
    assert!(messages[0].ends_with("the topic \"biling\", which does not exist: did you mean billing?"));
    assert!(messages[1].ends_with("use one of finance") && messages[2].ends_with("there is no product yet"));
    let unknown = KnownNames { products: None, ..known };
    assert_eq!(check(&file(&text), &unknown).len(), 2, "an empty store knows no products");
}

#[test]
fn a_score_is_judged_by_its_interval() {
    // 60 promoters, 20 passives, 20 detractors: the adjusted Wald interval of Rocks 2016, by hand.
    let facts = answers(&[(10.0, 60), (8.0, 20), (2.0, 20)], nps);
    let of = |goal: &str| one(&target(&format!("metric = \"nps\"\n{goal}")), &facts, &[]);
    let outcome = of("at_least = 40");
    let (p, d) = (60.75 / 103.0, 20.75 / 103.0);
    let half = 1.959_963_984_540_054 * ((p + d - (p - d) * (p - d)) / 103.0_f64).sqrt();
    let (low, high) = (100.0 * (p - d - half), 100.0 * (p - d + half));
    assert_eq!((outcome.n, outcome.value, outcome.standing), (100, Some(40.0), Standing::Open));
    assert!((outcome.low.unwrap() - low).abs() < 1e-9 && (outcome.high.unwrap() - high).abs() < 1e-9);
    // Just within and just outside of both ends.
    assert_eq!(of(&format!("at_least = {}", low - 0.01)).standing, Standing::Met);
    assert_eq!(of(&format!("at_least = {}", low + 0.01)).standing, Standing::Open);
    assert_eq!(of(&format!("at_least = {}", high - 0.01)).standing, Standing::Open);
    assert_eq!(of(&format!("at_least = {}", high + 0.01)).standing, Standing::Missed);
}

#[test]
fn few_answers_are_honest() {
    let of = |n| one(&target("metric = \"nps\"\nat_least = -100"), &answers(&[(10.0, n)], nps), &[]);
    let three = of(3);
    assert_eq!((three.standing, three.n, three.value, three.low), (Standing::Suppressed, 3, None, None));
    assert!(three.note.unwrap().starts_with("3 answers"));
    let twelve = of(12);
    assert_eq!(
        (twelve.standing, twelve.value),
        (Standing::TooFew, Some(100.0)),
        "though any NPS is at least -100"
    );
    assert!(twelve.low.is_some() && twelve.note.unwrap().contains("30 are needed"));
    assert_eq!(of(29).standing, Standing::TooFew);
    assert_eq!(of(30).standing, Standing::Met);
    assert_eq!((of(0).standing, of(0).note.as_deref()), (Standing::NoData, Some("there are no records yet")));
    let silent = one(&target("metric = \"nps\"\nat_least = -100"), &[old()], &[]);
    assert_eq!((silent.standing, silent.note), (Standing::NoAnswers, None));
}

#[test]
fn a_scale_without_data_has_no_answers() {
    let stars = |value| Score::new(ScoreKind::Stars, value, 1.0, 10.0);
    let facts = answers(&[(9.0, 40)], stars);
    let usual = one(&target("metric = \"stars\"\nat_least = 4"), &facts, &[]);
    assert_eq!(usual.standing, Standing::NoAnswers);
    assert_eq!(
        usual.note.as_deref(),
        Some("there are 40 answers to stars on 1-10, and none on 1-5: set its scale")
    );
    let told = one(&target("metric = \"stars\"\nat_least = 4\nscale = \"1-10\""), &facts, &[]);
    assert_eq!((told.standing, told.value), (Standing::Met, Some(9.0)));
}

#[test]
fn questions_are_never_pooled() {
    let csat = |value| Score::new(ScoreKind::Csat, value, 1.0, 5.0);
    let mut facts = answers(&[(5.0, 40)], csat);
    for (at, fact) in facts.iter_mut().enumerate() {
        fact.part = ["q1", "q2"][at % 2];
    }
    let pooled = one(&target("metric = \"csat\"\nat_least = \"50%\""), &facts, &[]);
    assert_eq!((pooled.standing, pooled.value), (Standing::SeveralQuestions, None));
    assert!(pooled.note.unwrap().ends_with("(q1; q2)"));
    let own = one(&target("metric = \"csat\"\nat_least = \"50%\"\nscope = { part = \"q1\" }"), &facts, &[]);
    assert_eq!((own.standing, own.n), (Standing::TooFew, 20));
}

#[test]
fn a_person_counts_once_with_the_last_answer() {
    let mut facts = answers(&[(2.0, 3), (10.0, 37)], nps);
    for fact in &mut facts[..3] {
        (fact.author, fact.day) = (Some("a_39".to_owned()), LAST.plus(-6));
    }
    facts[39].day = LAST;
    let outcome = one(&target("metric = \"nps\"\nat_least = 40"), &facts, &[]);
    assert_eq!((outcome.n, outcome.value), (37, Some(100.0)));
    let all = super::answers(testing::facts(&facts), ScoreKind::Nps, &People::default()).unwrap();
    assert_eq!(all.len(), 40);
}

// Wilson's interval of 81 of 263 is 0.2553 to 0.3662 (Newcombe 1998, Stat Med 17:857, table I, method 3).
#[test]
fn a_negative_share_is_judged_by_wilson() {
    let mut facts: Vec<Fact> = (0..270).map(|at| Fact::new(at, LAST, "ticket")).collect();
    facts.push(old());
    for (at, fact) in facts.iter_mut().take(270).enumerate() {
        let label = match at {
            0..81 => "negative",
            81..263 => "positive",
            _ => "unknown",
        };
        fact.sentiment = "neutral";
        fact.topics = vec![("billing", label, (0, 0)), ("payments", label, (0, 0))];
    }
    let of = |goal: &str, scope: &str| {
        one(&target(&format!("metric = \"negative_share\"\n{goal}\nscope = {{ {scope} }}")), &facts, &[])
    };
    for scope in ["topic = \"billing\"", "owner = \"finance\""] {
        let outcome = of("under = \"30%\"", scope);
        assert_eq!((outcome.n, outcome.standing), (263, Standing::Open), "{scope}: a record counts once");
        assert!(
            (outcome.low.unwrap() - 0.2553).abs() < 5.1e-5 && (outcome.high.unwrap() - 0.3662).abs() < 5.1e-5
        );
        assert_eq!(of("under = 0.3663", scope).standing, Standing::Met);
        assert_eq!(of("under = 0.255", scope).standing, Standing::Missed);
        let listed = outcome.filter.unwrap().args().join(" ");
        match scope.starts_with("topic") {
            true => assert!(listed.ends_with("--topic billing --sentiment negative"), "{listed}"),
            false => assert!(listed.ends_with("--any-topic billing --any-topic payments"), "{listed}"),
        }
    }
    let whole = of("under = \"30%\"", "source = \"ticket\"");
    assert_eq!((whole.n, whole.value, whole.standing), (270, Some(0.0), Standing::Met));
    assert_eq!(of("under = \"30%\"", "topic = \"gone\"").standing, Standing::NoData);
}

#[test]
fn days_that_scatter_widen_a_share() {
    let of = |hits: [u64; 7]| {
        let mut facts = vec![old()];
        for (day, hits) in hits.into_iter().enumerate() {
            for at in 0..20 {
                let mut fact = Fact::new(day as u64 * 20 + at, LAST.plus(-(day as i32)), "ticket");
                fact.sentiment = if at < hits { "negative" } else { "positive" };
                facts.push(fact);
            }
        }
        one(&target("metric = \"negative_share\"\nunder = \"50%\""), &facts, &[])
    };
    let even = of([8; 7]);
    let wilson = crate::stats::proportion::Proportion::new(56, 140).wilson();
    assert_eq!((even.low, even.high), (Some(wilson.low), Some(wilson.high)));
    assert_eq!((even.value, even.standing), (Some(0.4), Standing::Met));
    // The same 56 of 140. Of seven days of 20 around 8: (12^2 + 12^2 + 4 * 8^2 + 8^2) / (20 * 0.4 * 0.6) over 6 is 21.11.
    let moody = of([20, 20, 0, 0, 0, 0, 16]);
    let phi = (2.0 * 144.0 + 4.0 * 64.0 + 64.0) / 4.8 / 6.0;
    let wilson = crate::stats::proportion::Proportion::new(56, 140).deflated(phi).wilson();
    assert_eq!((moody.value, moody.standing), (Some(0.4), Standing::Open));
    assert!(
        (moody.low.unwrap() - wilson.low).abs() < 1e-12 && (moody.high.unwrap() - wilson.high).abs() < 1e-12
    );
}

#[test]
fn a_count_is_decided_when_its_days_are_over() {
    let week = (0..50).map(|at| Fact::new(at, LAST.plus(-1), "ticket"));
    let facts: Vec<Fact> = [old()].into_iter().chain(week).collect();
    let frame = testing::facts(&facts);
    let data = Data { facts: &frame, loops: Loops::default(), owners: &[] };
    let of = |goal: &str, now: Day| {
        let file = file(&target(&format!("metric = \"records\"\n{goal}")));
        evaluate(&file.targets, &data, LAST, now.start()).unwrap().remove(0)
    };
    assert_eq!(of("at_least = 50", NOW).standing, Standing::Met);
    assert_eq!(of("at_least = 51", NOW).standing, Standing::Missed);
    assert_eq!(of("at_most = 49", NOW).standing, Standing::Missed);
    // On Sunday itself more may come.
    assert_eq!(of("at_least = 50", LAST).standing, Standing::Met);
    let open = of("at_least = 51", LAST);
    assert_eq!((open.standing, open.note.as_deref()), (Standing::Open, Some("its period is not over yet")));
    let begun = of("at_least = 51", LAST.plus(-6));
    assert_eq!(begun.note.as_deref(), Some("no day of its period is over yet"));
}
