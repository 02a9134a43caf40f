//! Vendors' connections and topics: what is left out of them, and what cannot be.

use super::rules::Findings;
use super::{Config, Secret, nearest};
use connect::{Vendor, signed};
use feedback::kind::{Contract, Registry, SourceKind};
use serde::Deserialize;
use std::collections::BTreeMap;
use worker::{VendorFormat, VendorTopics};

/// A connection: one table of `[vendors]`, whose name is the last part of its address.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct VendorSection {
    /// Empty: the connection's name is the vendor's.
    pub vendor: String,
    pub secret: Secret,
    /// Empty: the connection's name.
    pub source: String,
    /// Empty: the vendor's usual one.
    pub kind: String,
    pub product: String,
}

/// One topic of `[kafka.vendors]`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct VendorTopicSection {
    /// The vendor.
    pub format: String,
    /// Empty: the vendor's name.
    pub source: String,
    /// Empty: the vendor's usual one.
    pub kind: String,
    pub product: String,
}

impl VendorSection {
    /// With what is left out; `None` where there is no such vendor.
    pub fn read_as(&self, name: &str) -> Option<VendorFormat> {
        let vendor = Vendor::parse(or(&self.vendor, name))?;
        Some(filled(vendor, or(&self.source, name), &self.kind, &self.product))
    }
}

impl VendorTopicSection {
    fn read_as(&self) -> Option<VendorFormat> {
        let vendor = Vendor::parse(&self.format)?;
        Some(filled(vendor, or(&self.source, vendor.as_str()), &self.kind, &self.product))
    }
}

fn filled(vendor: Vendor, source: &str, kind: &str, product: &str) -> VendorFormat {
    VendorFormat {
        vendor,
        source: source.to_owned(),
        kind: or(kind, vendor.kind()).to_owned(),
        product: Some(product.to_owned()).filter(|product| !product.is_empty()),
    }
}

fn or<'t>(text: &'t str, default: &'t str) -> &'t str {
    if text.is_empty() { default } else { text }
}

impl Config {
    /// What the topics of vendors carry. `Config::problems` has refused what is none.
    pub fn vendor_topics(&self) -> VendorTopics {
        let topics = self.kafka.vendors.iter();
        topics.filter_map(|(topic, section)| Some((topic.clone(), section.read_as()?))).collect()
    }

    /// The connections by name, with what is left out. `Config::problems` has refused what is none.
    pub fn connections(&self) -> BTreeMap<&str, VendorFormat> {
        let connections = self.vendors.iter();
        connections.filter_map(|(name, section)| Some((name.as_str(), section.read_as(name)?))).collect()
    }

    /// Every topic that a worker reads, with whose it is: a source kind's or a vendor's.
    pub fn read_topics(&self) -> BTreeMap<String, String> {
        let kinds = self.topics().into_iter().map(|(kind, topic)| (topic, kind));
        let vendors = self.kafka.vendors.iter();
        kinds.chain(vendors.map(|(topic, section)| (topic.clone(), section.format.clone()))).collect()
    }

    pub(super) fn vendor_rules(&self, findings: &mut Findings<'_>) {
        let registry = self.registry();
        for (name, section) in &self.vendors {
            self.connection_rules(name, section, &registry, findings);
        }
        let of_kinds: BTreeMap<String, String> =
            self.topics().into_iter().map(|(kind, topic)| (topic, kind)).collect();
        for (topic, section) in &self.kafka.vendors {
            let path = ["kafka", "vendors", topic];
            if topic.trim().is_empty() {
                findings.wrong(&path, "a topic needs a name");
            }
            if let Some(kind) = of_kinds.get(topic) {
                findings.wrong(&path, format_args!("{topic} is {kind}'s topic already: name another"));
            }
            match vendor(&section.format) {
                Err(_) if section.format.is_empty() => {
                    findings.wrong(&path, format_args!("says no format: name the vendor, of {}", all()));
                }
                Err(why) => findings.wrong(&["kafka", "vendors", topic, "format"], why),
                Ok(vendor) => {
                    if let Some(why) = kind_problem(&section.kind, vendor, &registry) {
                        findings.wrong(&["kafka", "vendors", topic, "kind"], why);
                    }
                }
            }
        }
    }

    fn connection_rules(
        &self,
        name: &str,
        section: &VendorSection,
        registry: &Registry,
        findings: &mut Findings<'_>,
    ) {
        let letters = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-' || b == b'_';
        if !(1..=64).contains(&name.len()) || !name.bytes().all(letters) {
            findings.wrong(
                &["vendors", name],
                "its name is a part of an address: write 1 to 64 lower-case letters, digits, '-' or '_'",
            );
        }
        let vendor = match vendor(or(&section.vendor, name)) {
            Ok(vendor) => vendor,
            Err(why) if section.vendor.is_empty() => {
                let hint = "(or say which it is, by vendor = …)";
                return findings.wrong(&["vendors", name], format_args!("{why} {hint}"));
            }
            Err(why) => return findings.wrong(&["vendors", name, "vendor"], why),
        };
        if let Some(why) = kind_problem(&section.kind, vendor, registry) {
            findings.wrong(&["vendors", name, "kind"], why);
        }
        if section.secret.is_set() && signed::header(vendor).is_none() {
            let title = vendor.title();
            findings.wrong(
                &["vendors", name, "secret"],
                format_args!(
                    "{title} signs nothing, so that a secret is of no use: its requests need a token"
                ),
            );
        }
    }
}

/// The vendor of this name, or why there is none.
pub fn vendor(name: &str) -> Result<Vendor, String> {
    Vendor::parse(name).ok_or_else(|| {
        let near = nearest(name, Vendor::ALL.iter().map(|vendor| vendor.as_str()));
        match near {
            Some(near) => format!("there is no vendor {name:?}: did you mean {near}?"),
            None => format!("there is no vendor {name:?}; there are {}", all()),
        }
    })
}

