//! A payload that is JSON: walked, and written again.

use super::{
    Class, Known, RedactionCounts, Redactor, holds_a_label, holds_a_version, keys, masked, ordinary, textual,
};
use crate::pseudonym::{Author, Pseudonym, PseudonymKey};
use serde_json::{Map, Value};

pub(super) fn redact(
    redactor: Redactor,
    mut value: Value,
    source: Option<&str>,
    key: &PseudonymKey,
    counts: &mut RedactionCounts,
) -> (String, Option<Author>) {
    let author = author(&value, source, key);
    let mut known = Vec::new();
    collect_known(&value, &mut known);
    let products = products(&value);
    let known =
        Known::new(known.iter().map(String::as_str)).with_products(products.iter().map(String::as_str));
    let author_name = author.map(|author| author.name);
    let mut walk = Walk { redactor, key, known: &known, author: author_name, whole: true, counts };
    walk.value(&mut value);
    // A map of strings always serialises.
    (serde_json::to_string(&value).unwrap_or_default(), author)
}

/// What the event tells; a bare one is all of it.
fn data(value: &Value) -> &Value {
    value.get("data").filter(|data| data.is_object()).unwrap_or(value)
}

/// What the event calls its product, of its own or in an extra field.
fn products(value: &Value) -> Vec<String> {
    let data = data(value);
    [Some(data), data.get("metadata")]
        .into_iter()
        .flatten()
        .filter_map(Value::as_object)
        .flatten()
        .filter(|(name, _)| Known::is_product_field(name))
        .filter_map(|(_, product)| product.as_str().map(str::to_owned))
        .collect()
}

/// Whoever the event names as its author.
fn author(value: &Value, source: Option<&str>, key: &PseudonymKey) -> Option<Author> {
    let data = data(value);
    let source = source.or_else(|| value.get("source")?.as_str()).unwrap_or_default();
    let author = data.get("author").filter(|author| author.is_object()).unwrap_or(data);
    let own = !std::ptr::eq(author, data);
    // Beside no author, `id` is the item's.
    let id = author.get("id").filter(|_| own).and_then(|id| match id {
        Value::String(id) => Some(id.clone()),
        Value::Number(id) => Some(id.to_string()),
        _ => None,
    });
    let email = author.get("email").and_then(Value::as_str);
    // An id counts only within a source; of another form it would name someone else.
    let id = id.filter(|id| !source.is_empty() || Pseudonym::parse(id).is_some());
    key.author(source, id.as_deref(), email)
}

/// The values of names and addresses, to be masked wherever else they stand.
fn collect_known(value: &Value, known: &mut Vec<String>) {
    let top = Place { person: false, named: true };
    collect(value, top, known, |name, place, text| match keys::personal_field(name) {
        Some(Class::Token) => false,
        Some(_) if place.person || place.tells(name) => true,
        _ if place.person => !keys::is_grouping(name),
        _ => keys::is_person(name) && ordinary::may_be_a_name(text),
    });
}

/// What a field of metadata tells of somebody's names, addresses and handles, in its value or within it. A sentence
/// and a number are none: they would be masked wherever their words stand. Nor is the `name` of a thing.
pub fn names_in(name: &str, value: &Value, names: &mut Vec<String>) {
    let is_told = |name: &str, place: Place, text: &str| {
        keys::names_somebody(name) && place.tells(name) && ordinary::may_be_a_name(text)
    };
    let top = Place { person: false, named: true };
    match value {
        Value::String(text) if is_told(name, top, text) => names.extend(told(text)),
        Value::String(text) => inner(text).into_iter().for_each(|inner| names_in(name, &inner, names)),
        value => collect(value, top.within(name), names, is_told),
    }
}

/// What a field stands in.
#[derive(Debug, Clone, Copy)]
struct Place {
    /// A person's object.
    person: bool,
    /// Something of which a bare `name` may be a person's: anything but a thing.
    named: bool,
}

impl Place {
    fn within(self, key: &str) -> Self {
        Self {
            person: self.person || keys::is_person(key),
            named: keys::encloses_people(key) || self.named && !keys::encloses_things(key),
        }
    }

    /// Of this object: beside an address, a phone number or a first name a bare `name` is that person's.
    fn beside(self, fields: &Map<String, Value>) -> Self {
        let is_told = |(key, value): (&String, &Value)| {
            (value.is_string() || value.is_number()) && keys::stands_beside_a_name(key)
        };
        Self { named: self.named || fields.iter().any(is_told), ..self }
    }

    /// Whether a field that is called a name may be somebody's here.
    fn tells(self, name: &str) -> bool {
        self.named || !keys::is_bare_name(name)
    }
}

