//! Names of fields under which something personal stands.

use super::Class;
use crate::wordset::{WordSet, Words};
use std::sync::LazyLock;

/// Names of things, not of people: `product_name`, `mobile_app`.
const THINGS: &[&str] = &[
    "app",
    "board",
    "campaign",
    "class",
    "column",
    "company",
    "country",
    "device",
    "domain",
    "event",
    "feature",
    "file",
    "folder",
    "form",
    "host",
    "model",
    "os",
    "page",
    "plan",
    "product",
    "project",
    "release",
    "survey",
    "tag",
    "team",
    "produkt",
    "producto",
    "produit",
    "produto",
    "prodotto",
    "datei",
    "fichier",
    "archivo",
    "arquivo",
    "firma",
    "empresa",
    "entreprise",
    "land",
    "pays",
    "país",
];

/// What a field of this name holds, whatever its value looks like; `customerName`, `author.phone` and
/// `home-address` say so by one of their words.
pub(super) fn personal_field(name: &str) -> Option<Class> {
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
    } else if is_name_word(word) || ends(&["address", "street", "postcode", "zipcode", "zip", "profileurl"]) {
        Some(Class::Name)
    } else {
        None
    }
}

/// Whether a field of this name tells what somebody is called, by a name, an address or a handle: that is masked in
/// the texts beside it, too.
#[must_use]
pub fn names_somebody(name: &str) -> bool {
    match personal_field(name) {
        Some(Class::Name) => words(name).iter().any(|word| is_name_word(word)) || is_person(name),
        Some(class) => class == Class::Email,
        None => is_person(name),
    }
}

fn is_name_word(word: &str) -> bool {
    word.strip_suffix("name").is_some_and(is_of_a_person) || NAMES.contains(word)
}

static NAMES: WordSet = LazyLock::new(|| {
    Words::new(
        "nickname handle login initials signature avatar vorname nachname nombre nombres apellido apellidos \
     prénom prenom nom noms nome sobrenome apelido cognome naam voornaam achternaam imię imie nazwisko förnamn \
     efternamn fornavn etternavn efternavn namn navn",
    )
});

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
        "respondent",
        "reviewer",
        "participant",
        "guest",
        "patient",
        "assignee",
        "kunden",
        "benutzer",
        "nutzer",
        "mitarbeiter",
        "familien",
        "ruf",
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

/// Whether a field of this name holds a person, as a name or as an object: `Customer`, `Submitted by`,
/// `Account.Owner`; not `customer_count` and `product_owner_team`.
pub(super) fn is_person(key: &str) -> bool {
    PEOPLE.contains(&plain(key))
        || key.rsplit_once('.').is_some_and(|(_, last)| PEOPLE.contains(&plain(last)))
}

/// Whether the field holds a vendor's own number of a person: `requester_id`, `authorId`, `in_reply_to_user_id`. Of a
/// record it groups people, and stays; in a payload that nobody could read it is all that tells somebody.
pub(super) fn is_persons_id(key: &str) -> bool {
    let words = words(key);
    let Some((last, before)) = words.split_last() else { return false };
    let whose = (0..before.len()).any(|from| {
        let whose = before[from..].concat();
        PEOPLE.contains(whose.as_str()) || STAFF.contains(&whose.as_str())
    });
    matches!(last.as_str(), "id" | "ids" | "uuid" | "uid") && whose
}

/// Whether several people stand in this, each as an object: `users`, `contacts`, `admins`.
pub(super) fn are_people(key: &str) -> bool {
    let plain = plain(key);
    let one = plain.strip_suffix('s').unwrap_or_default();
    PEOPLE.contains(one) || STAFF.contains(&one)
}

/// Whom help desks call their own people, beside those of `PEOPLE`; on their own these words say little.
const STAFF: &[&str] = &["admin", "teammate", "staff", "operator", "lead"];

/// Whether the field is called no more than `name`: whose it is, what it stands in must tell.
pub(super) fn is_bare_name(key: &str) -> bool {
    ["name", "nom", "noms", "nome", "nombre", "naam", "navn", "namn"].contains(&plain(key).as_str())
}

