//! The delivery targets, and all that names them or is reached by them.

use super::{Findings, rules_name, text};
use crate::config::Problem;
use crate::context::is_unset;
use crate::owners::by_address;
use crate::surroundings::chain;
use deliver::Targets;
use deliver::address::{Resolve, SystemResolver};
use deliver::target::To;
use insight::triage::check::is_address;
use insight::triage::{FALLBACK, Owner, TriageFile};
use std::sync::Arc;

/// Names that a sentence lists.
const LISTED: usize = 3;

/// The delivery targets, with those of owners who have an address alone; `None` where they cannot be read, or the
/// owners, whom nobody knows before the triage rules are mended, would have some.
pub(super) fn targets(findings: &mut Findings<'_>, owners: Option<&[Owner]>) -> Option<Targets> {
    let config = &findings.loaded.config;
    let name = &config.deliver.file;
    if is_unset(name) {
        return Some(Targets::default());
    }
    let text = match text(name, "delivery targets") {
        Ok(text) => text,
        Err(why) => {
            findings.setting(["deliver", "file"], why);
            return None;
        }
    };
    let targets = match Targets::parse(name, &text) {
        Ok(targets) => targets,
        Err(error) => {
            let told = error.0.into_iter().map(|wrong| Problem { at: wrong.at, message: wrong.message });
            findings.found.problems.extend(told);
            return None;
        }
    };
    opened(findings, &targets);
    let Some(owners) = owners else {
        return targets.for_owners().is_none().then_some(targets);
    };
    let targets = targets.with_owners(by_address(owners));
    reached(findings, &targets, owners);
    Some(targets)
}

/// Targets that cannot be opened, or that lead back to where a worker reads.
fn opened(findings: &mut Findings<'_>, targets: &Targets) {
    let config = &findings.loaded.config;
    let name = &config.deliver.file;
    let read = config.read_topics();
    let resolver: Arc<dyn Resolve> = Arc::new(SystemResolver);
    for target in targets.listed() {
        if let To::Kafka { topic } = &target.to {
            if let Some(whose) = read.get(topic) {
                let why =
                    format!("{topic} is {whose}'s topic: a worker would read there what is written to it");
                findings.file(name, format_args!("target {}: topic: {why}", target.name));
            }
            continue;
        }
        // It follows the secrets, and connects to nothing.
        if let Err(error) = deliver::send::open(target, Arc::clone(&resolver), None) {
            findings.file(name, chain(&error.into()));
        }
    }
}

/// Owners who have an address alone: whether anything reaches them there.
fn reached(findings: &mut Findings<'_>, targets: &Targets, owners: &[Owner]) {
    let config = &findings.loaded.config;
    let (file, rules) = (config.deliver.file.as_str(), rules_name(config));
    let alone: Vec<(&str, &str)> = by_address(owners).collect();
    let Some(from) = targets.for_owners() else {
        if !alone.is_empty() {
            let message = format!(
                "no email target says owners = true, so that nothing reaches {}, who have an address and no \
                 targets: say so in one, or give them targets in the triage rules",
                named(alone.iter().map(|(owner, _)| *owner))
            );
            findings.warning(file, message);
        }
        return;
    };
    if alone.is_empty() && !from.has_recipients() {
        let message = format!(
            "target {} reaches owners who have an address and no targets, and the triage rules have none: \
             nobody gets a mail from it",
            from.name
        );
        findings.warning(file, message);
    }
    for (owner, address) in &alone {
        // What is no address at all stands among what a worker needs.
        if is_address(address) && targets.of_owner(owner).is_none() {
            let message = format!("the owner {owner:?} has the address {address:?}, to which no mail can go");
            findings.file(rules, format_args!("{message}: write it as name@example.com"));
        }
    }
    let examples: Vec<&str> =
        alone.iter().filter(|(_, address)| is_example(address)).map(|(owner, _)| *owner).collect();
    if !examples.is_empty() {
        let message = format!(
            "mail to {} gets lost, for their addresses are only examples: write the real ones into rules of \
             your own (config/triage.toml is a start), and name these by triage.rules",
            named(examples.into_iter())
        );
        findings.warning(rules, message);
    }
}

/// Whether nobody has an address there (RFC 2606).
fn is_example(address: &str) -> bool {
    let host = address.rsplit('@').next().unwrap_or_default().to_ascii_lowercase();
    let zone = host.rsplit('.').next().unwrap_or_default();
    ["example.com", "example.net", "example.org"].contains(&host.as_str())
        || ["example", "invalid"].contains(&zone)
}

/// `"identity", "support" and 3 more`.
fn named<'n>(names: impl ExactSizeIterator<Item = &'n str>) -> String {
    let rest = names.len().saturating_sub(LISTED);
    let listed: Vec<String> = names.take(LISTED).map(|name| format!("{name:?}")).collect();
    let listed = listed.join(", ");
    if rest == 0 { listed } else { format!("{listed} and {rest} more") }
}

/// The lists of names in the configuration itself.
pub(super) fn recipients(findings: &mut Findings<'_>, targets: Option<&Targets>) {
    let Some(targets) = targets else { return };
    let config = &findings.loaded.config;
    for (section, names) in
        [("cases", &config.cases.to), ("alerts", &config.alerts.to), ("digest", &config.digest.to)]
    {
        for name in names.iter().filter(|name| targets.get(name).is_none()) {
            if let Some(why) = targets.instead_of(name) {
                findings.setting([section, "to"], format_args!("{name:?} is no target by itself: {why}"));
                continue;
            }
            let hint = match targets.nearest(name) {
                Some(near) => format!("did you mean {near}?"),
                None if targets.is_empty() => "there are none: name their file by deliver.file".to_owned(),
                None => format!("add it to {}", config.deliver.file),
            };
            findings.setting([section, "to"], format_args!("there is no delivery target {name:?}: {hint}"));
        }
    }
}

/// Owners and rules that name the target which only reaches owners. Any other name that is none is for the check of the
/// rules.
pub(super) fn not_by_itself(findings: &mut Findings<'_>, targets: &Targets, file: &TriageFile) {
    let of_owners = file.owners.iter().flat_map(|owner| {
        owner.targets.iter().map(move |name| (format!("the owner {:?} has the target", owner.name), name))
    });
    let outcomes = file.rules.iter().map(|rule| (rule.name.as_str(), &rule.outcome));
    let outcomes = outcomes.chain(file.fallback.iter().map(|outcome| (FALLBACK, outcome)));
    let of_rules = outcomes.flat_map(|(rule, outcome)| {
        outcome.actions.iter().map(move |name| (format!("the rule {rule:?} sends to the target"), name))
    });
    let rules = rules_name(&findings.loaded.config);
    for (says, name) in of_owners.chain(of_rules) {
        if let Some(why) = targets.instead_of(name) {
            findings.file(rules, format_args!("{says} {name:?}, which is none by itself: {why}"));
        }
    }
}

#[cfg(test)]
mod tests;
