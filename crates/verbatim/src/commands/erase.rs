//! `verbatim erase`: forget an author, in every table and for every replay.

use crate::context::{self, Context};
use crate::{audited, key, output};
use analyze::pseudonym::{Pseudonym, PseudonymKey};
use anyhow::{Context as _, Result, bail, ensure};
use feedback::ids::Id;
use feedback::time::Timestamp;
use serde::Serialize;
use std::io::{BufRead as _, IsTerminal as _};
use std::process::ExitCode;
use store::{Delivered, EraseOptions, EraseProgress, EraseReport, ErasedFromLogs, Store, StoreError};

/// The exit code where nothing was found. That is not fine: somebody asked to be forgotten, and their rows may stand
/// under another name. It is no failure either: the name that was given does not come back.
const NOTHING_TO_ERASE: u8 = 3;

/// What the audit calls it.
const ERASE: &str = "author.erase";

const NOTHING_FOUND: &str = "NOTHING WAS FOUND under that name, neither facts nor dead letters. Check how the events \
    spell it; an id counts within its --source; where no event carries the e-mail and the id together, both have to be \
    erased.";

const NOTHING_LEFT: &str = "That name was erased before; nothing of theirs is left in the tables.";

const ONLY_NOTES: &str = "Found under that name: neither facts nor dead letters any more, but notes of theirs about \
    what a compaction had dropped.\n";

const PURGED: &str = "With --purge-now the replaced files go at once: readers of older versions of the tables lose \
    them.\n";

/// Forget an author: remove every row of theirs, and keep a replay from bringing them back
///
/// The author is an email address, a phone number in international form, a pseudonym as the tables hold it
/// (a_…), or an id of one source, which --source names. Events that carry an address and an id tell that both are
/// the same person: one is enough, and the other is followed. What is removed stays on disk for readers of older
/// versions until store.retention is over; --purge-now deletes it at once.
///
/// Without --yes it says how much there is under the name, and asks. The exit code is 3 where nothing is found, and
/// was in no earlier erasure; the name is kept from coming in later all the same.
#[derive(Debug, clap::Args)]
#[command(
    verbatim_doc_comment,
    after_help = "Examples:\n  \
        verbatim erase --author jane@example.com\n  \
        verbatim erase --author 8841 --source zendesk --purge-now --yes"
)]
pub struct Args {
    /// Whom to forget
    #[arg(long, value_name = "EMAIL|ID|PSEUDONYM")]
    author: String,
    /// The event source in which the id counts
    #[arg(long, value_name = "SOURCE")]
    source: Option<String>,
    /// Delete the replaced files at once; readers that hold an older version lose it
    #[arg(long)]
    purge_now: bool,
    /// Do not ask
    #[arg(long)]
    yes: bool,
}

/// What was done, days recounted included.
#[derive(Serialize)]
struct Erased {
    #[serde(flatten)]
    report: EraseReport,
    days_recounted: usize,
}

pub fn run(args: &Args, context: &Context) -> Result<ExitCode> {
    context.ensure_tables()?;
    let key = key::obtain(context.config())?;
    let author = pseudonym(&key, &args.author, args.source.as_deref())?;
    let runtime = context::runtime()?;
    let store = runtime.block_on(context.keyed_store(&key))?;
    if !args.yes {
        let found = runtime.block_on(store.would_erase(author.as_str())).map_err(not_erased)?;
        match confirm(&foretold(&found, args.purge_now)) {
            Ok(()) => {}
            // That there is nobody to forget is an answer by itself.
            Err(refused) if is_missed(&found) => {
                eprintln!("verbatim: {refused}");
                return Ok(ExitCode::from(NOTHING_TO_ERASE));
            }
            Err(refused) => return Err(refused),
        }
    }
    let erased = runtime.block_on(async {
        let (by, detail) = (audited::login(), if args.purge_now { "with --purge-now" } else { "" });
        // Their pseudonym stands in the suppressions alone. Whoever has the key can tell of whom this is.
        let whom = Id::of(&["erased", author.as_str()]).to_string();
        let erasing = audited::change(&by, ERASE, &whom, detail);
        let erased = audited::make(&store, erasing, erased(&store, &author, args.purge_now)).await?;
        let EraseReport { feedback_rows, items, .. } = &erased.report;
        erasing.came_to(&store, &format!("done: {feedback_rows} rows of {items} items")).await;
        anyhow::Ok(erased)
    })?;
    if context.json {
        output::json(&erased)?;
    } else {
        output::text(&told(&erased))?;
    }
    let missed = is_missed(&erased.report);
    Ok(if missed { ExitCode::from(NOTHING_TO_ERASE) } else { ExitCode::SUCCESS })
}

async fn erased(store: &Store, author: &Pseudonym, purge: bool) -> Result<Erased> {
    let options = EraseOptions { purge };
    let report = store.erase_observed(author.as_str(), &options, &show).await.map_err(not_erased)?;
    let recounted = worker::rollup::rollup_now(store).await.context("the days could not be counted again")?;
    Ok(Erased { report, days_recounted: recounted.days })
}

