use super::*;
use crate::log::Quoted;
use feedback::correction::Said;
use feedback::judgement::{FeedbackKind, SentimentLabel};
use feedback::time::{Day, Timestamp};
use proptest::prelude::*;

/// Of record `record` with the content `content`.
pub(super) fn correction(id: &str, at: i64, record: &str, content: i64, said: &Said) -> Correction {
    Correction {
        id: id.to_owned(),
        at: Timestamp(at),
        by: format!("by {id}"),
        record: Quoted { record_id: record.to_owned(), author: None, author_alias: None },
        item_id: format!("item of {record}"),
        item_day: Day(20_000),
        content_hash: content,
        body_chars: 40,
        field: said.field().as_str().to_owned(),
        value: said.value().map(str::to_owned),
        topics: said.topics().map(<[String]>::to_vec),
        note: None,
    }
}

pub(super) fn last(corrections: &[Correction]) -> Last {
    let mut last = Last::default();
    corrections.iter().for_each(|correction| last.take(&Arc::new(correction.clone())));
    last
}

#[test]
fn the_last_holds_by_time_and_then_by_id() {
    let negative = Said::Sentiment(SentimentLabel::Negative);
    let all = [
        correction("b", 20, "r", 1, &negative),
        correction("a", 20, "r", 1, &negative),
        correction("z", 10, "r", 1, &Said::Withdrawn(Field::Sentiment)),
        correction("c", 5, "r", 1, &Said::Kind(FeedbackKind::Bug)),
        correction("d", 90, "r", 2, &negative),
    ];
    let last = last(&all);
    let id = |content, field| last.of("r", content, field).map(|correction| correction.id.as_str());
    assert_eq!((id(1, Field::Sentiment), id(1, Field::Kind)), (Some("b"), Some("c")));
    assert_eq!((id(2, Field::Sentiment), id(1, Field::Topics)), (Some("d"), None));
}

#[test]
fn what_a_later_version_wrote_is_passed_over() {
    let known = correction("a", 1, "r", 1, &Said::Kind(FeedbackKind::Bug));
    let strange =
        Correction { id: "b".to_owned(), at: Timestamp(2), value: Some("joke".to_owned()), ..known.clone() };
    let mood = Correction { field: "mood".to_owned(), ..strange.clone() };
    assert_eq!(last(&[known.clone(), strange, mood]), last(&[known]));
}

fn corrections() -> impl Strategy<Value = Vec<Correction>> {
    let said = prop_oneof![
        prop::sample::select(SentimentLabel::ALL).prop_map(Said::Sentiment),
        prop::sample::select(FeedbackKind::ALL).prop_map(Said::Kind),
        prop::sample::subsequence(vec!["a".to_owned(), "b".to_owned()], 0..3).prop_map(Said::Topics),
        prop::sample::select(Field::ALL).prop_map(Said::Withdrawn),
    ];
    let one = (0_i64..4, prop::sample::select(vec!["r1", "r2"]), 0_i64..2, said);
    prop::collection::vec(one, 0..12).prop_map(|all| {
        let numbered = all.iter().enumerate();
        numbered
            .map(|(n, (at, record, content, said))| correction(&format!("{n}"), *at, record, *content, said))
            .collect()
    })
}

proptest! {
    #[test]
    fn the_order_of_arrival_makes_no_difference(
        (there, shuffled) in corrections().prop_flat_map(|all| (Just(all.clone()), Just(all).prop_shuffle())),
    ) {
        prop_assert_eq!(last(&there), last(&shuffled));
        // Nor how often one arrives.
        prop_assert_eq!(last(&[there.clone(), shuffled].concat()), last(&there));
    }
}
