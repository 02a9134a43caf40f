//! What a sample and its labels say, in words and tables.

use crate::output;
use insight::report::Period;
use insight::report::sample::{Corrected, LEAST, LabelRow, Plan, Sample};
use insight::stats::{FEW, prevalence::Estimate};
use serde_json::{Value, json};
use std::path::Path;

/// A sample that was drawn, and where it was written to.
pub struct Told<'a> {
    pub sample: &'a Sample,
    pub file: Option<&'a Path>,
    pub period: Period,
    pub plan: Plan,
}

impl Told<'_> {
    /// With what to do next.
    pub fn text(&self) -> String {
        let Self { sample, period: Period { from, to }, plan, .. } = self;
        let rows = sample.rows.len() as u64;
        let mut text = format!(
            "{} of {} with words of {from} to {to}, drawn by {}",
            output::grouped(rows),
            output::counted(sample.population(), "record"),
            strata(sample.strata.len())
        );
        if let Some(file) = self.file {
            text += &format!(", in {}", file.display());
        }
        if rows > u64::from(plan.size) {
            text += &format!("; more than {}, for each stratum gives {LEAST} at least", plan.size);
        } else if rows < u64::from(plan.size) {
            text += "; there are no more";
        }
        let file = self.file.map_or("FILE".into(), |file| output::shell_word(&file.to_string_lossy()));
        let words = choice(&plan.by.labels());
        text + &format!(
            ".\nLabel the column `label` with {words} (empty where you cannot tell), then: verbatim sample \
             --correct {file}"
        )
    }

    /// The same for programs.
    pub fn json(&self) -> Value {
        let Self { sample, file, period, plan } = self;
        let strata = sample.strata.iter().enumerate().map(|(at, stratum)| {
            json!({
                "stratum": plan.by.stratum(at + 1),
                "source": stratum.source,
                "said": stratum.said,
                "records": stratum.size,
                "rows": stratum.drawn,
            })
        });
        json!({
            "file": file.map(Path::to_string_lossy),
            "by": plan.by,
            "from": period.from.to_string(),
            "to": period.to.to_string(),
            "seed": plan.seed,
            "records": sample.population(),
            "rows": sample.rows.len(),
            "strata": strata.collect::<Vec<_>>(),
        })
    }
}

/// 1 as "1 stratum", 12 as "12 strata".
fn strata(number: usize) -> String {
    if number == 1 { "1 stratum".to_owned() } else { format!("{} strata", output::grouped(number as u64)) }
}

/// "negative, neutral or positive".
pub fn choice(words: &[&str]) -> String {
    match words {
        [others @ .., last] if !others.is_empty() => format!("{} or {last}", others.join(", ")),
        words => words.concat(),
    }
}

/// The shares as tables; counts alone where the labels are too few.
pub fn corrected(corrected: &Corrected) -> String {
    let Corrected { rows, labelled, unlabelled, records, .. } = corrected;
    let of = format!(
        "{} of {} labelled ({} passed over without a label)",
        output::grouped(*labelled),
        output::counted(*rows, "row"),
        output::grouped(*unlabelled)
    );
    if corrected.too_few {
        return format!(
            "{of}: too few to correct shares by. Label {} more at least.\n\n{}",
            FEW - labelled,
            counts(&corrected.labels)
        );
    }
    let mut text = format!(
        "{of}; by the sizes of their strata they stand for {}.\n\n{}\n\n\
         said: by the classifier, a count. corrected: what it really is, from the labels. precision: how often it is\n\
         right where it says so. recall: how much of what there is it finds. In brackets 95% intervals.\n",
        output::counted(*records, "record"),
        shares(&corrected.labels)
    );
    for merged in &corrected.merged {
        text += &format!(
            "Fewer than 2 rows are labelled in {} of what was said to be {}: counted as one with another of it.\n",
            strata(merged.strata),
            merged.said
        );
    }
    for left in &corrected.left_out {
        text += &format!(
            "NOT COUNTED: {} said to be {}, of which fewer than 2 rows are labelled. Label more of them.\n",
            output::counted(left.records, "record"),
            left.said
        );
    }
    text
}

fn counts(labels: &[LabelRow]) -> String {
    let mut table = output::table(&["label", "labelled", "said"]);
    for row in labels {
        table.add_row([row.label.to_owned(), output::grouped(row.labelled), percent(row.said)]);
    }
    table.to_string()
}

