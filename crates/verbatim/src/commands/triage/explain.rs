//! `verbatim triage --explain`: why a record went where it did, and where it would go today.

use crate::blocking::blocking;
use crate::cases::Book;
use crate::context::{self, Context};
use crate::output;
use crate::usage;
use anyhow::{Context as _, Result, bail};
use feedback::span::Span;
use insight::InsightError;
use insight::triage::{Explanation, History, Kept, Past, RuleSet, Scratch, explain, kept, of_record};
use serde::Serialize;

/// Ids that are named where a beginning fits several.
const NAMED: usize = 5;

#[derive(Serialize)]
struct Told<'a> {
    record: &'a str,
    /// The case that it is in.
    case: Option<&'a str>,
    /// As it was decided when it came.
    stored: Option<&'a Kept>,
    /// The words that the stored decision rests on.
    on: Vec<&'a str>,
    /// By the rules of today, with every rule and every condition.
    today: Option<Today<'a>>,
}

#[derive(Serialize)]
struct Today<'a> {
    #[serde(flatten)]
    explanation: Explanation<'a>,
    on: Vec<&'a str>,
}

pub fn run(record: &str, context: &Context) -> Result<()> {
    let beginning = record.trim().to_ascii_lowercase();
    if beginning.is_empty() {
        return usage::wrong("--explain takes how the id of a record begins, as `report --records` shows it");
    }
    let rules = context.rules()?;
    let (history, kept, book) = context::runtime()?.block_on(async {
        let store = context.filled_store().await?;
        let facts = of_record(store.current_facts().await?, &beginning);
        let read = move || Ok::<_, InsightError>((History::read(facts.clone())?, kept(facts)?));
        let (history, kept) = blocking("the reading of the record broke off", read).await??;
        anyhow::Ok((history, kept, Book::read(&store).await?))
    })?;
    let past = one(&history, &beginning)?;
    let body = past.subject.body;
    let stored = kept.iter().find(|kept| kept.record == past.record);
    let mut scratch = Scratch::default();
    let told = Told {
        record: past.record,
        case: book.case_of(past.record),
        on: stored.map(|stored| words(&stored.spans, body)).unwrap_or_default(),
        stored,
        today: rules.as_deref().map(|rules| today(rules, &past, &mut scratch)),
    };
    if context.json { output::json(&told) } else { output::text(&shown(&told)) }
}

/// The one record whose id begins so.
fn one<'h>(history: &'h History, beginning: &str) -> Result<Past<'h>> {
    let mut ids: Vec<&str> = history.iter().map(|past| past.record).collect();
    ids.sort_unstable();
    if ids.len() > 1 {
        let more = if ids.len() > NAMED { " …" } else { "" };
        bail!(
            "{} records have an id that begins with {beginning:?}: give more of it; they are {}{more}",
            ids.len(),
            ids[..ids.len().min(NAMED)].join(", ")
        );
    }
    history.iter().next().with_context(|| {
        format!(
            "no record has an id that begins with {beginning:?}: `verbatim report --records` shows the ids"
        )
    })
}

fn today<'a>(rules: &'a RuleSet, past: &Past<'a>, scratch: &'a mut Scratch) -> Today<'a> {
    let explanation = explain(rules, &past.subject, scratch);
    let on = words(explanation.decision.spans, past.subject.body);
    Today { explanation, on }
}

fn words<'b>(spans: &[Span], body: &'b str) -> Vec<&'b str> {
    spans.iter().map(|span| span.of(body)).filter(|words| !words.is_empty()).collect()
}

fn shown(told: &Told<'_>) -> String {
    let mut text = format!("Record {}\n", told.record);
    if let Some(case) = told.case {
        text += &format!("Case   {case}\n");
    }
    text += "\nAs it was decided\n";
    match told.stored {
        Some(stored) => text += &decided(stored),
        None => text += "  It was not: no rules were set when it came.\n",
    }
    text += &on(&told.on);
    let Some(Today { explanation, on: today }) = &told.today else {
        return text + "\nToday nothing would be decided, for [triage] rules is \"none\".\n";
    };
    text += "\nBy the rules of today\n";
    text += if is_same(told.stored, explanation) { "  It would go where it went.\n" } else { "" };
    for line in explanation.to_string().lines() {
        let line = line.trim_end();
        let indent = line.len() - line.trim_start().len();
        text += &output::wrapped(line, 2 + indent, usize::MAX);
    }
    text + &on(today)
}

