//! Prometheus' text: families of samples, each with its help and type, all of one family together.

use super::help::help;
use std::collections::BTreeMap;
use std::fmt::Write as _;

#[derive(Debug, Default)]
pub(super) struct Families {
    families: BTreeMap<String, Family>,
}

#[derive(Debug)]
struct Family {
    help: String,
    kind: &'static str,
    lines: Vec<String>,
}

impl Families {
    /// A counter or a gauge, as its name says.
    pub fn plain(&mut self, name: &str, help: &str, labels: &[(&str, &str)], value: String) {
        let line = sample(name, &written_labels(labels), &value);
        self.push(name, help, kind_of(name), line);
    }

    /// A part of a histogram; `ending` says which.
    pub fn histogram(
        &mut self,
        name: &str,
        help: &str,
        ending: &str,
        labels: &[(&str, &str)],
        value: String,
    ) {
        let line = sample(&format!("{name}{ending}"), &written_labels(labels), &value);
        self.push(name, help, "histogram", line);
    }

    /// Of others, who write their labels themselves: `name{label="value"}`.
    pub fn joined(&mut self, name: &str, value: u64) {
        let (family, labels) = name.split_at(name.find('{').unwrap_or(name.len()));
        let line = sample(family, labels, &value.to_string());
        // Of what has no entry the name tells all that is known.
        let words = || family.trim_start_matches("verbatim_").trim_end_matches("_total").replace('_', " ");
        let help = help(family).map_or_else(words, str::to_owned);
        self.push(family, &help, kind_of(family), line);
    }

    fn push(&mut self, name: &str, help: &str, kind: &'static str, line: String) {
        let family = || Family { help: help.to_owned(), kind, lines: Vec::new() };
        self.families.entry(name.to_owned()).or_insert_with(family).lines.push(line);
    }

    pub fn written(self) -> String {
        let mut text = String::new();
        for (name, Family { help, kind, lines }) in self.families {
            // A string takes whatever is written.
            let _ = writeln!(text, "# HELP {name} {help}.\n# TYPE {name} {kind}");
            for line in lines {
                text += &line;
                text.push('\n');
            }
        }
        text
    }
}

fn kind_of(name: &str) -> &'static str {
    if name.ends_with("_total") { "counter" } else { "gauge" }
}

fn sample(name: &str, labels: &str, value: &str) -> String {
    format!("{name}{labels} {value}")
}

fn written_labels(labels: &[(&str, &str)]) -> String {
    if labels.is_empty() {
        return String::new();
    }
    let escaped = |value: &str| value.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n");
    let labels: Vec<String> =
        labels.iter().map(|(name, value)| format!("{name}=\"{}\"", escaped(value))).collect();
    format!("{{{}}}", labels.join(","))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_of_a_label_is_escaped() {
        assert_eq!(written_labels(&[("a", "x\"\\\n{}")]), "{a=\"x\\\"\\\\\\n{}\"}");
        assert_eq!(written_labels(&[]), "");
    }

    #[test]
    fn what_nobody_has_explained_is_told_by_the_words_of_its_name() {
        let mut families = Families::default();
        families.joined("verbatim_new_things_total{of=\"a\"}", 1);
        assert!(families.written().starts_with("# HELP verbatim_new_things_total new things.\n# TYPE"));
    }

    #[test]
    fn a_family_stands_together_whoever_adds_to_it() {
        let mut families = Families::default();
        families.joined("verbatim_serve_job_runs_total{job=\"1\"}", 1);
        families.joined("verbatim_live_bytes", 2);
        families.joined("verbatim_serve_job_runs_total{job=\"2\"}", 3);
        assert_eq!(
            families.written(),
            "# HELP verbatim_live_bytes Memory that the records for lists and search take.\n\
             # TYPE verbatim_live_bytes gauge\nverbatim_live_bytes 2\n\
             # HELP verbatim_serve_job_runs_total Times that a scheduled job had something to do and did it, by job.\n\
             # TYPE verbatim_serve_job_runs_total counter\n\
             verbatim_serve_job_runs_total{job=\"1\"} 1\nverbatim_serve_job_runs_total{job=\"2\"} 3\n"
        );
    }
}
