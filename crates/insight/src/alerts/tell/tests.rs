use super::*;
use crate::{
    alerts::{
        incident::tests::spell,
        series::ScoreName,
        watch::{Figures, Spell},
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
        severity: Priority::P2,
        incident: (!step.is_mark()).then_some(incident),
        by: None,
    }
}

fn told(step: Step, spells: Vec<Spell>) -> AlertTold {
    tell(&event(step, spells), Behind::default(), &name).unwrap()
}

fn of(metric: Metric, figures: Figures) -> Spell {
    let spell = spell("login", ONSET, ONSET + 9, None, 20);
    Spell { key: SeriesKey { metric, ..spell.key.clone() }, figures, ..spell }
}

#[test]
fn a_volume_is_told_with_what_was_due() {
    let told = told(Step::Fired, vec![spell("login", ONSET, ONSET + 9, None, 1_200)]);
    assert_eq!(told.title, "LOGIN: more feedback than usual");
    let figures = "LOGIN: 2,400 records where 1,200 were due (0 to 1,800), 2.0 times as many of late";
    assert_eq!(told.summary, format!("{figures}, since about 2026-03-02 06:00 UTC, 1,200 people at least"));
    assert_eq!(told.moved[0].text, format!("{figures}, since about 2026-03-02 06:00 UTC"));
    let command = "verbatim report --records --from 2026-03-02 --to 2026-03-03 --topic login";
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
    assert!(told.moved[0].command.as_deref().unwrap().ends_with("--topic login --sentiment negative"));
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
        let name = ScoreName { kind: kind.to_owned(), scale: scale.to_owned() };
        told(Step::Fired, vec![of(Metric::Score(name), figures)]).moved.remove(0).text
    };
    let nps = "LOGIN: NPS 0 (0 to 40, 60 answers), before 50 (0 to 40)";
    assert!(score("nps", "0-10").starts_with(nps), "{}", score("nps", "0-10"));
    let csat = "LOGIN: mean CSAT (1-5) 3.00 (3.00 to 3.80, 60 answers), before 4.00";
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
fn an_end_is_told_as_one() {
    let over = spell("login", ONSET, ONSET + 9, Some(ONSET + 20), 20);
    let told = told(Step::Resolved, vec![over.clone()]);
    assert_eq!(told.title, "LOGIN: as before again");
    assert!(told.summary.contains("from 2026-03-02 06:00 to 2026-03-03 03:00 UTC"), "{}", told.summary);
    assert!(
        fields(&event(Step::Resolved, vec![over])).contains(&("Over", "2026-03-03 03:00 UTC".to_owned()))
    );
}

#[test]
fn a_mark_says_nothing_and_words_have_no_filter() {
    let login = spell("login", ONSET, ONSET + 9, None, 20);
    assert_eq!(tell(&event(Step::Useful, vec![login.clone()]), Behind::default(), &name), None);
    let words = What::Words("refund".to_owned());
    let spell = Spell { key: SeriesKey { what: words, ..login.key.clone() }, ..login };
    let told = told(Step::Fired, vec![spell]);
    assert_eq!((told.title.as_str(), &told.moved[0].command), ("REFUND: more feedback than usual", &None));
}
