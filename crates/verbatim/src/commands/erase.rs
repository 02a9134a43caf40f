//! `verbatim erase`: forget an author, in every table and for every replay.

use crate::context::{self, Context};
use crate::{key, output};
use analyze::pseudonym::{Pseudonym, PseudonymKey};
use anyhow::{Context as _, Result, bail, ensure};
use feedback::time::Timestamp;
use serde::Serialize;
use std::io::{BufRead as _, IsTerminal as _};
use store::{EraseOptions, EraseProgress, EraseReport, StoreError};

/// Forget an author: remove every row of theirs, and keep a replay from bringing them back
///
/// The author is an email address, a phone number in international form, a pseudonym as the tables hold it
/// (a_…), or an id of one source, which --source names. Events that carry an address and an id tell that both are
/// the same person: one is enough, and the other is followed. What is removed stays on disk for readers of older
/// versions until store.retention is over; --purge-now deletes it at once.
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

pub fn run(args: &Args, context: &Context) -> Result<()> {
    context.ensure_tables()?;
    let key = key::obtain(context.config())?;
    let author = pseudonym(&key, &args.author, args.source.as_deref())?;
    if !args.yes {
        confirm()?;
    }
    let erased = context::runtime()?.block_on(async {
        let store = context.keyed_store(&key).await?;
        let options = EraseOptions { purge: args.purge_now };
        let report = store.erase_observed(author.as_str(), &options, &show).await.map_err(not_erased)?;
        let recounted =
            worker::rollup::rollup_now(&store).await.context("the days could not be counted again")?;
        anyhow::Ok(Erased { report, days_recounted: recounted.days })
    })?;
    if context.json { output::json(&erased) } else { output::text(&told(&erased)) }
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

fn confirm() -> Result<()> {
    if !std::io::stdin().is_terminal() {
        bail!("an erasure cannot be undone: say --yes where nobody can be asked");
    }
    eprint!("This removes every row of that author and cannot be undone. Type yes: ");
    let mut answer = String::new();
    std::io::stdin().lock().read_line(&mut answer)?;
    ensure!(answer.trim() == "yes", "nothing was erased");
    Ok(())
}

fn told(erased: &Erased) -> String {
    let Erased { report, days_recounted } = erased;
    let day = |at: Timestamp| at.to_datetime().map(|at| at.format("%Y-%m-%d %H:%M UTC").to_string());
    let found = report.feedback_rows + report.dead_letter_rows > 0;
    let mut text = match (found, report.erased_before) {
        (true, _) => "",
        (false, true) => "That name was erased before; nothing of theirs is left in the tables.\n",
        (false, false) => {
            "NOTHING WAS FOUND under that name. An id counts within its --source; where no event carries the e-mail and \
             the id together, both have to be erased.\n"
        }
    }
    .to_owned();
    text += &format!(
        "{} {}.\n  pseudonyms of the same person     {}\n  rows removed from the facts       {} (of {} items)\n  \
         dead letters removed              {}\n  days counted again                {days_recounted}\n  \
         files rewritten                   {}\n  files deleted                     {}\n",
        if found { "Erased" } else { "Suppressed" },
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
        None => "Nothing of theirs is left on disk.\n".to_owned(),
    };
    if report.shared_names > 0 {
        text += &format!(
            "NOT FOLLOWED: {} beside theirs and beside many others', as an id that many people share.\n",
            output::counted(report.shared_names as u64, "name")
        );
    }
    text + "A keyed suppression entry stays, so that a replay does not bring them back.\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_erasure_that_is_run_again_is_no_miss() {
        let told_of = |erased_before, feedback_rows| {
            let report = EraseReport {
                author: "a_00c0ffee00c0ffee00c0ffee00c0ffee".to_owned(),
                erased_before,
                names: 1,
                shared_names: 0,
                feedback_rows,
                items: feedback_rows,
                dead_letter_rows: 0,
                files_rewritten: feedback_rows,
                days: std::collections::BTreeSet::new(),
                files_deleted: 0,
                files_waiting: 0,
                purged_by: None,
            };
            told(&Erased { report, days_recounted: 0 })
        };
        assert!(told_of(false, 0).starts_with("NOTHING WAS FOUND"));
        assert!(told_of(true, 0).starts_with("That name was erased before; nothing of theirs is left"));
        for found in [told_of(true, 1), told_of(false, 1)] {
            assert!(found.starts_with("Erased a_00c0ffee"), "{found}");
        }
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
