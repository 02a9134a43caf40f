//! The transformer against reference outputs, and against what can go wrong. `cargo xtask test` brings the public weights.
#![cfg(feature = "rust-bert")]

use analyze::encoder::builtin::Builtin;
use analyze::encoder::transformer::batch;
use analyze::encoder::transformer::load::{self, LoadError};
use analyze::encoder::transformer::network::Network;
use analyze::encoder::transformer::reader::Asked;
use analyze::encoder::transformer::tokens::Tokenizer;
use analyze::encoder::transformer::{Asks, BYTES, Transformer};
use analyze::{Analyzer, Input, Options, Scratch, Taxonomy};
use serde::Deserialize;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use tch::{Device, nn};

/// Made by `golden/minilm.py`, with PyTorch and transformers.
const GOLDEN: &str = include_str!("golden/minilm.json");

#[derive(Deserialize)]
struct Golden {
    context: String,
    text: String,
    ids: Vec<i64>,
    /// The mean of the public weights' last layer over the text's tokens.
    public: Vec<f32>,
    /// Logits of the fine-tuned heads.
    sentiment: Vec<f32>,
    kind: Vec<f32>,
    urgency: Vec<f32>,
}

fn golden() -> Vec<Golden> {
    serde_json::from_str(GOLDEN).unwrap()
}

/// The folder of the public weights, or the reason to skip, which is a failure under `CI=true`.
fn model() -> Option<PathBuf> {
    let found = std::env::var_os("VERBATIM_TEST_MODEL").map(PathBuf::from);
    if found.is_none() {
        let name = std::thread::current().name().unwrap_or("a test").to_owned();
        let reason = "VERBATIM_TEST_MODEL is not set; `cargo xtask test` sets it";
        assert!(std::env::var("CI").as_deref() != Ok("true"), "{name} must not be skipped: {reason}");
        if let Some(file) = std::env::var_os("VERBATIM_TEST_SKIPS") {
            let mut file = std::fs::OpenOptions::new().append(true).create(true).open(file).unwrap();
            writeln!(file, "{name}\t{reason}").unwrap();
        }
    }
    found
}

fn near(what: &str, ours: &[f32], theirs: &[f32]) {
    assert_eq!(ours.len(), theirs.len(), "{what}");
    for (at, (ours, theirs)) in ours.iter().zip(theirs).enumerate() {
        assert!((ours - theirs).abs() < 1e-4, "{what} {at}: {ours} and {theirs}");
    }
}

fn analyzer(folder: &Path, asks: Asks) -> Analyzer {
    let builtin = Builtin::committed().unwrap();
    let transformer = Transformer::committed(folder, builtin, asks, 2).unwrap();
    Analyzer::with_transformer(transformer, Taxonomy::standard().unwrap(), Options::default()).unwrap()
}

#[test]
fn tokens_and_last_layer_are_those_of_transformers() {
    let Some(folder) = model() else { return };
    let tokenizer = Tokenizer::new(&folder.join("vocab.txt")).unwrap();
    let mut store = nn::VarStore::new(Device::Cpu);
    let network = Network::new(&store.root());
    store.load_partial(folder.join("model.safetensors")).unwrap();
    let golden = golden();
    let rows: Vec<_> = golden
        .iter()
        .map(|golden| {
            let rows = tokenizer.rows(&golden.context, std::iter::once(golden.text.as_str()));
            assert_eq!(rows[0].ids, golden.ids, "{}", golden.text);
            rows.into_iter().next().unwrap()
        })
        .collect();
    // All in one batch: the shorter ones are padded.
    let inputs = batch::of(rows.iter(), Device::Cpu);
    let pooled = tch::no_grad(|| network.pooled(&inputs, false)).unwrap();
    let numbers: Vec<f32> = pooled.contiguous().view([-1]).try_into().unwrap();
    for (ours, golden) in numbers.chunks(384).zip(&golden) {
        near(&golden.text, ours, &golden.public);
    }
}

