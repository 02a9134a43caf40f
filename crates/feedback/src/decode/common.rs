//! The fields every contract shares.

use super::{
    Path, Scope,
    fields::fields,
    metadata::{Metadata, Origin},
    read,
};
use crate::{
    json::Reader,
    record::{Author, Context, Record},
    refusal::{Reason, Refusal},
    time::Timestamp,
};
use std::borrow::Cow;

fields! {
    pub(crate) CommonField {
        Id = "id",
        Version = "version",
        OccurredAt = "occurred_at",
        UpdatedAt = "updated_at",
        Author = "author",
        ConversationId = "conversation_id",
        Title = "title",
        Product = "product",
        AppVersion = "app_version",
        Platform = "platform",
        Territory = "territory",
        Language = "language",
        Permalink = "permalink",
        Tags = "tags",
        Test = "test",
        Metadata = "metadata",
    }
}

fields! {
    pub(crate) AuthorField {
        Id = "id",
        Email = "email",
        Name = "name",
        Account = "account",
        Segment = "segment",
        Revenue = "revenue",
    }
}

#[derive(Debug, Default)]
pub(super) struct Common<'a> {
    pub id: Option<Cow<'a, str>>,
    pub version: Option<i64>,
    pub occurred_at: Option<Timestamp>,
    pub updated_at: Option<Timestamp>,
    pub author: Author<'a>,
    pub conversation_id: Option<Cow<'a, str>>,
    pub title: Option<Cow<'a, str>>,
    pub context: Context<'a>,
    /// Sent to try the connection.
    pub test: bool,
    pub metadata: Metadata<'a>,
}

impl<'a> Common<'a> {
    /// Takes the value of a field that the contract itself does not name.
    pub fn read(
        &mut self,
        reader: &mut Reader<'a>,
        key: Cow<'a, str>,
        data: &Path<'_>,
        scope: &Scope<'_>,
    ) -> Result<(), Refusal> {
        use CommonField as F;
        let Some(field) = F::parse(&key) else {
            return self.metadata.read(reader, key, Origin::Extra, scope);
        };
        let path = &data.key(field.name());
        let limits = scope.limits;
        let context = &mut self.context;
        match field {
            F::Id => self.id = read::id(reader, path, scope)?,
            F::Version => self.version = read::version(reader, path)?,
            F::OccurredAt => self.occurred_at = read::time(reader, path, scope)?,
            F::UpdatedAt => self.updated_at = read::time(reader, path, scope)?,
            F::Author => self.read_author(reader, path, scope)?,
            F::ConversationId => self.conversation_id = read::id(reader, path, scope)?,
            F::Title => self.title = read::text(reader, path, limits.heading)?,
            F::Product => context.product = read::label(reader, path, limits.label)?,
            F::AppVersion => context.app_version = read::label(reader, path, limits.label)?,
            F::Platform => context.platform = read::label(reader, path, limits.label)?,
            F::Territory => context.territory = read::label(reader, path, limits.label)?,
            F::Language => context.language_hint = read::label(reader, path, limits.label)?,
            F::Permalink => context.permalink = read::text(reader, path, limits.permalink)?,
            F::Tags => read::tags(reader, path, scope, &mut context.tags)?,
            F::Test => self.test = read::boolean(reader, path)?.unwrap_or(false),
            F::Metadata => self.metadata.read_object(reader, scope)?,
        }
        Ok(())
    }

    fn read_author(
        &mut self,
        reader: &mut Reader<'a>,
        path: &Path<'_>,
        scope: &Scope<'_>,
    ) -> Result<(), Refusal> {
        use AuthorField as F;
        self.author = Author::default();
        if reader.peek() != b'{' {
            return null_or(reader, path, "an object");
        }
        reader.object(|reader, key| {
            let Some(field) = F::parse(&key) else {
                return self.metadata.read(reader, format!("author.{key}").into(), Origin::Extra, scope);
            };
            let (author, path) = (&mut self.author, &path.key(field.name()));
            let limit = scope.limits.label;
            match field {
                F::Id => author.id = read::id(reader, path, scope)?,
                F::Email => author.email = read::text(reader, path, limit)?,
                F::Name => author.name = read::text(reader, path, limit)?,
                F::Account => author.account = read::label(reader, path, limit)?,
                F::Segment => author.segment = read::label(reader, path, limit)?,
                F::Revenue => author.revenue = read::ranged(reader, path, 0.0, scope.limits.revenue)?,
            }
            Ok(())
        })
    }

    /// A record with all that is common; the caller adds what was said.
    pub fn record(&mut self) -> Record<'a> {
        Record {
            conversation_id: self.conversation_id.take(),
            author: std::mem::take(&mut self.author),
            title: self.title.take(),
            context: std::mem::take(&mut self.context),
            metadata: std::mem::take(&mut self.metadata).finish(),
            ..Record::default()
        }
    }
}

/// What a deletion is read for.
#[derive(Debug, Default)]
pub(super) struct Deletion<'a> {
    pub id: Option<Cow<'a, str>>,
    pub version: Option<i64>,
    pub occurred_at: Option<Timestamp>,
    pub updated_at: Option<Timestamp>,
}

impl<'a> Deletion<'a> {
    pub fn read(reader: &mut Reader<'a>, scope: &Scope<'_>) -> Result<Self, Refusal> {
        let root = Path::Root;
        let data = root.key("data");
        let mut found = Self::default();
        reader.object(|reader, key| {
            match CommonField::parse(&key) {
                Some(CommonField::Id) => found.id = read::id(reader, &data.key("id"), scope)?,
                Some(CommonField::Version) => found.version = read::version(reader, &data.key("version"))?,
                Some(CommonField::OccurredAt) => {
                    found.occurred_at = read::time(reader, &data.key("occurred_at"), scope)?;
                }
                Some(CommonField::UpdatedAt) => {
                    found.updated_at = read::time(reader, &data.key("updated_at"), scope)?;
                }
                _ => {
                    reader.skip()?;
                }
            }
            Ok::<_, Refusal>(())
        })?;
        Ok(found)
    }
}

/// Consumes `null`; anything else has the wrong type.
pub(super) fn null_or(reader: &mut Reader<'_>, path: &Path<'_>, expected: &str) -> Result<(), Refusal> {
    if reader.skip()? == "null" { Ok(()) } else { Err(path.refuse(Reason::BadType, expected)) }
}
