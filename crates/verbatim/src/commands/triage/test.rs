//! `verbatim triage test`: rules against stored history.

use super::{day, within};
use crate::blocking::blocking;
use crate::context::{self, Context};
use crate::output;
use crate::owners::by_address;
use crate::progress::Progress;
use crate::usage::in_order;
use analyze::Language;
use anyhow::{Context as _, Result};
use feedback::time::Day;
use insight::InsightError;
use insight::triage::check::check;
use insight::triage::{Finding, History, Known, Place, RuleSet, Tally, TopicTree, TriageFile, Trial, Trying};
use serde::Serialize;
use std::collections::BTreeSet;
use std::path::PathBuf;
use store::Store;

/// Facts that are held at once, unless one day has more.
const ROWS_AT_ONCE: usize = 20_000;
/// Moves that are listed, the most frequent.
const MOVES: usize = 20;

#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
        verbatim triage test my-triage.toml\n  \
        verbatim triage test my-triage.toml --from 2026-03-01 --json | jq '.changes.moved[0]'")]
pub struct Args {
    /// The rules, as config/triage.toml has them
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// First day, included [default: the first there is]
    #[arg(long, value_name = "DATE", value_parser = day)]
    from: Option<Day>,
    /// Last day, included [default: the last there is]
    #[arg(long, value_name = "DATE", value_parser = day)]
    to: Option<Day>,
}

#[derive(Serialize)]
struct Told<'a> {
    #[serde(flatten)]
    trial: &'a Trial,
    /// What is hardly meant so.
    warnings: &'a [Finding],
}

pub fn run(args: &Args, context: &Context) -> Result<()> {
    let shown = args.file.display();
    if let (Some(from), Some(to)) = (args.from, args.to) {
        in_order(from, to)?;
    }
    let text = std::fs::read_to_string(&args.file)
        .with_context(|| format!("the triage rules {shown} cannot be read"))?;
    let file =
        TriageFile::parse(&text).with_context(|| format!("the triage rules {shown} cannot be used"))?;
    let tree = context::topic_tree(&context::taxonomy(context.config())?);
    let rules =
        RuleSet::new(&file, &tree).with_context(|| format!("the triage rules {shown} cannot be used"))?;
    let warnings = warnings(&file, &tree, context)?;
    let trial = context::runtime()?.block_on(async {
        let store = context.filled_store().await?;
        tried(&store, rules, args).await
    })?;
    if context.json {
        return output::json(&Told { trial: &trial, warnings: &warnings });
    }
    for warning in &warnings {
        eprintln!("warning: {warning}");
    }
    output::text(&self::shown(&trial))
}

/// What of the rules is hardly meant so, by all that they may name here.
fn warnings(file: &TriageFile, tree: &TopicTree, context: &Context) -> Result<Vec<Finding>> {
    let config = context.config();
    let registry = config.registry();
    let sources: Vec<&str> = registry.kinds().map(|kind| kind.as_str()).collect();
    let languages = Language::known().chain([Language::UNKNOWN]);
    let languages: Vec<&str> = languages.map(Language::as_str).collect();
    // Those of the file's own owners would be there as well.
    let deliveries = context.targets()?.with_owners(by_address(&file.owners));
    let targets: Vec<&str> = deliveries.iter().map(|target| target.name.as_str()).collect();
    // Where nothing is to leave yet, nobody knows how targets will be called.
    let targets = (!context::is_unset(&config.deliver.file)).then_some(targets.as_slice());
    let alone = deliveries.for_owners().map(|target| target.name.as_str());
    let alone = alone.and_then(|name| Some((name, deliveries.instead_of(name)?)));
    let known = Known {
        sources: Some(&sources),
        languages: Some(&languages),
        targets,
        no_target: alone.as_ref().map(|(name, instead)| (*name, instead.as_str())),
        ..Known::new(tree)
    };
    Ok(check(file, &known).into_iter().filter(|finding| !finding.kind.is_wrong()).collect())
}

async fn tried(store: &Store, rules: RuleSet, args: &Args) -> Result<Trial> {
    let all = store.touched_since(None).await?.days;
    let days: BTreeSet<Day> = all.into_iter().filter(within(args.from, args.to)).collect();
    let parts = store.current_facts_in_parts(&days, ROWS_AT_ONCE).await?;
    let work = move || {
        let progress = Progress::new("triage", parts.len() as u64);
        let mut trying = Trying::new(&rules);
        for (at, part) in parts.into_iter().enumerate() {
            trying.add(History::read(part)?.iter());
            progress.set(at as u64 + 1);
        }
        progress.done();
        Ok::<Trial, InsightError>(trying.done())
    };
    Ok(blocking("the trial broke off", work).await??)
}

