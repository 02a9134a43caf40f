//! The taxonomy over a few records.

use super::shown::shown;
use super::testing::{Pretending, START, WEEK, id, record, shelf, text};
use super::trial::tried;
use super::*;
use crate::state::{Topic, Topics};
use feedback::time::Timestamp;
use insight::shelf::Shelf;
use insight::taxonomy::Fate;

fn topics(taxonomy: &Taxonomy) -> Topics {
    let topic = |topic: &analyze::taxonomy::Topic| Topic {
        id: topic.id.clone(),
        name: topic.name.clone(),
        description: topic.description.clone(),
        examples: topic.examples.clone(),
        keywords: topic.keywords.clone(),
        parent: topic.parent.clone(),
        owner: topic.owner.clone(),
    };
    Topics::new(taxonomy.version(), taxonomy.topics().iter().map(topic).collect())
}

fn of_a_week() -> Vec<testing::Record> {
    let mut records = vec![
        record(1, "billing and refunds", &["billing"]),
        record(2, "refunds please", &[]),
        record(3, "nothing that is known", &[]),
        record(4, "billing again", &["billing", "gone"]),
        record(5, "", &[]),
    ];
    records.push(testing::Record { is_corrected: true, ..record(6, "billing by mistake", &["refunds"]) });
    records
}

#[test]
fn how_it_stands_is_counted_and_every_count_opens_its_records() {
    let keeper = Pretending::new(text(&["billing", "login"]));
    let kept = keeper.read().unwrap();
    let held = shelf(&of_a_week());
    let told = shown(&kept, &held, &topics(&kept.in_force), WEEK, None).unwrap();
    assert_eq!((told.records, told.unassigned, told.unassigned_share), (5, 2, Some(0.4)));
    let listed: Vec<_> =
        told.topics.iter().map(|t| (t.id.as_str(), t.is_current, t.records, t.line)).collect();
    assert_eq!(
        listed,
        [
            ("billing", true, 2, Some(3)),
            ("login", true, 0, Some(7)),
            ("gone", false, 1, None),
            ("refunds", false, 1, None),
        ]
    );
    assert_eq!((told.file, told.written_to.as_deref()), (None, Some("/srv/data.taxonomy.toml")));
    assert_eq!((told.trouble, told.held_since, told.candidates), (None, None, None));
    let filter = told.topics[0].filter.args().join(" ");
    assert_eq!(filter, "--from 2026-03-02 --to 2026-03-08 --topic billing --words with");
}

#[test]
fn a_file_that_cannot_be_used_is_told_and_the_one_before_stays() {
    let kept = Pretending::new(text(&["billing"])).read().unwrap();
    let broken = Kept { text: "version = 1\n".to_owned(), ..kept };
    let told = shown(&broken, &Shelf::default(), &topics(&broken.in_force), WEEK, None).unwrap();
    assert!(told.trouble.is_some_and(|told| told.starts_with("line 1: ")));
    assert_eq!((told.records, told.unassigned_share), (0, None));
    assert_eq!(told.topics.len(), 1);
}

fn tried_on(keeper: Pretending, edited: &str) -> TaxonomyTrial {
    let workshop = Workshop::new(Arc::new(keeper));
    let (after, held) = (read(edited).unwrap(), shelf(&of_a_week()));
    tried(&workshop, &after, &held, WEEK, Instant::now()).unwrap()
}

