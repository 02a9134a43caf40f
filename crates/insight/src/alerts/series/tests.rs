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
    assert_eq!(all.parts[0].counts[4], Counts { records: 1, judged: 1, negative: 1 });
    // What nobody spoke of is a zero from the beginning of the feed on.
    assert_eq!(history.streams[4].parts[0].since, 0);
}

#[test]
fn what_lies_outside_is_not_counted() {
    let mut counting = Counting::new(Hour(30), Hour(50));
    for at in [-5, 23, 24, 49, 50, 51] {
        counting.add(&What::All, &tick(at, None, "nps"));
    }
    let history = counting.finish();
    assert_eq!((history.from, history.hours), (Hour(24), 26));
    let counted: u32 = history.streams[0].parts[0].counts.iter().map(|counts| counts.records).sum();
    assert_eq!(counted, 2);
}

#[test]
fn answers_are_parts_of_their_scale() {
    let of = |kind, value, min, max| part_of_scale(Score::new(kind, value, min, max).unwrap());
    let nps = [0.0, 6.0, 7.0, 8.0, 9.0, 10.0].map(|value| of(ScoreKind::Nps, value, 0.0, 10.0));
    assert_eq!(nps, [0.0, 0.0, 0.5, 0.5, 1.0, 1.0]);
    assert_eq!(of(ScoreKind::Csat, 4.0, 1.0, 5.0), 0.75);
    let mut counting = Counting::new(Hour(0), Hour(24));
    let score = Score::new(ScoreKind::Csat, 4.0, 1.0, 5.0);
    counting.add(&What::All, &Tick { score, ..tick(3, None, "survey") });
    let history = counting.finish();
    let name = ScoreName { kind: "csat".to_owned(), scale: "1-5".to_owned() };
    assert_eq!(history.streams[0].parts[0].answers[&name][3], Answers { n: 1, sum: 0.75, sum_sq: 0.5625 });
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
    assert_eq!(key(login(), Some("app"), None).parts(), ["volume", "", "", "topic", "login", "app", "*"]);
}
