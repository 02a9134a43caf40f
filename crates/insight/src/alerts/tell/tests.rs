use super::*;
use crate::{
    alerts::{
        file::NamedWords,
        incident::{Incident, tests::spell},
        series::{Question, ScoreName, SeriesKey},
        watch::{Ending, Figures},
    },
    stats::Interval,
};

/// 2026-03-02 06:00.
const ONSET: i32 = 20_514 * 24 + 6;

fn name(what: &What) -> String {
    match what {
        What::All => "All feedback".to_owned(),
        What::Topic(id) | What::Words(id) | What::Case(id) => id.to_uppercase(),
    }
}

fn event(step: Step, spells: Vec<Spell>) -> AlertEvent {
    let incident = Incident { spells };
    AlertEvent {
        id: incident.id(),
        at: Hour(ONSET + 30).start(),
        step,
        is_told: true,
        owner: "mobile".to_owned(),
        owners: vec!["mobile".to_owned(), "identity".to_owned()],
        severity: Priority::P2,
        incident: (!step.is_mark()).then_some(incident),
        by: None,
        mute: None,
    }
}

fn rivals() -> Wordings {
    let any = vec!["Acme".to_owned(), "switch to".to_owned()];
    Wordings::new(&[NamedWords { name: "rivals".to_owned(), any }])
}

fn told(step: Step, spells: Vec<Spell>) -> AlertTold {
    tell(&event(step, spells), Behind::default(), &name, &rivals()).unwrap()
}

fn of(metric: Metric, figures: Figures) -> Spell {
    let spell = spell("login", ONSET, ONSET + 9, None, 20);
    Spell { key: SeriesKey { metric, ..spell.key.clone() }, figures, ..spell }
}

#[test]
fn a_volume_is_told_with_what_was_due() {
    let told = told(Step::Fired, vec![spell("login", ONSET, ONSET + 9, None, 1_200)]);
    assert_eq!(told.title, "LOGIN: more feedback than usual");
    let figures = "LOGIN: 2,400 records where 1,200 would be usual (0 to 1,800), of late 2.0× as many";
    assert_eq!(told.summary, format!("{figures}, since about 2026-03-02 06:00 UTC, 1,200 people at least"));
    assert_eq!(told.moved[0].text, figures);
    assert_eq!((told.owner.as_str(), told.owners.join(", ")), ("mobile", "mobile, identity".to_owned()));
    // To the hour: of the day on which it began only what came then.
    let command = "verbatim report --records --from 2026-03-02 --to 2026-03-03 --topic login \
                   --since 2026-03-02T06:00:00Z --before 2026-03-03T12:00:00Z";
    assert_eq!(told.moved[0].command.as_deref(), Some(command));
    assert_eq!(told.feedback, format!("verbatim alerts useful {}", told.alert));
}

#[test]
fn a_share_is_told_from_what_to_what() {
    let figures = Figures::Negative {
        hits: 45,
        judged: 90,
        before: 0.204,
        before_range: Interval::new(0.18, 0.23),
        since: 0.5,
        since_range: Interval::new(0.4, 0.6),
        rise_range: Interval::new(0.19, 0.4),
        rise: 0.3,
    };
    let told = told(Step::Updated, vec![of(Metric::Negative, figures)]);
    assert_eq!(told.title, "LOGIN: more negative than usual");
    let text = "LOGIN: 50% negative (45 of 90, 40% to 60%), before 20% (18% to 23%)";
    assert!(told.moved[0].text.starts_with(text), "{}", told.moved[0].text);
    assert!(told.moved[0].command.as_deref().unwrap().contains("--topic login --sentiment negative "));
}

#[test]
fn scores_are_told_on_their_own_scale() {
    let score = |kind: &str, scale: &str| {
        let range = Interval::new(0.5, 0.7);
        let figures = Figures::Score {
            answers: 60,
            before: 0.75,
            before_range: range,
            since: 0.5,
            since_range: range,
            fall: 0.25,
        };
        let name = ScoreName { kind: kind.to_owned(), scale: scale.to_owned(), question: None };
        told(Step::Fired, vec![of(Metric::Score(name), figures)]).moved.remove(0).text
    };
    let nps = "LOGIN: NPS 0 (0 to +40, 60 answers, one a person), before +50 (0 to +40)";
    assert!(score("nps", "0-10").starts_with(nps), "{}", score("nps", "0-10"));
    let csat = "LOGIN: CSAT (1-5) 50% satisfied (50% to 70%, 60 answers, one a person), before 75%";
    assert!(score("csat", "1-5").starts_with(csat), "{}", score("csat", "1-5"));
}

