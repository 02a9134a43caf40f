//! What the gateway counts of itself.

use super::answer::{ItemOutcome, ItemStatus, Receipt};
use super::trouble::Trouble;
use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Route {
    Events,
    Hooks,
    Import,
}

impl Route {
    fn as_str(self) -> &'static str {
        match self {
            Self::Events => "events",
            Self::Hooks => "hooks",
            Self::Import => "import",
        }
    }
}

/// Counters since the start.
#[derive(Debug, Default)]
pub(super) struct Metrics {
    counts: Mutex<Counts>,
}

#[derive(Debug, Default)]
struct Counts {
    /// By what became of them; a request that was refused whole has none.
    items: BTreeMap<(Route, ItemStatus), u64>,
    /// Items that were refused or became dead letters, by reason.
    unread: BTreeMap<&'static str, u64>,
    /// Items that are no feedback, by [`feedback::refusal::IgnoreReason`].
    ignored: BTreeMap<&'static str, u64>,
    /// Requests refused whole, by [`Trouble::code`].
    refused: BTreeMap<&'static str, u64>,
}

impl Metrics {
    pub fn receipt(&self, route: Route, receipt: &Receipt) {
        self.count(route, receipt.items.iter().map(|item| &item.outcome));
    }

    pub fn outcome(&self, route: Route, outcome: &ItemOutcome) {
        self.count(route, std::iter::once(outcome));
    }

    pub fn refused(&self, trouble: &Trouble) {
        self.with(|counts| *counts.refused.entry(trouble.code()).or_default() += 1);
    }

    fn count<'o>(&self, route: Route, outcomes: impl Iterator<Item = &'o ItemOutcome>) {
        self.with(|counts| {
            for outcome in outcomes {
                *counts.items.entry((route, outcome.status)).or_default() += 1;
                let by_reason = match outcome.status {
                    ItemStatus::Refused | ItemStatus::DeadLetter => &mut counts.unread,
                    ItemStatus::Ignored => &mut counts.ignored,
                    ItemStatus::Accepted | ItemStatus::Duplicate => continue,
                };
                if let Some(reason) = outcome.reason {
                    *by_reason.entry(reason).or_default() += 1;
                }
            }
        });
    }

    fn with<T>(&self, change: impl FnOnce(&mut Counts) -> T) -> T {
        // Plain numbers: whoever panicked left them whole.
        change(&mut self.counts.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Each counter with its labels; `waiting` is the room that is taken now.
    pub fn told(&self, waiting: usize) -> Vec<(String, u64)> {
        self.with(|counts| {
            let items = counts.items.iter().map(|((route, status), count)| {
                let (route, status) = (route.as_str(), status.as_str());
                (format!("verbatim_gateway_items_total{{route=\"{route}\",status=\"{status}\"}}"), *count)
            });
            let by_reason =
                |name: &'static str, counts: &BTreeMap<&'static str, u64>| -> Vec<(String, u64)> {
                    counts
                        .iter()
                        .map(|(reason, count)| (format!("{name}{{reason=\"{reason}\"}}"), *count))
                        .collect()
                };
            let mut told: Vec<(String, u64)> = items.collect();
            told.extend(by_reason("verbatim_gateway_unread_items_total", &counts.unread));
            told.extend(by_reason("verbatim_gateway_ignored_items_total", &counts.ignored));
            told.extend(by_reason("verbatim_gateway_refused_total", &counts.refused));
            told.push(("verbatim_gateway_waiting_bytes".to_owned(), waiting as u64));
            told
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use feedback::refusal::{IgnoreReason, Reason, Refusal};

    #[test]
    fn what_was_counted_is_told_by_name() {
        let metrics = Metrics::default();
        let mut receipt = Receipt::default();
        receipt.push(ItemOutcome::of(ItemStatus::Accepted));
        receipt.push(ItemOutcome::of(ItemStatus::Accepted));
        receipt.push(ItemOutcome::unread(
            ItemStatus::Refused,
            Refusal::new(Reason::Empty, "data: expected words"),
        ));
        metrics.receipt(Route::Events, &receipt);
        metrics.outcome(Route::Hooks, &ItemOutcome::of(ItemStatus::Duplicate));
        metrics.outcome(Route::Hooks, &ItemOutcome::ignored(IgnoreReason::TestEvent));
        metrics.refused(&Trouble::Stale);
        metrics.refused(&Trouble::Stale);
        let told: Vec<String> =
            metrics.told(42).iter().map(|(name, count)| format!("{name} {count}")).collect();
        let expected = [
            r#"verbatim_gateway_items_total{route="events",status="accepted"} 2"#,
            r#"verbatim_gateway_items_total{route="events",status="refused"} 1"#,
            r#"verbatim_gateway_items_total{route="hooks",status="duplicate"} 1"#,
            r#"verbatim_gateway_items_total{route="hooks",status="ignored"} 1"#,
            r#"verbatim_gateway_unread_items_total{reason="empty"} 1"#,
            r#"verbatim_gateway_ignored_items_total{reason="test_event"} 1"#,
            r#"verbatim_gateway_refused_total{reason="stale"} 2"#,
            "verbatim_gateway_waiting_bytes 42",
        ];
        assert_eq!(told, expected);
        assert!(metrics.told(42).iter().all(|(name, _)| crate::metrics::help(name).is_some()));
    }
}
