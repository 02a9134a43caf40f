//! What a score and its records say where a survey asks several questions, and where nothing but a score is said.

use super::*;

const PRODUCT: &str = "How satisfied are you with the product?";
const SUPPORT: &str = "How satisfied are you with our support?";
const TRANSLATED: &str = "Wie zufrieden sind Sie mit dem Produkt?";

/// An answer of `person`; answers with the same `person` have the same time.
fn answer(person: u64, nth: u64, part: &'static str, question: Option<&'static str>, value: f64) -> Fact {
    Fact {
        author: Some(format!("a_{person}")),
        part,
        question,
        score: Score::new(ScoreKind::Csat, value, 1.0, 5.0),
        // The seconds of the day come round after this many ids.
        ..Fact::new(person + 86_000 * nth, START, "survey")
    }
}

fn of_a_week(facts: &[Fact]) -> Report {
    report(&inputs(facts), &Scope::of_days(START, START.plus(6)), START.plus(20).start(), &names()).unwrap()
}

/// Question, people and value of each row, whose filter lists as many records.
fn rows<'a>(report: &'a Report, facts: &[Fact]) -> Vec<(Option<&'a str>, u64, Option<f64>)> {
    let row = |row: &'a model::ScoreRow| {
        assert_eq!(records(testing::facts(facts), &row.filter).unwrap().len() as u64, row.n);
        (row.question.as_deref(), row.n, row.value)
    };
    report.scores.iter().map(row).collect()
}

#[test]
fn each_question_of_a_response_has_a_score_of_its_own() {
    let both = (0..40).flat_map(|person| {
        [answer(person, 0, "p", Some(PRODUCT), 5.0), answer(person, 1, "s", Some(SUPPORT), 1.0)]
    });
    // One changes the mind about the product.
    let later = Fact { day: START.plus(2), ..answer(7, 2, "p", Some(PRODUCT), 2.0) };
    let facts: Vec<Fact> = both.chain([later]).collect();
    let report = of_a_week(&facts);
    let expected = [(Some(PRODUCT), 40, Some(39.0 / 40.0)), (Some(SUPPORT), 40, Some(0.0))];
    assert_eq!(rows(&report, &facts), expected);
    let text = render(&report, 160, false);
    assert!(text.contains("survey Q1: ") && text.contains(SUPPORT) && text.contains(PRODUCT), "{text}");
    assert!(text.contains("once a question"), "{text}");
    let mut figures = Vec::new();
    figures_of("report", &serde_json::to_value(&report).unwrap(), &mut figures);
    for (path, n, filter) in figures {
        let listed = records(testing::facts(&facts), &filter).unwrap().len() as u64;
        assert_eq!(listed, n, "{path}: {}", filter.args().join(" "));
    }
}

#[test]
fn a_question_is_known_by_its_part_whatever_its_wording() {
    let both = (0..40).flat_map(|person| {
        let question = if person % 2 == 0 { PRODUCT } else { TRANSLATED };
        [answer(person, 0, "p", Some(question), 5.0), answer(person, 1, "s", Some(SUPPORT), 1.0)]
    });
    let facts: Vec<Fact> = both.collect();
    let report = of_a_week(&facts);
    let expected = [(Some(TRANSLATED), 40, Some(1.0)), (Some(SUPPORT), 40, Some(0.0))];
    assert_eq!(rows(&report, &facts), expected);
    opens_its_records(&report, &inputs(&facts));
}

#[test]
fn a_reworded_question_keeps_its_change() {
    let asked = |week: u64, question, value| {
        (0..40).flat_map(move |person| {
            let day = START.plus(7 * week as i32);
            [
                Fact { day, ..answer(person, 2 * week, "p", Some(question), value) },
                Fact { day, ..answer(person, 2 * week + 1, "s", Some(SUPPORT), 3.0) },
            ]
        })
    };
    let facts: Vec<Fact> = asked(0, PRODUCT, 5.0).chain(asked(1, TRANSLATED, 1.0)).collect();
    let inputs = inputs(&facts);
    let scope = Scope::of_days(START.plus(7), START.plus(13));
    let report = report(&inputs, &scope, START.plus(20).start(), &names()).unwrap();
    let row = &report.scores[0];
    assert_eq!((row.part.as_deref(), row.question.as_deref()), (Some("p"), Some(TRANSLATED)));
    let change = row.change.as_ref().unwrap();
    assert_eq!((change.before, change.after, change.records), (1.0, 0.0, 40));
    opens_its_records(&report, &inputs);
}

