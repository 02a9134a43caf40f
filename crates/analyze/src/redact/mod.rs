//! Personal data out of texts, before anything else sees them.
//!
//! One pass over the bytes finds the few places where something personal could stand; precise matchers
//! (check digits, issuers' prefixes, countries' shapes) decide there. What they find is replaced by its class
//! in brackets, `[email]`, and counted. Where in doubt between a thing and a person, a long number without a
//! word that calls it an order or the like is taken for a person's.
//!
//! Invariants: redacting what was redacted changes nothing; disguise ([`fold`]) hides nothing; time is linear
//! in the length of the text, whatever stands in it and however many names are known.

mod card;
mod chars;
mod class;
mod email;
mod fold;
mod greeting;
mod iban;
mod ip;
mod known;
mod letters;
mod national;
mod number;
mod ordinary;
mod payload;
mod phone;
mod prefixes;
mod scan;
mod secret;
mod signature;
#[cfg(test)]
mod tests;
mod url;

pub use class::{Class, RedactionCounts};
pub use known::Known;
pub use payload::{MAX_PAYLOAD, RedactedPayload, names_in, names_somebody};

use fold::View;
use scan::Hit;

/// Rounds after which a text counts as redacted; a second one finds what the first laid bare, if anything.
const MAX_ROUNDS: usize = 4;

/// Finds and replaces personal data. It holds nothing and can be shared.
#[derive(Debug, Clone, Copy, Default)]
pub struct Redactor;

impl Redactor {
    #[must_use]
    pub fn new() -> Self {
        Self
    }

    /// Appends the text to `out` with everything personal replaced, and counts what was. `known` are the author's
    /// name, address and handle, and those of others in the conversation: they are masked in any case, with and
    /// without accents, as whole words; so are the parts of a name. A name or a part that is a word (`May`, `Will`) is
    /// masked with a capital where a name is to be expected, and a handle that is one (`refund`) behind `@`, `/` and
    /// `=`. Roles (`Customer`, `A Google user`) are no names. Known strings below three characters (two, where a
    /// character is a syllable) are passed over. A name that nobody told is masked behind a greeting (`Hi Tobias,`), a
    /// title (`Frau Schmidt`) or an introduction (`my name is`), below a letter (`Best regards,`), and wherever else
    /// in the same text it is written so; a word of the record's own product is taken for nobody there.
    ///
    /// Allocates only where there is something to replace, or something disguised.
    pub fn redact_into(&self, text: &str, known: &Known<'_>, out: &mut String, counts: &mut RedactionCounts) {
        redact(text, known, find_in_text, out, counts);
    }

    /// The same for the value of a field: of one that holds a version by its name (`app_version`), four numbers with
    /// points are no address; one that holds the name of a thing (`product`) greets nobody, and `Dr. Oetker` is one.
    pub fn redact_field_into(
        &self,
        name: &str,
        value: &str,
        known: &Known<'_>,
        out: &mut String,
        counts: &mut RedactionCounts,
    ) {
        if number::is_bare_version(value) && holds_a_version(name) {
            out.push_str(value);
        } else {
            let find: Find = if holds_a_label(name) { find_in_label } else { find_in_text };
            redact(value, known, find, out, counts);
        }
    }

    /// Whether there is nothing to replace (no known strings apart).
    #[must_use]
    pub fn is_clean(&self, text: &str) -> bool {
        self.is_clean_of(text, Known::nobody())
    }

    /// Whether there is nothing to replace, the known strings among it.
    #[must_use]
    pub fn is_clean_of(&self, text: &str, known: &Known<'_>) -> bool {
        let (view, mut hits) = (View::of(text), Vec::new());
        scan::scan(view.text(), &mut hits);
        known.find(view.text(), &mut hits);
        hits.is_empty()
    }

    /// Whether the whole text is what a redaction left behind.
    #[must_use]
    pub fn is_placeholder(text: &str) -> bool {
        Class::ALL.iter().any(|class| class.placeholder() == text)
    }
}

fn holds_a_version(name: &str) -> bool {
    name.to_ascii_lowercase().ends_with("version")
}

/// Whether a field of this name holds what groups records: the name of a thing.
fn holds_a_label(name: &str) -> bool {
    const LABELS: [&str; 9] =
        ["product", "segment", "platform", "territory", "brand", "company", "plan", "tag", "tags"];
    LABELS.iter().any(|label| label.eq_ignore_ascii_case(name))
}

type Find = fn(&View<'_>, &Known<'_>, &mut Vec<Hit>);

fn redact(text: &str, known: &Known<'_>, find: Find, out: &mut String, counts: &mut RedactionCounts) {
    let mut hits = Vec::new();
    let view = View::of(text);
    find(&view, known, &mut hits);
    if hits.is_empty() {
        out.push_str(text);
        return;
    }
    let mut redacted = replace(text, &view, &hits, counts);
    for _ in 1..MAX_ROUNDS {
        hits.clear();
        let view = View::of(&redacted);
        find(&view, known, &mut hits);
        if hits.is_empty() {
            break;
        }
        redacted = replace(&redacted, &view, &hits, counts);
    }
    out.push_str(&redacted);
}

fn find_in_text(view: &View<'_>, known: &Known<'_>, hits: &mut Vec<Hit>) {
    scan::scan(view.text(), hits);
    known.find(view.text(), hits);
    let guessed_from = hits.len();
    signature::find(view.text(), hits);
    greeting::find(view.text(), known, hits);
    greeting::find_again(view.text(), known, guessed_from, hits);
    scan::resolve(hits);
}

/// Nobody is greeted in it.
fn find_in_label(view: &View<'_>, known: &Known<'_>, hits: &mut Vec<Hit>) {
    scan::scan(view.text(), hits);
    known.find(view.text(), hits);
    signature::find(view.text(), hits);
    scan::resolve(hits);
}

/// The text with the hits, which are in order and apart, replaced.
fn replace(text: &str, view: &View<'_>, hits: &[Hit], counts: &mut RedactionCounts) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    let mut done = 0;
    for hit in hits {
        let range = view.original(hit.range.clone());
        // Two hits can share one disguised character (`㏂`); the second then begins behind it.
        let start = range.start.max(done);
        out.push_str(&text[done..start]);
        out.push_str(hit.class.placeholder());
        counts.add(hit.class);
        done = range.end.max(start);
    }
    out.push_str(&text[done..]);
    out
}
