//! Tickets: a conversation. One record, whose body is what the customer said; what agents and bots said is kept
//! apart.

use super::{
    Content, Path, Scope,
    common::{Common, null_or},
    fields::fields,
    metadata::Origin,
    read,
    score::{self, Rule},
};
use crate::{
    json::Reader,
    record::Role,
    refusal::{IgnoreReason, Reason, Refusal},
    score::ScoreKind,
};
use std::borrow::Cow;

fields! {
    pub(crate) TicketField {
        Messages = "messages",
        Score = "score",
        // Kept as metadata.
        Status = "status",
        Priority = "priority",
    }
}

fields! {
    pub(crate) MessageField { Id = "id", Role = "role", Text = "text", At = "at", Name = "name" }
}

/// Between two messages of one side.
const BETWEEN: &str = "\n\n";

/// What one side said so far; borrowed while it is a single message.
#[derive(Default)]
struct Side<'a>(Option<Cow<'a, str>>);

impl<'a> Side<'a> {
    fn add(&mut self, text: Cow<'a, str>) {
        match &mut self.0 {
            None => self.0 = Some(text),
            Some(said) => {
                let said = said.to_mut();
                said.push_str(BETWEEN);
                said.push_str(&text);
            }
        }
    }
}

#[derive(Default)]
struct Messages<'a> {
    customer: Side<'a>,
    others: Side<'a>,
    names: Vec<Cow<'a, str>>,
}

pub(super) fn read<'a>(
    reader: &mut Reader<'a>,
    common: &mut Common<'a>,
    scope: &Scope<'_>,
) -> Result<Content<'a>, Refusal> {
    let root = Path::Root;
    let data = root.key("data");
    let (mut messages, mut score) = (Messages::default(), None);
    reader.object(|reader, key| {
        let Some(field) = TicketField::parse(&key) else { return common.read(reader, key, &data, scope) };
        let path = &data.key(field.name());
        match field {
            TicketField::Messages => messages = read_messages(reader, common, path, scope)?,
            TicketField::Score => {
                let extras = (&mut common.metadata, Origin::Extra);
                score = score::read(reader, path, Rule::Default(ScoreKind::Csat), scope, extras)?;
            }
            TicketField::Status | TicketField::Priority => {
                common.metadata.read(reader, key, Origin::Extra, scope)?;
            }
        }
        Ok(())
    })?;
    let path = data.key("messages");
    for side in [&messages.customer, &messages.others] {
        read::within(side.0.as_deref().unwrap_or_default(), scope.limits.text, &path)?;
    }
    // A rating is the customer's, so a ticket that has one is not the agents' alone.
    if messages.customer.0.is_none() && score.is_none() {
        if messages.others.0.is_some() {
            return Ok(Content::Ignored(IgnoreReason::AgentOnly));
        }
        if common.title.is_none() {
            return Err(data.refuse(Reason::Empty, "a message, a title or a score"));
        }
    }
    let mut record = common.record();
    record.score = score;
    record.body = messages.customer.0.unwrap_or_default();
    record.agent_text = messages.others.0;
    record.names = messages.names;
    Ok(Content::Records(vec![record]))
}

fn read_messages<'a>(
    reader: &mut Reader<'a>,
    common: &mut Common<'a>,
    path: &Path<'_>,
    scope: &Scope<'_>,
) -> Result<Messages<'a>, Refusal> {
    let mut messages = Messages::default();
    if reader.peek() != b'[' {
        return null_or(reader, path, "an array of messages").map(|()| messages);
    }
    reader.array(|reader, index| {
        read::at_most(index + 1, scope.limits.messages, "messages", path)?;
        read_message(reader, &mut messages, common, (path, index), scope)
    })?;
    Ok(messages)
}

fn read_message<'a>(
    reader: &mut Reader<'a>,
    messages: &mut Messages<'a>,
    common: &mut Common<'a>,
    (path, index): (&Path<'_>, usize),
    scope: &Scope<'_>,
) -> Result<(), Refusal> {
    let path = &path.index(index);
    if reader.peek() != b'{' {
        return Err(path.refuse(Reason::BadType, "an object"));
    }
    let (mut role, mut text) = (None, None);
    reader.object(|reader, key| {
        let Some(field) = MessageField::parse(&key) else {
            let name = format!("messages.{index}.{key}");
            return common.metadata.read(reader, name.into(), Origin::Extra, scope);
        };
        let path = &path.key(field.name());
        match field {
            MessageField::Role => role = read_role(reader, path)?,
            MessageField::Text => text = read::text(reader, path, scope.limits.text)?,
            MessageField::Name => {
                let name = read::text(reader, path, scope.limits.label)?;
                messages.names.extend(name.filter(|name| !messages.names.contains(name)));
            }
            // Checked, and of no further use yet: the order of the messages is the sender's.
            MessageField::Id => drop(read::id(reader, path, scope)?),
            MessageField::At => drop(read::time(reader, path, scope)?),
        }
        Ok::<_, Refusal>(())
    })?;
    let role = role.ok_or_else(|| path.key("role").refuse(Reason::MissingField, "who said it"))?;
    let Some(text) = text else { return Ok(()) };
    match role {
        Role::Customer => messages.customer.add(text),
        Role::Agent | Role::Bot => messages.others.add(text),
    }
    Ok(())
}

fn read_role(reader: &mut Reader<'_>, path: &Path<'_>) -> Result<Option<Role>, Refusal> {
    let Some(name) = read::text(reader, path, usize::MAX)? else { return Ok(None) };
    match &*name {
        "customer" => Ok(Some(Role::Customer)),
        "agent" => Ok(Some(Role::Agent)),
        "bot" => Ok(Some(Role::Bot)),
        _ => Err(path.refuse(Reason::UnknownValue, "customer, agent or bot")),
    }
}
