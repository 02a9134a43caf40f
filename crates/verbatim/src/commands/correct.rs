//! `verbatim correct`: what is right of a record, and what people have said so far.

use crate::audited;
use crate::context::{self, Context};
use crate::output;
use crate::usage;
use anyhow::{Context as _, Result};
use clap::Subcommand;
use feedback::correction::{Field, Said};
use feedback::insight::NO_TOPIC;
use insight::corrections::{self, Written};
use server::corrections::{CORRECT, CorrectionRow, CorrectionValue, detail, find, list, say};
use server::desk::Page;
use store::Store;

/// Set right what the model said of a record
///
/// What is said holds for the record until its content changes, or something later is said; reports, cases and SQL
/// views count it from then on, and the record keeps what the model said beside it. Everything that was ever said is
/// kept, with who and when, until the record's author is erased.
#[derive(Debug, clap::Args)]
#[command(
    verbatim_doc_comment,
    args_conflicts_with_subcommands = true,
    after_help = "Examples:\n  \
        verbatim correct 5b1e0c2f --sentiment negative\n  \
        verbatim correct 5b1e0c2f --kind bug --topics billing,login_access --note \"asks for a refund\"\n  \
        verbatim correct 5b1e0c2f --topics none --by jane\n  \
        verbatim correct 5b1e0c2f --withdraw kind\n  \
        verbatim correct list --json | jq '.items[] | {record, field, value, judged}'"
)]
pub struct Args {
    #[command(flatten)]
    choice: Choice,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// List what people said, the newest first, with what the model says and whether it still holds
    List(List),
}

#[derive(Debug, clap::Args)]
struct Choice {
    /// The record's id, or how it begins, as `report --records` shows it
    #[arg(value_name = "RECORD")]
    record: Option<String>,
    /// The sentiment: negative, neutral or positive
    #[arg(long, value_name = "LABEL")]
    sentiment: Option<String>,
    /// What the customer wants: bug, feature_request, complaint, praise, question, cancellation or other
    #[arg(long, value_name = "LABEL")]
    kind: Option<String>,
    /// The topics by their ids, the one that matters most first; `none` where it is about none of them
    #[arg(long, value_name = "IDS", value_delimiter = ',')]
    topics: Vec<String>,
    /// Take back what was said of sentiment, kind or topics; may be repeated
    #[arg(long, value_name = "FIELD")]
    withdraw: Vec<String>,
    /// Who says so, to be kept with it [default: $USER, the name you are logged in by]
    #[arg(long, value_name = "NAME")]
    by: Option<String>,
    /// Why, to be kept with it
    #[arg(long, value_name = "TEXT")]
    note: Option<String>,
}

#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  verbatim correct list --record 5b1e0c2f")]
struct List {
    /// Only of the record with this id, or whose id begins so
    #[arg(long, value_name = "RECORD")]
    record: Option<String>,
    /// At most so many of them
    #[arg(long, default_value_t = 30, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=500))]
    limit: u16,
    /// Go on behind the last one shown: `next` of the list before, as --json has it
    #[arg(long, value_name = "CURSOR")]
    cursor: Option<String>,
}

pub fn run(args: &Args, context: &Context) -> Result<()> {
    match &args.command {
        Some(Command::List(args)) => listed(args, context),
        None => correct(&args.choice, context),
    }
}

fn correct(choice: &Choice, context: &Context) -> Result<()> {
    let Some(record) = &choice.record else {
        return usage::wrong(
            "name a record by its id, or by how that begins: `verbatim report --records` shows the ids",
        );
    };
    let topics = context.topic_names()?;
    let said = choice.said(&topics)?;
    if said.is_empty() {
        return usage::wrong(
            "say what is right: --sentiment, --kind or --topics, or --withdraw what was said before",
        );
    }
    let by = audited::author(choice.by.as_deref())?;
    let note = corrections::note(choice.note.as_deref().unwrap_or_default())?;
    let rows = context::runtime()?.block_on(async {
        let store = context.filled_store().await?;
        said_of(&store, record, &said, &by, note).await
    })?;
    if context.json {
        return output::json(&rows);
    }
    output::text(&rows.iter().map(told).collect::<String>())
}

/// One after the other: what cannot be taken back is told, and what was written before it stays.
async fn said_of(
    store: &Store,
    record: &str,
    said: &[Said],
    by: &str,
    note: Option<&str>,
) -> Result<Vec<CorrectionRow>> {
    let found = find(store, record, None).await?;
    let mut rows = Vec::with_capacity(said.len());
    for said in said {
        let detail = detail(said);
        let correcting = audited::change(by, CORRECT, &found.record.record_id, &detail);
        let row = audited::make(store, correcting, async {
            let row = say(store, found.clone(), said, by, note).await;
            row.with_context(|| format!("the {} was not corrected", said.field()))
        });
        rows.push(row.await?);
    }
    Ok(rows)
}

