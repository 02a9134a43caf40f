//! A record with all that is known of it.

use super::item::{Record, Span};
use crate::corrections::{self, CorrectionRow};
use crate::desk::{AT_MOST, At, Page};
use crate::problem::Problem;
use crate::state::App;
use crate::stored::{self, Stored};
use insight::shelf::{Label, Mention, Row, Sure, Text};
use serde::Serialize;
use utoipa::ToSchema;

#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct RecordWhole {
    /// As people corrected it.
    pub record: Record,
    /// The topics with where they stand, as people corrected them.
    pub topics: Vec<Topic>,
    /// What the model says.
    pub judged: Judged,
    /// What people said of it, the newest first; what was replaced or taken back as well.
    pub corrections: Vec<CorrectionRow>,
    /// Null where no rules were set.
    #[schema(required = true)]
    pub triage: Option<Triaged>,
    /// The case that it is a report of.
    #[schema(required = true)]
    pub case: Option<String>,
    pub versions: Versions,
    /// Another pseudonym of the author's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub author_alias: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub conversation_id: Option<String>,
    /// Which answer of a response it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub part: Option<String>,
    /// Of the account.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub revenue: Option<f64>,
    pub updated_at: At,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub collected_at: Option<At>,
    pub ingested_at: At,
    /// What agents and bots said in the same conversation, redacted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub agent_text: Option<String>,
    /// What else its source told, redacted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub metadata: Option<serde_json::Value>,
    /// What was taken out of its texts, and how often.
    pub redactions: Vec<Redacted>,
}

#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Topic {
    pub topic: String,
    pub sentiment: String,
    #[schema(required = true)]
    pub confidence: Option<f32>,
    pub span: Span,
}

/// What the model says, whatever people said since. Probabilities and confidences are calibrated.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Judged {
    pub sentiment: String,
    #[schema(required = true)]
    pub sentiment_confidence: Option<f32>,
    #[schema(required = true)]
    pub p_negative: Option<f32>,
    #[schema(required = true)]
    pub p_neutral: Option<f32>,
    #[schema(required = true)]
    pub p_positive: Option<f32>,
    pub kind: String,
    #[schema(required = true)]
    pub kind_confidence: Option<f32>,
    #[schema(required = true)]
    pub urgency: Option<String>,
    #[schema(required = true)]
    pub urgency_confidence: Option<f32>,
    pub topics: Vec<Topic>,
}

/// The decision on it.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Triaged {
    pub rule: String,
    pub owner: String,
    /// `P1` to `P4`.
    pub priority: String,
    pub queue: String,
    /// `high`, `medium` or `low`.
    pub confidence: String,
    /// The judgement that was too unsure, so that a person has to look; null where none has to.
    #[schema(required = true)]
    pub unsure: Option<String>,
    pub reason: String,
    /// Where in the body that stands.
    pub spans: Vec<Span>,
    pub labels: Vec<String>,
    pub actions: Vec<String>,
}

/// Who judged it, and which version of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Versions {
    /// Of the record, as its source counts.
    pub record: i64,
    #[schema(required = true)]
    pub encoder: Option<String>,
    #[schema(required = true)]
    pub taxonomy: Option<String>,
    /// Of the vector that it is compared by.
    #[schema(required = true)]
    pub vector: Option<String>,
    /// Of the rules of the triage.
    #[schema(required = true)]
    pub rules: Option<String>,
}

/// A class of what was taken out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Redacted {
    #[schema(example = "email")]
    pub class: String,
    pub count: i32,
}

/// The one record whose id begins so.
///
/// # Errors
/// 404 where there is none, 400 where there are several.
pub(super) async fn read(app: &App, beginning: &str) -> Result<RecordWhole, Problem> {
    let stored = stored::find(app, beginning).await?;
    let id = stored.row().id.to_string();
    let newest = Page { limit: AT_MOST, behind: None };
    let corrections = corrections::list(&app.store, Some(&id), &newest).await?.items;
    let case = app.desk.case_of(&id).await?;
    Ok(whole(&stored, corrections, case))
}

