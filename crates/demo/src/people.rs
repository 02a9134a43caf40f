//! Who writes: about six thousand persons in some nine hundred accounts, a few of them much oftener than most.

use crate::{company::Platform, rng::Rng};

pub const PERSONS: usize = 6_000;
const ACCOUNTS: usize = 900;
/// Share of persons who write in their own language where it is not English.
const FOREIGN: f64 = 0.195;

#[derive(Debug, Clone)]
pub struct Person {
    pub id: String,
    pub first: &'static str,
    pub last: &'static str,
    pub email: String,
    pub handle: String,
    pub account: String,
    pub segment: &'static str,
    /// Of the account, a year; `None` for free accounts.
    pub revenue: Option<f64>,
    pub territory: &'static str,
    /// ISO 639-1, what the person writes in.
    pub language: &'static str,
    pub platform: Platform,
}

impl Person {
    #[must_use]
    pub fn name(&self) -> String {
        format!("{} {}", self.first, self.last)
    }
}

struct Account {
    name: String,
    domain: String,
    segment: &'static str,
    revenue: Option<f64>,
}

/// The people of a history, drawn by Zipf-like activity.
#[derive(Debug, Clone)]
pub struct People {
    persons: Vec<Person>,
    /// Cumulative weight by person.
    cumulative: Vec<f64>,
}

impl People {
    #[must_use]
    pub fn new(seed: u64) -> Self {
        let mut rng = Rng::stream(seed, "people");
        let accounts: Vec<Account> = (0..ACCOUNTS).map(|n| account(&mut rng, n)).collect();
        let persons: Vec<Person> = (0..PERSONS).map(|n| person(&mut rng, &accounts, n)).collect();
        let mut total = 0.0;
        let cumulative = (0..PERSONS)
            .map(|rank| {
                total += (rank as f64 + 12.0).powf(-0.62);
                total
            })
            .collect();
        Self { persons, cumulative }
    }

    pub fn draw<'a>(&'a self, rng: &mut Rng) -> &'a Person {
        let total = self.cumulative.last().copied().unwrap_or_default();
        let at = rng.unit() * total;
        let index = self.cumulative.partition_point(|sum| *sum <= at);
        &self.persons[index.min(self.persons.len() - 1)]
    }
}

fn account(rng: &mut Rng, n: usize) -> Account {
    let (first, second) = (rng.pick(ACCOUNT_FIRST), rng.pick(ACCOUNT_SECOND));
    let (segment, revenue) = match rng.weighted(&[0.45, 0.43, 0.12]) {
        0 => ("free", None),
        1 => ("team", Some(rng.range(4, 90) as f64 * 120.0)),
        _ => ("enterprise", Some(rng.range(12, 180) as f64 * 1_000.0)),
    };
    let domain = format!("{}{}{n}.example", first.to_lowercase(), second.to_lowercase());
    Account { name: format!("{first} {second}"), domain, segment, revenue }
}

fn person(rng: &mut Rng, accounts: &[Account], n: usize) -> Person {
    let account = rng.pick(accounts);
    let (language, territory) = if rng.chance(FOREIGN) {
        FOREIGN_PLACES[rng.weighted(&FOREIGN_WEIGHTS)]
    } else {
        ("en", *rng.pick(ENGLISH_PLACES))
    };
    let (first, last) = match NAMES.iter().find(|(code, ..)| *code == language) {
        Some((_, firsts, lasts)) => (*rng.pick(firsts), *rng.pick(lasts)),
        None => (*rng.pick(FIRST), *rng.pick(LAST)),
    };
    let plain = |name: &str| name.to_lowercase().replace(|c: char| !c.is_ascii_alphabetic(), "");
    let (f, l) = (plain(first), plain(last));
    Person {
        id: format!("u{}", 20_000 + n * 7),
        first,
        last,
        email: format!("{f}.{l}{n}@{}", account.domain),
        handle: format!("@{f}_{l}{}", n % 97),
        account: account.name.clone(),
        segment: account.segment,
        revenue: account.revenue,
        territory,
        language,
        platform: Platform::ALL[rng.weighted(&[0.44, 0.27, 0.29])],
    }
}

const ENGLISH_PLACES: &[&str] =
    &["US", "US", "US", "US", "GB", "GB", "GB", "CA", "CA", "AU", "IE", "NZ", "IN", "SG", "NL", "SE", "ZA"];

