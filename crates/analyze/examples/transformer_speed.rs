//! How much of the network's own speed the analysis reaches, on one thread of a processor: `cargo xtask bench` runs it.
//!
//! By hand: `cargo run --release -p analyze --features rust-bert --example transformer_speed -- MODEL TEXTS`, with MODEL the
//! folder of the public weights and TEXTS a JSONL with a `text` a line. Prints texts a second as JSON: `forward`, the
//! network alone on batches made before; `read`, its reader: tokens, batches, network; `whole`, the analysis of redacted
//! texts as the worker does it, from language to topics. The three take turns, group by group, so that what else the
//! machine does hits them alike.

use analyze::encoder::builtin::Builtin;
use analyze::encoder::transformer::network::{Batch, Network};
use analyze::encoder::transformer::reader::{Asked, Reader};
use analyze::encoder::transformer::tokens::{Row, Tokenizer};
use analyze::encoder::transformer::{Asks, BYTES, Transformer, batch, context, load};
use analyze::segment::{Segment, segment_into};
use analyze::{Analyzer, Input, Known, Options, RedactionCounts, Redactor, Scratch, Taxonomy};
use std::error::Error;
use std::hint::black_box;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::time::Instant;
use tch::{Cuda, Device, nn};

type Outcome<T> = Result<T, Box<dyn Error>>;

/// Tokens of a batch, as the reader fills its own.
const MOST_TOKENS: usize = 2048;

#[derive(serde::Deserialize)]
struct Line {
    text: String,
}

#[derive(serde::Serialize)]
struct Speeds {
    /// Those of the file that the network reads.
    texts: usize,
    /// Of a row, with what stands before and behind the text.
    tokens: Lengths,
    /// Texts a second.
    forward: f64,
    read: f64,
    whole: f64,
}

#[derive(serde::Serialize)]
struct Lengths {
    tenth: usize,
    median: usize,
    nine_tenths: usize,
}

fn main() -> Outcome<()> {
    let mut arguments = std::env::args_os().skip(1).map(PathBuf::from);
    let (Some(model), Some(file)) = (arguments.next(), arguments.next()) else {
        return Err("name the folder of the public weights and a JSONL of texts".into());
    };
    if Cuda::is_available() {
        return Err("this measures a processor: set CUDA_VISIBLE_DEVICES to nothing".into());
    }
    tch::set_num_threads(1);
    let networks = Networks::load(&model)?;
    let texts = networks.their_own(&redacted(&std::fs::read_to_string(file)?)?);
    if texts.is_empty() {
        return Err("the network reads none of these texts".into());
    }
    println!("{}", serde_json::to_string(&networks.measure(&texts)?)?);
    Ok(())
}

fn redacted(jsonl: &str) -> Outcome<Vec<String>> {
    let (redactor, mut counts) = (Redactor::new(), RedactionCounts::default());
    let redacted = jsonl.lines().map(|line| -> Outcome<String> {
        let line: Line = serde_json::from_str(line)?;
        let mut out = String::new();
        redactor.redact_into(&line.text, Known::nobody(), &mut out, &mut counts);
        Ok(out)
    });
    redacted.collect()
}

/// The same network three times: alone, behind its reader, and inside the analysis.
struct Networks {
    alone: Network,
    /// Keeps the variables of the one alone.
    _variables: nn::VarStore,
    tokenizer: Tokenizer,
    reader: Reader,
    analyzer: Analyzer,
}

impl Networks {
    fn load(model: &Path) -> Outcome<Self> {
        let mut variables = nn::VarStore::new(Device::Cpu);
        let alone = Network::new(&variables.root());
        // Without the fine-tuning: other numbers, the same work.
        variables.load_partial(model.join("model.safetensors"))?;
        let (mut readers, _) = load::load(model, BYTES, Device::Cpu, 1)?;
        let reader = readers.pop().ok_or("no reader was made")?;
        let tokenizer = Tokenizer::new(&model.join("vocab.txt"))?;
        let transformer = Transformer::committed(model, Builtin::committed()?, Asks::Everything, 1)?;
        let analyzer = Analyzer::with_transformer(transformer, Taxonomy::standard()?, Options::default())?;
        Ok(Self { alone, _variables: variables, tokenizer, reader, analyzer })
    }

    /// The texts that the analysis gives to the network. Others, without words or taken for another language, would make it
    /// look faster than it is.
    fn their_own(&self, texts: &[String]) -> Vec<String> {
        let (mut own, mut scratch) = (Vec::with_capacity(texts.len()), Scratch::default());
        for group in texts.chunks(self.analyzer.group()) {
            let inputs = inputs(group);
            self.analyzer.foresee(&inputs, true, &mut scratch);
            for (text, input) in group.iter().zip(&inputs) {
                if self.analyzer.analyze_redacted(input, &mut scratch).judge > 0 {
                    own.push(text.clone());
                }
            }
        }
        own
    }