fn all() -> String {
    Vendor::ALL.iter().map(|vendor| vendor.as_str()).collect::<Vec<_>>().join(", ")
}

/// Why payloads of this vendor cannot be of this kind, which may be left out.
pub fn kind_problem(kind: &str, vendor: Vendor, registry: &Registry) -> Option<String> {
    let (given, kind) = (!kind.is_empty(), or(kind, vendor.kind()));
    let title = vendor.title();
    let contract = contract(vendor.contract());
    match registry.get(kind) {
        Some((_, found)) if found == vendor.contract() => None,
        Some(_) => Some(format!(
            "{kind} follows another contract than what {title} sends ({contract}): name a kind of that contract, or \
             add [kinds.NAME] with contract = {contract:?}"
        )),
        None if given => {
            let near = nearest(kind, registry.kinds().map(SourceKind::as_str));
            let hint = match near {
                Some(near) => format!("did you mean {near}?"),
                None => format!("add [kinds.{kind}] with contract = {contract:?}"),
            };
            Some(format!("there is no kind {kind:?}: {hint}"))
        }
        None => Some(format!("there is no kind {kind:?}, which {title} is by default: name another by kind")),
    }
}

fn contract(contract: Contract) -> &'static str {
    match contract {
        Contract::Survey => "survey",
        Contract::Ticket => "ticket",
        Contract::Nps => "nps",
        Contract::Social => "social",
    }
}

#[cfg(test)]
mod tests {
    use super::super::{ConfigError, Loaded, assemble};
    use std::path::Path;

    fn with(file: &str) -> Result<Loaded, ConfigError> {
        assemble(Some((Path::new("my.toml"), file)), std::iter::empty())
    }

    #[test]
    fn what_is_left_out_follows_from_the_name() {
        let file = "[kinds.review]\ncontract = \"social\"\n\
                    [vendors.zendesk]\nsecret = \"env:ZENDESK\"\n\
                    [vendors.desk-eu]\nvendor = \"zendesk\"\nsource = \"eu\"\nproduct = \"Atlas\"\n\
                    [kafka.vendors]\n\"zen.events\" = { format = \"zendesk\" }\n\
                    apple = { format = \"app-store\", source = \"ios\", kind = \"review\" }\n";
        let config = with(file).unwrap().config;
        let told: Vec<_> = config
            .connections()
            .into_iter()
            .map(|(name, format)| (name, format.vendor.as_str(), format.source, format.kind, format.product))
            .collect();
        assert_eq!(
            told,
            [
                ("desk-eu", "zendesk", "eu".to_owned(), "ticket".to_owned(), Some("Atlas".to_owned())),
                ("zendesk", "zendesk", "zendesk".to_owned(), "ticket".to_owned(), None),
            ]
        );
        let topics = config.vendor_topics();
        assert_eq!((topics["apple"].source.as_str(), topics["apple"].kind.as_str()), ("ios", "review"));
        assert_eq!(topics["zen.events"].source, "zendesk");
        assert_eq!(config.read_topics()["zen.events"], "zendesk");
        assert_eq!(config.topics().len(), 4, "of kinds alone");
        assert!(!format!("{:?}", config.vendors).contains("ZENDESK"), "{:?}", config.vendors);
        // A name alone says all that is needed.
        let config = with("[vendors.freshdesk]\n").unwrap().config;
        assert_eq!(config.connections()["freshdesk"].kind, "ticket");
    }

    #[test]
    fn what_cannot_be_is_told_with_what_can() {
        let file = "[vendors.zendsk]\nsecret = \"x\"\n[vendors.a]\nvendor = \"freshdesk\"\nsecret = \"x\"\n\
                    kind = \"nps\"\n[vendors.\"A b\"]\nvendor = \"x\"\n[vendors.c]\nvendor = \"pigeons\"\n\
                    [kafka.vendors]\n\"feedback.nps\" = { format = \"nps\" }\nt = { source = \"s\" }\n\
                    u = { format = \"redit\" }\nv = { format = \"reddit\", kind = \"socal\" }\n\
                    [triage]\ntopic = \"u\"\n[gateway]\nitems = 0\nwaiting = \"0B\"\n";
        let text = with(file).unwrap_err().to_string();
        for says in [
            "my.toml line 2: vendors.zendsk: there is no vendor \"zendsk\": did you mean zendesk?",
            "vendors.a.kind: nps follows another contract than what Freshdesk sends (ticket)",
            "vendors.a.secret: Freshdesk signs nothing",
            "vendors.A b: its name is a part of an address",
            "vendors.c.vendor: there is no vendor \"pigeons\"; there are typeform, surveymonkey, nps,",
            "kafka.vendors.\"feedback.nps\": feedback.nps is nps's topic already",
            "kafka.vendors.t: says no format: name the vendor, of typeform",
            "kafka.vendors.u.format: there is no vendor \"redit\": did you mean reddit?",
            "kafka.vendors.v.kind: there is no kind \"socal\": did you mean social?",
            "triage.topic: u is redit's topic",
            "gateway.items: must be from 1 to 1000000",
            "gateway.waiting: must be from 64KiB to 16GiB",
        ] {
            assert!(text.contains(says), "{says}: {text}");
        }
        let text =
            with("[vendors.zendesk]\nsecrt = \"x\"\n[gateway]\ninto = \"tables\"\n").unwrap_err().to_string();
        assert!(text.contains("did you mean vendors.zendesk.secret?"), "{text}");
        assert!(text.contains("gateway.into") && text.contains("`store`"), "{text}");
    }
}
