use super::*;
use crate::encoder::builtin::Builtin;
use crate::encoder::{Encoder, Encoding, Judge, Matchers, Passage, PrepareError, Workspace};
use crate::segment::{MAX_SEGMENTS, segment_into};
use crate::{Options, Taxonomy};
use std::sync::{Arc, LazyLock};

static ANALYZER: LazyLock<Analyzer> =
    LazyLock::new(|| Analyzer::new(Taxonomy::standard().unwrap(), Options::default()).unwrap());

fn explained(body: &str) -> Explanation {
    explain(&ANALYZER, &Input { body, ..Input::default() }, &mut Scratch::default())
}

fn segments(text: &str) -> Vec<Part> {
    let mut segments = Vec::new();
    segment_into(text, &mut segments);
    segments
}

fn texts(weights: &[Weight]) -> Vec<&str> {
    weights.iter().map(|weight| weight.word.as_str()).collect()
}

#[test]
fn the_word_that_carries_the_feeling_weighs_most() {
    for (text, word) in [
        ("The export is awful", "awful"),
        ("I love this app", "love"),
        ("I love the export but the login is awful", "awful"),
        ("Great", "Great"),
    ] {
        let told = explained(text).sentiment;
        assert_eq!(told[0].word, word, "{told:?}");
        assert!(told[0].weight > 1.0, "{told:?}");
    }
}

#[test]
fn what_speaks_against_the_answer_is_below_zero() {
    let told = explained("I love the export but the login is awful").sentiment;
    let love = told.iter().find(|weight| weight.word == "love");
    assert!(love.is_some_and(|love| love.weight < -LEAST_WEIGHT), "{told:?}");
}

#[test]
fn the_kind_has_words_of_its_own() {
    let told = explained("Please add a dark mode.").kind;
    assert!(told.iter().any(|weight| weight.word == "add" && weight.weight > LEAST_WEIGHT), "{told:?}");
}

#[test]
fn spans_count_characters_and_point_to_the_word() {
    let text = "Zoë 🎉 says the search is terrible";
    let told = explained(text);
    assert_eq!((told.sentiment[0].word.as_str(), told.sentiment[0].span), ("terrible", Span::new(25, 33)));
    for weight in told.sentiment.iter().chain(&told.kind) {
        assert_eq!(weight.span.of(text), weight.word);
    }
}

#[test]
fn at_most_six_words_are_told_the_weightiest_first() {
    let told = explained("I love this app, it is fantastic and so easy to use, and I hate the awful search.");
    for told in [told.sentiment, told.kind] {
        assert!(!told.is_empty() && told.len() <= MOST_TOLD, "{told:?}");
        assert!(told.iter().all(|weight| weight.weight.abs() >= LEAST_WEIGHT), "{told:?}");
        assert!(told.windows(2).all(|pair| pair[0].weight.abs() >= pair[1].weight.abs()), "{told:?}");
    }
}

#[test]
fn where_nothing_was_read_nothing_is_told() {
    let german = "Die neue Oberfläche gefällt mir überhaupt nicht, alles ist langsamer als vorher.";
    for text in ["", "  \n", "!!! ...", german] {
        assert_eq!(explained(text), Explanation::default(), "{text:?}");
    }
    let titled = Input { title: Some("This is terrible, I hate it"), ..Input::default() };
    assert_eq!(explain(&ANALYZER, &titled, &mut Scratch::default()), Explanation::default());
}

#[test]
fn what_a_scratch_held_before_changes_nothing() {
    let mut used = Scratch::default();
    for text in ["Das ist schlecht, ich mag es nicht", "The export is awful", "I love this app"] {
        let input = Input { body: text, ..Input::default() };
        assert_eq!(explain(&ANALYZER, &input, &mut used), explained(text), "{text}");
    }
}

#[test]
fn words_are_what_stands_between_blanks() {
    let text = "  Zoë\u{a0}🎉 works.\n\nNot  for me";
    let words = words_in(text, &segments(text));
    let cut: Vec<&str> = words.iter().map(|word| word.text(text)).collect();
    assert_eq!(cut, ["Zoë", "🎉", "works.", "Not", "for", "me"]);
    assert_eq!(words.iter().map(|word| word.span.of(text)).collect::<Vec<_>>(), cut);
    assert_eq!(without(text, &words[3]), "  Zoë\u{a0}🎉 works.\n\n  for me");
}

/// The words that are left out of a text of whose parts those with "awful" tell something, and the readings that took.
fn read_for_awful(text: &str) -> (Vec<(Part, Odds)>, usize) {
    let mut readings = 0;
    let words = weigh(text, &segments(text), |parts| {
        readings += parts.len();
        let lost = |part: &Part| if part.text(text).contains("awful") { 2.0 } else { 0.0 };
        parts.iter().map(|part| Odds { sentiment: lost(part), kind: 0.0 }).collect()
    });
    (words, readings)
}

#[test]
fn a_short_text_is_read_once_a_word() {
    assert_eq!(read_for_awful("The export is fine. The login is awful.").1, 8);
    assert_eq!(read_for_awful("").1, 0);
}

