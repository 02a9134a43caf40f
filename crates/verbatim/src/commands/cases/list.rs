//! `verbatim cases list`.

use super::show::{CaseJson, day};
use crate::cases::{Book, KnownCase, known};
use crate::context::{self, Context};
use crate::output;
use anyhow::Result;
use clap::ValueEnum;
use feedback::insight::NO_TOPIC;
use insight::cases::State;

/// Characters of a case's words that a list shows.
const SHOWN: usize = 160;

#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
        verbatim cases list\n  \
        verbatim cases list --state reopened --topic login_access\n  \
        verbatim cases list --state all --json | jq '.[] | select(.reach.accounts > 3)'")]
pub struct Args {
    /// Only those in this state, or all [default: all but the resolved ones]
    #[arg(long, value_enum, value_name = "STATE")]
    state: Option<Wanted>,
    /// Only those of this owner
    #[arg(long, value_name = "NAME")]
    owner: Option<String>,
    /// Only those about this topic, by its id; `none` for those without one
    #[arg(long, value_name = "ID")]
    topic: Option<String>,
    /// At most so many of them; --json has all
    #[arg(long, default_value_t = 30, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    limit: u32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Wanted {
    Open,
    Acknowledged,
    Resolved,
    Reopened,
    All,
}

impl Args {
    fn wants(&self, known: &KnownCase) -> bool {
        let state = known.case.life.state;
        let in_state = match self.state {
            None => state != State::Resolved,
            Some(Wanted::All) => true,
            Some(Wanted::Open) => state == State::Open,
            Some(Wanted::Acknowledged) => state == State::Acknowledged,
            Some(Wanted::Resolved) => state == State::Resolved,
            Some(Wanted::Reopened) => state == State::Reopened,
        };
        // Of what is erased or taken back as a whole nobody has anything to do.
        let is_left = !known.reports.is_empty() || self.state == Some(Wanted::All);
        let of = |wanted: &Option<String>, has: &str| wanted.as_ref().is_none_or(|wanted| wanted == has);
        in_state && is_left && of(&self.owner, &known.case.owner) && of(&self.topic, &known.case.topic)
    }
}

pub fn run(args: &Args, context: &Context) -> Result<()> {
    let fit = context::runtime()?.block_on(async {
        let store = context.filled_store().await?;
        let book = Book::read(&store).await?;
        let all = known(&store, book.cases.into_values().collect()).await?;
        if !all.iter().any(|known| args.wants(known)) {
            eprintln!("{}", none_fit(&all));
        }
        let mut fit: Vec<KnownCase> = all.into_iter().filter(|known| args.wants(known)).collect();
        fit.sort_by(|a, b| {
            let reach = |known: &KnownCase| (known.people_at_least(), known.reach.reports);
            reach(b).cmp(&reach(a)).then_with(|| a.case.id.cmp(&b.case.id))
        });
        let shown = if context.json { fit.len() } else { fit.len().min(args.limit as usize) };
        let rest = fit.split_off(shown);
        let mut fit = KnownCase::called(&store, fit).await?;
        fit.extend(rest);
        anyhow::Ok(fit)
    })?;
    if context.json {
        let cases: Vec<CaseJson<'_>> = fit.iter().map(CaseJson::of).collect();
        return output::json(&cases);
    }
    if fit.is_empty() { Ok(()) } else { output::text(&listed(&fit, args.limit as usize)) }
}

/// What to say where no case fits.
fn none_fit(all: &[KnownCase]) -> String {
    if all.is_empty() {
        return "There are no cases yet: `verbatim cases update` makes them of what is stored.".to_owned();
    }
    let distinct = |of: &dyn Fn(&KnownCase) -> String| {
        let mut names: Vec<String> = all.iter().map(of).filter(|name| !name.is_empty()).collect();
        names.sort_unstable();
        names.dedup();
        if names.is_empty() { "none".to_owned() } else { names.join(", ") }
    };
    format!(
        "No case fits. There are cases in the states {}; of the owners {}; about the topics {}.",
        distinct(&|known| known.case.life.state.to_string()),
        distinct(&|known| known.case.owner.clone()),
        distinct(&|known| known.case.topic.clone())
    )
}

fn listed(fit: &[KnownCase], most: usize) -> String {
    let mut text = String::new();
    for known in fit.iter().take(most) {
        text += &output::wrapped(&heading(known), 0, usize::MAX);
        text += &output::wrapped(known.title(), 2, SHOWN);
        text.push('\n');
    }
    let shown = fit.len().min(most);
    let all = output::counted(fit.len() as u64, "case");
    let counted = if shown == fit.len() {
        all
    } else {
        format!("{} of {all}, those with the most people", output::grouped(shown as u64))
    };
    text + &format!("{counted}. One of them: verbatim cases show ID")
}

fn heading(known: &KnownCase) -> String {
    let (case, reach) = (&known.case, &known.reach);
    let people = match known.people_at_least() {
        1 => "1 person".to_owned(),
        people => format!("{} people", output::grouped(people)),
    };
    let at_least = if reach.anonymous > 0 { "at least " } else { "" };
    let parts = [
        case.id.get(..8).unwrap_or(&case.id).to_owned(),
        case.life.state.to_string(),
        case.owner.clone(),
        case.kind.replace('_', " "),
        if case.topic == NO_TOPIC { "no topic".to_owned() } else { case.topic.clone() },
        case.product.clone(),
        format!("{at_least}{people}"),
        output::counted(reach.reports, "report"),
        some(reach.accounts, "account"),
        format!("{} to {}", day(reach.first_seen), day(reach.last_seen)),
    ];
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ")
}

fn some(number: u64, what: &str) -> String {
    if number == 0 { String::new() } else { output::counted(number, what) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cases::invented;
    use feedback::time::Timestamp;
    use insight::cases::Step;

    fn args(state: Option<Wanted>, owner: Option<&str>) -> Args {
        Args { state, owner: owner.map(str::to_owned), topic: None, limit: 1 }
    }

    #[test]
    fn resolved_ones_are_listed_where_they_are_asked_for() {
        let mut known = invented();
        assert!(args(None, None).wants(&known) && args(Some(Wanted::Acknowledged), None).wants(&known));
        assert!(!args(Some(Wanted::Open), None).wants(&known));
        assert!(args(None, Some("identity")).wants(&known) && !args(None, Some("finance")).wants(&known));
        known.case.life = known.case.life.then(Step::Resolved, Timestamp(9_000_000)).unwrap();
        assert!(!args(None, None).wants(&known) && args(Some(Wanted::All), None).wants(&known));
        known.reports.clear();
        assert!(!args(Some(Wanted::Resolved), None).wants(&known), "nothing is left of it");
    }

    #[test]
    fn a_list_tells_how_much_of_the_whole_it_shows() {
        let known = invented();
        let text = listed(&[known.clone(), known.clone()], 1);
        assert!(text.contains("1 of 2 cases, those with the most people"), "{text}");
        let heading = heading(&known);
        let expected =
            "aa01 · acknowledged · identity · bug · login_access · at least 3 people · 4 reports · 1 account";
        assert!(heading.starts_with(expected) && text.contains("\n  words of r2\n"), "{heading}");
        let none = none_fit(&[known]);
        assert!(none.contains("the states acknowledged; of the owners identity"), "{none}");
        assert!(none_fit(&[]).contains("verbatim cases update"));
    }
}