#[test]
fn the_heads_say_what_they_say_elsewhere_alone_and_in_a_batch() {
    let Some(folder) = model() else { return };
    let (readers, _) = load::load(&folder, BYTES, Device::Cpu, 1).unwrap();
    let golden = golden();
    let asked = |golden: &Golden| (golden.context.clone(), golden.text.clone());
    let texts: Vec<(String, String)> = golden.iter().map(asked).collect();
    let of = |texts: &[(String, String)]| {
        let asked: Vec<Asked<'_>> = texts
            .iter()
            .map(|(context, text)| Asked { context: context.clone(), segments: vec![text.as_str()] })
            .collect();
        readers[0].read(&asked).unwrap()
    };
    let together = of(&texts);
    for ((text, golden), together) in texts.iter().zip(&golden).zip(together) {
        let alone = of(std::slice::from_ref(text)).pop().unwrap().unwrap();
        let together = together.unwrap();
        for (what, one, other, theirs) in [
            ("sentiment", &alone.sentiment[..], &together.sentiment[..], &golden.sentiment),
            ("kind", &alone.kind[..], &together.kind[..], &golden.kind),
            ("urgency", &alone.urgency[..], &together.urgency[..], &golden.urgency),
        ] {
            near(what, one, theirs);
            near(what, other, theirs);
        }
        let apart = alone.vector.iter().zip(&together.vector).map(|(a, b)| a.abs_diff(*b)).max();
        assert!(alone.vector.len() == 384 && apart <= Some(1), "{apart:?}");
    }
}

/// A hundred texts of very different length, read ahead together and one by one.
#[test]
fn no_answer_depends_on_what_was_read_ahead() {
    let Some(folder) = model() else { return };
    for asks in [Asks::Everything, Asks::Unsure] {
        let analyzer = analyzer(&folder, asks);
        let words = ["the export ", "never works, ", "I like it. ", "please add more 😡 ", "why? "];
        let texts: Vec<String> = (0..100usize)
            .map(|at| words.iter().cycle().skip(at % 5).take(1 + at * at % 90).copied().collect())
            .collect();
        let inputs: Vec<Input<'_>> =
            texts.iter().map(|text| Input { body: text, ..Input::default() }).collect();
        let (mut ahead, mut alone) = (Scratch::default(), Scratch::default());
        analyzer.foresee(&inputs, true, &mut ahead);
        for input in &inputs {
            let one = analyzer.analyze_redacted(input, &mut alone);
            let other = analyzer.analyze_redacted(input, &mut ahead);
            near(input.body, &one.sentiment.probabilities, &other.sentiment.probabilities);
            near(input.body, &one.kind_probabilities, &other.kind_probabilities);
            assert_eq!(one.encoder, other.encoder);
            assert_eq!(one.vector, other.vector);
            let width = if asks == Asks::Everything { 384 } else { 0 };
            assert_eq!((one.network_vector.len(), other.network_vector.len()), (width, width));
        }
        assert_eq!(analyzer.failures(), 0);
    }
}

/// A word beyond the table of embeddings makes libtorch fail: only its text falls back, and that is counted.
#[test]
fn where_the_network_fails_the_built_in_encoder_answers() {
    let Some(folder) = model() else { return };
    let dir = std::env::temp_dir().join(format!("verbatim-vocabulary-{}", std::process::id()));
    std::fs::create_dir_all(&dir).unwrap();
    std::fs::copy(folder.join("model.safetensors"), dir.join("model.safetensors")).unwrap();
    let vocabulary = std::fs::read_to_string(folder.join("vocab.txt")).unwrap();
    std::fs::write(dir.join("vocab.txt"), vocabulary.trim_end().to_owned() + "\nquuxxz\n").unwrap();
    let committed = Transformer::committed(&dir, Builtin::committed().unwrap(), Asks::Everything, 1);
    assert!(matches!(committed, Err(LoadError::OtherBase { .. })));
    let unchecked = Transformer::unchecked(&dir, Builtin::committed().unwrap(), Asks::Everything, 2).unwrap();
    let analyzer =
        Analyzer::with_transformer(unchecked, Taxonomy::standard().unwrap(), Options::default()).unwrap();
    std::fs::remove_dir_all(&dir).unwrap();
    let mut scratch = Scratch::default();
    let texts = ["I love it", "quuxxz is broken", "please add an export"];
    let inputs = texts.map(|body| Input { body, ..Input::default() });
    analyzer.foresee(&inputs, true, &mut scratch);
    let judges = inputs.map(|input| analyzer.analyze_redacted(&input, &mut scratch).judge);
    assert_eq!(judges, [1, 0, 1]);
    assert_eq!(analyzer.failures(), 1);
}

#[test]
fn weights_that_do_not_fit_are_refused() {
    let Some(folder) = model() else { return };
    let refused = |bytes: &[u8]| load::load(&folder, bytes, Device::Cpu, 1).err().unwrap();
    assert!(matches!(refused(&BYTES[..BYTES.len() - 1]), LoadError::Difference(_)));
    assert!(matches!(refused(b"VBW1"), LoadError::Difference(_)));
    let nowhere = load::load(Path::new("/nowhere"), BYTES, Device::Cpu, 1).err().unwrap();
    assert!(
        matches!(&nowhere, LoadError::Missing { .. }) && nowhere.to_string().contains("cargo xtask model")
    );
}
