//! The last step: the finished encoders on the test splits, through the analyzer as users call it.

use super::data::{Row, SETS, Split, rows};
use super::kinds;
use super::reviews;
use super::seeds::{Seed, Seeds};
use analyze::encoder::{KINDS, SENTIMENTS};
use analyze::eval::{Answer, Estimate, Evaluation, Tally, calibration_error};
use analyze::heads::{self, Context};
use analyze::{Analysis, Analyzer, Input, Scratch};
use anyhow::{Result, ensure};
use feedback::judgement::{FeedbackKind, Sentiment, SentimentLabel, Urgency};
use feedback::kind::Contract;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::Path;

/// One line of the card.
pub struct Exam {
    pub name: String,
    pub evaluation: Evaluation,
    /// Debiased.
    pub calibration_error: Estimate,
}

/// Everything that one encoder is asked.
pub struct Measured {
    /// As users name it.
    pub encoder: &'static str,
    pub version: String,
    pub sentiment: Vec<Exam>,
    /// The products' texts first, whole, then their slices.
    pub kinds: Vec<Exam>,
    /// Of the products' texts: how the hard ones were read.
    pub hard: Vec<Hard>,
    pub urgency: Exam,
    /// Of all texts here, those that another encoder than the built-in one judged.
    pub sent_on: f64,
}

impl Measured {
    /// # Errors
    /// Where a set is missing, has a label that is none, or the encoder failed at a text.
    pub fn of(
        encoder: &'static str,
        analyzer: &Analyzer,
        test: &[Row],
        seeds: &Seeds,
        data: &Path,
    ) -> Result<Self> {
        let mut examiner = Examiner { analyzer, scratch: Scratch::default(), texts: 0, sent_on: 0 };
        let measured = Self {
            encoder,
            version: analyzer.versions().encoder.to_owned(),
            sentiment: examiner.sentiment(test, seeds, data)?,
            kinds: examiner.kinds(seeds, data)?,
            hard: examiner.hard(seeds),
            urgency: examiner.urgency("products, test", seeds.products_test())?,
            sent_on: examiner.sent_on as f64 / examiner.texts.max(1) as f64,
        };
        ensure!(analyzer.failures() == 0, "{encoder} failed at {} texts", analyzer.failures());
        Ok(measured)
    }
}

/// One way in which texts are hard to read, and how their first kind was read.
pub struct Hard {
    pub name: String,
    pub n: usize,
    pub right: usize,
}

/// A label, the text that has it, and where it came from.
struct Labelled<'t> {
    gold: &'t str,
    input: Input<'t>,
    /// The words that the label is about; empty: the whole text.
    about: &'t str,
}

struct Examiner<'a> {
    analyzer: &'a Analyzer,
    scratch: Scratch,
    texts: u64,
    sent_on: u64,
}

#[derive(Deserialize)]
struct Foreign {
    text: String,
    label: String,
    split: Split,
}