#[test]
fn an_edit_is_tried_against_the_one_in_force_and_against_people() {
    let keeper = Pretending::new(text(&["billing", "login"]));
    let base = tag(&keeper.read().unwrap().text);
    let told = tried_on(keeper, &text(&["refunds", "login"]));
    assert_eq!((told.records, told.more, told.changed), (5, false, 4));
    assert_eq!((told.unassigned_before, told.unassigned_after), (2, 3));
    assert_eq!(told.base, base);
    let listed: Vec<_> =
        told.topics.iter().map(|t| (t.id.as_str(), t.fate, t.before, t.after, t.gained, t.lost)).collect();
    assert_eq!(
        listed,
        [
            ("billing", Fate::Removed, 3, 0, 0, 3),
            ("refunds", Fate::New, 0, 2, 2, 0),
            ("login", Fate::Kept, 0, 0, 0, 0),
        ]
    );
    // The newest first.
    let gains: Vec<&str> = told.topics[1].gains.iter().map(|quote| quote.text.as_str()).collect();
    assert_eq!(gains, ["refunds please", "billing and refunds"]);
    assert_eq!(told.topics[0].losses[0].record, id(6).to_string());
    let agreement = told.agreement.unwrap();
    assert_eq!(
        (agreement.records, agreement.before.precision, agreement.before.recall),
        (1, Some(0.0), Some(0.0))
    );
    assert_eq!((agreement.after.precision, agreement.after.recall), (None, Some(0.0)));
    assert_eq!(told.warnings.len(), 1, "{:?}", told.warnings);
    assert!(
        told.warnings[0].contains("\"billing\" goes")
            && told.warnings[0].contains("the triage rule \"money\"")
    );
}

#[test]
fn what_may_not_be_meant_is_warned_of() {
    let edited = |text: &str| tried_on(Pretending::new(self::text(&["billing", "login"])), text).warnings;
    assert!(edited("version = \"2\"\n").iter().any(|told| told.contains("no topic")));
    assert!(edited(&text(&["billing", "login"]))[0].contains("word for word"));
    let renamed = text(&["login", "money"]).replace("About money", "About billing");
    let told = edited(&renamed);
    assert!(told[0].contains("\"money\" looks like it under another id"), "{told:?}");
    assert!(told[1].contains("\"money\" finds none"), "{told:?}");
}

#[test]
fn where_the_time_is_over_the_newest_were_judged() {
    let mut keeper = Pretending::new(text(&["billing"]));
    keeper.most = 2;
    let told = tried_on(keeper, &text(&["billing", "refunds"]));
    assert_eq!((told.records, told.more), (2, true));
}

#[test]
fn a_candidate_is_written_with_the_quotes_that_were_chosen_alone() {
    let kept = Pretending::new(text(&["billing"])).read().unwrap();
    let mut told = shown(&kept, &Shelf::default(), &Topics::default(), WEEK, None).unwrap();
    let quote = |number: u64, text: &str| TaxonomyQuote {
        record: id(number).to_string(),
        day: crate::desk::Date(START),
        text: text.to_owned(),
    };
    let at = crate::desk::At(Timestamp(0));
    let suggestion = TaxonomySuggestion {
        id: "captcha".to_owned(),
        name: "Captcha".to_owned(),
        keywords: vec!["captcha".to_owned()],
        toml: String::new(),
    };
    told.candidates = Some(TaxonomyCandidates {
        as_of: at,
        looked_at: 9,
        more: false,
        left_out: 0,
        left_out_languages: Vec::new(),
        items: vec![TaxonomyCandidate {
            record: id(7).to_string(),
            records: 5,
            people: 5,
            first_at: at,
            last_at: at,
            words: vec!["captcha".to_owned()],
            quotes: vec![quote(7, "the \"captcha\"\u{202e} loop"), quote(8, "captchas again")],
            suggestion,
        }],
    });
    let block = |chosen: &[String]| written(&told, &id(7).to_string(), chosen).unwrap();
    assert!(!block(&[]).contains("examples"));
    let with = block(&[id(7).to_string(), id(99).to_string()]);
    assert!(!with.contains("again"), "{with}");
    let taxonomy = read(&(told.text.clone() + &with)).unwrap();
    assert_eq!(taxonomy.topics()[1].examples, ["the \"captcha\"\u{202e} loop"]);
    assert_eq!(written(&told, &id(1).to_string(), &[]), None);
}

#[test]
fn weeks_are_asked_for_within_bounds() {
    let days = |weeks: &str| period(weeks).map(|period| period.days());
    assert_eq!((days("").unwrap(), days("1").unwrap()), (28, 7));
    for wrong in ["0", "27", "-1", "many"] {
        assert!(days(wrong).is_err(), "{wrong}");
    }
}
