//! Reports on what some sources of events sent.

use super::*;

/// A third of the NPS answers come from another form.
fn two_forms() -> Vec<Fact> {
    let origin = |fact: &Fact| (fact.source == "nps" && fact.id.is_multiple_of(3)).then_some("web-nps");
    history(7, all()).into_iter().map(|fact| Fact { origin: origin(&fact), ..fact }).collect()
}

fn sent_by(names: &[&str], scope: &Scope) -> Scope {
    Scope { event_source: names.iter().map(|name| (*name).to_owned()).collect(), ..scope.clone() }
}

#[test]
fn a_report_on_a_source_of_events_is_the_one_on_its_records_alone() {
    let facts = two_forms();
    let inputs = inputs(&facts);
    let (scope, now) = last_four();
    let narrowed = report(&inputs, &sent_by(&["web-nps"], &scope), now, &names()).unwrap();
    let own: Vec<Fact> = facts.iter().filter(|fact| fact.origin == Some("web-nps")).cloned().collect();
    let alone = report(&super::inputs(&own), &scope, now, &names()).unwrap();
    let counts = |report: &Report| {
        let movers: Vec<_> = report.movers.iter().map(|m| (m.topic.clone(), m.days, m.p, m.q)).collect();
        (report.records.value, report.tests, report.previous, report.baseline, movers)
    };
    assert_eq!(counts(&narrowed), counts(&alone));
    assert!(narrowed.records.value > 200 && narrowed.sources.len() == 1);
    opens_its_records(&narrowed, &inputs);
}

#[test]
fn the_sources_of_events_are_named_and_stand_in_every_command() {
    let inputs = inputs(&two_forms());
    let (scope, now) = last_four();
    let both = report(&inputs, &sent_by(&["web-nps", "ticket-inbox"], &scope), now, &names()).unwrap();
    assert_eq!(both.sources.iter().map(|row| row.source.as_str()).collect::<Vec<_>>(), ["nps", "ticket"]);
    let text = on_one_line(&both);
    assert!(text.contains("Only event source web-nps, event source ticket-inbox."), "{text}");
    let commands = text.matches("verbatim report --records").count();
    let named = text.matches("--event-source web-nps --event-source ticket-inbox").count();
    assert!(commands > 2 && named == commands, "{text}");
    opens_its_records(&both, &inputs);
    let none = report(&inputs, &sent_by(&["elsewhere"], &scope), now, &names()).unwrap();
    assert_eq!((none.records.value, none.records_end), (0, None));
}
