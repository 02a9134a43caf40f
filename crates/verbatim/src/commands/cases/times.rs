//! `verbatim cases times`: how long each step takes.

use super::now;
use crate::blocking::blocking;
use crate::cases::{KnownCase, all};
use crate::commands::report::{names, values::day};
use crate::context::{self, Context};
use crate::output;
use crate::owners::Owners;
use crate::usage::in_order;
use anyhow::Result;
use feedback::insight::NO_TOPIC;
use feedback::time::{Day, Timestamp};
use insight::cases::{
    Loop, LoopRow, LoopStep, Loops, Quantile, RecordLoop, Window, loop_times, record_loops,
};
use insight::digest::CaseTold;
use insight::report::{Filter, Period};
use insight::targets::{between, duration};
use store::Store;

#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
        verbatim cases times\n  \
        verbatim cases times --owner identity --from 2026-03-02 --to 2026-03-29\n  \
        verbatim cases times --json | jq '.[] | select(.owner == null and .step == \"resolved\")'")]
pub struct Args {
    /// Only what this owner acts on: by the decision on it, or as one of their topics
    #[arg(long, value_name = "NAME")]
    owner: Option<String>,
    /// Only what is about this topic, by its id; `none` for what has none
    #[arg(long, value_name = "ID")]
    topic: Option<String>,
    /// Only this product
    #[arg(long, value_name = "NAME")]
    product: Option<String>,
    /// Only steps that began on this day or later
    #[arg(long, value_name = "DATE", value_parser = day)]
    from: Option<Day>,
    /// Only steps that began on this day or before, as they stood at the end of it [default: now]
    #[arg(long, value_name = "DATE", value_parser = day)]
    to: Option<Day>,
}

impl Args {
    fn window(&self) -> Window {
        let now = now();
        let end = self.to.map_or(now, |to| to.plus(1).start().min(now));
        // Days are counted from 1970 on.
        let days = || Period { from: self.from.unwrap_or(Day(0)), to: self.to.unwrap_or(now.day()) };
        Window { period: (self.from.is_some() || self.to.is_some()).then(days), end }
    }

    /// `of_owner` has the owner's topics.
    fn wants(&self, one: &Loop<'_>, of_owner: &[String]) -> bool {
        let is_theirs =
            |owner: &String| one.owner == owner || of_owner.iter().any(|topic| topic == one.topic);
        self.owner.as_ref().is_none_or(is_theirs)
            && self.topic.as_ref().is_none_or(|topic| topic == one.topic)
    }
}

pub fn run(args: &Args, context: &Context) -> Result<()> {
    if let (Some(from), Some(to)) = (args.from, args.to) {
        in_order(from, to)?;
    }
    let rows = context::runtime()?.block_on(async {
        let store = context.filled_store().await?;
        let asked = Filter {
            owner: args.owner.clone(),
            topic: args.topic.clone(),
            product: args.product.clone(),
            ..Filter::default()
        };
        names::check(&asked, &store, &context.topic_names()?, context).await?;
        let owners = Owners::in_force(context.config())?.topics();
        let of_owner = owners.into_iter().find(|owner| Some(&owner.name) == args.owner.as_ref());
        let of_owner = of_owner.map(|owner| owner.topics).unwrap_or_default();
        measured(args, &store, &of_owner).await
    })?;
    if context.json {
        return output::json(&rows);
    }
    output::text(&shown(&rows, args))
}

async fn measured(args: &Args, store: &Store, of_owner: &[String]) -> Result<Vec<LoopRow>> {
    let window = args.window();
    let cases = all(store).await?;
    let cases = cases.iter().filter(|known| is_of(args.product.as_deref(), &known.case.product));
    let cases: Vec<CaseTold> = cases.map(KnownCase::told).collect();
    let records = records(args, store, window.end).await?;
    let wants = |one: &Loop<'_>| args.wants(one, of_owner);
    let cases: Vec<Loop<'_>> =
        cases.iter().filter_map(|case| case.in_loop(window.end)).filter(wants).collect();
    let records: Vec<Loop<'_>> = records.iter().map(RecordLoop::borrowed).filter(wants).collect();
    Ok(loop_times(Loops { records: &records, cases: &cases, since: None }, window))
}

fn is_of(wanted: Option<&str>, product: &str) -> bool {
    wanted.is_none_or(|wanted| wanted == product)
}

async fn records(args: &Args, store: &Store, end: Timestamp) -> Result<Vec<RecordLoop>> {
    let (facts, from, product) = (store.current_facts().await?, args.from, args.product.clone());
    let read = move || record_loops(&facts, product.as_deref(), from, end);
    Ok(blocking("the reading of the times broke off", read).await??)
}

fn shown(rows: &[LoopRow], args: &Args) -> String {
    let days = match (args.from, args.to) {
        (None, None) => String::new(),
        (Some(from), None) => format!(" from {from} on"),
        (None, Some(to)) => format!(" up to {to}"),
        (Some(from), Some(to)) => format!(" from {from} to {to}"),
    };
    if rows.is_empty() {
        return format!("No step of anything that fits began{days}.");
    }
    let all = rows.iter().filter(|row| row.owner.is_none() && row.topic.is_none());
    let of_owners = rows.iter().filter(|row| row.owner.is_some() && row.topic.is_none());
    let of_topics = rows.iter().filter(|row| row.owner.is_none() && row.topic.is_some());
    let mut text = format!("Steps that began{days}, with what still waits\n\n");
    text += &table("", all, |_| String::new());
    text += &table("by owner", of_owners, |row| name(row.owner.as_deref(), "nobody"));
    text += &table("by topic", of_topics, |row| name(row.topic.as_deref(), "no topic"));
    text + "Medians with their interval of 95%; of records until they have an owner, of cases from there on.\n"
}

