//! What is drawn of a taxonomy, by whoever looks, whatever stands in it.

use super::edit::{Draft, Note};
use super::{edit, stand, trial};
use crate::auth::{By, Caller, Role};
use crate::desk::{At, Date};
use crate::pages::feedback::{HOSTILE, harmless};
use crate::taxonomy::{
    Agreed, TaxonomyCandidate, TaxonomyCandidates, TaxonomyOverlap, TaxonomyQuote, TaxonomyShown,
    TaxonomySuggestion, TaxonomyTopic, TaxonomyTrial, TrialAgreement, TrialTopic,
};
use feedback::time::{Day, Timestamp};
use insight::report::Filter;
use insight::taxonomy::Fate;

const RECORD: &str = "00000000000000000000000000000007";

fn caller(role: Role) -> Caller {
    Caller::new("ada", role, By::Token)
}

fn quote(text: &str) -> TaxonomyQuote {
    TaxonomyQuote { record: RECORD.to_owned(), day: Date(Day(20_514)), text: text.to_owned() }
}

/// Nothing was said yet.
fn empty() -> TaxonomyShown {
    TaxonomyShown {
        version: "1:00000000".to_owned(),
        base: "b1".to_owned(),
        text: "version = \"1\"\n".to_owned(),
        file: None,
        written_to: Some("/srv/data.taxonomy.toml".to_owned()),
        trouble: None,
        from: Date(Day(20_514)),
        to: Date(Day(20_541)),
        held_since: None,
        records: 0,
        filter: Filter::default(),
        unassigned: 0,
        unassigned_share: None,
        unassigned_filter: Filter::default().topic("none"),
        topics: Vec::new(),
        overlaps: Vec::new(),
        candidates: None,
    }
}

/// With one of everything, all of whose words are these.
fn full(words: &str) -> TaxonomyShown {
    let text = || words.to_owned();
    let topic = TaxonomyTopic {
        id: "billing".to_owned(),
        name: text(),
        description: text(),
        owner: Some(text()),
        parent: None,
        examples: vec![text()],
        keywords: vec![text(), text()],
        is_current: true,
        line: Some(3),
        records: 1_200,
        share: Some(0.3),
        filter: Filter::default().topic("billing"),
    };
    let gone = TaxonomyTopic { id: text(), is_current: false, line: None, ..topic.clone() };
    let overlap = TaxonomyOverlap {
        one: "billing".to_owned(),
        other: text(),
        both: 900,
        of_one: 1_200,
        of_other: 1_000,
        share_of_one: 0.75,
        share_of_other: 0.9,
        jaccard: 0.69,
        filter: Filter::default().topic(words),
    };
    let at = At(Timestamp(1_772_443_800_000_000));
    let candidate = TaxonomyCandidate {
        record: RECORD.to_owned(),
        records: 40,
        people: 31,
        first_at: at,
        last_at: at,
        words: vec![text()],
        quotes: vec![quote(words)],
        suggestion: TaxonomySuggestion { id: text(), name: text(), keywords: vec![text()], toml: text() },
    };
    TaxonomyShown {
        version: text(),
        text: text(),
        file: Some(text()),
        trouble: Some(text()),
        held_since: Some(at),
        records: 4_000,
        unassigned: 800,
        unassigned_share: Some(0.2),
        topics: vec![topic, gone],
        overlaps: vec![overlap],
        candidates: Some(TaxonomyCandidates {
            as_of: at,
            looked_at: 800,
            more: true,
            left_out: 1_234,
            left_out_languages: vec![text(), "fr".to_owned()],
            items: vec![candidate],
        }),
        ..empty()
    }
}

fn tried(words: &str) -> TaxonomyTrial {
    let text = || words.to_owned();
    let topic = |fate: Fate, gained: u64, lost: u64| TrialTopic {
        id: text(),
        name: text(),
        fate,
        before: 10,
        after: 10 + gained - lost,
        gained,
        lost,
        gains: vec![quote(words)],
        losses: vec![quote(words)],
    };
    TaxonomyTrial {
        version: text(),
        before: text(),
        base: "b1".to_owned(),
        from: Date(Day(20_514)),
        to: Date(Day(20_541)),
        records: 20_000,
        more: true,
        changed: 412,
        unassigned_before: 4_000,
        unassigned_after: 3_600,
        topics: vec![
            topic(Fate::Kept, 12, 3),
            topic(Fate::New, 40, 0),
            topic(Fate::Removed, 0, 9),
            topic(Fate::Kept, 0, 0),
        ],
        agreement: Some(TrialAgreement {
            records: 30,
            before: Agreed { precision: Some(0.8), recall: Some(0.5) },
            after: Agreed { precision: None, recall: Some(0.75) },
        }),
        warnings: vec![text()],
    }
}

fn draft<'d>(text: &'d str, note: Option<Note>) -> Draft<'d> {
    Draft { text, base: "b1", weeks: "4", line: Some(2), note }
}

#[test]
fn whatever_stands_in_it_is_text() {
    for role in [Role::Viewer, Role::Editor, Role::Admin] {
        let caller = caller(role);
        harmless(&stand::page(&full(HOSTILE), &caller, true).into_string());
        harmless(&trial::page(&tried(HOSTILE), HOSTILE, &caller).into_string());
        harmless(&edit::page(&draft(HOSTILE, Some(Note::wrong(HOSTILE))), &caller).into_string());
    }
}