impl Examiner<'_> {
    /// In groups, as the product reads.
    fn each<'t>(&mut self, texts: &[Labelled<'t>], mut found: impl FnMut(&Labelled<'t>, &Analysis<'_>)) {
        let group = self.analyzer.group().max(1);
        for texts in texts.chunks(group) {
            let inputs: Vec<Input<'_>> = texts.iter().map(|text| text.input).collect();
            self.analyzer.foresee(&inputs, false, &mut self.scratch);
            for text in texts {
                let analysis = self.analyzer.analyze(&text.input, &mut self.scratch);
                self.texts += 1;
                self.sent_on += u64::from(analysis.judge > 0);
                found(text, &analysis);
            }
        }
    }

    fn exam<'t>(
        &mut self,
        name: &str,
        labels: impl Iterator<Item = &'static str>,
        texts: &[Labelled<'t>],
        said: impl Fn(&Labelled<'_>, &Analysis<'_>) -> (&'static str, f32),
    ) -> Result<Exam> {
        let mut all: Vec<(&'t str, &'static str, f32)> = Vec::new();
        self.each(texts, |text, analysis| {
            let (label, confidence) = said(text, analysis);
            all.push((text.gold, label, confidence));
        });
        let labels: Vec<&str> = labels.collect();
        let (mut tally, mut answers) = (Tally::new(labels.iter().copied()), Vec::new());
        let place = |label: &str| labels.iter().position(|known| *known == label);
        for (gold, said, confidence) in all {
            tally.add(gold, said, confidence)?;
            answers.extend(place(gold).map(|gold| Answer { gold, said: place(said), confidence }));
        }
        let calibration_error = calibration_error(&answers);
        Ok(Exam { name: name.to_owned(), evaluation: tally.evaluation(), calibration_error })
    }

    fn sentiment_exam(&mut self, name: &str, texts: &[Labelled<'_>]) -> Result<Exam> {
        let labels = SentimentLabel::ALL[..SENTIMENTS].iter().map(|label| label.as_str());
        self.exam(name, labels, texts, |_, analysis| {
            (analysis.sentiment.label.as_str(), analysis.sentiment.confidence)
        })
    }

    fn kind_exam(&mut self, name: &str, texts: &[Labelled<'_>]) -> Result<Exam> {
        let labels = FeedbackKind::ALL[..KINDS].iter().map(|label| label.as_str());
        self.exam(name, labels, texts, |_, analysis| (analysis.kind.label.as_str(), analysis.kind.confidence))
    }

    /// Every set that was trained on, the slices of nhs-fft by question, what was written for this project, and a set that
    /// only measures.
    fn sentiment(&mut self, test: &[Row], seeds: &Seeds, data: &Path) -> Result<Vec<Exam>> {
        let mut exams = Vec::new();
        for (number, set) in SETS.iter().enumerate() {
            let of_set: Vec<&Row> = test.iter().filter(|row| row.set == number).collect();
            let texts: Vec<Labelled<'_>> = of_set.iter().copied().map(labelled).collect();
            exams.push(self.sentiment_exam(set.name, &texts)?);
            let mut questions: Vec<&str> = of_set.iter().filter_map(|row| row.question.as_deref()).collect();
            questions.sort_unstable();
            questions.dedup();
            for question in questions {
                let asked = of_set.iter().filter(|row| row.question.as_deref() == Some(question));
                let texts: Vec<Labelled<'_>> = asked.copied().map(labelled).collect();
                if texts.len() >= 50 {
                    exams.push(self.sentiment_exam(&format!("{}, “{question}”", set.name), &texts)?);
                }
            }
        }
        let films = foreign(data, "sst2")?;
        let texts: Vec<Labelled<'_>> = films.iter().map(|row| row.labelled(&row.label)).collect();
        exams.push(self.sentiment_exam("sst2 (never trained on; two classes)", &texts)?);
        let written = written(seeds.products_test(), |seed| seed.sentiment().map(|label| label.as_str()));
        exams.push(self.sentiment_exam("products, written for this project", &written)?);
        let written = self::written(seeds.topics_test(), |seed| seed.sentiment().map(|label| label.as_str()));
        exams.push(self.sentiment_exam("seeds, as their kind implies", &written)?);
        exams.extend(self.features(data)?);
        Ok(exams)
    }

    /// What is said of each feature of an app: by the whole sentence, and by the segments that the feature stands in.
    fn features(&mut self, data: &Path) -> Result<[Exam; 2]> {
        let reviews = reviews::read(data, Split::Test)?;
        let texts: Vec<Labelled<'_>> = reviews
            .iter()
            .flat_map(|review| {
                let social = Some(Contract::Social);
                let input = Input { body: &review.text, contract: social, ..Input::default() };
                review.features().map(move |(gold, about)| Labelled { gold, input, about })
            })
            .collect();
        let labels = || SentimentLabel::ALL[..SENTIMENTS].iter().map(|label| label.as_str());
        let analyzer = self.analyzer;
        Ok([
            self.sentiment_exam(
                "appreviews-is22, features by their sentence (its train split is learned from)",
                &texts,
            )?,
            self.exam("appreviews-is22, features by their segments", labels(), &texts, |text, analysis| {
                let said = sentiment_about(text.about, analysis, analyzer).unwrap_or(analysis.sentiment);
                (said.label.as_str(), said.confidence)
            })?,
        ])
    }

    /// The products' texts, whole and by source, the seeds, and two sets that only measure: issues of software
    /// repositories, and suggestions among sentences of a forum.
    fn kinds(&mut self, seeds: &Seeds, data: &Path) -> Result<Vec<Exam>> {
        let kind = |seed: &Seed| Some(seed.kind().as_str());
        let mut exams = vec![self.kind_exam("products, test", &written(seeds.products_test(), kind))?];
        for source in ["ticket", "survey", "nps", "social"] {
            let slice = seeds.products_test().filter(|seed| seed.source == source);
            exams.push(self.kind_exam(&format!("products, test, {source}"), &written(slice, kind))?);
        }
        exams.push(self.kind_exam("seeds, test", &written(seeds.topics_test(), kind))?);
        let issues = foreign(data, "nlbse24")?;
        let name =
            |row: &'_ Foreign| if row.label == "feature" { "feature_request" } else { known(&row.label) };
        let texts: Vec<Labelled<'_>> = issues
            .iter()
            .map(|row| Labelled {
                input: Input { contract: Some(Contract::Ticket), ..row.input() },
                gold: name(row),
                about: "",
            })
            .collect();
        exams.push(self.kind_exam("nlbse24 (never trained on)", &texts)?);
        let three = [FeedbackKind::Bug, FeedbackKind::FeatureRequest, FeedbackKind::Question];
        let labels = three.map(FeedbackKind::as_str).into_iter();
        exams.push(self.exam("nlbse24, likeliest of its three kinds", labels, &texts, |_, analysis| {
            likeliest(analysis, three)
        })?);
        let sentences = foreign(data, "suggestion-mining")?;
        let texts: Vec<Labelled<'_>> = sentences.iter().map(|row| row.labelled(&row.label)).collect();
        exams.push(self.exam(
            "suggestion-mining (never trained on; request or not)",
            ["suggestion", "other"].into_iter(),
            &texts,
            |_, analysis| {
                let request = FeedbackKind::FeatureRequest;
                let likely = kinds::class(request).map_or(0.0, |class| analysis.kind_probabilities[class]);
                if analysis.kind.label == request { ("suggestion", likely) } else { ("other", 1.0 - likely) }
            },
        )?);
        Ok(exams)
    }

    fn urgency<'s>(&mut self, name: &str, seeds: impl Iterator<Item = &'s Seed>) -> Result<Exam> {
        let texts = written(seeds, |seed| seed.urgency.map(|urgency| urgency.as_str()));
        let labels = Urgency::ALL.iter().map(|label| label.as_str());
        self.exam(name, labels, &texts, |_, analysis| {
            (analysis.urgency.as_str(), analysis.urgency_confidence)
        })
    }

    /// The most frequent first.
    fn hard(&mut self, seeds: &Seeds) -> Vec<Hard> {
        let hard: Vec<&Seed> = seeds.products_test().filter(|seed| seed.hard.is_some()).collect();
        let texts = written(hard.iter().copied(), |seed| seed.hard.as_deref());
        let mut said = Vec::new();
        self.each(&texts, |_, analysis| said.push(analysis.kind.label));
        let mut found = BTreeMap::<&str, (usize, usize)>::new();
        for ((seed, text), said) in hard.iter().zip(&texts).zip(said) {
            let (n, right) = found.entry(text.gold).or_default();
            *n += 1;
            *right += usize::from(said == seed.kind());
        }
        let slice = |(name, (n, right)): (&str, _)| Hard { name: name.replace('_', " "), n, right };
        let mut slices: Vec<Hard> = found.into_iter().map(slice).collect();
        slices.sort_by_key(|slice| std::cmp::Reverse(slice.n));
        slices
    }
}

/// Of the segments that these words stand in, as the sentiment of a topic is told in a language that is known; `None` where
/// they were redacted.
fn sentiment_about(words: &str, analysis: &Analysis<'_>, analyzer: &Analyzer) -> Option<Sentiment> {
    let start = analysis.body.find(words)?;
    let end = start + words.len();
    let (mut sum, mut count) = ([0.0; SENTIMENTS], 0.0);
    for (segment, encoding) in analysis.segments.iter().zip(analysis.segment_encodings) {
        if (segment.start as usize) < end && start < segment.end as usize {
            sum.iter_mut().zip(encoding.sentiment).for_each(|(sum, logit)| *sum += logit);
            count += 1.0;
        }
    }
    let calibration = &analyzer.judges()[analysis.judge].calibrations.sentiment;
    let context = Context { knows_language: true, asked: false };
    (count > 0.0).then(|| heads::sentiment(&sum.map(|logit| logit / count), calibration, context))
}

/// Of some kinds the likeliest, and how likely it is if it is one of them.
fn likeliest<const N: usize>(analysis: &Analysis<'_>, kinds: [FeedbackKind; N]) -> (&'static str, f32) {
    let likely = kinds.map(|kind| kinds::class(kind).map_or(0.0, |class| analysis.kind_probabilities[class]));
    let best = (1..N).fold(0, |best, at| if likely[at] > likely[best] { at } else { best });
    (kinds[best].as_str(), likely[best] / likely.iter().sum::<f32>().max(f32::MIN_POSITIVE))
}

fn labelled(row: &Row) -> Labelled<'_> {
    let question = row.question.as_deref();
    let input = Input { body: &row.text, question, contract: Some(row.contract()), ..Input::default() };
    Labelled { gold: &row.label, input, about: "" }
}

