//! What the header of a CSV file tells before any row is read: which columns are fields, and what to do where those are
//! missing that every row needs.

use super::map::{BoundMap, ColumnMap};
use super::{Columns, ImportOptions, redacted};
use crate::WorkerError;
use feedback::kind::{Contract, Names};
use insight::report::printable;

/// So many columns are told of a header.
const COLUMNS: usize = 40;
/// Characters that are told of a column's name.
const NAME: usize = 60;
/// What is told of a header that somebody's row stands for.
const LIKE_A_ROW: &str = "first line looks like a row, not like the names of columns";

impl ColumnMap {
    /// Every column under its own name; those that are no field of the contract are told, since they become metadata.
    ///
    /// # Errors
    /// Says which columns stand for one field.
    pub(super) fn bind_by_name(header: &[String], contract: Contract) -> Result<BoundMap, String> {
        let is_field = |name: &str| is_field(contract, &name.to_lowercase());
        Self::of_header(header, contract).bind_where(header, is_field)
    }
}

impl ImportOptions {
    /// What the columns say; with none that holds words, or a score, or the time, every row would be refused.
    pub(super) fn columns(&self, map: &BoundMap, header: &[String]) -> Result<Columns, WorkerError> {
        let contract = self.contract.unwrap_or(Contract::Nps);
        if says(contract).iter().all(|field| !map.has(field)) {
            return Err(self.wrong(self.nothing_said(contract, header)));
        }
        if self.occurred_at.is_none() && !map.has("occurred_at") && !map.has("updated_at") {
            return Err(self.wrong(format!(
                "no column says when the feedback was given; it has {}: map one to occurred_at, as `verbatim import \
                 --help` shows, or give one date for all rows, as in --occurred-at 2026-03-31",
                shown(header)
            )));
        }
        Ok(Columns { unmapped: map.unmapped().to_vec(), has_ids: map.has("id") })
    }

    fn nothing_said(&self, contract: Contract, header: &[String]) -> String {
        let wanted = says(contract).join(", ");
        let what = match self.map {
            Some(_) => "the column map names no column for words or a score",
            None => "no column has the name of a field for words or a score",
        };
        let kind = self.kind.as_deref().unwrap_or("nps");
        let (fields, example) = (fields(contract).join(", "), example(contract).join("\n  "));
        // A map that fits has found its columns, so they are names.
        let columns = match self.map {
            None if is_like_a_row(header) => format!(" The {LIKE_A_ROW}: write those above it."),
            _ => format!("\n  Columns: {}", shown(header)),
        };
        format!(
            "{what} ({wanted}).{columns}\n  Fields:  {fields}\n\
             Say in the configuration which column holds which field, and import it with --map NAME:\n  \
             [import.NAME]\n  kind = {kind:?}\n  {example}"
        )
    }
}

/// What a file has for columns: their names, or that its first line is somebody's row. For a sentence.
pub(super) fn told(header: &[String]) -> String {
    if is_like_a_row(header) { format!("no header: its {LIKE_A_ROW}") } else { shown(header) }
}

/// The names of the columns, redacted and printable: one may be somebody's value all the same.
fn shown(header: &[String]) -> String {
    let mut names: Vec<String> = header.iter().take(COLUMNS).map(|name| shown_column(name)).collect();
    if let Some(more @ 1..) = header.len().checked_sub(COLUMNS) {
        names.push(format!("and {more} more"));
    }
    names.join(", ")
}

fn shown_column(name: &str) -> String {
    // In one line, whatever stands in a name.
    let name = printable(&redacted(name)).replace(['\n', '\t'], "\u{fffd}");
    let mut shown: String = name.chars().take(NAME).collect();
    if name.chars().nth(NAME).is_some() {
        shown.push('…');
    }
    shown
}

/// Whether one of the names is none: a number or a date, somebody's address, or a whole text. A question is the name of
/// a column: surveys export it so.
fn is_like_a_row(header: &[String]) -> bool {
    let is_value = |name: &String| {
        let number = |c: char| c.is_ascii_digit() || "+-.,:/ TZ".contains(c);
        let is_number = name.contains(|c: char| c.is_ascii_digit()) && name.chars().all(number);
        let is_text = name.chars().nth(NAME).is_some() && !name.contains('?');
        is_number || is_text || redacted(name) != *name
    };
    header.iter().any(is_value)
}