#[test]
fn who_may_look_sees_all_but_the_forms() {
    let drawn = |role: Role| stand::page(&full("words"), &caller(role), false).into_string();
    let (viewer, editor) = (drawn(Role::Viewer), drawn(Role::Editor));
    assert!(!viewer.contains("<form") && !viewer.contains("/taxonomy/edit"), "{viewer}");
    assert!(viewer.contains("1,200") && viewer.contains("75%") && viewer.contains("<blockquote"));
    let left_out = "1,234 more are left out: no model here reads their languages (<bdi>words, fr</bdi>).";
    assert!(viewer.contains(left_out), "{viewer}");
    assert!(editor.contains("href=\"/taxonomy/edit?topic=billing\""), "{editor}");
    assert!(editor.contains(&format!("name=\"quote\" value=\"{RECORD}\"")));
    assert!(editor.contains("href=\"/feedback?topic=billing\""), "{editor}");
}

#[test]
fn nothing_is_told_of_nothing() {
    let drawn = stand::page(&empty(), &caller(Role::Admin), false).into_string();
    for told in
        ["has no topics", "No two topics", "They are being looked for", "\u{2013}", "/srv/data.taxonomy.toml"]
    {
        assert!(drawn.contains(told), "{told}: {drawn}");
    }
    let nowhere = TaxonomyShown { written_to: None, ..empty() };
    assert!(stand::page(&nowhere, &caller(Role::Admin), false).into_string().contains("analyze.taxonomy"));
    let candidates = |left_out: u64| TaxonomyCandidates {
        as_of: At(Timestamp(0)),
        looked_at: 0,
        more: false,
        left_out,
        left_out_languages: vec!["de".to_owned(); left_out.min(1) as usize],
        items: Vec::new(),
    };
    let none = |left_out| TaxonomyShown { candidates: Some(candidates(left_out)), ..empty() };
    let drawn = |left_out| stand::page(&none(left_out), &caller(Role::Viewer), false).into_string();
    assert!(drawn(0).contains("Nothing was found") && !drawn(0).contains("left out:"));
    let one = "One more is left out: no model here reads its language (<bdi>de</bdi>).";
    assert!(drawn(1).contains(one), "{}", drawn(1));
    assert!(!drawn(0).contains("/v1/taxonomy."), "there is nothing to take along");
    let still = TaxonomyTrial { records: 0, topics: Vec::new(), agreement: None, ..tried("w") };
    let drawn = trial::page(&still, "", &caller(Role::Admin)).into_string();
    assert!(drawn.contains("No topic gains or loses") && drawn.contains("\u{2013}"), "{drawn}");
}

#[test]
fn every_list_is_a_file_of_the_same_weeks() {
    let drawn = stand::page(&full("words"), &caller(Role::Viewer), false).into_string();
    for list in ["topics", "overlaps", "candidates"] {
        for ending in ["csv", "jsonl"] {
            let address = format!("href=\"/v1/taxonomy.{ending}?list={list}&amp;weeks=4\"");
            assert!(drawn.contains(&address), "{address}: {drawn}");
        }
    }
    let drawn = trial::page(&tried("words"), "a \"text\"\n", &caller(Role::Editor)).into_string();
    for part in [
        "action=\"/taxonomy/preview.csv\"",
        "formaction=\"/taxonomy/preview.jsonl\"",
        "name=\"weeks\" value=\"4\"",
        "name=\"text\" value=\"a &quot;text&quot;\n\"",
    ] {
        assert!(drawn.contains(part), "{part}: {drawn}");
    }
}

#[test]
fn only_an_admin_switches_on_what_was_tried() {
    let drawn = |role: Role| trial::page(&tried("words"), "a \"text\"\n", &caller(role)).into_string();
    let (editor, admin) = (drawn(Role::Editor), drawn(Role::Admin));
    assert!(!editor.contains("action=\"/taxonomy\"") && editor.contains("Only an admin"));
    assert!(
        admin.contains("action=\"/taxonomy\"") && admin.contains("value=\"a &quot;text&quot;\n\""),
        "{admin}"
    );
    assert!(
        admin.contains("20% \u{2192} 18%") && admin.contains("One topic stays") && admin.contains("+40"),
        "{admin}"
    );
    assert!(admin.contains("80%") && admin.contains("75%"));
}

#[test]
fn the_editor_keeps_what_was_written_and_where_it_is_wrong() {
    let wrong = draft("a & b\n<c>", Some(Note::wrong("line 2: <c>")));
    let drawn = edit::page(&wrong, &caller(Role::Editor)).into_string();
    assert!(drawn.contains("aria-invalid=\"true\">\na &amp; b\n&lt;c&gt;</textarea>"), "{drawn}");
    assert!(
        drawn.contains("data-line=\"2\"")
            && drawn.contains("role=\"alert\"")
            && drawn.contains("line 2: &lt;c&gt;")
    );
    assert!(drawn.contains("<option value=\"4\" selected>the last 4 weeks</option>"), "{drawn}");
    let fine = edit::page(&draft("a", Some(Note::done("It is there"))), &caller(Role::Editor)).into_string();
    assert!(!fine.contains("aria-invalid") && fine.contains("role=\"status\""), "{fine}");
}
