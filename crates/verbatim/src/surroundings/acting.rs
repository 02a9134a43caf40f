//! The files that say who acts, what is told, to whom, and by which goals: each by itself, and whether they fit together.

mod deliveries;

use super::Found;
use crate::config::{Config, Loaded, Problem, dotted, nearest};
use crate::context::{is_unset, taxonomy, topic_tree};
use crate::reporting::today;
use analyze::Language;
use feedback::kind::SourceKind;
use insight::Fault;
use insight::alerts::AlertsFile;
use insight::targets::{KnownNames, OwnerTopics, TargetsFile};
use insight::triage::check::check;
use insight::triage::{Finding, Known, Owner, TopicTree, TriageFile};
use std::fmt::Display;

/// Collects what is found, each with its place.
struct Findings<'l> {
    loaded: &'l Loaded,
    found: Found,
}

impl Findings<'_> {
    /// Of a setting.
    fn setting(&mut self, path: [&str; 2], message: impl Display) {
        let path: Vec<String> = path.iter().map(|key| (*key).to_owned()).collect();
        let message = format!("{}: {message}", dotted(&path));
        self.found.problems.push(Problem { at: self.loaded.layers.origin(&path).to_string(), message });
    }

    /// Of a file that a setting names.
    fn file(&mut self, name: &str, message: impl Display) {
        self.found.problems.push(Problem { at: name.to_owned(), message: message.to_string() });
    }

    /// Of such a file as well, where it is hardly meant so.
    fn warning(&mut self, name: &str, message: String) {
        self.found.warnings.push(Problem { at: name.to_owned(), message });
    }

    fn lines(&mut self, name: &str, faults: Vec<Fault>) {
        self.found.problems.extend(faults.into_iter().map(|fault| in_line(name, fault)));
    }
}

fn in_line(file: &str, Fault { line, message }: Fault) -> Problem {
    Problem { at: format!("{file} line {line}"), message }
}

/// The text of a file; what is said of the setting that names it where it cannot be read.
fn text(name: &str, what: &str) -> Result<String, String> {
    std::fs::read_to_string(name).map_err(|error| format!("the {what} {name} cannot be read: {error}"))
}

/// Whose triage rules they are, for whoever reads of a mistake.
fn rules_name(config: &Config) -> &str {
    match config.triage.rules.as_str() {
        "built-in" => "the built-in triage rules",
        name => name,
    }
}

/// `None` where there are no rules, or they cannot be read: what is wrong is in the findings then.
fn triage_file(findings: &mut Findings<'_>) -> Option<TriageFile> {
    let loaded = findings.loaded;
    let name = rules_name(&loaded.config);
    let parsed = match loaded.config.triage.rules.as_str() {
        "none" => return None,
        "built-in" => TriageFile::standard(),
        path => match text(path, "triage rules") {
            Ok(text) => TriageFile::parse(&text),
            Err(why) => {
                findings.setting(["triage", "rules"], why);
                return None;
            }
        },
    };
    parsed.map_err(|error| findings.lines(name, error.0)).ok()
}

/// What keeps a worker from deciding by the triage rules.
pub fn triage(loaded: &Loaded) -> Vec<Problem> {
    let mut findings = Findings { loaded, found: Found::default() };
    let file = triage_file(&mut findings);
    if let (Some(file), Ok(taxonomy)) = (file, taxonomy(&loaded.config)) {
        let tree = topic_tree(&taxonomy);
        let found = check(&file, &Known::new(&tree));
        for finding in found.into_iter().filter(|finding| finding.kind.is_wrong()) {
            findings.file(rules_name(&loaded.config), finding);
        }
    }
    findings.found.problems
}

/// All else that is wrong with these files.
pub fn rest(loaded: &Loaded) -> Found {
    let config = &loaded.config;
    let mut findings = Findings { loaded, found: Found::default() };
    // What is wrong with the file itself stands among what a worker needs.
    let mut told = Findings { loaded, found: Found::default() };
    let rules = triage_file(&mut told);
    let owners = told.found.problems.is_empty().then(|| owners(rules.as_ref()));
    let targets = deliveries::targets(&mut findings, owners);
    deliveries::recipients(&mut findings, targets.as_ref());
    let owners = owners.map(|owners| owners.iter().map(|owner| owner.name.clone()).collect::<Vec<_>>());
    let topics = taxonomy(config).ok().map(|taxonomy| topic_tree(&taxonomy));
    let registry = config.registry();
    let sources: Vec<&str> = registry.kinds().map(SourceKind::as_str).collect();
    if let (Some(file), Some(topics)) = (&rules, &topics) {
        if let Some(targets) = &targets {
            deliveries::not_by_itself(&mut findings, targets, file);
        }
        let all = targets.as_ref().map(|targets| targets.iter().chain(targets.listed()));
        let names: Option<Vec<&str>> = all.map(|all| all.map(|target| target.name.as_str()).collect());
        let languages = Language::known().chain([Language::UNKNOWN]);
        let languages: Vec<&str> = languages.map(Language::as_str).collect();
        let known = Known {
            sources: Some(&sources),
            languages: Some(&languages),
            targets: names.as_deref(),
            ..Known::new(topics)
        };
        doubtful_rules(&mut findings, check(file, &known));
    }
    alerts(&mut findings, topics.as_ref(), owners.as_deref(), &sources);
    goals(&mut findings, topics.as_ref(), owners, &sources);
    findings.found
}

