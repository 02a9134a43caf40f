//! The model card: what a run found, in words a user can check.

use super::baseline::Baseline;
use super::data::{Corpus, SETS};
use super::exam::{Exam, Hard};
use super::few_shot;
use super::seeds::Seeds;
use super::topics::TopicScores;
use analyze::encoder::weights::Facts;
use std::fmt::Write;

const OPENING: &str = include_str!("card/opening.md");
const CLOSING: &str = include_str!("card/closing.md");
const FEW_SHOT: &str = include_str!("card/few_shot.md");

pub struct Findings<'f> {
    pub version: String,
    pub vector_version: String,
    pub bytes: usize,
    pub corpus: &'f Corpus,
    pub seeds: &'f Seeds,
    pub facts: &'f Facts,
    pub sentiment: Vec<Exam>,
    pub unseen: Exam,
    /// Sentiment of what was written for this project.
    pub written: [Exam; 2],
    /// The products' texts first, whole, then their slices.
    pub kinds: Vec<Exam>,
    pub issues: Exam,
    /// Of the products' texts: how the hard ones were read.
    pub hard: Vec<Hard>,
    pub urgency: Exam,
    pub topics: [TopicScores; 2],
    /// In taxonomies that nothing was fitted on.
    pub few_shot: Vec<few_shot::Line>,
    pub baseline: Option<Baseline>,
}

#[must_use]
pub fn render(found: &Findings<'_>) -> String {
    let mut card = String::from(OPENING);
    // Writing to a string cannot fail.
    let _ = write!(
        card,
        "\nVersion `{}`, vectors `{}`, {} bytes.\n",
        found.version, found.vector_version, found.bytes
    );
    data(&mut card, found);
    settings(&mut card, found.facts);
    sentiment(&mut card, found);
    kinds(&mut card, found);
    topics(&mut card, &found.topics);
    few_shot_topics(&mut card, &found.few_shot);
    card.push_str(CLOSING);
    card
}

fn data(card: &mut String, found: &Findings<'_>) {
    let (corpus, dropped) = (found.corpus, found.corpus.dropped);
    card.push_str(
        "\n## Data\n\n| set | licence | weight | train | dev | test |\n|---|---|---|---|---|---|\n",
    );
    for (number, set) in SETS.iter().enumerate() {
        let count = |rows: &[super::data::Row]| rows.iter().filter(|row| row.set == number).count();
        let (train, dev, test) = (count(&corpus.train), count(&corpus.dev), count(&corpus.test));
        let _ =
            writeln!(card, "| {} | {} | {} | {train} | {dev} | {test} |", set.name, set.licence, set.weight);
    }
    let seeds = found.seeds;
    let _ = writeln!(
        card,
        "| seeds and products, written for this project | this project's | 3 (drawn ones 0.5) | {} (and {} drawn from frames) | {} | {} |",
        seeds.train.len(),
        seeds.frames.len(),
        seeds.dev.len(),
        seeds.test.len()
    );
    let _ = writeln!(
        card,
        "\nCounts are after dropping: {} texts from train that stand in some dev or test split too (same words, whatever the \
         case and punctuation), {} repeated within train, {} tweets from train that share six words in a row with a tweet of \
         the test split; {} from dev that stand in some test split, {} tweets from dev that share six words in a row with train. \
         Test splits are whole. What was written for this project trains kinds, topics (the seeds), and sentiment: as labelled, or as \
         far as the kind implies it (praise positive, bug and complaint negative, question, request and other neutral). All texts \
         on one of the twenty products stand in one split, and no text stands in two.",
        dropped.train_seen_elsewhere,
        dropped.train_repeated,
        dropped.train_six_words,
        dropped.dev_in_test,
        dropped.dev_six_words
    );
}

fn settings(card: &mut String, facts: &Facts) {
    let shift = |shift: &[f32]| shift.iter().map(|s| format!("{s:.3}")).collect::<Vec<_>>().join(" / ");
    let (sentiment, kind) = (&facts.sentiment.calibration, &facts.kind.calibration);
    let _ = writeln!(
        card,
        "\n## Chosen on dev\n\nSentiment: temperature {:.3}, prior shift {} (of answers to a question {}), \"unknown\" below {:.2}. \
         Kind: temperature {:.3}, \"unknown\" below {:.2}. Topics: said from {:.2} on.",
        sentiment.temperature,
        shift(&sentiment.shift),
        shift(&sentiment.asked_shift),
        sentiment.threshold,
        kind.temperature,
        kind.threshold,
        facts.topics.threshold
    );
}