fn is_same(stored: Option<&Kept>, today: &Explanation<'_>) -> bool {
    let now = &today.decision;
    stored.is_some_and(|stored| {
        (stored.owner.as_str(), stored.priority.as_str(), stored.queue.as_str())
            == (now.owner, now.priority.as_str(), now.queue)
    })
}

fn decided(kept: &Kept) -> String {
    let Kept { rule, owner, priority, queue, confidence, reason, rules, at, labels, .. } = kept;
    let at = at.to_datetime().map(|at| at.format("%Y-%m-%d %H:%M UTC").to_string()).unwrap_or_default();
    let mut text = output::wrapped(&format!("rule {rule:?}: {reason}"), 2, usize::MAX);
    let place = format!("{priority} to {owner}, queue {queue}; {confidence} confidence; rules {rules}; {at}");
    text += &output::wrapped(&place, 2, usize::MAX);
    if !labels.is_empty() {
        text += &output::wrapped(&format!("labels {}", labels.join(", ")), 2, usize::MAX);
    }
    text
}

fn on(words: &[&str]) -> String {
    let quoted: Vec<String> = words.iter().map(|words| format!("“{words}”")).collect();
    if quoted.is_empty() {
        String::new()
    } else {
        output::wrapped(&format!("on {}", quoted.join(", ")), 2, 600)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::context::topic_tree;
    use analyze::Taxonomy;
    use feedback::judgement::Urgency;
    use feedback::time::Timestamp;
    use insight::triage::{Subject, SubjectTopic, TriageFile};

    #[test]
    fn the_stored_decision_and_todays_are_told_side_by_side() {
        let rules =
            RuleSet::new(&TriageFile::standard().unwrap(), &topic_tree(&Taxonomy::standard().unwrap()))
                .unwrap();
        let topics = [SubjectTopic::new("login_access", 0.9, Span::new(2, 14))];
        let subject = Subject {
            topics: &topics,
            urgency: Some((Urgency::High, 0.9)),
            body: "I cannot login at all",
            ..Subject::new("ticket", "desk")
        };
        let past = Past { record: "ab12", subject, stored: None };
        let stored = Kept {
            record: "ab12".to_owned(),
            source: "ticket".to_owned(),
            event_source: "desk".to_owned(),
            native_id: "T-1".to_owned(),
            occurred_at: Timestamp(0),
            stored_at: Timestamp(0),
            rule: "login and accounts".to_owned(),
            owner: "identity".to_owned(),
            priority: "P3".to_owned(),
            queue: "identity".to_owned(),
            confidence: "high".to_owned(),
            unsure: None,
            reason: "topics login_access at 90%".to_owned(),
            spans: vec![Span::new(2, 14)],
            labels: vec!["access".to_owned()],
            actions: Vec::new(),
            rules: "0:old".to_owned(),
            at: Timestamp(0),
        };
        let mut scratch = Scratch::default();
        let told = Told {
            record: past.record,
            case: Some("cd34"),
            on: words(&stored.spans, past.subject.body),
            stored: Some(&stored),
            today: Some(today(&rules, &past, &mut scratch)),
        };
        let text = shown(&told);
        for part in [
            "Record ab12\nCase   cd34\n",
            "P3 to identity, queue identity; high confidence",
            "on “cannot login”",
            "rule \"locked out\"",
            "P1 to identity",
            "security alarm failed",
            "locked out held, and decides",
        ] {
            assert!(text.contains(part), "{part}: {text}");
        }
        assert!(!text.contains("where it went"), "another priority: {text}");
        let json = serde_json::to_value(&told).unwrap();
        assert_eq!(json["today"]["decision"]["rule"], "locked out");
        assert_eq!(json["today"]["on"][0], "cannot login");
        let undecided = Told { stored: None, on: Vec::new(), today: None, ..told };
        let text = shown(&undecided);
        assert!(text.contains("It was not") && text.contains("rules is \"none\""), "{text}");
    }
}