impl Choice {
    /// All that is said; what is taken back first.
    fn said(&self, topics: &[(String, String)]) -> Result<Vec<Said>> {
        let ids = || topics.iter().map(|(id, _)| id.as_str());
        let mut said = Vec::new();
        for name in &self.withdraw {
            said.push(Said::Withdrawn(corrections::field(name)?));
        }
        for (field, word) in [(Field::Sentiment, &self.sentiment), (Field::Kind, &self.kind)] {
            if let Some(word) = word {
                said.push(corrections::said(field, &Written::Word(word.clone()), ids())?);
            }
        }
        if !self.topics.is_empty() {
            let is_none = self.topics.len() == 1 && self.topics[0].trim() == NO_TOPIC;
            let named = if is_none { Vec::new() } else { self.topics.clone() };
            said.push(corrections::said(Field::Topics, &Written::Topics(named), ids())?);
        }
        let fields = Field::ALL.iter().map(|field| said.iter().filter(|said| said.field() == *field).count());
        match fields.max() {
            Some(2..) => usage::wrong("of one judgement say one thing: correct it, or --withdraw it"),
            _ => Ok(said),
        }
    }
}

fn told(row: &CorrectionRow) -> String {
    let CorrectionRow { record, field, by, .. } = row;
    let model = row.judged.as_ref().map(value).unwrap_or_default();
    match &row.value {
        CorrectionValue::Word(word) if word == Said::WITHDRAWN => {
            format!(
                "{record}: the {field} is as the model says again: {model}. {by} took back what was said.\n"
            )
        }
        said => format!("{record}: the {field} is {} now, says {by}. The model says {model}.\n", value(said)),
    }
}

fn value(value: &CorrectionValue) -> String {
    match value {
        CorrectionValue::Word(word) => output::printable(word).into_owned(),
        CorrectionValue::Topics(ids) if ids.is_empty() => NO_TOPIC.to_owned(),
        CorrectionValue::Topics(ids) => output::printable(&ids.join(", ")).into_owned(),
    }
}

fn listed(args: &List, context: &Context) -> Result<()> {
    let page = Page::new(Some(args.limit.into()), args.cursor.as_deref())?;
    let part = context::runtime()?.block_on(async {
        let store = context.filled_store().await?;
        anyhow::Ok(list(&store, args.record.as_deref(), &page).await?)
    })?;
    if context.json {
        return output::json(&part);
    }
    if part.items.is_empty() {
        eprintln!(
            "Nobody has corrected anything of that: `verbatim correct RECORD --sentiment negative` does."
        );
        return Ok(());
    }
    let mut table = output::table(&["when", "who", "record", "field", "said", "model", "state", "note"]);
    for row in &part.items {
        table.add_row(cells(row));
    }
    let shown = output::grouped(part.items.len() as u64);
    let all = output::counted(part.total, "correction");
    let counted = if part.next.is_some() { format!("{shown} of {all}") } else { all };
    output::text(&format!("{table}\n\n{counted}"))
}

fn cells(row: &CorrectionRow) -> [String; 8] {
    let short = |text: &str| text.chars().take(8).collect::<String>();
    [
        row.at.0.day().to_string(),
        output::printable(&row.by).into_owned(),
        short(&row.record),
        row.field.clone(),
        value(&row.value),
        row.judged.as_ref().map(value).unwrap_or_default(),
        row.state.as_str().replace('_', " "),
        row.note.as_deref().map(output::printable).unwrap_or_default().into_owned(),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use feedback::judgement::{FeedbackKind, SentimentLabel};

    fn choice() -> Choice {
        Choice {
            record: None,
            sentiment: None,
            kind: None,
            topics: Vec::new(),
            withdraw: Vec::new(),
            by: None,
            note: None,
        }
    }

    fn said(choice: &Choice) -> Result<Vec<Said>> {
        choice.said(&["billing", "search"].map(|id| (id.to_owned(), id.to_uppercase())))
    }

    #[test]
    fn what_is_asked_for_is_said() {
        let all = Choice {
            sentiment: Some("negative".to_owned()),
            kind: Some("bug".to_owned()),
            withdraw: vec!["topics".to_owned()],
            ..choice()
        };
        let expected = [
            Said::Withdrawn(Field::Topics),
            Said::Sentiment(SentimentLabel::Negative),
            Said::Kind(FeedbackKind::Bug),
        ];
        assert_eq!(said(&all).unwrap(), expected);
        let none = Choice { topics: vec!["none".to_owned()], ..choice() };
        assert_eq!(said(&none).unwrap(), [Said::Topics(Vec::new())]);
        assert!(said(&choice()).unwrap().is_empty());
    }

    #[test]
    fn a_slip_of_the_pen_is_told() {
        let wrong = |choice: Choice| said(&choice).unwrap_err().to_string();
        let topics = vec!["biling".to_owned()];
        assert!(wrong(Choice { topics, ..choice() }).contains("did you mean billing?"));
        let kind = Some("bugs".to_owned());
        assert!(wrong(Choice { kind, ..choice() }).contains("did you mean bug?"));
        let twice = Choice { kind: Some("bug".to_owned()), withdraw: vec!["kind".to_owned()], ..choice() };
        assert!(wrong(twice).contains("say one thing"));
    }
}
