//! Every field the decoder knows is in its schema, and every field of a schema is known to the decoder.

use super::{
    common::{AuthorField, CommonField},
    nps::NpsField,
    score::ScoreField,
    social::SocialField,
    survey::{AnswerField, SurveyField},
    ticket::{MessageField, TicketField},
};
use crate::event::Attribute;
use serde_json::Value;
use std::collections::BTreeSet;

macro_rules! names {
    ($fields:ident) => {
        $fields::ALL.iter().map(|field| field.name()).collect::<BTreeSet<_>>()
    };
}

fn check(schema: &str, pointer: &str, known: BTreeSet<&str>) {
    let schema: Value = serde_json::from_str(schema).unwrap();
    let properties = schema.pointer(&format!("{pointer}/properties")).unwrap().as_object().unwrap();
    let described: BTreeSet<_> = properties.keys().map(String::as_str).collect();
    assert_eq!(described, known, "{pointer} of {}", schema["$id"]);
}

#[test]
fn schemas_and_decoder_know_the_same_fields() {
    let common = include_str!("../../schemas/common.schema.json");
    check(common, "", names!(CommonField));
    check(common, "/$defs/author", names!(AuthorField));
    check(common, "/$defs/score", names!(ScoreField));
    check(common, "/$defs/deletion", ["id", "version", "occurred_at", "updated_at"].into());
    check(include_str!("../../schemas/event.schema.json"), "", names!(Attribute));
    let survey = include_str!("../../schemas/survey.schema.json");
    check(survey, "", names!(SurveyField));
    check(survey, "/$defs/answer", names!(AnswerField));
    let ticket = include_str!("../../schemas/ticket.schema.json");
    check(ticket, "", names!(TicketField));
    check(ticket, "/$defs/message", names!(MessageField));
    check(include_str!("../../schemas/nps.schema.json"), "", names!(NpsField));
    check(include_str!("../../schemas/social.schema.json"), "", names!(SocialField));
}
