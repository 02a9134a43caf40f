//! The invented company: Larchdeck, planning boards and forms for teams that work outdoors and in between.

use crate::rng::Rng;

pub const NAME: &str = "Larchdeck";
pub const HANDLE: &str = "@larchdeck";
pub const PRODUCTS: [&str; 2] = ["Larchdeck Boards", "Larchdeck Forms"];
const PRODUCT_WEIGHTS: [f64; 2] = [0.8, 0.2];

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Platform {
    Web,
    Ios,
    Android,
}

impl Platform {
    pub const ALL: [Self; 3] = [Self::Web, Self::Ios, Self::Android];

    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Web => "web",
            Self::Ios => "ios",
            Self::Android => "android",
        }
    }
}

pub(crate) fn product(rng: &mut Rng) -> &'static str {
    PRODUCTS[rng.weighted(&PRODUCT_WEIGHTS)]
}

/// A release every two weeks; about a third of the people are one or two behind. It depends on time and
/// platform alone, never on what is said.
pub(crate) fn version(rng: &mut Rng, platform: Platform, day_offset: i32) -> String {
    let behind = [0, 0, 0, 0, 1, 2][rng.below(6)];
    let step = (day_offset + 4).div_euclid(14) - behind;
    match platform {
        Platform::Web => format!("2026.{}", 30 + step),
        Platform::Ios => format!("7.{}.0", 3 + step),
        Platform::Android => format!("7.{}.1", 2 + step),
    }
}

/// Some version or other, the same ones at any time.
pub(crate) fn some_version(rng: &mut Rng) -> String {
    format!("7.{}.{}", rng.below(9), rng.below(3))
}

pub(crate) const AGENTS: &[&str] =
    &["Maren", "Tobias", "Ines", "Callum", "Adaeze", "Yuki", "Petra", "Joss", "Ramon", "Freya"];

pub(crate) const NETWORKS: &[&str] = &["chirp", "fediverse", "forum", "hallway"];
