//! What stands behind the path of an address.

use crate::serve::known::Known;
use demo::rng::Rng;
use feedback::time::Day;
use form_urlencoded::Serializer;

/// The fields of an address.
#[derive(Default)]
pub struct Query(Vec<(&'static str, String)>);

impl Query {
    pub fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.0.push((name, value.into()));
        self
    }

    fn with_any(self, rng: &mut Rng, name: &'static str, of: &[String]) -> Self {
        match any(rng, of) {
            Some(value) => self.with(name, value),
            None => self,
        }
    }

    /// One to three fields that narrow the list.
    pub fn filters(rng: &mut Rng, known: &Known) -> Self {
        let first = rng.below(FILTERS.len());
        let count = 1 + rng.weighted(&[0.5, 0.35, 0.15]);
        // No field twice.
        let fields = (0..count).map(|step| FILTERS[(first + 3 * step) % FILTERS.len()]);
        fields.fold(Self::default(), |query, field| field(query, rng, known))
    }

    /// Of what is about a period: the usual one mostly, one of its choices, or days of somebody's own.
    pub fn period(rng: &mut Rng, known: &Known) -> Self {
        let query = match rng.weighted(&[0.75, 0.20, 0.05]) {
            0 => Self::default(),
            1 => Self::default().with("weeks", *rng.pick(&["1", "4", "12", "26"])),
            _ => {
                let (from, to) = days(rng, known.today);
                Self::default().with("from", from).with("to", to)
            }
        };
        if rng.chance(0.1) { query.with_any(rng, "product", &known.products) } else { query }
    }

    pub fn words(rng: &mut Rng, known: &Known) -> Option<Self> {
        let word = any(rng, &known.words)?;
        let query = match rng.weighted(&[0.6, 0.25, 0.15]) {
            0 => Self::default().with("q", word),
            1 => Self::default().with("q", format!("{word} {}", any(rng, &known.words)?)),
            _ => Self::filters(rng, known).with("q", word),
        };
        Some(query)
    }

    pub fn meant(rng: &mut Rng, known: &Known) -> Option<Self> {
        let query = if rng.chance(0.3) { Self::filters(rng, known) } else { Self::default() };
        Some(query.with("meaning", any(rng, &known.meant)?))
    }

    pub fn like(rng: &mut Rng, known: &Known) -> Option<Self> {
        let query = if rng.chance(0.3) { Self::filters(rng, known) } else { Self::default() };
        Some(query.with("like", any(rng, &known.likable)?))
    }

    pub fn cases(rng: &mut Rng, known: &Known) -> Self {
        match rng.weighted(&[0.6, 0.2, 0.2]) {
            0 => Self::default(),
            1 => Self::default().with_any(rng, "owner", &known.owners),
            _ => Self::default().with_any(rng, "topic", &known.topics),
        }
    }

    /// What is counted by day or week: all, or what some fields narrow it to.
    pub fn series(rng: &mut Rng, known: &Known) -> Self {
        let query = if rng.chance(0.5) { Self::filters(rng, known) } else { Self::default() };
        if rng.chance(0.3) { query.with("by", "week") } else { query }
    }

    /// Records of the usual days, or of somebody's own.
    pub fn days(rng: &mut Rng, known: &Known) -> Self {
        if rng.chance(0.7) {
            return Self::default();
        }
        let (from, to) = days(rng, known.today);
        Self::default().with("from", from).with("to", to)
    }

    pub fn limit(self, rng: &mut Rng) -> Self {
        if rng.chance(0.2) { self.with("limit", "200") } else { self }
    }

    pub fn of(self, path: &str) -> String {
        if self.0.is_empty() {
            return path.to_owned();
        }
        format!("{path}?{}", Serializer::new(String::new()).extend_pairs(self.0).finish())
    }
}

type Field = fn(Query, &mut Rng, &Known) -> Query;

/// Neighbours that would fit the same records stand apart.
const FILTERS: &[Field] = &[
    |query, rng, _| query.with("sentiment", *rng.pick(&["negative", "negative", "positive", "neutral"])),
    |query, rng, known| query.with_any(rng, "topic", &known.topics),
    |query, rng, _| {
        query.with("kind", *rng.pick(&["bug", "feature_request", "complaint", "praise", "question"]))
    },
    |query, rng, _| query.with("source", *rng.pick(&["survey", "ticket", "nps", "social"])),
    |query, rng, known| query.with_any(rng, "product", &known.products),
    |query, rng, known| query.with_any(rng, "segment", &known.segments),
    |query, rng, _| query.with("priority", *rng.pick(&["P1", "P2", "P3"])),
    |query, rng, known| query.with_any(rng, "language", &known.languages),
    |query, rng, known| {
        let (from, to) = days(rng, known.today);
        query.with("from", from).with("to", to)
    },
    |query, rng, known| query.with_any(rng, "owner", &known.owners),
    |query, rng, known| query.with_any(rng, "account", &known.accounts),
    |query, rng, _| query.with("platform", *rng.pick(&["web", "ios", "android"])),
    |query, rng, known| query.with_any(rng, "event_source", &known.sources),
];

/// Up to four weeks within the last twelve.
fn days(rng: &mut Rng, today: Day) -> (String, String) {
    let to = today.plus(-(rng.below(56) as i32));
    (to.plus(-(rng.below(28) as i32)).to_string(), to.to_string())
}

pub fn any<'k>(rng: &mut Rng, of: &'k [String]) -> Option<&'k str> {
    if of.is_empty() { None } else { Some(rng.pick(of).as_str()) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::serve::visits::tests::known;
    use std::collections::BTreeSet;

    #[test]
    fn no_field_is_given_twice() {
        let (known, mut rng) = (known(), Rng::new(3));
        for _ in 0..1_000 {
            let query = Query::filters(&mut rng, &known);
            let names: BTreeSet<&str> = query.0.iter().map(|(name, _)| *name).collect();
            assert_eq!(names.len(), query.0.len(), "{:?}", query.0);
        }
    }
}
