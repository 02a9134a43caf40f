//! The decision as it stands in the row.

use super::*;
use insight::triage::{History, RuleSet, Scratch, TopicTree, TriageFile};
use polars::prelude::{DataType, IntoLazy};
use store::TriageFact;

/// The rules as they are shipped.
fn rules() -> RuleSet {
    let taxonomy = Taxonomy::standard().unwrap();
    let topics = taxonomy.topics().iter().map(|topic| (topic.id.as_str(), topic.parent.as_deref()));
    RuleSet::new(&TriageFile::standard().unwrap(), &TopicTree::new(topics)).unwrap()
}

fn triaged(triage: Arc<dyn Triage>) -> (Processor, DataFrame) {
    let processor = processor().with_triage(triage);
    let (outcome, mut desk) =
        process(&processor, &event("ticket.created", &ticket()), &Suppressions::default());
    assert_eq!(outcome, Outcome::Facts { records: 1, deletion: false });
    let rows = rows(&mut desk);
    (processor, rows)
}

#[test]
fn without_rules_there_is_no_decision() {
    let (_, mut desk) = process(&processor(), &event("ticket.created", &ticket()), &Suppressions::default());
    let rows = rows(&mut desk);
    let columns: Vec<_> =
        rows.columns().iter().filter(|column| column.name().starts_with("triage")).collect();
    assert_eq!(columns.len(), 12);
    assert!(columns.iter().all(|column| column.null_count() == 1), "{columns:?}");
}

#[test]
fn the_row_has_what_the_rules_say_of_it_when_it_is_read_again() {
    let rules = Arc::new(rules());
    let (_, rows) = triaged(rules.clone());
    let history = History::read(rows.clone().lazy()).unwrap();
    let past = history.iter().next().unwrap();
    let mut scratch = Scratch::default();
    let decision = rules.decide(&past.subject, &mut scratch);
    let of_row = |column: &str| text(&rows, column);
    assert_eq!(of_row("triage_rule"), decision.rule);
    assert_eq!(of_row("triage_owner"), decision.owner);
    assert_eq!(of_row("triage_priority"), decision.priority.as_str());
    assert_eq!(of_row("triage_queue"), decision.queue);
    assert_eq!(of_row("triage_confidence"), decision.confidence.as_str());
    assert_eq!(of_row("triage_unsure"), decision.unsure.map_or("", |field| field.as_str()));
    assert_eq!(of_row("triage_reason"), decision.reason);
    assert_eq!(of_row("triage_rules"), rules.version());
    let spans = rows.column("triage_spans").unwrap().list().unwrap().get_as_series(0).unwrap();
    assert_eq!(spans.len(), decision.spans.len());
    let at = rows.column("triaged_at").unwrap().cast(&DataType::Int64).unwrap().i64().unwrap().get(0);
    assert!(at >= Some(1_780_000_000_000_000), "not before it came");
}

struct Failing;

impl Triage for Failing {
    fn decide<'a>(&'a self, _: &FactRow<'_>, _: Timestamp, _: &'a mut Scratch) -> TriageFact<'a> {
        panic!("a defect");
    }
}

#[test]
fn a_triage_that_fails_costs_the_row_its_decision_only() {
    let (processor, rows) = triaged(Arc::new(Failing));
    assert_eq!(text(&rows, "body"), "I cannot log in as [email] since the update.");
    assert_eq!(rows.column("sentiment").unwrap().null_count(), 0);
    assert_eq!(rows.column("triage_rule").unwrap().null_count(), 1);
    assert_eq!(processor.metrics.untriaged.load(Ordering::Relaxed), 1);
}

#[test]
fn a_deletion_needs_no_decision() {
    let processor = processor().with_triage(Arc::new(Failing));
    let data = json!({ "id": "1" });
    let (outcome, mut desk) = process(&processor, &event("nps.deleted", &data), &Suppressions::default());
    assert_eq!(outcome, Outcome::Facts { records: 1, deletion: true });
    assert_eq!(rows(&mut desk).column("triage_rule").unwrap().null_count(), 1);
    assert_eq!(processor.metrics.untriaged.load(Ordering::Relaxed), 0);
}

#[test]
fn what_is_switched_to_judges_and_decides_from_the_next_message_on() {
    let (processor, _) = triaged(Arc::new(rules()));
    let written = "version = \"2\"\n[[topic]]\nid = \"getting_in\"\nname = \"Logging in\"\ndescription = \"Login, password, sign in.\"\n\
                keywords = [\"log in\"]\n";
    let other = processor.analyzer().with_taxonomy(Taxonomy::parse(written).unwrap()).unwrap();
    let version = other.versions().taxonomy.to_owned();
    processor.switch(other, None);
    let (_, mut desk) = process(&processor, &event("ticket.created", &ticket()), &Suppressions::default());
    let rows = rows(&mut desk);
    assert_eq!(text(&rows, "taxonomy"), version);
    assert_eq!(rows.column("triage_rule").unwrap().null_count(), 1, "both at once");
    assert_eq!(processor.analyzer().taxonomy().version(), version);
}