/// Without one of these a record says nothing.
fn says(contract: Contract) -> &'static [&'static str] {
    match contract {
        Contract::Survey => &["text", "score", "answers"],
        Contract::Ticket => &["messages", "title", "score"],
        Contract::Nps => &["text", "score"],
        Contract::Social => &["text", "title", "score"],
    }
}

/// The lines of a column map that most exports of this contract need.
fn example(contract: Contract) -> &'static [&'static str] {
    match contract {
        Contract::Survey => {
            &[r#"columns = { text = "COLUMN", question = "COLUMN", occurred_at = "COLUMN" }"#]
        }
        Contract::Ticket => &[
            r#"columns = { title = "COLUMN", "messages.0.text" = "COLUMN", occurred_at = "COLUMN" }"#,
            r#"constants = { "messages.0.role" = "customer" }"#,
        ],
        Contract::Nps | Contract::Social => {
            &[r#"columns = { text = "COLUMN", score = "COLUMN", occurred_at = "COLUMN" }"#]
        }
    }
}

/// Whether the contract has this field, with dots into objects and numbers into lists.
fn is_field(contract: Contract, field: &str) -> bool {
    let steps: Vec<&str> = field.split('.').collect();
    steps.iter().enumerate().all(|(at, step)| match contract.names_below(&steps[..at]) {
        Names::Any => true,
        Names::Fields(names) => names.contains(step),
        Names::Items => !step.is_empty() && step.bytes().all(|byte| byte.is_ascii_digit()),
        Names::Nothing => false,
    })
}

/// Every field that a column may hold, as a column map names it.
fn fields(contract: Contract) -> Vec<String> {
    let Names::Fields(top) = contract.names_below(&[]) else { return Vec::new() };
    let below = |path: &[&str]| match contract.names_below(path) {
        Names::Fields(names) => names,
        _ => Vec::new(),
    };
    let mut all = Vec::new();
    for name in top {
        let (prefix, names) = match contract.names_below(&[name]) {
            Names::Fields(names) => (name.to_owned(), names),
            Names::Items => (format!("{name}.0"), below(&[name, "0"])),
            Names::Any => (name.to_owned(), vec!["NAME"]),
            Names::Nothing => (String::new(), Vec::new()),
        };
        // A number alone is a score too, and words with commas between them are tags.
        if names.is_empty() || name == "score" {
            all.push(name.to_owned());
        }
        all.extend(names.iter().map(|field| format!("{prefix}.{field}")));
    }
    all
}

#[cfg(test)]
mod tests {
    use super::super::Format;
    use super::*;

    const CONTRACTS: [(Contract, &str); 4] = [
        (Contract::Survey, "survey"),
        (Contract::Ticket, "ticket"),
        (Contract::Nps, "nps"),
        (Contract::Social, "social"),
    ];

    fn header(names: &[&str]) -> Vec<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    fn columns(contract: Contract, names: &[&str], map: Option<ColumnMap>) -> Result<Columns, String> {
        let mut options = ImportOptions::new("export.csv".into(), Format::Csv);
        (options.contract, options.kind) = (Some(contract), Some("nps".to_owned()));
        options.map = map;
        let header = header(names);
        let bound = match &options.map {
            Some(map) => map.bind(&header),
            None => ColumnMap::bind_by_name(&header, contract),
        };
        options.columns(&bound.unwrap(), &header).map_err(|error| error.to_string())
    }

    #[test]
    fn a_header_that_fits_no_field_is_told_with_what_would() {
        let error = columns(Contract::Nps, &["Kommentar", "Note", "Datum"], None).unwrap_err();
        for part in [
            "export.csv: no column has the name of a field for words or a score (text, score).",
            "Columns: Kommentar, Note, Datum",
            "text, id, version, occurred_at,",
            "author.email",
            "metadata.NAME",
            "--map NAME:\n  [import.NAME]\n  kind = \"nps\"\n  columns = { text = \"COLUMN\", score",
        ] {
            assert!(error.contains(part), "{part} is missing in {error}");
        }
        let ids = [("id".to_owned(), "Note".to_owned())].into();
        let map = ColumnMap { columns: ids, ..ColumnMap::default() };
        let error = columns(Contract::Nps, &["Kommentar", "Note"], Some(map)).unwrap_err();
        assert!(error.contains("the column map names no column for words or a score (text"), "{error}");
    }

    #[test]
    fn a_first_line_that_is_somebodys_row_is_not_told() {
        let long = "so slow".repeat(20);
        for names in [
            ["Tobias Meier", "jane.doe@canary.example", "Great"],
            ["Tobias Meier", "9", "Great"],
            ["Tobias Meier", "2026-05-04", "Great"],
            ["Tobias Meier", "31.3.2026 14:05", "Great"],
            ["Tobias Meier", long.as_str(), "Great"],
        ] {
            let error = columns(Contract::Nps, &names, None).unwrap_err();
            assert!(!error.contains("Tobias") && !error.contains("Great"), "{error}");
            assert!(!error.contains("[email]") && !error.contains("Columns:"), "{error}");
            let says = "(text, score). The first line looks like a row, not like the names of columns: write";
            assert!(error.contains(says) && error.contains("\n  Fields:  "), "{error}");
            assert!(told(&header(&names)).starts_with("no header: its first line"), "{names:?}");
        }
        let question = "How likely are you to recommend us to a friend or a colleague of yours?";
        let error = columns(Contract::Nps, &["Respondent", question], None).unwrap_err();
        assert!(error.contains("Columns: Respondent, How likely are you"), "{error}");
    }

    #[test]
    fn names_of_columns_are_redacted_bounded_and_printable() {
        let mut names = vec!["jane.doe@canary.example", "Great\u{1b}[2J"];
        let long = "so slow".repeat(20);
        names.push(&long);
        names.extend(["x"; COLUMNS]);
        let told = shown(&header(&names));
        assert!(told.starts_with("[email], Great\u{fffd}[2J, so slow"), "{told}");
        assert!(!told.contains(&long[..=NAME]) && told.contains("…, x"), "{told}");
        assert!(told.ends_with(", and 3 more"), "{told}");
        let without_times = columns(Contract::Nps, &["text", "jane.doe@canary.example"], None).unwrap_err();
        assert!(without_times.contains("it has text, [email]: map one"), "{without_times}");
        let error = columns(Contract::Nps, &["Kommentar", "Note", "Datum"], None).unwrap_err();
        assert!(!error.contains("first line"), "{error}");
    }

    #[test]
    fn a_file_without_times_is_told_with_its_columns() {
        let error = columns(Contract::Nps, &["text", "Datum"], None).unwrap_err();
        assert!(error.contains("it has text, Datum: map one to occurred_at"), "{error}");
        assert!(columns(Contract::Nps, &["text", "Updated_At"], None).is_ok());
    }

    #[test]
    fn columns_that_are_no_field_are_told_without_a_map_too() {
        let names = ["ID", "Plan", "text", "occurred_at", "author.email", "author.plan", "metadata.x", ""];
        let told = columns(Contract::Nps, &names, None).unwrap();
        assert_eq!(told, Columns { unmapped: header(&["Plan", "author.plan", "column 8"]), has_ids: true });
    }

    #[test]
    fn what_is_told_of_a_contract_is_true_of_it() {
        for (contract, name) in CONTRACTS {
            assert!(says(contract).iter().all(|field| contract.has_field(field)), "{name}");
            for field in fields(contract) {
                assert!(is_field(contract, &field.to_lowercase()), "{name}: {field}");
            }
            let given = example(contract).iter().flat_map(|line| line.split([' ', '"']));
            let given: Vec<&str> = given.filter(|word| is_field(contract, word)).collect();
            assert!(given.contains(&"occurred_at"), "{name}: {given:?}");
            let first = |field: &&str| says(contract).contains(&field.split('.').next().unwrap_or_default());
            assert!(given.iter().any(first), "{name}: {given:?}");
        }
        assert_eq!(fields(Contract::Nps)[..3], ["score", "score.kind", "score.value"]);
        assert!(fields(Contract::Ticket).contains(&"messages.0.text".to_owned()));
    }
}