/// Strings that `is_told` takes for a person's, by their name, by what they stand in, and by what they are.
fn collect(
    value: &Value,
    place: Place,
    known: &mut Vec<String>,
    is_told: impl Fn(&str, Place, &str) -> bool + Copy,
) {
    match value {
        Value::Array(items) => {
            for item in items {
                match item {
                    Value::String(text) if place.person && ordinary::may_be_a_name(text) => {
                        known.extend(told(text));
                    }
                    item => collect(item, place, known, is_told),
                }
            }
        }
        Value::Object(fields) => {
            let place = place.beside(fields);
            for (name, value) in fields {
                match value {
                    Value::String(text) if is_told(name, place, text) => known.extend(told(text)),
                    value => collect(value, place.within(name), known, is_told),
                }
            }
        }
        Value::String(text) => {
            inner(text).into_iter().for_each(|inner| collect(&inner, place, known, is_told));
        }
        _ => {}
    }
}

/// A string that is an object or an array itself.
fn inner(text: &str) -> Option<Value> {
    looks_like_json(text).then(|| serde_json::from_str(text).ok()).flatten()
}

fn looks_like_json(text: &str) -> bool {
    text.trim_start().starts_with(['{', '['])
}

/// A value that is masked elsewhere, too; what of it is a word or a role masks nothing by itself (see [`Known`]).
fn told(text: &str) -> Option<String> {
    let fits = (3..=128).contains(&text.len()) && text.contains(char::is_alphanumeric);
    (fits && !Redactor::is_placeholder(text)).then(|| text.to_owned())
}

/// A key within a person's object that is somebody's name (`{"Jane Roe": true}`), and not what a field is called.
fn is_somebody(key: &str) -> bool {
    let is_field = keys::personal_field(key).is_some()
        || keys::is_person(key)
        || keys::is_grouping(key)
        || keys::is_identity(key);
    let like_a_name = key.starts_with(char::is_uppercase) || key.contains(char::is_whitespace);
    !is_field && like_a_name && ordinary::may_be_a_name(key)
}

fn holds_objects(value: &Value) -> bool {
    match value {
        Value::Object(_) => true,
        Value::Array(items) => items.iter().any(Value::is_object),
        _ => false,
    }
}

/// An account that may be called after a person; without a blank it is taken for a key.
fn is_named_account(name: &str, value: &Value) -> bool {
    let text = value.as_str().unwrap_or_default().trim();
    let of_words = text.contains(char::is_whitespace) && ordinary::may_be_a_name(text);
    of_words && name.eq_ignore_ascii_case("account")
}

impl Redactor {
    /// Appends the value of an extra field, which is JSON, as a dead letter of its message would keep it: what stands
    /// under a person's key goes wholesale, the rest is redacted, at any depth.
    pub fn redact_json_into(
        &self,
        (name, json): (&str, &str),
        known: &Known<'_>,
        key: &PseudonymKey,
        out: &mut String,
        counts: &mut RedactionCounts,
    ) {
        let personal = keys::is_person(name) || keys::personal_field(name).is_some();
        if !personal && self.is_clean_json(name, json, known) {
            return out.push_str(json);
        }
        let mut value = serde_json::from_str(json).unwrap_or_else(|_| Value::String(json.to_owned()));
        Walk { redactor: *self, key, known, author: None, whole: false, counts }.field(name, &mut value);
        out.push_str(&value.to_string());
    }

    /// Whether nothing is to be replaced in a scalar; an escape could hide what stands behind it, and is rare.
    fn is_clean_json(&self, name: &str, json: &str, known: &Known<'_>) -> bool {
        if json.contains('\\') || json.starts_with(['{', '[']) {
            return false;
        }
        let text = json.strip_prefix('"').and_then(|text| text.strip_suffix('"')).unwrap_or(json);
        let (mut redacted, mut found) = (String::with_capacity(text.len()), RedactionCounts::default());
        self.redact_field_into(name, text, known, &mut redacted, &mut found);
        textual::unveil_base64(*self, redacted, &mut found);
        found.is_empty()
    }
}

struct Walk<'a> {
    redactor: Redactor,
    key: &'a PseudonymKey,
    known: &'a Known<'a>,
    author: Option<Pseudonym>,
    /// It is a whole payload, in which a vendor's number of somebody is not one field among others of a record.
    whole: bool,
    counts: &'a mut RedactionCounts,
}