fn owners(rules: Option<&TriageFile>) -> &[Owner] {
    rules.map_or(&[], |file| file.owners.as_slice())
}

/// Rules that run, and hardly as they are meant. The built-in ones are nobody's mistake: they are made for the built-in
/// taxonomy.
fn doubtful_rules(findings: &mut Findings<'_>, found: Vec<Finding>) {
    let config = &findings.loaded.config;
    let doubtful: Vec<Finding> = found.into_iter().filter(|finding| !finding.kind.is_wrong()).collect();
    let name = rules_name(config);
    if config.triage.rules != "built-in" {
        doubtful.into_iter().for_each(|finding| findings.file(name, finding));
    } else if let Some(first) = doubtful.first() {
        let message = format!(
            "{} of them do not fit this taxonomy ({}): write rules of your own, and name them by triage.rules",
            doubtful.len(),
            first.message
        );
        findings.found.warnings.push(Problem { at: name.to_owned(), message });
    }
}

/// The alert rules, and what of them names owners, topics and sources.
fn alerts(
    findings: &mut Findings<'_>,
    topics: Option<&TopicTree>,
    owners: Option<&[String]>,
    sources: &[&str],
) {
    let name = findings.loaded.config.alerts.rules.as_str();
    if name == "built-in" {
        return;
    }
    let text = match text(name, "alert rules") {
        Ok(text) => text,
        Err(why) => return findings.setting(["alerts", "rules"], why),
    };
    let file = match AlertsFile::parse(&text) {
        Ok(file) => file,
        Err(error) => return findings.lines(name, error.0),
    };
    let mut missing = |what: &str, named: &str, known: &[&str]| {
        if !known.contains(&named) {
            let near = nearest(named, known.iter().copied());
            let hint =
                near.map_or("correct it, or take it out".to_owned(), |near| format!("did you mean {near}?"));
            findings.file(name, format_args!("{what} {named:?}, which does not exist: {hint}"));
        }
    };
    if let Some(owners) = owners {
        let owners: Vec<&str> = owners.iter().map(String::as_str).collect();
        file.budgets.keys().for_each(|owner| missing("a budget is of the owner", owner, &owners));
    }
    for silence in &file.silences {
        if let (Some(topic), Some(topics)) = (&silence.topic, topics) {
            missing("a silence is of the topic", topic, &topics.ids().collect::<Vec<_>>());
        }
        if let Some(source) = &silence.source {
            missing("a silence is of the source", source, sources);
        }
    }
    for (silence, last) in file.silences_over(None, today()) {
        let message = format!("the silence of {silence} is over, its last day was {last}: take it out");
        findings.found.warnings.push(Problem { at: name.to_owned(), message });
    }
}

/// The goals, and what they name.
fn goals(
    findings: &mut Findings<'_>,
    topics: Option<&TopicTree>,
    owners: Option<Vec<String>>,
    sources: &[&str],
) {
    let name = findings.loaded.config.digest.targets.as_str();
    if is_unset(name) {
        return;
    }
    let text = match text(name, "goals") {
        Ok(text) => text,
        Err(why) => return findings.setting(["digest", "targets"], why),
    };
    let mut file = match TargetsFile::parse(&text) {
        Ok(file) => file,
        Err(error) => return findings.lines(name, error.0),
    };
    let Some(topics) = topics else { return };
    if owners.is_none() {
        // Nobody knows them before the triage rules are mended.
        file.targets.iter_mut().for_each(|target| target.scope.owner = None);
    }
    let topics: Vec<String> = topics.ids().map(str::to_owned).collect();
    let sources: Vec<String> = sources.iter().map(|source| (*source).to_owned()).collect();
    let owner = |name: String| OwnerTopics { name, topics: Vec::new() };
    let owners: Vec<OwnerTopics> = owners.into_iter().flatten().map(owner).collect();
    let known = KnownNames { topics: &topics, owners: &owners, products: None, sources: Some(&sources) };
    findings.lines(name, insight::targets::check(&file, &known));
}

#[cfg(test)]
mod tests;