    fn measure(&self, texts: &[String]) -> Outcome<Speeds> {
        let (mut sums, mut tokens, mut scratch) = ([0.0; 3], Vec::new(), Scratch::default());
        let groups = texts.chunks(self.analyzer.group());
        // Once before, uncounted: the first calls prepare what later ones find.
        for group in groups.clone().take(1) {
            self.group(group, &mut scratch)?;
        }
        for group in groups {
            let (seconds, lengths) = self.group(group, &mut scratch)?;
            sums.iter_mut().zip(seconds).for_each(|(sum, seconds)| *sum += seconds);
            tokens.extend(lengths);
        }
        let [forward, read, whole] = sums.map(|seconds: f64| texts.len() as f64 / seconds);
        Ok(Speeds { texts: texts.len(), tokens: lengths(tokens), forward, read, whole })
    }

    /// Seconds of the network alone, of its reader and of the whole analysis, over texts that are read together; and the
    /// tokens of each row.
    fn group(&self, texts: &[String], scratch: &mut Scratch) -> Outcome<([f64; 3], Vec<usize>)> {
        let segments: Vec<Vec<Segment>> = texts.iter().map(|text| segments(text)).collect();
        let asked: Vec<Asked<'_>> =
            texts.iter().zip(&segments).map(|(text, segments)| asked(text, segments)).collect();
        let rows = self.rows(&asked);
        let (batches, inputs) = (batches(&rows), inputs(texts));
        let forward = seconds(|| {
            for batch in &batches {
                black_box(tch::no_grad(|| self.alone.scores(batch, false))?);
            }
            Ok(())
        })?;
        let read = seconds(|| {
            black_box(self.reader.read(&asked)?);
            Ok(())
        })?;
        let whole = seconds(|| {
            self.analyzer.foresee(&inputs, true, scratch);
            for input in &inputs {
                black_box(self.analyzer.analyze_redacted(input, scratch));
            }
            Ok(())
        })?;
        Ok(([forward, read, whole], rows.iter().map(|row| row.ids.len()).collect()))
    }

    /// The shortest first, as the reader sorts them.
    fn rows(&self, asked: &[Asked<'_>]) -> Vec<Row> {
        let of = |asked: &Asked<'_>| self.tokenizer.rows(&asked.context, asked.segments.iter().copied());
        let mut rows: Vec<Row> = asked.iter().flat_map(of).collect();
        rows.sort_by_key(|row| row.ids.len());
        rows
    }
}

fn inputs(texts: &[String]) -> Vec<Input<'_>> {
    texts.iter().map(|text| Input { body: text, ..Input::default() }).collect()
}

fn segments(text: &str) -> Vec<Segment> {
    let mut segments = Vec::new();
    segment_into(text, &mut segments);
    segments
}

fn asked<'t>(text: &'t str, segments: &[Segment]) -> Asked<'t> {
    Asked {
        context: context(None, None),
        segments: segments.iter().map(|segment| segment.text(text)).collect(),
    }
}

/// As the reader makes them.
fn batches(mut rows: &[Row]) -> Vec<Batch> {
    let mut batches = Vec::new();
    while !rows.is_empty() {
        let fits = |(at, row): (usize, &Row)| (at + 1) * row.ids.len() <= MOST_TOKENS;
        let count = rows.iter().enumerate().take_while(|one| fits(*one)).count().max(1);
        let (now, later) = rows.split_at(count);
        let with_spans = now.iter().map(|row| (row.ids.as_slice(), spans(row)));
        batches.push(batch::with_spans(with_spans, Device::Cpu));
        rows = later;
    }
    batches
}

/// The whole text, then each segment.
fn spans(row: &Row) -> Vec<Range<usize>> {
    std::iter::once(row.text()).chain(row.segments.iter().map(|(_, tokens)| tokens.clone())).collect()
}

fn seconds(work: impl FnOnce() -> Outcome<()>) -> Outcome<f64> {
    let started = Instant::now();
    work()?;
    Ok(started.elapsed().as_secs_f64())
}

fn lengths(mut tokens: Vec<usize>) -> Lengths {
    tokens.sort_unstable();
    let last = tokens.len().saturating_sub(1);
    let at = |tenths: usize| tokens.get(last * tenths / 10).copied().unwrap_or(0);
    Lengths { tenth: at(1), median: at(5), nine_tenths: at(9) }
}
