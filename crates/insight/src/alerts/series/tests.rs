use super::*;

fn tick(at: i32, product: Option<&'static str>, source: &'static str) -> Tick<'static> {
    Tick { at: Hour(at), product, source, is_negative: Some(at % 2 == 0), score: None }
}

fn names(history: &History) -> Vec<String> {
    let name = |stream: &Stream| {
        let place = [&stream.product, &stream.source].map(|one| one.as_deref().unwrap_or("*").to_owned());
        format!("{:?} {}", stream.what, place.join(" "))
    };
    history.streams.iter().map(name).collect()
}

#[test]
fn every_level_once_and_none_that_repeats_another() {
    let mut counting = Counting::new(Hour(0), Hour(48));
    for at in 0..20 {
        counting.add(&What::All, &tick(at, Some("app"), "nps"));
        counting.add(&What::All, &tick(at, None, "social"));
    }
    counting.add(&What::Topic("login".to_owned()), &tick(30, Some("app"), "nps"));
    let history = counting.finish();
    assert_eq!(
        names(&history),
        ["All * nps", "All * social", "All * *", "All app *", "Topic(\"login\") * *"]
    );
    let all = &history.streams[2];
    assert_eq!(all.parts.len(), 2);
    assert_eq!(all.parts[0].counts.at(4), Counts { records: 1, judged: 1, negative: 1 });
    // What nobody spoke of is a zero from the beginning of the feed on.
    assert_eq!(history.streams[4].parts[0].since, 0);
}

#[test]
fn a_case_begins_with_its_first_report_whoever_sent_it() {
    let mut counting = Counting::new(Hour(0), Hour(96));
    let case = What::Case("aa01".to_owned());
    for (at, source) in [(0, "nps"), (0, "social"), (70, "review")] {
        counting.add(&What::All, &tick(at, None, source));
    }
    for (at, source) in [(30, "nps"), (60, "social"), (80, "review")] {
        counting.add(&case, &tick(at, None, source));
    }
    let history = counting.finish();
    let stream = history.streams.iter().find(|stream| stream.what == case).unwrap();
    let since: Vec<(&str, usize)> =
        stream.parts.iter().map(|part| (part.source.as_str(), part.since)).collect();
    // The reviews came later than the case: before that nobody could have sent any.
    assert_eq!(since, [("nps", 30), ("review", 70), ("social", 30)]);
    let whole = history.streams.iter().find(|stream| stream.what == What::All && stream.parts.len() == 3);
    assert_eq!(whole.unwrap().parts.iter().map(|part| part.since).collect::<Vec<_>>(), [0, 70, 0]);
}

#[test]
fn what_lies_outside_is_not_counted() {
    let mut counting = Counting::new(Hour(30), Hour(50));
    for at in [-5, 23, 24, 49, 50, 51] {
        counting.add(&What::All, &tick(at, None, "nps"));
    }
    let history = counting.finish();
    assert_eq!((history.from, history.hours), (Hour(24), 26));
    let counted: u32 = history.streams[0].parts[0].counts.iter().map(|(_, counts)| counts.records).sum();
    assert_eq!(counted, 2);
}

fn csat(part: &str) -> ScoreName {
    let question = (!part.is_empty()).then(|| Question { part: part.to_owned(), ..Question::default() });
    ScoreName { kind: "csat".to_owned(), scale: "1-5".to_owned(), question }
}

#[test]
fn answers_are_counted_by_their_score() {
    let mut counting = Counting::new(Hour(0), Hour(24));
    let name = csat("");
    for (at, value) in [(3, 1.0), (3, 0.5), (5, 0.0)] {
        let score = Some(Scored { name: &name, value });
        counting.add(&What::All, &Tick { score, ..tick(at, None, "survey") });
    }
    counting.add(&What::All, &tick(3, None, "survey"));
    let history = counting.finish();
    let part = &history.streams[0].parts[0];
    let answers = &part.answers[&name];
    assert_eq!(answers.at(3), Answers { n: 2, sum: 1.5, sum_sq: 1.25 });
    assert_eq!((answers.at(4).n, answers.at(5).n, part.counts.at(3).records), (0, 1, 3));
}

#[test]
fn several_questions_have_no_sum_over_sources() {
    let mut counting = Counting::new(Hour(0), Hour(24));
    let nps = ScoreName { kind: "nps".to_owned(), scale: "0-10".to_owned(), question: None };
    let answers =
        [("survey", csat("product")), ("survey", csat("support")), ("ticket", csat("")), ("nps", nps)];
    for (source, name) in &answers {
        let score = Some(Scored { name, value: 1.0 });
        counting.add(&What::All, &Tick { score, ..tick(3, None, source) });
    }
    let history = counting.finish();
    let names = |source: Option<&str>| -> Vec<String> {
        let stream = history.streams.iter().find(|stream| stream.source.as_deref() == source).unwrap();
        let names = stream.parts.iter().flat_map(|part| part.answers.keys());
        names
            .map(|name| format!("{} {}", name.kind, name.question.as_ref().map_or("", Question::told)))
            .collect()
    };
    assert_eq!(names(Some("survey")), ["csat product", "csat support"]);
    assert_eq!(names(Some("ticket")), ["csat "]);
    assert_eq!(names(None), ["nps "], "what is asked in one way has a sum");
}

#[test]
fn series_nest_by_their_names() {
    let key = |what: What, product: Option<&str>, source: Option<&str>| SeriesKey {
        metric: Metric::Volume,
        what,
        product: product.map(str::to_owned),
        source: source.map(str::to_owned),
    };
    let login = || What::Topic("login".to_owned());
    assert!(key(login(), None, None).is_nested_with(&key(login(), Some("app"), Some("nps"))));
    assert!(key(What::All, None, Some("nps")).is_nested_with(&key(login(), Some("app"), None)));
    assert!(!key(login(), Some("web"), None).is_nested_with(&key(login(), Some("app"), None)));
    assert!(!key(login(), None, None).is_nested_with(&key(What::Topic("price".to_owned()), None, None)));
    let login = key(login(), Some("app"), None);
    assert_eq!(login.parts(), ["volume", "", "", "topic", "login", "app", "*"]);
    let of = |part: &str| SeriesKey { metric: Metric::Score(csat(part)), ..login.clone() };
    assert_eq!(of("").parts(), ["score", "csat", "1-5", "topic", "login", "app", "*"], "ids never move");
    assert_eq!(of("support").parts()[5..], ["app", "*", "support", ""]);
}
