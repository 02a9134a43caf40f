//! Records for the tests of pages, and what no page may be made to do by one.

use crate::auth::{By, Caller, Role};
use crate::state::{Topic, Topics};
use feedback::ids::Id;
use feedback::judgement::SentimentLabel;
use feedback::span::Span;
use feedback::time::{Day, Timestamp};
use insight::shelf::{Label, Mention, Row, Sure, Text};

/// Ends whatever it may stand in, then runs, and turns the direction of writing.
pub(in crate::pages) const HOSTILE: &str =
    "\"'>--></textarea><script>alert(1)</script><img src=x onerror=alert(1)>&lt;b&gt;\u{202e}live\u{2066}x";

pub(in crate::pages) fn topics() -> Topics {
    let topic = |id: &str, name: &str, parent: Option<&str>| Topic {
        id: id.to_owned(),
        name: name.to_owned(),
        description: String::new(),
        examples: Vec::new(),
        keywords: Vec::new(),
        parent: parent.map(str::to_owned),
        owner: None,
    };
    Topics::new(
        "1",
        vec![topic("login", "Login and access", None), topic("billing", "Billing", Some("login"))],
    )
}

pub(in crate::pages) fn caller(role: Role) -> Caller {
    Caller::new("ada", role, By::Token)
}

/// A record as any.
pub(in crate::pages) fn row() -> Row<'static> {
    let mut labels = [""; Label::ALL.len()];
    for (label, word) in [
        (Label::SourceKind, "nps"),
        (Label::Source, "web-nps"),
        (Label::Product, "app"),
        (Label::AppVersion, "4.2.0"),
        (Label::Platform, "ios"),
        (Label::Language, "en"),
        (Label::Segment, "enterprise"),
        (Label::Account, "ACME"),
        (Label::Question, "Why?"),
        (Label::ScoreKind, "nps"),
        (Label::Kind, "bug"),
        (Label::Urgency, "high"),
        (Label::Encoder, "e1"),
        (Label::Taxonomy, "1"),
        (Label::Rule, "login-bugs"),
        (Label::Owner, "identity"),
        (Label::Priority, "P1"),
        (Label::Queue, "desk"),
        (Label::Confidence, "high"),
        (Label::Rules, "r1"),
    ] {
        labels[label as usize] = word;
    }
    let mut texts = [""; Text::ALL.len()];
    for (text, words) in [
        (Text::NativeId, "n-7"),
        (Text::Permalink, "https://example.com/7"),
        (Text::Title, "Locked out"),
        (Text::Body, "The login fails, the new search is fine."),
        (Text::Reason, "topic login at 91%, kind bug"),
    ] {
        texts[text as usize] = words;
    }
    let mut sure = [None; Sure::ALL.len()];
    sure[Sure::Sentiment as usize] = Some(0.71);
    let mention = |topic, sentiment, span| Mention { topic, sentiment, confidence: Some(0.91), span };
    let at = Timestamp(1_772_443_800_000_000);
    Row {
        id: Id(7 << 100),
        day: Day(20_514),
        at,
        updated_at: at,
        stored_at: at,
        triaged_at: None,
        version: 3,
        labels,
        texts,
        sure,
        sentiment: SentimentLabel::Negative,
        revenue: Some(12_000.0),
        score_value: Some(3.0),
        score_ends: Some((0.0, 10.0)),
        topics: vec![
            mention("login", SentimentLabel::Negative, Span::new(4, 15)),
            mention("search", SentimentLabel::Positive, Span::new(17, 39)),
        ],
        tags: vec!["vip"],
        triage_labels: Vec::new(),
        triage_actions: Vec::new(),
        triage_spans: vec![Span::new(4, 15)],
        vector: Some(("v1", &[1, 2])),
        correction: None,
    }
}

/// A record of which every text is [`HOSTILE`].
pub(in crate::pages) fn hostile() -> Row<'static> {
    let mut texts = [HOSTILE; Text::ALL.len()];
    texts[Text::Permalink as usize] = "javascript:alert(1)";
    let mut labels = [HOSTILE; Label::ALL.len()];
    labels[Label::ScoreKind as usize] = "nps";
    let mention = Mention {
        topic: HOSTILE,
        sentiment: SentimentLabel::Negative,
        confidence: Some(0.5),
        span: Span::new(3, 900),
    };
    Row {
        labels,
        texts,
        topics: vec![mention],
        tags: vec![HOSTILE],
        triage_labels: vec![HOSTILE],
        triage_actions: vec![HOSTILE],
        ..row()
    }
}

/// Asserts that of what stands in the markup nothing is run, nothing leads away unasked, and what turns the direction of
/// writing turns no more than itself.
#[track_caller]
pub(in crate::pages) fn harmless(markup: &str) {
    const VOID: [&str; 3] = ["input", "br", "meta"];
    let mut open: Vec<(&str, bool)> = Vec::new();
    let mut rest = markup;
    while let Some(at) = rest.find('<') {
        let (text, behind) = (&rest[..at], &rest[at + 1..]);
        let is_apart = open.iter().any(|(_, apart)| *apart);
        assert!(is_apart || !text.contains(['\u{202e}', '\u{2066}']), "{text:?} turns what stands around it");
        let end = behind.find('>').expect("a tag ends");
        let tag = &behind[..end];
        rest = &behind[end + 1..];
        if let Some(name) = tag.strip_prefix('/') {
            assert_eq!(open.pop().map(|(name, _)| name), Some(name), "{markup}");
            continue;
        }
        let name = tag.split(' ').next().unwrap_or_default();
        assert!(!["script", "img", "iframe", "object", "style", "base"].contains(&name), "<{tag}>");
        tag.split('"').step_by(2).for_each(|between| no_handler(between, tag));
        for target in ["href=\"", "action=\"", "src=\""] {
            if let Some((_, address)) = tag.split_once(target) {
                let is_known =
                    ["/", "#", "https://", "http://"].iter().any(|start| address.starts_with(start));
                assert!(is_known && !address.starts_with("//"), "<{tag}>");
            }
        }
        if !VOID.contains(&name) {
            open.push((name, matches!(name, "bdi" | "option") || tag.contains("dir=\"auto\"")));
        }
    }
    assert!(open.is_empty(), "{open:?} stay open");
}

/// `names`: of attributes, between two values.
fn no_handler(names: &str, tag: &str) {
    let is_bad = |name: &str| name.starts_with("on") || name.starts_with("style=") || name == "srcdoc=";
    assert!(!names.split(' ').any(is_bad), "<{tag}>");
}

#[test]
#[should_panic(expected = "script")]
fn a_script_is_noticed() {
    harmless("<p><script>x</script></p>");
}

#[test]
#[should_panic(expected = "onerror")]
fn a_handler_is_noticed() {
    harmless("<p class=\"a\" onerror=\"x\"></p>");
}

#[test]
#[should_panic(expected = "turns")]
fn what_turns_the_direction_is_noticed() {
    harmless("<p>\u{202e}</p>");
}
