//! The model card: what a run found, in words a user can check.

mod short;

use super::baseline::Baseline;
use super::behaviour;
use super::data::{Corpus, SETS};
use super::exam::{Exam, Measured};
use super::few_shot;
use super::seeds::Seeds;
use super::topics::TopicScores;
use analyze::encoder::weights::Facts;
use analyze::eval::{Estimate, LabelScores, estimates};
use std::fmt::Write;

const OPENING: &str = include_str!("card/opening.md");
const FAILURES: &str = include_str!("card/failures.md");
const HOW: &str = include_str!("card/how.md");
const CLOSING: &str = include_str!("card/closing.md");
const MEASURES: &str = include_str!("card/measures.md");
const FEW_SHOT: &str = include_str!("card/few_shot.md");

pub struct Findings<'f> {
    pub date: String,
    pub vector_version: String,
    pub bytes: usize,
    pub corpus: &'f Corpus,
    pub seeds: &'f Seeds,
    pub facts: &'f Facts,
    /// The built-in encoder first.
    pub measured: Vec<Measured>,
    /// By space of vectors: with examples, and from names and descriptions alone.
    pub topics: Vec<(String, [TopicScores; 2])>,
    /// The built-in encoder first.
    pub behaviours: Vec<behaviour::Column>,
    /// In taxonomies that nothing was fitted on.
    pub few_shot: few_shot::Lines,
    pub baseline: Option<Baseline>,
}

#[must_use]
pub fn render(found: &Findings<'_>) -> String {
    let mut card = OPENING.replace("{date}", &found.date);
    let versions: Vec<String> =
        found.measured.iter().map(|one| format!("{} is `{}`", one.encoder, one.version)).collect();
    // Writing to a string cannot fail.
    let _ = write!(
        card,
        "\n{}; vectors `{}`; {} bytes of weights in the program.\n",
        versions.join(", "),
        found.vector_version,
        found.bytes
    );
    card.push_str(&short::section(&found.measured, &found.behaviours));
    sentiment(&mut card, found);
    found.measured.iter().for_each(|one| kinds(&mut card, one));
    topics(&mut card, &found.topics);
    few_shot_topics(&mut card, &found.few_shot);
    card.push_str(&behaviour::section(&found.behaviours));
    card.push_str(&short::fill(FAILURES, &found.measured, &found.behaviours));
    card.push_str(HOW);
    data(&mut card, found);
    settings(&mut card, found.facts);
    card.push_str(CLOSING);
    card
}

fn data(card: &mut String, found: &Findings<'_>) {
    let (corpus, dropped) = (found.corpus, found.corpus.dropped);
    card.push_str(
        "\n## Data\n\n| set | origin | licence | weight | train | dev | test |\n|---|---|---|---|---|---|---|\n",
    );
    for (number, set) in SETS.iter().enumerate() {
        let count = |rows: &[super::data::Row]| rows.iter().filter(|row| row.set == number).count();
        let (train, dev, test) = (count(&corpus.train), count(&corpus.dev), count(&corpus.test));
        let _ = writeln!(
            card,
            "| {} | {} | {} | {} | {train} | {dev} | {test} |",
            set.name, set.origin, set.licence, set.weight
        );
    }
    let seeds = found.seeds;
    let _ = writeln!(
        card,
        "| seeds and products, written for this project | language models, within days | this project's | 3 (drawn and padded ones 0.5, contrasts 1) | {} (and {} drawn from frames, {} padded, {} drawn from contrast sets) | {} | {} |",
        seeds.written().count(),
        seeds.frames.len(),
        seeds.padded.len(),
        seeds.contrasts.len(),
        seeds.dev.len(),
        seeds.test.len()
    );
    let _ = writeln!(
        card,
        "\nCounts are after dropping: {} texts from train that stand in some dev or test split too (same words, whatever the \
         case and punctuation), {} repeated within train, {} tweets from train that share six words in a row with a tweet of \
         the test split, {} that stand in a set which is never trained on; {} from dev that stand in some test split, {} tweets from dev that share six words in a row with train. \
         Test splits are whole. What was written for this project trains kinds, topics (the seeds), and sentiment: as labelled, or as \
         far as the kind implies it (praise positive, bug and complaint negative, question, request and other neutral). All texts \
         on one of the twenty products stand in one split, and no text stands in two.",
        dropped.train_seen_elsewhere,
        dropped.train_repeated,
        dropped.train_six_words,
        dropped.train_measured_only,
        dropped.dev_in_test,
        dropped.dev_six_words
    );
    card.push_str(MEASURES);
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
    let spread = |e: Estimate| format!("{:.1} ({:.1}–{:.1})", 100.0 * e.value, 100.0 * e.low, 100.0 * e.high);
    let scores = estimates(e);
    let error = exam.calibration_error;
    let _ = writeln!(
        card,
        "| {} | {} | {} | {} | {} | {} | {:.3} ({:.3}–{:.3}) |",
        exam.name,
        e.n,
        spread(scores.accuracy),
        spread(scores.macro_recall),
        spread(scores.macro_f1),
        percent(e.answered as f64 / e.n.max(1) as f64),
        error.value,
        error.low,
        error.high
    );
}

