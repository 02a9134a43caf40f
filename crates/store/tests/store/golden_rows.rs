//! What the golden tables hold: every column filled somewhere and empty somewhere else.

use feedback::ids::Id;
use feedback::insight::{ALL_TOPICS, InsightCounts, InsightKey, InsightRow, NO_TOPIC, Scale};
use feedback::judgement::{FeedbackKind, KindJudgement, Sentiment, SentimentLabel, Urgency};
use feedback::position::Position;
use feedback::score::{Score, ScoreKind};
use feedback::span::Span;
use feedback::time::{Day, Timestamp};
use std::borrow::Cow;
use store::{
    AlertEvent, AuditEvent, CaseEvent, Correction, DeliveryEvent, Digest, FactColumns, FactRow, Note,
    Outcome, Quoted, TopicFact, TriageFact,
};

/// 2026-03-02, a Monday.
pub const FIRST_DAY: i32 = 20_514;
pub const TOPIC: &str = "feedback.survey";

pub fn embedding() -> Vec<i8> {
    (0..64).map(|at| (at * 4 - 127) as i8).collect()
}

pub const NETWORK_EMBEDDING: &[i8] = &[-127, 0, 127];

fn at(day: i32, second: i64) -> Timestamp {
    Timestamp(Day(FIRST_DAY + day).start().0 + second * 1_000_000)
}

/// One row with a value in every column.
fn full<'a>(
    tags: &'a [Cow<'a, str>],
    topics: &'a [TopicFact<'a>],
    vector: &'a [i8],
    triage: TriageFact<'a>,
) -> FactRow<'a> {
    FactRow {
        record_id: Id::of(&["survey", "form", "full", "q1"]),
        item_id: Id::of(&["survey", "form", "full"]),
        source_kind: "survey",
        source: "form",
        native_id: "full",
        part: "q1",
        conversation_id: Some("response-7"),
        version: 3,
        deleted: false,
        content_hash: -42,
        occurred_at: at(0, 10),
        updated_at: at(0, 20),
        collected_at: Some(at(0, 30)),
        ingested_at: at(1, 0),
        author: Some("a_0123456789abcdef0123456789abcdef"),
        author_alias: Some("a_00112233445566778899aabbccddeeff"),
        account: Some("acme"),
        segment: Some("enterprise"),
        revenue: Some(12_500.5),
        product: Some("Atlas"),
        app_version: Some("4.2.0"),
        platform: Some("android"),
        territory: Some("DE"),
        tags,
        permalink: Some("https://example.org/r/7"),
        question: Some("What should we improve?"),
        title: Some("Sync"),
        body: Some("Die Synchronisierung hängt ⏳ seit dem Update, bitte an [email] melden."),
        agent_text: Some("We are looking into it."),
        score: Score::new(ScoreKind::Csat, 2.0, 1.0, 5.0),
        language: Some("de"),
        sentiment: Some(Sentiment {
            label: SentimentLabel::Negative,
            confidence: 0.875,
            probabilities: [0.875, 0.1, 0.025],
        }),
        kind: Some(KindJudgement { label: FeedbackKind::Bug, confidence: 0.75 }),
        urgency: Some((Urgency::High, 0.625)),
        topics,
        redactions: &[("email", 1), ("phone", 2)],
        metadata: Some("{\"browser\":\"x\"}"),
        embedding: vector,
        encoder: Some("builtin-1"),
        vector: Some("builtin-1/64"),
        network_embedding: NETWORK_EMBEDDING,
        network_vector: Some("minilm-1"),
        taxonomy: Some("default-1"),
        triage: Some(triage),
        position_topic: TOPIC,
        position_partition: 2,
        position_offset: 100,
    }
}

