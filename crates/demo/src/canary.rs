//! Messages with personal data planted in every field that can carry some: each string occurs once, and none of
//! them may be found afterwards in a table, a log, a dead letter or any output.

mod names;
mod secrets;

use crate::{calendar::rfc3339, event::Source, rng::Rng};
use feedback::time::Timestamp;
use secrets::{SHAPES, email, name};
use serde_json::{Value, json};

/// A message to send, and what must not survive of it.
#[derive(Debug, Clone)]
pub struct Canary {
    /// Where the data was planted: `text`, `author.email`, `metadata`, `broken: truncated` …
    pub field: String,
    pub topic: &'static str,
    pub key: String,
    pub headers: Vec<(&'static str, String)>,
    pub payload: Vec<u8>,
    /// To be found nowhere.
    pub secrets: Vec<String>,
    /// Refused by the decoder: it ends as a dead letter.
    pub broken: bool,
}

/// Puts a text into a field.
type Put = fn(&mut Value, String);

/// About 250 messages, all of them different people; `at` is when they happened.
#[must_use]
pub fn messages(seed: u64, at: Timestamp) -> Vec<Canary> {
    let mut nest = Nest { rng: Rng::stream(seed, "canary"), at, count: 0, hatched: Vec::new() };
    nest.texts();
    nest.authors();
    nest.contexts();
    nest.extras();
    nest.identities();
    nest.names();
    nest.broken();
    nest.hatched
}

struct Nest {
    rng: Rng,
    at: Timestamp,
    count: u64,
    hatched: Vec<Canary>,
}

impl Nest {
    /// The data of the next message, sound and without any secret.
    fn data(&mut self, source: Source) -> Value {
        self.count += 1;
        let mut data = json!({
            "id": format!("canary-{}", self.count),
            "occurred_at": rfc3339(self.at),
            "product": "Larchdeck Boards",
            "platform": "web",
        });
        match source {
            Source::Survey => {
                data["answers"] =
                    json!([{ "id": "a", "question": "Why?", "text": "Quick and pleasant to use." }])
            }
            Source::Ticket => {
                data["messages"] = json!([{ "role": "customer", "text": "The export stops half way." }])
            }
            Source::Nps => data["score"] = 9.into(),
            Source::Social => data["text"] = "Nice tool for planning.".into(),
        }
        data
    }

    fn lay(&mut self, field: &str, source: Source, data: Value, secrets: Vec<String>) {
        self.wrapped(field, source, &data, "https://canary.example/feed", secrets);
    }

    fn wrapped(&mut self, field: &str, source: Source, data: &Value, uri: &str, secrets: Vec<String>) {
        let event = json!({
            "specversion": "1.0",
            "id": format!("canary-event-{}", self.count),
            "source": uri,
            "type": format!("feedback.{}.created", source.kind()),
            "time": rfc3339(self.at),
            "data": data,
        });
        self.raw(field, source, event.to_string().into_bytes(), secrets, false);
    }

    fn raw(&mut self, field: &str, source: Source, payload: Vec<u8>, secrets: Vec<String>, broken: bool) {
        let (field, topic, key) = (field.to_owned(), source.topic(), format!("canary-{}", self.count));
        self.hatched.push(Canary { field, topic, key, headers: Vec::new(), payload, secrets, broken });
    }

    fn secret(&mut self, shape: usize) -> String {
        SHAPES[shape](&mut self.rng, self.count + 1)
    }

    /// Each shape in each text of each source.
    fn texts(&mut self) {
        for shape in 0..SHAPES.len() {
            let fields: [(&str, Source, Put); 9] = [
                ("text", Source::Nps, |data, text| data["text"] = text.into()),
                ("text", Source::Social, |data, text| data["text"] = text.into()),
                ("title", Source::Social, |data, text| data["title"] = text.into()),
                ("title", Source::Ticket, |data, text| data["title"] = text.into()),
                ("question", Source::Nps, |data, text| data["question"] = text.into()),
                ("answers.text", Source::Survey, |data, text| data["answers"][0]["text"] = text.into()),
                ("answers.question", Source::Survey, |data, text| {
                    data["answers"][0]["question"] = text.into()
                }),
                ("messages.customer", Source::Ticket, |data, text| data["messages"][0]["text"] = text.into()),
                ("messages.agent", Source::Ticket, |data, text| {
                    data["messages"][1] = json!({ "role": "agent", "text": text });
                }),
            ];
            for (field, source, put) in fields {
                let secret = self.secret(shape);
                let mut data = self.data(source);
                if field == "messages.agent" {
                    data["messages"] = json!([data["messages"][0], null]);
                }
                put(&mut data, format!("Please look into it, {secret} is what I used. Thanks."));
                self.lay(field, source, data, vec![secret]);
            }
        }
    }

