//! The space of vectors that cases are formed in: what is taken from it before reports are compared belongs to the committed
//! weights.

use analyze::{Analyzer, Input, Options, Scratch, Taxonomy};
use feedback::time::Timestamp;
use insight::cases::mean;

const TEXTS: u64 = 2_000;

/// After a training: put what this prints into `insight/src/cases/common.rs`, under the version that it names.
#[test]
fn what_all_feedback_has_in_common_is_that_of_these_weights() {
    let analyzer = Analyzer::new(Taxonomy::standard().unwrap(), Options::default()).unwrap();
    let space = analyzer.versions().vector.to_owned();
    let mut scratch = Scratch::default();
    let mut sums = Vec::new();
    let mut texts = 0.0;
    for i in 0..TEXTS {
        let event = demo::bench::event(i, Timestamp(1_764_000_000_000_000));
        let event: serde_json::Value = serde_json::from_slice(&event.payload).unwrap();
        let Some(text) = text(&event["data"]) else { continue };
        let input = Input { body: &text, ..Input::default() };
        let analysis = analyzer.analyze(&input, &mut scratch);
        sums.resize(sums.len().max(analysis.vector.len()), 0.0);
        sums.iter_mut().zip(analysis.vector).for_each(|(sum, number)| *sum += f64::from(*number));
        texts += 1.0;
    }
    assert!(texts > 200.0);
    let own: Vec<i16> = sums.iter().map(|sum| (sum / texts * 100.0).round() as i16).collect();
    let noted = mean(&space).unwrap_or_else(|| panic!("nothing is noted of {space}; put there: {own:?}"));
    let product =
        |a: &[i16], b: &[i16]| -> f64 { a.iter().zip(b).map(|(a, b)| f64::from(*a) * f64::from(*b)).sum() };
    let cosine = product(&own, noted) / (product(&own, &own) * product(noted, noted)).sqrt();
    assert!(cosine > 0.95, "cosine {cosine:.3} to what is noted of {space}; put there: {own:?}");
}

/// The words of a payload, whatever its kind.
fn text(data: &serde_json::Value) -> Option<String> {
    let places = ["/text", "/messages/0/text", "/answers/0/text"];
    places.iter().find_map(|place| data.pointer(place)?.as_str().map(str::to_owned))
}