pub fn facts() -> FactColumns {
    let mut columns = FactColumns::new();
    let tags = [Cow::Borrowed("beta"), Cow::Borrowed("mobile")];
    let topics = [
        TopicFact {
            topic: "sync",
            confidence: 0.9,
            sentiment: SentimentLabel::Negative,
            span: Span::new(0, 45),
        },
        TopicFact {
            topic: "support",
            confidence: 0.6,
            sentiment: SentimentLabel::Unknown,
            span: Span::new(46, 70),
        },
    ];
    let vector = embedding();
    let (labels, actions) = (["outage".to_owned(), "mobile".to_owned()], ["slack".to_owned()]);
    let triage = TriageFact {
        rule: "sync breaks",
        owner: "quality",
        priority: "P2",
        queue: "mobile",
        confidence: "medium",
        unsure: Some("kind"),
        reason: "kind bug at 75%, topics sync at 90%",
        spans: &[Span { start: 0, end: 45 }, Span { start: 46, end: 70 }],
        labels: &labels,
        actions: &actions,
        rules: "1:0a1b2c3d",
        at: at(1, 1),
    };
    columns.push(&full(&tags, &topics, &vector, triage));
    // Scores without words over two weeks, one of them sent twice.
    for n in 0..14_i32 {
        let native = format!("nps-{n}");
        columns.push(&bare(&native, n, i64::from(n)));
    }
    columns.push(&bare("nps-3", 3, 50));
    // An item in three versions that was deleted in the end, and one that moved to another day.
    for (version, day) in [(1, 1), (2, 2)] {
        columns.push(&FactRow {
            version,
            content_hash: version,
            body: Some("It is too slow."),
            ..bare("gone", day, 59 + version)
        });
    }
    columns.push(&FactRow { version: 3, deleted: true, content_hash: 3, score: None, ..bare("gone", 5, 62) });
    for (version, day) in [(1, 4), (2, 6)] {
        columns.push(&FactRow { version, content_hash: 10 + version, ..bare("moved", day, 69 + version) });
    }
    columns
}

fn bare(native: &str, day: i32, offset: i64) -> FactRow<'_> {
    FactRow {
        record_id: Id::of(&["nps", "app", native, ""]),
        item_id: Id::of(&["nps", "app", native]),
        source_kind: "nps",
        source: "app",
        native_id: native,
        content_hash: 7,
        occurred_at: at(day, 60),
        updated_at: at(day, 60),
        ingested_at: at(day, 61),
        score: Score::new(ScoreKind::Nps, f64::from(day % 11), 0.0, 10.0),
        position_topic: "feedback.nps",
        position_offset: offset,
        ..FactRow::default()
    }
}

pub fn notes() -> Vec<Note> {
    let note = |outcome, reason: &str, offset| Note {
        outcome,
        reason: reason.to_owned(),
        detail: "score must be at most 10".to_owned(),
        payload: None,
        source_kind: None,
        author: None,
        author_alias: None,
        records: 1,
        ingested_at: at(0, offset),
        position: Position { topic: TOPIC.into(), partition: 0, offset },
    };
    vec![
        Note {
            payload: Some("{\"score\":11}".to_owned()),
            source_kind: Some("nps".to_owned()),
            author: Some("a_fedcba9876543210fedcba9876543210".to_owned()),
            ..note(Outcome::DeadLetter, "out_of_range", 7)
        },
        note(Outcome::Ignored, "repost", 8),
        Note { records: 2, ..note(Outcome::Erased, "suppressed", 9) },
    ]
}

pub fn insights() -> Vec<InsightRow> {
    let key = |topic: &str, scale| InsightKey {
        day: Day(FIRST_DAY),
        product: "Atlas".to_owned(),
        source_kind: "survey".to_owned(),
        topic: topic.to_owned(),
        scale,
    };
    let scale = Scale { kind: ScoreKind::Csat, min: 1.0, max: 5.0 };
    let counts = InsightCounts {
        records: 21,
        negative: 1,
        neutral: 2,
        positive: 3,
        sentiment_unknown: 15,
        bug: 4,
        feature_request: 5,
        complaint: 6,
        praise: 1,
        question: 2,
        cancellation: 1,
        other: 1,
        kind_unknown: 1,
        urgent: 7,
        score_n: 8,
        score_sum: 20.5,
        score_sum_sq: 60.25,
        promoters: 9,
        passives: 10,
        detractors: 11,
        top2: 12,
    };
    vec![
        InsightRow { key: key(ALL_TOPICS, Some(scale)), counts },
        InsightRow {
            key: key(NO_TOPIC, None),
            counts: InsightCounts { records: 1, ..InsightCounts::default() },
        },
    ]
}