#[test]
fn many_topics_are_one_title() {
    let of = |topic: &str| spell(topic, ONSET, ONSET + 9, None, 20);
    let title = |topics: &[&str]| told(Step::Fired, topics.iter().map(|topic| of(topic)).collect()).title;
    assert_eq!(title(&["a", "b"]), "A and B: more feedback than usual");
    assert_eq!(title(&["a", "b", "c"]), "A, B and C: more feedback than usual");
    assert_eq!(title(&["a", "b", "c", "d", "e"]), "A, B, C and 2 more: more feedback than usual");
}

#[test]
fn each_thing_is_told_once_and_its_parts_apart() {
    let of = |what: What, product: Option<&str>, metric: Metric, fired: i32| {
        let spell = spell("", ONSET, fired, None, 20);
        let product = product.map(str::to_owned);
        Spell { key: SeriesKey { metric, what, product, source: None }, ..spell }
    };
    let topic = |id: &str| What::Topic(id.to_owned());
    let spells = vec![
        of(What::Case("aa01".to_owned()), None, Metric::Volume, ONSET + 3),
        of(topic("login"), Some("app"), Metric::Volume, ONSET + 4),
        of(topic("price"), Some("app"), Metric::Volume, ONSET + 5),
        of(What::All, None, Metric::Volume, ONSET + 5),
        of(topic("login"), None, Metric::Volume, ONSET + 6),
        of(topic("login"), Some("app"), Metric::Negative, ONSET + 7),
    ];
    let told = told(Step::Fired, spells);
    assert_eq!(told.title, "LOGIN and PRICE in app: more feedback and more negative than usual");
    let whats = |moved: &[Moved]| -> Vec<String> {
        moved.iter().map(|moved| moved.text.split(':').next().unwrap().to_owned()).collect()
    };
    assert_eq!(whats(&told.moved), ["LOGIN", "LOGIN in app", "PRICE in app", "All feedback"]);
    assert_eq!(whats(&told.parts), ["AA01", "LOGIN in app"]);
}

#[test]
fn what_names_it_comes_first_and_its_beginning_is_told_once() {
    let at = |what: What, metric: Metric, onset: i32, ended: Option<i32>| {
        let spell = spell("", ONSET + onset, ONSET + 30, ended.map(|hours| ONSET + hours), 20);
        Spell { key: SeriesKey { metric, what, ..spell.key.clone() }, ..spell }
    };
    let login = || What::Topic("login".to_owned());
    // Found in the same hour, and with more people.
    let lead = Spell { people: 30, ..at(login(), Metric::Negative, 0, None) };
    let earlier = at(login(), Metric::Volume, -24, None);
    let all = at(What::All, Metric::Volume, 23, Some(40));
    let price = at(What::Topic("price".to_owned()), Metric::Volume, 0, None);
    let told = told(Step::Fired, vec![all, earlier, price, lead]);
    let figures = "40 records where 20 would be usual (0 to 30)";
    let texts: Vec<&str> = told.moved.iter().map(|moved| moved.text.as_str()).collect();
    let expected = [
        format!("LOGIN: {figures}, of late 2.0× as many"),
        format!("LOGIN: {figures}, of late 2.0× as many, since about 2026-03-01 06:00 UTC"),
        format!("PRICE: {figures}, of late 2.0× as many"),
        format!("All feedback: {figures}, over since 2026-03-03 23:00 UTC"),
    ];
    assert_eq!(texts, expected);
    let end = ", since about 2026-03-02 06:00 UTC, 30 people at least";
    assert!(told.summary.ends_with(end), "not since the earliest of all: {}", told.summary);
}

#[test]
fn an_end_is_told_as_one() {
    let over = spell("login", ONSET, ONSET + 9, Some(ONSET + 20), 20);
    let told = told(Step::Resolved, vec![over.clone()]);
    assert_eq!(told.title, "LOGIN: as before again");
    let when = "from about 2026-03-02 06:00 to 2026-03-03 03:00 UTC, 20 people at least";
    assert!(told.summary.ends_with(when), "{}", told.summary);
    let expected =
        [("Severity", "P2"), ("Owner", "mobile, identity"), ("Over since", "2026-03-03 03:00 UTC")];
    let expected = expected.map(|(name, value)| (name, value.to_owned()));
    assert_eq!(fields(&event(Step::Resolved, vec![over])), expected);
}