#[test]
fn a_long_text_is_read_a_bounded_number_of_times() {
    let same = "The export is slow. ";
    let text = format!("{}The login is awful today. {}", same.repeat(40), same.repeat(60_000));
    assert!(text.len() > 1_000_000);
    let (words, readings) = read_for_awful(&text);
    assert!(readings <= MAX_SEGMENTS + MOST_WORDS, "{readings}");
    assert_eq!(texts(&strongest(&text, &words, |lost| lost.sentiment)), ["awful"]);
    // What is read is cut, too: a megabyte for each word would take minutes.
    let told = explained(&text);
    assert!(told.sentiment.len() <= MOST_TOLD && told.kind.len() <= MOST_TOLD, "{told:?}");

    let (words, readings) = read_for_awful(&"word ".repeat(200_000));
    assert_eq!(words.len(), MOST_WORDS);
    assert!(readings <= MAX_SEGMENTS + MOST_WORDS, "{readings}");
}

#[test]
fn of_an_unknown_answer_the_likeliest_class_is_explained() {
    let probabilities = [0.2, 0.5, 0.3];
    assert_eq!(said(SentimentLabel::ALL, SentimentLabel::Positive, &probabilities), 2);
    assert_eq!(said(SentimentLabel::ALL, SentimentLabel::Unknown, &probabilities), 1);
}

#[test]
fn odds_of_a_sure_answer_stay_finite() {
    assert!(log_odds(&[0.5, 0.25, 0.25], 0).abs() < 1e-6);
    let (sure, never) = (log_odds(&[1.0, 0.0, 0.0], 0), log_odds(&[1.0, 0.0, 0.0], 1));
    assert!(sure.is_finite() && sure > 10.0 && never.is_finite() && never < -10.0, "{sure} {never}");
}

#[test]
fn a_rest_that_looks_foreign_says_nothing_of_what_was_left_out() {
    let (classes, whole) = (Classes { sentiment: 0, kind: 0 }, Odds { sentiment: 3.0, kind: 3.0 });
    let eraser = Eraser { analyzer: &ANALYZER, input: Input::default(), judge: 0, classes, whole };
    let german = Input { body: "Das ist schlecht, ich mag es nicht", ..Input::default() };
    let mut scratch = Scratch::default();
    let rest = ANALYZER.analyze_redacted(&german, &mut scratch);
    assert_eq!(eraser.lost(&rest), Odds::default());
}

/// The built-in encoder and another, to which every text is alike; who is asked hangs on the number of words.
struct Cascade {
    builtin: Builtin<'static>,
    judges: [Judge; 2],
    asks_other: fn(usize) -> bool,
}

impl Cascade {
    fn analyzer(asks_other: fn(usize) -> bool) -> Analyzer {
        let (builtin, taxonomy) = (Builtin::committed().unwrap(), Taxonomy::standard().unwrap());
        let own = builtin.judges()[0].clone();
        let other = Judge { version: "other".to_owned(), ..own.clone() };
        let topics = builtin.matcher(&taxonomy);
        let cascade = Self { builtin, judges: [own, other], asks_other };
        Analyzer::with_encoder(Arc::new(cascade), topics, None, taxonomy, Options::default())
    }
}

impl Encoder for Cascade {
    fn judges(&self) -> &[Judge] {
        &self.judges
    }

    fn version(&self) -> &str {
        "both"
    }

    fn vector_version(&self) -> &str {
        self.builtin.vector_version()
    }

    fn matchers(&self, taxonomy: &Taxonomy) -> Result<Matchers, PrepareError> {
        self.builtin.matchers(taxonomy)
    }

    fn encode(&self, passage: &Passage<'_>, workspace: &mut Workspace, out: &mut Encoding) {
        self.builtin.encode(passage, workspace, out);
        let asks_other = (self.asks_other)(passage.body.split_whitespace().count());
        if passage.by.unwrap_or(usize::from(asks_other)) == 1 {
            out.judge = 1;
            out.sentiment = [-2.0, 0.0, 2.0];
            out.kind = [0.0; 7];
        }
    }
}

#[test]
fn whoever_judged_the_whole_text_reads_it_without_each_word_too() {
    let text = "I love the export but the login is awful";
    let input = Input { body: text, ..Input::default() };
    let told = |analyzer: &Analyzer| explain(analyzer, &input, &mut Scratch::default());
    // Without a word there are eight: the encoder would choose the built-in one, and its doubts would be told as weights.
    let other = Cascade::analyzer(|words| words >= 9);
    assert_eq!(other.analyze_redacted(&input, &mut Scratch::default()).judge, 1);
    assert_eq!(told(&other), Explanation::default(), "to the other all texts are alike");
    // And here the other.
    let builtin = Cascade::analyzer(|words| words < 9);
    assert_eq!(builtin.analyze_redacted(&input, &mut Scratch::default()).judge, 0);
    assert_eq!(told(&builtin), explained(text));
}
