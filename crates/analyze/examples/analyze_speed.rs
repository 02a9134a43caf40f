//! Microseconds a text for `Analyzer::analyze`, and for its parts: `cargo run --release -p analyze --example analyze_speed`.

use analyze::encoder::builtin::Builtin;
use analyze::encoder::features::Features;
use analyze::encoder::question::Question;
use analyze::encoder::wordpiece::{self, DIMENSIONS};
use analyze::encoder::words::Words;
use analyze::encoder::{Encoder, Encoding, Passage, Workspace};
use analyze::segment::{Segment, segment_into};
use analyze::topics::MatchRoom;
use analyze::{Analyzer, Input, Known, Options, RedactionCounts, Redactor, Scratch, Taxonomy, language};
use std::hint::black_box;
use std::time::Instant;

/// About 25 tokens each.
const TEXTS: &[&str] = &[
    "The new calendar view is great, but since the last update it takes almost a minute until my appointments show up.",
    "I was charged twice for March and nobody answers my emails. Please refund the second payment as soon as possible.",
    "Could you add an option to export the weekly report as a spreadsheet? We copy everything by hand at the moment.",
    "The Android app crashes whenever I open a photo from the camera roll, I already reinstalled it two times.",
    "Love how quickly your support team solved my problem with the login, thank you so much! The app is a joy to use.",
    "How can I invite a colleague from another company to just one project without showing the others to her?",
    "We are switching to a competitor at the end of the month because the price went up and search still finds nothing.",
    "Hi, my name is Jo, you can reach me at jo.smith@example.com or +44 20 7946 0018 if you need more details on the crash.",
];
const ROUNDS: usize = 4000;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let taxonomy = Taxonomy::standard()?;
    let analyzer = Analyzer::new(taxonomy.clone(), Options::default())?;
    let mut scratch = Scratch::default();
    report("analyze, everything", |text| {
        let input = Input { body: text, ..Input::default() };
        black_box(analyzer.analyze(&input, &mut scratch).sentiment.confidence);
    });

    let (redactor, mut out, mut counts) = (Redactor::new(), String::new(), RedactionCounts::default());
    report("  redact", |text| {
        out.clear();
        redactor.redact_into(text, Known::nobody(), &mut out, &mut counts);
    });
    report("  language", |text| {
        black_box(language::detect(text, None));
    });
    let mut segments: Vec<Segment> = Vec::new();
    report("  segments", |text| segment_into(text, &mut segments));
    encoder_parts(&taxonomy)
}

fn encoder_parts(taxonomy: &Taxonomy) -> Result<(), Box<dyn std::error::Error>> {
    let builtin = Builtin::committed()?;
    let matcher = builtin.matcher(taxonomy);
    let read: Vec<(Words, Vec<Segment>)> = TEXTS.iter().map(|text| words_of(text)).collect();
    let mut words = Words::default();
    report("  words", |text| {
        words.clear();
        words.push_segment(text);
        words.finish();
    });
    let (mut workspace, mut encoding, mut room) =
        (Workspace::default(), Encoding::default(), MatchRoom::default());
    let mut at = 0;
    report("  encoder (n-grams, heads, vector)", |text| {
        let (words, segments) = &read[at % read.len()];
        at += 1;
        let question = Question::default();
        let passage = Passage {
            title: "",
            title_segments: &[],
            body: text,
            body_segments: segments,
            words,
            contract: None,
            asked: None,
            question,
            foreign: false,
            by: None,
        };
        builtin.encode(&passage, &mut workspace, &mut encoding);
    });
    let (mut at, mut features) = (0, Features::default());
    report("    of it n-grams", |_| {
        features.extract(&read[at % read.len()].0, &Question::default());
        at += 1;
    });
    let mut at = 0;
    report("    of it vector", |_| {
        let words = &read[at % read.len()].0;
        at += 1;
        let mut sum = [0; DIMENSIONS];
        builtin.pieces().add(words, words.tokens(), &mut sum);
        black_box(wordpiece::normalised(&sum));
    });
    let mut at = 0;
    report("  topics", |_| {
        let words = &read[at % read.len()].0;
        at += 1;
        for segment in 0..words.segments() {
            let mut sum = [0; DIMENSIONS];
            builtin.pieces().add(words, words.segment(segment), &mut sum);
            let vector = wordpiece::normalised(&sum);
            matcher.matches(words, segment, &vector, &mut room, |topic, _| {
                black_box(topic);
            });
        }
    });
    Ok(())
}

fn words_of(text: &str) -> (Words, Vec<Segment>) {
    let (mut words, mut segments) = (Words::default(), Vec::new());
    segment_into(text, &mut segments);
    words.clear();
    segments.iter().for_each(|segment| words.push_segment(segment.text(text)));
    words.finish();
    (words, segments)
}

fn report(name: &str, mut each: impl FnMut(&str)) {
    TEXTS.iter().for_each(|text| each(text));
    // The best of five: what the machine can do, not what else it did.
    let best = (0..5)
        .map(|_| {
            let start = Instant::now();
            for _ in 0..ROUNDS / 5 {
                TEXTS.iter().for_each(|text| each(black_box(text)));
            }
            start.elapsed().as_secs_f64() * 1e6 / (ROUNDS / 5 * TEXTS.len()) as f64
        })
        .fold(f64::MAX, f64::min);
    println!("{name:36} {best:7.2} µs a text {:10.0} texts/s", 1e6 / best);
}