fn is_missed(report: &EraseReport) -> bool {
    !report.found && !report.erased_before
}

fn not_erased(error: StoreError) -> anyhow::Error {
    let advice = if error.is_retryable() { "; run it again, it goes on where it stopped" } else { "" };
    anyhow::Error::new(error).context(format!("the author could not be erased{advice}"))
}

/// One line on a terminal; logs and programs hear of the end.
fn show(EraseProgress { table, done, days }: EraseProgress) {
    if std::io::stderr().is_terminal() {
        eprint!("\r{}: {done} of {days} days rewritten", table.name());
        if done == days {
            eprintln!();
        }
    }
}

fn pseudonym(key: &PseudonymKey, author: &str, source: Option<&str>) -> Result<Pseudonym> {
    if let Some(done) = Pseudonym::parse(author.trim()) {
        return Ok(done);
    }
    if author.contains('@') && !author.starts_with('@') {
        return Ok(key.author("", None, Some(author)).context("the address is empty")?.name);
    }
    let global = author.trim().starts_with('+');
    ensure!(global || source.is_some(), "an id counts only within its source: name that with --source");
    Ok(key.author(source.unwrap_or_default(), Some(author), None).context("the id is empty")?.name)
}

/// What there is, before anybody says yes to losing it.
fn foretold(found: &EraseReport, purge: bool) -> String {
    let purged = if purge { PURGED } else { "" };
    if !found.found {
        let why = if is_missed(found) { NOTHING_FOUND } else { NOTHING_LEFT };
        return format!("{why}\n{purged}Going on keeps what comes in under it later out of the tables.\n");
    }
    let EraseReport { names, feedback_rows, items, dead_letter_rows, days, .. } = found;
    let count = |number: usize, what| output::counted(number as u64, what);
    let mut text = if feedback_rows + dead_letter_rows == 0 {
        ONLY_NOTES.to_owned()
    } else {
        format!(
            "Found under that name: {} of {} among the facts, with what was judged of them, and {}. The insights of \
             {} are counted again.\n",
            count(*feedback_rows, "row"),
            count(*items, "item"),
            count(*dead_letter_rows, "dead letter"),
            count(days.len(), "day")
        )
    };
    if *names > 1 {
        text += &format!("That is under {} of the same person.\n", count(*names, "pseudonym"));
    }
    let logged = found.logs.rows_removed + found.logs.rows_changed;
    if logged > 0 {
        text += &format!(
            "{} of alerts, cases, digests, deliveries and corrections lose them or their words.\n",
            count(logged, "row")
        );
    }
    text += &delivered(&found.logs);
    text + &not_followed(found) + purged + "All of it is removed, and that cannot be undone.\n"
}

fn confirm(foretold: &str) -> Result<()> {
    eprint!("{foretold}");
    if !std::io::stdin().is_terminal() {
        bail!("nothing was erased, for nobody can be asked here: say --yes");
    }
    eprint!("Type yes: ");
    let mut answer = String::new();
    std::io::stdin().lock().read_line(&mut answer)?;
    ensure!(answer.trim() == "yes", "nothing was erased, for the answer was not yes");
    Ok(())
}

fn told(erased: &Erased) -> String {
    let Erased { report, days_recounted } = erased;
    let day = |at: Timestamp| at.to_datetime().map(|at| at.format("%Y-%m-%d %H:%M UTC").to_string());
    // What an interrupted erasure had left may be theirs without their name.
    let removed = report.found || report.feedback_rows + report.dead_letter_rows > 0;
    let missed = is_missed(report);
    let (mut text, done) = match (missed, removed) {
        (true, _) => (format!("{NOTHING_FOUND}\n"), "Suppressed"),
        (false, true) => (String::new(), "Erased"),
        (false, false) => (format!("{NOTHING_LEFT}\n"), "Suppressed"),
    };
    text += &format!(
        "{done} {}.\n  pseudonyms of the same person     {}\n  rows removed from the facts       {} (of {} items)\n  \
         dead letters removed              {}\n  days counted again                {days_recounted}\n  \
         files rewritten                   {}\n  files deleted                     {}\n",
        report.author,
        report.names,
        report.feedback_rows,
        report.items,
        report.dead_letter_rows,
        report.files_rewritten,
        report.files_deleted
    );
    text += &match report.purged_by.and_then(day) {
        Some(by) => format!(
            "  files still on disk               {}; a vacuum may delete the last from {by} on (--purge-now: at once)\n",
            report.files_waiting
        ),
        None if missed => String::new(),
        None => "Nothing of theirs is left on disk.\n".to_owned(),
    };
    let logged = report.logs.rows_removed + report.logs.rows_changed;
    if logged > 0 {
        text += &format!(
            "  rows without them now             {logged} (of alerts, cases, digests, deliveries and corrections)\n"
        );
    }
    text += &delivered(&report.logs);
    text += &not_followed(report);
    text + "A keyed suppression entry stays, so that a replay does not bring them back.\n"
}