/// Whether a bare `name` within a field of this key is somebody's: one of a customer, of `customer_details`, of a
/// message; none of `labels`, `integration` and `customer_plan`.
pub(super) fn encloses_people(key: &str) -> bool {
    let last = key.rsplit_once('.').map_or(key, |(_, last)| last);
    let words = words(last);
    let someone = |word: &String| {
        let one = word.strip_suffix('s').unwrap_or(word);
        PEOPLE.contains(word) || PEOPLE.contains(one) || SPEAKERS.contains(word) || SPEAKERS.contains(one)
    };
    match words.last() {
        _ if is_person(last) => true,
        Some(word) if someone(word) => true,
        Some(word) if is_thing(word) => false,
        _ => words.iter().any(someone) && !words.iter().any(|word| is_thing(word)),
    }
}

/// Whether what stands under this key is a thing, with a name of its own: `company`, `plan`, `labels`; `form` and
/// `custom_fields` hold whatever somebody filled in.
pub(super) fn encloses_things(key: &str) -> bool {
    words(key).iter().any(|word| is_thing(word))
}

/// Whether who has this has a name: an address, a phone number, a first or last name.
pub(super) fn stands_beside_a_name(key: &str) -> bool {
    let plain = plain(key);
    matches!(personal_field(key), Some(Class::Email | Class::Phone))
        || PARTS.iter().any(|part| plain.ends_with(part))
}

const PARTS: &[&str] = &[
    "firstname",
    "lastname",
    "surname",
    "givenname",
    "familyname",
    "forename",
    "vorname",
    "nachname",
    "prénom",
    "prenom",
    "apellido",
    "apellidos",
    "sobrenome",
    "cognome",
    "voornaam",
    "achternaam",
];

fn is_thing(word: &str) -> bool {
    let is = |word: &str| NAMED_THINGS.contains(word) || GROUPINGS.contains(&word);
    word != "form" && (is(word) || word.strip_suffix('s').is_some_and(is) || THINGS.contains(&word))
}

/// What has a name beside those that `THINGS` has.
static NAMED_THINGS: WordSet = LazyLock::new(|| {
    Words::new(
        "label integration channel group status category categories tag product plan project board team company \
     companies organization organizations organisation org app application device browser event feature page list \
     folder file document attachment currency currencies region country countries city state location site store \
     shop branch department queue inbox mailbox workflow trigger rule macro template article topic theme milestone \
     sprint environment service module component package sku platform workspace brand vendor provider plugin webhook \
     industry source via choice option question reason priority kategorie gruppe kanal abteilung categoría \
     categoria catégorie grupo groupe gruppo canal étiquette etiqueta",
    )
});

/// Who is no field's own person, and has a name where something is told of them; `data` and `metadata` are the
/// message's own.
static SPEAKERS: WordSet = LazyLock::new(|| {
    Words::new(
        "data metadata message comment reply replies note lead prospect caller speaker applicant student teacher \
     driver passenger seller people staff child parent spouse",
    )
});

static PEOPLE: WordSet = LazyLock::new(|| {
    Words::new(
        "author authors user customer requester requestor contact contacts person sender from reporter respondent \
     profile recipient recipients submitter reviewer member consumer client to cc bcc owner assignee assignees agent \
     participant participants attendee attendees subscriber patient guest employee commenter contributor creator \
     interviewer interviewee responder buyer purchaser shopper visitor manager supervisor representative rep \
     accountowner accountmanager accountexecutive accountrep caseowner ticketowner leadowner dealowner contactowner \
     contactperson maincontact primarycontact billingcontact salesrep salesperson supportagent supportrep assignedagent \
     assigneduser customercontact endcustomer enduser csm \
     assignedto submittedby createdby openedby closedby reportedby requestedby reviewedby approvedby resolvedby \
     answeredby handledby writtenby sentby postedby updatedby modifiedby lastmodifiedby changedby collectedby ownedby \
     completedby enteredby recordedby interviewedby filledoutby \
     ccemails toemails fwdemails replyccemails ticketccemails \
     kunde kundin kunden benutzer benutzerin nutzer nutzerin mitarbeiter mitarbeiterin ansprechpartner \
     ansprechpartnerin verfasser verfasserin autor autorin absender empfänger bearbeiter bearbeiterin sachbearbeiter \
     betreuer kundenbetreuer teilnehmer teilnehmerin besitzer inhaber melder ersteller erstelltvon bearbeitetvon \
     gemeldetvon eingereichtvon zugewiesenan \
     cliente clienta usuario usuaria autora contacto empleado empleada remitente destinatario encuestado encuestada \
     responsable propietario propietaria agente creadopor enviadopor asignadoa \
     utilisateur utilisatrice auteur auteure employé employée expéditeur destinataire répondant répondante \
     propriétaire créépar envoyépar assignéà soumispar \
     usuário usuária contato funcionário funcionária remetente destinatário respondente proprietário \
     responsável criadopor atribuídoa \
     utente autore autrice contatto dipendente mittente proprietario creatoda inviatoda assegnatoa \
     klant gebruiker gebruikster medewerker contactpersoon afzender ontvanger eigenaar ingediendoor aangemaaktdoor \
     klient klientka użytkownik kund kunder kontakt kontaktperson användare",
    )
});

