//! What each vendor's payload says.

mod app_store;
mod asked;
mod freshdesk;
mod google_play;
mod helpscout;
mod intercom;
mod named;
mod nps;
mod reddit;
mod scale;
mod shared;
mod surveymonkey;
mod trustpilot;
mod typeform;
mod x;
mod zendesk;

use crate::event::Event;
use crate::node::Node;
use crate::vendor::Vendor;
use feedback::refusal::{IgnoreReason, Refusal};

/// Why a delivery is no feedback, where its vendor names the event in a header and not in the payload (Help Scout). For whoever
/// has the headers, before [`crate::translate`]; `headers` finds the first header of a name.
pub fn ignored_by_name<'h, V: AsRef<[u8]> + ?Sized + 'h>(
    vendor: Vendor,
    headers: impl Fn(&str) -> Option<&'h V>,
) -> Option<IgnoreReason> {
    let Vendor::HelpScout = vendor else { return None };
    let event = std::str::from_utf8(headers(helpscout::EVENT)?.as_ref()).ok()?;
    (!helpscout::is_read(event.trim())).then_some(IgnoreReason::NotFeedback)
}

/// What a payload is: an event, or a reason why it is none.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Said {
    Event(Box<Event>),
    Ignored(IgnoreReason),
}

impl From<Event> for Said {
    fn from(event: Event) -> Self {
        Self::Event(Box::new(event))
    }
}

pub(crate) fn read(vendor: Vendor, payload: Node<'_, '_>) -> Result<Said, Refusal> {
    let read = match vendor {
        Vendor::Typeform => typeform::read,
        Vendor::SurveyMonkey => surveymonkey::read,
        Vendor::Nps => nps::read,
        Vendor::HelpScout => helpscout::read,
        Vendor::Zendesk => zendesk::read,
        Vendor::Intercom => intercom::read,
        Vendor::Freshdesk => freshdesk::read,
        Vendor::Trustpilot => trustpilot::read,
        Vendor::AppStore => app_store::read,
        Vendor::GooglePlay => google_play::read,
        Vendor::X => x::read,
        Vendor::Reddit => reddit::read,
    };
    read(payload)
}
