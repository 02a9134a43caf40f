//! Personal data in what is not text: ids, labels, tags.

use analyze::pseudonym::PseudonymKey;
use analyze::redact::{Class, Known, RedactionCounts, Redactor};
use feedback::record::Record;
use std::borrow::Cow;

pub(super) struct Protect<'k> {
    pub redactor: Redactor,
    pub key: &'k PseudonymKey,
}

impl<'k> Protect<'k> {
    pub fn new(redactor: Redactor, key: &'k PseudonymKey) -> Self {
        Self { redactor, key }
    }

    /// An id stays an id: one that holds personal data becomes a pseudonym, the same for the same id. A name does not
    /// count in it: a deletion tells nobody's, and must find its item.
    pub fn id<'t>(&self, text: &'t str) -> Cow<'t, str> {
        self.label(text, Known::nobody(), &[])
    }

    /// The same for what groups records and is no identity of theirs: there somebody whom the message tells counts.
    /// `known` is made of `told`.
    pub fn label<'t>(&self, text: &'t str, known: &Known<'_>, told: &[&str]) -> Cow<'t, str> {
        let clean = text.is_empty()
            || self.redactor.is_clean_of(text, known)
            || self.redactor.is_clean(text) && !self.tells_somebody(text, known, told);
        if clean { Cow::Borrowed(text) } else { Cow::Owned(self.key.identifier(text).as_str().to_owned()) }
    }

    /// Whether all of it is what the message tells, or two words are. One alone may be the company's as well, and the
    /// account `Miller Ltd` is the same for Tom Miller and for his colleagues. Nobody is guessed: it is a label.
    fn tells_somebody(&self, label: &str, known: &Known<'_>, told: &[&str]) -> bool {
        let mut rest = String::new();
        self.redactor.redact_field_into("company", label, known, &mut rest, &mut RedactionCounts::default());
        let rest = Class::ALL.iter().fold(rest, |rest, class| rest.replace(class.placeholder(), " "));
        let words = |text: &str| text.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).count();
        let plain = |text: &str| text.trim().trim_start_matches('@').to_lowercase();
        words(label) >= words(&rest) + 2 || told.iter().any(|name| plain(name) == plain(label))
    }

    pub fn tags<'t>(
        &self,
        tags: &'t [Cow<'t, str>],
        known: &Known<'_>,
        counts: &mut RedactionCounts,
    ) -> Cow<'t, [Cow<'t, str>]> {
        let mut protected = Cow::Borrowed(tags);
        for (at, tag) in tags.iter().enumerate() {
            let mut redacted = String::new();
            self.redactor.redact_field_into("tags", tag, known, &mut redacted, counts);
            if redacted != **tag {
                protected.to_mut()[at] = Cow::Owned(redacted);
            }
        }
        protected
    }
}

/// Short texts of the context, redacted one behind the other in one buffer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Labels<'b> {
    pub segment: Option<&'b str>,
    pub product: Option<&'b str>,
    pub app_version: Option<&'b str>,
    pub platform: Option<&'b str>,
    pub territory: Option<&'b str>,
    pub permalink: Option<&'b str>,
}

impl<'b> Labels<'b> {
    pub fn redact(
        record: &Record<'_>,
        redactor: Redactor,
        known: &Known<'_>,
        buffer: &'b mut String,
        counts: &mut RedactionCounts,
    ) -> Self {
        let context = &record.context;
        let texts = [
            &record.author.segment,
            &context.product,
            &context.app_version,
            &context.platform,
            &context.territory,
            &context.permalink,
        ];
        let mut ends = [0; 6];
        let names = ["segment", "product", "app_version", "platform", "territory", "permalink"];
        for ((text, name), end) in texts.iter().zip(names).zip(&mut ends) {
            if let Some(text) = text {
                redactor.redact_field_into(name, text, known, buffer, counts);
            }
            *end = buffer.len();
        }
        let buffer: &'b str = buffer;
        let mut start = 0;
        let [segment, product, app_version, platform, territory, permalink] = ends.map(|end| {
            let text = &buffer[start..end];
            start = end;
            Some(text).filter(|text| !text.is_empty())
        });
        Self { segment, product, app_version, platform, territory, permalink }
    }
}