fn row(card: &mut String, exam: &Exam) {
    let e = &exam.evaluation;
    let percent = |share: f64| format!("{:.1}", 100.0 * share);
    let answered = e.answered as f64 / e.n.max(1) as f64;
    let _ = writeln!(
        card,
        "| {} | {} | {} | {} | {} | {} | {:.3} |",
        exam.name,
        e.n,
        percent(e.accuracy),
        percent(e.macro_recall),
        percent(e.macro_f1),
        percent(answered),
        e.ece
    );
}

const HEAD: &str =
    "| test | n | accuracy | macro-recall | macro-F1 | answered | ECE |\n|---|---|---|---|---|---|---|\n";

fn sentiment(card: &mut String, found: &Findings<'_>) {
    card.push_str("\n## Sentiment, test splits\n\n\"Unknown\" counts as wrong everywhere but in ECE.\n\n");
    card.push_str(HEAD);
    found.sentiment.iter().for_each(|exam| row(card, exam));
    row(card, &found.unseen);
    found.written.iter().for_each(|exam| row(card, exam));
    let Some(baseline) = &found.baseline else {
        card.push_str("\nThe baseline was not run.\n");
        return;
    };
    let _ = writeln!(
        card,
        "\nTF-IDF with logistic regression on the same texts ({}; `crates/xtask/baselines/tfidf_lr.py`):\n",
        baseline.settings
    );
    card.push_str("| test | n | macro-recall: baseline | built-in | macro-F1: baseline | built-in |\n|---|---|---|---|---|---|\n");
    for set in SETS {
        let ours = found.sentiment.iter().find(|exam| exam.name == set.name);
        if let (Some(theirs), Some(ours)) = (baseline.test.get(set.name), ours) {
            let [a, b, c, d] = [
                theirs.macro_recall,
                ours.evaluation.macro_recall,
                theirs.macro_f1,
                ours.evaluation.macro_f1,
            ]
            .map(|x| 100.0 * x);
            let _ = writeln!(card, "| {} | {} | {a:.1} | {b:.1} | {c:.1} | {d:.1} |", set.name, theirs.n);
        }
    }
}

fn kinds(card: &mut String, found: &Findings<'_>) {
    card.push_str("\n## Kind\n\n");
    card.push_str(HEAD);
    found.kinds.iter().for_each(|exam| row(card, exam));
    row(card, &found.issues);
    card.push_str("\nBy kind, on the products' test split:\n\n| kind | n | precision | recall | F1 |\n|---|---|---|---|---|\n");
    for label in &found.kinds[0].evaluation.labels {
        let [p, r, f] = [label.precision, label.recall, label.f1].map(|x| 100.0 * x);
        let _ = writeln!(card, "| {} | {} | {p:.0} | {r:.0} | {f:.0} |", label.label, label.n);
    }
    card.push_str("\nBy what makes a text hard, there:\n\n| hard by | n | kind right |\n|---|---|---|\n");
    for slice in &found.hard {
        let right = 100.0 * slice.right as f64 / slice.n as f64;
        let _ = writeln!(card, "| {} | {} | {right:.0} |", slice.name, slice.n);
    }
    card.push_str("\n## Urgency, by rules\n\n");
    card.push_str(HEAD);
    row(card, &found.urgency);
}

fn topics(card: &mut String, scores: &[TopicScores; 2]) {
    card.push_str(
        "\n## Topics, default taxonomy, seeds' test split\n\n| taxonomy | texts | precision | recall | micro-F1 | off-topic texts | left without a topic |\n|---|---|---|---|---|---|---|\n",
    );
    for (name, s) in ["with examples", "names and descriptions only"].iter().zip(scores) {
        let [p, r, f] = [s.precision(), s.recall(), s.f1()].map(|x| 100.0 * x);
        let _ = writeln!(
            card,
            "| {name} | {} | {p:.1} | {r:.1} | {f:.1} | {} | {} |",
            s.texts, s.off_topic, s.off_topic_right
        );
    }
}

fn few_shot_topics(card: &mut String, lines: &[few_shot::Line]) {
    card.push_str(FEW_SHOT);
    card.push_str(&few_shot::table(lines));
}
