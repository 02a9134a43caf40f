//! Which names may stand where in a payload, for whoever writes one: a column map is held against them.

use super::common::{AuthorField, CommonField};
use super::nps::NpsField;
use super::score::ScoreField;
use super::social::SocialField;
use super::survey::{AnswerField, SurveyField};
use super::ticket::{MessageField, TicketField};
use crate::kind::Contract;

/// What may stand below a place of a payload.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Names {
    /// Fields of these names.
    Fields(Vec<&'static str>),
    /// Numbers: the items of a list.
    Items,
    /// Whatever one likes; it is kept as metadata.
    Any,
    /// Nothing: a value stands there, or the contract has no such place.
    Nothing,
}

macro_rules! names {
    ($($fields:ident),+) => { Names::Fields([$($fields::ALL.iter().map(|field| field.name()).collect::<Vec<_>>()),+].concat()) };
}

/// `path` leads from the payload's top level into objects and lists.
pub(crate) fn names_below(contract: Contract, path: &[&str]) -> Names {
    match (contract, path) {
        (Contract::Survey, []) => names!(SurveyField, CommonField),
        (Contract::Ticket, []) => names!(TicketField, CommonField),
        (Contract::Nps, []) => names!(NpsField, CommonField),
        (Contract::Social, []) => names!(SocialField, CommonField),
        (_, ["metadata", ..]) | (Contract::Social, ["metrics", ..]) => Names::Any,
        (_, ["author"]) => names!(AuthorField),
        (_, ["score"]) | (Contract::Survey, ["answers", _, "score"]) => names!(ScoreField),
        (_, ["tags"]) | (Contract::Survey, ["answers"]) | (Contract::Ticket, ["messages"]) => Names::Items,
        (Contract::Survey, ["answers", _]) => names!(AnswerField),
        (Contract::Ticket, ["messages", _]) => names!(MessageField),
        _ => Names::Nothing,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_reach_into_objects_and_lists() {
        let below = |contract: Contract, path: &[&str]| contract.names_below(path);
        let Names::Fields(top) = below(Contract::Nps, &[]) else { panic!("no fields") };
        assert!(top.iter().all(|name| Contract::Nps.has_field(name)), "{top:?}");
        assert!(top.contains(&"score") && top.contains(&"occurred_at") && !top.contains(&"answers"));
        assert_eq!(below(Contract::Survey, &["answers"]), Names::Items);
        let score = Names::Fields(vec!["kind", "value", "min", "max"]);
        assert_eq!(below(Contract::Survey, &["answers", "0", "score"]), score);
        assert_eq!(below(Contract::Nps, &["metadata", "anything"]), Names::Any);
        assert_eq!(below(Contract::Nps, &["text"]), Names::Nothing);
    }
}