fn quoted(record: &str, author: Option<&str>) -> Quoted {
    Quoted { record_id: record.to_owned(), author: author.map(str::to_owned), author_alias: None }
}

fn some(text: &str) -> Option<String> {
    Some(text.to_owned())
}

pub fn alerts() -> Vec<AlertEvent> {
    vec![AlertEvent {
        at: at(3, 10),
        alert: "alert-1".to_owned(),
        step: "fired".to_owned(),
        owner: some("quality"),
        severity: some("warning"),
        told_by: None,
        payload: some("{\"topic\":\"sync\"}"),
        quoted: vec![quoted("r1", Some("a_0000000000000000000000000000000a")), quoted("r2", None)],
    }]
}

pub fn cases() -> Vec<CaseEvent> {
    let opened = CaseEvent {
        at: at(3, 20),
        case: "case-1".to_owned(),
        step: "opened".to_owned(),
        record: Some(quoted("r1", Some("a_0000000000000000000000000000000a"))),
        told_by: None,
        owner: some("quality"),
        topic: some("sync"),
        kind: some("bug"),
        product: some("Atlas"),
        vector: some("builtin-1/64"),
        payload: None,
        quoted: Vec::new(),
    };
    let acknowledged = CaseEvent {
        at: at(4, 20),
        step: "acknowledged".to_owned(),
        record: None,
        told_by: some("maria"),
        topic: None,
        kind: None,
        product: None,
        vector: None,
        ..opened.clone()
    };
    vec![opened, acknowledged]
}

pub fn deliveries() -> Vec<DeliveryEvent> {
    vec![DeliveryEvent {
        at: at(3, 30),
        key: "0123456789abcdef0123456789abcdef".to_owned(),
        step: "queued".to_owned(),
        target: some("slack"),
        record: None,
        payload: some("{\"event\":\"queued\"}"),
        quoted: Vec::new(),
    }]
}

pub fn digests() -> Vec<Digest> {
    vec![Digest {
        made_at: at(7, 0),
        week: "2026-W10".to_owned(),
        owner: "quality".to_owned(),
        markdown: some("# Week 10\n"),
        html: some("<h1>Week 10</h1>"),
        payload: some("{\"week\":\"2026-W10\"}"),
        quoted: Vec::new(),
    }]
}

/// Of records that no fact is of.
pub fn corrections() -> Vec<Correction> {
    let kind = Correction {
        id: "00000000000000000000000000000001".to_owned(),
        at: at(5, 10),
        by: "maria".to_owned(),
        record: quoted("r1", Some("a_0000000000000000000000000000000a")),
        item_id: "00000000000000000000000000000002".to_owned(),
        item_day: Day(FIRST_DAY),
        content_hash: -43,
        body_chars: 70,
        field: "kind".to_owned(),
        value: some("complaint"),
        topics: None,
        note: some("they do not ask for anything"),
    };
    let topics = Correction {
        id: "00000000000000000000000000000003".to_owned(),
        field: "topics".to_owned(),
        value: None,
        topics: Some(vec!["sync".to_owned(), "billing".to_owned()]),
        note: None,
        ..kind.clone()
    };
    let withdrawn = Correction {
        id: "00000000000000000000000000000004".to_owned(),
        at: at(6, 10),
        value: some("withdrawn"),
        note: None,
        ..kind.clone()
    };
    vec![kind, topics, withdrawn]
}

pub fn audit() -> Vec<AuditEvent> {
    vec![AuditEvent {
        id: "00000000000000000000000000000005".to_owned(),
        at: at(5, 10),
        by: "maria".to_owned(),
        role: "editor".to_owned(),
        action: "correct".to_owned(),
        object: "r1".to_owned(),
        detail: "kind=complaint".to_owned(),
    }]
}