impl Walk<'_> {
    fn value(&mut self, value: &mut Value) {
        match value {
            Value::String(text) => *text = self.nested(text).unwrap_or_else(|| self.text(text)),
            Value::Number(number) => {
                // A card or a phone number that somebody wrote without quotes.
                let text = number.to_string();
                let redacted = self.text(&text);
                if redacted != text {
                    *value = Value::String(redacted);
                }
            }
            Value::Array(items) => items.iter_mut().for_each(|item| self.value(item)),
            Value::Object(fields) => {
                self.fields(fields, false, |walk, name, value| walk.field(name, value));
            }
            Value::Null | Value::Bool(_) => {}
        }
    }

    /// Rewrites an object's keys, which may be addresses themselves, and names within a person; and its values.
    fn fields(
        &mut self,
        fields: &mut Map<String, Value>,
        within_person: bool,
        each: impl Fn(&mut Self, &str, &mut Value),
    ) {
        for (name, mut value) in std::mem::take(fields) {
            each(self, &name, &mut value);
            let mut redacted = if within_person && is_somebody(&name) {
                masked(Class::Name, self.counts).to_owned()
            } else {
                self.text(&name)
            };
            while fields.contains_key(&redacted) {
                redacted.push('_');
            }
            fields.insert(redacted, value);
        }
    }

    fn field(&mut self, name: &str, value: &mut Value) {
        if keys::is_identity(name) && !value.is_object() && !value.is_array() {
            self.identity(value);
        } else if keys::is_person(name) {
            let author = name.eq_ignore_ascii_case("author");
            self.person(value, author);
        } else if let Some(class) = keys::personal_field(name) {
            self.wholesale(value, class);
        } else if self.whole && keys::is_persons_id(name) {
            self.wholesale(value, Class::Id);
        } else if self.whole && keys::are_people(name) && holds_objects(value) {
            self.person(value, false);
        } else {
            self.named(name, value);
        }
    }

    /// What is nobody's by its name, which may tell a version or a label; of a list of labels each is one.
    fn named(&mut self, name: &str, value: &mut Value) {
        match value {
            Value::String(text) if holds_a_version(name) || holds_a_label(name) && !looks_like_json(text) => {
                let mut out = String::with_capacity(text.len());
                self.redactor.redact_field_into(name, text, self.known, &mut out, self.counts);
                *text = textual::unveil_base64(self.redactor, out, self.counts);
            }
            Value::Array(items) if holds_a_label(name) => {
                items.iter_mut().for_each(|item| self.named(name, item));
            }
            value => self.value(value),
        }
    }

    fn identity(&mut self, value: &mut Value) {
        let text = match value {
            Value::String(text) => text.clone(),
            Value::Number(number) => number.to_string(),
            _ => return,
        };
        if self.text(&text) != text {
            *value = Value::String(self.key.identifier(&text).as_str().to_owned());
        }
    }

    /// Everything of a person but what groups people.
    fn person(&mut self, value: &mut Value, is_author: bool) {
        match value {
            Value::Object(fields) => {
                let author = self.author.filter(|_| is_author);
                self.fields(fields, true, |walk, name, value| match author {
                    Some(author) if keys::is_identity(name) => {
                        *value = Value::String(author.as_str().to_owned());
                    }
                    _ if keys::is_grouping(name) && !value.is_object() && !is_named_account(name, value) => {
                        walk.named(name, value);
                    }
                    _ if keys::is_person(name) => walk.person(value, false),
                    _ => walk.wholesale(value, keys::personal_field(name).unwrap_or(Class::Name)),
                });
            }
            Value::Array(items) => items.iter_mut().for_each(|item| self.person(item, false)),
            value => self.wholesale(value, Class::Name),
        }
    }

    fn wholesale(&mut self, value: &mut Value, class: Class) {
        match value {
            Value::Null | Value::Bool(_) => {}
            Value::Array(items) => items.iter_mut().for_each(|item| self.wholesale(item, class)),
            Value::Object(fields) => self.fields(fields, true, |walk, name, value| {
                walk.wholesale(value, keys::personal_field(name).unwrap_or(class));
            }),
            Value::String(text) if text.is_empty() || Redactor::is_placeholder(text) => {}
            value => *value = Value::String(masked(class, self.counts).to_owned()),
        }
    }

    /// A string that is JSON itself, or a torn piece of it: fields have names there, too.
    fn nested(&mut self, text: &str) -> Option<String> {
        if !looks_like_json(text) {
            return None;
        }
        match inner(text) {
            Some(mut inner) => {
                self.value(&mut inner);
                serde_json::to_string(&inner).ok()
            }
            _ if text.contains("\":") => {
                let torn = textual::redact(self.redactor, text, None, self.key, self.counts).0;
                // It knows only the names that stand in it.
                Some(self.text(&torn))
            }
            _ => None,
        }
    }

    fn text(&mut self, text: &str) -> String {
        let mut out = String::with_capacity(text.len());
        self.redactor.redact_into(text, self.known, &mut out, self.counts);
        textual::unveil_base64(self.redactor, out, self.counts)
    }
}
