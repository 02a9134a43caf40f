use super::*;
use feedback::judgement::{FeedbackKind, SentimentLabel};
use proptest::prelude::*;
use std::fmt::Write;
use std::sync::LazyLock;

static ANALYZER: LazyLock<Analyzer> =
    LazyLock::new(|| Analyzer::new(Taxonomy::standard().unwrap(), Options::default()).unwrap());

fn body(text: &str) -> Input<'_> {
    Input { body: text, ..Input::default() }
}

fn topic_ids(analysis: &Analysis<'_>) -> Vec<&'static str> {
    analysis.topics.iter().map(|hit| ANALYZER.taxonomy().get(hit.topic).unwrap().id.as_str()).collect()
}

/// Everything of an analysis, as text.
fn shown(analysis: &Analysis<'_>) -> String {
    format!("{analysis:?}")
}

#[test]
fn redaction_comes_first() {
    let mut scratch = Scratch::default();
    let input = Input {
        title: Some("From Jane Roe"),
        body: "My address is jane.roe@example.com, the export is broken.",
        question: Some("What is wrong, Jane Roe?"),
        known: &Known::new(["Jane Roe"]),
        ..Input::default()
    };
    let analysis = ANALYZER.analyze(&input, &mut scratch);
    assert_eq!(analysis.body, "My address is [email], the export is broken.");
    assert_eq!((analysis.title, analysis.question), (Some("From [name]"), Some("What is wrong, [name]?")));
    assert_eq!(analysis.redactions.total(), 3);
}

#[test]
fn what_is_redacted_already_is_read_as_it_is() {
    let text = "Write to jane.roe@example.com, the export is broken.";
    let mut scratch = Scratch::default();
    let analysis = ANALYZER.analyze_redacted(&body(text), &mut scratch);
    assert_eq!((analysis.body, analysis.redactions.total()), (text, 0));
    let input = Input {
        title: Some("From [name]"),
        question: Some("What is wrong?"),
        ..body("My address is [email], the export is broken.")
    };
    let redacted = shown(&ANALYZER.analyze_redacted(&input, &mut scratch));
    assert_eq!(redacted, shown(&ANALYZER.analyze(&input, &mut Scratch::default())));
}

#[test]
fn a_score_without_words_is_unknown() {
    let mut scratch = Scratch::default();
    for text in ["", "   ", "\n\n"] {
        let analysis = ANALYZER.analyze(&body(text), &mut scratch);
        assert_eq!(analysis.sentiment.label, SentimentLabel::Unknown);
        assert_eq!(analysis.kind.label, FeedbackKind::Unknown);
        assert!(analysis.topics.is_empty() && analysis.vector.is_empty());
    }
}

#[test]
fn a_language_it_does_not_know_is_unknown() {
    let mut scratch = Scratch::default();
    let german = "Die neue Oberfläche gefällt mir überhaupt nicht, alles ist langsamer geworden als vorher.";
    let analysis = ANALYZER.analyze(&body(german), &mut scratch);
    assert_eq!(analysis.language.as_str(), "de");
    assert_eq!(analysis.sentiment.label, SentimentLabel::Unknown);
    assert_eq!(analysis.kind.label, FeedbackKind::Unknown);
}

#[test]
fn known_emoji_and_scores_are_read_and_others_are_unknown() {
    let mut scratch = Scratch::default();
    for (text, label) in [
        ("😡😡😡", SentimentLabel::Negative),
        ("🤬", SentimentLabel::Negative),
        ("🪗", SentimentLabel::Unknown),
        ("🦔", SentimentLabel::Unknown),
        ("10/10", SentimentLabel::Positive),
        ("😢", SentimentLabel::Negative),
        ("👍", SentimentLabel::Positive),
        ("❤️", SentimentLabel::Positive),
    ] {
        for hint in [None, Some("en")] {
            let input = Input { language_hint: hint, ..body(text) };
            let said = ANALYZER.analyze(&input, &mut scratch);
            assert_eq!(said.sentiment.label, label, "{text}");
            assert_eq!(said.kind.label == FeedbackKind::Unknown, label == SentimentLabel::Unknown, "{text}");
        }
    }
}

#[test]
fn mixed_opinions_are_told_apart_by_topic() {
    let mut scratch = Scratch::default();
    let text =
        "Your support team is wonderful and friendly. The price increase is outrageous, far too expensive.";
    let analysis = ANALYZER.analyze(&body(text), &mut scratch);
    let of = |id: &str| {
        let topic = ANALYZER.taxonomy().find(id).unwrap();
        *analysis.topics.iter().find(|hit| hit.topic == topic).unwrap()
    };
    assert_eq!(of("support").sentiment, SentimentLabel::Positive);
    assert_eq!(of("pricing").sentiment, SentimentLabel::Negative);
    assert_eq!(of("support").span.of(analysis.body), "Your support team is wonderful and friendly.");
}

#[test]
fn the_title_counts_and_has_no_span_in_the_body() {
    let mut scratch = Scratch::default();
    let input = Input { title: Some("Invoice is wrong"), body: "See above.", ..Input::default() };
    let analysis = ANALYZER.analyze(&input, &mut scratch);
    assert_eq!(topic_ids(&analysis), ["billing"]);
    assert!(analysis.topics[0].span.is_empty());
}

#[test]
fn the_question_is_context() {
    let mut scratch = Scratch::default();
    let mut positive = |question| {
        let input = Input { question, ..body("Nothing") };
        ANALYZER.analyze(&input, &mut scratch).sentiment.probabilities[2]
    };
    assert!(positive(Some("What could we improve?")) > positive(Some("What was good?")) + 0.2);
}

#[test]
fn a_huge_text_is_cut_and_redacted_whole() {
    let mut scratch = Scratch::default();
    let mut text = "It crashes. ".repeat(90_000);
    text.push_str("Write to last@example.com");
    let analysis = ANALYZER.analyze(&body(&text), &mut scratch);
    assert!(analysis.body.ends_with("[email]") && analysis.body.len() > 1_000_000);
    assert!(
        analysis.segments.iter().all(|segment| segment.end as usize <= Options::default().max_analyzed_bytes)
    );
}

#[test]
fn versions_name_encoder_vector_and_taxonomy() {
    let versions = ANALYZER.versions();
    assert!(versions.encoder.starts_with("builtin-1:"));
    assert!(versions.vector.starts_with("minilm-static-64:"));
    assert!(versions.taxonomy.starts_with("1:"));
}

#[test]
fn a_taxonomy_without_examples_works() {
    let text = "version = \"1\"\n[[topic]]\nid = \"bikes\"\nname = \"Bicycles\"\ndescription = \"Rental bicycles: brakes, tyres, saddles.\"\n\
        [[topic]]\nid = \"food\"\nname = \"Food\"\ndescription = \"What the kitchen serves: breakfast, dinner, coffee.\"\n";
    let analyzer = Analyzer::new(Taxonomy::parse(text).unwrap(), Options::default()).unwrap();
    let mut scratch = Scratch::default();
    let analysis = analyzer.analyze(&body("The brakes of my rental bicycle were worn out."), &mut scratch);
    assert_eq!(analysis.topics.iter().map(|hit| hit.topic).collect::<Vec<_>>(), [0]);
    let empty = Analyzer::new(Taxonomy::parse("version = \"0\"").unwrap(), Options::default()).unwrap();
    assert!(empty.analyze(&body("anything at all"), &mut scratch).topics.is_empty());
}

#[test]
fn another_taxonomy_changes_the_topics_and_nothing_else() {
    let text = "version = \"2\"\n[[topic]]\nid = \"bills\"\nname = \"Bills\"\ndescription = \"Invoices and refunds.\"\n";
    let bills = Taxonomy::parse(text).unwrap();
    let (own, other) =
        (Analyzer::new(bills.clone(), Options::default()).unwrap(), ANALYZER.with_taxonomy(bills).unwrap());
    assert_eq!(other.versions(), own.versions());
    let said = body("The invoice was charged twice, I want a refund.");
    let (mut one, mut two) = (Scratch::default(), Scratch::default());
    let (own, other) = (own.analyze(&said, &mut one), other.analyze(&said, &mut two));
    assert!(!own.topics.is_empty());
    assert_eq!((own.topics, own.vector, own.sentiment), (other.topics, other.vector, other.sentiment));
    let standard = ANALYZER.analyze(&said, &mut one);
    assert_eq!((standard.vector, standard.kind), (other.vector, other.kind));
}

/// What the model says of typical texts; a change here is a change for users, to be looked at.
#[test]
fn snapshot_of_typical_texts() {
    let texts = [
        "Love it, so easy to use!",
        "The app crashes every time I open the settings.",
        "Please add a dark mode.",
        "How do I export my data to Excel?",
        "I want to cancel my subscription.",
        "way too expensive for what it does",
        "URGENT: the whole service is down and our customers can't pay",
        "Support was friendly, but the search never finds anything.",
        "ok",
        "👍",
        "n/a",
        "we use it in our office in London",
        "I was charged twice this month and want a refund",
        "password reset mail never arrives",
        "not bad at all",
        "Great, another update that breaks everything...",
        "Das Programm ist leider sehr langsam geworden und stürzt oft ab.",
        "La aplicación se cierra sola cada vez que intento abrir un archivo.",
        "it's fine I guess",
        "contact me at joe@example.com about the data leak",
    ];
    let mut scratch = Scratch::default();
    let mut table = String::new();
    for text in texts {
        let said = ANALYZER.analyze(&body(text), &mut scratch);
        writeln!(
            table,
            "{:66} {:7} {:8} {:.2}  {:15} {:.2}  {:6} {}",
            said.body,
            said.language.as_str(),
            said.sentiment.label,
            said.sentiment.confidence,
            said.kind.label,
            said.kind.confidence,
            said.urgency,
            topic_ids(&said).join(",")
        )
        .unwrap();
    }
    insta::assert_snapshot!(table);
}

fn any_text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        "\\PC{0,12}",
        "[a-zA-Z' ]{0,30}",
        Just("the app crashes, but support was great! ".to_owned()),
        Just("ünï ÇÖDE 不好 🙂👍🏽 e\u{301} ".to_owned()),
        Just("mail a@b.co [email] :-( <3 http://x.y … ’s ".to_owned()),
        proptest::char::any().prop_map(String::from),
    ];
    proptest::collection::vec(piece, 0..12).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn any_text_is_analyzed_the_same_whatever_came_before(text in any_text(), title in any_text(), other in any_text()) {
        let input = Input { title: Some(&title), question: Some(&other), ..body(&text) };
        let (mut fresh, mut used) = (Scratch::default(), Scratch::default());
        let expected = shown(&ANALYZER.analyze(&input, &mut fresh));
        ANALYZER.analyze(&body(&other), &mut used);
        let analysis = ANALYZER.analyze(&input, &mut used);
        prop_assert_eq!(shown(&analysis), expected);
        let sum: f32 = analysis.sentiment.probabilities.iter().sum();
        prop_assert!((sum - 1.0).abs() < 1e-4);
        let length = analysis.body.chars().count() as u32;
        for hit in analysis.topics {
            prop_assert!(hit.span.start <= hit.span.end && hit.span.end <= length);
            prop_assert!((0.0..=1.0).contains(&hit.confidence));
        }
        prop_assert!(analysis.topics.len() <= Options::default().max_topics);
        prop_assert!((0.0..=1.0).contains(&analysis.kind.confidence) && (0.0..=1.0).contains(&analysis.urgency_confidence));
        prop_assert!(analysis.vector.is_empty() || analysis.vector.len() == 64);
    }
}
