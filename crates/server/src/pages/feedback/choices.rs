//! The values that there are to choose from.

use crate::desk::Owner;
use insight::shelf::{Label, Shelf};

/// The fields whose values are those that records tell.
const TOLD: [(&str, Label); 8] = [
    ("product", Label::Product),
    ("source", Label::SourceKind),
    ("segment", Label::Segment),
    ("platform", Label::Platform),
    ("app_version", Label::AppVersion),
    ("language", Label::Language),
    ("owner", Label::Owner),
    ("queue", Label::Queue),
];

/// The values of each field, ascending.
#[derive(Debug, Clone, Default)]
pub(super) struct Choices(Vec<(&'static str, Vec<String>)>);

impl Choices {
    /// It looks through the days that are held: call it beside the async threads.
    pub fn of(shelf: &Shelf, owners: &[Owner]) -> Self {
        let values = |(name, label)| {
            let mut values = shelf.words(label);
            if label == Label::Owner {
                values.extend(owners.iter().map(|owner| owner.name.clone()));
                values.sort_unstable();
                values.dedup();
            }
            (name, values)
        };
        Self(TOLD.into_iter().map(values).collect())
    }

    pub fn get(&self, name: &str) -> &[String] {
        self.0.iter().find(|(own, _)| *own == name).map_or(&[], |(_, values)| values)
    }

    #[cfg(test)]
    pub fn with(name: &'static str, values: &[&str]) -> Self {
        Self(vec![(name, values.iter().map(|value| (*value).to_owned()).collect())])
    }
}