fn shares(labels: &[LabelRow]) -> String {
    let mut table = output::table(&["label", "labelled", "said", "corrected", "precision", "recall"]);
    for row in labels {
        let counted = [row.label.to_owned(), output::grouped(row.labelled), percent(row.said)];
        let estimated = [row.corrected, row.precision, row.recall].map(estimate);
        table.add_row([counted, estimated].concat());
    }
    table.to_string()
}

/// 0.3142 as "31.4%".
fn percent(share: f64) -> String {
    format!("{:.1}%", 100.0 * share)
}

/// "31.4% (27.0 to 36.2)"; a dash where there is nothing to estimate from.
fn estimate(estimate: Option<Estimate>) -> String {
    let Some(Estimate { value, interval, .. }) = estimate else { return "–".to_owned() };
    format!("{} ({:.1} to {:.1})", percent(value), 100.0 * interval.low, 100.0 * interval.high)
}

#[cfg(test)]
mod tests {
    use super::*;
    use feedback::time::Day;
    use insight::report::sample::{By, Labelled, Stratum, UNKNOWN, correct};
    use insight::stats::Interval;

    fn rows(stratum: &str, said: &'static str, label: Option<&'static str>, times: usize) -> Vec<Labelled> {
        vec![Labelled { stratum: stratum.to_owned(), size: 1_200, said, label }; times]
    }

    #[test]
    fn words_and_figures_are_told_as_people_tell_them() {
        assert_eq!(choice(&["negative", "neutral", "positive"]), "negative, neutral or positive");
        assert_eq!(choice(&["bug"]), "bug");
        let interval = Interval::new(0.27, 0.362);
        let found = Estimate { value: 0.3142, standard_error: 0.02, interval };
        assert_eq!(estimate(Some(found)), "31.4% (27.0 to 36.2)");
        assert_eq!(estimate(None), "–");
        assert_eq!([1, 1_200].map(strata), ["1 stratum", "1,200 strata"]);
    }

    #[test]
    fn who_drew_is_told_what_to_do_next() {
        let stratum = Stratum { source: "nps".into(), said: "positive".into(), size: 1_234, drawn: 0 };
        let sample = Sample { by: By::Sentiment, strata: vec![stratum], rows: Vec::new() };
        let period = Period { from: Day(20_514), to: Day(20_520) };
        let plan = Plan { by: By::Sentiment, size: 200, seed: 1 };
        let told = Told { sample: &sample, file: Some(Path::new("my sample.csv")), period, plan };
        let text = told.text();
        let drawn =
            "0 of 1,234 records with words of 2026-03-02 to 2026-03-08, drawn by 1 stratum, in my sample.csv";
        assert!(text.starts_with(drawn), "{text}");
        assert!(
            text.contains("Label the column `label` with negative, neutral or positive (empty"),
            "{text}"
        );
        assert!(text.ends_with("then: verbatim sample --correct 'my sample.csv'"), "{text}");
        assert!(Told { file: None, ..told }.text().ends_with("--correct FILE"));
    }

    #[test]
    fn shares_are_told_with_their_intervals_and_what_they_are_not_of() {
        let all = [
            rows("sentiment-1", "negative", Some("negative"), 20),
            rows("sentiment-1", "negative", Some("neutral"), 10),
            rows("sentiment-2", "negative", Some("neutral"), 1),
            rows("sentiment-3", UNKNOWN, None, 5),
        ];
        let text = corrected(&correct(By::Sentiment, &all.concat()));
        let first =
            "31 of 36 rows labelled (5 passed over without a label); by the sizes of their strata they stand";
        assert!(text.starts_with(&format!("{first} for 2,400 records.")), "{text}");
        assert!(text.contains("100.0%") && text.contains("64.5%"), "{text}");
        assert!(text.contains('–'), "nothing was said to be positive: {text}");
        assert!(text.contains("in 1 stratum of what was said to be negative"), "{text}");
        assert!(text.contains("NOT COUNTED: 1,200 records said to be unknown"), "{text}");
    }

    #[test]
    fn of_few_labels_there_are_counts() {
        let of = |label, times| rows("sentiment-1", "negative", label, times);
        let text = corrected(&correct(By::Sentiment, &[of(Some("negative"), 12), of(None, 3)].concat()));
        assert!(
            text.starts_with("12 of 15 rows labelled (3 passed over without a label): too few"),
            "{text}"
        );
        assert!(text.contains("Label 18 more at least."), "{text}");
        assert!(!text.contains("recall"), "{text}");
    }
}
