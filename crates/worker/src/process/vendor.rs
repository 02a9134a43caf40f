//! Payloads of vendors among the messages: which are some, and the event that each becomes before anything else looks
//! at it. Whether one is, its own headers say, or the topic that it came by.

use super::{Fault, INTERNAL, Message, Processor};
use connect::{Setting, Translated, Vendor, translate};
use feedback::decode::Decoded;
use feedback::event::{Headers, VENDOR_FORMAT, VENDOR_KIND, VENDOR_PRODUCT, VENDOR_SOURCE, VendorHeaders};
use feedback::refusal::{IgnoreReason, Reason, Refusal};
use feedback::size::Size;
use feedback::time::Timestamp;
use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// How the payloads of one vendor's connection are read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VendorFormat {
    pub vendor: Vendor,
    /// The source of its events.
    pub source: String,
    /// Their source kind; it has to follow the vendor's contract.
    pub kind: String,
    /// What they are about, where a payload names no product.
    pub product: Option<String>,
}

/// The formats of topics that carry payloads of a vendor, by topic.
pub type VendorTopics = BTreeMap<String, VendorFormat>;

impl VendorFormat {
    /// With the vendor's own name for a source, and its usual kind.
    #[must_use]
    pub fn of(vendor: Vendor) -> Self {
        let (source, kind) = (vendor.as_str().to_owned(), vendor.kind().to_owned());
        Self { vendor, source, kind, product: None }
    }

    /// As headers of a message that is such a payload: whoever reads it, and whenever, reads it so.
    #[must_use]
    pub fn headers(&self) -> Vec<(&'static str, &[u8])> {
        let mut headers: Vec<(&'static str, &[u8])> = vec![
            (VENDOR_FORMAT, self.vendor.as_str().as_bytes()),
            (VENDOR_SOURCE, self.source.as_bytes()),
            (VENDOR_KIND, self.kind.as_bytes()),
        ];
        headers.extend(self.product.as_ref().map(|product| (VENDOR_PRODUCT, product.as_bytes())));
        headers
    }

    fn borrowed(&self) -> Format<'_> {
        let Self { vendor, source, kind, product } = self;
        Format { vendor: *vendor, setting: Setting { source, kind, product: product.as_deref() } }
    }
}

/// How one message is read that is a vendor's payload.
#[derive(Debug, Clone, Copy)]
struct Format<'m> {
    vendor: Vendor,
    setting: Setting<'m>,
}

impl<'m> Format<'m> {
    fn told(headers: VendorHeaders<'m>) -> Result<Self, Refusal> {
        let vendor = text(VENDOR_FORMAT, headers.format)?.and_then(Vendor::parse);
        let vendor = vendor.ok_or_else(|| {
            let detail = format!("{VENDOR_FORMAT}: expected the name of a vendor that this program reads");
            Refusal::new(Reason::UnknownValue, detail)
        })?;
        let source = text(VENDOR_SOURCE, headers.source)?.unwrap_or(vendor.as_str());
        let kind = text(VENDOR_KIND, headers.kind)?.unwrap_or(vendor.kind());
        let product = text(VENDOR_PRODUCT, headers.product)?;
        Ok(Self { vendor, setting: Setting { source, kind, product } })
    }
}

/// A header's text; `None` where it is absent or blank.
fn text<'m>(name: &str, value: Option<&'m [u8]>) -> Result<Option<&'m str>, Refusal> {
    let text = value.map(std::str::from_utf8).transpose();
    let text = text.map_err(|_| Refusal::new(Reason::InvalidUtf8, format!("{name}: expected UTF-8")))?;
    Ok(text.filter(|text| !text.trim().is_empty()))
}

/// A message as the decoder takes it.
pub(super) enum Event<'m> {
    AsItCame {
        payload: &'m [u8],
        headers: Headers<'m>,
    },
    /// What a vendor's payload is as an event of ours.
    Translated(Vec<u8>),
    Ignored(IgnoreReason),
}

impl Event<'_> {
    pub fn translated(&self) -> Option<&[u8]> {
        match self {
            Self::Translated(event) => Some(event),
            Self::AsItCame { .. } | Self::Ignored(_) => None,
        }
    }
}

impl Processor {
    /// Translates where there is something to translate. Never panics.
    pub(super) fn open<'m>(&self, message: &Message<'m>) -> Result<Event<'m>, Fault> {
        let Message { payload, headers, topic, .. } = *message;
        caught(|| match self.format(topic, headers)? {
            None => Ok(Event::AsItCame { payload, headers }),
            Some(Format { vendor, setting }) => {
                self.fits(payload)?;
                Ok(match translate(vendor, payload, &setting)? {
                    Translated::Event(event) => Event::Translated(event),
                    Translated::Ignored(reason) => Event::Ignored(reason),
                })
            }
        })
    }

    /// Never panics.
    pub(super) fn decode<'e>(&self, event: &'e Event<'_>, now: Timestamp) -> Result<Decoded<'e>, Fault> {
        caught(|| match event {
            Event::AsItCame { payload, headers } => self.decoder.decode(payload, *headers, now),
            Event::Translated(event) => self.decoder.decode(event, Headers::default(), now),
            Event::Ignored(reason) => Ok(Decoded::Ignored(*reason)),
        })
    }

    /// The event source that a message is of, where anything beside its payload tells it.
    pub(super) fn source_of<'m>(&'m self, topic: &str, headers: Headers<'m>) -> Option<&'m str> {
        let format = self.format(topic, headers).ok().flatten();
        format.map(|format| format.setting.source).or_else(|| headers.source())
    }

    /// `None` for an event of our own contracts.
    fn format<'m>(&'m self, topic: &str, headers: Headers<'m>) -> Result<Option<Format<'m>>, Refusal> {
        let format = match headers.vendor() {
            Some(told) => Format::told(told)?,
            None => match self.vendors.get(topic) {
                Some(configured) => configured.borrowed(),
                None => return Ok(None),
            },
        };
        let contract = self.decoder.registry().get(format.setting.kind).map(|(_, contract)| contract);
        if contract.is_some_and(|contract| contract != format.vendor.contract()) {
            let detail = format!("{VENDOR_KIND}: expected a source kind of {}'s contract", format.vendor);
            return Err(Refusal::new(Reason::UnknownKind, detail));
        }
        // What is no kind at all the decoder refuses.
        Ok(Some(format))
    }

    /// Before it is looked at, as the decoder does with what it gets.
    fn fits(&self, payload: &[u8]) -> Result<(), Refusal> {
        let most = self.decoder.limits().message_bytes;
        if payload.len() <= most {
            return Ok(());
        }
        Err(Refusal::new(Reason::TooLarge, format!("the message: expected at most {}", Size(most))))
    }
}

/// A defect while a message is read is the fault of this program, and stops no other message.
fn caught<T>(read: impl FnOnce() -> Result<T, Refusal>) -> Result<T, Fault> {
    let defect =
        || Fault { reason: INTERNAL, detail: "the decoder failed; report this as a defect".to_owned() };
    let read = catch_unwind(AssertUnwindSafe(read));
    read.map_or_else(|_| Err(defect()), |read| read.map_err(Fault::from))
}
