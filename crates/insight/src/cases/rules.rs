//! What makes two reports one case: `[cases]` of `triage.toml`.

use feedback::{ids::Id, judgement::FeedbackKind};
use serde::Deserialize;

/// Changes whenever reports are brought together in another way than by these settings.
const WAY: &str = "2";

#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct CaseRules {
    /// The mean cosine to a case's reports, without what all feedback has in common, from which a report belongs to it: from 0 to 1.
    pub likeness: f64,
    /// A report within so many days of the last one, or of the first, may join.
    pub window_days: u32,
    /// A case comes back when it is reported within so many days of having been resolved.
    pub reopen_days: u32,
    /// Of these kinds: nobody resolves a praise.
    pub kinds: Vec<FeedbackKind>,
}

impl Default for CaseRules {
    fn default() -> Self {
        let kinds = vec![
            FeedbackKind::Bug,
            FeedbackKind::Complaint,
            FeedbackKind::FeatureRequest,
            FeedbackKind::Question,
            FeedbackKind::Cancellation,
        ];
        Self { likeness: 0.5, window_days: 14, reopen_days: 30, kinds }
    }
}

impl CaseRules {
    /// Of the settings, and of the way they are used.
    #[must_use]
    pub fn version(&self) -> String {
        let (window, reopen) = (self.window_days.to_string(), self.reopen_days.to_string());
        let likeness = self.likeness.to_string();
        let mut parts = vec![WAY, likeness.as_str(), window.as_str(), reopen.as_str()];
        parts.extend(self.kinds.iter().map(|kind| kind.as_str()));
        format!("{WAY}:{:08x}", Id::of(&parts).0 as u32)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_version_follows_the_settings() {
        let rules = CaseRules::default();
        assert_eq!(rules.version(), CaseRules::default().version());
        assert!(rules.version().starts_with("2:"));
        for other in [
            CaseRules { likeness: 0.61, ..rules.clone() },
            CaseRules { window_days: 15, ..rules.clone() },
            CaseRules { reopen_days: 31, ..rules.clone() },
            CaseRules { kinds: vec![FeedbackKind::Bug], ..rules.clone() },
        ] {
            assert_ne!(other.version(), rules.version());
        }
    }
}