    /// The author's own fields, and the author's name and address in the text.
    fn authors(&mut self) {
        for source in Source::ALL {
            let n = self.count + 1;
            let (name, mail, id) = (name(n), email(&mut self.rng, n), format!("person-id-{n}-kestrel"));
            let mut data = self.data(source);
            data["author"] = json!({ "id": id, "email": mail, "name": name });
            let said = format!("Good so far. Best, {name}");
            match source {
                Source::Survey => data["answers"][0]["text"] = said.into(),
                Source::Ticket => {
                    data["messages"][0] = json!({ "role": "customer", "name": name, "text": said })
                }
                Source::Nps | Source::Social => data["text"] = said.into(),
            }
            self.lay("author", source, data, vec![name, mail, id]);
        }
        let n = self.count + 1;
        let (agent, helped) = (name(n), name(n + 7_000));
        let mut data = self.data(Source::Ticket);
        data["author"] = json!({ "id": format!("u{n}"), "name": helped });
        data["messages"] = json!([
            { "role": "customer", "name": helped, "text": format!("{agent} promised to call me back") },
            { "role": "agent", "name": agent, "text": format!("Hello {helped}, sorry for that. Yours, {agent}") },
        ]);
        self.lay("messages.name", Source::Ticket, data, vec![agent, helped]);

        let handle = format!("@starling_{}", self.count + 1);
        let mut data = self.data(Source::Social);
        data["author"] = json!({ "id": handle });
        data["text"] = format!("{handle} here, love the boards").into();
        self.lay("author.id as a handle", Source::Social, data, vec![handle]);
        for field in ["account", "conversation_id"] {
            let name = name(self.count + 1);
            let mut data = self.data(Source::Nps);
            data["author"] = json!({ "name": name });
            match field {
                "account" => data["author"]["account"] = name.clone().into(),
                _ => data[field] = format!("conversation of {name}").into(),
            }
            self.lay(&format!("a name as {field}"), Source::Nps, data, vec![name]);
        }
        for field in ["account", "segment"] {
            let secret = self.secret(0);
            let mut data = self.data(Source::Nps);
            data["author"] = json!({ field: secret });
            self.lay(&format!("author.{field}"), Source::Nps, data, vec![secret]);
        }
    }

    /// Fields that should hold a label, and hold an address instead.
    fn contexts(&mut self) {
        for field in
            ["product", "app_version", "platform", "territory", "language", "conversation_id", "permalink"]
        {
            let secret = self.secret(0);
            let mut data = self.data(Source::Social);
            let link = format!("https://forum.example/p?user={secret}");
            data[field] = if field == "permalink" { link.into() } else { secret.clone().into() };
            self.lay(field, Source::Social, data, vec![secret]);
        }
        let secret = self.secret(1);
        let mut data = self.data(Source::Ticket);
        data["tags"] = json!(["vip", format!("call {secret}")]);
        self.lay("tags", Source::Ticket, data, vec![secret]);
    }

    /// Metadata and fields that the contract does not name, at any depth, values and names.
    fn extras(&mut self) {
        for shape in 0..SHAPES.len() {
            for field in ["metadata", "unknown", "author.unknown", "metadata name"] {
                let secret = self.secret(shape);
                let mut data = self.data(Source::Nps);
                match field {
                    "metadata" => data["metadata"] = json!({ "note": { "inner": ["x", secret] } }),
                    "unknown" => data["crm_remark"] = json!([{ "written": secret }]),
                    "author.unknown" => {
                        data["author"] = json!({ "id": format!("u{}", self.count), "second_contact": secret })
                    }
                    _ => data["metadata"] = json!({ secret.clone(): true }),
                }
                self.lay(field, Source::Nps, data, vec![secret]);
            }
        }
    }