/// Those that have the label.
fn written<'s>(
    seeds: impl Iterator<Item = &'s Seed>,
    label: impl Fn(&'s Seed) -> Option<&'s str>,
) -> Vec<Labelled<'s>> {
    let input = |seed: &'s Seed| Input {
        body: &seed.text,
        question: seed.question.as_deref(),
        contract: seed.contract(),
        ..Input::default()
    };
    seeds.filter_map(|seed| Some(Labelled { gold: label(seed)?, input: input(seed), about: "" })).collect()
}

impl Foreign {
    fn input(&self) -> Input<'_> {
        Input { body: &self.text, ..Input::default() }
    }

    fn labelled<'t>(&'t self, gold: &'t str) -> Labelled<'t> {
        Labelled { gold, input: self.input(), about: "" }
    }
}

/// The test split of a set that is never trained on.
fn foreign(data: &Path, set: &str) -> Result<Vec<Foreign>> {
    let all = rows::<Foreign>(&data.join(set).join("data.jsonl"))?;
    Ok(all.into_iter().filter(|row| row.split == Split::Test).collect())
}

/// A label of ours by its name; any other is refused by the tally.
fn known(label: &str) -> &'static str {
    FeedbackKind::parse(label).map_or("no kind of ours", FeedbackKind::as_str)
}
