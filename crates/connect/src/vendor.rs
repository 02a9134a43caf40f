//! The vendors, and what is the same for all payloads of one.

use feedback::kind::Contract;

/// How a vendor's payloads come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// It posts them (`POST /v1/hooks/{vendor}`).
    Hook,
    /// Somebody asks its API and hands over what it answers (`POST /v1/import/{vendor}`, `verbatim import --as`).
    Polled,
}

macro_rules! vendors {
    ($($(#[$doc:meta])* $variant:ident = $name:literal, $title:literal, $contract:ident, $kind:literal, $way:ident;)+) => {
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Vendor { $($(#[$doc])* $variant),+ }

        impl Vendor {
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// As paths, the configuration and the command line have it.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $name),+ }
            }

            /// As the vendor writes it.
            #[must_use]
            pub fn title(self) -> &'static str {
                match self { $(Self::$variant => $title),+ }
            }

            #[must_use]
            pub fn parse(name: &str) -> Option<Self> {
                match name { $($name => Some(Self::$variant),)+ _ => None }
            }

            /// The payload contract that its events follow.
            #[must_use]
            pub fn contract(self) -> Contract {
                match self { $(Self::$variant => Contract::$contract),+ }
            }

            /// The source kind of its events, where the configuration names no other.
            #[must_use]
            pub fn kind(self) -> &'static str {
                match self { $(Self::$variant => $kind),+ }
            }

            #[must_use]
            pub fn way(self) -> Way {
                match self { $(Self::$variant => Way::$way),+ }
            }
        }
    };
}

vendors! {
    Typeform = "typeform", "Typeform", Survey, "survey", Hook;
    SurveyMonkey = "surveymonkey", "SurveyMonkey", Survey, "survey", Hook;
    /// Any tool that posts an NPS answer as flat JSON, in the shape that Delighted made usual.
    Nps = "nps", "NPS", Nps, "nps", Hook;
    HelpScout = "helpscout", "Help Scout", Ticket, "ticket", Hook;
    Zendesk = "zendesk", "Zendesk", Ticket, "ticket", Hook;
    Intercom = "intercom", "Intercom", Ticket, "ticket", Hook;
    Freshdesk = "freshdesk", "Freshdesk", Ticket, "ticket", Hook;
    Trustpilot = "trustpilot", "Trustpilot", Social, "social", Hook;
    AppStore = "app-store", "App Store", Social, "social", Polled;
    GooglePlay = "google-play", "Google Play", Social, "social", Polled;
    X = "x", "X", Social, "social", Polled;
    Reddit = "reddit", "Reddit", Social, "social", Polled;
}

impl std::fmt::Display for Vendor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(self.as_str())
    }
}

/// What a deployment says of one connection: two Zendesks are two sources.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Setting<'s> {
    /// The event source (CloudEvents `source`); with the kind and the vendor's id it is the identity of an item.
    pub source: &'s str,
    /// The source kind; it follows the contract of [`Vendor::contract`].
    pub kind: &'s str,
    /// The product that it is about, where the payload names none.
    pub product: Option<&'s str>,
}