fn name(name: Option<&str>, none: &str) -> String {
    match name.unwrap_or_default() {
        "" | NO_TOPIC => none.to_owned(),
        name => output::printable(name).into_owned(),
    }
}

fn table<'r>(
    title: &str,
    rows: impl Iterator<Item = &'r LoopRow>,
    of: impl Fn(&LoopRow) -> String,
) -> String {
    let mut table = output::table(&[title, "step", "done", "waiting", "median", "nine of ten"]);
    let mut before = None;
    for row in rows {
        let name = of(row);
        // Each name once.
        let first = if before.as_ref() == Some(&name) { String::new() } else { name.clone() };
        before = Some(name);
        table.add_row([
            first,
            step(row.step).to_owned(),
            output::grouped(row.done),
            output::grouped(row.waiting),
            told(row.median),
            row.p90.map_or_else(String::new, |p90| p90.value.map_or_else(|| "not yet".to_owned(), duration)),
        ]);
    }
    format!("{table}\n\n")
}

fn step(step: LoopStep) -> &'static str {
    match step {
        LoopStep::Stored => "until it is stored",
        LoopStep::Triaged => "until it has an owner",
        LoopStep::Acknowledged => "until somebody takes it up",
        LoopStep::Resolved => "from there to its resolution",
        LoopStep::Whole => "all in all",
    }
}

fn told(median: Option<Quantile>) -> String {
    let Some(Quantile { value, low, high }) = median else { return "under 5".to_owned() };
    let between = between(low, high, duration);
    value.map_or_else(|| format!("not yet ({between})"), |value| format!("{} ({between})", duration(value)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use insight::cases::LoopTimes;

    const HOUR: i64 = 3_600_000_000;

    fn args(owner: Option<&str>, topic: Option<&str>) -> Args {
        let own = |text: Option<&str>| text.map(str::to_owned);
        Args { owner: own(owner), topic: own(topic), product: None, from: None, to: None }
    }

    fn case(owner: &'static str, topic: &'static str, hours: Option<i64>) -> Loop<'static> {
        let times = LoopTimes {
            occurred: Timestamp(0),
            stored: Some(Timestamp(0)),
            triaged: Some(Timestamp(0)),
            acknowledged: hours.map(|hours| Timestamp(hours * HOUR)),
            resolved: None,
        };
        Loop { owner, topic, times }
    }

    #[test]
    fn times_are_shown_by_owner_and_by_topic_with_what_waits() {
        let mut cases: Vec<Loop<'_>> =
            (1..=9).map(|hours| case("identity", "login_access", Some(hours))).collect();
        cases.extend([case("identity", "billing", None), case("", NO_TOPIC, None), case("", NO_TOPIC, None)]);
        let window = Window { period: None, end: Timestamp(100 * HOUR) };
        let rows = loop_times(Loops { records: &[], cases: &cases, since: None }, window);
        let text = shown(&rows, &args(None, None));
        let lines: Vec<String> =
            text.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" ")).collect();
        // The sixth of twelve is where half are left: between 6 and 7 hours.
        for line in [
            "until somebody takes it up 9 3 6.5 h (at least 3 h) not yet",
            "identity until somebody takes it up 9 1 5.5 h (2 h to 9 h) 9 h",
            "nobody until somebody takes it up 0 2 under 5",
            "no topic until somebody takes it up 0 2 under 5",
            "login_access until somebody takes it up 9 0 5 h (2 h to 8 h) 9 h",
        ] {
            assert!(lines.iter().any(|told| told == line), "{line}:\n{text}");
        }
        assert!(shown(&[], &args(None, None)).starts_with("No step of anything that fits began."));
    }

    #[test]
    fn an_owner_has_what_is_theirs_and_their_topics() {
        let of_owner = ["billing".to_owned()];
        let wants = |args: &Args, owner, topic| args.wants(&case(owner, topic, None), &of_owner);
        let own = args(Some("finance"), None);
        assert!(wants(&own, "finance", "login_access") && wants(&own, "", "billing"));
        assert!(!wants(&own, "identity", "login_access"));
        assert!(!wants(&args(Some("finance"), Some("billing")), "finance", "login_access"));
        assert!(wants(&args(None, None), "", NO_TOPIC));
    }

    #[test]
    fn a_last_day_is_looked_at_as_it_ended() {
        let days = Args { from: Some(Day(10)), to: Some(Day(12)), ..args(None, None) };
        let window = days.window();
        assert_eq!(window.period, Some(Period { from: Day(10), to: Day(12) }));
        assert_eq!(window.end, Day(13).start());
        let open = Args { to: None, ..days }.window();
        assert!(open.end > Day(20_000).start() && open.period.is_some());
        assert_eq!(args(None, None).window().period, None);
    }
}