#[test]
fn what_has_stayed_is_not_told_to_be_as_before() {
    let end = |ending: Ending, spell: Spell| Spell { ended: Some((Hour(ONSET + 20), ending)), ..spell };
    let login = || spell("login", ONSET, ONSET + 9, None, 20);
    let price = || spell("price", ONSET, ONSET + 10, None, 20);
    let title = |spells: &[Spell]| told(Step::Resolved, spells.to_vec()).title;
    let usual = [end(Ending::NewNormal, login())];
    assert_eq!(title(&usual), "LOGIN: has stayed so, and is usual now");
    assert_eq!(fields(&event(Step::Resolved, usual.to_vec()))[2].0, "Usual since");
    let mixed = [end(Ending::Recovered, login()), end(Ending::NewNormal, price())];
    assert_eq!(title(&mixed), "LOGIN and PRICE: as before again", "by what names it");
    assert_eq!(title(&[login()]), "LOGIN: no longer seen in the counts");
    let half = [end(Ending::Recovered, login()), price()];
    assert_eq!(title(&half), "LOGIN and PRICE: no longer seen in the counts");
}

#[test]
fn what_the_records_add_is_told() {
    let event = event(Step::Fired, vec![spell("login", ONSET, ONSET + 9, None, 20)]);
    let crowd = Crowd { known: 12, unknown: 1_798 };
    let name_of_score = ScoreName { kind: "nps".to_owned(), scale: "0-10".to_owned(), question: None };
    let range = Interval::new(0.25, 0.5);
    let figures = Figures::Score {
        answers: 40,
        before: 0.75,
        before_range: Interval::new(0.7, 0.8),
        since: 0.375,
        since_range: range,
        fall: 0.25,
    };
    let reported = Incident { spells: vec![of(Metric::Score(name_of_score), figures)] };
    let behind = Behind { crowd: Some(crowd), incident: Some(reported), ..Behind::default() };
    let told = tell(&event, behind, &name, &rivals()).unwrap();
    assert_eq!((told.people, told.alert.as_str()), (crowd, event.id.as_str()));
    let people = ", 12 people and 1,798 records of nobody knows whom";
    assert!(told.summary.ends_with(people), "{}", told.summary);
    let text = "LOGIN: NPS −25 (−50 to 0, 40 answers, one a person), before +50 (+40 to +60)";
    assert!(told.moved[0].text.starts_with(text), "{}", told.moved[0].text);
}

#[test]
fn answers_are_listed_as_a_report_counts_them() {
    let command = |kind: &str, scale: &str, question: Option<Question>| {
        let name = ScoreName { kind: kind.to_owned(), scale: scale.to_owned(), question };
        let range = Interval::new(0.5, 0.7);
        let (before_range, since_range) = (range, range);
        let figures =
            Figures::Score { answers: 60, before: 0.7, before_range, since: 0.5, since_range, fall: 0.2 };
        let spell = of(Metric::Score(name), figures);
        let filter = filter(&spell, Hour(ONSET + 30), &rivals()).unwrap();
        filter.args().join(" ")
    };
    let nps = command("nps", "0-10", None);
    assert!(nps.contains("--score nps --scale 0-10 --answers last"), "{nps}");
    let part = Question { part: "support".to_owned(), ..Question::default() };
    let csat = command("csat", "1-5", Some(part));
    assert!(csat.contains("--part support --score csat --scale 1-5 --answers last"), "{csat}");
    let wording = Question { wording: "Was it easy?".to_owned(), ..Question::default() };
    let ces = command("ces", "1-7", Some(wording));
    assert!(ces.contains("--part  --question Was it easy? --score ces --scale 1-7"), "{ces}");
    assert!(!ces.contains("--answers"), "of an occasion each counts: {ces}");
}

#[test]
fn a_mark_says_nothing() {
    let login = spell("login", ONSET, ONSET + 9, None, 20);
    assert_eq!(tell(&event(Step::Useful, vec![login]), Behind::default(), &name, &rivals()), None);
}

#[test]
fn words_and_cases_have_commands_of_their_own() {
    let of = |what: What| {
        // From one midnight to another: whole days need no hours.
        let spell = spell("", ONSET - 6, ONSET + 9, Some(ONSET + 17), 20);
        let told = told(Step::Fired, vec![Spell { key: SeriesKey { what, ..spell.key.clone() }, ..spell }]);
        told.moved[0].command.clone()
    };
    let days = "verbatim report --records --from 2026-03-02 --to 2026-03-02";
    assert_eq!(of(What::Case("aa01".to_owned())), Some(format!("{days} --case aa01")));
    let phrases = of(What::Words("rivals".to_owned()));
    assert_eq!(phrases, Some(format!("{days} --phrase Acme --phrase 'switch to'")));
    assert_eq!(of(What::Words("gone".to_owned())), None, "nobody knows any more which words those were");
    let of_a_source = |source| {
        let spell = spell("login", ONSET - 6, ONSET + 9, Some(ONSET + 17), 20);
        let spell = Spell { key: SeriesKey { source, ..spell.key.clone() }, ..spell };
        filter(&spell, Hour(ONSET + 40), &rivals()).unwrap().source
    };
    assert_eq!((of_a_source(None), of_a_source(Some("nps".to_owned()))), (None, Some("nps".to_owned())));
}