const FOREIGN_PLACES: [(&str, &str); 10] = [
    ("de", "DE"),
    ("de", "AT"),
    ("es", "ES"),
    ("es", "MX"),
    ("fr", "FR"),
    ("pt", "BR"),
    ("it", "IT"),
    ("nl", "NL"),
    ("ja", "JP"),
    ("de", "CH"),
];
const FOREIGN_WEIGHTS: [f64; 10] = [0.2, 0.05, 0.12, 0.08, 0.17, 0.11, 0.09, 0.08, 0.07, 0.03];

const FIRST: &[&str] = &[
    "Alice", "Ben", "Carla", "Dmitri", "Ellen", "Farid", "Grace", "Hugo", "Imani", "Jonas", "Keiko", "Liam",
    "Maya", "Noor", "Owen", "Priya", "Quentin", "Rosa", "Samir", "Tessa", "Umar", "Violet", "Wes", "Xenia",
    "Yusuf", "Zoe", "Abigail", "Bruno", "Cecily", "Declan", "Eilidh", "Fergus", "Gwen", "Harriet", "Isaac",
    "Jemima", "Kwame", "Leona", "Malachi", "Nadia", "Orla", "Percy", "Rhiannon", "Silas", "Thandi", "Ursula",
    "Vikram", "Winona", "Yara", "Zachary",
];
const LAST: &[&str] = &[
    "Abbot",
    "Barrow",
    "Castell",
    "Dunmore",
    "Eastlake",
    "Fairweather",
    "Gadsby",
    "Hollis",
    "Ingram",
    "Jarvis",
    "Kettle",
    "Lomax",
    "Marlowe",
    "Norwood",
    "Oakes",
    "Pemberton",
    "Quigley",
    "Rathbone",
    "Sefton",
    "Thackeray",
    "Underhill",
    "Vance",
    "Wetherby",
    "Yardley",
    "Okafor",
    "Mehta",
    "Svensson",
    "Nakano",
    "Petrov",
    "Haddad",
    "Osei",
    "Lindqvist",
    "Moreau",
    "Kowal",
    "Ferreira",
    "Banerjee",
    "Cho",
    "Tran",
    "Mbeki",
    "Rahman",
    "Ashdown",
    "Birtwistle",
    "Crowther",
    "Dalgliesh",
    "Entwistle",
    "Furnival",
];

type Names = (&'static str, &'static [&'static str], &'static [&'static str]);
const NAMES: &[Names] = &[
    (
        "de",
        &["Anke", "Jürgen", "Lena", "Matthias", "Sabine", "Uwe"],
        &["Bäcker", "Kröger", "Lindemann", "Vogt"],
    ),
    ("es", &["Lucía", "Javier", "Marisol", "Álvaro", "Inés"], &["Ortega", "Peñalver", "Ríos", "Salcedo"]),
    ("fr", &["Camille", "Étienne", "Margaux", "Thibault"], &["Delorme", "Fauvel", "Lacombe", "Rousselle"]),
    ("pt", &["Beatriz", "Caio", "Larissa", "Thiago"], &["Azevedo", "Pacheco", "Queiroz", "Sampaio"]),
    ("it", &["Chiara", "Lorenzo", "Martina", "Sandro"], &["Bellandi", "Corradi", "Fontanesi", "Zanetti"]),
    ("nl", &["Anouk", "Joris", "Maaike", "Sjoerd"], &["de Wit", "Hoekstra", "Terpstra", "van Loon"]),
    ("ja", &["Haruka", "Kenta", "Mio", "Ryo"], &["Aizawa", "Fujimori", "Kurata", "Tachibana"]),
];

const ACCOUNT_FIRST: &[&str] = &[
    "Amber",
    "Birch",
    "Copper",
    "Dovetail",
    "Elder",
    "Fallow",
    "Granite",
    "Heron",
    "Ivory",
    "Juniper",
    "Kestrel",
    "Lantern",
    "Meadow",
    "Nettle",
    "Orchard",
    "Pewter",
    "Quarry",
    "Rowan",
    "Saltmarsh",
    "Thistle",
    "Umber",
    "Vale",
    "Willow",
    "Yarrow",
];
const ACCOUNT_SECOND: &[&str] = &[
    "Builders",
    "Clinics",
    "Catering",
    "Dairies",
    "Events",
    "Freight",
    "Gardens",
    "Housing",
    "Instruments",
    "Joinery",
    "Kitchens",
    "Labs",
    "Media",
    "Nurseries",
    "Outfitters",
    "Partners",
    "Roofing",
    "Schools",
    "Surveyors",
    "Transport",
    "Utilities",
    "Works",
];
