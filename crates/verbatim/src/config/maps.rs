//! Column maps held against the contract of their kind, before any file is. A field that no contract names is kept as
//! metadata, so that only one that looks mistyped is wrong, and one that has no place in a payload.

use super::{ImportSection, nearest};
use feedback::kind::{Contract, Names};
use worker::files::ColumnMap;

/// All there are, for a map that names no kind.
const CONTRACTS: [Contract; 4] = [Contract::Survey, Contract::Ticket, Contract::Nps, Contract::Social];

/// Letters by which a mistyped name differs at most.
const TYPO: usize = 2;

/// One field of a map that is hardly meant so.
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

    /// What of the map no payload of this contract has room for, or seems to be another field's name; without a
    /// contract, of any.
    pub fn wrong_fields(&self, contract: Option<Contract>) -> Vec<WrongField> {
        let contracts = contract.map_or(CONTRACTS.to_vec(), |contract| vec![contract]);
        let all = self.columns.keys().map(|field| ("columns", field));
        let all = all.chain(self.constants.keys().map(|field| ("constants", field)));
        let mut wrong: Vec<WrongField> = all
            .filter_map(|(section, field)| {
                let why = self.stray_in_all(&contracts, field)?;
                Some(WrongField { section, field: field.clone(), why })
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

    /// `None` where one of the contracts has the field, or keeps it and none knows it better; else the most helpful
    /// of their reasons.
    fn stray_in_all(&self, contracts: &[Contract], field: &str) -> Option<String> {
        let (mut meant, mut wrong, mut kept) = (None, None, false);
        for contract in contracts {
            match self.place(*contract, field) {
                Place::Own => return None,
                Place::Kept => kept = true,
                Place::Near(why) => meant = meant.or(Some(why)),
                Place::Wrong(why) => wrong = wrong.or(Some(why)),
            }
        }
        meant.or(wrong.filter(|_| !kept))
    }

    fn place(&self, contract: Contract, field: &str) -> Place {
        let steps: Vec<&str> = field.split('.').collect();
        for (at, step) in steps.iter().enumerate() {
            let above = steps[..at].join(".");
            match contract.names_below(&steps[..at]) {
                Names::Any => return Place::Own,
                Names::Fields(names) if names.contains(step) => {}
                Names::Items if !step.is_empty() && step.bytes().all(|b| b.is_ascii_digit()) => {}
                Names::Fields(_) if at == 0 && steps.len() > 1 && is_list_elsewhere(step) => {
                    let why = format!("there is no such field: {step} is a list of another kind");
                    return Place::Wrong(why);
                }
                Names::Fields(names) => return self.unknown(&above, step, &names),
                Names::Items => {
                    return Place::Wrong(format!("{above} is a list: write {above}.0 for its first item"));
                }
                Names::Nothing => {
                    return Place::Wrong(format!("{above} is a value, with no fields below it"));
                }
            }
        }
        Place::Own
    }

    /// A mistyped name, or one of their own. What the map gives already is not what they mean by another.
    fn unknown(&self, above: &str, step: &str, names: &[&'static str]) -> Place {
        let path = |name: &str| if above.is_empty() { name.to_owned() } else { format!("{above}.{name}") };
        let is_free = |name: &str| {
            let path = path(name);
            let given = |field: &String| {
                field.strip_prefix(&path).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
            };
            !self.columns.keys().chain(self.constants.keys()).any(given)
        };
        let typed = step.to_ascii_lowercase();
        let near = names.iter().copied().filter(|name| strsim::levenshtein(&typed, name) <= TYPO);
        match nearest(step, near).filter(|name| is_free(name)) {
            Some(name) => Place::Near(format!("there is no such field: did you mean {}?", path(name))),
            None => Place::Kept,
        }
    }
}

/// Where a field stands in a contract.
enum Place {
    Own,
    /// Nowhere: it is kept as metadata.
    Kept,
    /// Nowhere, but a field is called almost so.
    Near(String),
    /// Where none can stand.
    Wrong(String),
}

fn is_list_elsewhere(step: &str) -> bool {
    CONTRACTS.iter().any(|contract| contract.names_below(&[step]) == Names::Items)
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
            ],
            "and plan is metadata"
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
    fn a_field_that_is_kept_as_metadata_is_right() {
        let own = ["author.plan", "score.comment", "lang", "text_de", "answers"];
        assert_eq!(wrong(Some(Contract::Nps), &own, &["plan"]), [""; 0]);
        assert_eq!(wrong(Some(Contract::Ticket), &["messages.0.via", "messages.0.text"], &[]), [""; 0]);
        let survey = ["answers.0.choice", "answers.0.question_type", "answers.1.choice", "metadata.choice"];
        assert_eq!(wrong(Some(Contract::Survey), &survey, &[]), [""; 0]);
        assert_eq!(wrong(None, &["author.plan", "answers.0.choice"], &[]), [""; 0]);
        // What is given already is not meant once more.
        assert_eq!(wrong(Some(Contract::Nps), &["text", "text2"], &[]), [""; 0]);
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
