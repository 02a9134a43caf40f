//! Column maps held against the contract of their kind, before any file is.

use super::{ImportSection, nearest};
use feedback::kind::{Contract, Names};
use worker::files::ColumnMap;

/// All there are, for a map that names no kind.
const CONTRACTS: [Contract; 4] = [Contract::Survey, Contract::Ticket, Contract::Nps, Contract::Social];

/// One field of a map that cannot be right.
#[derive(Debug, PartialEq, Eq)]
pub struct WrongField {
    /// Of the map: `columns` or `constants`.
    pub section: &'static str,
    pub field: String,
    pub why: String,
}

impl ImportSection {
    pub fn column_map(&self) -> ColumnMap {
        ColumnMap { columns: self.columns.clone(), constants: self.constants.clone() }
    }

    /// What of the map no payload of this contract has room for; without a contract, of any.
    pub fn wrong_fields(&self, contract: Option<Contract>) -> Vec<WrongField> {
        let contracts = contract.map_or(CONTRACTS.to_vec(), |contract| vec![contract]);
        let all = self.columns.keys().map(|field| ("columns", field));
        let all = all.chain(self.constants.keys().map(|field| ("constants", field)));
        let mut wrong: Vec<WrongField> = all
            .filter_map(|(section, field)| {
                Some(WrongField { section, field: field.clone(), why: stray_in_all(&contracts, field)? })
            })
            .collect();
        for field in self.column_map().clashes() {
            let section = if self.constants.contains_key(field) { "constants" } else { "columns" };
            if wrong.iter().all(|wrong| wrong.field != field) {
                let why = "is given twice, or both as a value and as an object".to_owned();
                wrong.push(WrongField { section, field: field.to_owned(), why });
            }
        }
        wrong
    }
}

/// `None` where one of the contracts has the field; else the most helpful of their reasons.
fn stray_in_all(contracts: &[Contract], field: &str) -> Option<String> {
    let reasons: Option<Vec<_>> = contracts.iter().map(|contract| stray(*contract, field)).collect();
    let mut reasons = reasons?;
    let helpful = reasons.iter().position(|why| why.contains("did you mean")).unwrap_or(0);
    Some(reasons.swap_remove(helpful))
}

/// Why a field stands nowhere in a contract.
fn stray(contract: Contract, field: &str) -> Option<String> {
    let steps: Vec<&str> = field.split('.').collect();
    for (at, step) in steps.iter().enumerate() {
        let above = steps[..at].join(".");
        match contract.names_below(&steps[..at]) {
            Names::Any => return None,
            Names::Fields(names) if names.contains(step) => {}
            Names::Items if !step.is_empty() && step.bytes().all(|b| b.is_ascii_digit()) => {}
            Names::Fields(names) => return Some(unknown(&above, step, &names)),
            Names::Items => return Some(format!("{above} is a list: write {above}.0 for its first item")),
            Names::Nothing => return Some(format!("{above} is a value, with no fields below it")),
        }
    }
    None
}

fn unknown(above: &str, step: &str, names: &[&'static str]) -> String {
    let hint = match nearest(step, names.iter().copied()) {
        Some(name) if above.is_empty() => format!("did you mean {name}?"),
        Some(name) => format!("did you mean {above}.{name}?"),
        None => format!("metadata.{step} keeps it as metadata"),
    };
    format!("there is no such field: {hint}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wrong(contract: Option<Contract>, columns: &[&str], constants: &[&str]) -> Vec<String> {
        let own =
            |fields: &[&str]| fields.iter().map(|field| ((*field).to_owned(), "X".to_owned())).collect();
        let map = ImportSection {
            kind: String::new(),
            source: String::new(),
            columns: own(columns),
            constants: own(constants),
        };
        let told = |wrong: WrongField| format!("{}.{} {}", wrong.section, wrong.field, wrong.why);
        map.wrong_fields(contract).into_iter().map(told).collect()
    }

    #[test]
    fn a_field_that_the_contract_lacks_is_told_with_the_right_one() {
        let nps = Some(Contract::Nps);
        let fields = ["id", "text", "score", "author.email", "metadata.Plan Tier", "tags.0"];
        assert_eq!(wrong(nps, &fields, &["platform"]), [""; 0]);
        assert_eq!(
            wrong(nps, &["occured_at", "score.val", "txt"], &["plan"]),
            [
                "columns.occured_at there is no such field: did you mean occurred_at?",
                "columns.score.val there is no such field: did you mean score.value?",
                "columns.txt there is no such field: did you mean text?",
                "constants.plan there is no such field: metadata.plan keeps it as metadata",
            ]
        );
        assert_eq!(
            wrong(Some(Contract::Survey), &["answers.first.text", "answers.0.score.value", "title.en"], &[]),
            [
                "columns.answers.first.text answers is a list: write answers.0 for its first item",
                "columns.title.en title is a value, with no fields below it",
            ]
        );
    }

    #[test]
    fn without_a_kind_a_field_of_any_will_do() {
        assert_eq!(wrong(None, &["answers.0.text", "messages.0.text", "repost_of"], &[]), [""; 0]);
        assert_eq!(wrong(None, &["txt"], &[]), ["columns.txt there is no such field: did you mean text?"]);
    }

    #[test]
    fn fields_that_clash_are_told() {
        let twice = "is given twice, or both as a value and as an object";
        assert_eq!(
            wrong(Some(Contract::Nps), &["score", "score.value", "text"], &["text"]),
            [format!("columns.score.value {twice}"), format!("constants.text {twice}")]
        );
    }
}