    /// Ids that are addresses themselves.
    fn identities(&mut self) {
        let secret = self.secret(0);
        let mut data = self.data(Source::Nps);
        data["id"] = secret.clone().into();
        self.lay("id", Source::Nps, data, vec![secret]);

        let secret = self.secret(0);
        let mut data = self.data(Source::Survey);
        data["answers"][0]["id"] = secret.clone().into();
        self.lay("answers.id", Source::Survey, data, vec![secret]);

        let secret = self.secret(0);
        let data = self.data(Source::Nps);
        self.wrapped("source", Source::Nps, &data, &format!("mailto:{secret}"), vec![secret]);
        self.binary();
    }

    /// Headers in place of the envelope, others beside it, and a deletion by an id that is an address.
    fn binary(&mut self) {
        for action in ["created", "deleted"] {
            let (event, header, id) = (self.secret(0), self.secret(0), self.secret(0));
            let mut data = self.data(Source::Social);
            data["id"] = id.clone().into();
            self.raw(
                "headers",
                Source::Social,
                data.to_string().into_bytes(),
                vec![event.clone(), header.clone(), id],
                false,
            );
            let headers = vec![
                ("ce_specversion", "1.0".to_owned()),
                ("ce_id", event),
                ("ce_source", "https://canary.example/feed".to_owned()),
                ("ce_type", format!("feedback.social.{action}")),
                ("ce_time", rfc3339(self.at)),
                ("x-forwarded-user", header),
            ];
            if let Some(canary) = self.hatched.last_mut() {
                canary.headers = headers;
            }
        }
    }

    /// What is refused is kept as a dead letter, redacted all the same.
    fn broken(&mut self) {
        for shape in 0..SHAPES.len() {
            for way in ["truncated", "not JSON", "invalid UTF-8", "missing id", "score 11", "unknown kind"] {
                let secret = self.secret(shape);
                let n = self.count + 1;
                let (name, mail) = (name(n), email(&mut self.rng, n + 5_000));
                let mut data = self.data(Source::Nps);
                data["text"] = format!("reach me: {secret} please").into();
                data["author"] = json!({ "name": name, "email": mail });
                self.lay(&format!("broken: {way}"), Source::Nps, data, vec![secret, name, mail]);
                if let Some(canary) = self.hatched.last_mut() {
                    canary.broken = true;
                    canary.payload = damage(way, &canary.payload);
                }
            }
        }
    }
}

fn damage(way: &str, payload: &[u8]) -> Vec<u8> {
    let text = String::from_utf8_lossy(payload);
    match way {
        "no role" => text.replace("\"role\":", "\"was\":").into_bytes(),
        "truncated" => payload[..payload.len() - 12].to_vec(),
        "not JSON" => format!("relay said: {text}").into_bytes(),
        "invalid UTF-8" => [payload, &[0xc3, 0x28]].concat(),
        "missing id" => text.replace("\"id\":\"canary-", "\"was\":\"canary-").into_bytes(),
        "score 11" => text.replace("\"score\":9", "\"score\":11").into_bytes(),
        _ => text.replace("feedback.nps.created", "feedback.telepathy.created").into_bytes(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn every_secret_is_planted_and_occurs_in_one_message_only() {
        let canaries = messages(1, Timestamp(1_790_000_000_000_000));
        let mut seen = HashSet::new();
        for canary in &canaries {
            let headers: String = canary.headers.iter().map(|(_, value)| value.as_str()).collect();
            let payload = String::from_utf8_lossy(&canary.payload) + headers.as_str();
            for secret in &canary.secrets {
                assert!(payload.contains(secret), "{}: {secret}", canary.field);
                assert!(seen.insert(secret.clone()), "{}: {secret} twice", canary.field);
            }
        }
        assert!(canaries.len() > 100, "{}", canaries.len());
    }
}
