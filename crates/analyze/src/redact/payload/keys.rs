//! Names of fields under which something personal stands.

use super::Class;

/// What a field of this name holds, whatever its value looks like. Case, `_`, `-`, `.` and blanks do not count.
pub(super) fn personal(key: &str) -> Option<Class> {
    // A name that was redacted says nothing of its value.
    if key.starts_with('[') {
        return None;
    }
    let plain = plain(key);
    let is = |names: &[&str]| names.contains(&plain.as_str());
    let ends = |names: &[&str]| names.iter().any(|name| plain.ends_with(name));
    if ends(&["email", "emailaddress", "mail", "mailto"]) {
        Some(Class::Email)
    } else if ends(&["phone", "phonenumber", "mobile", "mobilenumber", "telephone", "msisdn", "whatsapp"])
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
    ]) || is(&["pwd", "pass", "pin", "session", "sessionid", "jwt", "credentials"])
    {
        Some(Class::Token)
    } else if ends(&["cardnumber", "creditcard", "cvv", "cvc"]) || is(&["card", "pan"]) {
        Some(Class::Card)
    } else if ends(&["iban", "accountnumber", "bankaccount"]) {
        Some(Class::Iban)
    } else if ends(&["ipaddress", "ipaddr", "clientip", "remoteip", "remoteaddr"])
        || is(&["ip", "ipv4", "ipv6"])
    {
        Some(Class::Ip)
    } else if ends(&[
        "ssn",
        "passport",
        "nationalid",
        "taxid",
        "birthdate",
        "dateofbirth",
        "birthday",
        "socialsecurity",
    ]) || is(&["dob", "nino", "dni", "bsn", "cpf", "aadhaar", "pesel"])
    {
        Some(Class::Id)
    } else if ends(&["name", "surname", "nickname", "handle", "fullname"])
        || ends(&["streetaddress", "postaladdress", "homeaddress", "street", "postcode", "zipcode"])
        || is(&[
            "address",
            "zip",
            "avatar",
            "login",
            "user",
            "signature",
            "initials",
            "profileurl",
            "screenname",
        ])
    {
        Some(Class::Name)
    } else {
        None
    }
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
