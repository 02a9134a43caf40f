//! What the matchers ask of single characters and of the words before a place.

use crate::wordset::{WordSet, Words};
use std::sync::LazyLock;

/// Letters of scripts that put blanks between words. Ideographs and kana stand beside an address without one
/// and are no part of it.
pub(super) fn is_spaced_letter(c: char) -> bool {
    c.is_alphabetic()
        && !matches!(c, '\u{e00}'..='\u{eff}' | '\u{1100}'..='\u{11ff}' | '\u{2e80}'..='\u{a4cf}'
        | '\u{ac00}'..='\u{d7ff}' | '\u{f900}'..='\u{faff}' | '\u{ff66}'..='\u{ffdc}' | '\u{20000}'..='\u{3ffff}')
}

pub(super) fn byte(text: &str, at: usize) -> u8 {
    // No matcher looks for NUL, which the view leaves out.
    text.as_bytes().get(at).copied().unwrap_or(0)
}

pub(super) fn before(text: &str, at: usize) -> u8 {
    at.checked_sub(1).map_or(0, |at| text.as_bytes()[at])
}

/// Whether a word goes on across this place from the left.
pub(super) fn glued_left(text: &str, at: usize) -> bool {
    let last = before(text, at);
    last.is_ascii_alphanumeric()
        || last >= 0x80 && text[..at].chars().next_back().is_some_and(is_spaced_letter)
}

pub(super) fn glued_right(text: &str, at: usize) -> bool {
    let next = byte(text, at);
    next.is_ascii_alphanumeric() || next >= 0x80 && text[at..].chars().next().is_some_and(is_spaced_letter)
}

/// No run is followed further than this many bytes: a megabyte without a blank must not cost its square.
pub(super) const MAX_RUN: usize = 2048;

/// The end of the longest run of bytes from `at` that satisfy the condition, which must be about ASCII.
pub(super) fn run_end(text: &str, at: usize, is: impl Fn(u8) -> bool) -> usize {
    at + text.as_bytes()[at..].iter().take(MAX_RUN).take_while(|b| is(**b)).count()
}

/// The start of the longest such run up to `at`, no longer than 64 bytes.
pub(super) fn run_start(text: &str, at: usize, is: impl Fn(u8) -> bool) -> usize {
    at - text.as_bytes()[..at].iter().rev().take(64).take_while(|b| is(**b)).count()
}

/// What the words before a number say it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Context {
    /// Nothing.
    None,
    /// Someone to call.
    Phone,
    /// A thing's number: an order, an invoice, a version.
    Thing,
    /// A person's number with an office: `bsn`, `ssn`, `passport` …
    Person,
}

/// Reads up to four words before `at`.
pub(super) fn context(text: &str, at: usize) -> Context {
    let mut from = at.saturating_sub(48);
    while !text.is_char_boundary(from) {
        from += 1;
    }
    let tail = text[from..at].trim_end_matches([' ', ':', '+', '(', '-', '.', '=', '"', '\'', '/']);
    if tail.ends_with('#') {
        return Context::Thing;
    }
    let words = tail.rsplit(|c: char| !c.is_alphabetic()).filter(|word| !word.is_empty());
    let mut id = false;
    for word in words.take(4) {
        let is = |list: &WordSet| list.contains(word);
        match () {
            // An id is a thing's, unless the word before it names an office.
            () if !id && matches!(word, "id" | "ids" | "Id" | "ID" | "IDs") => id = true,
            () if is(&PERSON) => return Context::Person,
            () if id => return Context::Thing,
            () if is(&PHONE) => return Context::Phone,
            () if is(&THING) => return Context::Thing,
            () if is(&FILLERS) => {}
            () => return Context::None,
        }
    }
    if id { Context::Thing } else { Context::None }
}

static PHONE: WordSet = LazyLock::new(|| {
    Words::new(
        "phone tel telephone telefon telefono teléfono téléphone telefone telefoon tél mobile mobil móvil \
     movil cell cellphone celular cellulare portable handy call calling whatsapp fax sms ring reach dial \
     contact callback anrufen anruf rufnummer telefonnummer handynummer llámame llamar appelez appeler \
     chiamare bellen gsm telefonu телефон тел signal viber landline festnetz",
    )
});

static THING: WordSet = LazyLock::new(|| {
    Words::new(
        "order orders ticket tickets invoice case ref reference build version release firmware v sku \
     tracking transaction booking item product serial issue bug error code commit revision batch \
     shipment parcel licence license model bestellung bestellnummer auftrag rechnung rechnungsnummer \
     kundennummer pedido factura commande facture ordine fattura bestelling factuur zamówienie ordre \
     заказ port timestamp epoch request part isbn ean upc asin utc rows records",
    )
});

static PERSON: WordSet = LazyLock::new(|| {
    Words::new(
        "ssn security bsn burgerservicenummer sofinummer aadhaar aadhar uidai nino insurance passport \
     reisepass ausweis personalausweis pasaporte passeport dni nif nhs tfn cpf cpr pesel steuer \
     steuernummer nir sécurité sociale codice fiscale personnummer fødselsnummer hetu",
    )
});

static FILLERS: WordSet = LazyLock::new(|| {
    Words::new(
        "number numbers no nr num is was my the our at on to me us ist es est unter nummer número numero \
     numéro or s a an under auf al au le la please номер social national line n number’s by via",
    )
});

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_before_a_number_say_what_it_is() {
        for (text, expected) in [
            ("call me at ", Context::Phone),
            ("Tel.: ", Context::Phone),
            ("Phone number is +", Context::Phone),
            ("order number ", Context::Thing),
            ("ticket #", Context::Thing),
            ("my SSN is ", Context::Person),
            ("social security number: ", Context::Person),
            ("we had ", Context::None),
            ("", Context::None),
            ("é✓✓✓✓✓✓✓✓✓✓✓✓✓✓✓✓✓✓✓✓✓✓✓✓✓✓✓✓✓✓✓", Context::None),
        ] {
            assert_eq!(context(text, text.len()), expected, "{text}");
        }
    }
}
