//! Public posts and reviews: a text, perhaps with stars, one record. A repost is nobody's own words.

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
    refusal::{IgnoreReason, Reason, Refusal},
    score::ScoreKind,
};

fields! {
    pub(crate) SocialField {
        Text = "text",
        Score = "score",
        RepostOf = "repost_of",
        // Kept as metadata.
        Network = "network",
        Metrics = "metrics",
    }
}

pub(super) fn read<'a>(
    reader: &mut Reader<'a>,
    common: &mut Common<'a>,
    scope: &Scope<'_>,
) -> Result<Content<'a>, Refusal> {
    let root = Path::Root;
    let data = root.key("data");
    let (mut text, mut score, mut repost) = (None, None, false);
    reader.object(|reader, key| {
        let Some(field) = SocialField::parse(&key) else { return common.read(reader, key, &data, scope) };
        let path = &data.key(field.name());
        match field {
            SocialField::Text => text = read::text(reader, path, scope.limits.text)?,
            SocialField::Score => {
                let extras = (&mut common.metadata, Origin::Extra);
                score = score::read(reader, path, Rule::Default(ScoreKind::Stars), scope, extras)?;
            }
            SocialField::RepostOf => repost = !matches!(reader.skip()?, "null" | "false" | "\"\""),
            SocialField::Network | SocialField::Metrics => {
                common.metadata.read(reader, key, Origin::Extra, scope)?;
            }
        }
        Ok(())
    })?;
    if repost {
        return Ok(Content::Ignored(IgnoreReason::Repost));
    }
    if text.is_none() && score.is_none() && common.title.is_none() {
        return Err(data.refuse(Reason::Empty, "a text, a title or a score"));
    }
    let mut record = common.record();
    record.score = score;
    record.body = text.unwrap_or_default();
    Ok(Content::Records(vec![record]))
}