/// What a person's object may keep, redacted as any text: it groups people and names none.
pub(super) fn is_grouping(key: &str) -> bool {
    GROUPINGS.contains(&plain(key).as_str())
}

const GROUPINGS: &[&str] =
    &["account", "segment", "revenue", "role", "plan", "type", "tier", "locale", "language", "country"];

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
    fn a_field_may_hold_a_person() {
        for name in [
            "Customer",
            "Contact",
            "Reviewer",
            "Respondent",
            "Owner",
            "Assignee",
            "Employee",
            "Kunde",
            "Submitted by",
            "created_by",
            "cliente",
            "Client",
            "Account.Owner",
            "accountOwner",
            "Erstellt von",
            "Utilisateur",
        ] {
            assert!(is_person(name) && names_somebody(name), "{name}");
        }
        for name in [
            "Full name",
            "First Name",
            "last_name",
            "Vorname",
            "Nachname",
            "Kundenname",
            "Prénom",
            "Apellidos",
            "nom",
        ] {
            assert_eq!((personal_field(name), names_somebody(name)), (Some(Class::Name), true), "{name}");
        }
        for name in [
            "customer_count",
            "customer_tier",
            "product_owner_team",
            "customers",
            "member_since",
            "contact_reason",
            "agent_rating",
            "client_version",
            "Nom du produit",
            "firmenname",
            "created_at",
            "status",
        ] {
            assert!(!is_person(name) && !names_somebody(name), "{name}");
            assert_eq!(personal_field(name), None, "{name}");
        }
        assert!(!names_somebody("home_address") && names_somebody("email"));
    }

    #[test]
    fn numbers_of_people_and_lists_of_them_are_told_by_whose_they_are() {
        for key in [
            "requester_id",
            "authorId",
            "submitter_id",
            "in_reply_to_user_id",
            "admin_assignee_id",
            "assignee_ids",
            "consumerUuid",
            "account_owner_id",
        ] {
            assert!(is_persons_id(key), "{key}");
        }
        for key in ["id", "ticket_id", "organization_id", "form_id", "user", "user_idea", "product_ids", ""] {
            assert!(!is_persons_id(key), "{key}");
        }
        for key in ["users", "contacts", "admins", "Teammates", "customers"] {
            assert!(are_people(key), "{key}");
        }
        for key in ["user", "messages", "data", "tags", "s", ""] {
            assert!(!are_people(key), "{key}");
        }
        assert!(is_person("cc_emails"));
    }

    #[test]
    fn a_bare_name_is_of_whom_it_stands_in() {
        for key in ["author", "customers", "crm.agent", "customer_details", "messages", "lead", "teamMembers"]
        {
            assert!(encloses_people(key), "{key}");
        }
        for key in
            ["labels", "integration", "product", "customer_plan", "author.integration", "owner_team", ""]
        {
            assert!(!encloses_people(key), "{key}");
        }
        assert!(is_bare_name("Name") && is_bare_name("nom") && !is_bare_name("full_name"));
        for key in ["labels", "integration", "customer_plan", "Categories", "product", "teams", "country"] {
            assert!(encloses_things(key), "{key}");
        }
        for key in ["form", "payload", "custom_fields", "properties", "traits", "response", "before", ""] {
            assert!(!encloses_things(key), "{key}");
        }
        for key in ["email", "contactPhone", "first_name", "Surname", "Vorname"] {
            assert!(stands_beside_a_name(key), "{key}");
        }
        for key in ["name", "display_name", "color", "product_name"] {
            assert!(!stands_beside_a_name(key), "{key}");
        }
    }

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