const HEAD: &str = "| test | n | accuracy | macro-recall | macro-F1 | answered | calibration error |\n\
                    |---|---|---|---|---|---|---|\n";

fn sentiment(card: &mut String, found: &Findings<'_>) {
    card.push_str(
        "\n## Sentiment, test splits\n\n\"Unknown\" counts as wrong everywhere but in the calibration error, which is \
         debiased. In brackets 95% intervals: of the accuracy Wilson's, of the others from bootstrap samples of the texts.\n",
    );
    for one in &found.measured {
        let _ = writeln!(card, "\n### {}\n", one.encoder);
        card.push_str(HEAD);
        one.sentiment.iter().for_each(|exam| row(card, exam));
        if one.encoder == "cascade" {
            let _ = writeln!(card, "\nOf all texts tested {:.1}% were sent on.", 100.0 * one.sent_on);
        }
    }
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
        let ours = found.measured.iter().flat_map(|one| &one.sentiment).find(|exam| exam.name == set.name);
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

fn kinds(card: &mut String, one: &Measured) {
    let _ = writeln!(card, "\n## Kind and urgency, {}\n", one.encoder);
    card.push_str(HEAD);
    one.kinds.iter().for_each(|exam| row(card, exam));
    card.push_str("\nBy kind, on the products' test split:\n\n| kind | n | precision | recall | F1 |\n|---|---|---|---|---|\n");
    for label in one.kinds.iter().take(1).flat_map(|exam| &exam.evaluation.labels) {
        label_row(card, label);
    }
    card.push_str("\nBy what makes a text hard, there:\n\n| hard by | n | kind right |\n|---|---|---|\n");
    for slice in &one.hard {
        let right = 100.0 * slice.right as f64 / slice.n as f64;
        let _ = writeln!(card, "| {} | {} | {right:.0} |", slice.name, slice.n);
    }
    card.push_str("\nUrgency:\n\n");
    card.push_str(HEAD);
    row(card, &one.urgency);
    card.push_str("\n| urgency | n | precision | recall | F1 |\n|---|---|---|---|---|\n");
    one.urgency.evaluation.labels.iter().for_each(|label| label_row(card, label));
}

fn label_row(card: &mut String, label: &LabelScores) {
    let [p, r, f] = [label.precision, label.recall, label.f1].map(|x| 100.0 * x);
    let _ = writeln!(card, "| {} | {} | {p:.0} | {r:.0} | {f:.0} |", label.label, label.n);
}

fn topics(card: &mut String, spaces: &[(String, [TopicScores; 2])]) {
    card.push_str(
        "\n## Topics, default taxonomy, seeds' test split\n\n| vectors | taxonomy | texts | precision | recall | micro-F1 | off-topic texts | left without a topic |\n|---|---|---|---|---|---|---|---|\n",
    );
    let names = ["with examples", "names and descriptions only"];
    for (space, name, s) in spaces
        .iter()
        .flat_map(|(space, scores)| names.iter().zip(scores).map(move |(name, s)| (space, name, s)))
    {
        let [p, r, f] = [s.precision(), s.recall(), s.f1()].map(|x| 100.0 * x);
        let _ = writeln!(
            card,
            "| {space} | {name} | {} | {p:.1} | {r:.1} | {f:.1} | {} | {} |",
            s.texts, s.off_topic, s.off_topic_right
        );
    }
}

fn few_shot_topics(card: &mut String, lines: &few_shot::Lines) {
    card.push_str(FEW_SHOT);
    card.push_str(&few_shot::table_of(lines));
}