#[test]
fn too_many_questions_or_too_few_answers_to_most_have_one_score() {
    let asked = |questions: u64, each: u64| -> Vec<Fact> {
        let of_one = |order: u64| {
            let question: &'static str = format!("How was order {order}?").leak();
            (0..each).map(move |person| answer(100 * order + person, 0, "", Some(question), 5.0))
        };
        (0..questions).flat_map(of_one).collect()
    };
    let together = "have one score together.";
    for (questions, each) in [(2, 5), (6, 5)] {
        let facts = asked(questions, each);
        let report = of_a_week(&facts);
        assert_eq!(rows(&report, &facts).len() as u64, questions);
        assert!(!on_one_line(&report).contains(together));
    }
    for (questions, each) in [(7, 5), (6, 4)] {
        let mut facts = asked(questions, each);
        let n = questions * each;
        let report = of_a_week(&facts);
        assert_eq!(rows(&report, &facts), [(None, n, Some(1.0))]);
        assert!(on_one_line(&report).contains(together));
        // With another source there is a row over both.
        facts.extend((0..n).map(|p| Fact { source: "ticket", ..answer(5000 + p, 0, "", None, 1.0) }));
        let report = of_a_week(&facts);
        let expected = [(None, 2 * n, Some(0.5)), (None, n, Some(1.0)), (None, n, Some(0.0))];
        assert_eq!(rows(&report, &facts), expected);
        opens_its_records(&report, &inputs(&facts));
    }
}

#[test]
fn recommending_is_one_question_in_every_kind_of_source() {
    let asked = |person: u64| {
        let (part, question) = if person.is_multiple_of(2) { ("a", PRODUCT) } else { ("b", SUPPORT) };
        Fact { score: nps(10.0), ..answer(person, 0, part, Some(question), 5.0) }
    };
    let facts: Vec<Fact> = (0..20).map(asked).collect();
    assert_eq!(rows(&of_a_week(&facts), &facts), [(None, 20, Some(100.0))]);
}

#[test]
fn answers_without_a_question_are_told_apart_by_their_part() {
    let both = (0..10).flat_map(|p| [answer(p, 0, "product", None, 5.0), answer(p, 1, "support", None, 1.0)]);
    let ticket = |p: u64| Fact { source: "ticket", ..answer(100 + p, 0, "", None, 5.0) };
    let facts: Vec<Fact> = both.chain((0..10).map(ticket)).collect();
    // What asks two things has no sum over all sources.
    let expected =
        [(Some("product"), 10, Some(1.0)), (Some("support"), 10, Some(0.0)), (None, 10, Some(1.0))];
    assert_eq!(rows(&of_a_week(&facts), &facts), expected);
}

#[test]
fn where_each_source_asks_one_thing_there_is_a_row_for_all() {
    let survey = (0..10).map(|person| answer(person, 0, "p", Some(PRODUCT), 5.0));
    let ticket = |p: u64| Fact { source: "ticket", ..answer(100 + p, 0, "", None, 1.0) };
    let facts: Vec<Fact> = survey.chain((0..10).map(ticket)).collect();
    let report = of_a_week(&facts);
    let expected = [(None, 20, Some(0.5)), (None, 10, Some(1.0)), (None, 10, Some(0.0))];
    assert_eq!(rows(&report, &facts), expected);
    assert!(render(&report, 100, false).contains("All pools the sources."));
}