fn shown(trial: &Trial) -> String {
    if trial.records == 0 {
        return "There are no records in this time to try the rules on: name other days, or import some."
            .to_owned();
    }
    let mut text = format!(
        "{} held against the rules {}. {} would wait for a person ({}).\n",
        output::counted(trial.records, "record"),
        trial.version,
        output::grouped(trial.needs_person.records),
        percent(&trial.needs_person)
    );
    let parts = [
        ("rule", &trial.rules),
        ("owner", &trial.owners),
        ("queue", &trial.queues),
        ("priority", &trial.priorities),
    ];
    for (name, tallies) in parts {
        let mut table = output::table(&[name, "records", "share", "such as"]);
        for tally in tallies {
            let sample = tally.samples.first().cloned().unwrap_or_default();
            let name = output::printable(&tally.name).into_owned();
            table.add_row([name, output::grouped(tally.records), percent(tally), sample]);
        }
        text += &format!("\n{table}\n");
    }
    text + &changes(trial)
}

fn changes(trial: &Trial) -> String {
    let changes = &trial.changes;
    let moved: u64 = changes.moved.iter().map(|moved| moved.records).sum();
    let mut text = format!(
        "\nAgainst the decisions that are stored: {} would go where they went, {} elsewhere, {} had none.\n",
        output::grouped(changes.same),
        output::grouped(moved),
        output::grouped(changes.first)
    );
    if changes.moved.is_empty() {
        return text;
    }
    let mut table = output::table(&["from", "to", "records", "such as"]);
    for moved in changes.moved.iter().take(MOVES) {
        let sample = moved.samples.first().cloned().unwrap_or_default();
        table.add_row([place(&moved.from), place(&moved.to), output::grouped(moved.records), sample]);
    }
    text += &format!("\n{table}\n");
    if changes.moved.len() > MOVES {
        text +=
            &format!("and {} more: --json has all\n", output::grouped((changes.moved.len() - MOVES) as u64));
    }
    text
}

fn place(place: &Place) -> String {
    let Place { owner, priority, queue } = place;
    let queue = if queue == owner { String::new() } else { format!(" ({queue})") };
    output::printable(&format!("{priority} {owner}{queue}")).into_owned()
}

/// Rounded to a tenth.
fn percent(tally: &Tally) -> String {
    tally.share.map_or_else(|| "–".to_owned(), |share| format!("{:.1}%", 100.0 * share))
}

#[cfg(test)]
mod tests {
    use super::*;
    use insight::triage::{Past, Priority, Stored, Subject};

    const RULES: &str = "version = \"2\"\n[[owner]]\nname = \"desk\"\naddress = \"desk@example.com\"\n\
                         [[rule]]\nname = \"tickets\"\nowner = \"desk\"\npriority = \"P2\"\n[rule.when]\n\
                         source = [\"ticket\"]\n[fallback]\nowner = \"desk\"\npriority = \"P4\"\nqueue = \"other\"\n";

    #[test]
    fn a_target_that_reaches_owners_alone_is_told_as_such() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("deliver.toml");
        let mail = "[[target]]\nname = \"mail\"\nkind = \"email\"\nserver = \"smtp.example.com\"\n\
                    from = \"v@example.com\"\nowners = true\n";
        std::fs::write(&path, mail).unwrap();
        let file = path.to_string_lossy().into_owned();
        let variables = [("VERBATIM__DELIVER__FILE".to_owned(), file)];
        let loaded = crate::config::assemble(None, variables.into_iter()).unwrap();
        let context = Context { loaded, json: false };
        let rules = |action: &str| {
            let rule = format!("actions = [\"{action}\"]\n[rule.when]\nlanguage = [\"english\"]\n");
            TriageFile::parse(&RULES.replace("[rule.when]\n", &rule)).unwrap()
        };
        let told = |action: &str| -> Vec<String> {
            let found = warnings(&rules(action), &TopicTree::default(), &context).unwrap();
            found.iter().map(ToString::to_string).collect()
        };
        let language =
            "the rule \"tickets\" names the language \"english\", which no record has: did you mean \"en\"?";
        let listed = told("mail");
        assert!(
            listed[0]
                .contains("sends to the target \"mail\", which is none by itself: it reaches owners alone")
        );
        assert_eq!(listed[1..], [language]);
        // The owners are those of the rules that are tried.
        assert_eq!(told("mail/desk"), [language]);
        assert!(told("mail/dusk")[0].ends_with("which does not exist: did you mean \"mail/desk\"?"));
    }

    #[test]
    fn what_would_go_where_is_shown_against_what_is_stored() {
        let file = TriageFile::parse(RULES).unwrap();
        let rules = RuleSet::new(&file, &TopicTree::default()).unwrap();
        let stored = Stored { owner: "desk", priority: Priority::P4, queue: "other" };
        let past =
            |record, source| Past { record, subject: Subject::new(source, "inbox"), stored: Some(stored) };
        let trial =
            insight::triage::trial(&rules, [past("r1", "ticket"), past("r2", "nps"), past("r3", "nps")]);
        let text = shown(&trial);
        assert!(text.contains("3 records held against the rules 2:"), "{text}");
        assert!(text.contains("2 would go where they went, 1 elsewhere, 0 had none."), "{text}");
        let moved = text.lines().find(|line| line.contains("P4 desk (other)")).unwrap();
        assert!(moved.contains("P2 desk") && moved.contains("r1"), "{moved}");
        assert!(text.contains("66.7%"), "{text}");
        assert!(shown(&insight::triage::trial(&rules, [])).contains("no records in this time"));
    }
}
