//! Names of fields under which something personal stands.

use super::Class;

/// Names of things, not of people: `product_name`, `mobile_app`.
const THINGS: &[&str] = &[
    "app", "board", "campaign", "class", "column", "company", "country", "device", "domain", "event",
    "feature", "file", "folder", "form", "host", "model", "os", "page", "plan", "product", "project",
    "release", "survey", "tag", "team",
];

/// What a field of this name holds, whatever its value looks like; `customerName`, `author.phone` and
/// `home-address` say so by one of their words.
#[must_use]
pub fn personal_field(name: &str) -> Option<Class> {
    // A name that was redacted says nothing of its value.
    if name.starts_with('[') {
        return None;
    }
    let words = words(name);
    let thing = words.iter().any(|word| THINGS.contains(&word.as_str()));
    let classes = words.iter().filter_map(|word| personal_word(word));
    classes.filter(|class| !thing || !matches!(class, Class::Name | Class::Phone)).max()
}

fn personal_word(word: &str) -> Option<Class> {
    let is = |names: &[&str]| names.contains(&word);
    let ends = |names: &[&str]| names.iter().any(|name| word.ends_with(name));
    if ends(&["mail", "mailto", "mailaddress"]) {
        Some(Class::Email)
    } else if ends(&["phone", "phonenumber", "mobile", "mobilenumber", "msisdn", "whatsapp"])
        || is(&["tel", "fax", "cell", "telefon", "handy"])
    {
        Some(Class::Phone)
    } else if ends(&[
        "password",
        "passwd",
        "secret",
        "token",
        "apikey",
        "authorization",
        "cookie",
        "privatekey",
    ]) || is(&["pwd", "pin", "session", "sessionid", "jwt", "credentials"])
    {
        Some(Class::Token)
    } else if is(&["card", "cardnumber", "creditcard", "pan", "cvv", "cvc"]) {
        Some(Class::Card)
    } else if is(&["iban", "accountnumber", "bankaccount"]) {
        Some(Class::Iban)
    } else if is(&["ip", "ipv4", "ipv6", "ipaddress", "ipaddr", "clientip", "remoteip", "remoteaddr"]) {
        Some(Class::Ip)
    } else if is(&[
        "ssn",
        "passport",
        "nationalid",
        "taxid",
        "birthdate",
        "dateofbirth",
        "birthday",
        "birth",
        "dob",
    ]) || is(&["nino", "dni", "bsn", "cpf", "aadhaar", "pesel"])
    {
        Some(Class::Id)
    } else if word.strip_suffix("name").is_some_and(is_of_a_person)
        || is(&[
            "nickname",
            "handle",
            "login",
            "initials",
            "signature",
            "avatar",
            "vorname",
            "nachname",
            "nombre",
        ])
        || ends(&["address", "street", "postcode", "zipcode", "zip", "profileurl"])
    {
        Some(Class::Name)
    } else {
        None
    }
}

/// What stands before `name`; nothing does where the name stands by itself.
fn is_of_a_person(before: &str) -> bool {
    const WHOSE: &[&str] = &[
        "",
        "first",
        "last",
        "middle",
        "full",
        "sur",
        "given",
        "family",
        "maiden",
        "real",
        "legal",
        "user",
        "screen",
        "display",
        "nick",
        "customer",
        "contact",
        "author",
        "person",
        "owner",
        "member",
        "agent",
        "reporter",
        "requester",
        "sender",
        "recipient",
        "client",
        "employee",
        "manager",
        "holder",
    ];
    WHOSE.contains(&before)
}

/// At `_`, `.`, `-`, blanks and humps, in lower case.
fn words(name: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut after_small = false;
    for letter in name.chars() {
        if !letter.is_alphanumeric() || letter.is_uppercase() && after_small {
            words.push(String::new());
        }
        if let Some(word) = words.last_mut().filter(|_| letter.is_alphanumeric()) {
            word.extend(letter.to_lowercase());
        }
        after_small = letter.is_lowercase();
    }
    words
}

/// Whether an object of this name is a person.
pub(super) fn is_person(key: &str) -> bool {
    let plain = plain(key);
    [
        "author",
        "user",
        "customer",
        "requester",
        "contact",
        "person",
        "sender",
        "from",
        "reporter",
        "respondent",
        "profile",
        "recipient",
        "submitter",
        "reviewer",
        "member",
        "consumer",
        "client",
        "to",
        "cc",
        "owner",
        "assignee",
        "agent",
        "participant",
        "subscriber",
        "patient",
        "guest",
    ]
    .contains(&plain.as_str())
}

/// What a person's object may keep, redacted as any text: it groups people and names none.
pub(super) fn is_grouping(key: &str) -> bool {
    let plain = plain(key);
    ["account", "segment", "revenue", "role", "plan", "type", "tier", "locale", "language", "country"]
        .contains(&plain.as_str())
}

/// Whether the value is an identity that a second attempt must find again.
pub(super) fn is_identity(key: &str) -> bool {
    let plain = plain(key);
    plain == "id" || plain == "nativeid" || plain == "conversationid"
}

fn plain(key: &str) -> String {
    key.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_fields_tell_what_they_hold() {
        for (name, class) in [
            ("email", Some(Class::Email)),
            ("email_address", Some(Class::Email)),
            ("contactEmail", Some(Class::Email)),
            ("author.phone", Some(Class::Phone)),
            ("customerName", Some(Class::Name)),
            ("username", Some(Class::Name)),
            ("home-address", Some(Class::Name)),
            ("ip_address", Some(Class::Ip)),
            ("X-Auth-Token", Some(Class::Token)),
            ("date_of_birth", Some(Class::Id)),
            ("card", Some(Class::Card)),
            ("filename", None),
            ("product_name", None),
            ("mobile_app", None),
            ("form.name", None),
            ("score", None),
            ("[email]", None),
            ("", None),
        ] {
            assert_eq!(personal_field(name), class, "{name}");
        }
    }
}