/// Nothing moves within the sources, but more of those who are satisfied answer.
#[test]
fn the_row_for_all_says_why_it_has_no_verdict() {
    let week = |week: u64, tickets: u64| {
        let day = START.plus(7 * week as i32);
        let survey = (0..40).map(move |p| Fact { day, ..answer(p, week, "p", Some(PRODUCT), 5.0) });
        let ticket = move |p| Fact { day, source: "ticket", ..answer(100 + p, week, "", None, 1.0) };
        survey.chain((0..tickets).map(ticket))
    };
    let facts: Vec<Fact> = week(0, 80).chain(week(1, 40)).collect();
    let scope = Scope::of_days(START.plus(7), START.plus(13));
    let report = report(&inputs(&facts), &scope, START.plus(20).start(), &names()).unwrap();
    let all = &report.scores[0];
    let change = all.change.as_ref().unwrap();
    assert!(all.source.is_none() && change.difference > 0.1 && change.verdict.is_none(), "{change:?}");
    assert!(
        report.scores[1..].iter().all(|row| row.change.as_ref().unwrap().verdict == Some(Verdict::Noise))
    );
    let text = on_one_line(&report);
    assert!(text.contains("All pools the sources. Their mix alone can move it, so its change is not judged"));
    // Without a change there is nothing to judge.
    assert!(!on_one_line(&of_a_week(&facts)).contains("Their mix alone"));
}

#[test]
fn the_highest_answer_is_the_easiest_and_all_answers_are_drawn() {
    let ease = |id: u64| {
        let value = [1.0, 5.0, 6.0, 6.0, 7.0, 7.0, 7.0, 7.0][(id % 8) as usize];
        Fact { score: Score::new(ScoreKind::Ces, value, 1.0, 7.0), ..Fact::new(id, START, "survey") }
    };
    let text = render(&of_a_week(&(0..16).map(ease).collect::<Vec<_>>()), 80, false);
    assert!(text.contains("CES 1–7") && text.contains("▃▁▁▁▃▅█"), "{text}");
    assert!(text.contains("the highest is easiest"), "{text}");
}

#[test]
fn records_without_words_are_no_part_of_what_could_not_be_told() {
    let bare = |id| Fact {
        score: nps(9.0),
        sentiment: "unknown",
        kind: "unknown",
        language: "unknown",
        ..Fact::new(id, START, "nps")
    };
    let said = |id: u64| {
        let topics = if id < 30 { vec![("billing", "negative", (0, 4))] } else { Vec::new() };
        let sentiment = if id == 39 { "unknown" } else { "negative" };
        Fact { body: "Too dear.".into(), topics, sentiment, score: nps(3.0), ..Fact::new(id, START, "nps") }
    };
    let titled = Fact { body: String::new(), title: Some("Too dear"), ..said(40) };
    let facts: Vec<Fact> = (0..20).map(bare).chain((20..40).map(said)).chain([titled]).collect();
    let report = of_a_week(&facts);
    let unassigned = report.unassigned.as_ref().unwrap();
    assert_eq!((unassigned.hits, unassigned.n, report.without_words.value), (11, 21, 20));
    let unknown = &report.sources[0].unknown;
    assert_eq!((unknown.hits, unknown.n), (1, 21));
    assert_eq!(
        report.languages.iter().map(|language| (language.name.as_str(), language.value)).collect::<Vec<_>>(),
        [("en", 21)]
    );
    let mut figures = Vec::new();
    figures_of("report", &serde_json::to_value(&report).unwrap(), &mut figures);
    for (path, n, filter) in figures {
        let listed = records(testing::facts(&facts), &filter).unwrap().len() as u64;
        assert_eq!(listed, n, "{path}: {}", filter.args().join(" "));
    }
    let text = render(&report, 120, false);
    assert!(text.contains("41 records from 1 source, 20 of them without words."), "{text}");
    assert!(text.contains("Without a topic: 11 of 21 records with words, 52%"), "{text}");
    assert_eq!(text.matches("20 had no words.").count(), 2, "{text}");
}

#[test]
fn a_record_is_listed_with_what_it_answers_and_where_it_comes_from() {
    let fact =
        Fact { title: Some("A title"), platform: Some("ios"), ..answer(1, 0, "p", Some(PRODUCT), 5.0) };
    let other = answer(2, 0, "p", Some(PRODUCT), 4.0);
    let one = Filter { record: Some(fact.record_id()), ..Filter::default() };
    let listed = records(testing::facts(&[fact, other]), &one).unwrap();
    assert_eq!(listed.len(), 1);
    assert_eq!((listed[0].question.as_deref(), listed[0].title.as_deref()), (Some(PRODUCT), Some("A title")));
    assert_eq!(listed[0].platform.as_deref(), Some("ios"));
}
