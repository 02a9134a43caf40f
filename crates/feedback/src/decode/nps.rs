//! NPS: a score from 0 to 10 and the comment beside it, one record.

use super::{
    Content, Path, Scope,
    common::Common,
    fields::fields,
    metadata::Origin,
    read,
    score::{self, Rule},
};
use crate::{
    json::Reader,
    refusal::{Reason, Refusal},
    score::ScoreKind,
};

fields! {
    pub(crate) NpsField { Score = "score", Question = "question", Text = "text" }
}

pub(super) fn read<'a>(
    reader: &mut Reader<'a>,
    common: &mut Common<'a>,
    scope: &Scope<'_>,
) -> Result<Content<'a>, Refusal> {
    let root = Path::Root;
    let data = root.key("data");
    let (mut score, mut question, mut text) = (None, None, None);
    reader.object(|reader, key| {
        let Some(field) = NpsField::parse(&key) else { return common.read(reader, key, &data, scope) };
        let path = &data.key(field.name());
        match field {
            NpsField::Score => {
                let extras = (&mut common.metadata, Origin::Extra);
                score = score::read(reader, path, Rule::Only(ScoreKind::Nps), scope, extras)?;
            }
            NpsField::Question => question = read::text(reader, path, scope.limits.heading)?,
            NpsField::Text => text = read::text(reader, path, scope.limits.text)?,
        }
        Ok(())
    })?;
    if score.is_none() && text.is_none() {
        return Err(data.refuse(Reason::Empty, "a score or a text"));
    }
    let mut record = common.record();
    record.score = score;
    record.question = question;
    record.body = text.unwrap_or_default();
    Ok(Content::Records(vec![record]))
}