fn not_followed(report: &EraseReport) -> String {
    match report.shared_names {
        0 => String::new(),
        names => format!(
            "NOT FOLLOWED: {} beside theirs and beside many others', as an id that many people share.\n",
            output::counted(names as u64, "name")
        ),
    }
}

/// What had left before: nobody can call it back.
fn delivered(logs: &ErasedFromLogs) -> String {
    let day = |at: Timestamp| {
        at.to_datetime().map_or_else(String::new, |at| format!(" on {}", at.format("%Y-%m-%d")))
    };
    let line = |one: &Delivered| format!("  {} to {}{}\n", one.key, one.target, day(one.at));
    match logs.delivered.len() {
        0 => String::new(),
        sent => format!(
            "DELIVERED BEFORE, and there still; ask for it to be deleted ({sent}):\n{}",
            logs.delivered.iter().map(line).collect::<String>()
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use feedback::time::Day;

    fn report(erased_before: bool, feedback_rows: usize) -> EraseReport {
        EraseReport {
            author: "a_00c0ffee00c0ffee00c0ffee00c0ffee".to_owned(),
            found: feedback_rows > 0,
            erased_before,
            names: 1,
            shared_names: 0,
            feedback_rows,
            items: feedback_rows,
            dead_letter_rows: 0,
            logs: ErasedFromLogs::default(),
            files_rewritten: feedback_rows,
            days: std::collections::BTreeSet::new(),
            files_deleted: 0,
            files_waiting: 0,
            purged_by: None,
        }
    }

    #[test]
    fn an_erasure_that_is_run_again_is_no_miss() {
        let told_of = |erased_before, feedback_rows| {
            told(&Erased { report: report(erased_before, feedback_rows), days_recounted: 0 })
        };
        assert!(told_of(false, 0).starts_with("NOTHING WAS FOUND"));
        assert!(told_of(true, 0).starts_with("That name was erased before; nothing of theirs is left"));
        for found in [told_of(true, 1), told_of(false, 1)] {
            assert!(found.starts_with("Erased a_00c0ffee"), "{found}");
        }
    }

    #[test]
    fn what_was_delivered_before_is_listed() {
        let sent = Delivered { key: "k-1".into(), target: "jira".into(), at: Day(20_000).start() };
        let logs = ErasedFromLogs { rows_removed: 1, rows_changed: 2, delivered: [sent].into() };
        let told = told(&Erased { report: EraseReport { logs, ..report(false, 1) }, days_recounted: 0 });
        assert!(told.contains("3 (of alerts, cases, digests, deliveries and corrections)"), "{told}");
        assert!(told.contains("  k-1 to jira on 2024-10-04\n"), "{told}");
    }

    #[test]
    fn who_is_asked_is_told_what_would_go() {
        let found = EraseReport {
            names: 2,
            items: 900,
            dead_letter_rows: 1,
            days: [Day(20_000), Day(20_001)].into(),
            ..report(false, 1_234)
        };
        let told = foretold(&found, false);
        assert!(told.starts_with("Found under that name: 1,234 rows of 900 items among the facts"), "{told}");
        for part in ["and 1 dead letter.", "The insights of 2 days are", "2 pseudonyms of the same person"] {
            assert!(told.contains(part), "{part}: {told}");
        }
        assert!(told.ends_with("cannot be undone.\n"), "{told}");
        assert!(!told.contains("--purge-now"), "{told}");
        let told = foretold(&found, true);
        assert!(told.contains("the replaced files go at once: readers of older versions"), "{told}");
        assert!(told.ends_with("cannot be undone.\n"), "{told}");
        let notes = EraseReport { found: true, files_rewritten: 1, ..report(false, 0) };
        let told = foretold(&notes, false);
        assert!(told.contains("notes of theirs") && !told.contains("0 rows"), "{told}");
        let told = foretold(&report(false, 0), false);
        assert!(told.starts_with("NOTHING WAS FOUND") && told.contains("--source"), "{told}");
        assert!(foretold(&report(true, 0), false).starts_with("That name was erased before"));
    }

    #[test]
    fn an_author_is_found_by_whatever_names_them() {
        let key =
            PseudonymKey::parse(&"01".repeat(31).chars().chain("02".chars()).collect::<String>()).unwrap();
        let by_mail = pseudonym(&key, "Jane@Example.com", None).unwrap();
        assert_eq!(by_mail, pseudonym(&key, "jane@example.com", Some("zendesk")).unwrap());
        assert_eq!(by_mail, pseudonym(&key, by_mail.as_str(), None).unwrap());
        assert_ne!(pseudonym(&key, "17", Some("a")).unwrap(), pseudonym(&key, "17", Some("b")).unwrap());
        let error = pseudonym(&key, "17", None).unwrap_err().to_string();
        assert!(error.contains("--source"), "{error}");
    }
}