fn whole(stored: &Stored, corrections: Vec<CorrectionRow>, case: Option<String>) -> RecordWhole {
    let (row, beside) = (stored.row(), stored.beside.clone());
    let label = |label| row.label(label).map(str::to_owned);
    let text = |text| row.text(text).map(str::to_owned);
    let redacted = |(class, count): (String, i32)| Redacted { class, count };
    RecordWhole {
        record: Record::of(&stored.hit),
        topics: row.topics.iter().map(topic).collect(),
        judged: judged(&row),
        corrections,
        triage: triaged(&row),
        case,
        versions: Versions {
            record: row.version,
            encoder: label(Label::Encoder),
            taxonomy: label(Label::Taxonomy),
            vector: beside.space,
            rules: label(Label::Rules),
        },
        author_alias: text(Text::AuthorAlias),
        conversation_id: text(Text::Conversation),
        part: label(Label::Part),
        revenue: row.revenue,
        updated_at: At(row.updated_at),
        collected_at: beside.collected_at.map(At),
        ingested_at: At(row.stored_at),
        agent_text: beside.agent_text,
        metadata: beside.metadata,
        redactions: beside.redactions.into_iter().map(redacted).collect(),
    }
}

fn topic<T: AsRef<str>>(mention: &Mention<T>) -> Topic {
    Topic {
        topic: mention.topic.as_ref().to_owned(),
        sentiment: mention.sentiment.as_str().to_owned(),
        confidence: mention.confidence,
        span: mention.span.into(),
    }
}

/// Of what was corrected, what the model said; of the rest what stands there.
fn judged(row: &Row<'_>) -> Judged {
    let said = row.correction;
    let sentiment = said.and_then(|said| said.judged_sentiment).unwrap_or(row.sentiment);
    let kind = said.and_then(|said| said.judged_kind.as_deref()).or(row.label(Label::Kind));
    let topics = match said.and_then(|said| said.judged_topics.as_ref()) {
        Some(topics) => topics.iter().map(topic).collect(),
        None => row.topics.iter().map(topic).collect(),
    };
    Judged {
        sentiment: sentiment.as_str().to_owned(),
        sentiment_confidence: row.sure(Sure::Sentiment),
        p_negative: row.sure(Sure::Negative),
        p_neutral: row.sure(Sure::Neutral),
        p_positive: row.sure(Sure::Positive),
        kind: kind.unwrap_or_default().to_owned(),
        kind_confidence: row.sure(Sure::Kind),
        urgency: row.label(Label::Urgency).map(str::to_owned),
        urgency_confidence: row.sure(Sure::Urgency),
        topics,
    }
}

fn triaged(row: &Row<'_>) -> Option<Triaged> {
    let rule = row.label(Label::Rule)?.to_owned();
    let label = |label| row.label(label).unwrap_or_default().to_owned();
    let owned = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect();
    Some(Triaged {
        rule,
        owner: label(Label::Owner),
        priority: label(Label::Priority),
        queue: label(Label::Queue),
        confidence: label(Label::Confidence),
        unsure: row.label(Label::Unsure).map(str::to_owned),
        reason: row.text(Text::Reason).unwrap_or_default().to_owned(),
        spans: row.triage_spans.iter().copied().map(Span::from).collect(),
        labels: owned(&row.triage_labels),
        actions: owned(&row.triage_actions),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::query::testing::{record, shelf};
    use crate::stored::Beside;
    use serde_json::json;

    fn told(number: u8) -> serde_json::Value {
        let beside = Beside {
            metadata: Some(json!({ "plan": "pro" })),
            redactions: vec![("email".to_owned(), 2)],
            space: Some("v1".to_owned()),
            ..Beside::default()
        };
        let stored = Stored { hit: shelf().find(record(number)).unwrap(), beside };
        serde_json::to_value(whole(&stored, Vec::new(), None)).unwrap()
    }

    #[test]
    fn the_models_word_stands_beside_the_correction() {
        let told = told(1);
        assert_eq!(
            (&told["record"]["sentiment"], &told["judged"]["sentiment"]),
            (&json!("negative"), &json!("positive"))
        );
        assert_eq!(told["judged"]["kind"], json!("bug"));
        assert!(told["judged"]["p_negative"].as_f64().is_some_and(|share| (share - 0.75).abs() < 1e-4));
        assert_eq!(told["triage"]["rule"], json!("outage"));
        assert_eq!(told["versions"]["encoder"], json!("e1"));
        assert_eq!(told["versions"]["vector"], json!("v1"));
    }

    #[test]
    fn without_rules_there_is_no_decision() {
        let told = told(2);
        assert!(told["triage"].is_null() && told["case"].is_null());
        assert_eq!(told["judged"]["sentiment"], told["record"]["sentiment"]);
    }

    #[test]
    fn what_lists_do_not_hold_is_told() {
        let told = told(1);
        assert_eq!(told["metadata"], json!({ "plan": "pro" }));
        assert_eq!(told["redactions"], json!([{ "class": "email", "count": 2 }]));
        assert!(told.get("agent_text").is_none() && told.get("collected_at").is_none());
    }
}
